"""The activation: what a neuron makes of its sum z, how fast that changes, and what w and b do to its shape."""

import math
from functools import lru_cache

import numpy as np

from wbviz.engine import ACTIVATIONS, Network
from wbviz.scenes.activation_shapes import REACH, ROWS, ActivationShapesScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._shapes import (
    NAMES,
    SATURATED,
    TINY,
    note_on,
    range_in_words,
    saturated_in_words,
    shape_of,
)
from wbviz.widgets._traits import choice, number
from wbviz.widgets._words import percent, signed, term

NONE, PLAIN = "none", "w = 1, b = 0"
SHARE = percent(SATURATED, 0)
BEND_REACH, POINT_REACH = 10, 14  # how near, in pixels, the pointer must be
_X = np.linspace(-REACH, REACH, 401)


class ActivationShapes(Explorer):
    """One neuron with one input: a = f(w·x + b), its derivative f′(z), and a second activation to compare.

    Predict what w and b do to the curve before turning them: w makes it steeper (the slope is w·f′(z)) or mirrors it,
    b shifts it: z = 0 lies at x = −b/w. See where f′ is nearly 0 (saturated): there neither w nor b can learn.
    Pointer: drag the point (x follows), or the dotted line z = 0 (b follows). Keys: ← → move x, ↑ ↓ change w, + and −
    change b; with Shift in bigger steps.
    """

    title = "An activation and its derivative"
    size = (680, 460)
    interactive = True
    kept_knobs = ("w", "b", "x")

    activation = choice("sigmoid", ACTIVATIONS, label="activation", tip="What turns the sum z into the output a")
    compare = choice(PLAIN, (NONE, PLAIN, *ACTIVATIONS), label="compare", tip="A second curve, dashed")
    w = number(2.0, min=-5, max=5, label="w", tip="The weight: how steep the curve is; a negative one mirrors it")
    b = number(-2.0, min=-5, max=5, label="b", tip="The bias: shifts the curve, so that z = 0 lies at x = −b/w")
    x = number(1.5, min=-REACH, max=REACH, label="x", tip="The input: where on the curve the neuron is")

    def setup(self):
        self.scene = ActivationShapesScene(self.figure)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The neuron as a network of one layer with one unit."""
        return _neuron(self.activation, self.w, self.b)

    @property
    def _values(self):
        """(z, a, f′(z), da/dx)."""
        return _values(self.activation, self.w, self.b, self.x)

    def z(self):
        """The sum w·x + b."""
        return self._values[0]

    def output(self):
        """The output a = f(z)."""
        return self._values[1]

    def derivative(self):
        """f′(z), by the engine: what a small change of z, and so of b, is multiplied by."""
        return self._values[2]

    def slope(self):
        """da/dx = w·f′(z), by the engine's backpropagation: how steep the curve is at x."""
        return self._values[3]

    def saturated(self):
        """Is f′(z) at most 5 % of the largest |f′| of this activation?"""
        return abs(self.derivative()) <= SATURATED * shape_of(self.activation).steepest

    def bend(self):
        """The x at which z = 0, −b/w; None where w is 0."""
        return -self.b / self.w + 0.0 if self.w else None

    # --- the picture ------------------------------------------------------------------------------------------------

    def _others(self):
        """The second curve as (activation, w, b), in a list that is empty where there is none."""
        if self.compare == NONE:
            return []
        return [(self.activation, 1.0, 0.0) if self.compare == PLAIN else (self.compare, self.w, self.b)]

    def _bend_in_view(self):
        bend = self.bend()
        return bend if bend is not None and abs(bend) <= REACH else None

    def redraw(self):
        drawn = [(self.activation, self.w, self.b), *self._others()]
        points = [_values(*each, self.x)[1:] for each in drawn]
        bend, shape, shapes = self._bend_in_view(), shape_of(self.activation), [shape_of(name) for name, *_ in drawn]
        jumps = [None if bend is None else _dots(sides) for sides in (shape.f_sides, shape.slope_sides)]
        far = [max(sign * _values(name, 1.0, 0.0, sign * REACH)[1] for name, *_ in drawn) > 2 for sign in (-1, 1)]
        curves = list(zip((_curve(*each) for each in drawn), points, strict=True))
        self.scene.update(curves, self.x, bend, self._zones(), jumps, far, self._words(points, shapes))

    def _zones(self):
        """The saturated zones of z as stretches of x, as far as they are in view."""
        zones = shape_of(self.activation).zones
        if not self.w:
            return [(-REACH, REACH)] if self.saturated() else []
        ends = [sorted(((low - self.b) / self.w, (high - self.b) / self.w)) for low, high in zones]
        return [(max(low, -REACH), min(high, REACH)) for low, high in ends if low < REACH and high > -REACH]

    def _words(self, points, shapes):
        f, z, slope = NAMES[self.activation], self.z(), self.derivative()
        formula = ACTIVATIONS[self.activation].formula.replace(" else", ", else").replace("-", "−")
        return {
            "lines": [
                f,
                f"f(z) = {formula}",
                f"z = {self._sum()} = {signed(z)}",
                f"a = f(z) = {signed(self.output(), 3)}",
                f"da/dx = w·f′(z) = {signed(self.w)}·{_factor(slope, 3)} = {signed(self.slope(), 3)}",
                f"da/dw = x·f′(z) = {signed(self.x * slope, 3)},  da/db = {signed(slope, 3)}",
                self._where(),
            ],
            "table": self._table(points, shapes),
            "swatch": f"saturated: |f′| ≤ {SHARE} of its largest",
            "notes": "\n".join(note_on(self.activation)),
            "hint": "Drag the point (x) or the dotted line z = 0 (b).   Keys:  ← → x,   ↑ ↓ w,   + − b",
        }

    def _sum(self):
        return f"{signed(self.w)}·{_factor(self.x)} {term(self.b)}"

    def _where(self):
        if not self.w:
            return "w = 0: z is b, whatever x is"
        return f"z = 0 at x = −b/w = {signed(self.bend())}" + (
            "" if self._bend_in_view() is not None else " (out of view)"
        )

    def _table(self, points, shapes):
        heads = [NAMES[self.activation], PLAIN if self.compare == PLAIN else NAMES.get(self.compare, "")]
        columns = [_column(*both) for both in zip(points, shapes, strict=True)] + [[""] * len(ROWS)]
        return [*heads, *(text for row in zip(*columns[:2], strict=True) for text in row)]

    def describe(self):
        shape, slope = shape_of(self.activation), self.derivative()
        share = f", {percent(abs(slope) / shape.steepest, 0)} of the largest" if shape.steepest else ""
        return (
            f"{NAMES[self.activation]}: z = {self._sum()} = {signed(self.z())}, a = {signed(self.output(), 3)}. "
            f"f′(z) = {signed(slope, 3)}{share}: {'saturated' if self.saturated() else 'not saturated'} here. "
            f"da/dx = w·f′(z) = {signed(self.slope(), 3)}. {self._where()}. The range of f is {range_in_words(shape)}, "
            f"f(0) = {signed(shape.at_zero)}, the largest f′ {signed(shape.steepest, 3)}; saturated (at most {SHARE} "
            f"of that): {saturated_in_words(shape)}. {' '.join(note_on(self.activation))} {self._compared()}"
        )

    def _compared(self):
        for other in self._others():
            _, a, slope, steepness = _values(*other, self.x)
            name = f"{NAMES[other[0]]} with {PLAIN}" if self.compare == PLAIN else NAMES[self.compare]
            return f"Dashed, {name}: a = {signed(a, 3)}, f′ = {signed(slope, 3)}, da/dx = {signed(steepness, 3)}."
        return "No second curve is shown."

    # --- gestures ---------------------------------------------------------------------------------------------------

    _held = None

    def on_press(self, point):
        """Take hold of the line z = 0 when it is near and the point is not, else of the point."""
        self._held = None
        if point.axes not in (self.scene.upper, self.scene.lower):
            return
        near = self._pixels(point, self._bend_in_view()) < BEND_REACH and self._pixels(point, self.x) > POINT_REACH
        self._held = "b" if near else "x"
        self.on_drag(point)

    def on_drag(self, point):
        if self._held == "x":
            self.x = _within(point.x)
        elif self._held == "b" and point.x != self.grip.x:
            self.b = _within(-self.w * point.x)

    def on_release(self, point):
        self._held = None

    def _pixels(self, point, x):
        if x is None:
            return math.inf
        return abs(point.axes.transData.transform((x, 0.0))[0] - point.pixel[0])

    def on_key(self, key, shift=False):
        name, sign = _KEYS.get(key, (None, 0))
        if name:
            setattr(self, name, _within(getattr(self, name) + sign * (1.0 if shift else 0.1)))


_KEYS = {
    "ArrowLeft": ("x", -1), "ArrowRight": ("x", 1), "ArrowDown": ("w", -1), "ArrowUp": ("w", 1), "-": ("b", -1),
    "+": ("b", 1),
}  # fmt: skip


def _within(value):
    """A value for x, w or b: in their range, to two decimals."""
    return round(float(min(max(value, -REACH), REACH)), 2) + 0.0


def _neuron(name, w, b):
    net = Network([1, 1], output=name, init="zeros")
    net.params = [w, b]
    return net


@lru_cache(maxsize=16)
def _values(name, w, b, x):
    """(z, a, f′(z), da/dx) of the neuron at x: forward, and back with dL/da = 1."""
    net = _neuron(name, w, b)
    record = net.forward([[x]])
    back = net.backpropagate(record, np.ones((1, 1)))
    return tuple(float(values[0, 0]) for values in (record.z[0], record.y_hat, back.delta[0], back.dX))


@lru_cache(maxsize=64)
def _curve(name, w, b):
    """(x, a, f′) over the whole axis; a jump at z = 0 is NaN between its two sides."""
    shape, x = shape_of(name), _X
    z = w * x + b
    broken = w and abs(b / w) <= REACH and (shape.f_sides or shape.slope_sides)
    if broken:
        x = _X[np.abs(_X + b / w) > 1e-9]
        index, side = int(np.searchsorted(x, -b / w)), math.copysign(TINY, w)
        x, z = np.insert(x, [index] * 3, -b / w), np.insert(w * x + b, [index] * 3, [-side, 0.0, side])
    a, slope = ACTIVATIONS[name].f(z), ACTIVATIONS[name].derivative(z)
    for values, sides in ((a, shape.f_sides), (slope, shape.slope_sides)):
        if broken and sides:
            values[index + 1] = np.nan
    return x, a, slope


def _dots(sides):
    """(value at z = 0, value on the side that differs) of a jump, or None."""
    if sides is None:
        return None
    left, here, right = sides
    return here, left if here == right else right


def _column(point, shape):
    """The entries of the table for one curve."""
    return [
        *(signed(value, 3) for value in point),
        signed(shape.steepest, 3),
        range_in_words(shape),
        signed(shape.at_zero),
        saturated_in_words(shape),
    ]


def _factor(value, digits=2):
    text = signed(value, digits)
    return f"({text})" if value < 0 else text
