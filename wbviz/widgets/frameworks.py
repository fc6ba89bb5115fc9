"""The same network, trained by three libraries that different people wrote: do they get the same numbers?"""

import numpy as np

from wbviz.bridges import how_to_install
from wbviz.bridges.comparing import LIBRARIES, PRECISIONS, SETTINGS
from wbviz.engine import ACTIVATIONS
from wbviz.scenes.frameworks import FrameworksScene
from wbviz.widgets import _comparing as experiment
from wbviz.widgets import _comparing_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._comparing import DATA, OPTIMIZERS, OTHERS, STEPS, WIDTHS, Setting
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._work import Work

KEPT = 8  # comparisons that were run here are remembered


class Frameworks(Explorer):
    """One network with one hidden layer, its weights carried over to PyTorch and TensorFlow, 100 steps in each.

    Predict: three libraries, written by different people, start from the same weights. To how many digits do they
    agree after 100 steps? And with 32 bits, or if each is left its own defaults? Which is fastest at this size?
    Do: run them, turn precision and settings, widen the network. Understand: the arithmetic is one and the same, down
    to the rounding, once the formulas are; "Adam" is not one formula; and a step of a small network costs calls, not
    multiplications.

    wbviz's engine trains at every turn of a knob. The others run beside the page on "Run the frameworks", as
    importing them takes seconds. Until then, and where one is not installed, the settings that were recorded show
    recorded results, and say so. What was run is no part of the state.
    """

    title = "One network, three libraries: losses, differences, times"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture depends on what was run

    dataset = choice("moons", DATA, label="data", tip="100 points of two classes in the plane")
    activation = choice("tanh", ACTIVATIONS, label="activation", tip="of the hidden units")
    optimizer = choice("Adam", OPTIMIZERS, label="optimiser", tip="A newly chosen one begins with its own rate")
    lr = number(OPTIMIZERS["Adam"], min=0.001, max=1, step=0.001, label="learning rate", log=True)
    width = choice(WIDTHS[0], WIDTHS, label="hidden units", tip="With 4 there are 17 weights and biases")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the points and the starting weights")
    precision = choice("float64", PRECISIONS, label="precision", tip="64 bits hold about 16 digits, 32 bits about 7")
    settings = choice(
        "aligned", SETTINGS, label="settings",
        tip="aligned: the same formula with the same numbers. As they come: each is told the learning rate alone",
    )  # fmt: skip
    step = whole(STEPS, min=1, max=STEPS, label="step", tip="The step whose loss is written out")

    def settle(self, changed):
        """A newly chosen optimiser begins with its own learning rate."""
        if "optimizer" in changed and "lr" not in changed:
            self.lr = OPTIMIZERS[self.optimizer]

    def prepare(self):
        self._runs = {}
        self._work = Work(self._compare, lambda: self.picture.changed(), label="Frameworks")
        self._work.layout.display = "none"
        self.under = (self._work,)

    def setup(self):
        self.scene = FrameworksScene(self.figure, STEPS)

    # --- running them -----------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    @button("Run the frameworks", "Train by wbviz, PyTorch and TensorFlow, here and now")
    def run(self):
        """Begin the training by every library that is installed, beside the page. `wait()` waits for it."""
        self._work.layout.display = None
        self._work.restart()

    def _compare(self):
        with self.picture.lock:
            setting, comparison = self._setting, experiment.empty()
            self._runs = {**dict(list(self._runs.items())[1 - KEPT :]), setting: comparison}
        return experiment.steps_of(setting, comparison)

    def wait(self, timeout=None):
        """Wait for a comparison under way, at most `timeout` seconds; what is paused goes on. Returns the stage."""
        self._work.resume()
        return self._work.wait(timeout)

    def reset(self):
        """Back to how the figure was made; what was run is dropped."""
        with self.picture.lock:
            self._work.stop()
            self._work.layout.display = "none"
            self._runs = {}
            super().reset()

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network at the start."""
        return experiment.network(self._setting)

    def source(self, name):
        """Where the numbers of "PyTorch" or "TensorFlow" are from: "run here", "recorded", or None if there are none.

        Another name raises ValueError, here and in the methods below. wbviz's own losses are always computed here.
        """
        return self._found(name)[0]

    def losses(self, name):
        """The loss before each step by "wbviz", "PyTorch" or "TensorFlow", shape (steps,); None if there are none."""
        if name == "wbviz":
            return experiment.live(self._setting).losses
        trained = self._found(name)[1]
        return None if trained is None else np.array(trained.losses)

    def difference(self, name):
        """The largest difference of the losses of "PyTorch" or "TensorFlow" from wbviz's; None if there are none."""
        apart = self._apart(name)
        return float(apart.max()) if len(apart) else None

    def seconds(self, name):
        """The median seconds of a step by a library, as it was run here or recorded; None if it was not."""
        trained = self._found(name)[1]
        return None if trained is None else trained.per_step

    def _found(self, name):
        """A library's training in the present setting: where it is from, and the Trained; (None, None) without one."""
        if name not in LIBRARIES:
            raise ValueError(f"The libraries here are {', '.join(LIBRARIES)}; got {name!r}.")
        for source, comparison in (
            ("run here", self._runs.get(self._setting)),
            ("recorded", experiment.recorded(self._setting)),
        ):
            if comparison is not None and name in comparison.runs and comparison.runs[name].seconds:
                return source, comparison.runs[name]
        return None, None

    def _without(self, name):
        """Where a library has no numbers: why, and what to do, for the picture and for the words."""
        if not experiment.installed(name):
            return "not installed", f"not installed. {how_to_install(LIBRARIES[name])}"
        if self._work.busy and self._setting in self._runs:
            return "under way", "under way."
        return "press Run the frameworks", "not run at this setting. Press Run the frameworks."

    def _apart(self, name):
        """The distance of a library's losses to wbviz's, step by step; empty if there are none."""
        theirs, ours = self.losses(name), experiment.live(self._setting).losses
        if theirs is None:
            return np.empty(0)
        steps = min(len(theirs), len(ours))
        return np.abs(theirs[:steps] - ours[:steps])

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        live = experiment.live(self._setting)
        theirs = [self.losses(name) for name in OTHERS]
        rounding = live.rounding if self.precision == "float32" else np.empty(0)
        apart = [*map(self._apart, OTHERS), rounding]
        losses = [live.losses, *(np.empty(0) if values is None else values for values in theirs)]
        self.scene.update(losses, apart, self.step, self._times(), self._words(losses, apart))

    def _times(self):
        return [self.seconds(name) for name in LIBRARIES]

    def _words(self, losses, apart):
        return {
            "heading": f"The same 2-{self.width}-1 network in three libraries",
            "state": words.state(self._setting),
            "digits_title": f"Loss before step {self.step}, to the last digit",
            "digits": words.digits([values[self.step - 1 : self.step] for values in losses], self.precision),
            "apart": [*map(words.largest, apart[:2]), words.largest(apart[2]) if len(apart[2]) else ""],
            "times": [words.duration(time) for time in self._times()],
            "sources": words.sources({name: (*self._found(name), self._without(name)) for name in OTHERS}),
        }

    def describe(self):
        live = experiment.live(self._setting)
        told = " ".join(words.told(name, *self._found(name), self._apart(name), self._without(name)) for name in OTHERS)
        return (
            f"A 2-{self.width}-1 network, {words.state(self._setting)}. {words.course(live.losses)} "
            f"{words.rounding(live) if self.precision == 'float32' else ''}{told} "
            f"{words.at_step(self.step, [self.losses(name) for name in LIBRARIES], self.precision)} "
            f"{words.times(dict(zip(LIBRARIES, self._times(), strict=True)))}"
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        for axes in (self.scene.losses, self.scene.apart):
            if axes.bbox.contains(*self.grip.pixel):
                self.step = round(min(max(self.point(*point.pixel, axes=axes).x, 1), STEPS))

    on_press = on_drag

    def on_key(self, key, shift=False):
        """← and → go to the step before and after, with shift by ten."""
        by = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (10 if shift else 1)
        self.step = min(max(self.step + by, 1), STEPS)
