"""The table of the glossary in Chromium, without JupyterLab: what it finds, and how it is worked by keys."""

import pytest

from tests.picture import browser_paint
from tests.widgets.shown import Shown
from wbviz.lessons.glossary import TermList
from wbviz.terms import TERMS

pytestmark = browser_paint.MARKS


@pytest.fixture
def page():
    shown = Shown(TermList(set(TERMS), print))
    yield shown
    assert shown("(row.close(), problems.splice(0))") == []


def search(page, text):
    """Type into the search field; returns the terms that are left and what is announced."""
    browser_paint.browser(lambda tab: tab.locator("input[type=search]").fill(text))
    return page("[...row.el.querySelectorAll('tbody th')].map(e => e.textContent)"), page(
        "row.el.querySelector('[role=status]').textContent"
    )


def test_all_are_there_with_names_for_all_controls(page):
    assert search(page, "") == (list(TERMS), f"{len(TERMS)} of {len(TERMS)} terms")
    assert page("row.el.querySelector('[data-figure=threshold]').ariaLabel") == "Open Neuron for threshold"
    assert page("[...row.el.querySelectorAll('input, select')].every(e => e.labels.length)")
    assert page("row.el.querySelector('tbody a').getAttribute('href')").endswith(".ipynb")


def test_what_begins_with_the_word_comes_first(page):
    found, said = search(page, "bias")
    assert found[:3] == ["bias (of a method)", "bias (parameter)", "bias (unfairness)"]
    assert "weight" not in found[:3]
    assert said.startswith(f"{len(found)} of")
    assert search(page, "thresh")[0][0] == "threshold"
    assert search(page, "regularization")[0][0] == "regularisation"
    assert search(page, "FPR")[0] == ["false positive rate"]
    assert search(page, "qqq") == ([], f"0 of {len(TERMS)} terms. Try fewer letters, or all chapters")


def test_a_chapter_can_be_chosen(page):
    search(page, "")
    browser_paint.browser(lambda tab: tab.locator("select").select_option("9"))
    found, _ = search(page, "")
    assert found == [name for name, term in TERMS.items() if term.chapter == 9]


def test_a_term_named_in_a_meaning_leads_there(page):
    search(page, "bias (parameter)")
    browser_paint.browser(lambda tab: tab.locator("[data-term='bias (unfairness)']").first.click())
    assert page("row.el.querySelector('tbody th').textContent") == "bias (unfairness)"


def test_it_is_worked_by_keys(page):
    search(page, "threshold")
    page.keys("input[type=search]", "ArrowDown", "Enter")
    assert page("row.model.sent") == [{"open": "threshold"}]
    page.keys("[data-figure=threshold]", "Escape")
    assert page("document.activeElement.type") == "search"
    assert page("document.activeElement.value") == ""


def test_without_python_nothing_pretends_to_open(page):
    page("row.hear({disabled: true})")
    assert page("row.el.querySelectorAll('button[data-figure], a').length") == 0
