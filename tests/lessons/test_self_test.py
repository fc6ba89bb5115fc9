"""The self-test: every question is sound, a draw is balanced and repeatable, answers are kept, the result is told."""

import json
from collections import Counter
from pathlib import Path

import ipywidgets
import pytest

from wbviz.lessons import Progress, chapter, house
from wbviz.lessons.self_test import CHAPTERS_ASKED, QUESTIONS, draw, self_test

CHAPTERS = Path(__file__).parents[2] / "chapters"
EVERY = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


def test_there_are_enough_questions_of_different_names():
    per_chapter = Counter(question.chapter for question in QUESTIONS)
    assert set(per_chapter) == set(CHAPTERS_ASKED)
    assert min(per_chapter.values()) >= 2
    assert len(QUESTIONS) >= 30
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


@EVERY
def test_a_question_is_sound(question):
    prediction = question.prediction
    house.check_prediction(prediction)
    house.check_sentence(prediction.explanation)
    if prediction.form == "choose":
        house.check_options(prediction)
    else:
        truth = prediction.truth()
        assert prediction.mistakes
        for mistake in prediction.mistakes:
            assert not prediction.compare(mistake.value, truth).near, "the truth is called a mistake"
            assert prediction.compare(mistake.value, truth).sentence.endswith(mistake.diagnosis)


@pytest.mark.parametrize("number", CHAPTERS_ASKED)
def test_what_to_read_again_is_there(number):
    notebook = json.loads((CHAPTERS / chapter(number).file).read_text(encoding="utf-8"))
    lines = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    headings = {line.lstrip("#").strip() for line in lines.splitlines() if line.startswith("#")}
    assert {question.heading for question in QUESTIONS if question.chapter == number} <= headings


def test_the_true_answer_does_not_stand_in_one_place():
    chosen = [question.prediction for question in QUESTIONS if question.prediction.form == "choose"]
    places = Counter([option.text for option in p.options].index(p.truth()) for p in chosen)
    assert max(places.values()) < 0.7 * len(chosen)


@pytest.mark.parametrize("count", [1, 5, 12, 17, 24, len(QUESTIONS)])
def test_a_draw_is_balanced_and_depends_on_the_seed_alone(count):
    drawn = draw(QUESTIONS, 3, count)
    asked = [question.chapter for question in drawn]
    counts = [asked.count(number) for number in CHAPTERS_ASKED]
    assert (len(set(drawn)), max(counts) - min(counts) <= 1, asked == sorted(asked)) == (count, True, True)
    assert draw(QUESTIONS, 3, count) == drawn
    assert count == len(QUESTIONS) or draw(QUESTIONS, 4, count) != drawn


@pytest.mark.parametrize("given", [{"seed": -1}, {"seed": 1.5}, {"questions": 0}, {"questions": 37}, {"seed": True}])
def test_what_cannot_be_drawn_is_said(given):
    with pytest.raises(ValueError, match="must be a whole number from"):
        self_test(**given)


# --- on the page ----------------------------------------------------------------------------------------------------


def answer(view, right=True):
    """Answer the question that is asked."""
    question = view.question.children[0]
    prediction, truth = question.prediction, question.prediction.truth()
    if prediction.form == "choose":
        wrong = next(option.text for option in prediction.options if option.text != truth)
        question.answer.box.value = truth if right else wrong
    else:
        question.answer.field.value = repr(truth if right else truth + 10 * prediction.tolerance)
    question.commit_button.click()
    return question


def shown(widget):
    return widget.layout.display != "none"


def markdown(view):
    return view.link.outputs[0]["data"]["text/markdown"] if view.link.outputs else ""


def test_one_question_after_another(progress):
    view = self_test(seed=2, questions=3)
    first = view.run.questions[0]
    assert "Question 1 of 3" in view.place.value
    assert (view.next_button.description, markdown(view)) == ("Leave it for later", "")
    question = answer(view, right=False)
    assert question.feedback.text.startswith("→ You answered")
    assert not shown(question.again_button)
    assert (view.next_button.description, markdown(view)) == ("Next question", f"To read again: {link(first)}")
    view.next_button.click()
    assert "Question 2 of 3" in view.place.value
    view.next_button.click()
    assert "Question 3 of 3" in view.place.value
    answer(view)
    view.next_button.click()
    assert "Question 2 of 3" in view.place.value
    assert not shown(view.next_button)
    answer(view)
    assert view.next_button.description == "See the result"
    view.next_button.click()
    assert "2 of 3 right" in view.place.value
    assert view.feedback.text.startswith("Finished: 2 of 3 right. The best so far with these questions: 2 of 3, on 20")
    rows = markdown(view).splitlines()
    assert [("✓ right" in row, "](" in row) for row in rows[2:]] == [(False, True), (True, False), (True, False)]
    assert progress.get("self_tests", "3 questions, seed 2")["best"]["chapters"][str(first.chapter)][1] == 1


def link(question):
    return f"[{question.chapter:02d} · {question.heading}]({chapter(question.chapter).file}#{anchor(question.heading)})"


def anchor(heading):
    return heading.replace(" ", "-")


def test_it_goes_on_where_it_was_left_and_keeps_the_best(progress):
    view = self_test(seed=0, questions=2)
    answer(view)
    again = self_test(seed=0, questions=2)
    assert "Question 2 of 2" in again.place.value
    answer(again)
    again.next_button.click()
    assert "2 of 2 right" in again.place.value
    again.again_button.click()
    assert "Question 1 of 2" in again.place.value
    answer(again, right=False)
    again.next_button.click()
    answer(again, right=False)
    again.next_button.click()
    assert "0 of 2 right" in again.place.value
    assert "The best so far with these questions: 2 of 2" in again.feedback.text
    assert Progress(progress.path).get("self_tests", "2 questions, seed 0")["best"]["right"] == 2


def test_other_questions_come_with_another_seed():
    view = self_test(seed=0, questions=2)
    before = view.run.questions
    view.other_button.click()
    assert view.seed.value == 1
    assert view.run.questions != before
    view.seed.value = 0
    assert view.run.questions == before


def test_an_answer_that_is_none_costs_nothing():
    view = self_test(seed=0, questions=2)
    view.question.children[0].commit_button.click()
    assert not view.run.answers
    assert view.next_button.description == "Leave it for later"


def test_nothing_stays_behind():
    from ipywidgets.widgets.widget import _instances

    self_test(seed=0, questions=3).close()
    before = set(_instances)
    view = self_test(seed=0, questions=3)
    for _ in range(2):
        answer(view)
        view.next_button.click()
    view.close()
    assert set(_instances) == before
    assert isinstance(view, ipywidgets.VBox)
    assert repr(view) == f"Self-test 'the book': 3 questions of {len(QUESTIONS)} on chapters 01 to 12."


def test_two_files_give_the_best_result_of_both(progress, tmp_path):
    other = Progress(Path(tmp_path) / "other.json")
    progress.self_tested("t", {"a": {"near": True}}, {"right": 1, "of": 2, "chapters": {"1": [1, 2]}})
    other.self_tested("t", {"a": {"near": True}}, {"right": 2, "of": 2, "chapters": {"1": [2, 2]}})
    progress.load(other.text())
    assert progress.get("self_tests", "t")["best"]["right"] == 2


@pytest.mark.parametrize(
    "record",
    [
        {"best": []},
        {"best": {"right": 1}},
        {"best": {"right": "1", "of": 2}},
        {"best": {"right": 1, "of": 2, "chapters": {"1": 3}}},
        {"best": {"right": 1, "of": 2, "chapters": []}},
        {"answers": {"a": 1}},
    ],
)
def test_a_file_with_a_bad_self_test_is_refused(progress, record):
    with pytest.raises(ValueError, match="unexpected value"):
        progress.load(json.dumps({"version": 1, "self_tests": {"t": record}}))
