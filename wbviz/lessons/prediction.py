"""Prediction: the learner commits to an answer first; then it is compared with what the engine computes."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar

import numpy as np

from wbviz.lessons._text import plain, shorten, tell
from wbviz.lessons.checks import Mistake, diagnose


@dataclass(frozen=True)
class Comparison:
    """How near a prediction was: `near` (bool), the sentence that says it, and the distance (None for a choice)."""

    near: bool
    sentence: str
    distance: float | None = None


@dataclass(frozen=True)
class Prediction:
    """A question answered before the reveal. Use one of its forms: `Choose`, `Number`, `SetControl`, `DrawCurve`.

    name: short and unique in its chapter.  prompt: the question.  truth: computes the answer with the engine.
    explanation: what there is to understand, said after the comparison.
    """

    name: str
    prompt: str
    truth: Callable[[], Any]
    _: KW_ONLY
    explanation: str = ""

    form: ClassVar[str] = ""

    def accepts(self, answer):
        """Raise ValueError, with a sentence for the learner, when this is no possible answer."""
        raise TypeError(f"{type(self).__name__} is no form of prediction: use Choose, Number, SetControl or DrawCurve.")

    def compare(self, answer, truth=None):
        """Compare an answer with the truth (computed when not given) → `Comparison`."""
        raise TypeError(f"{type(self).__name__} is no form of prediction: use Choose, Number, SetControl or DrawCurve.")

    def say(self, answer):
        """The answer in words."""
        return tell(answer)

    def __repr__(self):
        return f"Prediction {self.name!r}: {shorten(self.prompt, 70)}"


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, and the misconception it shows ("" for the true one)."""

    text: str
    diagnosis: str = ""


@dataclass(frozen=True)
class Choose(Prediction):
    """Choose one of several options; `truth()` gives the text of the true one, every other one has a diagnosis."""

    _: KW_ONLY
    options: tuple[Option, ...]
    form: ClassVar[str] = "choose"

    def __post_init__(self):
        object.__setattr__(self, "options", tuple(self.options))
        texts = [option.text for option in self.options]
        if len(texts) < 2 or len(set(texts)) < len(texts):
            raise ValueError(f"Prediction {self.name!r} needs at least two different options, not {texts!r}.")

    def accepts(self, answer):
        """Only the text of an option."""
        if answer not in [option.text for option in self.options]:
            raise ValueError("Choose one of the answers first.")

    def compare(self, answer, truth=None):
        """True option, or the diagnosis of the chosen one."""
        truth = self.truth() if truth is None else truth
        if answer == truth:
            return Comparison(True, "That is what the engine computes.")
        chosen = next(option for option in self.options if option.text == answer)
        return Comparison(False, f"The engine computes: “{truth}”. {chosen.diagnosis}".rstrip())

    def say(self, answer):
        """The option between quotation marks."""
        return f"“{answer}”"


@dataclass(frozen=True)
class Number(Prediction):
    """A number; near when it lies within `tolerance` of the truth. `mistakes` name what a wrong number shows."""

    _: KW_ONLY
    tolerance: float
    unit: str = ""
    label: str = "Your prediction"
    mistakes: tuple[Mistake, ...] = ()
    form: ClassVar[str] = "number"

    def accepts(self, answer):
        """Only a finite number."""
        if isinstance(answer, bool) or not isinstance(answer, (int, float)) or not np.isfinite(answer):
            raise ValueError("Write a number first.")

    def compare(self, answer, truth=None):
        """The distance to the truth, and what a known mistake shows."""
        return compare_numbers(self, answer, self.truth() if truth is None else truth)

    def say(self, answer):
        """The number and its unit."""
        return tell(answer, self.unit)


@dataclass(frozen=True)
class SetControl(Prediction):
    """Set one control of a widget: trait `control` (and place `index` in it, when it holds several numbers).

    settings: how the widget starts.  tolerance: how near a number must be; None means equal.
    """

    _: KW_ONLY
    widget: type
    control: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    index: int | None = None
    tolerance: float | None = None
    unit: str = ""
    mistakes: tuple[Mistake, ...] = ()
    form: ClassVar[str] = "set"

    def read(self, explorer):
        """The value of the control."""
        value = getattr(explorer, self.control)
        return plain(value if self.index is None else value[self.index])

    def write(self, explorer, value):
        """Set the control."""
        value = plain(value)
        if self.index is not None:
            values = list(getattr(explorer, self.control))
            values[self.index] = value
            value = values
        setattr(explorer, self.control, value)

    def accepts(self, answer):
        """Any value the control had; a number when there is a tolerance."""
        if answer is None or (self.tolerance is not None and not isinstance(answer, (int, float))):
            raise ValueError("Set the control first.")

    def compare(self, answer, truth=None):
        """The distance of a number, or whether the two are equal."""
        truth = self.truth() if truth is None else truth
        if self.tolerance is not None:
            return compare_numbers(self, answer, truth)
        same = plain(answer) == plain(truth)
        return Comparison(same, "That is what the engine finds." if same else f"The engine finds {self.say(truth)}.")

    def say(self, answer):
        """The value and its unit."""
        return tell(answer, self.unit)


@dataclass(frozen=True)
class DrawCurve(Prediction):
    """Draw a curve over the places `x`; `truth()` gives the true y there, shape (len(x),).

    y_range: (lowest, highest) value that can be drawn.  tolerance: mean distance that counts as near, in units of y.
    """

    _: KW_ONLY
    x: tuple[float, ...]
    y_range: tuple[float, float]
    tolerance: float
    x_label: str = "x"
    y_label: str = "y"
    form: ClassVar[str] = "draw"

    def __post_init__(self):
        object.__setattr__(self, "x", tuple(float(x) for x in self.x))
        if len(self.x) < 2 or np.any(np.diff(self.x) <= 0):
            raise ValueError(f"Prediction {self.name!r}: x must rise and have at least two places, not {self.x!r}.")

    def accepts(self, answer):
        """Only a finite y for every x."""
        numbers = isinstance(answer, (list, tuple)) and all(isinstance(y, (int, float)) for y in answer)
        if not numbers or len(answer) != len(self.x) or not np.isfinite(answer).all():
            raise ValueError("Draw the curve first: two points are enough to begin with.")

    def compare(self, answer, truth=None):
        """The mean distance between the curves, and where they differ most."""
        truth = np.asarray(self.truth() if truth is None else truth, float)
        gap = np.abs(np.asarray(answer, float) - truth)
        worst, mean = int(gap.argmax()), float(gap.mean())
        distance = tell(mean if mean > self.tolerance / 100 else 0, digits=2)
        start = f"On average it lies {distance} from the true one, which is drawn dashed"
        if mean <= self.tolerance:
            return Comparison(True, f"{start}: that is near.", mean)
        drawn, true = (tell(float(curve[worst]), digits=2) for curve in (answer, truth))
        drew = f"you drew {drawn}, the engine computes {true}"
        return Comparison(False, f"{start}. They differ most at {self.x_label} = {tell(self.x[worst])}: {drew}.", mean)

    def say(self, answer):
        """The two ends of the curve."""
        return f"a curve from {tell(float(answer[0]), digits=2)} to {tell(float(answer[-1]), digits=2)}"


def compare_numbers(prediction, answer, truth):
    """The comparison of two numbers, shared by `Number` and `SetControl`."""
    gap, unit = answer - float(truth), prediction.unit
    engine = f"The engine computes {tell(float(truth), unit)}"
    if abs(gap) <= prediction.tolerance:
        return Comparison(True, f"{engine}: you were {'right' if gap == 0 else 'near'}.", abs(gap))
    much = f"{tell(abs(gap), unit)} too {'high' if gap > 0 else 'low'}"
    diagnosis = diagnose(answer, prediction.mistakes, prediction.tolerance)
    return Comparison(False, f"{engine}; you were {much}. {diagnosis}".rstrip(), abs(gap))
