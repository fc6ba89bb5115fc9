"""The scene of Frameworks: what is shown follows from the numbers given, and its words stay clear of each other."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz.scenes.frameworks import EQUAL, FrameworksScene

WORDS = {
    "heading": "The same 2-256-1 network in three libraries",
    "state": "circles, leaky_relu, momentum at lr 0.001, seed 99, 64 bits, settings as they come",
    "digits_title": "Loss before step 100, to the last digit",
    "digits": ["0.1234567890123456", "0.12345678901234|56", "0.123|4567890123456"],
    "apart": ["1.1·10⁻¹⁶", "1.1·10⁻¹⁶", "1.1·10⁻¹⁶"],
    "times": ["999 µs", "999 µs", "12.3 ms"],
    "sources": [
        "wbviz: trained here and now", "PyTorch: press Run the frameworks", "TensorFlow: press Run the frameworks",
        "Recorded on 2026-11-27 (times too)", "on 12th Gen Intel Core i7-1265U at ab",
    ],
}  # fmt: skip
NOTHING = np.empty(0)
LOSSES = [np.linspace(0.7, 0.2, 100)] * 3
APART = [np.full(100, 1e-16), np.r_[0.0, np.full(99, 1e-5)], np.full(100, 1e-8)]

new_scene = maker(FrameworksScene, (6.6, 4.6), 100)


def test_differences_are_shown_by_their_power_of_ten_and_equal_ones_at_the_foot(new_scene):
    _, scene = new_scene()
    scene.update(LOSSES, APART, 40, (1e-5, 1e-3, None), WORDS)
    assert scene.dots[0].get_ydata() == pytest.approx(-16)
    assert scene.dots[1].get_ydata()[:2] == pytest.approx([EQUAL, -5])
    assert [bar.get_width() for bar in scene.bars] == pytest.approx([1, 3, 0])
    assert list(scene.places[0].get_xdata()) == [40, 40]
    assert scene.losses.get_ylim()[1] == 1


def test_a_library_without_numbers_shows_none(new_scene):
    _, scene = new_scene()
    scene.update([LOSSES[0], NOTHING, LOSSES[2][:7]], [NOTHING, APART[1][:7], NOTHING], 1, (None,) * 3, WORDS)
    assert [len(curve.get_xdata()) for curve in scene.curves] == [100, 0, 7]
    assert [len(dots.get_xdata()) for dots in scene.dots] == [0, 7, 0]
    assert not any(artist.get_visible() for artist in scene.own_key)


def test_the_picture_follows_from_what_it_is_given_alone(new_scene):
    figure, scene = new_scene()
    scene.update([10 * losses for losses in LOSSES], [NOTHING] * 3, 1, (None,) * 3, WORDS)
    scene.update(LOSSES, APART, 40, (1e-5, 1e-3, 1e-4), WORDS)
    other, fresh = new_scene()
    fresh.update(LOSSES, APART, 40, (1e-5, 1e-3, 1e-4), WORDS)
    assert png(figure) == png(other)


def test_no_text_is_cut_off_or_runs_into_another(new_scene):
    figure, scene = new_scene()
    FigureCanvasAgg(figure)
    scene.update([30 * losses for losses in LOSSES], APART, 100, (1e-5, 1e-3, 1e-2), WORDS)
    figure.canvas.draw()  # it places what the axes are called
    boxes = text_boxes(figure, *figure.axes)
    for numbers in (scene.digits, scene.apart_values, scene.times):
        boxes += number_boxes(numbers)
    assert_clear(figure, boxes)
