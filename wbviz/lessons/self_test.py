"""The self-test over the whole book: questions on chapters 01 to 12, of which a seed draws a balanced selection."""

from wbviz.lessons._questions import CHAPTERS_ASKED, Question, draw
from wbviz.lessons._self_test_run import Run
from wbviz.lessons._self_test_view import SelfTestView
from wbviz.lessons.progress import Progress
from wbviz.lessons.questions_01_03 import QUESTIONS as FROM_01
from wbviz.lessons.questions_04_06 import QUESTIONS as FROM_04
from wbviz.lessons.questions_07_09 import QUESTIONS as FROM_07
from wbviz.lessons.questions_10_12 import QUESTIONS as FROM_10

#: Every question there is, in the order of the chapters.
QUESTIONS = (*FROM_01, *FROM_04, *FROM_07, *FROM_10)


def self_test(seed=0, questions=12):
    """So many questions drawn by a seed, as evenly from the chapters as can be → a view.

    The same seed asks the same questions. Answers are kept with the progress, and an unfinished test goes on where it
    was left. Raises ValueError for a seed or a number of questions that cannot be.
    """
    return SelfTestView(Run(QUESTIONS, seed, questions, Progress.current()))


__all__ = ["CHAPTERS_ASKED", "QUESTIONS", "Question", "draw", "self_test"]
