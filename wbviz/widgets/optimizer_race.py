"""The race of optimisers: seven rules, one start, and what each of them remembers."""

import ipywidgets as w
import numpy as np

from wbviz.scenes.optimizer_race import LOOKS, ROW, TABLE_TOP, OptimizerRaceScene
from wbviz.widgets import _race_words as words_of
from wbviz.widgets import _racing as racing
from wbviz.widgets._base import Explorer
from wbviz.widgets._play import player
from wbviz.widgets._points import ARROWS
from wbviz.widgets._racing import RATES, RUNNERS
from wbviz.widgets._traits import choice, data, number, numbers, whole

LABELS = [runner.label for runner in RUNNERS.values()]
TABLE_LEFT = 340  # pixels: the table of the runners is to the right of this
HINT = "Drag: the start. Click: a row, a curve. Keys: arrows start, + − step, 1 to 7 focus"
STRIDES = {"+": 1, "-": -1, "PageUp": 10, "PageDown": -10}


def checked_runners(value):
    """Names in RUNNERS, at least one, each once, in the order of RUNNERS. Raises ValueError."""
    if isinstance(value, str) or not value or any(name not in RUNNERS for name in value):
        raise ValueError(f"expected a list of one or more of {', '.join(RUNNERS)}, but got {value!r}.")
    return [name for name in RUNNERS if name in value]


class OptimizerRace(Explorer):
    """Up to seven optimisers of the engine from the same start, on a surface whose minima are known.

    Predict who gets down first and who never does; play; then look into the memory of the one in focus for the reason.
    The race is computed whole, `step` says how much of it is shown. It has arrived who stays within 0.01 of a minimum.
    Pointer: the start is where you press or drag on the map; a row of the table takes the focus; the curves are for
    scrubbing. Keys: arrows move the start (with Shift further), + and - go a step on or back, PageUp and PageDown ten,
    Home and End to the first and last, 1 to 7 choose the focus.
    """

    title = "A race of optimisers"
    size = (680, 540)
    interactive = True

    surface = choice("ravine", RATES, label="surface", tip="What is to be minimised; brings its own learning rates")
    start = numbers([-2.5, 1.0], min=-5, max=5, step=0.05, label="start x{i}", length=(2, 2), tip="Where all begin")
    lr = numbers(
        RATES["ravine"], min=1e-4, max=10, step=0.001, log=True, length=(7, 7), tip="The learning rate",
        label=[f"lr {label}" for label in LABELS],
    )  # fmt: skip
    momentum = number(
        0.9, min=0, max=0.99, step=0.01, label="β (velocity)", random=False, tip="What is kept of the velocity"
    )
    steps = whole(120, min=10, max=1000, step=10, label="steps in all", tip="How long the race is")
    step = whole(30, min=0, max=1000, label="step", tip="How much of the race is shown")
    focus = choice("adam", RUNNERS, label="focus", tip="Whose memory is shown")
    runners = data(list(RUNNERS), check=checked_runners)

    def range_of(self, name):
        """The start lies in view of the surface; no step comes after the last."""
        meta = super().range_of(name)
        if name == "start":
            span = racing.objective(self.surface).span
            return meta | {"min": -span, "max": span}
        return meta | {"max": self.steps} if name == "step" else meta

    def settle(self, changed):
        """A newly chosen surface brings its start and learning rates; the focus is on one who runs."""
        if "surface" in changed:
            self.start = self.start if "start" in changed else list(racing.objective(self.surface).start)
            self.lr = self.lr if "lr" in changed else list(RATES[self.surface])
        self.step = min(self.step, self.steps)
        if self.focus not in self.runners:
            if "focus" in changed and "runners" not in changed:
                self.runners = [*self.runners, self.focus]
            else:
                self.focus = self.runners[0]

    def idle(self):
        """β does nothing where nobody has a velocity."""
        return () if {"momentum", "nesterov"} & set(self.runners) else ("momentum",)

    def prepare(self):
        self._entrants = _Entrants(self)
        self.under = (self._entrants, player(self, lambda: self.steps))

    def setup(self):
        self.scene = OptimizerRaceScene(self.figure)

    def _changed(self):
        self._entrants.show(self.runners)
        super()._changed()

    # --- numbers ------------------------------------------------------------------------------------------------------

    @property
    def ground(self):
        """The surface: an Objective of the engine."""
        return racing.objective(self.surface)

    def rate_of(self, name):
        """The learning rate of one of RUNNERS."""
        return self.lr[list(RUNNERS).index(name)]

    @property
    def paths(self):
        """The whole race: dict name → Path (`points`, `gradients`, `memory`, `loss`, `distance`, `diverged`)."""
        entries = tuple((name, self.rate_of(name), self.momentum) for name in self.runners)
        return dict(zip(self.runners, racing.race(self.surface, tuple(self.start), self.steps, entries), strict=True))

    def arrived(self, name):
        """The step from which on a runner stays within 0.01 of a minimum to the end of the race, or None."""
        return self.paths[name].arrived(self.steps)

    def diverged(self, name):
        """The step at which a runner diverges in this race, or None."""
        end = self.paths[name].diverged
        return end if end is not None and end <= self.steps else None

    # --- picture ------------------------------------------------------------------------------------------------------

    def redraw(self):
        paths = self.paths
        shown = {name: self._shown(path) for name, path in paths.items()}
        self.scene.update(
            racing.view(self.surface), shown, self._focused(paths[self.focus]), self.steps, self.step, self._words()
        )

    def _words(self):
        path = self.paths[self.focus]
        told = words_of.memory(self, path, self._remembered(path), self._next(path), self._kept(path))
        view = racing.view(self.surface)
        lowest, minima = self.ground.lowest, "minimum, ☆ a higher one" if view["higher"].any() else "minimum"
        return words_of.table(self) | told | {
            "columns": view["axes"],
            "heading": (self.surface.capitalize(), self.ground.formula),
            "map": f"Step {self.step} of {self.steps}. Arrow: the next. ★ {minima}",
            "notes": (words_of.note(self), HINT),
            "loss": f"Loss{f' above {words_of.significant(lowest)}' if lowest else ''} against steps",
        }  # fmt: skip

    def describe(self):
        path = self.paths[self.focus]
        return words_of.description(self, path, self._remembered(path), self._next(path))

    def _shown(self, path):
        k = path.at(self.step)
        track = path.points[: min(k, path.leaves(self.ground.span)) + 1]
        return {"track": track, "at": path.points[k], "loss": path.loss[: k + 1], "distance": path.distance[: k + 1]}

    def _next(self, path):
        """The step that is shown as the next one of a path; its last where it has diverged, None without any."""
        return min(self.step, len(path.gradients) - 1) if len(path.gradients) else None

    def _remembered(self, path):
        """What the runner in focus sees, remembers and does, by name: arrays (n, 2), a row for each of its steps."""
        return {"gradient g": path.gradients} | path.memory | {"step": np.diff(path.points, axis=0)}

    def _focused(self, path):
        k = self._next(path)
        at = path.points[k or 0]
        if k is None:
            nothing = {"step": None, "slope": None, "needles": (None,) * 3, "bars": np.zeros((0, 2))}
            return {"name": self.focus, "at": at} | nothing
        quantities = self._remembered(path)
        step, slope = quantities["step"][k], -self.rate_of(self.focus) * path.gradients[k]
        bars = [values[k] / max(np.abs(values[k]).max(), 1e-300) for values in quantities.values()]
        kept = self._kept(path)
        needles = (step, -path.gradients[k], None if kept is None else -path.memory[kept][k])
        arrows = {"step": step, "slope": None if self.focus == "sgd" else slope}  # of SGD they are the same
        arrows = arrows if k == self.step else dict.fromkeys(arrows)
        return {"name": self.focus, "at": at, "needles": needles, "bars": np.array(bars)} | arrows

    def _kept(self, path):
        """The name of the direction that the runner in focus remembers, or None."""
        return next((name for name in ("velocity v", "corrected: m̂") if name in path.memory), None)

    # --- gestures -----------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        held = next(
            (axes for axes in (self.scene.map, *self.scene.curves) if axes.bbox.contains(*self.grip.pixel)), None
        )
        there = None if held is None else self.point(*point.pixel, axes=held)
        if held is self.scene.map:
            self._start_at(there.x, there.y)
        elif held is not None:
            self._show_step(round(there.x))

    def on_press(self, point):
        across, down = point.pixel[0], self.size[1] - point.pixel[1]
        row = round((down - TABLE_TOP) / ROW)
        if across > TABLE_LEFT and 0 <= row < len(LOOKS):
            self.focus = list(LOOKS)[row]
        self.on_drag(point)

    def on_key(self, key, shift=False):
        across, up = ARROWS.get(key, (0, 0))
        if across or up:
            stride = self.ground.span / (10 if shift else 50)
            self._start_at(self.start[0] + stride * across, self.start[1] + stride * up)
        elif key in STRIDES:
            self._show_step(self.step + STRIDES[key])
        elif key in ("Home", "End"):
            self._show_step(0 if key == "Home" else self.steps)
        elif key in "1234567":
            self.focus = list(RUNNERS)[int(key) - 1]

    def _start_at(self, *place):
        span = self.ground.span
        self.apply({"start": [round(float(np.clip(v, -span, span)), 3) for v in place]}, gesture="start")

    def _show_step(self, step):
        self.apply({"step": min(max(step, 0), self.steps)}, gesture="step")


class _Entrants(w.HBox):
    """A check box for each runner: who takes part."""

    def __init__(self, race):
        self._race, self._showing = race, False
        self._boxes = {
            name: w.Checkbox(value=name in race.runners, description=runner.label, indent=False)
            for name, runner in RUNNERS.items()
        }
        for box in self._boxes.values():
            box.layout.width = f"{40 + 8 * len(box.description)}px"
            box.observe(self._ticked, names="value")
        super().__init__([w.Label("Who runs:"), *self._boxes.values()], layout=w.Layout(flex_flow="row wrap"))

    def _ticked(self, change):
        if not self._showing:
            self._race.try_set("runners", [name for name, box in self._boxes.items() if box.value])
            self.show(self._race.runners)

    def show(self, runners):
        """Tick those who run."""
        self._showing = True
        for name, box in self._boxes.items():
            box.value = name in runners
        self._showing = False
