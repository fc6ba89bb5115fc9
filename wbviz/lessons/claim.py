"""Claim: a sentence of the source document, and the experiment that tests it."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real

from wbviz.lessons._text import plain, shorten, tell


@dataclass(frozen=True, repr=False)
class Verdict:
    """What an experiment found.

    verdict: "holds", "holds if …" (the condition in place of the dots, or the dots) or "misleading".
    numbers: what was measured, name → finite number.  text: the reason in a sentence or two.
    """

    verdict: str
    numbers: Mapping[str, float]
    text: str

    def __post_init__(self):
        if self.verdict not in ("holds", "misleading") and not self.verdict.startswith("holds if "):
            raise ValueError(f"The verdict {self.verdict!r} is none of 'holds', 'holds if …', 'misleading'.")
        for name, value in self.numbers.items():
            if not isinstance(value, Real) or not math.isfinite(value):
                raise ValueError(f"The number {name!r} of a verdict must be finite, not {value!r}.")
        object.__setattr__(self, "numbers", plain(dict(self.numbers)))

    def __repr__(self):
        return "; ".join([f"Verdict: {self.verdict}", *(f"{name} {tell(x)}" for name, x in self.numbers.items())])


@dataclass(frozen=True)
class Claim:
    """What the source document asserts in one of its sections, and an experiment on the real engine.

    experiment: a function without arguments that returns a `Verdict`; when it takes long it is a generator which
    yields its progress (a fraction 0…1, or a fraction and a text) and returns the verdict at its end.
    """

    name: str
    statement: str
    source_section: str
    experiment: Callable

    def steps(self):
        """Run the experiment piece by piece: a generator of its progress, whose value is the `Verdict`."""
        result = self.experiment()
        if inspect.isgenerator(result):
            result = yield from result
        if not isinstance(result, Verdict):
            raise TypeError(f"The experiment of claim {self.name!r} must return a Verdict, not {shorten(result)}.")
        return result

    def test(self):
        """Run the experiment to its end → `Verdict`."""
        steps = self.steps()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value

    def __repr__(self):
        return f"Claim {self.name!r}: {shorten(self.statement, 70)}"
