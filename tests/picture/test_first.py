"""The first frame comes with the model, so that a picture is there while the cells after it still run."""

import pytest
from matplotlib.figure import Figure

from wbviz.picture import Picture


@pytest.fixture
def shown():
    """A picture of one line that came along with its model; `sent` holds the messages after that."""
    figure = Figure(figsize=(2, 2))
    (line,) = figure.subplots().plot([0, 1], [0, 1])
    picture = Picture(figure, label="a line", live=[line])
    picture.line, picture.sent = line, []
    picture.send = lambda header, buffers=(): picture.sent.append(header)
    picture.come_along()
    yield picture
    picture.close()


def test_it_is_the_whole_picture(shown):
    header = shown.first["header"]
    assert (header["frame"], header["whole"], shown.frames_sent) == (1, True, 1)
    assert len(shown.first["buffer"]) > 0
    assert shown.sent == []


def test_a_view_that_has_it_is_sent_what_changed_since(shown):
    shown._handle_custom_msg({"type": "ready", "view": "a", "frame": 1}, [])
    assert shown.sent == []
    shown.line.set_ydata([1, 0])
    shown.changed()
    (header,) = shown.sent
    assert (header["frame"], header["whole"], len(header["pieces"])) == (2, False, 1)


def test_what_changes_before_a_view_appears_is_sent_then(shown):
    shown.line.set_ydata([1, 0])
    shown.changed()
    assert shown.sent == []
    shown._handle_custom_msg({"type": "ready", "view": "a", "frame": 1}, [])
    assert [header["whole"] for header in shown.sent] == [False]


@pytest.mark.parametrize("frame", [None, 0, 7])
def test_a_view_that_has_another_frame_is_sent_everything(shown, frame):
    shown._handle_custom_msg({"type": "ready", "view": "a", "frame": frame}, [])
    assert [header["whole"] for header in shown.sent] == [True]


def test_it_is_given_once_and_not_by_a_closed_picture(shown):
    first = shown.first
    shown.come_along()
    assert shown.first is first
    shown.close()
    shown.come_along()
