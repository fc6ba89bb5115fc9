"""WeightSurgery: its numbers are the engine's, its gestures move its traits."""

import numpy as np
import pytest
import traitlets

from wbviz.engine import accuracy, confusion_matrix
from wbviz.widgets._digits import digits_split
from wbviz.widgets._operations import OPERATIONS
from wbviz.widgets.weight_surgery import WeightSurgery


@pytest.fixture
def surgery():
    explorer = WeightSurgery()
    yield explorer
    explorer.close()


def click(explorer, x, y):
    """Press and let go at data coordinates of the little images."""
    px, py = explorer.scene.mosaic.transData.transform((x, y))
    presses = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"x": px, "y": py, "px": px, "py": py, "press": presses, "down": False}


def press(explorer, *names):
    n = explorer.picture.keystrokes.get("n", 0) + len(names)
    explorer.picture.keystrokes = {"n": n, "recent": [{"key": name} for name in names]}


def test_the_numbers_shown_are_those_of_the_engine(surgery):
    test = digits_split()[1]
    surgery.apply({"operation": "quantise", "amount": 3, "what": "both"})
    surgery.png()
    net = surgery.operated
    share, loss = accuracy(test.y, net(test.X)), net.loss(test.X, test.y, loss="cross_entropy")
    assert surgery.accuracy() == share
    assert surgery.loss() == pytest.approx(loss, rel=1e-12)
    assert f"→ {100 * share:.1f} %" in surgery.scene.score.get_text()
    assert f"{loss:.3f}" in surgery.scene.score.get_text()
    counts = confusion_matrix(test.y, net(test.X))
    assert surgery.scene.counts._texts == [str(n) if n else "" for n in counts.ravel()]
    assert surgery.scene.score_bars[0].get_width() == share


def test_every_image_shows_the_weights_after_the_operation(surgery):
    surgery.apply({"operation": "scale", "amount": 0.5, "unit": 16})
    surgery.png()
    weights, shown = surgery.operated.weights, surgery.scene.units.get_array()
    for unit in range(16):
        row, column = divmod(unit, 8)
        tile = shown[11 * row : 11 * row + 8, 10 * column : 10 * column + 8]
        np.testing.assert_array_equal(tile, weights[0][:, unit].reshape(8, 8))
    assert np.ma.count_masked(np.ma.masked_invalid(shown)) == shown.size - 1024
    np.testing.assert_array_equal(surgery.scene.unit.get_array(), weights[0][:, 15].reshape(8, 8))
    assert surgery.scene.out.numbers._texts[0] == f"{weights[1][15, 0]:.2f}".replace("-", "−")


def test_none_leaves_the_network_and_the_figures_as_they_were(surgery):
    surgery.operation = "none"
    np.testing.assert_array_equal(surgery.operated.params, surgery.original.params)
    assert surgery.accuracy() == accuracy(digits_split()[1].y, surgery.original(digits_split()[1].X))


def test_what_the_chapter_claims(surgery):
    before = WeightSurgery(operation="none").accuracy()
    surgery.apply({"operation": "shuffle", "amount": 1})
    assert surgery.accuracy() < 0.25  # ten classes: the same weights in other places are near chance
    surgery.apply({"operation": "zero_smallest", "amount": 1, "what": "biases"})
    assert before - surgery.accuracy() < 0.05
    surgery.apply({"operation": "quantise", "amount": 8, "what": "both"})
    assert abs(before - surgery.accuracy()) < 0.01


def test_a_new_operation_begins_with_an_amount_of_its_own(surgery):
    for name, operation in OPERATIONS.items():
        surgery.apply({"operation": name})
        assert surgery.amount == operation.start
        span = surgery.range_of("amount")
        assert (span["min"], span["max"], span["step"]) == (operation.low, operation.high, operation.step)
        assert surgery._panel._rows["amount"][0].label == operation.label
    surgery.undo()
    assert surgery.operation == "quantise"
    assert surgery.amount == 4


def test_the_amount_is_checked_against_its_operation_in_any_order():
    assert WeightSurgery(amount=6, operation="quantise").amount == 6
    with pytest.raises(traitlets.TraitError, match="share moved goes from 0 to 1, but got 6"):
        WeightSurgery(amount=6, operation="shuffle")


def test_a_bad_amount_leaves_the_operation_too(surgery):
    state = surgery.state
    with pytest.raises(traitlets.TraitError, match="bits goes from 1 to 8"):
        surgery.apply({"operation": "quantise", "amount": 0.5})
    assert surgery.state == state


def test_random_amounts_fit_every_operation(surgery):
    for name, operation in OPERATIONS.items():
        surgery.operation = name
        for seed in range(5):
            surgery.randomise(seed)
            assert operation.low <= surgery.amount <= operation.high


def test_a_click_on_an_image_shows_that_unit_larger(surgery):
    for unit in (1, 8, 9, 16):
        row, column = divmod(unit - 1, 8)
        click(surgery, 10 * column + 4, 11 * row + 4)
        assert surgery.unit == unit
        assert f"Hidden unit {unit} " in surgery.describe()


def test_the_arrow_keys_go_from_unit_to_unit(surgery):
    surgery.unit = 1
    press(surgery, "ArrowRight", "ArrowDown")
    assert surgery.unit == 10
    press(surgery, "ArrowUp", "ArrowLeft", "ArrowLeft", "a")
    assert surgery.unit == 16


def test_the_words_name_operation_place_and_result(surgery):
    surgery.apply({"operation": "noise", "amount": 0.5, "what": "biases", "layer": 2, "seed": 4})
    words = surgery.describe()
    assert words.startswith("Noise of 0.50 standard deviations is added to the biases of layer 2 (seed 4): ")
    assert f"{round(449 * surgery.accuracy())} of 449" in words


def test_a_perfect_or_a_hopeless_network_has_its_words(surgery):
    surgery.apply({"operation": "zero_smallest", "amount": 1, "what": "both"})
    assert "45 of 449" in surgery.describe()
    assert "nan" not in surgery.describe()
    surgery.png()


def test_knobs_that_do_nothing_are_greyed_out(surgery):
    surgery.operation = "none"

    def disabled():
        rows = surgery._panel._rows
        return [name for name in surgery.knobs if rows[name][0].disabled]

    assert disabled() == ["amount", "what", "layer", "seed"]
    surgery.operation = "quantise"
    assert disabled() == ["seed"]
    surgery.operation = "shuffle"
    assert disabled() == []
