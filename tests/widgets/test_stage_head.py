"""The head of a stage in Chromium, without JupyterLab: the focus goes to what was opened, and back."""

import json

import pytest

from tests.picture import browser_paint
from tests.widgets.shown import Shown
from wbviz.widgets._stage import StageHead

pytestmark = browser_paint.MARKS


@pytest.mark.parametrize("order", [("title", "opened"), ("opened", "title")])
def test_the_focus_goes_to_the_name_and_back_whatever_is_told_first(order):
    head = Shown(StageHead(print))
    head("document.body.append(Object.assign(document.createElement('button'), {id: 'from'}))")
    head("document.getElementById('from').focus()")
    told = {"title": "Neuron, for: threshold", "opened": 1}
    head(f"row.hear({json.dumps({name: told[name] for name in order})})")
    assert head("document.activeElement.textContent") == "Neuron, for: threshold"
    assert head("row.el.querySelector('[role=status]').textContent") == "Opened: Neuron, for: threshold"
    browser_paint.browser(lambda page: page.keyboard.press("Tab"))
    assert head("document.activeElement.textContent") == "Close Neuron"
    browser_paint.browser(lambda page: page.keyboard.press("Enter"))
    assert head("row.model.sent") == ["close"]
    head("row.hear({title: ''})")
    assert head("document.activeElement.id") == "from"
    assert head("(document.getElementById('from').remove(), row.close(), problems.splice(0))") == []
