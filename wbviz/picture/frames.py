"""How a frame is laid out: small JSON records that point into one binary buffer.

A record is one of three. Coordinates and lengths are pixels of the figure, upwards from the lower left; a name in
capitals is a place [offset, number] in the buffer; a question mark may be left out.

    shapes  XY, CODES?, STARTS? of several shapes, AT? where they stand, BY? six numbers of a matrix for each item,
            snap (or SNAP), fill? stroke? (a colour or bytes RGBA in turn), lw (or LW), dash? dashes?, cap, join,
            marker? 1: stands on whole pixels, close? 1: every shape is closed, aa? 0: drawn without smoothing
    text    text (numbers of glyphs), places (x, y, size of each), matrix, fill
    image   IMAGE, columns, rows, matrix (from cells to the figure), alpha, smooth? 1
    all     clip? [left, bottom, right, top], clippath? {XY, CODES?}
"""

from functools import lru_cache

import numpy as np


class Buffer:
    """One binary buffer filled array by array; `add` answers where the array lies."""

    def __init__(self):
        self._chunks = []
        self._size = 0

    def add(self, array, dtype=np.float32):
        """Append an array; returns [offset in bytes, number of elements]. Offsets are multiples of four."""
        array = np.ascontiguousarray(array, dtype)
        place = [self._size, array.size]
        padding = -array.nbytes % 4
        self._chunks += [array.tobytes(), bytes(padding)]
        self._size += array.nbytes + padding
        return place

    def read(self, place, dtype=np.float32):
        """A copy of the array that lies at a place."""
        return np.frombuffer(self.tobytes(), dtype, place[1], place[0]).copy()

    def tobytes(self):
        """Everything added so far, in one piece."""
        return b"".join(self._chunks)


def colour(rgba, alpha=None):
    """A colour of floats 0…1 as "#rrggbbaa"; `alpha` replaces its own, or stands in where it has none."""
    red, green, blue = (float(part) for part in rgba[:3])
    if alpha is None:
        alpha = rgba[3] if len(rgba) > 3 else 1.0
    return _hexadecimal(red, green, blue, float(alpha))


@lru_cache(maxsize=4096)
def _hexadecimal(*parts):
    return "#" + "".join(f"{min(255, max(0, round(255 * part))):02x}" for part in parts)


def colours(rgba):
    """Colours (n, 4) of floats 0…1 as bytes (n, 4)."""
    return np.clip(np.round(np.asarray(rgba, float) * 255), 0, 255).astype(np.uint8)
