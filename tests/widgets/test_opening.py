"""Presets: a text opens a figure, or says in a sentence why not. Nothing in it is run."""

import pytest

from wbviz.widgets import Neuron
from wbviz.widgets._opening import explorer_of, read_preset


def test_a_text_names_a_class_and_settings():
    assert read_preset("Neuron()") == (Neuron, {})
    assert read_preset(" Neuron(b=-2, w=[1.0, 2.0]) ") == (Neuron, {"b": -2, "w": [1.0, 2.0]})


def test_a_text_opens_its_figure():
    neuron = explorer_of("Neuron(b=-2.0)", controls=False)
    try:
        assert type(neuron) is Neuron
        assert neuron.b == -2
        assert neuron._panel is None
        again = explorer_of(neuron.share(), controls=False)
        assert again.state == neuron.state
        again.close()
    finally:
        neuron.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "This text is no figure"),
        (None, "This text is no figure: None"),
        ("b=-2", "should look like"),
        ("Neurone(b=-2)", "no figure 'Neurone' in this book. Did you mean 'Neuron'"),
        ("Explorer()", "no figure 'Explorer'"),
        ("print(1)", "no figure 'print'"),
        ("Neuron(b=-2", "not a Neuron"),
        ("Neuron(-2)", "not a Neuron"),
        ("Neuron(b=-2); print(1)", "not a Neuron"),
        ("Neuron(b=-2).close()", "not a Neuron"),
        ("Neuron(b=__import__('os').getpid())", "plain values only"),
        ("Neuron(**{'b': 1})", r"uses \*\*"),
        ("Neuron(bias=-2)", "no setting 'bias'"),
        ("Neuron(controls=False)", "no setting 'controls'"),
        ("Neuron(b=-20)", "was not opened. b goes from -8 to 8"),
        ("Neuron(activation='rellu')", "Did you mean 'relu'"),
        ("Neuron(b='seven')", "must be a number"),
    ],
)
def test_what_is_wrong_is_said(text, says):
    with pytest.raises(ValueError, match=says):
        explorer_of(text)
