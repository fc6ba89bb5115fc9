"""Twelve weights learn from few noisy examples, and a penalty is switched on on the way: what Regularise measures."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import SGD, Network, ProximalSGD, Training, least_squares

FEATURES = 12
#: The weights that the examples are made with, as in Tibshirani (1996): a few that count, or all of them a little.
TRUTHS = {"two of 12 count": [2.0, 0, 0, 0, 0, -1.5, 0, 0, 0, 0, 0, 0], "all 12 count": [0.4] * FEATURES}
KINDS = ("none", "L1", "L2")
RULES = ("soft threshold", "subgradient")
STEPS, LEARNING_RATE = 300, 0.05
FEWEST, MOST, UNSEEN = 16, 100, 500
STRONGEST, LAM_STEP = 4.0, 0.05
#: The strengths at which the weights are measured against λ, all networks at once.
LAMBDAS = np.round(np.arange(0, STRONGEST + 0.01, 0.1), 2)
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


@lru_cache(maxsize=64)
def run(data, penalty, lam):
    """The Run by step, 0 to STEPS, of one network."""
    return _judged(data, penalty.kind, lam, _trained(data, penalty, lam))


@lru_cache(maxsize=2)
def _everywhere(data, penalty):
    return _trained(data, penalty, LAMBDAS)


@lru_cache(maxsize=4)
def sweep(data, penalty, step):
    """The Run by λ, for each of LAMBDAS, after so many steps."""
    return _judged(data, penalty.kind, LAMBDAS, _everywhere(data, penalty)[step])


def _trained(data, penalty, lam):
    """The parameters before the first step and after each, (STEPS + 1, …, 13), by real training. lam: one, or many."""
    net = Network([FEATURES, 1], seed=data.seed, population=None if np.ndim(lam) == 0 else len(lam))
    if net.population:
        net.params = net.params[0]  # all from the same start
    known, soft = lesson(data), penalty.kind == "L1" and penalty.rule == "soft threshold"
    optimizer = ProximalSGD(LEARNING_RATE, counted=COUNTED) if soft else SGD(LEARNING_RATE)
    training = Training(net, known.X, known.y, optimizer=optimizer, epochs=STEPS, record=("params",))
    for number in range(STEPS):
        if number == penalty.since:
            _switch_on(training, penalty.kind, lam, soft)
        next(training)
    return training.history.params


def _switch_on(training, kind, lam, soft):
    """From here on the penalty counts; nothing else is touched."""
    if soft:
        training.optimizer.l1 = lam
    elif kind == "L1":
        training.l1 = lam
    elif kind == "L2":
        training.l2 = lam


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


@lru_cache(maxsize=64)
def touching(data, kind, lam):
    """The two weights that minimise loss + penalty at this λ, (2,)."""
    strength = {"none": {}, "L1": {"l1": lam}, "L2": {"l2": lam}}[kind]
    return least_squares(lesson(data).X[:, :2], lesson(data).y, **strength)[0]
