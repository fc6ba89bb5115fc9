"""What is done to rows before a network sees them: which features are used, and on which scale."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Preparation:
    """What is done to the rows before a network sees them: (X[:, columns] − mean) / scale."""

    columns: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    def __call__(self, X):
        return (X[:, self.columns] - self.mean) / self.scale


def preparation(recipe, X, y, rows, leak=None):
    """The Preparation of a recipe that learns from `rows`. It looks at these rows alone, as it should.

    leak="scaler": mean and standard deviation are taken from all rows, those kept for judging included.
    leak="selection": the features are chosen by all rows and their answers. Both are mistakes, to be measured.
    """
    columns = np.arange(X.shape[1])
    if recipe.features is not None and recipe.features < X.shape[1]:
        seen = slice(None) if leak == "selection" else rows
        columns = np.sort(np.argsort(-telling(X[seen], y[seen]), kind="stable")[: recipe.features])
    mean, scale = np.zeros(len(columns)), np.ones(len(columns))
    if recipe.standardise:
        part = X[:, columns] if leak == "scaler" else X[np.ix_(rows, columns)]
        mean, spread = part.mean(axis=0), part.std(axis=0)
        scale = np.where(spread > 1e-12 * np.maximum(np.abs(mean), 1e-300), spread, 1.0)
    return Preparation(columns, mean, scale)


def telling(X, y):
    """How much each feature tells about the answer, shape (d,): the larger the better.

    Labels y (n,): the F of an analysis of variance, between classes over within (Fisher 1925). Numbers y (n, n_out):
    the largest squared correlation with a column of y. A constant feature tells 0.
    """
    centred = X - X.mean(axis=0)
    total = (centred**2).sum(axis=0)
    if y.ndim == 1:
        members = (y[:, None] == np.unique(y)).astype(float)
        shared = (members.T @ centred) ** 2 / members.sum(axis=0)[:, None]
        explained, freedom = shared.sum(axis=0), (len(y) - members.shape[1]) / max(members.shape[1] - 1, 1)
    else:
        answers = y - y.mean(axis=0)
        power = np.maximum((answers**2).sum(axis=0), 1e-300)
        explained, freedom = ((answers.T @ centred) ** 2 / power[:, None]).max(axis=0), 1.0
    share = explained / np.where(total > 0, total, 1.0)
    return share if y.ndim > 1 else freedom * share / np.maximum(1 - share, 1e-15)
