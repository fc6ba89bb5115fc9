"""The scene of DeadReLU: hinges are where z is 0, and the picture follows from what it is given alone."""

import numpy as np
import pytest

from tests.scenes.fit import maker, png
from wbviz.scenes.dead_relu import CELLS, LIMIT, DeadReLUScene, hinge

WORDS = {"heading": "heading", "says": ("one", "two"), "map": "map"}


def show(scene, n=4, at=20, since=10, here=(1, 2)):
    rng = np.random.default_rng(n)
    W, b, state = rng.normal(size=(2, n)), rng.normal(size=n), np.arange(n) % 3
    units = {"W": W, "b": b, "state": state, "chosen": 1}
    times = {"state": np.add.outer(np.arange(41) // 15, state) % 3, "at": at, "since": since}
    counts = {"share": np.linspace(0, 1, 56).reshape(7, 8), "texts": ["1.0"] * 56, "here": here}
    plane = {"answers": np.full((CELLS, CELLS), 0.3), "classes": [rng.normal(size=(5, 2)) for _ in range(2)]}
    texts = {name: [name] * n for name in ("names", "fires", "gradients", "states")}
    scene.update(plane, units, times, counts, WORDS | texts)


new_scene = maker(DeadReLUScene, (6.84, 4.86), (0.1, 0.3, 1, 3, 5, 10, 20, 50), (2, 1, 0, -1, -2, -3, -4))


@pytest.mark.parametrize(
    ("w", "b"), [((1, 2), 0.5), ((1, 0), -1.5), ((0, -3), 1), ((-0.2, 0.1), 0.1), ((1e-8, 1), 0), ((1, 1), 3.9)]
)
def test_a_hinge_runs_from_edge_to_edge_along_z_0(w, b):
    w = np.array(w, dtype=float)
    line = hinge(w, b)
    assert line.shape == (2, 2)
    np.testing.assert_allclose(line @ w + b, 0, atol=1e-9)
    np.testing.assert_allclose(np.abs(line).max(axis=1), LIMIT)


@pytest.mark.parametrize(("w", "b"), [((0, 0), 1), ((1, 0), 2.5), ((0, 2), -9), ((1, 1), 4.1), ((1, 0.2), 2.6)])
def test_a_hinge_outside_of_the_plane_is_none(w, b):
    assert hinge(np.array(w, dtype=float), b).shape == (0, 2)


def test_bars_hold_every_step_of_every_unit_once(new_scene):
    _, scene = new_scene()
    show(scene)
    lengths = [np.ptp(path.vertices[:, 0]) for bars in scene.bars for path in bars.get_paths()]
    assert sum(lengths) == 4 * 41


def test_ticks_point_to_where_the_unit_fires(new_scene):
    _, scene = new_scene()
    show(scene)
    rng = np.random.default_rng(4)
    W, b = rng.normal(size=(2, 4)), rng.normal(size=4)
    for tick in scene.sides[1].get_segments():
        assert tick[1] @ W[:, 1] + b[1] > tick[0] @ W[:, 1] + b[1]


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, n=12, at=40, since=None, here=None)
    png(figure)
    show(scene)
    afresh, other = new_scene()
    show(other)
    assert png(figure) == png(afresh)
