"""What every explorer takes, it gives back: widgets, and memory."""

import gc
import sys

import ipywidgets
import pytest

from tests.widgets.turning import other_value
from wbviz import widgets

EVERY = pytest.mark.parametrize("cls", [getattr(widgets, name) for name in widgets.__all__], ids=widgets.__all__)


@EVERY
def test_opening_and_closing_ten_times_leaves_no_widget_behind(cls):
    cls().close()
    gc.collect()
    before = set(ipywidgets.widgets.widget._instances)
    for number in range(10):
        explorer = cls()
        if number % 5 == 0:
            explorer._panel._share_toggle.value = True
            explorer.png()
        explorer.close()
        explorer.close()
    assert set(ipywidgets.widgets.widget._instances) == before


@EVERY
def test_two_hundred_changes_leave_memory_where_it_was(cls, make):
    explorer = make(cls)
    numbers = [n for n in explorer.knobs if "max" in explorer.traits()[n].metadata] or explorer.knobs
    one, two = explorer.state, {numbers[0]: other_value(explorer, numbers[0])}
    _turn(explorer, one, two, 120)  # fills the history of undo and every cache
    before = sys.getallocatedblocks()
    _turn(explorer, one, two, 100)
    grown = sys.getallocatedblocks() - before
    assert grown < 400, f"{grown} more blocks of memory after 200 changes"


def _turn(explorer, one, two, times):
    for _ in range(times):
        explorer.apply(two)
        explorer._update()
        explorer.apply(one)
        explorer._update()
    gc.collect()
