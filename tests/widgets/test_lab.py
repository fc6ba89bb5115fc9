"""Playground's laboratory: honest data, honest training, runs that can be interrupted, shared and gone on with."""

import json

import numpy as np
import pytest

from wbviz.engine import LOSSES, OPTIMIZERS, Network, train
from wbviz.widgets import _lab as lab
from wbviz.widgets import _lab_training as training
from wbviz.widgets._lab_training import Recipe

RECIPE = Recipe(
    loss="binary_cross_entropy", optimizer="SGD", lr=0.1, momentum=0.0, nesterov=False, beta1=0.9, beta2=0.999,
    alpha=0.99, weight_decay=0.0, schedule="constant", schedule_epochs=20, batch_size=10, l1=0.0, l2=0.0,
    penalize_biases=False, clip_norm=0.0, clip_value=0.0, max_epochs=500, target_loss=0.0, patience=0, seed=3,
)  # fmt: skip
PLAIN = ("x1", "x2")
SIZES = (2, 4, 2, 1)


def moons(share=0.3, own=(), dataset="moons", task="classification", n=60):
    return lab.lesson(dataset, task, 0.1, n, 0, share, own)


def new(sizes=SIZES, loss="binary_cross_entropy", task="classification"):
    return lab.network(sizes, "tanh", loss, task, lab.fresh(sizes, "xavier", 0))


def run_for(epochs, recipe=RECIPE, lesson=None, net=None, run=None, **more):
    net, run = net or new(), run or {}
    for _ in range(epochs):
        run = training.advance(net, lesson or moons(), PLAIN, recipe, more.get("frozen", []), run)
    return net, run


# --- data -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in lab.DATA if name != "own"])
def test_every_set_fills_its_plane(name):
    task = "classification" if name in lab.CLASSES else "regression"
    lesson = lab.lesson(name, task, lab.NOISE[name], 300, 0, 0.3, ())
    assert len(lesson.points) == 300
    assert 2.5 <= np.abs(lesson.points[:, :2]).max() <= lesson.limit
    assert set(np.unique(lesson.points[:, 2])) == {0, 1} or task == "regression"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.9])
def test_the_share_held_out_is_kept_and_grows_without_swaps(share):
    few, many = lab.held_out(400, share), lab.held_out(400, min(share + 0.1, 1))
    assert few.mean() == pytest.approx(share, abs=0.01)
    assert not (few & ~many).any()
    assert np.array_equal(few[:100], lab.held_out(100, share))
    labels = np.arange(400) % 2
    assert few[labels == 0].mean() == pytest.approx(few[labels == 1].mean(), abs=0.02)


def test_features_are_what_their_names_say():
    places = np.array([[2.0, -3.0], [0.5, 1.0]])
    found = lab.inputs(places, tuple(lab.FEATURES))
    x1, x2 = places.T
    assert np.array_equal(found, np.column_stack([x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]))


def test_own_points_are_checked_and_the_sentence_names_the_point():
    assert lab.checked_points([(1, 2, 1)]) == [[1.0, 2.0, 1.0]]
    for bad, said in (
        ([[1, 2]], "point 1 must be three numbers"), ([[0, 0, 0], [99, 0, 1]], "point 2 must lie"),
        ([[0, 0, float("nan")]], "value of point 1"), ("abc", "list of points"), ([[0, 0, 0]] * 501, "at most 500"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            lab.checked_points(bad)


# --- what is computed -------------------------------------------------------------------------------------------------


def test_a_look_is_the_forward_pass():
    net, features = new(), PLAIN
    look = lab.look(net, features, 6, [1.0, 2.0], "classification", "binary_cross_entropy")
    record = net.forward([[1.0, 2.0]])
    assert look.here == pytest.approx(1 / (1 + np.exp(-record.y_hat[0, 0])))
    for found, wanted in zip(look.sums, record.z, strict=True):
        assert found == pytest.approx(wanted[0])
    middle = lab.inputs([[-6 + 12 * 4.5 / 48, -6 + 12 * 7.5 / 48]], features)  # cell (7, 4) of 48; cell (2, 1) of 16
    assert look.answers[7, 4] == pytest.approx(1 / (1 + np.exp(-net(middle)[0, 0])), abs=1e-6)
    assert look.units[0][2, 1] == pytest.approx(net.forward(middle).a[1][0], abs=1e-6)
    assert lab.unit_map(net, features, 6, 1, 3)[7, 4] == pytest.approx(net.forward(middle).a[1][0, 3], abs=1e-6)


@pytest.mark.parametrize("name", lab.FEATURES)
def test_a_look_through_one_feature_fills_the_plane(name):
    net = lab.network((1, 1), "tanh", "mse", "regression", (2.0, 0.5))
    look = lab.look(net, (name,), 6, [1.0, 2.0], "regression", "mse")
    assert look.answers.shape == (lab.CELLS, lab.CELLS)
    assert look.units[0].shape == (16, 16, 1)
    middle = lab.inputs([[-6 + 12 * 4.5 / 48, -6 + 12 * 7.5 / 48]], (name,))
    assert look.answers[7, 4] == pytest.approx(net(middle)[0, 0], abs=1e-4)


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse"])
def test_scores_are_the_engines(loss):
    lesson, net = moons(), new(loss=loss)
    for part, found in zip((False, True), lab.scores(net, lesson, PLAIN, loss), strict=True):
        X, y = lesson.part(part, PLAIN)
        assert found.loss == pytest.approx(float(net.loss(X, y, loss=loss)))
        answers = lab.answer(net(X), "classification", loss) > 0.5
        assert found.accuracy == pytest.approx((answers == y).mean())
        assert found.counts.sum() == len(X)
        assert np.trace(found.counts) == round(found.accuracy * len(X))


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_epochs_one_by_one_are_the_engines_training(optimizer):
    recipe = RECIPE._replace(optimizer=optimizer, lr=0.02, momentum=0.5, l2=0.01, clip_norm=1.0)
    lesson, theirs = moons(), new()
    ours, run = run_for(4, recipe)
    X, y = lesson.part(False, PLAIN)
    history = train(
        theirs, X, y, loss=recipe.loss, optimizer=training.optimizer(recipe), epochs=4, batch_size=10, l2=0.01,
        clip_norm=1.0, seed=3, validation=lesson.part(True, PLAIN),
    )  # fmt: skip
    assert np.array_equal(ours.params, theirs.params)
    assert run["curves"]["loss"][1:] == pytest.approx(history.epoch_loss, rel=1e-4)
    assert run["curves"]["validation"][1:] == pytest.approx(history.validation_loss, rel=1e-4)
    assert (run["epoch"], run["batch"]) == (4, 0)


@pytest.mark.parametrize("schedule", training.SCHEDULES_OVER)
def test_a_run_taken_up_from_its_text_is_the_run_to_the_last_bit(schedule):
    recipe = RECIPE._replace(optimizer="Adam", lr=0.05, schedule=schedule)
    straight, whole = run_for(6, recipe)
    net, run = new(), {}
    for updates in (2, 1, None, None, 3, None, None, None, None):
        if run.get("epoch") == 6:
            break
        run = training.advance(net, moons(), PLAIN, recipe, [], run, updates)
        stored = json.loads(json.dumps({"params": net.params.tolist(), "run": run}))
        net, run = new().with_params(stored["params"]), training.checked_run(stored["run"])
    while run["epoch"] < 6:
        run = training.advance(net, moons(), PLAIN, recipe, [], run)
    assert np.array_equal(net.params, straight.params)
    assert run == whole


def test_frozen_parameters_stay():
    start = new().params.copy()
    net, _ = run_for(3, frozen=[0, 7, 24])
    moved = net.params != start
    assert not moved[[0, 7, 24]].any()
    assert moved.sum() == 22


def test_settings_may_change_between_two_epochs():
    net, run = run_for(2)
    for change in ({"batch_size": 3}, {"optimizer": "RMSprop"}, {"l1": 0.01}, {"batch_size": 500}, {"lr": 0.5}):
        net, run = run_for(1, RECIPE._replace(**change), net=net, run=run)
    assert run["epoch"] == 7
    assert np.isfinite(net.params).all()


def test_divergence_ends_the_run_in_words_with_finite_numbers():
    net, run = run_for(1, RECIPE._replace(lr=10.0, loss="mse"), moons(dataset="plane", task="regression"), new(
        (2, 1), "mse", "regression"
    ))  # fmt: skip
    assert run["ended"].startswith("Diverged")
    assert "nan" not in run["ended"]
    assert np.abs(net.params).max() <= training.HUGE
    training.checked_run(json.loads(json.dumps(run)))


def test_conditions_end_a_run():
    _, run = run_for(1, RECIPE._replace(target_loss=0.99))
    assert run["ended"] == "Stopped: the validation loss is at most 0.99."
    _, run = run_for(1, RECIPE._replace(target_loss=0.99), moons(share=0.0))
    assert "training loss" in run["ended"]
    _, run = run_for(2, RECIPE._replace(max_epochs=2))
    assert run["ended"] == "All 2 epochs are over."
    net, run = new(), {}
    while not run.get("ended"):
        net, run = run_for(1, RECIPE._replace(patience=3, lr=2.0), net=net, run=run)
    assert "no lower validation loss for 3 epochs" in run["ended"]
    assert run["best"][0] == run["epoch"] - 3


def test_the_curves_stay_short_and_hold_the_last_epoch():
    net, run = new((2, 1)), {}
    recipe = RECIPE._replace(batch_size=500, max_epochs=10_000)
    for epoch in range(1, 900):
        run = training.advance(net, moons(n=10), PLAIN, recipe, [], run)
        assert run["curves"]["epoch"][-1] == epoch
    marks = run["curves"]["epoch"]
    assert len(marks) <= training.MOST_MARKS + 2
    assert marks == sorted(set(marks))
    assert marks[0] == 0


def test_without_training_points_the_error_says_what_to_do():
    with pytest.raises(ValueError, match=r"no training point\. Add points"):
        run_for(1, lesson=moons(dataset="own"))


def test_a_bad_run_is_refused():
    _, run = run_for(1)
    for bad in ([], {"epoch": 1}, {**run, "start": [float("nan")]}, {**run, "curves": {}}, {**run, "epoch": "x"},
                {**run, "memory": []}, {**run, "best": [1]}, {**run, "batch": -1}, {**run, "ended": None}):  # fmt: skip
        with pytest.raises((ValueError, TypeError)):
            training.checked_run(bad)
    assert training.checked_run(run) == run


def test_every_loss_of_a_task_is_the_engines():
    assert {name for names in lab.LOSSES_OF.values() for name in names} <= set(LOSSES)
    assert lab.fresh(SIZES, "xavier", 5) == Network(SIZES, init="xavier", seed=5).params.tolist()
