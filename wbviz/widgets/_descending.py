"""Gradient descent on the loss of the 2-4-1 network, and the plane that it is watched in: from settings to numbers."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Network, Training, loss_surface, random_directions, trajectory_directions

SIZES = [2, 4, 1]
DATA = ("moons", "xor", "circles", "blobs")
LOSSES = ("mse", "binary_cross_entropy")
EXAMPLES = 200
PAIR, RANDOM, PCA = PLANES = ("two parameters", "two random directions", "PCA of the path")
TWO, ALL = MOVES = ("only these two", "all parameters")
FULL = "full"
#: Points along each side of the surface: while something moves, and at rest. Every fourth of the latter is a corner of
#: the relief.
COARSE, FINE, CORNERS = 41, 101, 26
#: Descent has diverged when the loss is so many times that of the start.
RUNAWAY = 1000
BEYOND = 1e9  # no parameter is followed further than this
#: A slope shorter than FLAT counts as flat; where it stays so for STAY steps, to the last, descent has converged.
FLAT, STAY = 0.05, 5


class Problem(NamedTuple):
    """What the loss is of: the examples, drawn from `seed`, and how answers are judged.

    A learner's own network has a problem of its own, with the same methods.
    """

    dataset: str
    loss: str
    seed: int

    def examples(self):
        """X and y."""
        return examples(self.dataset, self.seed)

    def network(self, params):
        """The network with these parameters."""
        return network(params)

    def flat(self, start):
        """The slope that counts as flat in a descent from the loss `start`."""
        return FLAT


class Rule(NamedTuple):
    """How to descend: the learning rate, examples a step ("full" for all), and how many steps."""

    lr: float
    batch: str
    steps: int


class Run(NamedTuple):
    """A path of descent: from its start, the parameters, true losses and slopes after each step.

    params: (k + 1, n_params).  losses: (k + 1,), of all examples.  slopes: (k + 1, n_params), likewise.
    within: the two directions that may be gone, (2, n_params); None where all may.
    diverged: the step at which the loss had grown RUNAWAY-fold and the descent was ended, or None.
    flat: a shorter slope counts as flat.
    """

    params: np.ndarray
    losses: np.ndarray
    slopes: np.ndarray
    within: np.ndarray | None
    diverged: int | None
    flat: float = FLAT

    @property
    def last(self):
        """The number of the last step."""
        return len(self.losses) - 1

    @property
    def free_slopes(self):
        """The length of the slope along what may move, after each step, (k + 1,)."""
        along = self.slopes if self.within is None else self.slopes @ self.within.T
        return np.linalg.norm(along, axis=1)

    @property
    def settled(self):
        """The step from which on the slope along what may move stays flat; None where it does not (see STAY)."""
        steep = np.flatnonzero(self.free_slopes >= self.flat)
        first = int(steep[-1]) + 1 if len(steep) else 0
        return first if first + STAY <= self.last and self.diverged is None else None


class Plane(NamedTuple):
    """Two directions (2, n_params) and the origin (n_params,) that places in the plane are counted from.

    explained: for the principal plane of a path, the share of its variance along each direction.
    """

    directions: np.ndarray
    origin: np.ndarray
    explained: np.ndarray | None = None

    def place(self, params):
        """Where parameters (..., n_params) lie, or where they come down at right angles: (..., 2)."""
        D = self.directions
        gram = D @ D.T
        away = (params - self.origin) @ D.T
        if gram[0, 0] == gram[1, 1] == 1 and gram[0, 1] == 0:
            return away
        return away @ np.linalg.pinv(gram)

    def at(self, place, params):
        """The parameters at a place of the parallel plane that passes through `params`."""
        return params + (np.asarray(place) - self.place(params)) @ self.directions


class Seen(NamedTuple):
    """A Run as it is seen in a Plane at one of its steps, `at`."""

    problem: Problem
    plane: Plane
    run: Run
    at: int

    @property
    def places(self):
        """Where the path so far lies in the plane, or comes down onto it: (at + 1, 2)."""
        return self.plane.place(self.run.params[: self.at + 1])

    @property
    def losses(self):
        """The true losses on the path so far, (at + 1,)."""
        return self.run.losses[: self.at + 1]

    @property
    def heights(self):
        """What the slice through the present point says at the places of the path so far, (at + 1,)."""
        params = self.run.params[: self.at + 1]
        return losses(self.problem, self.plane.at(self.places, params[-1]))

    @property
    def slope(self):
        """The slope of the loss here: along u and v; its length in the plane; its length at right angles to it."""
        slope, D = self.run.slopes[self.at], self.plane.directions
        within = _within(slope, D)
        return D @ slope, float(np.linalg.norm(within)), float(np.linalg.norm(slope - within))

    @property
    def next_step(self):
        """How far the next step goes in u and v; None at the end."""
        if self.at == self.run.last:
            return None
        here, there = self.plane.place(self.run.params[self.at : self.at + 2])
        return there - here

    @property
    def outside(self):
        """The share of the way since the start, as the crow flies, that lies at right angles to the plane."""
        gone = self.run.params[self.at] - self.run.params[0]
        across = gone - _within(gone, self.plane.directions)
        return float(np.linalg.norm(across) / max(np.linalg.norm(gone), 1e-300))


def _within(vector, directions):
    """The part of a vector (n_params,) that lies in the plane of two directions."""
    return vector @ np.linalg.pinv(directions) @ directions


@lru_cache(maxsize=16)
def examples(dataset, seed):
    """Inputs (200, 2) and targets 0 or 1, (200, 1)."""
    data = load_dataset(dataset, n=EXAMPLES, seed=seed)
    return data.X, data.y[:, None].astype(float)


def network(params):
    """The 2-4-1 tanh network with these parameters."""
    net = Network(SIZES, hidden="tanh", init="zeros")
    net.params = params
    return net


def pair(first, second, params):
    """The Plane of two parameters, given by their indices; places are their values."""
    directions = np.zeros((2, len(params)))
    directions[[0, 1], [first, second]] = 1
    origin = np.array(params, float)
    origin[[first, second]] = 0
    return Plane(directions, origin)


@lru_cache(maxsize=8)
def random(problem, params, seed):
    """The Plane of two random directions through a network, each as long as it neuron by neuron (Li et al. 2018)."""
    return Plane(np.array(random_directions(problem.network(params), seed=seed)), np.array(params))


@lru_cache(maxsize=8)
def principal(problem, params, rule):
    """The Plane that comes closest to the path on which all parameters move."""
    run = descend(problem, params, rule, None)
    found = trajectory_directions(run.params)
    return Plane(np.array([found.d1, found.d2]), np.array(params), found.explained)


@lru_cache(maxsize=8)
def descend(problem, params, rule, directions):
    """The Run from `params` (a tuple): all parameters move (None), or only within two `directions` (tuples).

    A step within directions is gradient descent on the two places u and v: each changes by -lr times its own slope.
    """
    X, y = problem.examples()
    net, size = problem.network(params), None if rule.batch == FULL else int(rule.batch)
    batches = Training(net, X, y, loss=problem.loss, batch_size=size, seed=problem.seed)
    D = None if directions is None else np.array(directions)
    optimizer, path = SGD(lr=rule.lr), [net.params.copy()]
    for step in range(rule.steps):
        slope = _slope(net, *batches.batch(*divmod(step, batches.batches_per_epoch)), batches.loss)
        optimizer.step(net.params, slope if D is None else D.T @ (D @ slope))
        path.append(net.params.copy())
        if np.abs(net.params).max() > BEYOND:
            break
    losses = net.with_params(path).loss(X, y, problem.loss)
    runaway = np.flatnonzero(losses > RUNAWAY * losses[0])
    end = int(runaway[0]) if len(runaway) else len(losses) - 1
    path, losses = np.array(path[: end + 1]), losses[: end + 1]
    slopes = net.with_params(path).gradient(X, y, problem.loss)
    return Run(path, losses, slopes, D, end if len(runaway) else None, problem.flat(float(losses[0])))


def _slope(net, X, y, loss):
    """The gradient where y is prepared for the loss, as batches of a Training are."""
    record = net.forward(X)
    return net.backpropagate(record, loss.gradient(record.y_hat, y)).gradient


@lru_cache(maxsize=24)
def surface(problem, origin, directions, limits, resolution):
    """The engine's Surface over a window of a plane: origin and directions as tuples, limits ((u, u), (v, v))."""
    X, y = problem.examples()
    return loss_surface(
        problem.network(origin), X, y, problem.loss,
        directions=np.array(directions), span=limits, resolution=resolution, dtype=np.float32,
    )  # fmt: skip


def losses(problem, params):
    """The true loss of all examples at each of `params`, (k, n_params) → (k,)."""
    X, y = problem.examples()
    return problem.network(params[0]).with_params(params).loss(X, y, problem.loss)
