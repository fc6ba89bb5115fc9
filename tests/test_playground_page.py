"""docs/playground.md: every setting that it names is one, and every wish of the users has its row."""

import re
from pathlib import Path

import pytest

from wbviz import widgets
from wbviz.widgets._presets import PRESETS

PAGE = (Path(__file__).parents[1] / "docs/playground.md").read_text(encoding="utf-8")
SETTINGS = sorted(set(re.findall(r"`([A-Z]\w+)\.(\w+)`", PAGE)))
#: The issues of tensorflow/playground in which users ask for something.
WISHES = (1, 20, 25, 39, 47, 50, 54, 58, 77, 82, 90, 91, 94, 109, 123, 126, 191, 193, 195, 198, 229, 252)


@pytest.mark.parametrize(("explorer", "setting"), SETTINGS)
def test_every_setting_named_is_one(explorer, setting):
    assert setting in getattr(widgets, explorer)._state_names()


def test_every_wish_has_a_row():
    table = PAGE.split("## What its users have asked for")[1]
    cells = [row.split("|")[2] for row in table.splitlines() if row.startswith("|")]
    named = {int(number) for cell in cells for number in re.findall(r"\d+", cell)}
    assert named == set(WISHES)


def test_every_setting_of_playground_is_on_the_page():
    named = {setting for explorer, setting in SETTINGS if explorer == "Playground"}
    assert named == set(widgets.Playground._state_names())


def test_numbers_of_things_are_right():
    assert f"{len(PRESETS)} of them" in PAGE
    initialisers = widgets.Playground.class_traits()["init"].values
    assert len(initialisers) == 7
    assert "and six other initialisers" in PAGE
    assert len(widgets.Playground.class_traits()["schedule"].values) == 9
    assert len(widgets.Playground.class_traits()["activation"].values) == 10
