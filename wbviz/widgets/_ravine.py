"""Descent with momentum on a ravine, as Momentum shows it: the run, its closed form, and the map of rates."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import SGD, momentum

STEPS = 150
STEEPEST, MOST_BETA = 4.0, 0.99  # the ends of the knobs: beyond α = 4 nothing converges, whatever β
CELLS = (33, 40)  # rows (β) and columns (α) of the map that is measured
MEASURED = 32  # steps of each of its runs
FINE = 3  # so many times as fine is the map of the closed form
FAR = 30.0  # beyond this distance a path is not drawn


class Run(NamedTuple):
    """At steps 0 to STEPS: places x and velocities v, (STEPS + 1, 2), and the loss, (STEPS + 1,)."""

    x: np.ndarray
    v: np.ndarray
    loss: np.ndarray


class RateMap(NamedTuple):
    """Rates by row (β) and column (α): of the closed form, and, in larger cells, of the engine's SGD.

    apart: the largest difference of the two at the middles of the cells.
    """

    closed: np.ndarray
    measured: np.ndarray
    apart: float


def curvatures(kappa):
    """The curvature of the flat direction x₁ and of the steep direction x₂, shape (2,)."""
    return np.array([1 / kappa, 1.0])


def loss(x, kappa):
    """½(x₁²/κ + x₂²) at places of shape (..., 2)."""
    return (curvatures(kappa) * x**2).sum(axis=-1) / 2


@lru_cache(maxsize=8)
def run(kappa, lr, beta, start):
    """The Run of the engine's SGD from `start`, a pair."""
    at, optimizer, curvature = np.array(start, float), SGD(lr, momentum=beta), curvatures(kappa)
    x, v = np.empty((STEPS + 1, 2)), np.zeros((STEPS + 1, 2))
    x[0] = at
    for k in range(1, STEPS + 1):
        slope = curvature * at
        optimizer.update(at, slope, lr)
        x[k], v[k] = at, optimizer.state.get("velocity", slope)
    return Run(x, v, loss(x, kappa))


@lru_cache(maxsize=8)
def closed(kappa, lr, beta, start):
    """The same Run from the closed form."""
    x, v = momentum.after(np.arange(STEPS + 1)[:, None], lr, beta, curvatures(kappa))
    x, v = x * start, v * start
    return Run(x, v, loss(x, kappa))


@lru_cache(maxsize=8)
def measured(kappa, lr, beta):
    """The rates of the flat and of the steep direction, measured from runs of the engine's SGD."""
    return tuple(momentum.measured_rate(lr, beta, curvatures(kappa)).tolist())


@lru_cache(maxsize=4)
def rate_map(kappa):
    """The RateMap of a ravine."""
    fine = [momentum.worst_rate(*_middles(FINE), 1 / kappa, 1.0), momentum.worst_rate(*_middles(1), 1 / kappa, 1.0)]
    lr, beta = _middles(1)
    rows = [momentum.measured_rate(lr, float(b), curvatures(kappa)[:, None], MEASURED).max(axis=0) for b in beta[:, 0]]
    return RateMap(fine[0], np.array(rows), float(np.abs(np.array(rows) - fine[1]).max()))


def _middles(times):
    """The learning rates (columns,) and the values of β (rows, 1) in the middles of cells so many times as fine."""
    rows, columns = CELLS[0] * times, CELLS[1] * times
    return (np.arange(columns) + 0.5) / columns * STEEPEST, (np.arange(rows)[:, None] + 0.5) / rows * MOST_BETA


def steps_to_tenth(rate):
    """In how many steps, at this rate in the long run, the error falls to a tenth; NaN where it does not."""
    rate = np.asarray(rate, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate < 1, np.log(0.1) / np.log(np.maximum(rate, 1e-12)), np.nan)


def drawn(x, step):
    """The places up to `step` that are drawn: a path that goes far ends there."""
    gone = np.flatnonzero(np.abs(x[: step + 1]).max(axis=1) > FAR)
    return x[: (int(gone[0]) if len(gone) else step) + 1]
