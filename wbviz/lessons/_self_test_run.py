"""One self-test under way: which questions it has, what was answered, what came out."""

from wbviz.lessons._questions import draw
from wbviz.lessons._text import plain
from wbviz.widgets._words import plural


class Run:
    """The questions that a seed draws, and the answers to them as the progress keeps them.

    A question's view takes it for the progress: here only the first answer counts, and it can be given anew in a
    test that is begun again. `answered` is called after each answer was compared.
    """

    def __init__(self, pool, seed, count, progress):
        self.questions = draw(pool, seed, count)
        self.pool, self.seed, self.count, self._progress = pool, seed, count, progress
        self.name = f"{plural(count, 'question')}, seed {seed}"
        self.answered = lambda: None
        known = {question.name for question in self.questions}
        kept = progress.get("self_tests", self.name).get("answers", {})
        self.answers = {name: turn for name, turn in kept.items() if name in known and "near" in turn}

    def with_seed(self, seed):
        """As many questions, drawn by another seed."""
        return Run(self.pool, seed, self.count, self._progress)

    def is_answered(self, question):
        """Whether this question has its answer."""
        return question.name in self.answers

    def is_right(self, question):
        """Whether the answer to this question was near."""
        return bool(self.answers.get(question.name, {}).get("near"))

    def after(self, place):
        """The place of the next question without an answer, from `place` on and round; None when there is none."""
        n = len(self.questions)
        return next((i % n for i in range(place, place + n) if not self.is_answered(self.questions[i % n])), None)

    def result(self):
        """What came out up to now: {"right", "of", "chapters": {number: [right, of]}}."""
        chapters = {}
        for question in self.questions:
            right, of = chapters.get(str(question.chapter), (0, 0))
            chapters[str(question.chapter)] = [right + self.is_right(question), of + 1]
        return {"right": sum(right for right, _ in chapters.values()), "of": len(self.questions), "chapters": chapters}

    def best(self):
        """The best result with these questions, {} before the first is finished."""
        return self._progress.get("self_tests", self.name).get("best", {})

    def begin_again(self):
        """Forget the answers; the best result is kept."""
        self.answers = {}
        self._progress.self_tested(self.name, {})

    # --- what a question's view asks of a progress ------------------------------------------------------------------

    def get(self, kind, key):
        """The answer to a question, as the record of a prediction."""
        turn = self.answers.get(key)
        return {"first": turn, "latest": turn, "count": 1} if turn else {}

    def predicted(self, key, answer):
        """An answer was given; it is kept together with what it was worth."""
        self._given = plain(answer)

    def compared(self, key, near, truth=None):
        """The answer was compared: it counts now, and is saved."""
        self.answers[key] = {"answer": self._given, "near": bool(near)}
        done = self.after(0) is None
        self._progress.self_tested(self.name, self.answers, self.result() if done else None)
        self.answered()

    @property
    def problem(self):
        """The problem of the progress, "" when all is well."""
        return self._progress.problem

    message = ""
