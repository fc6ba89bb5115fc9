"""The self-test in JupyterLab, by keyboard alone: the focus follows the questions, and links lead to what to read."""

import pytest
from lab import CHAPTERS, code
from names import axe_violations, nameless

from wbviz.lessons import chapter
from wbviz.lessons.self_test import QUESTIONS, draw

#: With this seed two questions are one that takes a number, and one that is chosen.
SEED = 4
_WHERE = "() => document.activeElement.closest('.jp-OutputArea') ? document.activeElement.innerText || "
_WHERE += "document.activeElement.type : ''"


@pytest.fixture(scope="module")
def notebook(lab, opened):
    asked = draw(QUESTIONS, SEED, 2)[0]
    lab.copy(CHAPTERS / chapter(asked.chapter).file)
    made = f"from wbviz import self_test\nself_test(seed={SEED}, questions=2)"
    notebook = opened(lab.write("self_test.ipynb", [code(made)]))
    notebook.run_all()
    return notebook


def focus_is_on(notebook, words):
    """Wait until the focus is on the control with these words, or of this type."""
    notebook.page.wait_for_function(f"words => ({_WHERE})() === words", arg=words)


def press(notebook, *keys):
    for key in keys:
        notebook.page.keyboard.press(key)


def test_two_questions_and_the_result_without_a_pointer(notebook, axe):
    page = notebook.page
    page.locator(".wbviz-lesson input[type=number]").focus()
    press(notebook, "Tab", "Tab")
    focus_is_on(notebook, "text")
    page.keyboard.type("7")
    press(notebook, "Tab", "Enter")
    focus_is_on(notebook, "Next question")
    page.locator(".wbviz-said", has_text="The weights of a unit stand in its column.").wait_for()
    assert "To read again" in page.locator(".wbviz-lesson .jp-RenderedMarkdown").inner_text()
    press(notebook, "Enter")
    focus_is_on(notebook, "radio")
    press(notebook, "Space", "Tab", "Enter")
    focus_is_on(notebook, "See the result")
    assert axe_violations(notebook, axe) == nameless(notebook) == []
    press(notebook, "Enter")
    focus_is_on(notebook, "Other questions")
    assert axe_violations(notebook, axe) == nameless(notebook) == []
    link = page.locator(".wbviz-lesson table a").first
    link.focus()
    press(notebook, "Enter")
    page.wait_for_function("() => jupyterapp.shell.currentWidget.context.path.startsWith('04_')")
    assert notebook.problems == []
