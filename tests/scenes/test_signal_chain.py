"""The signal chain's scene: artists stand where the numbers say."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from wbviz import style
from wbviz.scenes.signal_chain import MOST, SignalChainScene, _decades


def words(links):
    return {
        "values": ["v"] * (links + 1), "weights": ["w"] * links, "biases": ["b"] * links, "levels": [],
        "lines": ["1", "2", "3", "4"], "title": "t", "marks": {},
    }  # fmt: skip


@pytest.fixture
def scene():
    return SignalChainScene(Figure(figsize=(6.6, 4.4), dpi=100))


@pytest.mark.parametrize("links", range(1, MOST + 1))
def test_every_number_of_links_has_its_nodes_and_edges(scene, links):
    values = np.linspace(-1, 1, links + 1)
    scene.update([-1.0] * links, [0.5] * links, values, None, values, "signal", words(links))
    assert len(scene.boxes.get_paths()) == links + 1
    assert len(scene.edges.get_segments()) == 2 * links
    assert sum(text.get_visible() for text in scene.values) == links + 1
    dashes = scene.edges.get_linestyle()
    assert dashes[0] != dashes[-1]
    heights = [path.vertices[:, 1] for path in scene.bars.get_paths()]
    assert [h[np.abs(h).argmax()] for h in heights] == pytest.approx(values)


def test_bars_of_the_gain_stand_on_a_log_scale():
    assert _decades([1, 100, -0.01, 0], 3) == pytest.approx([0, 2, -2, -3])
    assert _decades([1e20, 1e-20], 12) == pytest.approx([12, -12])


def test_chain_and_plot_stand_in_line_and_texts_within_the_figure(scene):
    links = MOST
    values = np.ones(links + 1)
    filled = words(links) | {"values": ["−1.3e4"] * (links + 1), "weights": ["×−3.00"] * links}
    scene.update([1.0] * links, [0.0] * links, values, None, values, "gain", filled)
    figure = scene.chain.figure
    figure.canvas.draw()
    for node in range(links + 1):
        above = scene.chain.transData.transform((node, 0))[0]
        assert scene.plot.transData.transform((node, 0))[0] == pytest.approx(above)
    boxes = [text.get_window_extent() for text in scene.weights]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    inside = scene.boxes.get_paths()[0].get_extents().transformed(scene.chain.transData)
    assert scene.values[0].get_window_extent().width < inside.width


def test_signs_have_colour_and_line_style(scene):
    scene.update([1.0, -1.0], [0.0, 0.0], [1, 1, -1], None, [1, 1, -1], "signal", words(2))
    colours = scene.bars.get_facecolor()
    assert tuple(colours[0]) == to_rgba(style.POSITIVE)
    assert tuple(colours[2]) == to_rgba(style.NEGATIVE)
