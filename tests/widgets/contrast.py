"""Contrast as WCAG 2 measures it, of the texts and marks in all figures. Run with a theme, it prints what is too low.

The dark theme exchanges colours one for one (style.DARK), so here the house's colours are exchanged before the figures
are made, and Agg shows what is behind each text.
"""

import json
import sys

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Text

from wbviz import style

TEXT, MARK = 4.5, 3.0
#: What only divides or lies under other things: lines of a grid, frames, panels, bands, and the white rim of a mark.
QUIET = ("FAINT", "PAPER", "PANEL", "HIGHLIGHT")


def luminance(rgb):
    """Relative luminance of sRGB colours (..., 3) from 0 to 1 (WCAG 2.2)."""
    rgb = np.asarray(rgb, float)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)


def ratio(one, other):
    """The contrast of two colours, 1 to 21."""
    one, other = luminance(one) + 0.05, luminance(other) + 0.05
    return np.maximum(one, other) / np.minimum(one, other)


def seen(artist):
    """An artist and all in it, without what is hidden."""
    if artist.get_visible():
        yield artist
        bare = isinstance(artist, Axes) and not artist.axison
        for child in artist.get_children():
            if not (bare and isinstance(child, Axis | Spine)):
                yield from seen(child)


def pale_texts(figure):
    """(text, ratio) of the texts whose contrast with what is behind most of them is too low."""
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    texts = [artist for artist in seen(figure) if isinstance(artist, Text) and artist.get_text().strip()]
    looks = [
        (text.get_window_extent(canvas.get_renderer()), to_rgba(text.get_color(), text.get_alpha())) for text in texts
    ]
    for text in texts:
        text.set_color("none")
    canvas.draw()
    behind = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for text, (box, (*rgb, alpha)) in zip(texts, looks, strict=True):
        (left, low), (right, high) = np.maximum(box.min, 0).astype(int), np.maximum(box.max, 0).astype(int)
        ground = behind[low:high, left:right].reshape(-1, 3)
        if alpha and len(ground):
            found = float(np.median(ratio(alpha * np.array(rgb) + (1 - alpha) * ground, ground)))
            if found < TEXT:
                yield text.get_text(), found


def pale_marks(figure):
    """(kind, colour, ratio) of opaque lines, markers and shapes whose contrast with the paper is too low.

    Left out: tints (alpha below 1), which lie under or behind what is to be read; maps of colours, which have a scale
    and numbers; and what lies on such a map (style.MAP_INK, and the middle of the map itself), not on the paper.
    """
    quiet = {to_hex(getattr(style, name)) for name in QUIET} | {style.MAP_INK, style.DIVERGING_COLOURS[2]}
    for artist in seen(figure):
        for colour in _colours(artist):
            *rgb, alpha = to_rgba(colour)
            found = float(ratio(rgb, to_rgba(style.PAPER)[:3]))
            if alpha == 1 and found < MARK and to_hex(rgb) not in quiet and not _on_map(artist):
                yield type(artist).__name__, to_hex(rgb), found


def _colours(artist):
    alpha = artist.get_alpha()
    if isinstance(artist, Line2D) and alpha in (None, 1):
        lines = [artist.get_color()] if artist.get_linestyle() != "None" else []
        return lines + ([artist.get_markerfacecolor()] if artist.get_marker() not in ("None", None, "") else [])
    if isinstance(artist, Collection):
        return [*artist.get_facecolor()[:200], *artist.get_edgecolor()[:200]]
    if isinstance(artist, Patch):
        return [artist.get_facecolor()] + ([artist.get_edgecolor()] if artist.get_linewidth() else [])
    return []


def _on_map(artist):
    """Whether an artist's colours stand for numbers."""
    return getattr(artist, "get_array", lambda: None)() is not None


def darken():
    """Put the colours of the dark theme in the place of the house's."""
    for name, value in list(vars(style).items()):
        if isinstance(value, str) and value in style.DARK:
            setattr(style, name, style.DARK[value])
    style.CLASS_COLOURS = tuple(style.DARK[colour] for colour in style.CLASS_COLOURS)


def main(theme):
    if theme == "dark":
        darken()
    from wbviz import widgets

    for name in widgets.__all__:
        explorer = getattr(widgets, name)(controls=False)
        explorer.redraw()
        for what in (*pale_marks(explorer.figure), *pale_texts(explorer.figure)):
            print(json.dumps([name, *what]))
        explorer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
