"""Activation shapes: values and slopes are the engine's, zones and jumps are where they are said to be."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS
from wbviz.widgets._shapes import NAMES, SATURATED, note_on, range_in_words, saturated_in_words, shape_of
from wbviz.widgets.activation_shapes import NONE, PLAIN, ActivationShapes, _curve

EVERY = pytest.mark.parametrize("name", ACTIVATIONS)
tenths = st.integers(-50, 50).map(lambda n: n / 10)


EXPLORER = ActivationShapes
PAINTED = True


def table(explorer):
    texts = [text.get_text() for text in explorer.scene.table]
    return texts[::2], texts[1::2]


def pointer(x, y, start=None, down=True):
    px, py = start if start is not None else (x, y)
    return {"press": 1, "px": px, "py": py, "x": x, "y": y, "down": down, "shift": False, "inside": True}


# --- numbers --------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(ACTIVATIONS)), tenths, tenths, tenths)
def test_the_numbers_are_those_of_the_formula(name, w, b, x):
    explorer = ActivationShapes(activation=name, w=w, b=b, x=x, controls=False)
    z = w * x + b
    assert explorer.z() == pytest.approx(z, abs=1e-12)
    assert explorer.output() == pytest.approx(float(ACTIVATIONS[name].f(np.array(z))), abs=1e-9)
    assert explorer.slope() == pytest.approx(w * explorer.derivative(), abs=1e-12)
    if abs(z) > 1e-3:
        h = 1e-6
        f = ACTIVATIONS[name].f
        assert explorer.derivative() == pytest.approx(
            float(f(np.array(z + h)) - f(np.array(z - h))) / (2 * h), abs=1e-6
        )
    explorer.close()


def test_the_table_shows_both_curves_at_the_same_x(make):
    first, second = table(make(activation="tanh", compare="sigmoid", w=2, b=-1, x=1))
    assert first == ["tanh", "0.762", "0.420", "0.840", "1.000", "−1 to 1", "0.00", "|z| ≥ 2.18"]
    assert second == ["sigmoid", "0.731", "0.197", "0.393", "0.250", "0 to 1", "0.50", "|z| ≥ 4.36"]


def test_the_plain_curve_has_w_one_and_b_zero(make):
    explorer = make(compare=PLAIN, w=3, b=2, x=0.5)
    assert table(explorer)[1][1] == f"{ACTIVATIONS['sigmoid'].f(np.array(0.5)):.3f}"
    assert not any(make(compare=NONE).scene.curves[1][k].get_visible() for k in (0, 1))


@EVERY
def test_what_is_drawn_is_the_engines_function_and_derivative(make, name):
    explorer = make(activation=name, w=-1.3, b=0.7)
    for line, function in zip(
        explorer.scene.curves[0], (ACTIVATIONS[name].f, ACTIVATIONS[name].derivative), strict=True
    ):
        x, y = line.get_data()
        away = np.isfinite(y) & (np.abs(x - explorer.bend()) > 1e-9)
        assert away.sum() >= 400
        np.testing.assert_allclose(y[away], function(-1.3 * x[away] + 0.7), atol=1e-12)


# --- shapes ---------------------------------------------------------------------------------------------------------


@EVERY
def test_zones_hold_where_the_slope_is_at_most_five_percent_of_the_largest(name):
    shape, z = shape_of(name), np.linspace(-20, 20, 4001) + 0.0021
    inside = np.any([(low < z) & (z < high) for low, high in shape.zones] or [np.zeros(len(z), bool)], axis=0)
    slope = np.abs(ACTIVATIONS[name].derivative(z))
    np.testing.assert_array_equal(inside, slope <= SATURATED * shape.steepest)
    assert shape.steepest == pytest.approx(slope.max(), abs=1e-4)


def test_known_numbers():
    assert shape_of("sigmoid").steepest == 0.25
    assert shape_of("sigmoid").zones[1][0] == pytest.approx(-math.log((1 - math.sqrt(0.95)) / (1 + math.sqrt(0.95))))
    assert shape_of("tanh").zones[1] == (pytest.approx(math.atanh(math.sqrt(0.95))), math.inf)
    assert shape_of("gelu").low == pytest.approx(-0.17, abs=1e-4)
    assert shape_of("silu").lowest_at == pytest.approx(-1.2785, abs=0.005)
    assert [range_in_words(shape_of(n)) for n in ("identity", "relu", "elu", "silu")] == [
        "−∞ to ∞", "0 to ∞", "−1 to ∞", "−0.28 to ∞",
    ]  # fmt: skip
    assert [saturated_in_words(shape_of(n)) for n in ("identity", "step", "relu", "elu")] == [
        "nowhere", "everywhere", "z ≤ 0.00", "z ≤ −3.00",
    ]  # fmt: skip


@EVERY
def test_a_jump_is_told_by_a_gap_a_full_dot_and_a_hollow_one(make, name):
    explorer, shape = make(activation=name, w=2.0, b=-2.0), shape_of(name)
    kinks = {"relu", "leaky_relu"}
    assert (shape.slope_sides is not None, shape.f_sides is not None) == (name in kinks, name == "step")
    for line, full, hollow, sides, function in zip(
        explorer.scene.curves[0], explorer.scene.full, explorer.scene.open, (shape.f_sides, shape.slope_sides),
        (ACTIVATIONS[name].f, ACTIVATIONS[name].derivative), strict=True,
    ):  # fmt: skip
        assert np.isnan(line.get_ydata()).sum() == (sides is not None)
        assert full.get_visible() == hollow.get_visible() == (sides is not None)
        if sides:
            assert full.get_data() == ((1.0,), (float(function(np.zeros(1))[0]),))
            assert hollow.get_ydata()[0] == next(side for side in sides if side != sides[1])


@pytest.mark.parametrize(("w", "b"), [(-1.0, 1.0), (5.0, 0.0), (-0.3, 0.7), (0.1, 4.9)])
def test_a_jump_never_leaves_a_line_between_its_sides(w, b):
    x, a, _ = _curve("step", w, b)
    assert set(a[np.isfinite(a)]) <= {0.0, 1.0}
    assert (np.diff(a[np.isfinite(a)]) != 0).sum() == np.isnan(a).sum()
    assert (np.diff(x) >= 0).all()


def test_every_activation_has_a_name_and_a_note(make):
    assert set(NAMES) == set(ACTIVATIONS)
    for name in ACTIVATIONS:
        assert 1 <= len(note_on(name)) <= 3
        assert all(0 < len(line) <= 40 and "{" not in line for line in note_on(name))
    assert "a = −0.17 at z = −0.75." in make(activation="gelu").scene.notes.get_text()


# --- saturation, shift, view ----------------------------------------------------------------------------------------


def test_zones_follow_w_and_b(make):
    explorer = make(activation="tanh", w=2.0, b=1.0)
    edge = math.atanh(math.sqrt(0.95))
    assert explorer._zones() == [(-5.0, pytest.approx((-edge - 1) / 2)), (pytest.approx((edge - 1) / 2), 5.0)]
    explorer.w = -2.0
    assert explorer._zones()[0] == (pytest.approx((1 - -edge) / 2), 5.0)
    explorer.apply({"w": 0.0, "b": 5.0})
    assert explorer._zones() == [(-5.0, 5.0)]
    assert explorer.saturated()
    explorer.b = 0.0
    assert explorer._zones() == []


def test_the_bend_lies_at_minus_b_over_w(make):
    explorer = make(w=2.0, b=-3.0)
    assert explorer.bend() == 1.5
    assert explorer.scene.bends[0].get_visible()
    explorer.apply({"w": 0.5, "b": -4.0})
    explorer.png()
    assert not explorer.scene.bends[0].get_visible()
    assert "8.00 (out of view)" in explorer.describe()
    explorer.w = 0.0
    assert explorer.bend() is None
    assert "w = 0: z is b" in explorer.describe()


def test_a_point_out_of_view_is_a_triangle_at_the_edge(make):
    explorer = make(activation="relu", w=4.0, b=2.0, x=3.0)
    point = explorer.scene.points[0]
    assert (point.get_marker(), point.get_ydata()[0]) == ("^", explorer.scene.upper.get_ylim()[1])
    explorer.x = 0.1
    explorer.png()
    assert (point.get_marker(), point.get_ydata()[0]) == ("o", pytest.approx(2.4))


# --- gestures -------------------------------------------------------------------------------------------------------


def test_dragging_the_point_sets_x_in_either_plot(make):
    explorer = make()
    for axes in (explorer.scene.upper, explorer.scene.lower):
        place = axes.transData.transform((-1.0, 0.5))
        explorer.picture.pointer = pointer(*place) | {"press": explorer._presses + 1}
        assert explorer.x == pytest.approx(-1.0, abs=0.02)
        press = explorer._presses
        explorer.picture.pointer = pointer(1e5, place[1], start=place, down=False) | {"press": press}
        assert explorer.x == 5.0
    assert (explorer.w, explorer.b) == (2.0, -2.0)


def test_dragging_the_dotted_line_sets_b(make):
    explorer = make(w=2.0, b=-2.0, x=-3.0)
    start, end = (explorer.scene.upper.transData.transform((x, -0.8)) for x in (1.0, -1.5))
    explorer.picture.pointer = pointer(*start)
    assert (explorer.b, explorer.x) == (-2.0, -3.0)
    explorer.picture.pointer = pointer(*end, start=start)
    assert explorer.b == pytest.approx(3.0, abs=0.05)
    assert explorer.x == -3.0


def test_keys_move_x_w_and_b_within_their_ranges(make):
    explorer = make()
    keys = ["ArrowRight", "ArrowUp", "+", "-", "-"]
    explorer.picture.keystrokes = {"n": 6, "recent": [{"key": k} for k in keys] + [{"key": "ArrowLeft", "shift": True}]}
    assert (explorer.x, explorer.w, explorer.b) == (pytest.approx(0.6), 2.1, -2.1)
    explorer.b = 5.0
    explorer.on_key("+")
    assert explorer.b == 5.0
