"""The chart of several runs: the browser paints what Agg draws, and nothing overlaps."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.picture import browser_paint
from tests.picture.browser_paint import agg, paint, similarity
from wbviz import style
from wbviz.scenes.runs import RunsScene
from wbviz.widgets._runs import SIZE


def chart(count, seed=0):
    """A figure with so many runs in it, and its scene."""
    figure = Figure(figsize=[pixels / style.DPI for pixels in SIZE], dpi=style.DPI, facecolor=style.PAPER)
    scene, rng = RunsScene(figure), np.random.default_rng(seed)
    epochs = list(range(0, 90, 3))
    runs = [
        {
            "name": f"run {k + 1}",
            "end": f"train. {k / 7:.3g}, val. {k / 3:.3g}",
            "shown": k != 1,
            "epochs": epochs,
            "train": np.exp(-0.01 * k * np.array(epochs)).tolist(),
            "validation": (np.exp(-0.01 * k * np.array(epochs)) + 0.1 * rng.random(30)).tolist() if k != 2 else [],
        }
        for k in range(count)
    ]
    scene.update(runs)
    return figure, scene


@pytest.mark.parametrize("dpr", [pytest.param(dpr, marks=browser_paint.MARKS) for dpr in (1, 2)])
def test_the_browser_paints_what_agg_draws(dpr):
    figure, _ = chart(5)
    assert similarity(paint(figure, dpr), agg(figure, dpr)) > 0.95


@pytest.mark.parametrize("count", [1, 5])
def test_no_text_lies_on_another_or_on_the_chart(count):
    figure, scene = chart(count)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for slot in scene.slots[:count] for text in (slot.name, slot.end)]
    boxes.append(scene.axes.get_tightbbox(renderer))
    for i, box in enumerate(boxes):
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_a_run_that_is_hidden_or_gone_is_not_drawn():
    _, scene = chart(3)
    drawn = [slot.train.get_visible() for slot in scene.slots]
    assert drawn == [True, False, True, False, False]
    assert not scene.slots[2].validation.get_visible()
