"""The scene of CrossValidation: blocks, marks and heaps stand where they should, and follow from what is given."""

import numpy as np
import pytest

from tests.scenes.fit import maker, png
from wbviz.scenes.cross_validation import BLOCKS, CrossValidationScene


def show(scene, k=3, fresh=None, shuffled=((), ())):
    n = 4 * k
    held = np.random.default_rng(k).permutation(n).reshape(k, 4)
    right = np.ones(n, bool)
    right[held[1, 2]] = False
    words = {"heading": "heading", "state": "state", "caption": "caption", "names": [f"fold {i}" for i in range(k)]}
    words |= {"values": [["1"] * k, ["2"] * k], "says": list("abcdefg")}
    scores = np.array([right[rows].mean() for rows in held])
    scene.update(list(held), right, scores, (scores.mean(), 0.1), 0.5, fresh, shuffled, 1, words)


new_scene = maker(CrossValidationScene, (6.6, 4.6))


def test_blocks_of_equal_folds_share_the_width_one_after_the_other(new_scene):
    _, scene = new_scene()
    show(scene, k=4)
    ends = [(path.vertices[:, 0].min(), path.vertices[:, 0].max()) for path in scene.held.get_paths()]
    left, _, width, _ = BLOCKS
    np.testing.assert_allclose(ends, [(left + i * width / 4, left + (i + 1) * width / 4) for i in range(4)])


def test_a_wrong_answer_is_marked_in_the_block_of_its_fold(new_scene):
    _, scene = new_scene()
    show(scene, k=3)
    (mark,) = scene.wrong.get_segments()
    box = scene.held.get_paths()[1].get_extents()
    left, _, width, _ = BLOCKS
    assert mark[0, 0] == pytest.approx(left + width * 6.5 / 12)
    assert box.y0 == mark[:, 1].min()
    assert box.y1 == mark[:, 1].max()


def test_equal_scores_are_stacked_and_heaps_are_as_high_as_values_are_frequent(new_scene):
    _, scene = new_scene()
    show(scene, k=3, shuffled=((0.5, 0.75, 0.75), (0.7,)))
    places = scene.dots.get_xydata()
    np.testing.assert_allclose(places[:, 0], [0.75, 1, 1])
    assert places[1, 1] < places[2, 1]
    low, high = (np.ptp(segment[:, 1]) for segment in scene.heaps[0].get_segments())
    assert high == pytest.approx(2 * low)


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, k=10, fresh=0.4, shuffled=((0.5, 0.6), (0.55,)))
    png(figure)
    show(scene, k=2)
    afresh, other = new_scene()
    show(other, k=2)
    assert png(figure) == png(afresh)
