"""What a teacher leaves out of a class, in a cell or by the file beside the notebooks."""

import pytest

from wbviz.lessons import chapter, left_out
from wbviz.lessons.left_out import LINE, SETTINGS, without


@pytest.fixture
def class_of(tmp_path, ch):
    """The test chapter as a class with this settings file has it."""

    def make(text):
        (tmp_path / SETTINGS).write_text(text, encoding="utf-8")
        return without(ch, folder=tmp_path)

    return make


def views(ch):
    yield ch.predict("sign")
    yield ch.exercise("dial")
    yield ch.exercise("neuron", lambda x, w, b: 0)
    yield ch.claim("xor")


def test_nothing_is_left_out_by_itself(ch, tmp_path):
    assert without(ch, folder=tmp_path) is ch


@pytest.mark.parametrize(
    ("name", "gone"), [("predictions", 1), ("exercises", 2), ("claims", 1), ("sign", 1), ("xor", 1)]
)
def test_a_hidden_lesson_is_one_line(ch, name, gone, tmp_path):
    shown = [view for view in views(without(ch, name, tmp_path)) if isinstance(view, left_out.LeftOutView)]
    assert len(shown) == gone
    for view in shown:
        assert LINE in view.prompt.value
        assert LINE in repr(view)
        view.close()


def test_a_hidden_claim_gives_no_verdict_either(ch, tmp_path):
    assert repr(without(ch, ["claims"], tmp_path).claims["xor"].test()) == LINE


def test_hidden_hints_leave_the_exercise(ch, tmp_path):
    view = without(ch, ["hints"], tmp_path).exercise("dial")
    assert view.hint_button.layout.display == "none"
    assert "left out" in view.hints.value
    view.widget.apply(view.exercise.solution)
    view.check()
    assert view.exercise.conclusion in view.feedback.text


def test_progress_counts_what_is_left(ch, tmp_path):
    view = without(ch, ["predictions", "dial"], tmp_path).progress()
    assert "Exercise: half" in view.table.value
    assert "Exercise: dial" not in view.table.value
    assert "Prediction" not in view.table.value


def test_the_file_names_kinds_for_all_chapters_and_items_of_one(class_of):
    assert class_of('hide = ["hints", "97/xor", "01/no-matter"]').hidden == {"hints", "xor"}
    assert not class_of("# nothing yet").hidden
    assert not class_of('hide = ["01/claims"]').hidden


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('hide = ["hint"]', "Did you mean 'hints'"),
        ('hide = ["97/dal"]', "Did you mean 'dial'"),
        ('hide = "hints"', "must be a list"),
        ('hyde = ["hints"]', "Did you mean 'hide'"),
        ("hide = [", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_name(class_of, text, words):
    with pytest.raises(ValueError, match=words) as error:
        class_of(text)
    assert SETTINGS in str(error.value)


def test_the_file_beside_the_notebook_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / SETTINGS).write_text('hide = ["01/and-gate"]')
    assert chapter(1, hide=["claims"]).hidden == {"and-gate", "claims"}
    assert not chapter(0).hidden
    with pytest.raises(ValueError, match=r"hide: chapter 01 has no 'and-gat' to hide\. Did you mean 'and-gate'"):
        chapter(1, hide=["and-gat"])
