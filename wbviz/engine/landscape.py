"""The loss as a landscape over the parameters: surfaces, directions, and slopes felt out by small steps.

Every point of a landscape is a network; all points together are a population.
"""

from dataclasses import dataclass

import numpy as np

from . import checks
from .losses import LOSSES
from .network import Network
from .planes import Plane, losses_over

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
    plane = Plane(origin, d1, d2, u, v)
    losses = losses_at(net, plane, X, y, loss, l1, l2, penalize_biases, dtype)
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


@dataclass(frozen=True)
class PathPlane:
    """The plane that comes closest to a path: two directions of length 1, at right angles, each of shape (n_params,).

    explained: the share of the path's variance that lies along each, shape (2,); what is missing to 1 the plane hides.
    """

    d1: np.ndarray
    d2: np.ndarray
    explained: np.ndarray


def trajectory_directions(params):
    """The first two principal components of a training path, as Li et al. (2018) draw it → PathPlane.

    params: (n_steps + 1, n_params), such as `history.params`. Signs are such that the path ends further along each
    direction than it began. A path that stands still or is straight leaves directions open: then its plane takes in
    the parameter that it lies across most.
    """
    path = checks.floats(params, "params")
    if path.ndim != 2 or len(path) == 0 or path.shape[1] < 2:
        raise ValueError(
            f"params must have shape (n_steps + 1, n_params), with 2 parameters or more; got {path.shape}."
        )
    _, lengths, components = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)
    lengths = np.where(lengths > 1e-12 * np.linalg.norm(path), lengths, 0.0)
    directions = [_ahead(component, path) for component in components[:2][lengths[:2] > 0]]
    while len(directions) < 2:
        directions.append(_across(directions, path.shape[1]))
    explained = np.zeros(2)
    explained[: len(lengths)] = lengths[:2] ** 2 / max((lengths**2).sum(), np.finfo(float).tiny)
    return PathPlane(*directions, explained)


def _ahead(direction, path):
    """A direction, turned so that the path goes forward along it; if it ends as it began, its largest entry is up."""
    gone = (path[-1] - path[0]) @ direction
    ended_ahead = abs(gone) > 1e-9 * np.ptp(path @ direction)
    return direction * np.sign(gone if ended_ahead else direction[np.abs(direction).argmax()])


def _across(directions, size):
    """A direction at right angles to the others, as near as can be to one parameter."""
    others = np.reshape(directions, (-1, size))
    axis = np.eye(size)[np.abs(others).sum(axis=0).argmin()]
    axis = axis - others.T @ (others @ axis)
    return axis / np.linalg.norm(axis)


def numerical_gradient(net, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False, h=1e-5):
    """The gradient without calculus: (loss(p + h) - loss(p - h)) / 2h for each parameter p in turn."""
    _one(net)
    shift = checks.rate(h, "h", above_zero=True) * np.eye(net.n_params)
    up, down = (losses_at(net, net.params + sign * shift, X, y, loss, l1, l2, penalize_biases) for sign in (1, -1))
    return (up - down) / (2 * h)


def losses_at(net, points, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False, dtype=np.float64):
    """The loss of the architecture of `net` at each of `points`, shape (n_points, n_params) → (n_points,).

    Computed in chunks, so that memory stays bounded, and what the points have in common once. dtype: np.float32 is
    enough for a picture, and of a Plane many times faster.  Where the loss exceeds what it can hold, it is infinity.
    """
    if not isinstance(points, Plane):
        points = _points(points, net.n_params)
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}.")
    loss = checks.pick(LOSSES, loss, "loss")
    X = checks.inputs(X, net.sizes[0])
    y = loss.targets(y, (len(X), net.sizes[-1]))
    with np.errstate(over="ignore", invalid="ignore"):
        if isinstance(points, Plane) and np.dtype(dtype) == np.float32:
            losses = losses_over(net, points, X, y, loss).ravel()
        else:
            losses = _losses_of_many(*_tail(net, points, X.astype(dtype)), points, y, loss)
        if np.any(l1) or np.any(l2):
            for part in _parts(len(points), CHUNK // net.n_params):
                losses[part] += net.with_params(points[part]).penalty(l1, l2, penalize_biases)
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf)


def _losses_of_many(net, start, X, points, y, loss):
    """The data loss at each point, in the precision of X: the readable way, and the measure for the quick one."""
    losses = np.empty(len(points))
    for part in _parts(len(points), CHUNK // (len(X) * max(net.sizes[1:]))):
        losses[part] = loss.value(net.with_params(points[part][:, start:].astype(X.dtype))(X), y)
    return losses


def _parts(count, size):
    """Slices of at most `size` (at least 1) that go through `count` points."""
    return [slice(first, first + max(1, size)) for first in range(0, count, max(1, size))]


def _points(points, n_params):
    """The points as an array (n_points, n_params)."""
    points = checks.floats(points, "points")
    if points.ndim != 2 or len(points) == 0 or points.shape[1] != n_params:
        raise ValueError(f"points must have shape (n_points, {n_params}), at least one; got {points.shape}.")
    return points


def _tail(net, points, X):
    """The layers from the first in which the points differ, where its parameters start, and what comes into it."""
    varies = points.varies() if isinstance(points, Plane) else np.ptp(points, axis=0) > 0
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
