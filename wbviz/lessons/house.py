"""What lessons must keep to, the book's and those of a teacher. Each check takes one item, and raises `Fault`."""

import json
import re
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

#: How an item is shown in a notebook, and where it stands in the chapter.
CALLS = {"predict": "predictions", "exercise": "exercises", "claim": "claims"}


class Fault(AssertionError):
    """A lesson does not keep to the rules; the sentence says in what."""


def hold(condition, sentence):
    """Raise `Fault` with the sentence unless the condition holds."""
    if not condition:
        raise Fault(sentence)


def checks(chapter, notebook):
    """Every check of a chapter and of the notebook that shows it: pairs of what is checked and a function to call.

    A function raises `Fault`, or whatever goes wrong in the lesson itself.
    """
    yield f"notebook {Path(notebook).name}", partial(check_notebook, chapter, notebook)
    for exercise in chapter.exercises:
        for what, check in EXERCISE.items():
            yield f"exercise {exercise.name}: {what}", partial(check, exercise)
    for prediction in chapter.predictions:
        for what, check in {**PREDICTION, **FORMS.get(prediction.form, {})}.items():
            yield f"prediction {prediction.name}: {what}", partial(check, prediction)
    for claim in chapter.claims:
        for what, check in CLAIM.items():
            yield f"claim {claim.name}: {what}", partial(check, claim)


def check_notebook(chapter, path):
    """The notebook shows every item: `predict("name")`, `exercise("name"…`, `claim("name"`."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for call, kind in CALLS.items():
        for item in getattr(chapter, kind):
            shown = re.search(rf"""{call}\(["']{re.escape(item.name)}["']""", source)
            hold(shown, f"{item!r} is not in the notebook: ch.{call}({item.name!r}) is missing.")


def check_start_fails(exercise):
    """The start is not yet solved, and the check says so in a sentence."""
    said = answered(exercise, exercise.start)
    hold(said != "", "The start is solved already.")
    check_sentence(said)


def check_solution_passes(exercise):
    """The solution passes: made anew, and set on a widget that is at the start."""
    said = answered(exercise, exercise.solution)
    hold(said == "", f"The solution does not pass. The check says: {said}")
    if exercise.widget is not None:
        said = answered(exercise, exercise.start, exercise.solution)
        hold(said == "", f"The solution passes, but not when it is set on the start. The check says: {said}")


def answered(exercise, answer, then=None):
    """What the check says to an answer; for a widget: made with these settings, then changed to others."""
    if exercise.widget is None:
        return exercise.check(answer)
    with closing(exercise.widget(**answer)) as widget:
        if then is not None:
            widget.apply(dict(then))
        return exercise.check(widget)


def check_hints(exercise):
    """Two hints in sentences, which do not give the solution's numbers away."""
    secrets = set(map(float, numbers_in(exercise.solution))) - set(map(float, numbers_in(exercise.start)))
    for hint in exercise.hints:
        check_sentence(hint)
        told = {float(token.replace("−", "-")) for token in re.findall(r"[-−]?\d+(?:\.\d+)?", hint, re.ASCII)}
        given = ", ".join(f"{number:g}" for number in sorted(told & secrets))
        hold(not given, f"The hint {hint!r} gives {given} away.")


def check_prediction(prediction):
    """The truth computes, is an answer that could be given, and compares as near to itself."""
    truth = prediction.truth()
    answer = np.asarray(truth).tolist()
    prediction.accepts(answer)
    comparison = prediction.compare(answer, truth)
    hold(comparison.near, f"The true answer {truth!r} is not near to itself: {comparison.sentence}")
    check_sentence(comparison.sentence)
    if prediction.form == "draw":
        low, high = prediction.y_range
        inside = np.all((np.asarray(answer) >= low) & (np.asarray(answer) <= high))
        hold(inside, f"The true curve leaves the pad, which goes from {low:g} to {high:g}.")


def check_options(prediction):
    """One option is true, every other one has a diagnosis."""
    truth = prediction.truth()
    texts = [option.text for option in prediction.options]
    hold(truth in texts, f"The true answer {truth!r} is none of the options: {', '.join(map(repr, texts))}.")
    for option in prediction.options:
        if option.text != truth:
            check_sentence(option.diagnosis)


def check_set_control(prediction):
    """The control exists, can be read and set to the truth, and does not start there."""
    with closing(prediction.widget(**prediction.settings)) as explorer:
        truth = prediction.truth()
        hold(not prediction.compare(prediction.read(explorer), truth).near, "The control starts at the true answer.")
        prediction.write(explorer, truth)
        read = prediction.read(explorer)
        hold(prediction.compare(read, truth).near, f"The control cannot be set to {truth!r}: it stays at {read!r}.")


def check_statement(claim):
    """The claim is a sentence, and says where it stands."""
    hold(claim.source_section.strip(), "Where does this sentence stand? source_section is empty.")
    check_sentence(claim.statement)


def check_verdict(claim, stored=None):
    """The experiment gives a verdict with numbers and a reason, the same one twice.

    stored: what an earlier run printed, where it was kept; then one run is enough.
    """
    verdict = claim.test()
    hold(verdict.numbers, "The verdict has no numbers to stand on.")
    check_sentence(verdict.text)
    again = stored or repr(claim.test())
    hold(again == repr(verdict), f"The experiment is not repeatable: {verdict!r}, and another time {again}.")


def check_sentence(text):
    """A sentence: some words, a capital letter (or a symbol) at its beginning, a full stop at its end."""
    hold(isinstance(text, str), f"{text!r} is no text.")
    hold(len(text.split()) >= 3, f"{text!r} is too short for a sentence.")
    hold(not text[0].islower(), f"{text!r} begins small.")
    hold(text.rstrip("”)`")[-1] in ".?!", f"{text!r} has no full stop at its end.")
    hold(not text.startswith("This could not be checked"), text)


def numbers_in(value):
    """Every number in a value made of numbers, texts, lists and dicts."""
    if isinstance(value, (bool, str)) or value is None:
        return []
    if isinstance(value, (int, float, np.number)):
        return [value]
    if isinstance(value, dict):
        return numbers_in(list(value.values()))
    return [x for item in value for x in numbers_in(item)] if isinstance(value, Iterable) else []


EXERCISE = {"start fails": check_start_fails, "solution passes": check_solution_passes, "hints": check_hints}
PREDICTION = {"truth computes": check_prediction}
FORMS = {
    "choose": {"options are diagnosed": check_options},
    "set": {"control can be set": check_set_control},
}
CLAIM = {"statement": check_statement, "verdict": check_verdict}
