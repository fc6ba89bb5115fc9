"""The scene of Momentum: texts stand clear at the extremes, and the picture follows from what it is shown alone."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.widgets.momentum import Momentum

EXPLORER = Momentum
EXTREMES = (
    {},
    {"kappa": 1000.0, "lr": 0.0, "beta": 0.99, "step": 150, "start": [-2.0, -2.0]},
    {"kappa": 1000.0, "lr": 3.0, "beta": 0.9, "step": 33},
    {"kappa": 1000.0, "lr": 0.01, "beta": 0.0, "step": 150},
    {"kappa": 1.0, "lr": 1.0, "beta": 0.0, "step": 9},
    {"lr": 4.0, "beta": 0.0, "step": 150},
    {"lr": 2.2, "beta": 0.15},
    {"kappa": 135.0, "lr": 0.02, "beta": 0.8},
)


@pytest.fixture
def make():
    made = []

    def build(**settings):
        made.append(Momentum(controls=False, **settings))
        made[-1].png()
        return made[-1]

    yield build
    for explorer in made:
        explorer.close()


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_texts_stand_clear(make, settings):
    explorer = make(**settings)
    scene = explorer.scene
    boxes = text_boxes(explorer.figure, scene.page, scene.axes, scene.losses, *scene.maps)
    assert_clear(explorer.figure, boxes + number_boxes(scene.numbers) + number_boxes(scene.words))


def test_the_rule_lies_where_the_critical_lines_cross(make):
    scene = make(kappa=9.0).scene
    steep, flat = (line.get_xydata() for line in scene.critical[:2])
    (lr,), (beta,) = scene.rules[0].get_data()
    for line in (steep, flat):
        assert np.interp(lr, *line.T) == pytest.approx(beta, abs=1e-3)


def test_out_of_view_there_is_no_point_and_no_arrow(make):
    explorer = make(lr=4.0, beta=0.0, step=20)
    assert not explorer.scene.point.get_visible()
    assert not any(arrow.get_visible() for arrow in explorer.scene.arrows)
    explorer.apply({"step": 0})
    explorer.png()
    assert explorer.scene.point.get_visible()
