"""The view of an exercise: the task, its widget or field, Check, and two hints."""

from wbviz.lessons._answers import number_field
from wbviz.lessons._text import prose, read_number
from wbviz.lessons._view import View, html, row, show

_ORDINALS = ("First hint", "Second hint")
#: A widget's state longer than this (as text) is not kept with the progress.
_STATE_LIMIT = 20_000


class ExerciseView(View):
    """An exercise on the page. Attempts, hints and the solution are kept in `progress` under `key`.

    hints=False leaves the hints out, and says so.
    """

    def __init__(self, exercise, key, progress, call="", hints=True):
        super().__init__("Exercise", exercise.name, exercise.prompt)
        self.exercise, self._key, self._progress = exercise, key, progress
        self.widget = self.field = None
        self.check_button = self.button("Check", self._check_shown, "Check the answer")
        self.hint_button = self.button(_ORDINALS[0], self._hint, "Show a hint; there are two")
        self.back_button = self.button("My last try", self._bring_back, "Set the figure as you last checked it")
        self.hints = html("", "wbviz-hints")
        self.arrange(*self._controls(call), row(self.check_button, self.hint_button, self.back_button), self.hints)
        self._reopen()
        if not hints:
            show(self.hint_button, False)
            self.hints.value = "<p>The hints are left out in this class.</p>"

    def _controls(self, call):
        """What the answer is given with."""
        if self.exercise.kind == "widget":
            self.widget = self.exercise.widget(**self.exercise.start)
            return [self.widget]
        if self.exercise.kind == "number":
            self.field = number_field(self.exercise.label)
            self.field.on_msg(lambda _, content, __: content.get("event") == "submit" and self.check_button.click())
            return [row(self.field, html(prose(self.exercise.unit)))]
        show(self.check_button, False)
        return [html(prose(f"Write the function in a cell, run it, then run `{call}`."))] if call else []

    # --- checking ---------------------------------------------------------------------------------------------------

    def check(self, answer=None):
        """Check an answer (for a function: the function; without one, what the page shows). Returns this view."""
        if answer is None and self.exercise.kind != "function":
            self.guarded(self._check_shown)
        else:
            self.guarded(lambda: self._judge(answer))
        return self

    def _check_shown(self):
        if self.widget is not None:
            self._judge(self.widget)
        else:
            self._judge(read_number(self.field.value, self.exercise.unit))

    def _judge(self, answer):
        self.feedback.say("Checking …")
        sentence = self.exercise.check(answer)
        self._progress.checked(self._key, not sentence, self._state())
        told = sentence or self.exercise.conclusion
        self.feedback.say(f"{told} {self._progress.problem}".rstrip(), "more" if sentence else "good")
        show(self.back_button, False)

    def _state(self):
        state = getattr(self.widget, "state", None)
        return state if isinstance(state, dict) and len(str(state)) <= _STATE_LIMIT else None

    # --- hints and earlier tries ------------------------------------------------------------------------------------

    def _hint(self):
        if self._shown == 2:
            return self.feedback.say("Both hints are shown already.")
        self._show_hints(self._shown + 1)
        self._progress.hinted(self._key, self._shown)

    def _show_hints(self, count):
        self._shown = count
        given = zip(_ORDINALS, self.exercise.hints[:count], strict=False)
        self.hints.value = "".join(f"<p><b>{title}.</b> {prose(hint)}</p>" for title, hint in given)
        self.hint_button.description = _ORDINALS[min(count, 1)]

    def _bring_back(self):
        self.widget.apply(self._progress.get("exercises", self._key)["state"])
        self.feedback.say("This is your last try.")

    def _reopen(self):
        record = self._progress.get("exercises", self._key)
        self._show_hints(min(max(record.get("hints", 0), 0), 2))
        show(self.back_button, self.widget is not None and bool(record.get("state")))
        if record.get("solved"):
            self.feedback.say("You solved this before. Solve it again if you like.", "good")
        elif self._progress.message:
            self.feedback.say(self._progress.message, "more")
