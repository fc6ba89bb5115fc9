"""Training runs side by side: which settings led where, what the weights did, and what made the difference."""

import numpy as np

from wbviz.engine import RunStore
from wbviz.engine.run_values import checked_note
from wbviz.scenes.run_board import RunBoardScene
from wbviz.widgets import _run_charts as charts
from wbviz.widgets import _run_live as live
from wbviz.widgets import _run_set as experiment
from wbviz.widgets import _run_view as view
from wbviz.widgets import _run_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._panel import button
from wbviz.widgets._run_gestures import RunGestures
from wbviz.widgets._run_live import PARTS
from wbviz.widgets._run_rows import NameRow, NoteRow
from wbviz.widgets._run_set import DATA, GRID, STEPS
from wbviz.widgets._traits import choice, data, number, numbers, toggle, whole
from wbviz.widgets._work import Work


class RunBoard(RunGestures, Explorer):
    """Training runs compared: their curves, their settings on parallel axes, their weights over the steps, notes.

    Predict from its settings alone which run overfits, which one diverges, which has hardly learned; find it; compare
    it with one that did better. Where several settings differ, train the run again with one of them swapped: so it is
    seen which made the difference.

    Without a folder there are 24 real trainings of 2-h-1 tanh networks on 30 noisy examples: 200 steps of gradient
    descent on the mean squared error, judged on 200 examples never seen. One whose loss passes a million is given up.
    `folder`: the learner's own runs, as RunWriter writes them; "Follow" shows those under way as they grow. Drag in the
    curves (takes the run nearest by), along an axis (the brush), in the map of weights (the step). Keys: ← → step, with
    Shift ten; ↑ ↓ the run.
    """

    title = "Training runs, compared"
    size = (680, 514)
    interactive = True
    sweeps = False  # runs grow while they are looked at
    groups = {
        "Runs": ("run", "other", "swap", "dataset", "seed", "notes"),
        "Curves": ("metric", "log", "smoothing"),
        "Brush": ("axis", "span"),
        "Weights over the steps": ("quantity", "layer", "step"),
    }

    folder = data("", check=live.checked_folder)
    own = data([], check=live.checked_own)
    dataset = choice("xor", DATA, label="data", tip="What the networks learn")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the settings of the runs, examples and starting weights")
    run = whole(20, min=1, max=500, label="run", tip="The run looked at: blue")
    other = whole(5, min=0, max=500, label="other run", tip="The run it is compared with: vermillion; 0: none")
    swap = choice("lr", GRID, label="swap", tip="“Train it” repeats the run with this setting of the other run")
    notes = data({}, check=live.checked_notes)
    metric = data("loss", check=live.plain)
    log = toggle(False, label="logarithmic axis", tip="Equal ratios are equally far apart")
    smoothing = number(
        0.0, min=0, max=0.95, step=0.05, label="smoothing", random=False, tip="Of the curves: a moving average"
    )
    axis = data("lr", check=live.plain)
    span = numbers(
        [0.0, 1.0], min=0, max=1, step=0.05, label=("from", "to"), length=(2, 2), random=False,
        tip="Where the brush lies, as shares of the axis' height",
    )  # fmt: skip
    quantity = choice("weights", PARTS, label="numbers", tip="Whose spread over the steps is shown")
    layer = whole(1, min=1, max=20, label="layer", tip="1 is the first hidden layer")
    step = whole(STEPS, min=0, max=10_000_000, label="step", tip="At which step the bars stand")

    _store = None

    def __init__(self, *, folder="", **settings):
        if folder:  # its newest run, at its end
            settings = live.first_look(folder) | settings | {"folder": folder}
        super().__init__(**settings)

    # --- runs -------------------------------------------------------------------------------------------------------

    @property
    def store(self):
        """The RunStore of the folder, or None where the runs come along."""
        if not self.folder:
            return None
        if self._store is None or str(self._store.folder) != self.folder:
            self._store = RunStore(self.folder)
        return self._store

    @property
    def runs(self):
        """All runs, a list of Run: number 1 is the first."""
        if self.folder:
            return self.store.runs
        every = experiment.runs(self.dataset, self.seed)
        own = [experiment.Settings(**settings) for settings in self.own]
        names = [f"run {len(every) + k + 1}" for k in range(len(own))]
        return [*every, *(experiment.single(self.dataset, self.seed, *each) for each in zip(own, names, strict=True))]

    def range_of(self, name):
        """There are as many runs, layers and steps to choose as the runs have."""
        meta = super().range_of(name)
        if name in ("run", "other"):
            return meta | {"max": max(len(self.runs), 1)}
        if name == "layer":
            parts = [int(part[1:]) for run in self.runs for part in run.parts if part.startswith("W")]
            return meta | {"max": max(parts, default=1)}
        if name == "step":
            return meta | {"max": charts.last_step(self.runs)}
        return meta

    def settle(self, changed):
        """Other runs may be fewer, narrower or shorter; the brush goes from below to above."""
        for name in ("run", "other", "layer", "step"):
            setattr(self, name, min(getattr(self, name), self.range_of(name)["max"]))
        if self.span[0] > self.span[1]:
            self.span = sorted(self.span)

    def idle(self):
        """A folder has runs of its own; without another run there is nothing to swap, without an axis no brush."""
        names = [*(("dataset", "seed") if self.folder else ()), *(() if any(map(self.can_swap, GRID)) else ("swap",))]
        names += [name for name in ("run", "layer") if self.range_of(name)["max"] == 1]
        return names if self.axis in self._axis_names() else [*names, "span"]

    def own_rows(self):
        self._note_row = NoteRow(self)
        return {
            "notes": self._note_row,
            "metric": NameRow(self, "metric", "metric", "What the curves and the last axis show", self._metric_names),
            "axis": NameRow(self, "axis", "axis", "The setting or outcome that is brushed", self._axis_names),
        }

    def _metric_names(self):
        return {name: charts.named(name) for name in charts.metrics_of(self.runs)}

    def _axis_names(self):
        return {axis.name: charts.named(axis.name) for axis in charts.axes_of(self.runs, self.metric)}

    def prepare(self):
        self._following = Work(lambda: live.following(self, self.folder), self._look, label="Following")
        self._training = Work(self._train, self._look, label="Training")
        self._following.layout.display = None if self.folder else "none"
        self._training.layout.display = "none"
        self.under = (self._following, self._training)

    def setup(self):
        self.scene = RunBoardScene(self.figure)

    def rest(self):
        """The names to choose from, and the notes, follow the runs."""
        super().rest()
        for row in self._panel._own.values() if self._panel is not None and not self._closed else ():
            row[0].show(getattr(self, row[0].trait))

    def _look(self):
        self.picture.changed()

    # --- what a learner can do --------------------------------------------------------------------------------------

    @button("Train it", "Train the run again, with one setting of the other run")
    def swapped(self):
        """Train the chosen run again, with the setting `swap` of the other run if there is one. → as `train`"""
        one, other = self._pair()
        settings = live.FIRST._asdict()
        settings |= {} if one is None else {name: one.settings[name] for name in settings if name in one.settings}
        settings |= {self.swap: other.settings[self.swap]} if self.can_swap(self.swap) else {}
        return self.train(**settings)

    def can_swap(self, name):
        """Whether both runs have a setting of this name."""
        return all(run is not None and name in run.settings for run in self._pair())

    def train(self, **settings):
        """Train a run of your own: lr, hidden (units), l2, init; what is not given is 0.1, 4, 0, "xavier".

        With a folder it is written there beside the page, slowly enough to be followed, and `wait` waits for it;
        otherwise it is trained at once, chosen, and compared with the one chosen before. → its number, or None
        """
        wanted = live.checked_settings(settings, live.FIRST)
        if self.folder:
            self._wanted = wanted
            self._training.layout.display = None
            self._training.start()
            self.follow()
            return None
        if len(self.own) >= live.MOST_OWN:
            raise ValueError(f"There are {live.MOST_OWN} runs of your own already. Undo, or Reset.")
        count = len(self.runs) + 1
        self.apply({"own": [*self.own, wanted._asdict()], "run": count, "other": self.run})
        return self.run

    def _train(self):
        return live.training(self.folder, self.dataset, self.seed, self._wanted)

    def follow(self):
        """Look for what is written into the folder, ten times a second, until Stop or until nothing comes."""
        if not self.folder:
            raise ValueError("These runs are over. Follow your own: RunBoard(folder='runs').")
        self._following.start()

    def wait(self, timeout=None):
        """Wait for a training that writes into the folder, at most `timeout` seconds; then stop following."""
        self._training.wait(timeout)
        self._following.stop()
        self._following.wait(2)
        with self.picture.lock:
            if self.folder:
                self.store.refresh()
            self.rest()

    def note(self, text):
        """Keep a note with the chosen run: in its file, or with runs that came along in the state of this figure."""
        text, one = checked_note(text), self._chosen()
        if self.folder:
            self.store.note(one.name, text)
            self.rest()
        else:
            self.notes = {**self.notes, one.name: [*self.notes.get(one.name, []), text]}

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _pair(self):
        """The run looked at and the one it is compared with, None where there is none."""
        runs = self.runs
        return tuple(runs[k - 1] if 1 <= k <= len(runs) else None for k in (self.run, self.other))

    def _chosen(self, number=None):
        runs, wanted = self.runs, self.run if number is None else number
        if not 1 <= wanted <= len(runs):
            raise ValueError(f"There is no run {wanted}: there are {len(runs)}.")
        return runs[wanted - 1]

    def notes_of(self, number=None):
        """The notes of a run, the chosen one without a number: a list of texts."""
        if not self.runs:
            return []
        one = self._chosen(number)
        return [*one.notes, *([] if self.folder else self.notes.get(one.name, []))]

    def verdict(self, number=None):
        """What became of a run: "diverged", "overfits", "rising", "still falling", "level" or "too short"."""
        return charts.judged(self._chosen(number)).kind

    def final(self, metric="validation_loss", number=None):
        """The last value of a metric of a run, or None where it has none."""
        return self._chosen(number).last(metric)

    def differences(self):
        """The settings in which the two runs differ: name → (the run's, the other's)."""
        one, other = self._pair()
        return {} if one is None or other is None else words.differences(one, other)

    def brushed(self):
        """The numbers of the runs inside the brush; all of them where there is none."""
        return (np.flatnonzero(self._inside(charts.axes_of(self.runs, self.metric))) + 1).tolist()

    def best(self):
        """The number of the run with the smallest last loss on examples never seen, diverged ones apart."""
        found = [(words.unseen(run), k + 1) for k, run in enumerate(self.runs) if charts.tame_one(run)]
        return min((pair for pair in found if pair[0] is not None), default=(None, None))[1]

    def _inside(self, axes):
        brushed = next((axis for axis in axes if axis.name == self.axis), None)
        if brushed is None:
            return np.ones(len(self.runs), bool)
        return (brushed.places >= self.span[0] - 1e-9) & (brushed.places <= self.span[1] + 1e-9)

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        if self.folder and not self._following.busy:
            self.store.refresh()
        self.scene.update(*view.picture(self))

    def describe(self):
        return view.sentence(self)
