"""One explorer, all that can be done with it in JupyterLab beyond its controls."""

import json

import pytest
from lab import DARK, LIGHT, SETTINGS, code
from notebook import Notebook

MAKE = "from wbviz.widgets import Neuron\nn = Neuron(b=-1)\nn"
WINDOWING = "notebook-extension/tracker"
_CORNER = "canvas => [...canvas.getContext('2d').getImageData(1, 1, 1, 1).data]"
_MODELS = "len(__import__('ipywidgets.widgets.widget', fromlist=[1])._instances)"


@pytest.fixture(scope="module")
def notebook(lab, opened):
    notebook = opened(lab.write("neuron.ipynb", [code(MAKE)]))
    notebook.run_all()
    return notebook


@pytest.fixture
def neuron(notebook):
    """A fresh Neuron, as re-running its cell makes it."""
    notebook.run_all()
    (explorer,) = notebook.explorers
    yield explorer
    assert notebook.problems == []


def wait_for(notebook, explorer, look, before):
    """Wait until a look (see Notebook.looks) differs from before."""
    for _ in range(100):
        if (now := notebook.looks(explorer)[look]) != before[look]:
            return now
        notebook.page.wait_for_timeout(50)
    raise AssertionError(f"the {look} did not change")


def test_dragging_in_the_picture_sets_the_bias(notebook, neuron):
    box, mouse = neuron.locator("canvas").bounding_box(), notebook.page.mouse
    start, end = (json.loads(notebook.python(_pixel(z))) for z in ("n.output()[0]", "2"))
    before = notebook.looks(neuron)
    mouse.move(box["x"] + start[0], box["y"] + box["height"] - start[1])
    mouse.down()
    mouse.move(box["x"] + end[0], box["y"] + box["height"] - end[1], steps=8)
    mouse.up()
    for look in ("pixels", "words", "rest"):
        wait_for(notebook, neuron, look, before)
    notebook.settled(neuron, quiet=0.8)
    assert float(notebook.python("n.output()[0]")) == pytest.approx(2, abs=0.11)


def _pixel(z):
    """Python for where the sum z is in the picture: figure pixels of the activation curve, at half its height."""
    return f"list(map(float, n.scene.curve.transData.transform(({z}, 0.5))))"


def test_keys_in_the_picture_move_it_and_tab_leaves_it(notebook, neuron):
    before, canvas = notebook.looks(neuron), neuron.locator("canvas")
    canvas.focus()
    canvas.press("ArrowRight")
    wait_for(notebook, neuron, "pixels", before)
    assert float(notebook.python("n.b")) == pytest.approx(-0.9)
    canvas.press("Tab")
    assert not canvas.evaluate("canvas => canvas === document.activeElement")


def test_no_key_is_lost_however_fast_they_come(notebook, neuron):
    """Controls that answered what the kernel tells them with an older value would take steps back."""
    canvas = neuron.locator("canvas")
    canvas.focus()
    for _ in range(20):
        notebook.page.keyboard.press("ArrowRight")
    notebook.settled(neuron, quiet=1)
    assert float(notebook.python("n.b")) == pytest.approx(1)


def test_the_description_is_announced(notebook, neuron):
    region, handle = neuron.locator("[aria-live=polite]").first, neuron.locator("input[type=range]").last
    handle.press("ArrowRight")
    notebook.settled(neuron, quiet=1)
    spoken = region.inner_text()
    assert spoken
    assert spoken in neuron.locator("canvas").get_attribute("aria-label")


def test_the_dark_theme_repaints_the_picture(notebook, neuron):
    canvas = neuron.locator("canvas")
    light = canvas.evaluate(_CORNER)
    before = notebook.looks(neuron)
    try:
        notebook.theme(DARK)
        wait_for(notebook, neuron, "pixels", before)
        dark = canvas.evaluate(_CORNER)
    finally:
        notebook.theme(LIGHT)
    assert sum(light[:3]) > 700
    assert sum(dark[:3]) < 150


def test_a_wrong_number_is_refused_beside_its_field(notebook, neuron):
    field = neuron.locator(".wbviz-knob", has=notebook.page.locator("label", has_text="b")).locator("input").last
    before = notebook.looks(neuron)
    field.fill("99")
    field.press("Tab")
    wait_for(notebook, neuron, "rest", before)
    assert "99" in neuron.locator(".wbviz-knob .wbviz-error:visible").inner_text()
    assert float(notebook.python("n.b")) == -1
    assert field.input_value() == "-1"


def test_running_the_cell_again_leaves_one_live_explorer(notebook, neuron):
    models = notebook.python(_MODELS)
    notebook.run_all()
    assert len(notebook.explorers) == 1
    assert notebook.python(_MODELS) == models


def test_the_page_can_be_loaded_again(lab, opened):
    name = lab.write("again.ipynb", [code(MAKE)])
    notebook = opened(name)
    notebook.run_all()
    notebook.save()
    again = Notebook(notebook.page, lab, name)
    assert again.wait_painted() == 0
    (explorer,) = again.explorers
    before = again.looks(explorer)
    explorer.locator("input[type=range]").last.press("ArrowRight")
    wait_for(again, explorer, "pixels", before)


def test_scrolling_it_out_of_view_and_back_keeps_it_alive(lab, opened):
    """JupyterLab by itself hides cells that are far from view or takes them out; elsewhere the tests forbid that."""
    lab.set(WINDOWING, {"windowingMode": "full"})
    try:
        fillers = [code(f"{number}\n" + "\n" * 30) for number in range(12)]
        notebook = opened(lab.write("long.ipynb", [code(MAKE), *fillers]))
    finally:
        lab.set(WINDOWING, SETTINGS[WINDOWING])
    notebook.run_all()
    explorer = notebook.page.locator(".wbviz-explorer")
    for top, state in ((100_000, "hidden"), (0, "visible")):
        notebook.page.locator(".jp-WindowedPanel-outer").evaluate("(box, top) => box.scrollTop = top", top)
        explorer.locator("canvas").wait_for(state=state)
    assert notebook.wait_painted() == 0
    before = notebook.looks(explorer)
    explorer.locator("input[type=range]").last.press("ArrowRight")
    wait_for(notebook, explorer, "pixels", before)
    assert notebook.problems == []


def test_a_notebook_from_elsewhere_shows_its_picture_before_it_is_run(lab, opened):
    """As in a fresh clone: JupyterLab does not trust what it has not run itself, and shows the PNG."""
    first = opened(lab.write("saved.ipynb", [code(MAKE)]))
    first.run_all()
    first.save()
    first.shut_down()
    saved = json.loads((lab.folder / "saved.ipynb").read_text())
    second = opened(lab.write("elsewhere.ipynb", [*saved["cells"], code("")]))
    image = second.page.locator(".jp-OutputArea-output img")
    image.wait_for(timeout=15_000)
    assert image.evaluate("image => image.naturalWidth") > 300
    assert second.problems == []


def test_closing_takes_it_off_the_page(notebook, neuron):
    notebook.python("n.close()")
    neuron.wait_for(state="detached", timeout=5000)
