"""A chapter of one's own, loaded by the path of its lessons."""

import pytest

from wbviz.lessons import Chapter, chapter

LESSONS = """
from wbviz.lessons import Chapter, Exercise, near
HALF = Exercise("half", "Half of five?", near(2.5, 0.01), ("Divide.", "By two."), start=0.0, solution=2.5)
CHAPTER = Chapter(number="mine", title="TITLE", file="mine.ipynb", exercises=[HALF])
"""


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine_lessons.py"
    path.write_text(LESSONS.replace("TITLE", "First"))
    return path


def test_it_is_found_beside_the_notebook_and_has_progress_of_its_own(lessons, progress):
    ch = chapter("mine_lessons.py")
    assert (ch.label, ch.title, ch.key("half")) == ("mine", "First", "mine/half")
    view = ch.exercise("half")
    view.check(2.5)
    assert progress.get("exercises", "mine/half")["solved"]
    assert "mine" in repr(ch)
    view.close()


def test_what_was_changed_counts_at_once(lessons):
    chapter(lessons)
    lessons.write_text(LESSONS.replace("TITLE", "Second, longer"))
    assert chapter(lessons).title == "Second, longer"


def test_the_same_things_can_be_left_out(lessons):
    (lessons.parent / "wbviz-class.toml").write_text('hide = ["mine/half"]')
    assert chapter(lessons).shown("exercises") == ()
    assert chapter(lessons, hide="hints").hidden == {"half", "hints"}


def test_no_file_no_chapter_and_a_bad_name_are_told(lessons):
    with pytest.raises(ValueError, match=r"no file of lessons 'gone\.py'.*wbviz new"):
        chapter("gone.py")
    lessons.write_text("CHAPTER = 3")
    with pytest.raises(ValueError, match="holds no chapter"):
        chapter(lessons)
    for name in ("12", "", "a/b"):
        with pytest.raises(ValueError, match="short name"):
            Chapter(number=name, title="t", file="f")
