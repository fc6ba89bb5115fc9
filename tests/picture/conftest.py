"""Pictures that send their frames into a list instead of to a browser."""

import pytest
from matplotlib.figure import Figure

from tests.picture.sent import Frames
from wbviz import style
from wbviz.picture import Picture


@pytest.fixture
def new_picture():
    """Makes a picture of one axes with a live line, a live text and a title; closes them all afterwards."""
    made = []

    def make(**options):
        figure = Figure((4, 3), dpi=style.DPI)
        axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), title="still")
        (line,) = axes.plot([0, 1], [0, 1])
        text = axes.text(0.5, 0.5, "0.00")
        picture = Picture(figure, **{"label": "a line", "live": [line, text]} | options)
        picture.line, picture.text, picture.axes = line, text, axes
        made.append(picture)
        return picture

    yield make
    for picture in made:
        picture.close()


@pytest.fixture
def shown(new_picture):
    """A picture that a view looks at, and its frames; the first, whole one has been acknowledged."""
    picture = new_picture()
    frames = Frames(picture).ready()
    frames.acknowledge()
    return picture, frames
