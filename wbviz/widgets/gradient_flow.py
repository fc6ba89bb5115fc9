"""A deep network, layer by layer: what reaches each layer on the way forward and back, before and during training."""

import time

import numpy as np

from wbviz.engine import ACTIVATIONS, INITIALIZERS
from wbviz.scenes.gradient_flow import GradientFlowScene
from wbviz.widgets import _flow_words as words
from wbviz.widgets import _flowing as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._flowing import DATA, DEEPEST, KEPT, STEPS, WIDEST, Setting
from wbviz.widgets._opens import Opens
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._work import Work

#: Seconds between two pictures of a training that is played.
PAUSE = 0.12


class GradientFlow(Opens, Explorer):
    """A network of up to 50 hidden layers: sizes of activations and gradients in every layer, and a real training.

    Predict how small the first layer's gradient is beside the last one's; choose activation and initialisation, and
    see which layers get anything to learn from. Then train, and see whether the loss falls. Understand: each layer
    multiplies what passes through it by about the same factor. Twenty factors of 1/5 are 10⁻¹⁴, twenty factors of 2 a
    million; an initialisation is made to bring the factor near 1 for its activation (Glorot and Bengio 2010, He et al.
    2015). Zeros as a start make all units of a layer one.

    Training is plain gradient descent on all examples, 200 steps; the gradients shown are those of all examples too.
    The gain multiplies the initialiser's weights. While a browser looks, steps that are not known yet are trained
    beside the page; where nobody looks, at once. Drag in the upper plots to take another layer in hand, in the lowest
    to go to another step. Keys: ← → layer, ↑ ↓ step; Home and End.
    `GradientFlow.of(model, X, y)` opens a network of your own.
    """

    title = "Gradients through a deep network"
    size = (688, 484)
    interactive = True
    sweeps = False  # its picture is a training under way

    dataset = choice("moons", DATA, label="data", tip="64 points of moons, or 100 handwritten digits")
    depth = whole(20, min=1, max=DEEPEST, label="hidden layers", tip="How many layers stand before the output layer")
    width = whole(16, min=1, max=WIDEST, label="units a layer", tip="How many units each hidden layer has")
    activation = choice("sigmoid", ACTIVATIONS, label="activation", tip="Of the hidden layers")
    init = choice("xavier", INITIALIZERS, label="initialisation", tip="How weights are drawn; biases begin at 0")
    gain = number(
        1.0, min=0.25, max=4, step=0.05, label="gain", random=False, tip="All starting weights are multiplied by it"
    )  # fmt: skip
    lr = number(0.1, min=0.001, max=10, step=0.001, log=True, label="learning rate", tip="Of plain gradient descent")
    seed = whole(2, min=0, max=99, label="seed", tip="Draws the starting weights")
    step = whole(0, min=0, max=STEPS, step=KEPT, label="step", tip="How much of the training is done; 0: none of it")
    layer = whole(1, min=1, max=DEEPEST + 1, label="layer in hand", tip="Its numbers stand at the right")

    _wanted = None

    @classmethod
    def own_kind(cls):
        from wbviz.widgets._own_gradient_flow import OwnGradientFlow

        return OwnGradientFlow

    @property
    def architecture(self):
        """The network in a few words."""
        return words.architecture(self)

    def range_of(self, name):
        """The output layer is the last one."""
        meta = super().range_of(name)
        return meta | {"max": self.depth + 1} if name == "layer" else meta

    def settle(self, changed):
        """The layer in hand is one that there is."""
        self.layer = min(self.layer, self.depth + 1)

    def idle(self):
        """No gain makes zeros into something else."""
        return ("gain",) if self.init == "zeros" else ()

    def prepare(self):
        self._training = Work(self._play, label="Training")
        self._catching_up = Work(self._catch_up, lambda: self.picture.changed(), label="Catching up")
        self._catching_up.layout.display = "none"
        self.under = (self._training, self._catching_up)

    def setup(self):
        self.scene = GradientFlowScene(self.figure)

    # --- training ---------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    def _play(self):
        """Train from the step shown to the last one, and show it every few steps."""
        if self.step >= STEPS:
            self.apply({"step": 0}, gesture="play step")
        while self.step < STEPS:
            begun, step = time.monotonic(), min(self.step + KEPT, STEPS)
            film = experiment.film(self._setting)
            while film.reach < step:
                film.go_on()
            self.apply({"step": step}, gesture="play step")
            yield step / STEPS, f"step {step} of {STEPS}"
            if film.diverged is not None and film.diverged <= step:
                return
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))

    def _catch_up(self):
        film = experiment.film(self._setting)
        while film.reach < self.step:
            film.go_on()
            yield film.reach / STEPS
            film = experiment.film(self._setting)

    def _shown(self):
        """(Moment, its step): the one asked for; while a browser looks, the last one that is known by then."""
        setting, step = self._setting, self.step
        if self.picture.pacing.views:
            step = min(step, experiment.film(setting).reach)
        if step < self.step and (self._wanted != (setting, self.step) or not self._catching_up.busy):
            again = self._wanted == (setting, self.step) and self._catching_up.stage == "failed"
            self._wanted = setting, self.step
            if not again:
                self._catching_up.restart()
        return experiment.moment(setting, step), step

    def wait(self, timeout=None):
        """Wait for what is being trained beside the page, at most `timeout` seconds."""
        with self.picture.lock:
            self._shown()
        self._catching_up.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def _now(self):
        return experiment.moment(self._setting, self.step)

    @property
    def network(self):
        """The network at the step shown."""
        return experiment.film(self._setting).at(self.step)[0]

    def gradient_norms(self):
        """‖∂L/∂W‖ of every layer at the step shown, from the first hidden one to the output, (depth + 1,)."""
        return self._now.gW.copy()

    def ratio(self):
        """‖∂L/∂W‖ of the first layer divided by that of the output layer; 0.0 where both are 0."""
        return self._now.ratio or 0.0

    def loss(self):
        """The loss on all examples at the step shown; of a training that diverged, the last finite one."""
        return float(self._now.losses[-1])

    def loss_before(self):
        """The loss before training."""
        return float(self._now.losses[0])

    def accuracy(self):
        """The share of the examples learned from that are answered rightly at the step shown, 0 to 1."""
        return self._now.accuracy

    def verdict(self):
        """One word: diverged, symmetric, blocked, vanishing, exploding or healthy."""
        return experiment.verdict(self._setting, self._now, self._diverged(self.step) is not None)[0]

    def distinct(self):
        """How many different units each layer has at the step shown, (depth + 1,): 1 where all are copies."""
        return self._now.distinct.copy()

    def _diverged(self, step):
        """The step at which the training diverged, if that is not after `step`; else None."""
        diverged = experiment.film(self._setting).diverged
        return diverged if diverged is not None and diverged <= step else None

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        seen, step = self._shown()
        layer = self.layer - 1
        self.scene.update(
            {"bands": seen.a_bands, "zeros": seen.a_zero, "norms": [seen.length]},
            {"bands": seen.g_bands, "zeros": seen.g_zero, "norms": [seen.gW, seen.gb, seen.delta]},
            layer,
            {"losses": seen.losses, "last": STEPS, "top": 1.2 * float(seen.losses[0])},
            seen.a[layer],
            {
                "heading": f"{self.architecture}: {words.when(step)}",
                "verdict": words.verdict(self._setting, seen, self._diverged(step)),
                "loss": words.loss(seen, self.lr),
                "shape": f"Its {np.size(seen.a[layer]):,} activations",
                **words.rows(seen, layer, self.width),
            },
        )

    def describe(self):
        seen, step = self._shown()
        name = "Output layer" if self.layer > self.depth else f"Layer {self.layer}"
        rows = words.rows(seen, self.layer - 1, self.width)
        numbers = ", ".join(f"{n} {v}" for n, v in zip(rows["names"][1:-1], rows["values"][1:-1], strict=True))
        return (
            f"{self.dataset.capitalize()}, hidden: {self.architecture}; seed {self.seed}, {words.when(step)}. "
            f"{words.verdict(self._setting, seen, self._diverged(step))} {words.ratio(seen)} "
            f"{name} of {self.depth + 1}: {numbers}. {words.loss(seen, self.lr)}."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        scene = self.scene
        places = (scene.forward, scene.back)
        columns = [axes for layers in places for axes in (layers.axes, layers.strip)]
        self._held = next((axes for axes in (*columns, scene.loss) if axes.bbox.contains(*point.pixel)), None)
        self.on_drag(point)

    def on_drag(self, point):
        if self._held is None:
            return
        at = self.point(*point.pixel, axes=self._held).x
        if self._held is self.scene.loss:
            self.step = KEPT * round(min(max(at, 0), STEPS) / KEPT)
        else:
            self.layer = round(min(max(at, 1), self.depth + 1))

    def on_key(self, key, shift=False):
        far = 5 if shift else 1
        across, up = ({low: -far, high: far}.get(key, 0) for low, high in KEYS)
        self.layer = min(max(self.layer + across, 1), self.depth + 1)
        self.step = min(max(self.step + KEPT * up, 0), STEPS)
        if key in ("Home", "End"):
            self.step = {"Home": 0, "End": STEPS}[key]

    _held = None


KEYS = (("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp"))
