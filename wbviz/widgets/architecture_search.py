"""A search for an architecture: Optuna, chance and the learner with the same budget, and the network that is found."""

import numpy as np

from wbviz.bridges import MissingExtra, how_to_install
from wbviz.scenes.architecture_search import NAMES, ArchitectureSearchScene
from wbviz.widgets import _architecture_words as words
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architecture_numbers import Found
from wbviz.widgets._architectures import (
    ACTIVATIONS,
    DATA,
    HAND,
    JUDGES,
    MOST,
    OPTIMIZERS,
    SPACE,
    TPE,
    WAYS,
    Setting,
)
from wbviz.widgets._base import Explorer
from wbviz.widgets._own_tries import FIRST_TRY, known_tries
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, data, number, toggle, whole
from wbviz.widgets._work import Work

KEPT = 9  # searches that are remembered, so that a knob turned back finds its results


class ArchitectureSearch(Found, Explorer):
    """How many layers, how wide, which activation, optimiser and learning rate? Three ways to find out, one budget.

    Predict which is better with thirty trials: Optuna's TPE, which learns from the trials before; random search; or
    you. Predict which of the five settings matters most. Then try by hand (turn the knobs, press *Try it*), start the
    two searches, and compare. Understand that a search is only as good as what it may choose from and what judges it;
    that the best of many promises too much (*open test rows*); and that the network found is weights and biases
    like any other: press a trial on the board and look at it.

    The budget is counted in epochs: that of `trials` full trainings, for every way. With *give up early* the median
    rule ends poor trials after a ninth or a third of their epochs, and what is left goes to others. An epoch of a
    large network takes longer than one of a small network; that is not counted.

    TPE begins with the ten trials that random search begins with. Searches run beside the page; what was found stays,
    and Again goes on. `keep_in("search.db")` keeps them in a SQLite file: there they survive the end of the kernel.
    `executor` is any concurrent.futures.Executor, `at_once` how many trials are asked for at a time (TPE then learns
    less between them). Without Optuna, TPE's recorded choices are tried, where there are any, and the picture says so.
    """

    title = "A search for an architecture: Optuna, chance, and you"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture is a search under way

    dataset = choice("spiral", DATA, label="data", tip="What the networks learn")
    way = choice(TPE, WAYS, label="way", tip="Which search is shown, and begun with Start")
    trials = whole(30, min=5, max=MOST, label="budget", tip="In full trainings, the same for every way")
    prune = toggle(False, label="give up early", tip="Trials below the median of the others end early")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the rows, the settings, the starting weights")
    judge = choice(JUDGES[0], JUDGES, label="weighed by", tip="How it is measured what a setting matters")
    opened = toggle(False, label="open test rows", tip="Show what the best of each way keeps on rows never seen")
    trial = whole(0, min=0, max=300, label="tell about", tip="The number of a trial of this way; 0: the best so far")
    depth = whole(2, min=1, max=4, label="layers", tip="Of your next try: hidden layers")
    width = whole(8, min=2, max=16, label="units a layer", tip="Of your next try")
    activation = choice("tanh", ACTIVATIONS, label="activation", tip="Of your next try")
    optimizer = choice("Adam", OPTIMIZERS, label="optimiser", tip="Of your next try")
    lr = number(0.01, min=1e-3, max=1.0, step=0.001, log=True, label="learning rate", tip="Of your next try")
    tries = data([FIRST_TRY], check=known_tries)

    #: Any concurrent.futures.Executor that is to carry the searches; None trains in this process.
    executor = None
    #: How many trials are asked for before any of them is told.
    at_once = 1

    def settle(self, changed):
        """Another search has other trials: the best of them is told about first."""
        if changed & {"dataset", "way", "prune", "seed"} and "trial" not in changed:
            self.trial = 0

    def prepare(self):
        self._runs, self._file, self._last = {}, None, self._setting
        self._working = Work(self._search, lambda: self.picture.changed(), label="Search")
        self.under = (self._working,)

    def setup(self):
        self.scene = ArchitectureSearchScene(self.figure)

    # --- searching --------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    @property
    def hand(self):
        """The next try, as the knobs stand: a dict of depth, width, activation, optimizer and lr."""
        return {name: getattr(self, name) for name in SPACE}

    def lack(self):
        """What to install before the way shown can be searched, in a sentence; an empty text where it can."""
        return experiment.unavailable(self._setting)

    def _search(self):
        """Go on with the search of the present setting, or begin it. The steps of its Work."""
        with self.picture.lock:
            setting, file, at_once, executor = self._setting, self._file, self.at_once, self.executor
            run = self._runs.get(setting)
        if setting.way == HAND:
            raise ValueError("You search by hand with the knobs below and Try it. Choose another way to press Start.")
        if lack := experiment.unavailable(setting):
            raise MissingExtra(lack)
        if run is None or run.over:
            run = experiment.begun(setting, file, at_once, executor)
        with self.picture.lock:
            self._keep(setting, run)
        for _ in run.steps():
            yield run.spent / setting.budget, words.progress(run)

    def _keep(self, setting, run):
        """Remember a search; of more than KEPT the oldest is dropped, and of one study in a file all but this."""
        same = [one for one in self._runs if self._file is not None and one.name == setting.name and one != setting]
        for other in same:
            self._runs.pop(other).close()
        self._runs.pop(setting, None)
        self._runs[setting] = run
        while len(self._runs) > KEPT:
            self._runs.pop(next(iter(self._runs))).close()

    def _changed(self):
        """Another setting is another search: the one under way stops, and what it found stays."""
        if self._setting != self._last:
            self._working.stop()
        self._last = self._setting
        self._open_again()
        super()._changed()

    @button("Try it", "Train a network with the settings of your next try, for one full training of your budget")
    def try_it(self):
        """Train the next try, and show it among your own."""
        if len(self.tries) >= self.trials:
            self.say(f"Your budget of {self.trials} trials is spent. Raise it, or press Forget my tries.")
            return
        self.apply({"tries": [*self.tries, self.hand], "way": HAND, "trial": len(self.tries) + 1})

    @button("Forget my tries", "Begin anew by hand")
    def forget(self):
        """No try of yours is left. Undo brings them back."""
        self.apply({"tries": [], "trial": 0})

    def start(self):
        """Begin the search beside the page, or go on with it where it was stopped. `wait()` waits for it."""
        self._working.restart()

    def stop(self):
        """End what is under way; what was found stays, and `start` goes on from there."""
        self._working.stop()

    def wait(self, timeout=None):
        """Wait for a search under way, at most `timeout` seconds; what is paused goes on."""
        self._working.resume()
        self._working.wait(timeout)

    def run(self):
        """Search to the end, here and now. Raises ImportError where the way needs what is not installed."""
        self.wait()
        if self.way != HAND and not self._shown().over:
            self._working.run_here()

    def keep_in(self, file):
        """Keep all searches of this explorer in a SQLite file, and go on with those that are there already.

        file: a path; it is made where there is none. Raises ValueError where it is no such file; then all stays as it
        was. Without Optuna nothing is kept: what to install is said beside the controls. Returns whether it is kept.
        """
        if not experiment.present("optuna"):
            self.say(how_to_install("optuna"))
            return False
        begun = experiment.begun(self._setting._replace(way=TPE), file)  # or it says what is wrong with the file
        begun.close()
        self.stop()
        self.wait()
        for run in self._runs.values():
            run.close()
        self._runs, self._file = {}, file
        self._changed()
        return True

    def _open_again(self):
        """The search of the present setting, as far as the file knows it."""
        if self._file is not None and self.way != HAND and self._setting not in self._runs:
            self._keep(self._setting, experiment.begun(self._setting, self._file, self.at_once, self.executor))

    def close(self):
        """Free the figure, and let go of the file."""
        super().close()
        for run in getattr(self, "_runs", {}).values():
            run.close()

    # --- picture and words ------------------------------------------------------------------------------------------

    def _told(self):
        """(Run, Attempt) that is told about: of the way shown, or before its first trial the best by hand; or None."""
        run = self._shown()
        if self.trial:
            return run, run.attempts[self.trial - 1] if self.trial <= len(run.attempts) else None
        run = run if run.attempts else self._run_of(HAND)
        return run, run.best

    def redraw(self):
        run, runs, (_, told) = self._shown(), self._siblings(), self._told()
        shares, attempts = experiment.shares(run, self.judge), run.attempts.copy()
        self.scene.update(
            (self.budget, DATA[self.dataset].low),
            {way: tuple(zip(*each.curve, strict=True)) for way, each in runs.items() if each.attempts},
            {
                "spent": np.array([each.spent for each in attempts], float),
                "scores": np.array([each.score for each in attempts], float),
                "stopped": np.array([each.stopped for each in attempts], bool),
                "failed": np.array([each.diverged for each in attempts], bool),
            },
            _place(run.best),
            _place(told) if told in attempts else None,
            [shares[name] for name in NAMES] if shares else None,
            self._drawn_network(told),
            words.on_the_picture(self, run, runs, shares),
        )

    def _drawn_network(self, told):
        if told is None:
            return None
        net = experiment.look(self._setting, told).model.net
        return net.sizes, net.weights, net.biases

    def describe(self):
        run = self._shown()
        return words.sentence(self, run, self._siblings(), experiment.shares(run, self.judge))

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """The trial whose mark is nearest is told about."""
        with self.picture.lock:
            attempts, axes = self.attempts, self.scene.board
            if attempts and axes.bbox.contains(*self.grip.pixel):
                low = DATA[self.dataset].low
                places = axes.transData.transform([(each.spent, max(each.score, low)) for each in attempts])
                self.trial = attempts[int(((places - point.pixel) ** 2).sum(axis=1).argmin())].number + 1

    on_drag = on_press

    def on_key(self, key, shift=False):
        """← and → go to the next trial by number; Home tells about the best again; Enter tries."""
        if key in ("ArrowLeft", "ArrowRight"):
            self.trial = (self.trial + (1 if key == "ArrowRight" else -1)) % (len(self.attempts) + 1)
        if key == "Home":
            self.trial = 0
        if key == "Enter":
            self.try_it()


def _place(attempt):
    return None if attempt is None else (attempt.spent, attempt.score)
