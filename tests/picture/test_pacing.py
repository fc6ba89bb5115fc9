"""Frames go no faster than the browser paints, and the latest state always arrives."""

import time

from tests.picture.sent import Frames
from wbviz.picture.pacing import Pacing


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_two_frames_may_be_under_way():
    pacing = Pacing(clock=Clock())
    assert pacing.wait is None
    pacing.arrived("view")
    assert pacing.wait == 0
    pacing.sent(1)
    assert pacing.wait == 0
    pacing.sent(2)
    assert pacing.wait == 0.3
    pacing.acknowledged(1)
    assert pacing.wait == 0


def test_an_acknowledgement_covers_all_earlier_frames():
    pacing = Pacing(clock=Clock())
    pacing.arrived("view")
    for frame in (1, 2):
        pacing.sent(frame)
    pacing.acknowledged(2)
    pacing.sent(3)
    assert pacing.wait == 0


def test_after_silence_one_more_may_go():
    clock = Clock()
    pacing = Pacing(clock=clock)
    pacing.arrived("view")
    for frame in (1, 2):
        pacing.sent(frame)
    clock.now = 0.31
    assert pacing.wait == 0
    pacing.sent(3)
    assert pacing.wait == 0.3


def test_nothing_goes_when_the_last_view_has_left():
    pacing = Pacing()
    pacing.arrived("a")
    pacing.arrived("b")
    pacing.left("a")
    assert pacing.wait == 0
    pacing.left("b")
    pacing.left("b")
    assert pacing.wait is None


def test_nothing_is_sent_and_update_not_run_before_a_view_is_there(new_picture):
    runs = []
    picture = new_picture(update=lambda: runs.append(1))
    frames = Frames(picture)
    for _ in range(5):
        picture.changed()
    assert (runs, frames) == ([], [])
    frames.ready()
    assert len(runs) == len(frames) == 1
    assert frames[0]["whole"]


def test_every_view_gets_a_whole_frame(shown):
    _, frames = shown
    frames.ready("another")
    assert [frame["whole"] for frame in frames] == [True, True]


def test_update_is_run_only_for_frames_that_go_and_the_latest_state_arrives(new_picture):
    picture, runs = new_picture(), []
    picture.update = lambda: (runs.append(1), picture.line.set_ydata([0, picture.height]))
    picture.height = 0
    frames = Frames(picture).ready()
    frames.acknowledge()
    for picture.height in range(1, 101):
        picture.changed()
    assert len(runs) == len(frames) == 3  # the whole one and a window of two
    frames.acknowledge()
    assert len(runs) == len(frames) == 4
    assert picture.line.get_ydata()[1] == 100
    frames.acknowledge()
    assert len(frames) == 4


def test_the_last_state_goes_by_itself_when_acknowledgements_are_lost(new_picture):
    picture = new_picture()
    picture.pacing.silence = 0.05
    frames = Frames(picture).ready()
    for height in (1, 2, 3, 4):
        picture.line.set_ydata([0, height])
        picture.changed()
    assert len(frames) == 2
    deadline = time.monotonic() + 5
    while len(frames) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(frames) == 3


def test_no_frame_for_a_change_that_cannot_be_seen(shown):
    picture, frames = shown
    picture.changed()
    assert len(frames) == 1
    picture.description = "another sentence"
    picture.changed()
    assert [frame["description"] for frame in frames] == ["", "another sentence"]


def test_a_view_that_has_gone_gets_nothing(shown):
    picture, frames = shown
    frames.hear(type="gone", view="view")
    picture.line.set_ydata([1, 1])
    picture.changed()
    assert len(frames) == 1
