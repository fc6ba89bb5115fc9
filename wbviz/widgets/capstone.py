"""The learner's own network on the learner's own table, and six checks that it passes or not."""

from wbviz.engine import RunStore
from wbviz.engine.audit import FAINTEST
from wbviz.engine.run_values import checked_note
from wbviz.scenes.capstone import CapstoneScene
from wbviz.widgets import _capstone as experiment
from wbviz.widgets import _capstone_data as data_of
from wbviz.widgets import _capstone_state as states
from wbviz.widgets import _capstone_view as view
from wbviz.widgets import _capstone_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._capstone_rows import Checks, LeaveOutRow, OwnTable, RunsRow
from wbviz.widgets._capstone_training import Trains
from wbviz.widgets._panel import button
from wbviz.widgets._run_live import checked_folder
from wbviz.widgets._run_rows import NoteRow
from wbviz.widgets._traits import choice, data, number, whole

START, SPANS, NAMES = states.START, states.SPANS, states.NAMES


def _whole(name, label, tip):
    low, high = SPANS[name]
    return whole(START[name], min=low, max=high, label=label, tip=tip)


def _choice(name, label, tip):
    return choice(START[name], NAMES[name], label=label, tip=tip)


class Capstone(Trains, Explorer):
    """Train a network on a table of your own, and pass six checks: each can be missed, and says what it measured.

    Predict which checks the settings that it opens with will miss; train; read why. Then change one setting at a time:
    hold rows out in folds, leave the network less room, note several runs and keep the best by rows held out, choose a
    group column and look who is worse off. Open the test set once, at the end.

    Passing is possible with every bundled table, and is no proof: each check says no more than its numbers do. Limits
    are conventions (engine.audit). The test set is a fifth of the rows, the same for every seed; nothing else sees it.
    Training runs beside the page; a stopped one goes on where it was. A run is noted when it is finished. Results are
    shown for settings that were trained; they follow from the settings alone, so that a saved state finds them again.
    """

    title = "Your own network, and six checks"
    size = (660, 462)
    sweeps = False  # its picture is a training
    groups = {
        "Data": ("dataset", "target", "leave_out", "group", "measure"),
        "Network": ("layers", "units", "activation"),
        "Training": ("optimiser", "lr", "epochs", "batch", "l2", "seed"),
        "Validation": ("folds", "scaling"),
        "Runs and notes": ("runs", "notes"),
    }

    csv = data("", check=states.checked_csv)
    folder = data("", check=checked_folder)
    dataset = _choice("dataset", "data", "A table that comes with the book, or your own")
    target = choice(START["target"], [START["target"]], label="to predict", tip="A column of classes or of numbers")
    leave_out = data([], check=states.checked_columns)
    group = choice("none", ["none"], label="group", tip="Whose rows are compared: values, or the halves of numbers")
    measure = choice("accuracy", experiment.RATES, label="compared", tip="What is compared between groups")
    layers = _whole("layers", "hidden layers", "None: each output is a weighted sum of the inputs")
    units = _whole("units", "units in each", "Units of each hidden layer")
    activation = _choice("activation", "activation", "Of the hidden units")
    optimiser = _choice("optimiser", "optimiser", "How a gradient becomes a step")
    lr = number(START["lr"], min=1e-4, max=10, step=0.001, label="learning rate", tip="How far a step goes", log=True)
    epochs = _whole("epochs", "epochs", "How often all rows are gone through; the last one is kept")
    batch = _choice("batch", "batch", "Rows of each step")
    l2 = _choice("l2", "λ (L2)", "The penalty λ/2 · Σw²; biases are not penalised")
    seed = _whole("seed", "seed", "Draws the folds, the starting weights and the batches; the test set stays")
    folds = _whole("folds", "folds", "0: nothing is held out; 1: a fifth, once; from 2: each part in turn")
    scaling = _choice("scaling", "scaling", "Which rows the inputs' mean and spread are taken from")
    runs = data([], check=states.checked_runs)
    notes = data({}, check=states.checked_notes)
    opened = data([], check=states.checked_runs)

    # --- which settings there are -------------------------------------------------------------------------------------

    def range_of(self, name):
        """Columns, and what can be compared, follow from the table."""
        meta = super().range_of(name)
        if name == "dataset":
            return meta | {"values": tuple(each for each in data_of.DATA if each != data_of.OWN or self.csv)}
        if name == "target":
            return meta | {"values": data_of.targets(*self._table)}
        if name == "group":
            return meta | {"values": ("none", *data_of.group_columns(*self._table, self.source.target))}
        if name == "measure":
            return meta | {"values": experiment.ERRORS if self.numbers else tuple(experiment.RATES)}
        return meta

    def _set_in_order(self, settings):
        for name in ("target", "group", "measure"):  # as the figure opens, before another table is named
            getattr(self, name)
        super()._set_in_order(settings)

    @property
    def _table(self):
        """What names the table: the data set and, for one's own, its text."""
        own = self.dataset == data_of.OWN
        return (self.dataset, self.csv) if not own or self.csv else (data_of.DATA[0], "")

    @property
    def source(self):
        """What is learned from and what is predicted: `.dataset`, `.csv`, `.target`, `.leave_out`."""
        dataset, csv = self._table
        columns = data_of.targets(dataset, csv if dataset == data_of.OWN else "")
        target = self.target if self.target in columns else columns[-1]
        return data_of.Source(dataset, csv if dataset == data_of.OWN else "", target, tuple(self.leave_out))

    @property
    def setting(self):
        """All that a training follows from."""
        return states.setting_of(self.settings, self.csv)

    @property
    def settings(self):
        """The settings that a run is noted with, a dict."""
        return {name: list(self.leave_out) if name == "leave_out" else getattr(self, name) for name in START}

    @property
    def numbers(self):
        """Whether numbers are predicted, and not classes."""
        return data_of.rows(self.source).numbers

    def settle(self, changed):
        """Another table has other columns; another target other groups and measures."""
        if not self.csv and self.dataset == data_of.OWN:
            self.dataset, changed = data_of.DATA[0], {*changed, "dataset"}
        if changed & {"csv", "runs", "opened"}:
            self._forget_table()
        if changed & {"dataset", "csv"}:
            found = data_of.table(*self._own_table)
            self.leave_out = [column for column in self.leave_out if column in found.columns]
        self.target = self.source.target
        if self.target in self.leave_out:
            self.leave_out = [column for column in self.leave_out if column != self.target]
        for name in ("group", "measure"):
            values = self.range_of(name)["values"]
            if getattr(self, name) not in values:
                setattr(self, name, values[0])

    @property
    def _own_table(self):
        return self.source.dataset, self.source.csv

    def _forget_table(self):
        """Runs of another table of one's own are none of this one."""
        columns = data_of.targets(data_of.OWN, self.csv) if self.csv else ()
        for name in ("runs", "opened"):
            kept = [r for r in getattr(self, name) if r["dataset"] != data_of.OWN or r["target"] in columns]
            setattr(self, name, kept)

    def idle(self):
        """Nothing is compared without a group, no layer has units where there is none, nothing is scaled by folds."""
        return (
            *(("measure",) if self.group == "none" else ()),
            *(("units", "activation") if not self.layers else ()),
            *(("scaling",) if not self.folds else ()),
        )

    def input_columns(self):
        """The columns that could be inputs, in order."""
        found = data_of.table(*self._own_table)
        return [c for c in found.columns if c != self.source.target and not found.unusable(c)]

    # --- the page -----------------------------------------------------------------------------------------------------

    def prepare(self):
        self.prepare_training()
        self._checks, self._own = Checks(), OwnTable(self)
        self.under = (self._training, self._checks, self._own)

    def own_rows(self):
        return {"leave_out": LeaveOutRow(self), "runs": RunsRow(self), "notes": NoteRow(self, "the groups compared")}

    def setup(self):
        self.scene = CapstoneScene(self.figure, FAINTEST)
        self._show_checks()

    def rest(self):
        super().rest()
        if self._panel is not None and not self._closed:
            for name, rows in self._panel._own.items():
                rows[0].show(getattr(self, name))
            self._panel.enable("open_test", self.run is not None and self.first_opened is None)
        if not self._closed:
            self._show_checks()

    def _show_checks(self):
        """The table of checks, as far as all that they need is known; nothing is trained for it."""
        outcome = None if self._unknown() else self.peek()
        self._checks.show(words.table(self.verdicts(outcome), words.on_test(self, outcome)))

    # --- what a learner can do ----------------------------------------------------------------------------------------

    def load_csv(self, text):
        """Take a table of your own, as text. Raises ValueError where nothing in it can be predicted."""
        self.take(data_of.table(data_of.OWN, text))

    def take(self, found):
        """Take a Table of your own; what there was stays where it cannot be used."""
        states.checked_csv(found.text)
        columns = data_of.targets(data_of.OWN, found.text)
        target = found.columns[-1] if found.columns[-1] in columns else columns[-1]
        self.apply({"csv": found.text, "dataset": data_of.OWN, "target": target, "leave_out": [], "group": "none"})

    def choose(self, number):
        """Put the settings of a noted run, counted from 1, back on the knobs."""
        if not 1 <= number <= len(self.runs):
            raise ValueError(f"There is no run {number}: there are {len(self.runs)}.")
        self.apply(self.runs[number - 1])

    def note(self, text):
        """Keep a note on the groups that are compared: it names one at either end, in 40 characters or more."""
        text = checked_note(text)
        compared = self.compared(self.shown)
        if compared is None:
            raise ValueError("There is nothing to note yet: hold rows out, choose a group column, and train.")
        if problem := states.note_problem(text, compared):
            raise ValueError(problem)
        self.apply({"notes": {**self.notes, self.group: text}})

    def notes_of(self):
        """The note on the group column chosen, in a list."""
        return [self.notes[self.group]] if self.group in self.notes else []

    @button("Open the test set", "Judge the kept run on rows that nothing has seen: once, at the end")
    def open_test(self):
        """Judge the settings on the test set. It can be opened once for each target, and only for a trained run."""
        if self.first_opened is not None:
            raise ValueError("The test set was opened before. A second look would choose by it: it stays as it was.")
        if self.run is None:
            raise ValueError("Only a trained run can be judged: press Train first.")
        with self.picture.lock:
            self._set_quietly({"opened": [*self.opened, self.settings]})
            self._changed()

    def undo(self):
        """Take the last change back. What was seen of the test set stays seen."""
        with self.picture.lock:
            opened, undone = self.opened, super().undo()
            if undone and self.opened != opened:
                self._set_quietly({"opened": opened})
                self._changed()
            return undone

    @property
    def store(self):
        """The RunStore of the folder that runs are written to as well, or None."""
        return RunStore(self.folder) if self.folder else None

    # --- picture and words --------------------------------------------------------------------------------------------

    def redraw(self):
        self.scene.update(*view.picture(self))
        self._show_checks()

    def describe(self):
        return view.sentence(self)
