"""Rows of controls, built from the knobs of an explorer: a control sets the trait, the trait moves the control."""

import math
from functools import partial
from typing import NamedTuple

import ipywidgets as w

from wbviz.widgets._traits import Choice, Numbers, Toggle, Whole, item_label
from wbviz.widgets._words import escape

LABEL_WIDTH, FIELD_WIDTH = "92px", "72px"


class Row(w.HBox):
    """The controls of one value. `show(value)` moves them without setting anything; `say` puts an error beside them.

    controls: pairs of a control and its scale: a `Scale`, or AS_IT_IS where the control holds the value itself.
    """

    def __init__(self, controls, on_change, label):
        super().__init__([control for control, _ in controls])
        self.add_class("wbviz-knob")
        self.layout.flex_flow = "row wrap"
        self.layout.align_items = "center"
        self.label = label
        self.controls = controls
        self._showing = False
        self._error = None
        for control, scale in controls:
            control.observe(partial(self._moved, scale, on_change), names="value")

    def _moved(self, scale, on_change, change):
        if not self._showing:
            on_change(scale.value_at(change["new"]))

    def show(self, value):
        """Move the controls to `value` without telling anybody."""
        self._showing = True
        try:
            for control, scale in self.controls:
                control.value = scale.position_of(value)
        finally:
            self._showing = False

    def enable(self, enabled):
        """Let the controls be moved, or not: a knob that does nothing now should not look as if it did."""
        for control, _ in self.controls:
            control.disabled = not enabled

    def say(self, message):
        """Show an error beside the controls; an empty message takes it away."""
        if self._error is None:
            if not message:
                return
            self._error = error_line()
            self.children = (*self.children, self._error)
        put(self._error, message)


class Scale(NamedTuple):
    """Where a slider stands for a value: at a whole number of steps from 0.

    A slider of floats would be moved by the browser's arithmetic when it appears, and report that as the learner's
    wish: a value set in code meanwhile would be lost, one between two steps rounded. Whole numbers stay as they are.
    """

    step: float
    kind: type = float

    def position_of(self, value):
        """The step nearest to `value`."""
        return round(value / self.step)

    def value_at(self, position):
        """The value at a step."""
        return self.kind(round(position * self.step, 10))


class LogScale:
    """A scale of equal ratios for positive numbers: 20 round ones in every decade, position 0 at 1."""

    ROUND = (1, 1.1, 1.2, 1.35, 1.5, 1.7, 2, 2.2, 2.5, 2.7, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9)

    def position_of(self, value):
        """The position of the round number nearest to `value`, as a ratio."""
        decade = math.floor(math.log10(value))
        near = [abs(math.log(value / 10**decade / number)) for number in (*self.ROUND, 10)]
        return len(self.ROUND) * decade + near.index(min(near))

    def value_at(self, position):
        """The round number at a position."""
        decade, place = divmod(position, len(self.ROUND))
        return float(f"{self.ROUND[place]}e{decade}")


class AsItIs:
    """The scale of a control that holds the value itself."""

    def position_of(self, value):
        return value

    value_at = position_of


AS_IT_IS = AsItIs()


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
        return [_row(trait, meta, value, partial(on_change, None), meta["label"])]
    labels = [item_label(meta["label"], i) for i in range(len(value))]
    return [_row(trait, meta, item, partial(on_change, i), labels[i]) for i, item in enumerate(value)]


def items(trait, value):
    """The values of a knob that have a row each: those of a list of numbers, else the value itself."""
    return value if isinstance(trait, Numbers) else [value]


def _row(trait, meta, value, on_change, label):
    named = {"description": label, "tooltip": meta["tip"], "style": {"description_width": LABEL_WIDTH}}
    if isinstance(trait, Choice):
        options = [(str(option).replace("_", " "), option) for option in trait.values]
        control = w.Dropdown(options=options, value=value, layout=w.Layout(width="296px"), **named)
        return Row([(control, AS_IT_IS)], on_change, label)
    if isinstance(trait, Toggle):
        control = w.Checkbox(value=value, description=label, tooltip=meta["tip"], indent=False)
        control.layout.width = "296px"
        return Row([(control, AS_IT_IS)], on_change, label)
    whole = isinstance(trait, Whole)
    scale = LogScale() if meta.get("log") else Scale(meta["step"], int if whole else float)
    low, high, here = (scale.position_of(v) for v in (meta["min"], meta["max"], value))
    slider = w.IntSlider(min=low, max=high, value=here, readout=False, layout=w.Layout(width="222px"), **named)
    field = (w.IntText if whole else w.FloatText)(value=value, step=meta["step"], layout=w.Layout(width=FIELD_WIDTH))
    return Row([(slider, scale), (field, AS_IT_IS)], on_change, label)
