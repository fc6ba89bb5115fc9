"""The scene of RunBoard: its axes hold what is shown, and the picture follows from what it is given."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz.scenes.run_board import COLUMNS, ROWS, RunBoardScene, axis_of

LINE = np.column_stack([np.arange(0, 101, 10), np.linspace(1, 0.2, 11)])
WORDS = {
    "heading": ("24 runs", "of small networks"), "titles": ("Loss", "Brush", "Weights"), "says": tuple("abcde"),
    "table": [("differs", "run 1", "run 2"), ("learning rate", "0.1", "0.3")], "nothing": "",
}  # fmt: skip
TICKS = [(0.06, "0.01"), (0.94, "1")]


def show(scene, scale=1.0, log=False, brush=(0, 0.2, 0.8), other=True, spread=True, words=WORDS):
    second = LINE * [1, 2 * scale] if other else None
    curves = {
        "outside": [LINE * [1, scale]], "inside": [LINE * [1, 1.2 * scale]],
        "lines": [LINE * [1, scale], None, second, None],
        "last": 100, "span": (0.2 * scale, 2 * scale), "log": log, "at": 40,
    }  # fmt: skip
    parallel = {
        "axes": [("learning rate", TICKS), ("λ (L2)", TICKS), ("validation loss", TICKS)],
        "outside": np.array([[0.1, 0.2, 0.3]]), "inside": np.array([[0.9, 0.5, 0.4]]),
        "chosen": [np.array([0.1, 0.2, 0.3]), np.array([0.9, 0.5, 0.4]) if other else None], "brush": brush,
    }  # fmt: skip
    found = {
        "map": np.linspace(0, 1, ROWS * COLUMNS).reshape(ROWS, COLUMNS), "limit": 2 * scale, "last": 100, "at": 40,
        "edges": np.linspace(-1, 1, 5) * scale, "counts": [1, 0, 3, 2], "mean": 0.3 * scale,
    }  # fmt: skip
    scene.update(curves, parallel, found if spread else None, words)


new_scene = maker(RunBoardScene, (6.8, 5.14))


def test_bars_are_as_long_as_they_count(new_scene):
    _, scene = new_scene()
    show(scene)
    bars = scene.bars.get_path().vertices.reshape(-1, 5, 2)
    assert [float(np.ptp(bar[:, 0])) for bar in bars] == [1, 3, 2]
    assert [tuple(bar[:, 1][[0, 2]]) for bar in bars] == [(-1, -0.5), (0, 0.5), (0.5, 1)]


def test_the_brush_lies_on_its_axis(new_scene):
    _, scene = new_scene()
    show(scene, brush=(1, 0.25, 0.5))
    assert scene.band.get_y() == 0.25
    assert scene.band.get_height() == 0.25
    assert scene.band.get_x() + scene.band.get_width() / 2 == pytest.approx(scene.at[1])
    show(scene, brush=None)
    assert not scene.band.get_visible()


def test_what_is_not_there_is_not_drawn(new_scene):
    _, scene = new_scene()
    show(scene, other=False, spread=False)
    assert [line.get_visible() for line in scene.lines] == [True, False, False, False]
    assert [line.get_visible() for line in scene.chosen] == [True, False]
    assert not scene.map.get_visible()
    show(scene, words=WORDS | {"nothing": "There is no run."})
    assert not scene.curves.get_visible()
    show(scene)
    assert scene.curves.get_visible()


@pytest.mark.parametrize(
    ("low", "high", "log", "ends"),
    [
        (0.2, 0.64, False, (0, 0.7)), (0.1, 0.97, False, (0, 1)), (0, 1.2, False, (0, 1.5)),
        (-0.4, 3, False, (-0.5, 3)),
        (0.2, 0.64, True, (0.1, 1)), (1e-12, 1, True, (1e-8, 1)), (0.1, 0.1, True, (0.1, 1)), (3, 400, True, (1, 1000)),
    ],
)  # fmt: skip
def test_axes_end_at_round_numbers(low, high, log, ends):
    bottom, top, places, texts = axis_of(low, high, log)
    assert (bottom, top) == pytest.approx(ends)
    assert len(places) == len(texts)


@pytest.mark.parametrize("settings", [{}, {"log": True}, {"scale": 1000.0}, {"other": False, "brush": None}])
def test_no_text_is_clipped_or_overlaps(new_scene, settings):
    figure, scene = new_scene()
    show(scene, **settings)
    png(figure)
    boxes = text_boxes(figure, scene.page, scene.curves, scene.frame)
    numbers = [box for each in (scene.table, scene.ends, scene.names) for box in number_boxes(each)]
    assert_clear(figure, boxes + numbers)


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, scale=30.0, log=True, brush=None, other=False, spread=False)
    png(figure)
    show(scene, words=WORDS | {"nothing": "There is no run."})
    png(figure)
    show(scene)
    afresh, other = new_scene()
    show(other)
    assert png(figure) == png(afresh)
