"""The view of progress: what is done, and how to keep it, bring it back, or begin anew."""

import ipywidgets as w

from wbviz.lessons._records import KINDS, SIZE_LIMIT
from wbviz.lessons._view import View, focus, html, row, show
from wbviz.lessons.progress import done
from wbviz.lessons.summary import summary_page
from wbviz.widgets._download import download_link
from wbviz.widgets._words import escape

_WORDS = {"predictions": "predicted", "exercises": "solved", "claims": "tested"}


class ProgressView(View):
    """What is done in some chapters. `items` names each one when there is a single chapter."""

    def __init__(self, chapters, name, prompt, progress):
        super().__init__("Progress", name, prompt)
        self._chapters, self._progress = tuple(chapters), progress
        self.table, self.link = html(""), html("")
        self.upload = w.FileUpload(accept=".json", multiple=False, description="Load progress")
        self.upload.tooltip = "Load a progress file; what you have is kept"
        self.upload.observe(lambda change: self.guarded(lambda: self._load(change["new"])), names="value")
        self.reset_button = self.button("Begin anew …", self._ask, "Forget all progress, after a question")
        self.yes_button = self.button("Yes, forget all of it", self._reset, "Forget all progress")
        self.no_button = self.button("No, keep it", self._keep, "Keep the progress")
        self.question = row(w.Label("Forget the progress of all chapters?"), self.yes_button, self.no_button)
        show(self.question, False)
        self.arrange(self.table, row(self.link, self.upload, self.reset_button), self.question)
        self._unwatch = progress.watch(self._draw)
        self._draw()

    # --- showing ----------------------------------------------------------------------------------------------------

    def _draw(self):
        data = self._progress.snapshot()
        body = self._items(data) if len(self._chapters) == 1 else self._overview(data)
        self.table.value = f"<table><caption>What you have done</caption>{body}</table>"
        self.link.value = download_progress(self._progress.text(), f"The file is {self._progress.path}.")
        if len(self._chapters) > 1:
            self.link.value += download_summary(summary_page(self._progress, self._chapters))
        if self._progress.message:
            self.feedback.say(self._progress.message, "more")

    def _overview(self, data):
        """One row for each chapter: how many of its items are done."""
        head = "".join(f'<th scope="col"><b>{title}</b></th>' for title in ("Chapter", *KINDS))
        rows = "".join(self._chapter_row(chapter, data) for chapter in self._chapters)
        return f"<tr>{head}</tr>{rows}"

    def _chapter_row(self, chapter, data):
        cells = ""
        for kind in KINDS:
            items = chapter.shown(kind)
            count = sum(done(kind, data[kind].get(chapter.key(item.name), {})) for item in items)
            words = f"{count} of {len(items)} {_WORDS[kind]}" if items else "none"
            cells += f"<td>{words}</td>"
        return f'<tr><th scope="row">{escape(f"{chapter.label} {chapter.title}")}</th>{cells}</tr>'

    def _items(self, data):
        """One row for each item of the chapter."""
        (chapter,) = self._chapters
        rows = ""
        for kind in KINDS:
            for item in chapter.shown(kind):
                is_done = done(kind, data[kind].get(chapter.key(item.name), {}))
                state = f"✓ {_WORDS[kind]}" if is_done else "not yet"
                name = f"{kind[:-1].capitalize()}: {item.name}"
                rows += f'<tr><th scope="row">{escape(name)}</th><td>{state}</td></tr>'
        return rows

    # --- keeping ----------------------------------------------------------------------------------------------------

    def _load(self, files):
        if not files:
            return
        content = bytes(files[0]["content"])
        self.upload.value = ()
        if len(content) > SIZE_LIMIT:
            raise ValueError(
                f"This file is too large to be a progress file ({len(content):,} bytes). Nothing was changed."
            )
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValueError("This is no progress file: it is not text. Nothing was changed.") from None
        self._progress.load(text)
        self.feedback.say("Loaded. Of what you had and what the file held, the better was kept.", "good")

    def _ask(self):
        show(self.question)
        focus(self.no_button)

    def _keep(self):
        show(self.question, False)
        focus(self.reset_button)
        self.feedback.say("Nothing was forgotten.")

    def _reset(self):
        kept = self._progress.reset()
        show(self.question, False)
        focus(self.reset_button)
        self.feedback.say(f"All progress is forgotten.{f' The old file was kept as {kept}.' if kept else ''}")

    def close(self):
        """Free every model of this view and stop following the progress."""
        self._unwatch()
        super().close()


def download_progress(text, otherwise=""):
    """A link which gives the text as the file `wbviz-progress.json`, without any server; `otherwise`: where it is."""
    return _download(text, "wbviz-progress.json", "Download progress", "application/json", otherwise)


def download_summary(page):
    """A link which gives the page as the file `wbviz-summary.html`."""
    return _download(page, "wbviz-summary.html", "Download summary (a page to read or print)", "text/html")


def _download(text, filename, words, kind, otherwise=""):
    """The link; where the text is too long for one, a sentence that says so."""
    try:
        return download_link(text.encode(), filename, words, kind)
    except ValueError as error:
        return f"<p>{escape(f'{error} {otherwise}'.rstrip())}</p>"
