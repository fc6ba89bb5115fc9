"""What stands beside and below the picture of Capstone: the table of checks, the runs, columns left out, a CSV."""

import ipywidgets as w

from wbviz.widgets._rows import LABEL_WIDTH, ROW_WIDTH
from wbviz.widgets._table_source import TableSource, remarks

EXAMPLE = "height,colour,age,answer\n1.62,red,34,yes\n1.81,blue,51,no"


class RunsRow(w.HBox):
    """The noted runs; choosing one puts its settings back on the knobs."""

    NONE = 0

    def __init__(self, explorer):
        self._explorer, self._showing = explorer, False
        self.control = w.Dropdown(description="go to", layout=w.Layout(width=ROW_WIDTH), options=[("", self.NONE)])
        self.control.tooltip = "Noted runs: choose one, and its settings are on the knobs again"
        self.control.style.description_width = LABEL_WIDTH
        self.control.observe(self._turned, names="value")
        super().__init__([self.control])
        self.add_class("wbviz-knob")

    def _turned(self, change):
        if not self._showing and change["new"]:
            self._explorer.choose(change["new"])

    def show(self, _):
        """Offer the runs there are, and stand on the one whose settings are on the knobs."""
        told = self._explorer.runs_in_words()
        options = [("no run yet" if not told else "a noted run …", self.NONE)]
        options += [(text, k + 1) for k, text in enumerate(told)]
        self._showing = True
        try:
            if list(self.control.options) != options:
                self.control.options = options
            self.control.value = self._explorer.run or self.NONE
        finally:
            self._showing = False

    def enable(self, enabled):
        self.control.disabled = not enabled


class LeaveOutRow(w.HBox):
    """Which columns are no inputs: several can be marked."""

    def __init__(self, explorer):
        self._explorer, self._showing = explorer, False
        self.control = w.SelectMultiple(description="leave out", rows=4, layout=w.Layout(width=ROW_WIDTH))
        self.control.tooltip = "Columns that are no inputs, such as a number of the row; Ctrl marks several"
        self.control.style.description_width = LABEL_WIDTH
        self.control.observe(self._turned, names="value")
        super().__init__([self.control])
        self.add_class("wbviz-knob")

    def _turned(self, change):
        if not self._showing:
            self._explorer.try_set("leave_out", list(change["new"]))

    def show(self, value):
        """Offer the columns that could be inputs, and mark those that are none."""
        options = self._explorer.input_columns()
        self._showing = True
        try:
            if list(self.control.options) != list(options):
                self.control.value, self.control.options = (), options
            self.control.value = tuple(column for column in value if column in options)
        finally:
            self._showing = False

    def enable(self, enabled):
        self.control.disabled = not enabled


class OwnTable(TableSource):
    """The learner's own table, folded away until it is wanted: pasted or loaded, it takes the place of the data."""

    def __init__(self, explorer):
        self._explorer = explorer
        self.toggle = w.ToggleButton(value=False, description="Your own table (CSV)", layout=w.Layout(width="auto"))
        self.toggle.tooltip = "Paste or load a table of your own"
        tip = "A file of text with a header: up to 20,000 rows, 200 columns, 5 MB"
        self._fold = w.VBox([*self.make_source(EXAMPLE, tip)], layout=w.Layout(display="none"))
        self.toggle.observe(self._turned, names="value")
        super().__init__([self.toggle, self._fold])
        self.toggle.layout.align_self = "flex-start"
        self.add_class("wbviz-own-data")

    def _turned(self, change):
        self._fold.layout.display = None if change["new"] else "none"

    def _take(self, table):
        self._explorer.take(table)
        self._remarks.value = remarks(table)


class Checks(w.HTML):
    """The six checks as a table that a screen reader can read."""

    def __init__(self):
        super().__init__(layout=w.Layout(width="auto", max_width="980px"))
        self.add_class("wbviz-checks-box")

    def show(self, html):
        """Show a table; the same again costs nothing."""
        if self.value != html:
            self.value = html
