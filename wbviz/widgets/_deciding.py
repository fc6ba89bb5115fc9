"""Networks that approve or refuse, and how they treat two groups: what FairnessLab trains and counts."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import Dataset, load_dataset
from wbviz.engine import (
    GOALS,
    METRICS,
    Frontier,
    Network,
    bootstrap,
    decide,
    group_metrics,
    reweighing,
    roc,
    thresholds_for,
    wilson,
)
from wbviz.engine.group_rates import KINDS

SEX, AGE, MADE = DATA = ("credit by sex", "credit by age", "two made-up groups")
#: The two groups of each; the first is the one that is usually worse off, and gaps are first minus second.
GROUPS = {SEX: ("female", "male"), AGE: ("up to 25", "over 25"), MADE: ("B", "A")}
#: The column of each that says which group a row belongs to.
COLUMNS = {SEX: "sex", AGE: "age", MADE: "group"}
RECORDED, DESERVED = JUDGES = ("recorded", "deserved")
GOAL_LABELS = {goal.label: name for name, goal in GOALS.items()}
#: The goals whose rates a penalty can follow: precision divides by what the thresholds let through.
PENALISED = ("demographic_parity", "equal_opportunity", "equalized_odds")
STRENGTHS = (0, 0.1, 0.3, 1, 3, 10, 30)
DECAYS = (0, 0.001, 0.01, 0.03, 0.1, 0.3)
#: The rates that are shown, in this order.
SHOWN = ("selection_rate", "tpr", "fpr", "ppv", "accuracy")
HIDDEN, EPOCHS, LEARNING_RATE = (4,), 150, 0.05
ROWS, UNSEEN = 1000, 0.5
LEVEL, ROUNDS, BINS = 0.9, 1000, 25


class Source(NamedTuple):
    """Which rows there are, and which of them are learned from."""

    dataset: str
    share_b: float
    base_gap: float
    label_bias: float
    proxy: float
    seed: int


class Setting(NamedTuple):
    """What a trained network follows from, to the last bit."""

    source: Source
    goal: str
    lam: float
    reweigh: bool
    l2: float
    column: bool

    @property
    def needed(self):
        """The same with all that does nothing left out: equal ones are trained once."""
        penalised = self.lam and self.goal in PENALISED
        goal, lam = (self.goal, float(self.lam)) if penalised else (PENALISED[0], 0.0)
        return self._replace(source=needed(self.source), goal=goal, lam=lam)


def needed(source):
    """A Source without what its data set does not use."""
    return source if source.dataset == MADE else Source(source.dataset, 0, 0, 0, 0, source.seed)


class Rows(NamedTuple):
    """Rows learned from and rows never seen, as they were measured, and the group of each row."""

    learned: Dataset
    unseen: Dataset
    learned_groups: np.ndarray
    unseen_groups: np.ndarray
    names: tuple


class Trained(NamedTuple):
    """A network and its probabilities of y = 1 on the rows learned from and on the unseen ones. None is changed."""

    net: Network
    learned: np.ndarray
    unseen: np.ndarray


@lru_cache(maxsize=3)
def rows(source):
    """The Rows of a Source: half of them are kept unseen, each answer in proportion."""
    if source.dataset == MADE:
        bias = {name: getattr(source, name) for name in ("base_gap", "label_bias", "proxy")}
        data = load_dataset("two_groups", n=ROWS, seed=source.seed, share=source.share_b, **bias)
    else:
        data = load_dataset("german_credit")
    learned, unseen = data.split(UNSEEN, seed=source.seed)
    names = GROUPS[source.dataset]
    return Rows(learned, unseen, _groups(learned, source.dataset), _groups(unseen, source.dataset), names)


def _groups(data, dataset):
    if dataset == AGE:
        return np.where(data.columns["age"] <= 25, *GROUPS[AGE])
    return data.columns[COLUMNS[dataset]]


def inputs(setting):
    """What the network gets: X of the learned and of the unseen rows, standardised by the learned ones."""
    known = rows(setting.source)
    pair = (known.learned, known.unseen)
    if not setting.column:
        pair = tuple(part.without(COLUMNS[setting.source.dataset]) for part in pair)
    mean, scale = pair[0].X.mean(axis=0), pair[0].X.std(axis=0)
    return [part.standardise(mean, scale).X for part in pair]


def training(setting, strengths):
    """A Frontier, not yet trained, of one network for each strength; λ of the setting itself does not count."""
    known = rows(setting.source)
    y, groups = known.learned.y, known.learned_groups
    return Frontier(
        inputs(setting)[0], y, groups, strengths=strengths, seeds=1, goal=setting.goal, hidden=HIDDEN,
        weights=reweighing(y, groups) if setting.reweigh else None, l2=setting.l2, epochs=EPOCHS, lr=LEARNING_RATE,
        names=known.names, seed=setting.source.seed,
    )  # fmt: skip


@lru_cache(maxsize=16)
def trained(setting):
    """The Trained of a setting, trained here and now."""
    run = training(setting, (setting.lam,))
    run.run()
    net = run.net.with_params(run.net.params[0, 0])
    return Trained(net, *(run.p(X)[0, 0] for X in inputs(setting)))


# --- what is counted --------------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """How the unseen rows were decided: y, p, labels and groups, (n,) each; their GroupMetrics, and its Bootstrap."""

    y: np.ndarray
    p: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    rates: object
    spread: object


def answers(source, judge=RECORDED):
    """y of the unseen rows: as recorded, or, where it is known, as deserved."""
    unseen = rows(source).unseen
    return unseen.columns["deserved"] if judge == DESERVED and source.dataset == MADE else unseen.y


@lru_cache(maxsize=4)
def judged(setting, thresholds, judge):
    """The Judged of a setting with a threshold for each of the two groups."""
    known, p = rows(setting.source), trained(setting).unseen
    y, groups, names = answers(setting.source, judge), known.unseen_groups, known.names
    labels = decide(p, groups, np.array(thresholds), names=names)
    rates = group_metrics(y, labels, groups, names=names)
    spread = bootstrap(y, labels, groups, rounds=ROUNDS, level=LEVEL, names=names)
    return Judged(y, p, labels, groups, rates, spread)


def spans(judged_, name):
    """The interval of a rate of each group → low, high, (2,) each: the bootstrap's, and Wilson's where that has none.

    Of a rate that is 0 or 1 in the few rows there are, all samples say the same: that is no certainty.
    """
    low, high = judged_.spread.by_group(name)
    counted, below = judged_.rates.by_group[name], denominators(judged_.rates, name)
    collapsed = np.isfinite(counted) & ~(high > low)
    other = wilson(np.round(np.nan_to_num(counted) * below), below, level=LEVEL)
    return tuple(np.where(collapsed, wide, end) for wide, end in zip(other, (low, high), strict=True))


def gap_span(judged_, name):
    """The interval of the first group's rate minus the second's → low, high; NaN where the gap is undefined.

    The bootstrap's; where that of a group has no width, from both groups' own intervals (Newcombe 1998, method 10).
    """
    first, second = judged_.rates.names
    low, high = judged_.spread.by_group(name)
    p = judged_.rates.by_group[name]
    if (high > low).all() or not np.isfinite(p).all():
        return tuple(map(float, judged_.spread.gap(name, first, second)))
    low, high = spans(judged_, name)
    gap, down, up = p[0] - p[1], np.hypot(p[0] - low[0], high[1] - p[1]), np.hypot(high[0] - p[0], p[1] - low[1])
    return float(gap - down), float(gap + up)


def denominators(counted, name):
    """How many rows a rate of each group divides by, (..., G)."""
    return sum(counted.counts[..., KINDS.index(kind)] for kind in METRICS[name].below.split())


def goal_thresholds(setting, goal):
    """Thresholds, in steps of 0.01, that meet a goal as nearly as the learned rows allow."""
    known = rows(setting.source)
    found = thresholds_for(goal, known.learned.y, trained(setting).learned, known.learned_groups, names=known.names)
    return [round(min(max(float(found[name]), 0.0), 1.0), 2) for name in known.names]


def histograms(judged_, names):
    """Shares of each group's rows by score: (2 groups, 2 answers, 2 decisions, BINS), summing to 1 in each group."""
    places = np.minimum((judged_.p * BINS).astype(int), BINS - 1)
    counts = np.zeros((len(names), 2, 2, BINS))
    group = (judged_.groups[:, None] == np.array(names)).argmax(axis=1)
    np.add.at(counts, (group, judged_.y, judged_.labels, places), 1)
    return counts / np.maximum(counts.sum(axis=(1, 2, 3), keepdims=True), 1)


def curves(judged_, names):
    """The Roc of each group on the unseen rows."""
    return roc(judged_.y, judged_.p, judged_.groups, names=names)
