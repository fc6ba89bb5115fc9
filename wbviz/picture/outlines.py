"""Text as outlines, cached so that changing numbers cost next to nothing.

Laying out a string takes matplotlib half a millisecond, a formula four. But the ten digits of a font are equally
wide: "0.53" is laid out as "0.12" is, with other glyphs in the same places. So a layout is made once for each *form*
of a string (its digits left open), and each number is put together from cached glyphs.

A *font* here is a number that stands for matplotlib's font properties (`font_number`).
"""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import fontManager, get_font
from matplotlib.textpath import TextToPath

#: The size in points of a font in which layouts are made.
UNIT = TextToPath.FONT_SCALE

_TEXT = TextToPath()
_DIGIT = re.compile("[0-9]")
_FONTS, _GLYPHS = {}, {}


class Layout(NamedTuple):
    """The names of a line's glyphs and their places x, y, scale one after another, for a font of `UNIT` points.

    `digits[k]` is the index of the k-th digit's glyph.
    """

    names: tuple
    places: tuple
    digits: tuple = ()


def font_number(properties):
    """The number that stands for these font properties; properties that are equal have the same."""
    number = hash(properties)
    if number not in _FONTS:
        _FONTS[number] = properties.copy()
    return number


@lru_cache(maxsize=2048)
def lay_out(text, font, is_math):
    """The layout of a line of text with its baseline at zero."""
    layout = _form(_DIGIT.sub("0", text), font, is_math)
    if layout is None:
        return _lay_out(text, font, is_math)
    if not layout.digits:
        return layout
    digits, names = _digit_glyphs(font, is_math), list(layout.names)
    for place, digit in zip(layout.digits, _DIGIT.findall(text), strict=True):
        names[place] = digits[int(digit)]
    return layout._replace(names=tuple(names))


def glyph(name):
    """The outline of a glyph, for a font of `UNIT` pixels: vertices (n, 2) and path codes (n,)."""
    return _GLYPHS[name]


def extent(text, font, is_math):
    """Width, height and descent in points of a line of text; the same for all numbers of one form."""
    return _extent(form(text, font, is_math), font, is_math)


def form(text, font, is_math):
    """A text that is laid out as this one is, the same for all numbers of one form."""
    zeros = _DIGIT.sub("0", text)
    return text if _form(zeros, font, is_math) is None else zeros


@lru_cache(maxsize=256)
def height(font):
    """Ascent, descent and line gap of a font in points, as its designer set them; None where it does not say."""
    face = get_font(fontManager._find_fonts_by_props(_FONTS[font]))
    names = {"OS/2": ("sTypoAscender", "sTypoDescender", "sTypoLineGap"), "hhea": ("ascent", "descent", "lineGap")}
    for table, (ascent, descent, gap) in names.items():
        if values := face.get_sfnt_table(table):
            unit = _FONTS[font].get_size_in_points() / face.get_sfnt_table("head")["unitsPerEm"]
            return values[ascent] * unit, -values[descent] * unit, values[gap] * unit
    return None, None, None


@lru_cache(maxsize=1024)
def _extent(text, font, is_math):
    return _TEXT.get_text_width_height_descent(text, _FONTS[font], is_math)


@lru_cache(maxsize=512)
def _form(form, font, is_math):
    """The layout shared by all strings of this form, or None where digits cannot be exchanged freely."""
    count = form.count("0")
    if count == 0:
        return _lay_out(form, font, is_math)
    numbers = iter(range(count))
    layout = _lay_out(_DIGIT.sub(lambda _: str(next(numbers) % 10), form), font, is_math)
    digits = _digit_glyphs(font, is_math)
    found = [(digits.index(name), place) for place, name in enumerate(layout.names) if name in digits]
    in_order = [digit for digit, _ in found] == [k % 10 for k in range(count)]
    if not in_order and sorted(digit for digit, _ in found) != list(range(count)):
        return None
    places = found if in_order else sorted(found)
    return layout._replace(digits=tuple(place for _, place in places))


@lru_cache(maxsize=64)
def _digit_glyphs(font, is_math):
    """The names of the ten digits' glyphs, or () where they are not equally wide."""
    layout = _lay_out("$0123456789$" if is_math else "0123456789", font, is_math)
    return layout.names if np.ptp(np.diff(layout.places[::3])) < 0.1 else ()


@lru_cache(maxsize=512)
def _lay_out(text, font, is_math):
    if is_math:
        glyphs, shapes, boxes = _TEXT.get_glyphs_mathtext(_FONTS[font], text)
    else:
        glyphs, shapes, boxes = _TEXT.get_glyphs_with_font(_TEXT._get_font(_FONTS[font]), text)
    bars = {f"bar {np.round(vertices, 2).tolist()}": (vertices, codes) for vertices, codes in boxes}
    for name, (vertices, codes) in {**shapes, **bars}.items():
        if name not in _GLYPHS:
            _GLYPHS[name] = np.reshape(vertices, (-1, 2)).astype(np.float32), np.asarray(codes, np.uint8)
    glyphs = [glyph for glyph in glyphs if len(_GLYPHS[glyph[0]][0])] + [(name, 0, 0, 1) for name in bars]
    places = tuple(round(float(number), 3) for _, *place in glyphs for number in place)
    return Layout(tuple(name for name, *_ in glyphs), places)
