"""The rows of Capstone: a bundled table or the learner's own, what is predicted from what, and who belongs together."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import Dataset, Table, bundled_table
from wbviz.data.cells import NUMBER
from wbviz.engine import folds

OWN = "own"
DATA = ("german_credit", "breast_cancer", "iris", OWN)
#: One part in so many is the test set, the same rows for every seed; a single part held out is as large.
PARTS = 5
#: Fewer complete rows are not learned from.
FEWEST_ROWS = 20
MOST_CLASSES, MOST_NAMED, FEW_NUMBERS = 50, 5, 4
NONE, OTHERS, MISSING = "none", "all others", "not given"


class Source(NamedTuple):
    """What is learned from and what is predicted. `csv` is empty but for the learner's own table."""

    dataset: str
    csv: str
    target: str
    leave_out: tuple


@lru_cache(maxsize=4)
def table(dataset, csv=""):
    """The Table of a bundled set, or of the learner's text."""
    return Table.from_text(csv, name="your table") if dataset == OWN else bundled_table(dataset)


@lru_cache(maxsize=4)
def targets(dataset, csv=""):
    """The columns that can be predicted: of numbers or of 2 to 50 different words, in order."""
    found = table(dataset, csv)
    return tuple(column for column in found.columns if _varied(found, column, MOST_CLASSES))


@lru_cache(maxsize=4)
def group_columns(dataset, csv, target):
    """The columns whose values can be groups, in order."""
    found = table(dataset, csv)
    return tuple(c for c in found.columns if c != target and _varied(found, c, len(found)))


def _varied(found, column, most):
    """Whether a column holds at least two different values and, if it is text, at most so many."""
    filled = found.values[column][found.complete([column])]
    different = len(np.unique(filled))
    return different >= 2 and (found.kinds[column] == NUMBER or different <= most)


@dataclass(frozen=True, eq=False)
class Rows:
    """The complete rows of a source. problem: why nothing can be learned from them, else an empty text.

    data: a Dataset, or None.  kept: which rows of the table it holds.  known, test: places in it: to train and validate
    on, and the test set.  features: the columns that are inputs.
    """

    problem: str
    data: Dataset | None = None
    kept: np.ndarray | None = None
    known: np.ndarray | None = None
    test: np.ndarray | None = None
    features: tuple = ()

    @property
    def numbers(self):
        """Whether numbers are predicted, and not classes."""
        return self.data is not None and self.data.task == "regression"


@lru_cache(maxsize=4)
def rows(source):
    """The Rows of a source."""
    found = table(source.dataset, source.csv)
    features = [c for c in found.columns if c not in (source.target, *source.leave_out) and not found.unusable(c)]
    if not features:
        return Rows("No column is left to predict from: let at least one be an input.")
    kept = np.flatnonzero(found.complete([*features, source.target]))
    if len(kept) < FEWEST_ROWS:
        return Rows(_too_few(found, features, len(kept)))
    try:
        data = found.to_dataset(source.target, features)
    except ValueError as error:
        return Rows(str(error))
    test = folds(len(data), PARTS, seed=0, labels=data.y if data.y.ndim == 1 else None)[0]
    known = np.setdiff1d(np.arange(len(data)), test)
    if data.y.ndim == 1 and len(np.unique(data.y[known])) < 2:
        return Rows("All rows to learn from are of one class. Choose another column to predict, or add rows.")
    return Rows("", data, kept, known, test, tuple(features))


def _too_few(found, features, count):
    """What to say where too few rows are complete."""
    missing = {c: int((~found.complete([c])).sum()) for c in features}
    worst = max(missing, key=missing.get)
    told = f"Only {count} of {len(found)} rows have a value in every column that is used; {FEWEST_ROWS} are needed."
    return f"{told} Most are missing in {worst!r} ({missing[worst]}): leave it out." if missing[worst] else told


@lru_cache(maxsize=4)
def groups(source, column):
    """The group of each row of `rows(source).data`, an array of words: values, halves of numbers, or "all others"."""
    found = table(source.dataset, source.csv)
    values, filled = (part[rows(source).kept] for part in (found.values[column], found.complete([column])))
    different, counts = np.unique(values[filled], return_counts=True)
    if found.kinds[column] != NUMBER:
        named = different[np.argsort(-counts, kind="stable")][:MOST_NAMED]
        words = np.where(np.isin(values, named), values, OTHERS) if len(different) > MOST_NAMED + 1 else values
    elif len(different) <= FEW_NUMBERS:
        words = np.array([f"{value:.6g}" for value in values])
    else:
        middle = np.median(values[filled])
        middle = middle if middle < different[-1] else different[-2]
        words = np.where(values <= middle, f"up to {middle:.4g}", f"over {middle:.4g}")
    return np.where(filled, words, MISSING)
