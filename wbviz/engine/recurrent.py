"""A small recurrent network, and backpropagation through time, with nothing hidden.

One network, or a *population* of them: leading axes of `params` are carried along, as in Network. Time is the first
axis of everything that is kept of a pass: z[t], h[t], delta[t].
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .losses import LOSSES
from .parameters import Parameters

#: When the network answers: after the last step of a sequence, or after each.
ANSWERS = {"last": "after the last step", "every": "after each step"}


class Parts(NamedTuple):
    """Windows onto a vector laid out as Recurrent.params, in this order."""

    W_x: np.ndarray
    W_h: np.ndarray
    b_h: np.ndarray
    W_y: np.ndarray
    b_y: np.ndarray


@dataclass(frozen=True)
class Unrolled:
    """What happened on the way forward: z[t] = x[t] @ W_x + h[t] @ W_h + b_h and h[t + 1] = f(z[t]), with h[0] = 0.

    x (T, ..., n, n_in), z (T, ..., n, n_hidden), h (T + 1, ..., n, n_hidden): time first.
    y_hat = h @ W_y + b_y, shape (..., n, n_out) after the last step, (..., n, T, n_out) after each.
    """

    x: np.ndarray
    z: np.ndarray
    h: np.ndarray
    y_hat: np.ndarray


@dataclass(frozen=True)
class ThroughTime:
    """What happened on the way back: delta[t] = dL/dz[t], (T, ..., n, n_hidden), and the gradient with its windows."""

    forward: Unrolled
    delta: np.ndarray
    gradient: np.ndarray
    parts: Parts


class Recurrent(Parameters):
    """An Elman network (1990): a hidden layer that sees the next input and what it said itself one step before.

    n_in, n_hidden, n_out: numbers of inputs, hidden units and outputs; the outputs are plain sums.
    activation, init: names in ACTIVATIONS and INITIALIZERS; biases start at 0.
    answers: "last" (an output after the last step of a sequence) or "every" (one after each).
    population: None for one network; a number for that many at once, where member k starts as seed + k alone would.
    """

    def __init__(
        self, n_in, n_hidden, n_out, activation="tanh", init="xavier", seed=0, answers="last", population=None
    ):
        self.sizes = tuple(map(checks.whole, (n_in, n_hidden, n_out), ("n_in", "n_hidden", "n_out")))
        self.activation = checks.pick(ACTIVATIONS, activation, "activation")
        self.initializer = checks.pick(INITIALIZERS, init, "initializer")
        checks.pick(ANSWERS, answers, "way to answer")
        self.answers = answers
        self._begin(seed, population)

    # -- parameters ---------------------------------------------------------------------------------------------

    @property
    def n_params(self):
        """How many weights and biases one network has."""
        n_in, n_hidden, n_out = self.sizes
        return (n_in + n_hidden + 1) * n_hidden + (n_hidden + 1) * n_out

    W_x = property(
        lambda self: self._windows.W_x, doc="Weights from the inputs, (..., n_in, n_hidden), to be written to"
    )
    W_h = property(lambda self: self._windows.W_h, doc="Weights from the step before, (..., n_hidden, n_hidden)")
    b_h = property(lambda self: self._windows.b_h, doc="Biases of the hidden units, (..., n_hidden)")
    W_y = property(lambda self: self._windows.W_y, doc="Weights into the outputs, (..., n_hidden, n_out)")
    b_y = property(lambda self: self._windows.b_y, doc="Biases of the outputs, (..., n_out)")

    def views(self, vector):
        """Windows onto a vector laid out as params: W_x, W_h (row by row), b_h, W_y, b_y → Parts."""
        n_in, n_hidden, n_out = self.sizes
        found, start = [], 0
        for shape in ((n_in, n_hidden), (n_hidden, n_hidden), (n_hidden,), (n_hidden, n_out), (n_out,)):
            end = start + int(np.prod(shape))
            found.append(vector[..., start:end].reshape(*vector.shape[:-1], *shape))
            start = end
        return Parts(*found)

    # -- forward ------------------------------------------------------------------------------------------------

    def forward(self, X):
        """Read the sequences X (n, T, n_in) from their first step to their last → Unrolled."""
        x, (W_x, W_h, b_h, W_y, b_y) = self._by_time(X), self._windows
        from_outside = x @ W_x + b_h[..., None, :]
        z, h = np.empty_like(from_outside), np.zeros((len(x) + 1, *from_outside.shape[1:]))
        for t in range(len(x)):
            z[t] = from_outside[t] + h[t] @ W_h
            h[t + 1] = self.activation.f(z[t])
        y_hat = (h[-1] if self.answers == "last" else h[1:]) @ W_y + b_y[..., None, :]
        return Unrolled(x, z, h, y_hat if self.answers == "last" else np.moveaxis(y_hat, 0, -2))

    def __call__(self, X):
        """The outputs y_hat, shape (..., n, n_out), or (..., n, T, n_out) where it answers after every step."""
        return self.forward(X).y_hat

    def loss(self, X, y, loss="mse"):
        """The data loss (LOSSES), over the answers to all sequences: a number, or one for each of a population."""
        loss = checks.pick(LOSSES, loss, "loss")
        return loss.value(*self._in_rows(self(X), y, loss))

    # -- backward -----------------------------------------------------------------------------------------------

    def backward(self, X, y, loss="mse"):
        """Backpropagation through time (Werbos 1990) of the loss, with every step kept → ThroughTime.

        On the way back each step multiplies by the same W_h, transposed: T steps multiply by it T times. This is why
        gradients vanish or explode here (Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013).
        """
        loss, record = checks.pick(LOSSES, loss, "loss"), self.forward(X)
        slope = loss.gradient(*self._in_rows(record.y_hat, y, loss))
        return self.backpropagate(record, slope.reshape(record.y_hat.shape))

    def backpropagate(self, record, slope):
        """Carry `slope` = dL/dy_hat, of the shape of y_hat, back through the steps of a `record` → ThroughTime."""
        x, z, h, W_h = record.x, record.z, record.h, self.W_h
        slopes = np.zeros((len(x), *h.shape[1:-1], self.sizes[2]))  # of each step's answer; 0 where there is none
        slopes[-1 if self.answers == "last" else ...] = slope if self.answers == "last" else np.moveaxis(slope, -2, 0)
        direct = slopes @ self.W_y.mT  # how the loss feels each h by the answer given there,
        delta, later, slope_of_f = np.empty_like(z), 0.0, self.activation.derivative(z)
        for t in reversed(range(len(x))):
            delta[t] = (direct[t] + later) * slope_of_f[t]  # and by all that comes after it;
            later = delta[t] @ W_h.mT  # this goes back to the step before.
        gradient = np.empty_like(self._params)
        d = self.views(gradient)
        d.W_x[...] = (x.mT @ delta).sum(axis=0)  # The weights are the same at every step: their slopes add up.
        d.W_h[...] = (h[:-1].mT @ delta).sum(axis=0)
        d.b_h[...] = delta.sum(axis=(0, -2))
        d.W_y[...] = (h[1:].mT @ slopes).sum(axis=0)
        d.b_y[...] = slopes.sum(axis=(0, -2))
        return ThroughTime(record, delta, gradient, d)

    def gradient(self, X, y, loss="mse"):
        """The slope of `loss(...)` in every parameter, the shape of params."""
        return self.backward(X, y, loss).gradient

    # -- inside -------------------------------------------------------------------------------------------------

    def _by_time(self, X):
        """X (..., n, T, n_in), checked, as (T, ..., n, n_in) with the population's leading axes."""
        X = checks.sequences(X, self.sizes[0], self.population)
        return np.ascontiguousarray(np.moveaxis(np.broadcast_to(X, (*self.population, *X.shape[-3:])), -2, 0))

    def _in_rows(self, y_hat, y, loss):
        """Answers and targets, checked, as a loss expects them: with one below the other, those of all steps."""
        if self.answers == "every":
            (n, steps, n_out), y = y_hat.shape[-3:], checks.floats(y, "y")
            if y.shape[-3:] != (n, steps, n_out) and y.shape[-2:] != (n, steps):
                raise ValueError(
                    f"y must have shape {(n, steps, n_out)}, an answer for each step of each sequence; got {y.shape}."
                )
            end = (n_out,) if y.shape[-3:] == (n, steps, n_out) else ()
            y_hat = y_hat.reshape(*y_hat.shape[:-3], n * steps, n_out)
            y = y.reshape(*y.shape[: -2 - len(end)], n * steps, *end)
        return y_hat, loss.targets(y, y_hat.shape)

    def _fresh(self, seed):
        rng, params = np.random.default_rng(seed), np.zeros(self.n_params)
        parts = self.views(params)
        for W in (parts.W_x, parts.W_h, parts.W_y):
            W[...] = self.initializer(*W.shape, rng)
        return params

    def __repr__(self):
        members = f" × {self.population}" if self.population else ""
        return f"Recurrent{self.sizes}, {self.activation.name}, answers {ANSWERS[self.answers]}{members}"
