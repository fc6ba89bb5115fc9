"""DeadReLU: a dead unit's gradient is exactly 0 and nothing moves it; what revives it, and what does not."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.hands import drag as click
from tests.widgets.hands import press
from wbviz.engine import SGD, Network, numerical_gradient, train
from wbviz.widgets import _dying as experiment
from wbviz.widgets._dying import ALIVE, ASLEEP, BIASES, CURES, DEAD, RATES, SEEDS, STEPS, Setting
from wbviz.widgets.dead_relu import DeadReLU

EXPLORER = DeadReLU
KILLED = Setting("relu", 8, 0.0, 10.0, "none", STEPS, 0)
MOVED = {"bias": -2.0, "lr": 1.0, "cure": CURES[-1], "since": 20}


# --- the experiment ---------------------------------------------------------------------------------------------------


def test_without_a_cure_it_is_plain_training():
    X, y = experiment.points()
    net = Network([2, 8, 1], hidden="relu", init="he", seed=0)
    train(net, X, y, loss="binary_cross_entropy", optimizer=SGD(10.0), epochs=STEPS)
    run = experiment.run(KILLED)
    np.testing.assert_allclose(run.params[-1], net.params, rtol=1e-9)
    assert run.losses[-1] == pytest.approx(float(net.loss(X, y, loss="binary_cross_entropy")))
    assert run.params.shape == (STEPS + 1, net.n_params)


def test_states_follow_from_the_units_own_sums_and_gradients():
    X, y = experiment.points()
    for setting in (KILLED, KILLED._replace(activation="leaky_relu", bias=-2.0), KILLED._replace(activation="elu")):
        run = experiment.run(setting)
        for step in (0, 3, STEPS):
            net = experiment.network(setting).with_params(run.params[step])
            fires = (net.forward(X).z[0] > 0).sum(axis=0)
            assert list(run.fires[step]) == list(fires)
            dW, db = (views[0] for views in net.views(numerical_gradient(net, X, y, loss="binary_cross_entropy")))
            lengths = np.sqrt((dW**2).sum(axis=0) + db**2)
            np.testing.assert_allclose(
                run.gradient[step], lengths, atol=1e-5, rtol=5e-3
            )  # a difference may cross a kink
            assert ((run.state[step] == ALIVE) == (fires > 0)).all()


def test_a_dead_units_weights_and_bias_never_move_again():
    run = experiment.run(KILLED)
    W, b = experiment.network(KILLED).views(run.params)
    for unit in np.flatnonzero(run.state[-1] == DEAD):
        since = int(np.flatnonzero(run.state[:, unit] != DEAD).max()) + 1
        assert not run.gradient[since:, unit].any()
        assert (W[0][since:, :, unit] == W[0][since, :, unit]).all()
        assert (b[0][since:, unit] == b[0][since, unit]).all()


@pytest.mark.parametrize("cure", CURES)
def test_a_cure_changes_nothing_before_it_begins(cure):
    plain, cured = experiment.run(KILLED), experiment.run(KILLED._replace(cure=cure, since=50))
    np.testing.assert_allclose(cured.params[:51], plain.params[:51], rtol=1e-9)
    np.testing.assert_array_equal(cured.state[:51], plain.state[:51])
    assert len(cured.params) == len(cured.losses) == STEPS + 1


@pytest.mark.parametrize("since", [0, STEPS])
def test_a_cure_may_begin_at_either_end(since):
    run = experiment.run(KILLED._replace(cure="elu", since=since))
    assert len(run.state) == STEPS + 1
    assert np.isfinite(run.losses).all()


def test_the_map_counts_the_same_units_as_the_figure():
    found = experiment.Map("relu", 8)
    assert list(experiment.measure(found))[-1][0] == 1.0
    assert found.done == len(BIASES)
    row, column = BIASES.index(0), RATES.index(10.0)
    silent = [(experiment.run(KILLED._replace(seed=seed)).fires[-1] == 0).sum() for seed in range(SEEDS)]
    assert found.after[row, column] == pytest.approx(np.mean(silent), abs=0.11)
    assert (np.diff(found.before[:, 0]) >= 0).all()
    assert found.after[row, -1] > 5 > 1 > found.after[row, 0]


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_too_large_a_rate_kills_units_and_a_smaller_one_from_the_same_start_does_not(make):
    explorer = make()
    assert explorer.dead() == explorer.silent() == 7
    assert "7 of 8 units never fire; their gradient is exactly 0." in explorer.describe()
    killed = explorer.accuracy()
    explorer.lr = 1.0
    assert explorer.silent() == 0
    assert explorer.accuracy() > killed


def test_a_negative_bias_kills_at_the_start(make):
    explorer = make(bias=-4.0, lr=1.0, step=0)
    assert explorer.dead() == explorer.silent() >= 7


@pytest.mark.parametrize("seed", range(4))
def test_a_smaller_rate_afterwards_revives_none_and_a_moved_bias_does(make, seed):
    explorer = make(**MOVED, seed=seed)
    assert explorer.revived() >= 5
    explorer.cure = CURES[1]
    assert explorer.revived() == 0
    assert explorer.dead() >= 5
    explorer.cure = "leaky_relu"
    assert explorer.dead() == 0
    assert explorer.gradients().min() > 0


def test_asleep_is_told_from_dead(make):
    explorer = make(activation="leaky_relu", bias=-3.0, lr=0.1)
    assert explorer.silent() > 0
    assert explorer.dead() == 0
    assert "still have a gradient" in explorer.describe()
    assert (explorer._run.state[-1] == ASLEEP).sum() == explorer.silent()


def test_picture_words_and_methods_say_the_same(make):
    explorer = make(step=4, unit=5)
    explorer.png()
    scene = explorer.scene
    assert [text for text in scene.fires._texts if text] == [f"{count} of 80" for count in explorer.fires()]
    assert scene.states._texts.count("dead: exactly 0") == explorer.dead()
    assert sum(text == "0" for text in scene.gradients._texts) == explorer.dead()
    assert len(scene.hinges[2].get_segments()) <= explorer.dead()


def test_divergence_is_said(make):
    explorer = make(activation="softplus", units=12, lr=100.0, bias=2.0)
    explorer.png()
    assert "nan" not in explorer.describe()
    run = experiment.Run(*explorer._run[:-1], diverged=7)
    explorer.__class__ = type("Other", (DeadReLU,), {"_run": run})
    assert explorer._verdict().startswith("Diverged at step 7")


# --- the map, gestures ------------------------------------------------------------------------------------------------


def test_the_map_fills_beside_the_page_and_goes_when_it_is_another_networks(make):
    explorer = make()
    explorer.measure()
    explorer.wait(30)
    explorer.png()
    assert explorer.map.done == len(BIASES)
    assert "7 of 7 rows are measured" in explorer.describe()
    explorer.lr = 3.0
    assert explorer.map is not None
    explorer.units = 4
    assert explorer.map is None
    assert explorer.png() == make(units=4, lr=3.0).png()


def test_stopping_the_map_keeps_the_rows_measured(make):
    explorer = make()
    steps, rows = explorer._measure(), 0
    while rows < 2:
        next(steps)
        rows = explorer.map.done
    assert np.isfinite(explorer.map.after[:2]).all()
    assert np.isnan(explorer.map.after[2:]).all()
    explorer.png()
    assert "2 of 7 rows" in explorer.describe()


def test_clicks_take_a_unit_or_go_to_a_place_of_the_map(make):
    explorer = make(units=4, lr=1.0)
    explorer.png()
    scene = explorer.scene
    line = scene.hinges[0].get_segments()[2]
    click(explorer, scene.plane, line.mean(axis=0))
    picked = explorer.unit
    w, b = explorer.network.weights[0][:, picked - 1], explorer.network.biases[0][picked - 1]
    assert abs(line.mean(axis=0) @ w + b) < 1e-6
    click(explorer, scene.cells, (4.5, 3.5))
    assert (explorer.lr, explorer.bias) == (5.0, -1.0)
    click(explorer, scene.page, (400, scene.rows[1]))
    assert explorer.unit == 2
    click(explorer, scene.times, (30, 1), (41.2, 2))
    assert explorer.step == 41


def test_keys_do_what_the_pointer_does(make):
    explorer = make(step=50)
    for key, shift in (("ArrowLeft", True), ("ArrowRight", False), ("ArrowDown", False), ("ArrowDown", False)):
        press(explorer, key, shift=shift)
    assert (explorer.step, explorer.unit) == (41, 3)
    press(explorer, "Home")
    assert explorer.step == 0


EXTREMES = [
    {}, {**MOVED, "units": 12, "unit": 12}, {"units": 1, "activation": "leaky_relu", "lr": 0.01, "bias": -4.0},
    {"activation": "softplus", "lr": 100.0, "units": 12, "bias": 2.0}, {"cure": CURES[1], "since": 100, "lr": 0.35},
    {"activation": "elu", "bias": -4.0, "units": 12, "cure": "leaky_relu", "since": 0, "lr": 100.0}, {"step": 0},
    {"cure": CURES[-1], "bias": -4.0, "step": 0, "units": 12},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    explorer.png()
    scene = explorer.scene
    boxes = text_boxes(explorer.figure, scene.page, scene.times)
    for numbers in (scene.names, scene.fires, scene.gradients, scene.states):
        boxes += number_boxes(numbers)
    assert_clear(explorer.figure, boxes)
