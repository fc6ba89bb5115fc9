"""Rows of controls: a slider counts whole steps, the field shows the value, and both say errors beside themselves."""

import itertools

import pytest

from wbviz.widgets import Neuron
from wbviz.widgets._rows import LogScale


@pytest.fixture
def row():
    neuron = Neuron(b=-1.234)
    yield neuron, neuron._panel._rows["b"][0]
    neuron.close()


def test_a_value_between_two_steps_is_kept_as_it_was_typed(row):
    neuron, row = row
    (slider, _), (field, _) = row.controls
    assert (slider.value, field.value, neuron.b) == (-12, -1.234, -1.234)
    neuron.b = 2.377
    assert (slider.value, field.value, neuron.b) == (24, 2.377, 2.377)
    field.value = 0.55
    assert (slider.value, neuron.b) == (6, 0.55)
    slider.value = 7
    assert (field.value, neuron.b) == (0.7, 0.7)


def test_a_slider_shows_whole_numbers_only_which_no_browser_rounds(row):
    neuron, row = row
    slider = row.controls[0][0]
    for tenths in range(-80, 81):
        neuron.b = tenths / 10
        assert slider.value == tenths
        assert isinstance(slider.value, int)
        assert (slider.min, slider.max) == (-80, 80)


def test_an_error_stands_beside_its_field_and_goes_when_it_is_mended(row):
    neuron, row = row
    field = row.controls[1][0]
    field.value = 99.0
    assert "b goes from" in row.children[-1].value
    assert (field.value, neuron.b) == (-1.234, -1.234)
    field.value = 1.0
    assert row.children[-1].layout.display == "none"
    assert neuron.b == 1.0


def test_a_logarithmic_scale_goes_in_round_numbers_of_nearly_equal_ratios():
    scale = LogScale()
    values = [scale.value_at(position) for position in range(-100, 21)]
    assert (values[0], values[20], values[100], values[-1]) == (1e-5, 1e-4, 1.0, 10.0)
    assert [scale.position_of(value) for value in values] == list(range(-100, 21))
    assert all(1.07 < b / a < 1.18 for a, b in itertools.pairwise(values))
    assert scale.position_of(0.0998) == -20
    assert scale.value_at(scale.position_of(0.0312)) == 0.03
