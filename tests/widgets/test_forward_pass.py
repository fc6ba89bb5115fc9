"""The forward pass, step by step: its numbers are the engine's, in the order in which they are computed."""

import itertools
import time

import numpy as np
import pytest
import traitlets

from wbviz.engine import ACTIVATIONS, Network
from wbviz.widgets import ForwardPass
from wbviz.widgets.forward_pass import SHAPES, UNKNOWN, walk

EXPLORER = ForwardPass


def press(explorer, place):
    """Press the pointer on a place of the diagram."""
    explorer.png()
    diagram = explorer.scene.diagram
    spot = diagram.place(*place[1:]) if place[0] == "a" else diagram.spot(place)
    x, y = diagram.axes.transData.transform(spot)
    number = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"press": number, "px": x, "py": y, "x": x, "y": y, "down": False, "inside": True}


def keys(explorer, *names, shift=False):
    """Press keys while the picture has the focus."""
    seen = explorer.picture.keystrokes.get("n", 0)
    recent = [{"key": name, "shift": shift} for name in names]
    explorer.picture.keystrokes = {"n": seen + len(recent), "recent": recent}


@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
def test_a_walk_does_each_thing_once_and_in_order(sizes):
    steps = walk(sizes)
    net = Network(sizes)
    assert steps[0].kind == "inputs"
    kinds = [step.kind for step in steps]
    assert kinds.count("product") == sum(w.size for w in net.weights)
    assert kinds.count("bias") == kinds.count("activation") == sum(sizes[1:])
    assert len(set(steps)) == len(steps)
    for unit, group in itertools.groupby(steps[1:], key=lambda step: (step.layer, step.unit)):
        expected = ["product"] * sizes[unit[0]] + ["bias", "activation"]
        assert [step.kind for step in group] == expected
    assert [step.layer for step in steps] == sorted(step.layer for step in steps)


@pytest.mark.parametrize("hidden", sorted(ACTIVATIONS))
@pytest.mark.parametrize("shape", SHAPES)
def test_every_number_is_the_engines(make, shape, hidden):
    explorer = make(shape=shape, hidden=hidden, output="sigmoid", controls=False)
    explorer.randomise(seed=4)
    net = Network(SHAPES[shape], hidden=hidden, output="sigmoid")
    net.params = np.array(explorer.params)
    record = net.forward([explorer.x])
    for layer, units in enumerate(net.sizes[1:]):
        for unit in range(units):
            pieces = explorer.sum_of(layer, unit)
            assert pieces.z == record.z[layer][0, unit]
            assert pieces.a == record.a[layer + 1][0, unit]
            assert pieces.so_far[-1] + pieces.bias == pytest.approx(pieces.z, abs=1e-12)
            assert pieces.products == pytest.approx(record.a[layer][0] * net.weights[layer][:, unit])


def test_the_default_is_the_books_network(make):
    explorer = make()
    assert explorer.params == Network([2, 4, 1], seed=0).params.tolist()
    assert explorer.record().y_hat == pytest.approx(Network([2, 4, 1], seed=0)([[1.0, 0.5]]))


def test_what_is_not_computed_yet_is_not_known(make):
    explorer = make()
    seen = []
    for step in range(len(walk([2, 4, 1]))):
        explorer.step = step
        explorer.png()
        values = list(itertools.chain(*explorer._shown()["values"]))
        assert explorer.scene.diagram.values._texts == values
        seen.append(values.count(UNKNOWN))
    assert seen == [5] * 4 + [4] * 4 + [3] * 4 + [2] * 4 + [1] * 6 + [0]


def test_the_steps_of_the_first_neuron_in_words(make):
    explorer = make(x=[2.0, -1.0], params=[0.5, 0, 0, 0, 3, 0, 0, 0, 0.25, 0, 0, 0, 1, 0, 0, 0, 0], hidden="relu")
    said = []
    for step in range(5):
        explorer.step = step
        explorer.png()
        said.append([text.get_text() for text in explorer.scene.lines[:3]])
    assert said == [
        [
            "Step 0 of 22: the inputs",
            "x₁ = 2, x₂ = −1",
            "Nothing else is known yet. The first neuron to compute is h₁.",
        ],
        ["Step 1 of 22: h₁, connection 1 of 2", "Weight · input from x₁ = 0.5·2 = 1", "The sum begins with it: 1"],
        [
            "Step 2 of 22: h₁, connection 2 of 2",
            "Weight · input from x₂ = 3·(−1) = −3",
            "The sum so far: 1 − 3 = −2",
        ],
        [
            "Step 3 of 22: h₁, the bias",
            "z = sum + b = −2 + 0.25 = −1.75",
            "The sum z is complete. It is not yet what the neuron says.",
        ],
        [
            "Step 4 of 22: h₁, the activation",
            "h₁ = relu(z) = relu(−1.75) = 0",
            "It goes on to every neuron of the next layer.",
        ],
    ]


def test_the_rows_show_what_is_known_by_now(make):
    explorer = make(x=[2.0, -1.0], params=[0.5, 0, 0, 0, 3, 0, 0, 0, 0.25, *[0.0] * 8], hidden="relu")
    explorer.step = 2
    ledger = explorer._ledger()
    assert ledger["row"] == 1
    assert ledger["rows"] == [
        ["x₁", "0.5·2", "1.000", "1.000"],
        ["x₂", "3·(−1)", "−3.000", "−2.000"],
        ["b", "z = sum + b", "?", "?"],
        ["h₁", "a = relu(z)", "", "?"],
    ]


def test_the_working_point_appears_when_it_is_known(make):
    explorer = make(x=[1.0, 1.0])
    points = []
    for step in (2, 3, 4):
        explorer.step = step
        explorer.png()
        points.append((len(explorer.scene.drop.get_xdata()), len(explorer.scene.point.get_xdata())))
    assert points == [(0, 0), (2, 0), (3, 1)]
    z, a = explorer.sum_of(0, 0).z, explorer.sum_of(0, 0).a
    assert explorer.scene.point.get_xydata()[0] == pytest.approx([z, a])


def test_another_network_has_its_own_weights_steps_and_inputs(make):
    explorer = make(step=20, chosen=16)
    explorer.shape = "1-3-1"
    assert (explorer.step, len(explorer.x), len(explorer.params), explorer.chosen) == (0, 1, 10, 9)
    with pytest.raises(traitlets.TraitError, match="step goes from 0 to 14"):
        explorer.step = 15
    explorer.undo()
    assert (explorer.shape, explorer.step, explorer.chosen, len(explorer.params)) == ("2-4-1", 20, 16, 17)
    assert make(shape="2-2-2", step=3).step == 3
    with pytest.raises(traitlets.TraitError, match=r"12 weights and biases, but got 17"):
        make(shape="2-2-2", params=[0.0] * 17)


def test_a_click_takes_in_hand_or_goes_to_the_neuron(make):
    explorer = make()
    net = explorer.network
    for place in (("W", 0, 1, 2), ("b", 0, 3), ("W", 1, 0, 0), ("b", 1, 0)):
        press(explorer, place)
        assert net.name_of(explorer.chosen) == place
    press(explorer, ("a", 1, 1))
    assert explorer.step == 8
    press(explorer, ("a", 2, 0))
    assert explorer.step == 22
    press(explorer, ("a", 0, 1))
    assert explorer.step == 0


def test_keys_step_choose_and_turn(make):
    explorer = make()
    keys(explorer, "ArrowLeft")
    assert explorer.step == 0
    keys(explorer, "ArrowRight", "ArrowRight")
    assert explorer.step == 2
    keys(explorer, "End", "ArrowRight")
    assert explorer.step == 22
    keys(explorer, "Home", "ArrowDown", "ArrowDown", "ArrowUp")
    assert (explorer.step, explorer.chosen) == (0, 1)
    keys(explorer, "ArrowUp", "ArrowUp")
    assert explorer.chosen == 16
    keys(explorer, "+")
    assert explorer.params[16] == pytest.approx(0.1)
    keys(explorer, "-", shift=True)
    assert explorer.params[16] == pytest.approx(-0.9)
    explorer.params = [10.0] * 17
    keys(explorer, "+")
    assert explorer.params == [10.0] * 17


def test_playing_ends_at_the_last_step_and_is_one_step_of_undo(make):
    explorer = make(shape="1-3-1", step=12)
    explorer.under[0].start()
    deadline = time.monotonic() + 20
    while explorer.under[0].busy and time.monotonic() < deadline:
        time.sleep(0.05)
    assert explorer.step == 14
    explorer.undo()
    assert explorer.step == 12


def test_the_frame_is_around_the_parameter_in_hand(make):
    explorer = make(chosen=5)
    explorer.png()
    frame, diagram = explorer.scene.frame, explorer.scene.diagram
    centre = diagram.axes.transData.transform(diagram.spot(("W", 0, 1, 1)))
    corner = np.array([frame.get_x() + frame.get_width() / 2, frame.get_y() + frame.get_height() / 2])
    assert corner == pytest.approx(centre, abs=1)
