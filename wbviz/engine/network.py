"""The network: weights, biases, the forward pass and backpropagation, with nothing hidden.

One network, or a whole *population* of them: any leading axes of `params` are simply carried along, because every
operation below works on the last axes only.
"""

from dataclasses import dataclass

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .losses import LOSSES
from .parameters import Parameters


class Views(tuple):
    """Arrays that are windows onto one vector. Assigning to an item writes the numbers through the window."""

    def __setitem__(self, layer, values):
        self[layer][...] = values


@dataclass(frozen=True)
class Forward:
    """What happened on the way forward: z[l] = a[l] @ W[l] + b[l] and a[l + 1] = f(z[l]), where a[0] is X."""

    z: list
    a: list

    @property
    def y_hat(self):
        """The outputs, shape (..., n, n_out)."""
        return self.a[-1]


@dataclass(frozen=True)
class Backward:
    """What happened on the way back: delta[l] = dL/dz[l], dW[l] = dL/dW[l], db[l] = dL/db[l], dX = dL/dX.

    dW and db are windows onto `gradient`, which has the shape and order of the network's params. It is the gradient
    of the data loss plus the penalty; `penalty_gradient` is the penalty's share of it.
    """

    forward: Forward
    delta: list
    dW: Views
    db: Views
    dX: np.ndarray
    gradient: np.ndarray
    penalty_gradient: np.ndarray


class Network(Parameters):
    """A fully connected network whose every weight and bias is one number in one vector, `params`.

    sizes: numbers of neurons from the inputs to the outputs, [2, 4, 1].
    hidden, output: names of the activations (ACTIVATIONS).  init: name of the initialiser (INITIALIZERS).
    population: None for one network; a number for that many at once, where member k starts as seed + k alone would.
    """

    def __init__(self, sizes, hidden="tanh", output="identity", init="xavier", seed=0, population=None):
        self.sizes = checks.sizes(sizes)
        hidden, output = (checks.pick(ACTIVATIONS, name, "activation") for name in (hidden, output))
        self.activations = (hidden,) * (self.n_layers - 1) + (output,)
        self.initializer = checks.pick(INITIALIZERS, init, "initializer")
        self._begin(seed, population)

    # -- parameters ---------------------------------------------------------------------------------------------

    @property
    def n_layers(self):
        """The number of layers that have weights."""
        return len(self.sizes) - 1

    @property
    def n_params(self):
        """How many weights and biases one network has."""
        return sum(n_in * n_out + n_out for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def weights(self):
        """weights[l] is W of layer l, shape (..., n_in, n_out): a window onto params that can be written to."""
        return self._windows[0]

    @property
    def biases(self):
        """biases[l] is b of layer l, shape (..., n_out): a window onto params that can be written to."""
        return self._windows[1]

    def views(self, vector):
        """Windows (W, b) onto a vector laid out as params: W[l] is (..., n_in, n_out), b[l] is (..., n_out)."""
        W, b, start = [], [], 0
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            middle, end = start + n_in * n_out, start + n_in * n_out + n_out
            W.append(vector[..., start:middle].reshape(*vector.shape[:-1], n_in, n_out))
            b.append(vector[..., middle:end])
            start = end
        return Views(W), Views(b)

    def index(self, kind, layer, *place):
        """The position in params of ("W", layer, i, j), the weight from neuron i to neuron j, or of ("b", layer, j)."""
        expected = {"W": 2, "b": 1}.get(kind)
        if expected != len(place):
            raise ValueError(f'A parameter is ("W", layer, i, j) or ("b", layer, j), got {(kind, layer, *place)}.')
        positions = self.views(np.arange(self.n_params))[0 if kind == "W" else 1]
        try:
            checks.whole(min(layer, *place), "an index", 0)
            return int(positions[layer][place])
        except (IndexError, TypeError, ValueError):
            raise ValueError(
                f"There is no parameter {(kind, layer, *place)} in a network of sizes {list(self.sizes)}."
            ) from None

    def name_of(self, position):
        """The parameter at a position of params: ("W", layer, i, j) or ("b", layer, j); the inverse of `index`."""
        for layer, (W, b) in enumerate(zip(*self.views(np.arange(self.n_params)), strict=True)):
            for kind, positions in (("W", W), ("b", b)):
                for place in np.argwhere(positions == position):
                    return (kind, layer, *(int(k) for k in place))
        raise ValueError(f"The network has parameters 0 to {self.n_params - 1}, got {position}.")

    # -- forward ------------------------------------------------------------------------------------------------

    def forward(self, X):
        """Push X (n, n_in) through all layers → Forward, which keeps every z and every a."""
        z, a = [], [checks.inputs(X, self.sizes[0], self.population)]
        for W, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            z.append(a[-1] @ W + b[..., None, :])
            a.append(activation.f(z[-1]))
        return Forward(z, a)

    def __call__(self, X):
        """The outputs y_hat, shape (..., n, n_out)."""
        return self.forward(X).y_hat

    def loss(self, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False):
        """The data loss plus the penalty: a number, or one for each member of a population."""
        loss = checks.pick(LOSSES, loss, "loss")
        y_hat = self(X)
        return loss.value(y_hat, loss.targets(y, y_hat.shape)) + self.penalty(l1, l2, penalize_biases)

    def penalty(self, l1=0.0, l2=0.0, penalize_biases=False):
        """l1 · Σ|W| + l2/2 · ΣW²; the biases count too if `penalize_biases`."""
        l1, l2, counted = self._strength(l1, "l1"), self._strength(l2, "l2"), self._counted(penalize_biases)
        return (l1 * np.abs(counted) + l2 / 2 * counted**2).sum(axis=-1)

    # -- backward -----------------------------------------------------------------------------------------------

    def backward(self, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False):
        """Backpropagation (Rumelhart, Hinton and Williams 1986) of the loss, with every step kept → Backward."""
        loss = checks.pick(LOSSES, loss, "loss")
        record = self.forward(X)
        y = loss.targets(y, record.y_hat.shape)
        return self.backpropagate(record, loss.gradient(record.y_hat, y), l1, l2, penalize_biases)

    def backpropagate(self, record, slope, l1=0.0, l2=0.0, penalize_biases=False):
        """Carry `slope` = dL/dy_hat back through the layers of a forward `record` → Backward. (.mT: transposed.)"""
        z, a, delta = record.z, record.a, [None] * self.n_layers
        gradient = np.empty_like(self._params)
        dW, db = self.views(gradient)
        for layer in reversed(range(self.n_layers)):
            delta[layer] = slope * self.activations[layer].derivative(z[layer])  # how the loss feels each sum z,
            dW[layer] = a[layer].mT @ delta[layer]  # each weight: what came in times what came back,
            db[layer] = delta[layer].sum(axis=-2)  # each bias: the same with an input of 1,
            slope = delta[layer] @ self.weights[layer].mT  # and what goes back to the layer before.
        penalty_gradient = self.penalty_gradient(l1, l2, penalize_biases)
        gradient += penalty_gradient
        return Backward(record, delta, dW, db, slope, gradient, penalty_gradient)

    def gradient(self, X, y, loss="mse", l1=0.0, l2=0.0, penalize_biases=False):
        """The slope of `loss(...)` in every parameter, the shape of params."""
        return self.backward(X, y, loss, l1, l2, penalize_biases).gradient

    def penalty_gradient(self, l1=0.0, l2=0.0, penalize_biases=False):
        """The slope of the penalty in every parameter; that of |w| at w = 0 is taken as 0."""
        l1, l2, counted = self._strength(l1, "l1"), self._strength(l2, "l2"), self._counted(penalize_biases)
        return l1 * np.sign(counted) + l2 * counted

    # -- inside -------------------------------------------------------------------------------------------------

    def _fresh(self, seed):
        rng, params = np.random.default_rng(seed), np.zeros(self.n_params)
        for W in self.views(params)[0]:
            W[...] = self.initializer(*W.shape, rng)
        return params

    def _strength(self, value, name):
        """The strength of a penalty, one number or one for each member of a population."""
        return checks.per_member(checks.rate(value, name), name, self.population)

    def _counted(self, penalize_biases):
        """The parameters that a penalty counts, with 0 in the place of the others."""
        if penalize_biases:
            return self._params
        counted = self._params.copy()
        for b in self.views(counted)[1]:
            b[...] = 0
        return counted

    def __repr__(self):
        names = f"hidden={self.activations[0].name!r}, " if self.n_layers > 1 else ""
        members = f" × {self.population}" if self.population else ""
        return f"Network({list(self.sizes)}, {names}output={self.activations[-1].name!r}){members}"
