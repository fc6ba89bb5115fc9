"""The style rules of the chapters, held for every notebook of the book. What the cells compute is compared by nbval."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "chapters"
FILES = sorted(FOLDER.glob("*.ipynb"))
#: Marks the cells in which the learner writes code: only there may a cell be long or define something.
LEARNERS = {"learner-code", "exercise"}
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.comprehension)
ABBREVIATIONS = r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bal)(?<!\bFig)(?<!\bNo)(?<!\b[A-Z])"
TWO_SENTENCES = re.compile(ABBREVIATIONS + r"[.!?][)”*_]* +[A-ZÀ-Þ“]")
SENTENCE_END = re.compile(r"[.!?:…][)”*_`]*$")
MACHINE_PATHS = re.compile(r"(?<![\w.:/])(/home/|/root/|/tmp/|/Users/|/work/|/opt/|/usr/)|\b[A-Z]:\\\\?Users")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)<\s]+)\)")  # links to settings of a figure, in <…>: tests/test_links.py

pytestmark = pytest.mark.skipif(not FILES, reason="the folder chapters/ holds no notebook yet")
EVERY = pytest.mark.parametrize("path", FILES or [FOLDER], ids=lambda path: path.stem)
TAUGHT = [path for path in FILES if not path.name.startswith("00_")]
NONE_YET = pytest.param(FOLDER, marks=pytest.mark.skip(reason="the folder chapters/ holds no chapter after 00 yet"))
EVERY_TAUGHT = pytest.mark.parametrize("path", TAUGHT or [NONE_YET], ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def cells(path, kind):
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def is_learners(cell):
    return bool(LEARNERS & set(cell.metadata.get("tags", ())))


def words(path):
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


def called(path, name):
    """The texts that `ch.<name>("…")` is called with in the chapter's cells, in order."""
    return re.findall(rf"\.{name}\(\s*[\"']([^\"']+)", "\n".join(cell.source for cell in cells(path, "code")))


@EVERY
def test_a_cell_is_a_noun_with_its_state(path):
    for cell in cells(path, "code"):
        if is_learners(cell):
            continue
        assert len(cell.source.splitlines()) <= 6, f"more than 6 lines:\n{cell.source}"
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, FORBIDDEN)]
        assert not found, f"{found} in:\n{cell.source}"


@EVERY
def test_words_stand_between_any_two_code_cells(path):
    notebook = read(path).cells
    for first, second in pairwise(notebook):
        assert "markdown" in (first.cell_type, second.cell_type), f"no words before:\n{second.source}"


def prose(source):
    """The lines of prose in a markdown cell: each as it is written, and bare of code, formulas, links and tags."""
    source = re.sub(r"```.*?```|\$\$.*?\$\$|<!--.*?-->", "", source, flags=re.DOTALL)
    for line in source.splitlines():
        bare = re.sub(r"`[^`]*`|\$[^$]+\$", "x", line)
        bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]+>", "", bare)).strip()
        if bare and not bare.startswith(("#", "|", "---")):
            yield line, bare


@EVERY
def test_prose_has_one_sentence_a_line(path):
    for cell in cells(path, "markdown"):
        for line, bare in prose(cell.source):
            assert not TWO_SENTENCES.search(bare), f"two sentences in one line: {line}"
            if not re.match(r"([-*+>]|\d+\.)\s", bare):
                assert SENTENCE_END.search(bare), f"a sentence does not end with its line: {line}"


@EVERY
def test_every_cell_was_run_in_order_and_without_an_error(path):
    code = cells(path, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1)), "run: make references"
    for output in (output for cell in code for output in cell.outputs):
        assert output.output_type != "error", output.get("evalue")
        assert output.get("name") != "stderr", output.get("text")


@EVERY
def test_the_file_holds_what_it_needs_and_nothing_of_a_machine(path):
    notebook = read(path)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata, "widget state is saved: run make references"
    identifiers = [cell.get("id") for cell in notebook.cells]
    assert all(identifiers)
    assert len(set(identifiers)) == len(identifiers)
    assert not (found := MACHINE_PATHS.search(path.read_text(encoding="utf-8"))), f"a machine's path: {found.group()}"


@EVERY
def test_every_picture_has_words(path):
    text = words(path)
    assert not re.findall(r"!\[\s*\]\(", text), "a picture without alternative text"
    for tag in re.findall(r"<img\b[^>]*>", text):
        assert re.search(r"alt=[\"'][^\"']+[\"']", tag), tag


def anchors(path):
    headings = re.findall(r"^#+\s+(.*?)\s*$", words(path), flags=re.MULTILINE)
    return {heading.replace(" ", "-") for heading in headings}


@EVERY
def test_links_lead_somewhere(path):
    for target in LINK.findall(words(path)):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = path.parent / name if name else path
        assert linked.is_file(), f"{target} is not there"
        assert not anchor or anchor in anchors(linked), f"{target}: no such heading"


def test_the_chapters_present_are_those_with_lessons_and_none_is_there_twice():
    from wbviz.lessons import CHAPTERS, chapter

    assert [path.name for path in FILES] == [chapter(number).file for number in CHAPTERS]


@EVERY
def test_a_chapter_has_the_number_and_the_name_of_its_section(path):
    """An edition may leave sections out; their numbers stay free."""
    from wbviz.lessons import SECTIONS

    number, _, words = path.stem.partition("_")
    section = ("Start here", *SECTIONS)[int(number)]
    assert re.fullmatch(r"\d\d", number)
    assert re.sub(r"\W+", "_", section.lower()).startswith(words)


@EVERY
def test_something_moves_on_the_first_screen(path):
    first = [output for cell in read(path).cells[:4] for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in first), "no live picture in the first four cells"


@EVERY_TAUGHT
def test_a_chapter_begins_with_objectives_and_minutes(path):
    opening = "\n".join(cell.source for cell in cells(path, "markdown")[:4])
    assert re.search(r"objective|you (will|can)\b|will be able", opening, flags=re.IGNORECASE), "no objectives"
    assert re.search(r"\d+\s*minutes", opening), "no minutes needed"


@EVERY_TAUGHT
@pytest.mark.parametrize(("call", "least"), [("predict", 2), ("exercise", 3), ("claim", 1)])
def test_a_chapter_has_enough_to_do(path, call, least):
    names = called(path, call)
    assert len(set(names)) >= least
    assert len(set(names)) == len(names), f"twice the same: {names}"


@EVERY_TAUGHT
def test_every_item_of_the_chapter_is_in_its_notebook(path):
    from wbviz.lessons import chapter

    items = chapter(int(path.name[:2]))
    for call, known in (("predict", items.predictions), ("exercise", items.exercises), ("claim", items.claims)):
        assert set(called(path, call)) == {item.name for item in known}, call


@EVERY_TAUGHT
def test_a_chapter_ends_with_recap_progress_and_the_way_on(path):
    assert re.search(r"^#+ .*(recap|in short|summary)", words(path), flags=re.IGNORECASE | re.MULTILINE), "no recap"
    assert any(".progress()" in cell.source for cell in cells(path, "code")[-2:]), "no progress cell near the end"
    following = [file.name for file in FILES if file.name > path.name][:1]
    ending = "\n".join(cell.source for cell in read(path).cells[-4:] if cell.cell_type == "markdown")
    for name in following:
        assert f"]({name})" in ending, f"no link to {name} at the end"
