"""Rows of controls, built from the knobs of an explorer: a control sets the trait, the trait moves the control."""

from functools import partial

import ipywidgets as w

from wbviz.widgets._slider import Slider
from wbviz.widgets._traits import Choice, Numbers, Toggle, item_label
from wbviz.widgets._words import escape

LABEL_WIDTH, ROW_WIDTH = "92px", "296px"


class Row(w.HBox):
    """A control that ipywidgets has, as a row. `show(value)` moves it without telling anybody; `say` says errors."""

    def __init__(self, control, on_turn, label):
        super().__init__([control])
        self.add_class("wbviz-knob")
        self.layout.flex_flow = "row wrap"
        self.label, self.control = label, control
        self._showing, self._error = False, None
        control.observe(lambda change: self._showing or on_turn(change["new"]), names="value")

    def show(self, value):
        """Move the control to `value` without telling anybody."""
        self._showing = True
        try:
            self.control.value = value
        finally:
            self._showing = False

    @property
    def disabled(self):
        """Whether the control can not be moved."""
        return self.control.disabled

    def enable(self, enabled):
        """Let the control be moved, or not: a knob that does nothing now should not look as if it did."""
        self.control.disabled = not enabled

    def say(self, message):
        """Show an error beside the control; an empty message takes it away."""
        if self._error is None:
            if not message:
                return
            self._error = error_line()
            self.children = (*self.children, self._error)
        put(self._error, message)


def error_line():
    """A line for an error, announced by screen readers, that takes no room while empty."""
    line = w.HTML(layout=w.Layout(display="none", width="100%"))
    line.add_class("wbviz-error")
    return line


def put(line, message):
    """Write a message, made safe, into an HTML line; an empty one hides it."""
    line.value = escape(message) if message else ""
    line.layout.display = None if message else "none"


def rows_for(trait, meta, value, on_change):
    """The rows of one knob: one for a single value, one for each item of a list. `meta`: its range, label and tip.

    A control that is moved calls `on_change(index, value)`; the index is None for a single value.
    """
    if not isinstance(trait, Numbers):
        return [_row(trait, meta, value, on_change, None, meta["label"])]
    return [_row(trait, meta, item, on_change, i, item_label(meta["label"], i)) for i, item in enumerate(value)]


def items(trait, value):
    """The values of a knob that have a row each: those of a list of numbers, else the value itself."""
    return value if isinstance(trait, Numbers) else [value]


def _row(trait, meta, value, on_change, index, label):
    on_turn = partial(on_change, index)
    if isinstance(trait, Choice):
        options = [(str(option).replace("_", " "), option) for option in trait.values_in(meta)]
        control = w.Dropdown(options=options, value=value, description=label, tooltip=meta["tip"])
        control.style.description_width = LABEL_WIDTH
    elif isinstance(trait, Toggle):
        control = w.Checkbox(value=value, description=label, tooltip=meta["tip"], indent=False)
    else:
        return Slider(label, meta, value, on_turn, knob=trait.name, index=index)
    control.layout.width = ROW_WIDTH
    return Row(control, on_turn, label)
