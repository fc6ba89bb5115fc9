"""The forward pass of a learner's own network."""

import itertools
import math
from functools import lru_cache

import numpy as np
import traitlets

from wbviz.scenes.forward_pass import ForwardPassScene
from wbviz.scenes.own_forward_pass import MOST_LAYERS, MOST_UNITS, OwnForwardPassScene
from wbviz.widgets._own_model import OwnModel, own_model, refuse
from wbviz.widgets._own_ranges import own_parameters, round_above
from wbviz.widgets._words import unit_names
from wbviz.widgets.forward_pass import ForwardPass

#: Weights and biases: each is a field of the table below the picture.
MOST_NUMBERS = 350
#: Weights and biases stay below.
LARGEST = 100_000
#: Between two layers there is room for so many numbers.
FEW_WEIGHTS = 8
HINT = ("Keys: ← → step, Home, End; ↑ ↓ choose a weight or bias, + − change it.",
        "Click a line to take its weight in hand, a neuron to go to its step.")  # fmt: skip


class OwnForwardPass(OwnModel, ForwardPass):
    """A learner's own network computed by hand, from its inputs to each output, its numbers open to change.

    Predict which neurons of a trained network answer to this input; step on and compare; change a trained weight and
    see which numbers follow. Understand: what a library computes in one call is this, number by number.
    """

    title = "The forward pass of your model, step by step"
    needs_data = False
    model = own_model()
    params = own_parameters("Every weight and bias of your model")

    shape = property(lambda self: self.own.architecture, doc="What the scene calls the network.")
    hidden = property(lambda self: self.own.net.activations[0].name, doc="The activation of the hidden units.")
    output = property(lambda self: self.own.net.activations[-1].name, doc="The activation of the outputs.")

    @classmethod
    def check(cls, net):
        if max(net.sizes) > MOST_UNITS or len(net.sizes) > MOST_LAYERS or net.n_params > MOST_NUMBERS:
            other = "GradientFlow" if len(net.sizes) > MOST_LAYERS else "WeightSurgery"
            refuse(
                net,
                f"ForwardPass writes every one of them on the page: up to {MOST_UNITS} units a layer, "
                f"{MOST_LAYERS - 1} layers of weights and {MOST_NUMBERS} weights and biases.",
                other,
            )

        if np.abs(net.params).max() >= LARGEST:
            raise ValueError(f"A weight or bias is {LARGEST:,} or more: there is no room to write such a number.")

    @classmethod
    def opened_with(cls, model, X, y, loss, settings):
        """The first row of X is the input, unless `x` says another."""
        if X is None and settings.get("x") is not None:
            X = [settings["x"]]
        return super().opened_with(model, X, y, loss, settings)

    @classmethod
    def settings_of(cls, own):
        return {} if own.X is None else {"x": own.X[0].tolist()}

    @property
    def sizes(self):
        """Units layer by layer."""
        return self.own.sizes

    def range_of(self, name):
        """Inputs go as far as those of the data, weights and biases as far as those of the model."""
        meta, own = super().range_of(name), self.own
        if name == "x":
            reach = round_above(10 if own.X is None else max(10, np.abs(own.X).max()))
            return meta | {"length": (own.sizes[0],) * 2, "min": -reach, "max": reach}
        if name == "params":
            reach = round_above(max(10, np.abs(own.net.params).max()))
            return meta | {"min": -reach, "max": reach}
        return meta

    def setup(self):
        scene = ForwardPassScene if self._few else OwnForwardPassScene
        self.scene = scene(self.figure, {self.shape: unit_names(self.sizes)})

    @property
    def _few(self):
        """Is there room for a number at each weight, as in the networks of the book?"""
        sizes = self.sizes
        return len(sizes) == 3 and max(sizes) <= 4 and max(map(math.prod, itertools.pairwise(sizes))) <= FEW_WEIGHTS

    @property
    def hint(self):
        """What can be done with keys and pointer."""
        return ForwardPass.hint if self._few else HINT

    @traitlets.default("params")
    def _own_params(self):
        return self.own.net.params.tolist()

    @traitlets.default("x")
    def _ones(self):
        return [1.0] * self.sizes[0]

    @property
    def _computed(self):
        return _computed(self.own, tuple(self.params), tuple(self.x))

    def _layers(self):
        if self._few:
            return super()._layers()
        stems = [units[0].rstrip("₁") for units in self._names[1:]]
        return "inputs", *(f"{stem}: {self._function(layer)}" for layer, stem in enumerate(stems))


@lru_cache(maxsize=4)
def _computed(own, params, x):
    """The network and the record of its forward pass; neither is written to."""
    net = own.net.with_params(params)
    return net, net.forward([x])
