"""A curve out of hidden units: what a sum of bent lines can be, set by hand or found by training."""

import math
import time

import numpy as np
import traitlets

from wbviz.engine import ACTIVATIONS, Adam, Training
from wbviz.scenes.curve_builder import MOST, CurveBuilderScene
from wbviz.widgets import _building as building
from wbviz.widgets._base import Explorer
from wbviz.widgets._building import LIMIT, PLACES, POINTS, START, TARGETS
from wbviz.widgets._parameters import checked_index, checked_indices
from wbviz.widgets._piece_gestures import PieceGestures
from wbviz.widgets._traits import choice, data, parameters, whole
from wbviz.widgets._words import plural, signed, subscript, term
from wbviz.widgets._work import Work

FIT_STEPS, STRIDE, LEARNING_RATE, PER_SECOND = 3000, 25, 0.02, 20


class CurveBuilder(PieceGestures, Explorer):
    """One input, K hidden units, one output: y = Σ vₖ·f(wₖx + bₖ) + c. Every piece, and their sum, against a target.

    Predict how many ReLUs a zigzag of six straight lines needs; then bend the pieces by hand, or let them be fitted:
    gradient descent on the same weights, beside the page. A ReLU bends its piece once, where wₖx + bₖ = 0, so K of
    them bend the sum at most K times.

    Drag a number in the strip: its bend moves (bₖ follows). Drag a piece up or down: vₖ follows; the line c: the
    output bias. On a target of one's own, draw in the upper plot. Keys: a digit takes a unit, 0 the output bias;
    ← → move its bend, ↑ ↓ its height, + and − make it steeper and flatter, with Shift in bigger steps. On a target of
    one's own Enter brings a cursor: ← → go along it, ↑ ↓ draw, Enter puts it away.
    """

    title = "A curve built of hidden units"
    size = (660, 470)
    interactive = True
    kept_knobs = ("params",)

    units = whole(4, min=1, max=MOST, label="hidden units", tip="How many pieces the curve is made of")
    activation = choice("relu", ACTIVATIONS, label="activation", tip="What bends each piece")
    target = choice("sine", (*TARGETS, "own"), label="target", tip="The curve to build; own: draw it in the plot")
    params = parameters(START, min=-LIMIT, max=LIMIT, tip="wₖ, bₖ, vₖ and the output bias c")
    chosen = data(10, check=checked_index)
    frozen = data([], check=checked_indices)
    own = data([0.0] * len(PLACES), check=building.checked_heights)
    cursor = data(None, check=building.checked_cursor)

    input_names, output_names = ["x"], ["y"]
    _work = _fit_under_way = None

    @property
    def sizes(self):
        """One input, the hidden units, one output."""
        return [1, self.units, 1]

    def settle(self, changed):
        """Another number of units keeps those there are; what is in hand or frozen stays the same weight."""
        old = (len(self.params) - 1) // 3
        if old != self.units:
            self.params = building.resized(self.params, self.units)
            places = {self._index(r, k, old): self._index(r, k) for r in range(3) for k in range(min(old, self.units))}
            places[3 * old] = 3 * self.units
            self.chosen = places.get(self.chosen, 3 * self.units - 1)
            self.frozen = [places[i] for i in self.frozen if i in places]
        self.chosen = min(self.chosen, 3 * self.units)
        self.frozen = [i for i in self.frozen if i <= 3 * self.units]
        if self.target != "own":
            self.cursor = None

    @traitlets.default("params")
    def _own_params(self):
        return building.resized(START, self.units)

    def _index(self, row, k, units=None):
        """The position in params of wₖ (row 0), bₖ (1) or vₖ (2)."""
        return row * (units or self.units) + k

    def prepare(self):
        self._work = Work(self._fit, label=f"Fit (Adam, lr {LEARNING_RATE})")
        self.under = (self._work,)

    def setup(self):
        self.scene = CurveBuilderScene(self.figure)

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def _curve(self):
        return building.built(tuple(self.params), self.activation, self._aim)

    @property
    def _aim(self):
        """The target as `built` takes it."""
        return tuple(self.own) if self.target == "own" else self.target

    @property
    def network(self):
        """The 1-K-1 network with these weights and biases, a copy of one's own."""
        return self._curve.net.copy()

    @property
    def targets(self):
        """What is wanted at each of 61 evenly spaced x from −1 to 1: (x, y), each (61, 1)."""
        return POINTS[:, None], building.wanted(self._aim)[:, None]

    def loss(self):
        """The mean squared error over the 61 points."""
        return self._curve.loss

    def max_error(self):
        """The largest distance of the sum from the target among the 61 points."""
        return self._curve.max_error

    def bends(self):
        """Where each unit bends or has its middle, −bₖ/wₖ, shape (K,); NaN where wₖ = 0."""
        return self._curve.bends

    def kinks(self):
        """Where in view the slope of the sum jumps, in rising order: bends that coincide count once, or cancel."""
        return self._curve.kinks

    @property
    def unit(self):
        """The unit in hand, from 0; K for the output bias."""
        return self.units if self.chosen == 3 * self.units else self.chosen % self.units

    def _drawn(self, name, rng):
        """Random pieces that can be seen: bends in view, slopes and heights of moderate size."""
        if name != "params":
            return super()._drawn(name, rng)
        w = rng.choice([-1, 1], self.units) * rng.uniform(1, 4, self.units)
        b, v = -w * rng.uniform(-0.9, 0.9, self.units), rng.normal(0, 0.6, self.units)
        return [round(float(value), 1) for value in np.clip([*w, *b, *v, 0.0], -LIMIT, LIMIT)]

    # --- fitting ----------------------------------------------------------------------------------------------------

    def fit(self):
        """Begin to fit, beside the page; the weights may be moved meanwhile. One step of undo."""
        self._work.start()

    def _fit(self):
        done, task, training = 0, None, None
        this = self._fit_under_way = object()
        while done < FIT_STEPS:
            begun = time.monotonic()
            with self.picture.lock:
                if self._fit_under_way is not this:
                    return
                if task != self._task:  # it begins, or the network or its target is another one now
                    task, training, kept = self._task, self._training(), None
                if self.params != kept:
                    kept = self.params
                    training.net.params = kept
                training.frozen = np.isin(np.arange(len(kept)), self.frozen)
            for _ in range(STRIDE):
                step = next(training)
                np.clip(training.net.params, -LIMIT, LIMIT, out=training.net.params)
            with self.picture.lock:
                if (this, task, kept) == (self._fit_under_way, self._task, self.params):  # nothing was moved meanwhile
                    kept = [round(float(value), 4) for value in training.net.params]
                    self.apply({"params": kept}, gesture="fit")
            done += STRIDE
            time.sleep(max(0.0, 1 / PER_SECOND - (time.monotonic() - begun)))
            yield done / FIT_STEPS, f"step {done} of {FIT_STEPS}, loss {step.loss:.4f}"

    @property
    def _task(self):
        return self.units, self.activation, self._aim

    def _training(self):
        return Training(self.network, *self.targets, optimizer=Adam(lr=LEARNING_RATE), epochs=FIT_STEPS)

    def reset(self):
        """Back to how the figure was made; a fit under way ends."""
        self._end_fit()
        super().reset()

    def undo(self):
        """Take the last change back; a fit under way ends, and goes as a whole."""
        self._end_fit()
        return super().undo()

    def _end_fit(self):
        with self.picture.lock:
            self._fit_under_way = None
        self._work.stop()

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        curve = self._curve
        cursor = None if self.cursor is None else (PLACES[self.cursor], self.own[self.cursor])
        words = {"heading": self._heading(), "says": (self._in_hand(), self._hint())}
        target = POINTS, building.wanted(self._aim), curve.sums
        kinks = np.column_stack([curve.kinks, curve.corners])
        self.scene.update(curve.x, curve.total, curve.pieces, target, curve.bends, kinks, self.unit, cursor, words)

    def pieces(self, x):
        """The sum (m,), and its pieces (K + 1, m), the output bias last, at x (m,)."""
        return building.added_up(self._curve.net, x)

    def _heading(self):
        name = self.activation.replace("_", " ")
        bent = f", {plural(len(self.kinks()), 'bend')} in view" if building.kink(self.activation) else ""
        errors = f"loss {_size(self.loss(), 4)}, max error {_size(self.max_error())}"
        return f"{plural(self.units, f'{name} unit')}{bent}: {errors}"

    def _in_hand(self):
        if self.unit == self.units:
            return f"In hand: the output bias c = {signed(self.params[-1])}, added everywhere"
        return f"In hand: {self._unit_in_words(self.unit)}"

    def _unit_in_words(self, k):
        w, b, v, _ = building.split(self.params)
        name, bend, n = self.activation.replace("_", " "), self.bends()[k], subscript(k + 1)
        verb = "jumps" if name == "step" else "bends" if building.kink(self.activation) else "z = 0"
        where = f"{verb} at −b/w = {signed(float(bend))}" if math.isfinite(bend) else "w = 0: the same everywhere"
        return f"unit {k + 1}, v{n}·f(w{n}x + b{n}) = {signed(v[k])}·{name}({signed(w[k])} x {term(b[k])}); {where}"

    def _hint(self):
        if self.cursor is not None:
            return "Keys: ← → along the target, ↑ ↓ draw (Shift: more), Enter ends"
        if self.target == "own":
            return "Draw in the upper plot (keys: Enter). Drag a number (b), a piece (v), c. Keys: digit, ← → ↑ ↓ + −"
        return "Drag a number (b), a piece (v) or the line c. Keys: digit, ← → b, ↑ ↓ v, + − w"

    def describe(self):
        frozen = f" Frozen: {plural(len(self.frozen), 'parameter')}." if self.frozen else ""
        slope = " Its slope is 0: training moves only v and c." if self.activation == "step" else ""
        drawn = "" if self.cursor is None else f" Cursor at x = {signed(PLACES[self.cursor], 1)}."
        errors = f"loss {_size(self.loss(), 4)}, largest error {_size(self.max_error())}"
        return (
            f"The target is {'your own' if self.target == 'own' else self.target}: {errors}. {self._formula()}."
            f"{self._bent()}{slope}{frozen}{drawn} {self._in_hand()}."
        )

    def _formula(self):
        """The whole curve, y = v₁·f(w₁x + b₁) + … + c, in numbers."""
        name, (*rows, c) = self.activation.replace("_", " "), building.split(self.params)
        first, *others = (
            (v, f"·{name}({signed(w)} x {term(b)})") for w, b, v in zip(*rows, strict=True)
        )  # fmt: skip
        return " ".join(["y =", signed(first[0]) + first[1], *(term(v) + piece for v, piece in others), term(c)])

    def _bent(self):
        if not building.kink(self.activation):
            return ""
        at = f" (at {', '.join(map(signed, self.kinks()))})" if self.kinks() else ""
        most = f"{plural(self.units, 'unit')} can bend it {plural(self.units, 'time')} at most"
        return f" In view the sum bends {plural(len(self.kinks()), 'time')}{at}; {most}."


def _size(value, digits=2):
    """An error as text: fewer digits where it is large."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.{digits if value < 10 else 2}f}"
