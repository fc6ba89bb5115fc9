"""Validation: how good is a recipe on rows that it did not learn from? Folds, scores, and what leaks into them."""

from concurrent.futures import FIRST_COMPLETED, Executor, wait
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from . import checks
from .recipe import Fitted, Recipe, Start, examples, fit_all, judge_all

#: Mistakes that let the rows kept for judging have a say beforehand.
LEAKS = ("scaler", "selection")
#: At most so many networks are trained at once; what an executor carries is one such bundle.
BUNDLE = 16
#: At most so many bundles are with an executor at a time.
AHEAD = 64


def folds(n, k=5, seed=0, labels=None):
    """The rows 0 … n − 1 in k parts of equal size (±1), drawn at random from `seed` → a list of k sorted arrays.

    labels: (n,) of any kind; given, each part has its share of each label, ±1 (Kohavi 1995: stratified).
    Each row is in exactly one part. 2 ≤ k ≤ n.
    """
    n, k = checks.whole(n, "n", 2), checks.whole(k, "k", 2)
    if k > n:
        raise ValueError(f"{n} rows cannot be dealt into k={k} folds: each needs one. Take a k of at most {n}.")
    order = np.random.default_rng(checks.whole(seed, "seed", 0)).permutation(n)
    if labels is not None:
        labels = np.asarray(labels)
        if labels.shape != (n,):
            raise ValueError(f"labels must have shape ({n},), one for each row; got {labels.shape}.")
        order = order[np.argsort(np.unique(labels, return_inverse=True)[1][order], kind="stable")]
    return [np.sort(order[start::k]) for start in range(k)]


def splits_of(n, k=5, seed=0, labels=None, rounds=None):
    """The folds, each held out in turn: a list of (rows learned from, rows held out); `rounds`: only so many."""
    parts = folds(n, k, seed, labels)
    rounds = k if rounds is None else checks.whole(rounds, "rounds")
    if rounds > k:
        raise ValueError(f"Of k={k} folds at most {k} can be held out in turn, got rounds={rounds}.")
    everything = np.arange(n)
    return [(np.setdiff1d(everything, held, assume_unique=True), held) for held in parts[:rounds]]


class Judged(NamedTuple):
    """What became of one network: accuracy (or R²) and data loss on the rows held out, and on those learned from."""

    score: float
    loss: float
    train_score: float
    train_loss: float
    diverged: int
    model: Fitted | None


@dataclass(frozen=True, eq=False)
class Job:
    """A network to be trained, the rows that judge it, and whether it is wanted afterwards."""

    start: Start
    held: np.ndarray
    keep: bool = True


def work(jobs, X, y, n_out):
    """Train the networks of jobs of one shape at once, and judge them → a Judged each. An executor runs this."""
    models = fit_all([job.start for job in jobs], X, y, n_out)
    held = judge_all(models, X, y, [job.held for job in jobs])
    known = judge_all(models, X, y, [job.start.rows for job in jobs])
    return [
        Judged(*unseen, *seen, model.diverged, model if job.keep else None)
        for job, model, unseen, seen in zip(jobs, models, held, known, strict=True)
    ]


def perform(jobs, X, y, n_out, executor=None, bundle=BUNDLE):
    """Do all jobs, those of one shape in bundles: yields (number of the job, Judged) as they become ready.

    executor: any concurrent.futures.Executor, to which the bundles are given; None does them here, in order.
    What a job gives does not depend on it. When the generator is closed, what has not begun is called off.
    """
    bundles = bundled(jobs, X.shape[1], bundle)
    if executor is None:
        for numbers in bundles:
            yield from zip(numbers, work([jobs[i] for i in numbers], X, y, n_out), strict=True)
        return
    checks.a(Executor, executor, "executor")
    queue, waiting = iter(bundles), {}
    try:
        while True:
            for numbers in islice(queue, AHEAD - len(waiting)):
                waiting[executor.submit(work, [jobs[i] for i in numbers], X, y, n_out)] = numbers
            if not waiting:
                return
            for ready in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield from zip(waiting.pop(ready), ready.result(), strict=True)
    finally:
        for each in waiting:
            each.cancel()


def bundled(jobs, d, bundle=BUNDLE):
    """The numbers of the jobs, in lists of at most `bundle` of one shape, in the order in which each list began."""
    groups = {}
    for number, job in enumerate(jobs):
        groups.setdefault(job.start.shape(d), []).append(number)
    cut = [group[i : i + bundle] for group in groups.values() for i in range(0, len(group), bundle)]
    return sorted(cut)


@dataclass(frozen=True, eq=False)
class Validation:
    """The outcome of a cross-validation; arrays (rounds,), one number for each part held out.

    scores: accuracy, or R² for a loss of numbers, on the part held out; train_scores on the rows learned from.
    losses, train_losses: the data loss there.  diverged: which of the trainings did.  models: a Fitted each.
    """

    recipe: Recipe
    splits: list
    scores: np.ndarray
    losses: np.ndarray
    train_scores: np.ndarray
    train_losses: np.ndarray
    diverged: np.ndarray
    models: list

    @property
    def mean(self):
        """The mean score."""
        return float(self.scores.mean())

    @property
    def sd(self):
        """The standard deviation of the scores between the parts (divisor rounds − 1); 0 for a single one.

        No unbiased estimate of the mean's own spread can be made from it: the parts share what they learned from
        (Bengio and Grandvalet 2004).
        """
        return float(self.scores.std(ddof=1)) if len(self.scores) > 1 else 0.0

    def __repr__(self):
        return f"Validation({self.mean:.3f} ± {self.sd:.3f} over {len(self.scores)} parts held out)"


def cross_validate(
    recipe, X, y, k=5, seed=0, rounds=None, splits=None, stratify=True, leak=None, executor=None, bundle=BUNDLE
):
    """Train a recipe k times, each time without one of k folds, and judge it on that one → Validation (Stone 1974).

    recipe: a Recipe.  X (n, d), y: all rows.  seed: the folds, the start weights and the order of batches.
    rounds: hold out only so many of the folds; 1 is a single split.  stratify: labels in proportion in each fold.
    splits: instead of folds, a list of (rows learned from, rows held out) of one's own.
    Scaler and choice of features see the rows learned from alone. leak="scaler" or "selection" does it wrongly, with
    all rows, so that what leaks can be measured.
    executor, bundle: as for `perform`. All networks of one shape are trained at once.
    """
    X, y, n_out = examples(checks.a(Recipe, recipe, "recipe"), X, y)
    leak = known_leak(leak)
    if splits is None:
        splits = splits_of(len(X), k, seed, strata(y) if stratify else None, rounds)
    else:
        splits = [_split(pair, len(X)) for pair in splits]
    jobs = [Job(Start(recipe, rows, seed, seed, leak), held) for rows, held in splits]
    ready = dict(perform(jobs, X, y, n_out, executor, bundle))
    columns = list(zip(*(ready[i] for i in range(len(jobs))), strict=True))
    numbers = [np.array(values) for values in columns[:4]]
    return Validation(recipe, splits, *numbers, np.array(columns[4]) >= 0, list(columns[5]))


def strata(y):
    """The labels to stratify by: y where it holds labels, or one column of 0 and 1; else None."""
    if y.ndim == 1:
        return y
    return y[:, 0] if y.shape[1] == 1 and np.isin(y, (0, 1)).all() else None


def known_leak(leak):
    """`leak`, one of LEAKS or None."""
    if leak is not None and leak not in LEAKS:
        raise ValueError(f"There is no leak {leak!r}.{checks.near_miss(leak, LEAKS)} Choose from {', '.join(LEAKS)}.")
    return leak


def _split(pair, n):
    """A pair of arrays of row numbers, both with a row at least, that share none."""
    rows, held = (np.asarray(part) for part in checks.pair(pair, "a split", "(rows learned from, rows held out)"))
    for part in (rows, held):
        if part.ndim != 1 or part.size == 0 or part.dtype.kind not in "iu":
            raise ValueError(f"Each part of a split must hold at least one row number; got {part!r}.")
        if part.min() < 0 or part.max() >= n:
            raise ValueError(f"A split names rows from 0 to {n - 1}; got {part.min()} to {part.max()}.")
    if np.intersect1d(rows, held).size:
        raise ValueError("A split holds out rows that it learns from as well: its two parts must share none.")
    return rows, held
