"""Fills and strokes as they stand in a record; what cannot be seen is left out.

`pixels` is a function from points (1/72 inch) to pixels, `gc` a graphics context of matplotlib.
"""

import numpy as np

from wbviz.picture.frames import colour, colours


def pen(gc, face, pixels):
    """Fill and stroke of one path or marker; `face` is the colour of the fill or None."""
    style = {}
    alpha = gc.get_alpha() if gc.get_forced_alpha() else None
    if face is not None and (len(face) < 4 or face[3] or alpha):
        style["fill"] = colour(face, alpha if alpha is not None or len(face) > 3 else gc.get_alpha())
    if gc.get_linewidth() > 0 and (len(gc.get_rgb()) < 4 or gc.get_rgb()[3] > 0):
        style |= joints(gc) | {"stroke": colour(gc.get_rgb()), "lw": pixels(gc.get_linewidth())}
        if dash := _dash(*gc.get_dashes(), pixels):
            style["dash"] = dash
    return style if gc.get_antialiased() else style | {"aa": 0}


def in_turn(faces, edges, widths, dashes, antialiaseds, pixels, buffer):
    """Fill and stroke of a collection: each a single value, or as many as there are (in `buffer`), taken in turn."""
    style = {"fill": _colours(faces, buffer), "stroke": _colours(edges, buffer)}
    if len(edges):
        lengths = [pixels(float(width)) for width in widths] or [pixels(1.0)]
        style["lw"] = lengths[0] if len(lengths) == 1 else buffer.add(lengths)
        patterns = [_dash(*dash, pixels) for dash in dashes]
        if any(patterns):
            style |= {"dash": patterns[0]} if len(patterns) == 1 else {"dashes": patterns}
    if len(antialiaseds) and not any(antialiaseds):
        style["aa"] = 0
    return {name: value for name, value in style.items() if value is not None}


def joints(gc):
    """How lines end and meet."""
    return {"cap": {"projecting": "square"}.get(gc.get_capstyle(), gc.get_capstyle()), "join": gc.get_joinstyle()}


def _dash(offset, pattern, pixels):
    return [] if pattern is None else [pixels(float(length)) for length in (offset or 0, *pattern)]


def _colours(rgba, buffer):
    if not len(rgba):
        return None
    return colour(rgba[0]) if len(rgba) == 1 else buffer.add(colours(rgba), np.uint8)
