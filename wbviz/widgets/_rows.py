"""Rows of controls, built from the knobs of an explorer: a control sets the trait, the trait moves the control."""

from functools import partial

import ipywidgets as w

from wbviz.widgets._traits import Choice, Numbers, Toggle, Whole, item_label
from wbviz.widgets._words import escape

LABEL_WIDTH, FIELD_WIDTH = "92px", "72px"


class Row(w.HBox):
    """The controls of one value. `show(value)` moves them without setting anything; `say` puts an error beside them."""

    def __init__(self, controls, read, on_change, label):
        super().__init__(controls)
        self.add_class("wbviz-knob")
        self.layout.flex_flow = "row wrap"
        self.layout.align_items = "center"
        self.label = label
        self._controls = tuple(controls)
        self._showing = False
        self._error = None
        for control in controls:
            control.observe(lambda change: self._showing or on_change(read(change["new"])), names="value")

    def show(self, value):
        """Move the controls to `value` without telling anybody."""
        self._showing = True
        try:
            for control in self._controls:
                shown = on_grid(control, value) if isinstance(control, w.FloatSlider) else value
                if control.value != shown:
                    control.value = shown
        finally:
            self._showing = False

    def say(self, message):
        """Show an error beside the controls; an empty message takes it away."""
        if self._error is None:
            if not message:
                return
            self._error = error_line()
            self.children = (*self.children, self._error)
        put(self._error, message)


def on_grid(slider, value):
    """The step of a slider next to `value`. A handle put between two steps is moved by the browser, which then reports
    that as the learner's wish: the value would be rounded by being looked at."""
    steps = round((value - slider.min) / slider.step)
    return min(round(slider.min + slider.step * steps, 10), slider.max)


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


def show(rows, value):
    """Move the rows of one knob to `value`."""
    for row, item in zip(rows, value if isinstance(value, list) else [value], strict=True):
        row.show(item)


def _row(trait, meta, value, on_change, label):
    style = {"description_width": LABEL_WIDTH}
    named = {"description": label, "tooltip": meta["tip"], "style": style}
    if isinstance(trait, Choice):
        options = [(str(option).replace("_", " "), option) for option in trait.values]
        control = w.Dropdown(options=options, value=value, layout=w.Layout(width="296px"), **named)
        return Row([control], lambda new: new, on_change, label)
    if isinstance(trait, Toggle):
        control = w.Checkbox(value=value, description=label, tooltip=meta["tip"], indent=False)
        control.layout.width = "296px"
        return Row([control], bool, on_change, label)
    span = {"min": meta["min"], "max": meta["max"], "step": meta["step"], "value": value, "readout": False}
    field = {"value": value, "step": meta["step"], "layout": w.Layout(width=FIELD_WIDTH)}
    slider_layout = w.Layout(width="222px")
    if isinstance(trait, Whole):
        controls = [w.IntSlider(layout=slider_layout, **span, **named), w.IntText(**field)]
        return Row(controls, int, on_change, label)
    controls = [w.FloatSlider(layout=slider_layout, **span, **named), w.FloatText(**field)]
    controls[0].value = on_grid(controls[0], value)
    return Row(controls, lambda new: round(new, 10), on_change, label)
