"""A straight line through the parameters of a network: the true loss along it, and what the slope predicts.

A step of length lr goes from params to params + lr · d. The line knows the loss at every lr; its first-order
prediction is loss + lr · d·g, where g is the gradient, and the second adds ½ lr² · dᵀH d.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Network
from wbviz.engine.landscape import losses_at
from wbviz.widgets._parameters import small_network

SIZES = [2, 4, 1]
DATA = ("moons", "xor", "circles", "blobs")
POINTS = 20
AGAINST, ALONG, RANDOM, ONE = "against the gradient", "along the gradient", "random direction", "one parameter only"
DIRECTIONS = (AGAINST, ALONG, RANDOM, ONE)
SEEDS = 100  # random directions, one from each seed
#: The learning rates that are drawn, and those beyond them at which it is looked whether the loss has turned.
LARGEST = 2.0
DRAWN = np.linspace(0, LARGEST, 201)
FURTHEST = 200.0
_LOOKED = np.concatenate(
    [[0.0], np.geomspace(1e-6, DRAWN[1], 60)[:-1], DRAWN[1:], np.geomspace(LARGEST, FURTHEST, 101)[1:]]
)
#: Losses that differ by no more than this share are the same: sums of 20 float64 numbers are no more exact.
ROUNDING = 1e-14
TINY = 1e-4  # the length of the steps with which slopes are measured


@dataclass(frozen=True)
class Line:
    """The loss along one direction.

    loss: where it starts.  gradient: g there.  direction: d, so that a step is lr · d.  slope: d·g.
    curvature: dᵀH d, by differences of the gradient.  losses: at each of DRAWN.
    turns: the lr at which the loss stops falling; rises: the lr from which it is higher than at the start; None where
    that is beyond FURTHEST, 0 where it does not fall at first.
    """

    loss: float
    gradient: np.ndarray
    direction: np.ndarray
    slope: float
    curvature: float
    losses: np.ndarray
    turns: float | None
    rises: float | None

    @property
    def flat(self):
        """Is the slope zero, as far as numbers of this exactness can say?"""
        return abs(self.slope) <= ROUNDING * self.loss


@lru_cache
def examples(dataset):
    """Inputs (20, 2) and targets 0 or 1, (20, 1)."""
    data = load_dataset(dataset, n=POINTS)
    return data.X, data.y[:, None].astype(float)


@lru_cache(maxsize=64)
def line_along(params, dataset, direction, chosen=0, seed=0):
    """The Line from `params`, a tuple, in one of DIRECTIONS; `chosen` and `seed` say which parameter or random one."""
    net, (X, y) = small_network(SIZES, params), examples(dataset)
    g = net.gradient(X, y)
    d = _direction(direction, g, chosen, seed)
    found = losses_at(net, net.params + _LOOKED[:, None] * d, X, y)
    loss, slope = loss_at(params, dataset), float(d @ g)
    ahead, behind = (net.with_params(net.params + sign * TINY * d).gradient(X, y) for sign in (1, -1))

    def at(lrs):
        return losses_at(net, net.params + lrs[:, None] * d, X, y)

    falls = slope < -ROUNDING * loss
    turns, rises = (_turns(at, found), _rises(at, found)) if falls else (0.0, 0.0)
    curvature = float(d @ (ahead - behind)) / (2 * TINY)
    return Line(loss, g, d, slope, curvature, found[np.searchsorted(_LOOKED, DRAWN)], turns, rises)


def _direction(name, g, chosen, seed):
    if name == RANDOM:
        return np.linalg.norm(g) * random_directions()[seed]
    if name == ONE:
        return np.where(np.arange(len(g)) == chosen, -g, 0.0)
    return g if name == ALONG else -g


@lru_cache
def random_directions():
    """One direction of length 1 from each seed, evenly spread over all directions: shape (SEEDS, n_params)."""
    n_params = Network(SIZES, init="zeros").n_params
    drawn = np.stack([np.random.default_rng(seed).normal(size=n_params) for seed in range(SEEDS)])
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@lru_cache(maxsize=64)
def loss_at(params, dataset):
    """The loss of the network with these parameters, a tuple."""
    return float(small_network(SIZES, params).loss(*examples(dataset)))


@lru_cache(maxsize=64)
def random_slopes(params, dataset):
    """The slope of the loss in each random direction, measured by tiny steps to either side.

    Each is that per unit of length, as a share of the length of the gradient: −1 would be as steep as against it.
    """
    net, (X, y) = small_network(SIZES, params), examples(dataset)
    ahead, behind = (losses_at(net, net.params + sign * TINY * random_directions(), X, y) for sign in (1, -1))
    slopes, norm = (ahead - behind) / (2 * TINY), np.linalg.norm(net.gradient(X, y))
    return slopes / norm if norm else np.zeros(SEEDS)


def _turns(at, losses):
    """The lr at which the loss stops falling: the lowest place before it first rises by more than rounding does."""
    so_far = np.minimum.accumulate(losses)
    rising = np.flatnonzero(losses > so_far + ROUNDING * losses[0])
    if not len(rising):
        return None
    last = max(int(losses[: rising[0]].argmin()), 1)
    near = np.linspace(_LOOKED[last - 1], _LOOKED[last + 1], 101)
    return float(near[at(near).argmin()])


def _rises(at, losses):
    """The first lr at which the loss is higher than at the start."""
    start = losses[0] * (1 + ROUNDING)
    higher = np.flatnonzero(losses > start)
    if not len(higher):
        return None
    near = np.linspace(_LOOKED[higher[0] - 1], _LOOKED[higher[0]], 101)
    return float(near[1:][at(near)[1:] > start][0])
