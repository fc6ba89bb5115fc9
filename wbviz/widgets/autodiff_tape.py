"""Automatic differentiation on a tape, line by line."""

from traitlets import default

from wbviz.engine import ACTIVATIONS
from wbviz.scenes.autodiff_tape import SIZE, AutodiffTapeScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._play import player
from wbviz.widgets._tape_words import View
from wbviz.widgets._taping import EXPRESSIONS, Step, blank, symbols, taped, walk
from wbviz.widgets._traits import choice, number, numbers, parameters, whole


class AutodiffTape(Explorer):
    """What `loss.backward()` does: a calculation writes a tape, and the tape is read backwards.

    Predict the gradient of a weight that is used twice, then step on and see: every line hands its gradient on to the
    lines it was made of, times the slope kept for each; where several arrive, they add up. Choose a larger
    expression: the number of paths grows, but the way back still crosses each edge once, for all leaves together. In
    the end each leaf's gradient stands beside the engine's backpropagation, written by hand for networks: they agree,
    and the tape knew nothing of networks.
    """

    title = "A tape, read backwards"
    size = SIZE
    interactive = True

    expression = choice("one neuron", EXPRESSIONS, label="calculate", tip="What is written on the tape; L = (ŷ − y)²")
    activation = choice("tanh", ACTIVATIONS, label="activation", tip="The f of the neurons")
    x = numbers([1.0, 0.5], min=-3, max=3, step=0.05, label="x{i}", length=(1, 2), tip="An input")
    y = number(0.5, min=-3, max=3, step=0.05, label="y", tip="The target")
    step = whole(16, min=0, max=16, label="step", tip="Forward line by line, then back; compared at the end")
    params = parameters(EXPRESSIONS["one neuron"].start, tip="Every weight and bias of the calculation")

    @property
    def sizes(self):
        """Units layer by layer, of the network that the weights and biases belong to."""
        return EXPRESSIONS[self.expression].sizes

    def range_of(self, name):
        """There are about twice as many steps as the tape has operations."""
        meta = super().range_of(name)
        return meta | {"max": len(walk(self.expression)) - 1} if name == "step" else meta

    def settle(self, changed):
        """Another expression begins with its own numbers, at its last step."""
        expression, last = EXPRESSIONS[self.expression], len(walk(self.expression)) - 1
        if len(self.params) != len(expression.parameters):
            self.params = self._own_params()
        self.x = [*self.x, 0.5][: len(expression.inputs)]
        self.step = last if "expression" in changed and "step" not in changed else min(self.step, last)

    @default("params")
    def _own_params(self):
        return list(EXPRESSIONS[self.expression].start)

    def prepare(self):
        self.under = (player(self, lambda: self.range_of("step")["max"], per_second=1),)

    def setup(self):
        tapes = {name: blank(name) for name in EXPRESSIONS}
        edges = {name: [(line, to) for line, _, to in found.edges] for name, found in tapes.items()}
        self.scene = AutodiffTapeScene(self.figure, {name: (symbols(tapes[name]), edges[name]) for name in tapes})

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def taped(self):
        """The tape with all gradients, and the engine's backpropagation beside it (see Taped)."""
        return taped(self.expression, self.activation, tuple(self.x), tuple(self.params), self.y)

    def now(self):
        """The step in hand."""
        return walk(self.expression)[self.step]

    def loss(self):
        """The squared error (ŷ − y)²: the last line's value."""
        return self.taped.lines[-1].value

    def gradient(self, name):
        """dL/d of a leaf, by the tape; name: w₁, x, b, …"""
        return self.taped.gradient[self._line(name)]

    def arrivals(self, name):
        """What arrives at a leaf on the way back, one number for each time it was used."""
        return [amount for _, amount in self.taped.arrivals(self._line(name))]

    def paths(self, name):
        """How many ways lead from a leaf to the loss."""
        return self.taped.paths(self._line(name))

    def gap(self):
        """The largest difference between the tape's gradients and those of the engine's backpropagation."""
        return max(abs(self.gradient(name) - each) for name, each in self.taped.explicit.items())

    def _line(self, name):
        if name not in self.taped.at:
            raise ValueError(f"There is no leaf {name!r} on this tape. It has: {', '.join(self.taped.at)}.")
        return self.taped.at[name]

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        view = View(self)
        self.scene.update(self.expression, view.shown(), view.table(), view.words())

    def describe(self):
        return View(self).described()

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """A node of the graph or a line of the list leads to its step."""
        line, row = self.scene.at(*point.pixel), self.scene.row_at(*point.pixel)
        if line is None and row is not None and row + View(self).first < len(self.taped.lines):
            line = row + View(self).first
        if line is not None:
            self.step = self._step_of(line)

    def _step_of(self, line):
        """Where a line is written, or on the way back read; of a leaf, where the last of its gradient comes."""
        steps = walk(self.expression)
        back = self.step >= steps.index(Step("seed"))
        if line < self.taped.leaves:
            return steps.index(Step("back", self.taped.arrivals(line)[-1][0])) if back else 0
        return steps.index(Step("back" if back else "forward", line))

    def on_key(self, key, shift=False):
        last = len(walk(self.expression)) - 1
        step = {"ArrowLeft": self.step - 1, "ArrowRight": self.step + 1, "Home": 0, "End": last}.get(key)
        if step is not None:
            self.step = min(max(step, 0), last)
