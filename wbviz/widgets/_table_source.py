"""Where a learner's table comes from: pasted text or a file, read with everything odd about it said."""

import ipywidgets as w

from wbviz.data import Table
from wbviz.widgets._rows import LABEL_WIDTH, error_line, put
from wbviz.widgets._words import escape, plural

#: So many remarks are shown at once; the others are folded away, none is lost.
FIRST_REMARKS = 4


class TableSource(w.VBox):
    """A field for pasted text, a button for a file, and what is to be said about the table that was read.

    A subclass puts `make_source(…)` among its children and writes `_take(table)`; what that raises is said here.
    """

    def make_source(self, example, file_tip):
        """The controls, and two lines for errors and remarks."""
        self.text = w.Textarea(
            description="CSV text", placeholder=example, layout=w.Layout(width="auto", height="110px")
        )
        self.text.tooltip = "Paste a table: a row for each example; commas, semicolons or tabs between the columns"
        self.text.style.description_width = LABEL_WIDTH
        read = self._button("Read the text", "Read the pasted table", self.read)
        read.disabled = True
        self.text.observe(lambda change: setattr(read, "disabled", not change["new"].strip()), names="value")
        self.upload = w.FileUpload(accept=".csv,.tsv,.txt", multiple=False, description="Load a CSV file")
        self.upload.tooltip = file_tip
        self.upload.observe(lambda change: self._guarded(self._load, change["new"]), names="value")
        self._error, self._remarks = error_line(), w.HTML()
        return knob_row(self.text), wide_row(read, self.upload), self._error, self._remarks

    def _button(self, label, tip, action):
        made = w.Button(description=label, tooltip=tip, layout=w.Layout(width="auto"))
        made.on_click(lambda _: self._guarded(action))
        return made

    def _line_for(self, action):
        """The line in which an error of an action is said."""
        return self._error

    def _guarded(self, action, *values):
        line = self._line_for(action)
        put(self._error, "")
        put(line, "")
        try:
            action(*values)
        except Exception as error:  # ipywidgets drops what a callback raises: say it instead
            put(line, str(error) or type(error).__name__)

    def read(self):
        """Read the pasted text as a table."""
        if not self.text.value.strip():
            raise ValueError("There is no text yet: paste a table, or load a file.")
        self._take(Table.from_text(self.text.value, name="the pasted table"))

    def _load(self, files):
        if files:
            content, name = bytes(files[0]["content"]), files[0]["name"]
            self.upload.value = ()
            self._take(Table.from_bytes(content, name=name))


def remarks(table):
    """What was read and all there is to say about it, as HTML; long lists are folded."""
    counted = f"{plural(len(table), 'row')} and {plural(len(table.columns), 'column')} were read from {table.name}."
    items = [f"<li>{escape(problem)}</li>" for problem in table.problems]
    first, more = "".join(items[:FIRST_REMARKS]), "".join(items[FIRST_REMARKS:])
    folded = f"<details><summary>{plural(len(items) - FIRST_REMARKS, 'more remark')}</summary><ul>{more}</ul></details>"
    return f"<p>{escape(counted)}</p><ul>{first}</ul>{folded if more else ''}"


def knob_row(control):
    """A row by itself, in which the front end finds the control's name."""
    row = w.HBox([control])
    row.add_class("wbviz-knob")
    if isinstance(control, w.Textarea):
        row.layout.flex_flow, control.layout.flex = "row", "1 1 auto"
    return row


def wide_row(*children):
    return w.HBox(children, layout=w.Layout(flex_flow="row wrap", align_items="center"))
