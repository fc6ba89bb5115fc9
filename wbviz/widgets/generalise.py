"""The same architecture on different data: what a network learned counts on the examples it has never seen."""

from wbviz.scenes.generalise import GeneraliseScene
from wbviz.widgets import _generalising as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._generalising import CELLS, DATA, FEWEST, PLANES, SEEDS, Curve, Setting
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import percent, plural, signed
from wbviz.widgets._work import Work


class Generalise(Explorer):
    """A network with one hidden layer learns from some examples of a data set and is judged on others it never sees.

    Predict the error on unseen examples from the error on learned ones; add examples and see the gap close; change the
    data and see that the same weights are of no use there. "Measure the curve" trains 8 networks at each size.

    It trains for real. While a browser shows the figure, a changed knob starts a training beside the page, which drops
    the one under way; the picture shows the network as it is by then, and can be paused, stepped and stopped. Where
    nobody looks, `png`, `describe` and all methods train to the end first. Either way the same knobs end with the
    same network, to the last bit. The measured curve is no part of the state.
    """

    title = "One network, the examples it learned from, and those it has never seen"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture is a training run

    dataset = choice("moons", DATA, label="data", tip="What there is to learn; a newly chosen set has its own noise")
    examples = whole(20, min=FEWEST, max=400, label="examples", tip="How many examples are learned from")
    noise = number(0.3, min=0, max=1, step=0.05, label="noise", tip="Standard deviation in the inputs", random=False)
    hidden = whole(16, min=1, max=32, label="hidden units", tip="tanh units between inputs and outputs")
    epochs = whole(100, min=0, max=300, label="epochs", tip="How often all examples are gone through; 0: untrained")
    seed = whole(2, min=0, max=99, label="seed", tip="Draws the starting weights, and which examples there are")

    _snapshot = _curve = None

    def range_of(self, name):
        """There are as many examples as the data set has."""
        meta = super().range_of(name)
        if name != "examples":
            return meta
        return meta | {"min": experiment.fewest(self.dataset), "max": experiment.most(self.dataset)}

    def settle(self, changed):
        """A newly chosen set begins with its own noise and has its own number of examples at most."""
        if "dataset" in changed and "noise" not in changed:
            self.noise = PLANES.get(self.dataset, 0.0)
        if "dataset" in changed and "examples" not in changed:
            span = self.range_of("examples")
            self.examples = min(max(self.examples, span["min"]), span["max"])

    def prepare(self):
        self._training = Work(self._train, lambda: self.picture.changed(), label="Training")
        self._measuring = Work(self._measure, lambda: self.picture.changed(), label="Learning curve")
        self._measuring.layout.display = "none"
        self.under = (self._training, self._measuring)

    def setup(self):
        self.scene = GeneraliseScene(self.figure)

    # --- training ---------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    def _train(self):
        with self.picture.lock:
            setting = self._setting
            self._snapshot = experiment.untrained(setting)
        for self._snapshot in experiment.snapshots(setting):
            epoch = self._snapshot.epoch
            yield epoch / setting.epochs, f"after {epoch} of {setting.epochs} epochs"

    def _shown(self):
        """The snapshot to show: the one under way while a browser looks, otherwise the finished one."""
        setting = self._setting
        if self._snapshot is not None and self._snapshot.setting == setting:
            return self._snapshot
        if not self.picture.pacing.views:
            return experiment.finished(setting)
        self._snapshot = experiment.untrained(setting)
        self._training.restart()
        return self._snapshot

    def _finished(self):
        """The snapshot after the last epoch, trained here and now if need be."""
        shown, setting = self._snapshot, self._setting
        if shown is not None and (shown.setting, shown.epoch) == (setting, setting.epochs):
            return shown
        return experiment.finished(setting)

    @button("Measure the curve", "Train 8 networks at each of several numbers of examples")
    def measure(self):
        """Begin to measure the learning curve of this data set beside the page. `wait()` waits for it."""
        self._measuring.layout.display = None
        self._measuring.restart()

    def _measure(self):
        with self.picture.lock:
            self._curve = curve = Curve(self._setting.curve)
        return experiment.measure(curve)

    def _forget_curve(self):
        self._measuring.stop()
        self._measuring.layout.display = "none"
        self._curve = None

    def _changed(self):
        if self._curve is not None and self._curve.setting != self._setting.curve:
            self._forget_curve()
        super()._changed()

    def reset(self):
        """Back to how the figure was made; the measured curve is dropped."""
        with self.picture.lock:
            self._forget_curve()
            super().reset()

    def wait(self, timeout=None):
        """Wait for a training or measuring under way, at most `timeout` seconds each; what is paused goes on."""
        with self.picture.lock:
            self._shown()
        for work in (self._training, self._measuring):
            work.resume()
            work.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The trained network, a copy of one's own. Inputs, but for digits, are standardised by the learned ones."""
        return self._finished().net.copy()

    def train_error(self):
        """The share of wrong answers among the examples learned from, 0 to 1, after the last epoch."""
        return float(experiment.judge(self._finished()).now.learned)

    def test_error(self):
        """The share of wrong answers among the examples never seen, 0 to 1, after the last epoch."""
        return float(experiment.judge(self._finished()).now.unseen)

    def error_before(self):
        """The share of wrong answers among the examples never seen, 0 to 1, with the starting weights."""
        return float(experiment.judge(self._finished()).before.unseen)

    def error_on(self, dataset):
        """The share of wrong answers of this trained network on the unseen examples of another plane, 0 to 1.

        A name that is not one of the other planes raises ValueError.
        """
        elsewhere = experiment.judge(self._finished()).elsewhere
        if dataset not in elsewhere:
            known = f"It can be judged on {', '.join(elsewhere)}." if elsewhere else "No other set has its inputs."
            raise ValueError(f"A network that learned {self.dataset} cannot be judged on {dataset!r}. {known}")
        return elsewhere[dataset]

    @property
    def curve(self):
        """The learning curve so far, or None: `.sizes`; for each, in `.learned` and `.unseen`, 8 networks' errors."""
        return self._curve

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        snapshot, curve = self._shown(), self._curve
        judged, lesson = experiment.judge(snapshot), experiment.lesson(snapshot.setting)
        measured = curve.so_far if curve is not None and curve.sizes else None
        axis = {"sizes": experiment.sizes(self.dataset), "at": self.examples, "measured": measured}
        points = self._places(judged, lesson) if self.dataset in PLANES else None
        words = self._words(snapshot, judged, lesson)
        self.scene.update(judged.now[:2], judged.before[:2], points, judged.counts, axis, words)

    def _places(self, judged, lesson):
        rows, unseen = lesson.rows, experiment.parts(self.dataset, self.noise)[1]
        return {
            "map": judged.map.reshape(CELLS, CELLS),
            "limit": experiment.limit(self.dataset, self.noise),
            "learned": [rows.X[rows.y == k] for k in (0, 1)],
            "unseen": unseen.X[judged.wrong],
        }

    def _words(self, snapshot, judged, lesson):
        names, now, before = lesson.rows.target_names, judged.now, judged.before
        counted = [percent(share) for share in (now.learned, before.learned, now.unseen, before.unseen)]
        return self._words_on_data(snapshot, judged, names) | {
            "heading": f"{self._name()}: a {_architecture(snapshot)} network, {self.examples:,} examples",
            "state": f"noise {self.noise:.2f}, seed {self.seed}: {_epochs(snapshot)}",
            "rows": (f"{len(lesson.y):,} learned from", f"{len(lesson.unseen_y):,} never seen"),
            "numbers": counted,
            "gap": f"Gap: {_points(now)}",
            "loss": f"loss: {now.learned_loss:.2f} and {now.unseen_loss:.2f}",
            "curve": self._curve_words(),
            "hint": "The marks are this network: drag, or press ← →",
            "classes": names,
        }

    def _words_on_data(self, snapshot, judged, names):
        if self.dataset in PLANES:
            return {
                "answers": "Its answer everywhere in the plane",
                "legend": (*names, "unseen, wrong"),
                "elsewhere_title": "Wrong answers to other data, same weights:",
                "elsewhere": [*judged.elsewhere, *map(percent, judged.elsewhere.values())],
            }
        return {
            "answers": "Unseen: truth (row), answer (column)",
            "legend": [""] * 3,
            "elsewhere_title": f"No other data here have {snapshot.net.sizes[0]} inputs.",
            "elsewhere": [""] * 8,
        }

    def _curve_words(self):
        curve = self._curve
        if curve is None or not curve.sizes:
            return "Learning curve: not measured yet"
        done, everything = len(curve.sizes), len(experiment.sizes(self.dataset))
        return f"Learning curve: {SEEDS} networks, " + (
            "mean and range" if done == everything else f"{done} of {everything} sizes"
        )

    def describe(self):
        snapshot = self._shown()
        judged, lesson = experiment.judge(snapshot), experiment.lesson(snapshot.setting)
        now, data = judged.now, self._name().capitalize()
        return (
            f"{data}, noise {self.noise:.2f}, seed {self.seed}: a {_architecture(snapshot)} network learns from "
            f"{self.examples:,} of {experiment.most(self.dataset):,} examples. {_epochs(snapshot).capitalize()}, "
            f"it errs on {percent(now.learned)} of the examples it learned from and on {percent(now.unseen)} of the "
            f"{len(lesson.unseen_y):,} it has never seen: a gap of {_points(now)}. With the starting weights it erred "
            f"on {percent(judged.before.unseen)} of the unseen ones. "
            f"{self._elsewhere_in_words(judged)} {self._curve_in_words()}"
        )

    def _elsewhere_in_words(self, judged):
        shares = ", ".join(f"{percent(share)} of {name}" for name, share in judged.elsewhere.items())
        return (
            f"Asked about other data, the same weights err on {shares}." if shares else "No other data have its inputs."
        )

    def _curve_in_words(self):
        curve = self._curve
        if curve is None or not curve.sizes:
            return "The learning curve is not measured yet."
        sizes, *both = curve.so_far
        learned, unseen = (f"{percent(shares[0].mean())} to {percent(shares[-1].mean())}" for shares in both)
        return (
            f"The learning curve, {SEEDS} networks at each of {plural(len(sizes), 'size')}: from {sizes[0]:,} to "
            f"{sizes[-1]:,} examples the mean error goes from {unseen} on unseen ones, from {learned} on learned ones."
        )

    def _name(self):
        return self.dataset.replace("_", " ")

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        if self.scene.curve.bbox.contains(*self.grip.pixel):
            examples, span = self.point(*point.pixel, axes=self.scene.curve).x, self.range_of("examples")
            self.examples = round(min(max(examples, span["min"]), span["max"]))

    on_press = on_drag

    def on_key(self, key, shift=False):
        """← and → go to the next number of examples on the axis of the learning curve."""
        sizes = experiment.sizes(self.dataset)
        if key == "ArrowRight":
            self.examples = next((size for size in sizes if size > self.examples), sizes[-1])
        if key == "ArrowLeft":
            self.examples = next((size for size in reversed(sizes) if size < self.examples), sizes[0])


def _architecture(snapshot):
    return "-".join(map(str, snapshot.net.sizes))


def _epochs(snapshot):
    epochs = snapshot.setting.epochs
    return f"after {snapshot.epoch} of {epochs} epochs" if epochs else "untrained"


def _points(now):
    """How much larger the error on unseen examples is, in percentage points."""
    return f"{signed(100 * (now.unseen - now.learned), 1)} points"
