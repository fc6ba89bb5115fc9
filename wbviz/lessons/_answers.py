"""The control with which a prediction is answered, one class for each form.

Each has `.box` (the widget), `.read()` → the answer (ValueError, with a sentence, when there is none yet),
`.put(answer)`, `.lock(flag)`, `.reveal(truth)` and `.begin()` (ready to be answered again).
"""

import ipywidgets as w

from wbviz.lessons._curve import CurvePad
from wbviz.lessons._text import prose, read_number
from wbviz.lessons._view import html, row


class ChooseAnswer:
    """Radio buttons, none chosen at first."""

    def __init__(self, prediction):
        self.box = w.RadioButtons(options=[option.text for option in prediction.options], value=None)
        self.box.layout.width = "auto"

    def read(self):
        return self.box.value

    def put(self, answer):
        self.box.value = answer

    def lock(self, locked):
        self.box.disabled = locked

    def reveal(self, truth):
        """The comparison in words says it all."""

    def begin(self):
        """The last choice stays, to be changed."""


class NumberAnswer:
    """A field for a number, with its unit."""

    def __init__(self, prediction):
        self.field, self._unit = number_field(prediction.label), prediction.unit
        self.box = row(self.field, html(prose(prediction.unit)))

    def read(self):
        return read_number(self.field.value, self._unit)

    def put(self, answer):
        self.field.value = f"{answer:g}"

    def lock(self, locked):
        self.field.disabled = locked

    def reveal(self, truth):
        """The comparison in words says it all."""

    def begin(self):
        """The last number stays, to be changed."""


class SetAnswer:
    """An explorer whose one control is set; the reveal moves that control to the truth."""

    def __init__(self, prediction):
        self._prediction = prediction
        self.box = prediction.widget(**prediction.settings)
        self._start = prediction.read(self.box)

    def read(self):
        return self._prediction.read(self.box)

    def put(self, answer):
        self._prediction.write(self.box, answer)

    def lock(self, locked):
        """Never: after the reveal the explorer is there to be played with."""

    def reveal(self, truth):
        self._prediction.write(self.box, truth)

    def begin(self):
        self._prediction.write(self.box, self._start)


class DrawAnswer:
    """A pad to draw on; the reveal draws the true curve over it."""

    def __init__(self, prediction):
        self.pad = CurvePad(prediction)
        self.box = self.pad.box

    def read(self):
        return self.pad.curve()

    def put(self, answer):
        self.pad.put(answer)

    def lock(self, locked):
        self.pad.locked = locked

    def reveal(self, truth):
        self.pad.reveal(truth)

    def begin(self):
        self.pad.clear()


def number_field(label):
    """A field that takes a number as people write it; empty at first."""
    field = w.Text(value="", placeholder="a number", description=label, layout=w.Layout(width="auto"))
    field.continuous_update = False  # sent as a whole, when it is left or by Enter: never overtaken by a button
    field.style.description_width = "initial"
    return field


ANSWERS = {"choose": ChooseAnswer, "number": NumberAnswer, "set": SetAnswer, "draw": DrawAnswer}
