"""The view of the self-test: one question after another, then the result with what to read again."""

import ipywidgets as w

from wbviz.lessons._prediction_view import PredictionView
from wbviz.lessons._questions import CHAPTERS_ASKED, LAST_SEED
from wbviz.lessons._view import View, focus, html, row, show
from wbviz.lessons.chapter import chapter
from wbviz.widgets._words import plural


class QuestionView(PredictionView):
    """One question. Its first answer counts."""

    kind, verb, repeats = "Question", "answered", False


class SelfTestView(View):
    """Questions on the page, one at a time. What was answered is kept in `progress`, under seed and number."""

    def __init__(self, run):
        span = f"chapters {CHAPTERS_ASKED[0]:02d} to {CHAPTERS_ASKED[-1]:02d}"
        super().__init__("Self-test", "the book", f"{plural(run.count, 'question')} of {len(run.pool)} on {span}.")
        self.run, self._place = run, None
        run.answered = self._answered
        self.seed = w.BoundedIntText(run.seed, min=0, max=LAST_SEED, description="Seed")
        self.seed.layout.width = "150px"
        self.seed.tooltip = "The same seed asks the same questions"
        self.seed.observe(lambda change: self.guarded(lambda: self._take(change["new"])), names="value")
        self.other_button = self.button("Other questions", self._other, "Take the next seed")
        self.again_button = self.button("Begin this test again", self._again, "Forget the answers to these questions")
        self.place = html("")
        self.question = w.VBox()
        self.link = Link()
        self.next_button = self.button("", self._go_on, "Go on; a question without an answer comes again")
        seeds = row(self.seed, self.other_button, self.again_button)
        self.arrange(seeds, self.place, self.question, self.link, row(self.next_button))
        self._show(self.run.after(0))

    # --- one question -----------------------------------------------------------------------------------------------

    def _show(self, place, enter=False):
        """Ask the question at this place; None: say the result."""
        self._close_question()
        self._place = place
        self.link.write("")
        show(self.again_button, bool(self.run.answers))
        if place is None:
            return self._conclude()
        asked, of = self.run.questions[place], len(self.run.questions)
        self.place.value = f"<p><b>Question {place + 1} of {of}</b>, on chapter {asked.chapter:02d}</p>"
        view = QuestionView(asked.prediction, asked.name, self.run)
        view.feedback.enter = enter
        self.question.children = (view,)
        self._name_next()

    def _answered(self):
        """A question was answered and compared: say where to read about it, and offer the next one."""
        asked = self.run.questions[self._place]
        self.link.write(f"To read again: {link_to(asked)}")
        show(self.again_button)
        self._name_next()
        focus(self.next_button)

    def _name_next(self):
        following, answered = self.run.after(self._place + 1), self.run.is_answered(self.run.questions[self._place])
        words = "Next question" if answered else "Leave it for later"
        self.next_button.description = words if following is not None else "See the result"
        show(self.next_button, following != self._place)

    def _go_on(self):
        self._show(self.run.after(self._place + 1), enter=True)

    # --- the result -------------------------------------------------------------------------------------------------

    def _conclude(self):
        result, best = self.run.result(), self.run.best()
        words = f"{result['right']} of {result['of']} right."
        self.place.value = f"<p><b>Result: {words}</b></p>"
        show(self.next_button, False)
        self.link.write(self._table())
        told = f"The best so far with these questions: {best['right']} of {best['of']}, on {best['when'][:10]}."
        self.feedback.say(" ".join(part for part in (f"Finished: {words}", told, self.run.problem) if part))
        focus(self.other_button)

    def _table(self):
        """Markdown: a row for each question."""
        rows = ["| chapter | question | answer | read again |", "|---|---|---|---|"]
        for asked in self.run.questions:
            prompt = asked.prediction.prompt.replace("|", "\\|")
            answer = "✓ right |" if self.run.is_right(asked) else f"not right | {link_to(asked)}"
            rows.append(f"| {asked.chapter:02d} | {prompt} | {answer} |")
        return "\n".join(rows)

    # --- other questions --------------------------------------------------------------------------------------------

    def _other(self):
        self.seed.value = (self.run.seed + 1) % (LAST_SEED + 1)

    def _take(self, seed):
        self.run = self.run.with_seed(seed)
        self.run.answered = self._answered
        self.feedback.say(f"Seed {seed}: {len(self.run.answers)} of {self.run.count} answered.")
        self._show(self.run.after(0))

    def _again(self):
        self.run.begin_again()
        self.feedback.say("The answers are forgotten, the best result is kept.")
        self._show(0, enter=True)

    def _close_question(self):
        for view in self.question.children:
            view.close()
        self.question.children = ()


class Link(w.Output):
    """Markdown of our own, whose links to chapters open as those of the text do."""

    def write(self, markdown):
        """Show this; "" shows nothing."""
        data = {"text/markdown": markdown, "text/plain": markdown}
        shown = {"output_type": "display_data", "data": data, "metadata": {}}
        self.outputs = (shown,) if markdown else ()


def link_to(question):
    """A link to the part of the book that a question is about, in Markdown."""
    anchor = question.heading.replace(" ", "-")
    return f"[{question.chapter:02d} · {question.heading}]({chapter(question.chapter).file}#{anchor})"
