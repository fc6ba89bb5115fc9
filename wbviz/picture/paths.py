"""Paths made ready for the browser: in pixels, without holes, and told apart by whether they are snapped."""

import itertools
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import affine_transform

#: Beyond this many pixels a coordinate is held, so that the browser's single precision can cope.
FAR = 1e6
#: matplotlib simplifies lines from this many vertices on.
_MANY = 128


def prepare(path, transform, size, filled, sketch=None):
    """Vertices (n, 2) in pixels and codes (n,) or None of a path, as Agg would draw it.

    Vertices that are not finite leave gaps. An unfilled path is cut to the figure of `size` pixels and simplified.
    """
    if not len(path.vertices):
        return path.vertices, None
    kind = _kind(path.codes)
    short = len(path.vertices) < _MANY and (filled or path.codes is None)
    if sketch is None and short and transform.is_affine:
        vertices = affine_transform(path.vertices, transform.get_matrix())
        if _harmless(vertices, size, filled) and not kind.ends_early:
            return vertices, None if kind.one_line else path.codes
    lines_only = not filled and not kind.curved
    clean = path.cleaned(
        transform,
        remove_nans=True,
        clip=(-1, -1, size[0] + 1, size[1] + 1) if lines_only else None,
        simplify=lines_only and path.should_simplify,
        curves=sketch is None,
        sketch=sketch,
    )
    vertices, codes = clean.vertices[:-1], clean.codes[:-1]
    return np.clip(vertices, -FAR, FAR), None if _kind(codes).one_line else codes


def _harmless(vertices, size, filled):
    """Whether Agg draws these vertices as they are: all are finite, and nothing needs to be cut off."""
    left, bottom, right, top = (-FAR, -FAR, FAR, FAR) if filled else (-1, -1, size[0] + 1, size[1] + 1)
    low, high = np.minimum.reduce(vertices).tolist(), np.maximum.reduce(vertices).tolist()
    return left < low[0] and bottom < low[1] and high[0] < right and high[1] < top


class _Kind(NamedTuple):
    curved: bool
    one_line: bool
    ends_early: bool


def _kind(codes):
    return _Kind(False, True, False) if codes is None else _kind_of(codes.tobytes())


@lru_cache(maxsize=256)
def _kind_of(codes):
    """What the codes of a path, as bytes, make of it; the same few come again and again."""
    there = set(codes)
    curved = Path.CURVE3 in there or Path.CURVE4 in there
    return _Kind(curved, set(codes[1:]) <= {Path.LINETO}, Path.STOP in there)


def prepare_many(paths, transform, size, filled):
    """Several paths end to end: vertices (n, 2), codes (n,) or None, and where each starts (len(paths) + 1,)."""
    counts = [len(path.vertices) for path in paths]
    plain = all(path.codes is None for path in paths)
    if plain or (filled and max(counts) < _MANY and all(path.codes is not None for path in paths)):
        vertices = np.concatenate([path.vertices for path in paths]) if paths else np.empty((0, 2))
        codes = None if plain else np.concatenate([path.codes for path in paths])
        points = transform.transform(vertices)
        if not len(points) or (_harmless(points, size, filled=True) and (plain or codes.all())):
            return points, codes, [0, *itertools.accumulate(counts)]
    parts = [prepare(path, transform, size, filled) for path in paths]
    starts = [0, *itertools.accumulate(len(vertices) for vertices, _ in parts)]
    codes = [lines(len(vertices)) if codes is None else codes for vertices, codes in parts]
    return np.concatenate([vertices for vertices, _ in parts]), np.concatenate(codes), starts


def lines(count):
    """The codes of an open line of `count` vertices."""
    codes = np.full(count, Path.LINETO, np.uint8)
    codes[:1] = Path.MOVETO
    return codes


def rectilinear(vertices, codes):
    """Whether a path has only level and upright lines: such paths are moved onto the grid of pixels."""
    if not 1 < len(vertices) <= 1024 or _kind(codes).curved:
        return False
    (x, y), (next_x, next_y) = vertices[:2].tolist()
    if abs(next_x - x) >= 1e-4 <= abs(next_y - y) and (codes is None or codes[1] == Path.LINETO):
        return False  # most are told by their first line
    steps = np.abs(vertices[1:] - vertices[:-1]) < 1e-4
    straight = steps[:, 0] | steps[:, 1]
    return bool(straight.all() if codes is None else straight[codes[1:] == Path.LINETO].all())


def rectilinear_many(vertices, codes, starts):
    """`rectilinear` of each of several paths that lie end to end."""
    counts = np.diff(starts)
    if len(counts) and counts.min() > 1 and counts.max() <= 1024 and not _kind(codes).curved:
        passes = np.ones(len(vertices), bool)
        passes[1:] = (np.abs(vertices[1:] - vertices[:-1]) < 1e-4).any(axis=1)
        passes[starts[:-1] if codes is None else codes != Path.LINETO] = True
        return np.logical_and.reduceat(passes, starts[:-1]).tolist()
    parts = itertools.pairwise(starts)
    return [rectilinear(vertices[i:j], None if codes is None else codes[i:j]) for i, j in parts]


def six(transform):
    """The numbers a, b, c, d, e, f of an affine transform: x' = a x + c y + e, y' = b x + d y + f."""
    return transform.get_matrix()[:2].T.ravel().tolist()


def ends(path):
    """Where markers stand: the ends of a path's segments, without the control points of curves."""
    vertices = np.ma.filled(path.vertices, np.nan)
    if path.codes is None:
        return vertices
    ends = [points[-2:] for points, code in path.iter_segments(simplify=False) if code != Path.CLOSEPOLY]
    return np.reshape(ends, (-1, 2))
