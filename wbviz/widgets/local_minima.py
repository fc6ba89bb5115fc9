"""Many starts, several valleys: who ends in the lowest one, with momentum and without."""

import numpy as np

from wbviz.engine import WELLS
from wbviz.scenes.local_minima import ROWS, LocalMinimaScene
from wbviz.widgets import _valleys as valleys
from wbviz.widgets._base import Explorer
from wbviz.widgets._play import player
from wbviz.widgets._points import ARROWS
from wbviz.widgets._race_words import significant
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._valleys import SETTINGS, STEPS
from wbviz.widgets._words import plural, signed

SHOWN = ("with momentum", "without")
AXES = {"a neuron": ("w", "b")}  # the names of the axes where they are not x₁ and x₂
TAIL = 12  # steps that are seen of each path on a map
HINT = "Click: the start in focus, or a step. Keys: ← → focus, ↑ ↓ β, + − step, Home, End"
STRIDES = {"+": 1, "-": -1, "PageUp": 10, "PageDown": -10}


class LocalMinima(Explorer):
    """Many starts at once on a curve or a surface with several minima, by gradient descent with momentum and without.

    Predict from which starts momentum reaches the lowest valley where plain descent does not; then look for cases in
    which it makes no difference, and for cases in which it carries them out of the best valley. See why: a velocity
    lifts over a wall if it is large enough for it, whichever side the better valley lies.

    A valley is every place from which slow descent leads to one and the same minimum. Colour, marker and number say in
    which valley each is now. Noise is a share of the typical slope of the surface (its root mean square), the same
    draws for both. Pointer: the start in focus is the one nearest to where you press; the curve of the counts is for
    scrubbing. Keys: ← → choose the focus, ↑ ↓ change β (with Shift ten times), + and - go a step on or back, PageUp
    and PageDown ten, Home and End to the first and last.
    """

    title = "Many starts, several valleys"
    size = (684, 496)
    interactive = True

    surface = choice("bumps", SETTINGS, label="surface", tip="What is to be minimised; brings its own α and β")
    lr = number(SETTINGS["bumps"][0], min=1e-4, max=10, step=0.001, log=True, label="α", tip="The learning rate")
    beta = number(
        SETTINGS["bumps"][1], min=0, max=0.99, step=0.01, label="β", random=False, tip="What is kept of the velocity"
    )
    noise = number(
        0.0, min=0, max=2, step=0.05, label="noise", random=False,
        tip="Standard deviation of the gradient's noise, as a share of the typical slope",
    )  # fmt: skip
    starts = whole(64, min=16, max=128, label="starts", tip="How many begin at once")
    step = whole(60, min=0, max=STEPS, label="step", tip="How much of the descent is shown")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the starts and the noise")
    shown = choice(SHOWN[0], SHOWN, label="shown", tip="Which of the two descents is seen on the left")
    focus = whole(12, min=1, max=128, label="focus", tip="The start whose two paths are drawn whole")

    def range_of(self, name):
        """Only one of those who run can be in focus."""
        meta = super().range_of(name)
        return meta | {"max": self.starts} if name == "focus" else meta

    def settle(self, changed):
        """A newly chosen surface brings its α and β; the focus is on one who runs."""
        if "surface" in changed:
            lr, beta = SETTINGS[self.surface]
            self.lr = self.lr if "lr" in changed else lr
            self.beta = self.beta if "beta" in changed else beta
        self.focus = min(self.focus, self.starts)

    def idle(self):
        """Without momentum both descents are the same."""
        return () if self.beta else ("shown",)

    def prepare(self):
        self.under = (player(self, lambda: STEPS),)

    def setup(self):
        self.scene = LocalMinimaScene(self.figure, STEPS)

    # --- numbers ------------------------------------------------------------------------------------------------------

    @property
    def ground(self):
        """The surface: an Objective of the engine."""
        return WELLS[self.surface]

    @property
    def valleys(self):
        """Where the valleys lie: `minima`, the lowest first, their `heights`, how many are lowest (`low`)."""
        return valleys.valleys(self.surface)

    @property
    def runs(self):
        """Both descents: `x` (2, steps + 1, starts, d) and `valley` (2, steps + 1, starts), without and with β."""
        return valleys.runs(self.surface, self.lr, self.beta, self.noise, self.starts, self.seed)

    def in_lowest(self, momentum=True, step=None):
        """How many are in a lowest valley after so many steps (those shown, where left out)."""
        step = self.step if step is None else step
        return int(self.runs.lowest(self.valleys.low)[int(momentum), step])

    def fates(self, step=None):
        """How many momentum has brought to a lowest valley and taken away from it: `helped`, `hurt`, `both`,
        `neither`."""
        return valleys.fates(self.runs, self.valleys.low, self.step if step is None else step)

    @property
    def _run(self):
        return 1 if self.shown == SHOWN[0] else 0

    # --- picture ------------------------------------------------------------------------------------------------------

    def redraw(self):
        found, runs, step, k = self.valleys, self.runs, self.step, self.focus - 1
        flat = found.minima.shape[1] == 1
        x, valley = runs.x[self._run, step], runs.valley[self._run, step]
        ground = {
            "name": self.surface, "span": self.ground.span, "minima": found.minima, "low": found.low,
            "side": found.side, "valley": found.valley, "values": found.values, "height": self._height(found, flat),
            "axes": AXES.get(self.surface, ("x₁", "x₂")),
        }  # fmt: skip
        f = self.ground.f(x)
        balls = {"x": x, "f": f, "begun": runs.x[0, 0], "valley": valley}
        balls["tracks"] = self._lines(runs.x[self._run], flat, 0 if flat else max(0, step - TAIL))
        paths = [self._lines(runs.x[run, :, k : k + 1], flat)[0] for run in (0, 1)]
        focus = {"at": x[k], "f": float(f[k]), "begun": runs.x[0, 0, k], "paths": paths}
        count = {"lines": runs.lowest(found.low)[:, : step + 1], "of": self.starts, "step": step}
        self.scene.update(ground, balls, focus, count, self._words(found, runs))

    def _lines(self, x, flat, since=0):
        """The paths (t, n, d) up to the step shown as lines (n, t, 2); those on a curve over the steps."""
        part = x[since : self.step + 1].swapaxes(0, 1)
        if not flat:
            return part
        steps = np.broadcast_to(np.arange(since, self.step + 1), part.shape[:2])
        return np.stack([part[..., 0], steps], axis=-1)

    def _height(self, found, flat):
        if not flat:
            return (0.0, 1.0)
        low, high = float(found.values.min()), float(found.values.max())
        return (low - 0.22 * (high - low), high)

    def _words(self, found, runs):
        k = len(found.minima)
        both = [self._counts(runs.valley[run, self.step], k) for run in (0, 1)]
        gone = any(counts[k] for counts in both)
        rows = [text for j in range(k) for text in (str(j + 1), signed(float(found.heights[j])))]
        rows += ["–", "flew off"] if gone else []
        count = k + gone
        momentum = f"β = {signed(self.beta)}" if self._run else "without momentum"
        return {
            "heading": (self.surface.capitalize(), f"f = {self.ground.formula}"),
            "title": f"{plural(self.starts, 'start')}, step {self.step} of {STEPS}, {momentum}",
            "says": (*self._fates(), self._verdict(), HINT),
            "rows": rows + [""] * (2 * (ROWS - count)),
            "valleys": [*range(k)] + [-1] * gone,
            "numbers": [([str(n) for n in counts[:count]] + [""] * (ROWS - count), counts[:count]) for counts in both],
        }

    @staticmethod
    def _counts(valley, k):
        """How many are in each of k valleys, and at the end those who have flown away."""
        return [int((valley == j).sum()) for j in (*range(k), -1)]

    def _fates(self):
        """Two lines: how many of the starts are in a lowest valley, and whom momentum brought there or took away."""
        fates = self.fates()
        plain, moved = fates.both + fates.hurt, fates.both + fates.helped
        return (
            f"In a lowest valley: {plain} without β, {moved} with.",
            f"Momentum brought {fates.helped} there, took {fates.hurt} away.",
        )

    def _verdict(self):
        fates = self.fates()
        if self.valleys.low == len(self.valleys.minima):
            changed = int((self.runs.valley[0, self.step] != self.runs.valley[1, self.step]).sum())
            return f"All minima are equally low: nothing to gain, though {changed} are in another valley than without."
        if not self.beta:
            return "β is 0: both descents are the same."
        if not fates.helped + fates.hurt:
            return "So far momentum has changed nobody's fate: no velocity was enough to carry anyone over a wall."
        if fates.helped > 2 * fates.hurt:
            return "Here momentum helps: more are carried into a lowest valley than out of one."
        if fates.hurt > 2 * fates.helped:
            return "Here momentum hurts: more are carried out of a lowest valley than into one."
        return "Here momentum does both, bringing some into a lowest valley and taking others out of it."

    def describe(self):
        found, runs = self.valleys, self.runs
        names = [f"{j + 1} (height {signed(float(h))})" for j, h in enumerate(found.heights)]
        told = []
        for run, name in ((0, "without momentum"), (1, f"with β = {signed(self.beta)}")):
            counts = self._counts(runs.valley[run, self.step], len(found.minima))
            parts = [f"{count} in valley {j + 1}" for j, count in enumerate(counts[:-1]) if count]
            parts += [f"{counts[-1]} flown away"] if counts[-1] else []
            told.append(f"{name}: {', '.join(parts)}")
        return (
            f"{self.surface.capitalize()}, {self.ground.formula}, with minima {', '.join(names)}. "
            f"{plural(self.starts, 'start')}, α = {self.lr:g}, noise {signed(self.noise)}, seed {self.seed}; after "
            f"step {self.step} of {STEPS}, {'; '.join(told)}. {' '.join(self._fates())} {self._verdict()} "
            f"{self._focus_told()} On the left: {self.shown}."
        )

    def _focus_told(self):
        k, x = self.focus - 1, self.runs.x[:, self.step, self.focus - 1]
        begun = ", ".join(significant(float(v)) for v in self.runs.x[0, 0, k])
        ends = [
            f"{'with' if run else 'without'} momentum at ({', '.join(significant(float(v)) for v in x[run])}), "
            + (f"valley {valley + 1}" if (valley := int(self.runs.valley[run, self.step, k])) >= 0 else "flown away")
            for run in (0, 1)
        ]
        return f"In focus, start {self.focus}, from ({begun}): {'; '.join(ends)}."

    # --- gestures -----------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self.on_drag(point)

    def on_drag(self, point):
        scene = self.scene
        places = [axes for axes in (scene.curve, scene.below, scene.map, scene.count) if axes.get_visible()]
        held = next((axes for axes in places if axes.bbox.contains(*self.grip.pixel)), None)
        if held is None:
            return
        there = self.point(*point.pixel, axes=held)
        if held is scene.count:
            self._show_step(round(there.x))
        else:
            self._focus_on(held, there)

    def _focus_on(self, axes, there):
        """Bring the one into focus that is nearest: on the curve and the map where it is now, below where it began."""
        x = self.runs.x[self._run, 0 if axes is self.scene.below else self.step]
        away = np.abs(x[:, 0] - there.x) if axes is not self.scene.map else np.hypot(*(x - (there.x, there.y)).T)
        self.apply({"focus": int(away.argmin()) + 1}, gesture="focus")

    def on_key(self, key, shift=False):
        across, up = (move * (10 if shift else 1) for move in ARROWS.get(key, (0, 0)))
        if across:
            self.focus = min(max(self.focus + across, 1), self.starts)
        elif up:
            self.beta = round(min(max(self.beta + 0.01 * up, 0), 0.99), 2)
        elif key in STRIDES:
            self._show_step(self.step + STRIDES[key])
        elif key in ("Home", "End"):
            self._show_step(0 if key == "Home" else STEPS)

    def _show_step(self, step):
        self.apply({"step": min(max(step, 0), STEPS)}, gesture="step")
