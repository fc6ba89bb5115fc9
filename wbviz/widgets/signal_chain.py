"""The signal chain: what is left of a signal after several weights."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wbviz.engine import Network
from wbviz.scenes.signal_chain import DIES, EXPLODES, MOST, SignalChainScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._traits import choice, number, numbers, toggle, whole
from wbviz.widgets._words import plural, signed

ACTIVATION_NAMES = ("identity", "relu", "leaky_relu", "tanh", "sigmoid")
VIEWS = ("signal", "gain")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: An activation passes less than this share of a change where it counts as saturated.
SATURATED = 0.05


class SignalChain(Explorer):
    """A signal passes 1 to 8 links. Each multiplies it by its weight, adds its bias and applies the activation.

    |w| > 1 amplifies, |w| < 1 diminishes, w < 0 flips. Through a chain the weights multiply, so that small differences
    grow exponentially: 0.5⁸ = 0.004, 1.5⁸ = 26. A bias adds what does not depend on the signal, and an activation can
    stop a signal (ReLU below 0) or hold it (tanh, sigmoid far from 0). The gain at a node is the change that arrives
    there, divided by the small change of the signal that caused it.
    """

    title = "A signal through a chain of weights"
    size = (660, 440)
    kept_knobs = ("signal", "w", "b")

    signal = number(1.0, min=-2, max=2, label="signal", tip="What enters the chain")
    links = whole(4, min=1, max=MOST, label="links", tip="How many weights the signal passes")
    same = toggle(False, label="all links alike", tip="One weight and one bias for every link")
    activation = choice("identity", ACTIVATION_NAMES, label="activation", tip="What each link does to w · signal + b")
    view = choice("signal", VIEWS, label="show", tip="The signal at each node, or the gain so far on a log scale")
    w = numbers([1.5, -0.8, 2.0, 0.5], min=-3, max=3, label="w{i}", length=(1, MOST), tip="The weight of this link")
    b = numbers([0.0] * 4, min=-3, max=3, label="b{i}", length=(1, MOST), tip="The bias that this link adds")

    def settle(self, changed):
        """Alike: one weight and one bias. Otherwise one for each link: w decides, then b, then the number of links."""
        if self.same:
            self.w, self.b = self.w[:1], self.b[:1]
            return
        if changed == {"same"}:
            self.w, self.b = self.w[:1] * self.links, self.b[:1] * self.links
        leader = next((name for name in ("w", "b") if name in changed), None)
        self.links = len(getattr(self, leader)) if leader else self.links
        self.w = (self.w + [1.0] * self.links)[: self.links]
        self.b = (self.b + [0.0] * self.links)[: self.links]

    def setup(self):
        self.scene = SignalChainScene(self.figure)

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def weights(self):
        """The weight of every link."""
        return self.w * self.links if self.same else list(self.w)

    @property
    def biases(self):
        """The bias of every link."""
        return self.b * self.links if self.same else list(self.b)

    @property
    def network(self):
        """The chain as a network with one unit in each layer."""
        return _network(tuple(self.weights), tuple(self.biases), self.activation)

    @property
    def _passed(self):
        return _passed(tuple(self.weights), tuple(self.biases), self.activation, self.signal)

    def values(self):
        """The signal at each of the 1 + links nodes, by the engine."""
        return list(self._passed.values)

    def product(self):
        """The product of the weights: the gain of a chain without activation, whatever the biases are."""
        return float(np.prod(self.weights))

    def gains(self):
        """At each node the gain so far, by the chain rule: the product of w · f′(z) of the links before it."""
        return [1.0, *np.cumprod(np.multiply(self.weights, self._passed.slopes)).tolist()]

    def gain(self):
        """d output / d signal at this signal, by the engine's backpropagation."""
        return self._passed.gain

    def offset(self):
        """The output when the signal is 0: what the biases and the activation make alone."""
        return self._passed.idle

    def dies_after(self):
        """The first link after which the gain is below 1/100 in size and stays there, or None."""
        return _first_for_good([abs(gain) < DIES for gain in self.gains()[1:]])

    def explodes_after(self):
        """The first link after which the gain is above 100 in size and stays there, or None."""
        return _first_for_good([abs(gain) > EXPLODES for gain in self.gains()[1:]])

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        values, gains = self.values(), self.gains()
        sums = None if self.activation == "identity" else self._passed.sums
        words = {
            "values": [compact(v) for v in values], "weights": [f"×{signed(v)}" for v in self.weights],
            "biases": [f"{'+' if v >= 0 else ''}{signed(v)}" for v in self.biases],
            "levels": [compact(v) for v in gains] if self.view == "gain" else [],
            "lines": [self._product_words(), self._measured(), self._output(), self._verdict()],
            "title": self._plot_title(), "marks": self._marks(),
        }  # fmt: skip
        self.scene.update(self.weights, self.biases, values, sums, gains, self.view, words)

    def _plot_title(self):
        if self.view == "gain":
            return "The gain so far, log scale (dotted: above 100 it explodes, below 1/100 it dies)"
        if self.activation == "identity":
            return "The signal after each link: w · signal + b"
        return f"The signal after each link: {self._name()}(w · signal + b)   ◇ before {self._name()}"

    def _marks(self):
        marks = ((self.dies_after(), "dies"), (self.explodes_after(), "explodes"))
        return {node: text for node, text in marks if node is not None}

    def _name(self):
        return {"relu": "ReLU", "leaky_relu": "leaky ReLU"}.get(self.activation, self.activation)

    def _product_words(self):
        if self.links == 1:
            return f"the weight: {signed(self.product())}"
        if self.same:
            chain = f"({_factor(self.w[0])}){str(self.links).translate(SUPERSCRIPTS)}"
        else:
            chain = " · ".join(map(_factor, self.w))
            chain = chain if len(chain) <= 55 else chain.replace(" ", "")
        return f"product of the weights: {chain} = {compact(self.product())}"

    def _measured(self):
        text = f"measured gain, d output / d signal = {compact(self.gain())}"
        if self.activation == "identity" or not self.product():
            return text
        return f"{text}: {self._name()} leaves {compact(self.gain() / self.product())} of the product"

    def _output(self):
        end, idle = compact(self.values()[-1]), self.offset()
        if self.activation != "identity":
            return f"output {end}; with a signal of 0 it would be {compact(idle)}"
        added = f"{'−' if idle < 0 else '+'} {compact(abs(idle))}"
        sizes = f"{compact(self.gain())} · {signed(self.signal)} {added}"
        return f"output = gain · signal + what the biases add = {sizes} = {end}"

    def _verdict(self):
        return self._stopped() or self._faded() or self._exploded() or self._scaled()

    def _stopped(self):
        for k, (w, z) in enumerate(zip(self.weights, self._passed.sums, strict=True), 1):
            if w == 0:
                return f"Link {k} has the weight 0: nothing of the signal passes."
            if self.activation == "relu" and z <= 0:
                return f"ReLU stops the signal at link {k}: z = {compact(z)} becomes 0, no change passes."
        return ""

    def _faded(self):
        node, held = self.dies_after(), self._saturated()
        if node is None:
            return ""
        why = f"{self._name()} is saturated at link {held}" if held else "the factors are too small"
        return f"It dies: after link {node} less than 1/100 of a change is left ({why})."

    def _saturated(self):
        """The first link whose tanh or sigmoid hardly answers to a change, or None."""
        if self.activation not in ("tanh", "sigmoid"):
            return None
        return next((k for k, slope in enumerate(self._passed.slopes, 1) if slope < SATURATED), None)

    def _exploded(self):
        node = self.explodes_after()
        return f"It explodes: after link {node} a change of the signal is more than 100 times as large." if node else ""

    def _scaled(self):
        gain, flips = round(self.gain(), 10), sum(w < 0 for w in self.weights)
        kind = "Unchanged in size" if abs(gain) == 1 else "Amplified" if abs(gain) > 1 else "Diminished"
        turned = "flipped" if gain < 0 else "not flipped"
        count = plural(flips, "negative weight")
        return f"{kind}: a change arrives {compact(abs(gain))} times as large, {turned} ({count})."

    def describe(self):
        path = " → ".join(map(compact, self.values()))
        bars = "the signal at each node" if self.view == "signal" else "the gain so far at each node, on a log scale"
        biases = f" Biases: {', '.join(map(signed, self.biases))}." if any(self.biases) else ""
        alike = " All links are alike." if self.same else ""
        steps = f"{_sentence(self._product_words())} {_sentence(self._measured())} {_sentence(self._output())}"
        return (
            f"The signal through {plural(self.links, 'link')} ({self._name()}): {path}.{alike}{biases} {steps} "
            f"{self._verdict()} The bars show {bars}."
        )


@dataclass(frozen=True)
class Passed:
    """A signal that has passed a chain: its values at the nodes; z and f′(z) of each link; gain and idle output."""

    values: tuple
    sums: tuple
    slopes: tuple
    gain: float
    idle: float


@lru_cache(maxsize=2)
def _passed(weights, biases, activation, signal):
    net = _network(weights, biases, activation)
    record = net.forward([[signal]])
    slopes = (f.derivative(z) for f, z in zip(net.activations, record.z, strict=True))
    columns = (tuple(float(v[0, 0]) for v in values) for values in (record.a, record.z, slopes))
    return Passed(*columns, float(net.backpropagate(record, np.ones((1, 1))).dX[0, 0]), float(net([[0.0]])[0, 0]))


def _network(weights, biases, activation):
    net = Network([1] * (len(weights) + 1), hidden=activation, output=activation, init="zeros")
    net.params = np.stack([weights, biases], axis=1).ravel()
    return net


def compact(value):
    """A number in at most seven characters: 1.50, 0.004, 123.4, 6561, 1.3e4, 2e−5."""
    size = abs(value)
    if size >= 9999.5 or 0 < size < 0.0005:
        mantissa, power = f"{value:.{1 if size > 1 else 0}e}".split("e")
        return f"{mantissa}e{int(power)}".replace("-", "−")
    return signed(value, 3 if 0 < size < 0.0995 else 2 if size < 100 else 1 if size < 1000 else 0)


def _factor(weight):
    return signed(weight).rstrip("0").rstrip(".")


def _sentence(text):
    return f"{text[0].upper()}{text[1:]}."


def _first_for_good(flags):
    """The position (from 1) from which all flags are true to the end, or None."""
    tail = next((k for k, flag in enumerate(reversed(flags)) if not flag), len(flags))
    return len(flags) - tail + 1 if tail else None
