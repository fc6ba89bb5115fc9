"""Chapter 01 by keyboard alone, as a reader works through it who has no mouse."""

import pytest
from keyboard import Keyboard
from lab import CHAPTERS


@pytest.fixture(scope="module")
def notebook(lab, opened):
    """The chapter, opened, and run with Shift+Enter as far as the first claim."""
    notebook = opened(lab.copy(next(CHAPTERS.glob("01_*.ipynb"))))
    keys = Keyboard(notebook)
    notebook.page.wait_for_function("document.activeElement.matches('.jp-Cell')")
    claim = cell_of(notebook, 'ch.claim("threshold")')
    keys.press("Shift+Enter", times=claim + 1)
    assert keys.at["cell"] == claim + 1
    notebook.page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'")
    notebook.wait_painted()
    return notebook


@pytest.fixture
def keys(notebook):
    """The keyboard; by the end of each test nothing went wrong, and the focus was always to be seen."""
    keys = Keyboard(notebook)
    yield keys
    assert keys.lost == []
    assert notebook.problems == []


def cell_of(notebook, source):
    """The number of the first cell whose code begins with, or holds, some text."""
    return notebook.page.evaluate(
        "source => jupyterapp.shell.currentWidget.content.widgets.findIndex("
        "cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(source))",
        source,
    )


def becomes(notebook, expression, value):
    """Wait until an expression has a value in the kernel: what was typed is on its way for a moment."""
    for _ in range(60):
        if (now := notebook.python(expression)) == value:
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {now}, not {value}")


def said(notebook, number, words):
    """Wait until the lesson of a cell answers with some words."""
    line = notebook.page.locator(".jp-Cell").nth(number).locator(".wbviz-said").last
    for _ in range(200):
        if words in line.inner_text():
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError(f"the lesson says {line.inner_text()!r}, not {words!r}")


def test_a_figure_knobs_picture_undo_and_share(notebook, keys):
    keys.cell(cell_of(notebook, "neuron = Neuron("))
    assert keys.go("A neuron", "application")
    keys.press("ArrowRight")
    keys.go("w₁", "range")
    keys.press("ArrowLeft", "ArrowLeft")
    becomes(notebook, "neuron.w[0], neuron.b", "(1.3, -0.4)")  # keys that follow at once might overtake it
    keys.go("b", "number")
    keys.press("Control+a", "2", "Enter")
    becomes(notebook, "neuron.w[0], neuron.b", "(1.3, 2.0)")
    keys.go("Undo", "button")
    keys.act("Space")
    becomes(notebook, "neuron.w[0], neuron.b", "(1.3, -0.4)")
    keys.go("Share", "button")
    keys.act("Space")
    keys.go("Text", "textarea")
    assert "b=-0.4" in notebook.page.evaluate("document.activeElement.value")
    keys.tab()  # and out of the text again
    keys.go("activation", "select-one", back=True)
    keys.press("ArrowDown")
    becomes(notebook, "neuron.activation != 'sigmoid'", "True")


def test_a_prediction_with_a_choice_is_committed_and_answered(notebook, keys):
    number = cell_of(notebook, '"silent-input"')
    keys.cell(number)
    keys.go("", "radio")
    keys.press("ArrowDown", "ArrowDown")
    keys.go("Commit", "button")
    assert keys.act("Space")["name"] == "Predict again"
    said(notebook, number, "You predicted")
    assert "Nothing happens." in notebook.page.locator(".jp-Cell").nth(number).locator(".wbviz-said").inner_text()


def test_a_prediction_with_a_number(notebook, keys):
    number = cell_of(notebook, '"threshold")')
    keys.cell(number)
    keys.go("Your prediction", "text")
    keys.press("1", ".", "5")
    keys.go("Commit", "button")
    keys.act("Space")
    said(notebook, number, "✓")


def test_the_line_is_dragged_with_arrow_keys(notebook, keys):
    keys.cell(cell_of(notebook, "line = DecisionLine("))
    becomes(notebook, "line.b", "-1.0")  # as the next cell set it
    keys.go("A neuron's decision line", "application")
    keys.press("ArrowRight", times=5)
    becomes(notebook, "line.b", "-0.5")
    keys.press("ArrowUp")
    becomes(notebook, "line.w[0] == line.w[1]", "False")


def test_an_exercise_with_a_figure_is_tried_helped_and_solved(notebook, keys):
    number = cell_of(notebook, '"opposed"')
    keys.cell(number)
    keys.go("w₂", "number")
    keys.press("Control+a", "-", "2", "Enter")
    keys.go("Check", "button")
    keys.act("Space")
    said(notebook, number, "→")
    keys.go("First hint", "button")
    assert keys.act("Space")["name"] == "Second hint"
    keys.go("w₂", "number", back=True)
    keys.press("Control+a", "-", "3", "Enter")
    keys.go("Check", "button")
    keys.act("Space")
    said(notebook, number, "✓")


def test_an_exercise_with_a_number_is_solved_by_enter(notebook, keys):
    number = cell_of(notebook, '"threshold-number"')
    keys.cell(number)
    keys.go("Your answer", "text")
    keys.press("1", ".", "5")
    keys.act("Enter")
    said(notebook, number, "✓")


def test_a_claim_is_put_on_trial(notebook, keys):
    number = cell_of(notebook, 'ch.claim("threshold")')
    keys.cell(number)
    keys.go("Run the experiment", "button")
    keys.act("Space")
    notebook.page.locator(".jp-Cell").nth(number).locator("table").wait_for()
