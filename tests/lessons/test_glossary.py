"""The glossary: all terms, their figures opened below; nothing stays behind."""

import ipywidgets
import pytest

from wbviz.lessons import CHAPTERS
from wbviz.lessons.glossary import Glossary, glossary
from wbviz.terms import TERMS
from wbviz.widgets import Neuron

MODELS = ipywidgets.widgets.widget._instances


@pytest.fixture
def made():
    view = glossary()
    yield view
    view.close()


def test_it_holds_every_term_with_its_chapter_and_its_figure(made):
    assert [entry[0] for entry in made.list.entries] == list(TERMS)
    assert ["threshold", TERMS["threshold"].meaning, 1, "Neuron"] in made.list.entries
    assert [number for number, _, _ in made.list.chapters] == list(CHAPTERS)
    assert repr(made) == "Glossary 'terms': Every term of this book. Search, or open the figure that shows it."


def test_a_button_opens_the_figure_of_its_term(made):
    made.list._handle_custom_msg({"open": "threshold"}, [])
    assert type(made.stage.explorer) is Neuron
    assert made.stage.explorer.b == -2
    assert made.stage.head.title == "Neuron, for: threshold"
    made.list._handle_custom_msg({"open": "no such term"}, [])
    assert "no term 'no such term'" in made.feedback.text
    assert type(made.stage.explorer) is Neuron
    made.list._handle_custom_msg({"open": "weight"}, [])
    assert made.feedback.text == ""
    assert made.stage.head.title == "Neuron, for: weight"


def test_few_models_are_made_and_all_are_freed():
    before = set(MODELS)
    view = glossary()
    assert len(set(MODELS) - before) < 25
    view.open_figure("threshold")
    view.open_figure("XOR")
    view.close()
    view.close()
    assert set(MODELS) == before


def test_some_terms_alone():
    view = Glossary({"weight", "bias (parameter)"})
    assert [entry[0] for entry in view.list.entries] == ["bias (parameter)", "weight"]
    view.close()
