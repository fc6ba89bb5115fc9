"""Decisions looked at more closely: slice by slice, and along the strength of the penalty on many splits."""

from typing import NamedTuple

import numpy as np

from wbviz.engine import GOALS, crossed, decide, group_metrics, unfairness, wilson
from wbviz.widgets._deciding import JUDGES, LEVEL, MADE, SHOWN, STRENGTHS, answers, denominators, inputs, rows, training

#: A frontier is measured on so many splits into learned and unseen rows.
SPLITS = 8
#: How often equal treatment is played through, to see what chance alone makes of it.
GAMES = 400


class Slice(NamedTuple):
    """A part of the unseen rows, of the `kind` of its column. rates, low, high: (len(SHOWN),), NaN where undefined."""

    kind: int
    name: str
    count: int
    base_rate: float
    rates: np.ndarray
    low: np.ndarray
    high: np.ndarray


def slices(setting, judged_):
    """All rows, those of each group, and every combination: a list of Slices, also of empty ones."""
    unseen = rows(setting.source).unseen
    if setting.source.dataset == MADE:
        district = np.where(unseen.X[:, 2] > 0, "district +", "district −")
        columns = {"group": unseen.columns["group"], "district": district}
    else:
        age = unseen.columns["age"]
        bands = np.select([age <= 25, age <= 40], ["up to 25", "26 to 40"], "over 40")
        columns = {"sex": unseen.columns["sex"], "age": bands}
    ways = [np.full(len(unseen), "all"), *columns.values()]
    parts = [(way, sorted(set(way.tolist()), key=_order)) for way in ways]
    both, names = crossed(**columns)
    parts.append((both, sorted(names, key=lambda name: tuple(map(_order, name.split(", "))))))
    return [each for kind, part in enumerate(parts) for each in _slices(judged_, kind, *part)]


def _order(name):
    """Ages from young to old, everything else by its letters."""
    return {"up to 25": "1", "26 to 40": "2", "over 40": "3"}.get(name, name)


def _slices(judged_, kind, way, names):
    counted = group_metrics(judged_.y, judged_.labels, way, names=names)
    rates = np.column_stack([counted.by_group[name] for name in SHOWN])
    below = np.column_stack([denominators(counted, name) for name in SHOWN])
    low, high = wilson(np.round(np.nan_to_num(rates) * below), below, level=LEVEL)
    return [
        Slice(kind, name, int(counted.count[k]), float(counted.base_rate[k]), rates[k], low[k], high[k])
        for k, name in enumerate(names)
    ]


# --- the frontier -----------------------------------------------------------------------------------------------------


class Split(NamedTuple):
    """One split of a frontier: the probabilities p (len(STRENGTHS), n) of its unseen rows, and what they are.

    y: judge → their answers (n,).  groups: (n,).  names: the two groups.
    """

    p: np.ndarray
    y: dict
    groups: np.ndarray
    names: tuple


class Path(NamedTuple):
    """A frontier at some thresholds: unfairness (NaN where undefined) and accuracy, (splits, strengths) each."""

    unfair: np.ndarray
    accuracy: np.ndarray

    def mean(self):
        """Unfairness and accuracy, the means over the splits where they are defined, (strengths,) each."""
        return [_mean(values)[0] for values in self]

    def error(self):
        """Their standard errors; 0 where there is only one split."""
        return [_mean(values)[1] for values in self]

    def change(self, lam):
        """What λ changes against λ = 0, split by split: ((mean, standard error) of unfairness, same of accuracy)."""
        k = STRENGTHS.index(lam)
        return [tuple(map(float, _mean(values[:, k] - values[:, 0]))) for values in self]


def _mean(values):
    """The mean along the first axis and its standard error, of what is no NaN; (NaN, 0) where nothing is."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    mean = np.where(n > 0, np.where(known, values, 0).sum(axis=0) / np.maximum(n, 1), np.nan)
    squares = np.where(known, values - mean, 0) ** 2
    return mean, np.sqrt(squares.sum(axis=0) / np.maximum(n - 1, 1) / np.maximum(n, 1))


def frontier(setting, done=()):
    """Train a network for each strength on SPLITS splits, after those already `done`.

    Yields (share of all, the Splits so far).
    """
    done = list(done)
    for k in range(len(done), SPLITS):
        source = setting.source._replace(seed=(setting.source.seed + k) % 100)
        here = setting._replace(source=source)
        run = training(here, STRENGTHS)
        for _ in run:
            yield (k + run.made / run.n_steps) / SPLITS, done
        known, y = rows(source), {judge: answers(source, judge) for judge in JUDGES}
        done = [*done, Split(run.p(inputs(here)[1])[:, 0], y, known.unseen_groups, known.names)]
        yield (k + 1) / SPLITS, done


def missed(counted, goal):
    """How far a goal is missed, (...); NaN where one of the groups does not have one of its rates."""
    lacking = [np.isnan(counted.by_group[name]).any(axis=-1) for name in GOALS[goal].metrics]
    return np.where(np.any(lacking, axis=0), np.nan, unfairness(counted, goal))


def path(splits, goal, thresholds, judge):
    """The Path of Splits at two thresholds, judged by recorded or deserved answers."""
    found = []
    for split in splits:
        labels = decide(split.p, split.groups, np.array(thresholds), names=split.names)
        counted = group_metrics(split.y[judge], labels, split.groups, names=split.names)
        found.append((missed(counted, goal), counted.overall["accuracy"]))
    return Path(*np.array(found).transpose(1, 0, 2))


def chance(counted, goal):
    """How far a goal is missed on average if all groups have the same chance, and rows alone make the difference.

    The groups keep their numbers of rows; each rate is drawn from the binomial of the rate of all. NaN where undefined.
    """
    rng, worst = np.random.default_rng(0), np.zeros(GAMES)
    for name in GOALS[goal].metrics:
        below, rate = denominators(counted, name), float(counted.overall[name])
        if not np.isfinite(rate) or not below.all():
            return float("nan")
        drawn = rng.binomial(below, rate, size=(GAMES, len(below))) / below
        worst = np.maximum(worst, np.ptp(drawn, axis=1))
    return float(worst.mean())
