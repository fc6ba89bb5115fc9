"""Many starts at once on a curve or surface with several minima, with momentum and without: what LocalMinima shows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import SGD, WELLS

STEPS = 200
FAR = 3.0  # who is so many times as far out as the picture goes has flown away
AWAY = -1  # the valley of those
#: Surface → learning rate and β to begin with.
SETTINGS = {
    "two wells": (0.02, 0.9), "bumps": (0.05, 0.9), "needle": (0.04, 0.9), "four wells": (0.1, 0.9),
    "bumpy bowl": (0.1, 0.9), "himmelblau": (0.002, 0.9), "a neuron": (4.0, 0.9),
}  # fmt: skip
WITHOUT, WITH = 0, 1


class Valleys(NamedTuple):
    """Where the valleys of a surface lie: the places from which slow descent leads to each of its minima.

    minima: (k, d), the lowest first; heights: (k,); low: how many of them are the lowest, at the same height.
    side: (m,), the places along each axis; valley: (m,) or (m, m), the number of the minimum for each of them.
    values: f there.  slope: the root mean square length of the gradient there.
    """

    minima: np.ndarray
    heights: np.ndarray
    low: int
    side: np.ndarray
    valley: np.ndarray
    values: np.ndarray
    slope: float

    def of(self, x):
        """The valley in which each place (..., d) lies; beyond the picture that of its nearest place in it."""
        last = len(self.side) - 1
        at = np.rint((x - self.side[0]) / (self.side[1] - self.side[0])).clip(0, last).astype(int)
        return self.valley[tuple(np.moveaxis(at, -1, 0))[::-1]]


@lru_cache(maxsize=8)
def valleys(surface):
    """The Valleys of a surface."""
    well = WELLS[surface]
    heights = well.f(well.minima)
    order = np.lexsort((*well.minima.T[::-1], heights.round(6)))
    minima, heights = well.minima[order], heights[order]
    flat = minima.shape[1] == 1
    side = np.linspace(-well.span, well.span, 1201 if flat else 101)
    places = np.stack(np.meshgrid(*[side] * minima.shape[1]), axis=-1)
    slopes = well.gradient(places)
    slope = float(np.sqrt((slopes**2).sum(axis=-1).mean()))
    valley = _rolled(well, minima, places, 0.05 if flat else side[1] - side[0])
    low = int((heights < heights[0] + 1e-6).sum())
    return Valleys(minima, heights, low, side, valley.astype(np.int8), well.f(places), slope)


def _rolled(well, minima, places, stride):
    """To which of the minima slow descent leads from each place, in steps of at most `stride`."""
    x = places.copy()
    for k in range(130):
        slope = well.gradient(x)
        length = np.linalg.norm(slope, axis=-1, keepdims=True)
        x -= stride * slope / np.maximum(length, 1e-3) * (1 if k < 90 else 0.3)
        np.clip(x, -1.5 * well.span, 1.5 * well.span, out=x)
    return np.linalg.norm(x[..., None, :] - minima, axis=-1).argmin(axis=-1)


class Runs(NamedTuple):
    """The same starts without momentum and with it, in this order, with the same noise.

    x: places, (2, STEPS + 1, n, d).  valley: in which valley each is, AWAY for those that have flown away,
    (2, STEPS + 1, n).
    """

    x: np.ndarray
    valley: np.ndarray

    def lowest(self, low):
        """How many are in one of the `low` lowest valleys at each step, (2, STEPS + 1)."""
        return ((self.valley >= 0) & (self.valley < low)).sum(axis=-1)


def starts(surface, count, seed):
    """Places (count, d) spread over the picture: one at random in each of `count` equal parts of every axis."""
    well, rng = WELLS[surface], np.random.default_rng(seed)
    parts = np.stack([rng.permutation(count) for _ in range(well.minima.shape[1])], axis=-1)
    if parts.shape[1] == 1:
        parts.sort(axis=0)
    return (2 * (parts + rng.uniform(size=parts.shape)) / count - 1) * well.span


@lru_cache(maxsize=3)
def runs(surface, lr, beta, noise, count, seed):
    """The Runs of `count` starts. noise: its standard deviation in each number, as a share of the typical slope."""
    well, found = WELLS[surface], valleys(surface)
    x = np.repeat(starts(surface, count, seed)[None], 2, axis=0)
    rng, optimizers = np.random.default_rng([seed, 1]), (SGD(lr), SGD(lr, momentum=beta))
    track, gone = np.empty((2, STEPS + 1, *x.shape[1:])), np.zeros((2, STEPS + 1, count), bool)
    track[:, 0] = x
    with np.errstate(all="ignore"):  # who flies away is found and kept where it was seen last
        for k in range(1, STEPS + 1):
            slope = well.gradient(x)
            if noise:
                slope = slope + noise * found.slope * rng.standard_normal(x.shape[1:])
            for run, optimizer in enumerate(optimizers):
                optimizer.update(x[run], slope[run], lr)
            gone[:, k] = gone[:, k - 1] | ~(np.abs(x).max(axis=-1) <= FAR * well.span)
            if gone[:, k].any():
                x[gone[:, k]] = track[:, k - 1][gone[:, k]]
            track[:, k] = x
    return Runs(track, np.where(gone, AWAY, found.of(track)).astype(np.int8))


class Fates(NamedTuple):
    """How many starts are in a lowest valley: with momentum only, without it only, with both, with neither."""

    helped: int
    hurt: int
    both: int
    neither: int


def fates(found, low, step):
    """The Fates after so many steps of Runs."""
    there = (found.valley[:, step] >= 0) & (found.valley[:, step] < low)
    plain, moved = there
    return Fates(*(int(part.sum()) for part in (moved & ~plain, plain & ~moved, plain & moved, ~plain & ~moved)))
