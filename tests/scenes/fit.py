"""What a picture shows: its pixels, and where its texts stand: do they stay in it, and clear of each other?"""

import io
import itertools

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from wbviz import style
from wbviz.scenes._grid import _glyphs


def maker(scene, size, *arguments):
    """A fixture: a function that makes a figure of `size` (inches) with a fresh scene on it, and returns both."""

    def make():
        figure = Figure(size, dpi=style.DPI)
        FigureCanvasAgg(figure)
        return figure, scene(figure, *arguments)

    return pytest.fixture(lambda: make, name="new_scene")


def text_boxes(figure, *all_axes):
    """The boxes, in pixels, of the texts that are seen in some axes: [(text, box)]."""
    found = [text for axes in all_axes for text in _texts(axes) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent(figure.canvas.get_renderer())) for text in found]


def _texts(axes):
    yield from axes.texts
    if axes.axison:
        yield from (axes.title, axes._left_title, axes._right_title)
        for axis in (axes.xaxis, axes.yaxis):
            yield axis.label
            yield from (tick.label1 for tick in axis._update_ticks())


def number_boxes(numbers):
    """The boxes, in pixels, of the texts of a `Numbers` that are not empty: [(text, box)]."""
    boxes, size = [], numbers._size * style.DPI
    for text, (x, y) in zip(numbers._texts, numbers._at * style.DPI, strict=True):
        width = _glyphs(text)[2] * size
        left = x - numbers._shift * width
        boxes.append((text, Bbox([[left, y - 0.37 * size], [left + width, y + 0.37 * size]])))
    return [(text, box) for text, box in boxes if text]


def assert_clear(figure, boxes):
    """No text is cut off at the edge of the figure, and none runs into another."""
    for text, box in boxes:
        inside = box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0 and box.y1 <= figure.bbox.height
        assert inside, f"{text!r} is cut off: {box}"
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        assert not a.overlaps(b.shrunk(0.98, 0.9)), f"{one!r} runs into {two!r}"


def png(figure):
    """The figure as PNG bytes, to compare pictures."""
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
