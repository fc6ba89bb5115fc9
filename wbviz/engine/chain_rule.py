"""The chain rule written out: each derivative of the loss as the factors it is the product of, in numbers.

Backpropagation never needs the factors one by one; people do. Here they are, for one example and one parameter at a
time, each with the place in the network it is read from, and with the errors that are made most often by hand.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from . import checks
from .losses import LOSSES
from .network import Forward, Network


@dataclass(frozen=True)
class Factor:
    """One factor of a derivative: its value, and the place it is read from.

    ("loss", k)         dL/dŷ: how the loss answers to output k
    ("slope", l, j)     f′(z): how the activation of neuron j of layer l answers to its sum
    ("weight", l, j, k) the weight on which the signal goes on, from neuron j to neuron k of layer l
    ("input", l, i)     what comes in along a weight of layer l: a[l][i]; for l = 0 the input x
    ("one", l, j)       what comes in along a bias: always 1
    """

    place: tuple
    value: float


@dataclass(frozen=True)
class Derivative:
    """dL/dp of the parameter p of a neuron: (the sum over `paths` of the product of their factors) · `own` factors.

    parameter: ("W", layer, i, j) or ("b", layer, j).
    paths: one tuple of factors for each way from the loss back to the neuron's output a: dL/dŷ, then for each layer in
    between f′(z) and the weight. At an output neuron there is one, and dL/dŷ is all of it.
    own: f′(z) of the neuron itself, and what came in along the parameter.
    """

    parameter: tuple
    paths: tuple
    own: tuple

    @property
    def factors(self):
        """All factors, path by path, then the neuron's own."""
        return (*(factor for path in self.paths for factor in path), *self.own)

    @cached_property
    def arrived(self):
        """dL/da of the neuron: the sum over the paths."""
        return math.fsum(map(product, self.paths))

    @cached_property
    def delta(self):
        """dL/dz of the neuron."""
        return self.arrived * self.own[0].value

    @cached_property
    def value(self):
        """dL/dp."""
        return self.delta * self.own[1].value


def product(factors):
    """The product of the factors' values."""
    return math.prod(factor.value for factor in factors)


class ChainRule:
    """The derivatives of a network's loss at one example, each with its factors, read from the forward record.

    net: one Network. x: its inputs. y: the target of that example. loss: a name of LOSSES.
    Meant for networks small enough to be drawn: a derivative has as many paths as there are ways to the loss.
    """

    def __init__(self, net, x, y, loss="mse"):
        if net.population:
            raise ValueError(f"The chain rule is written out for one network, got a population {net.population}.")
        loss = checks.pick(LOSSES, loss, "loss")
        self.net: Network = net
        self.forward: Forward = net.forward([x])
        y = loss.targets([y], self.forward.y_hat.shape)
        self.loss = float(loss.value(self.forward.y_hat, y))
        self._loss_slopes = loss.gradient(self.forward.y_hat, y)[0].tolist()
        self._slopes = [
            activation.derivative(z)[0].tolist() for activation, z in zip(net.activations, self.forward.z, strict=True)
        ]

    def derivative(self, position):
        """The Derivative of the loss in the parameter at a position of params."""
        kind, layer, *place = parameter = _names(self.net.sizes)[position]
        j = place[-1]
        came_in = self.input(layer, place[0]) if kind == "W" else Factor(("one", layer, j), 1.0)
        return Derivative(parameter, tuple(self._paths(layer, j)), (self.slope(layer, j), came_in))

    def derivatives(self):
        """The Derivative of every parameter, in the order of params."""
        return [self.derivative(position) for position in range(self.net.n_params)]

    def loss_slope(self, k):
        """dL/dŷ of output k."""
        return Factor(("loss", k), self._loss_slopes[k])

    def slope(self, layer, j):
        """f′(z) of neuron j of a layer."""
        return Factor(("slope", layer, j), self._slopes[layer][j])

    def weight(self, layer, j, k):
        """The weight from neuron j to neuron k of a layer."""
        return Factor(("weight", layer, j, k), float(self.net.weights[layer][j, k]))

    def input(self, layer, i):
        """What neuron i in front of a layer sends into it."""
        return Factor(("input", layer, i), float(self.forward.a[layer][0, i]))

    def _paths(self, layer, j):
        """Every way from the loss back to the output of neuron j of a layer."""
        if layer == self.net.n_layers - 1:
            yield (self.loss_slope(j),)
            return
        for k in range(self.net.sizes[layer + 2]):
            for path in self._paths(layer + 1, k):
                yield (*path, self.slope(layer + 1, k), self.weight(layer + 1, j, k))


@lru_cache(maxsize=32)
def _names(sizes):
    """`name_of` for every position of params."""
    net = Network(sizes, init="zeros")
    return [net.name_of(position) for position in range(net.n_params)]


@dataclass(frozen=True)
class Fault:
    """An error that is often made when derivatives are taken by hand.

    make(rule, derivative) → the derivative with the numbers of the error in the places of the right ones, or None
    where this error cannot be made.
    """

    name: str
    words: str
    make: Callable


def _no_slope(rule, derivative):
    slope, came_in = derivative.own
    return replace(derivative, own=(replace(slope, value=1.0), came_in))


def _wrong_input(rule, derivative):
    slope, came_in = derivative.own
    kind, layer, *place = derivative.parameter
    i = ((place[0] if kind == "W" else -2) + 1) % rule.net.sizes[layer]  # the next one; for a bias the last
    return replace(derivative, own=(slope, replace(came_in, value=rule.input(layer, i).value)))


def _wrong_sign(rule, derivative):
    return _with_paths(derivative, lambda factor: -factor.value if factor.place[0] == "loss" else factor.value)


def _wrong_weight(rule, derivative):
    """The weight of the neuron next to it: a row of W was taken for another."""

    def other(factor):
        _, layer, j, k = factor.place
        return rule.weight(layer, (j + 1) % rule.net.sizes[layer], k).value

    return _with_weights(derivative, other)


def _transposed(rule, derivative):
    """W where its transpose belongs, or the other way round; possible only where W is square."""
    if any(len(set(rule.net.weights[f.place[1]].shape)) > 1 for f in derivative.factors if f.place[0] == "weight"):
        return None
    return _with_weights(
        derivative, lambda factor: rule.weight(factor.place[1], factor.place[3], factor.place[2]).value
    )


def _one_path(rule, derivative):
    """The last of several paths is forgotten: its weight counts as 0."""
    *kept, last = derivative.paths
    if not kept:
        return None
    return replace(derivative, paths=(*kept, (*last[:-1], replace(last[-1], value=0.0))))


def _with_weights(derivative, value_of):
    if not any(factor.place[0] == "weight" for factor in derivative.factors):
        return None
    return _with_paths(derivative, lambda factor: value_of(factor) if factor.place[0] == "weight" else factor.value)


def _with_paths(derivative, value_of):
    paths = tuple(tuple(replace(factor, value=value_of(factor)) for factor in path) for path in derivative.paths)
    return replace(derivative, paths=paths)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("no slope", "the activation's slope f′(z) was left out", _no_slope),
        Fault("wrong input", "the input of another parameter was taken", _wrong_input),
        Fault("wrong sign", "y − ŷ was taken for ŷ − y", _wrong_sign),
        Fault("wrong weight", "the weight of another neuron was taken on the way back", _wrong_weight),
        Fault("transposed", "the matrix W was taken where its transpose belongs", _transposed),
        Fault("one path", "one of the paths to the loss was left out", _one_path),
    )
}


def faulty(rule, position, kind):
    """The Derivative at `position` with the error `kind` (a name of FAULTS); None where it cannot be made there."""
    return checks.pick(FAULTS, kind, "fault").make(rule, rule.derivative(position))


def stands_out(wrong, right, share=0.25):
    """Does a wrong derivative differ from the right one by at least this share of the larger of both?"""
    return abs(wrong - right) >= share * max(abs(wrong), abs(right)) > 0
