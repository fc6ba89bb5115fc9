"""Links in the text of the chapters that set figures: each reads, and has its figure, in which it is valid."""

import ast
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from wbviz import widgets
from wbviz.widgets._opening import read_preset

FILES = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
#: A link to a preset, `[words](<#Neuron(b=-2)>)`, and what looks like one that was written otherwise.
PRESET = re.compile(r"\]\(<#([^>\n]*)>\)")
ALMOST = re.compile(r"\]\(#[A-Z]\w*\(|href=[\"']?#[A-Z]\w*\(|^\s*\[[^\]]+\]:\s*<?#[A-Z]\w*\(", flags=re.MULTILINE)


@cache
def notebook(path):
    return nbformat.read(path, as_version=4).cells


def links(path):
    """(number of its cell, text of the preset) of each link."""
    return [
        (number, unquote(text))
        for number, cell in enumerate(notebook(path))
        if cell.cell_type == "markdown"
        for text in PRESET.findall(cell.source)
    ]


def shown(path):
    """(number of its cell, the call that made it) of each figure that a cell shows, from top to bottom."""
    made = {}
    for number, cell in enumerate(notebook(path)):
        body = ast.parse(cell.source).body if cell.cell_type == "code" else []
        for line in body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                made[line.targets[0].id] = line.value
        last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
        call = made.get(last.id) if isinstance(last, ast.Name) else last
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in widgets.__all__:
            yield number, call


def nearest(path, number, name):
    """The call that made the figure which a link in this cell sets: the next one above, else the first below."""
    figures = [(place, call) for place, call in shown(path) if call.func.id == name]
    above = [call for place, call in figures if place < number]
    return above[-1] if above else next((call for _, call in figures), None)


def opened(call):
    """The figure as its cell makes it; settings that are no plain values (a model of one's own) are left out."""
    settings = {}
    for keyword in call.keywords:
        try:
            settings[keyword.arg] = ast.literal_eval(keyword.value)
        except ValueError:
            continue
    return getattr(widgets, call.func.id)(controls=False, **settings)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_links_that_set_figures_read_and_find_their_figure_in_which_they_are_valid(path):
    for number, text in links(path):
        cls, settings = read_preset(text)
        call = nearest(path, number, cls.__name__)
        assert call, f"{text}: no cell of this chapter shows a {cls.__name__}"
        figure = opened(call)
        assert figure.follow_link(text) == "", text
        assert {name: figure.state[name] for name in settings} == settings, f"{text}: not all of it was set"
        figure.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_they_are_written_so_that_every_renderer_reads_them(path):
    for cell in notebook(path):
        if cell.cell_type == "markdown":
            assert not (found := ALMOST.search(cell.source)), f"write [words](<#Name(…)>): {found.group()}"


def test_the_nearest_figure_is_the_next_above_else_the_first_below(monkeypatch):
    sources = ["Neuron()", "[a](<#Neuron(b=1)>)", "n = Neuron(b=2)\nn", "print(n.b)", "Neuron(b=3).describe()"]
    cells = [{"cell_type": "markdown" if source[0] == "[" else "code", "source": source} for source in sources]
    monkeypatch.setitem(globals(), "notebook", lambda _: [nbformat.from_dict(cell) for cell in cells])
    assert links(None) == [(1, "Neuron(b=1)")]
    calls = [ast.unparse(nearest(None, number, "Neuron")) for number in (1, 4, 0)]
    assert calls == ["Neuron()", "Neuron(b=2)", "Neuron()"]
    assert nearest(None, 1, "DecisionLine") is None
