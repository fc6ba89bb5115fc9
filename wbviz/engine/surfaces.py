"""Surfaces on which optimisers are tried: functions of two numbers whose minima are known, or a network's own loss."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import checks
from .landscape import loss_surface

KAPPA = 25.0  # how many times as steep the ravine is across as along


@dataclass(frozen=True)
class Objective:
    """A function of two numbers to be minimised.

    f(points) → (...), gradient(points) → (..., 2) for points of shape (..., 2).
    minima: the places of its minima, shape (n, 2).  lowest: its value at the lowest of them.
    start: where to begin.  span: what is of interest lies between -span and span in both numbers.
    formula: f as text.  source: who introduced it.
    """

    name: str
    f: Callable
    gradient: Callable
    minima: np.ndarray
    start: tuple
    span: float
    formula: str
    source: str
    lowest: float = 0.0

    def distance(self, points):
        """How far each of the points (..., 2) is from the nearest minimum, shape (...)."""
        return np.linalg.norm(np.asarray(points)[..., None, :] - self.minima, axis=-1).min(axis=-1)

    def hessian(self, points, h=1e-4):
        """The second derivatives at points (..., 2), shape (..., 2, 2), from central differences of the gradient."""
        points = np.asarray(points, float)[..., None, :]
        shift = h * np.eye(2)
        H = (self.gradient(points + shift) - self.gradient(points - shift)) / (2 * h)
        return (H + H.mT) / 2

    def curvature(self, points):
        """The largest curvature in any direction at points (..., 2): the top eigenvalue of the Hessian, shape (...)."""
        return np.linalg.eigvalsh(self.hessian(points))[..., -1]


def bowl(p):
    return (p[..., 0] ** 2 + p[..., 1] ** 2) / 2


def bowl_gradient(p):
    return p * 1.0


def ravine(p):
    return (p[..., 0] ** 2 + KAPPA * p[..., 1] ** 2) / 2


def ravine_gradient(p):
    return p * (1.0, KAPPA)


def saddle(p):
    x, y = p[..., 0], p[..., 1]
    return x**2 / 2 + (y**2 - 1) ** 2 / 4


def saddle_gradient(p):
    x, y = p[..., 0], p[..., 1]
    return np.stack([x, y * (y**2 - 1)], axis=-1)


def beale(p):
    return sum(rest**2 for rest, _, _ in _beale(p))


def beale_gradient(p):
    parts = _beale(p)
    by_x, by_y = (sum(2 * part[0] * part[i] for part in parts) for i in (1, 2))
    return np.stack([by_x, by_y], axis=-1)


def _beale(p):
    """Each of the three rests c - x (1 - yᵏ), k = 1, 2, 3, with its slopes in x and in y."""
    x, y = p[..., 0], p[..., 1]
    powers = (1.0, y, y * y, y * y * y)
    return [(c - x * (1 - powers[k]), powers[k] - 1, k * x * powers[k - 1]) for k, c in enumerate(BEALE, start=1)]


def himmelblau(p):
    x, y = p[..., 0], p[..., 1]
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def himmelblau_gradient(p):
    x, y = p[..., 0], p[..., 1]
    one, two = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * one + 2 * two, 2 * one + 4 * y * two], axis=-1)


def rosenbrock(p):
    x, y = p[..., 0], p[..., 1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def rosenbrock_gradient(p):
    x, y = p[..., 0], p[..., 1]
    off = y - x**2
    return np.stack([-2 * (1 - x) - 400 * x * off, 200 * off], axis=-1)


BEALE = (1.5, 2.25, 2.625)
HIMMELBLAU = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
)

SURFACES = {
    surface.name: surface
    for surface in (
        Objective(
            "bowl", bowl, bowl_gradient, np.array([(0.0, 0.0)]), (-2.5, 1.5), 3.0,
            "½x₁² + ½x₂²", "the simplest quadratic: as steep in every direction",
        ),
        Objective(
            "ravine", ravine, ravine_gradient, np.array([(0.0, 0.0)]), (-2.5, 1.0), 3.0,
            "½x₁² + ½·25x₂²", "a quadratic of condition number 25 (as in Goh 2017, Why Momentum Really Works)",
        ),
        Objective(
            "saddle", saddle, saddle_gradient, np.array([(0.0, 1.0), (0.0, -1.0)]), (-1.8, 0.01), 2.0,
            "½x₁² + ¼(x₂² − 1)²", "a saddle at (0, 0) between two minima (on saddles: Dauphin et al. 2014)",
        ),
        Objective(
            "beale", beale, beale_gradient, np.array([(3.0, 0.5)]), (1.0, 1.5), 4.5,
            "(1.5 − x₁ + x₁x₂)² + (2.25 − x₁ + x₁x₂²)² + (2.625 − x₁ + x₁x₂³)²", "Beale (1958)",
        ),
        Objective(
            "himmelblau", himmelblau, himmelblau_gradient, np.array(HIMMELBLAU), (-0.5, -1.0), 5.0,
            "(x₁² + x₂ − 11)² + (x₁ + x₂² − 7)²", "Himmelblau (1972)",
        ),
        Objective(
            "rosenbrock", rosenbrock, rosenbrock_gradient, np.array([(1.0, 1.0)]), (-1.2, 1.0), 2.2,
            "(1 − x₁)² + 100(x₂ − x₁²)²", "Rosenbrock (1960), from his own starting point",
        ),
    )
}  # fmt: skip


def network_objective(net, X, y, loss="mse", axes=None, start=(0.0, 0.0), span=3.0, name="network", resolution=61):
    """The true loss of `net` as a function of two of its parameters, all others held where they are → Objective.

    axes: two parameters such as (("W", 0, 0, 0), ("W", 1, 0, 0)).  Its minima between -span and span are found from
    the lowest points of a grid of `resolution` points a side, each followed by Newton's method to where the gradient
    is zero. Raises ValueError where there is none.
    """
    pair = [net.index(*axis) for axis in checks.pair(axes, "axes", "two parameters")]

    def at(points):
        params = np.broadcast_to(net.params, (*np.shape(points)[:-1], net.n_params)).copy()
        params[..., pair] = points
        return net.with_params(params)

    def f(points):
        return at(points).loss(X, y, loss)

    def gradient(points):
        return at(points).gradient(X, y, loss)[..., pair]

    limits = ((-span, span), (-span, span))
    grid = loss_surface(net, X, y, loss, axes=axes, span=limits, resolution=resolution)
    formula, source = f"the loss over {axes[0]} and {axes[1]}", f"{net!r}, its other parameters held"
    minima = _minima(Objective(name, f, gradient, np.zeros((1, 2)), start, span, formula, source), grid)
    return Objective(name, f, gradient, minima, start, span, formula, source, float(f(minima).min()))


def _minima(objective, grid):
    """The minima next to those points of a grid that are lower than all eight around them, shape (n, 2)."""
    around = np.lib.stride_tricks.sliding_window_view(grid.loss, (3, 3)).reshape(-1, 9)
    lowest = (np.delete(around, 4, axis=1) > around[:, 4:5]).all(axis=1)
    rows, columns = np.divmod(np.flatnonzero(lowest), len(grid.u) - 2)
    points = np.stack([grid.u[columns + 1], grid.v[rows + 1]], axis=-1)
    with np.errstate(all="ignore"):
        for _ in range(50):
            H = objective.hessian(points)
            points = points - np.linalg.solve(H + 1e-12 * np.eye(2), objective.gradient(points)[..., None])[..., 0]
    flat = np.abs(objective.gradient(points)).max(axis=-1, initial=0) < 1e-9
    sure = flat & (np.linalg.eigvalsh(objective.hessian(points))[..., 0] > 0)
    sure &= np.abs(points).max(axis=-1, initial=0) <= objective.span
    if not sure.any():
        raise ValueError(f"No minimum was found within ±{objective.span:g}: choose other axes or a larger span.")
    return points[sure][np.unique(points[sure].round(6), axis=0, return_index=True)[1]]
