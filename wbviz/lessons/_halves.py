"""Data that 20 seeds each split in two: one half is learned from, the other judges. For the claims of chapter 12."""

from dataclasses import dataclass, replace

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Frontier, reweighing

SEEDS = 20
#: The groups of German Credit that are compared: column → the names of a smaller and a larger group.
CREDIT = {"sex": ("female", "male"), "age": ("up to 25", "over 25")}


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of all seeds: X (seeds, n, d), y and groups (seeds, n); deserved: y before it was recorded wrongly."""

    X: np.ndarray
    y: np.ndarray
    groups: np.ndarray
    deserved: np.ndarray

    @property
    def weights(self):
        """Of reweighing, (seeds, n)."""
        return np.stack([reweighing(y, groups) for y, groups in zip(self.y, self.groups, strict=True)])


def halves(datasets, column="group", without=(), test=0.5):
    """Split each data set by its own seed → Rows to learn from, Rows to judge by, on the scale of the first."""
    learned, unseen = zip(*(_split(*pair, without, test) for pair in enumerate(datasets)), strict=True)
    return tuple(
        Rows(
            np.stack([data.X for data in part]),
            np.stack([data.y for data in part]),
            np.stack([data.columns[column] for data in part]),
            np.stack([data.columns.get("deserved", data.y) for data in part]),
        )
        for part in (learned, unseen)
    )


def _split(seed, data, without, test):
    learned, unseen = data.without(*without).split(test, seed)
    mean, scale = learned.X.mean(axis=0), learned.X.std(axis=0)
    return learned.standardise(mean, scale), unseen.standardise(mean, scale)


def worlds(n=1000, **knobs):
    """The made-up world of two groups, drawn with each seed."""
    return [load_dataset("two_groups", n=n, seed=seed, **knobs) for seed in range(SEEDS)]


def credit(column):
    """German Credit for each seed (the split differs), with the groups of a column in CREDIT as "group"."""
    data = load_dataset("german_credit")
    values = data.columns[column]
    small, large = CREDIT[column]
    groups = values if column == "sex" else np.where(values <= 25, small, large)
    return [replace(data, columns={**data.columns, "group": groups})] * SEEDS


def trained(rows, strengths=(0.0,), steps=120, **settings):
    """A Frontier on the rows of all seeds, trained to the end."""
    settings = {"lr": 0.1, **settings}
    return Frontier(rows.X, rows.y, rows.groups, strengths, seeds=SEEDS, epochs=steps, **settings).run()
