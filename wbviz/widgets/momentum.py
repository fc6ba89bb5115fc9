"""Momentum: what α and β do to a descent in a ravine, on the way and in the long run."""

import numpy as np

from wbviz.engine import momentum
from wbviz.scenes.momentum import FRAME, MomentumScene
from wbviz.widgets import _ravine as ravine
from wbviz.widgets._base import Explorer
from wbviz.widgets._panel import button
from wbviz.widgets._play import player
from wbviz.widgets._points import ARROWS
from wbviz.widgets._race_words import significant
from wbviz.widgets._ravine import MOST_BETA, STEEPEST, STEPS
from wbviz.widgets._traits import number, numbers, whole
from wbviz.widgets._words import signed

HINT = "Drag: in a map α and β, on the left the start. Keys: arrows α and β, + − step, * the √κ rule"
STRIDES = {"+": 1, "-": -1, "PageUp": 10, "PageDown": -10}
REGIMES = {
    "diverges": "diverges", "stands": "stands still", "lands": "lands in one step", "creeps": "creeps",
    "critical": "critically damped", "flips": "flips sign", "swings": "swings",
}  # fmt: skip
#: What the slower direction asks for, by direction (flat, steep) and by how it moves.
ADVICE = (
    {
        "creeps": ("The flat direction creeps and sets the pace.", "More α or more β would speed it up."),
        "swings": ("The flat direction swings: its rate is √β.", "Less β would be quicker."),
        "critical": ("The flat direction is critically damped,", "and yet the slower one. More α, and less β."),
    },
    {
        "creeps": ("The steep direction creeps and sets the pace.", "More α would speed up both."),
        "swings": ("The steep direction swings: its rate is √β.", "Less β would be quicker."),
        "critical": ("The steep direction is critically damped,", "and yet the slower one. Less α, and less β."),
        "flips": ("The steep direction flips at each step", "and sets the pace. Less α, or more β."),
        "stands": ("The steep direction never comes to rest.", "Less α, or more β."),
    },
)


class Momentum(Explorer):
    """Gradient descent with momentum on ½(x₁²/κ + x₂²), a ravine that is κ times as steep across as along.

    Predict where in the map the descent is quickest, and whether more β always helps. Drag α and β through the map;
    watch the path creep, swing or flip its sign. See why: each direction has a β of critical damping, (1 − √(αλ))²,
    and the quickest descent is where the lines of both cross (the √κ rule; Goh 2017, Why Momentum Really Works).

    The left map is the closed form, the right one is measured from the engine's SGD. Pointer: α and β where you press
    or drag in a map, the start on the left, the step in the curve of the loss. Keys: ← → change α, ↑ ↓ change β (with
    Shift ten times), + and - go a step on or back, PageUp and PageDown ten, Home and End to the first and last, * sets
    the √κ rule.
    """

    title = "Momentum on a ravine"
    size = (684, 496)
    interactive = True

    kappa = number(
        25.0, min=1, max=1000, step=0.1, log=True, label="κ",
        tip="Condition number: how many times as steep the ravine is across as along",
    )  # fmt: skip
    lr = number(1.0, min=0, max=STEEPEST, step=0.01, label="α", random=False, tip="The learning rate")
    beta = number(
        0.8, min=0, max=MOST_BETA, step=0.01, label="β", random=False, tip="What is kept of the velocity at each step"
    )
    start = numbers([-2.0, 1.0], min=-2, max=2, step=0.05, label="start x{i}", length=(2, 2), tip="Where it begins")
    step = whole(8, min=0, max=STEPS, label="step", tip="How much of the descent is shown")

    def prepare(self):
        self.under = (player(self, lambda: STEPS),)

    def setup(self):
        self.scene = MomentumScene(self.figure, (STEEPEST, MOST_BETA, STEPS))

    @button("√κ rule", "The quickest α and β for this ravine")
    def take_rule(self):
        """Set α and β of the quickest descent with momentum."""
        lr, beta, _ = momentum.best(1 / self.kappa, 1.0)
        self.apply({"lr": float(lr), "beta": float(beta)})

    @button("best without β", "The quickest α where β is 0")
    def take_descent(self):
        """Set β to 0 and α to the quickest without momentum."""
        self.apply({"lr": float(momentum.best_descent(1 / self.kappa, 1.0)[0]), "beta": 0.0})

    # --- numbers ------------------------------------------------------------------------------------------------------

    @property
    def run(self):
        """The descent of the engine's SGD: `x` and `v` (steps + 1, 2), `loss` (steps + 1,)."""
        return ravine.run(self.kappa, self.lr, self.beta, tuple(self.start))

    @property
    def rates(self):
        """The rate of the flat and of the steep direction, by the closed form, shape (2,)."""
        return momentum.rate(self.lr, self.beta, ravine.curvatures(self.kappa))

    @property
    def measured(self):
        """The same two rates, measured from the engine's SGD, shape (2,)."""
        return np.array(ravine.measured(self.kappa, self.lr, self.beta))

    def rate(self):
        """The rate of the slower direction: the share of the error that a step leaves, in the long run."""
        return float(self.rates.max())

    def best_rate(self):
        """The rate of the √κ rule, which no α and β fall below."""
        return float(momentum.best(1 / self.kappa, 1.0)[2])

    def plain_rate(self):
        """The rate of gradient descent without momentum at its best α."""
        return float(momentum.best_descent(1 / self.kappa, 1.0)[1])

    def distance(self):
        """How far the descent is from the minimum at the step shown."""
        return float(np.hypot(*self.run.x[self.step]))

    def regimes(self):
        """How the flat and the steep direction move: see `wbviz.engine.momentum.regime`."""
        return tuple(momentum.regime(self.lr, self.beta, float(c)) for c in ravine.curvatures(self.kappa))

    def digits(self):
        """To how many digits the losses of the engine and of the closed form agree, over all steps."""
        exact = ravine.closed(self.kappa, self.lr, self.beta, tuple(self.start)).loss
        scale = exact + exact[0] * self.rate() ** (2.0 * np.arange(STEPS + 1)) + 1e-300
        return int(min(15, np.floor(-np.log10((np.abs(self.run.loss - exact) / scale).max() + 1e-17))))

    # --- picture ------------------------------------------------------------------------------------------------------

    def redraw(self):
        found, best = ravine.rate_map(self.kappa), momentum.best(1 / self.kappa, 1.0)
        lr = np.linspace(0, STEEPEST, 161)
        ground = {"kappa": self.kappa, "critical": [self._critical(lr, c) for c in (1.0, 1 / self.kappa)]}
        for name in ("closed", "measured"):
            ground[name] = np.log10(ravine.steps_to_tenth(getattr(found, name)))
        start = tuple(self.start)
        plain = ravine.run(self.kappa, float(momentum.best_descent(1 / self.kappa, 1.0)[0]), 0.0, start)
        curves = {
            "engine": self.run.loss[: self.step + 1], "plain": plain.loss, "step": self.step,
            "closed": ravine.closed(self.kappa, self.lr, self.beta, start).loss,
        }  # fmt: skip
        self.scene.update(ground | {"best": best[:2]}, self._path(), curves, (self.lr, self.beta), self._words(found))

    def _critical(self, lr, curvature):
        beta = momentum.critical_beta(lr, curvature)
        return np.stack([lr, beta], axis=-1)[beta <= 1]

    def _path(self):
        x, v = self.run.x[self.step], self.run.v[self.step]
        seen = bool((np.abs(x) <= FRAME).all())
        arrows = (-self.lr * self.beta * v, -self.lr * ravine.curvatures(self.kappa) * x)
        return {"track": ravine.drawn(self.run.x, self.step), "at": x if seen else None, "arrows": arrows}

    def _words(self, found):
        return {
            "heading": f"½(x₁²/κ + x₂²),  κ = {self.kappa:g}:  α = {signed(self.lr)},  β = {signed(self.beta)}",
            "titles": (
                f"Step {self.step}: distance {significant(self.distance())}{self._out_of_view()}",
                f"Loss by step (both agree to {self.digits()} digits)",
                "The rate, closed form", f"measured (±{significant(found.apart, 1)})",
            ),
            "numbers": self._numbers(),
            "table": self._table(),
            "says": (*self._verdict(), self._compared(), HINT),
        }  # fmt: skip

    def _out_of_view(self):
        return ", out of view" if (np.abs(self.run.x[self.step]) > FRAME).any() else ""

    def _numbers(self):
        steep, flat = ([*row] for row in zip(self._shares()[::-1], self.rates[::-1], self.measured[::-1], strict=True))
        texts = [text for row in (steep, flat) for text in (significant(row[0], 2), *(f"{r:.4f}" for r in row[1:]))]
        return [*texts, "", f"{self.best_rate():.4f}", "", "", f"{self.plain_rate():.4f}", ""]

    def _shares(self):
        return self.lr * ravine.curvatures(self.kappa)

    def _table(self):
        flat, steep = (self._moves(k) for k in (0, 1))
        best, plain = momentum.best(1 / self.kappa, 1.0), momentum.best_descent(1 / self.kappa, 1.0)
        return [
            "steep", steep, "flat", flat, "√κ rule", f"α {signed(best[0])}, β {signed(best[1])}",
            "no β", f"at its best, α {signed(plain[0])}",
        ]  # fmt: skip

    def _moves(self, direction):
        name = self.regimes()[direction]
        if name != "swings":
            return REGIMES[name]
        period = float(momentum.period(self.lr, self.beta, ravine.curvatures(self.kappa)[direction]))
        return f"swings: {significant(period, 2)} steps"

    def _verdict(self):
        """Two lines: which direction sets the pace, and what would help it."""
        names, rates = self.regimes(), self.rates
        if "diverges" in names:
            limit = signed(2 * (1 + self.beta))
            return "The steep direction diverges:", f"αλ = {signed(self.lr)} is above 2(1 + β) = {limit}."
        if self.lr == 0:
            return "With α = 0 there is no step,", "and nothing is gained."
        if names == ("lands", "lands"):
            return "It lands on the minimum in a single step.", "κ = 1 is no ravine: there is nothing to gain by β."
        if self.rate() - self.best_rate() < 1e-6:
            return "Both are critically damped at once:", "no other α and β are as quick."
        if names == ("swings", "swings"):
            return (
                f"Both swing, with the rate √β = {signed(self.rate(), 4)}",
                "for any α here. Less β would be quicker.",
            )
        slower = int(rates[1] >= rates[0])
        return ADVICE[slower][names[slower]]

    def _compared(self):
        if self.rate() >= 1:
            return f"With β = {signed(self.beta)} it converges up to α = {signed(2 * (1 + self.beta))}."
        ours, best, plain = (_steps(rate) for rate in (self.rate(), self.best_rate(), self.plain_rate()))
        return f"Steps to a tenth of the distance: {ours} as it is, {best} by the √κ rule, {plain} at best without β."

    def describe(self):
        moves = "; ".join(
            f"the {name} direction (λ = {significant(float(c))}, αλ = {significant(float(h))}): "
            f"{self._moves(k)}, rate {rate:.4f}, measured {seen:.4f}"
            for k, name, c, h, rate, seen in zip(
                (0, 1), ("flat", "steep"), ravine.curvatures(self.kappa), self._shares(), self.rates, self.measured,
                strict=True,
            )
        )  # fmt: skip
        start = ", ".join(map(signed, self.start))
        lr, beta, rate = momentum.best(1 / self.kappa, 1.0)
        return (
            f"Gradient descent with momentum on ½(x₁²/κ + x₂²) with κ = {self.kappa:g}, α = {signed(self.lr)}, "
            f"β = {signed(self.beta)}, from ({start}). After step {self.step} of {STEPS} the loss is "
            f"{significant(float(self.run.loss[self.step]))}, the distance {significant(self.distance())}. "
            f"By the closed form, {moves}. {' '.join(self._verdict())} The √κ rule is α = {signed(lr)}, "
            f"β = {signed(beta)}, with rate (√κ − 1)/(√κ + 1) = {rate:.4f}; without momentum (κ − 1)/(κ + 1) = "
            f"{self.plain_rate():.4f} at best. {self._compared()} The losses of the engine's SGD and of the closed "
            f"form agree to {self.digits()} digits."
        )

    # --- gestures -----------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self.on_drag(point)

    def on_drag(self, point):
        scene = self.scene
        places = (*scene.maps, scene.axes, scene.losses)
        held = next((axes for axes in places if axes.bbox.contains(*self.grip.pixel)), None)
        if held is None:
            return
        there = self.point(*point.pixel, axes=held)
        if held in scene.maps:
            self._take(there.x, there.y)
        elif held is scene.axes:
            self.apply({"start": [_kept(v, -2, 2) for v in (there.x, there.y)]}, gesture="start")
        else:
            self._show_step(round(there.x))

    def on_key(self, key, shift=False):
        across, up = ARROWS.get(key, (0, 0))
        if across or up:
            stride = 0.1 if shift else 0.01
            self._take(self.lr + stride * across, self.beta + stride * up)
        elif key in STRIDES:
            self._show_step(self.step + STRIDES[key])
        elif key in ("Home", "End"):
            self._show_step(0 if key == "Home" else STEPS)
        elif key == "*":
            self.take_rule()

    def _take(self, lr, beta):
        self.apply({"lr": _kept(lr, 0, STEEPEST), "beta": _kept(beta, 0, MOST_BETA)}, gesture="map")

    def _show_step(self, step):
        self.apply({"step": min(max(step, 0), STEPS)}, gesture="step")


def _kept(value, low, high):
    return round(float(np.clip(value, low, high)), 2)


def _steps(rate):
    """How many steps a tenth of the distance takes, as text."""
    return significant(float(ravine.steps_to_tenth(rate)), 2) if rate > 1e-9 else "1"
