"""Playground: every number the engine's, one consistent state while it trains, and hands that reach everything."""

import json
import threading
import time

import numpy as np
import pytest
import traitlets

from tests.picture.sent import Frames
from tests.widgets.hands import press
from wbviz.engine import Network
from wbviz.widgets import _lab as lab
from wbviz.widgets.playground import Playground

SMALL = {"examples": 40, "layers": [2]}


EXPLORER = Playground


def drag(explorer, start, end=None, shift=False):
    end, number = end or start, explorer.picture.pointer.get("press", 0) + 1
    held = {"press": number, "px": start[0], "py": start[1], "shift": shift, "inside": True}
    explorer.picture.pointer = held | {"x": start[0], "y": start[1], "down": True}
    if end != start:
        explorer.picture.pointer = held | {"x": end[0], "y": end[1], "down": True}
    explorer.picture.pointer = held | {"x": end[0], "y": end[1], "down": False}


def on_map(explorer, x, y):
    explorer.png()
    return tuple(float(v) for v in explorer.scene.map.axes.transData.transform((x, y)))


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


# --- the numbers ------------------------------------------------------------------------------------------------------


def test_the_numbers_shown_are_the_engines(make):
    explorer = make(l2=0.01, **SMALL)
    explorer.train(5)
    lesson, net = explorer.lesson, explorer.network
    X, y = lesson.part(True, ("x1", "x2"))
    assert explorer.test_loss() == pytest.approx(float(net.loss(X, y, loss="binary_cross_entropy")))
    assert f"validation loss (binary cross entropy) {explorer.test_loss():.3f}" in explorer.describe()
    assert f"penalty {float(net.penalty(l2=0.01)):.3f}" in explorer.describe()
    assert explorer.accuracy() == pytest.approx(((net(lesson.part(False, ("x1", "x2"))[0]) > 0) == lesson.part(
        False, ("x1", "x2"))[1]).mean())  # fmt: skip


def test_the_sum_of_the_unit_in_hand_is_written_out(make):
    explorer = make(cursor=[2.0, -1.0], layers=[3])
    explorer.chosen = explorer.network.index("W", 0, 1, 2)
    net = explorer.network
    z = 2.0 * net.weights[0][0, 2] - net.weights[0][1, 2] + net.biases[0][2]
    words = explorer.describe()
    assert f"z = {z:.2f}".replace("-", "−") in words
    assert f"tanh(z) = {np.tanh(z):.2f}".replace("-", "−") in words


def test_shares_state_and_picture_go_together(make):
    explorer = make(optimizer="Adam", lr=0.02, **SMALL)
    explorer.train(3)
    explorer.advance(updates=1)
    twin = Playground.from_state(json.loads(json.dumps(explorer.state)))
    try:
        assert twin.png() == explorer.png()
        assert twin.describe() == explorer.describe()
        explorer.train(3)
        twin.train(3)
        assert twin.params == explorer.params
        assert twin.state == explorer.state
    finally:
        twin.close()


# --- the run ----------------------------------------------------------------------------------------------------------


def test_rewind_leads_to_the_same_start_and_the_same_run(make):
    explorer = make(**SMALL)
    explorer.set_parameter(3, 1.5)
    start = explorer.params
    explorer.train(4)
    first = explorer.params
    explorer.rewind()
    assert (explorer.params, explorer.run, explorer.epoch) == (start, {}, 0)
    explorer.train(4)
    assert explorer.params == first
    explorer.rewind()
    explorer.lr = 0.05
    explorer.train(4)
    assert explorer.params != first


def test_training_is_no_step_of_undo_and_undo_leads_back_to_the_moment_of_the_change(make):
    explorer = make(**SMALL)
    explorer.train(3)
    then = explorer.state
    explorer.lr = 0.5
    explorer.train(3)
    assert explorer.undo()
    assert explorer.state == then
    assert not explorer.undo()


@pytest.mark.parametrize("change", [{"lr": 0.5}, {"l1": 0.1}, {"batch_size": 3}, {"activation": "relu"}, {"noise": 0.3},
                                    {"frozen": [1]}, {"optimizer": "Adam"}, {"clip_norm": 1.0}, {"examples": 60},
                                    {"biases": False}, {"schedule": "cosine"}])  # fmt: skip
def test_these_changes_leave_the_run_where_it_is(make, change):
    explorer = make(**SMALL)
    explorer.train(2)
    weights = explorer.params[0]
    explorer.apply(change)
    assert (explorer.epoch, explorer.params[0]) == (2, weights)
    explorer.train(1)
    assert explorer.epoch == 3


@pytest.mark.parametrize("change", [{"dataset": "xor"}, {"seed": 5}, {"loss": "mse"}, {"task": "regression"}])
def test_these_changes_go_back_to_the_same_weights(make, change):
    explorer = make(**SMALL)
    start = explorer.params
    explorer.train(2)
    explorer.apply(change)
    assert (explorer.epoch, explorer.params) == (0, start)


@pytest.mark.parametrize("change", [{"features": ["x1"]}, {"layers": []}, {"init": "he"}, {"init_seed": 4}])
def test_these_changes_draw_new_weights(make, change):
    explorer = make(**SMALL)
    explorer.train(2)
    explorer.apply(change)
    assert explorer.epoch == 0
    assert explorer.params == lab.fresh(explorer.sizes, explorer.init, explorer.init_seed)


def test_biases_off_are_zero_and_stay_so(make):
    explorer = make(**SMALL)
    explorer.train(1)
    explorer.biases = False
    explorer.train(3)
    assert all(not b.any() for b in explorer.network.biases)
    assert "biases held at 0" in explorer.describe()


def test_divergence_is_said_and_never_nan(make):
    explorer = make(lr=10.0, activation="relu", layers=[8, 8])
    explorer.train(20)
    words = explorer.describe()
    assert "Diverged" in words
    assert "nan" not in words.lower()
    assert np.isfinite(explorer.params).all()
    assert explorer.png().startswith(b"\x89PNG")
    explorer.rewind()
    assert "Diverged" not in explorer.describe()


# --- beside the page --------------------------------------------------------------------------------------------------


def test_it_plays_beside_the_page_and_ends_by_itself(make):
    explorer, alone = make(max_epochs=12, speed="5 epochs", **SMALL), make(max_epochs=12, **SMALL)
    explorer.play()
    explorer.wait(20)
    alone.train(50)
    assert explorer.epoch == 12
    assert explorer.params == alone.params
    assert explorer.run == alone.run
    assert "All 12 epochs are over" in explorer.describe()


def test_what_the_learner_does_meanwhile_wins(make):
    explorer = make(max_epochs=10_000, **SMALL)
    frames = Frames(explorer.picture).ready()
    explorer.play()
    wait_until(lambda: explorer.epoch >= 2)
    explorer.frozen = [0]
    explorer.set_parameter(0, 4.25)
    explorer.lr = 0.01
    epoch = explorer.epoch
    wait_until(lambda: explorer.epoch > epoch + 2)
    explorer.pause()
    frames.acknowledge()
    assert (explorer.params[0], explorer.lr) == (4.25, 0.01)
    assert not explorer.playing
    here = explorer.epoch
    time.sleep(0.1)
    assert explorer.epoch == here
    explorer.rewind()
    assert explorer.epoch == 0


def test_hands_and_thread_never_wait_for_each_other(make):
    explorer = make(max_epochs=10_000, **SMALL)
    Frames(explorer.picture).ready()
    explorer.play()

    def turn():
        for k in range(40):
            explorer.lr = 0.01 + 0.001 * k
            explorer.apply({"layers": [1 + k % 4]})
            explorer.toggle_play() if k % 7 == 0 else explorer.rewind()

    busy = [threading.Thread(target=turn, daemon=True) for _ in range(2)]
    for thread in busy:
        thread.start()
    for thread in busy:
        thread.join(60)
    assert not any(thread.is_alive() for thread in busy)
    explorer.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("wbviz Training")]


def test_the_table_follows_while_it_trains(make):
    explorer = make(**SMALL)
    (row,) = explorer._panel._rows["params"]
    explorer.train(3)
    assert row.values == pytest.approx(explorer.params, rel=1e-5)


def test_nothing_to_learn_from_is_said(make):
    explorer = make(dataset="own")
    with pytest.raises(ValueError, match="no training point"):
        explorer.play()
    press(explorer, "p")
    assert "no training point" in explorer._panel._message.value
    assert "0 training points" in explorer.describe()


# --- hands ------------------------------------------------------------------------------------------------------------


def test_points_are_added_relabelled_moved_and_deleted_by_pointer(make):
    explorer = make(dataset="own")
    drag(explorer, on_map(explorer, 2, 1))
    assert explorer.points == [[pytest.approx(2, abs=0.03), pytest.approx(1, abs=0.03), 1.0]]
    drag(explorer, on_map(explorer, 2, 1))
    assert explorer.points[0][2] == 0
    drag(explorer, on_map(explorer, 2, 1), on_map(explorer, -3, -2))
    assert explorer.points == [[pytest.approx(-3, abs=0.03), pytest.approx(-2, abs=0.03), 0.0]]
    drag(explorer, on_map(explorer, -3, -2), shift=True)
    assert explorer.points == []
    drag(explorer, on_map(explorer, 0, 0), on_map(explorer, 4, 4))
    assert explorer.points == []
    assert explorer.cursor == [pytest.approx(4, abs=0.03)] * 2


def test_a_drawn_point_that_is_touched_makes_all_of_them_the_learners_own(make):
    explorer = make(**SMALL)
    explorer.train(2)
    lesson, x, y = explorer.lesson, *explorer.lesson.points[0, :2]
    drag(explorer, on_map(explorer, x, y), on_map(explorer, 5, 5))
    assert explorer.dataset == "own"
    assert len(explorer.points) == 40
    assert np.array_equal(explorer.lesson.held_out, lesson.held_out)
    assert explorer.epoch == 2
    assert explorer.undo()


def test_points_by_keys(make):
    explorer = make(dataset="own", cursor=[1.0, 1.0])
    press(explorer, "Enter")
    press(explorer, "ArrowRight", shift=True)
    assert explorer.points == [[1.1, 1.0, 1.0]]
    press(explorer, "Enter")
    assert explorer.points == [[1.1, 1.0, 0.0]]
    press(explorer, "Delete", "Escape", "ArrowUp")
    assert explorer.points == []
    assert explorer.cursor == [1.1, 1.1]


def test_values_are_added_for_a_number_to_predict(make):
    explorer = make(dataset="own", task="regression", value=-0.5, cursor=[0.0, 0.0])
    press(explorer, "Enter")
    assert explorer.points == [[0.0, 0.0, -0.5]]


def test_features_units_and_lines_answer_the_pointer(make):
    explorer = make(layers=[3])
    explorer.png()
    net = explorer.scene.network
    drag(explorer, net.feature_place(2))
    assert explorer.features == ["x1", "x2", "x1^2"]
    explorer.png()
    drag(explorer, tuple(net._places[1][1]))
    assert explorer.network.name_of(explorer.chosen) == ("b", 0, 1)
    line = net.lines.index(("W", 1, 2, 0))
    x, y = net._ends[line].mean(axis=0)
    before = explorer.params[explorer.network.index("W", 1, 2, 0)]
    drag(explorer, (x, y), (x, y + 50))
    assert explorer.network.name_of(explorer.chosen) == ("W", 1, 2, 0)
    assert explorer.params[explorer.chosen] == pytest.approx(before + 1, abs=0.01)


def test_parameters_by_keys(make):
    explorer = make(layers=[2])
    press(explorer, "PageDown", "PageDown", "f")
    assert (explorer.chosen, explorer.frozen) == (2, [2])
    before = explorer.params[2]
    press(explorer, "+")
    press(explorer, "-", shift=True)
    assert explorer.params[2] == pytest.approx(before - 0.9, abs=0.002)
    press(explorer, "f", "5", "e", "u")
    assert explorer.frozen == []
    assert explorer.features == ["x1", "x2", "x1*x2"]
    assert (explorer.epoch, explorer.run["batch"]) == (1, 1)
    press(explorer, "r")
    assert explorer.run == {}


def test_the_last_feature_stays_on(make):
    explorer = make(features=["x2"])
    press(explorer, "2")
    assert explorer.features == ["x2"]
    assert "at least one feature" in explorer._panel._message.value


# --- settings ---------------------------------------------------------------------------------------------------------


def test_bad_settings_are_refused_with_a_sentence(make):
    explorer = make()
    for name, value, said in (
        ("layers", [9], "1 to 8 units"), ("layers", [1] * 7, "at most 6"), ("features", [], "at least one"),
        ("features", ["x3"], "no feature 'x3'"), ("run", {"epoch": 3}, "a run needs"), ("points", [[0, 0]], "point 1"),
        ("cursor", [99, 0], "must lie between"), ("params", [1.0], "has 25 weights"),
    ):  # fmt: skip
        with pytest.raises(traitlets.TraitError, match=said):
            setattr(explorer, name, value)


def test_every_knob_stands_under_a_heading_and_is_hidden_where_it_does_nothing(make):
    explorer = make()
    named = [name for names in explorer.groups.values() for name in names]
    assert sorted([*named, "params"]) == sorted([*explorer.knobs, "features", "layers"])
    rows = explorer._panel._rows
    assert rows["beta1"][0].layout.display == "none"
    explorer.optimizer = "Adam"
    assert rows["beta1"][0].layout.display is None
    assert rows["momentum"][0].layout.display == "none"


def test_rows_of_its_own_set_and_follow_the_traits(make):
    explorer = make()
    features, layers = (explorer._panel._own[name][0] for name in ("features", "layers"))
    features._buttons["x1*x2"].value = True
    assert explorer.features == ["x1", "x2", "x1*x2"]
    layers._more.click()
    layers._units[0].value = 6
    assert explorer.layers == [6, 2, 2]
    explorer.apply({"layers": [3], "features": ["x2"]})
    assert [button.value for button in features._buttons.values()] == [False, True, *[False] * 5]
    assert (layers._units[0].value, layers._units[1].layout.display) == (3, "none")
    features._buttons["x2"].value = False
    assert explorer.features == ["x2"]
    assert features._buttons["x2"].value


def test_without_controls_there_is_only_the_picture_and_it_still_trains(make):
    explorer = make(controls=False, **SMALL)
    assert explorer.children == (explorer.picture,)
    explorer.train(2)
    assert explorer.epoch == 2


def test_the_cross_stays_in_view(make):
    explorer = make(dataset="own", points=[[15, 0, 1]], cursor=[14, 14])
    assert explorer.cursor == [14, 14]
    explorer.dataset = "moons"
    assert explorer.cursor == [6, 6]


def test_data_task_and_loss_keep_together(make):
    explorer = make()
    explorer.task = "regression"
    assert (explorer.dataset, explorer.loss) == ("sine", "mse")
    explorer.dataset = "xor"
    assert (explorer.task, explorer.loss) == ("classification", "binary_cross_entropy")
    explorer.apply({"dataset": "own", "task": "regression"})
    assert (explorer.task, explorer.loss) == ("regression", "mse")


def test_a_network_from_elsewhere_is_taken_or_refused(make):
    explorer = make()
    explorer.take_network(Network([3, 5, 1], hidden="relu", seed=4))
    assert (explorer.layers, explorer.activation, len(explorer.features)) == ([5], "relu", 3)
    assert explorer.params == Network([3, 5, 1], seed=4).params.tolist()
    with pytest.raises(ValueError, match="one output"):
        explorer.take_network(Network([2, 3, 4]))


def test_a_finished_run_is_kept_with_its_settings(make):
    explorer = make(**SMALL)
    with pytest.raises(ValueError, match="Nothing was trained"):
        explorer.finished_run()
    explorer.train(3)
    run = explorer.finished_run()
    assert run["epochs"] == [0, 1, 2, 3]
    assert run["settings"]["lr"] == 0.1
    assert len(run["start"]) == len(explorer.params)


@pytest.mark.parametrize("state", [
    {"layers": [8] * 6, "features": list(lab.FEATURES), "activation": "relu"}, {"layers": [1], "features": ["x1"]},
    {"layers": [], "view": "unit in hand"}, {"dataset": "hills", "chart": "accuracy"}, {"test_share": 0.0},
    {"dataset": "own", "points": [[0, 0, 0]] * 3, "test_share": 0.9}, {"init": "zeros", "chart": "log loss"},
    {"dataset": "blobs", "noise": 1.0, "discretise": True},
])  # fmt: skip
def test_every_corner_can_be_drawn_and_said(make, state):
    explorer = make(**state)
    explorer.png()
    if not explorer.lesson.held_out.all():
        explorer.train(2)
    assert explorer.png().startswith(b"\x89PNG")
    assert "nan" not in explorer.describe().lower()
    assert Playground.from_state(explorer.state).png() == explorer.png()


def test_runs_on_different_own_points_differ_and_ways_of_looking_do_not(make):
    first = make(dataset="own", points=[[-1.0, 0.0, 0], [1.0, 0.0, 1], [2.0, 1.0, 1]], layers=[2])
    first.train(1)
    before = first.finished_run()["settings"]
    first.apply({"show_validation": False, "paint": "class 0", "view": "unit in hand"})
    assert first.finished_run()["settings"] == before
    first.apply({"points": [[-1.0, 0.0, 0], [1.0, 0.5, 1], [2.0, 1.0, 1]]})
    first.train(1)
    after = first.finished_run()["settings"]
    assert {name for name in after if after[name] != before[name]} == {"points"}
    assert before["points"].startswith("3 own")
