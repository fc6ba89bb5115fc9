"""Links in the text, as Python hears of them: what they set, what is answered, and what stays."""

import pytest

from wbviz.widgets import DecisionLine, Neuron


@pytest.fixture
def follow():
    """Lets a reader follow a link to a figure; returns what the browser is answered."""

    def follow(figure, text):
        answers = []
        figure.picture.send = lambda content, buffers=None: answers.append(content)
        message = {"method": "custom", "content": {"type": "link", "link": 7, "text": text}}
        figure.picture._handle_msg({"content": {"data": message}, "buffers": []})
        (answer,) = [answer for answer in answers if answer["type"] == "linked"]
        assert answer["link"] == 7
        return answer["wrong"]

    return follow


def test_a_link_sets_what_it_names_as_one_step_of_undo(follow):
    neuron = Neuron(b=1.0, x=[0.5, 0.5])
    before = neuron.state
    assert follow(neuron, "Neuron(w=[1, -2], b=-2)") == ""
    assert neuron.state == before | {"w": [1.0, -2.0], "b": -2.0}
    assert neuron.undo()
    assert neuron.state == before
    assert not neuron.undo()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Neuron(b=-200)", "b goes from -8 to 8"),
        ("Neuron(bias=1)", "no setting 'bias'"),
        ("Neuron(b=open('x'))", "plain values only"),
        ("DecisionLine(b=1)", "this is a Neuron"),
        ("Neuron(b=", "is not a Neuron"),
    ],
)
def test_what_is_wrong_with_a_link_is_answered_and_nothing_is_set(follow, text, words):
    neuron = Neuron(controls=False)
    before = neuron.state
    assert words in follow(neuron, text)
    assert neuron.state == before
    assert not neuron.undo()


def test_the_page_finds_a_figure_by_its_class():
    assert "wbviz-DecisionLine" in DecisionLine()._dom_classes
