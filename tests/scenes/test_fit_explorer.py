"""The scene of FitExplorer: what stands where, and that the picture follows from what it is given."""

import numpy as np

from tests.scenes.fit import maker, png
from wbviz.scenes.fit_explorer import FitScene

X = np.linspace(-3, 3, 7)
WORDS = {"heading": "heading", "state": "state", "titles": "ab", "says": "cde", "numbers": "123"}
EPOCHS, WIDTHS = np.arange(0, 1001, 100), np.arange(1, 17)


def show(scene, scale=1.0, chosen=None, measured=False):
    plane = {"x": X, "truth": 0 * X, "unseen": 0.5 * X, "curve": np.sin(X), "chosen": chosen}
    plane["points"] = scale * np.stack([X, X / 2], axis=1)
    paths = scale * np.stack([1 / (1 + EPOCHS), 0.1 + 1 / (1 + EPOCHS)])
    now = paths[:, 5]
    errors = {"x": EPOCHS, "paths": paths, "at": 500, "now": now, "sweet": (200, 0.11)}
    paths = scale * np.stack([1 / WIDTHS, 0.1 + 1 / WIDTHS])
    capacity = {"x": WIDTHS, "paths": paths, "at": 6, "now": now, "sweet": (16, 0.2), "level": 0.5}
    capacity["spread"] = (paths, 0.5 * paths, 2 * paths) if measured else None
    scene.update(plane, errors, capacity, 0.1, WORDS)


new_scene = maker(FitScene, (6.6, 4.6), 3.0, (0, 50, 200, 500, 1000), (1, 2, 4, 8, 12, 16))


def test_epochs_run_as_their_square_root(new_scene):
    _, scene = new_scene()
    show(scene)
    np.testing.assert_allclose(scene.lines[0].get_xdata(), np.sqrt(EPOCHS))
    assert scene.marks[0].get_xdata() == [np.sqrt(500)]
    assert scene.sweets[0].get_xdata() == [np.sqrt(200)]
    assert [label.get_text() for label in scene.errors.get_xticklabels()][-1] == "1,000"


def test_both_plots_of_errors_end_at_the_same_height_and_hold_what_is_now(new_scene):
    _, scene = new_scene()
    show(scene, scale=3.0)
    assert scene.errors.get_ylim() == scene.capacity.get_ylim()
    assert scene.errors.get_ylim()[1] >= max(mark.get_ydata()[0] for mark in scene.marks)


def test_a_chosen_point_has_a_ring_and_the_spread_its_bands(new_scene):
    _, scene = new_scene()
    show(scene)
    assert not len(scene.ring.get_xdata())
    assert not scene.bands[0].get_paths()
    show(scene, chosen=(1.0, 0.5), measured=True)
    assert (scene.ring.get_xdata(), scene.ring.get_ydata()) == ([1.0], [0.5])
    assert len(scene.bands[0].get_paths()) == len(scene.bands[1].get_paths()) == 1


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, scale=7.0, chosen=(0, 0), measured=True)
    png(figure)
    show(scene)
    afresh, other = new_scene()
    show(other)
    assert png(figure) == png(afresh)
