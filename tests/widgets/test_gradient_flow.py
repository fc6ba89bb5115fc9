"""GradientFlow: the numbers are the network's own, at every step of a real training; zeros and divergence are said."""

import time

import numpy as np
import pytest

from tests.picture.page import Page
from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.hands import drag, press
from wbviz.engine import SGD, Diverged, Network, train
from wbviz.widgets import _flowing as experiment
from wbviz.widgets._flow_words import amount
from wbviz.widgets._flowing import KEPT, STEPS, Setting
from wbviz.widgets.gradient_flow import GradientFlow

EXPLORER = GradientFlow
DEEP = Setting("moons", 20, 16, "sigmoid", "xavier", 1.0, 0.1, 0)
EXPLODES = DEEP._replace(depth=10, activation="relu", init="he", gain=1.5, lr=1.0)


# --- the experiment ---------------------------------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_loss_by_differences():
    setting = DEEP._replace(depth=3, activation="tanh")
    net, (X, y, _) = experiment.network(setting), experiment.examples("moons")
    seen, step = experiment.moment(setting, 0), 1e-5
    for layer in range(net.n_layers):
        slopes = []
        for place in np.ndindex(net.weights[layer].shape):
            pair = []
            for sign in (1, -1):
                moved = net.copy()
                moved.weights[layer][place] += sign * step
                pair.append(moved.loss(X, y, loss="binary_cross_entropy"))
            slopes.append((pair[0] - pair[1]) / (2 * step))
        assert seen.gW[layer] == pytest.approx(np.linalg.norm(slopes), rel=1e-5)


@pytest.mark.parametrize("dataset", ["moons", "digits"])
def test_a_moment_is_what_plain_training_gives(dataset):
    setting = DEEP._replace(dataset=dataset, depth=4, activation="relu", init="he", gain=1.1)
    X, y, outputs = experiment.examples(dataset)
    net = Network([X.shape[1], *[16] * 4, outputs], hidden="relu", init="he", seed=0)
    net.params *= 1.1
    loss = experiment.DATA[dataset]
    history = train(net, X, y, loss=loss, optimizer=SGD(0.1), epochs=37)
    seen = experiment.moment(setting, 37)
    np.testing.assert_allclose(seen.losses, [*history.loss, net.loss(X, y, loss=loss)], rtol=1e-9)
    back = net.backward(X, y, loss=loss)
    np.testing.assert_allclose(seen.gW, [np.linalg.norm(dW) for dW in back.dW], rtol=1e-7)
    np.testing.assert_allclose(seen.gb, [np.linalg.norm(db) for db in back.db], rtol=1e-7)
    np.testing.assert_allclose(seen.delta, [np.linalg.norm(delta) for delta in back.delta], rtol=1e-7)
    np.testing.assert_allclose(seen.mean, [a.mean() for a in back.forward.a[1:]], rtol=1e-7)
    np.testing.assert_allclose(seen.sd, [a.std() for a in back.forward.a[1:]], rtol=1e-7)
    np.testing.assert_allclose(seen.a_zero, [(a == 0).mean() for a in back.forward.a[1:]])
    sizes = np.abs(back.dW[2][back.dW[2] != 0])
    np.testing.assert_allclose(seen.g_bands[:, 2], np.quantile(sizes, experiment.QUANTILES), rtol=1e-7)


def test_between_keyframes_it_is_the_same_training():
    film = experiment.Film(DEEP._replace(depth=3, activation="tanh"))
    assert film.reach == 0
    film.at(25)
    assert film.reach == 3 * KEPT
    (net, losses), (later, _) = film.at(17), film.at(18)
    train(net, *experiment.examples("moons")[:2], loss="binary_cross_entropy", optimizer=SGD(0.1), epochs=1)
    np.testing.assert_allclose(net.params, later.params, rtol=1e-12)
    assert len(losses) == 17


def test_a_training_that_diverges_stops_at_its_last_finite_numbers_and_says_so(make):
    X, y, _ = experiment.examples("moons")
    with pytest.raises(Diverged) as raised:
        train(experiment.network(EXPLODES), X, y, loss="binary_cross_entropy", optimizer=SGD(1.0), epochs=STEPS)
    step = raised.value.step
    film = experiment.Film(EXPLODES)
    net, losses = film.at(STEPS)
    assert (film.diverged, len(losses)) == (step, step)
    assert np.isfinite(net.params).all()
    assert np.isfinite(net.loss(X, y, loss="binary_cross_entropy"))
    explorer = make(**EXPLODES._asdict(), step=STEPS)
    assert explorer.verdict() == "diverged"
    assert f"Diverged at step {step}" in explorer.describe()
    explorer.step = 0
    assert explorer.verdict() != "diverged"


@pytest.mark.parametrize(
    "settings", [{"gain": 4.0, "init": "he", "activation": name} for name in ("identity", "softplus", "tanh", "gelu")]
)
@pytest.mark.parametrize("step", [0, STEPS])
def test_however_large_the_numbers_are_those_on_screen_are_finite(make, settings, step):
    explorer = make(depth=50, width=20, lr=10.0, step=step, **settings)
    explorer.png()
    texts = explorer.scene.values._texts
    assert not any(word in text.lower() for text in (*texts, explorer.describe()) for word in ("nan", " inf"))


def test_lengths_beyond_the_square_root_of_the_largest_number():
    assert experiment.length(np.array([3e200, 4e200])) == pytest.approx(5e200)
    assert experiment.length(np.zeros(3)) == 0


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_sigmoid_vanishes_and_relu_with_he_does_not(make):
    explorer = make()
    assert explorer.verdict() == "vanishing"
    assert 0 < explorer.ratio() < 1e-10
    sizes = explorer.gradient_norms()[:-1]
    assert (np.diff(np.log(sizes)) > 0).mean() > 0.9
    explorer.apply({"activation": "relu", "init": "he"})
    assert explorer.verdict() == "healthy"
    assert 1e-2 < explorer.ratio() < 1e2
    explorer.step = STEPS
    assert explorer.accuracy() > 0.95
    assert explorer.loss() < 0.2 * explorer.loss_before()


def test_where_a_ratio_near_one_hides_that_everything_vanishes(make):
    explorer = make(activation="tanh", init="small_normal")
    assert 0.01 < explorer.ratio() < 100
    assert explorer.verdict() == "vanishing"
    assert explorer.gradient_norms().max() < 1e-15


def test_a_gain_makes_it_explode(make):
    explorer = make(depth=50, activation="relu", init="he", gain=2.0)
    assert explorer.verdict() == "exploding"
    assert explorer.gradient_norms().max() > 1e6


@pytest.mark.parametrize("activation", ["sigmoid", "softplus", "tanh", "relu", "gelu"])
def test_zeros_are_symmetric_and_stay_so(make, activation):
    explorer = make(init="zeros", activation=activation, depth=3, lr=1.0)
    for step in (0, STEPS):
        explorer.step = step
        assert explorer.verdict() == "symmetric"
        assert (explorer.distinct()[:-1] == 1).all()
    assert "copies of one" in explorer.describe()
    if activation in ("tanh", "relu", "gelu"):
        assert not explorer.gradient_norms().any()
        assert "‖∂L/∂W‖ 0," in explorer.describe()


def test_a_gradient_of_exactly_zero_is_told_from_a_small_one(make):
    explorer = make(activation="step")
    assert explorer.verdict() == "blocked"
    assert explorer.gradient_norms()[0] == 0
    seen = explorer._now
    assert np.isnan(seen.g_bands[:, 0]).all()
    assert seen.g_zero[0] == 1
    assert amount(0.0) == "0"
    assert amount(1e-300) != "0"


def test_flat_and_silent_are_counted_by_the_slope(make):
    explorer = make(activation="relu", init="he", seed=3)
    record = explorer.network.forward(experiment.examples("moons")[0])
    for layer in (0, 5, 19):
        flat = record.z[layer] <= 0
        assert explorer._now.flat[layer] == pytest.approx(flat.mean())
        assert explorer._now.silent[layer] == flat.all(axis=0).sum()


def test_picture_words_and_methods_say_the_same(make):
    explorer = make(layer=5)
    explorer.png()
    values = dict(zip(explorer.scene.names._texts, explorer.scene.values._texts, strict=True))
    assert values["In hand:"] == "hidden layer 5 of 20"
    assert values["‖∂L/∂W‖"] == amount(explorer.gradient_norms()[4])
    assert values["layer 1 / output"] == amount(explorer.ratio())
    assert f"‖∂L/∂W‖ {values['‖∂L/∂W‖']}" in explorer.describe()
    line = explorer.scene.back.lines[0].get_ydata()
    np.testing.assert_allclose(10**line, explorer.gradient_norms())


# --- training beside the page -----------------------------------------------------------------------------------------


def test_while_a_browser_looks_a_far_step_is_trained_beside_it_to_the_same_end(make):
    settings = {"activation": "tanh", "depth": 12, "seed": 41}
    explorer = make(**settings)
    Page(explorer.picture)
    explorer.step = STEPS
    explorer.wait(20)
    afresh = make(**settings, step=STEPS)
    deadline = time.monotonic() + 5
    while explorer.describe() != afresh.describe() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert explorer.describe() == afresh.describe()
    assert explorer.png() == afresh.png()


def test_playing_trains_to_the_last_step_and_is_one_step_of_undo(make, monkeypatch):
    monkeypatch.setattr("wbviz.widgets.gradient_flow.PAUSE", 0)
    explorer = make(activation="tanh", depth=3, step=KEPT)
    explorer.under[0].start()
    assert explorer.under[0].wait(20) == "done"
    assert explorer.step == STEPS
    assert explorer.undo()
    assert explorer.step == KEPT


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_takes_another_layer_in_hand_or_goes_to_a_step(make):
    explorer = make(activation="tanh", depth=8)
    explorer.png()
    drag(explorer, explorer.scene.back.axes, (2, -1), (5.2, -1), (6.8, -1))
    assert explorer.layer == 7
    drag(explorer, explorer.scene.forward.axes, (2, -1), (400, -1))
    assert explorer.layer == 9
    drag(explorer, explorer.scene.loss, (20, 0.5), (83, 0.5))
    assert explorer.step == 80


def test_keys_do_what_the_pointer_does(make):
    explorer = make(activation="tanh", depth=8)
    for key, shift in (("ArrowRight", False), ("ArrowRight", True), ("ArrowLeft", False), ("ArrowUp", False)):
        press(explorer, key, shift=shift)
    assert (explorer.layer, explorer.step) == (6, KEPT)
    press(explorer, "End")
    assert explorer.step == STEPS


def test_the_layer_in_hand_is_one_that_there_is(make):
    explorer = make(layer=21)
    explorer.depth = 3
    assert explorer.layer == 4


EXTREMES = [
    {}, {"depth": 50, "width": 20, "gain": 1.4, "init": "he", "activation": "relu", "layer": 51, "step": 20},
    {"depth": 50, "init": "small_normal", "activation": "relu", "gain": 0.25}, {"depth": 12},
    {"depth": 1, "width": 1, "activation": "step"}, {"init": "xavier_uniform", "activation": "leaky_relu", "gain": 4.0},
    {"depth": 5, "init": "zeros", "dataset": "digits", "step": 100}, {**EXPLODES._asdict(), "step": 200, "layer": 11},
    {"depth": 25, "activation": "softplus", "gain": 4.0, "lr": 10.0, "layer": 25, "step": 200}, {"depth": 31},
    {"depth": 20, "activation": "relu", "init": "he", "step": 200, "layer": 14}, {"activation": "step", "layer": 20},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    explorer.png()
    scene = explorer.scene
    axes = [scene.page, scene.loss, *(a for layers in (scene.forward, scene.back) for a in (layers.axes, layers.strip))]
    boxes = text_boxes(explorer.figure, *axes)
    assert_clear(explorer.figure, [*boxes, *number_boxes(scene.names), *number_boxes(scene.values)])
