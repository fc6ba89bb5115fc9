"""Chapter: the predictions, exercises and claims of one notebook, found by name."""

import importlib
import os
import pkgutil
from dataclasses import dataclass
from pathlib import Path

from wbviz.lessons._claim_view import ClaimView
from wbviz.lessons._exercise_view import ExerciseView
from wbviz.lessons._prediction_view import PredictionView
from wbviz.lessons._progress_view import ProgressView
from wbviz.lessons.claim import Claim
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.left_out import LeftOutView, without
from wbviz.lessons.own import own_chapter
from wbviz.lessons.prediction import Prediction
from wbviz.lessons.progress import Progress
from wbviz.widgets._words import nearest, plural

#: The sections of the source document, in its order; chapter n of the book follows the n-th.
SECTIONS = (
    "What are Weights and Biases?",
    "Importance of Weights and Biases in AI",
    "How Do Weights and Biases Work?",
    "Mathematical Representation of Weights and Biases",
    "Training Neural Networks with Weights and Biases",
    "The Impact of Weights and Biases on Model Accuracy",
    "Adjusting Weights and Biases for Optimization",
    "Common Challenges in Managing Weights and Biases",
    "Tools and Technologies for Handling Weights and Biases",
    "Future Trends in Weights and Biases",
    "How Do Weights and Biases Affect AI Learning?",
    "Can Weights and Biases Lead to AI Biases?",
    "Frequently Asked Questions (FAQs)",
    "Conclusion",
)


class Items(tuple):
    """A tuple whose items can also be looked up by their name."""

    def __getitem__(self, which):
        if not isinstance(which, str):
            return super().__getitem__(which)
        for item in self:
            if item.name == which:
                return item
        names = [item.name for item in self]
        raise KeyError(f"There is no {which!r} here.{nearest(which, names)} There are: {', '.join(names) or 'none'}.")


@dataclass(frozen=True, repr=False)
class Chapter:
    """The lessons of one chapter, as data.

    number: 0 to 14; for a chapter of one's own a short name that does not begin with a digit.
    title: its heading.  file: the name of its notebook.  hidden: names of what a class leaves out (see `left_out`).
    """

    number: int | str
    title: str
    file: str
    predictions: tuple[Prediction, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    claims: tuple[Claim, ...] = ()
    hidden: frozenset[str] = frozenset()

    def __post_init__(self):
        if isinstance(self.number, str) and (self.number[:1].isdigit() or "/" in self.number or not self.number):
            raise ValueError(f"A chapter of one's own needs a short name such as 'my-title', not {self.number!r}.")
        for kind, cls in (("predictions", Prediction), ("exercises", Exercise), ("claims", Claim)):
            items = Items(getattr(self, kind))
            object.__setattr__(self, kind, items)
            names = [item.name for item in items]
            if not all(isinstance(item, cls) for item in items) or len(set(names)) < len(names):
                raise ValueError(
                    f"Chapter {self.number}: its {kind} must be {cls.__name__}s of different names: {names}."
                )

    @property
    def label(self):
        """Its number in two digits, or the name of a chapter of one's own."""
        return self.number if isinstance(self.number, str) else f"{self.number:02d}"

    def key(self, name):
        """Under which name an item is kept in the progress: `01/and-gate`."""
        return f"{self.label}/{name}"

    def shown(self, kind):
        """The items of a kind ("predictions", "exercises", "claims") that are not left out."""
        return () if kind in self.hidden else tuple(i for i in getattr(self, kind) if i.name not in self.hidden)

    def predict(self, name):
        """The prediction of that name, to be committed and compared → a view."""
        prediction = self.predictions[name]
        if prediction not in self.shown("predictions"):
            return LeftOutView("Prediction", name)
        return PredictionView(prediction, self.key(name), Progress.current())

    def exercise(self, name, *answer):
        """The exercise of that name → a view; with a function (or a number), already checked."""
        exercise = self.exercises[name]
        if exercise not in self.shown("exercises"):
            return LeftOutView("Exercise", name)
        call = f'ch.exercise("{name}", your_function)'
        view = ExerciseView(exercise, self.key(name), Progress.current(), call, hints="hints" not in self.hidden)
        return view.check(*answer) if answer else view

    def claim(self, name):
        """The claim of that name, with its experiment → a view."""
        claim = self.claims[name]
        if claim not in self.shown("claims"):
            return LeftOutView("Claim", name)
        return ClaimView(claim, self.key(name), Progress.current())

    def progress(self):
        """What is done in this chapter → a view."""
        prompt = f"Chapter {self.number}: {self.title}"
        return ProgressView([self], f"chapter {self.number}", prompt, Progress.current())

    def __repr__(self):
        counts = [plural(len(getattr(self, kind)), kind[:-1]) for kind in ("predictions", "exercises", "claims")]
        return f"Chapter {self.number}: {self.title} ({', '.join(counts)})"


def _present():
    """The numbers of the chapters that this installation holds."""
    folder = str(Path(__file__).parent)
    names = (module.name for module in pkgutil.iter_modules([folder]))
    return tuple(sorted(int(name[-2:]) for name in names if name[:-2] == "chapter_" and name[-2:].isdigit()))


CHAPTERS = _present()


def chapter(number, hide=()):
    """The lessons of a chapter: of the book by its number, of one's own by the path of its file, "my_lessons.py".

    hide: what a class leaves out: "predictions", "exercises", "hints", "claims", or names of items; the file
    `wbviz-class.toml` beside the notebook can name more (see `left_out`). Raises ValueError when there is no such
    chapter, or nothing of such a name in it.
    """
    own = isinstance(number, os.PathLike) or (isinstance(number, str) and number.endswith(".py"))
    found = own_chapter(number, Chapter) if own else _of_the_book(number)
    return without(found, hide)


def _of_the_book(number):
    if isinstance(number, bool) or not isinstance(number, int) or number not in CHAPTERS:
        present = ", ".join(str(n) for n in CHAPTERS) or "none"
        raise ValueError(f"There is no chapter {number!r} in this edition of the book. The chapters are: {present}.")
    return importlib.import_module(f"wbviz.lessons.chapter_{number:02d}").CHAPTER


def book_progress():
    """What is done in the whole book → a view."""
    return ProgressView([chapter(n) for n in CHAPTERS], "book", "What you have done in the book", Progress.current())
