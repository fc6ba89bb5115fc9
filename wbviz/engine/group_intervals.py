"""How far the rates of a group can be trusted: a small group's could easily have come out otherwise."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from . import checks
from .group_metrics import GroupMetrics, group_metrics, unfairness


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """The rates of many samples drawn again from the same rows, and the intervals in which most of them lie.

    metrics: the GroupMetrics of the rows as they are.  again: those of the samples, with a leading axis (rounds,).
    level: the share of samples between the two ends, as much being left out above as below (Efron 1979: percentiles).
    Samples in which a rate is undefined are left out; `defined` tells how many are not.
    """

    metrics: GroupMetrics
    again: GroupMetrics
    level: float

    def by_group(self, name):
        """The ends of the interval of a rate of each group → low (G,), high (G,)."""
        return self._ends(self.again.by_group[checked(name, self.again)])

    def difference(self, name):
        """The ends for the largest difference between groups. It is never below 0, so that it cannot tell from none."""
        return self._ends(self.again.difference(name))

    def gap(self, name, first, second):
        """The ends for the rate of the group `first` minus that of `second`: where 0 is inside, it may be chance."""
        return self._ends(self.again.gap(name, first, second))

    def unfairness(self, goal):
        """The ends for how far a goal in GOALS is missed."""
        return self._ends(unfairness(self.again, goal))

    def defined(self, name):
        """The share of samples in which each group has this rate, (G,)."""
        return (~np.isnan(self.again.by_group[checked(name, self.again)])).mean(axis=0)

    def _ends(self, values):
        sorted_, known = np.sort(values, axis=0), (~np.isnan(values)).sum(axis=0)  # what is NaN comes last
        return tuple(_quantile(sorted_, known, (1 + side * self.level) / 2) for side in (-1, 1))


def bootstrap(y, y_hat, groups, rounds=1000, level=0.9, seed=0, names=None, threshold=0.0):
    """Draw as many rows again, with replacement, `rounds` times → Bootstrap.

    y, y_hat, groups, names, threshold: as for `group_metrics`, one prediction. Since all rates follow from the counts
    of 4·G kinds of row, the counts are drawn, from the multinomial distribution: the same thing in a thousandth.
    """
    rounds, level = checks.whole(rounds, "rounds"), checks.rate(level, "level", below=1, above_zero=True)
    metrics = group_metrics(y, y_hat, groups, names, threshold)
    if metrics.counts.ndim != 2:
        raise ValueError(f"The bootstrap takes one prediction, not a population of {metrics.counts.shape[:-2]}.")
    n = metrics.counts.sum()
    drawn = np.random.default_rng(seed).multinomial(n, metrics.counts.ravel() / n, size=rounds)
    again = GroupMetrics(metrics.names, drawn.reshape(rounds, *metrics.counts.shape))
    return Bootstrap(metrics, again, level)


def wilson(successes, trials, level=0.9):
    """The interval of a share: `successes` of `trials` → low, high (Wilson 1927); numbers or arrays.

    It knows what the bootstrap does not: of 5 out of 5 one cannot be certain of the sixth. No trial: from 0 to 1.
    """
    k, n = (
        checks.floats(checks.rate(value, name), name) for value, name in ((successes, "successes"), (trials, "trials"))
    )
    if (k > n).any():
        raise ValueError(f"There cannot be more successes than trials, got {successes} of {trials}.")
    z = NormalDist().inv_cdf((1 + checks.rate(level, "level", below=1, above_zero=True)) / 2)
    known, n = n >= 1, np.maximum(n, 1)
    share = k / n
    middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = ((middle + side * half) / (1 + z**2 / n) for side in (-1, 1))
    return np.where(known, np.clip(low, 0, share), 0.0)[()], np.where(known, np.clip(high, share, 1), 1.0)[()]


def checked(name, metrics):
    """The name of a rate, or of the count, that is there."""
    if name not in metrics.by_group:
        raise ValueError(f"There is no rate {name!r}.{checks.near_miss(name, metrics.by_group)}")
    return name


def _quantile(values, known, q):
    """The q-quantile, interpolated, of the first `known` of the sorted values along the first axis; NaN of none."""
    last = np.maximum(known - 1, 0)
    place = q * last
    below, above = np.floor(place).astype(int), np.ceil(place).astype(int)
    low, high = (
        np.take_along_axis(values, at[None], axis=0)[0] if values.ndim > 1 else values[at] for at in (below, above)
    )
    return (low + (place - below) * (high - low))[()]
