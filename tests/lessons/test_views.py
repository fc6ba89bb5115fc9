"""What a learner sees and does: commit, check, hints, experiments; asserted on what the page shows."""

import base64
import json
import re
import time
from datetime import datetime

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from tests.lessons.conftest import Dial
from wbviz.lessons import Chapter, Choose, Claim, Exercise, Number, Option, SetControl, Verdict, chapter
from wbviz.lessons._progress_view import ProgressView, download_progress
from wbviz.widgets._tree import tree


def shown(widget):
    return widget.layout.display != "none"


def texts(view):
    return [node.value for node in tree(view) if isinstance(node, ipywidgets.HTML)]


# --- predictions ----------------------------------------------------------------------------------------------------


def test_choose_commits_before_it_reveals(ch, progress):
    view = ch.predict("sign")
    assert view.feedback.text == ""
    view.commit_button.click()
    assert view.feedback.text == "→ Choose one of the answers first."
    assert not progress.get("predictions", "97/sign")
    view.answer.box.value = "minus"
    view.commit_button.click()
    assert view.feedback.text == "→ You predicted “minus”. The engine computes: “plus”. A slip of sign."
    assert (view.answer.box.disabled, shown(view.commit_button), shown(view.again_button)) == (True, False, True)
    assert progress.get("predictions", "97/sign")["first"]["near"] is False


def test_predict_again_keeps_the_first(ch, progress):
    view = ch.predict("sign")
    view.answer.box.value = "minus"
    view.commit_button.click()
    view.again_button.click()
    assert (view.answer.box.disabled, shown(view.commit_button)) == (False, True)
    view.answer.box.value = "plus"
    view.commit_button.click()
    assert "✓ You predicted “plus”. That is what the engine computes." in view.feedback.text
    assert "Your first prediction was “minus”." in view.feedback.text
    view.commit_button.click()
    record = progress.get("predictions", "97/sign")
    assert (record["first"]["answer"], record["latest"]["answer"], record["count"]) == ("minus", "plus", 2)


def test_reopened_it_shows_what_was_predicted(ch):
    view = ch.predict("sum")
    view.answer.field.value = "3,0"
    view.commit_button.click()
    assert view.feedback.text.endswith("you were 1 too high. The bias is left out.")
    again = ch.predict("sum")
    again.wait(5)
    assert again.answer.field.value == "3"
    assert again.feedback.text == view.feedback.text
    assert not shown(again.commit_button)
    assert repr(again) == repr(view) == "Prediction 'sum': What is `z`?"


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write a number first"), ("two", "“two” is not a number"), ("2.05", "you were near")]
)
def test_number(ch, text, words):
    view = ch.predict("sum")
    view.answer.field.value = text
    view.commit_button.click()
    assert words in view.feedback.text


def test_set_moves_the_control_to_the_truth(ch):
    view = ch.predict("bias")
    view.answer.box.b = 1.0
    view.commit_button.click()
    assert "you were 2 too high" in view.feedback.text
    assert view.answer.box.b == -1.0
    view.again_button.click()
    assert view.answer.box.b == 0.0
    view.answer.box.b = -1.0
    view.commit_button.click()
    assert "you were right" in view.feedback.text


def test_set_one_of_several_numbers():
    prediction = SetControl("w", "Which?", lambda: np.float64(2), widget=Dial, control="w", index=1, tolerance=0.1)
    view = Chapter(97, "t", "f", [prediction]).predict("w")
    view.answer.box.w = [5.0, 2.0]
    view.commit_button.click()
    assert "You predicted 2. The engine computes 2: you were right." in view.feedback.text
    assert view.answer.box.w == [5.0, 2.0]


def draw(view, *places, down=True):
    """Drag over these places, given in data coordinates."""
    pad = view.answer.pad
    pixels = [pad._axes.transData.transform(place) for place in places]
    start = {"press": pad._press_seen + 1, "px": pixels[0][0], "py": pixels[0][1]}
    for x, y in pixels:
        pad.picture.pointer = {"x": x, "y": y, "down": down, **start}
    pad.picture.pointer = {"x": 0, "y": 0, "down": False, **start}


def press(view, *keys):
    pad = view.answer.pad
    pad.picture.keystrokes = {"n": pad._keys_seen + len(keys), "recent": [{"key": key} for key in keys]}


def test_a_curve_drawn_with_the_pointer(ch, progress):
    view = ch.predict("curve")
    view.commit_button.click()
    assert "Draw the curve first" in view.feedback.text
    draw(view, (0, 0), (4, 4))
    assert view.answer.pad.curve() == pytest.approx([0, 1, 2, 3, 4])
    view.commit_button.click()
    assert "On average it lies 0 from the true one, which is drawn dashed: that is near." in view.feedback.text
    assert "drawn dashed, is 4" in view.answer.pad.describe()
    draw(view, (0, 3), (4, 3))
    assert view.answer.pad.curve() == pytest.approx([0, 1, 2, 3, 4])
    view.again_button.click()
    assert "nothing is drawn yet" in view.answer.pad.describe()
    again = ch.predict("curve")
    again.wait(5)
    assert again.answer.pad.curve() == pytest.approx([0, 1, 2, 3, 4])


def test_a_single_press_is_a_point(ch):
    view = ch.predict("curve")
    draw(view, (1, 2), down=False)
    draw(view, (3, 9), down=False)
    assert view.answer.pad.curve() == pytest.approx([2, 2, 3.5, 5, 5])


def test_a_curve_drawn_with_the_keyboard(ch):
    view = ch.predict("curve")
    press(view, "Home", "PageDown", "End", "ArrowUp", "PageUp", "PageUp")
    assert view.answer.pad.curve() == pytest.approx([1.25, 1.6625, 2.075, 2.4875, 2.9])
    press(view, "ArrowLeft", "ArrowUp", "Delete", "Escape", "x")
    assert view.answer.pad.curve()[3] == pytest.approx(2.4875)
    view.commit_button.click()
    assert "differ most at x = 0: you drew 1.2, the engine computes 0" in view.feedback.text
    assert view.answer.pad.picture.png()[:4] == b"\x89PNG"


def test_a_truth_that_fails_is_told_and_the_prediction_kept(progress):
    def truth():
        raise RuntimeError("no engine")

    view = Chapter(97, "t", "f", [Number("n", "How many?", truth, tolerance=1)]).predict("n")
    view.answer.field.value = "4"
    view.commit_button.click()
    assert "no engine" in view.feedback.text
    assert progress.get("predictions", "97/n")["first"]["answer"] == 4


def test_an_answer_from_another_edition_is_left_alone(ch, progress):
    progress.predicted("97/sum", "a text")
    progress.predicted("97/curve", [1.0])
    assert shown(ch.predict("sum").commit_button)
    assert shown(ch.predict("curve").commit_button)


def test_options_must_differ():
    with pytest.raises(ValueError, match="two different options"):
        Choose("n", "Which?", lambda: "a", options=[Option("a"), Option("a")])


# --- exercises ------------------------------------------------------------------------------------------------------


def test_widget_exercise(ch, progress):
    view = ch.exercise("dial")
    view.check_button.click()
    assert view.feedback.text == "→ The bias is too low."
    view.widget.b = 2
    view.check_button.click()
    assert view.feedback.text == "→ The first weight is not positive."
    view.widget.w = [1.0, 0.0]
    view.check_button.click()
    assert (view.feedback.text, view.feedback.tone) == ("✓ That is it.", "good")
    record = progress.get("exercises", "97/dial")
    assert (record["attempts"], record["solved"]) == (3, True)
    again = ch.exercise("dial")
    assert again.widget.b == 0
    assert "solved this before" in again.feedback.text
    again.back_button.click()
    assert again.widget.state == {"w": [1.0, 0.0], "b": 2.0}


def test_hints_come_one_by_one_and_are_counted(ch, progress):
    view = ch.exercise("dial")
    assert view.hints.value == ""
    view.hint_button.click()
    assert "Look at b." in view.hints.value
    assert "Then at" not in view.hints.value
    assert view.hint_button.description == "Second hint"
    view.hint_button.click()
    assert "Then at the first weight." in view.hints.value
    view.hint_button.click()
    assert view.feedback.text == "Both hints are shown already."
    assert progress.get("exercises", "97/dial")["hints"] == 2
    assert "Then at" in ch.exercise("dial").hints.value


def test_number_exercise(ch):
    view = ch.exercise("half")
    for text, words in (("", "Write a number"), ("x", "not a number"), ("9", "too high"), ("5/2", "Solved")):
        view.field.value = text
        view.check_button.click()
        assert words in view.feedback.text
    view.field.value = ""
    view.field._handle_custom_msg({"event": "submit"}, [])
    assert "Write a number" in view.feedback.text
    assert "Solved" in ch.exercise("half").check(2.5).feedback.text


def test_function_exercise(ch, progress):
    view = ch.exercise("neuron", lambda x, w, b: x * w)
    assert "For x = 0, w = 1, b = 2 your function gave 0. Expected: 2." in view.feedback.text
    assert not shown(view.check_button)
    assert any("ch.exercise(&quot;neuron&quot;, your_function)" in text for text in texts(view))
    assert "Solved" in view.check(lambda x, w, b: b + w * x).feedback.text
    assert progress.get("exercises", "97/neuron")["solved"]
    assert "A function is expected" in ch.exercise("neuron", None).feedback.text
    assert "A function is expected" in ch.exercise("neuron").check().feedback.text


# --- claims ---------------------------------------------------------------------------------------------------------


def test_claim_runs_beside_the_page(ch, progress):
    view = ch.claim("xor")
    view.run_button.click()
    view.work.wait(10)
    assert view.feedback.text == "→ The claim holds only under a condition. No line does better."
    assert "best accuracy" in view.table.value
    assert "10,201" in view.table.value
    assert progress.get("claims", "97/xor")["numbers"]["best accuracy"] == 0.75
    assert "10,201" in ch.claim("xor").table.value
    assert repr(ch.claim("xor")) == "Claim 'xor': A line can do <xor>."


def test_claim_tested_in_the_cell(ch):
    verdict = ch.claim("xor").test()
    assert repr(verdict) == "Verdict: holds if …; best accuracy 0.75; lines 10,201"
    assert ch.claims["xor"].test() == verdict


def test_an_experiment_that_fails_is_told():
    view = Chapter(97, "t", "f", claims=[Claim("c", "So.", "Conclusion", lambda: 1 / 0)]).claim("c")
    view.run_button.click()
    view.work.wait(10)
    assert "ZeroDivisionError" in view.feedback.text


def test_a_stopped_experiment_gives_no_verdict():
    def endless():
        while True:
            time.sleep(0.01)
            yield 0.5

    view = Chapter(97, "t", "f", claims=[Claim("c", "So.", "Conclusion", endless)]).claim("c")
    view.run_button.click()
    view.work.stop()
    view.work.wait(10)
    assert "stopped" in view.feedback.text


@pytest.mark.parametrize("bad", [("maybe", {}), ("holds", {"n": float("nan")}), ("holds", {"n": "many"})])
def test_a_verdict_is_one_of_three_with_finite_numbers(bad):
    with pytest.raises(ValueError, match=r"verdict"):
        Verdict(*bad, "text")


# --- progress -------------------------------------------------------------------------------------------------------


def test_progress_of_a_chapter_follows(ch):
    view = ch.progress()
    assert "solved" not in view.table.value
    ch.exercise("half").check(2.5)
    assert "✓ solved" in view.table.value
    assert view.table.value.count("not yet") == 7
    assert repr(view) == "Progress 'chapter 97': Chapter 97: A <b>test</b> chapter"


def test_progress_of_the_book(ch, progress):
    ch.exercise("half").check(2.5)
    view = ProgressView([ch, ch], "book", "The book", progress)
    assert view.table.value.count("1 of 3 solved") == 2
    assert "A &lt;b&gt;test&lt;/b&gt; chapter" in view.table.value


def test_download_gives_the_file(ch, progress):
    ch.exercise("half").check(2.5)
    link = ch.progress().link.value
    data = re.search(r'href="data:application/json;base64,([^"]+)"', link)[1]
    assert json.loads(base64.b64decode(data)) == json.loads(progress.text())
    assert "<script" not in download_progress("<script>")


def upload(view, content):
    file = {"name": "a.json", "type": "", "size": len(content), "content": memoryview(content)}
    view.upload.value = ({**file, "last_modified": datetime.now()},)


def test_load_and_bad_files(ch, progress):
    ch.exercise("half").check(2.5)
    saved = progress.text().encode()
    progress.reset()
    view = ch.progress()
    for bad in (b"", b"{", b"\xff\xff", b"[]", b"x" * 3_000_000):
        upload(view, bad)
        assert "progress file" in view.feedback.text
        assert "solved" not in view.table.value
    upload(view, saved)
    assert "Loaded" in view.feedback.text
    assert "✓ solved" in view.table.value
    assert view.upload.value == ()


def test_reset_asks_first(ch, progress):
    ch.exercise("half").check(2.5)
    view = ch.progress()
    view.reset_button.click()
    assert shown(view.question)
    view.no_button.click()
    assert not shown(view.question)
    assert "✓ solved" in view.table.value
    view.reset_button.click()
    view.yes_button.click()
    assert "solved" not in view.table.value
    assert "kept as progress.before-reset-" in view.feedback.text


def test_a_folder_that_cannot_be_written_is_told_everywhere(ch, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WBVIZ_PROGRESS", str(tmp_path / "file" / "progress.json"))
    view = ch.exercise("half").check(2.5)
    assert "Solved" in view.feedback.text
    assert "could not be" in view.feedback.text
    progress = ch.progress()
    assert "download it before you leave" in progress.feedback.text
    assert "✓ solved" in progress.table.value


# --- all views ------------------------------------------------------------------------------------------------------

MAKERS = [
    *(lambda ch, name=name: ch.predict(name) for name in ("sign", "sum", "bias", "curve")),
    *(lambda ch, name=name: ch.exercise(name) for name in ("dial", "half", "neuron")),
    lambda ch: ch.claim("xor"),
    lambda ch: ch.progress(),
]


@pytest.mark.parametrize("make", MAKERS)
def test_closing_leaves_nothing_behind(ch, make):
    make(ch).close()
    before = set(_instances)
    view = make(ch)
    assert set(_instances) - before
    view.close()
    view.close()
    assert set(_instances) == before


@pytest.mark.parametrize("make", MAKERS)
def test_views_say_what_they_are_and_carry_the_names(ch, make):
    view = make(ch)
    bundle = view._repr_mimebundle_()
    assert bundle["text/plain"] == repr(view)
    assert len(repr(view)) <= 100
    assert repr(make(ch)) == repr(view)
    assert "wbviz-lesson" in view._dom_classes
    assert "wbviz-feedback" in view.feedback._dom_classes
    assert view.feedback.lesson
    for node in tree(view):
        if isinstance(node, (ipywidgets.Button, ipywidgets.Text, ipywidgets.FileUpload)):
            assert node.description


def test_markup_in_a_prompt_is_shown_not_run(ch):
    view = ch.exercise("dial")
    assert "Raise the &lt;i&gt;bias&lt;/i&gt;." in view.prompt.value


# --- chapters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [17, -1, "1", 1.0, True, None])
def test_a_chapter_that_does_not_exist(number):
    with pytest.raises(ValueError, match=re.escape(f"There is no chapter {number!r}")):
        chapter(number)


def test_items_are_found_by_name_and_by_number(ch):
    assert ch.exercises["half"] is ch.exercises[1]
    with pytest.raises(KeyError, match="Did you mean 'half'"):
        ch.exercise("halv")
    assert repr(ch) == "Chapter 97: A <b>test</b> chapter (4 predictions, 3 exercises, 1 claim)"
    assert repr(ch.exercises["half"]) == "Exercise 'half': Half of five?"


def test_names_in_a_chapter_differ():
    twice = [Exercise("a", "Do.", abs, ("1", "2"), start=0.0, solution=1.0)] * 2
    with pytest.raises(ValueError, match="different names"):
        Chapter(1, "t", "f", exercises=twice)
