"""Gradients through a learner's own network, and a training that begins with its weights."""

from typing import NamedTuple

import numpy as np

from wbviz.engine import INITIALIZERS, Network
from wbviz.widgets import _flowing as experiment
from wbviz.widgets._flowing import DEEPEST
from wbviz.widgets._own_model import MOST_PARAMETERS, Own, OwnModel, own_model, refuse
from wbviz.widgets._traits import choice, whole
from wbviz.widgets._words import signed
from wbviz.widgets.gradient_flow import GradientFlow

OWN = "own"


class OwnSetting(NamedTuple):
    """What the training of a learner's own network follows from; as Setting."""

    own: Own
    init: str
    gain: float
    lr: float
    seed: int

    @property
    def loss(self):
        return self.own.loss

    @property
    def depth(self):
        """How many hidden layers there are."""
        return len(self.own.sizes) - 2

    @property
    def width(self):
        """How many units a hidden layer has, or from how many to how many."""
        least, most = (end(self.own.sizes[1:-1]) for end in (min, max))
        return most if least == most else f"{least} to {most}"

    @property
    def several(self):
        return max(self.own.sizes[1:-1]) > 1

    def examples(self):
        return self.own.X, self.own.y

    def network(self):
        """The learner's own, or one of its architecture that is drawn anew; weights are multiplied by the gain."""
        if self.init == OWN:
            net = self.own.net.copy()
        else:
            hidden, output = (self.own.net.activations[k].name for k in (0, -1))
            net = Network(self.own.sizes, hidden, output, self.init, self.seed)
        for W in net.weights:
            W *= self.gain
        return net

    def accuracy(self, y_hat):
        return self.own.accuracy(y_hat)


class OwnGradientFlow(OwnModel, GradientFlow):
    """A learner's own network: what reaches each layer on the way forward and back, before and during more training.

    Predict which layer of a trained network still gets a gradient, and what became of it had the weights been drawn
    otherwise. Understand: a gradient near 0 in all layers at once may be the end of learning, in the first layers
    alone it is none.
    """

    title = "Gradients through your model"
    model = own_model()

    dataset = property(lambda self: self.own.name, doc="What the data are called.")
    depth = property(lambda self: self._setting.depth, doc="How many hidden layers there are.")
    width = property(lambda self: self._setting.width, doc="Units a hidden layer.")
    activation = property(lambda self: self.own.net.activations[0].name, doc="The activation of the hidden layers.")

    knobs = ("init", "gain", "lr", "seed", "step", "layer")
    init = choice(OWN, (OWN, *INITIALIZERS), label="start from", tip="The model's own weights, or others drawn anew")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the starting weights")

    @classmethod
    def check(cls, net):
        if len(net.sizes) < 3:
            refuse(net, "GradientFlow shows how hidden layers hand gradients on, and there is none.", "WeightSurgery")
        if len(net.sizes) - 2 > DEEPEST or net.n_params > MOST_PARAMETERS:
            raise ValueError(
                f"This model has {len(net.sizes) - 2} hidden layers and {net.n_params:,} weights and biases. "
                f"GradientFlow trains up to {DEEPEST} layers and {MOST_PARAMETERS:,} while you look."
            )

    @classmethod
    def rows_for(cls, net):
        return 200

    def idle(self):
        """The seed draws nothing where the weights are the model's own."""
        return (*super().idle(), *(("seed",) if self.init == OWN else ()))

    @property
    def _setting(self):
        return OwnSetting(self.own, self.init, self.gain, self.lr, self.seed)

    @property
    def architecture(self):
        """The network in a few words."""
        start = "own weights" if self.init == OWN else self.init.replace("_", " ")
        gain = f" × {signed(self.gain)}" if self.gain != 1 and self.init != "zeros" else ""
        activation = self.activation.replace("_", " ")
        if len(self.own.sizes) > 7:
            return f"{self.depth} layers of {self.width} {activation} units, {start}{gain}"
        return f"{self.own.architecture}, {activation}, {start}{gain}"

    def close(self):
        """Free everything, and the keyframes of a large model too."""
        if not getattr(self, "_closed", True) and self.own.large:
            experiment.film.cache_clear()
            experiment.moment.cache_clear()
        super().close()

    def losses(self):
        """The loss at each step up to the one shown, (step + 1,)."""
        return np.array(self._now.losses)

    def describe(self):
        return f"{super().describe()} Judged on {self.own.counted}, {self.own.loss.replace('_', ' ')}."
