"""LearningRateFinder: a real run with a rising rate, smoothed as it says, and trainings that try its answer."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, text_boxes
from tests.widgets.test_regularise import drag, press
from wbviz.engine import SGD, Adam, Network, train
from wbviz.widgets import _finding as experiment
from wbviz.widgets._finding import HIGH, LOW, OPTIMIZERS, OVER, RUNS, TRIED, Setting, Test, lesson
from wbviz.widgets.learning_rate_finder import LearningRateFinder

EXPLORER = LearningRateFinder
Test.__test__ = False  # it is no class of tests
DIGITS = Setting("digits", "SGD", 32, 0)


# --- the test ---------------------------------------------------------------------------------------------------------


def test_it_is_one_run_of_the_engine_whose_rate_rises_in_equal_ratios():
    found, known = experiment.test(DIGITS, 200), lesson("digits")
    assert (found.rates[0], found.rates[-1]) == (LOW, pytest.approx(HIGH))
    np.testing.assert_allclose(np.diff(np.log(found.rates)), np.log(HIGH / LOW) / 199)
    net = Network([64, 16, 10], hidden="tanh", seed=0)
    rates, recipe = found.rates, {"loss": "cross_entropy", "batch_size": 32, "epochs": 11}
    history = train(net, known.X, known.y, **recipe, optimizer=SGD(), schedule=lambda k: rates[min(k, 199)])
    np.testing.assert_allclose(found.loss, history.loss[:200], rtol=1e-9)


def test_the_smoothing_is_unbiased_and_weighs_the_last_steps_most():
    assert experiment.smooth(np.full(9, 2.5), 0.9) == pytest.approx(np.full(9, 2.5))
    loss = np.array([1.0, 5.0, 2.0])
    np.testing.assert_allclose(experiment.smooth(loss, 0.0), loss)
    weights = 0.2 * 0.8 ** np.array([2, 1, 0])
    assert experiment.smooth(loss, 0.8)[2] == pytest.approx(weights @ loss / weights.sum())


def test_the_reading_of_a_curve_that_is_known():
    rates = np.geomspace(LOW, HIGH, 201)
    at = np.log10(rates)
    loss = 2.0 - np.tanh(4 * (at + 1)) + np.where(at > 0, 30 * at, 0)  # falls fastest at 0.1, rises from 1 on
    reading = experiment.read(Test(rates, loss), 0.0)
    assert reading.fastest == pytest.approx(0.1, rel=0.07)
    assert reading.least == pytest.approx(1.0, rel=0.07)
    assert loss[rates == reading.over] > OVER * loss.min()
    assert len(reading.smoothed) == np.flatnonzero(rates == reading.over)[0] + 1
    assert experiment.read(Test(rates, 2.0 - at / 10), 0.0).over is None


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_test_can_be_read(run, optimizer):
    for length, beta, batch in ((50, 0.98, 8), (400, 0.0, 128), (200, 0.9, 32)):
        reading = experiment.read(experiment.test(Setting(run, optimizer, batch, 1), length), beta)
        assert LOW <= reading.fastest <= reading.least <= HIGH
        assert reading.over is None or reading.least < reading.over
        assert np.isfinite(reading.smoothed).all()


def test_each_optimiser_has_its_own_decade():
    fastest = {name: experiment.read(experiment.test(DIGITS._replace(optimizer=name), 200), 0.9).fastest
               for name in OPTIMIZERS}  # fmt: skip
    assert fastest["Adam"] < fastest["momentum 0.9"] < fastest["SGD"]
    assert fastest["SGD"] / fastest["Adam"] > 10


# --- single rates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", RUNS)
def test_a_rate_is_tried_by_an_ordinary_training_of_the_engine(run):
    setting, known, (sizes, loss) = Setting(run, "Adam", 64, 3), lesson(run), RUNS[run]
    net = Network(sizes, hidden="tanh", seed=3)
    start = float(net.loss(known.X, known.y, loss=loss))
    train(net, known.X, known.y, loss=loss, optimizer=Adam(lr=0.01), batch_size=64, epochs=2, seed=3)
    made = experiment.trained(setting, 0.01, 20)
    assert made.loss[0] == pytest.approx(start)
    assert made.loss[-1] == pytest.approx(float(net.loss(known.X, known.y, loss=loss)))


def test_all_nine_at_once_are_nine_alone():
    losses = experiment.tried(DIGITS, 40)
    for rate, loss in list(zip(TRIED, losses, strict=True))[::3]:
        assert experiment.trained(DIGITS, float(rate), 40).loss[-1] == pytest.approx(loss)


def test_examples_learned_from_are_never_the_unseen_ones():
    known = lesson("digits")
    together = np.concatenate([known.X, known.unseen_X])
    assert len(np.unique(together, axis=0)) == len(together)


def test_the_answer_is_good_on_digits_and_short_sighted_on_moons(make):
    digits, moons = make(), make(run="moons")
    assert digits.loss_at(digits.reading.fastest) < 0.3 * digits.loss_at(0.03)
    assert digits.reading.fastest > digits.best() / 10
    assert moons.apply({"optimizer": "Adam", "batch": 128}) is None
    assert moons.reading.fastest < moons.best() / 10
    assert moons.loss_at(moons.best()) < 0.3 * moons.loss_at(moons.reading.fastest)


# --- picture, words, gestures -----------------------------------------------------------------------------------------


def test_picture_words_and_properties_say_the_same(make):
    explorer = make(lr=0.3)
    explorer.png()
    scene = explorer.scene
    assert scene.values[0].get_text() == f"{explorer.loss_at(0.3):.3f}"
    assert scene.values[3].get_text() == f"{min(explorer.tried().values()):.3f}"
    assert scene.dots[0].get_xydata() == pytest.approx(np.array([[0.3, explorer.loss_at(0.3)]]))
    assert scene.reads[0].get_text() == f"falls fastest at {explorer.reading.fastest:.3g}"
    assert f"the rate chosen, 0.3: {explorer.loss_at(0.3):.3f}" in explorer.describe()
    np.testing.assert_allclose(scene.tried.get_xdata(), TRIED)


def test_the_rate_is_dragged_in_either_plot_and_moved_by_keys(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.test, (0.03, 1), (0.1, 1), (0.5, 2))
    assert explorer.lr == 0.5
    drag(explorer, explorer.scene.after, (0.5, 1), (1e-9, 1))
    assert explorer.lr == LOW
    press(explorer, "ArrowLeft")
    assert explorer.lr == LOW
    press(explorer, "ArrowRight")
    press(explorer, "ArrowRight", shift=True)
    assert explorer.lr == 0.0002
    press(explorer, "End")
    assert explorer.lr == explorer.best()
    press(explorer, "Home")
    assert explorer.lr == pytest.approx(explorer.reading.fastest, rel=0.06)
    drag(explorer, explorer.scene.training, (10, 1), (50, 1))
    assert explorer.lr == pytest.approx(explorer.reading.fastest, rel=0.06)


EXTREMES = [
    {}, {"run": "moons"}, {"run": "moons", "optimizer": "Adam", "lr": 10.0, "batch": 8, "seed": 1},
    {"optimizer": "momentum 0.9", "lr": 10.0, "smoothing": 0.0, "length": 50, "steps": 10},
    {"optimizer": "Adam", "lr": 0.00135, "batch": 128, "steps": 200, "length": 400, "smoothing": 0.98},
    {"lr": 0.000135, "batch": 8, "seed": 99},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_texts_stay_clear_of_each_other_and_nothing_is_infinite(make, settings):
    explorer = make(**settings)
    explorer.png()
    assert_clear(explorer.figure, text_boxes(explorer.figure, *explorer.figure.axes))
    words = explorer.describe()
    assert not {"nan", "inf"} & set(words.lower().replace(",", " ").replace(".", " ").split())
