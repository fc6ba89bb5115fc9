"""LearningFilm: every moment is that of the training itself, and the moments found are where it happens."""

import itertools
from functools import partial

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.hands import press
from wbviz.engine import Adam, Network, train
from wbviz.widgets import _filming as filming
from wbviz.widgets._filming import CURVES, HIDDEN, MOST_STEPS, NOISE, RULES
from wbviz.widgets._moments import moments
from wbviz.widgets.learning_film import LearningFilm

EXPLORER, PAINTED = partial(LearningFilm, controls=False), True


def click(explorer, x, y, *more):
    """Press at figure pixels from the lower left, move through others, and let go."""
    count = explorer.picture.pointer.get("press", 0) + 1
    held = {"press": count, "px": x, "py": y, "inside": True, "shift": False}
    for place in ((x, y), *more):
        explorer.picture.pointer = {**held, "x": place[0], "y": place[1], "down": True}
    explorer.picture.pointer = {**held, "x": place[0], "y": place[1], "down": False}


@pytest.fixture(scope="module")
def whole():
    """The default run, recorded in full by the engine: History.params."""
    known = filming.lesson("moons", 22)
    return train(
        Network([2, 4, 1], seed=22), known.X, known.y, loss="binary_cross_entropy", optimizer=Adam(0.03), epochs=300,
        seed=22, record=("loss", "params"),
    )  # fmt: skip


# --- the film ---------------------------------------------------------------------------------------------------------


def test_every_moment_is_the_trainings_own(make, whole):
    explorer = make()
    for step in (0, 1, 63, 64, 299, 300):
        explorer.step = step
        np.testing.assert_array_equal(explorer.network.params, whole.params[step])
        if step:
            assert explorer.loss() == pytest.approx(whole.epoch_loss[step - 1], rel=1e-12)
    assert explorer.value("b h₂", step=63) == whole.params[63][explorer.names.index("b h₂")]


def test_less_memory_gives_fewer_keyframes_and_the_same_moments(make):
    much, little = make(memory=256, step=133), make(memory=8, step=133)
    assert len(little.film.steps) < len(much.film.steps)
    assert little.film.nbytes <= 8_000
    assert much.film.nbytes <= 256_000
    np.testing.assert_array_equal(much.network.params, little.network.params)


def test_the_smallest_memory_holds_a_film_of_the_largest_network():
    for optimizer, activation in itertools.product(RULES, filming.ACTIVATIONS):
        setting = filming.Setting("spiral", "8-8", activation, optimizer, 0.01, 60, 5, 0, 8)
        assert len(filming.shot(setting).film.steps) >= 2


def test_a_run_that_diverges_says_so_and_shows_its_last_moment(make):
    explorer = make(dataset="sine", optimizer="SGD", lr=3.0, step=300)
    assert explorer.moment == explorer.film.last < 300
    assert "diverged at" in explorer.describe()
    for word in ("nan", "inf"):
        assert word not in explorer.describe().lower().split()


def test_a_film_has_at_most_2400_steps(make):
    explorer = make(batch=5, epochs=200)
    assert explorer.film.last == MOST_STEPS
    explorer.batch = 20
    assert explorer.range_of("epochs")["max"] == 800
    explorer.epochs = 800
    explorer.batch = 5
    assert explorer.epochs == 200
    assert make(batch=5).epochs == 200
    assert make(epochs=1).step == 1


# --- the moments ------------------------------------------------------------------------------------------------------


def found(explorer, kind):
    return next(moment for moment in explorer.moments if kind in moment.kind)


def test_moments_are_where_it_happens(make, whole):
    explorer, known = make(), filming.lesson("moons", 22)
    net = Network([2, 4, 1], seed=22)
    sign = found(explorer, "sign changes")
    place = explorer.names.index(sign.detail.removesuffix(" is + now"))
    assert whole.params[sign.step][place] > 0 >= whole.params[sign.step - 1][place]
    assert (whole.params[sign.step :, place] > 0).all()
    right = [((net.with_params(p)(known.X) > 0) == (known.y > 0.5)).mean() for p in whole.params]
    assert found(explorer, "nearly all right").step == next(k for k, share in enumerate(right) if share >= 0.95)
    held = [net.with_params(p).loss(known.held_X, known.held_y, "binary_cross_entropy") for p in whole.params]
    assert found(explorer, "held-out").step == int(np.argmin(held))
    losses = np.array([net.with_params(p).loss(known.X, known.y, "binary_cross_entropy") for p in whole.params])
    assert found(explorer, "loss falls").step == 8 * (1 + int((losses[:-8:8] - losses[8::8]).argmax()))


@pytest.mark.parametrize("dataset", NOISE)
def test_moments_come_in_order_and_within_the_run(dataset):
    for hidden, seed in itertools.product(("1", "4", "8-8"), range(3)):
        setting = filming.Setting(dataset, hidden, "tanh", "Adam", 0.05, 20, 60, seed, 32)
        steps = [moment.step for moment in moments(setting)]
        assert steps == sorted(steps)
        assert all(0 < step <= 180 for step in steps)
        assert len(steps) <= 5


def test_buttons_and_keys_go_from_moment_to_moment(make):
    explorer = make(step=0)
    steps = [moment.step for moment in explorer.moments]
    seen = []
    for _ in steps:
        explorer.next_moment()
        seen.append(explorer.step)
    assert seen == steps
    press(explorer, "n")
    assert explorer.step == explorer.film.last
    press(explorer, "p")
    assert (explorer.step, explorer.since()) == (steps[-1], steps[-2])
    press(explorer, "2")
    assert explorer.step == steps[1]
    explorer.step = 0
    explorer.previous_moment()
    assert explorer.step == 0


def test_what_changed_most_is_told_first(make):
    explorer = make(step=100)
    most = int(np.abs(explorer.changes()).argmax())
    assert f"Changed most since step {explorer.since()}: {explorer.names[most]} " in explorer.describe()
    explorer.step = 0
    assert "This is the start" in explorer.describe()


# --- hands and picture ------------------------------------------------------------------------------------------------


def test_in_hand_are_the_weights_into_a_unit_and_its_bias(make):
    explorer = make(unit=2)
    assert [explorer.names[i] for i in explorer.in_hand] == ["w x₁→h₂", "w x₂→h₂", "b h₂"]
    explorer.unit = 5
    assert [explorer.names[i] for i in explorer.in_hand] == [*(f"w h{k}→ŷ" for k in "₁₂₃₄"), "b ŷ"]
    explorer.hidden = "1"
    assert explorer.unit == 2


def test_the_pointer_scrubs_jumps_and_takes_a_line(make):
    explorer = make()
    scene, height = explorer.scene, explorer.size[1]
    places = [scene.params.transData.transform((step, 0)) for step in (100, 200)]
    click(explorer, *places[0], tuple(places[1]))
    assert explorer.step == 200
    click(explorer, 400, height - 420 - 16)
    assert explorer.step == explorer.moments[1].step
    net = explorer.network
    w, b = net.weights[0][:, 2], net.biases[0][2]
    click(explorer, *scene.plane.transData.transform(-b * w / (w @ w)))
    assert explorer.unit == 3


def test_keys_move_the_step_and_the_unit(make):
    explorer = make(step=50)
    for key, shift, step in (
        ("ArrowRight", False, 51),
        ("ArrowLeft", True, 41),
        ("PageUp", False, 51),
        ("End", 0, 300),
    ):
        press(explorer, key, shift=shift)
        assert explorer.step == step
    press(explorer, "Home")
    assert explorer.step == 0
    press(explorer, "ArrowLeft")
    assert explorer.step == 0
    press(explorer, "ArrowDown")
    assert explorer.unit == 2
    press(explorer, "ArrowUp")
    press(explorer, "ArrowUp")
    assert explorer.unit == 1


def test_playing_goes_on_to_the_last_step(make):
    explorer = make(epochs=50, step=46)
    explorer.under[0].start()
    assert explorer.under[0].wait(10) == "done"
    assert explorer.step == 50


def test_an_unknown_parameter_is_refused_with_the_names_there_are(make):
    with pytest.raises(ValueError, match=r"There is no .w h9.\. A parameter is one of w x₁→h₁"):
        make().value("w h9")


EXTREMES = [
    {}, {"step": 0}, {"dataset": "sine", "unit": 2, "step": 150}, {"dataset": "sine", "optimizer": "SGD", "lr": 3.0},
    {"hidden": "8-8", "dataset": "spiral", "unit": 17, "epochs": 1000, "step": 1000, "memory": 8},
    {"hidden": "1", "dataset": "line", "epochs": 1}, {"batch": 5, "epochs": 200, "step": 2399, "optimizer": "RMSprop"},
    {"dataset": "moons", "optimizer": "momentum", "lr": 10.0, "step": 300, "activation": "relu"},
    {"dataset": "line", "optimizer": "SGD", "lr": 9.0, "step": 300, "hidden": "8-8", "activation": "relu", "unit": 9},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_runs_into_another(make, settings):
    explorer = make(**settings)
    scene = explorer.scene
    plain = scene.curve if explorer.dataset in CURVES else scene.plane
    boxes = text_boxes(explorer.figure, scene.page, plain, scene.params, scene.losses)
    for numbers in (scene.table, scene.values, scene.list, scene.losses_now):
        boxes += number_boxes(numbers)
    assert_clear(explorer.figure, boxes)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_all_paths_are_drawn_once_and_end_where_the_run_ends(make, hidden):
    explorer = make(hidden=hidden)
    scene, shot = explorer.scene, explorer._shot
    count = sum(len(lines.get_segments()) for lines in (*scene.paths, scene.hand))
    assert count == shot.net.n_params
    ends = [line[-1] for line in scene.hand.get_segments()]
    np.testing.assert_allclose(ends, [(300, shot.params[-1][i]) for i in explorer.in_hand])
    np.testing.assert_allclose(scene.marks.get_ydata(), explorer.network.params[explorer.in_hand])
    biases = ~filming.is_weight(shot.net)
    assert len(scene.paths[1].get_segments()) == biases.sum() - 1
