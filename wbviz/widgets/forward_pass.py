"""The forward pass, one product at a time."""

import itertools
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import traitlets

from wbviz.engine import ACTIVATIONS, Network
from wbviz.scenes.forward_pass import SIZE, ForwardPassScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._in_hand import InHand
from wbviz.widgets._opens import Opens
from wbviz.widgets._parameters import checked_index, small_network
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, count_params, data, numbers, parameters, whole
from wbviz.widgets._weighted_sum import WeightedSum, aligned, compact, later, product, short
from wbviz.widgets._words import parameter_names, unit_names

SHAPES = {"2-4-1": [2, 4, 1], "2-3-1": [2, 3, 1], "2-2-2": [2, 2, 2], "1-3-1": [1, 3, 1]}
UNKNOWN = "?"
HINT = (
    "Keys: ← → one step, Home and End the first and last; ↑ ↓ choose a weight or bias, + − change it.",
    "Click a weight or bias to take it in hand (framed), a neuron to go to its step. Numbers are rounded.",
)


class Step(NamedTuple):
    """A step of the way forward: which `unit` of the layer of weights it works on, and the `source` of a product."""

    kind: str  # "inputs", "product", "bias" or "activation"
    layer: int
    unit: int
    source: int | None = None


class ForwardPass(Opens, InHand, Explorer):
    """A small network computed by hand: each product w·x, the running sum, + b, then the activation.

    Predict what a neuron will say from what comes in; step on and compare. Change any weight or bias and see which
    numbers follow, and which do not: only those that lie ahead of it. What is not computed yet is shown as `?`. In
    the end: a network of any size is only this, multiply, add, bend, again and again.
    `ForwardPass.of(model)` opens a small one of your own (widgets/_own_forward_pass.py).
    """

    title = "The forward pass, step by step"
    kept_knobs = ("x", "step")
    size = SIZE
    interactive = True
    hint = HINT

    shape = choice("2-4-1", SHAPES, label="network", tip="How many inputs, hidden units and outputs")
    x = numbers([1.0, 0.5], min=-3, max=3, label="x{i}", length=(1, 2), tip="An input of the network")
    hidden = choice("tanh", ACTIVATIONS, label="hidden units", tip="The activation of the hidden units")
    output = choice("identity", ACTIVATIONS, label="output", tip="The activation of the output")
    step = whole(0, min=0, max=22, label="step", tip="How far the computation has come; 0: only the inputs are known")
    params = parameters(Network(SHAPES["2-4-1"], seed=0).params, tip="Every weight and bias of the network")
    chosen = data(0, check=checked_index)

    @classmethod
    def own_kind(cls):
        from wbviz.widgets._own_forward_pass import OwnForwardPass

        return OwnForwardPass

    @property
    def sizes(self):
        """Units layer by layer."""
        return SHAPES[self.shape]

    def range_of(self, name):
        """There are as many steps as the network has products, biases and activations."""
        meta = super().range_of(name)
        return meta | {"max": len(walk(self.sizes)) - 1} if name == "step" else meta

    def settle(self, changed):
        """Another network begins with its own weights, at step 0, and has its own number of inputs."""
        if len(self.params) != count_params(self.sizes):
            self.params = self._own_params()
        if "shape" in changed and "step" not in changed:
            self.step = 0
        self.step = min(self.step, self.range_of("step")["max"])
        self.chosen = min(self.chosen, len(self.params) - 1)
        self.x = (self.x + [1.0] * self.sizes[0])[: self.sizes[0]]

    def prepare(self):
        self.under = (player(self, lambda: self.range_of("step")["max"], per_second=1.5),)

    def setup(self):
        self.scene = ForwardPassScene(self.figure, {shape: unit_names(sizes) for shape, sizes in SHAPES.items()})

    @traitlets.default("params")
    def _own_params(self):
        return Network(self.sizes, seed=0).params.tolist()

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network that is computed."""
        return small_network(self.sizes, self.params, self.hidden, self.output)

    @property
    def _computed(self):
        return _computed(self.shape, tuple(self.params), self.hidden, self.output, tuple(self.x))

    def record(self):
        """The engine's forward pass of the one input: `.z` and `.a`, each of shape (1, units)."""
        return self._computed[1]

    def now(self):
        """The step in hand."""
        return walk(self.sizes)[self.step]

    def known(self, layer, unit):
        """Is the value of this unit computed by now? Layer 0 holds the inputs."""
        return layer == 0 or walk(self.sizes).index(Step("activation", layer - 1, unit)) <= self.step

    def sum_of(self, layer, unit):
        """The sum of a unit piece by piece, `layer` counting the layers of weights from 0."""
        return WeightedSum.of(*self._computed, layer, unit)

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        words = {"lines": [*self._lines(), *self.hint], "layers": self._layers()}
        self.scene.update(self.shape, self._computed[0], self._shown(), self._ledger(), self._curve(), words)

    @property
    def _names(self):
        return unit_names(self.sizes)

    def _shown(self):
        """What the diagram shows: values of the units that are known, and the piece that this step is about."""
        units = [(layer, j) for layer, count in enumerate(self.sizes) for j in range(count)]
        known = {unit: self.known(*unit) for unit in units}
        values, record = [[] for _ in self.sizes], self.record()
        for layer, j in units:
            values[layer].append(compact(record.a[layer][0, j]) if known[layer, j] else UNKNOWN)
        return {
            "values": values,
            "marked": self._marked(),
            "dimmed": [("a", *unit) for unit in units if not known[unit] and unit != self._unit_in_hand()],
            "held": self._computed[0].name_of(self.chosen),
        }

    def _unit_in_hand(self):
        _, layer, unit, _ = self.now()
        return (layer + 1, unit) if self.step else None

    def _marked(self):
        kind, layer, unit, source = self.now()
        return {
            "inputs": [("a", 0, i) for i in range(self.sizes[0])],
            "product": [("a", layer, source), ("W", layer, source, unit)],
            "bias": [("b", layer, unit)],
            "activation": [("a", layer + 1, unit)],
        }[kind]

    def _ledger(self):
        """The sum of the neuron in hand as rows: name, factors, product, sum so far; `?` for what is not known yet."""
        kind, layer, unit, source = self.now()
        names, pieces = self._names, self.sum_of(layer, unit)
        name, count = names[layer + 1][unit], len(pieces.inputs)
        row = {"inputs": None, "product": source, "bias": count, "activation": count + 1}[kind]
        steps = zip(names[layer], pieces.weights, pieces.inputs, pieces.products, pieces.so_far, strict=True)
        rows = [[source, product(w, x), aligned(p), aligned(total)] for source, w, x, p, total in steps]
        rows.append(["b", "z = sum + b", aligned(pieces.bias), aligned(pieces.z)])
        rows.append([name, f"a = {self._function(layer)}(z)", "", aligned(pieces.a)])
        unknown = range(0 if row is None else row + 1, len(rows))
        for k in unknown:
            rows[k][2:] = [UNKNOWN if text else "" for text in rows[k][2:]]
        return {"title": f"The sum of {name}, piece by piece", "rows": rows, "row": row}

    def _curve(self):
        kind, layer, unit, _ = self.now()
        pieces, name = self.sum_of(layer, unit), self._activation(layer)
        return {
            "name": f"Its activation: {self._function(layer)}",
            "function": ACTIVATIONS[name].f,
            "reach": float(np.abs(self.record().z[layer]).max()),
            "z": pieces.z if kind in ("bias", "activation") else None,
            "a": pieces.a if kind == "activation" else None,
        }

    def _activation(self, layer):
        return self.output if layer == len(self.sizes) - 2 else self.hidden

    def _function(self, layer):
        return self._activation(layer).replace("_", " ")

    def _layers(self):
        return "inputs", f"hidden units: {self._function(0)}", f"output: {self._function(1)}"

    # --- words ------------------------------------------------------------------------------------------------------

    def _lines(self):
        """Which step this is, what is computed in it, and what comes of it."""
        _, layer, unit, _ = self.now()
        name = self._names[layer + 1][unit]
        what, computed, outcome = getattr(self, f"_{self.now().kind}_in_words")(name, self.sum_of(layer, unit))
        return f"Step {self.step} of {self.range_of('step')['max']}: {what}", computed, outcome

    def _inputs_in_words(self, name, pieces):
        given = zip(self._names[0], self.x, strict=True)
        values = ", ".join(f"{x_name} = {short(x)}" for x_name, x in given)
        return "the inputs", values, f"Nothing else is known yet. The first neuron to compute is {name}."

    def _product_in_words(self, name, pieces):
        _, layer, _, i = self.now()
        source, result = self._names[layer][i], short(pieces.products[i])
        before = pieces.so_far[i - 1] if i else None
        added = f"The sum so far: {short(before)} {later(pieces.products[i])}" if i else "The sum begins with it:"
        return (
            f"{name}, connection {i + 1} of {len(pieces.inputs)}",
            f"Weight · input from {source} = {product(pieces.weights[i], pieces.inputs[i])} = {result}",
            f"{added} {'= ' if i else ''}{short(pieces.so_far[i])}",
        )

    def _bias_in_words(self, name, pieces):
        return (
            f"{name}, the bias",
            f"z = sum + b = {short(pieces.so_far[-1])} {later(pieces.bias)} = {short(pieces.z)}",
            "The sum z is complete. It is not yet what the neuron says.",
        )

    def _activation_in_words(self, name, pieces):
        function, last = self._function(self.now().layer), self.now().layer == len(self.sizes) - 2
        return (
            f"{name}, the activation",
            f"{name} = {function}(z) = {function}({short(pieces.z)}) = {short(pieces.a)}",
            "This is an output of the network." if last else "It goes on to every neuron of the next layer.",
        )

    def describe(self):
        lines, shown = self._lines(), self._shown()["values"]
        known = ", ".join(
            f"{name} = {value}"
            for name, value in zip(itertools.chain(*self._names), itertools.chain(*shown), strict=True)
            if value != UNKNOWN
        )
        in_hand, value = parameter_names(self._names)[self.chosen], self.params[self.chosen]
        return (
            f"A network {self.shape}, {', '.join(self._layers()[1:])}. {'. '.join(lines).rstrip('.')}. Known: {known}. "
            f"In hand: {in_hand} = {short(value)}."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """A weight or bias is taken in hand; a neuron: go to the step that computes it."""
        place = self.scene.at(*point.pixel)
        if place is None:
            return
        if place[0] in "Wb":
            self.chosen = self.network.index(*place)
        else:
            _, layer, unit = place
            self.step = walk(self.sizes).index(Step("activation", layer - 1, unit)) if layer else 0

    def on_key(self, key, shift=False):
        last, count = self.range_of("step")["max"], len(self.params)
        steps = {"ArrowLeft": self.step - 1, "ArrowRight": self.step + 1, "Home": 0, "End": last}
        if self.turn_in_hand(key, shift):
            return
        if key in steps:
            self.step = min(max(steps[key], 0), last)
        if key in ("ArrowUp", "ArrowDown"):
            self.chosen = (self.chosen + (1 if key == "ArrowDown" else -1)) % count


@lru_cache(maxsize=8)
def _computed(shape, params, hidden, output, x):
    """The network and the record of its forward pass; neither is written to."""
    net = small_network(SHAPES[shape], params, hidden, output)
    return net, net.forward([x])


@lru_cache
def _walk(sizes):
    steps = [Step("inputs", 0, 0)]
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        for unit in range(n_out):
            steps += [Step("product", layer, unit, i) for i in range(n_in)]
            steps += [Step("bias", layer, unit), Step("activation", layer, unit)]
    return steps


def walk(sizes):
    """Every step of the way forward through a network of these sizes; step 0 are the inputs."""
    return _walk(tuple(sizes))
