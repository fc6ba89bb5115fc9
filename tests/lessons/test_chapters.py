"""The house rules, for every chapter that is present."""

import json
import re
from pathlib import Path

import pytest

from wbviz.lessons import CHAPTERS, SECTIONS, chapter, house

NOTEBOOKS = Path(__file__).parents[2] / "chapters"


def items(kind, form=None):
    """One test parameter for each item of that kind in all chapters."""
    found = [(c, item) for c in map(chapter, CHAPTERS) for item in getattr(c, kind)]
    wanted = [(c, item) for c, item in found if form is None or item.form == form]
    return [pytest.param(item, id=c.key(item.name)) for c, item in wanted]


@pytest.mark.parametrize("number", CHAPTERS)
def test_chapter(number):
    ch = chapter(number)
    counts = len(ch.predictions), len(ch.exercises), len(ch.claims)
    assert number == 0 or all(count >= least for count, least in zip(counts, (2, 3, 1), strict=True)), counts
    assert ch.number == number
    assert number == 0 or ch.title == SECTIONS[number - 1]


@pytest.mark.parametrize("number", CHAPTERS)
def test_every_item_is_in_the_notebook(number):
    house.check_notebook(chapter(number), NOTEBOOKS / chapter(number).file)


@pytest.mark.parametrize("exercise", items("exercises"))
def test_start_fails(exercise):
    house.check_start_fails(exercise)


@pytest.mark.parametrize("exercise", items("exercises"))
def test_solution_passes(exercise):
    house.check_solution_passes(exercise)


@pytest.mark.parametrize("exercise", items("exercises"))
def test_hints(exercise):
    house.check_hints(exercise)


@pytest.mark.parametrize("prediction", items("predictions"))
def test_truth_computes(prediction):
    house.check_prediction(prediction)


@pytest.mark.parametrize("prediction", items("predictions", "choose"))
def test_options_are_diagnosed(prediction):
    house.check_options(prediction)


@pytest.mark.parametrize("prediction", items("predictions", "set"))
def test_control_can_be_set(prediction):
    house.check_set_control(prediction)


@pytest.mark.parametrize("claim", items("claims"))
def test_claim_names_its_source(claim):
    assert claim.source_section in SECTIONS
    house.check_statement(claim)


def stored(ch):
    """What the notebook of a chapter keeps of its claims' experiments: {name: text}."""
    cells = json.loads((NOTEBOOKS / ch.file).read_text(encoding="utf-8"))["cells"]
    tests = [(re.fullmatch(r'ch\.claims\["(.+)"\]\.test\(\)', "".join(cell["source"])), cell) for cell in cells]
    return {found[1]: "".join(cell["outputs"][0]["data"]["text/plain"]) for found, cell in tests if found}


@pytest.mark.parametrize(("ch", "claim"), [
    pytest.param(ch, claim, id=ch.key(claim.name)) for ch in map(chapter, CHAPTERS) for claim in ch.claims
])  # fmt: skip
def test_claim_has_a_verdict(ch, claim):
    house.check_verdict(claim, stored(ch).get(claim.name))
