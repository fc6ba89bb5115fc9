"""A search for hyperparameters: a map that fills as networks are trained, and what the best score is worth."""

import numpy as np

from wbviz.engine import STRATEGIES
from wbviz.scenes.hyperparameter_search import HyperparameterSearchScene
from wbviz.widgets import _searching as experiment
from wbviz.widgets import _searching_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._panel import button
from wbviz.widgets._searching import DATA, Check, Run, Setting
from wbviz.widgets._traits import choice, toggle, whole
from wbviz.widgets._work import Work

KEPT = 6  # searches that are remembered, so that a knob turned back finds its results


class HyperparameterSearch(Explorer):
    """Which learning rate and how many hidden units? Hundreds of networks are trained, and the best is chosen.

    Predict which of grid, random and halving finds the best for the same budget; start it and see the map fill; then
    see what the best promised and what it keeps on rows that no search has seen: less, because it is the luckiest of
    many noisy scores. More folds make the scores less noisy; on `coin_flips` there is nothing to find, and yet
    something is found. "Nested check" measures the optimism without any sealed rows: it searches anew without each of
    5 parts of the rows.

    One budget holds for all strategies: `trials` full trainings. Halving spends it on 9 times as many settings, most
    of them trained briefly. Searches run beside the page and can be paused, stepped and stopped; what was found stays,
    and Again goes on from there. What is there before Start is the beginning of the same search. The same knobs give
    the same table, whatever carries it: `search.executor = ProcessPoolExecutor()` lets other processes do the work.
    """

    title = "A search for the learning rate and the width, and what its best score is worth"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture is a search under way

    dataset = choice("digits", DATA, label="data", tip="What the networks learn; coin_flips: nothing to learn")
    strategy = choice("grid", STRATEGIES, label="strategy", tip="Which settings are tried, and how long")
    trials = whole(64, min=4, max=100, label="budget", tip="In full trainings of a setting, for every strategy")
    epochs = whole(27, min=3, max=81, label="epochs", tip="Of a full training; all rows in each step of Adam")
    folds = whole(1, min=1, max=5, label="folds held out", tip="Of 5: each setting is trained once for each of them")
    examples = whole(200, min=40, max=400, step=4, label="examples", tip="Rows to search with; the others stay sealed")
    penalty = toggle(False, label="search λ too", tip="The strength of an L2 penalty is searched as well")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the rows, the folds, the settings, the starting weights")
    trial = whole(0, min=0, max=900, label="tell about", tip="The number of a setting; 0: the best so far")

    #: Any concurrent.futures.Executor that is to carry the searches; None trains in this process.
    executor = None

    def range_of(self, name):
        """There are as many examples as the data set has, and as many settings as the plan."""
        meta = super().range_of(name)
        if name == "examples":
            return meta | {"max": DATA[self.dataset].most}
        return meta | {"max": len(experiment.plan(self._setting).settings)} if name == "trial" else meta

    def settle(self, changed):
        """Another search has other settings: the best of them is told about first."""
        if "examples" not in changed:
            self.examples = min(self.examples, DATA[self.dataset].most)
        if "trial" not in changed:
            self.trial = 0

    def prepare(self):
        self._runs, self._checks, self._last = {}, {}, self._setting
        self._working = Work(self._search, lambda: self.picture.changed(), label="Search")
        self._checking = Work(self._check, lambda: self.picture.changed(), label="Nested check")
        self._checking.layout.display = "none"
        self.under = (self._working, self._checking)

    def setup(self):
        self.scene = HyperparameterSearchScene(self.figure)

    # --- searching --------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    def _search(self):
        """Go on with the search of the present setting, or begin it anew once it is over. The steps of its Work."""
        with self.picture.lock:
            setting = self._setting
            run, afresh = self._runs.get(setting), 0
            if run is None or run.over:
                run, afresh = Run(setting, experiment.begun(setting, self.executor)), experiment.first_few(setting)
            self._keep(self._runs, setting, run)
        budget = experiment.plan(setting).budget
        for count, _ in enumerate(run.steps()):
            if count >= afresh:  # what is on the map already is no step
                yield run.spent / budget, words.progress(run)

    def _check(self):
        with self.picture.lock:
            setting = self._setting
            check = Check(setting)
            self._keep(self._checks, setting, check)
        for share, part, search in check.steps(self.executor):
            yield share, f"part {part + 1} of {experiment.PARTS}: {len(search.trials)} settings"

    def _keep(self, those, setting, value):
        """Remember a result by its setting; of more than KEPT the oldest is dropped."""
        those.pop(setting, None)
        those[setting] = value
        while len(those) > KEPT:
            del those[next(iter(those))]

    def _changed(self):
        """Another setting is another search: the one under way stops, and what it found stays."""
        if self._setting != self._last:
            self._working.stop()
            self._checking.stop()
            self._checking.layout.display = None if self._setting in self._checks else "none"
        self._last = self._setting
        super()._changed()

    @button("Nested check", "Search anew without each of 5 parts of the examples, and judge what is found on that part")
    def check(self):
        """Begin the nested check beside the page. `wait()` waits for it."""
        self._checking.layout.display = None
        self._checking.restart()

    def start(self):
        """Begin the search beside the page, or go on with it where it was stopped. `wait()` waits for it."""
        self._working.restart()

    def stop(self):
        """End what is under way; what was found stays, and `start` goes on from there."""
        self._working.stop()
        self._checking.stop()

    def wait(self, timeout=None):
        """Wait for a search or check under way, at most `timeout` seconds each; what is paused goes on."""
        for work in (self._working, self._checking):
            work.resume()
            work.wait(timeout)

    def run(self):
        """Search to the end, here and now."""
        self.wait()
        if not self._shown().over:
            self._working.run_here()

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _shown(self):
        """The Run to show: the one that was started, as far as it is, otherwise the first few settings."""
        setting = self._setting
        run, first = self._runs.get(setting), experiment.first(setting)
        return run if run is not None and len(run.trials) >= len(first.trials) else first

    def _finished(self):
        """The Run after its end, computed here and now if need be."""
        shown = self._shown()
        return shown if shown.over else experiment.finished(self._setting)

    def _checked(self):
        """The nested check after its end, computed here and now if need be."""
        check = self._checks.get(self._setting)
        return check if check is not None and check.over else experiment.checked(self._setting)

    @property
    def settings(self):
        """The settings of the plan, a list of dicts: `lr`, `hidden` and, if it is searched over, `l2`."""
        return [dict(setting) for setting in experiment.plan(self._setting).settings]

    @property
    def trials_so_far(self):
        """What was found so far, by number: a list of Trials with `.setting`, `.score`, `.train_score`, `.epochs`."""
        return [trial for _, trial in sorted(self._shown().trials.copy().items())]

    @property
    def budget(self):
        """The epochs that the whole search spends, of all its networks together."""
        return experiment.plan(self._setting).budget

    @property
    def networks(self):
        """How many networks the whole search trains."""
        return len(experiment.plan(self._setting).settings) * self.folds

    def best(self):
        """The best Trial of the whole search: `.setting`, `.score` (what it promises), `.recipe`, ….

        Like the methods below it computes what is not there yet.
        """
        return self._finished().best

    def held_out_score(self):
        """The accuracy, 0 to 1, on the sealed rows of the best setting, trained anew on all examples searched with."""
        return self._finished().sealed

    def nested_check(self):
        """The nested check: a list of 5, each with `.best`, `.inner` (promised), `.outer` (kept) and `.optimism`."""
        return list(self._checked().outers)

    def optimism(self):
        """How much more the best score promises than it keeps, by the nested check: a share of 1."""
        check = self._checked()
        return check.inner - check.outer

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        run, plan = self._shown(), experiment.plan(self._setting)
        trials = [run.trials[number] for number in sorted(run.trials.copy())]
        places, column = plan.places, 2 if self.penalty else 0
        numbers = [trial.number for trial in trials]
        left = sorted(set(range(len(places))) - set(numbers))
        told, best = self._told(run), run.best and self._mark(run.best.number, run.best, column)
        self.scene.update(
            *DATA[self.dataset][1:],
            places[left, :2],
            {
                "at": places[numbers, :2],
                "along": places[numbers, column],
                "scores": _array(trial.score for trial in trials),
                "share": _array(trial.rung + 1 for trial in trials) / len(plan.rungs),
                "failed": _array(trial.diverged for trial in trials).astype(bool),
            },
            best,
            self._mark(self.trial - 1, told, column) if self.trial else best,
            self._curves(run, plan),
            self._pairs(),
            words.on_the_picture(self, run, plan, told),
        )

    def _told(self, run):
        """The Trial that is told about; None if it is not tried yet."""
        return run.trials.get(self.trial - 1) if self.trial else run.best

    def _mark(self, number, trial, column):
        place = experiment.plan(self._setting).places[number]
        return place[:2], place[column], None if trial is None else trial.score

    def _siblings(self):
        """The Runs of all strategies at the same budget, of those that were started or are shown."""
        found = {name: self._runs.get(self._setting._replace(strategy=name)) for name in STRATEGIES}
        found[self.strategy] = self._shown()
        return {name: run for name, run in found.items() if run is not None and run.curve}

    def _curves(self, run, plan):
        lines = {name: list(zip(*each.curve.copy(), strict=True)) for name, each in self._siblings().items()}
        budget = max(plan.budget, *(line[0][-1] for line in lines.values())) if lines else plan.budget
        return {"budget": budget, "lines": lines, "at": run.curve[-1] if run.curve else None}

    def _pairs(self):
        pairs = {name: (run.best.score, run.sealed) for name, run in self._siblings().items() if run.over}
        check = self._checks.get(self._setting)
        outers = [] if check is None else check.outers.copy()
        if outers:
            pairs["nested"] = check.inner, check.outer
        return pairs | {"parts": [outer.outer for outer in outers]}

    def describe(self):
        return words.sentence(self, self._shown(), experiment.plan(self._setting), self._checks.get(self._setting))

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """The setting whose mark is nearest is told about."""
        with self.picture.lock:
            axes = next(
                (axes for axes in (self.scene.map, self.scene.strip) if axes.bbox.contains(*self.grip.pixel)), None
            )
            numbers, places = self._marks_in(axes)
            if len(numbers):
                away = axes.transData.transform(places) - point.pixel
                self.trial = int(numbers[(away**2).sum(axis=1).argmin()]) + 1

    on_drag = on_press

    def _marks_in(self, axes):
        """The numbers of the settings that have a mark in the map or in the strip, and their places there."""
        places, trials = experiment.plan(self._setting).places, self.trials_so_far
        if axes is self.scene.map:
            return np.arange(len(places)), places[:, :2]
        if axes is not self.scene.strip:
            return (), ()
        numbers = np.array([trial.number for trial in trials], int)
        along = places[numbers, 2 if self.penalty else 0]
        return numbers, np.column_stack([along, [max(trial.score, DATA[self.dataset].span[0]) for trial in trials]])

    def on_key(self, key, shift=False):
        """← and → go to the next setting by number; Home tells about the best again."""
        last = len(experiment.plan(self._setting).settings)
        if key in ("ArrowLeft", "ArrowRight"):
            self.trial = (self.trial + (1 if key == "ArrowRight" else -1)) % (last + 1)
        if key == "Home":
            self.trial = 0


def _array(values):
    return np.array(list(values), float)
