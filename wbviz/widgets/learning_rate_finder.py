"""The learning-rate range test: one short run whose rate rises, and real trainings that try what it says."""

from wbviz.scenes.learning_rate_finder import LearningRateFinderScene
from wbviz.widgets import _finding as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._finding import (
    BATCHES,
    EXAMPLES,
    HIGH,
    LOSSES,
    LOW,
    OPTIMIZERS,
    OVER,
    RUNS,
    TRIED,
    UNSEEN,
    Setting,
)
from wbviz.widgets._scales import LogScale
from wbviz.widgets._schedule_words import plain
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import percent, plural

TENTH = 10.0  # Smith and others take a rate so many times below the one with the least loss


class LearningRateFinder(Explorer):
    """One run from a fresh start in which the learning rate rises from step to step, in equal ratios, until it breaks.

    Predict which rates learn too slowly, which diverge, and which is best; then choose one and see it really trained,
    beside the two that people read off the curve and nine fixed ones. See that the test finds the right decade in one
    short run, that its answer is another for each optimiser, and that it knows nothing of what comes after the first
    fall: choose the moons, where the loss has a second one.

    Smith (2015, 2017). The loss shown bold is a moving average, made unbiased as Adam's is. Drag in the plots on the
    left for the rate. Keys: ← → the rate, with Shift five times as far; Home the fastest fall, End the best of nine.
    """

    title = "Which learning rate? A test in one short run"
    size = (660, 484)
    interactive = True

    run = choice("digits", RUNS, label="task", tip="Digits: a 64-16-10 network; moons: the 2-4-1 network")
    optimizer = choice("SGD", OPTIMIZERS, label="optimiser", tip="Each has rates of its own")
    lr = number(
        0.03, min=LOW, max=HIGH, step=0.001, log=True, label="rate chosen", tip="Trained for real, from the same start"
    )
    smoothing = number(0.9, min=0, max=0.98, step=0.02, label="smoothing β", tip="0: no smoothing", random=False)
    length = whole(200, min=50, max=400, step=10, label="test steps", tip="In which the rate goes from end to end")
    steps = whole(80, min=10, max=200, step=10, label="train steps", tip="At a constant rate, after the test")
    batch = choice(32, BATCHES, label="mini-batch", tip="Examples in a step")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the starting weights and the order of the examples")

    def setup(self):
        self.scene = LearningRateFinderScene(self.figure)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(self.run, self.optimizer, self.batch, self.seed)

    @property
    def test(self):
        """The test: `.rates` and `.loss` of each step's mini-batch."""
        return experiment.test(self._setting, self.length)

    @property
    def reading(self):
        """What it says: `.fastest`, `.least`, `.over` (rates; the last may be None) and `.smoothed`."""
        return experiment.read(self.test, self.smoothing)

    def loss_at(self, lr):
        """The loss on all examples learned from after `steps` steps at a constant rate, for real."""
        return float(experiment.trained(self._setting, float(lr), self.steps).loss[-1])

    def tried(self):
        """The same for nine fixed rates: dict rate → loss."""
        return dict(zip(TRIED.tolist(), experiment.tried(self._setting, self.steps).tolist(), strict=True))

    def best(self):
        """That one of the nine rates with the least loss."""
        losses = self.tried()
        return min(losses, key=losses.get)

    # --- picture and words ------------------------------------------------------------------------------------------

    def _rates(self, reading):
        """The rate chosen, that of the fastest fall, a tenth of the least loss's, the best of the nine."""
        return self.lr, reading.fastest, reading.least / TENTH, self.best()

    def redraw(self):
        test, reading = self.test, self.reading
        rates = self._rates(reading)
        trained = [experiment.trained(self._setting, rate, self.steps) for rate in rates]
        losses = self.tried()
        self.scene.update(
            {
                "rates": test.rates, "loss": test.loss, "smoothed": reading.smoothed, "marks": rates[1:3],
                "end": reading.over, "top": 1.3 * float(reading.smoothed[: len(test.loss) // 4].max()),
            },
            [{"rate": rate, "at": one.at, "loss": one.loss} for rate, one in zip(rates, trained, strict=True)],
            {"rates": list(losses), "loss": list(losses.values())},
            {"steps": self.steps, "losses": LOSSES[self.run]},
            self._words(reading, rates, [float(one.loss[-1]) for one in trained]),
        )  # fmt: skip

    def _words(self, reading, rates, losses):
        chosen, fastest, tenth, best = map(_rate, rates)
        beta = f"{self.smoothing:.2f}"
        return {
            "heading": f"{self._name()} with {self.optimizer}: rate {chosen} chosen",
            "state": f"{EXAMPLES} examples, {self.batch} a step, seed {self.seed}; "
            f"rate {LOW:g} to {HIGH:g} in {self.length} steps",
            "formula": f"s ← {beta} s + {1 - self.smoothing:.2f} loss, shown: s / (1 − {beta}ᵏ) at step k",
            "titles": (f"Loss on all examples after {self.steps} steps, by rate", "These trainings, by step"),
            "reads": (
                f"falls fastest at {fastest}",
                f"a tenth of the least's: {tenth}",
                f"{OVER:g} × its least at {_rate(reading.over)}" if reading.over else "it does not diverge",
            ),
            "names": (f"chosen {chosen}", f"fastest fall {fastest}", f"tenth {tenth}", f"best of nine {best}"),
            "values": tuple(map(self._loss, losses)),
            "verdict": self._verdict(reading, rates, losses),
        }

    def _verdict(self, reading, rates, losses):
        """How good the test's answer was, in a sentence: the fastest fall's rate against the best of nine."""
        ratio, best, (_, fastest, _, least) = rates[1] / rates[3], _rate(rates[3]), map(self._loss, losses)
        if losses[1] < 1.1 * losses[3]:
            return f"The fastest fall's rate does as well as the best of nine, {best}: {fastest} against {least}."
        where = f"{plain(max(ratio, 1 / ratio), 2)} times {'below' if ratio < 1 else 'above'}"
        return f"The fastest fall's rate is {where} the best of nine, {best}: loss {fastest} against {least}."

    def _loss(self, value):
        """A loss as text; one that grew beyond the axis is said to be."""
        top = LOSSES[self.run][1]
        return plain(value) if value < top else f"above {top:g}"

    def _name(self):
        sizes = "-".join(map(str, RUNS[self.run][0]))
        return f"{self.run.capitalize()}, {sizes}"

    def describe(self):
        reading, (low, high) = self.reading, LOSSES[self.run]
        rates = self._rates(reading)
        trained = [experiment.trained(self._setting, rate, self.steps) for rate in rates]
        losses = [float(one.loss[-1]) for one in trained]
        least = self._loss(float(reading.smoothed.min()))
        end = f"it passes {OVER:g} times its least at {_rate(reading.over)}" if reading.over else "it does not diverge"
        names = ("the rate chosen", "the fastest fall's", "a tenth of the least loss's", "the best of nine rates")
        tries = "; ".join(
            f"{name}, {_rate(rate)}: {self._loss(loss)}" for name, rate, loss in zip(names, rates, losses, strict=True)
        )
        return (
            f"Range test on {self._name()}, {self.optimizer}, {self.batch} examples a step, seed {self.seed}: the rate "
            f"rises from {LOW:g} to {HIGH:g} in {plural(self.length, 'step')}. Smoothed with β = {self.smoothing:.2f}, "
            f"the loss falls fastest at {_rate(reading.fastest)} and is least, {least}, "
            f"at {_rate(reading.least)}; {end}. Loss on {EXAMPLES} examples after {self.steps} real steps at one rate: "
            f"{tries}. {self._verdict(reading, rates, losses)} With the rate chosen {percent(trained[0].right)} of "
            f"{UNSEEN} unseen examples are right. Losses outside of {low:g} to {high:g} are drawn at the edge."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        held = next((a for a in (self.scene.test, self.scene.after) if a.bbox.contains(*self.grip.pixel)), None)
        if held is not None:
            there = self.point(*point.pixel, axes=held).x
            self._choose(LogScale().position_of(min(max(there, LOW), HIGH)))

    on_press = on_drag

    def on_key(self, key, shift=False):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (5 if shift else 1)
        if across:
            self._choose(LogScale().position_of(self.lr) + across)
        elif key in ("Home", "End"):
            self._choose(LogScale().position_of(self.reading.fastest if key == "Home" else self.best()))

    def _choose(self, position):
        """Take the rate at a position of the logarithmic scale, or the nearest end."""
        ends = (LogScale().position_of(end) for end in (LOW, HIGH))
        low, high = ends
        self.apply({"lr": LogScale().value_at(min(max(position, low), high))}, gesture="lr")


def _rate(value):
    """A learning rate as text, to three digits."""
    return f"{value:.3g}" if value >= LOW else plain(value)
