"""Searches over learning rate, width and λ, and rows that no search sees: what HyperparameterSearch shows."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Range, Recipe, Search
from wbviz.engine.search import nesting
from wbviz.engine.strategies import cost


class Source(NamedTuple):
    """Where rows come from: how many can be searched with, and between which scores differences are shown.

    span: on the map.  fine: for the best ones.
    """

    most: int
    span: tuple
    fine: tuple


#: The rest of a real set, and UNSEEN rows of the others, are kept from every search.
DATA = {
    "digits": Source(400, (0.1, 1.0), (0.8, 1.0)),
    "breast_cancer": Source(284, (0.8, 1.0), (0.88, 1.0)),
    "moons": Source(400, (0.6, 1.0), (0.7, 1.0)),
    "coin_flips": Source(400, (0.3, 0.8), (0.4, 0.8)),
}
UNSEEN, NOISE, COINS = 1000, 0.3, 10
FOLDS, PARTS = 5, 5
LR, WIDTH, PENALTY = Range(1e-4, 1, log=True), Range(1, 64, log=True, whole=True), Range(1e-4, 1, log=True)
#: What is tried before Start: at most so many settings, and epochs · rows of all their networks together.
FIRST, EFFORT = 24, 90_000


class Setting(NamedTuple):
    """What a search follows from, to the last bit."""

    dataset: str
    strategy: str
    trials: int
    epochs: int
    folds: int
    examples: int
    penalty: bool
    seed: int


class Rows(NamedTuple):
    """X (n, d) and y (n,) to search with; sealed_X and sealed_y, which no search sees."""

    X: np.ndarray
    y: np.ndarray
    sealed_X: np.ndarray
    sealed_y: np.ndarray


@lru_cache(maxsize=4)
def _source(dataset):
    """(rows to draw from, rows kept away), always the same, each class in proportion."""
    if dataset == "moons":
        return load_dataset("moons", n=DATA["moons"].most + UNSEEN, noise=NOISE).split(UNSEEN / (400 + UNSEEN))
    return load_dataset(dataset).split(0.5)


@lru_cache(maxsize=8)
def rows(dataset, examples, seed):
    """The Rows of a setting. The same seed with more examples keeps those it had."""
    if dataset == "coin_flips":  # inputs that say nothing: every network is right half of the time
        rng = np.random.default_rng((seed, 7))
        X, y = rng.normal(size=(DATA[dataset].most + UNSEEN, COINS)), rng.integers(0, 2, DATA[dataset].most + UNSEEN)
        return Rows(X[:examples], y[:examples], X[-UNSEEN:], y[-UNSEEN:])
    pool, sealed = _source(dataset)
    drawn = pool.sample(examples, seed=seed)
    return Rows(drawn.X, drawn.y, sealed.X, sealed.y)


def arguments(setting):
    """What a Search of a setting is made with, but for its rows."""
    space = {"hidden": WIDTH, "lr": LR} | ({"l2": PENALTY} if setting.penalty else {})
    recipe = Recipe(epochs=setting.epochs, standardise=setting.dataset != "digits")  # pixels share one unit as they are
    return {
        "recipe": recipe, "space": space, "strategy": setting.strategy, "trials": setting.trials,
        "k": FOLDS, "rounds": setting.folds, "seed": setting.seed,
    }  # fmt: skip


def begun(setting, executor=None):
    """A Search of a setting that has not taken a step."""
    known = rows(setting.dataset, setting.examples, setting.seed)
    return Search(X=known.X, y=known.y, executor=executor, **arguments(setting))


class Plan(NamedTuple):
    """What a search is going to do. places: (n, 3) learning rate, width and λ (0 if not searched) of each setting.

    rungs: how many settings are trained for how many epochs.  budget: epochs of all networks.
    """

    settings: list
    places: np.ndarray
    rungs: list
    budget: int


@lru_cache(maxsize=8)
def plan(setting):
    """The Plan of a setting."""
    search = begun(setting)
    places = [(own["lr"], own["hidden"], own.get("l2", 0.0)) for own in search.settings]
    return Plan(search.settings, np.array(places), search.plan, cost(search.plan) * setting.folds)


@dataclass(eq=False)
class Run:
    """A search under way or over. `steps` goes on with it.

    trials: each Trial as it was last judged, by number.  curve: (epochs spent, score of the best) after each.
    sealed: once it is over, the score on the sealed rows of the best, trained anew on all rows searched with.
    """

    setting: Setting
    search: Search
    trials: dict = field(default_factory=dict)
    curve: list = field(default_factory=list)
    sealed: float | None = None

    @property
    def best(self):
        """The best Trial so far, None before the first."""
        return self.search.best

    @property
    def over(self):
        return self.sealed is not None

    @property
    def spent(self):
        """The epochs of all networks together, so far."""
        return self.curve[-1][0] if self.curve else 0

    def steps(self):
        """Go on to the end; yields after each trial that became ready."""
        for trial in self.search:
            self.trials[trial.number] = trial
            self.curve.append((self.search.spent, self.best.score))
            yield trial
        if not self.over:
            known = rows(self.setting.dataset, self.setting.examples, self.setting.seed)
            self.sealed = self.search.refit().score(known.sealed_X, known.sealed_y)


@lru_cache(maxsize=8)
def first(setting):
    """A Run that has tried the first few settings, as many as take a moment; none where one takes longer."""
    run = Run(setting, begun(setting))
    for _ in islice(run.steps(), first_few(setting)):
        pass
    run.search.close()
    return run


def first_few(setting):
    """How many settings are tried before Start."""
    effort = plan(setting).rungs[0].epochs * setting.examples * setting.folds
    return min(FIRST, EFFORT // effort, len(plan(setting).settings) - 1)


@lru_cache(maxsize=3)
def finished(setting):
    """A Run that is over, computed at once. Only the latest are remembered."""
    run = Run(setting, begun(setting))
    for _ in run.steps():
        pass
    return run


@dataclass(eq=False)
class Check:
    """A nested check under way or over: the Outers found so far."""

    setting: Setting
    outers: list = field(default_factory=list)

    @property
    def over(self):
        return len(self.outers) == PARTS

    @property
    def inner(self):
        """The mean of the best scores that the searches found."""
        return float(np.mean([outer.inner for outer in self.outers]))

    @property
    def outer(self):
        """The mean score on the parts left out."""
        return float(np.mean([outer.outer for outer in self.outers]))

    def steps(self, executor=None):
        """Begin anew and go to the end; yields (share done, number of the part, its Search) after each trial."""
        self.outers, setting = [], self.setting
        known = rows(setting.dataset, setting.examples, setting.seed)
        for part, search, outer in nesting(X=known.X, y=known.y, executor=executor, outer=PARTS, **arguments(setting)):
            self.outers += [outer] if outer is not None else []
            yield (part + search.spent / search.budget) / PARTS, part, search


@lru_cache(maxsize=3)
def checked(setting):
    """A Check that is over, computed at once."""
    check = Check(setting)
    for _ in check.steps():
        pass
    return check
