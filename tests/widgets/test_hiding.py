"""What a teacher takes off a figure: `hide=` by name, `controls=` the other way round."""

import pytest

from wbviz.widgets import Neuron, Playground, Regularise, UpdateStep


@pytest.fixture
def make():
    made = []

    def one(cls, **options):
        made.append(cls(**options))
        return made[-1]

    yield one
    for explorer in made:
        explorer.close()


def shown(widget):
    return widget.layout.display != "none"


def toolbar(explorer):
    return [tool.description for tool in explorer._panel.controls.children[2].children if shown(tool)]


def test_a_hidden_knob_has_no_row_and_is_state_as_before(make):
    neuron = make(Neuron, hide="w")
    assert set(neuron._panel._rows) == {"inputs", "x", "b", "activation"}
    neuron.w = [1.0, 2.0]
    assert neuron.png() == make(Neuron, **neuron.state).png()


def test_parts_are_hidden_by_name(make):
    assert toolbar(make(Neuron)) == ["Reset", "Undo", "Randomise", "seed", "Share"]
    assert toolbar(make(Neuron, hide=["share", "randomise"])) == ["Reset", "Undo"]
    assert shown(make(Neuron)._panel._words)
    assert not shown(make(Neuron, hide=["words"])._panel._words)
    assert not any(map(shown, make(Regularise, hide=["under"]).under))
    buttons = make(UpdateStep, hide=["take_ten"])._panel._actions
    assert [name for name, button in buttons.items() if shown(button)] == ["take_step"]


def test_controls_say_what_stays_and_hide_what_goes(make):
    explorer = make(Playground, controls=["lr", "layers", "dataset"], hide=["lr", "under"])
    assert set(explorer._panel._rows) == {"dataset"}
    assert set(explorer._panel._own) == {"layers"}
    assert not make(Playground, hide=["features", "layers"])._panel._own


def test_a_misspelt_part_is_told_with_what_there_is(make):
    with pytest.raises(ValueError, match=r"hide: Neuron has no part 'shar'\. Did you mean 'share'\?.*words, under"):
        make(Neuron, hide=["shar"])
