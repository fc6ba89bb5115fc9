"""The documents name what there is: chapters, their items, widgets with their knobs, links to hand out, versions."""

import importlib.util
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from wbviz import __version__, cli, widgets
from wbviz.lessons import CHAPTERS, chapter, left_out

ROOT = Path(__file__).parents[1]
DOCS, NOTEBOOKS = ROOT / "docs", ROOT / "chapters"
FILES = [chapter(number).file for number in CHAPTERS]
RUN = "run: python tools/widget_index.py"


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def words(file):
    cells = json.loads((NOTEBOOKS / file).read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def items(number):
    return {item.name for kind in left_out.WORDS if kind != "hints" for item in getattr(chapter(number), kind)}


@pytest.mark.parametrize("page", ["docs/coverage.md", "docs/teachers.md"])
def test_every_item_that_is_named_exists(page):
    named = re.findall(r"`(\d\d)/([^`/]+)`", read(page))
    assert len(named) > 15
    missing = [f"{number}/{name}" for number, name in named if name not in items(int(number)) | {*left_out.WORDS}]
    assert not missing


@pytest.mark.parametrize("page", ["docs/coverage.md", "docs/teachers.md", "docs/widgets.md"])
def test_links_to_headings_lead_to_one(page):
    anchors = {file: {h.replace(" ", "-") for h in re.findall(r"^#+\s+(.*?)\s*$", words(file), re.M)} for file in FILES}
    for file, anchor in re.findall(r"\]\(\.\./chapters/([\w.]+)#([^\s]+?)\)(?=[\s;,.:)|]|$)", read(page)):
        assert anchor in anchors[file], f"{file}#{anchor}"


def test_the_coverage_has_a_part_for_every_chapter_and_the_widgets_it_links_to_are_in_the_index():
    text = read("docs/coverage.md")
    for number in CHAPTERS:
        assert f"\n## {number:02d} {chapter(number).title}\n" in text
    index = read("docs/widgets.md").lower()
    for anchor in set(re.findall(r"widgets\.md#(\w+)", text)):
        assert f"\n## {anchor}\n" in index, anchor


# --- teachers ---------------------------------------------------------------------------------------------------------


def rows(text, columns):
    """The rows of tables with so many columns whose first cell begins with a chapter's two digits: digits → cells."""
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:2] == "| "]
    return {re.search(r"\d\d", row[0])[0]: row for row in found if len(row) == columns and re.match(r"\[?\d\d", row[0])}


def test_every_chapter_has_a_plan_with_its_minutes_a_question_and_an_exercise():
    plans = rows(read("docs/teachers.md"), 5)
    assert [*plans] == [f"{number:02d}" for number in CHAPTERS]
    for number, (_, minutes, _, question, task) in zip(CHAPTERS, plans.values(), strict=True):
        ch = chapter(number)
        assert f"about {minutes} minutes" in words(ch.file) or number == 0, f"chapter {ch.label}: {minutes} minutes?"
        assert ch.predictions[question.strip("`").partition("/")[2]]
        assert ch.exercises[task.strip("`").partition("/")[2]]


def test_every_chapter_has_a_link_to_binder_and_one_for_nbgitpuller():
    links = rows(read("docs/teachers.md"), 3)
    badge = re.search(r"https://mybinder\.org/v2/\S+?(?=\))", read("README.md"))[0]
    for file, (_, binder, hub) in zip(FILES, links.values(), strict=True):
        assert binder == f"[open]({badge.replace(FILES[0], file)})"
        address = urlsplit(hub.strip("`"))
        asked = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert address.path == "/hub/user-redirect/git-pull"
        assert asked["repo"] == "https://github.com/wbviz/wbviz"
        assert asked["urlpath"] == f"lab/tree/wbviz/chapters/{file}?autodecode"
        assert "?" not in unquote(address.query.split("urlpath=")[0])


def test_commands_that_the_teachers_page_names_exist():
    named = set(re.findall(r"(?:`|^    )wbviz ([a-z-]+)", read("docs/teachers.md"), re.M))
    assert {"new", "check-chapter", "solutions", "class-copy", "collect"} <= named
    assert named <= set(cli.COMMANDS)


# --- the index of widgets ---------------------------------------------------------------------------------------------


def index():
    spec = importlib.util.spec_from_file_location("widget_index", ROOT / "tools" / "widget_index.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.text()


def without_chapters(text):
    """The page without the links to chapters: notebooks change more often than widgets."""
    return re.sub(r"^Chapters: .*$|\| [^|]*\|$", "", text, flags=re.M)


def test_the_index_of_widgets_is_up_to_date():
    assert without_chapters(read("docs/widgets.md")) == without_chapters(index()), RUN


def test_every_widget_has_a_small_picture():
    pictures = {path.name: path for path in (DOCS / "widgets").iterdir()}
    assert set(pictures) == {f"{widgets.file_of(name)}.png" for name in widgets.__all__}, RUN
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures.values())
    assert sum(path.stat().st_size for path in pictures.values()) < 1_200_000


# --- versions ---------------------------------------------------------------------------------------------------------


def test_the_version_is_in_the_changelog_and_in_the_citation():
    dated = re.search(rf"^## \[{re.escape(__version__)}\] - (\d{{4}}-\d\d-\d\d)$", read("CHANGELOG.md"), re.M)
    assert dated
    citation = dict(re.findall(r'^([\w-]+): "?([^"\n]+)"?$', read("CITATION.cff"), re.M))
    assert (citation["cff-version"], citation["version"]) == ("1.2.0", __version__)
    assert citation["date-released"] == dated[1]
    assert {"message", "title", "license"} <= set(citation)
