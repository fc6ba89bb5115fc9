"""The scene of BiasVariance: stacks that add up, what lies beyond the chart, a picture that follows from its input."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz.scenes.bias_variance import BiasVarianceScene, _tick

WORDS = ("heading", "state", "curves", "along", "one", "shown", "apart", "chart", "second", "closed", "hint")
X = np.linspace(-1, 1, 5)
STACK = np.array([[0.1] * 5, [0.0, 0.2, 0.1, -0.01, 0.3], [0.05] * 5])


def show(scene, log=False, limits=(0.0, 0.5), closed=None, examples=None, scale=1.0):
    curves = {
        "x": X, "all": scale * np.outer([1, -1, 0.5], X), "truth": X, "mean": 0.9 * X, "one": X**2,
        "examples": examples, "reach": 2, "ticks": ((-1, "−1"), (0, "0"), (1, "1")), "name": "x",
    }  # fmt: skip
    measured = np.column_stack([STACK.sum(axis=0) * [1, 1, 1, 1, 9], [0.01] * 5])
    chart = {
        "x": X, "stack": STACK, "clear": STACK > 0.02, "measured": measured, "log": log, "limits": limits,
        "ticks": ((-1, "1"), (1, "32")), "ends": (-1.1, 1.1), "at": 0.0, "name": "units", "closed": closed,
        "ghost": closed,
    }  # fmt: skip
    parts = {"values": (0.1, -0.01, 0.2), "total": (0.3, 0.02), "measured": (0.32, 0.03), "texts": ["0.123"] * 10}
    scene.update(curves, {"stack": STACK}, parts, chart, {name: name for name in WORDS})


new_scene = maker(BiasVarianceScene, (6.76, 4.74))


def test_areas_lie_on_each_other_and_what_is_below_zero_has_no_height(new_scene):
    _, scene = new_scene()
    show(scene)
    below = np.zeros(5)
    for area, part in zip(scene.areas, np.maximum(STACK, 0), strict=True):
        edge = area.get_paths()[0].vertices[:10, 1]
        np.testing.assert_allclose(edge[:5], below + part)
        np.testing.assert_allclose(edge[9:4:-1], below)
        below = below + part
    ends = [bar.get_x() + bar.get_width() for bar in scene.bars]
    np.testing.assert_allclose(ends, [0.1, 0.1, 0.3])
    np.testing.assert_allclose(scene.marks[1].get_xdata(), [0.26, 0.38])


def test_what_lies_above_the_chart_is_marked_at_its_edge(new_scene):
    _, scene = new_scene()
    show(scene)
    assert list(scene.dots.get_xdata()) == list(X[:4])
    assert scene.beyond.get_xydata().tolist() == [[1.0, 0.5]]
    assert len(scene.whiskers.get_segments()) == 4


def test_on_a_logarithmic_scale_there_are_lines_and_no_areas(new_scene):
    _, scene = new_scene()
    show(scene, log=True, limits=(0.01, 100.0), closed=(X, np.full(5, 0.4)))
    assert not any(area.get_paths() for area in scene.areas)
    assert list(scene.lines[1].get_xdata()) == [X[1], X[2], X[4]]
    assert scene.closed.get_ydata().tolist() == [0.4] * 5
    assert scene.key.get_visible()
    show(scene)
    assert not len(scene.lines[1].get_xdata())
    assert not scene.key.get_visible()


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, log=True, limits=(0.01, 100.0), closed=(X, X + 2), examples=np.ones((3, 2)), scale=3)
    png(figure)
    show(scene)
    afresh, other = new_scene()
    show(other)
    assert png(figure) == png(afresh)


def test_no_text_runs_into_another(new_scene):
    figure, scene = new_scene()
    FigureCanvasAgg(figure)
    show(scene, closed=(X, X + 2))
    figure.canvas.draw()
    boxes = text_boxes(figure, scene.page, scene.curves, scene.strip, scene.scale, scene.chart)
    assert_clear(figure, boxes + number_boxes(scene.table))


def test_ticks_are_short():
    assert [_tick(place) for place in (0, 0.15, -2, 1000, 15_000, 3e5)] == [
        "0",
        "0.15",
        "−2",
        "1,000",
        "1.5·10⁴",
        "3·10⁵",
    ]
