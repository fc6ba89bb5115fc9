"""The view of a claim: what is asserted, the experiment, its numbers and the verdict."""

from wbviz.lessons._text import shorten, tell
from wbviz.lessons._view import View, html, row, show
from wbviz.widgets._words import escape
from wbviz.widgets._work import Work


class ClaimView(View):
    """A claim on the page. The experiment runs beside it; the verdict is kept in `progress` under `key`."""

    def __init__(self, claim, key, progress):
        super().__init__("Claim", claim.name, claim.statement)
        self.claim, self._key, self._progress, self._verdict = claim, key, progress, None
        source = html(f"<p>From the section “{escape(claim.source_section)}”.</p>")
        self.run_button = self.button("Run the experiment", self._run, "Test the claim by experiment")
        self.work = Work(self._steps, self._follow, label="Experiment")
        show(self.work, False)
        self.table = html("")
        self.arrange(source, row(self.run_button), self.work, self.table)
        self._reopen()

    def test(self):
        """Run the experiment to its end, here → `Verdict`."""
        verdict = self.claim.test()
        self._conclude(verdict)
        return verdict

    def _run(self):
        if self.work.busy:
            return
        show(self.work)
        self.feedback.say("The experiment is running …")
        self.work.start()

    def _steps(self):
        self._verdict = yield from self.claim.steps()

    def _follow(self):
        """Called by the work after its steps and at every change of its stage."""
        if self.work.stage in ("running", "paused"):
            return
        if self.work.stage == "done":
            show(self.work, False)
            self._conclude(self._verdict)
        elif self.work.stage == "failed":
            error = self.work.error
            told = f"{type(error).__name__}: {shorten(str(error), 160)}"
            self.feedback.say(f"The experiment could not be finished ({told}).", "more")
        else:
            self.feedback.say("The experiment was stopped: there is no verdict.")

    def _conclude(self, verdict):
        self._progress.tested(self._key, verdict)
        self._show(verdict.numbers)
        self._tell("The claim", verdict.verdict, f"{verdict.text} {self._progress.problem}")

    def _tell(self, start, verdict, text):
        ending = {"misleading": "is misleading", "holds if …": "holds only under a condition"}.get(verdict, verdict)
        self.feedback.say(f"{start} {ending}. {text}".rstrip(), "good" if verdict == "holds" else "more")

    def _show(self, numbers):
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td class="wbviz-figure">{escape(tell(value))}</td></tr>'
            for name, value in numbers.items()
        )
        self.table.value = f"<table><caption>What the experiment measured</caption>{rows}</table>" if rows else ""
        self.run_button.description = "Run the experiment again"

    def _reopen(self):
        record = self._progress.get("claims", self._key)
        if record:
            self._show(record.get("numbers", {}))
            self._tell("You ran this before: the claim", record.get("verdict", ""), record.get("text", ""))
