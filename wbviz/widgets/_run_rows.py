"""The rows of RunBoard that no other explorer has: a list of names that depend on the runs, and notes."""

import ipywidgets as w

from wbviz.engine.run_values import LONGEST_NOTE
from wbviz.widgets._rows import LABEL_WIDTH, ROW_WIDTH, error_line, put
from wbviz.widgets._run_charts import named
from wbviz.widgets._words import escape


class NameRow(w.HBox):
    """A drop-down for a trait that is one of some names, which the runs bring with them: `names()` → {name: words}."""

    def __init__(self, explorer, trait, label, tip, names):
        self._explorer, self.trait, self._names, self._showing = explorer, trait, names, False
        self.control = w.Dropdown(description=label, tooltip=tip, layout=w.Layout(width=ROW_WIDTH))
        self.control.style.description_width = LABEL_WIDTH
        self.control.observe(self._turned, names="value")
        super().__init__([self.control])
        self.add_class("wbviz-knob")

    def _turned(self, change):
        if not self._showing and change["new"] is not None:
            self._explorer.try_set(self.trait, change["new"])

    def show(self, value):
        """Offer the names there are now, and stand on `value`; a name that no run has is offered too."""
        options = [(words, name) for name, words in ({value: named(value)} | self._names()).items()]
        self._showing = True
        try:
            if list(self.control.options) != options:
                self.control.options = options
            self.control.value = value
        finally:
            self._showing = False

    def enable(self, enabled):
        self.control.disabled = not enabled


class NoteRow(w.VBox):
    """The notes on something (`of`), a field to type one, and a button that keeps it."""

    trait = "notes"

    def __init__(self, explorer, of="the run chosen"):
        self._explorer = explorer
        self.text = w.Text(description="note", placeholder="What you tried, saw, think")
        self.text.tooltip = f"A note on {of}, up to {LONGEST_NOTE:,} characters"
        self.text.style.description_width, self.text.layout.width = LABEL_WIDTH, ROW_WIDTH
        field = w.HBox([self.text])
        field.add_class("wbviz-knob")
        self.keep = w.Button(description="Keep the note", tooltip=f"Keep the note on {of}")
        self.keep.layout.width = "auto"
        self.keep.disabled, self._enabled = True, True
        self.keep.on_click(lambda _: self._kept())
        self.text.observe(lambda _: self._ready(), names="value")
        self._said, self._error = w.HTML(), error_line()
        super().__init__([field, self.keep, self._error, self._said], layout=w.Layout(align_items="flex-start"))

    def _ready(self):
        """There is something to keep, or not."""
        put(self._error, "")
        self.keep.disabled = not (self._enabled and self.text.value.strip())

    def _kept(self):
        try:
            self._explorer.note(self.text.value)
            self.text.value = ""
        except Exception as error:  # ipywidgets drops what a callback raises: say it instead
            put(self._error, str(error) or type(error).__name__)

    def show(self, _):
        """Show the notes there are."""
        notes = self._explorer.notes_of()
        items = "".join(f"<li>{escape(text)}</li>" for text in notes)
        self._said.value = f"<ul>{items}</ul>" if notes else ""

    def enable(self, enabled):
        self._enabled, self.text.disabled = enabled, not enabled
        self._ready()
