"""Lines between boxes that bow around the boxes in their way, and places on them for their numbers."""

import itertools
from functools import lru_cache

import numpy as np

SIZES = (0.0, 0.05, 0.1, 0.16, 0.23, 0.32, 0.45, 0.65, 0.9)
#: How far a line bows at its first and at its second third, as shares of its length: the plainest bows come first.
BOWS = np.array(
    sorted(
        itertools.product([sign * size for size in SIZES for sign in (1, -1)], repeat=2),
        key=lambda bows: max(map(abs, bows)) + 2 * abs(bows[0] - bows[1]),
    )
)
AT_ONCE = 36  # so many bows are tried together
CLEAR = 3  # pixels that a line keeps from a box


def _thirds(count):
    """What the start, the two bends and the end of a curve of third degree (Bézier) count at `count` points of it."""
    t = np.linspace(0, 1, count)[:, None]
    return np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])


COARSE, FINE = _thirds(49), _thirds(97)


@lru_cache(maxsize=2)
def routes(boxes, edges, page, badge):
    """For each edge its line, from the rim of its first box to that of its second, and the place of its number.

    boxes: (x, y, half width, half height) each.  edges: pairs of numbers of boxes.  page: its width and height.
    badge: the radius of a number. The plainest bow is taken that meets no other box, else one that meets few.
    """
    middles, halves = np.array(boxes)[:, :2], np.array(boxes)[:, 2:]
    lines = [_line(middles, halves, list(edge), np.array(page)) for edge in edges]
    free = [line[~_inside(line, middles, halves, badge).any(axis=-1)] for line in lines]
    spots = {}
    for k in sorted(range(len(lines)), key=lambda k: len(free[k])):  # first where there is little choice
        spots[k] = _spot(free[k] if len(free[k]) else lines[k], list(spots.values()), 2 * badge + 1)
    return lines, np.array([spots[k] for k in range(len(lines))])


def _line(middles, halves, edge, page):
    bends, others = _bends(*middles[edge]), np.delete(np.arange(len(middles)), edge)
    found = []
    for first in range(0, len(bends), AT_ONCE):
        curves = COARSE @ bends[first : first + AT_ONCE]
        met = _inside(curves, middles[others], halves[others], CLEAR).any(axis=-1).sum(axis=-1)
        outside = ((curves < CLEAR) | (curves > page - CLEAR)).any(axis=(-2, -1))
        found.append(np.where(outside, len(COARSE) + 1, met))
        if not found[-1].all():
            break
    curve = FINE @ bends[np.argmin(np.concatenate(found))]
    return curve[~_inside(curve, middles[edge], halves[edge], 0).any(axis=-1)]


def _bends(start, end):
    """For each of BOWS the four points that make a curve, (bows, 4, 2)."""
    along, across = end - start, np.array([start[1] - end[1], end[0] - start[0]])
    first, second = start + along / 3 + BOWS[:, :1] * across, start + 2 * along / 3 + BOWS[:, 1:] * across
    return np.stack([np.broadcast_to(start, first.shape), first, second, np.broadcast_to(end, first.shape)], axis=1)


def _spot(places, taken, distance):
    """The place nearest to the middle of a line that keeps its distance from those taken; the middle if none does."""
    order = sorted(range(len(places)), key=lambda k: abs(k - len(places) / 2))
    far = (k for k in order if not taken or np.hypot(*(places[k] - taken).T).min() > distance)
    return places[next(far, order[0])]


def _inside(points, middles, halves, margin):
    """Which points lie in which boxes, (…, points, boxes)."""
    across, up = (np.abs(points[..., None, axis] - middles[:, axis]) < halves[:, axis] + margin for axis in (0, 1))
    return across & up
