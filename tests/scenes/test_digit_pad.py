"""The scene of DigitPad alone, without Jupyter."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from wbviz.scenes.digit_pad import DigitPadScene

WORDS = {"headline": "h", "drawing": "d", "parts": "p", "pixels": "x", "total": ["1", "2", "3"]}
WORDS |= {"number": "{:.2f}".format, "percent": "{:.0%}".format}


@pytest.fixture
def scene():
    return DigitPadScene(Figure(figsize=(6.8, 4.6), dpi=100))


NONE, BLANK = np.zeros(16), np.zeros(64)


def shown(scene, parts=NONE, pixels=BLANK, winner=0, chosen=0):
    hidden = (np.ones(16), parts, 0.5, parts.sum() + 0.5)
    scene.update((np.zeros(64), (2, 5)), hidden, (np.full(10, 0.1), winner, chosen), pixels, WORDS)


def test_the_last_bar_is_the_sum_of_the_others(scene):
    shown(scene, parts=np.linspace(-2, 3, 16))
    lengths = [path.vertices[:, 0][np.abs(path.vertices[:, 0]).argmax()] for path in scene.parts.bars.get_paths()]
    assert lengths[-1] == pytest.approx(sum(lengths[:-1]))


def test_marks_stand_at_the_winner_the_class_explained_and_the_cursor(scene):
    shown(scene, winner=3, chosen=8)
    assert scene.winner.get_position()[1] == 3
    assert scene.band.get_y() == 7.5
    assert scene.cursor.get_xy() == (5, 2)


def test_colours_reach_as_far_as_the_largest_part_and_minus_marks_the_negative(scene):
    pixels = np.zeros(64)
    pixels[3], pixels[9] = -2.5, 0.7
    shown(scene, pixels=pixels)
    assert scene.pixels.get_clim() == (-3, 3)
    assert [k for k, text in enumerate(scene.minus._texts) if text] == [3]


def test_nothing_to_show_is_no_error(scene):
    shown(scene)
    assert scene.pixels.get_clim() == (-0.1, 0.1)
