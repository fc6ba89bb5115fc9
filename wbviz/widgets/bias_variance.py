"""Bias and variance: a hundred models that learn from resampled examples, and what their error is made of."""

import numpy as np

from wbviz.scenes.bias_variance import BiasVarianceScene
from wbviz.widgets import _resampling as experiment
from wbviz.widgets import _resampling_words as wording
from wbviz.widgets._base import Explorer
from wbviz.widgets._panel import button
from wbviz.widgets._resampling import CAPACITIES, COUNT, GAUSSIAN, LAMBDAS, MODELS, NETWORK, TRUTHS, Setting
from wbviz.widgets._resampling_chart import CAPACITY, EPOCHS, LAMBDA, SCALES, VIEWS, Chart
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._work import Work


class BiasVariance(Explorer):
    """A hundred models each learn from noisy examples of their own; their spread is variance, their mean's miss bias.

    Predict what more hidden units, a penalty, more examples or a longer training do to bias² and to variance; then
    turn the knob, and see that bias² + variance + noise is the error measured on a hundred other models. "Measure the
    chart" goes along an axis. Trained networks need not follow the textbook: more units seldom cost variance there.
    The two models that are solved exactly do follow it, up to as many weights as examples; past that the error comes
    down again (double descent). For Gaussian inputs its closed form is drawn beside it; λ takes the peak away.

    Networks train for real (tanh, Adam, all examples in each step). While a browser shows the figure they train beside
    the page, and can be paused, stepped and stopped; where nobody looks, all methods train to the end first. Either
    way the same knobs end with the same networks, to the last bit. What was measured along an axis is no part of the
    state; it is kept while the figure lives, and measuring goes on where it was stopped.
    In the chart, drag or press ← → to set its axis; ↑ ↓ go through the models.
    """

    title = "A hundred models, each with examples of its own: bias, variance and noise"
    size = (676, 474)
    interactive = True
    sweeps = False  # its picture is a training run

    model = choice(NETWORK, MODELS, label="model", tip="Trained networks, or output weights solved exactly")
    truth = choice("wave", TRUTHS, label="truth", tip="The function behind the noisy examples")
    capacity = whole(1, min=1, max=200, label="hidden units", tip="How much the model can express")
    lam = choice(0, LAMBDAS, label="λ (L2)", tip="The penalty λ/2 · Σw²; biases are not penalised")
    examples = whole(20, min=experiment.FEWEST, max=experiment.MOST, label="examples", tip="How many each learns from")
    noise = number(0.3, min=0, max=1, step=0.05, label="noise", tip="Standard deviation in y", random=False)
    epochs = whole(400, min=0, max=experiment.LONGEST, label="epochs", tip="How long the networks train; 0: untrained")
    view = choice(CAPACITY, VIEWS, label="chart", tip="What runs across in the chart")
    scale = choice(SCALES[0], SCALES, label="scale", tip="Parts on top of each other, or lines on a logarithmic scale")
    one = whole(1, min=1, max=COUNT, label="one of them", tip="The model that is drawn with its examples")
    seed = whole(1, min=0, max=99, label="seed", tip="Draws examples, noise and starting weights")

    _now = None

    def range_of(self, name):
        """The capacity is called as the model's is, and goes as far."""
        meta = super().range_of(name)
        if name != "capacity":
            return meta
        label, most = CAPACITIES[self.model]
        return meta | {"label": label, "max": most}

    def settle(self, changed):
        """Another model begins on the scale that suits it, with a capacity it can have."""
        if "model" in changed and "scale" not in changed:
            self.scale = SCALES[self.model != NETWORK]
        if "model" in changed and "view" not in changed and self.model != NETWORK and self.view == EPOCHS:
            self.view = CAPACITY
        if "model" in changed and "capacity" not in changed:
            self.capacity = min(self.capacity, self.range_of("capacity")["max"])

    def idle(self):
        """Exact models do not train; Gaussian inputs have a truth of their own."""
        return {NETWORK: (), GAUSSIAN: ("truth", "epochs")}.get(self.model, ("epochs",))

    def prepare(self):
        self._known = {}
        self._training = Work(self._train, lambda: self.picture.changed(), label="Training")
        self._measuring = Work(self._measure, lambda: self.picture.changed(), label="The chart")
        self.under = (self._training, self._measuring)
        self._show_work()

    def setup(self):
        self.scene = BiasVarianceScene(self.figure)

    # --- learning ---------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields)).needed

    def _train(self):
        with self.picture.lock:
            setting = self._setting
        for epoch, fit in experiment.fits(setting):
            self._now = setting, epoch, fit
            yield epoch / setting.epochs if setting.epochs else 1.0, f"after {epoch} of {setting.epochs} epochs"

    def _shown(self):
        """The Fit to show: the one under way while a browser looks, otherwise the finished one."""
        setting = self._setting
        if self._now is not None and self._now[0] == setting:
            return self._now[2]
        if setting.model != NETWORK or not self.picture.pacing.views:
            return experiment.finished(setting)
        self._now = setting, *next(experiment.fits(setting))
        self._training.restart()
        return self._now[2]

    def _finished(self):
        """The Fit after the last epoch, computed here and now if need be."""
        setting = self._setting
        if self._now is not None and self._now[:2] == (setting, setting.epochs):
            return self._now[2]
        return experiment.finished(setting)

    @button("Measure the chart", "Learn anew at each place along the chart's axis; goes on where it was stopped")
    def measure(self):
        """Measure along the chart's axis, beside the page; what is known already is kept. `wait()` waits for it."""
        self._measuring.restart()
        self._show_work()

    def _measure(self):
        with self.picture.lock:
            settings = self._chart.settings()
        return experiment.measure(settings, self._known)

    @property
    def _chart(self):
        return Chart(self._setting, self.view, self.scale)

    def _changed(self):
        if self._measuring.busy and self._chart.other(self._before_setting()):
            self._measuring.stop()
        if self.model != NETWORK:
            self._training.stop()
        self._show_work()
        super()._changed()

    def _before_setting(self):
        return Setting(*(self._before[name] for name in Setting._fields)).needed

    def _show_work(self):
        """The bars of work that there is."""
        self._training.layout.display = None if self.model == NETWORK else "none"
        self._measuring.layout.display = None if self._measuring.stage != "idle" else "none"

    def reset(self):
        """Back to how the figure was made; what was measured along an axis is dropped."""
        with self.picture.lock:
            self._measuring.stop()
            self._known.clear()
            super().reset()

    def wait(self, timeout=None):
        """Wait for a training or measuring under way, at most `timeout` seconds each; what is paused goes on."""
        with self.picture.lock:
            self._shown()
        for work in (self._training, self._measuring):
            work.resume()
            work.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def bias2(self):
        """bias² of the models after the last epoch, the mean over the test points; may be a little below 0."""
        return self._finished().parts.bias2.value

    def variance(self):
        """The variance of the models' outputs after the last epoch, the mean over the test points."""
        return self._finished().parts.variance.value

    def total(self):
        """bias² + variance + noise after the last epoch → Estimate (value, error)."""
        return self._finished().parts.total

    def measured(self):
        """The squared error of a hundred other models on fresh noisy targets → Estimate (value, error)."""
        return self._finished().measured

    def apart(self):
        """How many standard errors the sum lies above the measured error; beyond ±3 would be no chance."""
        return self.total().apart(self.measured())

    def train_error(self):
        """The mean squared error of all models on the examples they learned from, after the last epoch."""
        return self._finished().learned

    def closed_form(self):
        """The expected squared error of Gaussian inputs, from theory; other models have none and raise ValueError."""
        if self.model != GAUSSIAN:
            raise ValueError(f"No closed form is known for {self.model}s; it is for {GAUSSIAN!r}.")
        return experiment.closed_form(self._setting, self.capacity)

    @property
    def chart(self):
        """What is measured along the chart's axis so far: {place: (bias², variance, noise, measured error)}."""
        return {
            each.at: (each.bias2.value, each.variance.value, each.noise, each.measured.value)
            for each in self._chart.moments(self._known, self._finished())
        }

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        fit, chart = self._shown(), self._chart
        moments = chart.moments(self._known, fit)
        self.scene.update(
            self._curves(fit),
            {"stack": self._stack(fit)},
            self._parts(fit),
            chart.drawn(moments, self._known),
            wording.words(self, fit, chart, moments),
        )

    def _stack(self, fit):
        """The parts along the curves; noise is no part of the weights' error."""
        noise = 0.0 if self.model == GAUSSIAN else fit.parts.noise
        return np.stack([np.full(len(fit.truth), noise), fit.along.bias2_at, fit.along.variance_at])

    def _curves(self, fit):
        gaussian, examples = self.model == GAUSSIAN, None
        if not gaussian:
            X, y = experiment.examples(fit.setting)
            examples = np.column_stack([X[self.one - 1, :, 0], y[self.one - 1]])
        return {
            "x": np.log10(np.arange(1, len(fit.truth) + 1)) if gaussian else experiment.PLACES,
            "all": fit.curves, "truth": fit.truth, "mean": fit.along.mean_at, "one": fit.curves[self.one - 1],
            "examples": examples, "reach": 1 if gaussian else 2, "ticks": wording.TICKS[gaussian],
            "name": wording.AXES[self.model],
        }  # fmt: skip

    def _parts(self, fit):
        parts = fit.parts
        rows = ((parts.noise, 0.0), parts.bias2, parts.variance, parts.total, fit.measured)
        texts = [text for row in rows for text in map(wording.amount, row)]
        texts[1] = "known"
        values = (parts.noise, parts.bias2.value, parts.variance.value)
        return {"values": values, "total": parts.total, "measured": fit.measured, "texts": texts}

    def describe(self):
        fit, chart = self._shown(), self._chart
        return wording.description(self, fit, chart, chart.moments(self._known, fit))

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self._along(point.pixel)

    def on_drag(self, point):
        self._along(point.pixel)

    def _along(self, pixel):
        if self.scene.chart.bbox.contains(*self.grip.pixel):
            self._go(self._chart.nearest(self.point(*pixel, axes=self.scene.chart).x))

    def _go(self, place):
        if place is not None:
            setattr(self, {CAPACITY: "capacity", LAMBDA: "lam", EPOCHS: "epochs"}[self.view], place)

    def on_key(self, key, shift=False):
        """← and → go along the chart's axis, ↑ and ↓ through the models."""
        if key in ("ArrowLeft", "ArrowRight"):
            self._go(self._chart.next(1 if key == "ArrowRight" else -1))
        if key in ("ArrowUp", "ArrowDown"):
            step = (1 if key == "ArrowUp" else -1) * (10 if shift else 1)
            self.one = min(max(self.one + step, 1), COUNT)
