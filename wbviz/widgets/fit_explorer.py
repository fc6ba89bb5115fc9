"""Too little, too much, just right: a network's fit to few noisy points, and its error on points it never saw."""

import numpy as np

from wbviz.scenes.fit_explorer import FitScene
from wbviz.widgets import _fitting as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._fit_gestures import FitGestures
from wbviz.widgets._fitting import EDGE, EPOCHS, LOOKS, PLACES, SEEDS, STRIDE, TRUTHS, WIDEST, WIDTHS
from wbviz.widgets._following import Following, OnDemand
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, data, number, whole
from wbviz.widgets._words import plural, signed

#: Examples of the learner's own lie at most so far up or down.
HIGHEST = 5.0
VERDICTS = {"near": "close to the sweet spot", "under": "underfitting", "over": "overfitting"}
MEANINGS = {
    "near": "What it learned holds for new points too.",
    "under": "It fits even its own points worse than the best does.",
    "over": "It fits its own points better than the best does: noise too.",
}


def _points(value):
    """Own examples as [[x, y], …], or [] for drawn ones. Raises ValueError."""
    if not isinstance(value, (list, tuple)) or not (not value or experiment.FEWEST <= len(value) <= experiment.MOST):
        raise ValueError(f"expected [] or {experiment.FEWEST} to {experiment.MOST} points [x, y], but got {value!r}.")
    return [_point(point, i) for i, point in enumerate(value)]


def _point(point, i):
    try:
        x, y = (round(float(v), 3) for v in point)
    except (TypeError, ValueError):
        raise ValueError(f"point {i + 1} must be [x, y], but is {point!r}.") from None
    if not (abs(x) <= EDGE and abs(y) <= HIGHEST):
        raise ValueError(f"point {i + 1}: x goes from −{EDGE:g} to {EDGE:g}, y from −{HIGHEST:g} to {HIGHEST:g}.")
    return [x, y]


def _chosen(value):
    """Which point the keys move: its index, or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise ValueError(f"expected None or the index of a point, but got {value!r}.")
    return value


class FitExplorer(FitGestures, Explorer):
    """A network with one input learns a curve from few noisy points, and is judged on 101 points it never sees.

    Predict which number of hidden units, and how many epochs, make the error on unseen points smallest. Move both, and
    see the curve go from too stiff to too wild; add examples, take noise away, or turn λ, and see the wild curve calm.
    Drag a point far away: who follows it? All 16 widths are trained at once, for each change of the other knobs, with
    Adam on all examples; so the knobs for hidden units and epochs show at once what is known. The verdict compares with
    the best of all widths and epochs, with the penalty and without: whoever is worse on its own points too underfits.

    While a browser shows the figure, a changed knob starts the training beside the page, and the picture follows when
    it is there; it can be paused, stepped and stopped. Where nobody looks, it is trained to the end first. "Measure"
    repeats everything with 8 seeds: the error against capacity, median and middle half; that is no part of the state.

    Drag in the plots on the right for epochs and hidden units. Keys: ← → hidden units, ↑ ↓ epochs, n: the next point,
    which arrows then move (with Shift further), Escape lets it go.
    """

    title = "A curve from few points: too little, too much, just right"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture is a training run

    target = choice("wave", TRUTHS, label="truth", tip="The curve that the points come from")
    examples = whole(
        12, min=experiment.FEWEST, max=experiment.MOST, label="examples", tip="How many points are learned from"
    )
    noise = number(0.3, min=0, max=0.8, step=0.05, label="noise", random=False, tip="Standard deviation in y")
    hidden = whole(16, min=1, max=WIDEST, label="hidden units", tip="tanh units in each hidden layer")
    layers = choice(1, (1, 2), label="hidden layers", tip="One layer, or two of the same width")
    lam = number(0, min=0, max=0.1, step=0.002, label="λ (L2)", random=False, tip="Strength of the penalty λ/2·Σw²")
    epochs = whole(EPOCHS, min=0, max=EPOCHS, step=STRIDE, label="epochs", tip="How often all points are gone through")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the points and the starting weights")
    points = data([], check=_points)
    chosen = data(None, check=_chosen)

    def settle(self, changed):
        """Own points stay until other points are asked for; epochs are looked at every twentieth."""
        if changed & {"target", "examples", "noise", "seed"} and "points" not in changed:
            self.points = []
        if self.points and "points" in changed:
            self.examples = len(self.points)
        self.epochs = round(self.epochs / STRIDE) * STRIDE
        if self.chosen is not None and self.chosen >= self.examples:
            self.chosen = None

    def prepare(self):
        self._training = Following(self, experiment.Fit, experiment.fit, label="Training")
        self._measuring = OnDemand(self, self._whatever_the_seed, experiment.Capacity, label="Error against capacity")
        self.under = (self._training.work, self._measuring.work)

    def setup(self):
        self.scene = FitScene(self.figure, EDGE, (0, 50, 200, 500, EPOCHS), (1, 2, 4, 8, 12, WIDEST))

    # --- training ---------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        points = tuple(map(tuple, self.points))
        return experiment.Setting(self.target, self.examples, self.noise, self.layers, self.lam, self.seed, points)

    def _whatever_the_seed(self):
        return self._setting._replace(points=(), seed=0)

    @button("Measure", f"Train all widths with {SEEDS} seeds: the error against capacity, median and middle half")
    def measure(self):
        """Begin to measure the error against capacity with 8 seeds, beside the page. `wait()` waits for it."""
        self._measuring.start()

    def _changed(self):
        self._measuring.check()
        super()._changed()

    def reset(self):
        """Back to how the figure was made; what was measured is dropped."""
        with self.picture.lock:
            self._measuring.drop()
            super().reset()

    def wait(self, timeout=None):
        """Wait for a training or measuring under way, at most `timeout` seconds each; what is paused goes on."""
        self._training.wait(timeout)
        self._measuring.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The trained network, a copy of one's own."""
        return self._training.finished().network(self.hidden, self.epochs // STRIDE)

    def train_error(self):
        """The mean squared error on the points learned from."""
        return float(self._training.finished().learned[self.epochs // STRIDE, self.hidden - 1])

    def validation_error(self):
        """The mean squared error on 101 points never seen."""
        return float(self._training.finished().unseen[self.epochs // STRIDE, self.hidden - 1])

    def noise_error(self):
        """The mean squared error of the true curve on the points never seen: what noise alone makes."""
        return self._training.finished().lesson.floor

    def sweet_spot(self):
        """Where the error on unseen points is smallest, with this λ or 0: .width, .epoch, .lam, .learned, .unseen."""
        return experiment.sweet_spot(self._training.finished())

    def verdict(self):
        """ "underfitting", "overfitting" or "close to the sweet spot"."""
        return VERDICTS[experiment.verdict(self.sweet_spot(), self.train_error(), self.validation_error())]

    @property
    def capacity(self):
        """What "Measure" found so far, or None: .learned and .unseen, shape (looks, seeds, widths)."""
        return self._measuring.found

    def best_width(self):
        """How many hidden units have the smallest error on unseen points, median of the seeds that "Measure" took.

        At the epochs shown; None before they are measured.
        """
        spread = self._spread(self.epochs // STRIDE)
        return None if spread is None else int(WIDTHS[spread[0][1].argmin()])

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        fit = self._training.shown()
        look, k = min(self.epochs // STRIDE, fit.reached), self.hidden - 1
        now, own = (fit.learned[look, k], fit.unseen[look, k]), experiment.lesson(self._setting)
        points = np.hstack([own.X, own.y])
        place = points[self.chosen] if self.chosen is not None else None
        truth = TRUTHS[self.target](PLACES)
        curve = fit.network(self.hidden, look)(PLACES)
        plane = {"x": PLACES, "truth": truth, "unseen": own.unseen_y, "curve": curve, "points": points, "chosen": place}
        paths, best = np.stack([fit.learned[:, k], fit.unseen[:, k]]), int(np.nanargmin(fit.unseen[:, k]))
        errors = {"x": LOOKS, "paths": paths, "at": LOOKS[look], "now": now, "sweet": (LOOKS[best], paths[1, best])}
        paths, best = np.stack([fit.learned[look], fit.unseen[look]]), int(fit.unseen[look].argmin())
        capacity = {"x": WIDTHS, "paths": paths, "at": self.hidden, "now": now, "sweet": (WIDTHS[best], paths[1, best])}
        spread = self._spread(look)
        level = float(own.unseen_y.var()) if spread is None else float(np.quantile(spread[0], 0.9))
        capacity |= {"level": level, "spread": spread}
        self.scene.update(plane, errors, capacity, fit.lesson.floor, self._words(fit, look))

    def _spread(self, look):
        """Median and quartiles of the errors, each (2, widths), over the seeds measured, if that is done so far."""
        found = self._measuring.found
        if found is None or found.reached < look:
            return None
        both = np.stack([found.learned[look], found.unseen[look]])
        return np.quantile(both, (0.5, 0.25, 0.75), axis=1)

    def _judged(self, fit, look):
        sweet = experiment.sweet_spot(fit)
        learned, unseen = fit.learned[look, self.hidden - 1], fit.unseen[look, self.hidden - 1]
        return sweet, float(learned), float(unseen), experiment.verdict(sweet, learned, unseen)

    def _words(self, fit, look):
        sweet, learned, unseen, kind = self._judged(fit, look)
        ready = fit.setting == self._setting and fit.finished
        own = "own points" if self.points else f"noise {signed(self.noise)}, seed {self.seed}"
        count = plural(fit.network(self.hidden, look).n_params, "number")
        each = f"at epoch {LOOKS[look]:,}" if self._spread(look) is None else f"thick: median of {SEEDS} seeds"
        return {
            "heading": f"{self._architecture()}: {count} learn a {self.target} from {plural(self.examples, 'point')}",
            "state": f"{own}, λ = {self.lam:g}: epoch {LOOKS[look]:,}{'' if ready else ', training…'}",
            "titles": ("Mean squared error, as it is trained", f"… of each width, {each}"),
            "numbers": [signed(value, 3) for value in (learned, unseen, fit.lesson.floor)],
            "says": (
                f"{VERDICTS[kind].capitalize()}.",
                MEANINGS[kind],
                f"Sweet spot: {self._place(sweet)}: {signed(sweet.unseen, 3)} and {signed(sweet.learned, 3)}.",
            ),
        }

    def _place(self, sweet):
        lam = f", λ = {sweet.lam:g}" if self.lam else ""
        return f"{plural(sweet.width, 'unit')}, epoch {sweet.epoch}{lam}"

    def _architecture(self):
        return "-".join(map(str, experiment.sizes(self.hidden, self.layers)))

    def describe(self):
        fit = self._training.shown()
        look = min(self.epochs // STRIDE, fit.reached)
        sweet, learned, unseen, kind = self._judged(fit, look)
        own = "moved by hand" if self.points else f"seed {self.seed}"
        at = "" if self.chosen is None else f" Point {self.chosen + 1} is in hand."
        begun = "A" if fit.setting == self._setting and fit.finished else "Training is under way. A"
        return (
            f"{begun} {self._architecture()} network learns a {self.target} from "
            f"{plural(self.examples, 'point')} ({own}, noise {signed(self.noise)}) with λ = {self.lam:g}. "
            f"After {LOOKS[look]:,} of {EPOCHS:,} epochs its mean "
            f"squared error is {signed(learned, 3)} on the points it learned from and {signed(unseen, 3)} on "
            f"{len(PLACES)} it has never seen, where the true curve itself has {signed(fit.lesson.floor, 3)}: "
            f"{VERDICTS[kind]}. {MEANINGS[kind]} Of all widths and epochs, "
            f"{self._place(sweet)}, is best for unseen points: {signed(sweet.unseen, 3)}, with "
            f"{signed(sweet.learned, 3)} on its own.{at} {self._measured_in_words(look)}"
        )

    def _measured_in_words(self, look):
        spread = self._spread(look)
        if spread is None:
            return "Capacity is not measured with other seeds yet."
        unseen = spread[0][1]
        best = int(unseen.argmin())
        return (
            f"Over {SEEDS} seeds, the median error on unseen points is {signed(unseen[0], 3)} with 1 unit and "
            f"{signed(unseen[-1], 3)} with {WIDEST}; it is smallest, {signed(unseen[best], 3)}, with "
            f"{plural(int(WIDTHS[best]), 'unit')}."
        )
