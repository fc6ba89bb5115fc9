"""The plane of two inputs: what a network answers everywhere in it, and the points of two classes."""

import numpy as np

from wbviz import style
from wbviz.scenes._grid import SIGNED_MAP, rect


def bare_plane(figure, place):
    """Axes with a quiet frame and no ticks, for a map that needs no numbers. place: see `rect`."""
    axes = figure.add_axes(rect(figure, *place))
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_color(style.MUTED)
    return axes


def answer_map(axes, ends=(-1, 1), cells=2):
    """The image of a network's answers from 0 to 1 in the plane, pale enough for points in full colour to lie on it."""
    return axes.imshow(
        np.full((cells, cells), 0.5), cmap=SIGNED_MAP, vmin=-0.5, vmax=1.5, origin="lower", interpolation="none",
        extent=(*ends, *ends), aspect="auto", zorder=0,
    )  # fmt: skip


def class_marker(k, size=style.MARKER, **look):
    """The look of the points of class k, for `plot`: shape and colour, with a rim that is seen on the map."""
    return {
        "marker": style.CLASS_MARKERS[k], "color": style.CLASS_COLOURS[k], "markersize": size, "linestyle": "none",
        "markeredgecolor": style.DIVERGING_COLOURS[2], "markeredgewidth": 0.9, **look,
    }  # fmt: skip
