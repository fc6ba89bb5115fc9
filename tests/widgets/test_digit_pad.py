"""DigitPad: its numbers are the engine's, its parts add up, its gestures draw."""

import json

import numpy as np
import pytest
import traitlets

from wbviz.engine import softmax
from wbviz.widgets._digits import digits_split, trained_digits
from wbviz.widgets.digit_pad import DigitPad, Stroke, distances, read

TEST = digits_split()[1]


@pytest.fixture
def pad():
    explorer = DigitPad()
    yield explorer
    explorer.close()


def draw(explorer, *places, let_go=True):
    """Drag the pointer over places (x, y) of the drawing; one place is a click."""
    presses = explorer.picture.pointer.get("press", 0) + 1
    pixels = [tuple(explorer.scene.pad.transData.transform(place)) for place in places]
    for number, (x, y) in enumerate(pixels):
        down = not let_go or number < len(pixels) - 1
        held = {"press": presses, "px": pixels[0][0], "py": pixels[0][1]}
        explorer.picture.pointer = {"x": x, "y": y, "down": down, **held}


def press(explorer, *names, shift=False):
    n = explorer.picture.keystrokes.get("n", 0) + len(names)
    explorer.picture.keystrokes = {"n": n, "recent": [{"key": name, "shift": shift} for name in names]}


def ink(explorer):
    return np.reshape(explorer.pixels, (8, 8))


# --- what the network makes of it -----------------------------------------------------------------------------------


def test_the_numbers_shown_are_those_of_the_engine(pad):
    pad.example = 17
    pad.png()
    net = trained_digits()
    record = net.forward([pad.pixels])
    now = pad.reading()
    np.testing.assert_array_equal(now.activations, record.a[1][0])
    np.testing.assert_array_equal(now.probabilities, softmax(record.y_hat)[0])
    winner = int(record.y_hat[0].argmax())
    assert now.winner == now.chosen == winner
    shown = pad.scene.activations.numbers._texts
    assert shown == [f"{a:.2f}" if a > 0 else "off" for a in record.a[1][0]]
    assert pad.scene.probabilities.numbers._texts == [f"{100 * p:.1f} %" for p in now.probabilities]
    assert pad.describe().startswith(f"The network says {winner} with {100 * now.probabilities[winner]:.1f} %")


@pytest.mark.parametrize("example", [0, 3, 99, 448])
@pytest.mark.parametrize("chosen", [None, *range(10)])
def test_both_sums_add_up_exactly_to_the_logit(example, chosen):
    net = trained_digits()
    now = read(net, TEST.X[example], chosen)
    logit = net([TEST.X[example]])[0, now.chosen]
    assert now.logit == logit
    assert now.parts.sum() + now.bias == pytest.approx(logit, abs=1e-12)
    assert now.pixel_parts.sum() + now.bias_share == pytest.approx(logit, abs=1e-12)


def test_the_parts_of_pixels_are_the_slope_times_the_ink(pad):
    net, x = trained_digits(), TEST.X[5]
    now, step = read(net, x, 4), 1e-6
    for pixel in np.flatnonzero(x):
        beside = x.copy()
        beside[pixel] += step
        slope = (net([beside])[0, 4] - now.logit) / step
        assert now.pixel_parts[pixel] == pytest.approx(slope * x[pixel], abs=1e-6)


def test_without_ink_only_the_biases_speak(pad):
    pad.clear()
    now = pad.reading()
    assert not now.pixel_parts.any()
    assert now.bias_share == pytest.approx(now.logit, abs=1e-12)
    assert "only the biases speak" in pad.describe()
    pad.png()


def test_a_given_network_reads_the_drawing():
    net = trained_digits()
    net.biases[1][...] = 0
    net.biases[1][7] = 100
    explorer = DigitPad(net=net, example=1)
    assert explorer.reading().winner == 7
    assert "The network says 7 with 100.0 %" in explorer.describe()
    explorer.close()


def test_the_class_to_explain_changes_the_parts_and_not_the_reading(pad):
    before = pad.reading()
    pad.explain = 8
    after = pad.reading()
    assert (after.winner, after.chosen) == (before.winner, 8)
    np.testing.assert_array_equal(after.probabilities, before.probabilities)
    assert "The logit of 8 is" in pad.describe()


# --- test digits ----------------------------------------------------------------------------------------------------


def test_an_example_loads_exactly_the_digit_of_the_test_set(pad):
    for number in (0, 7, 448):
        pad.example = number
        np.testing.assert_array_equal(pad.pixels, TEST.X[number])
        assert pad.truth == TEST.y[number]
        assert f"Test digit {number}, truly {TEST.y[number]}: " in pad.describe()


def test_next_goes_round(pad):
    pad.next_example()
    assert pad.example == 1
    pad.example = 448
    pad.next_example()
    assert pad.example == 0
    np.testing.assert_array_equal(pad.pixels, TEST.X[0])


def test_a_drawing_over_an_example_is_nobodys_digit_and_survives_sharing(pad):
    draw(pad, (0.5, 0.5), (6, 6))
    assert pad.truth is None
    assert "Your drawing" in pad.describe()
    state = json.loads(json.dumps(pad.state))
    twin = DigitPad.from_state(state)
    assert twin.pixels == pad.pixels
    assert twin.png() == pad.png()
    twin.close()


# --- the pointer ----------------------------------------------------------------------------------------------------


def test_a_click_inks_the_pixel_and_a_little_its_neighbours(pad):
    pad.clear()
    draw(pad, (3.5, 2.5))
    drawn = ink(pad)
    assert drawn[2, 3] == 1
    assert drawn[1, 3] == drawn[3, 3] == drawn[2, 2] == drawn[2, 4] == 0.25
    assert drawn.sum() == 2
    assert pad.cursor == [2, 3]


def test_a_drag_paints_along_the_line_however_few_places_arrive(pad):
    pad.clear()
    draw(pad, (0.5, 0.5), (7.5, 7.5))
    few = ink(pad)
    assert (few.diagonal() == 1).all()
    pad.clear()
    draw(pad, *((x, x) for x in np.linspace(0.5, 7.5, 60)))
    np.testing.assert_array_equal(ink(pad), few)


def test_strokes_add_up_and_one_stroke_does_not_add_to_itself(pad):
    pad.clear()
    pad.brush = 0.25
    draw(pad, (1.5, 1.5), (5.5, 1.5), (1.5, 1.5), (5.5, 1.5))
    assert ink(pad)[1, 3] == 0.25
    for _ in range(5):
        draw(pad, (1.5, 1.5), (5.5, 1.5))
    assert ink(pad)[1, 3] == 1


def test_the_eraser_takes_ink_away_and_never_below_none(pad):
    pad.pixels = [1.0] * 64
    pad.apply({"eraser": True, "brush": 0.5})
    draw(pad, (0.5, 4.5), (7.5, 4.5))
    assert (ink(pad)[4] == 0.5).all()
    for _ in range(3):
        draw(pad, (0.5, 4.5), (7.5, 4.5))
    assert (ink(pad)[4] == 0).all()


def test_ink_comes_in_sixteenths(pad):
    pad.brush = 0.35
    draw(pad, (1.23, 4.56), (6.54, 3.21))
    np.testing.assert_array_equal(ink(pad) * 16, np.round(ink(pad) * 16))


def test_a_stroke_may_leave_the_drawing_and_come_back(pad):
    pad.clear()
    draw(pad, (6.5, 3.5), (12, 3.5), (12, 6.5), (6.5, 6.5))
    drawn = ink(pad)
    assert drawn[3, 7] == drawn[6, 7] == 1
    assert drawn[4, 7] == drawn[5, 7] == 0.25  # outside of the drawing it went from one row to the other
    assert pad.cursor == [6, 6]


def test_a_stroke_is_one_step_of_undo(pad):
    pad.clear()
    draw(pad, (1, 1), (2, 5), (6, 6))
    pad.undo()
    assert not ink(pad).any()


def test_moving_the_pointer_without_pressing_draws_nothing(pad):
    before = pad.pixels
    x, y = pad.scene.pad.transData.transform((4, 4))
    pad.picture.pointer = {"x": x, "y": y, "inside": True, "down": False}
    assert pad.pixels == before


def test_a_click_on_a_probability_explains_that_class(pad):
    before = pad.pixels
    x, y = pad.scene.classes.transData.transform((0.5, 6.2))
    pad.picture.pointer = {"x": x, "y": y, "px": x, "py": y, "press": 1, "down": False}
    assert pad.explain == 6
    assert pad.pixels == before


# --- the keyboard ---------------------------------------------------------------------------------------------------


def test_a_digit_can_be_drawn_with_the_keyboard_alone(pad):
    press(pad, "Delete")
    assert not ink(pad).any()
    press(pad, *["ArrowRight"] * 3)
    for _ in range(8):
        press(pad, "Space", "ArrowDown")
    assert (ink(pad)[:, 3] == 1).all()
    assert pad.cursor == [7, 3]
    press(pad, "Space", shift=True)
    assert ink(pad)[7, 3] == 0
    press(pad, "e", "ArrowUp", "Space")
    assert pad.eraser
    assert ink(pad)[6, 3] == 0


def test_the_cursor_stays_on_the_drawing(pad):
    press(pad, "ArrowUp", "ArrowLeft")
    assert pad.cursor == [0, 0]
    press(pad, *["ArrowDown"] * 9, *["ArrowRight"] * 9)
    assert pad.cursor == [7, 7]


def test_digits_choose_the_class_to_explain(pad):
    press(pad, "4")
    assert pad.explain == 4
    press(pad, "w", "x", "F1")
    assert pad.explain == "winner"


# --- refusals and small parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("pixels", [0.5] * 63, "64 numbers"),
        ("pixels", [0.0] * 63 + [1.5], "ink goes from 0 to 1, but number 63 is 1.5"),
        ("pixels", [float("nan")] * 64, "ink goes from 0 to 1"),
        ("pixels", "drawing", "pixels"),
        ("cursor", [8, 0], "row and a column from 0 to 7"),
        ("cursor", [1], "cursor"),
    ],
)
def test_bad_drawings_are_refused_with_a_sentence(pad, name, value, words):
    state = pad.state
    with pytest.raises(traitlets.TraitError, match=words):
        pad.apply({name: value})
    assert pad.state == state


def test_distances_are_to_the_segment_and_not_to_the_line():
    across = distances((2.5, 3.5), (5.5, 3.5)).reshape(8, 8)
    np.testing.assert_allclose(across[3], [2, 1, 0, 0, 0, 0, 1, 2])
    np.testing.assert_allclose(across[:, 4], [3, 2, 1, 0, 1, 2, 3, 4])
    np.testing.assert_allclose(distances((0.5, 0.5), (0.5, 0.5)).reshape(8, 8)[0], range(8))


def test_a_stroke_leaves_the_drawing_below_it_alone():
    under = np.full(64, 0.5)
    Stroke(under, (1, 1)).to((5, 5), 1.0)
    assert (under == 0.5).all()
