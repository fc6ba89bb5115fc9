"""Races: optimisers of the engine from one start on one surface, with what each of them remembers at every step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, SURFACES, Adagrad, Adam, AdamW, Network, RMSprop, network_objective, train

TOLERANCE = 0.01  # within this distance of a minimum an optimiser has arrived
FAR = 1000.0  # an optimiser with a coordinate beyond this has diverged
KEPT = 64  # paths that are remembered
#: The two parameters that move on the surface called "network": a weight into the second hidden unit, one out of it.
NETWORK_AXES = (("W", 0, 1, 1), ("W", 1, 1, 0))
AXES = {"network": ("w x₂→h₂", "w h₂→ŷ")}  # the names of the axes where they are not x₁ and x₂


# --- who runs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Runner:
    """An optimiser: its name, how it is made from lr and momentum, its rule as text, and what it remembers.

    memory(optimizer, points, g, state, t) → dict name → array (n, 2), from what it saw at steps t = 1 … n.
    stable(momentum) → lr · curvature up to which it is stable on a quadratic, or None where there is no such number.
    """

    label: str
    make: Callable
    rule: str
    memory: Callable
    stable: Callable = lambda momentum: None


def _velocity(optimizer, points, g, state, t):
    return {"velocity v": state.get("velocity", g)}


def _nesterov(optimizer, points, g, state, t):
    velocity = state.get("velocity", g)
    return {"velocity v": velocity, "g + βv": g + optimizer.momentum * velocity}


def _adagrad(optimizer, points, g, state, t):
    squares = state["sum_of_squares"]
    return {"sum of g²: s": squares, "√s + ε": np.sqrt(squares) + optimizer.eps}


def _rmsprop(optimizer, points, g, state, t):
    squares = state["mean_square"]
    return {"mean of g²: s": squares, "√s + ε": np.sqrt(squares) + optimizer.eps}


def _adam(optimizer, points, g, state, t):
    (beta1, beta2), m, v = optimizer.betas, state["m"], state["v"]
    return {
        "mean of g: m": m,
        "corrected: m̂": m / (1 - beta1**t),
        "mean of g²: v": v,
        "corrected: v̂": v / (1 - beta2**t),
    }


def _adamw(optimizer, points, g, state, t):
    return _adam(optimizer, points, g, state, t) | {"decay lr · λ · x": optimizer.lr * optimizer.weight_decay * points}


RUNNERS = {
    "sgd": Runner("SGD", lambda lr, beta: SGD(lr), "step = −lr · g", lambda *_: {}, lambda beta: 2.0),
    "momentum": Runner(
        "momentum", lambda lr, beta: SGD(lr, momentum=beta),
        "v ← βv + g,  step = −lr · v", _velocity, lambda beta: 2 * (1 + beta),
    ),
    "nesterov": Runner(
        "Nesterov", lambda lr, beta: SGD(lr, momentum=beta, nesterov=beta > 0),
        "v ← βv + g,  step = −lr · (g + βv)", _nesterov, lambda beta: 2 * (1 + beta) / (1 + 2 * beta),
    ),
    "adagrad": Runner(
        "Adagrad", lambda lr, beta: Adagrad(lr),
        "s ← s + g²,  step = −lr · g / (√s + ε)", _adagrad,
    ),
    "rmsprop": Runner(
        "RMSprop", lambda lr, beta: RMSprop(lr),
        "s ← αs + (1 − α)g²,  step = −lr · g / (√s + ε)", _rmsprop,
    ),
    "adam": Runner(
        "Adam", lambda lr, beta: Adam(lr),
        "m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)\nstep = −lr · m̂ / (√v̂ + ε)", _adam,
    ),
    "adamw": Runner(
        "AdamW", lambda lr, beta: AdamW(lr),
        "as Adam, and before it the weights decay:\nx ← x − lr · λ · x with λ = 0.01", _adamw,
    ),
}  # fmt: skip

#: Learning rates to begin with on each surface, in the order of RUNNERS.
RATES = {
    "bowl": (0.2, 0.05, 0.05, 0.5, 0.05, 0.1, 0.1),
    "ravine": (0.07, 0.02, 0.02, 0.5, 0.05, 0.1, 0.1),
    "saddle": (0.2, 0.05, 0.05, 0.2, 0.02, 0.05, 0.05),
    "beale": (0.001, 0.001, 0.001, 0.5, 0.02, 0.1, 0.1),
    "himmelblau": (0.01, 0.005, 0.005, 0.5, 0.05, 0.2, 0.2),
    "rosenbrock": (0.001, 0.0005, 0.0005, 0.5, 0.02, 0.1, 0.1),
    "network": (0.1, 0.05, 0.05, 0.5, 0.02, 0.1, 0.1),
}


# --- where they run ---------------------------------------------------------------------------------------------------


def objective(surface):
    """The surface of that name: one of the engine's SURFACES, or "network", the loss of the book's 2-4-1 network."""
    return SURFACES[surface] if surface in SURFACES else _network()


@lru_cache(maxsize=1)
def _network():
    """A 2-4-1 network that has learned two moons; two of its weights are let go, the other 15 parameters are held."""
    moons = load_dataset("moons", n=80, noise=0.15, seed=0).standardise()
    y = moons.y[:, None].astype(float)
    net = Network([2, 4, 1], seed=0)
    train(net, moons.X, y, optimizer=Adam(lr=0.05), epochs=300)
    found = network_objective(net, moons.X, y, axes=NETWORK_AXES, start=(-1.5, -1.5), span=4.0)
    names = " and ".join(AXES["network"])
    return replace(found, formula=f"loss of a 2-4-1 network on moons over {names}, 15 others held")


@lru_cache(maxsize=8)
def view(surface):
    """What there is to see of a surface, as OptimizerRaceScene.update expects it."""
    ground = objective(surface)
    side = np.linspace(-ground.span, ground.span, 161 if surface in SURFACES else 101)
    heights = ground.f(np.stack(np.meshgrid(side, side), axis=-1))
    return {
        "name": surface, "span": ground.span, "side": side, "heights": heights, "minima": ground.minima,
        "higher": ground.f(ground.minima) > ground.lowest + 1e-9, "axes": AXES.get(surface, ("x₁", "x₂")),
        "top": 10.0 ** np.ceil(np.log10(np.quantile(heights, 0.97) - ground.lowest)), "tolerance": TOLERANCE,
    }  # fmt: skip


# --- the race ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Path:
    """Where an optimiser was, and what it saw and remembered there.

    points: (n + 1, 2), from the start.  gradients: (n, 2), at points[:-1].  memory: dict name → (n, 2), after it has
    seen the gradient, with which it makes the step.  loss, distance: (n + 1,), above 0 and from the nearest minimum.
    diverged: the number of the step with which it went beyond FAR or to no number at all, or None; it is not in points.
    """

    points: np.ndarray
    gradients: np.ndarray
    memory: dict
    loss: np.ndarray
    distance: np.ndarray
    diverged: int | None

    def at(self, step):
        """The index of the last place known at `step`: the step itself, or the last before it diverged."""
        return min(step, len(self.points) - 1)

    def leaves(self, span):
        """The index of the first place from which on a diverging path is outside of ±span for good; else its last."""
        inside = np.flatnonzero(np.abs(self.points).max(axis=1) <= span)
        return int(inside[-1]) + 1 if self.diverged is not None and len(inside) else len(self.points) - 1

    def arrived(self, last, tolerance=TOLERANCE):
        """The step from which on it stays within `tolerance` of a minimum up to step `last`, or None."""
        if self.diverged is not None and self.diverged <= last:
            return None
        outside = np.flatnonzero(self.distance[: last + 1] > tolerance)
        first = int(outside[-1]) + 1 if len(outside) else 0
        return first if first <= last else None


_paths = {}


@lru_cache(maxsize=8)
def race(surface, start, steps, entries):
    """The paths of several optimisers, one step longer than `steps`, so that the last place has a next step too.

    start: a pair.  entries: a tuple of (name in RUNNERS, lr, momentum) of each.
    Every path is kept for a while: a changed learning rate runs one of them anew.
    """
    keys = [(surface, start, steps, *entry) for entry in entries]
    known = {key: _paths[key] for key in keys if key in _paths}
    missing = [key for key in keys if key not in known]
    if missing:
        known |= zip(missing, _run(objective(surface), start, steps + 1, [key[3:] for key in missing]), strict=True)
        _paths.update(known)
        for key in list(_paths)[:-KEPT]:
            del _paths[key]
    return [known[key] for key in keys]


def _run(ground, start, steps, entries):
    """All of them side by side: the gradient is asked for once a step, each then moves by its own rule."""
    optimizers = [RUNNERS[name].make(lr, momentum) for name, lr, momentum in entries]
    at = np.tile(np.asarray(start, float), (len(entries), 1))
    ends, states = [steps] * len(entries), [[] for _ in entries]
    points, gradients = np.empty((steps + 1, *at.shape)), np.empty((steps, *at.shape))
    points[0] = at
    with np.errstate(all="ignore"):  # what overflows is found and reported as divergence
        for k in range(steps):
            gradients[k] = ground.gradient(at)
            for place, slope, optimizer, kept in zip(at, gradients[k], optimizers, states, strict=True):
                optimizer.update(place, slope, optimizer.lr)
                kept.append({name: value.copy() for name, value in optimizer.state.items() if value.ndim})
            for i in np.flatnonzero(~(np.abs(at).max(axis=1) <= FAR)):
                ends[i] = min(ends[i], k)
                at[i] = points[k, i]
            points[k + 1] = at
    return [
        _path(ground, entry, optimizer, points[:, i], gradients[:, i], states[i], ends[i])
        for i, (entry, optimizer) in enumerate(zip(entries, optimizers, strict=True))
    ]


def _path(ground, entry, optimizer, points, gradients, states, end):
    """The first `end` steps as a Path; where there were more it has diverged with the next."""
    diverged = None if end == len(gradients) else end + 1
    points, gradients, states = points[: end + 1].copy(), gradients[:end].copy(), states[:end]
    state = {name: np.array([each[name] for each in states]) for name in (states[0] if states else ())}
    seen = points[:end], gradients, state, np.arange(1, end + 1)[:, None]
    memory = RUNNERS[entry[0]].memory(optimizer, *seen) if end else {}
    return Path(points, gradients, memory, ground.f(points) - ground.lowest, ground.distance(points), diverged)


def steps_to_tolerance(surface, runner, lr, start=None, momentum=0.9, tolerance=TOLERANCE, steps=500):
    """From which step on an optimiser stays within `tolerance` of a minimum, up to `steps`; infinity where it does not.

    lr: a number or an array (…l).  start: a place or an array of places (…s, 2); the surface's own where left out.
    Returns floats of shape (…s, …l): all starts and all learning rates run at once, as one population.
    """
    ground, lr = objective(surface), np.asarray(lr, float)
    starts = np.asarray(ground.start if start is None else start, float)
    shape = starts.shape[:-1] + lr.shape
    at = np.broadcast_to(starts.reshape(*starts.shape[:-1], *(1,) * lr.ndim, 2), (*shape, 2)).copy()
    optimizer = RUNNERS[runner].make(np.broadcast_to(lr, shape), momentum)
    first = np.zeros(shape)
    with np.errstate(all="ignore"):  # the diverged go to infinity, and are never within the tolerance again
        for k in range(steps + 1):
            first = np.where(ground.distance(at) <= tolerance, first, k + 1)
            optimizer.step(at, ground.gradient(at))
    return np.where(first <= steps, first, np.inf)[()]


# --- why one has diverged ---------------------------------------------------------------------------------------------


def steepness(surface, path, name, lr, momentum):
    """lr times the largest curvature a path has met in view, and up to which an optimiser is stable: (product, limit).

    For SGD, momentum and Nesterov on a quadratic (Goh 2017 for momentum); None for those which divide the gradient.
    """
    limit, ground = RUNNERS[name].stable(momentum), objective(surface)
    if limit is None:
        return None
    seen = path.points[np.abs(path.points).max(axis=1) <= ground.span]
    return lr * float(ground.curvature(seen).max()), limit
