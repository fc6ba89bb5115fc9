"""The scene of LearningFilm: paths once for a run, a moment on top, and nothing left over from before."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from tests.scenes.fit import maker, png
from wbviz.scenes.learning_film import BIAS, MOMENTS, ROWS, WEIGHT, LearningFilmScene

STEPS = np.array([0, 10, 20, 25])
WORDS = {
    "heading": ("a", "b"), "titles": tuple("abcde"), "names": ["x₁", "b"], "table": ["w", "b"] + [""] * (ROWS - 2),
    "values": ["1.00"] * 4 + [""] * (2 * ROWS - 4), "losses": ("c", "d"), "list": ["1", "step 10", "e"] + [""] * 12,
    "row": 0, "notes": tuple("fgh"),
}  # fmt: skip


def run(flat=True, scale=1.0):
    data = {"points": [np.zeros((3, 2)), np.ones((2, 2))]} if flat else {"points": None, "examples": np.ones((3, 2))}
    return {
        "key": (flat, scale), "steps": STEPS, "params": scale * np.linspace(-2, 2, 16).reshape(4, 4), "limit": 1.5,
        "biases": np.array([False, False, True, True]), "losses": (STEPS + 0.1, STEPS + 0.2), "end": 25, "found": [10],
        "target": np.ones((3, 2)), **data,
    }  # fmt: skip


def now(flat=True, step=20, scale=1.0):
    shown = {"drawn": np.full((4, 4), 0.3), "lines": [np.array([[-9, 0], [9, 0]]), np.empty((0, 2))]}
    shown = shown if flat else {"drawn": np.ones((5, 2)), "lines": np.array([0.2, 0.4])}
    params = scale * np.array([0.6, 1.0, 1.5, 9.0])
    return {"step": step, "params": params, "losses": (3.0, 4.0), "wrong": np.zeros((1, 2)), **shown}


new_scene = maker(LearningFilmScene, (6.8, 5.48))


def test_weights_and_biases_are_told_apart_by_colour_and_dash(new_scene):
    _, scene = new_scene()
    scene.update(run(), now(), {"params": [1, 3], "line": 0}, WORDS)
    assert [len(lines.get_segments()) for lines in (*scene.paths, scene.hand)] == [1, 1, 2]
    assert [tuple(colour) for colour in scene.hand.get_color()] == [to_rgba(WEIGHT), to_rgba(BIAS)]
    (_, solid), (_, dashed) = scene.hand.get_linestyle()
    assert solid is None
    assert dashed


def test_what_goes_beyond_the_axis_is_drawn_at_its_edge(new_scene):
    figure, scene = new_scene()
    scene.update(run(), now(), {"params": [1, 3], "line": 0}, WORDS)
    assert scene.params.get_ylim() == (-2, 2)
    assert list(scene.marks.get_ydata()) == [1.0, 2.0]
    scene.update(run(scale=1e150), now(scale=1e150), {"params": [1, 3], "line": 0}, WORDS)
    assert scene.params.get_ylim() == (-1000, 1000)
    png(figure)


def test_the_numbers_of_moments_keep_apart(new_scene):
    _, scene = new_scene()
    scene.update(run() | {"found": [10, 10, 11, 25]}, now(), {"params": [0, 2], "line": None}, WORDS)
    places = [number.get_position()[0] for number in scene.numbers]
    assert (np.diff(places[:4]) > 12.9).all()
    assert [number.get_text() for number in scene.numbers] == ["1", "2", "3", "4"] + [""] * (MOMENTS - 4)


@pytest.mark.parametrize("flat", [True, False], ids=["plane", "curve"])
def test_the_picture_follows_from_what_is_shown_alone(new_scene, flat):
    figure, scene = new_scene()
    scene.update(run(not flat, 3.0), now(not flat, 5), {"params": [0, 2], "line": 1}, WORDS | {"row": None})
    png(figure)
    afresh, other = new_scene()
    for each in (scene, other):
        each.update(run(flat), now(flat), {"params": [1, 3], "line": 0}, WORDS)
    assert png(figure) == png(afresh)
