"""The pictures of a learner's own models: every text stays in the figure and clear of the others."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.engine import Network
from wbviz.scenes._axes import blank_axes
from wbviz.scenes._small_diagram import SmallDiagram
from wbviz.scenes._weights_layout import HEIGHT, WIDTH, Table, Tiles, layout_of
from wbviz.scenes.own_weight_surgery import ROWS, OwnWeightSurgeryScene
from wbviz.widgets._words import unit_names

SHAPES = [(2, 8, None), (64, 32, (8, 8)), (784, 128, (28, 28)), (30, 1, None), (16, 10, None), (300, 200, None)]


def page(width, height):
    """A figure of this size in pixels, drawn by Agg."""
    return FigureCanvasAgg(Figure(figsize=(width / 100, height / 100), dpi=100)).figure


def shown(n_in, units, image, classes=10):
    layout = layout_of(n_in, units, image)
    scene = OwnWeightSurgeryScene(page(680, 460), classes, image, [layout])
    W = np.random.default_rng(0).normal(size=(n_in, layout.count))
    names = [f"h²{'₁₂₃'[k % 3]}" for k in range(layout.count)]
    texts = layout.texts(W, names, ["−0.12"] * layout.count, ["x₁₂"] * n_in, "{:.2f}".format)
    bars = {"values": np.linspace(-1, 1, ROWS), "names": ["class 9"] * ROWS, "texts": ["−0.50"] * ROWS}
    layer = {"layout": layout, "W": W, "texts": texts, "image": image is not None, "limit": 2.0, "hand": 0}
    judged = {"counts": np.full((classes, classes), 11), "before": 0.9, "after": 0.5}
    words = {name: name for name in ("score", "units", "unit", "out", "firing")}
    words["firing"] = "above 0 for 1,234 of 2,000 examples"
    scene.update(layer, bars, bars, judged, words)
    return scene, layout


@pytest.mark.parametrize(("n_in", "units", "image"), SHAPES)
def test_weights_of_any_layer_lie_in_their_room(n_in, units, image):
    layout = layout_of(n_in, units, image)
    assert isinstance(layout, Tiles if image else Table)
    wide, high = layout.extent
    assert wide <= WIDTH + 1
    assert high <= HEIGHT + 1
    for k in range(layout.count):
        x, y, width, height = layout.box(k)
        assert layout.at(x + width / 2, y + height / 2) == k
        assert x + width <= WIDTH + 1
    W = np.arange(n_in * layout.count, dtype=float).reshape(n_in, layout.count)
    cells = layout.cells(W)
    assert np.sort(cells[np.isfinite(cells)]).tolist() == np.sort(W.ravel()).tolist()


@pytest.mark.parametrize(("n_in", "units", "image"), SHAPES)
def test_texts_of_surgery_are_clear_of_each_other(n_in, units, image):
    scene, layout = shown(n_in, units, image)
    figure = scene.page.figure
    boxes = [box for texts in scene._texts[layout].values() for box in number_boxes(texts)]
    boxes += number_boxes(scene.out_names) + number_boxes(scene.out.numbers) + text_boxes(figure, scene.unit_title.axes)
    boxes += [] if image else number_boxes(scene.into_names) + number_boxes(scene.into.numbers)
    assert_clear(figure, boxes)


@pytest.mark.parametrize("sizes", [[2, 8, 8, 1], [16, 16, 4], [2, 8, 8, 8, 1], [1, 1]])
def test_units_of_a_small_diagram_are_clear_of_each_other(sizes):
    figure = page(436, 326)
    net = Network(sizes, seed=0)
    diagram = SmallDiagram(blank_axes(figure, [0, 0, 1, 1]), unit_names(sizes))
    values = [["−0.52"] * n for n in sizes]
    diagram.update(net, values, marked=[("W", 0, 0, 0)], held=("b", len(sizes) - 2, 0))
    boxes = number_boxes(diagram.values) + text_boxes(figure, diagram.axes)
    assert_clear(figure, boxes)
    for unit in diagram.units:
        assert diagram.at(*diagram.place(*unit[1:])) == unit
