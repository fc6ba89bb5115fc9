"""Finished runs kept side by side: up to five, their losses in one chart, and a table of what differed.

How an explorer takes them in:

    kept = data([], check=checked_runs)        # a trait: what is kept is part of the state, of undo and of the text
    self._runs_panel = Runs(self)              # in its children, below its own picture

    def finished_run(self):                    # the run there is now; ValueError with a sentence when there is none
        return {
            "settings": {"lr": 0.1, …},        # what the run followed from: flat, plain values, by the traits' names
            "epochs": [0, 1, …],               # with curves of the same length; the validation may be empty
            "train": […], "validation": […],
            "start": net.params,               # the weights and biases it began with (optional)
            "numbers": {"accuracy": 0.98},     # what else is known of its end (optional)
        }
"""

import ipywidgets as w
from matplotlib.figure import Figure

from wbviz import style
from wbviz.picture import Picture
from wbviz.scenes.runs import RunsScene, axis_ends
from wbviz.widgets._kept_runs import checked_runs, differing, remembered, renamed
from wbviz.widgets._rows import error_line, put
from wbviz.widgets._tree import close_tree
from wbviz.widgets._words import escape, plural

__all__ = ["Runs", "checked_runs"]

SIZE = (660, 246)
SHORT_NAME = 14  # characters of a name in the chart
SYMBOLS = "●■▲◆✚"  # the marks of the curves, in the order of style.CLASS_MARKERS


class Runs(w.VBox):
    """The runs an explorer keeps: a button that keeps the present one, their chart, their names, and what differed.

    The runs are the explorer's trait `kept`; everything here sets that trait and follows it.
    """

    def __init__(self, explorer):
        self._explorer, self._rows, self._showing = explorer, [], False
        self._keep = w.Button(description="Keep this run", layout=w.Layout(width="auto"))
        self._keep.tooltip = f"Remember its settings and losses, to compare it with up to {len(SYMBOLS) - 1} others"
        self._keep.on_click(lambda _: self._guarded(self.keep))
        self._said, self._error = w.HTML(), error_line()
        self._table, self._list = w.HTML(), w.VBox()
        self._table.add_class("wbviz-table")
        self.picture = None
        super().__init__([w.HBox([self._keep, self._said]), self._error])
        self.add_class("wbviz-runs")
        explorer.observe(lambda _: self.show(), names="kept")
        self.show()

    # --- what can be asked of it ------------------------------------------------------------------------------------

    def keep(self):
        """Keep the explorer's finished run. Raises ValueError when there is none, or no room."""
        self._set(remembered(self._explorer.kept, self._explorer.finished_run()))

    def rename(self, index, name):
        """Give a run another name."""
        self._set(renamed(self._explorer.kept, index, name))

    def hide(self, index, hidden=True):
        """Leave a run out of the chart, or take it in again."""
        runs = self._explorer.kept
        self._set([run | {"shown": not hidden} if i == index else run for i, run in enumerate(runs)])

    def delete(self, index):
        """Forget a run. (The explorer's Undo brings it back.)"""
        self._set([run for i, run in enumerate(self._explorer.kept) if i != index])

    def _set(self, runs):
        self._explorer.apply({"kept": runs})  # each a step of undo of its own, however quickly they follow

    def describe(self):
        """What is kept, in words and numbers."""
        return described(self._explorer.kept)

    # --- trait → page -----------------------------------------------------------------------------------------------

    def show(self):
        """Show the runs as the explorer has them now."""
        runs = self._explorer.kept
        put(self._error, "")
        self._said.value = escape(f"{plural(len(runs), 'run')} kept" if runs else "")
        if runs and self.picture is None:
            self._make_picture()
        self._show_rows(runs)
        self._table.value = table(runs, self._label) if runs else ""
        if self.picture is not None:
            for widget in (self.picture, self._list, self._table):
                widget.layout.display = None if runs else "none"
            self.picture.changed()

    def _make_picture(self):
        figure = Figure(figsize=[pixels / style.DPI for pixels in SIZE], dpi=style.DPI, facecolor=style.PAPER)
        self.scene = RunsScene(figure)
        self.picture = Picture(figure, label="The runs kept", update=self._update, live=self.scene.live)
        self.picture.on_error = lambda error: self.say(str(error) or type(error).__name__)
        self.children = (*self.children, self.picture, self._list, self._table)

    def _update(self):
        runs = self._explorer.kept
        _, top = axis_ends([run for run in runs if run["shown"]] or runs)
        self.scene.update([run | {"name": _shortened(run["name"]), "end": _end(run, top)} for run in runs])
        self.picture.description = described(runs)

    def _show_rows(self, runs):
        while len(self._rows) < len(runs):
            self._rows.append(_Row(len(self._rows), self))
        for row, run in zip(self._rows, runs, strict=False):
            row.show(run)
        self._list.children = self._rows[: len(runs)]

    def _label(self, name):
        """What a setting is called on the page."""
        trait = self._explorer.traits().get(name)
        label = trait.metadata.get("label") if trait is not None else None
        return label if isinstance(label, str) else name.replace("_", " ")

    def say(self, message):
        """Show a message; an empty one takes it away."""
        put(self._error, message)

    def _guarded(self, action, *values):
        self.say("")
        try:
            action(*values)
        except Exception as error:  # ipywidgets drops what a callback raises: say it instead
            self.show()
            self.say(str(error) or type(error).__name__)

    def close(self):
        """Free the picture and every control, those out of sight too."""
        for held in (*self._rows, self._list, self._table):
            close_tree(held)
        super().close()


class _Row(w.HBox):
    """The controls of one run: its name, whether it is drawn, and the button that deletes it."""

    def __init__(self, index, panel):
        number = f"run {index + 1}"
        self._name = w.Text(description=f"{SYMBOLS[index]} name", continuous_update=False)
        self._name.tooltip, self._name.layout.width = f"Name of {number}", "300px"
        self._name.style.description_width = "56px"
        self._shown = w.Checkbox(description="in the chart", indent=False, layout=w.Layout(width="110px"))
        self._shown.tooltip = f"Draw {number}"
        delete = w.Button(description="Delete", tooltip=f"Delete {number}", layout=w.Layout(width="auto"))
        super().__init__([self._name, self._shown, delete], layout=w.Layout(flex_flow="row wrap"))
        self.add_class("wbviz-knob")
        self._showing = False
        self._name.observe(lambda change: self._asked(panel, panel.rename, change["new"]), names="value")
        self._shown.observe(lambda change: self._asked(panel, panel.hide, not change["new"]), names="value")
        delete.on_click(lambda _: panel._guarded(panel.delete, index))
        self.index = index

    def _asked(self, panel, action, value):
        if not self._showing:
            panel._guarded(action, self.index, value)

    def show(self, run):
        """Move the controls to where the run is, without telling anybody."""
        self._showing = True
        try:
            self._name.value, self._shown.value = run["name"], run["shown"]
        finally:
            self._showing = False


# --- words ------------------------------------------------------------------------------------------------------------


def table(runs, label=str):
    """What differed between the runs, and how each ended, as an HTML table: a column for each run."""
    head = "".join(f'<th scope="col">{SYMBOLS[k]} {escape(run["name"])}</th>' for k, run in enumerate(runs))
    rows = [(label(name), values) for name, values in differing(runs).items()] + _ends(runs)
    body = "".join(_table_row(name, values) for name, values in rows)
    return f"<table><caption>{escape(compared(runs))}</caption><tr><td></td>{head}</tr>{body}</table>"


def compared(runs):
    """What the runs have in common and in what they differ, in a sentence or two."""
    if len(runs) < 2:
        return "Keep a second run to see what differs."
    changed = len(differing(runs))
    settings = f"They differ in {plural(changed, 'setting')}." if changed else "All settings are the same."
    return " ".join([settings, *starts(runs)])


def starts(runs):
    """Which runs began with the same weights and biases, as a list of one sentence; an empty one if it is unknown."""
    if not all(run["start"] for run in runs):
        return []
    groups = [[run for run in runs if run["start"] == start] for start in dict.fromkeys(r["start"] for r in runs)]
    if len(groups) == 1:
        seeds = {run["settings"].get("init_seed") for run in runs}
        seed = f" (seed {seeds.pop()})" if len(seeds) == 1 and None not in seeds else ""
        return [f"All start from the same weights and biases{seed}."]
    shared = [" and ".join(f"“{run['name']}”" for run in group) for group in groups if len(group) > 1]
    alike = "; ".join(f"{names} start from the same weights and biases" for names in shared)
    return [f"{alike}." if alike else "Each has its own start."]


def described(runs):
    """The runs in words: how each ended, and what they have in common."""
    if not runs:
        return "No run is kept yet."
    ends = "; ".join(f"{run['name']}{'' if run['shown'] else ' (not drawn)'}: {_in_words(run)}" for run in runs)
    return f"{plural(len(runs), 'run')} kept. {ends}. {compared(runs)}"


def _table_row(name, values):
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _ends(runs):
    """The rows of the table with the final numbers; a run that has none of a kind shows a dash."""
    rows = [
        ("epochs", [f"{run['epochs'][-1]:g}" for run in runs]),
        ("training loss", [f"{run['train'][-1]:.4g}" for run in runs]),
        ("validation loss", [f"{run['validation'][-1]:.4g}" if run["validation"] else "–" for run in runs]),
    ]
    for name in dict.fromkeys(name for run in runs for name in run["numbers"]):
        rows.append((name, [f"{run['numbers'][name]:.4g}" if name in run["numbers"] else "–" for run in runs]))
    return rows


def _in_words(run):
    unseen = f", validation loss {run['validation'][-1]:.4g}" if run["validation"] else ""
    return f"after {run['epochs'][-1]:g} epochs training loss {run['train'][-1]:.4g}{unseen}"


def _end(run, top):
    """A line for the list beside the chart: how it ended, and whether it left the chart."""
    if not run["shown"]:
        return "not drawn"
    highest = max(run["train"] + run["validation"])
    unseen = f", val. {run['validation'][-1]:.3g}" if run["validation"] else ""
    return f"rises to {highest:.2g}" if highest > top else f"train. {run['train'][-1]:.3g}{unseen}"


def _shortened(name):
    return name if len(name) <= SHORT_NAME else f"{name[: SHORT_NAME - 1]}…"
