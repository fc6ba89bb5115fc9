"""CurveBuilder: pieces that add up, bends that are counted, and a fit beside the page."""

import itertools
from functools import partial

import numpy as np
import pytest
import traitlets

from tests.widgets.hands import press
from wbviz.engine import ACTIVATIONS, Adam, Training
from wbviz.scenes.curve_builder import PIECES, STRIP, SUM
from wbviz.widgets import _building as building
from wbviz.widgets import curve_builder
from wbviz.widgets._building import PLACES, TARGETS, resized
from wbviz.widgets.curve_builder import STRIDE, CurveBuilder

#: Six ReLUs for the six straight lines of the zigzag: each bends where the next line begins.
ZIGZAG = {
    "target": "zigzag", "units": 6,
    "params": [2] * 6 + [2, 4 / 3, 2 / 3, 0, -2 / 3, -4 / 3] + [2.4, -4.8, 4.8, -4.8, 4.8, -4.8] + [-0.8],
}  # fmt: skip
SINE = [2, 2, 2, 2, 1, -1, -0.8, 1.6, -1.6, 0]


EXPLORER = partial(CurveBuilder, controls=False)


def drag(explorer, *pixels):
    """Press at the first place, in pixels from the upper left, move through the others, and let go."""
    places = [(x, explorer.size[1] - y) for x, y in pixels]
    held = {"press": explorer.picture.pointer.get("press", 0) + 1, "px": places[0][0], "py": places[0][1]}
    for k, (x, y) in enumerate(places):
        explorer.picture.pointer = {**held, "x": x, "y": y, "down": k < len(places) - 1, "inside": True}


def across(x):
    return SUM[0] + (x + 1) / 2 * SUM[2]


def height(explorer, y):
    limit = explorer.scene.pieces.get_ylim()[1]
    return PIECES[1] + (limit - y) / (2 * limit) * PIECES[3]


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_pieces_add_up_to_the_networks_output(make, activation):
    explorer = make(activation=activation, units=5)
    explorer.randomise(seed=2)
    x = np.linspace(-1, 1, 50)
    total, pieces = explorer.pieces(x)
    np.testing.assert_allclose(pieces.sum(axis=0), total, atol=1e-12)
    np.testing.assert_allclose(explorer.network(x[:, None])[:, 0], total, atol=1e-12)
    w, b, v, c = building.split(explorer.params)
    np.testing.assert_allclose(pieces[2], v[2] * ACTIVATIONS[activation].f(w[2] * x + b[2]), atol=1e-12)
    assert (pieces[-1] == c).all()


def test_loss_and_largest_error_are_those_of_the_points(make):
    explorer = make()
    x, y = explorer.targets
    errors = explorer.network(x) - y
    assert explorer.loss() == pytest.approx(np.mean(errors**2))
    assert explorer.max_error() == pytest.approx(np.abs(errors).max())


def test_six_relus_are_the_zigzag(make):
    explorer = make(**ZIGZAG)
    assert explorer.loss() < 1e-20
    assert explorer.kinks() == pytest.approx([-2 / 3, -1 / 3, 0, 1 / 3, 2 / 3])


@pytest.mark.parametrize("seed", range(8))
def test_relus_bend_at_most_once_each_and_where_they_are_said_to(make, seed):
    explorer = make(units=6)
    explorer.randomise(seed)
    assert len(explorer.kinks()) <= 6
    x = np.linspace(-1, 1, 200_001)
    slopes = np.diff(explorer.pieces(x)[0]) / np.diff(x)
    where = x[1:-1][np.abs(np.diff(slopes)) > 1e-4]
    groups = [where[0]] + [right for left, right in itertools.pairwise(where) if right - left > 1e-4]
    assert explorer.kinks() == pytest.approx(groups, abs=1e-4)


def test_bends_that_coincide_count_once_and_may_cancel(make):
    assert make(units=2, params=[1, 1, 0, 0, 1, 1, 0]).kinks() == [0.0]
    assert make(units=2, params=[1, 1, 0, 0, 1, -1, 0]).kinks() == []
    assert make(units=2, params=[0, 1, 1, 0, 1, 0, 0]).kinks() == []
    assert make(units=1, params=[1, 0, 1, 0], activation="leaky_relu").kinks() == [0.0]
    for smooth in ("tanh", "elu", "softplus", "identity", "step"):
        assert make(units=1, params=[1, 0, 1, 0], activation=smooth).kinks() == []


def test_another_number_of_units_keeps_those_there_are(make):
    explorer = make(chosen=12, frozen=[0, 4, 12])
    before = explorer.network([[0.3]])
    explorer.units = 7
    assert explorer.network([[0.3]]) == before
    assert (explorer.unit, explorer.frozen) == (7, [0, 7, 21])
    explorer.units = 4
    assert explorer.params == make().params
    assert explorer.frozen == [0, 4, 12]
    explorer.units = 1
    assert explorer.params == [2.0, 2.0, -0.8, 0.0]
    assert explorer.frozen == [0, 1, 3]


def test_parameters_that_do_not_fit_the_units_are_refused(make):
    with pytest.raises(traitlets.TraitError, match="has 13 weights and biases, but got 4"):
        make(params=[1, 2, 3, 4])
    assert make(units=1, params=[1, 2, 3, 4]).params == [1, 2, 3, 4]


# --- picture and words ------------------------------------------------------------------------------------------------


def test_the_picture_shows_the_engines_numbers(make):
    explorer = make(**ZIGZAG)
    explorer.png()
    scene = explorer.scene
    assert scene.heading.get_text() == "6 relu units, 5 bends in view: loss 0.0000, max error 0.00"
    np.testing.assert_allclose(scene.kinks.get_xdata(), explorer.kinks())
    x, total = scene.curve.get_data()
    np.testing.assert_allclose(total, explorer.network(np.reshape(x, (-1, 1)))[:, 0])
    assert [line.get_visible() for line in scene.lines] == [True] * 6 + [False] * 2
    assert "6 units can bend it 6 times at most" in explorer.describe()


def test_the_words_hold_the_whole_sum(make):
    explorer = make(units=2, params=[2, 1, 1, -1, -0.5, 0.25, 0.1], chosen=4)
    assert "y = −0.50·relu(2.00 x + 1.00) + 0.25·relu(1.00 x − 1.00) + 0.10." in explorer.describe()
    assert "In hand: unit 1, v₁·f(w₁x + b₁) = −0.50·relu(2.00 x + 1.00); bends at −b/w = −0.50." in explorer.describe()


def test_a_jump_is_drawn_where_it_is(make):
    explorer = make(units=1, params=[1.0, -0.123, 1.0, 0.0], activation="step")
    explorer.png()
    x, y = explorer.scene.lines[0].get_data()
    after = int(np.flatnonzero(y > 0.5)[0])
    assert x[after] == pytest.approx(0.123)
    assert x[after] - x[after - 1] < 1e-8


EXTREMES = [
    {}, {"units": 8}, {"units": 8, "params": [10.0] * 25}, {"units": 8, "params": [-10.0] * 25},
    {"units": 8, "params": [2.0] * 8 + [0.0] * 8 + [0.3] * 8 + [0.0]}, {"units": 1, "params": [0.0, 1.0, 1.0, 0.4]},
    {"units": 8, "params": [-10.0] * 4 + [0.5] * 4 + [-10.0] * 17, "activation": "leaky_relu"},
    {"units": 8, "params": [0.1] * 8 + [10.0] * 4 + [-10.0] * 13, "activation": "leaky_relu", "target": "own"},
    {"units": 8, "params": [-10.0] * 25, "activation": "leaky_relu", "chosen": 7},
    {"units": 8, "params": [10.0] * 25, "activation": "leaky_relu", "chosen": 7},
    {"units": 8, "params": [1.0] * 8 + [9.9] * 8 + [-1.0] * 8 + [-9.0], "activation": "leaky_relu", "chosen": 7},
    {"target": "own", "cursor": 3, "activation": "step"}, {"units": 8, "chosen": 24}, ZIGZAG,
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    explorer.png()
    texts = explorer.figure.findobj(lambda artist: hasattr(artist, "get_text") and artist.get_text())
    texts = [text for text in texts if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    boxes = [(text, box) for text, box in boxes if box.width > 1]
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= explorer.size[0], text
        assert box.y0 >= 0, text
        assert box.y1 <= explorer.size[1], text
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide < 1 or high < 4, f"{one!r} and {other!r} overlap"


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_a_number_moves_the_bend(make):
    explorer = make()
    explorer.png()
    drag(explorer, (across(-0.5), STRIP), (across(0.1), STRIP), (across(0.25), STRIP + 90))
    assert explorer.bends()[1] == pytest.approx(0.25, abs=0.01)
    assert explorer.unit == 1
    assert explorer.undo()
    assert explorer.bends()[1] == -0.5


def test_dragging_a_piece_sets_its_height(make):
    explorer = make()
    explorer.png()
    start = explorer.pieces(np.array([0.5]))[1][1, 0]
    drag(explorer, (across(0.5), height(explorer, start)), (across(0.5), height(explorer, 1.0)))
    assert explorer.unit == 1
    assert explorer.pieces(np.array([0.5]))[1][1, 0] == pytest.approx(1.0, abs=0.02)


def test_dragging_the_line_c_sets_the_output_bias(make):
    explorer = make(chosen=12)
    explorer.png()
    drag(explorer, (across(-0.2), height(explorer, 0)), (across(0.3), height(explorer, 0.7)))
    assert explorer.params[-1] == pytest.approx(0.7, abs=0.02)


def test_a_target_of_ones_own_is_drawn_by_pointer_and_keys(make):
    explorer = make(target="own")
    explorer.png()
    middle = SUM[1] + SUM[3] / 2
    drag(explorer, (across(-1), middle), (across(-0.5), middle), (across(0.5), middle - 40), (across(0.6), middle))
    assert explorer.own[:6] == [0.0] * 6
    assert explorer.own[10] == pytest.approx(explorer.own[15] / 2, abs=0.02)
    assert explorer.own[15] > 0.2
    before = list(explorer.own)
    press(explorer, "Enter", "ArrowLeft", "ArrowUp")
    assert explorer.cursor == 9
    assert explorer.own[9] == pytest.approx(before[9] + 0.05)
    press(explorer, "Enter")
    assert explorer.cursor is None
    explorer.target = "sine"
    press(explorer, "Enter")
    assert explorer.cursor is None


def test_keys_do_what_the_pointer_does(make):
    explorer = make()
    press(explorer, "2", "ArrowRight")
    assert explorer.bends()[1] == pytest.approx(-0.45)
    press(explorer, "ArrowUp")
    press(explorer, "ArrowDown", shift=True)
    assert explorer.params[9] == pytest.approx(0.7)
    press(explorer, "+")
    assert explorer.params[1] == pytest.approx(2.1)
    assert explorer.bends()[1] == pytest.approx(-0.45, abs=1e-3)
    press(explorer, "0", "ArrowUp", "ArrowLeft")
    assert explorer.params[-1] == pytest.approx(0.1)
    press(explorer, "9", "x")
    assert explorer.unit == 4


@pytest.mark.parametrize("wrong", [[0.0] * 20, [0.0] * 20 + [3.0], "abc", 7, [float("nan")] * 21])
def test_a_target_that_is_none_is_refused(make, wrong):
    with pytest.raises(traitlets.TraitError, match="own"):
        make(own=wrong)


# --- fitting ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(curve_builder, "PER_SECOND", 1e6)


def test_the_fit_is_real_training_and_one_step_of_undo(make, quick, monkeypatch):
    monkeypatch.setattr(curve_builder, "FIT_STEPS", 200)
    explorer = make()
    start, before = explorer.params, explorer.loss()
    net = explorer.network
    for _ in Training(net, *explorer.targets, optimizer=Adam(lr=0.02), epochs=200):
        pass
    explorer.fit()
    assert explorer._work.wait(20) == "done"
    np.testing.assert_allclose(explorer.params, net.params, atol=1e-4)
    assert explorer.loss() < before / 2
    assert explorer.undo()
    assert explorer.params == start


def test_while_it_fits_a_weight_may_be_moved_or_frozen(make, quick):
    explorer = make(frozen=[0])
    _step(explorer)
    assert explorer.params[1] != 2.0
    explorer.params = [*explorer.params[:4], 9.0, *explorer.params[5:]]
    _step(explorer)
    assert explorer.params[4] != 9.0
    assert explorer.params[4] == pytest.approx(9.0, abs=0.02 * STRIDE + 0.1)
    assert explorer.params[0] == 2.0


def test_while_it_fits_the_network_and_its_target_may_become_others(make, quick, monkeypatch):
    monkeypatch.setattr(curve_builder, "FIT_STEPS", 150)
    explorer = make()
    _step(explorer)
    assert explorer.params[1] != 2.0
    explorer.apply({"units": 6, "activation": "tanh", "target": "bump"})
    explorer._work.resume()
    assert explorer._work.wait(20) == "done"
    assert len(explorer.params) == 19
    assert explorer.loss() < 0.5


def test_no_weight_leaves_its_range(make, quick, monkeypatch):
    monkeypatch.setattr(curve_builder, "FIT_STEPS", 100)
    explorer = make(units=2, params=[10.0] * 7, target="stairs")
    explorer.fit()
    assert explorer._work.wait(20) == "done"
    assert np.abs(explorer.params).max() <= 10


def test_reset_ends_a_fit(make):
    explorer = make()
    explorer.fit()
    _until(lambda: explorer.params[1] != 2.0)
    explorer.reset()
    assert explorer._work.wait(5) == "stopped"
    assert explorer.params == make().params


def _step(explorer):
    """Take one step of the fit and wait until it is taken."""
    explorer._work.step()
    _until(lambda: not explorer._work._go.is_set())


def _until(happened):
    for _ in range(500):
        if happened():
            return
        curve_builder.time.sleep(0.01)
    raise AssertionError("it never happened")


# --- pieces -----------------------------------------------------------------------------------------------------------


def test_targets_stay_in_view():
    for name, target in TARGETS.items():
        assert np.abs(target(np.linspace(-1, 1, 1001))).max() <= 1.2, name
    assert len(PLACES) == 21


def test_resizing_back_and_forth_keeps_what_is_there():
    params = list(np.arange(10.0))
    assert resized(resized(params, 8), 3) == params
