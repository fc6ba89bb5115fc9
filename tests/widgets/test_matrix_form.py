"""Matrices: every entry is the engine's, its sum is written out, and what is traced and in hand is in view."""

import numpy as np
import pytest
import traitlets

from wbviz.engine import Network
from wbviz.scenes.matrix_form import CELL, GRIDS
from wbviz.widgets import MatrixForm
from wbviz.widgets._weighted_sum import compact
from wbviz.widgets.matrix_form import VIEWS

EXPLORER = MatrixForm


def press(explorer, name, row, column):
    """Press the pointer on a cell."""
    grid = GRIDS[name]
    spot = [grid.left + CELL[0] * (column + 0.5), grid.top + CELL[1] * (row + 0.5)]
    x, y = explorer.scene.sheet.transData.transform(spot)
    number = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"press": number, "px": x, "py": y, "x": x, "y": y, "down": False, "inside": True}


def keys(explorer, *names, shift=False):
    """Press keys while the picture has the focus."""
    seen = explorer.picture.keystrokes.get("n", 0)
    recent = [{"key": name, "shift": shift} for name in names]
    explorer.picture.keystrokes = {"n": seen + len(recent), "recent": recent}


def written(explorer, name):
    """The numbers that stand in a grid, as an array of texts."""
    explorer.png()
    grid = GRIDS[name]
    texts = np.array(explorer.scene.numbers[name]._texts, dtype=object)
    if name in explorer.scene.copies:
        texts = texts + np.array(explorer.scene.copies[name]._texts, dtype=object)
    return texts.reshape(grid.rows, grid.columns)


@pytest.mark.parametrize("n", [1, 4, 6])
def test_every_number_in_view_is_the_engines(make, n):
    explorer = make(view="two layers, a batch", n=n)
    explorer.randomise(seed=2)
    net = Network([2, 4, 1])
    net.params = np.array(explorer.params)
    record = net.forward(explorer.X[:n])
    expected = {
        "X": record.a[0], "W1": net.weights[0], "b1": np.tile(net.biases[0], (n, 1)), "Z1": record.z[0],
        "A1": record.a[1], "W2": net.weights[1], "b2": np.tile(net.biases[1], (n, 1)), "Z2": record.y_hat,
    }  # fmt: skip
    for name, values in expected.items():
        texts = written(explorer, name)
        rows = len(values)
        assert texts[:rows].ravel().tolist() == [compact(value) for value in values.ravel()], name
        assert set(texts[rows:].ravel()) <= {""}


def test_the_views_grow_from_one_neuron_to_two_layers(make):
    explorer = make(n=5, entry=[0, 2, 1])
    shapes = {}
    for view in VIEWS:
        explorer.view = view
        shapes[view] = explorer.shapes()
        assert explorer.entry == [0, 2, 1]
    first = ("X", "W1", "b1", "Z1", "A1")
    assert [shapes["one neuron, one input"][name] for name in first] == [(1, 2), (2, 1), (1,), (1, 1), (1, 1)]
    assert [shapes["one layer, one input"][name] for name in first] == [(1, 2), (2, 4), (4,), (1, 4), (1, 4)]
    assert [shapes["one layer, a batch"][name] for name in first] == [(5, 2), (2, 4), (4,), (5, 4), (5, 4)]
    assert [shapes["two layers, a batch"][name] for name in ("W2", "b2", "Z2")] == [(4, 1), (1,), (5, 1)]


@pytest.mark.parametrize("view", VIEWS)
def test_as_many_numbers_stand_in_a_grid_as_its_shape_says(make, view):
    explorer = make(view=view, n=3, entry=[0, 1, 2])
    shapes = explorer.shapes()
    for name in GRIDS:
        count = (written(explorer, name) != "").sum()
        times = shapes["X"][0] if name.startswith("b") and name in shapes else 1
        assert count == (np.prod(shapes[name]) * times if name in shapes else 0), name


def test_the_traced_entry_is_written_out(make):
    explorer = make(X=[[2, -1], *[[0, 0]] * 5], params=[0.5, 0, 0, 0, 3, 0, 0, 0, 0.25, *[0.0] * 8], hidden="relu")
    explorer.png()
    assert [line.get_text() for line in explorer.scene.lines[:4]] == [
        "Z₁, row 1, column 1:  row 1 of X  times  column 1 of W₁,  plus number 1 of b₁",
        "z = 2·0.5 + (−1)·3 + 0.25",
        "  = 1 − 3 + 0.25 = −1.75;   in A₁:  relu(−1.75) = 0",
        "NumPy counts from 0:  Z1[0, 0] == X[0] @ W1[:, 0] + b1[0]",
    ]


def test_the_line_of_numpy_is_true(make):
    explorer = make(view="two layers, a batch", n=6)
    net, record = explorer.network, explorer.record()
    names = {
        "X": record.a[0], "A1": record.a[1], "W1": net.weights[0], "W2": net.weights[1], "b1": net.biases[0],
        "b2": net.biases[1], "Z1": record.z[0], "Z2": record.z[1],
    }  # fmt: skip
    for entry in ([0, 3, 2], [1, 5, 0]):
        explorer.entry = entry
        left, right = explorer._lines()[3].split("0:  ", 1)[1].split(" == ")
        assert eval(right, names) == pytest.approx(eval(left, names))  # our own text, not a learner's


def test_the_traced_sum_is_the_engines(make):
    explorer = make(view="two layers, a batch", n=6, hidden="sigmoid")
    record = explorer.record()
    for entry in ([0, 5, 3], [1, 2, 0]):
        explorer.entry = entry
        layer, row, column = entry
        traced = explorer.traced()
        assert traced.z == record.z[layer][row, column]
        assert traced.a == record.a[layer + 1][row, column]
        assert sum(traced.products) + traced.bias == pytest.approx(traced.z)


def test_a_click_traces_any_number(make):
    explorer = make(view="two layers, a batch", n=4, entry=[0, 0, 0])
    clicks = {
        ("X", 2, 1): [0, 2, 0], ("Z1", 1, 3): [0, 1, 3], ("A1", 3, 2): [0, 3, 2], ("W1", 1, 0): [0, 3, 0],
        ("b1", 1, 2): [0, 1, 2], ("Z2", 2, 0): [1, 2, 0], ("W2", 3, 0): [1, 2, 0], ("b2", 0, 0): [1, 0, 0],
    }  # fmt: skip
    for cell, entry in clicks.items():
        press(explorer, *cell)
        assert explorer.entry == entry, cell
    assert explorer.network.name_of(explorer.chosen) == ("b", 1, 0)
    press(explorer, "Z1", 5, 0)
    assert explorer.entry == [1, 0, 0]


def test_a_click_on_what_is_not_in_view_does_nothing(make):
    explorer = make(view="one layer, a batch")
    state = explorer.state
    for cell in (("W2", 1, 0), ("Z2", 0, 0), ("Z1", 5, 0)):
        press(explorer, *cell)
    assert explorer.state == state


def test_arrow_keys_trace_the_neighbours(make):
    explorer = make(view="two layers, a batch", n=2, entry=[0, 0, 2])
    keys(explorer, "ArrowRight", "ArrowRight")
    assert explorer.entry == [1, 0, 0]
    keys(explorer, "ArrowRight", "ArrowDown", "ArrowDown")
    assert explorer.entry == [1, 1, 0]
    keys(explorer, "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert explorer.entry == [0, 0, 0]
    explorer.view = "one layer, a batch"
    keys(explorer, *["ArrowRight"] * 9)
    assert explorer.entry == [0, 0, 3]


def test_plus_and_minus_turn_the_parameter_in_hand(make):
    explorer = make(params=[0.0] * 17, chosen=9)
    keys(explorer, "+", "+")
    assert explorer.params[9] == pytest.approx(0.2)
    keys(explorer, "-", shift=True)
    assert explorer.params[9] == pytest.approx(-0.8)


def test_the_knob_x_is_the_traced_row_of_X(make):
    explorer = make(n=3, entry=[0, 1, 0])
    assert explorer.x == explorer.X[1]
    explorer.x = [3.0, -3.0]
    assert explorer.X[1] == [3.0, -3.0]
    explorer.entry = [0, 2, 0]
    assert explorer.x == explorer.X[2] != [3.0, -3.0]
    explorer.undo()
    explorer.undo()
    assert explorer.x == explorer.X[1] == [-1.0, 2.0]


def test_what_is_in_hand_is_in_view(make):
    explorer = make(view="one neuron, one input", entry=[0, 0, 1])
    assert explorer.network.name_of(explorer.chosen)[-1] == 1
    explorer.chosen = explorer.network.index("b", 0, 3)
    assert (explorer.entry, explorer.view) == ([0, 0, 3], "one neuron, one input")
    explorer.chosen = explorer.network.index("W", 1, 2, 0)
    assert (explorer.entry, explorer.view) == ([1, 0, 0], "two layers, a batch")
    explorer.view = "one layer, a batch"
    assert explorer.entry == [0, 0, 0]
    assert explorer.network.name_of(explorer.chosen)[1] == 0


def test_one_input_has_no_batch_size(make):
    explorer = make(view="one layer, one input")
    assert explorer.idle() == ("n",)
    explorer.view = "one layer, a batch"
    assert explorer.idle() == ()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"entry": [0, 0]}, r"expected \[layer, row, column\]"),
        ({"entry": [2, 0, 0]}, "layer goes from 0 to 1"),
        ({"entry": [0, 6, 0]}, "row goes from 0 to 5"),
        ({"entry": [0, 0, "a"]}, "column goes from 0 to 3"),
        ({"X": [[1, 2]]}, r"expected 6 rows of 2 numbers, but got an array of shape \(1, 2\)"),
        ({"X": [[4, 0]] * 6}, "inputs go from -3 to 3"),
        ({"X": [[float("nan"), 0]] * 6}, "inputs go from -3 to 3"),
        ({"chosen": -1}, "whole number from 0"),
    ],
)
def test_bad_data_are_refused_with_a_sentence(make, settings, words):
    with pytest.raises(traitlets.TraitError, match=words):
        make(**settings)
