"""Bias, variance and noise: what the squared error of models that learned from resampled examples is made of."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import checks


class Estimate(NamedTuple):
    """A measured number and its standard error: how far off it is, typically, because only so much was measured."""

    value: float
    error: float

    def apart(self, other):
        """How many standard errors this estimate lies above an independent one; 0 where both are exact and equal."""
        away, spread = self.value - other.value, np.hypot(self.error, other.error)
        return 0.0 if away == 0 else float(away / spread) if spread else float(np.copysign(np.inf, away))


@dataclass(frozen=True)
class Decomposition:
    """The parts of the expected squared error. bias2_at, variance_at, mean_at: (m,), at each test point.

    noise is known and exact; bias2, variance and their `total` with the noise are Estimates over all test points.
    """

    bias2: Estimate
    variance: Estimate
    noise: float
    total: Estimate
    bias2_at: np.ndarray
    variance_at: np.ndarray
    mean_at: np.ndarray


def decompose(predictions, truth, noise_variance=0.0, weights=None):
    """Bias², variance and noise of models that each learned from examples of their own → Decomposition.

    E (ŷ − y)² = (E ŷ − f)² + E (ŷ − E ŷ)² + E (y − f)² (Geman, Bienenstock and Doursat 1992).
    predictions: (N, m), one row for each of at least three independent models. truth: f at the m test points.
    noise_variance: that of targets about the truth. weights: what each point counts, (m,); without them 1/m each.
    Neither part is biased: the variance divides by N − 1, and variance / N, by which the square of a mean is too large
    on average, is taken off bias². So bias² may come out a little below 0. Standard errors: the jackknife over models.
    """
    predictions, truth = checks.floats(predictions, "predictions"), checks.floats(truth, "truth")
    if predictions.ndim != 2 or len(predictions) < 3 or truth.shape != predictions.shape[1:]:
        raise ValueError(
            "predictions must have shape (N, m), for at least 3 models and the m points of truth; "
            f"got {predictions.shape} and {truth.shape}."
        )
    n, noise = len(predictions), float(checks.rate(noise_variance, "noise_variance"))
    weights = np.full(len(truth), 1 / len(truth)) if weights is None else checks.floats(weights, "weights")
    mean = predictions.mean(axis=0)
    apart, off = predictions - mean, mean - truth
    variance = (apart**2).sum(axis=0) / (n - 1)
    bias2 = off**2 - variance / n
    # The same with each model left out in turn, as sums over the points.
    spreads = ((n - 1) * variance @ weights - n / (n - 1) * apart**2 @ weights) / (n - 2)
    biases = (off - apart / (n - 1)) ** 2 @ weights - spreads / (n - 1)
    parts = [Estimate(float(at @ weights), _jackknife(left)) for at, left in ((bias2, biases), (variance, spreads))]
    total = Estimate(parts[0].value + parts[1].value + noise, _jackknife(biases + spreads))
    return Decomposition(*parts, noise, total, bias2, variance, mean)


def measured_error(predictions, targets):
    """The mean squared error of N models on fresh targets, each an array (N, m) → Estimate.

    Its standard error comes from the spread of the models' own errors, which must be independent.
    """
    predictions, targets = checks.floats(predictions, "predictions"), checks.floats(targets, "targets")
    if predictions.ndim != 2 or len(predictions) < 2 or targets.shape != predictions.shape:
        raise ValueError(
            "predictions and targets must both have shape (N, m), for at least 2 models; "
            f"got {predictions.shape} and {targets.shape}."
        )
    own = ((predictions - targets) ** 2).mean(axis=1)
    return Estimate(float(own.mean()), float(own.std(ddof=1) / np.sqrt(len(own))))


def _jackknife(left_out):
    """The standard error of an estimate, from its values with each of n models left out (Tukey 1958)."""
    n = len(left_out)
    return float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
