"""What every data set looks like: rows of numbers X, an answer y for each row, and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

CLASSIFICATION, REGRESSION = "classification", "regression"


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples to learn from: one row of X and one of y for each example.

    X             float64, shape (n, d)
    y             classification: int64, shape (n,), values 0 … len(target_names) − 1; regression: float64, shape (n, 1)
    feature_names the d names of the columns of X
    target_names  classification: the classes' names, in the order of the labels; regression: the name of y
    task          "classification" or "regression"
    columns       the original, readable columns where X encodes them (name → array of n values), to slice rows by;
                  empty for sets whose X is already all there is
    Raises ValueError where these do not fit together, or where X or y holds NaN or infinity.
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    feature_names: tuple
    target_names: tuple
    task: str
    description: str = ""
    source: str = ""
    licence: str = ""
    columns: Mapping = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "X", np.asarray(self.X, dtype=np.float64))
        object.__setattr__(self, "y", _answers(self.name, self.y, self.task))
        object.__setattr__(self, "feature_names", tuple(self.feature_names))
        object.__setattr__(self, "target_names", tuple(self.target_names))
        _check(self)

    def __len__(self):
        """The number of rows."""
        return len(self.X)

    def __repr__(self):
        n, d = self.X.shape
        answers = f"{len(self.target_names)} classes" if self.task == CLASSIFICATION else "a number to predict"
        return f"Dataset({self.name!r}: {n} rows × {d} features, {answers})"

    def take(self, rows):
        """The data set of these rows alone: `rows` is an array of row numbers or a boolean mask, as NumPy indexes."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return replace(self, X=self.X[rows], y=self.y[rows], columns=columns)

    def without(self, *columns):
        """The same rows, the named columns taken out of X; a text column goes with all its columns "name=value".

        `.columns` stay, so that rows can still be sliced by what the inputs no longer hold. A name that is not there
        raises ValueError.
        """
        gone = np.zeros(len(self.feature_names), bool)
        for column in columns:
            hits = [name == column or name.startswith(f"{column}=") for name in self.feature_names]
            if not any(hits):
                raise ValueError(f"{self.name!r} has no column {column!r}; it has {', '.join(self.feature_names)}.")
            gone |= hits
        return replace(self, X=self.X[:, ~gone], feature_names=np.array(self.feature_names)[~gone].tolist())

    def sample(self, n, seed=0):
        """n of the rows, drawn at random, each class in proportion; a larger n keeps the smaller one's rows in front.

        1 ≤ n ≤ len(self), otherwise ValueError. The same seed gives the same rows in the same order.
        """
        n = whole("n", n, 1, len(self))
        return self.take(_mixed_order(self, seed)[:n])

    def split(self, test=0.25, seed=0):
        """Two data sets, (train, test), with each class in proportion in both; no row is in both.

        `test` is the share of the rows held out, strictly between 0 and 1; the same seed gives the same split.
        A class of a single row stays in the training part unless more than half of the rows are held out.
        """
        if not (isinstance(test, (int, float, np.number)) and 0 < test < 1):
            raise ValueError(f"test={test!r} is the share of rows held out: it must lie between 0 and 1, as 0.25 does.")
        n_test = round(test * len(self))
        if not 0 < n_test < len(self):
            raise ValueError(
                f"test={test} of the {len(self)} rows of {self.name!r} leaves {n_test} for testing and "
                f"{len(self) - n_test} for training: both need at least one. Choose another share or add rows."
            )
        order = _mixed_order(self, seed)
        return self.take(order[n_test:]), self.take(order[:n_test])

    def standardise(self, mean=None, scale=None):
        """The same rows with every feature shifted and divided: (X − mean) / scale.

        Left out, mean and scale are those of this set (its columns' mean and standard deviation, divisor n), so that
        every feature has mean 0 and standard deviation 1. For a test set give those of the *training* set:
        `test.standardise(train.X.mean(axis=0), train.X.std(axis=0))`. A scale of 0 (a constant column) counts as 1.
        """
        mean = self.X.mean(axis=0) if mean is None else np.asarray(mean, dtype=np.float64)
        scale = self.X.std(axis=0) if scale is None else np.asarray(scale, dtype=np.float64)
        for word, values in (("mean", mean), ("scale", scale)):
            if values.shape not in ((), (self.X.shape[1],)):
                raise ValueError(
                    f"{word} has shape {values.shape}; {self.name!r} has {self.X.shape[1]} features, "
                    f"so give one number or {self.X.shape[1]} of them."
                )
        return replace(self, X=(self.X - mean) / np.where(scale == 0, 1.0, scale))


def whole(word, value, low, high):
    """`value` as an int when it is a whole number in low … high; otherwise ValueError naming it by `word`."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ValueError(f"{word}={value!r} must be a whole number from {low:,} to {high:,}.")
    return int(value)


def one_hot(name, values):
    """A text column as numbers: one column of 0 and 1 for each of its values, in alphabetical order.

    Returns (matrix of shape (n, k), names "name=value"). Exactly one 1 stands in every row.
    """
    categories = sorted(set(values))
    matrix = np.array([[value == category for category in categories] for value in values], dtype=np.float64)
    return matrix.reshape(len(values), len(categories)), [f"{name}={category}" for category in categories]


def _mixed_order(dataset, seed):
    """A random order of the rows in which every beginning holds each class in proportion.

    Row r (0, 1, …) of the c rows of a class, shuffled, gets the place (r + ½)/c; places give the order, ties at random.
    """
    rng = np.random.default_rng(whole("seed", seed, 0, 2**63 - 1))
    labels = dataset.y if dataset.task == CLASSIFICATION else np.zeros(len(dataset), dtype=int)
    place = np.empty(len(dataset))
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return np.lexsort((rng.random(len(dataset)), place))


def _answers(name, y, task):
    """y in the form of its task, copied only if it has to be."""
    if task == REGRESSION:
        return np.asarray(y, dtype=np.float64)
    if task != CLASSIFICATION:
        raise ValueError(f"task={task!r} of {name!r} must be {CLASSIFICATION!r} or {REGRESSION!r}.")
    labels = np.asarray(y)
    if labels.size and not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"y of {name!r} holds {labels.dtype} values; labels of classes are whole numbers 0, 1, 2, …")
    return labels.astype(np.int64, copy=False)


def _check(dataset):
    """Raise ValueError where the parts of a data set do not fit together."""
    name, X, y = dataset.name, dataset.X, dataset.y
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"X of {name!r} has shape {X.shape}; it needs at least one row and one column, (n, d).")
    expected = (len(X),) if dataset.task == CLASSIFICATION else (len(X), 1)
    if y.shape != expected:
        raise ValueError(f"y of {name!r} has shape {y.shape}; {dataset.task} of {len(X)} rows needs {expected}.")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError(f"{name!r} holds NaN or infinity; leave such rows out first.")
    if len(dataset.feature_names) != X.shape[1]:
        raise ValueError(f"{name!r} has {X.shape[1]} features but {len(dataset.feature_names)} feature names.")
    if dataset.task == CLASSIFICATION and (y.min() < 0 or y.max() >= len(dataset.target_names)):
        raise ValueError(
            f"labels of {name!r} run from {y.min()} to {y.max()}; with {len(dataset.target_names)} classes they must "
            f"run from 0 to {len(dataset.target_names) - 1}."
        )
    for column, values in dataset.columns.items():
        if len(values) != len(X):
            raise ValueError(f"column {column!r} of {name!r} has {len(values)} values for {len(X)} rows.")
