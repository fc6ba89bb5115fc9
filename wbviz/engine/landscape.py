"""The loss as a landscape over the parameters: surfaces, directions, and slopes felt out by small steps.

Every point of a landscape is a network; all points together are a population.
"""

from dataclasses import dataclass

import numpy as np

from . import checks
from .losses import LOSSES
from .network import Network

CHUNK = 2**18  # numbers in the widest layer of the networks that are computed at once: about what a cache holds


@dataclass(frozen=True)
class Surface:
    """loss[row, column] belongs to v[row] and u[column], as matplotlib's contour expects."""

    u: np.ndarray
    v: np.ndarray
    loss: np.ndarray


def loss_surface(
    net,
    X,
    y,
    loss="mse",
    axes=None,
    directions=None,
    span=None,
    resolution=101,
    l1=0.0,
    l2=0.0,
    penalize_biases=False,
    dtype=np.float64,
):
    """The true loss of `net` over a plane through its parameters → Surface.

    axes: two parameters such as ("W", 0, 1, 2) and ("b", 1, 0); u and v are then their values.
    directions: two vectors of shape (n_params,) instead; the point (u, v) is params + u · d1 + v · d2.
    span: how far to go from the network to either side (3 along axes, 1 along directions), or ((u_min, u_max),
    (v_min, v_max)).  resolution: points along each side, or (along u, along v).
    dtype: np.float32 is faster and enough for a picture.  Where the loss exceeds what it can hold, it is infinity.
    """
    _one(net)
    d1, d2 = _plane(net, axes, directions)
    centre = np.array([net.params @ d1, net.params @ d2]) if axes is not None else np.zeros(2)
    u, v = _grid(centre, span if span is not None else (3.0 if axes is not None else 1.0), resolution)
    origin = net.params - centre[0] * d1 - centre[1] * d2
    points = _Plane(origin, d1, d2, u, v)
    losses = losses_at(net, points, X, y, loss, l1, l2, penalize_biases, dtype)
    return Surface(u, v, losses.reshape(len(v), len(u)))


def random_directions(net, seed=0, filter_normalised=True):
    """Two random directions of shape (n_params,) for `loss_surface`.

    filter_normalised: each neuron's part of a direction is made as long as the neuron's own parameters, so that
    steps mean the same in every layer (Li et al. 2018). Its bias belongs to a neuron as its incoming weights do.
    """
    _one(net)
    rng = np.random.default_rng(checks.whole(seed, "seed", 0))
    directions = rng.normal(size=(2, net.n_params))
    if filter_normalised:
        for direction in directions:
            for W, b, dW, db in zip(net.weights, net.biases, *net.views(direction), strict=True):
                scale = np.sqrt(((W**2).sum(axis=0) + b**2) / ((dW**2).sum(axis=0) + db**2))
                dW *= scale
                db *= scale
    return directions[0], directions[1]


def numerical_gradient(net, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False, h=1e-5):
    """The gradient without calculus: (loss(p + h) - loss(p - h)) / 2h for each parameter p in turn."""
    _one(net)
    shift = checks.rate(h, "h", above_zero=True) * np.eye(net.n_params)
    up, down = (losses_at(net, net.params + sign * shift, X, y, loss, l1, l2, penalize_biases) for sign in (1, -1))
    return (up - down) / (2 * h)


def losses_at(net, points, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False, dtype=np.float64):
    """The loss of the architecture of `net` at each of `points`, shape (n_points, n_params) → (n_points,).

    Computed in chunks, so that memory stays bounded. Layers in front of the first parameter in which the points
    differ are computed once.
    """
    if not isinstance(points, _Plane):
        points = _points(points, net.n_params)
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}.")
    loss = checks.pick(LOSSES, loss, "loss")
    X = checks.inputs(X, net.sizes[0])
    y = loss.targets(y, (len(X), net.sizes[-1]))
    tail, start, X = _tail(net, points, X)
    X, y = X.astype(dtype), y if y.dtype == bool else y.astype(dtype)
    size = max(1, CHUNK // (len(X) * max(tail.sizes[1:])))
    losses = np.empty(len(points))
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(points), size):
            chunk = points[first : first + size]
            y_hat = tail.with_params(chunk[:, start:].astype(dtype))(X)
            losses[first : first + size] = loss.value(y_hat, y)
            if np.any(l1) or np.any(l2):
                losses[first : first + size] += net.with_params(chunk).penalty(l1, l2, penalize_biases)
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf)


class _Plane:
    """The points origin + u · d1 + v · d2 of a grid, row by row, made only when asked for."""

    def __init__(self, origin, d1, d2, u, v):
        self.origin, self.d1, self.d2, self.u, self.v = origin, d1, d2, u, v

    def __len__(self):
        return len(self.u) * len(self.v)

    def __getitem__(self, part):
        row, column = np.divmod(np.arange(len(self))[part], len(self.u))
        return self.origin + self.u[column, None] * self.d1 + self.v[row, None] * self.d2

    def varies(self):
        return (self.d1 != 0) | (self.d2 != 0)


def _points(points, n_params):
    """The points as an array (n_points, n_params)."""
    points = checks.floats(points, "points")
    if points.ndim != 2 or len(points) == 0 or points.shape[1] != n_params:
        raise ValueError(f"points must have shape (n_points, {n_params}), at least one; got {points.shape}.")
    return points


def _tail(net, points, X):
    """The layers from the first in which the points differ, where its parameters start, and what comes into it."""
    varies = points.varies() if isinstance(points, _Plane) else np.ptp(points, axis=0) > 0
    first = net.name_of(int(varies.argmax()))[1]
    if first == 0:
        return net, 0, X
    start = net.index("W", first, 0, 0)
    tail = Network(net.sizes[first:], net.activations[0], net.activations[-1], net.initializer)
    return tail, start, net.with_params(points[:1][0]).forward(X).a[first]


def _plane(net, axes, directions):
    """The two directions in which to go."""
    if (axes is None) == (directions is None):
        raise ValueError("Give either axes, two parameters, or directions, two vectors.")
    if directions is not None:
        d1, d2 = (checks.floats(d, "directions") for d in checks.pair(directions, "directions", "two vectors"))
        if d1.shape != (net.n_params,) or d2.shape != (net.n_params,):
            raise ValueError(f"Each direction must have shape ({net.n_params},), got {d1.shape} and {d2.shape}.")
        return d1, d2
    axes = checks.pair(axes, "axes", 'two parameters such as (("W", 0, 0, 0), ("b", 0, 0))')
    first, second = (net.index(*axis) for axis in axes)
    if first == second:
        raise ValueError(f"The two axes must differ, got {axes[0]} twice.")
    d1, d2 = np.zeros((2, net.n_params))
    d1[first] = d2[second] = 1
    return d1, d2


def _grid(centre, span, resolution):
    """The values of u and v."""
    if np.ndim(span) == 0:
        checks.rate(span, "span", above_zero=True)
        span = [(c - span, c + span) for c in centre]
    u, v = (checks.interval(limits, "span") for limits in checks.pair(span, "span", "a number or two intervals"))
    resolution = (resolution, resolution) if np.ndim(resolution) == 0 else resolution
    columns, rows = checks.pair(resolution, "resolution", "a number or two numbers")
    return (
        np.linspace(*u, checks.whole(columns, "resolution", 2)),
        np.linspace(*v, checks.whole(rows, "resolution", 2)),
    )


def _one(net):
    if net.population:
        raise ValueError(
            f"This needs one network, got a population {net.population}. Take a member: net.with_params(net.params[0])."
        )
