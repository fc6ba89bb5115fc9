"""Text as outlines, cached so that changing numbers cost next to nothing.

Laying out a string takes matplotlib half a millisecond, a formula four. But the ten digits of a font are equally
wide: "0.53" is laid out as "0.12" is, with other glyphs in the same places. So a layout is made once for each *form*
of a string (its digits left open), and each number is put together from cached glyphs.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.textpath import TextToPath

_TEXT = TextToPath()
_DIGIT = re.compile("[0-9]")


class Layout(NamedTuple):
    """Glyphs with their places, in units of a font of 100 points; `digits[k]` is the index of the k-th digit's glyph."""

    glyphs: tuple
    shapes: dict
    boxes: tuple
    digits: tuple = ()


@lru_cache(maxsize=1024)
def outline(text, font, is_math):
    """The outline of a line of text: vertices (n, 2) and path codes (n,), for a font of 100 pixels, baseline at zero."""
    layout = _form(_DIGIT.sub("0", text), font, is_math)
    if layout is None:
        return _assemble(_lay_out(text, font, is_math))
    return _assemble(_with_digits(layout, _DIGIT.findall(text), font, is_math))


@lru_cache(maxsize=1024)
def extent(form, font, is_math):
    """Width, height and descent in points of a line of text whose digits have been replaced by zeros."""
    return _TEXT.get_text_width_height_descent(form, font, is_math)


def text_extent(text, font, is_math):
    """Width, height and descent in points of a line of text; the same for all numbers of one form."""
    form = _DIGIT.sub("0", text)
    open_digits = _form(form, font, is_math) is not None
    return extent(form if open_digits else text, font, is_math)


@lru_cache(maxsize=512)
def _form(form, font, is_math):
    """The layout shared by all strings of this form, or None where digits cannot be exchanged freely."""
    count = form.count("0")
    if count == 0:
        return _lay_out(form, font, is_math)
    numbers = iter(range(count))
    layout = _lay_out(_DIGIT.sub(lambda _: str(next(numbers) % 10), form), font, is_math)
    digits = _digit_glyphs(font, is_math)
    found = [(digits.index(name), place) for place, (name, *_) in enumerate(layout.glyphs) if name in digits]
    in_order = [digit for digit, _ in found] == [k % 10 for k in range(count)]
    if not in_order and sorted(digit for digit, _ in found) != list(range(count)):
        return None
    places = found if in_order else sorted(found)
    return layout._replace(digits=tuple(place for _, place in places))


def _with_digits(layout, digits, font, is_math):
    if not digits:
        return layout
    names = _digit_glyphs(font, is_math)
    glyphs = list(layout.glyphs)
    for place, digit in zip(layout.digits, digits, strict=True):
        glyphs[place] = (names[int(digit)], *glyphs[place][1:])
    return layout._replace(glyphs=glyphs, shapes=layout.shapes | _all_digits(font, is_math).shapes)


def _all_digits(font, is_math):
    return _lay_out("$0123456789$" if is_math else "0123456789", font, is_math)


@lru_cache(maxsize=64)
def _digit_glyphs(font, is_math):
    """The names of the ten digits' glyphs, or () where they are not equally wide."""
    glyphs = _all_digits(font, is_math).glyphs
    steps = np.diff([x for _, x, _, _ in glyphs])
    return tuple(name for name, *_ in glyphs) if np.ptp(steps) < 0.1 else ()


@lru_cache(maxsize=512)
def _lay_out(text, font, is_math):
    if is_math:
        glyphs, shapes, boxes = _TEXT.get_glyphs_mathtext(font, text)
    else:
        glyphs, shapes, boxes = _TEXT.get_glyphs_with_font(_TEXT._get_font(font), text)
    return Layout(tuple(glyphs), dict(shapes), tuple(boxes))


def _assemble(layout):
    parts = [
        (np.asarray(layout.shapes[name][0]) * scale + (x, y), layout.shapes[name][1])
        for name, x, y, scale in layout.glyphs
    ]
    parts = [(np.asarray(xy, float), codes) for xy, codes in (*parts, *layout.boxes) if len(xy)]
    if not parts:
        return np.empty((0, 2)), np.empty(0, np.uint8)
    return np.concatenate([xy for xy, _ in parts]), np.concatenate([np.asarray(c, np.uint8) for _, c in parts])
