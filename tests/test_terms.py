"""The terms of the book: sorted, each once, each with a chapter and a figure that opens."""

import re

import pytest

from wbviz.lessons import CHAPTERS
from wbviz.terms import TERMS
from wbviz.widgets._opening import explorer_of, read_preset

BIASES = ("bias (parameter)", "bias (of a method)", "bias (unfairness)")


def test_they_are_sorted_and_no_two_say_the_same():
    assert list(TERMS) == sorted(TERMS, key=str.casefold)
    assert len(TERMS) > 90
    assert len({term.meaning for term in TERMS.values()}) == len(TERMS)
    assert len({name.casefold() for name in TERMS}) == len(TERMS)


def test_each_has_a_chapter_of_the_book():
    assert {term.chapter for term in TERMS.values()} <= set(CHAPTERS)


def test_meanings_are_short_plain_sentences():
    for name, term in TERMS.items():
        assert term.meaning[0].isupper(), name
        assert term.meaning.endswith("."), name
        assert len(term.meaning) <= 200, name
        assert not re.search(r"[$*`<>\\]", term.meaning), name


def test_the_three_meanings_of_bias_point_at_each_other():
    for name in BIASES:
        others = [other for other in BIASES if other != name]
        assert all(other in TERMS[name].meaning for other in others), name
    assert [name for name in TERMS if re.match(r"bias\b", name)] == sorted(BIASES)


@pytest.mark.parametrize("cls", sorted({text.preset.split("(")[0] for text in TERMS.values()}))
def test_the_figure_of_each_term_opens(cls):
    """One figure of each kind is opened; the others are settings that it takes."""
    presets = [term.preset for term in TERMS.values() if term.preset.startswith(f"{cls}(")]
    explorer = explorer_of(presets[0], controls=False)
    try:
        plain = {name: explorer.traits()[name].default() for name in explorer.state}
        for preset in presets[1:]:
            explorer._set_quietly(plain)
            explorer._set_quietly(read_preset(preset)[1])
    finally:
        explorer.close()


def test_no_two_terms_open_the_same_figure():
    """Where two words belong together, their figures differ in what they show."""
    presets = [
        (cls, tuple(sorted(map(repr, settings.items()))))
        for cls, settings in (read_preset(term.preset) for term in TERMS.values())
    ]
    assert len(set(presets)) == len(presets)
