"""The learner's own data: a table pasted or loaded, its columns chosen, and everything odd about it said."""

import ipywidgets as w

from wbviz.widgets._download import download_link
from wbviz.widgets._rows import LABEL_WIDTH, error_line, put
from wbviz.widgets._table_points import (
    ALWAYS_ZERO,
    MOST_POINTS,
    Choice,
    class_names,
    csv_of,
    first_choice,
    numeric,
    points_of,
    task_of,
)
from wbviz.widgets._table_source import TableSource, knob_row, remarks, wide_row
from wbviz.widgets._words import escape, plural

TASKS = (("a class", "classification"), ("a number", "regression"))
EXAMPLE = "x1,x2,class\n-2.5,1.0,no\n3.1,-0.4,yes"


class OwnData(TableSource):
    """A panel that makes points of the learner's CSV, and CSV of the points.

    on_points(points, task): called with [x₁, x₂, class 0 or 1] each (task "classification"), or with [x₁, x₂, number]
    in −1 … 1 ("regression"); at most `most` of them, within `limits`. What it raises is said here.
    points(): the points there are now and their task, (list, task), for "My points as CSV".
    """

    def __init__(self, on_points, points=lambda: ([], "classification"), limits=(-6.0, 6.0), most=MOST_POINTS):
        self._on_points, self._points, self._limits, self._most = on_points, points, limits, most
        self.table = None
        self._moving = False
        source = self.make_source(EXAMPLE, f"A file of text; at most {most} of its rows become points")
        super().__init__([*source, self._make_choices(), *self._make_answer(), *self._make_copy()])
        self.add_class("wbviz-own-data")

    # --- controls ---------------------------------------------------------------------------------------------------

    def _make_choices(self):
        def choose(label, tip):
            control = w.Dropdown(description=label, tooltip=tip, layout=w.Layout(width="296px"))
            control.style.description_width = LABEL_WIDTH
            return control

        self.x1 = choose("x₁ is", "The column that becomes the first input")
        self.x2 = choose("x₂ is", "The column that becomes the second input")
        self.target = choose("to predict", "The column that is to be predicted")
        self.task = choose("as", "Whether its values are names of classes or numbers")
        self.one = choose("class 1 is", "Which of several classes becomes class 1; all others become class 0")
        self.target.observe(lambda _: self._chosen(self._offer_task), names="value")
        self.task.observe(lambda _: self._chosen(self._offer_classes), names="value")
        self.scale = w.Checkbox(description="scale the columns to fill the plane", indent=False)
        self.scale.tooltip = "Shift and divide the values so that they fill the plane; how is said"
        use = self._button("Use these points", "Take the points into the figure", self.use)
        controls = (self.x1, self.x2, self.target, self.task, self.one, self.scale)
        self._choices = w.VBox([*map(knob_row, controls), wide_row(use)], layout=w.Layout(display="none"))
        return self._choices

    def _make_answer(self):
        self._said, self._wrong = w.HTML(), error_line()
        return self._said, self._wrong

    def _make_copy(self):
        show = self._button("My points as CSV", "Write the points of the figure as CSV, to copy or to keep", self.write)
        self.own = w.Textarea(description="My points", layout=w.Layout(width="auto", height="110px"))
        self.own.style.description_width = LABEL_WIDTH
        copy = w.Button(description="Copy", tooltip="Copy the points as CSV", layout=w.Layout(width="auto"))
        copy.add_class("wbviz-copy")
        self._link = w.HTML()
        self._written = w.VBox([knob_row(self.own), wide_row(copy, self._link)], layout=w.Layout(display="none"))
        self._written.add_class("wbviz-share")
        return wide_row(show), self._written

    def _line_for(self, action):
        return self._wrong if action == self.use else self._error

    def _guarded(self, action, *values):
        put(self._wrong, "")
        super()._guarded(action, *values)

    # --- from text to points ----------------------------------------------------------------------------------------

    def _take(self, table):
        """Show what a table holds and offer its columns. The points in the figure stay until they are replaced."""
        self.table, self._remarks.value, self._said.value = table, remarks(table), ""
        self._choices.layout.display = "none"
        first = first_choice(table, self._limits)
        inputs = [(column, column) for column in numeric(table)]
        self._moving = True
        try:
            _offer(self.x1, inputs, first.x1)
            _offer(self.x2, [*inputs, ("nothing (always 0)", ALWAYS_ZERO)], first.x2)
            _offer(self.target, [(column, column) for column in table.columns], first.target)
            _offer(self.task, TASKS, first.task)
            self._offer_classes()
            self.scale.value = first.scale
        finally:
            self._moving = False
        self._choices.layout.display = None

    def _chosen(self, follow):
        if not self._moving:
            self._guarded(follow)

    def _offer_task(self):
        self.task.value = task_of(self.table, self.target.value)
        self._offer_classes()

    def _offer_classes(self):
        """Ask which class is class 1 only where there are more than two."""
        names = class_names(self.table, self.target.value) if self.task.value == "classification" else []
        _offer(self.one, [(name, name) for name in names] or [("", "")], self.one.value)
        self.one.layout.display = None if len(names) > 2 else "none"

    @property
    def choice(self):
        """Which columns become what, as the controls stand."""
        return Choice(
            self.x1.value, self.x2.value, self.target.value, self.task.value, self.one.value or "", self.scale.value
        )

    def use(self):
        """Make points of the table and hand them over; what was done is said."""
        self._said.value = ""
        choice = self.choice
        points, said = points_of(self.table, choice, self._limits, self._most)
        self._on_points(points, choice.task)
        words = escape(f"{plural(len(points), 'point')} in the figure. {said}")
        self._said.value = f'<p role="status">{words}</p>'

    # --- from points to text ----------------------------------------------------------------------------------------

    def write(self):
        """Write the figure's points as CSV; the pasted text is left as it is."""
        points, task = self._points()
        if not points:
            raise ValueError("There are no points of your own in the figure yet.")
        text = csv_of(points, task)
        self.own.value = text
        self._link.value = download_link(text.encode(), "points.csv", "Download as points.csv", "text/csv")
        self._written.layout.display = None


def _offer(control, options, wanted):
    """Give a drop-down other options; it keeps to `wanted` where that is one of them."""
    values = [value for _, value in options]
    control.options = options
    control.value = wanted if wanted in values else values[0]
