"""Clipping: the runs are the engine's own, the step is the same in words, picture and numbers, divergence is said."""

import itertools
from functools import partial

import numpy as np
import pytest
from matplotlib.text import Text

from tests.widgets.hands import drag, press
from wbviz.engine import SGD, Recurrent, clip_by_norm, clip_by_value
from wbviz.widgets import _clipping as descent
from wbviz.widgets._clipping import CLIFF, FAR, NETWORK, STEPS, TASKS, Setting
from wbviz.widgets.clipping import OPENING, Clipping

EXPLORER = partial(Clipping, controls=False)
WALL = Setting(CLIFF, 30, start=(5.0, -1.5))
LEARNS = Setting(NETWORK, 15, task="remember the first", seed=0)


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "clip"), [("by norm", clip_by_norm), ("by value", clip_by_value)])
def test_a_run_on_the_cliff_is_descent_on_the_recurrent_networks_loss(rule, clip):
    run, X, y = descent.run(WALL, 1.0, (rule, 0.2)), np.zeros((1, 30, 1)), [[0.7]]
    net, optimizer = descent.unit(30).network(5.0, -1.5), SGD(lr=1.0)
    for k in range(16):
        np.testing.assert_allclose(run.params[k], net.params[1:3], atol=1e-9)
        assert run.loss[k] == pytest.approx(float(net.loss(X, y)), abs=1e-9)
        gradient = np.where([False, True, True, False, False], net.gradient(X, y), 0.0)
        np.testing.assert_allclose(run.gradient[k], gradient[1:3], atol=1e-7)
        optimizer.step(net.params, clip(gradient, 0.2))


@pytest.mark.parametrize("limit", [None, ("by norm", 0.5), ("by value", 0.1)])
def test_a_run_of_the_network_is_descent_by_the_readable_path(limit):
    run, (X, y) = descent.run(LEARNS, 0.3, limit), descent.sequences(LEARNS)
    net, optimizer = Recurrent(1, 8, 1, init="orthogonal", seed=0), SGD(lr=0.3)
    for k in range(12):
        np.testing.assert_allclose(run.params[k], net.params, rtol=1e-6, atol=1e-9)
        gradient = net.gradient(X, y)
        assert run.norm[k] == pytest.approx(np.linalg.norm(gradient), rel=1e-6)
        optimizer.step(net.params, gradient if limit is None else descent.RULES[limit[0]](gradient, limit[1]))


@pytest.mark.parametrize("task", TASKS)
def test_the_tasks_are_what_they_are_called(task):
    X, y = TASKS[task](np.random.default_rng(0), 50, 9)
    assert X.shape[:2] == (50, 9)
    if task == "remember the first":
        assert set(np.unique(y)) == {-1.0, 1.0}
        np.testing.assert_array_equal(X[:, 0], y)
    else:
        assert (X[..., 1].sum(axis=1) == 2).all()
        np.testing.assert_allclose(y[:, 0], (X[..., 0] * X[..., 1]).sum(axis=1) - 1)


def test_every_row_of_a_run_is_finite_and_diverging_ends_it():
    run = descent.run(LEARNS, 0.3)
    assert run.diverged == len(run.loss) <= STEPS
    assert run.loss.max() <= FAR
    for values in (run.params, run.gradient, run.clipped, run.loss, run.norm):
        assert np.isfinite(values).all()
    assert descent.run(LEARNS, 0.3, ("by norm", 0.5)).diverged is None


def test_what_is_clipped_is_counted_exactly():
    for limit in (("by norm", 0.5), ("by value", 0.1)):
        run = descent.run(LEARNS, 0.3, limit)
        large = run.norm > 0.5 if limit[0] == "by norm" else np.abs(run.gradient).max(axis=1) > 0.1
        np.testing.assert_array_equal(run.cuts, large)
        assert run.cut(40) == large[:41].sum()
    assert descent.run(LEARNS, 0.3).cut(5) == 0


def test_slopes_through_time_are_those_of_backpropagation():
    run, (X, y) = descent.run(LEARNS, 0.3, ("by norm", 0.5)), descent.sequences(LEARNS)
    slopes = descent.through_time(LEARNS, 0.3, ("by norm", 0.5), 7)
    delta = descent.network(LEARNS).with_params(run.params[7]).backward(X, y).delta
    np.testing.assert_allclose(slopes, [np.linalg.norm(part) for part in delta])


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_at_the_wall_the_free_step_is_thrown_far_and_the_clipped_one_is_not(make):
    explorer = make()
    assert explorer.held.norm[16] > 20 * explorer.threshold
    explorer.step = 17
    assert np.hypot(*np.diff(explorer.free.params[16:18], axis=0)[0]) > 4
    assert np.hypot(*np.diff(explorer.held.params[16:18], axis=0)[0]) == pytest.approx(0.2, abs=1e-4)
    assert explorer.final_loss() < 0.005 < 0.05 < explorer.final_loss(clipped=False)


def test_by_norm_keeps_the_direction_and_by_value_does_not(make):
    explorer = make()
    assert explorer.angle() == pytest.approx(0, abs=1e-4)
    explorer.rule = "by value"
    assert explorer.angle() > 20
    assert np.abs(explorer.held.clipped[16]).max() == pytest.approx(0.2)
    assert "turned by 27 degrees" in explorer.describe() or "turned by 26." in explorer.describe()


def test_without_clipping_the_network_diverges_and_that_is_said(make):
    explorer = make(problem=NETWORK)
    assert explorer.free.diverged == 22
    assert explorer.loss(clipped=False) == explorer.final_loss(clipped=False) == float("inf")
    assert explorer.final_loss() < 0.01
    assert "Without: diverged at step 22, beyond 10⁶." in explorer.describe()
    assert explorer.slopes(clipped=False) is None
    assert len(explorer.slopes()) == 15


def test_a_high_threshold_changes_nothing(make):
    explorer = make(threshold=100.0, step=60)
    assert explorer.clipped_share() == 0
    np.testing.assert_array_equal(explorer.held.params, explorer.free.params)
    assert "the same so far" in explorer.describe()


def test_another_problem_brings_its_own_numbers_unless_they_are_given(make):
    explorer = make()
    explorer.problem = NETWORK
    assert {name: getattr(explorer, name) for name in OPENING[NETWORK]} == OPENING[NETWORK]
    explorer.apply({"problem": CLIFF, "lr": 0.5})
    assert (explorer.lr, explorer.length) == (0.5, 30)


def test_picture_words_and_numbers_say_the_same(make):
    explorer = make(step=40)
    explorer.png()
    scene, run = explorer.scene, explorer.held
    np.testing.assert_array_equal(scene.paths[1].get_xydata(), run.params[:41])
    np.testing.assert_allclose(scene.losses[1].get_ydata(), run.loss[:41])
    np.testing.assert_array_equal(scene.cuts.get_xdata(), np.flatnonzero(run.cuts[:41]))
    assert (
        scene.says[0].get_text() == f"Clipped: {run.cut(40)} of 41 gradients so far ({100 * run.cut(40) / 41:.0f} %)."
    )
    assert explorer.clipped_share() == pytest.approx(run.cut(40) / 41)
    explorer.apply({"problem": NETWORK, "step": 5})
    explorer.png()
    np.testing.assert_allclose(scene.slopes[1].get_ydata(), explorer.slopes())
    np.testing.assert_allclose(scene.slopes[0].get_ydata(), explorer.slopes(clipped=False))


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_on_the_map_moves_the_start_and_in_the_curves_the_step(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.plane, (5, -1.5), (4.0, -1.0), (3.5, 2.0))
    assert (explorer.start_w, explorer.start_b) == (3.5, -0.4)
    drag(explorer, explorer.scene.curves[0], (16, 0.1), (70, 0.1))
    assert explorer.step == 70
    drag(explorer, explorer.scene.curves[1], (16, 0.1))
    assert explorer.step == 16
    explorer.problem = NETWORK
    explorer.png()
    before = explorer.state
    drag(explorer, explorer.scene.plane, (5, 1.0), (8, 1.0))
    assert explorer.state == before


def test_keys_do_what_the_pointer_does(make):
    explorer = make()
    press(explorer, "ArrowRight")
    press(explorer, "ArrowRight", shift=True)
    press(explorer, "ArrowLeft")
    assert explorer.step == 26
    press(explorer, "ArrowUp")
    assert explorer.threshold == 0.22
    press(explorer, "ArrowDown")
    press(explorer, "ArrowDown")
    assert explorer.threshold == 0.17
    press(explorer, "End")
    assert explorer.step == STEPS
    press(explorer, "Home")
    assert explorer.step == 0


def test_playing_goes_on_to_the_last_step(make):
    explorer = make(step=STEPS - 2)
    explorer.under[0].start()
    assert explorer.under[0].wait(5) == "done"
    assert explorer.step == STEPS


EXTREMES = [
    {"step": 0}, {"step": STEPS}, {"rule": "by value", "step": 60, "threshold": 0.01}, 
    {"length": 2, "lr": 10.0, "step": 90},
    {"length": 50, "lr": 10.0, "step": STEPS, "start_w": 6.0, "start_b": -2.75}, {"threshold": 100.0, "lr": 0.01},
    {"problem": NETWORK}, {"problem": NETWORK, "rule": "by value", "step": 12, "task": "add two numbers"},
    {"problem": NETWORK, "lr": 10.0, "length": 50}, {"problem": NETWORK, "threshold": 100.0, "step": 30, "length": 2},
    {"problem": NETWORK, "lr": 10.0, "threshold": 0.01, "rule": "by value", "step": 119},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps_and_no_number_is_missing(make, settings):
    explorer = make(**settings)
    explorer.png()
    texts = explorer.figure.findobj(Text)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_visible() and text.get_text()]
    for text, box in boxes:
        assert not {"nan", "inf"} & set(text.lower().split()), text
        assert box.x0 >= 0, text
        assert box.x1 <= explorer.size[0], text
        assert box.y0 >= 0, text
        assert box.y1 <= explorer.size[1], text
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide < 1 or high < 4, f"{one!r} and {other!r} overlap"
    assert not {"nan", "inf"} & set(explorer.describe().lower().replace(".", " ").split())
