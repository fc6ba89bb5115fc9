"""Figures that are saved with their notebook: what is kept is what the live figure shows, and nobody notices."""

import base64
import json

import pytest

import wbviz.widgets
from tests.picture.page import Page, differences
from wbviz.picture.kept import size_of
from wbviz.widgets import Generalise, Neuron
from wbviz.widgets._keeping import EXPLORERS, keep_figures

#: The explorers of chapters 00 to 04, and how many bytes each may keep, as base64.
KEPT = {
    "Neuron": 300_000, "DecisionLine": 450_000, "SignalChain": 300_000, "WeightSurgery": 250_000,
    "DigitPad": 150_000, "Generalise": 150_000, "ForwardPass": 450_000, "BackwardPass": 300_000,
    "UpdateStep": 300_000, "ActivationShapes": 300_000, "MatrixForm": 300_000, "CurveBuilder": 300_000,
}  # fmt: skip
MOVING = [name for name in KEPT if getattr(wbviz.widgets, name).kept_knobs]


@pytest.fixture(scope="module")
def kept():
    """Makes an explorer of a name that has kept itself, once for all tests; closes them afterwards."""
    made = {}

    def build(name):
        if name not in made:
            made[name] = getattr(wbviz.widgets, name)()
            made[name].before = made[name].state, made[name].png()
            made[name].keep("https://example.org")
        return made[name]

    yield build
    for explorer in made.values():
        explorer.close()


@pytest.mark.parametrize("name", [*MOVING, "DigitPad", "MatrixForm"])
def test_the_kept_frame_is_the_live_one_and_nothing_has_changed(kept, name):
    explorer = kept(name)
    assert (explorer.state, explorer.png()) == explorer.before
    page, live = Page.without_kernel(explorer.picture.kept), Page(explorer.picture)
    assert page.headers[0]["description"] == explorer.describe()
    assert differences(page.pieces, live.pieces) == []


@pytest.mark.parametrize("name", MOVING)
def test_kept_positions_are_exact_and_among_them_is_where_the_knob_stands(kept, make, name):
    explorer = kept(name)
    hands = [header for header, _ in explorer.picture.kept["messages"][1:]]
    assert {hand["knob"] for hand in hands} == set(explorer.kept_knobs)
    page = Page.without_kernel(explorer.picture.kept)
    last = page.frames[-1]
    values = [frame["value"] for frame in page.frames]
    assert all(hand["value"] in values for hand in hands)
    knob, index = hands[-1]["knob"], hands[-1]["index"]
    now = list(getattr(explorer, knob)) if index is not None else last["value"]
    if index is not None:
        now[index] = last["value"]
    fresh = make(type(explorer), **(explorer.state | {knob: now}))
    assert last["words"] == fresh.describe()
    assert differences(last["drawing"], Page(fresh.picture).pieces) == []


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_can_be_saved_and_is_no_larger_than_stated(kept, name):
    picture = kept(name).picture
    state, paths, buffers = picture.get_state(["kept"]), [], []
    state = _without_buffers(state, [], paths, buffers)
    assert len(json.dumps(state)) < 60_000
    assert len(buffers) == len(paths) == 2 * len(picture.kept["messages"]) - 1
    assert sum(len(base64.b64encode(buffer)) for buffer in buffers) < KEPT[name]
    assert size_of(picture.kept) < KEPT[name]


def _without_buffers(value, path, paths, buffers):
    if isinstance(value, bytes):
        paths.append(path)
        buffers.append(value)
        return None
    if isinstance(value, dict):
        return {key: _without_buffers(item, [*path, key], paths, buffers) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_buffers(item, [*path, i], paths, buffers) for i, item in enumerate(value)]
    return value


def test_nothing_is_kept_unless_asked_for_and_nothing_after_a_change(make):
    neuron = make(Neuron)
    neuron.png()
    assert neuron.picture.kept == {}
    neuron.keep()
    assert neuron.picture.kept != {}
    neuron.b = 1.0
    assert neuron.picture.kept == {}


def test_a_knob_that_takes_too_much_is_not_kept_and_the_others_are_whole(make, monkeypatch):
    neuron, all_kept = make(Neuron), make(Neuron)
    all_kept.keep()
    monkeypatch.setattr("wbviz.picture.kept.LIMIT", 20_500)
    neuron.keep()
    page, other = (Page.without_kernel(explorer.picture.kept) for explorer in (neuron, all_kept))
    assert 0 < len(page.headers) - 1 < len(other.headers) - 1 == 5
    assert differences(page.frames[-1]["drawing"], other.frames[-1]["drawing"]) == []


def test_a_figure_that_cannot_be_swept_keeps_its_picture_alone(kept):
    assert not Generalise.sweeps
    ((header, _),) = kept("Generalise").picture.kept["messages"]
    assert header["whole"]
    assert "epochs" in header["description"]


def test_a_picture_in_view_goes_on_after_it_was_kept(make):
    neuron = make(Neuron)
    page = Page(neuron.picture)
    neuron.keep()
    neuron.b = 2.0
    assert differences(page.pieces, Page(make(Neuron, b=2.0).picture).pieces) == []


def test_the_figures_of_a_notebook_are_kept_as_they_were_made(make):
    neuron, closed = make(Neuron, b=1.5), make(Neuron)
    closed.close()
    for explorer in set(EXPLORERS) - {neuron}:  # of other tests
        EXPLORERS.discard(explorer)
    neuron.b = 3.0
    keep_figures("https://example.org")
    assert neuron.b == 1.5
    assert neuron.picture.kept["address"] == "https://example.org"
    assert "b = 1.50" in neuron.picture.kept["messages"][0][0]["description"]
