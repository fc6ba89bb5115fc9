"""What moves by itself: nothing does before it is asked to, and those who ask for less motion are heard."""

import re
from pathlib import Path

import pytest

from wbviz import widgets
from wbviz.widgets._tree import tree
from wbviz.widgets._work import Work

FRONT_ENDS = [path for kind in ("js", "css") for path in sorted(Path(widgets.__file__).parents[1].rglob(f"*.{kind}"))]
MOVING = re.compile(r"\btransition\b|\banimation\b|@keyframes|scroll-behavior|[\"']smooth[\"']|setInterval|\.animate\(")
ASKED = re.compile(r"isCalm\(\)|prefers-reduced-motion")


@pytest.mark.parametrize("path", FRONT_ENDS, ids=lambda path: path.name)
def test_what_glides_in_the_browser_asks_first_whether_it_may(path):
    moving = [line for line in path.read_text(encoding="utf-8").splitlines() if MOVING.search(line)]
    assert not [line for line in moving if not ASKED.search(line)]


@pytest.mark.parametrize("name", widgets.__all__)
def test_no_figure_plays_before_its_button_is_pressed(name):
    figure = getattr(widgets, name)()
    assert not [part for part in tree(figure) if isinstance(part, Work) and part.busy]
    figure.close()
