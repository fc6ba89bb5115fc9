"""Surgery on a learner's own classifier, judged on the learner's own examples."""

import math
from typing import NamedTuple

import numpy as np

from wbviz.engine import confusion_matrix
from wbviz.scenes._axes import stepped_limit
from wbviz.scenes._weights_layout import layout_of
from wbviz.scenes.own_weight_surgery import ROWS, OwnWeightSurgeryScene
from wbviz.scenes.weight_surgery import COLOUR_LIMITS, FULL
from wbviz.widgets._own_examples import answers, labels
from wbviz.widgets._own_model import MOST_PARAMETERS, OwnModel, own_model
from wbviz.widgets._traits import whole
from wbviz.widgets._words import percent, plural, signed, unit_names
from wbviz.widgets.weight_surgery import WeightSurgery

MOST_CLASSES = 30
#: So many examples are used that this times the number of parameters stays below it, ...
WORK = 100_000_000
#: but so many at least, and at most.
FEWEST, MOST = 200, 2_000
SMALLEST_SIDE = 3  # of what counts as an image
LIMITS = (0.01, 0.02, 0.05, *COLOUR_LIMITS)


class Judged(NamedTuple):
    """How a network does on n examples: shares and counts, and for how many each unit of each layer is above 0."""

    accuracy: float
    loss: float
    right: int
    n: int
    counts: np.ndarray
    active: list


class OwnWeightSurgery(OwnModel, WeightSurgery):
    """A learner's own classifier, and an operation on its weights or biases, judged on the learner's own examples.

    Predict how many bits a weight of your network needs, which layer bears noise worse, what its biases contribute;
    do it and see. Understand what the book's own network showed, on a network that one has made oneself.
    """

    title = "Surgery on the weights and biases of your model"
    knobs = ("operation", "amount", "what", "layer", "seed", "shown", "unit")
    kept_knobs = ("unit",)
    held_out = True
    model = own_model()
    shown = whole(1, min=1, max=1, label="units of layer", tip="Whose weights are shown, counted from the inputs")
    unit = whole(1, min=1, max=1, label="unit", tip="The unit shown larger; click on its weights")
    net_params = None
    score, examples, all_layers = "Accuracy", "examples", "all layers"

    intact = property(lambda self: self.own.net, doc="The network that is looked into, to be read only.")
    sizes = property(lambda self: self.own.sizes, doc="Units layer by layer.")

    # --- what can be opened -----------------------------------------------------------------------------------------

    @classmethod
    def check(cls, net):
        if net.n_params > MOST_PARAMETERS:
            raise ValueError(
                f"This model has {net.n_params:,} weights and biases. WeightSurgery operates on up to "
                f"{MOST_PARAMETERS:,} at each turn of a knob."
            )

    @classmethod
    def check_data(cls, given):
        classes = labels(given.y, given.loss)
        if classes is None:
            raise ValueError(
                f"WeightSurgery counts right answers: y must be the class of each row, 0, 1, 2, …, but holds numbers "
                f"such as {given.y.flat[0]:g}. LossSurface.of and GradientFlow.of take them."
            )
        most = max(int(classes.max()) + 1, given.y.shape[1] if given.y.ndim == 2 else 0)
        if most > MOST_CLASSES:
            raise ValueError(f"There is room for {MOST_CLASSES} classes, not for {most}. GradientFlow.of opens it.")

    @classmethod
    def rows_for(cls, net):
        return int(np.clip(WORK // net.n_params, FEWEST, MOST))

    def range_of(self, name):
        """There are as many layers and units as the model has."""
        meta, layers = super().range_of(name), len(self.sizes) - 1
        if name == "layer":
            return meta | {"values": ("all", *range(1, layers + 1)), "tip": "Counted from the inputs"}
        if name == "shown":
            return meta | {"max": layers}
        return meta | {"max": self.sizes[self.shown]} if name == "unit" else meta

    def settle(self, changed):
        """The unit in hand is one of the layer shown."""
        super().settle(changed)
        self.unit = min(self.unit, self.sizes[self.shown])

    def idle(self):
        """A model may have one layer, or one unit in it."""
        alone = [name for name in ("shown", "unit") if self.range_of(name)["max"] == 1]
        return (*super().idle(), *alone, *(("layer",) if len(self.sizes) == 2 else ()))

    def setup(self):
        self.scene = OwnWeightSurgeryScene(
            self.figure, self._classes, self._image, [self._layout(k) for k in range(len(self.sizes) - 1)]
        )

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def _classes(self):
        """How many classes there are: as many as outputs, or two."""
        return max(2, self.sizes[-1])

    @property
    def _names(self):
        """The names of all units, layer by layer; those of several outputs say which class they stand for."""
        k = self.sizes[-1]
        return unit_names(self.sizes, outputs=[f"class {number}" for number in range(k)] if k > 1 else None)

    @property
    def _image(self):
        """(rows, columns) of inputs that make a square, else None."""
        side = math.isqrt(self.sizes[0])
        return (side, side) if side * side == self.sizes[0] and side >= SMALLEST_SIDE else None

    def _layout(self, layer):
        """Where the weights of a layer, counted from 0, stand."""
        return layout_of(*self.sizes[layer : layer + 2], self._image if layer == 0 else None)

    def _judge(self, net):
        own = self.own
        record = net.forward(own.X)
        counts = confusion_matrix(own.labels, answers(record.y_hat, own.loss), n_classes=self._classes)
        right, n = int(counts.trace()), len(own.X)
        active = [(a > 0).sum(axis=0) for a in record.a[1:]]
        return Judged(right / n, float(net.loss(own.X, own.y, loss=own.loss)), right, n, counts, active)

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        (net, after), before = self._judged_after(), self._judged_before()
        layer, hand = self.shown - 1, self.unit - 1
        sources, names = self._names[layer : layer + 2]
        layout = self._layout(layer)
        first = hand // layout.count * layout.count
        page = slice(first, first + layout.count)
        W, biases = net.weights[layer][:, page], [signed(b) for b in net.biases[layer][page]]
        limit = stepped_limit(FULL * float(self.intact.weights[layer].std()), LIMITS)
        self.scene.update(
            {
                "layout": layout,
                "W": W,
                "texts": layout.texts(W, names[page], biases, sources, signed),
                "image": layer == 0 and self._image is not None,
                "limit": limit,
                "hand": hand - first,
            },
            _largest(net.weights[layer][:, hand], sources),
            self._outgoing(net),
            {"counts": after.counts, "before": before.accuracy, "after": after.accuracy},
            {
                "score": self._score(before, after),
                "units": self._head(layout, first, limit),
                "unit": f"{names[hand]}: bias {signed(net.biases[layer][hand])}; its weights",
                "firing": f"above 0 for {after.active[layer][hand]} of {after.n} examples",
                "out": "It is an output" if self.shown == len(self.sizes) - 1 else "Its weights onward",
            },
        )

    def _head(self, layout, first, limit):
        """What is shown above: which layer, and which of its units."""
        units, n_in = self.sizes[self.shown], self.sizes[self.shown - 1]
        some = "" if units <= layout.count else f" ({first + 1} to {min(first + layout.count, units)})"
        return (
            f"Layer {self.shown} of {len(self.sizes) - 1}: {plural(units, 'unit')}{some}, {plural(n_in, 'weight')} "
            f"into each; blue +, vermillion −, full colour from ±{limit:g}"
        )

    def _outgoing(self, net):
        if self.shown == len(self.sizes) - 1:
            return {"values": [], "names": [], "texts": []}
        return _largest(net.weights[self.shown][self.unit - 1], self._names[self.shown + 1])

    def describe(self):
        (net, after), before = self._judged_after(), self._judged_before()
        layer, hand = self.shown - 1, self.unit - 1
        sources, names = self._names[layer : layer + 2]
        into = net.weights[layer][:, hand]
        high, low = int(into.argmax()), int(into.argmin())
        return (
            f"{self._done()}: of {self.own.counted} of {self.own.name.replace('_', ' ')}, {after.right} are read "
            f"rightly by the model {self.own.architecture}, {percent(after.accuracy)}, after "
            f"{percent(before.accuracy)} before; the loss goes from {before.loss:.3f} to {after.loss:.3f}. "
            f"{_worst(after.counts)} Unit {names[hand]} of layer {self.shown} has the bias "
            f"{signed(net.biases[layer][hand])} and is above 0 for "
            f"{plural(int(after.active[layer][hand]), 'example')}; its largest weight comes from {sources[high]} "
            f"({signed(into[high])}), its smallest from {sources[low]} ({signed(into[low])})."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        if point.axes is self.scene.mosaic:
            count = self._layout(self.shown - 1).count
            first = (self.unit - 1) // count * count
            self.unit = min(first + self.scene.unit_at(point.x, point.y) + 1, self.sizes[self.shown])

    def on_key(self, key, shift=False):
        """← → another unit, ↑ ↓ another layer."""
        if key in ("ArrowLeft", "ArrowRight"):
            self.unit = (self.unit - 1 + (1 if key == "ArrowRight" else -1)) % self.sizes[self.shown] + 1
        elif key in ("ArrowUp", "ArrowDown"):
            self.shown = min(max(self.shown + (1 if key == "ArrowUp" else -1), 1), len(self.sizes) - 1)


def _largest(weights, names):
    """Those of the weights that are shown as bars, in their order: all, or those of the largest size."""
    kept = np.sort(np.argsort(-np.abs(weights), kind="stable")[:ROWS])
    return {
        "values": weights[kept],
        "names": [names[k] for k in kept],
        "texts": [signed(weights[k]) for k in kept],
    }


def _worst(counts):
    """The most frequent mistake, in a sentence."""
    wrong = counts - np.diag(np.diag(counts))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    most = int(wrong.max())
    if not most:
        return "There is no mistake."
    return f"The commonest mistake: class {true} read as {read}, {plural(most, 'time')}."
