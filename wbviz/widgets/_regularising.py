"""Twelve weights learn from few noisy examples, and a penalty is switched on on the way: what Regularise measures."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import SGD, Network, ProximalSGD, least_squares, train

FEATURES = 12
#: The weights that the examples are made with, as in Tibshirani (1996): a few that count, or all of them a little.
TRUTHS = {"two of 12 count": [2.0, 0, 0, 0, 0, -1.5, 0, 0, 0, 0, 0, 0], "all 12 count": [0.4] * FEATURES}
KINDS = ("none", "L1", "L2")
RULES = ("soft threshold", "subgradient")
STEPS, LEARNING_RATE = 300, 0.05
FEWEST, MOST, UNSEEN = 16, 100, 500
STRONGEST, LAM_STEP = 4.0, 0.05
#: Every position of the knob λ: a network is trained with each, all of them at once.
LAMBDAS = np.round(np.arange(0, STRONGEST + LAM_STEP / 2, LAM_STEP), 2)
#: Weights are penalised, the bias is not.
COUNTED = np.array([True] * FEATURES + [False])


class Data(NamedTuple):
    """What the examples follow from."""

    dataset: str
    examples: int
    noise: float
    seed: int


class Penalty(NamedTuple):
    """Which penalty there is, how its step is taken, and the step from which it counts."""

    kind: str
    rule: str
    since: int


class Lesson(NamedTuple):
    """X (n, 12) and y (n, 1) are learned from; unseen_X, unseen_y never are."""

    X: np.ndarray
    y: np.ndarray
    unseen_X: np.ndarray
    unseen_y: np.ndarray


class Run(NamedTuple):
    """A training by step, or the same step for each of LAMBDAS: along the first axis of all.

    params (m, 13): weights, then the bias. learned, unseen: mean squared errors. penalty: λ·Σ|w| or λ/2·Σw², as if on.
    """

    params: np.ndarray
    learned: np.ndarray
    unseen: np.ndarray
    penalty: np.ndarray


@lru_cache(maxsize=16)
def lesson(data):
    """The Lesson of a Data. Features i and j are normal, with correlation 0.5^|i−j| (Tibshirani 1996).

    More examples keep those there were; more noise is the same noise, larger.
    """
    X, y = _drawn(data, data.seed, MOST)
    return Lesson(X[: data.examples], y[: data.examples], *_drawn(data, 1000, UNSEEN))


def _drawn(data, seed, n):
    rng = np.random.default_rng([seed, n])
    apart = np.abs(np.subtract.outer(np.arange(FEATURES), np.arange(FEATURES)))
    X = rng.standard_normal((n, FEATURES)) @ np.linalg.cholesky(0.5**apart).T
    return X, X @ np.array(TRUTHS[data.dataset])[:, None] + data.noise * rng.standard_normal((n, 1))


@lru_cache(maxsize=16)
def run(data, penalty, lam):
    """The Run by step, 0 to STEPS, of one network."""
    if penalty.kind == "none":
        return _judged(data, "none", 0.0, _free(data))
    at = np.flatnonzero(lam == LAMBDAS)
    # A copy: a part of the array would keep all of it in memory, for as long as this run is known.
    params = _everywhere(data, penalty)[:, at[0]].copy() if len(at) else _trained(data, penalty, lam)
    return _judged(data, penalty.kind, lam, params)


@lru_cache(maxsize=2)
def sweep(data, penalty, step):
    """The Run by λ, for each of LAMBDAS, after so many steps."""
    return _judged(data, penalty.kind, LAMBDAS, _everywhere(data, penalty)[step])


@lru_cache(maxsize=2)
def _everywhere(data, penalty):
    """The parameters by step and by λ, (STEPS + 1, len(LAMBDAS), 13)."""
    return _trained(data, penalty, LAMBDAS)


@lru_cache(maxsize=8)
def _free(data):
    """The parameters by step, (STEPS + 1, 13), of the training without a penalty."""
    net = Network([FEATURES, 1], seed=data.seed)
    return _training(data, net, SGD(LEARNING_RATE), STEPS).params


def _trained(data, penalty, lam):
    """The parameters by step, (STEPS + 1, …, 13), by real training; lam: one strength, or an array of them.

    Up to `since` all are the training without a penalty, and go on from where it is by then.
    """
    free = _free(data)[: penalty.since + 1]
    start = np.broadcast_to(free[-1], (*np.shape(lam), len(COUNTED)))
    net = Network([FEATURES, 1]).with_params(start)
    l1, l2 = (lam if penalty.kind == kind else 0.0 for kind in ("L1", "L2"))
    if penalty.rule == "soft threshold":
        optimizer, l1 = ProximalSGD(LEARNING_RATE, l1=l1, counted=COUNTED), 0.0
    else:
        optimizer = SGD(LEARNING_RATE)
    after = _training(data, net, optimizer, STEPS - penalty.since, l1=l1, l2=l2).params[1:]
    before = np.broadcast_to(free.reshape(len(free), *[1] * np.ndim(lam), -1), (len(free), *start.shape))
    return np.concatenate([before, after])


def _training(data, net, optimizer, steps, **penalty):
    """The History of gradient descent on all examples of a Data."""
    known = lesson(data)
    return train(net, known.X, known.y, optimizer=optimizer, epochs=steps, record=("params",), **penalty)


def _judged(data, kind, lam, params):
    known, nets = lesson(data), Network([FEATURES, 1]).with_params(params)
    strength = {"none": {}, "L1": {"l1": lam}, "L2": {"l2": lam}}[kind]
    return Run(
        params, nets.loss(known.X, known.y), nets.loss(known.unseen_X, known.unseen_y),
        np.broadcast_to(nets.penalty(**strength), params.shape[:1]),
    )  # fmt: skip


class Plane(NamedTuple):
    """The loss of a neuron that sees the first two features alone, with the best bias: a bowl, exactly.

    curvature (2, 2), least: loss(w) = least + (w − lowest)·curvature·(w − lowest) / 2.
    path (m, 2): the weights that minimise loss + penalty, for each of LAMBDAS; path[0] is `lowest`.
    """

    curvature: np.ndarray
    least: float
    path: np.ndarray

    @property
    def lowest(self):
        return self.path[0]

    def loss(self, w):
        """The data loss at weights of shape (..., 2)."""
        away = np.asarray(w) - self.lowest
        return self.least + np.einsum("...i,ij,...j", away, self.curvature, away) / 2


@lru_cache(maxsize=16)
def plane(data, kind):
    """The Plane of the first two features."""
    known = lesson(data)
    X, centred = known.X[:, :2], known.X[:, :2] - known.X[:, :2].mean(axis=0)
    strengths = {"none": {"l2": 0 * LAMBDAS}, "L1": {"l1": LAMBDAS}, "L2": {"l2": LAMBDAS}}[kind]
    path, biases = least_squares(X, known.y, **strengths)
    net = Network([2, 1]).with_params([*path[0], biases[0]])
    return Plane(2 / len(X) * centred.T @ centred, float(net.loss(X, known.y)), path)


@lru_cache(maxsize=128)
def touching(data, kind, lam):
    """The two weights that minimise loss + penalty at this λ, (2,)."""
    strength = {"none": {}, "L1": {"l1": lam}, "L2": {"l2": lam}}[kind]
    return least_squares(lesson(data).X[:, :2], lesson(data).y, **strength)[0]
