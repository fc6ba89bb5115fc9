"""Starts that are learned, and what a few steps from them make of a new task: the experiments of MetaLearning."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data.starts import sine_starts
from wbviz.engine import Adam, Network
from wbviz.engine.meta import AMPLITUDES, INPUTS, PHASES, MetaTraining, SineTasks, adapt

SIZES = (1, 20, 20, 1)
METHODS = ("MAML", "first-order MAML", "Reptile")
BEFORE, RANDOM = ORIGINS = ("trained before", "random weights")
#: The starts that are compared, in the order of the picture.
NAMES = ("learned", "pretrained", "random")
STEPS = 10
#: How many tasks of its own kind a start is judged by, and the places where each is judged.
TASKS, GRID = 100, np.linspace(*INPUTS, 21)[:, None]
#: Where the curves of the task in the panels are computed.
FINE = np.linspace(*INPUTS, 121)[:, None]
MOST_POINTS, LARGEST = 20, 2 * AMPLITUDES[1]
#: The held-out tasks: amplitudes and phases of each kind.
HELD_OUT = {
    "as trained on": (AMPLITUDES, PHASES),
    "amplitude 5 to 10": ((AMPLITUDES[1], LARGEST), PHASES),
    "phase π to 2π": (AMPLITUDES, (math.pi, 2 * math.pi)),
}
#: Where the examples of the task in the panels lie.
PLACES = {"everywhere": INPUTS, "left half": (INPUTS[0], 0.0), "right half": (0.0, INPUTS[1])}
#: One press of Start takes so many meta-iterations of so many tasks, with Adam at a rate that suits the origin.
ITERATIONS, BATCH = 2000, 25
RATES = {BEFORE: 4e-4, RANDOM: 2e-3}


class Recipe(NamedTuple):
    """How the tasks of a meta-training adapt."""

    inner_steps: int
    inner_lr: float
    points: int
    noise: float


@dataclass(frozen=True, eq=False)
class Start:
    """Parameters to begin from: where they came from, and, if they were learned here, in how many iterations and how.

    params: (n_params,), not changed any more. Each Start is a thing of its own: results are remembered by it.
    """

    params: np.ndarray
    origin: str
    made: int = 0
    recipe: Recipe | None = None

    @property
    def network(self):
        """A network with these parameters."""
        return network().with_params(self.params)


def network(seed=0):
    """The untrained network of this figure."""
    return Network(SIZES, hidden="tanh", seed=seed)


@lru_cache(maxsize=8)
def stored(method):
    """The Start of this method, or of joint training, that was trained before."""
    known = sine_starts()
    return Start(known.params[method], BEFORE, 0, Recipe(known.inner_steps[method], known.inner_lr, known.points, 0.0))


@lru_cache(maxsize=8)
def untrained(seed):
    """The Start of random weights of this seed."""
    return Start(network(seed).params, RANDOM)


def learning(start, method, recipe, seed):
    """Train a start on: yields (Start, loss after adapting) after each of ITERATIONS meta-iterations."""
    net, optimizer = start.network, Adam(lr=RATES[start.origin])
    training = MetaTraining(
        net, method, **recipe._asdict(), tasks=BATCH, optimizer=optimizer, seed=seed + 1, first=start.made
    )
    for step in training:
        yield Start(net.params.copy(), start.origin, step.number + 1, recipe), step.loss
        if step.number + 1 - start.made == ITERATIONS:
            return


# --- judging by many tasks --------------------------------------------------------------------------------------------


class Lesson(NamedTuple):
    """Held-out tasks with their examples in float32: X, y (TASKS, points, 1), and the truth on GRID, y_grid."""

    X: np.ndarray
    y: np.ndarray
    y_grid: np.ndarray


@lru_cache(maxsize=4)
def held_out(kind, points, noise, seed=0):
    """The Lesson of the held-out tasks of a kind: the same ones always; more points keep those there were."""
    rng = np.random.default_rng((10**6, seed))
    amplitudes, phases = HELD_OUT[kind]
    tasks = SineTasks.draw(TASKS, rng, amplitudes, phases)
    X = rng.uniform(*INPUTS, (TASKS, MOST_POINTS, 1))
    y = tasks(X) + noise * rng.standard_normal(X.shape)
    return Lesson(*(array.astype(np.float32) for array in (X[:, :points], y[:, :points], tasks(GRID))))


@lru_cache(maxsize=16)
def errors(start, lr, kind, points, noise, seed=0):
    """The error on each held-out task after 0 … STEPS steps, (STEPS + 1, TASKS); infinite where it diverged.

    The error is the mean squared distance to the true curve on GRID. In float32: many tasks, for a picture.
    """
    lesson, net = held_out(kind, points, noise, seed), network()
    net = net.with_params(start.params.astype(np.float32))
    grid = GRID.astype(np.float32)
    with np.errstate(all="ignore"):
        path = adapt(net, lesson.X, lesson.y, lr, STEPS)
        found = np.array([((net.with_params(params)(grid) - lesson.y_grid) ** 2).mean(axis=(1, 2)) for params in path])
    return np.where(np.isfinite(found), found, np.inf).astype(float)


class Quartiles(NamedTuple):
    """A quarter of the tasks lies below `low`, a half below `middle`, a quarter above `high`; each (STEPS + 1,)."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


def quartiles(found):
    """The Quartiles of errors (STEPS + 1, TASKS), each an error that a task had: so infinite ones do no harm."""
    return Quartiles(*np.quantile(found, (0.25, 0.5, 0.75), axis=1, method="lower"))


# --- one task ---------------------------------------------------------------------------------------------------------


def limit(amplitude):
    """How far the panels reach, up and down, for a task of this amplitude."""
    return 7.0 if amplitude <= AMPLITUDES[1] else 14.0


class Task(NamedTuple):
    """One task and its examples: places, the x of each; the noise in their y comes from the seed."""

    amplitude: float
    phase: float
    places: tuple
    noise: float
    seed: int

    @property
    def X(self):
        """The inputs, (n, 1)."""
        return np.array(self.places)[:, None]

    @property
    def y(self):
        """What is known of the outputs, (n, 1)."""
        return (
            self.truth(self.X)
            + self.noise * np.random.default_rng(self.seed).standard_normal((MOST_POINTS, 1))[: len(self.places)]
        )

    def truth(self, X):
        """The curve itself, without noise."""
        return self.amplitude * np.sin(X - self.phase)


def drawn(points, where, seed):
    """So many places for examples, even within a part of the inputs; more points keep those there were."""
    low, high = PLACES[where]
    shares = np.random.default_rng((seed, 1)).uniform(size=MOST_POINTS)[:points]
    return tuple(float(x) for x in np.round(low + (high - low) * shares, 2))


def checked_places(value):
    """The x of 1 to 20 examples as a list, or None for those drawn from the seed. Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, str) or not hasattr(value, "__len__") or not 1 <= len(value) <= MOST_POINTS:
        raise ValueError(f"expected None or a list of 1 to {MOST_POINTS} numbers, but got {value!r}.")
    places = [float(x) for x in value]
    if not all(INPUTS[0] <= x <= INPUTS[1] for x in places):
        raise ValueError(f"every place must lie between {INPUTS[0]:g} and {INPUTS[1]:g}, but got {value!r}.")
    return places


class Adapted(NamedTuple):
    """What STEPS steps make of a start: params (STEPS + 1, n_params), curves on FINE (…, 121), errors (…,)."""

    params: np.ndarray
    curves: np.ndarray
    errors: np.ndarray


@lru_cache(maxsize=12)
def adapted(start, task, lr):
    """The Adapted of one task; an error that is no longer finite is infinite."""
    with np.errstate(all="ignore"):
        path = adapt(start.network, task.X, task.y, lr, STEPS)
        many = start.network.with_params(path)
        curves = many(FINE)[..., 0]
        found = ((many(GRID) - task.truth(GRID)) ** 2).mean(axis=(1, 2))
    return Adapted(path, curves, np.where(np.isfinite(found), found, np.inf))


def steps_to(found, error):
    """After how many steps an error is at most this for the first time; None if never within STEPS."""
    low = np.flatnonzero(np.asarray(found) <= error)
    return int(low[0]) if len(low) else None
