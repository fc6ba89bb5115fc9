"""Texts of figures stand out 4.5 : 1 from what is behind them, marks 3 : 1 from the paper, in both themes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.widgets.contrast import MARK, TEXT, ratio
from wbviz import style

ROOT = Path(__file__).parents[2]
GROUNDS = (style.PAPER, style.PANEL, style.HIGHLIGHT)
THEMES = {"light": lambda colour: colour, "dark": style.DARK.get}


def rgb(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_the_house_stand_out(theme):
    shown = THEMES[theme]
    paper = rgb(shown(style.PAPER))
    for colour in (style.INK, style.MUTED):
        assert min(ratio(rgb(shown(colour)), rgb(shown(ground))) for ground in GROUNDS) >= TEXT, colour
    for colour in (style.BLUE, style.VERMILLION, style.GREEN, style.PINK, *style.CLASS_COLOURS):
        assert ratio(rgb(shown(colour)), paper) >= MARK, colour


@pytest.mark.parametrize("theme", THEMES)
def test_texts_and_marks_of_every_figure_stand_out(theme):
    command = [sys.executable, "-m", "tests.widgets.contrast", theme]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_contrast_is_measured_as_wcag_does():
    assert ratio([0, 0, 0], [1, 1, 1]) == pytest.approx(21)
    assert ratio(rgb("#767676"), [1, 1, 1]) == pytest.approx(4.54, abs=0.01)
