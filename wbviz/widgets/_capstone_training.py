"""How Capstone trains beside the page, what is noted of it, and what the checks make of it."""

from wbviz.engine.audit import Check
from wbviz.widgets import _capstone as experiment
from wbviz.widgets import _capstone_state as states
from wbviz.widgets import _capstone_words as words
from wbviz.widgets._capstone_data import NONE, rows
from wbviz.widgets._panel import button
from wbviz.widgets._words import percent
from wbviz.widgets._work import Work

#: So many stopped trainings are kept, to go on with.
UNFINISHED = 3


class Trains:
    """A part of Capstone: what is trained, noted and judged."""

    def prepare_training(self):
        self._asked, self._begun, self._watches, self._partial = [], set(), {}, None
        self._training = Work(self._work, self._look, label="Training")

    def _look(self):
        self.picture.changed()
        if not self._closed and self._training.stage in ("done", "stopped", "failed"):
            self._show_checks()

    # --- training -----------------------------------------------------------------------------------------------------

    @button("Train", "Train with these settings beside the page, and note the run")
    def begin(self):
        """Begin to train with these settings beside the page, or go on where it was stopped. `wait` waits for it."""
        self._ask()
        self._training.restart()

    def train(self):
        """Train with these settings here and now, and note the run. → its number, counted from 1"""
        if self.run is None:
            self._training.stop()
            self._training.wait()
            self._ask()
            self._training.run_here()
        return self.run

    def wait(self, timeout=None):
        """Wait for a training under way, at most `timeout` seconds; what is paused goes on."""
        self._training.resume()
        self._training.wait(timeout)

    def _ask(self):
        """The settings are to be trained next. ValueError where they were, or where there is no room to note them."""
        if self.run is not None and experiment.recall(self.setting) is not None:
            raise ValueError(f"These settings were trained already: run {self.run}. Change one, and train again.")
        if self.run is None and len(self.runs) >= states.MOST_RUNS:
            raise ValueError(f"There are {states.MOST_RUNS} runs already. Undo, or Reset.")
        if problem := rows(self.source).problem:
            raise ValueError(problem)
        self._asked = [(self.setting, self.settings)]

    def _work(self):
        """Train what was asked for, then those noted runs of which nothing is remembered. The steps of the Work."""
        with self.picture.lock:
            if not self._asked and not self._unknown():
                self._ask()  # Start and Step do as Train does
            asked, self._asked = self._asked, []
            again = [(setting, None) for setting in self._unknown()]
        for setting, noted in asked + [pair for pair in again if pair[0] not in [each for each, _ in asked]]:
            yield from self._go(setting, noted)

    def _go(self, setting, noted):
        watching = self._watches.pop(setting, None) or experiment.watch(setting)
        self._watches[setting] = watching
        while len(self._watches) > UNFINISHED:
            del self._watches[next(iter(self._watches))]
        for share in watching:
            self._partial = experiment.seen(setting, watching)
            yield share, f"epoch {watching.epochs} of {setting.epochs}"
        self._watches.pop(setting, None)
        experiment.remember(experiment.seen(setting, watching))
        if noted is not None:
            self._note_run(setting, noted)

    def _note_run(self, setting, settings):
        with self.picture.lock:
            if self.folder:
                experiment.write(experiment.recall(setting), self.folder, settings)
            same_table = setting == states.setting_of(settings, self.csv)  # not where another was loaded meanwhile
            if same_table and settings not in self.runs:
                self.apply({"runs": [*self.runs, settings]})

    def _unknown(self):
        """The Settings of noted runs on these rows of which nothing is remembered."""
        return [setting for setting in self._comparable() if experiment.recall(setting) is None]

    def _comparable(self):
        """The Settings of noted runs that are judged on the same rows as the present settings, these among them."""
        mine, found = self.setting, []
        for run in self.runs:
            setting = states.setting_of(run, self.csv)
            if setting == mine or setting.same_rows(mine):
                found.append(setting)
        return found

    # --- what is known ------------------------------------------------------------------------------------------------

    @property
    def run(self):
        """The number of the noted run with these settings, counted from 1, or None where they were not trained."""
        settings = self.settings
        return self.runs.index(settings) + 1 if settings in self.runs else None

    @property
    def shown(self):
        """The Outcome on screen: of these settings if they were trained, as far as they are if they are in training."""
        setting, partial = self.setting, self._partial
        if self.run is not None:
            return self._outcome(setting)
        busy = partial is not None and partial.setting == setting and self._training.busy
        return partial if busy else None

    def _outcome(self, setting):
        """The finished Outcome of a noted run. Where a browser looks on it is trained beside the page, else at once."""
        found = experiment.recall(setting)
        if found is not None or not self.picture.pacing.views:
            return found or experiment.finished(setting)
        if setting not in self._begun and not self._training.busy:
            self._begun.add(setting)
            self._training.start()
        return self._partial if self._partial is not None and self._partial.setting == setting else None

    def peek(self):
        """The finished Outcome of these settings if they were trained and it is remembered; nothing is trained."""
        return experiment.recall(self.setting) if self.run is not None else None

    @property
    def results(self):
        """The Outcome of these settings, trained here and now if need be; nothing is noted.

        `.train_loss`, `.held_loss` by epoch, `.learned_score`, `.held_score`, `.gradients`, `.silent`, …
        """
        return experiment.finished(self.setting)

    @property
    def network(self):
        """The trained network, a copy of one's own; None before. Its inputs are standardised by the rows learned from.
        It learned from all rows but the test set."""
        outcome = self.peek()
        return None if outcome is None else outcome.net.copy()

    @property
    def first_opened(self):
        """The settings for which the test set of this table and target was opened, or None."""
        mine = self.settings
        same = [each for each in self.opened if all(each[name] == mine[name] for name in ("dataset", "target"))]
        return same[0] if same else None

    @property
    def is_tested(self):
        """Whether the test set was opened for these very settings."""
        return self.first_opened == self.settings

    @property
    def tested(self):
        """The score on the test set of the settings it was opened for, or None."""
        opened = self.first_opened
        return None if opened is None else experiment.finished(states.setting_of(opened, self.csv)).test_score

    def _others(self):
        """The Outcomes of the other noted runs on the same rows, as far as they are known."""
        mine = self.setting
        found = [self._outcome(setting) for setting in self._comparable() if setting != mine]
        return [outcome for outcome in found if outcome is not None and outcome.done]

    def other_scores(self):
        """The scores on rows held out of the other noted runs that are judged on the same rows."""
        if self.shown is None:
            return []
        return [outcome.held_score for outcome in self._others() if outcome.held_score is not None]

    def runs_in_words(self):
        """Each noted run in a few words."""
        return [
            f"{k + 1}: {run['target']}, {run['layers']}×{run['units']} {run['activation']}, {run['optimiser']} "
            f"{run['lr']:g}, λ {run['l2']:g}, {run['epochs']} epochs{self._score_in_words(run)}"
            for k, run in enumerate(self.runs)
        ]

    def _score_in_words(self, run):
        known = experiment.recall(states.setting_of(run, self.csv))
        if known is None or known.held_score is None:
            return ""
        return f": {words.short(known.held_score) if rows(known.setting.source).numbers else percent(known.held_score)}"

    # --- the six checks -----------------------------------------------------------------------------------------------

    def compared(self, outcome):
        """The Groups of an Outcome that is finished, by the group column and measure chosen, or None."""
        if outcome is None or not outcome.done or self.group == NONE:
            return None
        return experiment.by_group(outcome, self.group, self.measure)

    def verdicts(self, outcome):
        """The six checks of an Outcome, a list of Verdict; all open where it is None or not finished."""
        if outcome is None or not outcome.done:
            return [words.verdict(Check(key), self.numbers) for key in words.TITLES]
        compared, opened = self.compared(outcome), self.first_opened
        note = self.notes.get(self.group, "")
        noted = bool(note) and compared is not None and not states.note_problem(note, compared)
        others = None
        if self.run is not None:
            others = [float(each.held_loss[-1]) for each in self._others() if len(each.held_loss)]
        since = opened is not None and not self.is_tested
        found = experiment.six(outcome, self.is_tested, others, since, compared, noted)
        return [words.verdict(check, self.numbers) for check in found]

    def checks(self):
        """The six checks of the settings as they stand, a list: `.key`, `.passed`, `.number`, `.limit`, `.sentence`.

        What is not trained yet is trained here and now; no run is noted. A table with a problem gives six open checks.
        """
        return self.verdicts(None if rows(self.source).problem else self.results)

    def check(self, key):
        """One of the six, by its key or its number from 1."""
        found = self.checks()
        keys = [each.key for each in found]
        if key in keys:
            return found[keys.index(key)]
        if isinstance(key, int) and 1 <= key <= len(found):
            return found[key - 1]
        raise ValueError(f"There is no check {key!r}. There are: {', '.join(keys)}.")

    def passed(self):
        """How many of the six are passed with the settings as they stand."""
        return sum(each.passed for each in self.checks())
