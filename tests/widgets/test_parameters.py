"""The table of all weights and biases: what is done in it reaches the traits, what is set reaches it."""

import pytest
import traitlets

from wbviz.engine import Network
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.widgets._base import Explorer
from wbviz.widgets._parameters import ParameterRow, checked_index, checked_indices, small_network
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, count_params, data, parameters, whole
from wbviz.widgets._tree import tree

SIZES = {"2-2-1": [2, 2, 1], "1-1": [1, 1]}


class Scene:
    def __init__(self, figure):
        self.text = label(blank_axes(figure, [0, 0, 1, 1]), 0.5, 0.5)
        self.live = [self.text]


class Small(Explorer):
    """The least explorer that has weights and biases."""

    shape = choice("2-2-1", SIZES, label="network")
    params = parameters([0.1 * k for k in range(9)])
    step = whole(0, min=0, max=20, label="step")
    chosen = data(0, check=checked_index)
    frozen = data([], check=checked_indices)

    @property
    def sizes(self):
        return SIZES[self.shape]

    def settle(self, changed):
        if len(self.params) != count_params(self.sizes):
            self.params, self.chosen = [0.0] * count_params(self.sizes), 0

    def setup(self):
        self.scene = Scene(self.figure)

    def redraw(self):
        change(self.scene.text, text=self.describe())

    def describe(self):
        return f"{self.params} at step {self.step}"


@pytest.fixture
def small():
    explorer = Small()
    yield explorer
    explorer.close()


def table(explorer):
    return next(widget for widget in tree(explorer) if isinstance(widget, ParameterRow))


def do(explorer, *deeds):
    """What the front end reports: the latest state of all deeds."""
    rows = table(explorer)
    number = rows.deeds[-1][0] if rows.deeds else 0
    rows.deeds = [*rows.deeds, *([number + k + 1, *deed] for k, deed in enumerate(deeds))]


def test_the_table_shows_the_network(small):
    rows = table(small)
    assert rows.values == pytest.approx(small.params)
    assert [layer["columns"] for layer in rows.layers] == [["h₁", "h₂"], ["ŷ"]]
    assert rows.layers[0]["rows"] == ["x₁", "x₂", "bias"]
    assert rows.layers[0]["cells"] == ["w x₁→h₁", "w x₁→h₂", "w x₂→h₁", "w x₂→h₂", "b h₁", "b h₂"]
    assert rows.layers[1] | {"title": ""} == {
        "title": "", "rows": ["h₁", "h₂", "bias"], "columns": ["ŷ"], "cells": ["w h₁→ŷ", "w h₂→ŷ", "b ŷ"], "first": 6,
    }  # fmt: skip


def test_the_order_is_that_of_the_engine():
    net = Network([2, 2, 1], init="zeros")
    net.biases[0][1], net.weights[1][0, 0] = 7, 8
    small = Small(params=net.params.tolist())
    cells = [cell for layer in table(small).layers for cell in layer["cells"]]
    assert table(small).values[cells.index("b h₂")] == 7
    assert table(small).values[cells.index("w h₁→ŷ")] == 8
    assert (small_network(small.sizes, small.params).params == net.params).all()
    small.close()


def test_deeds_set_the_traits_and_are_answered(small):
    do(small, ("edit", 3, 2.5), ("choose", 3, None), ("freeze", 1, True), ("freeze", 0, True), ("freeze", 1, False))
    assert small.params[3] == 2.5
    assert (small.chosen, small.frozen) == (3, [0])
    assert (table(small).heard, table(small).chosen, table(small).frozen) == (5, 3, [0])
    do(small, ("edit", 4, -1))
    assert small.params[3:5] == [2.5, -1]


@pytest.mark.parametrize(("bad", "words"), [(None, "w x₂→h₂ must be a finite number"), (11, "goes from -10 to 10")])
def test_a_bad_number_is_said_and_the_last_stays(small, bad, words):
    before = small.params
    do(small, ("edit", 3, bad))
    assert words in table(small).error
    assert small.params == before
    do(small, ("edit", 3, 1))
    assert table(small).error == ""


def test_another_network_gets_another_table(small):
    small.shape = "1-1"
    assert table(small).values == [0, 0]
    assert [layer["cells"] for layer in table(small).layers] == [["w x₁→ŷ", "b ŷ"]]
    small.undo()
    assert table(small).values == pytest.approx([0.1 * k for k in range(9)])


def test_a_wrong_number_of_parameters_is_refused(small):
    with pytest.raises(traitlets.TraitError, match=r"sizes \[2, 2, 1\] has 9 weights and biases, but got 2"):
        small.params = [1, 2]


def test_indices_are_checked():
    assert checked_indices([3, 1, 3]) == [1, 3]
    for bad in (-1, 0.5, "1", True):
        with pytest.raises(ValueError, match="index of a parameter"):
            checked_index(bad)


def test_a_play_moves_the_knob_to_the_end_and_is_one_undo(small):
    playing = player(small, lambda: 12, per_second=500)
    playing.start()
    assert playing.wait(10) == "done"
    assert small.step == 12
    small.undo()
    assert small.step == 0
    small.step = 10
    playing.start()
    playing.wait(10)
    assert small.step == 12
    playing.close()
