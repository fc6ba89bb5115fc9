"""The loss of a learner's own network over two of its parameters, and descent from its weights."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import traitlets

from wbviz.widgets._descending import FLAT, FULL, PAIR, RANDOM
from wbviz.widgets._own_model import Own, OwnModel, own_model, refuse
from wbviz.widgets._own_ranges import own_parameters, round_above
from wbviz.widgets._traits import whole
from wbviz.widgets._words import parameter_names, unit_names
from wbviz.widgets.loss_surface import LossSurface

#: Every step of a path is kept with all of these numbers, up to 200 of them.
MOST_NUMBERS = 2_500
#: More fields than these make no table below the picture.
MOST_FIELDS = 350
#: A surface is computed from so many examples that this times the number of parameters stays below it, ...
WORK = 200_000
#: but from so many at least, and at most.
FEWEST, MOST = 100, 500


class OwnProblem(NamedTuple):
    """What the loss of a learner's own network is of; as Problem."""

    own: Own
    seed: int

    @property
    def loss(self):
        return self.own.loss

    def examples(self):
        return self.own.X, self.own.y

    def network(self, params):
        return self.own.net.with_params(params)

    def flat(self, start):
        """As much less than in the book's problems as the loss of a trained network is less than 1."""
        return float(f"{FLAT * min(1.0, max(start, 1e-9)):.0e}")


class OwnLossSurface(OwnModel, LossSurface):
    """The true loss of a learner's own network on the learner's own data, and where descent leads from its weights.

    Predict whether training has ended at the bottom: is there a slope left, in this plane or across it? Understand:
    what looks like a minimum over two parameters may be a slope in the others.
    """

    title = "The loss of your model over two parameters, and the way down"
    knobs = (
        "plane", "first", "second", "view", "span", "move", "lr", "batch", "steps", "step", "seed", "params",
    )  # fmt: skip
    model = own_model()
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the batches and the random directions")
    params = own_parameters("The model at the start of the path")

    dataset = property(lambda self: self.own.name.replace("_", " "), doc="What the data are called.")
    loss = property(lambda self: self.own.loss, doc="The loss that the model is judged by.")
    sizes = property(lambda self: self.own.sizes, doc="Units layer by layer.")
    names = property(lambda self: _names(tuple(self.own.sizes)), doc="The names of all weights and biases.")

    @classmethod
    def check(cls, net):
        if net.n_params > MOST_NUMBERS:
            what = f"LossSurface keeps every step of a path with all of them, up to {MOST_NUMBERS:,}."
            refuse(net, what, "GradientFlow")

    @classmethod
    def rows_for(cls, net):
        return int(np.clip(WORK // net.n_params, FEWEST, MOST))

    @classmethod
    def without(cls, own):
        return ("params",) if own.net.n_params > MOST_FIELDS else ()

    def idle(self):
        """The seed draws nothing where all examples are taken and no direction is random."""
        return (*super().idle(), *(("seed",) if self.batch == FULL and self.plane != RANDOM else ()))

    def range_of(self, name):
        """Parameters go as far as the view may, about those of the model."""
        meta = super().range_of(name)
        if name in ("first", "second"):
            return meta | {"values": self.names}
        if name == "params":
            reach = round_above(20 + np.abs(self.own.net.params).max())
            return meta | {"min": -reach, "max": reach}
        return meta

    @traitlets.default("params")
    def _own_params(self):
        return self.own.net.params.tolist()

    @traitlets.default("first")
    def _weight(self):
        return self.names[self.own.net.index("W", len(self.sizes) - 2, *self._largest())]

    @traitlets.default("second")
    def _bias(self):
        return self.names[self.own.net.index("b", len(self.sizes) - 2, self._largest()[1])]

    def _largest(self):
        """From which unit to which output the largest weight of the last layer goes."""
        W = np.abs(self.own.net.weights[-1])
        return tuple(map(int, np.unravel_index(W.argmax(), W.shape)))

    @property
    def _problem(self):
        return OwnProblem(self.own, self.seed)

    def _limits(self):
        """The window about the two parameters of the model as it was opened."""
        if self.plane != PAIR:
            return super()._limits()
        opened = self.own.net.params[[self.names.index(self.first), self.names.index(self.second)]]
        middle = np.round(2 * opened) / 2
        return tuple((float(m - self.span), float(m + self.span)) for m in middle)

    def describe(self):
        return f"{super().describe()} The model is {self.own.architecture}, the loss that of {self.own.counted}."


@lru_cache(maxsize=4)
def _names(sizes):
    return tuple(parameter_names(unit_names(sizes)))
