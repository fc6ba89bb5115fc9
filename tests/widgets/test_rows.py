"""Rows of controls: what a slider tells Python, what it is told, and errors beside them."""

import itertools

import pytest

from tests.widgets.turning import turn
from wbviz.widgets import BackwardPass, Neuron
from wbviz.widgets._scales import LogScale, Scale
from wbviz.widgets._slider import Slider
from wbviz.widgets._tree import tree


@pytest.fixture
def row():
    neuron = Neuron(b=-1.234)
    yield neuron, neuron._panel._rows["b"][0]
    neuron.close()


@pytest.fixture
def sent(row, monkeypatch):
    """What Python tells the browser of this row, state by state."""
    told = []
    monkeypatch.setattr(Slider, "send_state", lambda slider, key=None: told.append(_state(slider, key)))
    return told


def _state(slider, key):
    names = {key} if isinstance(key, str) else set(key)
    return slider.knob, {name: getattr(slider, name) for name in names}


def test_a_slider_knows_which_knob_it_turns(row):
    neuron, row = row
    assert (row.knob, row.index, row.label) == ("b", None, "b")
    second = neuron._panel._rows["w"][1]
    assert (second.knob, second.index, second.label) == ("w", 1, "w₂")
    turn(second, 2.5)
    assert neuron.w == [1.5, 2.5]


def test_a_value_between_two_steps_is_kept_as_it_was_typed(row):
    neuron, row = row
    assert (row.value, neuron.b) == (-1.234, -1.234)
    neuron.b = 2.377
    assert (row.value, neuron.b) == (2.377, 2.377)
    turn(row, 0.55)
    assert (row.value, neuron.b) == (0.55, 0.55)


def test_a_turn_is_not_answered_unless_the_value_has_to_be_another(row, sent):
    neuron, row = row
    for tenths in range(5):
        turn(row, tenths / 10)
    assert neuron.b == 0.4
    assert sent == []
    turn(row, 99)
    assert sent[0] == ("b", {"value": 0.4, "heard": 6})
    neuron.b = 1.5
    assert sent[-1] == ("b", {"value": 1.5})


def test_only_the_rows_of_what_has_changed_are_touched(row, sent):
    neuron, _ = row
    neuron.w = [1.5, 3.0]
    assert sent == [("w", {"value": 3.0})]


@pytest.mark.parametrize(("typed", "words"), [(99, "b goes from -8 to 8"), (None, "b must be a finite number")])
def test_an_error_stands_beside_its_field_and_goes_when_it_is_mended(row, typed, words):
    neuron, row = row
    turn(row, typed)
    assert words in row.error
    assert (row.value, neuron.b) == (-1.234, -1.234)
    turn(row, 1)
    assert row.error == ""
    assert isinstance(neuron.b, float)
    assert neuron.b == 1


def test_half_an_input_is_refused(row):
    neuron, _ = row
    (inputs,) = neuron._panel._rows["inputs"]
    turn(inputs, 2.5)
    assert "inputs must be a whole number, but got 2.5" in inputs.error
    assert (inputs.value, neuron.inputs) == (2, 2)


def test_what_the_explorer_settles_otherwise_is_put_back(row):
    neuron, _ = row
    neuron.settle = lambda changed: setattr(neuron, "b", min(neuron.b, 3.0))
    (slider,) = neuron._panel._rows["b"]
    turn(slider, 3)
    turn(slider, 5)
    assert (slider.value, neuron.b) == (3, 3)


def test_a_slider_is_one_widget_and_closes_with_its_layout():
    explorer = BackwardPass()
    (slider,) = explorer._panel._rows["nudge"]
    assert {type(node).__name__ for node in tree(slider)} == {"Slider", "Layout"}
    explorer.close()
    assert slider.comm is None
    assert slider.layout.comm is None


def test_a_scale_of_equal_steps_counts_them_from_zero():
    scale = Scale(0.1)
    assert [scale.position_of(tenths / 10) for tenths in range(-80, 81)] == list(range(-80, 81))
    assert [scale.value_at(at) for at in (-1, 0, 3)] == [-0.1, 0.0, 0.3]


def test_a_logarithmic_scale_goes_in_round_numbers_of_nearly_equal_ratios():
    scale = LogScale()
    values = [scale.value_at(position) for position in range(-100, 21)]
    assert (values[0], values[20], values[100], values[-1]) == (1e-5, 1e-4, 1.0, 10.0)
    assert [scale.position_of(value) for value in values] == list(range(-100, 21))
    assert all(1.07 < b / a < 1.18 for a, b in itertools.pairwise(values))
    assert scale.position_of(0.0998) == -20
    assert scale.value_at(scale.position_of(0.0312)) == 0.03
    assert scale.stops(0.001, 0.002) == [0.001, 0.0011, 0.0012, 0.00135, 0.0015, 0.0017, 0.002]
