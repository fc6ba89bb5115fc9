"""What a model of another library consists of, part by part, and the network of ours that it amounts to."""

import itertools
import warnings
from dataclasses import dataclass

import numpy as np

from wbviz.engine import Network

#: Why a layer of softmax has no counterpart.
SOFTMAX = (
    "scales its outputs against each other, which no activation here does: leave it away, "
    'the loss "cross_entropy" takes the numbers before it'
)
#: The end of every refusal.
SUPPORTED = (
    "What can be carried over is a Sequential of {dense} layers, each followed by at most one activation: {names}."
)


@dataclass(frozen=True)
class Dense:
    """A layer with weights. W: (n_in, n_out), b: (n_out,) or None; frozen: whether W, and b, are kept out of training.

    where: its position and name, as in "layer 0 (Linear)".
    """

    where: str
    W: np.ndarray
    b: np.ndarray | None
    frozen: tuple = (False, False)


@dataclass(frozen=True)
class Squash:
    """An activation, by its name in ACTIVATIONS."""

    where: str
    name: str


def wrong(where, what, supported):
    """The error for a part that cannot be carried over: which one, what about it, and what could be."""
    return ValueError(f"{where[:1].upper()}{where[1:]} {what}. {supported}")


def same_settings(module, where, expected, supported):
    """Refuse a layer whose settings the engine has not. expected: attribute → the value, or a test and its words."""
    for attribute, wanted in expected.items():
        fits, words = wanted if isinstance(wanted, tuple) else (lambda value, w=wanted: value == w, repr(wanted))
        value = getattr(module, attribute)
        if not fits(value):
            raise wrong(where, f"has {attribute}={value!r}; here it must be {words}", supported)


def assembled(parts, supported):
    """The Network that the `parts` (Dense and Squash, in order) amount to, and a mask (n_params,) of what is frozen.

    A missing bias becomes zeros, marked as frozen, and a warning says so.
    """
    layers, names = _paired(list(parts), supported)
    for before, after in itertools.pairwise(layers):
        if before.W.shape[1] != after.W.shape[0]:
            raise wrong(
                after.where,
                f"takes {after.W.shape[0]} inputs, but {before.where} gives {before.W.shape[1]} outputs",
                supported,
            )
    if len(set(names[:-1])) > 1:
        listed = ", ".join(f"{name} after {layer.where}" for layer, name in zip(layers, names[:-1], strict=False))
        raise ValueError(f"The hidden layers of a network here share one activation; this model has {listed}.")
    sizes = [layers[0].W.shape[0], *(layer.W.shape[1] for layer in layers)]
    net = Network(sizes, hidden=names[0], output=names[-1], init="zeros")
    frozen = np.zeros(net.n_params, bool)
    for layer, W, b, still_W, still_b in zip(layers, net.weights, net.biases, *net.views(frozen), strict=True):
        W[...], still_W[...] = layer.W, layer.frozen[0]
        b[...], still_b[...] = (0, True) if layer.b is None else (layer.b, layer.frozen[1])
    _say_missing([layer.where for layer in layers if layer.b is None])
    return net, frozen


def _paired(parts, supported):
    """The layers with weights, and the name of the activation after each."""
    layers, names, last = [], [], None
    for part in parts:
        if isinstance(part, Dense):
            _check_numbers(part)
            layers.append(part)
            names.append("identity")
        elif last is None:
            raise wrong(part.where, "stands before the first layer that has weights", supported)
        elif isinstance(last, Squash):
            raise wrong(part.where, f"follows another activation, {last.where}", supported)
        else:
            names[-1] = part.name
        last = part
    if not layers:
        raise ValueError(f"The model has no layer with weights. {supported}")
    return layers, names


def _check_numbers(layer):
    """Each weight and bias of a layer is a finite number."""
    for kind, several, values in (("weight", "weights", layer.W), ("bias", "biases", layer.b)):
        if values is not None and not np.isfinite(values).all():
            place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
            raise ValueError(
                f"The {several} of {layer.where} must be finite, but {kind}{list(place)} is {values[place]}. "
                "Was this model trained with too large a learning rate?"
            )


def _say_missing(places):
    if places:
        warnings.warn(
            f"No bias in {', '.join(places)}: the network here has biases of zero there. In a training, the mask of "
            "frozen_in_torch or frozen_in_keras keeps them at zero.",
            stacklevel=5,
        )
