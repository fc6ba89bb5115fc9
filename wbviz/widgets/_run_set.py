"""Two dozen small networks that differ in their settings, really trained: the runs that RunBoard brings along."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Network, Run, Training, histograms
from wbviz.engine.run_values import layered

DATA = {"xor": 0.3, "moons": 0.3}  # name → noise
EXAMPLES, UNSEEN = 30, 200
STEPS, EVERY = 200, 5
EARLY = 50  # until this step it is often looked whether a loss has passed all bounds
#: The steps at which a run was looked at.
LOOKS = np.arange(0, STEPS + 1, EVERY)
#: What the settings can be.
GRID = {
    "lr": (0.01, 0.1, 0.3, 1.0),
    "hidden": (2, 4, 8),
    "l2": (0.0, 0.01, 0.1),
    "init": ("small_normal", "xavier", "he"),
}
RUNS = 24
#: How often each of them is drawn beside the others: what leaves a network where it began is not to be half of them.
SHARES = {"l2": (2, 2, 1), "init": (1, 2, 2)}
#: A training whose loss passes this is given up.
TOO_LARGE = 1e6
METRICS = ("loss", "validation_loss", "accuracy", "validation_accuracy", "grad_norm")


class Settings(NamedTuple):
    """What a run is trained with: learning rate, hidden units, strength of the L2 penalty, and the starting weights."""

    lr: float
    hidden: int
    l2: float
    init: str


class TrainedRun(Run):
    """A Run in memory that keeps its weights, biases and gradients: histograms are made when they are asked for."""

    def keep(self, net, gradient):
        """net: the networks at all looks, a population (m,); gradient: (m, n_params)."""
        self._net, self._gradient = net, gradient

    def moments(self, part):
        """A list of (step, histogram) of one part: W1, b1, dW1, …"""
        views = self._net.views(self._gradient) if part.startswith("d") else self._net
        values = layered(views, "d" if part.startswith("d") else "")[part]
        return list(zip(LOOKS.tolist(), histograms(values.reshape(len(values), -1)), strict=False))

    @property
    def parts(self):
        return tuple(layered(self._net, ""))


class Lesson(NamedTuple):
    """X, y to learn from, and unseen_X, unseen_y, which are never learned from; y is 0 or 1, (n, 1)."""

    X: np.ndarray
    y: np.ndarray
    unseen_X: np.ndarray
    unseen_y: np.ndarray


@lru_cache(maxsize=4)
def lesson(dataset, seed):
    """The Lesson of a set and a seed."""
    drawn = load_dataset(dataset, n=EXAMPLES + UNSEEN, noise=DATA[dataset], seed=seed)
    X, y = drawn.X, drawn.y.astype(float)[:, None]
    return Lesson(X[:EXAMPLES], y[:EXAMPLES], X[EXAMPLES:], y[EXAMPLES:])


@lru_cache(maxsize=16)
def drawn(seed):
    """The Settings of RUNS runs: each value of each setting so often as SHARES say, in an order that tells nothing."""
    rng = np.random.default_rng((seed, 9))
    wheels = [np.repeat(np.arange(len(values)), SHARES.get(name, 1)) for name, values in GRID.items()]
    rows = set()
    while len(rows) < RUNS:  # no two alike
        columns = [rng.permutation(np.resize(wheel, RUNS)) for wheel in wheels]
        rows = dict.fromkeys(zip(*columns, strict=True))
    return [Settings(*(values[k] for values, k in zip(GRID.values(), row, strict=True))) for row in rows]


@lru_cache(maxsize=2)
def runs(dataset, seed):
    """RUNS of TrainedRun, called run 1, run 2, … All networks of one width are trained at once."""
    found, every = {}, drawn(seed)
    for hidden in GRID["hidden"]:
        numbers = [k for k, settings in enumerate(every) if settings.hidden == hidden]
        names = [f"run {k + 1}" for k in numbers]
        found |= zip(numbers, trained(dataset, seed, [every[k] for k in numbers], names), strict=True)
    return [found[k] for k in range(RUNS)]


@lru_cache(maxsize=32)
def single(dataset, seed, settings, name):
    """A TrainedRun with Settings of one's own, on the same examples."""
    return trained(dataset, seed, [settings], [name])[0]


def trained(dataset, seed, settings, names):
    """A TrainedRun for each of several Settings of one width, by one training of a population."""
    known, hidden = lesson(dataset, seed), settings[0].hidden
    starts = [Network([2, hidden, 1], init=each.init, seed=seed).params for each in settings]
    net = Network([2, hidden, 1]).with_params(np.stack(starts))
    lr, l2 = (np.array([getattr(each, name) for each in settings]) for name in ("lr", "l2"))
    training = Training(net, known.X, known.y, optimizer=SGD(lr), l2=l2, epochs=STEPS, record=("loss", "params"))
    given_up = np.full(len(settings), STEPS + 1)
    while not training.done:
        training.run(EVERY if training.made < EARLY else EARLY)
        given_up[(given_up > STEPS) & (training.history.loss[-1] > TOO_LARGE)] = training.made
        training.optimizer.lr = np.where(given_up > STEPS, lr, 0.0)
    params = training.history.params[LOOKS]
    measured = _measured(net.with_params(params), known, l2)
    return [
        _run(k, each, name, net, params[:, k], measured, int(given_up[k]), seed)
        for k, (each, name) in enumerate(zip(settings, names, strict=True))
    ]


def _measured(nets, known, l2):
    """The METRICS at all looks, each (m, networks), and the gradients (m, networks, n_params)."""
    gradient = nets.gradient(known.X, known.y, l2=l2)
    found = {}
    for prefix, X, y in (("", known.X, known.y), ("validation_", known.unseen_X, known.unseen_y)):
        y_hat = nets(X)
        found[f"{prefix}loss"] = ((y_hat - y) ** 2).mean(axis=(-2, -1))
        found[f"{prefix}accuracy"] = ((y_hat > 0.5) == (y > 0.5)).mean(axis=(-2, -1))
    return found | {"grad_norm": np.linalg.norm(gradient, axis=-1), "gradient": gradient}


def _run(k, settings, name, net, params, measured, given_up, seed):
    """The TrainedRun of one member, up to its last look before it was given up."""
    columns = np.stack([measured[metric][:, k] for metric in METRICS])
    fine = (columns < TOO_LARGE).all(axis=0) & (given_up >= LOOKS)
    count = len(fine) if fine.all() else max(int(fine.argmin()), 1)
    run = TrainedRun(name)
    run.take({"kind": "start", "settings": settings._asdict(), "seed": seed, "steps": STEPS, **_NOTHING})
    for step, numbers in zip(LOOKS[:count].tolist(), columns[:, :count].T.tolist(), strict=True):
        run.take({"kind": "step", "step": step, "metrics": dict(zip(METRICS, numbers, strict=True))})
    status, why = ("finished", "") if given_up > STEPS else ("diverged", f"its loss passed {TOO_LARGE:,.0f}")
    run.take({"kind": "end", "status": status, "reason": why})
    run.keep(net.with_params(params[:count]), measured["gradient"][:count, k].copy())
    return run


_NOTHING = {"versions": {}, "started": ""}
