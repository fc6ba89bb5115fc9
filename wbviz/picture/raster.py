"""Agg's share: the saved picture, and the few things a list of shapes cannot say (hatching, smooth shading)."""

from io import BytesIO

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.transforms import Affine2D, TransformedBbox, TransformedPath

#: How many times finer than the figure the images are that Agg draws for the browser.
SCALE = 2


def png(figure, dpi):
    """The figure as PNG bytes at `dpi`; text is not hinted, so that it is the same shape at every resolution."""
    data = BytesIO()
    if not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)
    with rc_context({"text.hinting": "none", "savefig.bbox": None, "savefig.transparent": False}):
        figure.savefig(data, format="png", dpi=dpi, metadata={"Software": None})
    return data.getvalue()


def draw(paint, width, height, dpi):
    """Run `paint(agg, scaled)` on a clear sheet; returns the image (rows, columns, 4), lowest row first, and its x, y.

    `agg.scale` is the transform from pixels of the figure to those of the sheet, `scaled(gc)` a graphics context
    with its clipping carried over. The image is cut to what was painted, or None where nothing was.
    """
    agg = RendererAgg(int(width * SCALE), int(height * SCALE), dpi * SCALE)
    agg.scale = Affine2D().scale(SCALE)
    paint(agg, lambda gc: _scaled(gc, agg))
    image = np.asarray(agg.buffer_rgba())[::-1]
    rows, columns = (np.flatnonzero(image[..., 3].any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None, 0, 0
    top, bottom, left, right = rows[-1] + 1, rows[0], columns[0], columns[-1] + 1
    return image[bottom:top, left:right].copy(), int(left), int(bottom)


def _scaled(gc, agg):
    copy = agg.new_gc()
    copy.copy_properties(gc)
    if gc.get_clip_rectangle() is not None:
        copy.set_clip_rectangle(TransformedBbox(gc.get_clip_rectangle(), agg.scale))
    path, transform = gc.get_clip_path()
    if path is not None:
        copy.set_clip_path(TransformedPath(path, transform + agg.scale))
    return copy
