"""Lessons: predictions, exercises, claims and the learner's progress. In a notebook: `ch = chapter(1)`."""

from wbviz.lessons.chapter import CHAPTERS, SECTIONS, Chapter, book_progress, chapter
from wbviz.lessons.checks import Mistake, matches, near
from wbviz.lessons.claim import Claim, Verdict
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, DrawCurve, Number, Option, Prediction, SetControl
from wbviz.lessons.progress import Progress

__all__ = [
    "CHAPTERS",
    "SECTIONS",
    "Chapter",
    "Choose",
    "Claim",
    "DrawCurve",
    "Exercise",
    "Mistake",
    "Number",
    "Option",
    "Prediction",
    "Progress",
    "SetControl",
    "Verdict",
    "book_progress",
    "chapter",
    "matches",
    "near",
]
