"""Links in the text that set figures: in JupyterLab, by pointer and by keyboard, and where nothing can be set."""

import uuid

import pytest
from lab import SETTINGS, code

WINDOWING = "notebook-extension/tracker"
FIRST = "from wbviz import Neuron, chapter\nn = Neuron()\nn"
TEXT = """Take [a bias of −2](<#Neuron(b=-2, w=[0.5, -1.5])>).

Or [the line](<#DecisionLine(b=1.0)>), [a chain](<#SignalChain()>), [a wrong one](<#Neuron(b=-200)>).

Or go to [the end](#The-end-(of-it)).
"""


def text(source):
    """A markdown cell of a notebook file."""
    return {"cell_type": "markdown", "id": uuid.uuid4().hex[:8], "source": source, "metadata": {}}


CELLS = [code(FIRST), text(TEXT), code("m = Neuron()\nm"), code('chapter(1).exercise("and-gate")')]


@pytest.fixture(scope="module")
def notebook(lab, opened):
    notebook = opened(lab.write("links.ipynb", [*CELLS, text("## The end (of it)")]))
    notebook.run_all()
    return notebook


@pytest.fixture
def link(notebook):
    """Finds a link by its words; by the end nothing may have gone wrong."""
    notebook.python("n.reset(), m.reset()")
    yield lambda words: notebook.page.locator(".jp-RenderedMarkdown a", has_text=words)
    assert notebook.problems == []


def has_focus(notebook, number):
    """Wait until the picture of a figure has the keyboard's focus, and can be seen to have it."""
    focused = "number => document.querySelectorAll('.wbviz-explorer')[number].contains(document.activeElement)"
    notebook.page.wait_for_function(focused, arg=number)
    look = notebook.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    return look == "solid" and notebook.explorers[number].locator("canvas").first.evaluate(
        "canvas => canvas === document.activeElement && canvas.getBoundingClientRect().top >= 0"
    )


def said(notebook, words):
    beside = notebook.page.locator(".wbviz-beside", has_text=words)
    beside.wait_for()
    return beside.get_attribute("role")


def test_a_click_sets_the_nearest_figure_above_in_one_step_of_undo(notebook, link):
    address = notebook.page.url
    link("a bias").click()
    assert has_focus(notebook, 0)
    assert notebook.python("n.b, n.w, n.x == type(n)().x, m.b == -2") == "(-2.0, [0.5, -1.5], True, False)"
    assert notebook.python("n.undo(), n.state == type(n)().state, n.undo()") == "(True, True, False)"
    assert notebook.page.url == address


def test_enter_does_the_same(notebook, link):
    link("a bias").focus()
    notebook.page.keyboard.press("Enter")
    assert has_focus(notebook, 0)
    assert notebook.python("n.b") == "-2.0"
    assert notebook.page.locator(".jp-MarkdownCell .jp-Editor:visible").count() == 0


def test_what_is_a_learners_answer_or_not_there_or_wrong_is_said_beside_the_link(notebook, link):
    before = notebook.page.locator(".wbviz-lesson .wbviz-words").inner_text()
    link("the line").click()
    assert said(notebook, "its answer is yours") == "status"
    assert notebook.page.locator(".wbviz-lesson .wbviz-words").inner_text() == before
    link("a chain").click()
    assert said(notebook, "There is no SignalChain on this page yet") == "status"
    link("a wrong one").click()
    assert said(notebook, "This text was not loaded.") == "status"


def test_it_looks_different_from_a_link_to_a_heading_which_works_as_ever(notebook, link):
    mark = "link => getComputedStyle(link, '::after').width + getComputedStyle(link).textDecorationLine"
    assert link("a bias").evaluate(mark).endswith("pxunderline")
    assert not link("the end").evaluate(mark).endswith("underline")
    link("the end").click()
    notebook.page.wait_for_function("document.querySelector('h2').getBoundingClientRect().top < innerHeight")


def test_a_figure_far_from_view_is_found_where_jupyterlab_folds_up_cells(lab, opened):
    lab.set(WINDOWING, {"windowingMode": "full"})
    try:
        fillers = [code(f"{number}\n" + "\n" * 30) for number in range(6)]
        notebook = opened(lab.write("far.ipynb", [CELLS[0], *fillers, CELLS[1]]))
    finally:
        lab.set(WINDOWING, SETTINGS[WINDOWING])
    notebook.run_all()
    notebook.page.locator(".jp-RenderedMarkdown a", has_text="a bias").click()
    assert has_focus(notebook, 0)
    assert notebook.problems == []


def test_without_a_kernel_a_sentence_says_so(notebook, link):
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    link("a bias").click()
    assert said(notebook, "Python does not answer yet") == "status"
    notebook.page.evaluate("window.kernelErrors = []")
