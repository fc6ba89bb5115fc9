"""How good is a network on rows it did not learn from? The experiments of CrossValidation."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Recipe, accuracy, cross_validate, folds

#: Labels that were drawn by a coin: no feature says anything about them.
COIN = "coin flips"
#: The sets, and how many features each has of its own.
DATA = {"breast_cancer": 30, "iris": 4, "moons": 2, "circles": 2, COIN: 20}
#: Noise of the sets drawn from a rule.
PLANES = {"moons": 0.3, "circles": 0.15}
#: Leaks by the name that the knob gives them, and what the engine calls them.
LEAKS = {"none": None, "scaler from all rows": "scaler", "features from all rows": "selection"}
FEWEST, MOST = 20, 100
MOST_FOLDS = 10
#: Where rows are drawn from a rule, so many are kept fresh; of measured ones, all that are not among the examples.
FRESH = 1000
MOST_KEPT = 30
EPOCHS, LEARNING_RATE = 80, 0.05
#: Dealing the folds is repeated so often.
SHUFFLES = 40


class Setting(NamedTuple):
    """What a cross-validation follows from, to the last bit."""

    dataset: str
    examples: int
    noise_features: int
    keep: int
    hidden: int
    k: int
    leak: str
    shuffle: int
    seed: int

    @property
    def recipe(self):
        """The Recipe that is judged."""
        hidden = (self.hidden,) if self.hidden else ()
        return Recipe(hidden=hidden, features=self.keep, epochs=EPOCHS, lr=LEARNING_RATE)


class Rows(NamedTuple):
    """X (n, d) and y (n,) are the examples; fresh_X, fresh_y are rows that nobody looks at before the end."""

    X: np.ndarray
    y: np.ndarray
    fresh_X: np.ndarray
    fresh_y: np.ndarray


@lru_cache(maxsize=1)  # of coin flips they take 8 MB
def rows(dataset, examples, noise_features, seed):
    """The Rows of a data set, in an order drawn from `seed`, with columns of pure noise beside the features."""
    X, y = _measured(dataset, examples, seed)
    order = np.random.default_rng([seed, 0]).permutation(len(X))
    X, y = X[order], y[order]
    noise = np.random.default_rng([seed, 1]).standard_normal((len(X), noise_features))
    X = np.hstack([X, noise])
    return Rows(X[:examples], y[:examples], X[examples:], y[examples:])


def _measured(dataset, examples, seed):
    n = examples + FRESH
    if dataset == COIN:
        rng = np.random.default_rng([seed, 2])
        return rng.standard_normal((n, DATA[COIN])), rng.integers(0, 2, n)
    noise = PLANES.get(dataset)
    known = load_dataset(dataset) if noise is None else load_dataset(dataset, n=n, noise=noise, seed=seed)
    return known.X, known.y


def features(setting):
    """How many features there are, noise included."""
    return DATA[setting.dataset] + setting.noise_features


def _which(setting):
    return setting.dataset, setting.examples, setting.noise_features, setting.seed


class Trial:
    """One cross-validation of a Setting, NaN until it is done, and what a network of all examples is worth.

    held: the rows of each fold.  scores, train_scores (k,): shares of right answers on the fold held out, and on the
    rows learned from.  right (n,): was the example answered rightly by the network that did not learn from it?
    fresh: the share of right answers on `n_fresh` fresh rows.  chance: that of always naming the commonest class.
    """

    def __init__(self, setting):
        self.setting, self.finished, known = setting, False, rows(*_which(setting))
        self.held = folds(setting.examples, setting.k, setting.shuffle, known.y)
        self.scores, self.train_scores = (np.full(setting.k, np.nan) for _ in range(2))
        self.right = np.ones(setting.examples, bool)
        self.fresh, self.n_fresh = float("nan"), len(known.fresh_y)
        self.chance = float(np.bincount(known.fresh_y).max() / self.n_fresh)

    @property
    def progress(self):
        return float(self.finished), f"{self.setting.k} networks"

    def advance(self):
        """Train and judge all of it."""
        known, recipe = rows(*_which(self.setting)), self.setting.recipe
        found = validated(self.setting, self.setting.shuffle)
        for held, model in zip(self.held, found.models, strict=True):
            self.right[held] = model(known.X[held]).argmax(axis=1) == known.y[held]
        self.scores, self.train_scores = found.scores, found.train_scores
        final = recipe.fit(known.X, known.y, seed=self.setting.seed)
        self.fresh, self.finished = float(accuracy(known.fresh_y, final(known.fresh_X))), True

    @property
    def mean(self):
        return float(self.scores.mean())

    @property
    def sd(self):
        """The standard deviation between the folds, divisor k − 1."""
        return float(self.scores.std(ddof=1))


@lru_cache(maxsize=8)
def trial(setting):
    """The finished Trial of a Setting. Only the latest are remembered."""
    made = Trial(setting)
    made.advance()
    return made


def validated(setting, shuffle):
    """The Validation of a Setting whose folds are dealt by `shuffle`."""
    known = rows(*_which(setting))
    dealt = folds(setting.examples, setting.k, shuffle, known.y)
    everything = np.arange(setting.examples)
    splits = [(np.setdiff1d(everything, held), held) for held in dealt]
    leak = LEAKS[setting.leak]
    return cross_validate(setting.recipe, known.X, known.y, splits=splits, leak=leak, seed=setting.seed)


class Shuffles:
    """The same examples dealt into folds again and again: scores (SHUFFLES, k), as far as `done`."""

    def __init__(self, setting):
        self.setting, self.done, self.scores = setting, 0, np.full((SHUFFLES, setting.k), np.nan)

    def measure(self):
        """Deal and train SHUFFLES times. Yields how far it is, as Work wants it."""
        for shuffle in range(SHUFFLES):
            self.scores[shuffle] = validated(self.setting, shuffle).scores
            self.done = shuffle + 1
            yield self.done / SHUFFLES, f"{self.done * self.setting.k} networks"

    @property
    def singles(self):
        """The score of every fold by itself, as if it were the only split: (done · k,)."""
        return self.scores[: self.done].ravel()

    @property
    def means(self):
        """The mean of each dealing: (done,)."""
        return self.scores[: self.done].mean(axis=1)
