"""The picture of the matrices: numbers keep to their cells and places, and texts clear of each other."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.scenes.matrix_form import CELL, COPY, GHOST, GRIDS, PARAMETER, MatrixFormScene, _kinds, lit_by
from wbviz.widgets.matrix_form import VIEWS, MatrixForm

EXTREMES = {
    "least": (-3.0, -10.0, "identity"),
    "most": (3.0, 10.0, "softplus"),
    "longest": (-2.9, -9.987, "leaky_relu"),
    "fine": (-1.1, -0.123, "tanh"),
}


@pytest.fixture(scope="module")
def explorer():
    made = MatrixForm()
    yield made
    made.close()


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("view", VIEWS)
def test_texts_stay_in_the_picture_and_clear_of_each_other(explorer, view, extreme):
    x, weight, activation = EXTREMES[extreme]
    entry = [VIEWS[view].layers - 1, 5, 0]
    settings = {"n": 6, "X": [[x, x]] * 6, "params": [weight] * 17, "hidden": activation, "entry": entry}
    explorer.apply(settings | {"view": view})
    explorer.png()
    scene = explorer.scene
    numbers = [box for each in (scene.numbers, scene.copies) for grid in each.values() for box in number_boxes(grid)]
    assert all(box.width <= CELL[0] for _, box in numbers)
    assert_clear(explorer.figure, text_boxes(explorer.figure, scene.sheet) + numbers)


def test_a_place_of_the_sheet_is_the_cell_that_stands_there():
    for name, grid in GRIDS.items():
        for row in range(grid.rows):
            for column in range(grid.columns):
                middle = [grid.left + CELL[0] * (column + 0.5), grid.top + CELL[1] * (row + 0.5)]
                assert MatrixFormScene.at(*middle) == (name, row, column)
    assert MatrixFormScene.at(0, 0) is None
    assert MatrixFormScene.at(GRIDS["X"].left + 2, GRIDS["X"].bottom + 2) is None


def test_grids_do_not_meet():
    taken = np.zeros((480, 680), dtype=int)
    for grid in GRIDS.values():
        taken[grid.top : grid.bottom, grid.left : grid.left + CELL[0] * grid.columns] += 1
    assert taken.max() == 1


def test_a_row_a_column_and_a_bias_are_lit(explorer):
    assert lit_by([0, 2, 1]) == [("X", 2, 0), ("X", 2, 1), ("W1", 0, 1), ("W1", 1, 1), ("b1", 2, 1)]
    first, *others = lit_by([1, 3, 0])
    assert first == ("A1", 3, 0)
    assert others[3:] == [("W2", 0, 0), ("W2", 1, 0), ("W2", 2, 0), ("W2", 3, 0), ("b2", 3, 0)]
    explorer.apply({"view": "one layer, a batch", "n": 4, "entry": [0, 2, 1]})
    explorer.png()
    middles = [path.vertices[:4].mean(axis=0) for path in explorer.scene.lit.get_paths()]
    assert [MatrixFormScene.at(*middle) for middle in middles] == lit_by([0, 2, 1])


def test_the_bias_is_written_once_and_copied_for_each_row():
    kinds = _kinds(list(range(4)), list(range(4)), 1)["b1"]
    assert (kinds[0] == PARAMETER).all()
    assert (kinds[1:4] == COPY).all()
    assert (kinds[4:] == GHOST).all()


def test_a_number_never_changes_its_place(explorer):
    explorer.apply({"view": "one neuron, one input", "n": 4, "entry": [0, 1, 2]})
    explorer.png()
    numbers = explorer.scene.numbers["Z1"]
    places = [k for k, text in enumerate(numbers._texts) if text]
    text = numbers._texts[places[0]]
    explorer.view = "one layer, a batch"
    explorer.png()
    assert len(places) == 1
    assert numbers._texts[places[0]] == text


def test_nothing_is_touched_where_nothing_changed(explorer):
    explorer.redraw()
    for artist in explorer.scene.live:
        artist.stale = False
    explorer.redraw()
    assert not any(artist.stale for artist in explorer.scene.live)
