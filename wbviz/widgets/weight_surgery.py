"""Surgery on a trained network: its weights or biases are scaled, zeroed, shuffled, rounded or disturbed."""

from typing import NamedTuple

import numpy as np

from wbviz.engine import accuracy, confusion_matrix
from wbviz.scenes.weight_surgery import COLUMNS, WeightSurgeryScene
from wbviz.widgets._digits import UNITS, OnDigits, digits_split, network_parameters
from wbviz.widgets._opens import Opens
from wbviz.widgets._operations import LAYERS, OPERANDS, OPERATIONS, operate
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import percent, plural, signed, subscript

STEPS = {"ArrowLeft": -1, "ArrowRight": 1, "ArrowUp": -COLUMNS, "ArrowDown": COLUMNS}


class WeightSurgery(Opens, OnDigits):
    """A network that reads handwritten digits, and an operation on its weights or biases, judged on 449 test digits.

    Predict what an operation costs, do it, and see: that it is the arrangement of the weights that counts, not their
    distribution; how few bits are enough; what the biases contribute; that layers differ.
    `WeightSurgery(net=net)` takes a trained 64-16-10 network, otherwise the book's own is trained (1 to 2 seconds).
    `WeightSurgery.of(model, X, y)` opens any classifier of your own, judged on rows that it has not learned from.
    """

    title = "Surgery on the weights and biases of a network that reads digits"
    size = (680, 460)
    interactive = True
    kept_knobs = ("unit",)

    operation = choice("noise", OPERATIONS, label="operation", tip="What is done to the numbers of the network")
    amount = number(0.5, min=-1, max=8, step=0.05, label="amount", tip="How much of it")
    what = choice("weights", OPERANDS, label="on the", tip="Weights, biases or both")
    layer = choice("all", LAYERS, label="layer", tip="1: pixels to hidden units; 2: hidden units to digits")
    seed = whole(0, min=0, max=99, label="draw (seed)", tip="Which random numbers the operation draws", random=True)
    unit = whole(3, min=1, max=UNITS, label="hidden unit", tip="The unit shown larger; click on its image")
    net_params = network_parameters()
    _first = _last = None
    score, examples, all_layers = "Test accuracy", "digits", "both layers"  # as the words call them

    @classmethod
    def own_kind(cls):
        from wbviz.widgets._own_weight_surgery import OwnWeightSurgery

        return OwnWeightSurgery

    def range_of(self, name):
        """The amount means something else for each operation, and has its range."""
        meta = super().range_of(name)
        if name != "amount":
            return meta
        chosen = OPERATIONS[self.operation]
        span = {"min": chosen.low, "max": chosen.high, "step": chosen.step, "label": chosen.label, "tip": chosen.tip}
        return meta | span

    def settle(self, changed):
        """A newly chosen operation begins with an amount of its own."""
        if "operation" in changed and "amount" not in changed:
            self.amount = OPERATIONS[self.operation].start

    def idle(self):
        """Without an operation there is nothing to set, and the seed matters only where chance does."""
        if self.operation == "none":
            return ("amount", "what", "layer", "seed")
        return () if OPERATIONS[self.operation].random else ("seed",)

    def setup(self):
        self.scene = WeightSurgeryScene(self.figure)

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def operated(self):
        """The network after the operation, a copy of one's own."""
        return self._judged_after()[0].copy()

    @property
    def network(self):
        """The network that "copy as code" writes out: the one after the operation."""
        return self.operated

    def accuracy(self):
        """The share of the test digits that the network reads rightly after the operation, from 0 to 1."""
        return float(self._judged_after()[1].accuracy)

    def loss(self):
        """The cross-entropy on the test digits after the operation."""
        return float(self._judged_after()[1].loss)

    def _judge(self, net):
        return judge(net)

    def _judged_before(self):
        """How the intact network is judged."""
        if self._first is None or self._first[0] is not self.intact:
            self._first = (self.intact, self._judge(self.intact))
        return self._first[1]

    def _judged_after(self):
        """The network after the operation and how it is judged, computed once for each setting."""
        setting = (self.operation, self.amount, self.what, self.layer, self.seed)
        if self._last is None or self._last[0] != setting or self._last[1] is not self.intact:
            net = operate(self.intact, *setting)
            self._last = (setting, self.intact, net, self._judge(net))
        return self._last[2:]

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        (net, after), before = self._judged_after(), self._judged_before()
        words = {
            "score": self._score(before, after),
            "units": [f"b{subscript(j + 1)} {signed(b)}" for j, b in enumerate(net.biases[0])],
            "unit": f"Hidden unit {self.unit}: bias {signed(net.biases[0][self.unit - 1])}",
            "firing": f"on for {after.active[self.unit - 1]} of {after.n} digits",
            "number": signed,
        }
        self.scene.set_limit(float(self.intact.weights[0].std()))
        self.scene.update(net.weights, self.unit - 1, after.counts, (before.accuracy, after.accuracy), words)

    def _score(self, before, after):
        return (
            f"{self.score} {percent(before.accuracy)} → {percent(after.accuracy)}   "
            f"({before.right} → {after.right} of {before.n} {self.examples})     "
            f"loss {before.loss:.3f} → {after.loss:.3f}"
        )

    def describe(self):
        (net, after), before = self._judged_after(), self._judged_before()
        score = (
            f"{after.right} of {after.n} test digits are read rightly, {percent(after.accuracy)}, after "
            f"{percent(before.accuracy)} before; the loss goes from {before.loss:.3f} to {after.loss:.3f}"
        )
        return f"{self._done()}: {score}. {_worst(after.counts)} {_portrait(net, after, self.unit)}"

    def _done(self):
        chosen = OPERATIONS[self.operation]
        what = "weights and biases" if self.what == "both" else self.what
        target = f"{what} of {self.all_layers if self.layer == 'all' else f'layer {self.layer}'}"
        gaps = {"amount": self.amount, "percent": percent(self.amount, 0), "levels": round(2**self.amount)}
        words = chosen.words.format(target=target, **gaps).replace("-", "−")
        return f"{words} (seed {self.seed})" if chosen.random else words

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        if point.axes is self.scene.mosaic:
            self.unit = self.scene.unit_at(point.x, point.y) + 1

    def on_key(self, key, shift=False):
        if key in STEPS:
            self.unit = (self.unit - 1 + STEPS[key]) % UNITS + 1


class Judgement(NamedTuple):
    """How a network does on the n test digits: shares and counts, and for how many digits each hidden unit is on."""

    accuracy: float
    loss: float
    right: int
    n: int
    counts: np.ndarray
    active: np.ndarray


def judge(net):
    """The Judgement of a digits network on the test set."""
    test = digits_split()[1]
    record = net.forward(test.X)
    counts = confusion_matrix(test.y, record.y_hat)
    loss = float(net.loss(test.X, test.y, loss="cross_entropy"))
    share = float(accuracy(test.y, record.y_hat))
    return Judgement(share, loss, int(counts.trace()), len(test), counts, (record.a[1] > 0).sum(axis=0))


def _worst(counts):
    """The most frequent mistake, in a sentence."""
    wrong = counts - np.diag(np.diag(counts))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    most = int(wrong.max())
    return f"The commonest mistake: {true} read as {read}, {plural(most, 'time')}." if most else "There is no mistake."


def _portrait(net, after, unit):
    """The enlarged unit in a sentence: its bias, when it is on, what it speaks for and against."""
    out = net.weights[1][unit - 1]
    high, low = int(out.argmax()), int(out.argmin())
    return (
        f"Hidden unit {unit} has the bias {signed(net.biases[0][unit - 1])} and is on for "
        f"{plural(int(after.active[unit - 1]), 'digit')}; "
        f"its largest weight goes to {high} ({signed(out[high])}), its smallest to {low} ({signed(out[low])})."
    )
