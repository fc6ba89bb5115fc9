"""`wbviz new` and `wbviz check-chapter`: the template passes as it is, and what is wrong is said."""

import json
import subprocess
import sys

import pytest

from wbviz import cli
from wbviz.book import BookError
from wbviz.commands import check_chapter, new


@pytest.fixture
def written(tmp_path):
    return new.write_chapter('My “own” "title"\\', tmp_path / "mine")


@pytest.fixture
def nothing_runs(monkeypatch):
    monkeypatch.setattr(check_chapter, "run_notebook", lambda path: None)


def test_the_template_passes_as_it_is(written, nothing_runs, capsys):
    assert cli.main(["check-chapter", str(written[0])]) == 0
    said = capsys.readouterr().out
    for what in ("start fails", "solution passes", "truth computes", "verdict", "notebook my_own_title.ipynb runs"):
        assert what in said
    assert 'All is in order: Chapter my-own-title: My “own” "title"\\' in said


def test_the_notebook_of_the_template_runs_under_nbval(written):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    done = subprocess.run(
        [*command, written[0].name], cwd=written[0].parent, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout


def test_the_template_has_what_a_chapter_needs(written):
    source = "".join("".join(cell["source"]) for cell in json.loads(written[0].read_text())["cells"])
    for part in ("# My “own”", "minutes", "Objectives", "Recap", "Neuron(", "ch.predict", "ch.exercise", "ch.claim"):
        assert part in source, part
    assert "ch.progress()" in source


def test_nothing_is_written_over(written):
    with pytest.raises(BookError, match="there already; nothing was written"):
        new.write_chapter('My “own” "title"\\', written[0].parent)


@pytest.mark.parametrize(("title", "stem"), [("Random", "random"), ("3 ways: a tour!", "chapter_3_ways_a_tour")])
def test_the_files_are_named_after_the_title(title, stem):
    assert new.stem_of(title) == stem


def test_a_title_without_a_letter_and_a_folder_that_is_a_file_are_told(tmp_path, capsys):
    assert cli.main(["new", "…"]) == 1
    (tmp_path / "file").write_text("")
    assert cli.main(["new", "A", "--to", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert "at least one letter" in said
    assert "cannot be written" in said


@pytest.mark.parametrize(
    ("old", "new_text", "said"),
    [
        ('start={"x": [1.0], "w": [1.0], "b": -2.0}', 'start={"x": [1.0], "b": 3.0}', "The start is solved already."),
        ('"b": 1.5}', '"b": -1.5}', "The solution does not pass. The check says: The output is"),
        ("Both the weight and the bias", "Both 1.5 and the bias", "gives 1.5 away"),
        ("lambda: output(x=[0.0]", "lambda: output(xx=[0.0]", "TypeError: Neuron has no setting 'xx'"),
        ('"silent",', '"quiet",', "ch.predict('quiet') is missing"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_goes_on(written, nothing_runs, capsys, old, new_text, said):
    text = written[1].read_text()
    assert old in text
    written[1].write_text(text.replace(old, new_text))
    assert cli.main(["check-chapter", str(written[0])]) == 1
    out = capsys.readouterr().out
    assert f"→ {said}" in out or said in out
    assert "  ok    claim rises: verdict" in out


def test_a_notebook_without_lessons_is_told(tmp_path, capsys):
    path = tmp_path / "a.ipynb"
    assert cli.main(["check-chapter", str(path)]) == 1
    path.write_text('{"cells": []}')
    assert cli.main(["check-chapter", str(path)]) == 1
    path.write_text(
        '{"cells": [{"cell_type": "code", "source": "%magic"}, {"cell_type": "code", "source": "chapter(99)"}]}'
    )
    assert cli.main(["check-chapter", str(path)]) == 1
    said = capsys.readouterr().err
    for words in ("cannot be read", "no cell says", "There is no chapter 99"):
        assert words in said


def test_a_chapter_of_the_book_is_found_by_its_notebook():
    from wbviz.book import shipped_chapters

    assert check_chapter.lessons_of(shipped_chapters() / "00_start_here.ipynb").number == 0
