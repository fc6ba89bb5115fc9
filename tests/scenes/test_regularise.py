"""The scene of Regularise: the ball touches the line of equal loss, and the picture follows from what it is given."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.scenes.fit import maker, png
from wbviz.scenes.regularise import RegulariseScene

BOWL = SimpleNamespace(
    lowest=np.array([1.5, 0.5]), curvature=np.array([[2.0, 0.4], [0.4, 1.0]]), path=np.array([[1.5, 0.5], [0.8, 0.0]])
)
WORDS = {"heading": "heading", "titles": ("a", "b", "c"), "says": list("123456"), "values": list("1234")}
STEPS = np.arange(11)


def show(scene, kind="L1", here=(0.8, 0.0), on=4, scale=1.0):
    axis = {"x": STEPS, "at": 6, "on": on, "end": 10, "name": "step"}
    path = scale * np.linspace(-1, 1, 12) * np.linspace(0, 1, 11)[:, None]
    texts = [(f"w{k}", "0.1") for k in range(12)]
    weights = {"path": path, "now": path[6], "counts": np.arange(12) < 2, "texts": texts}
    errors = {"path": np.linspace(2, 1, 33).reshape(3, 11) * scale, "now": [1.5, 1.2, 0.3], "floor": 1.0}
    scene.update({"loss": BOWL, "here": np.array(here), "kind": kind}, axis, weights, errors, WORDS)


new_scene = maker(RegulariseScene, (6.8, 4.8), 12)


def _loss(w):
    away = np.asarray(w) - BOWL.lowest
    return np.einsum("...i,ij,...j", away, BOWL.curvature, away) / 2


def test_lines_of_the_bowl_are_lines_of_equal_loss(new_scene):
    _, scene = new_scene()
    show(scene)
    for line in scene.bowl.get_segments():
        assert np.ptp(_loss(line)) < 1e-9
    touching = scene.touching.get_xydata()
    np.testing.assert_allclose(_loss(touching), _loss([0.8, 0.0]))


@pytest.mark.parametrize(("kind", "norm"), [("L1", 1), ("L2", 2)])
def test_the_ball_goes_through_the_weights(new_scene, kind, norm):
    _, scene = new_scene()
    show(scene, kind, here=(0.6, 0.3))
    corners = scene.ball.get_xy()
    np.testing.assert_allclose(np.linalg.norm(corners, ord=norm, axis=1), np.linalg.norm([0.6, 0.3], ord=norm))


def test_without_a_penalty_there_is_no_ball_and_no_shade(new_scene):
    _, scene = new_scene()
    show(scene, "none", here=BOWL.lowest, on=None)
    assert not scene.ball.get_visible()
    assert [shade.get_width() for shade in scene.shades] == [0, 0]


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, "none", here=BOWL.lowest, on=None, scale=7.0)
    png(figure)
    show(scene, "L2")
    afresh, other = new_scene()
    show(other, "L2")
    assert png(figure) == png(afresh)
