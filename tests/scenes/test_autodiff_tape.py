"""The picture of the tape: nothing runs into anything else, whatever is shown."""

import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.scenes.autodiff_tape import PLACES
from wbviz.widgets._taping import EXPRESSIONS, walk
from wbviz.widgets.autodiff_tape import AutodiffTape

EXTREMES = {
    "least": (-3.0, -10.0, "identity"),
    "most": (3.0, 10.0, "softplus"),
    "longest": (-2.95, -9.987, "leaky_relu"),
    "fine": (1.1, -0.123, "tanh"),
}


@pytest.fixture(scope="module")
def explorer():
    made = AutodiffTape()
    made.png()  # gives the figure a canvas that can measure text
    yield made
    made.close()


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, name, extreme):
    x, weight, activation = EXTREMES[extreme]
    expression = EXPRESSIONS[name]
    explorer.apply({"expression": name, "activation": activation, "y": -2.95})
    explorer.apply({"x": [x] * len(expression.inputs), "params": [weight] * len(expression.parameters)})
    last = len(walk(name)) - 1
    for step in {*range(0, last, max(3, last // 8)), last}:
        explorer.step = step
        explorer._update()
        scene, graph = explorer.scene, explorer.scene.graph
        texts = text_boxes(explorer.figure, scene.sheet)
        numbers = (*scene.columns, graph.values, graph.gradients, graph.flows, graph.slopes)
        assert_clear(explorer.figure, texts + [box for each in numbers for box in number_boxes(each)])


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_each_line_has_a_place_of_its_own_and_stands_below_what_it_takes(explorer, name):
    explorer.expression = name
    explorer._update()
    graph = explorer.scene.graph
    assert len(PLACES[name]) == len(explorer.taped.lines)
    boxes = [(f"node {k}", path.get_extents()) for k, path in enumerate(graph.nodes.get_paths())]
    for k, (_, one) in enumerate(boxes):
        assert not any(one.overlaps(other) for _, other in boxes[:k]), k
    assert all(graph.places[to][1] < graph.places[line][1] for line, to in graph.edges)


def test_only_the_graph_in_hand_is_seen(explorer):
    explorer.expression = "two hidden units"
    explorer._update()
    seen = {name: graph.nodes.get_visible() for name, graph in explorer.scene.graphs.items()}
    assert seen == {name: name == "two hidden units" for name in EXPRESSIONS}
