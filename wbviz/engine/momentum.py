"""Gradient descent with momentum on a quadratic, in closed form (Goh 2017, Why Momentum Really Works, Distill).

Along each eigenvector of the curvature the descent is a pair of numbers, the velocity v and the distance x from the
minimum. With v ← βv + λx and x ← x − αv each step multiplies (v, x) by one and the same 2×2 matrix, so that all is
told by its two eigenvalues. Their product is β, their sum 1 + β − αλ. All functions take numbers or arrays.
"""

import numpy as np

from . import checks
from .optimizers import SGD

SAME = 1e-6  # two eigenvalues whose squared distance is below this are said to be equal


def iteration_matrix(lr, beta, curvature):
    """The matrix by which a step multiplies (velocity, distance), shape (..., 2, 2).

    lr ≥ 0; beta: what is kept of the velocity, from 0 to below 1; curvature: the eigenvalue λ ≥ 0. ValueError else.
    """
    lr, beta, curvature = _checked(lr, beta, curvature)
    return np.stack([np.stack([beta, curvature], -1), np.stack([-lr * beta, 1 - lr * curvature], -1)], -2)


def eigenvalues(lr, beta, curvature):
    """The two eigenvalues of the iteration matrix, the larger one first, shape (..., 2), complex."""
    middle, apart = _halves(*_checked(lr, beta, curvature))
    root = np.sqrt(apart.astype(complex)) * np.where(middle < 0, -1, 1)
    return np.stack([middle + root, middle - root], axis=-1)


def rate(lr, beta, curvature):
    """By how much the error shrinks at each step in the long run: the spectral radius of the iteration matrix.

    It is √β wherever the eigenvalues are complex (Goh 2017); 1 and more means that nothing is gained.
    """
    middle, apart = _halves(*_checked(lr, beta, curvature))
    return np.where(apart < 0, np.sqrt(middle**2 + np.maximum(-apart, 0)), abs(middle) + np.sqrt(np.maximum(apart, 0)))


def worst_rate(lr, beta, low, high):
    """The rate on a quadratic whose curvatures lie between `low` and `high`: that of its slowest direction.

    In between no direction is slower than both ends, for as λ grows the rate falls, rests at √β, and rises again.
    """
    return np.maximum(rate(lr, beta, low), rate(lr, beta, high))


def critical_beta(lr, curvature):
    """The β of critical damping, (1 − √(αλ))²: more of it swings, less of it creeps, or flips where αλ is above 1."""
    lr, _, curvature = _checked(lr, 0.0, curvature)
    return (1 - np.sqrt(lr * curvature)) ** 2


def largest_lr(beta, curvature):
    """The learning rate from which on it diverges: 2(1 + β)/λ."""
    _, beta, curvature = _checked(0.0, beta, curvature)
    return 2 * (1 + beta) / curvature


def best(low, high):
    """The learning rate, the β and the rate of the fastest descent with momentum → (lr, beta, rate).

    α = (2 / (√λ₁ + √λₙ))², β = ((√λₙ − √λ₁) / (√λₙ + √λ₁))²; the rate is √β = (√κ − 1)/(√κ + 1) (Polyak 1964). There
    both the flattest and the steepest direction are critically damped.
    """
    _, _, (low, high) = _checked(0.0, 0.0, [low, high])
    flat, steep = np.sqrt(low), np.sqrt(high)
    root = (steep - flat) / (steep + flat)
    return (2 / (flat + steep)) ** 2, root**2, root


def best_descent(low, high):
    """The learning rate and the rate of the fastest descent without momentum: 2/(λ₁ + λₙ), (κ − 1)/(κ + 1)."""
    _, _, (low, high) = _checked(0.0, 0.0, [low, high])
    return 2 / (low + high), (high - low) / (high + low)


def regime(lr, beta, curvature):
    """How one direction (numbers, no arrays) nears its minimum, as a word.

    "diverges"; "critical": two equal eigenvalues; "swings": complex ones; "creeps": real and positive ones, "flips":
    negative ones, the sign changes with each step; "lands": both are zero, one step is enough; "stands": rate 1.
    """
    middle, apart = _halves(*_checked(lr, beta, curvature))
    size = float(rate(lr, beta, curvature))
    if size >= 1 - 1e-12:
        return "diverges" if size > 1 + 1e-12 else "stands"
    if size < SAME:
        return "lands"
    if beta > 0 and abs(4 * apart) < SAME:
        return "critical"
    return "swings" if apart < 0 else "creeps" if middle > 0 else "flips"


def period(lr, beta, curvature):
    """How many steps a swing takes, there and back; 2 where the sign flips with each step, infinite where it creeps."""
    angle = np.abs(np.angle(eigenvalues(lr, beta, curvature)[..., 0]))
    with np.errstate(divide="ignore"):
        return 2 * np.pi / angle


def after(steps, lr, beta, curvature):
    """Distance and velocity after so many steps, of a start at distance 1 that is at rest → (x, v), in closed form.

    steps: whole numbers from 0. With the eigenvalues σ₁, σ₂ and S(k) = (σ₁ᵏ − σ₂ᵏ)/(σ₁ − σ₂), the power k of the
    matrix R is S(k)·R − β·S(k − 1) (Williams 1992). Where the two are equal S(k) is k·σᵏ⁻¹.
    """
    lr, beta, curvature = _checked(lr, beta, curvature)
    steps = np.asarray(steps)
    now, before = (_power_sum(steps - late, lr, beta, curvature) for late in (0, 1))
    return np.where(steps == 0, 1.0, (1 - lr * curvature) * now - beta * before), curvature * now


def measured_rate(lr, beta, curvature, steps=64):
    """The rate of the engine's own SGD, from runs of so many steps on curvature · x²/2.

    Two runs, one from a distance at rest and one from the minimum with a velocity, show to where the steps carry every
    pair (velocity, distance): a 2×2 matrix, measured. The rate is the root, of order `steps`, of its spectral radius.
    That is exact for critical damping too, where the error of a single run dies away like k·σᵏ and not like σᵏ.
    lr, curvature: numbers or arrays.  beta: one number.
    """
    lr, _, curvature = np.broadcast_arrays(*_checked(lr, beta, curvature))
    x = np.stack([np.zeros(lr.shape), np.ones(lr.shape)])[..., None]
    optimizer = SGD(np.stack([lr, lr]), momentum=beta)
    if beta:
        optimizer.state["velocity"] = 1 - x
    else:
        x[0] = 0.0  # without momentum a velocity leads nowhere
    for _ in range(steps):
        optimizer.update(x, curvature[..., None] * x, optimizer.lr[..., None])
    v = optimizer.state.get("velocity", np.zeros_like(x))
    return _radius(v[0, ..., 0], v[1, ..., 0], x[0, ..., 0], x[1, ..., 0]) ** (1 / steps)


# --- parts ------------------------------------------------------------------------------------------------------------


def _checked(lr, beta, curvature):
    checks.rates(lr=lr, curvature=curvature)
    checks.rate(beta, "beta", below=1)
    return [np.asarray(value, float) for value in (lr, beta, curvature)]


def _halves(lr, beta, curvature):
    """Half the sum of the two eigenvalues, and the square of half their difference, negative where they are complex."""
    h, root = lr * curvature, np.sqrt(beta)
    return (1 + beta - h) / 2, (h - (1 - root) ** 2) * (h - (1 + root) ** 2) / 4


def _power_sum(k, lr, beta, curvature):
    """S(k) = (σ₁ᵏ − σ₂ᵏ)/(σ₁ − σ₂), real; 0 for k below 1. No digits are lost where the two are nearly equal."""
    middle, apart = _halves(lr, beta, curvature)
    angle = np.where(apart < 0, np.arctan2(np.sqrt(np.maximum(-apart, 0)), abs(middle)), 0.0)  # as if middle were > 0
    size = rate(lr, beta, curvature)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.maximum(np.where(apart < 0, 0.0, np.log(beta) - 2 * np.log(size)), -700.0) - 2j * angle
    ratio = np.where(np.isnan(ratio), -700.0, ratio)  # both are zero
    terms = np.where(abs(ratio) < 1e-150, k, np.expm1(k * ratio) / np.where(ratio == 0, 1, np.expm1(ratio)))
    first = np.where(k < 1, 0.0, size ** np.maximum(k - 1, 0)) * np.exp(1j * angle * (k - 1))
    return (first * terms).real * np.where((middle < 0) & (k % 2 == 0), -1, 1)


def _radius(a, b, c, d):
    """The spectral radius of the matrices ((a, b), (c, d))."""
    middle, apart = (a + d) / 2, ((a - d) / 2) ** 2 + b * c
    return np.where(apart < 0, np.sqrt(middle**2 + np.maximum(-apart, 0)), abs(middle) + np.sqrt(np.maximum(apart, 0)))
