"""The neuron: every input, every weight and the bias has a knob."""

from wbviz.engine import ACTIVATIONS, Network
from wbviz.scenes.neuron import NeuronScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._traits import choice, number, numbers, whole
from wbviz.widgets._words import signed, subscript, term


class Neuron(Explorer):
    """One neuron with 1 to 3 inputs: z = Σ wᵢxᵢ + b, a = f(z). Drag the point on the activation: the bias follows."""

    title = "A neuron"
    size = (660, 450)
    interactive = True
    kept_knobs = ("w", "b", "x")

    inputs = whole(2, min=1, max=3, label="inputs", tip="How many inputs the neuron has")
    x = numbers([1.0, 0.5], min=-3, max=3, label="x{i}", length=(1, 3), tip="An input of the neuron")
    w = numbers([1.5, -1.0], min=-4, max=4, label="w{i}", length=(1, 3), tip="How strongly this input counts")
    b = number(-0.5, min=-8, max=8, label="b", tip="The bias: added to the sum, whatever the inputs are")
    activation = choice("sigmoid", ACTIVATIONS, label="activation", tip="What turns the sum z into the output a")

    def settle(self, changed):
        """Keep one weight for each input: w decides, then x, then the number of inputs."""
        leader = next((name for name in ("w", "x") if name in changed), None)
        self.inputs = len(getattr(self, leader)) if leader else self.inputs
        self.x = (self.x + [1.0] * self.inputs)[: self.inputs]
        self.w = (self.w + [0.0] * self.inputs)[: self.inputs]

    def setup(self):
        self.scene = NeuronScene(self.figure)

    @property
    def network(self):
        """The neuron as a network of one layer with one unit."""
        net = Network([len(self.x), 1], output=self.activation, init="zeros")
        net.weights[0][:, 0], net.biases[0][0] = self.w, self.b
        return net

    def output(self):
        """The sum z and the output a, computed by the engine."""
        record = self.network.forward([self.x])
        return float(record.z[0][0, 0]), float(record.y_hat[0, 0])

    def redraw(self):
        z, a = self.output()
        function = (self.activation, ACTIVATIONS[self.activation].f)
        words = {"numbers": signed, "formula": self._formula(z, a)}
        self.scene.update(self.x, self.w, self.b, z, a, function, words)

    def _formula(self, z, a):
        symbols = " + ".join(f"w{subscript(i + 1)}x{subscript(i + 1)}" for i in range(len(self.x)))
        factors = [f"·{signed(x)}" if x >= 0 else f"·({signed(x)})" for x in self.x]
        first, *others = zip(self.w, factors, strict=True)
        numbers = " ".join([signed(first[0]) + first[1], *(term(w) + factor for w, factor in others), term(self.b)])
        return f"z = {symbols} + b", f"= {numbers} = {signed(z)}", self._result(z, a)

    def _result(self, z, a):
        return f"a = {self.activation.replace('_', ' ')}({signed(z)}) = {signed(a, 3)}"

    def describe(self):
        z, a = self.output()
        parts, said = {"b": self.b}, []
        for i, (w, x) in enumerate(zip(self.w, self.x, strict=True)):
            name = f"w{subscript(i + 1)}x{subscript(i + 1)}"
            parts[name] = w * x
            said.append(f"{name} = {signed(w)} · {signed(x)} = {signed(w * x)}")
        loudest = max(parts, key=lambda name: abs(parts[name]))
        voice = f"The largest part of the sum is {loudest}." if parts[loudest] else "Every part of the sum is zero."
        sums = ", ".join([*said, f"b = {signed(self.b)}"])
        return f"{sums}; together z = {signed(z)}, so {self._result(z, a)}. {voice}"

    def on_drag(self, point):
        if point.axes is self.scene.curve:
            self._move_sum_to(point.x)

    def on_key(self, key, shift=False):
        step = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (1.0 if shift else 0.1)
        if step:
            self.try_set("b", round(self.b + step, 10))

    def _move_sum_to(self, z):
        rest = self.output()[0] - self.b
        trait = self.traits()["b"].metadata
        self.b = round(min(max(z - rest, trait["min"]), trait["max"]), 1)
