"""The scene of Playground: nothing overlaps or is cut off, and what is drawn follows from the numbers alone."""

import itertools

import numpy as np
import pytest

from wbviz import style
from wbviz.scenes._playground_charts import _ceiling
from wbviz.scenes._playground_network import UNIT, painted
from wbviz.widgets import _lab as lab
from wbviz.widgets.playground import Playground

LARGE = {"layers": [8] * 6, "features": list(lab.FEATURES)}
LONG = {
    "optimizer": "AdamW", "beta1": 0.95, "weight_decay": 0.499, "lr": 1e-5, "schedule": "warm_restarts",
    "schedule_epochs": 2000, "init": "xavier_uniform", "init_seed": 99, "batch_size": 500, "l1": 0.123, "l2": 0.456,
    "penalize_biases": True, "clip_norm": 9.9, "clip_value": 9.9, "max_epochs": 10_000, "target_loss": 0.99,
    "patience": 500, "speed": "as many as fit",
}  # fmt: skip
STATES = {
    "default": {}, "large": LARGE,
    "long": {**LARGE, **LONG, "activation": "leaky_relu", "biases": False, "chosen": 300},
    "small": {"layers": [1], "features": ["x1"]}, "line": {"layers": [], "view": "unit in hand"},
    "numbers": {"dataset": "hills", "chart": "accuracy", "value": -9.9},
    "huge": {"params": [-123456.0] * 25, "cursor": [-5.55, -5.55]},
    "values": {"dataset": "own", "task": "regression", "points": [[-5, 5, 900], [5, -5, -900], [19, 0, 1]]},
}  # fmt: skip


@pytest.fixture
def make():
    made = []

    def build(**settings):
        made.append(Playground(**settings))
        return made[-1]

    yield build
    for explorer in made:
        explorer.close()


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("epochs", [0, 3])
def test_no_text_overlaps_another_or_leaves_the_picture(make, name, epochs):
    explorer = make(**STATES[name])
    explorer.train(epochs) if epochs else None
    explorer.png()
    renderer = explorer.figure.canvas.get_renderer()
    texts = [text for axes in explorer.figure.axes for text in axes.findobj(lambda a: hasattr(a, "get_fontsize"))]
    boxes = {t.get_text(): t.get_window_extent(renderer) for t in texts if t.get_visible() and t.get_text().strip()}
    width, height = explorer.size
    value = explorer.scene.network.value.get_text()
    for text, box in boxes.items():
        assert 0 <= box.x0 <= box.x1 <= width, text
        assert 0 <= box.y0 <= box.y1 <= height, text
    for (one, box), (other, second) in itertools.combinations(boxes.items(), 2):
        apart = box.x1 <= second.x0 or second.x1 <= box.x0 or box.y1 <= second.y0 + 2 or second.y1 <= box.y0 + 2
        assert apart or value in (one, other), f"{one!r} overlaps {other!r}"


def test_colours_are_signed(make):
    negative, zero, positive = painted(np.array([-1.0, 0.0, 1.0]), 1.0)
    rgb = [tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (style.VERMILLION, style.BLUE)]
    assert tuple(negative[:3]) == rgb[0]
    assert tuple(positive[:3]) == rgb[1]
    assert min(zero[:3]) > 250


def test_lines_are_as_wide_and_dashed_as_their_weights(make):
    explorer = make(layers=[2])
    params = [0.0] * 9
    params[0], params[1] = 4.0, -1.0
    explorer.params = params
    explorer.png()
    network = explorer.scene.network
    assert len(network.negative.get_segments()) == 1
    assert max(network.positive.get_linewidths()) > max(network.negative.get_linewidths())


def test_what_lies_at_a_point(make):
    explorer = make(layers=[3, 2])
    explorer.png()
    network = explorer.scene.network
    assert network.at(*network.feature_place(4)) == ("feature", 4)
    x, y = network._places[2][1]
    assert network.at(x, y) == ("unit", 1, 1)
    assert network.at(x, y - UNIT / 2 - 8) == ("b", 1, 1)
    for place, ends in zip(network.lines, network._ends, strict=True):
        if place[0] == "W":
            found = network.at(*(ends[0] + 0.13 * (ends[1] - ends[0])))
            assert found[0] == "W"
    assert network.at(5, 5) is None


def test_the_axes_of_the_chart_end_at_round_numbers():
    assert [_ceiling(value) for value in (0.64, 1.2, 26, 2.5e6, 3e30)] == [0.7, 1.5, 30, 1e7, 1e31]
