"""Meta-learning: a start from which a few steps of gradient descent are enough, learned from many small tasks.

The tasks of a meta-batch adapt at once, as the members of one population, each from the same start to its own examples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import checks
from .clipping import clip_by_norm
from .curvature import hessian_product
from .losses import LOSSES
from .network import Network
from .optimizers import Adam

#: What the tasks are drawn from (Finn, Abbeel and Levine 2017), and where their inputs lie.
AMPLITUDES, PHASES, INPUTS = (0.1, 5.0), (0.0, np.pi), (-5.0, 5.0)


@dataclass(frozen=True)
class SineTasks:
    """Tasks of Finn, Abbeel and Levine (2017): y = amplitude · sin(x − phase). Both have the shape (n_tasks,)."""

    amplitude: np.ndarray
    phase: np.ndarray

    @classmethod
    def draw(cls, count, rng, amplitudes=AMPLITUDES, phases=PHASES):
        """So many tasks, amplitude and phase even within their limits, from a NumPy generator."""
        return cls(rng.uniform(*amplitudes, count), rng.uniform(*phases, count))

    def __call__(self, X):
        """The true y of inputs X, (n, 1) for all tasks or (n_tasks, n, 1) → (n_tasks, n, 1)."""
        return self.amplitude[:, None, None] * np.sin(X - self.phase[:, None, None])

    def examples(self, count, rng, noise=0.0, inputs=INPUTS):
        """`count` examples of each task: X even within `inputs`, y with Gaussian noise of that standard deviation."""
        X = rng.uniform(*inputs, (len(self.phase), count, 1))
        return X, self(X) + noise * rng.standard_normal(X.shape)


def adapt(net, X, y, lr, steps, loss="mse"):
    """Plain gradient descent on a few examples → the parameters after 0, 1 … steps, (steps + 1, ..., n_params).

    net: one start, or a population of them; X, y: the same examples in each step, X of shape (..., n, n_in), where
    leading axes are tasks, each with a copy of the start.  lr: one number.
    A member whose numbers are no longer finite stays where it was.
    """
    kind, twin = checks.pick(LOSSES, loss, "loss"), copies(net, X)
    y, path = kind.targets(y, twin(X).shape), [twin.params.copy()]
    for _ in range(steps):
        with np.errstate(all="ignore"):  # what overflows is held back below
            record = twin.forward(X)
            moved = path[-1] - lr * twin.backpropagate(record, kind.gradient(record.y_hat, y)).gradient
        fine = np.isfinite(moved).all(axis=-1, keepdims=True)
        path.append(np.where(fine, moved, path[-1]))
        twin.params[...] = path[-1]
    return np.stack(path)


def copies(net, X):
    """The network, once for each task in the leading axes of X (..., n, n_in): a population."""
    leading = np.broadcast_shapes(net.population, np.shape(X)[:-2])
    return net.with_params(np.broadcast_to(net.params, (*leading, net.n_params)))


# --- four ways to a start ---------------------------------------------------------------------------------------------


class Lessons(NamedTuple):
    """Examples of a meta-batch: pairs (X, y), both (n_tasks, n, 1). Adapted to the support, judged by the query."""

    support: tuple
    query: tuple

    @property
    def together(self):
        """All examples of each task as one pair."""
        return tuple(np.concatenate(pair, axis=-2) for pair in zip(self.support, self.query, strict=True))


def maml(net, lessons, lr, steps, second_order=True):
    """The loss of the query after adapting, (n_tasks,), and its gradient in the start, (n_params,) (Finn et al. 2017).

    A step θ' = θ − lr · g(θ) hands a change of θ on by dθ'/dθ = I − lr · H(θ). So the gradient at the end is carried
    back through the steps, the last one first: each takes lr times the Hessian times it away.
    second_order=False leaves the Hessian out, as if the end moved just as the start does: first-order MAML.
    """
    path = adapt(net, *lessons.support, lr, steps)
    adapted = net.with_params(path[-1])
    back = adapted.gradient(*lessons.query)
    if second_order:
        for params in reversed(path[:-1]):
            back = back - lr * hessian_product(net.with_params(params), *lessons.support, back)
    return adapted.loss(*lessons.query), back.mean(axis=-2)


def first_order_maml(net, lessons, lr, steps):
    """MAML without second derivatives: the mean gradient of the query where the tasks ended (Finn et al. 2017)."""
    return maml(net, lessons, lr, steps, second_order=False)


def reptile(net, lessons, lr, steps):
    """The way back from where the tasks ended, (start − mean end) / lr, used as a gradient (Nichol et al. 2018).

    With SGD at a rate of ε · lr the start moves by ε of the way to the mean end. Support and query are one here, and
    each inner step sees all of it, where Nichol et al. also draw a new mini-batch for each.
    """
    path = adapt(net, *lessons.together, lr, steps)
    return net.with_params(path[-1]).loss(*lessons.together), (path[0] - path[-1]).mean(axis=-2) / lr


def joint(net, lessons, lr, steps):
    """Nothing adapts: the loss of all examples and its gradient at the start itself, as in usual pretraining."""
    X, y = lessons.together
    starts = copies(net, X)
    return starts.loss(X, y), starts.gradient(X, y).mean(axis=-2)


@dataclass(frozen=True)
class Method:
    """How a start is learned. gradient(net, lessons, lr, steps) → loss (n_tasks,) and what takes a gradient's place."""

    name: str
    gradient: Callable


METHODS = {
    method.name: method
    for method in (
        Method("MAML", maml),
        Method("first-order MAML", first_order_maml),
        Method("Reptile", reptile),
        Method("joint training", joint),
    )
}


class MetaStep(NamedTuple):
    """One meta-iteration: its number, from 0, and the mean loss of its tasks after adapting (before the step)."""

    number: int
    loss: float


class MetaTraining:
    """Learns a start on ever new sine tasks, one optimiser step each time it is asked: `for step in MetaTraining(…)`.

    net: one network, trained in place.  method: a name in METHODS.  tasks: so many in each meta-batch.
    inner_steps, inner_lr: how a task adapts.  points: examples in its support, and as many in its query.
    noise: standard deviation in y.  optimizer: moves the start; Adam(1e-3) if none is given.
    clip_norm: the longest gradient let through.  seed: iteration k draws its tasks from (seed, k).  first: the number
    of the first iteration, for a training that goes on.
    """

    def __init__(
        self, net, method="MAML", *, inner_steps=1, inner_lr=0.01, points=10, noise=0.0, tasks=25, optimizer=None,
        clip_norm=10.0, amplitudes=AMPLITUDES, phases=PHASES, seed=0, first=0,
    ):  # fmt: skip
        self.net = checks.a(Network, net, "net")
        if net.population or (net.sizes[0], net.sizes[-1]) != (1, 1):
            raise ValueError(f"net must be one network with one input and one output, got {net!r}.")
        self.method = checks.pick(METHODS, method, "method")
        self.inner_steps, self.points = checks.whole(inner_steps, "inner_steps"), checks.whole(points, "points")
        self.inner_lr, self.noise = checks.rate(inner_lr, "inner_lr", above_zero=True), checks.rate(noise, "noise")
        self.tasks, self.seed = checks.whole(tasks, "tasks"), checks.whole(seed, "seed", 0)
        self.made = checks.whole(first, "first", 0)
        self.optimizer = Adam(lr=1e-3) if optimizer is None else optimizer
        self.clip_norm, self.amplitudes, self.phases = clip_norm, amplitudes, phases

    def lessons(self, number):
        """The tasks of one iteration: their Lessons."""
        rng = np.random.default_rng((self.seed, number))
        tasks = SineTasks.draw(self.tasks, rng, self.amplitudes, self.phases)
        return Lessons(*(tasks.examples(self.points, rng, self.noise) for _ in range(2)))

    def __iter__(self):
        return self

    def __next__(self):
        """Take one meta-iteration → MetaStep. Raises ArithmeticError, before the start is moved, when it diverges."""
        number = self.made
        with np.errstate(all="ignore"):
            loss, gradient = self.method.gradient(self.net, self.lessons(number), self.inner_lr, self.inner_steps)
        if not (np.isfinite(loss).all() and np.isfinite(gradient).all()):
            raise ArithmeticError(
                f"In iteration {number + 1} the inner steps diverged. The start is as it was before; "
                f"make inner_lr smaller than {self.inner_lr:g}."
            )
        gradient = gradient if self.clip_norm is None else clip_by_norm(gradient, self.clip_norm)
        self.optimizer.step(self.net.params, gradient)
        self.made += 1
        return MetaStep(number, float(loss.mean()))
