"""The picture of the forward pass: nothing runs into anything else, whatever is shown."""

import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz import style
from wbviz.widgets._traits import count_params
from wbviz.widgets.forward_pass import SHAPES, ForwardPass, walk

EXTREMES = {
    "least": ([-3.0, -3.0], -10.0, "identity"),
    "most": ([3.0, 3.0], 10.0, "softplus"),
    "longest": ([-2.9, -2.9], -9.987, "leaky_relu"),
    "fine": ([-1.1, 1.1], -0.123, "tanh"),
}


@pytest.fixture(scope="module")
def explorer():
    made = ForwardPass()
    yield made
    made.close()


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, shape, extreme):
    x, weight, activation = EXTREMES[extreme]
    sizes = SHAPES[shape]
    settings = {"shape": shape, "x": x[: sizes[0]], "params": [weight] * count_params(sizes), "hidden": activation}
    for step in range(0, len(walk(sizes)), 2):  # the last step is an even one
        explorer.apply(settings | {"output": "leaky_relu", "step": step})
        explorer.png()
        scene = explorer.scene
        boxes = text_boxes(explorer.figure, scene.words, scene.top, scene.ledger, scene.curve)
        boxes += [box for column in scene.columns for box in number_boxes(column)]
        assert_clear(explorer.figure, boxes)


@pytest.mark.parametrize("extreme", EXTREMES)
def test_the_numbers_in_the_diagram_keep_to_their_places(explorer, extreme):
    x, weight, activation = EXTREMES[extreme]
    explorer.apply({"shape": "2-4-1", "x": x, "params": [weight] * 17, "hidden": activation, "step": 22})
    explorer.png()
    diagram = explorer.scene.diagram
    assert_clear(explorer.figure, text_boxes(explorer.figure, diagram.axes) + number_boxes(diagram.numbers))
    assert all(box.width <= 2 * 21 for _, box in number_boxes(diagram.values))


def test_only_the_diagram_of_the_network_in_hand_is_seen(explorer):
    for shape in SHAPES:
        explorer.shape = shape
        explorer.png()
        assert [name for name, d in explorer.scene.diagrams.items() if d.axes.get_visible()] == [shape]


def test_the_piece_of_the_step_is_lit(explorer):
    explorer.apply({"shape": "2-4-1", "step": 2})
    explorer.png()
    diagram = explorer.scene.diagram
    assert len(diagram.glow.get_segments()) == 1
    assert explorer.scene.band.get_visible()
    explorer.step = 0
    explorer.png()
    assert len(diagram.glow.get_segments()) == 0
    assert not explorer.scene.band.get_visible()


def test_the_axis_of_the_curve_stays_within_a_layer(explorer):
    explorer.apply({"shape": "2-4-1", "x": [3.0, 2.0]})
    limits = set()
    for step in range(1, 17):
        explorer.step = step
        explorer.png()
        limits.add(explorer.scene.curve.get_xlim())
    assert len(limits) == 1


def test_nothing_is_touched_where_nothing_changed(explorer):
    explorer.png()
    for artist in explorer.scene.live:
        artist.stale = False
    explorer.redraw()
    stale = {type(artist).__name__ for artist in explorer.scene.live if artist.stale}
    assert stale <= {"Line2D"}
    assert style.PINK in explorer.scene.point.get_color()
