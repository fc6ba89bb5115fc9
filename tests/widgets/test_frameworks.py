"""Frameworks: the engine's losses are live, those of the others are run or recorded, and it is said which."""

import numpy as np
import pytest

from tests.bridges.libraries import keras_or_skip, torch_or_skip
from tests.picture.sent import Frames
from tests.widgets.hands import press
from wbviz.bridges.comparing import LIBRARIES
from wbviz.bridges.recorded import recorded_on
from wbviz.engine import keras_code, train
from wbviz.widgets import _comparing as experiment
from wbviz.widgets import _comparing_words as words
from wbviz.widgets._comparing import OTHERS, STEPS, Setting
from wbviz.widgets.frameworks import KEPT, Frameworks

EXPLORER, PAINTED = Frameworks, True
ELSEWHERE = {"dataset": "circles", "seed": 3}  # a setting that was not recorded


@pytest.fixture
def lonely(monkeypatch):
    """None of the other libraries is installed."""
    monkeypatch.setattr(experiment, "installed", lambda name: name == "wbviz")
    monkeypatch.setattr("wbviz.bridges.comparing.present", lambda module: False)


# --- what is live -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", experiment.OPTIMIZERS)
def test_the_losses_are_those_of_a_training_by_the_engine(make, optimizer):
    explorer = make(optimizer=optimizer, **ELSEWHERE)
    X, y = experiment.problem("circles", 3)
    setting = explorer._setting
    rule = experiment.optimizer(setting)
    history = train(experiment.network(setting), X, y, loss=experiment.LOSS, optimizer=rule, epochs=STEPS)
    np.testing.assert_array_equal(explorer.losses("wbviz"), history.loss)
    assert explorer.scene.curves[0].get_ydata() == pytest.approx(history.loss)


def test_in_32_bits_the_engine_shows_its_own_rounding(make):
    explorer = make(precision="float32", **ELSEWHERE)
    explorer.png()
    assert 0 < np.abs(explorer.losses("wbviz") - make(**ELSEWHERE).losses("wbviz")).max() < 1e-5
    assert len(explorer.scene.dots[2].get_xdata()) == STEPS
    assert "With 64 bits its losses would differ by up to" in explorer.describe()
    explorer.precision = "float64"
    explorer.png()
    assert len(explorer.scene.dots[2].get_xdata()) == 0


def test_a_newly_chosen_optimiser_begins_with_its_own_rate(make):
    explorer = make()
    explorer.optimizer = "SGD"
    assert explorer.lr == experiment.OPTIMIZERS["SGD"]
    explorer.apply({"optimizer": "momentum", "lr": 0.3})
    assert explorer.lr == 0.3


# --- what was recorded ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", ["aligned", "as they come"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", experiment.OPTIMIZERS)
def test_recorded_losses_are_shown_and_named_as_recorded(make, optimizer, precision, settings):
    explorer = make(optimizer=optimizer, precision=precision, settings=settings)
    about = recorded_on()
    for name in OTHERS:
        assert explorer.source(name) == "recorded"
        assert len(explorer.losses(name)) == STEPS
        exact = precision == "float64" and (settings == "aligned" or name == "PyTorch")
        assert (explorer.difference(name) < 1e-9) == exact
        assert explorer.difference(name) < 1e-3
    assert all(explorer.seconds(name) > 0 for name in LIBRARIES)
    assert f"recorded on {about['date']} on {about['processor']}" in explorer.describe()
    assert any(about["date"] in artist.get_text() for artist in explorer.scene.sources)


def test_the_recorded_file_says_who_when_and_where():
    about = recorded_on()
    assert about["steps"] == STEPS
    assert set(about["versions"]) == set(LIBRARIES)
    assert len(about["date"]) == 10
    assert about["processor"]


@pytest.mark.parametrize("width", experiment.WIDTHS)
def test_every_width_was_recorded(make, width):
    assert make(width=width).source("TensorFlow") == "recorded"


def test_elsewhere_nothing_is_shown_that_was_not_run(make):
    explorer = make(**ELSEWHERE)
    for name in OTHERS:
        assert (explorer.source(name), explorer.losses(name), explorer.difference(name)) == (None, None, None)
        assert f"{name}: not run at this setting. Press Run the frameworks." in explorer.describe()
    assert explorer.seconds("wbviz") is None
    assert "No times were measured" in explorer.describe()


def test_another_library_is_refused(make):
    with pytest.raises(ValueError, match="The libraries here are wbviz, PyTorch, TensorFlow; got 'JAX'"):
        make().difference("JAX")


# --- what is run ------------------------------------------------------------------------------------------------------


def test_all_libraries_are_run_here(make):
    torch_or_skip()
    keras_or_skip()
    explorer = make(optimizer="SGD", **ELSEWHERE)
    explorer.run()
    assert explorer.wait(100) == "done"
    for name in OTHERS:
        assert explorer.source(name) == "run here"
        assert explorer.difference(name) < 1e-9
        assert explorer.seconds(name) > 0
    assert "(run here): the largest difference is" in explorer.describe()
    explorer.seed = 4
    assert explorer.source("PyTorch") is None
    explorer.seed = 3
    assert explorer.source("PyTorch") == "run here"
    explorer.reset()
    assert explorer.source("PyTorch") is None


def test_without_the_libraries_it_is_said_what_to_install(make, lonely):
    explorer = make(**ELSEWHERE)
    assert "TensorFlow: not installed. Keras is not installed. Type %pip install keras" in explorer.describe()
    explorer.run()
    assert explorer.wait(20) == "done"
    assert explorer.seconds("wbviz") > 0
    assert explorer.source("PyTorch") is None
    explorer.apply({"dataset": "moons", "seed": 0})
    explorer.run()
    explorer.wait(20)
    assert explorer.source("PyTorch") == "recorded"


def test_while_it_is_under_way_it_says_so_and_a_stop_keeps_what_was_done(make):
    torch_or_skip()
    explorer = make(**ELSEWHERE)
    Frames(explorer.picture).ready()
    explorer._work.layout.display = None
    for _ in range(16):  # the engine's and a few of PyTorch's steps
        explorer._work.step()
        while explorer._work._single:
            explorer._work.wait(0.01)
    assert explorer._work.busy
    assert "TensorFlow: under way." in explorer.describe()
    explorer._work.stop()
    assert explorer.wait(20) == "stopped"
    assert 0 < len(explorer.losses("PyTorch")) < STEPS
    assert f"the largest difference after {len(explorer.losses('PyTorch'))} steps is" in explorer.describe()
    explorer.step = STEPS
    explorer.png()
    assert explorer.scene.digits._texts[1] == words.NONE


def test_only_the_latest_comparisons_are_kept(make, lonely):
    explorer = make()
    for seed in range(KEPT + 3):
        explorer.seed = seed
        explorer.run()
        explorer.wait(20)
    assert len(explorer._runs) == KEPT
    assert explorer._setting in explorer._runs


# --- words, gestures, code --------------------------------------------------------------------------------------------


def test_digits_are_parted_where_they_cease_to_be_the_same():
    values = [np.array([0.125]), np.array([0.1251]), np.empty(0)]
    assert words.digits(values, "float32") == ["0.12500000", "0.125|10000", words.NONE]
    assert words.digits([np.array([0.5])] * 2, "float64") == ["0.5000000000000000"] * 2
    assert "have 3 decimals the same." in words.at_step(1, values, "float32")
    assert "have none the same." in words.at_step(1, [np.array([0.5]), np.array([1.5])], "float32")


def test_numbers_are_written_for_people():
    assert words.power(1.1e-16) == "1.1·10⁻¹⁶"
    assert words.power(0.0) == "0, all equal"
    assert [words.duration(time) for time in (None, 1.8e-5, 1.24e-3)] == [words.NONE, "18 µs", "1.2 ms"]
    assert words.course(np.ones(7)) == ("By wbviz's engine it diverges after 7 steps: the learning rate is too large.")


def test_a_drag_in_either_plot_and_the_arrows_choose_the_step(make):
    explorer = make()
    explorer.png()
    press(explorer, "ArrowLeft")
    assert explorer.step == STEPS - 1
    press(explorer, "ArrowLeft", shift=True)
    assert explorer.step == STEPS - 11
    for _ in range(3):
        press(explorer, "ArrowRight", shift=True)
    assert explorer.step == STEPS


def test_the_network_can_be_copied_as_code_of_all_three(make):
    explorer = make()
    codes = explorer._panel._codes()
    assert list(codes) == ["NumPy", "PyTorch", "Keras"]
    assert codes["Keras"]() == keras_code(explorer.network)


@pytest.mark.parametrize("lr", [0.001, 1.0])
@pytest.mark.parametrize("activation", ["relu", "identity", "step"])
def test_whatever_is_turned_the_losses_are_finite(make, activation, lr):
    for optimizer in experiment.OPTIMIZERS:
        explorer = make(activation=activation, optimizer=optimizer, lr=lr, width=64, precision="float32")
        assert np.isfinite(explorer.losses("wbviz")).all()
        assert "nan" not in explorer.describe()


def test_a_setting_has_the_names_of_its_knobs():
    assert set(Setting._fields) < set(Frameworks._state_names())
