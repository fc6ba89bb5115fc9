"""Gradient descent where gradients explode, with and without clipping: what Clipping measures."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import SGD, OneUnit, QuickRecurrent, Recurrent, clip_by_norm, clip_by_value

RULES = {"by norm": clip_by_norm, "by value": clip_by_value}
CLIFF, NETWORK = "cliff", "recurrent network"
STEPS = 120  # of gradient descent
FAR = 1e6  # beyond this loss a run has diverged
SEQUENCES, UNITS = 16, 8  # what the recurrent network learns from, and its hidden units
W, B = (3.0, 6.0), (-2.8, -0.4)  # the part of the plane that is seen of the cliff


# --- what is descended ------------------------------------------------------------------------------------------------


def first_input(rng, n, steps):
    """The first input is −1 or 1, all others are noise; to be answered at the end: the first."""
    X = 0.5 * rng.standard_normal((n, steps, 1))
    X[:, 0, 0] = rng.choice([-1.0, 1.0], n)
    return X, X[:, 0].copy()


def sum_of_two(rng, n, steps):
    """Two of the numbers between 0 and 1 are marked; their sum less 1 (Hochreiter and Schmidhuber 1997)."""
    X = np.stack([rng.uniform(size=(n, steps)), np.zeros((n, steps))], axis=-1)
    marked = np.argsort(rng.uniform(size=(n, steps)), axis=1)[:, :2]
    np.put_along_axis(X[..., 1], marked, 1.0, axis=1)
    return X, (X[..., 0] * X[..., 1]).sum(axis=1, keepdims=True) - 1


TASKS = {"remember the first": first_input, "add two numbers": sum_of_two}


class Setting(NamedTuple):
    """What a run follows from: the scene, its numbers of time steps, and the start (cliff) or the task (network)."""

    scene: str
    length: int
    start: tuple = ()
    task: str = ""
    seed: int = 0


@lru_cache(maxsize=4)
def sequences(setting):
    """X (16, length, n_in) and y (16, 1) of a task, from the seed."""
    return TASKS[setting.task](np.random.default_rng([setting.seed, 1]), SEQUENCES, setting.length)


def network(setting):
    """The recurrent network at its start: weights between hidden units that keep lengths as they are (orthogonal)."""
    return Recurrent(sequences(setting)[0].shape[-1], UNITS, 1, init="orthogonal", seed=setting.seed)


@cache
def unit(length):
    """The recurrent unit of the cliff."""
    return OneUnit(length)


@lru_cache(maxsize=3)
def ground(length):
    """The loss of one unit over the plane: `w` (m,), `b` (k,) and `loss` (k, m)."""
    w, b = np.linspace(*W, 81), np.linspace(*B, 241)  # the wall is nearly level
    return {"w": w, "b": b, "loss": unit(length).losses(w, b[:, None])}


# --- descending -------------------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """A descent. Row k of each is before step k + 1; the last one is where it ended.

    params (m, p), gradient (m, p) before clipping, clipped (m, p) as the step took it, loss (m,), norm (m,).
    diverged: the step with which the loss went beyond FAR, or to no number at all (it is not in the rows); or None.
    """

    params: np.ndarray
    gradient: np.ndarray
    clipped: np.ndarray
    loss: np.ndarray
    norm: np.ndarray
    diverged: int | None

    def at(self, step):
        """The row at a step of descent: the step itself, or the last before it diverged."""
        return min(step, len(self.loss) - 1)

    @property
    def cuts(self):
        """Which of the gradients were made smaller: (m,) booleans."""
        return (np.abs(self.clipped - self.gradient) > 1e-5 * self.norm[:, None]).any(axis=1)

    def cut(self, step):
        """How many of them, up to and including the one at a step."""
        return int(self.cuts[: self.at(step) + 1].sum())


@lru_cache(maxsize=12)
def run(setting, lr, limit=None):
    """A Run of STEPS steps of plain gradient descent. limit: a pair (name in RULES, threshold), or None."""
    look, params = _ground_of(setting)
    clip = (lambda g: g) if limit is None else (lambda g: RULES[limit[0]](g, limit[1]))
    rows, optimizer = [], SGD(lr=lr)
    with np.errstate(all="ignore"):  # what overflows is found and said to diverge
        for _ in range(STEPS + 1):
            loss, gradient = look(params)
            if not (loss <= FAR and np.isfinite(gradient).all()):
                break
            gradient = gradient.copy()
            rows.append((params.copy(), gradient, clip(gradient), loss))
            optimizer.step(params, rows[-1][2])
    params, gradient, clipped, loss = map(np.array, zip(*rows, strict=True))
    diverged = len(rows) if len(rows) <= STEPS else None
    return Run(params, gradient, clipped, loss, np.linalg.norm(gradient, axis=-1), diverged)


def _ground_of(setting):
    """A function params → (loss, gradient), and the parameters to begin with, which may be changed in place."""
    if setting.scene == CLIFF:
        return unit(setting.length).look, np.array(setting.start, float)
    net = network(setting)
    quick = QuickRecurrent(net, *sequences(setting))
    return lambda params: quick.look(), net.params


@lru_cache(maxsize=8)
def through_time(setting, lr, limit, step):
    """The length of dL/dz at each time step, (length,), at a step of a run of the recurrent network."""
    known = run(setting, lr, limit)
    net = network(setting).with_params(known.params[known.at(step)])
    return np.sqrt((net.backward(*sequences(setting)).delta ** 2).sum(axis=(1, 2)))


def angle(one, other):
    """The angle between two vectors in degrees; 0 where one of them has no length."""
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return float(np.degrees(np.arccos(np.clip(one @ other / lengths, -1, 1)))) if lengths else 0.0
