"""The scene of Clipping: what is drawn follows from what is given, and nothing stays from what was before."""

import numpy as np

from tests.scenes.fit import maker, png
from wbviz.scenes.clipping import ClippingScene

W, B = np.linspace(3, 6, 21), np.linspace(-2.8, -0.4, 31)
MAP = {"name": "cliff", "length": 30, "w": W, "b": B, "loss": np.hypot(W - 4, B[:, None] + 1) / 4}
TIME = {"name": "recurrent network", "length": 9}
WORDS = {"heading": "heading", "titles": list("abc"), "facts": list("123456"), "says": list("wxyz")}


def run(slopes=None, loss=(1.0, 0.1, 0.01)):
    path = np.array([[4.0, -1.0], [4.5, -1.5], [5.0, -2.0]])
    return {"loss": np.array(loss), "norm": np.array([2.0, 0.2, 0.3]), "path": path, "slopes": slopes, "seen": True}


def show(scene, ground=MAP, before=(0.0, 5.0), after=(0.0, 1.0), limit="by norm"):
    slopes = None if ground is MAP else np.geomspace(1, 0.01, 9)
    steps = np.array([0.0, 0.5]), np.array([0.0, 0.2])
    held = run(slopes) | {"cuts": np.array([0, 2]), "steps": steps, "threshold": 0.2}
    compass = {"before": np.array(before), "after": np.array(after), "limit": limit}
    scene.update(ground, run(slopes, (1.0, 10.0, 1e9)), held, (2, 10), compass, WORDS)


new_scene = maker(ClippingScene, (6.8, 4.8))


def test_the_arrows_are_the_steps_as_they_are(new_scene):
    _, scene = new_scene()
    show(scene)
    for arrow, step in zip(scene.arrows, ((0.0, 0.5), (0.0, 0.2)), strict=True):
        np.testing.assert_allclose(arrow._posA_posB[1] - np.array([5.0, -2.0]), step)
    np.testing.assert_array_equal(scene.paths[1].get_xydata()[-1], [5.0, -2.0])


def test_the_compass_shows_the_limit_and_the_angle(new_scene):
    _, scene = new_scene()
    show(scene)
    assert (scene.ball.get_visible(), scene.box.get_visible(), scene.arc.get_visible()) == (True, False, False)
    show(scene, before=(1.0, 5.0), after=(1.0, 1.0), limit="by value")
    assert (scene.ball.get_visible(), scene.box.get_visible(), scene.arc.get_visible()) == (False, True, True)
    ends = np.degrees(np.arctan2(*scene.arc.get_xydata()[[0, -1]].T[::-1]))
    np.testing.assert_allclose(ends, [np.degrees(np.arctan2(5, 1)), 45])


def test_what_leaves_the_axes_has_no_mark(new_scene):
    _, scene = new_scene()
    show(scene)
    assert [dot.get_visible() for dot in scene.dots] == [False, True, True, True]


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    for ground, before in ((MAP, TIME), (TIME, MAP)):
        figure, scene = new_scene()
        show(scene, before, (1.0, 5.0), (1.0, 1.0), "by value")
        png(figure)
        show(scene, ground)
        afresh, other = new_scene()
        show(other, ground)
        assert png(figure) == png(afresh)
