"""How a model treats groups: the rates of each group, and how far they are apart.

Everything follows from counts: in each group, how many rows of each true answer y got each label. Names and numbers
are those of Fairlearn's MetricFrame. One difference: where a rate has nothing to divide by, Fairlearn says 0; here it
is NaN in the arrays, is left out of differences and ratios, and `undefined` says why in a sentence.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from . import checks
from .evaluation import predicted_labels
from .group_rates import GOALS, METRICS

METHODS = {"between_groups": "largest minus smallest", "to_overall": "farthest from the rate of all rows together"}


@dataclass(frozen=True, eq=False)
class GroupMetrics:
    """The counts of each group, and the rates that follow; leading axes are those of a population of predictions.

    names: the G groups.  counts: whole numbers (..., G, 4) in the order of KINDS.
    Each name in METRICS is an attribute too: `.tpr` is `.by_group["tpr"]`, one rate for each group, (..., G).
    """

    names: tuple
    counts: np.ndarray

    @property
    def count(self):
        """Rows of each group, (..., G)."""
        return self.counts.sum(axis=-1)

    @cached_property
    def by_group(self):
        """Name → the rate of each group, (..., G); NaN where undefined. "count" is there too."""
        return {"count": self.count, **{name: metric.value(self.counts) for name, metric in METRICS.items()}}

    @cached_property
    def overall(self):
        """Name → the rate of all rows together, (...)."""
        counts = self.counts.sum(axis=-2)
        return {"count": counts.sum(axis=-1), **{name: metric.value(counts) for name, metric in METRICS.items()}}

    def __getattr__(self, name):
        if name in METRICS:
            return self.by_group[name]
        raise AttributeError(
            f"There is no rate {name!r}.{checks.near_miss(name, METRICS)} Known: {', '.join(METRICS)}."
        )

    def difference(self, name, method="between_groups"):
        """How far the groups' rates are apart at most, (...): a number from 0 to 1, NaN where no group has the rate.

        method: "between_groups", the largest minus the smallest, or "to_overall", the farthest from the rate of all.
        """
        rates, overall = self._rates(name, method)
        from_there = _fold(np.fmin, rates)[..., None] if overall is None else overall[..., None]
        return _fold(np.fmax, np.abs(rates - from_there))

    def ratio(self, name, method="between_groups"):
        """The smallest rate divided by the largest, (...): 1 where all are equal, NaN where all are 0 or undefined.

        method: "between_groups", or "to_overall": each group's rate and that of all, the smaller by the larger; the
        least of these.
        """
        rates, overall = self._rates(name, method)
        if overall is None:
            return _divided(_fold(np.fmin, rates), _fold(np.fmax, rates))
        overall = np.broadcast_to(overall[..., None], rates.shape)
        return _fold(np.fmin, _divided(np.minimum(rates, overall), np.maximum(rates, overall)))

    def gap(self, name, first, second):
        """The rate of the group `first` minus that of the group `second`, with its sign, (...)."""
        rates, _ = self._rates(name, "between_groups")
        return rates[..., self.place(first)] - rates[..., self.place(second)]

    def place(self, group):
        """The position of a group among the names."""
        for place, name in enumerate(self.names):
            if name == group:
                return place
        raise ValueError(f"There is no group {group!r}. The groups are: {', '.join(map(str, self.names))}.")

    def undefined(self, name):
        """A sentence for each group that does not have this rate, and why; empty where all have it (in all members)."""
        metric = checks.pick(METRICS, name, "rate")
        lacking = np.isnan(self.by_group[metric.name]).reshape(-1, len(self.names)).any(axis=0)
        return " ".join(
            f"The {metric.label} of {group} is undefined: there is {metric.missing}."
            for group, without in zip(self.names, lacking, strict=True)
            if without
        )

    def _rates(self, name, method):
        """The rates by group and, for "to_overall", those of all rows."""
        checks.pick(METHODS, method, "method")
        metric = checks.pick(METRICS, name, "rate")
        return self.by_group[metric.name], self.overall[metric.name] if method == "to_overall" else None


def group_metrics(y, y_hat, groups, names=None, threshold=0.0):
    """Count how each group's rows were labelled → GroupMetrics.

    y: true answers 0 or 1, (n,).  y_hat: labels 0 or 1 as whole numbers, (..., n); or one output a row, (..., n, 1),
    which becomes the label 1 above `threshold` (0 is right for logits, 0.5 for probabilities).
    groups: what each row belongs to, (n,), words, numbers or booleans.  Leading axes of all three may be a population.
    names: the groups in their order, also such as have no row; left out, those that occur, sorted.
    """
    labels = two_valued(predicted_labels(y_hat, threshold), "y_hat")
    y = two_valued(y, "y")
    if y.shape[-1:] != labels.shape[-1:]:
        raise ValueError(f"y and y_hat must have as many rows, at least one; got {y.shape} and {np.shape(y_hat)}.")
    places, names = placed(groups, y.shape[-1], names)
    try:
        kind, places = np.broadcast_arrays(2 * y + labels, places)
    except ValueError:
        raise ValueError(
            f"The shapes of y, y_hat and groups do not fit: {y.shape}, {labels.shape}, {places.shape}."
        ) from None
    member = np.arange(kind[..., 0].size).reshape(*kind.shape[:-1], 1)
    cells = (member * len(names) + places) * 4 + kind
    counts = np.bincount(cells.ravel(), minlength=kind[..., 0].size * len(names) * 4)
    return GroupMetrics(names, counts.reshape(*kind.shape[:-1], len(names), 4))


def unfairness(metrics, goal, method="between_groups"):
    """How far a goal in GOALS is missed: the largest difference among its rates, (...); 0 where it is met."""
    goal = checks.pick(GOALS, goal, "goal")
    return _worst(np.fmax, [metrics.difference(name, method) for name in goal.metrics])


def fairness_ratio(metrics, goal, method="between_groups"):
    """How far a goal in GOALS is met: the smallest ratio among its rates, (...); 1 where it is met."""
    goal = checks.pick(GOALS, goal, "goal")
    return _worst(np.fmin, [metrics.ratio(name, method) for name in goal.metrics])


def implied_fpr(base_rate, ppv, fnr):
    """The false positive rate that a base rate p, a precision and a false negative rate leave no choice about.

    FPR = p / (1 − p) · (1 − PPV) / PPV · (1 − FNR) (Chouldechova 2017): an identity, since all four count the same
    rows. It holds wherever p < 1 and PPV > 0; elsewhere NaN. Numbers, or arrays that broadcast.
    """
    p, ppv, fnr = (np.asarray(value, dtype=float) for value in (base_rate, ppv, fnr))
    with np.errstate(all="ignore"):
        fpr = p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)
    return np.where((p < 1) & (ppv > 0), fpr, np.nan)[()]


def crossed(**columns):
    """Groups of several columns at once → (groups (n,), names of all combinations, also of those that do not occur).

    crossed(sex=["female", "male"], age=["under 25", "over 25"]) → "female, under 25", "male, over 25".
    """
    columns = {name: np.asarray(values).astype(str) for name, values in columns.items()}
    if len({values.shape for values in columns.values()}) != 1:
        raise ValueError(
            f"The columns must have as many rows: {', '.join(f'{k} {v.shape}' for k, v in columns.items())}."
        )
    groups = np.array([", ".join(row) for row in zip(*columns.values(), strict=True)])
    return groups, tuple(", ".join(names) for names in product(*(np.unique(values) for values in columns.values())))


def two_valued(values, name):
    """`values` as whole numbers, all of them 0 or 1, with at least one row."""
    array = checks.floats(values, name)
    wrong = (array != 0) & (array != 1)
    if wrong.any():
        raise ValueError(f"{name} must hold 0 and 1 only, got {array[wrong].flat[0]:g}.")
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one row, got shape {array.shape}.")
    return array.astype(np.intp)


def placed(groups, n, names=None):
    """Each row's group as a position among the names → (positions (..., n), names as a tuple)."""
    groups = np.asarray(groups)
    if groups.ndim == 0 or groups.shape[-1] != n:
        raise ValueError(f"groups must name the group of each of the {n} rows, got shape {groups.shape}.")
    if names is None:
        found, places = np.unique(groups, return_inverse=True)
        return places.reshape(groups.shape), tuple(found.tolist())
    names = tuple(names)
    match = groups[..., None] == np.array(names)
    if len(set(names)) != len(names) or not match.any(axis=-1).all():
        extra = sorted({str(group) for group in groups[~match.any(axis=-1)]})
        raise ValueError(
            f"names must hold every group once; got {list(names)}, without {', '.join(extra) or 'a repeat'}."
        )
    return match.argmax(axis=-1), names


def _fold(pick, rates):
    """fmin or fmax over the groups: what is undefined is passed over."""
    return pick.reduce(rates, axis=-1)


def _worst(pick, values):
    return pick.reduce(np.stack(values), axis=0)[()]


def _divided(top, below):
    """top / below, NaN where there is nothing to divide by."""
    return np.where(below > 0, top / np.where(below > 0, below, 1), np.nan)[()]
