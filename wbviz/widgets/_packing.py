"""Arrays as short texts that JSON can hold, and back: nothing is rounded, nothing is run."""

import base64
import binascii
import math
import zlib

import numpy as np

#: From the smallest: the first in which every number is exactly what it was is taken.
KINDS = ("u1", "<i4", "<f4", "<f8")
#: No array of more numbers is unpacked.
MOST = 2_000_000


def packed(values):
    """An array of finite numbers as [kind, shape, text]: its bytes, compressed, in base 64."""
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore", over="ignore"):
        kind = next(kind for kind in KINDS if np.array_equal(values.astype(kind).astype(float), values))
    text = base64.b64encode(zlib.compress(values.astype(kind).tobytes(), 9)).decode("ascii")
    return [kind, list(values.shape), text]


def unpacked(value):
    """The array of float64 that `packed` made this of. Anything else, and NaN or infinity, raises ValueError."""
    try:
        kind, shape, text = value
        shape = tuple(int(side) for side in shape)
        size = math.prod(shape) * np.dtype(kind).itemsize
        if kind not in KINDS or min(shape, default=1) < 0 or math.prod(shape) > MOST:
            raise ValueError
        content = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), size + 1)
        array = np.frombuffer(content, kind).reshape(shape).astype(float)
    except (TypeError, ValueError, binascii.Error, zlib.error):
        raise ValueError("The packed numbers of a model are damaged: take the text from Share again.") from None
    if not np.isfinite(array).all():
        raise ValueError("The packed numbers of a model hold NaN or infinity.")
    return array


def length(value):
    """How many characters a packed array takes."""
    return len(value[-1])
