"""The picture of the backward pass: nothing runs into anything else, whatever is shown."""

import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.engine import Network
from wbviz.widgets._chain_rule import walk
from wbviz.widgets.backward_pass import SHAPES, BackwardPass

EXTREMES = {
    "least": ([-3.0, -3.0], -10.0, "identity"),
    "most": ([3.0, 3.0], 10.0, "softplus"),
    "longest": ([-2.95, -2.95], -9.987, "leaky_relu"),
    "fine": ([-1.1, 1.1], -0.123, "tanh"),
}


@pytest.fixture(scope="module")
def explorer():
    made = BackwardPass()
    made.png()  # gives the figure a canvas that can measure text
    yield made
    made.close()


def badge_boxes(badges):
    """The boxes of the badges, in pixels: [(numeral, box)]."""
    transform, seen = badges.shapes.get_transform(), [n for n in badges.numerals if n.get_visible()]
    boxes = [path.get_extents(transform) for path in badges.shapes.get_paths()]
    return [(f"badge {n.get_text()}", box) for n, box in zip(seen, boxes, strict=True)]


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, shape, extreme):
    x, weight, activation = EXTREMES[extreme]
    count = Network(SHAPES[shape]).n_params
    explorer.apply({"shape": shape, "x": x, "params": [weight] * count, "hidden": activation, "output": "sigmoid"})
    explorer.apply({"y": [-2.95] * SHAPES[shape][-1], "fault": {"index": 0, "kind": "wrong sign"}})
    for step in range(0, len(walk(SHAPES[shape])), 3):
        explorer.apply({"step": step, "output": "identity" if step % 4 else "sigmoid"})
        explorer._update()
        scene = explorer.scene
        shown = text_boxes(explorer.figure, scene.over, scene.words, scene.units, scene.list)
        texts = [(text, box) for text, box in shown if len(text) > 1 or text not in "12345678·="]
        columns = (*scene.columns, *scene.unit_columns)
        assert_clear(explorer.figure, texts + [box for column in columns for box in number_boxes(column)])


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_badges_keep_clear_of_the_numbers_and_of_each_other(explorer, shape, extreme):
    x, weight, activation = EXTREMES[extreme]
    count = Network(SHAPES[shape]).n_params
    explorer.apply({"shape": shape, "x": x, "params": [weight] * count, "hidden": activation})
    for chosen in range(count):
        explorer.chosen = chosen
        explorer._update()
        diagram, badges = explorer.scene.diagram, badge_boxes(explorer.scene.badges)
        assert len(badges) == len(explorer.passed.shown[chosen].factors)
        assert_clear(explorer.figure, badges)
        for number, box in number_boxes(diagram.numbers):
            hit = [badge for badge, other in badges if other.shrunk(0.8, 0.8).overlaps(box)]
            assert not hit, f"{hit} on the number {number}, parameter {chosen}"
    assert_clear(explorer.figure, text_boxes(explorer.figure, diagram.axes) + number_boxes(diagram.numbers))


def test_only_the_network_in_hand_is_seen(explorer):
    explorer.shape = "2-2-2"
    explorer._update()
    seen = {shape: diagram.axes.get_visible() for shape, diagram in explorer.scene.diagrams.items()}
    assert seen == {"2-4-1": False, "2-2-2": True}


def test_the_way_back_is_the_weights_among_the_factors(explorer):
    explorer.reset()
    explorer.apply({"shape": "2-2-2", "chosen": 0})
    explorer._update()
    assert len(explorer.scene.way.get_segments()) == 2
    explorer.chosen = 11
    explorer._update()
    assert len(explorer.scene.way.get_segments()) == 0
