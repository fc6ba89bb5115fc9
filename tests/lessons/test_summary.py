"""The summary of progress: everything that was done is on the page, nothing on it can run, and it stands alone."""

import json
import re
from html.parser import HTMLParser

import pytest

from wbviz.lessons import Verdict
from wbviz.lessons._progress_view import ProgressView, download_progress
from wbviz.lessons.summary import summary_page
from wbviz.widgets._download import LARGEST

VOID = {"meta"}


class Page(HTMLParser):
    """The tags of a page, checked to be closed in order, and its words."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def worked(ch, progress):
    """A progress with something of each kind."""
    view = ch.predict("sum")
    view.answer.field.value = "3"
    view.commit_button.click()
    view.again_button.click()
    view.answer.field.value = "2"
    view.commit_button.click()
    curve = [0.0, 1.0, 2.0, 3.0, 4.0]
    progress.predicted("97/curve", curve)
    progress.compared("97/curve", True, curve)
    progress.predicted("97/sign", "minus")
    ch.exercise("half").check(2.5)
    progress.hinted("97/half", 1)
    ch.exercise("dial").check()
    progress.tested("97/xor", Verdict("misleading", {"n": 1}, "No line does it."))
    progress.self_tested(
        "12 questions, seed 0", {}, {"right": 9, "of": 12, "chapters": {"1": [1, 1], "10": [1, 1], "2": [0, 1]}}
    )
    return progress


def test_everything_that_was_done_is_on_it(ch, worked):
    page = Page(summary_page(worked, [ch]))
    day = worked.get("claims", "97/xor")["when"][:10]
    for words in ("What is z?", "3 (not near); later: 2 (near)", "a curve from 0 to 4", "“minus”", "not kept"):
        assert words in page.words
    for words in ("Half of five?", "✓ solved", "1 try, 1 hint", "not yet", "misleading. No line does it.", day):
        assert words in page.words
    for words in (
        "12 questions, seed 0",
        "9 of 12, 75 %",
        "01: 1 of 1; 02: 0 of 1; 10: 1 of 1",
        "3 of 4",
        "1 of 3",
        "1 of 1",
    ):
        assert words in page.words


def test_it_is_accessible_and_stands_alone(ch, worked):
    text = summary_page(worked, [ch])
    page = Page(text)
    assert page.named("html") == [{"lang": "en"}]
    assert [len(page.named(tag)) for tag in ("title", "main", "h1")] == [1, 1, 1]
    assert len(page.named("caption")) == len(page.named("table")) == 5
    assert all(attrs.get("scope") in ("row", "col") for attrs in page.named("th"))
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?:|url\(|@import|\son\w+=", text)
    assert "@media print" in text
    assert "default-src 'none'" in text


def test_nothing_that_a_file_holds_can_run(ch, progress):
    evil = "<img src=x onerror=alert(1)>"
    turn = {"answer": evil, "when": evil, "near": True, "truth": [evil]}
    exercise = {"attempts": 1, "solved": True, "hints": 2, "when": evil}
    records = {
        "predictions": {f"97/{name}": {"first": turn, "latest": turn, "count": 1} for name in ("sign", "sum", "curve")},
        "exercises": {"97/dial": exercise},
        "claims": {"97/xor": {"verdict": evil, "text": evil, "when": evil}},
        "self_tests": {evil: {"best": {"right": 1, "of": 1, "when": evil, "chapters": {evil: [1, 1]}}}},
    }
    progress.load(json.dumps({"version": 1, **records}))
    page = Page(summary_page(progress, [ch]))
    assert not page.named("img")
    assert "b" not in {tag for tag, _ in page.tags}, "the chapter's title is text"
    assert page.words.count("<img src=x") >= 6


def test_an_empty_progress_makes_a_page(ch, progress):
    page = Page(summary_page(progress, [ch]))
    assert "0 of 4" in page.words
    assert len(page.named("table")) == 1


def test_the_book_offers_it_beside_the_progress(ch, worked):
    book = ProgressView([ch, ch], "book", "All", worked)
    assert 'download="wbviz-progress.json"' in book.link.value
    assert 'download="wbviz-summary.html"' in book.link.value
    before = book.link.value
    worked.checked("97/dial", True)
    assert book.link.value != before
    assert "summary" not in ch.progress().link.value


def test_what_is_too_long_for_a_link_is_said():
    told = download_progress("x" * (LARGEST + 1), "The file is <here>.")
    assert "a link can carry" in told
    assert "The file is &lt;here&gt;." in told
