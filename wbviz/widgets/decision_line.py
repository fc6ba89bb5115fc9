"""The decision line: a neuron with two inputs cuts the plane in two."""

import math

import numpy as np

from wbviz.engine import sigmoid
from wbviz.scenes.decision_line import ARROW, HIGH, LOW, DecisionLineScene, arrow_base, line_span
from wbviz.widgets._base import Explorer
from wbviz.widgets._points import ARROWS, CLASSES, PointKeys, checked_place, checked_points
from wbviz.widgets._traits import choice, data, number, numbers
from wbviz.widgets._two_inputs import CORNERS, LOGIC, answered, neuron
from wbviz.widgets._words import signed, term

OWN = [
    [-0.8, -0.5, 0], [-0.4, 0.9, 0], [0.3, -0.8, 0], [0.5, 0.4, 0],
    [0.7, 1.8, 1], [1.4, 1.2, 1], [1.9, 0.3, 1], [0.0, 1.9, 1],
]  # fmt: skip
HEAD_REACH, POINT_REACH, LINE_REACH = 16, 13, 11  # how near, in pixels, the pointer must be
SHORTEST = 0.25  # the pointer and the keys + and - make w no shorter than this


class DecisionLine(PointKeys, Explorer):
    """A neuron with two inputs answers 1 where z = w·x + b > 0: on one side of a straight line.

    The weights w are the line's normal: they turn it, and the longer they are, the steeper is the step across it. The
    bias shifts it, to the distance -b/‖w‖ from the origin: the threshold is -b. w and b scaled together leave it alone.
    Pointer: drag the line (b follows), or the arrow's head (w turns about the arrow's foot, and b keeps the line
    there). Keys: ← → lower and raise b, ↑ ↓ turn w, + and - scale w and b together; with Shift in bigger steps.
    Own points: drag one, click one to change its class, click elsewhere to add one. Keys: Enter brings a cursor, which
    the arrow keys move (with Shift, its point too); Enter adds a point there or changes its class, N goes to the next
    point, Delete removes, Escape puts the cursor away.
    """

    title = "A neuron's decision line"
    size = (660, 440)
    interactive = True
    kept_knobs = ("w", "b")
    limits = (LOW, HIGH)

    w = numbers([1.5, 0.5], min=-6, max=6, label="w{i}", length=(2, 2), tip="A weight: both turn the line")
    b = number(-1.0, min=-20, max=20, label="b", tip="The bias: shifts the line; the threshold is −b")
    target = choice(
        "and", (*LOGIC, "own"), label="points", tip="What the neuron should answer: a function, or your own"
    )
    activation = choice("sigmoid", ("sigmoid", "step"), label="activation", tip="What turns z into the output a")
    paint = choice("class 1", CLASSES, label="new points", tip="The class of the points you add among your own")
    points = data(OWN, check=lambda value: checked_points(value, (LOW, HIGH)))
    pivot = data([-0.3, 1.5], check=lambda value: checked_place(value, (LOW, HIGH)))
    cursor = data(None, check=lambda value: None if value is None else checked_place(value, (LOW, HIGH)))

    def settle(self, changed):
        """The cursor belongs to the learner's own points."""
        if self.target != "own":
            self.cursor = None

    def setup(self):
        self.scene = DecisionLineScene(self.figure)

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The neuron as a network of one layer with one unit."""
        return neuron(self.w, self.b, self.activation)

    @property
    def examples(self):
        """The points in view as an array (n, 3): x₁, x₂, class."""
        if self.target == "own":
            return np.reshape(np.array(self.points, float), (-1, 3))
        return np.array([[*corner, wanted] for corner, wanted in zip(CORNERS, LOGIC[self.target], strict=True)])

    @property
    def _answered(self):
        points = tuple(map(tuple, self.examples.tolist()))
        return answered(tuple(self.w), self.b, self.activation, points)

    def sums(self):
        """z at each point, shape (n,), by the engine. A point on the line has z = 0 and is answered 0."""
        return self._answered.z

    def right(self):
        """Which points are answered right, n booleans: the answer is 1 where z > 0."""
        return (self.sums() > 0) == (self.examples[:, 2] == 1)

    def correct(self):
        """How many points are answered right."""
        return int(self.right().sum())

    def accuracy(self):
        """The share of points that are answered right, from 0 to 1; 0 where there are none."""
        return self.correct() / max(len(self.examples), 1)

    def loss(self):
        """The cross-entropy of the classes and sigmoid(z), mean over the points; None where there are none."""
        return self._answered.loss

    def distance(self):
        """The line's distance from the origin, -b/‖w‖, positive in the direction of w; None where w = 0."""
        return -self.b / math.hypot(*self.w) if any(self.w) else None

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        distance = self.distance()
        words = {
            "lines": self._lines(distance), "columns": self._columns(), "verdict": self._verdict(),
            "loss": self._loss_words(), "hint": self._hint(), "paint": f"new: {self.paint}", "notice": self._notice(),
            "distance": "" if distance is None else signed(distance),
        }  # fmt: skip
        output = self._answered.output
        self.scene.update(self.w, self.b, self.pivot, output, self.examples, ~self.right(), self.cursor, words)

    def _formula(self):
        return f"{signed(self.w[0])} x₁ {term(self.w[1])} x₂"

    def _lines(self, distance):
        if distance is None:
            edge = ["w = 0: there is no line", f"z = b = {signed(self.b)} everywhere"]
        else:
            edge = ["the line is where z = 0:", f"w₁x₁ + w₂x₂ = −b = {signed(-self.b)}"]
        far = "no distance" if distance is None else f"distance −b/‖w‖ = {signed(distance)}"
        head = "z = w₁x₁ + w₂x₂ + b", f"  = {self._formula()} {term(self.b)}"
        return [*head, *edge, far, f"steepness ‖w‖ = {signed(math.hypot(*self.w))}"]

    def _columns(self):
        right, z = self.right(), self.sums()
        if self.target == "own":
            return self._own_columns(right)
        marks = [f"{int(value > 0)} {'✓' if fine else '✗'}" for value, fine in zip(z, right, strict=True)]
        cells = [
            *([f"{value:.0f}" for value in column] for column in self.examples.T),
            map(signed, z),
            map(signed, self._answered.a),
        ]
        names = ("x₁", "x₂", self.target.upper(), "z", "a", "answer")
        return ["\n".join([name, *column]) for name, column in zip(names, [*cells, marks], strict=True)]

    def _own_columns(self, right):
        rows = [(k, self.examples[:, 2] == k) for k in (0, 1)]
        counts = ["points", *(str(mine.sum()) for _, mine in rows)]
        fine = ["correct", *(str(right[mine].sum()) for _, mine in rows)]
        return ["", "\n".join(["class", "0", "1"]), "", "\n".join(counts), "", "\n".join(fine)]

    def _verdict(self):
        count = len(self.examples)
        return f"{self.correct()} of {count} correct ({100 * self.accuracy():.0f} %)" if count else "no points yet"

    def _loss_words(self):
        loss = self.loss()
        return "" if loss is None else f"mean cross-entropy of σ(z): {signed(loss, 3)}"

    def _notice(self):
        if any(self.w) and line_span(self.w, self.b) is not None:
            return "a point on the line is answered 0" if (self.sums() == 0).any() else ""
        answer = int(self._sum_in_the_middle() > 0)
        if any(self.w):
            return f"The line is outside of this view:\nthe answer in it is {answer}"
        return f"No line: the answer is {answer} everywhere"

    def _sum_in_the_middle(self):
        return float(self.network.forward([[(LOW + HIGH) / 2] * 2]).z[0][0, 0])

    def _hint(self):
        if self.cursor is not None:
            return "Keys: arrows move the cursor (Shift: its point), Enter adds or relabels, N next, Delete, Escape"
        if self.target == "own":
            return "Drag the line, the arrow's head, a point. Click: new point, or other class. Keys: ← → ↑ ↓ + − Enter"
        return "Drag the line (b) or the arrow's head (w). Keys: ← → b, ↑ ↓ turn w, + − its length"

    def describe(self):
        return " ".join(filter(None, [self._where(), self._edge(), self._answers(), f"New points: {self.paint}."]))

    def _where(self):
        distance = self.distance()
        if distance is None:
            return f"Both weights are 0: there is no line, and z = b = {signed(self.b)} everywhere."
        side = "in the direction of w" if distance > 0 else "against the direction of w"
        far = f"{signed(abs(distance))} from the origin {side}" if distance else "through the origin"
        outside = "" if line_span(self.w, self.b) is not None else ", outside of this view"
        return (
            f"The line {self._formula()} = {signed(-self.b)}, the threshold −b, runs {far}{outside}. The answer is 1 "
            f"on the side to which the arrow w = ({signed(self.w[0])}, {signed(self.w[1])}) points."
        )

    def _edge(self):
        if not any(self.w):
            return ""
        if self.activation == "step":
            return "The output jumps from 0 to 1 at the line."
        low, high = (signed(float(sigmoid(z))) for z in (-1, 1))
        return (
            f"From z = −1 to z = 1 the output climbs from {low} to {high}, on a band 2/‖w‖ = "
            f"{signed(2 / math.hypot(*self.w))} wide: longer weights make it narrower."
        )

    def _answers(self):
        points, right = self.examples, self.right()
        wrong = [f"({x:g}, {y:g})".replace("-", "−") for x, y, _ in points[~right]]
        missed = f" Wrong: {', '.join(wrong[:6])}{' …' if len(wrong) > 6 else ''}." if wrong else ""
        name = "Own points" if self.target == "own" else self.target.upper()
        loss = f", {self._loss_words()}" if len(points) else ""
        on_line = " A point on the line is answered 0." if (self.sums() == 0).any() else ""
        return f"{name}: {self._verdict()}{loss}.{missed}{on_line}"

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self._held, self._moved = self._taken(point), False

    def on_drag(self, point):
        self._moved = self._moved or math.dist(point.pixel, self.grip.pixel) > 3
        if self._held is None or not self._moved:
            return
        kind, held = self._held
        gesture = f"{kind} {self._presses}"
        if kind == "arrow":
            self._run_through(held, (np.array([point.x, point.y]) - held) / ARROW, gesture)
        elif kind == "line":
            self.apply({"b": _within(-np.dot(self.w, [point.x, point.y]), 20), "cursor": None}, gesture)
        elif kind == "point":
            self.put_point(held, [point.x, point.y], gesture)

    def on_release(self, point):
        kind, held = self._held or (None, None)
        self._held = None
        if not self._moved and kind in ("point", "empty"):
            self.enter(held, [point.x, point.y])

    _held, _moved = None, False

    def _taken(self, point):
        """What the pointer took hold of: ("arrow", its foot), ("point", its index), ("line", None), … or None."""
        if point.axes is not self.scene.plane:
            return None
        base = arrow_base(self.w, self.b, self.pivot)
        if base is not None and self._pixels(base + ARROW * np.array(self.w), point) < HEAD_REACH:
            return "arrow", base
        own = self.target == "own"
        nearest = self.nearest_point(lambda place: self._pixels(place, point), POINT_REACH) if own else None
        if nearest is not None:
            return "point", nearest
        if any(self.w) and self._pixels(_foot(self.w, self.b, [point.x, point.y]), point) < LINE_REACH:
            return "line", None
        return ("empty", None) if own else None

    def _pixels(self, place, point):
        return math.dist(self.scene.plane.transData.transform(place), point.pixel)

    def _run_through(self, base, w, gesture):
        """Set w and the b with which the line runs through `base`, both within their ranges; never a w near 0."""
        if math.hypot(*w) < SHORTEST:
            return
        w = np.asarray(w, float)
        w *= min(1.0, 6 / np.abs(w).max(), 20 / max(abs(w @ base), 1e-9))
        b = round(float(-w @ base), 3)
        self.apply({"w": [round(float(v), 3) for v in w], "b": b, "pivot": [float(v) for v in base]}, gesture)

    # --- keys -------------------------------------------------------------------------------------------------------

    def on_key(self, key, shift=False):
        if self.target == "own" and self.point_key(key, shift):
            return
        across, up = ARROWS.get(key, (0, 0))
        if across:
            self.apply({"b": _within(self.b + across * (1.0 if shift else 0.1), 20)}, "b")
        elif up:
            self._turn(math.radians(up * (15 if shift else 5)))
        elif key in "+-" and any(self.w):
            factor = 1.1 if key == "+" else 1 / 1.1
            self._run_through(_foot(self.w, self.b, self.pivot), factor * np.array(self.w), "length")

    def _turn(self, angle):
        """Turn w about the arrow's foot, anticlockwise; where the line is out of view, about the origin."""
        base = arrow_base(self.w, self.b, self.pivot)
        sin, cos = math.sin(angle), math.cos(angle)
        w = np.array([cos * self.w[0] - sin * self.w[1], sin * self.w[0] + cos * self.w[1]])
        if base is not None:
            self._run_through(base, w, "turn")
        elif any(self.w):
            self.apply({"w": [_within(v, 6) for v in w]}, "turn")


def _foot(w, b, place):
    """The place on the line w·x + b = 0 that is nearest to `place`."""
    w, place = np.asarray(w, float), np.asarray(place, float)
    return place - (w @ place + b) / (w @ w) * w


def _within(value, limit):
    return round(float(min(max(value, -limit), limit)), 3)
