"""The picture of an activation: nothing runs into anything else, whatever is shown."""

import itertools

import pytest

from wbviz.engine import ACTIVATIONS
from wbviz.widgets.activation_shapes import PLAIN, ActivationShapes


@pytest.fixture(scope="module")
def explorer():
    made = ActivationShapes()
    yield made
    made.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("compare", [PLAIN, "leaky_relu"])
@pytest.mark.parametrize(("w", "b", "x"), [(-5.0, -5.0, -5.0), (5.0, 5.0, 5.0), (0.0, -4.9, 4.9)])
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, name, compare, w, b, x):
    explorer.apply({"activation": name, "compare": compare, "w": w, "b": b, "x": x})
    explorer.png()
    figure, scene = explorer.figure, explorer.scene
    texts = [t for axes in figure.axes for t in axes.findobj(lambda a: hasattr(a, "get_text")) if t.get_text().strip()]
    boxes = {t: t.get_window_extent() for t in texts if t.get_visible() and t.axes in (scene.side, scene.foot)}
    assert len(boxes) > 20
    for text, box in boxes.items():
        inside = box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0 and box.y1 <= figure.bbox.height
        assert inside, f"{text.get_text()!r} is cut off"
    for (one, a), (two, b) in itertools.combinations(boxes.items(), 2):
        assert not a.overlaps(b.shrunk(0.98, 0.9)), f"{one.get_text()!r} runs into {two.get_text()!r}"
