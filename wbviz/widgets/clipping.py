"""Clipping: where gradients explode, the step before and after the gradient is made smaller."""

import numpy as np

from wbviz.scenes.clipping import ClippingScene
from wbviz.widgets import _clipping as descent
from wbviz.widgets import _clipping_words as words_of
from wbviz.widgets._base import Explorer
from wbviz.widgets._clipping import CLIFF, NETWORK, RULES, STEPS, TASKS, B, Setting, W
from wbviz.widgets._play import player
from wbviz.widgets._scales import LogScale
from wbviz.widgets._traits import choice, number, whole

#: What a scene brings with it.
OPENING = {
    CLIFF: {"threshold": 0.2, "lr": 1.0, "length": 30, "step": 16},
    NETWORK: {"threshold": 0.5, "lr": 0.3, "length": 15, "step": STEPS},
}
SCALE = LogScale()


class Clipping(Explorer):
    """Gradient descent from one start, twice: with the gradient as it is, and with one that is clipped.

    The cliff is the true loss of one recurrent unit over its weight and its bias (Pascanu, Mikolov and Bengio 2013);
    the recurrent network learns a small task by backpropagation through time (Werbos 1990).
    Predict where the next step leads when the gradient is as long as the wall is steep. Turn the threshold and watch
    the step before (dashed) and after clipping; by value, the direction changes too. Look at the share of steps that
    were clipped: where the threshold always cuts, all steps are equally long, and the slope no longer says how far.

    Pointer: drag the start on the cliff, scrub the steps in the plots on the right. Keys: ← → a step back or on, with
    Shift ten; ↑ ↓ change the threshold; Home and End.
    """

    title = "Clipping a gradient"
    size = (680, 480)
    interactive = True

    problem = choice(CLIFF, (CLIFF, NETWORK), label="what learns", tip="Brings its own threshold, rate and length")
    rule = choice("by norm", RULES, label="clip", tip="By norm: shorten the whole gradient; by value: hold each entry")
    threshold = number(
        OPENING[CLIFF]["threshold"], min=0.01, max=100, step=0.01, log=True, label="threshold",
        tip="By norm: the longest gradient let through; by value: its largest entry",
    )  # fmt: skip
    lr = number(
        OPENING[CLIFF]["lr"], min=0.01, max=10, step=0.01, log=True, label="learning rate", tip="How far a step goes"
    )
    step = whole(OPENING[CLIFF]["step"], min=0, max=STEPS, label="step", tip="How much of the descent is shown")
    length = whole(
        OPENING[CLIFF]["length"], min=2, max=50, label="time steps", tip="How often the same weights are used in a row"
    )
    start_w = number(5.0, min=W[0], max=W[1], step=0.05, label="start w", tip="Where both descents begin on the cliff")
    start_b = number(-1.5, min=B[0], max=B[1], step=0.05, label="start b", tip="Where both descents begin on the cliff")
    task = choice("remember the first", TASKS, label="task", tip="What the recurrent network learns")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the network's first weights and its sequences")

    def settle(self, changed):
        """Another problem brings its own numbers, except those that are set with it."""
        if "problem" in changed:
            for name, value in OPENING[self.problem].items():
                if name not in changed:
                    setattr(self, name, value)

    def idle(self):
        """The start belongs to the cliff; task and seed to the network."""
        return ("task", "seed") if self.problem == CLIFF else ("start_w", "start_b")

    def prepare(self):
        self.under = (player(self, lambda: STEPS, label="Descent", per_second=10),)

    def setup(self):
        self.scene = ClippingScene(self.figure)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def setting(self):
        """What both descents follow from, beside the learning rate."""
        if self.problem == CLIFF:
            return Setting(CLIFF, self.length, start=(self.start_w, self.start_b))
        return Setting(NETWORK, self.length, task=self.task, seed=self.seed)

    @property
    def held(self):
        """The descent with clipping: a Run, with `loss`, `norm`, `params`, `gradient` and `clipped` by step."""
        return descent.run(self.setting, self.lr, (self.rule, self.threshold))

    @property
    def free(self):
        """The descent without clipping."""
        return descent.run(self.setting, self.lr)

    def clipped_share(self):
        """The share of the steps up to now that were clipped, from 0 to 1."""
        return self.held.cut(self.step) / (self.held.at(self.step) + 1)

    def angle(self):
        """By how many degrees clipping turns the gradient at the step shown."""
        row = self.held.at(self.step)
        return descent.angle(self.held.gradient[row], self.held.clipped[row])

    def slopes(self, clipped=True):
        """The length of dL/dz at each time step of the recurrent network, (length,); None on the cliff or diverged."""
        run, limit = (self.held, (self.rule, self.threshold)) if clipped else (self.free, None)
        if self.problem == CLIFF or (run.diverged is not None and self.step >= run.diverged):
            return None
        return descent.through_time(self.setting, self.lr, limit, self.step)

    def loss(self, clipped=True):
        """The loss at the step shown; infinite where the run has diverged by then."""
        return _loss(self.held if clipped else self.free, self.step)

    def final_loss(self, clipped=True):
        """The highest loss of the last ten steps of the whole descent; infinite where it diverged."""
        run = self.held if clipped else self.free
        return float(run.loss[-10:].max()) if run.diverged is None else float("inf")

    # --- the picture ------------------------------------------------------------------------------------------------

    def redraw(self):
        ground = {"name": self.problem, "length": self.length}
        if self.problem == CLIFF:
            ground |= descent.ground(self.length)
        held = self._shown(True) | self._cut()
        self.scene.update(ground, self._shown(False), held, (self.step, STEPS), self._compass(), words_of.words(self))

    def _shown(self, clipped):
        run = self.held if clipped else self.free
        rows = slice(0, run.at(self.step) + 1)
        return {
            "loss": run.loss[rows], "norm": run.norm[rows], "path": run.params[rows], "slopes": self.slopes(clipped),
            "seen": run.diverged is None or self.step < run.diverged,
        }  # fmt: skip

    def _cut(self):
        """What the scene shows of the clipped descent alone."""
        run, row = self.held, self.held.at(self.step)
        made_smaller = np.flatnonzero(run.cuts[: row + 1])
        steps = -self.lr * run.gradient[row], -self.lr * run.clipped[row]
        return {"cuts": made_smaller, "steps": steps, "threshold": self.threshold}

    def _compass(self):
        """Against the gradient before and after clipping, in thresholds; of many entries, in the plane of both."""
        run, row = self.held, self.held.at(self.step)
        before, after = -run.gradient[row] / self.threshold, -run.clipped[row] / self.threshold
        if self.problem == CLIFF:
            return {"before": before, "after": after, "limit": self.rule}
        sizes = np.array([np.linalg.norm(before), np.linalg.norm(after)])
        if self.rule == "by value":  # a box of many sides, whose corners are far off: no scale to be kept
            sizes /= max(sizes[1], 1.0)
        ways = np.radians([45.0, 45.0 + self.angle()])
        before, after = sizes[:, None] * np.stack([np.cos(ways), np.sin(ways)], axis=-1)
        return {"before": before, "after": after, "limit": self.rule if self.rule == "by norm" else ""}

    def describe(self):
        return words_of.description(self)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        scene = self.scene
        held = next((axes for axes in (scene.plane, *scene.curves) if axes.bbox.contains(*self.grip.pixel)), None)
        there = None if held is None else self.point(*point.pixel, axes=held)
        if held in scene.curves:
            self._show_step(round(there.x))
        elif held is scene.plane and self.problem == CLIFF:
            w, b = (round(float(np.clip(v, *ends)), 2) for v, ends in zip((there.x, there.y), (W, B), strict=True))
            self.apply({"start_w": w, "start_b": b}, gesture="start")

    def on_press(self, point):
        self.on_drag(point)

    def on_key(self, key, shift=False):
        if key in ("ArrowLeft", "ArrowRight"):
            self._show_step(self.step + (10 if shift else 1) * (1 if key == "ArrowRight" else -1))
        elif key in ("ArrowUp", "ArrowDown"):
            position = SCALE.position_of(self.threshold) + (5 if shift else 1) * (1 if key == "ArrowUp" else -1)
            meta = self.range_of("threshold")
            self.threshold = min(max(SCALE.value_at(position), meta["min"]), meta["max"])
        elif key in ("Home", "End"):
            self._show_step(0 if key == "Home" else STEPS)

    def _show_step(self, step):
        self.apply({"step": min(max(step, 0), STEPS)}, gesture="step")


def _loss(run, step):
    return float(run.loss[run.at(step)]) if run.diverged is None or step < run.diverged else float("inf")
