"""A page that `wbviz page` wrote, in Chromium, without any kernel and without the network."""

import re
from pathlib import Path

import anywidget
import numpy as np
import pytest
from lab import code

from conftest import ROOT, missing
from wbviz.page import write_page

#: What nbconvert loads from the web, and where it is here: from npm, and from anywidget's own package.
LOCAL = {
    "require": ROOT / "node_modules/requirejs/require.js",
    "embed-amd": ROOT / "node_modules/@jupyter-widgets/html-manager/dist/embed-amd.js",
    "anywidget": Path(anywidget.__file__).parent / "nbextension/index.js",
}
CELL = "from wbviz.widgets import CurveBuilder, Generalise, Neuron\n{}"
#: What the manager of widgets says and looks for in vain on every page from a file, whatever the widgets.
USUAL = re.compile(
    r"Falling back to https://cdn|strict mode: use allowUnionTypes|Multiple readback"
    r"|/pages\d*/(@jupyter-widgets/|anywidget\.js)"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A page of three figures."""
    import nbformat

    if absent := [str(path.relative_to(ROOT)) for path in LOCAL.values() if not path.exists()]:
        missing(f"{', '.join(absent)}: run `npm install` in the repository")
    folder = tmp_path_factory.mktemp("pages")
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.from_dict(code(CELL.format(name))) for name in ("Neuron()", "CurveBuilder()", "Generalise()")
    ]
    book.cells.append(nbformat.v4.new_markdown_cell("Take [b = −2](<#Neuron(w=[1, 2], b=-2)>)."))
    nbformat.write(book, folder / "three.ipynb")
    return write_page(folder / "three.ipynb", folder).path


@pytest.fixture(scope="module")
def page(browser, written):
    """The page, opened; `page.problems` are what its console says."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.problems = []

    def hear(said):
        text = f"{said.text} {said.location['url']}"
        if not USUAL.search(text):
            page.problems.append(text)

    page.on("console", hear)
    page.on("pageerror", lambda error: page.problems.append(str(error)))

    def serve(route):
        name = next((name for name in reversed(LOCAL) if name in route.request.url), None)
        kind = "text/javascript"
        route.fulfill(path=LOCAL[name], content_type=kind) if name else route.fulfill(body="", content_type=kind)

    page.route(re.compile("^https?://"), serve)
    page.goto(written.as_uri())
    page.wait_for_function("document.querySelectorAll('.wbviz-kept').length === 3")
    yield page
    page.close()


@pytest.fixture
def figure(page):
    """Finds a figure by its place: `figure(0)`; nothing may have been said in the console by the end."""
    yield lambda number: page.locator(".wbviz-explorer").nth(number)
    assert page.problems == []


def pixels(figure):
    """The colours of its picture, 0 to 255."""
    read = "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"
    return np.array(figure.locator("canvas").first.evaluate(read))


def words(figure):
    return figure.locator(".wbviz-words").inner_text()


def knob(figure, name, index="", kind="range"):
    return figure.locator(f'[data-knob="{name}"][data-index="{index}"] input[type={kind}]')


def press(page, slider, key, times=1):
    for _ in range(times):
        slider.press(key)
    page.wait_for_timeout(700)


def test_a_kept_knob_moves_picture_words_and_field_and_goes_back_when_another_is_turned(page, figure):
    neuron = figure(0)
    start, b = pixels(neuron), knob(neuron, "b")
    assert "b = −0.50" in words(neuron)
    press(page, b, "ArrowRight", 10)
    assert "b = 0.50; together z = 1.50" in words(neuron)
    assert knob(neuron, "b", kind="number").input_value() == "0.5"
    assert np.any(pixels(neuron) != start)
    press(page, knob(neuron, "w", 0), "ArrowLeft")
    assert knob(neuron, "b", kind="number").input_value() == "-0.5"
    assert "= 1.40, " in words(neuron)
    assert "b = −0.50" in words(neuron)
    press(page, knob(neuron, "w", 0), "ArrowRight")
    assert np.abs(pixels(neuron) - start).max() <= 1  # soft edges, painted in layers now


def test_a_number_between_two_positions_goes_to_the_nearest(page, figure):
    neuron = figure(0)
    field = knob(neuron, "b", kind="number")
    field.fill("1.26")
    press(page, field, "Enter")
    assert field.input_value() == "1.3"
    assert "b = 1.30" in words(neuron)


def test_what_cannot_move_is_disabled_and_the_page_says_so(figure):
    neuron, generalise = figure(0), figure(2)
    assert knob(neuron, "inputs").is_disabled()
    assert neuron.locator("select").is_disabled()
    assert neuron.get_by_role("button", name="Reset").is_disabled()
    assert neuron.locator("canvas").first.get_attribute("role") == "img"
    note = neuron.locator(".wbviz-kept")
    assert "Here you can turn w₁, w₂, b, x₁ and x₂, one at a time." in note.inner_text()
    assert note.locator("a").get_attribute("href").startswith("https://mybinder.org/")
    assert generalise.locator("input:enabled, button:enabled, select:enabled").count() == 0
    assert "the figure stands still" in generalise.locator(".wbviz-kept").inner_text()
    assert "epochs" in words(generalise)


def test_a_link_that_would_set_a_figure_says_what_it_needs(page, figure):
    before = pixels(figure(0))
    page.get_by_role("link", name="b = −2").click()
    page.locator(".wbviz-beside", has_text="No Python runs behind this page").wait_for()
    assert not np.any(pixels(figure(0)) != before)


def test_the_table_of_parameters_moves_the_one_in_hand(page, figure):
    curve = figure(1)
    start = pixels(curve)
    slider = curve.locator(".wbviz-table input[type=range]")
    press(page, slider, "ArrowRight", 5)
    assert np.any(pixels(curve) != start)
    assert curve.locator(".wbviz-table td input:enabled").count() == 1
