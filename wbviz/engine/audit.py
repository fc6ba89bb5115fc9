"""Six checks of a trained network: what is measured, the limit that it is held against, and whether it is met.

The limits are conventions of this book, not laws; each is a named number here and is shown wherever it decides.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from . import checks
from .group_intervals import bootstrap
from .group_metrics import placed

#: The share of samples inside an interval.
LEVEL = 0.9
#: At least so many rows must have been held out when they were judged.
FEWEST_HELD = 30
#: The score on rows learned from may be so much better than on rows held out: accuracy, and R² for numbers.
GAPS = {"accuracy": 0.05, "r2": 0.1}
#: The last loss on rows held out may lie so far above its lowest, as a share of that.
RISE = 0.05
#: Every layer's typical gradient is at least this share of the strongest layer's, in the median of all looks.
FAINTEST = 0.01
#: Of any hidden layer's units at most this share may be silent.
SILENT = 0.2
#: At least so many runs with different settings, judged on the same rows.
FEWEST_RUNS = 3
#: Groups may differ by so much: shares of rows, and errors in standard deviations of the answer.
GROUP_GAPS = {"share": 0.1, "error": 0.2}
#: A group's number must rest on at least so many rows.
FEWEST_IN_GROUP = 10


@dataclass(frozen=True)
class Criterion:
    """A number and its limit. least: the number must be at least the limit, otherwise at most.

    beyond: it must lie beyond the limit, and not on it.
    """

    name: str
    number: float
    limit: float
    least: bool = False
    beyond: bool = False

    @property
    def passed(self):
        ahead = self.number - self.limit if self.least else self.limit - self.number
        return bool(ahead > 0 or (ahead == 0 and not self.beyond))


@dataclass(frozen=True)
class Check:
    """One of the six: passed where all its criteria are, or where `excused` (a note stands in for them).

    key: its name.  criteria: a tuple of Criterion, none where nothing was trained yet: then the check is open.
    """

    key: str
    criteria: tuple = ()
    excused: bool = False

    @property
    def open(self):
        return not self.criteria

    @property
    def passed(self):
        return not self.open and (self.excused or all(each.passed for each in self.criteria))

    @property
    def deciding(self):
        """The first criterion that is missed, or else the first; None while the check is open."""
        missed = [each for each in self.criteria if not each.passed]
        return next(iter([*missed, *self.criteria]), None)

    @property
    def number(self):
        """What was measured, of the criterion that decides; None while the check is open."""
        return None if self.open else self.deciding.number

    @property
    def limit(self):
        """What it is held against."""
        return None if self.open else self.deciding.limit


def advantage(gains, level=LEVEL):
    """How much better one answer is than another, from what it gains on each row (n,) → (mean, half an interval).

    The interval is that of a mean of n pairs, z·s/√n: by chance alone a mean of 0 comes out beyond it in 1 − level of
    all samples of n rows, half of them on either side. Rows held out of several folds count as if they were
    independent, though their networks share what they learned from: a little too narrow (Bengio and Grandvalet 2004).
    """
    gains = checks.floats(gains, "gains")
    if gains.ndim != 1 or not len(gains):
        raise ValueError(f"gains must be numbers, one for each row, at least one; got shape {gains.shape}.")
    z = NormalDist().inv_cdf((1 + checks.rate(level, "level", below=1, above_zero=True)) / 2)
    spread = gains.std(ddof=1) if len(gains) > 1 else np.inf
    return float(gains.mean()), float(z * spread / np.sqrt(len(gains)))


@dataclass(frozen=True, eq=False)
class Groups:
    """A number of each group, with an interval; arrays (G,), NaN where a group has no such number.

    rows: on how many rows each rests.  gap: the largest less the smallest; gap_low, gap_high: the interval of that.
    """

    names: tuple
    rows: np.ndarray
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    gap: float
    gap_low: float
    gap_high: float


def group_rates(name, y, answers, groups, level=LEVEL, rounds=1000, seed=0):
    """A rate in METRICS of each group, for true y and answers of 0 and 1, with bootstrap intervals → Groups."""
    drawn = bootstrap(y, answers, groups, rounds=rounds, level=level, seed=seed)
    found, (low, high) = drawn.metrics, drawn.by_group(name)
    wanted = {"tpr": np.equal(y, 1), "fpr": np.equal(y, 0)}.get(name, np.ones(len(y), bool))
    rows = np.array([np.count_nonzero(wanted[np.asarray(groups) == group]) for group in found.names])
    ends = drawn.difference(name)
    return Groups(found.names, rows, found.by_group[name], low, high, float(found.difference(name)), *map(float, ends))


def group_means(values, groups, level=LEVEL, rounds=1000, seed=0):
    """The mean of `values` (n,) in each group, with bootstrap intervals → Groups.

    As many rows of each group are drawn again, with replacement, `rounds` times (Efron 1979: percentiles).
    """
    values = checks.floats(values, "values")
    places, names = placed(groups, len(values))
    rng, parts = np.random.default_rng(seed), [values[places == k] for k in range(len(names))]
    again = np.stack([_drawn_means(part, checks.whole(rounds, "rounds"), rng) for part in parts])
    ends = [(1 + side * checks.rate(level, "level", below=1, above_zero=True)) / 2 for side in (-1, 1)]
    means, (low, high) = np.array([part.mean() for part in parts]), np.quantile(again, ends, axis=1)
    gap_low, gap_high = np.quantile(np.ptp(again, axis=0), ends)
    counts = np.array([len(part) for part in parts])
    return Groups(names, counts, means, low, high, float(np.ptp(means)), float(gap_low), float(gap_high))


def _drawn_means(part, rounds, rng, at_once=2_000_000):
    """The means of `rounds` samples of a part, drawn in bundles that fit into memory."""
    bundle = max(at_once // len(part), 1)
    sizes = [min(bundle, rounds - start) for start in range(0, rounds, bundle)]
    return np.concatenate([part[rng.integers(len(part), size=(size, len(part)))].mean(axis=1) for size in sizes])


# --- the six ----------------------------------------------------------------------------------------------------------


def beats_baseline(gains):
    """1: better than answering without a look at the inputs, by more than so few rows leave to chance.

    gains: what is gained on each row kept apart, (n,); none are kept apart if it is empty.
    """
    if not len(gains):
        return Check("baseline", (Criterion("rows kept apart", 0, 1, least=True),))
    mean, half = advantage(gains)
    return Check("baseline", (Criterion("advantage", mean, half, least=True, beyond=True),))


def validated(held, leaked):
    """2: judged on enough rows (`held`) while these were held out, with nothing of them in the scale of the inputs."""
    return Check(
        "validated",
        (
            Criterion("rows held out", held, FEWEST_HELD, least=True),
            Criterion("leak", leaked if leaked > 1e-9 else 0.0, 0.0),
        ),
    )


def not_overfit(score, learned, held, losses):
    """3: nearly as good on rows held out as on rows learned from, and stopped before the loss there rose again.

    score: "accuracy" or "r2".  learned, held: the score on either.  losses: by epoch, on rows held out; may be empty.
    """
    if not len(losses):
        return Check("not overfit", (Criterion("epochs judged on rows held out", 0, 1, least=True),))
    lowest = max(float(np.min(losses)), 1e-12)
    gap, rise = float(learned - held), float(losses[-1]) / lowest - 1
    return Check("not overfit", (Criterion("gap", gap, GAPS[score]), Criterion("rise", rise, RISE)))


def healthy_gradients(gradients, silent, diverged):
    """4: no run diverged, no layer's gradient is lost beside another's, few units are silent.

    gradients: (looks, layers).  silent: the share of each hidden layer.  diverged: how many networks did.
    """
    return Check(
        "gradients",
        (
            Criterion("networks that diverged", int(diverged), 0),
            Criterion("faintest layer", float(layer_shares(gradients)[1].min()), FAINTEST, least=True),
            Criterion("silent units", float(max(silent, default=0.0)), SILENT),
        ),
    )


def layer_shares(gradients):
    """Each layer's gradient as a share of the strongest layer's at the same look → (lowest, median, highest).

    gradients: (looks, layers); each of the three (layers,). Where all are 0 the shares are 0.
    """
    strongest = gradients.max(axis=1, keepdims=True)
    return np.quantile(
        np.where(strongest > 0, gradients / np.where(strongest > 0, strongest, 1), 0.0), (0, 0.5, 1), axis=0
    )


def tracked(own, others, since_test=False):
    """5: chosen among several noted runs, as the best on rows held out, and before the test rows had a say.

    own: the loss of the kept run on rows held out, None if it was not noted.  others: those of the other noted runs
    judged on the same rows.  since_test: whether the settings were changed after the test rows had been looked at.
    """
    known = [loss for loss in [own, *others] if loss is not None]
    behind = 0.0 if own is None else float(own - min(known))
    return Check(
        "tracked",
        (
            Criterion("noted runs to compare", len(known), FEWEST_RUNS, least=True),
            Criterion("kept run is noted", int(own is not None), 1, least=True),
            Criterion("behind the best", behind, 0.0),
            Criterion("changes since the test", int(since_test), 0),
        ),
    )


def audited(groups, kind, noted=False):
    """6: looked at by group, and the gap is small or was written about.

    groups: a Groups, or None where none was chosen or no row was held out.  kind: "share" or "error".
    noted: whether the learner wrote a note on it, which is taken in the place of a small gap.
    """
    if groups is None:
        return Check("audited", (Criterion("groups looked at", 0, 2, least=True),))
    criteria = (
        Criterion("groups looked at", len(groups.names), 2, least=True),
        Criterion("rows of the smallest group", int(min(groups.rows)), FEWEST_IN_GROUP, least=True),
        Criterion("gap between groups", groups.gap if np.isfinite(groups.gap) else 0.0, GROUP_GAPS[kind]),
    )
    return Check("audited", criteria, excused=bool(noted) and len(groups.names) > 1)
