"""The scene of HyperparameterSearch: marks at their places, nothing left of what was shown before, texts that fit."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz.scenes.hyperparameter_search import HyperparameterSearchScene

WORDS = {
    "heading": "Breast cancer: halving, 900 settings for the price of 100",
    "state": "4,500 networks, 10,000 of 40,500 epochs spent; 400 rows to search with, 1,000 sealed",
    "title": "Setting 900: the best so far",
    "says": ["learning rate 0.000123, λ 0.00012", "64 hidden units, 81 epochs, diverged",
             "right on 100.0 % of rows held out", "folds: 100, 100, 100, 100, 100 %",
             "and on 100.0 % of those learned from"],
    "strip": "Right on rows held out, by learning rate",
    "scores": ["100.0 %", "not run", "100.0 %"], "gaps": ["+10.0", "sealed", "", "−10.0"],
}  # fmt: skip

new_scene = maker(HyperparameterSearchScene, (6.6, 4.6))


def tried(n):
    rng = np.random.default_rng(0)
    at = np.column_stack([10 ** rng.uniform(-4, 0, n), rng.integers(1, 65, n)])
    failed = np.arange(n) == n - 1
    return {"at": at, "along": at[:, 0], "scores": rng.uniform(0.2, 1, n), "share": np.ones(n), "failed": failed}


def show(scene, n=5, best=((0.1, 8), 0.1, 0.9), pairs=None, lines=None, span=(0.4, 1.0), budget=40500):
    curves = {"budget": budget, "lines": lines or {}, "at": (27, 0.5) if lines else None}
    places = np.array([[0.01, 4], [0.1, 2]])
    scene.update(span, span, places, tried(n), best, best, curves, {"parts": []} | (pairs or {}), WORDS)


def test_every_tried_setting_has_its_mark_and_its_colour(new_scene):
    _, scene = new_scene()
    show(scene, 6)
    shown = tried(6)
    places = {tuple(place) for place in scene.marks[0].get_offsets()}
    assert places == {tuple(place) for place in shown["at"][:5]}
    assert scene.failed[0].get_xdata().tolist() == [shown["at"][5, 0]]
    colours = np.clip((shown["scores"][:5] - 0.4) / 0.6, 0, 1)
    assert scene.marks[0].get_array().tolist() == pytest.approx(sorted(colours))
    assert scene.marks[1].get_offsets()[:, 1].tolist() == pytest.approx(sorted(np.maximum(shown["scores"][:5], 0.4)))
    assert len(scene.planned.get_offsets()) == 2


def test_marks_are_larger_the_longer_they_were_trained(new_scene):
    _, scene = new_scene()
    numbers = tried(3) | {"share": np.array([1.0, 0.25, 0.5]), "failed": np.zeros(3, bool)}
    scene.update((0, 1), (0, 1), [], numbers, None, None, {"budget": 9, "lines": {}, "at": None}, {}, WORDS)
    assert np.all(np.diff(scene.marks[0].get_sizes()) > 0)
    assert scene.marks[0].get_offsets()[-1].tolist() == numbers["at"][0].tolist()


def test_promised_and_kept_stand_in_their_rows(new_scene):
    _, scene = new_scene()
    show(scene, pairs={"random": (0.9, 0.8), "nested": (0.95, 0.7), "parts": [0.6, 0.8]})
    assert scene.promised.get_xydata().tolist() == [[0.9, 1], [0.95, 3]]
    assert scene.kept.get_xydata().tolist() == [[0.8, 1], [0.7, 3]]
    assert scene.parts.get_xydata().tolist() == [[0.6, 3], [0.8, 3]]


def test_nothing_tried_yet_can_be_drawn(new_scene):
    figure, scene = new_scene()
    show(scene, 0, best=None)
    assert png(figure)
    assert not scene.stars[0].get_visible()


def test_what_was_shown_before_leaves_no_trace(new_scene):
    figure, scene = new_scene()
    show(scene, 9, span=(0.8, 1), budget=7, pairs={"grid": (0.9, 0.8)}, lines={"grid": ((1, 2), (0.5, 0.9))})
    show(scene, 4)
    other, afresh = new_scene()
    show(afresh, 4)
    assert png(figure) == png(other)


def test_texts_stay_in_the_picture_and_clear_of_each_other(new_scene):
    figure, scene = new_scene()
    show(scene, 9, pairs={"grid": (0.9, 0.8)}, lines={"grid": ((1, 2), (0.5, 0.9))})
    png(figure)
    boxes = text_boxes(figure, scene.page, scene.map, scene.strip, scene.curve, scene.pairs)
    assert_clear(figure, [*boxes, *number_boxes(scene.scores), *number_boxes(scene.gaps)])
