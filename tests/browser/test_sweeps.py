"""Knobs drawn ahead, in JupyterLab: shown without the kernel, with true numbers, and the same as Python's own frame."""

import io
import time

import numpy as np
import pytest
from lab import code
from PIL import Image

MAKE = "from wbviz.widgets import {cls}\nn = {cls}({settings})\nn"
#: Of each: an explorer, the knob, its index, the name of its slider, its settings.
HELD = [
    ("Neuron", "b", None, "b", ""),  # the limits of its axes change on the way
    ("DecisionLine", "w", 0, "w₁", ""),  # a map of colours
    ("UpdateStep", "lr", None, "lr", ""),
    ("CurveBuilder", "params", 0, None, ""),  # the table of parameters
]
_WATCH = """explorer => {
  window.paints = 0;
  explorer.addEventListener("wbviz-painted", () => paints++);
}"""


@pytest.fixture
def shown(request, lab, opened):
    """A notebook with one explorer, and that on the page."""
    cls, knob, index, name, settings = request.param
    notebook = opened(lab.write("sweeps.ipynb", [code(MAKE.format(cls=cls, settings=settings))]))
    notebook.run_all()
    (explorer,) = notebook.explorers
    slider = explorer.locator(".wbviz-table input[type=range]") if name is None else None
    notebook.slider = slider or explorer.get_by_role("slider", name=name, exact=True)
    notebook.hand = f"getattr(n, {knob!r})" + ("" if index is None else f"[{index}]")
    explorer.evaluate(_WATCH)
    yield notebook, explorer
    assert notebook.problems == []


def take_hold(notebook):
    """Hold the slider by the keyboard, and wait until all of it is drawn ahead, or as much as the limits allow."""
    notebook.slider.press("ArrowRight")
    for _ in range(400):
        if notebook.python("n._sweeps._sweep and not n._sweeps._sweep._left") == "True":
            break
        notebook.page.wait_for_timeout(100)
    else:
        raise AssertionError("the sweep was not finished in 40 s")
    notebook.page.wait_for_timeout(2500)  # the last of it comes, on a busy machine too


def painted(explorer):
    """The pixels of an explorer's picture, (rows, columns, 3) from 0 to 255."""
    png = explorer.locator("canvas").first.screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


@pytest.mark.parametrize("shown", HELD, ids=lambda held: f"{held[0]}.{held[1]}", indirect=True)
def test_a_swept_knob_is_shown_without_the_kernel_and_at_rest_nothing_changes(shown):
    notebook, explorer = shown
    take_hold(notebook)
    sent, before = int(notebook.python("n.picture.frames_sent")), notebook.settled(explorer)
    for _ in range(3):
        notebook.slider.press("ArrowRight")
    ahead, picture = notebook.settled(explorer, quiet=0.1), painted(explorer)
    assert ahead["pixels"] != before["pixels"]
    assert ahead["words"] != before["words"]
    end = time.monotonic() + 10
    while int(notebook.python("n.picture.frames_sent")) == sent and time.monotonic() < end:
        notebook.page.wait_for_timeout(50)
    assert int(notebook.python("n.picture.frames_sent")) > sent, "the frame of Python's own did not come"
    notebook.settled(explorer, quiet=0.8)
    # The browser mixes layers in whole 255ths: what was painted anew over another one may differ by one of them.
    assert np.abs(painted(explorer) - picture).max() <= 2, "at rest the picture is another one"
    assert notebook.python("n.describe()").strip("'") in explorer.locator(".wbviz-words").inner_text()


@pytest.mark.parametrize("shown", HELD[:1], ids=["Neuron.b"], indirect=True)
def test_picture_field_and_engine_agree_at_rest(shown):
    notebook, explorer = shown
    take_hold(notebook)
    box, mouse = notebook.slider.bounding_box(), notebook.page.mouse
    middle = box["y"] + box["height"] / 2
    mouse.move(box["x"] + 0.5 * box["width"], middle)
    mouse.down()
    for share in (0.8, 0.2, 0.9, 0.4, 0.63):
        mouse.move(box["x"] + share * box["width"], middle, steps=4)
    mouse.up()
    notebook.settled(explorer, quiet=0.8)
    field = float(explorer.get_by_role("spinbutton", name="b", exact=True).input_value())
    assert float(notebook.python(notebook.hand)) == field
    assert f"b = {field:.2f}".replace("-", "−") in explorer.locator(".wbviz-words").inner_text()
    assert int(notebook.slider.input_value()) == round(field / 0.1)


@pytest.mark.parametrize("shown", HELD[:1], ids=["Neuron.b"], indirect=True)
def test_what_code_or_a_button_does_meanwhile_is_shown(shown):
    notebook, explorer = shown
    take_hold(notebook)
    notebook.slider.press("End")
    notebook.python("setattr(n, 'activation', 'relu')")
    notebook.settled(explorer, quiet=0.8)
    assert "relu" in explorer.locator(".wbviz-words").inner_text()
    explorer.get_by_role("button", name="Reset", exact=True).click()
    notebook.settled(explorer, quiet=0.8)
    words = explorer.locator(".wbviz-words").inner_text()
    assert "b = −0.50" in words
    assert "sigmoid" in words


@pytest.mark.parametrize("shown", HELD[:1], ids=["Neuron.b"], indirect=True)
def test_between_two_exact_frames_shapes_move_unless_less_motion_is_asked_for(shown):
    notebook, explorer = shown
    take_hold(notebook)
    notebook.settled(explorer)

    def turned(value):
        detail = f"{{bubbles: true, detail: {{knob: 'b', index: null, value: {value}}}}}"
        notebook.slider.evaluate(f"slider => slider.dispatchEvent(new CustomEvent('wbviz-turn', {detail}))")
        notebook.page.wait_for_timeout(200)
        return painted(explorer)

    def differ(one, other):
        return np.abs(one - other).max() > 2

    low, middle, high = turned(1.0), turned(1.04), turned(1.1)
    assert differ(low, middle)
    assert differ(middle, high)
    notebook.page.emulate_media(reduced_motion="reduce")
    assert not differ(turned(1.04), low)
    assert not differ(turned(1.06), high)
