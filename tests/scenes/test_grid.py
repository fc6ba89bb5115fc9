"""Grids of cells, rows of bars, and their numbers."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from wbviz.scenes._grid import Bars, Numbers, _glyphs, cells, rect, row_axes


@pytest.fixture
def figure():
    return Figure(figsize=(4, 4), dpi=100)


def test_places_are_counted_from_the_upper_left(figure):
    assert rect(figure, 40, 20, 200, 100) == pytest.approx([0.1, 0.7, 0.5, 0.25])


def test_numbers_stand_in_the_middle_of_their_cells(figure):
    axes, _ = cells(figure, (100, 100, 200, 200), 2, 2, "cividis", (0, 1))
    numbers = Numbers(axes, [0.5, 1.5], [0.5, 1.5])
    numbers.set_texts(["8", ""])
    box = numbers.artist.get_path().get_extents(figure.dpi_scale_trans)
    assert (box.x0 + box.x1) / 2 == pytest.approx(150, abs=1.5)  # the upper left cell, in pixels
    assert (box.y0 + box.y1) / 2 == pytest.approx(250, abs=1.5)
    assert box.height < 12


def test_numbers_are_drawn_anew_exactly_when_one_has_changed(figure):
    numbers = Numbers(row_axes(figure, (0, 0, 100, 100), 2), [0, 0], [0, 1])
    numbers.set_texts(["1", "2"])
    numbers.artist.stale = False
    numbers.set_texts(["1", "2"])
    assert not numbers.artist.stale
    numbers.set_texts(["1", "3"])
    assert numbers.artist.stale


def test_bars_reach_their_values_and_the_axis_ends_at_a_round_number(figure):
    axes = row_axes(figure, (0, 0, 100, 100), 3)
    bars = Bars(axes, 3)
    bars.update([0.5, -2.6, 0], ["a", "b", "c"])
    ends = [path.vertices[:, 0] for path in bars.bars.get_paths()]
    assert bars.limit == 3
    assert [(3 * end.min(), 3 * end.max()) for end in ends] == [(0, 0.5), (pytest.approx(-2.6), 0), (0, 0)]
    assert bars._ends._texts == ["−3", "0", "3"]
    bars.update(np.zeros(3), ["", "", ""])
    assert bars._ends._texts == ["−0.01", "0", "0.01"]


def test_a_new_limit_does_not_draw_the_axes_anew(figure):
    bars = Bars(row_axes(figure, (0, 0, 100, 100), 2), 2, one_sided=True)
    bars.update([1, 2], ["", ""])
    for artist in bars.live:
        artist.stale_callback = None
    figure.stale = False
    bars.update([1, 200], ["", ""])
    assert not figure.stale


def test_a_text_is_set_character_by_character_and_accents_stay_with_their_letter():
    vertices, _, width = _glyphs("−m̂ 1.5")
    whole = TextPath((0, 0), "−m̂ 1.5", size=100)
    assert width == pytest.approx(whole.vertices[:, 0].max() / 100, abs=0.02)
    assert vertices[:, 1].max() == pytest.approx(whole.vertices[:, 1].max() / 100 - 0.365)
    assert len(vertices) == len(whole.vertices)
