"""Searches for an architecture, by Optuna, by chance and by hand: what ArchitectureSearch shows."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from wbviz.bridges import how_to_install, present
from wbviz.bridges.optuna_recorded import recorded
from wbviz.data import load_dataset
from wbviz.engine import Range, Recipe
from wbviz.engine.guided import Adviser, Attempt, Guided, Listed
from wbviz.engine.importance import importances
from wbviz.engine.strategies import known_space
from wbviz.widgets import _searching

TPE, RANDOM, HAND = WAYS = ("TPE", "random", "by hand")
ACTIVATIONS, OPTIMIZERS = ("sigmoid", "tanh", "relu"), ("SGD", "RMSprop", "Adam")
#: What is searched over.
SPACE = {
    "depth": Range(1, 4, whole=True),
    "width": Range(2, 16, log=True, whole=True),
    "activation": list(ACTIVATIONS),
    "optimizer": list(OPTIMIZERS),
    "lr": Range(1e-3, 1, log=True),
}
MOST, LOOKS, FOLDS, FEWEST = 60, 3, 3, 8
OWN, PED, FANOVA = JUDGES = ("variance", "PED-ANOVA", "fANOVA")


class Source(NamedTuple):
    """A data set: how many rows are searched with, the epochs of a full training, rows in a step, scores shown from."""

    rows: int
    epochs: int
    batch: int | None
    low: float


DATA = {
    "spiral": Source(240, 150, 60, 0.4),
    "moons": Source(240, 60, None, 0.4),
    "breast_cancer": Source(240, 27, None, 0.4),
    "digits": Source(240, 27, None, 0.0),
}
UNSEEN = 1000


class Setting(NamedTuple):
    """What a search follows from."""

    dataset: str
    way: str
    trials: int
    prune: bool
    seed: int

    @property
    def budget(self):
        """In epochs."""
        return self.trials * DATA[self.dataset].epochs

    @property
    def name(self):
        """Of the study in a file, and of the recorded advice: the budget is none of it, it may be raised later."""
        return f"{self.dataset}, {self.way}, {'pruned' if self.prune else 'to the end'}, seed {self.seed}"


@lru_cache(maxsize=8)
def rows(dataset, seed):
    """The Rows of a seed: those to search with, and others that no search sees."""
    if dataset != "spiral":
        return _searching.rows(dataset, DATA[dataset].rows, seed)
    known = load_dataset("spiral", n=DATA["spiral"].rows + UNSEEN, seed=seed)
    order, n = np.random.default_rng(seed).permutation(len(known.X)), DATA["spiral"].rows
    X, y = known.X[order], known.y[order]
    return _searching.Rows(X[:n], y[:n], X[n:], y[n:])


def recipe(dataset):
    """What is not searched over."""
    source = DATA[dataset]
    return Recipe(epochs=source.epochs, batch_size=source.batch, standardise=dataset != "digits")


def guided(setting, adviser, most=None, at_once=1, executor=None):
    """The engine's search of a setting."""
    known = rows(setting.dataset, setting.seed)
    return Guided(
        recipe(setting.dataset), adviser, known.X, known.y, trials=setting.trials, most=most, k=FOLDS,
        seed=setting.seed, looks=LOOKS, at_once=at_once, executor=executor,
    )  # fmt: skip


# -- runs ------------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Run:
    """A search under way or over. attempts: what was found so far.  source: "", or where recorded advice is from.

    weights: evaluator → what each setting matters, for those that were asked at the end.
    """

    setting: Setting
    search: Guided
    source: str = ""
    attempts: list = field(default_factory=list)
    weights: dict = field(default_factory=dict)

    def __post_init__(self):
        self.attempts = list(self.search.attempts)

    @property
    def best(self):
        """The best Attempt so far, None before the first."""
        return max(self.attempts, key=lambda attempt: attempt.rank, default=None)

    @property
    def spent(self):
        """The epochs so far."""
        return self.attempts[-1].spent if self.attempts else 0

    @property
    def over(self):
        """Whether the budget has no room for another full training."""
        return self.search.over or self.setting.budget - self.spent < DATA[self.setting.dataset].epochs

    @property
    def curve(self):
        """(epochs spent, score of the best so far) after each trial."""
        found, best = [], None
        for attempt in self.attempts.copy():
            best = attempt if best is None or attempt.rank > best.rank else best
            found.append((attempt.spent, best.score))
        return found

    def close(self):
        """Let go of its file, where it has one."""
        close = getattr(self.search.adviser, "close", None)
        if close is not None:
            close()

    def steps(self):
        """Go on to the end; yields after each trial that is over."""
        for attempt in self.search:
            self.attempts.append(attempt)
            yield attempt
        self.weigh()

    def weigh(self):
        """Ask Optuna's evaluators, where they are there: they take a second."""
        for judge in JUDGES:
            if judge != OWN and not missing(judge):
                self.weights[judge] = weighed(self, judge)


def unavailable(setting):
    """Why a setting cannot be searched here, in a sentence; "" where it can."""
    if setting.way != TPE or present("optuna"):
        return ""
    advice = recorded(setting.name)
    if advice is None:
        return f"{how_to_install('optuna')} Recorded is its advice for seed 0 alone."
    return ""


def begun(setting, file=None, at_once=1, executor=None):
    """A Run that has not taken a step, but for those that the file holds. Raises MissingExtra or ValueError."""
    most, source = None, ""
    if setting.way == TPE and not present("optuna"):
        advice = recorded(setting.name)
        adviser, most = Listed(SPACE, advice.settings, setting.seed, setting.prune), len(advice.settings)
        source = f"{advice.versions}, {advice.date}"
    elif setting.way == RANDOM and file is None:
        adviser = Adviser(SPACE, setting.seed, setting.prune)
    else:
        from wbviz.bridges.optuna_search import OptunaAdviser

        sampler = "tpe" if setting.way == TPE else "random"
        adviser = OptunaAdviser(SPACE, setting.seed, setting.prune, sampler, file, setting.name)
    return Run(setting, guided(setting, adviser, most, at_once, executor), source)


@lru_cache(maxsize=128)
def _tried(dataset, seed, number, values):
    """The Attempt of one try by hand."""
    return bare(dataset, seed).tried(number, dict(zip(SPACE, values, strict=True)))


def by_hand(setting, tries):
    """The Run of the learner's own tries, a list of settings."""
    return _by_hand(setting, tuple(tuple(one[name] for name in SPACE) for one in tries))


@lru_cache(maxsize=4)
def _by_hand(setting, tries):
    run = Run(setting, bare(setting.dataset, setting.seed, setting.trials))
    for number, values in enumerate(tries):
        tried = _tried(setting.dataset, setting.seed, number, values)
        run.attempts.append(replace(tried, spent=(number + 1) * DATA[setting.dataset].epochs))
    return run


@lru_cache(maxsize=8)
def bare(dataset, seed, trials=1):
    """A search in which nothing is tried yet; it also trains what others found."""
    return guided(Setting(dataset, RANDOM, trials, False, seed), Adviser(SPACE, seed))


class Look(NamedTuple):
    """The network of an attempt: its Fitted, and its score on the rows that no search has seen."""

    model: object
    sealed: float


@lru_cache(maxsize=16)
def _looked(dataset, seed, number, values, epochs):
    search = bare(dataset, seed)
    setting = dict(zip(SPACE, values, strict=True))
    model = search.model(Attempt(number, setting, epochs, (0.0,), 0.0, 0.0, False, False, 0))
    known = rows(dataset, seed)
    return Look(model, model.score(known.sealed_X, known.sealed_y))


def look(setting, attempt):
    """The Look of an attempt, the network that was judged, trained again."""
    values = tuple(attempt.setting[name] for name in SPACE)
    return _looked(setting.dataset, setting.seed, attempt.number, values, attempt.epochs)


# -- which setting matters -------------------------------------------------------------------------------------------


def missing(judge):
    """What to install for an evaluator, in a sentence; "" where it is there."""
    if judge == OWN:
        return ""
    if not present("optuna"):
        return how_to_install("optuna")
    if judge == FANOVA and not find_spec("sklearn"):
        return "fANOVA needs scikit-learn. Type %pip install scikit-learn in a cell, then restart the kernel."
    return ""


def weighed(run, judge):
    """{name: share} of what each setting matters among the trials that went to their end; {} where it is not known."""
    ended = [attempt for attempt in run.attempts.copy() if not (attempt.stopped or attempt.diverged)]
    if len(ended) < FEWEST or missing(judge):
        return {}
    rows = tuple((*(attempt.setting[name] for name in SPACE), attempt.score) for attempt in ended)
    return _weighed(rows, judge)


def shares(run, judge):
    """What is known at once of what each setting matters: `weighed`, but nothing that takes long is computed."""
    return weighed(run, OWN) if judge == OWN else run.weights.get(judge, {})


@lru_cache(maxsize=16)
def _weighed(rows, judge):
    settings = [dict(zip(SPACE, row[:-1], strict=True)) for row in rows]
    if judge == OWN:
        return importances(settings, [row[-1] for row in rows])
    from wbviz.bridges.optuna_search import importances_of

    return importances_of(settings, [row[-1] for row in rows], known_space(SPACE, Recipe()), judge)
