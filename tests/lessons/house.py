"""What every chapter's lessons must keep to. Each check takes one item and raises AssertionError with a sentence."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from wbviz.lessons import SECTIONS

CHAPTERS_FOLDER = Path(__file__).parents[2] / "chapters"


def check_numbers_of_items(chapter):
    """At least two predictions, three exercises and one claim; chapter 0, the way in, may have fewer."""
    counts = len(chapter.predictions), len(chapter.exercises), len(chapter.claims)
    assert chapter.number == 0 or np.all(np.array(counts) >= (2, 3, 1)), f"{chapter!r} has too little to do"


def check_notebook(chapter):
    """The chapter's notebook shows every item: `predict("name")`, `exercise("name"…`, `claim("name"`."""
    notebook = json.loads((CHAPTERS_FOLDER / chapter.file).read_text(encoding="utf-8"))
    cells = notebook["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    calls = {"predict": chapter.predictions, "exercise": chapter.exercises, "claim": chapter.claims}
    for call, items in calls.items():
        for item in items:
            assert re.search(rf"""{call}\(["']{re.escape(item.name)}["']""", source), f"{item!r} is not in the notebook"


def check_start_fails(exercise):
    """The start is not yet solved, and the check says so in a sentence."""
    assert_sentence(answered(exercise, exercise.start))


def check_solution_passes(exercise):
    """The solution passes: made anew, and set on a widget that is at the start."""
    assert answered(exercise, exercise.solution) == ""
    if exercise.widget is not None:
        assert answered(exercise, exercise.start, exercise.solution) == "", "it is not reached from the start"


def answered(exercise, answer, then=None):
    """What the check says to an answer; for a widget: made with these settings, then changed to others."""
    if exercise.widget is None:
        return exercise.check(answer)
    widget = exercise.widget(**answer)
    try:
        if then is not None:
            widget.apply(dict(then))
        return exercise.check(widget)
    finally:
        widget.close()


def check_hints(exercise):
    """Two hints in sentences, which do not give the solution's numbers away."""
    assert len(exercise.hints) == 2
    secrets = set(map(float, numbers_in(exercise.solution))) - set(map(float, numbers_in(exercise.start)))
    for hint in exercise.hints:
        assert_sentence(hint)
        told = {float(token.replace("−", "-")) for token in re.findall(r"[-−]?\d+(?:\.\d+)?", hint, re.ASCII)}
        assert not told & secrets, f"the hint {hint!r} gives {told & secrets} away"


def check_prediction(prediction):
    """The truth computes, is an answer that could be given, and compares as near to itself."""
    truth = prediction.truth()
    answer = np.asarray(truth).tolist()
    prediction.accepts(answer)
    comparison = prediction.compare(answer, truth)
    assert comparison.near
    assert_sentence(comparison.sentence)
    if prediction.form == "draw":
        low, high = prediction.y_range
        assert np.all((np.asarray(answer) >= low) & (np.asarray(answer) <= high)), "the true curve leaves the pad"


def check_options(prediction):
    """One option is true, every other one has a diagnosis."""
    truth = prediction.truth()
    assert [option.text for option in prediction.options].count(truth) == 1
    for option in prediction.options:
        if option.text != truth:
            assert_sentence(option.diagnosis)


def check_set_control(prediction):
    """The control exists, can be read and set to the truth, and does not start there."""
    explorer = prediction.widget(**prediction.settings)
    try:
        assert not prediction.compare(prediction.read(explorer)).near, "the control starts at the truth"
        truth = prediction.truth()
        prediction.write(explorer, truth)
        assert prediction.compare(prediction.read(explorer), truth).near
    finally:
        explorer.close()


def check_source(claim):
    """The claim names a real section of the source document."""
    assert claim.source_section in SECTIONS
    assert_sentence(claim.statement)


def check_verdict(claim):
    """The experiment gives a verdict with numbers and a reason, the same one twice."""
    verdict = claim.test()
    assert verdict.numbers, "a verdict stands on numbers"
    assert_sentence(verdict.text)
    assert repr(claim.test()) == repr(verdict), "the experiment is not repeatable"


def assert_sentence(text):
    """A sentence: some words, a capital letter (or a symbol) at its beginning, a full stop at its end."""
    assert isinstance(text, str), f"{text!r} is no text"
    assert len(text.split()) >= 3, f"{text!r} is too short for a sentence"
    assert not text[0].islower(), f"{text!r} begins small"
    assert text.rstrip("”)`")[-1] in ".?!", f"{text!r} has no end"
    assert not text.startswith("This could not be checked"), text


def numbers_in(value):
    """Every number in a value made of numbers, texts, lists and dicts."""
    if isinstance(value, (bool, str)) or value is None:
        return []
    if isinstance(value, (int, float, np.number)):
        return [value]
    if isinstance(value, dict):
        return numbers_in(list(value.values()))
    return [x for item in value for x in numbers_in(item)] if isinstance(value, Iterable) else []
