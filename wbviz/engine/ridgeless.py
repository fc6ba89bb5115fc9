"""Least squares with fewer and with more weights than examples, and the error that it is known to make."""

from typing import NamedTuple

import numpy as np

from . import checks


def minimum_norm(X, y, l2=0.0):
    """The weights that minimise the mean squared error + l2/2 · Σw²; of several for l2 = 0, the shortest → w (..., p).

    X: (..., n, p); y: (..., n). There is no bias; leading axes are solved at once. Directions in which the examples
    vary less than a 10⁻⁶ of the most are left at 0. Without l2 this is the limit of gradient descent from zero.
    """
    X, y = checks.floats(X, "X"), checks.floats(y, "y")
    if X.ndim < 2 or y.shape != X.shape[:-1] or 0 in X.shape:
        raise ValueError(f"X must have shape (..., n, p) and y (..., n), none of them empty; got {X.shape}, {y.shape}.")
    n, p = X.shape[-2:]
    strength = n * checks.rate(l2, "l2") / 2
    gram, side = (X.mT @ X, X.mT @ y[..., None]) if p <= n else (X @ X.mT, y[..., None])
    curvature, axes = np.linalg.eigh(gram)
    counts = curvature > 1e-12 * curvature[..., -1:]
    share = np.divide(1.0, curvature + strength, out=np.zeros_like(curvature), where=counts)
    solved = axes @ (share[..., None] * (axes.mT @ side))
    return (solved if p <= n else X.mT @ solved)[..., 0]


class Risk(NamedTuple):
    """The expected squared distance from the truth, without the noise in the targets: bias², variance, their sum."""

    bias2: float
    variance: float

    @property
    def total(self):
        return self.bias2 + self.variance


def ridgeless_risk(n, p, signal=1.0, noise_variance=1.0, missed=0.0):
    """The Risk of least squares of minimum norm with p weights and n examples, exactly, for independent N(0, 1) inputs.

    signal: Σβ² of the true weights of the p inputs. missed: Σβ² of those that the model does not see, so that they act
    as noise. For n − 1 ≤ p ≤ n + 1 the variance is infinite. Variance is taken over the whole set of examples, inputs
    included; Hastie et al. count the inputs' part of it, signal · (1 − n/p) · n/p, to the bias.
    Source: Belkin, Hsu and Xu (2020); for n, p → ∞: Hastie, Montanari, Rosset and Tibshirani (2022).
    """
    n, p = checks.whole(n, "n"), checks.whole(p, "p", 0)
    checks.rates(signal=signal, noise_variance=noise_variance, missed=missed)
    noise, share = noise_variance + missed, n / max(p, 1)
    if p < n - 1:
        return Risk(missed, noise * p / (n - p - 1))
    share = min(share, 1.0)  # of each weight, on average, that the examples determine
    swamped = float("inf") if noise else 0.0
    return Risk(
        missed + signal * (1 - share) ** 2,
        signal * (1 - share) * share + (noise * n / (p - n - 1) if p > n + 1 else swamped),
    )


def ridge_risk(gamma, l2, signal=1.0, noise_variance=1.0, missed=0.0):
    """The expected squared distance from the truth of ridge regression, where n and p = gamma · n are large.

    l2: as in `minimum_norm`, above 0; the rest as for `ridgeless_risk`. Source: Dobriban and Wager (2018), Hastie et
    al. (2022), with the Stieltjes transform m of the law of Marchenko and Pastur at −λ, where λ = l2/2.
    """
    gamma, lam = (checks.rate(value, name, above_zero=True) for value, name in ((gamma, "gamma"), (l2, "l2")))
    checks.rates(signal=signal, noise_variance=noise_variance, missed=missed)
    lam = lam / 2
    b = 1 - gamma + lam
    root = np.sqrt(b**2 + 4 * gamma * lam)
    m = 2 / (b + root) if b > 0 else (root - b) / (2 * gamma * lam)  # the same number, without loss of digits
    slope = (gamma * m + 1) * m / root
    return float(missed + signal * lam**2 * slope + (noise_variance + missed) * gamma * (m - lam * slope))
