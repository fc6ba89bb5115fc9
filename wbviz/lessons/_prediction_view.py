"""The view of a prediction: answer, commit, then the comparison with what the engine computes."""

from wbviz.lessons._answers import ANSWERS
from wbviz.lessons._text import shorten
from wbviz.lessons._view import View, focus, row, show
from wbviz.lessons.prediction import Comparison
from wbviz.picture.background import in_background


class PredictionView(View):
    """A prediction on the page. What was committed is kept in `progress` under `key`, the first answer for good."""

    #: The heading, what the learner did, and whether it can be done again.
    kind, verb, repeats = "Prediction", "predicted", True

    def __init__(self, prediction, key, progress):
        super().__init__(self.kind, prediction.name, prediction.prompt)
        self.prediction, self._key, self._progress = prediction, key, progress
        self._thread, self._committed = None, False
        self.answer = ANSWERS[prediction.form](prediction)
        self.commit_button = self.button("Commit", self._commit, "Commit to this answer, then see what happens")
        self.again_button = self.button("Predict again", self._begin, "Predict once more; your first answer is kept")
        show(self.again_button, False)
        self.arrange(self.answer.box, row(self.commit_button, self.again_button))
        self._reopen()

    def _commit(self):
        if self._committed:
            return
        answer = self.answer.read()
        self.prediction.accepts(answer)
        self._progress.predicted(self._key, answer)
        self._switch(committed=True)
        focus(self.again_button)
        self.feedback.say("The engine computes …")
        self._compare(answer, new=True)

    def _begin(self):
        self.answer.begin()
        self._switch(committed=False)
        focus(self.commit_button)
        self.feedback.say("Predict again. Your first answer is kept.")

    def _switch(self, committed):
        self._committed = committed
        self.answer.lock(committed)
        show(self.commit_button, not committed)
        show(self.again_button, committed and self.repeats)

    def _compare(self, answer, new):
        """Compute the truth and say how near the answer was, unless the learner predicts again by now."""
        try:
            truth = self.prediction.truth()
            comparison = self.prediction.compare(answer, truth)
        except Exception as error:
            truth = None
            why = f"{type(error).__name__}: {shorten(str(error), 120)}"
            comparison = Comparison(False, f"It is kept, but the answer could not be computed ({why}).")
        if new:
            self._progress.compared(self._key, comparison.near, truth)
        if self._committed and not self._closed:
            if truth is not None:
                self.answer.reveal(truth)
            self.feedback.say(self._sentence(answer, comparison), "good" if comparison.near else "more")

    def _sentence(self, answer, comparison):
        parts = [f"You {self.verb} {self.prediction.say(answer)}. {comparison.sentence}", self.prediction.explanation]
        record = self._progress.get("predictions", self._key)
        if record.get("count", 0) > 1 and self._fits(first := record["first"]["answer"]):
            parts.append(f"Your first prediction was {self.prediction.say(first)}.")
        return " ".join(part for part in [*parts, self._progress.problem] if part)

    def _reopen(self):
        """Show again what was predicted before; the truth is computed beside the page, it may take a moment."""
        record = self._progress.get("predictions", self._key)
        if not record or not self._fits(answer := record["latest"]["answer"]):
            if self._progress.message:
                self.feedback.say(self._progress.message, "more")
            return
        self.answer.put(answer)
        self._switch(committed=True)
        self.feedback.say(f"You {self.verb} {self.prediction.say(answer)}.")
        self._thread = in_background(self._compare, answer, False)

    def _fits(self, answer):
        """Whether a saved answer is one this prediction can have: chapters change."""
        try:
            self.prediction.accepts(answer)
        except (ValueError, TypeError):
            return False
        return True

    def wait(self, timeout=None):
        """Block until the comparison of a reopened prediction is shown."""
        if self._thread is not None:
            self._thread.join(timeout)
