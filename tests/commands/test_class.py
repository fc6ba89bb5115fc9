"""For a class: chapters without what it leaves out, and solutions, which no notebook holds."""

import ast
import json
import re

import pytest

from wbviz import cli
from wbviz.book import shipped_chapters
from wbviz.commands import solutions
from wbviz.lessons import CHAPTERS, chapter
from wbviz.lessons.left_out import SETTINGS


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def test_a_class_copy_has_the_chapters_and_what_is_left_out_leaves_no_output(tmp_path, capsys):
    folder = tmp_path / "class"
    assert cli.main(["class-copy", "--hide", "hints", "01/xor", "--to", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == {SETTINGS, *(chapter(n).file for n in CHAPTERS)}
    assert (folder / SETTINGS).read_text() == 'hide = ["hints", "01/xor"]\n'
    first, name = chapter(1), chapter(1).file
    shipped, copied = cells(shipped_chapters() / name), cells(folder / name)
    assert [source(cell) for cell in copied] == [source(cell) for cell in shipped]
    changed = {
        source(new) for old, new in zip(shipped, copied, strict=True) if old.get("outputs") != new.get("outputs")
    }
    assert changed == {'ch.claim("xor")', 'ch.claims["xor"].test()'}
    assert first.claims["xor"]


def test_a_class_copy_never_writes_over_anything_and_names_what_it_does_not_know(tmp_path, capsys):
    for hidden, words in (("hint", "Did you mean 'hints'"), ("01/exor", "Did you mean 'xor'"), ("1/xor", "two digits")):
        assert cli.main(["class-copy", "--hide", hidden, "--to", str(tmp_path / "class")]) == 1
        assert words in capsys.readouterr().err
        assert not list((tmp_path / "class").iterdir())
    (tmp_path / "class" / "mine.txt").write_text("mine")
    assert cli.main(["class-copy", "--to", str(tmp_path / "class")]) == 1
    assert "is not empty; nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize("number", CHAPTERS)
def test_solutions_are_cells_that_run(number, capsys):
    assert cli.main(["solutions", str(number)]) == 0
    said = capsys.readouterr().out
    ast.parse(said)
    for exercise in chapter(number).exercises:
        assert f"\n# {exercise.name}\n" in said


def test_a_solution_is_what_solves_it(capsys):
    ch = chapter(1)
    written = solutions.solution(ch.exercises["and-gate"])
    figure = eval(written, {"DecisionLine": ch.exercises["and-gate"].widget})
    assert ch.exercises["and-gate"].check(figure) == ""
    figure.close()
    space = {}
    exec(solutions.solution(chapter(2).exercises["error-rate"]), {"np": __import__("numpy")}, space)
    assert chapter(2).exercises["error-rate"].check(space["answer"]) == ""
    assert solutions.solution(chapter(6).exercises["honest-scaler"]).startswith("def ")
    assert solutions.solution(ch.exercises["threshold-number"]) == "answer = 1.5"


def test_true_answers_of_predictions_come_when_asked_for(capsys):
    assert cli.main(["solutions", "1", "--predictions"]) == 0
    assert "# silent-input" in capsys.readouterr().out
    assert cli.main(["solutions", "77"]) == 1
    assert "There is no chapter 77" in capsys.readouterr().err


def written_settings(path):
    """What every call in a notebook's cells sets: figures made, and `figure.apply({…})`; literals only."""
    for cell in cells(path):
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Call):
                pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
                for argument in node.args:
                    if isinstance(argument, ast.Dict):
                        pairs += [
                            (getattr(k, "value", None), v) for k, v in zip(argument.keys, argument.values, strict=True)
                        ]
                yield {name: literal(value) for name, value in pairs}


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def solves(exercise, settings):
    """Whether these settings, put on the exercise's start, are its solution."""
    return bool(settings) and {**exercise.start, **settings} == {**exercise.start, **exercise.solution}


@pytest.mark.parametrize("number", CHAPTERS)
def test_no_notebook_holds_a_solution(number):
    ch = chapter(number)
    path = shipped_chapters() / ch.file
    code = "\n".join(source(cell) for cell in cells(path) if cell["cell_type"] == "code")
    assert not re.search(r"\.solution\b", code)
    settings = list(written_settings(path))
    for exercise in ch.exercises:
        if exercise.kind == "widget":
            assert not any(solves(exercise, one) for one in settings), exercise.name
        elif exercise.kind == "function":
            answer = solutions.solution(exercise).partition(":")[2].strip()
            assert answer not in code, exercise.name
