"""The learning-rate range test (Smith 2015), and real trainings at single rates that try its answer."""

from contextlib import suppress
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Diverged, Network, Training, accuracy

#: What is trained: layer sizes and loss.
RUNS = {"digits": ([64, 16, 10], "cross_entropy"), "moons": ([2, 4, 1], "binary_cross_entropy")}
#: The least and the largest loss on the axes.
LOSSES = {"digits": (0.01, 300.0), "moons": (0.03, 30.0)}
OPTIMIZERS = {"SGD": SGD, "momentum 0.9": lambda lr: SGD(lr, momentum=0.9), "Adam": Adam}
EXAMPLES, UNSEEN = 600, 600
BATCHES = (8, 16, 32, 64, 128)
LOW, HIGH = 1e-4, 10.0
#: Rates that are always tried, half a decade apart.
TRIED = np.round(10.0 ** np.arange(-3, 1.01, 0.5), 6)
#: The test is over where the smoothed loss is so many times its least value so far.
OVER = 4.0
LOOKS = 20


class Setting(NamedTuple):
    """What all trainings here share: the run in RUNS, the optimiser in OPTIMIZERS, examples a step, the seed."""

    run: str
    optimizer: str
    batch: int
    seed: int


class Lesson(NamedTuple):
    """X, y are learned from, unseen_X, unseen_y never are."""

    X: np.ndarray
    y: np.ndarray
    unseen_X: np.ndarray
    unseen_y: np.ndarray


@cache
def lesson(run):
    """The Lesson of a run."""
    if run == "moons":
        data = load_dataset("moons", n=EXAMPLES + UNSEEN, noise=0.2, seed=0).standardise()
        y = data.y[:, None].astype(float)
    else:
        data = load_dataset("digits").sample(EXAMPLES + UNSEEN, seed=0)
        y = data.y
    return Lesson(data.X[:EXAMPLES], y[:EXAMPLES], data.X[EXAMPLES:], y[EXAMPLES:])


def training(setting, rates, steps, **more):
    """The Training of a setting from its own start, with one rate, or with an array of them as a population."""
    sizes, loss = RUNS[setting.run]
    net, known = Network(sizes, hidden="tanh", seed=setting.seed), lesson(setting.run)
    if np.ndim(rates):
        net = net.with_params(np.tile(net.params, (len(rates), 1)))
    per_epoch = -(-EXAMPLES // setting.batch)
    return Training(
        net, known.X, known.y, loss=loss, optimizer=OPTIMIZERS[setting.optimizer](rates), batch_size=setting.batch,
        epochs=-(-steps // per_epoch), seed=setting.seed, **more,
    )  # fmt: skip


def _run(made, steps):
    """Take the steps; one that diverged stays where its last finite loss was."""
    with suppress(Diverged):
        made.run(steps)
    return made


# --- the test ---------------------------------------------------------------------------------------------------------


class Test(NamedTuple):
    """One run whose rate rises from LOW to HIGH in equal ratios: the rates and the losses of its mini-batches."""

    rates: np.ndarray
    loss: np.ndarray


@lru_cache(maxsize=16)
def test(setting, length):
    """The Test of a setting in so many steps."""
    rates = np.geomspace(LOW, HIGH, length)
    made = _run(training(setting, LOW, length, schedule=lambda step: float(rates[step])), length)
    loss = made.history.loss.copy()
    return Test(rates[: len(loss)], loss)


def smooth(loss, beta):
    """s ← β·s + (1 − β)·loss from s = 0, divided by 1 − βᵏ at the k-th step, so that it does not begin too low."""
    s, smoothed = 0.0, np.empty(len(loss))
    for k, value in enumerate(loss):
        s = beta * s + (1 - beta) * value
        smoothed[k] = s / (1 - beta ** (k + 1))
    return smoothed


class Reading(NamedTuple):
    """What a test says: the smoothed losses up to its end, and the rates where they fall fastest, are least, and end.

    fastest: where the smoothed loss falls most over a tenth of the test, before it is least.
    over: the first rate with a smoothed loss above OVER times the least before it; None where that does not happen.
    """

    smoothed: np.ndarray
    fastest: float
    least: float
    over: float | None


def read(found, beta):
    """The Reading of a Test, smoothed with β."""
    smoothed = smooth(found.loss, beta)
    above = np.flatnonzero(smoothed > OVER * np.minimum.accumulate(smoothed))
    end = int(above[0]) if len(above) else len(smoothed)
    smoothed = smoothed[: end + 1]
    least, width = int(smoothed.argmin()), max(1, len(found.rates) // 20)
    middles = np.arange(width, max(least - width, width) + 1)
    falls = smoothed[np.minimum(middles + width, len(smoothed) - 1)] - smoothed[middles - width]
    fastest = int(middles[falls.argmin()])
    return Reading(
        smoothed, *(float(found.rates[k]) for k in (fastest, least)), float(found.rates[end]) if len(above) else None
    )


# --- single rates -----------------------------------------------------------------------------------------------------


class Trained(NamedTuple):
    """A training at one constant rate: at which steps was looked, the loss on all examples learned from, the share of
    right answers on unseen ones at the end."""

    at: np.ndarray
    loss: np.ndarray
    right: float


@lru_cache(maxsize=48)
def trained(setting, rate, steps):
    """The Trained of one rate in so many steps."""
    made = _run(training(setting, rate, steps, record=("params",)), steps)
    params, known = made.history.params, lesson(setting.run)
    at = np.unique(np.linspace(0, len(params) - 1, LOOKS + 1).round().astype(int))
    losses = made.net.with_params(params[at]).loss(known.X, known.y, loss=RUNS[setting.run][1])
    return Trained(at, losses, float(accuracy(known.unseen_y, made.net(known.unseen_X))))


@lru_cache(maxsize=16)
def tried(setting, steps):
    """The loss on all examples learned from after so many steps with each of TRIED, all trained at once."""
    made, known = _run(training(setting, TRIED, steps), steps), lesson(setting.run)
    return made.net.loss(known.X, known.y, loss=RUNS[setting.run][1])
