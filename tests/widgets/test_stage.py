"""The stage: one figure at a time; what cannot be opened is said; nothing stays behind."""

import ipywidgets
import pytest

from wbviz.widgets import Neuron, SignalChain
from wbviz.widgets._stage import Stage

MODELS = ipywidgets.widgets.widget._instances


@pytest.fixture
def stage():
    made = Stage()
    yield made
    made.close()


def test_a_figure_opens_with_its_name_and_what_it_is_for(stage):
    neuron = stage.show("Neuron(b=-2.0)", "threshold")
    assert type(neuron) is Neuron
    assert neuron.b == -2
    assert stage.explorer is neuron
    assert stage.children == (stage.head, neuron)
    assert stage.head.title == "Neuron, for: threshold"
    assert stage.head.opened == 1


def test_the_next_figure_takes_the_place_of_the_first(stage):
    first = stage.show("Neuron()")
    second = stage.show("SignalChain(links=2)")
    assert first._closed
    assert type(second) is SignalChain
    assert stage.children == (stage.head, second)
    assert stage.head.title == "SignalChain"


@pytest.mark.parametrize("text", ["Neurone()", "Neuron(", "Neuron(b=99)", "Neuron(b=open('x'))"])
def test_an_error_is_said_and_what_stood_stays(stage, text):
    neuron = stage.show("Neuron(b=1)", "bias")
    models = set(MODELS)
    assert stage.show(text, "nothing") is None
    assert stage.head.said
    assert stage.children == (stage.head, neuron)
    assert stage.head.title == "Neuron, for: bias"
    assert not neuron._closed
    assert set(MODELS) == models
    stage.show("Neuron(b=2)")
    assert stage.head.said == ""


def test_the_button_takes_it_away(stage):
    neuron = stage.show("Neuron()")
    stage.head._handle_custom_msg("close", [])
    assert neuron._closed
    assert stage.explorer is None
    assert stage.children == (stage.head,)
    assert stage.head.title == ""
    stage.clear()


def test_nothing_stays_behind():
    before = set(MODELS)
    stage = Stage()
    empty = set(MODELS)
    for _ in range(3):
        stage.show("Neuron(b=-2.0)", "threshold")
        stage.show("DecisionLine()", "line")
        stage.show("DecisionLine(b='no number')")
    stage.clear()
    assert set(MODELS) == empty
    stage.show("Neuron()")
    stage.close()
    stage.close()
    assert set(MODELS) == before
