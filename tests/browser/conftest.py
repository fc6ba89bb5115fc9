"""Fixtures: one JupyterLab and one Chromium for all browser tests; notebooks are opened as a reader opens them."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(Path(__file__).parent)]

from lab import Lab, NoChromium, chromium  # noqa: E402
from notebook import Notebook  # noqa: E402


def missing(what):
    """Skip, saying what is left out; with WBVIZ_REQUIRE_BROWSER=1 (as in CI) fail instead."""
    if os.environ.get("WBVIZ_REQUIRE_BROWSER") == "1":
        pytest.fail(f"needed for the browser tests: {what}")
    pytest.skip(f"left out, what only a real browser can show: {what}")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    context = chromium()
    try:
        yielded = context.__enter__()
    except NoChromium as error:
        missing(error)
    yield yielded
    context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def lab(browser):
    with Lab(extensions={"wbviz.server": True}) as lab:
        yield lab


@pytest.fixture(scope="module")
def opened(lab, browser):
    """A function: open a notebook of the lab by name in a new page; pages and kernels are closed after the module."""
    notebooks = []

    def open_notebook(name):
        notebooks.append(Notebook(browser.new_page(viewport={"width": 1280, "height": 1000}), lab, name))
        return notebooks[-1]

    yield open_notebook
    for notebook in notebooks:
        if not notebook.page.is_closed():
            notebook.shut_down()


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core, the accessibility checker."""
    path = ROOT / "node_modules/axe-core/axe.min.js"
    if not path.exists():
        missing("axe-core: run `npm install` in the repository")
    return path.read_text()
