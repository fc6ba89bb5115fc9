"""The geometry of the decision line."""

import numpy as np
import pytest

from wbviz.scenes.decision_line import ARROW, CELLS, GRID, HIGH, LOW, arrow_base, line_span

NEURONS = [((1, 1), -1.5), ((1, 0), 0.5), ((0, -2), 1), ((-3, 0.1), 2), ((6, 6), -9), ((0.1, -0.1), 0)]


@pytest.mark.parametrize(("w", "b"), NEURONS)
@pytest.mark.parametrize("level", [-1, 0, 1])
def test_the_ends_lie_on_the_line_and_on_the_edge(w, b, level):
    span = line_span(w, b, level)
    if span is None:
        corners = [(x, y) for x in (LOW, HIGH) for y in (LOW, HIGH)]
        assert len({np.sign(np.dot(w, corner) + b - level) for corner in corners}) == 1
        return
    assert span @ w + b == pytest.approx([level, level])
    for end in span:
        assert min(abs(end - LOW).min(), abs(end - HIGH).min()) == pytest.approx(0, abs=1e-12)
        assert LOW - 1e-9 <= end.min() <= end.max() <= HIGH + 1e-9


def test_no_line_without_weights_or_outside_of_the_plane():
    assert line_span((0, 0), 1) is None
    assert line_span((1, 0), 5) is None
    assert line_span((1, 1), 20) is None
    assert arrow_base((0, 0), 1, (0, 0)) is None


@pytest.mark.parametrize(("w", "b"), NEURONS)
def test_the_arrow_stands_on_the_line_with_its_head_in_view(w, b):
    base = arrow_base(w, b, (-0.3, 1.5))
    assert base @ np.array(w) + b == pytest.approx(0, abs=1e-12)
    tip = base + ARROW * np.array(w)
    assert LOW <= tip.min() <= tip.max() <= HIGH


def test_a_place_on_the_line_is_kept_as_the_foot_of_the_arrow():
    assert arrow_base((1, 1), -1.5, (0.5, 1.0)) == pytest.approx([0.5, 1.0])
    assert arrow_base((2, -1), 0, (0.5, 1.0)) == pytest.approx([0.5, 1.0])


def test_the_grid_runs_row_by_row_from_the_lower_left():
    assert GRID.shape == (CELLS**2, 2)
    assert GRID[0] == pytest.approx(GRID[1] - [(HIGH - LOW) / CELLS, 0])
    assert GRID[0] == pytest.approx([LOW + (HIGH - LOW) / CELLS / 2] * 2)
    assert GRID[-1] == pytest.approx([HIGH - (HIGH - LOW) / CELLS / 2] * 2)
