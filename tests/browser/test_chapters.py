"""Every chapter in a real JupyterLab: it runs, paints every picture, and nothing in it is dead, broken or nameless."""

import pytest
from knobs import dead_controls
from lab import CHAPTERS, DARK, LIGHT
from names import axe_violations, nameless

FILES = sorted(CHAPTERS.glob("*.ipynb"))


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def chapter(request, lab, opened):
    notebook = opened(lab.copy(request.param))
    notebook.run_all(patience=300)
    return notebook


def test_runs_without_an_error(chapter):
    assert chapter.problems == []


def test_every_picture_is_painted(chapter):
    assert chapter.explorers, "a chapter without a live picture"
    assert chapter.wait_painted() == 0


def test_everything_has_an_accessible_name(chapter):
    assert nameless(chapter) == []


def test_axe_finds_nothing_in_either_theme(chapter, axe):
    assert axe_violations(chapter, axe) == []
    chapter.theme(DARK)
    assert axe_violations(chapter, axe) == []
    chapter.theme(LIGHT)


@pytest.fixture(scope="session")
def turned():
    """The figures whose controls were turned already: what is met again, in an exercise say, is the same code."""
    return set()


def test_every_knob_changes_picture_and_words(chapter, turned):
    dead = []
    for number, explorer in enumerate(chapter.explorers):
        title = explorer.locator("canvas").first.get_attribute("aria-label").split(":")[0]
        if title in turned:
            continue
        turned.add(title)
        explorer.scroll_into_view_if_needed()
        dead += [f"explorer {number} ({title}): {line}" for line in dead_controls(chapter, explorer)]
    assert not dead, "\n".join(dead)
    assert chapter.problems == []
