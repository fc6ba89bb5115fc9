"""Where to search and in which order: ranges of settings; grid, random, successive halving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import checks


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`: on a logarithmic scale if `log`, whole ones if `whole`."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self):
        checks.interval((self.low, self.high), "a range")
        if self.log and self.low <= 0:
            raise ValueError(f"A logarithmic range must begin above 0, got {self.low}.")

    def at(self, share):
        """The number at a share 0 … 1 of the way from low to high."""
        low, high = self.low, self.high
        value = low * (high / low) ** share if self.log else low + (high - low) * share
        value = min(max(value, low), high)
        return int(np.floor(value + 0.5)) if self.whole else float(value)

    def values(self, n):
        """n numbers evenly spread over the range, its ends among them (its middle alone if n is 1); no number twice."""
        shares = np.linspace(0, 1, n) if n > 1 else [0.5]
        return list(dict.fromkeys(self.at(share) for share in shares))

    def draw(self, rng):
        return self.at(rng.random())


class Choices(tuple):
    """Values to choose from, each as likely as the others."""

    def draw(self, rng):
        return self[rng.integers(len(self))]


def known_space(space, recipe):
    """`space` with every list as Choices; each name must be one of the recipe's and each value one that it takes."""
    if not isinstance(space, Mapping) or not space:
        raise TypeError(f'A space is a dict such as {{"lr": Range(1e-3, 1, log=True)}}, got {space!r}.')
    if "epochs" in space:
        raise ValueError("epochs are what a search spends, and are not searched over: give them to the recipe.")
    known = {}
    for name, values in space.items():
        if not isinstance(values, Range):
            if isinstance(values, str) or not np.iterable(values) or not list(values):
                raise TypeError(f"The space of {name!r} must be a Range or a list of values, got {values!r}.")
            values = Choices(values)
        for value in values if isinstance(values, Choices) else (values.at(0), values.at(1)):
            recipe.but(**{name: value})
        known[name] = values
    return known


# -- strategies --------------------------------------------------------------------------------------------------


class Rung(NamedTuple):
    """So many trials go on until each was trained for so many epochs."""

    trials: int
    epochs: int


@dataclass(frozen=True)
class Strategy:
    """How a budget is spent. The budget is that of `trials` trainings of `epochs` epochs.

    settings(space, trials, rng) → a list of dicts.  rungs(trials, epochs, eta, levels) → a list of Rungs.
    """

    name: str
    settings: Callable
    rungs: Callable
    meaning: str


def grid(space, trials, rng=None):
    """Every combination of evenly spread values, as many values of each Range as the trials allow; at most `trials`."""
    lists = [len(values) for values in space.values() if isinstance(values, Choices)]
    ranges, fixed = len(space) - len(lists), int(np.prod(lists))
    if fixed > trials:
        raise ValueError(f"The grid of these lists has {fixed} points, and there are {trials} trials. Shorten a list.")
    n = 1
    while ranges and fixed * (n + 1) ** ranges <= trials:
        n += 1
    axes = [list(values) if isinstance(values, Choices) else values.values(n) for values in space.values()]
    points = np.stack(np.meshgrid(*[np.arange(len(axis)) for axis in axes], indexing="ij"), -1).reshape(-1, len(axes))
    return [{name: axis[i] for name, axis, i in zip(space, axes, point, strict=True)} for point in points]


def drawn(space, trials, rng):
    """Each setting drawn on its own (Bergstra and Bengio 2012); more trials begin with the same ones."""
    return [{name: values.draw(rng) for name, values in space.items()} for _ in range(trials)]


def one_rung(trials, epochs, eta, levels):
    return [Rung(trials, epochs)]


def halving_rungs(trials, epochs, eta, levels):
    """Rungs whose epochs grow by `eta` while 1 in `eta` trials goes on; all together cost at most trials · epochs.

    Successive halving (Jamieson and Talwalkar 2016). A trial that goes on is trained further, not again, so that a
    rung costs the epochs it adds. The most trials are begun that the budget allows.
    """
    ends = sorted({max(1, round(epochs / eta**level)) for level in range(levels)})
    started = trials
    while cost(_narrowing(started + 1, ends, eta)) <= trials * epochs:
        started += 1
    return _narrowing(started, ends, eta)


def _narrowing(started, ends, eta):
    return [Rung(max(1, started // eta**i), end) for i, end in enumerate(ends)]


def cost(rungs):
    """The epochs of all trainings together."""
    before = [0, *(rung.epochs for rung in rungs)]
    return sum(rung.trials * (rung.epochs - made) for rung, made in zip(rungs, before, strict=False))


STRATEGIES = {
    strategy.name: strategy
    for strategy in (
        Strategy("grid", grid, one_rung, "every combination of evenly spread values"),
        Strategy("random", drawn, one_rung, "each setting drawn at random"),
        Strategy("halving", drawn, halving_rungs, "many drawn and trained briefly; the best go on, again and again"),
    )
}
