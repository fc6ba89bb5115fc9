"""Exercise: a task as data, whose check locates the error without giving the answer."""

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wbviz.lessons._text import shorten
from wbviz.lessons._watchdog import TooLong, Watched, within

_log = logging.getLogger("wbviz.lessons")

#: Seconds that a learner's function may take in one check.
TIME_LIMIT = 10.0


@dataclass(frozen=True)
class Exercise:
    """A task whose answer is the state of a widget, a number, or a short function the learner writes.

    name: short and unique in its chapter.  prompt: what to do.  hints: exactly two, the first one gentler.
    widget: the explorer's class, or None for a number or a function.
    start, solution: settings (dicts) for a widget, else two numbers or two functions; the start fails, the solution
    passes.
    check: takes the widget, the number or the function; returns "" when solved, else a sentence that locates the error.
    It is guarded: whatever goes wrong inside comes back as a sentence, and an endless function is stopped after
    `TIME_LIMIT` seconds.
    conclusion: the sentence said when it is solved.  label, unit: beside the field of a number.
    kind: "widget", "number" or "function" (follows from widget and solution).
    """

    name: str
    prompt: str
    check: Callable[[Any], str]
    hints: tuple[str, str]
    start: Any
    solution: Any
    widget: type | None = None
    conclusion: str = "Solved."
    label: str = "Your answer"
    unit: str = ""
    kind: str = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "hints", tuple(self.hints))
        object.__setattr__(self, "kind", self._kind())
        if len(self.hints) != 2 or not all(isinstance(hint, str) and hint.strip() for hint in self.hints):
            raise ValueError(
                f"Exercise {self.name!r} needs exactly two hints, but has {len(self.hints)}: {self.hints!r}."
            )
        if self.kind == "widget" and not (isinstance(self.start, Mapping) and isinstance(self.solution, Mapping)):
            raise ValueError(f"Exercise {self.name!r} has a widget: its start and solution must be dicts of settings.")
        object.__setattr__(self, "check", _guarded(self.check, self.kind))

    def _kind(self):
        if self.widget is not None:
            return "widget"
        return "function" if callable(self.solution) else "number"

    def __repr__(self):
        return f"Exercise {self.name!r}: {shorten(self.prompt, 70)}"


def _guarded(check, kind):
    """The same check, which always returns a sentence: nothing that is raised inside reaches the learner."""

    @functools.wraps(check)
    def safe(answer):
        try:
            sentence = _timed(check, answer) if kind == "function" and callable(answer) else check(answer)
        except Exception as error:
            _log.debug("a check failed", exc_info=True)
            return f"This could not be checked: {type(error).__name__}: {shorten(str(error), 120)}"
        if isinstance(sentence, str):
            return sentence
        return "The check of this exercise gave no answer: that is a fault of the book, not yours."

    return safe


def _timed(check, function):
    """Run the check of a learner's function, and say for which input it did not end."""
    watched = Watched(function)
    try:
        return within(TIME_LIMIT, check, watched)
    except TooLong:
        ending = f"had not ended after {TIME_LIMIT:g} seconds and was stopped"
    except KeyboardInterrupt:
        ending = "was still running when you interrupted it"
    return f"{watched.story()} your function {ending}: look for a loop that never ends."
