"""The picture of an update step: nothing is cut off or runs into anything else, in any state."""

import itertools

import numpy as np
import pytest

from wbviz.scenes.update_step import _runs, spread
from wbviz.widgets._descent import ALONG, DIRECTIONS, ONE, RANDOM
from wbviz.widgets.update_step import UpdateStep

STATES = {
    "start": {},
    "second order": {"second": True, "zoom": True, "lr": 2.0},
    "one parameter": {"direction": ONE, "chosen": 9, "second": True},
    "huge": {"params": [10.0] * 8 + [-10.0] * 9, "direction": ALONG, "lr": 2.0, "second": True},
    "huge, zoomed": {"params": [10.0] * 17, "lr": 2.0, "second": True, "zoom": True},
    "tiny": {"params": [0.0] * 16 + [0.5], "second": True, "zoom": True},
    "random": {"direction": RANDOM, "seed": 99, "second": True, "zoom": True, "dataset": "circles"},
    "many steps": {"trail": [[1234.5, 99999.0]] * 500, "zoom": True},
}


@pytest.fixture(scope="module")
def explorer():
    made = UpdateStep()
    yield made
    made.close()


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("trained", [False, True])
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, name, trained):
    explorer.reset()
    explorer.apply(STATES[name])
    if trained and "params" not in STATES[name] and "trail" not in STATES[name]:
        explorer.apply({"direction": DIRECTIONS[0], "lr": 0.2})
        for _ in range(8):
            explorer.take_ten()
        explorer.apply(STATES[name])
    explorer.png()
    figure = explorer.figure
    texts = [t for axes in figure.axes for t in axes.findobj(lambda a: hasattr(a, "get_text")) if t.get_text().strip()]
    shown = [t for t in texts if t.get_visible() and not t.get_text().startswith("Text(")]
    boxes = {t: t.get_window_extent() for t in shown}
    assert len(boxes) > 30
    for text, box in boxes.items():
        inside = box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0 and box.y1 <= figure.bbox.height
        assert inside, f"{text.get_text()!r} is cut off"
    for (one, a), (two, b) in itertools.combinations(boxes.items(), 2):
        assert not a.overlaps(b.shrunk(0.98, 0.85)), f"{one.get_text()!r} runs into {two.get_text()!r}"


def test_runs_are_the_stretches_of_true_flags():
    x = np.arange(6.0)
    assert _runs(x, np.array([1, 1, 0, 1, 0, 1], bool)) == [(0, 1), (3, 3), (5, 5)]
    assert _runs(x, np.zeros(6, bool)) == []


def test_neighbouring_dots_lie_apart():
    heights = spread(100)
    assert np.abs(heights).max() <= 1
    assert np.abs(np.diff(heights)).min() > 0.3
