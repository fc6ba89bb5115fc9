"""Search for the settings of a recipe, and how far the best score can be trusted."""

import heapq
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from . import checks
from .recipe import Recipe, Start, examples
from .strategies import STRATEGIES, cost, known_space
from .validation import BUNDLE, Job, known_leak, perform, splits_of, strata


@dataclass(frozen=True, eq=False)
class Trial:
    """A setting and how good it is found. The arrays have one number for each part held out.

    number: its place in the table.  setting: what was searched over.  recipe: the whole.  rung: how often it went on.
    scores, losses: on the parts held out.  train_scores: on the rows learned from.  diverged: whether a training did.
    """

    number: int
    setting: dict
    recipe: Recipe
    rung: int
    scores: np.ndarray
    losses: np.ndarray
    train_scores: np.ndarray
    diverged: bool

    @cached_property
    def score(self):
        """The mean score: accuracy, or R²."""
        return float(self.scores.mean())

    @cached_property
    def loss(self):
        return float(self.losses.mean())

    @cached_property
    def train_score(self):
        return float(self.train_scores.mean())

    @property
    def epochs(self):
        """How long each of its networks was trained so far."""
        return self.recipe.epochs

    @property
    def rank(self):
        """The larger the better: no divergence; then how far it came, the score, the smaller loss, the number."""
        return not self.diverged, self.rung, self.score, -self.loss, -self.number

    def __repr__(self):
        setting = ", ".join(
            f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value!r}"
            for name, value in self.setting.items()
        )
        return f"Trial({self.number}: {setting} → {self.score:.3f})"


class Search:
    """A search that goes on each time it is asked for the next trial: `for trial in Search(…)`. It can be left and
    taken up again; what was found stays in `trials`.

    recipe: what is not searched over, and the epochs of a full training.  space: dict from names of the recipe to a
    Range or a list of values.  X (n, d), y: the rows. Keep others back for the last judgement.
    strategy: a name in STRATEGIES.  trials: the budget, in full trainings of a recipe.
    k, rounds: each trial is judged by cross-validation in k folds, or in `rounds` of them; the same for all trials.
    seed: folds, draws, and start weights (trial number t starts from seed + t). The same seed gives the same table.
    leak: as in cross_validate.  eta, levels: halving keeps one in eta, at most `levels` rungs.
    executor: any concurrent.futures.Executor; the trials then come in the order in which they become ready.
    bundle: at most so many networks are trained at once.
    """

    def __init__(
        self,
        recipe,
        space,
        X,
        y,
        strategy="random",
        trials=32,
        k=5,
        rounds=None,
        seed=0,
        leak=None,
        eta=3,
        levels=4,
        executor=None,
        bundle=BUNDLE,
    ):
        self.recipe, self.seed = checks.a(Recipe, recipe, "recipe"), checks.whole(seed, "seed", 0)
        self.space = known_space(space, recipe)
        self.X, self.y, self.n_out = examples(recipe, X, y)
        self.strategy = checks.pick(STRATEGIES, strategy, "strategy")
        self.splits = splits_of(len(self.X), k, seed, strata(self.y), rounds)
        self.leak, self.executor, self.bundle = known_leak(leak), executor, checks.whole(bundle, "bundle")
        self.eta, levels = checks.whole(eta, "eta", 2), checks.whole(levels, "levels")
        plan = self.strategy.rungs(checks.whole(trials, "trials"), recipe.epochs, eta, levels)
        self.settings = self.strategy.settings(self.space, plan[0].trials, np.random.default_rng(self.seed))
        self.plan = [plan[0]._replace(trials=len(self.settings)), *plan[1:]]
        self.spent, self._table, self._best, self._events = 0, {}, None, self._go()

    def __iter__(self):
        return self

    def __next__(self):
        """The next Trial that became ready. In successive halving a trial that went on comes again."""
        return next(self._events)

    def close(self):
        """Call off what has not begun; what was found stays."""
        self._events.close()

    @property
    def trials(self):
        """The table so far: each Trial as it was last judged, by number."""
        return [trial for _, trial in sorted(self._table.copy().items())]

    @property
    def best(self):
        """The best Trial so far (`Trial.rank`), None before the first."""
        return self._best

    @property
    def budget(self):
        """The whole plan in epochs, of all networks together."""
        return cost(self.plan) * len(self.splits)

    @property
    def n_networks(self):
        """How many networks are begun in the whole plan."""
        return self.plan[0].trials * len(self.splits)

    def refit(self, trial=None):
        """Train the best trial's recipe, or another's, for its epochs on all rows → Fitted."""
        trial = trial or self.best
        if trial is None:
            raise ValueError("Nothing was tried yet: take a step of the search first.")
        return trial.recipe.fit(self.X, self.y, seed=self.seed + trial.number)

    # -- inside --------------------------------------------------------------------------------------------------

    def _go(self):
        alive, kept = list(range(len(self.settings))), {}
        for level, rung in enumerate(self.plan):
            alive = alive[: rung.trials]
            onward = self.plan[level + 1].trials if level + 1 < len(self.plan) else 0
            kept = yield from self._climb(level, rung, alive, kept, onward)
            ranked = sorted((self._table[number] for number in alive), key=lambda trial: trial.rank, reverse=True)
            alive = [trial.number for trial in ranked if not trial.diverged]

    def _climb(self, level, rung, alive, before, onward):
        """Train the trials that are alive to the end of a rung → the networks of the best `onward` of them."""
        jobs = [job for number in alive for job in self._jobs(number, rung, before.get(number), bool(onward))]
        rounds, parts, networks, ranks = len(self.splits), {}, {}, []
        made = self.plan[level - 1].epochs if level else 0
        for i, judged in perform(jobs, self.X, self.y, self.n_out, self.executor, self.bundle):
            self.spent += rung.epochs - made
            number = alive[i // rounds]
            parts.setdefault(number, {})[i % rounds] = judged
            if len(parts[number]) == rounds:
                found = [parts[number][part] for part in range(rounds)]
                trial = self._trial(number, level, jobs[i].start.recipe, found)
                self._note(trial)
                networks[number] = [each.model for each in found]
                parts[number] = {}
                heapq.heappush(ranks, trial.rank)
                if len(networks) > onward:  # only the best so far can go on: forget the networks of the worst
                    del networks[-heapq.heappop(ranks)[-1]]
                yield trial
        return networks

    def _note(self, trial):
        self._table[trial.number] = trial
        if self._best is not None and self._best.number == trial.number:  # it went on: it may have become worse
            self._best = max(self._table.values(), key=lambda each: each.rank)
        elif self._best is None or trial.rank > self._best.rank:
            self._best = trial

    def _jobs(self, number, rung, before, keep):
        recipe = self.recipe.but(**self.settings[number], epochs=rung.epochs)
        for part, (rows, held) in enumerate(self.splits):
            start = Start(recipe, rows, self.seed + number, self.seed, self.leak, before and before[part])
            yield Job(start, held, keep)

    def _trial(self, number, level, recipe, found):
        scores, losses, train_scores = (
            np.array([getattr(each, name) for each in found]) for name in ("score", "loss", "train_score")
        )
        diverged = any(each.diverged >= 0 for each in found)
        return Trial(number, self.settings[number], recipe, level, scores, losses, train_scores, diverged)


def search(recipe, space, X, y, on_result=None, executor=None, **arguments):
    """Search to the end → the Search, with `.trials`, `.best`, `.refit()`. Arguments as for Search.

    on_result(trial) is called with each Trial as it becomes ready.
    """
    found = Search(recipe, space, X, y, executor=executor, **arguments)
    for trial in found:
        if on_result is not None:
            on_result(trial)
    return found


# -- how far the best score can be trusted ---------------------------------------------------------------------------


class Outer(NamedTuple):
    """One outer part of a nested cross-validation.

    best: the Trial found without the part.  inner: its score in the search, the best of many.
    outer: the score of its recipe, trained anew, on the part, which no trial has seen.
    """

    best: Trial
    inner: float
    outer: float

    @property
    def optimism(self):
        """How much the best score promises beyond what it keeps."""
        return self.inner - self.outer


def nested(recipe, space, X, y, outer=5, seed=0, **arguments):
    """Search anew without each of `outer` parts, and judge what was found on that part: yields an Outer each.

    The mean of .outer estimates what the whole procedure, search included, is worth on new rows (Cawley and Talbot
    2010; Varma and Simon 2006). Other arguments as for Search.
    """
    for *_, found in nesting(recipe, space, X, y, outer, seed, **arguments):
        if found is not None:
            yield found


def nesting(recipe, space, X, y, outer=5, seed=0, **arguments):
    """`nested`, trial by trial: yields (part, its Search, None) after each; (part, its Search, Outer) ends a part."""
    X, y, _ = examples(checks.a(Recipe, recipe, "recipe"), X, y)
    for part, (rows, held) in enumerate(splits_of(len(X), outer, seed, strata(y))):
        found = Search(recipe, space, X[rows], y[rows], seed=seed, **arguments)
        for _ in found:
            yield part, found, None
        yield part, found, Outer(found.best, found.best.score, found.refit().score(X[held], y[held]))
