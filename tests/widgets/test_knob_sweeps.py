"""Knobs drawn ahead: the frames are those of the picture drawn afresh, and nobody notices that they were drawn."""

import gc
import time

import numpy as np
import pytest

import wbviz.widgets
from tests.picture.page import Page, differences
from wbviz.widgets import Neuron
from wbviz.widgets._knob_sweeps import ENOUGH, KINDS, REST, Sweep, coarse_to_fine

EXPLORERS = [
    explorer for name in wbviz.widgets.__all__ if (explorer := getattr(wbviz.widgets, name)).sweeps
]  # fmt: skip
KNOBS = [
    (cls, name) for cls in EXPLORERS for name in cls._tagged("knob") if isinstance(cls.class_traits()[name], KINDS)
]
#: Knobs that other parts of the state follow.
COUPLED = {
    *(("CurveBuilder", "units"), ("DigitPad", "example"), ("MatrixForm", "x"), ("Neuron", "inputs")),
    *(("LearningFilm", "batch"), ("LearningFilm", "epochs")),
    *(("OptimizerRace", "steps"), ("SignalChain", "links")),
}


@pytest.fixture
def watched(make):
    """Makes an explorer with a page that shows its picture: `explorer.page`."""

    def build(cls=Neuron, **settings):
        explorer = make(cls, **settings)
        explorer.page = Page(explorer.picture)
        return explorer

    return build


def item_of(explorer, name):
    """The index of the last item of a knob that has items, else None."""
    value = getattr(explorer, name)
    return len(value) - 1 if isinstance(value, list) else None


def with_item(explorer, name, index, value):
    """The value of a whole knob in which one item has another value."""
    return value if index is None else [*getattr(explorer, name)[:index], value, *getattr(explorer, name)[index + 1 :]]


def hold(explorer, knob, index=None):
    """Take hold of a knob, and wait until all of it is drawn; returns the Sweep."""
    explorer.page.tell("hold", knob, index)
    sweep = explorer._sweeps._sweep
    sweep.drawing.result(60)
    explorer.page.headers.clear()
    return sweep


@pytest.mark.parametrize(("cls", "knob"), KNOBS, ids=lambda item: getattr(item, "__name__", item))
def test_a_frame_drawn_ahead_is_the_picture_drawn_afresh_and_nothing_else_has_changed(watched, monkeypatch, cls, knob):
    monkeypatch.setattr("wbviz.widgets._knob_sweeps.SECONDS", 1000)
    explorer = watched(cls)
    index, state, picture = item_of(explorer, knob), explorer.state, explorer.png()
    sweep = Sweep(explorer, knob, index, explorer.picture.state_number)
    sweep._left = sweep._left[:: max(1, len(sweep._left) // 3)][:3]
    count = len(sweep._left)
    sweep.go_on()
    sweep.drawing.result(60)
    assert explorer.state == state
    assert explorer.png() == picture
    assert len(explorer.page.frames) == (0 if (cls.__name__, knob) in COUPLED else count)
    for frame in explorer.page.frames[-2:]:
        fresh = watched(cls, **state)
        setattr(fresh, knob, with_item(fresh, knob, index, frame["value"]))
        fresh.page.ask()
        assert frame["words"] == fresh.describe()
        assert differences(frame["drawing"], fresh.page.pieces) == []


def test_while_a_swept_knob_turns_python_sends_nothing_and_at_rest_its_own_frame(watched):
    neuron = watched()
    hold(neuron, "b")
    neuron.page.headers.clear()
    for b in (1.0, 2.0, 3.0):
        neuron.b = b
    assert neuron.page.headers == []
    deadline = time.monotonic() + 10 * REST
    while not neuron.page.headers and time.monotonic() < deadline:
        time.sleep(0.02)
    (header,) = neuron.page.headers
    assert header["at"] == {"knob": "b", "index": None, "value": 3.0}
    assert "b = 3.00" in header["description"]


def test_letting_go_sends_the_frame_at_once(watched):
    neuron = watched()
    hold(neuron, "w", 1)
    neuron.page.headers.clear()
    neuron.w = [1.5, 2.0]
    neuron.page.tell("release", "w", 1)
    (header,) = neuron.page.headers
    assert header["at"] == {"knob": "w", "index": 1, "value": 2.0}


def test_a_change_of_anything_else_ends_the_sweep_and_is_shown_at_once(watched):
    neuron = watched()
    sweep = hold(neuron, "w", 0)
    neuron.page.headers.clear()
    neuron.w = [2.0, 2.0]  # the other weight too
    assert [header["state"] for header in neuron.page.headers] == [sweep.state + 1]
    assert neuron._sweeps.at() is None


def test_a_knob_held_again_in_the_same_state_is_not_drawn_again(watched):
    neuron = watched()
    assert hold(neuron, "b") is hold(neuron, "b")
    assert hold(neuron, "w", 0) is not hold(neuron, "w", 1)


def test_a_knob_that_is_let_go_stops_after_the_frames_in_hand_and_goes_on_when_it_is_held_again(watched, monkeypatch):
    monkeypatch.setattr("wbviz.widgets._knob_sweeps.SHARE", 0.0)  # a frame at a time
    monkeypatch.setattr("wbviz.widgets._knob_sweeps.SECONDS", 1000)
    neuron = watched()
    neuron.page.tell("hold", "b")
    sweep = neuron._sweeps._sweep
    while not sweep.drawn:
        time.sleep(0.001)
    neuron.page.tell("release", "b")
    sweep.drawing.result(60)
    assert 0 < len(sweep._left) < 161
    assert not hold(neuron, "b")._left
    assert sorted(frame["value"] for frame in neuron.page.frames) == pytest.approx(np.arange(-80, 81) / 10)


@pytest.mark.parametrize("limit", ["SECONDS", "BYTES"])
def test_a_sweep_keeps_within_its_limits(watched, monkeypatch, limit):
    monkeypatch.setattr("wbviz.widgets._knob_sweeps.SHARE", 0.0)
    monkeypatch.setattr(f"wbviz.widgets._knob_sweeps.{limit}", 0)
    sweep = hold(watched(), "b")
    assert (sweep.drawn, sweep._left) == (1, [])


def test_knobs_without_numbers_and_unknown_ones_are_not_swept(watched):
    neuron = watched()
    for knob in ("activation", "nothing", None):
        neuron.page.tell("hold", knob)
        assert neuron._sweeps._sweep is None


def test_a_pose_that_fails_ends_the_sweep_and_leaves_the_picture_as_it_was(watched, monkeypatch):
    neuron = watched()
    before = neuron.png()
    monkeypatch.setattr(Neuron, "describe", lambda self: 1 / 0 if self.b == 8 else "fine")
    sweep = hold(neuron, "b")
    assert sweep._left == []
    assert neuron.png() == before


def test_the_understudy_has_traits_of_its_own_and_its_end_closes_nothing(watched):
    neuron = watched()
    twin = neuron.understudy()
    twin.pose(neuron.state, b=5.0)
    assert (twin.b, neuron.b) == (5.0, -0.5)
    del twin
    gc.collect()
    neuron.redraw()
    neuron.b = 1.0
    assert "b = 1.00" in neuron.picture.description


def test_closing_ends_it(watched):
    neuron = watched()
    sweep = hold(neuron, "b")
    neuron.b = 1.0
    neuron.close()
    assert sweep.drawing.done()
    neuron._sweeps._settle()  # as a timer would that was under way


@pytest.mark.parametrize("here", [0, 3, 40, 80])
def test_the_order_is_ends_first_and_every_place_once(here):
    order = coarse_to_fine(range(81), here)
    assert sorted(order) == list(range(81))
    assert {0, 80} <= set(order[: ENOUGH + 2])
    assert max(np.diff(sorted(order[: ENOUGH + 2]))) <= 9


def test_explorers_whose_picture_is_more_than_their_state_are_not_swept():
    others = set(wbviz.widgets.__all__) - {cls.__name__ for cls in EXPLORERS}
    assert others == {
        "ArchitectureSearch", "BiasVariance", "Capstone", "CrossValidation", "DeadReLU", "FairnessLab", "FitExplorer",
        "Frameworks", "Generalise", "GradientFlow", "HyperparameterSearch", "LossSurface", "MetaLearning",
        "Playground", "RunBoard",
    }  # fmt: skip
