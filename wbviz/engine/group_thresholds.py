"""Thresholds by group: the same probabilities, other decisions (Hardt, Price and Srebro 2016)."""

from dataclasses import dataclass

import numpy as np

from . import checks
from .group_metrics import placed, two_valued
from .group_rates import GOALS, METRICS


def decide(p, groups, thresholds, names=None):
    """Labels from probabilities: 1 where p is above the threshold of the row's group.

    p: (..., n).  groups, names: as for `group_metrics`.
    thresholds: one number for all, one for each group in the order of the names, or a dict from name to number.
    """
    p = checks.floats(p, "p")
    places, names = placed(groups, p.shape[-1], names)
    if isinstance(thresholds, dict):
        if set(thresholds) != set(names):
            raise ValueError(f"thresholds must name the groups {list(names)}, got {list(thresholds)}.")
        thresholds = [thresholds[name] for name in names]
    thresholds = checks.floats(thresholds, "thresholds")
    if thresholds.shape not in ((), (len(names),)):
        raise ValueError(f"thresholds must be one number or {len(names)}, one for each group; got {thresholds.shape}.")
    return (p > np.broadcast_to(thresholds, len(names))[places]).astype(np.intp)


@dataclass(frozen=True, eq=False)
class Roc:
    """What each threshold does to one group, from strict (nobody is labelled 1) to lenient (everybody is).

    threshold: (k,), halfway between neighbouring probabilities.  counts: (k, 4), as in GroupMetrics.
    """

    threshold: np.ndarray
    counts: np.ndarray

    def rate(self, name):
        """A rate in METRICS at each threshold, (k,); NaN where undefined."""
        return checks.pick(METRICS, name, "rate").value(self.counts)

    @property
    def right(self):
        """How many rows each threshold labels rightly, (k,)."""
        return self.counts[:, 0] + self.counts[:, 3]


def roc(y, p, groups, names=None):
    """The Roc of each group, in the order of the names. y, groups, names: as for `group_metrics`; p: (n,)."""
    y, p = two_valued(y, "y"), checks.floats(p, "p")
    places, names = placed(groups, y.shape[-1], names)
    if p.shape != y.shape or places.shape != y.shape or y.ndim != 1:
        raise ValueError(f"y, p and groups must be one row of n each; got {y.shape}, {p.shape} and {places.shape}.")
    return [_roc(y[places == place], p[places == place]) for place in range(len(names))]


def _roc(y, p):
    values, at = np.unique(-p, return_inverse=True)  # from the largest probability down
    values = -values
    ones, zeros = (np.concatenate([[0], np.cumsum(np.bincount(at, part, len(values)))]) for part in (y, 1 - y))
    edges = np.concatenate([[1.0], values, [0.0]])
    threshold = (edges[:-1] + edges[1:]) / 2
    if len(values) and threshold[-1] >= values[-1]:  # a probability of 0 is labelled 1 only below 0
        threshold[-1] = -1e-9
    counts = np.stack([zeros[-1] - zeros, zeros, ones[-1] - ones, ones], axis=-1)
    return Roc(threshold, np.rint(counts).astype(np.intp))


def thresholds_for(goal, y, p, groups, names=None, within=0.02):
    """The most accurate thresholds by group that meet a goal on these rows → dict from name to threshold.

    goal: a name in GOALS, or None for each group's own most accurate threshold.
    within: how far apart the goal's rates may be; where no thresholds come so near, the nearest are taken. Each group
    in turn proposes its rates, and the others take their nearest point: with one threshold a group, equalised odds can
    often be had only where nearly nobody, or everybody, is labelled 1. (Hardt et al. then draw lots between two.)
    """
    curves = roc(y, p, groups, names)
    names = placed(groups, len(y), names)[1]
    if goal is None:
        best = [curve.right.argmax() for curve in curves]
    else:
        best = _equal(curves, checks.pick(GOALS, goal, "goal").metrics, within)
    return {name: float(curve.threshold[i]) for name, curve, i in zip(names, curves, best, strict=True)}


def _equal(curves, metrics, within):
    """For each curve the position of its threshold, so that the rates `metrics` are near each other."""
    rates = [np.stack([curve.rate(name) for name in metrics], axis=-1) for curve in curves]  # (k, metrics) each
    proposed = np.unique(np.concatenate([each[~np.isnan(each).any(axis=-1)] for each in rates]), axis=0)
    if not len(proposed):
        return [curve.right.argmax() for curve in curves]
    nearest = [_nearest(proposed, own, curve.right) for own, curve in zip(rates, curves, strict=True)]
    reached = np.stack([own[at] for own, at in zip(rates, nearest, strict=True)])  # (G, proposals, metrics)
    apart = (np.fmax.reduce(reached) - np.fmin.reduce(reached)).max(axis=-1)
    right = sum(curve.right[at] for curve, at in zip(curves, nearest, strict=True))
    allowed = apart <= max(within, apart.min()) + 1e-12
    best = np.where(allowed, right, -1).argmax()
    return [at[best] for at in nearest]


def _nearest(proposed, own, right):
    """For each proposal the position of the curve's nearest point; of several the most accurate."""
    if np.isnan(own).any(axis=-1).all():  # the group has none of these rates: whatever is most accurate
        return np.full(len(proposed), right.argmax())
    away = np.abs(proposed[:, None] - own).max(axis=-1)
    away = np.where(np.isnan(away), np.inf, away)
    return (away - 1e-9 * right / max(right.max(), 1)).argmin(axis=1)
