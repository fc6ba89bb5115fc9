"""The training that Frameworks gives to three libraries: its data, its network, and what this engine makes of it."""

from contextlib import suppress
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.bridges import Comparison, present
from wbviz.bridges.comparing import LIBRARIES, progress
from wbviz.bridges.recorded import recorded_comparison
from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Diverged, Network, Training

STEPS, ROWS, LOSS = 100, 100, "binary_cross_entropy"
#: The data sets, and the noise in each.
DATA = {"moons": 0.2, "circles": 0.1, "xor": 0.05, "blobs": 0.6, "spiral": 0.03}
#: The optimisers, and the learning rate with which each begins.
OPTIMIZERS = {"Adam": 0.05, "momentum": 0.1, "SGD": 0.5}
WIDTHS = (4, 16, 64, 256)
OTHERS = tuple(name for name in LIBRARIES if name != "wbviz")


class Setting(NamedTuple):
    """All that decides a training."""

    dataset: str
    activation: str
    optimizer: str
    lr: float
    width: int
    seed: int
    precision: str
    settings: str


class Live(NamedTuple):
    """What this engine makes of a setting: the loss before each step, in the precision asked for and in 64 bits.

    They are shorter than STEPS where the training diverged. Arrays that cannot be written to.
    """

    losses: np.ndarray
    in_64_bits: np.ndarray

    @property
    def rounding(self):
        """What 32 bits change in each loss; zeros where 64 bits were asked for."""
        steps = min(map(len, self))
        return np.abs(self.losses[:steps] - self.in_64_bits[:steps])


@lru_cache(maxsize=16)
def problem(dataset, seed):
    """The rows: X (ROWS, 2) and labels y (ROWS, 1)."""
    rows = load_dataset(dataset, n=ROWS, noise=DATA[dataset], seed=seed)
    return rows.X, rows.y.astype(float)[:, None]


def network(setting):
    """The network at the start, in 64 bits."""
    return Network([2, setting.width, 1], hidden=setting.activation, seed=setting.seed)


def optimizer(setting):
    """The engine's optimiser."""
    made = {"Adam": Adam, "SGD": SGD, "momentum": lambda lr: SGD(lr, momentum=0.9)}
    return made[setting.optimizer](setting.lr)


@lru_cache(maxsize=32)
def live(setting):
    """The training by this engine, done here and now → Live."""
    exact = _losses(setting, "float64")
    return Live(exact if setting.precision == "float64" else _losses(setting, "float32"), exact)


def _losses(setting, precision):
    X, y = problem(setting.dataset, setting.seed)
    net = network(setting)
    net = net.with_params(net.params.astype(precision))
    training = Training(
        net, X.astype(precision), y.astype(precision), loss=LOSS, optimizer=optimizer(setting), epochs=STEPS
    )
    with suppress(Diverged):
        training.run()
    losses = np.array(training.history.loss, dtype=float)
    losses.flags.writeable = False
    return losses


@cache
def installed(name):
    """Whether a library is there."""
    return LIBRARIES[name] is None or present(LIBRARIES[name])


@lru_cache(maxsize=32)
def recorded(setting):
    """The recorded Comparison for a setting, or None."""
    return recorded_comparison(setting._asdict())


def steps_of(setting, comparison):
    """Train by all libraries that are there, into a Comparison: yields how far it is, and words, for Work."""
    X, y = problem(setting.dataset, setting.seed)
    plan = (STEPS, LOSS, optimizer(setting), setting.precision, setting.settings, tuple(LIBRARIES))
    names = list(LIBRARIES)
    for name, made in progress(comparison, network(setting), X, y, *plan):
        words = f"{name}: step {made} of {STEPS}" if made else f"{name} is prepared; importing it can take 10 seconds"
        yield (names.index(name) + made / STEPS) / len(names), words


def empty():
    """A Comparison to fill."""
    return Comparison()
