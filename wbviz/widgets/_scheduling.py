"""Learning-rate schedules on one noisy training: what ScheduleDesigner measures."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SCHEDULES, SGD, Adam, Network, Training

SIZES, EXAMPLES, NOISE, L2 = [2, 4, 1], 100, 0.35, 0.02
RECIPE = {"loss": "binary_cross_entropy", "l2": L2}
#: Every schedule is tried with so many seeds: each has its own starting weights and its own order of mini-batches.
SEEDS = 20
BATCHES = (1, 2, 5, 10, 20, 50, EXAMPLES)
LOOKS = 80  # how often the loss on all examples is looked at, beside the start
TAIL = LOOKS // 10  # the last looks, in which the noise floor is measured
#: A drawing holds a share of lr for each of so many places, evenly spread over the steps.
PLACES = 41
DRAWN = "drawn"
KINDS = (*SCHEDULES, DRAWN)


class Plan(NamedTuple):
    """A schedule: its name in KINDS, its highest rate, how many steps, and its arguments as pairs (name, value).

    The arguments are those of the engine's function of that name, lr left out; of a drawing, `shares` (PLACES,).
    """

    kind: str
    lr: float
    steps: int
    arguments: tuple

    @property
    def schedule(self):
        """The function step → lr."""
        if self.kind == DRAWN:
            return drawn(self.lr, self.steps, **dict(self.arguments))
        return SCHEDULES[self.kind](self.lr, **dict(self.arguments))

    @property
    def rates(self):
        """The learning rate of every step, (steps,); not to be written to."""
        return _rates(self)


@lru_cache(maxsize=16)
def _rates(plan):
    schedule = plan.schedule
    rates = np.array([schedule(step) for step in range(plan.steps)])
    rates.flags.writeable = False
    return rates


def drawn(lr, steps, shares):
    """lr times a drawing: straight lines between `shares`, which are spread evenly from step 0 to `steps`."""
    places = np.linspace(0, steps, len(shares))
    return lambda step: lr * float(np.interp(step, places, shares))


def traced(plan):
    """A plan as a drawing: its share of lr at each place, 0 to 1, rounded."""
    rates, places = plan.rates, np.linspace(0, plan.steps - 1, PLACES).round().astype(int)
    return [float(share) for share in np.clip(rates[places] / plan.lr, 0, 1).round(3)]


class Run(NamedTuple):
    """One schedule with every seed: at which steps was looked, (LOOKS + 1,), and how far the loss, penalty included,
    lay above the lowest there is, (LOOKS + 1, SEEDS)."""

    at: np.ndarray
    above: np.ndarray

    @property
    def floor(self):
        """The mean of the last tenth for each seed, (SEEDS,)."""
        return self.above[-TAIL:].mean(axis=0)

    @property
    def drift(self):
        """How far the last tenth lies above the one before it, in standard errors over the seeds: about 0 if level."""
        risen = self.floor - self.above[-2 * TAIL : -TAIL].mean(axis=0)
        error = risen.std(ddof=1) / SEEDS**0.5
        return float(risen.mean() / error) if error else 0.0


@cache
def examples():
    """X (100, 2) and y (100, 1): moons so blurred that they overlap, standardised."""
    moons = load_dataset("moons", n=EXAMPLES, noise=NOISE, seed=0).standardise()
    return moons.X, moons.y[:, None].astype(float)


@cache
def shuffled():
    """X (20, 100, 2) and y (20, 100, 1): the same examples in an order of its own for each seed."""
    orders = np.stack([np.random.default_rng((7, seed)).permutation(EXAMPLES) for seed in range(SEEDS)])
    return tuple(part[orders] for part in examples())


@cache
def lowest():
    """The lowest loss that is known, penalty included: where two starts end that descend on all examples at once."""
    net = Network(SIZES, seed=0, population=2)
    Training(net, *examples(), **RECIPE, optimizer=Adam(lr=0.05), epochs=350).run()
    return float(net.loss(*examples(), **RECIPE).min())


def run(plan, batch):
    """The Run of a plan with mini-batches of so many examples."""
    return _run(plan.rates.tobytes(), batch)


@lru_cache(maxsize=16)
def _run(rates, batch):
    rates = np.frombuffer(rates)
    net = Network(SIZES, seed=0, population=SEEDS)
    training = Training(
        net, *shuffled(), **RECIPE, optimizer=SGD(), batch_size=batch, schedule=lambda step: float(rates[step]),
        epochs=-(-len(rates) * batch // EXAMPLES), record=("params",),
    )  # fmt: skip
    training.run(len(rates))
    at = np.linspace(0, len(rates), LOOKS + 1).round().astype(int)
    losses = net.with_params(training.history.params[at]).loss(*examples(), **RECIPE)
    return Run(at, losses - lowest())
