"""Checks for exercises that locate an error: `near` for a number, `matches` for a function the learner writes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wbviz.lessons._text import read_number, shorten, tell


@dataclass(frozen=True)
class Mistake:
    """A wrong number that shows a known misconception, and the sentence which names it.

    value: the number, or a function without arguments that computes it.
    """

    value: float | Callable[[], float]
    diagnosis: str

    def explains(self, answer, tolerance):
        """Whether `answer` lies within `tolerance` of this mistake."""
        value = self.value() if callable(self.value) else self.value
        return abs(answer - value) <= tolerance


def diagnose(answer, mistakes, tolerance):
    """The sentence of the first mistake that explains `answer`, or ""."""
    return next((m.diagnosis for m in mistakes if m.explains(answer, tolerance)), "")


def near(truth, tolerance, mistakes=()):
    """A check for a number exercise: within `tolerance` of `truth` (a number, or a function that computes it).

    A number that a `Mistake` explains gets its sentence, any other one hears whether it is too high or too low.
    """

    def check(answer):
        try:
            answer = read_number(answer if isinstance(answer, str) else repr(float(answer)))
        except (TypeError, ValueError) as error:
            return str(error) if isinstance(answer, str) else "A single number is expected here."
        target = truth() if callable(truth) else truth
        if abs(answer - target) <= tolerance:
            return ""
        return diagnose(answer, mistakes, tolerance) or f"{tell(answer)} is too {'high' if answer > target else 'low'}."

    return check


def matches(reference, cases, tolerance=1e-6):
    """A check for a function exercise: the learner's function must give what `reference` gives in every case.

    cases: tuples of arguments, easy ones first. The first case that differs is told with its input, what came
    out and what was expected. `reference` is ours and computes the expected values, with the engine where it can.
    """
    names = [shorten(name) for name in inspect.signature(reference).parameters]

    def check(function):
        if not callable(function):
            return f"A function is expected here, but {_kind(function)} came: pass its name, without brackets."
        for case in cases:
            if sentence := _compare(function, case, reference(*_copies(case)), names, tolerance):
                return sentence
        return ""

    return check


def _compare(function, case, expected, names, tolerance):
    given = ", ".join(f"{name} = {_show(value)}" for name, value in zip(names, case, strict=False))
    expected = np.asarray(expected, float)
    try:
        result = function(*_copies(case))
    except Exception as error:
        detail = shorten(str(error), 120)
        return f"For {given} your function stopped with {type(error).__name__}: {detail} Expected: {_show(expected)}."
    trouble = _unusable(result, expected) or _differs(result, expected, tolerance)
    return (
        trouble
        and f"For {given} your function gave {trouble}{'' if trouble[-1] == '?' else '.'} Expected: {_show(expected)}."
    )


def _copies(case):
    """Arguments a learner's function may change without harm to the next case."""
    return tuple(np.array(value) if isinstance(value, np.ndarray) else value for value in case)


def _unusable(result, expected):
    if result is None:
        return "nothing (None): does it end with a `return`?"
    try:
        array = np.asarray(result, float)
    except (TypeError, ValueError):
        return f"{_kind(result)} where {'an array' if expected.ndim else 'a number'} belongs"
    if array.size == expected.size == 1 and expected.ndim == 0:
        array = array.reshape(())
    if array.shape != expected.shape:
        return f"{_shape(array)} instead of {_shape(expected)}"
    return "" if np.isfinite(array).all() else f"{_show(array)}, which is not a finite number"


def _differs(result, expected, tolerance):
    array = np.asarray(result, float).reshape(expected.shape)
    close = np.abs(array - expected) <= tolerance * np.maximum(1, np.abs(expected))
    return "" if close.all() else _show(array)


def _shape(array):
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _kind(value):
    if isinstance(value, str):
        return f"the text “{shorten(value, 30)}”"
    return "None" if value is None else f"{shorten(value, 40)} (of type {type(value).__name__})"


def _show(value):
    """A number or a small array as the learner would write it."""
    if np.ndim(value) == 0:
        return tell(value.item() if isinstance(value, np.ndarray) else value)
    if np.size(value) > 12:
        return f"an array of shape {np.shape(value)}"
    return shorten(np.array2string(np.asarray(value), precision=4, separator=", ", suppress_small=True), 100)
