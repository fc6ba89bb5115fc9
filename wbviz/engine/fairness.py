"""Fairness inside the training: a penalty on groups that are treated differently, and weights for the rows.

Rates such as the share of a group labelled 1 jump when a label flips, so no gradient leads anywhere. The penalty takes
the mean probability in place of the share of labels: it is smooth, and small where the rates are near each other.
"""

from itertools import combinations

import numpy as np

from . import checks
from .activations import sigmoid
from .group_metrics import placed, two_valued
from .losses import Loss, binary_entropies

#: Goals of a penalty: for each, the true answers y whose rows are compared; None: all rows at once.
PENALTIES = {"demographic_parity": (None,), "equal_opportunity": (1,), "equalized_odds": (1, 0)}
FORMULAS = {
    "demographic_parity": "Σ pairs (mean p of g − mean p of h)²",
    "equal_opportunity": "Σ pairs (mean p of g, y = 1 − mean p of h, y = 1)²",
    "equalized_odds": "Σ y = 0, 1 Σ pairs (mean p of g, y − mean p of h, y)²",
}


class FairnessPenalty:
    """The squared differences between the groups' mean probabilities, summed over all pairs of groups.

    goal: a name in PENALTIES. "demographic_parity" compares all rows of two groups, "equal_opportunity" those with
    y = 1, "equalized_odds" those with y = 1 and those with y = 0. With two groups and one comparison it is the square
    of one gap. The form is that of Bechavod and Ligett (2017), who square gaps of mean scores; here the score is the
    probability p = σ(ŷ).
    y, groups, names: as for `group_metrics`, (..., n). A comparison for which a group has no row is left out.
    """

    def __init__(self, goal, y, groups, names=None):
        if goal not in PENALTIES:
            raise ValueError(
                f"There is no penalty {goal!r}.{checks.near_miss(goal, PENALTIES)} Known: {', '.join(PENALTIES)}."
            )
        y = two_valued(y, "y")
        places, self.names = placed(groups, y.shape[-1], names)
        self.goal, self.formula = goal, FORMULAS[goal]
        member = places[..., None] == np.arange(len(self.names))
        cells = [member if label is None else member & (y == label)[..., None] for label in PENALTIES[goal]]
        cells = np.concatenate(np.broadcast_arrays(*cells) if len(cells) > 1 else cells, axis=-1).astype(float)
        rows = cells.sum(axis=-2, keepdims=True)
        #: (..., n, K): column k averages the rows of cell k, a group in one comparison.
        self.averages = cells / np.maximum(rows, 1)
        #: (..., K, pairs): p's mean of one cell minus that of another; 0 where one of them has no row.
        self.pairs = _pairs(len(self.names), len(PENALTIES[goal])) * (rows[..., 0, :, None] > 0)
        self.pairs = self.pairs * ((self.pairs != 0).sum(axis=-2, keepdims=True) == 2)

    def rates(self, y_hat):
        """The mean probability of each cell, (..., K): the groups in turn, for each comparison."""
        return (sigmoid(y_hat[..., 0])[..., None, :] @ self.averages)[..., 0, :]

    def value(self, y_hat):
        """The penalty of outputs (logits) y_hat (..., n, 1) → (...)."""
        return (self._gaps(y_hat) ** 2).sum(axis=-1)

    def gradient(self, y_hat):
        """d penalty / d y_hat, the shape of y_hat: a gap, felt by each row of its two groups, times p (1 − p)."""
        by_rate = 2 * (self.pairs @ self._gaps(y_hat)[..., None])
        p = sigmoid(y_hat)
        return (self.averages @ by_rate) * p * (1 - p)

    def _gaps(self, y_hat):
        return (self.rates(y_hat)[..., None, :] @ self.pairs)[..., 0, :]


def fair_loss(y, groups, goal="demographic_parity", strength=0.0, weights=None, names=None):
    """The loss of a fair training → Loss: binary cross-entropy, weighted by rows, plus strength · FairnessPenalty.

    It is made for these rows, which must all be there at each step: Training(…, loss=fair_loss(y, groups, …)), without
    mini-batches. The network has one output, a logit.
    y, groups, names: as for `group_metrics`.  goal: a name in PENALTIES.
    strength: λ of the penalty, 0 or more; a number, or one for each member of a population.
    weights: what each row counts in the data loss, (..., n), 0 or more and 1 on average; None for 1 each.
    """
    penalty = FairnessPenalty(goal, y, groups, names)
    strength = np.asarray(checks.rate(strength, "strength"), dtype=float)
    weights = 1.0 if weights is None else _weights(weights, np.shape(y)[-1])

    def value(y_hat, y):
        return weighted_entropy(y_hat, y, weights) + strength * penalty.value(y_hat)

    def gradient(y_hat, y):
        entropy = weights * (sigmoid(y_hat) - y) / y_hat.shape[-2]
        return entropy + strength[..., None, None] * penalty.gradient(y_hat)

    def targets(y, shape):
        if shape[-2:] != (penalty.averages.shape[-2], 1):
            raise ValueError(
                f"This loss was made for the {penalty.averages.shape[-2]} rows whose groups it knows, and one output; "
                f"got outputs of shape {shape[-2:]}. Train on all rows at once, without batch_size."
            )
        return checks.probabilities(y, shape)

    formula = f"mean weight · (-y log p - (1 - y) log(1 - p)) + λ · {penalty.formula}"
    return Loss(f"fair {goal}", value, gradient, targets, formula)


def weighted_entropy(y_hat, y, weights=1.0):
    """Binary cross-entropy of logits y_hat (..., n, 1), each row times its weight, mean over rows → (...)."""
    return (weights * binary_entropies(y_hat, y)).mean(axis=(-2, -1))


def reweighing(y, groups, names=None):
    """The weights with which group and answer become independent, P(g) P(y) / P(g, y), (n,), mean 1.

    A row of a group and an answer that come together more rarely than chance would have it counts more, and the other
    way round (Kamiran and Calders 2012). y, groups, names: as for `group_metrics`, one set of rows.
    """
    y = two_valued(y, "y")
    places, names = placed(groups, y.shape[-1], names)
    together = np.bincount(2 * places + y, minlength=2 * len(names)).reshape(-1, 2)
    expected = together.sum(axis=1, keepdims=True) * together.sum(axis=0) / len(y)
    return (expected / np.maximum(together, 1))[places, y]


def _weights(weights, n):
    """Weights of the rows, ready to stand beside outputs (..., n, 1)."""
    weights = checks.floats(checks.rate(weights, "weights"), "weights")
    if weights.shape[-1:] != (n,):
        raise ValueError(f"weights must have shape ({n},), one for each row; got {weights.shape}.")
    return weights[..., None]


def _pairs(groups, comparisons):
    """(K, pairs): 1 and −1 for each pair of groups in each comparison."""
    pairs = [
        (comparison * groups + first, comparison * groups + second)
        for comparison in range(comparisons)
        for first, second in combinations(range(groups), 2)
    ]
    matrix = np.zeros((groups * comparisons, len(pairs)))
    for column, (first, second) in enumerate(pairs):
        matrix[first, column], matrix[second, column] = 1, -1
    return matrix
