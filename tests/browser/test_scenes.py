"""Every scene of the book, painted by Chromium and drawn by Agg: the same picture."""

import pytest

from tests.picture.browser_paint import MARKS, agg, paint, similarity
from tests.widgets.turning import other_value
from wbviz import widgets

pytestmark = MARKS


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_browser_paints_what_agg_draws(name):
    explorer = getattr(widgets, name)()
    try:
        for dpr in (1, 2):
            assert similarity(paint(explorer.picture, dpr), agg(explorer.picture, dpr)) >= 0.95
        for knob in explorer.knobs:
            explorer.apply({knob: other_value(explorer, knob)})
        if hasattr(explorer, "wait"):  # what is trained beside the page would change the picture between the two
            explorer.wait(30)
        assert similarity(paint(explorer.picture, 1), agg(explorer.picture, 1)) >= 0.95
    finally:
        explorer.close()
