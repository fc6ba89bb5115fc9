"""The decision line: its numbers are the engine's, its gestures move the neuron they say."""

import math

import numpy as np
import pytest
import traitlets

from wbviz.engine import accuracy
from wbviz.scenes.decision_line import ARROW, GRID, arrow_base
from wbviz.widgets._two_inputs import LOGIC
from wbviz.widgets.decision_line import DecisionLine

SOLUTIONS = {"and": ([1, 1], -1.5), "or": ([1, 1], -0.5), "nand": ([-1, -1], 1.5)}


EXPLORER = DecisionLine
PAINTED = True


def drag(explorer, start, *places):
    """Press at a place of the plane, move through others, let go."""
    pixel = explorer.scene.plane.transData.transform
    (px, py), press = pixel(start), explorer.picture.pointer.get("press", 0) + 1
    for place, down in [(start, True), *((p, True) for p in places), ((places or (start,))[-1], False)]:
        x, y = pixel(place)
        explorer.picture.pointer = {"x": x, "y": y, "press": press, "px": px, "py": py, "down": down, "inside": True}
    explorer.png()


def words(explorer):
    return [artist.get_text() for artist in (*explorer.scene.words, *explorer.scene.table, explorer.scene.verdict)]


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["and", "or", "nand"])
def test_separable_functions_are_answered_right(make, target):
    w, b = SOLUTIONS[target]
    explorer = make(target=target, w=w, b=b)
    assert (explorer.correct(), explorer.accuracy()) == (4, 1.0)
    assert "4 of 4 correct (100 %)" in words(explorer)
    assert "Wrong" not in explorer.describe()


def test_xor_in_many_random_lines_never_exceeds_three_of_four(make):
    explorer = make(target="xor")
    best = 0
    for seed in range(300):
        explorer.randomise(seed)
        best = max(best, explorer.correct())
    assert best == 3


def test_numbers_are_the_engines(make):
    explorer = make(w=[1.3, -0.7], b=0.4, target="own")
    points = explorer.examples
    z = explorer.network.forward(points[:, :2]).z[0]
    assert explorer.sums() == pytest.approx(z[:, 0])
    assert explorer.accuracy() == pytest.approx(accuracy(points[:, 2], z))
    signs = 2 * points[:, 2] - 1
    assert explorer.loss() == pytest.approx(np.log1p(np.exp(-signs * z[:, 0])).mean())
    assert explorer.distance() == pytest.approx(-0.4 / math.hypot(1.3, 0.7))
    shown = np.asarray(explorer.scene.map.get_array()).ravel()
    assert shown == pytest.approx(explorer.network(GRID)[:, 0])


def test_the_truth_table_shows_what_the_neuron_answers(make):
    explorer = make(w=[1, 1], b=-0.5, target="and", activation="step")
    columns = [artist.get_text().split("\n") for artist in explorer.scene.table]
    assert columns[2] == ["AND", "0", "0", "0", "1"]
    assert columns[3] == ["z", "−0.50", "0.50", "0.50", "1.50"]
    assert columns[4] == ["a", "0.00", "1.00", "1.00", "1.00"]
    assert columns[5] == ["answer", "0 ✓", "1 ✗", "1 ✗", "1 ✓"]
    assert "Wrong: (0, 1), (1, 0)." in explorer.describe()


def test_scaling_w_and_b_together_keeps_line_and_answers_and_changes_steepness(make):
    one, three = make(w=[1, 0.5], b=-1), make(w=[3, 1.5], b=-3)
    assert one.distance() == pytest.approx(three.distance())
    assert list(one.right()) == list(three.right())
    assert one.scene.line.get_xydata() == pytest.approx(three.scene.line.get_xydata())
    assert "steepness ‖w‖ = 1.12" in words(one)
    assert "steepness ‖w‖ = 3.35" in words(three)


def test_a_point_on_the_line_is_answered_0_in_spite_of_rounding(make):
    explorer = make(target="own", points=[[1, 1, 0]], w=[0.1, 0.2], b=-0.3)
    assert explorer.sums() == [0.0]
    assert explorer.correct() == 1
    assert "A point on the line is answered 0" in explorer.describe()


def test_without_weights_there_is_no_line_and_it_is_said(make):
    explorer = make(w=[0, 0], b=-1)
    assert explorer.distance() is None
    assert "No line: the answer is 0 everywhere" in explorer.scene.notice.get_text()
    assert not any(artist.get_visible() for artist in (explorer.scene.line, explorer.scene.arrow))
    assert "there is no line" in explorer.describe()
    explorer.on_key("+")
    explorer.on_key("ArrowUp")
    assert explorer.w == [0, 0]


def test_a_line_outside_of_the_view_is_said(make):
    explorer = make(w=[0.1, 0], b=3)
    assert "outside of this view" in explorer.scene.notice.get_text()
    assert "outside of this view" in explorer.describe()


def test_targets_are_the_logical_functions():
    assert LOGIC["and"] == tuple(int(a and b) for a in (0, 1) for b in (0, 1))
    assert LOGIC["or"] == tuple(int(a or b) for a in (0, 1) for b in (0, 1))
    assert LOGIC["nand"] == tuple(int(not (a and b)) for a in (0, 1) for b in (0, 1))
    assert LOGIC["xor"] == tuple(int(a != b) for a in (0, 1) for b in (0, 1))


# --- the line and the arrow -----------------------------------------------------------------------------------------


def test_the_dragged_line_follows_the_pointer_and_only_b_changes(make):
    explorer = make(w=[1, 1], b=-1)
    drag(explorer, (1.0, 0.0), (1.2, 0.3), (1.4, 0.6))
    assert explorer.w == [1, 1]
    assert explorer.b == pytest.approx(-2.0)
    explorer.undo()
    assert explorer.b == -1


def test_a_press_beside_the_line_does_nothing(make):
    explorer = make(w=[1, 1], b=-1)
    state = explorer.state
    drag(explorer, (-1, -1), (1, 1))
    assert explorer.state == state


def test_the_arrows_head_follows_the_pointer_and_its_foot_stays(make):
    explorer = make(w=[2, 1], b=-1)
    base = arrow_base(explorer.w, explorer.b, explorer.pivot)
    pointer = base + np.array([0.1, 0.5])
    drag(explorer, base + ARROW * np.array([2, 1]), pointer - [0, 0.1], pointer)
    assert explorer.w == pytest.approx([0.5, 2.5], abs=2e-3)
    assert np.dot(explorer.w, base) + explorer.b == pytest.approx(0, abs=2e-3)
    tip = arrow_base(explorer.w, explorer.b, explorer.pivot) + ARROW * np.array(explorer.w)
    assert tip == pytest.approx(pointer, abs=2e-3)
    explorer.undo()
    assert (explorer.w, explorer.b) == ([2, 1], -1)


def test_the_arrow_never_vanishes_and_stays_within_its_range(make):
    explorer = make(w=[2, 1], b=-1)
    base = arrow_base(explorer.w, explorer.b, explorer.pivot)
    drag(explorer, base + ARROW * np.array([2, 1]), base)
    assert explorer.w == [2, 1]
    drag(explorer, base + ARROW * np.array([2, 1]), np.add(base, (5, 1)))
    assert max(explorer.w) == 6
    assert np.dot(explorer.w, base) + explorer.b == pytest.approx(0, abs=5e-3)


def test_keys_move_turn_and_scale(make):
    explorer = make(w=[1, 0], b=-0.5)
    explorer.on_key("ArrowRight")
    assert explorer.b == -0.4
    explorer.on_key("ArrowLeft", shift=True)
    assert explorer.b == -1.4
    explorer.on_key("ArrowUp")
    assert explorer.w == pytest.approx([math.cos(math.radians(5)), math.sin(math.radians(5))], abs=1e-3)
    before, far = np.array(explorer.w), explorer.distance()
    explorer.on_key("+")
    assert explorer.w == pytest.approx(1.1 * before, abs=1e-3)
    assert explorer.distance() == pytest.approx(far, abs=2e-3)
    explorer.on_key("-")
    assert explorer.w == pytest.approx(before, abs=2e-3)
    explorer.on_key("q")
    for _ in range(100):
        explorer.on_key("ArrowRight", shift=True)
    assert explorer.b == 20


def test_a_line_outside_of_the_view_still_turns(make):
    explorer = make(w=[0.1, 0], b=3)
    explorer.on_key("ArrowUp")
    assert explorer.w == pytest.approx([0.1, 0.009], abs=1e-3)
    assert explorer.b == 3


# --- own points -----------------------------------------------------------------------------------------------------


def test_a_click_adds_a_point_of_the_painted_class(make):
    explorer = make(target="own", points=[], w=[1, 0], b=1, paint="class 0")
    assert "no points yet" in words(explorer)
    assert (explorer.correct(), explorer.accuracy(), explorer.loss()) == (0, 0, None)
    drag(explorer, (0.5, 0.5))
    explorer.paint = "class 1"
    drag(explorer, (1.5, 1.0))
    assert explorer.points == [[0.5, 0.5, 0], [1.5, 1.0, 1]]
    assert "1 of 2 correct (50 %)" in words(explorer)


def test_a_click_on_a_point_changes_its_class_and_a_drag_moves_it(make):
    explorer = make(target="own", points=[[1.5, 1.0, 1], [0.5, 0.5, 0]], w=[1, 0], b=1)
    drag(explorer, (1.52, 1.02))
    assert explorer.points[0] == [1.5, 1.0, 0]
    drag(explorer, (1.5, 1.0), (1.0, -0.3), (9, -1.0))
    assert explorer.points == [[2.5, -1.0, 0], [0.5, 0.5, 0]]
    explorer.undo()
    assert explorer.points[0] == [1.5, 1.0, 0]


def test_delete_removes_the_point_last_clicked(make):
    explorer = make(target="own", points=[[1.5, 1.0, 1], [0.5, 0.5, 0]])
    drag(explorer, (0.5, 0.5))
    explorer.on_key("Delete")
    assert explorer.points == [[1.5, 1.0, 1]]
    explorer.on_key("Backspace")
    assert explorer.points == [[1.5, 1.0, 1]]


def test_the_keyboard_alone_adds_moves_relabels_and_deletes(make):
    explorer = make(target="own", points=[])
    explorer.on_key("Delete")
    explorer.on_key("n")
    for key in ("Enter", "ArrowRight", "ArrowUp", "Enter"):
        explorer.on_key(key)
    assert explorer.points == [[0.6, 0.6, 1]]
    explorer.on_key("ArrowLeft", shift=True)
    explorer.on_key("Enter")
    assert explorer.points == [[0.5, 0.6, 0]]
    explorer.on_key("ArrowDown")
    explorer.on_key("ArrowDown")
    explorer.on_key("Enter")
    assert len(explorer.points) == 2
    explorer.on_key("n")
    assert explorer.cursor == [0.5, 0.6]
    explorer.on_key("n")
    explorer.on_key("Delete")
    assert explorer.points == [[0.5, 0.6, 0]]
    b = explorer.b
    explorer.on_key("Escape")
    explorer.on_key("ArrowRight")
    assert explorer.b == pytest.approx(b + 0.1)
    assert explorer.cursor is None


def test_the_cursor_leaves_with_the_own_points(make):
    explorer = make(target="own", cursor=[0.5, 0.5])
    explorer.target = "or"
    assert explorer.cursor is None
    state = explorer.state
    drag(explorer, (2.0, -1.0))
    explorer.on_key("Enter")
    assert explorer.state == state


def test_two_hundred_points_are_enough_and_it_is_said(make):
    explorer = make(target="own", points=[[x / 100, 0.5, 1] for x in range(200)], w=[0, 1], b=1)
    said = []
    explorer.say = said.append
    drag(explorer, (-1, 2))
    assert len(explorer.points) == 200
    assert any("200 points already" in message for message in said)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("abc", "list of points"),
        (3, "list of points"),
        ([[1, 2]], r"point 1 must be \[x₁, x₂, class\]"),
        ([[0, 0, 1], [1, 2, 3]], "point 2 must be of class 0 or 1, but has 3"),
        ([[0, 0, "x"]], "point 1"),
        ([[float("nan"), 0, 1]], "between -1.5 and 2.5"),
        ([[0, 9, 1]], r"\(0, 9\)"),
        ([["a", 0, 1]], "two numbers"),
        ([[0, 0, 1]] * 201, "at most 200"),
    ],
)
def test_bad_points_are_refused_with_a_sentence(make, points, message):
    explorer = make()
    state = explorer.state
    with pytest.raises(traitlets.TraitError, match=message):
        explorer.points = points
    assert explorer.state == state


def test_own_points_go_through_text(make):
    explorer = make(target="own", points=[[0.25, 1, 1]])
    other = make()
    other.load(explorer.share())
    assert other.points == [[0.25, 1.0, 1]]
