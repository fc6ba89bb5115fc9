"""Losses: one number for how far the outputs y_hat are from the targets y, and its slope in every output."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import checks
from .activations import sigmoid


@dataclass(frozen=True)
class Loss:
    """A loss of outputs y_hat, shape (..., n, n_out), and targets y.

    targets(y, shape) → the learner's y, checked, as the other two expect it: one row for each row of y_hat, whose
    shape is given. Raises ValueError or TypeError.
    value(y_hat, y) → the mean loss, shape (...): one number for each network of a population.
    gradient(y_hat, y) → dL/dy_hat, the shape of y_hat.
    """

    name: str
    value: Callable
    gradient: Callable
    targets: Callable
    formula: str


def mse(y_hat, y):
    """The squared error, mean over all elements (as torch.nn.MSELoss)."""
    return ((y_hat - y) ** 2).mean(axis=(-2, -1))


def mse_gradient(y_hat, y):
    return 2 * (y_hat - y) / (y_hat.shape[-2] * y_hat.shape[-1])


def softmax(z):
    """exp(z) scaled so that each row sums to 1, without overflow for any z."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(y_hat, y):
    """-log softmax(y_hat) at the label, mean over samples (as torch.nn.CrossEntropyLoss); y as `one_hot`."""
    below_top = y_hat - y_hat.max(axis=-1, keepdims=True)
    at_label = np.where(y, below_top, 0).sum(axis=-1)
    return (np.log(np.exp(below_top).sum(axis=-1)) - at_label).mean(axis=-1)


def cross_entropy_gradient(y_hat, y):
    return (softmax(y_hat) - y) / y_hat.shape[-2]


def one_hot(y, shape):
    """Labels 0 … n_out - 1, one for each row, as booleans of the `shape` (..., n, n_out): True at the label."""
    return checks.labels(y, shape)[..., None] == np.arange(shape[-1])


def binary_entropies(y_hat, y):
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(y_hat), of each element, without overflow."""
    return np.maximum(y_hat, 0) - y_hat * y + np.log1p(np.exp(-np.abs(y_hat)))


def binary_cross_entropy(y_hat, y):
    """The mean of `binary_entropies` (as torch.nn.BCEWithLogitsLoss)."""
    return binary_entropies(y_hat, y).mean(axis=(-2, -1))


def binary_cross_entropy_gradient(y_hat, y):
    return (sigmoid(y_hat) - y) / (y_hat.shape[-2] * y_hat.shape[-1])


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("mse", mse, mse_gradient, checks.real_targets, "mean (ŷ - y)²"),
        Loss("cross_entropy", cross_entropy, cross_entropy_gradient, one_hot, "mean -log softmax(ŷ)[y]"),
        Loss(
            "binary_cross_entropy",
            binary_cross_entropy,
            binary_cross_entropy_gradient,
            checks.probabilities,
            "mean -y log σ(ŷ) - (1 - y) log(1 - σ(ŷ))",
        ),
    )
}
