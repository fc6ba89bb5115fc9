"""L1 and L2: what a penalty does to the loss, to every weight, and to the error on examples never seen."""

import numpy as np

from wbviz.scenes.regularise import RegulariseScene
from wbviz.widgets import _regularising as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._parameters import small_network
from wbviz.widgets._play import player
from wbviz.widgets._regularising import FEATURES, KINDS, LAMBDAS, LEARNING_RATE, RULES, STEPS, TRUTHS
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import signed, subscript

VIEWS = ("over the steps", "against λ")
PENALTIES = {"none": "", "L1": "; apart, the penalty λ·Σ|w|", "L2": "; apart, the penalty λ/2·Σw²"}
#: What is to be seen in the weights, three lines each.
VERDICTS = {
    "none": ("Nothing holds the weights back:", "they fit the noise as well.", ""),
    "waiting": ("{kind} is not on yet: from step {since}.", "Nothing is reset then.", ""),
    "L2": ("L2 shrinks a weight by a share of it:", "the smaller, the weaker the pull;", "it seldom ends at 0."),
    "soft threshold": (
        "L1 pulls equally hard however small w is;", "soft threshold: what a step would carry", "across 0 stays at 0.",
    ),
    "subgradient": (
        "The slope of |w| jumps at 0: plain steps", "hop across it by about lr·λ = {hop}",
        "and do not stay. A soft threshold does.",
    ),
}  # fmt: skip


class Regularise(Explorer):
    """A neuron learns 12 weights from few noisy examples by gradient descent; on the way a penalty is switched on.

    Predict how many weights each penalty makes exactly zero, and what it does to the error on examples never seen.
    Turn λ, and move the step at which it is switched on; nothing is reset. See why: L1's diamond has corners on the
    axes, and the loss touches it there first; L2's circle has none.

    L1 by plain gradient steps ("subgradient") hops about zero; the soft threshold lands on it (ISTA: Beck and Teboulle
    2009). Drag the ball to another size (λ follows), the lines on the right to another step or λ, the edge of the
    shade to another start. Keys: ← → along the axis of the plots on the right, ↑ ↓ change λ; with Shift ten times.
    """

    title = "A penalty on the weights"
    size = (680, 480)
    interactive = True

    dataset = choice("two of 12 count", TRUTHS, label="data", tip="Which weights the examples are made with")
    kind = choice("L1", KINDS, label="penalty", tip="L1: λ·Σ|w|; L2: λ/2·Σw². The bias is not penalised")
    lam = number(
        0.4, min=0, max=experiment.STRONGEST, step=experiment.LAM_STEP, label="λ", random=False,
        tip="How strong the penalty is",
    )  # fmt: skip
    rule = choice("soft threshold", RULES, label="L1's step", tip="How gradient descent takes the penalty's part")
    since = whole(100, min=0, max=STEPS, label="on since step", tip="The step at which the penalty is switched on")
    step = whole(STEPS, min=0, max=STEPS, label="step", tip="How much of the training is done")
    view = choice(VIEWS[0], VIEWS, label="plots", tip="What runs across in the plots on the right")
    examples = whole(
        20, min=experiment.FEWEST, max=experiment.MOST, label="examples", tip="How many examples are learned from"
    )
    noise = number(1.0, min=0, max=2, label="noise", random=False, tip="Standard deviation of the noise in y")
    seed = whole(11, min=0, max=99, label="seed", tip="Draws the examples and the starting weights")

    def prepare(self):
        self.under = (player(self, lambda: STEPS, label="Training"),)

    def idle(self):
        """Without a penalty its knobs do nothing; only L1 has two ways to take its step."""
        if self.kind == "none":
            return ("lam", "rule", "since")
        return ("rule",) if self.kind == "L2" else ()

    def setup(self):
        self.scene = RegulariseScene(self.figure, FEATURES)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def _data(self):
        return experiment.Data(self.dataset, self.examples, self.noise, self.seed)

    @property
    def _penalty(self):
        """The penalty as far as it matters: equal ones are trained once."""
        if self.kind == "none":
            return experiment.Penalty("none", RULES[0], STEPS)
        return experiment.Penalty(self.kind, self.rule if self.kind == "L1" else RULES[0], self.since)

    @property
    def _run(self):
        return experiment.run(self._data, self._penalty, 0.0 if self.kind == "none" else self.lam)

    @property
    def network(self):
        """The neuron with its 12 weights at the step shown."""
        return small_network([FEATURES, 1], self._run.params[self.step])

    @property
    def weights(self):
        """The 12 weights at the step shown, shape (12,)."""
        return self._run.params[self.step, :FEATURES].copy()

    def nonzero(self):
        """How many of the 12 weights are not exactly 0 at the step shown."""
        return int(np.count_nonzero(self.weights))

    def train_loss(self):
        """The mean squared error on the examples learned from, without the penalty, at the step shown."""
        return float(self._run.learned[self.step])

    def test_loss(self):
        """The mean squared error on 500 examples never seen, at the step shown."""
        return float(self._run.unseen[self.step])

    def penalty(self):
        """The penalty at the step shown, apart from the data loss; 0 before it is switched on."""
        return float(self._run.penalty[self.step]) if self.step >= self._penalty.since else 0.0

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        axis, path = self._axis()
        now = self._run.params[self.step, :FEATURES]
        counts = np.array(TRUTHS[self.dataset]) != 0
        names = [f"w{subscript(i + 1)}" for i in range(FEATURES)]
        plane = {"loss": experiment.plane(self._data, self.kind), "here": self._touching(), "kind": self.kind}
        weights = {"path": path.params[:, :FEATURES], "now": now, "counts": counts}
        weights["texts"] = list(zip(names, map(_weight, now), strict=True))
        penalty = np.where(axis["x"] < self._penalty.since, 0.0, path.penalty) if self._by_step else path.penalty
        errors = {"path": np.stack([path.unseen, path.learned, penalty]), "floor": self.noise**2}
        errors["now"] = [self.test_loss(), self.train_loss(), self.penalty()]
        self.scene.update(plane, axis, weights, errors, self._words(errors))

    @property
    def _by_step(self):
        return self.view == VIEWS[0]

    def _axis(self):
        """What runs across in the plots on the right, and the Run along it."""
        if self._by_step:
            on = None if self.kind == "none" else self.since
            return {"x": np.arange(STEPS + 1), "at": self.step, "on": on, "end": STEPS, "name": "step"}, self._run
        across = {"x": LAMBDAS, "at": self.lam, "on": None, "end": experiment.STRONGEST, "name": "λ"}
        return across, experiment.sweep(self._data, self._penalty, self.step)

    def _touching(self):
        return experiment.touching(self._data, self.kind, self.lam)

    def _words(self, errors):
        kind = "no penalty" if self.kind == "none" else f"{self.kind}, λ = {signed(self.lam)}"
        where = f"by step{'' if self.kind == 'none' else f' (shaded: {self.kind} on)'}"
        return {
            "heading": f"{FEATURES} weights, {self.examples} examples, noise {signed(self.noise, 1)}: {kind}",
            "titles": (
                "The first two inputs alone: least loss in the ball" if self.kind != "none" else
                "The first two inputs alone: lines of equal loss",
                f"{FEATURES} weights {where if self._by_step else f'against λ, at step {self.step}'}",
                f"Mean squared error{PENALTIES[self.kind]}",
            ),
            "says": [*self._ball(), *self._verdict()],
            "values": [signed(value) for value in (*errors["now"], errors["floor"])],
        }  # fmt: skip

    def _ball(self):
        """Two lines on the plane of two weights."""
        w = self._touching()
        loss = experiment.plane(self._data, self.kind)
        place = f"w = ({_weight(w[0])}, {_weight(w[1])})"
        if self.kind == "none":
            return f"The loss is least, {signed(loss.least)},", f"at {place}."
        size = f"|w₁| + |w₂| ≤ {signed(np.abs(w).sum())}" if self.kind == "L1" else f"‖w‖ ≤ {signed(np.hypot(*w))}"
        zeros = " and ".join(f"w{subscript(i + 1)}" for i in np.flatnonzero(w == 0))
        corner = "no zero" if not zeros else f"a corner, {zeros} is exactly 0" if w.any() else "both are exactly 0"
        return f"{size}: the loss is at least {signed(float(loss.loss(w)))},", f"at {place}: {corner}."

    def _verdict(self):
        """Four lines on the weights at this step."""
        seen = self.rule if self.kind == "L1" else self.kind
        if self.kind != "none" and self.step <= self.since:
            seen = "waiting"
        first = f"Step {self.step}: {FEATURES - self.nonzero()} of {FEATURES} weights are exactly 0."
        facts = {"kind": self.kind, "since": self.since, "hop": signed(LEARNING_RATE * self.lam, 3)}
        return first, *(line.format(**facts) for line in VERDICTS[seen])

    def describe(self):
        rule = f" by {self.rule}" if self.kind == "L1" else ""
        penalty = f"{self.kind}{rule} with λ = {signed(self.lam)}, on since step {self.since}"
        named = [f"w{subscript(i + 1)} = {_weight(w)}" for i, w in enumerate(self.weights) if w]
        kept = f"{self.nonzero()} of {FEATURES} weights are not zero: {', '.join(named) or 'none'}"
        return (
            f"{self.dataset.capitalize()}; {self.examples} examples, noise {signed(self.noise, 1)}, seed {self.seed}; "
            f"{'no penalty' if self.kind == 'none' else penalty}. After step {self.step} of {STEPS}, {kept}. "
            f"Data loss {signed(self.train_loss())} on examples learned from, plus penalty {signed(self.penalty())}; "
            f"{signed(self.test_loss())} on those never seen, where noise alone makes {signed(self.noise**2)}. "
            f"With the first two inputs alone: {' '.join(self._ball())} Plotted {self.view}.{self._against()}"
        )

    def _against(self):
        if self._by_step or self.kind == "none":
            return ""
        unseen = experiment.sweep(self._data, self._penalty, self.step).unseen
        best = int(unseen.argmin())
        return (
            f" At this step the error on unseen examples is {signed(float(unseen[0]))} for λ = 0, smallest, "
            f"{signed(float(unseen[best]))}, for λ = {LAMBDAS[best]:g}, and {signed(float(unseen[-1]))} for "
            f"λ = {LAMBDAS[-1]:g}."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    _held, _axes = None, None

    def on_press(self, point):
        scene = self.scene
        places = (scene.plane, scene.weights, scene.errors)
        self._axes = next((axes for axes in places if axes.bbox.contains(*point.pixel)), None)
        self._held = self._taken(point)
        self.on_drag(point)

    def on_drag(self, point):
        if self._held is None:
            return
        point = self.point(*point.pixel, axes=self._axes)
        if self._held == "ball":
            self._resize(np.array([point.x, point.y]))
        elif self._held == "lam":
            self.lam = round(
                round(min(max(point.x, 0), experiment.STRONGEST) / experiment.LAM_STEP) * experiment.LAM_STEP, 10
            )
        else:
            setattr(self, self._held, round(min(max(point.x, 0), STEPS)))

    def _taken(self, point):
        """What the pointer took hold of: the ball, the start of the penalty, or the place along the plots' axis."""
        if self._axes is None or self._axes is self.scene.plane:
            return "ball" if self._axes is not None and self.kind != "none" else None
        if not self._by_step:
            return "lam" if self.kind != "none" else None
        edge = self._axes.transData.transform((self.since, 0))[0]
        near = abs(edge - point.pixel[0]) < 7 and abs(self.step - self.since) > 8
        return "since" if near and self.kind != "none" else "step"

    def _resize(self, place):
        """The λ whose ball comes nearest to the size that reaches `place`."""
        size = (lambda w: np.abs(w).sum(axis=-1)) if self.kind == "L1" else (lambda w: np.hypot(*w.T))
        path = experiment.plane(self._data, self.kind).path
        self.lam = float(LAMBDAS[np.abs(size(path) - size(place)).argmin()])

    def on_key(self, key, shift=False):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (10 if shift else 1)
        up = {"ArrowDown": -1, "ArrowUp": 1}.get(key, 0) * (10 if shift else 1)
        if across and self._by_step:
            self.step = min(max(self.step + across, 0), STEPS)
        elif (across or up) and self.kind != "none":
            self.lam = round(min(max(self.lam + (across or up) * experiment.LAM_STEP, 0), experiment.STRONGEST), 10)
        elif key in ("Home", "End"):
            self.step = {"Home": 0, "End": STEPS}[key]


def _weight(w):
    """A weight as text: 0 only where it is exactly that, and enough digits where it is merely small."""
    if w == 0:
        return "0"
    return signed(w) if abs(w) >= 0.01 else f"{w:.0e}".replace("-", "−").replace("e−0", "e−")
