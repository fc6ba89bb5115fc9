"""The scene of GradientFlow: exact zeros are shown apart, and the picture follows from what it is given alone."""

import numpy as np
import pytest

from tests.scenes.fit import maker, png
from wbviz.scenes.gradient_flow import GradientFlowScene

WORDS = {"heading": "heading", "verdict": "verdict", "loss": "loss", "shape": "shape"}
WORDS |= {"names": [f"name {k}" for k in range(12)], "values": [str(k) for k in range(12)]}


def show(scene, layers=6, low=1e-9, empty=(), layer=2):
    bands = np.geomspace(low, 1, layers) * np.array([0.1, 0.3, 1.0, 3.0, 10.0])[:, None]
    zeros, norms = np.linspace(0, 0.5, layers), np.geomspace(low, 1, layers)
    bands[:, list(empty)], zeros[list(empty)], norms[list(empty)] = np.nan, 1.0, 0.0
    forward, back = ({"bands": bands, "zeros": zeros, "norms": [norms] * count} for count in (1, 3))
    loss = {"losses": np.linspace(0.7, 0.3, 41), "last": 200, "top": 0.8}
    scene.update(forward, back, layer, loss, np.linspace(-0.4, 1.7, 50), WORDS)


new_scene = maker(GradientFlowScene, (6.88, 4.84))


def test_bars_reach_from_quantile_to_quantile_on_a_scale_of_powers(new_scene):
    _, scene = new_scene()
    show(scene)
    wide, half = (bars.get_paths()[0].vertices[:, 1] for bars in (scene.back.wide, scene.back.half))
    assert (wide.min(), wide.max()) == pytest.approx((-10, -8))
    assert (half.min(), half.max()) == pytest.approx((-9 + np.log10(0.3), -9 + np.log10(3)))
    assert scene.back.axes.get_ylim()[0] <= -10


def test_a_layer_of_zeros_has_no_bar_and_no_point_but_all_of_its_strip(new_scene):
    _, scene = new_scene()
    show(scene, empty=(0, 3))
    assert len(scene.back.wide.get_paths()) == 4
    assert list(np.isnan(scene.back.lines[0].get_ydata())) == [True, False, False, True, False, False]
    heights = [path.vertices[:, 1].max() for path in scene.back.zeros.get_paths()]
    assert heights == pytest.approx([1, 0.1, 0.2, 1, 0.4, 0.5])


def test_where_all_is_zero_there_is_still_a_scale(new_scene):
    figure, scene = new_scene()
    show(scene, empty=range(6))
    assert png(figure)


@pytest.mark.parametrize("low", [1e-300, 1e-3, 1.0])
def test_axes_hold_all_sizes_with_a_few_ticks(new_scene, low):
    _, scene = new_scene()
    show(scene, low=low)
    bottom, top = scene.back.axes.get_ylim()
    assert bottom <= np.log10(low) - 1
    assert top >= 1
    assert 2 <= len(scene.back.axes.get_yticks()) <= 5


@pytest.mark.parametrize("layers", [2, 13, 21, 27, 51])
def test_layers_are_numbered_and_the_last_one_is_the_output(new_scene, layers):
    _, scene = new_scene()
    show(scene, layers=layers)
    names = [text.get_text() for text in scene.back.strip.get_xticklabels()]
    assert (names[0], names[-1]) == ("1", "out")
    assert len(names) <= 14


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, layers=51, low=1e-80, layer=40)
    png(figure)
    show(scene)
    afresh, other = new_scene()
    show(other)
    assert png(figure) == png(afresh)
