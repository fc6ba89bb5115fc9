"""The scene of FairnessLab: what is drawn is what it was given, one view at a time, and nothing remains of another."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz.scenes._fairness_views import HALF, MIDDLES
from wbviz.scenes.fairness_lab import FairnessLabScene

VIEWS = ("scores", "slices", "frontier", "conflict")
RATES = {
    "values": [[0.6, 0.7, np.nan, 0.8, 0.7], [0.8, 0.9, 0.4, 0.7, 0.7]],
    "low": [[0.5, 0.6, np.nan, 0.7, 0.6], [0.7, 0.8, 0.3, 0.6, 0.6]],
    "high": [[0.7, 0.8, np.nan, 0.9, 0.8], [0.9, 1.0, 0.5, 0.8, 0.8]],
    "marked": [False, True, True, False, False], "numbers": ["60.0 %"] * 10, "gaps": ["−20.0 (−27.1 to −11.2) *"] * 5,
    "title": "title", "keys": ["up to 25: 100", "over 25: 400"], "names": list("abcde"), "says": ["x", "y", "z"],
}  # fmt: skip


def scores(thresholds=(0.5, 0.6)):
    shares = np.full((2, 2, 2, 5), 0.05)
    shares[:, 0, 1] = 0
    return {
        "shares": shares, "thresholds": thresholds, "counts": [["FN 1", "TP 2", "TN 3", "FP 4"]] * 2,
        "titles": ["female", "male"], "says": ["a", "b"], "keys": ["c", "d", "e"],
    }  # fmt: skip


def table(lines=3):
    rates = np.linspace(0.2, 0.8, 4 * lines).reshape(lines, 4)
    rates[1, 2] = np.nan
    return {
        "rates": rates, "low": rates - 0.1, "high": rates + 0.1, "names": ["male, 26 to 40"] * lines,
        "numbers": ["500", "100 %"] * lines, "texts": ["100 %"] * (4 * lines), "breaks": [1], "title": "title",
        "heads": ["approved", "TPR", "FPR", "precision"], "says": ["a", "b", "c"],
    }  # fmt: skip


def frontier(known=True, star=(0.17, 0.7)):
    mean = np.array([[0.16, 0.1, 0.03], [0.72, 0.71, 0.7]])
    return {
        "mean": mean if known else None, "error": np.full((2, 3), 0.01) if known else None,
        "own": mean + 0.01 if known else None, "star": star, "chance": 0.04, "ends": ("λ = 0", "λ = 30"),
        "title": "a", "second": "b", "upright": "c", "along": "d", "says": ["e", "f", "g"],
    }  # fmt: skip


def conflict(slopes=(2.0, 0.5)):
    curve = (np.array([0, 0.2, 1]), np.array([0, 0.6, 1]))
    return {
        "curves": [curve, curve], "at": [(0.2, 0.6), (np.nan, 0.6)], "slopes": slopes, "names": ["A: 77 %", "B: 77 %"],
        "title": "a", "says": list("bcdefg"),
    }  # fmt: skip


SHOWN = dict(zip(VIEWS, (scores, table, frontier, conflict), strict=True))

new_scene = maker(FairnessLabScene, (6.6, 4.74), VIEWS)


def show(scene, view, shown=None):
    scene.update("heading", "state", RATES, view, SHOWN[view]() if shown is None else shown)


def test_bars_and_whiskers_are_as_long_as_the_rates_and_an_undefined_one_has_none(new_scene):
    _, scene = new_scene()
    show(scene, "scores")
    lengths = [path.vertices[:, 0].max() for path in scene.rates.bars[0].get_paths()]
    assert lengths == [0.6, 0.7, 0.8, 0.7]
    ends = np.array(scene.rates.whiskers.get_segments()[:9])
    np.testing.assert_allclose(ends[:, 0, 0], [0.5, 0.6, 0.7, 0.6, 0.7, 0.8, 0.3, 0.6, 0.6])
    shaded = [box.get_facecolor()[:3] != (1, 1, 1) for box in scene.rates.boxes]
    assert shaded == RATES["marked"]


def test_what_is_approved_is_filled_and_what_is_refused_stands_on_it(new_scene):
    _, scene = new_scene()
    show(scene, "scores")
    filled, hollow = scene.scores.bars[0, 1, 1], scene.scores.bars[0, 1, 0]
    assert filled.get_paths()[0].vertices[:, 1].max() == MIDDLES[0]
    assert hollow.get_paths()[0].vertices[:, 1].max() == filled.get_paths()[0].vertices[:, 1].min()
    assert scene.scores.bars[0, 0, 1].get_paths() == []
    assert scene.scores.bars[1, 0, 0].get_paths()[0].vertices[:, 1].min() == MIDDLES[1]
    assert scene.scores.lines[1].get_xdata() == [0.6, 0.6]
    assert scene.scores.lines[1].get_ydata() == [MIDDLES[1] - HALF, MIDDLES[1] + HALF]


def test_a_rate_that_is_undefined_has_no_mark_in_the_table(new_scene):
    _, scene = new_scene()
    show(scene, "slices")
    assert len(scene.slices.dots.get_xdata()) == len(scene.slices.whiskers.get_segments()) == 11
    assert not scene.rates.axes.get_visible()


def test_lines_of_equal_precision_rise_as_steeply_as_they_are_told(new_scene):
    _, scene = new_scene()
    show(scene, "conflict")
    ends = [np.array(ray.get_xydata()[-1]) for ray in scene.conflict.rays]
    np.testing.assert_allclose(ends, [[0.5, 1.0], [1.0, 0.5]])
    assert [len(dot.get_xdata()) for dot in scene.conflict.dots] == [1, 0]
    show(scene, "conflict", conflict(slopes=(np.nan, np.inf)))
    assert [len(ray.get_xdata()) for ray in scene.conflict.rays] == [0, 0]


def test_a_frontier_without_points_or_star_is_drawn(new_scene):
    figure, scene = new_scene()
    show(scene, "frontier", frontier(known=False, star=(np.nan, 0.7)))
    assert not len(scene.frontier.line.get_xdata())
    assert not len(scene.frontier.star.get_xdata())
    show(scene, "frontier")
    assert len(scene.frontier.whiskers.get_segments()) == 6
    png(figure)


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_follows_from_what_is_shown_alone(new_scene, view):
    figure, scene = new_scene()
    for other in VIEWS:
        show(scene, other)
    show(scene, view)
    afresh, other = new_scene()
    show(other, view)
    assert png(figure) == png(afresh)


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_runs_into_another(new_scene, view):
    figure, scene = new_scene()
    show(scene, view)
    figure.canvas.draw()
    axes = [part.axes for part in (scene.rates, *scene.views.values()) if part.axes and part.axes.get_visible()]
    boxes = text_boxes(figure, scene.page, *axes)
    if view == "slices":
        boxes += [box for one in ("names", "numbers", "rates") for box in number_boxes(getattr(scene.slices, one))]
    else:
        boxes += number_boxes(scene.rates.numbers) + number_boxes(scene.rates.gaps)
    assert_clear(figure, boxes)
