"""Question: a prediction that is asked in the self-test, where to read about it again, and how questions are drawn."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from wbviz.lessons.prediction import Choose, Number, Option, Prediction

#: The chapters that the self-test asks about.
CHAPTERS_ASKED = tuple(range(1, 13))
#: The largest seed.
LAST_SEED = 9999


@dataclass(frozen=True)
class Question:
    """A question of the self-test. chapter: its number.  heading: the part of that chapter to read again."""

    prediction: Prediction
    chapter: int
    heading: str

    @property
    def name(self):
        """The name of its prediction, unique among all questions."""
        return self.prediction.name


def about(chapter, heading, *predictions):
    """Questions on one part of a chapter."""
    return [Question(prediction, chapter, heading) for prediction in predictions]


def pick(name, prompt, place, *options, explanation):
    """A `Choose` whose truth is the option at the place (0, 1, …) that `place()` computes.

    options: the texts, each with the diagnosis of the misconception it shows; the true one alone. On the page they
    stand in an order that does not tell which one it is, the same every time.
    """
    options = [Option(*([option] if isinstance(option, str) else option)) for option in options]
    shown = sorted(options, key=lambda option: crc32(option.text.encode()))
    return Choose(name, prompt, lambda: options[place()].text, options=shown, explanation=explanation)


def ask(name, prompt, truth, **options):
    """A `Number`. What is computed is rounded to nine digits after the point, so that an exact answer is right."""
    return Number(name, prompt, lambda: round(float(truth()), 9), **{"label": "Your answer", **options})


def draw(questions, seed, count):
    """`count` of the questions, in the order of their chapters, drawn from the chapters as evenly as can be.

    Which ones it is depends on the seed alone. Raises ValueError when there are not so many.
    """
    _must_be_whole("seed", seed, 0, LAST_SEED)
    _must_be_whole("number of questions", count, 1, len(questions))
    rng = np.random.default_rng(seed)
    by_chapter = {}
    for i in rng.permutation(len(questions)):
        by_chapter.setdefault(questions[i].chapter, []).append(int(i))
    chosen = []
    while len(chosen) < count:
        begun = [chapter for chapter in by_chapter if by_chapter[chapter]]
        chosen += [by_chapter[chapter].pop() for chapter in begun[: count - len(chosen)]]
    return [questions[i] for i in sorted(chosen, key=lambda i: (questions[i].chapter, i))]


def _must_be_whole(what, value, low, high):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ValueError(f"The {what} must be a whole number from {low} to {high}, not {value!r}.")
