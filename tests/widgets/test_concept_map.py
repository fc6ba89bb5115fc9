"""ConceptMap: relations that read as sentences, ways between concepts, gestures, and the figure on its stage."""

import ipywidgets
import pytest

from tests.widgets.hands import press
from wbviz.terms import TERMS
from wbviz.widgets import Neuron
from wbviz.widgets._concepts import CONCEPTS, NAME_ONLY, PARTS, RELATIONS, distances, relations_of, way
from wbviz.widgets.concept_map import ALL, NAMES, NOWHERE, ConceptMap

EXPLORER = ConceptMap
MODELS = ipywidgets.widgets.widget._instances


def click(explorer, name, shift=False):
    x, y, *_ = explorer.scene.boxes[NAMES.index(name)]
    px, py = explorer.scene.axes.transData.transform((x, y))
    number = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"press": number, "px": px, "py": py, "x": px, "y": py, "down": False, "shift": shift}


def test_every_concept_is_a_term_and_related_to_others():
    assert 25 <= len(CONCEPTS) <= 36
    assert set(CONCEPTS) <= set(TERMS)
    assert {concept.part for concept in CONCEPTS.values()} == set(PARTS)
    assert len({concept.place for concept in CONCEPTS.values()}) == len(CONCEPTS)
    for name in CONCEPTS:
        assert 1 <= len(relations_of(name)) <= 7
        assert set(distances(name)) == set(CONCEPTS)


def test_relations_are_sentences_and_none_is_said_twice():
    sentences = [relation.sentence() for relation in RELATIONS]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert len({frozenset((relation.one, relation.other)) for relation in RELATIONS}) == len(RELATIONS)
    assert RELATIONS[0].sentence() == "A weight multiplies an input."
    assert RELATIONS[0].sentence(verbs=False) == "A weight … an input."


def test_the_three_biases_share_a_name_and_no_way():
    biases = [name for name in CONCEPTS if name.startswith("bias")]
    only = [relation for relation in RELATIONS if relation.verb == NAME_ONLY]
    assert {relation.one for relation in only} | {relation.other for relation in only} == set(biases)
    assert all(distances(one)[other] > 1 for one in biases for other in biases if one != other)


def test_a_way_leads_from_one_to_the_other_by_the_fewest_relations():
    for goal in CONCEPTS:
        steps = way("threshold", goal)
        assert len(steps) == distances("threshold")[goal]
        at = "threshold"
        for number in steps:
            relation = RELATIONS[number]
            assert at in (relation.one, relation.other)
            at = relation.other if relation.one == at else relation.one
        assert at == goal


def test_it_says_the_relations_of_the_concept_or_those_on_the_way(make):
    concepts = make(concept="clipping")
    assert concepts.relations() == ["Clipping shortens an exploding gradient."]
    assert "Its relations: Clipping shortens" in concepts.describe()
    concepts.apply({"concept": "momentum", "goal": "weight"})
    assert concepts.relations() == [
        "Momentum gives a velocity to gradient descent.",
        "Gradient descent adjusts a weight.",
    ]
    assert concepts.distance() == 2
    assert "The way to weight: 2 relations." in concepts.describe()
    concepts.goal = "momentum"
    assert concepts.relations() == []
    assert "none, this is it" in concepts.describe()


def test_without_verbs_neither_picture_nor_words_tell_them(make):
    concepts = make(concept="clipping", verbs=False)
    assert "shortens" not in concepts.describe()
    assert "Clipping … an exploding gradient." in concepts.describe()
    assert not any("shortens" in text for text in concepts.scene.said._texts or [])


def test_the_neighbourhood_grows_to_the_whole_map(make):
    concepts = make()
    sizes = []
    for steps in range(1, 7):
        concepts.steps = steps
        sizes.append(len(concepts.neighbours()))
    assert sizes == sorted(sizes)
    assert sizes[0] >= 5
    assert sizes[-1] == len(CONCEPTS) - 1


def test_pointer_and_keys_choose(make):
    concepts = make()
    click(concepts, "gradient")
    assert concepts.concept == "gradient"
    click(concepts, "dead unit", shift=True)
    assert (concepts.concept, concepts.goal) == ("gradient", "dead unit")
    click(concepts, "dead unit", shift=True)
    assert concepts.goal == NOWHERE
    press(concepts, "ArrowRight")
    assert concepts.concept == "dead unit"
    press(concepts, "ArrowUp", "ArrowUp", "ArrowUp")
    assert concepts.concept == "local minimum"
    press(concepts, "v")
    assert not concepts.verbs


def test_every_concept_is_reached_by_arrows(make):
    concepts = make()
    reached, fresh = {concepts.concept}, [concepts.concept]
    while fresh:
        start = fresh.pop()
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            concepts.concept = start
            press(concepts, key)
            if concepts.concept not in reached:
                reached.add(concepts.concept)
                fresh.append(concepts.concept)
    assert reached == set(CONCEPTS)


def test_enter_opens_the_figure_and_escape_takes_it_away(make):
    concepts = make(concept="threshold")
    before = set(MODELS)
    press(concepts, "Enter")
    assert type(concepts.stage.explorer) is Neuron
    assert concepts.stage.head.title == "Neuron, for: threshold"
    press(concepts, "Escape")
    assert concepts.stage.explorer is None
    assert set(MODELS) == before


def test_nothing_stays_behind_even_with_a_figure_open():
    before = set(MODELS)
    for controls in (True, False):
        concepts = ConceptMap(controls=controls)
        concepts.open_figure()
        concepts.close()
    assert set(MODELS) == before


@pytest.mark.parametrize("part", PARTS)
def test_a_part_counts_its_relations(make, part):
    concepts = make(part=part)
    inside = sum(CONCEPTS[r.one].part == CONCEPTS[r.other].part == part for r in RELATIONS)
    assert f"Marked: {part}, {inside} relations inside" in concepts.describe()
    concepts.part = ALL
    assert "Marked" not in concepts.describe()
