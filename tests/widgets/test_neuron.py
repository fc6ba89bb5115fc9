"""The neuron: its numbers are the engine's, its gestures only set traits."""

import itertools

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS
from wbviz.widgets import Neuron


@pytest.fixture
def neuron():
    made = Neuron(x=[1.0, 0.5], w=[2.0, -1.0], b=0.25)
    yield made
    made.close()


tenths = st.integers(-30, 30).map(lambda n: n / 10)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(tenths, tenths), min_size=1, max_size=3), tenths, st.sampled_from(sorted(ACTIVATIONS)))
def test_output_is_the_textbook_formula(pairs, b, activation):
    x, w = map(list, zip(*pairs, strict=True))
    neuron = Neuron(x=x, w=w, b=b, activation=activation, controls=False)
    z, a = neuron.output()
    neuron.close()
    assert z == pytest.approx(np.dot(x, w) + b, abs=1e-12)
    assert a == pytest.approx(float(ACTIVATIONS[activation].f(np.array(z))), abs=1e-12)


def test_the_picture_and_the_words_show_the_engines_numbers(neuron):
    neuron.png()
    assert neuron.output()[0] == 1.75
    assert [text.get_text() for text in neuron.scene.formula] == [
        "z = w₁x₁ + w₂x₂ + b",
        "= 2.00·1.00 − 1.00·0.50 + 0.25 = 1.75",
        "a = sigmoid(1.75) = 0.852",
    ]
    assert neuron.describe().startswith(
        "w₁x₁ = 2.00 · 1.00 = 2.00, w₂x₂ = −1.00 · 0.50 = −0.50, b = 0.25; together z = 1.75"
    )
    assert neuron.scene.working_point.get_data() == ([1.75], [pytest.approx(0.852, abs=5e-4)])


def test_bars_stack_to_the_sum(neuron):
    neuron.png()
    bars = [bar for bar in neuron.scene.bars if bar.get_visible()]
    *parts, total = bars
    assert total.get_width() == pytest.approx(sum(bar.get_width() for bar in parts))
    for first, second in itertools.pairwise(parts):
        assert second.get_x() == pytest.approx(first.get_x() + first.get_width())


def test_sign_is_told_by_colour_and_dash_and_number(neuron):
    neuron.png()
    colours = neuron.scene.edges.get_colors()
    assert not np.array_equal(colours[0], colours[1])
    assert neuron.scene.edges.get_linestyle()[0] != neuron.scene.edges.get_linestyle()[1]
    assert neuron.scene.edge_labels[1].get_text() == "w₂ = −1.00"


def test_inputs_and_weights_keep_the_same_number(neuron):
    neuron.w = [1.0, 2.0, 3.0]
    assert neuron.x == [1.0, 0.5, 1.0]
    assert neuron.inputs == 3
    neuron.inputs = 1
    assert (neuron.x, neuron.w) == ([1.0], [1.0])
    neuron.x = [0.0, 2.0]
    assert (neuron.w, neuron.inputs) == ([1.0, 0.0], 2)
    assert Neuron(w=[1, 2], b=-1).x == [1.0, 0.5]
    with pytest.raises(traitlets.TraitError, match="1 to 3 numbers"):
        neuron.w = [1, 2, 3, 4]


def test_dragging_the_point_moves_the_bias_and_nothing_else(neuron):
    curve = neuron.scene.curve
    neuron.png()
    press, release = (curve.transData.transform((z, 0.5)) for z in (1.75, -2.0))
    hold = {"press": 1, "px": press[0], "py": press[1], "down": True, "shift": False, "inside": True}
    neuron.picture.pointer = {**hold, "x": press[0], "y": press[1]}
    assert neuron.b == 0.25
    neuron.picture.pointer = {**hold, "x": release[0], "y": release[1]}
    assert neuron.output()[0] == pytest.approx(-2.0, abs=0.06)
    assert (neuron.x, neuron.w) == ([1.0, 0.5], [2.0, -1.0])
    neuron.picture.pointer = {**hold, "x": 1e6, "y": 0, "down": False}
    assert neuron.b == neuron.traits()["b"].metadata["max"]


def test_arrow_keys_move_the_bias(neuron):
    neuron.picture.keystrokes = {"n": 2, "recent": [{"key": "ArrowLeft"}, {"key": "ArrowLeft", "shift": True}]}
    assert neuron.b == pytest.approx(-0.85)
    neuron.picture.keystrokes = {"n": 3, "recent": [{"key": "ArrowLeft"}, {"key": "x"}, {"key": "ArrowRight"}]}
    assert neuron.b == pytest.approx(-0.75)


def test_a_key_beyond_the_range_is_said_and_changes_nothing(neuron):
    neuron.b = 8.0
    neuron.picture.keystrokes = {"n": 1, "recent": [{"key": "ArrowRight"}]}
    assert neuron.b == 8.0
    assert "goes from -8 to 8" in neuron._panel._message.value


def test_a_drag_is_one_step_of_undo(neuron):
    for b in (0.3, 0.4, 0.5):
        neuron.b = b
    neuron.undo()
    assert neuron.b == 0.25
    assert not neuron.undo()


def test_code_to_copy_rebuilds_the_neuron(neuron):
    neuron._panel._share_toggle.value = True
    neuron._panel._kind.value = "NumPy"
    assert "import numpy" in neuron._panel._text.value
    neuron._panel._kind.value = "this figure"
    assert neuron._panel._text.value == neuron.share()
    assert "b=0.25" in neuron.share()
