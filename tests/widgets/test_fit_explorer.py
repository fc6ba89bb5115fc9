"""FitExplorer: all widths at once are what each is alone; verdicts, own points, and a picture that follows."""

import itertools
from functools import partial

import numpy as np
import pytest
import traitlets

from tests.picture.sent import Frames
from tests.scenes.fit import assert_clear, text_boxes
from tests.widgets.hands import drag, press
from wbviz.engine import Adam, Training
from wbviz.widgets import _fitting as experiment
from wbviz.widgets._fitting import LOOKS, PLACES, SEEDS, STRIDE, TRUTHS, WIDTHS, Setting
from wbviz.widgets.fit_explorer import FitExplorer

SETTING = Setting("wave", 12, 0.3, 1, 0.0, 0)
EXPLORER = partial(FitExplorer, controls=False)
PAINTED = True


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", TRUTHS)
def test_examples_are_the_truth_and_noise(target):
    few, many = (experiment.lesson(SETTING._replace(target=target, examples=n, noise=0.0)) for n in (12, 60))
    assert np.array_equal(few.X, many.X[:12])
    np.testing.assert_allclose(many.y, TRUTHS[target](many.X))
    np.testing.assert_allclose(many.unseen_y, TRUTHS[target](PLACES))
    noisy = experiment.lesson(SETTING._replace(target=target))
    assert noisy.floor == pytest.approx(((noisy.unseen_y - TRUTHS[target](PLACES)) ** 2).mean())
    assert not np.isin(noisy.X, PLACES).any()


@pytest.mark.parametrize("layers", [1, 2])
def test_a_network_among_the_wider_ones_is_trained_as_it_is_alone(layers):
    setting = SETTING._replace(layers=layers, lam=0.01)
    fit = experiment.Fit(setting)
    for _ in range(2):
        fit.advance()
    for width in (1, 5, 16):
        alone = experiment.fresh(width, layers, setting.seed)
        known = fit.lesson
        Training(alone, known.X, known.y, optimizer=Adam(lr=0.1), epochs=2 * STRIDE, l2=0.01).run()
        np.testing.assert_allclose(fit.network(width, 2).params, alone.params, atol=1e-7)


def test_units_that_a_network_does_not_have_stay_exactly_zero():
    training = experiment.training([SETTING._replace(layers=2)])
    training.run(300)
    for k, own in enumerate(experiment.places(2)):
        others = np.delete(training.net.params[k], own)
        assert not others.any()
        assert training.net.params[k, own].all()


@pytest.mark.parametrize("layers", [1, 2])
def test_errors_are_those_of_the_networks(layers):
    fit = experiment.fit(SETTING._replace(layers=layers))
    known = fit.lesson
    for width, look in ((1, 0), (4, 7), (16, len(LOOKS) - 1)):
        net = fit.network(width, look)
        assert list(net.sizes) == experiment.sizes(width, layers)
        assert fit.learned[look, width - 1] == pytest.approx(float(net.loss(known.X, known.y)))
        assert fit.unseen[look, width - 1] == pytest.approx(float(net.loss(PLACES, known.unseen_y)))


def test_a_seed_of_the_capacity_curve_is_the_fit_with_that_seed():
    found = experiment.Capacity(SETTING)
    *_, (share, _) = itertools.islice(found.measure(), 3)
    assert share == pytest.approx(2 / (len(LOOKS) - 1))
    for seed in (0, SEEDS - 1):
        fit = experiment.Fit(SETTING._replace(seed=seed))
        for _ in range(2):
            fit.advance()
        np.testing.assert_allclose(found.unseen[2, seed], fit.unseen[2], atol=1e-7)
        np.testing.assert_allclose(found.learned[2, seed], fit.learned[2], atol=1e-7)


def test_the_verdict_compares_with_the_sweet_spot():
    sweet = experiment.Sweet(4, 200, 0.0, 0.1, 0.2)
    assert experiment.verdict(sweet, 0.05, 0.22) == "near"
    assert experiment.verdict(sweet, 0.3, 0.4) == "under"
    assert experiment.verdict(sweet, 0.01, 0.4) == "over"


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_too_few_units_underfit_and_too_many_overfit(make):
    explorer = make()
    assert explorer.verdict() == "overfitting"
    assert explorer.train_error() < 0.1 * explorer.noise_error() < explorer.validation_error() / 20
    explorer.hidden = 1
    assert explorer.verdict() == "underfitting"
    assert explorer.train_error() > 2 * explorer.noise_error()
    sweet = explorer.sweet_spot()
    explorer.apply({"hidden": sweet.width, "epochs": sweet.epoch, "lam": sweet.lam})
    assert explorer.verdict() == "close to the sweet spot"
    assert explorer.validation_error() == sweet.unseen


def test_more_examples_less_noise_or_a_penalty_calm_the_wide_network(make):
    wild = make().validation_error()
    for settings in ({"examples": 60}, {"lam": 0.01}, {"epochs": 160}):
        assert make(**settings).validation_error() < 0.5 * wild, settings
    assert make(lam=0.1).verdict() == "underfitting"


def test_over_seeds_the_error_falls_with_capacity_and_rises_again(make):
    explorer = make()
    assert explorer.capacity is None
    explorer.measure()
    explorer.wait(60)
    unseen = np.median(explorer.capacity.unseen[-1], axis=0)
    best = int(unseen.argmin())
    assert 1 <= best <= 7
    assert unseen[0] > 1.3 * unseen[best] < unseen[-1]
    assert "Over 8 seeds" in explorer.describe()
    explorer.epochs = 200
    assert explorer.capacity is not None
    explorer.noise = 0.1
    assert explorer.capacity is None


def test_picture_words_and_properties_say_the_same(make):
    explorer = make(hidden=5, epochs=300)
    scene = explorer.scene
    now = [explorer.train_error(), explorer.validation_error()]
    assert [float(mark.get_ydata()[0]) for mark in scene.marks] == [*now, *now]
    assert [text.get_text() for text in scene.numbers[:2]] == [f"{value:.3f}" for value in now]
    np.testing.assert_allclose(scene.curve.get_ydata(), explorer.network(PLACES))
    assert f"{now[1]:.3f} on 101 it has never seen" in explorer.describe()
    assert scene.says[0].get_text().lower().rstrip(".") == explorer.verdict()
    assert len(scene.lines[3].get_xdata()) == len(WIDTHS)


# --- own points -------------------------------------------------------------------------------------------------------


def test_a_dragged_point_pulls_the_curve_with_it(make):
    explorer = make()
    known = experiment.lesson(explorer._setting)
    x, y = float(known.X[3, 0]), float(known.y[3, 0])
    drag(explorer, explorer.scene.plane, (x, y), (x, y + 0.5), (x, y - 1.5))
    assert explorer.chosen == 3
    assert explorer.points[3] == pytest.approx([x, y - 1.5], abs=0.01)
    others = np.delete(np.array(explorer.points), 3, axis=0)
    np.testing.assert_allclose(others, np.delete(np.hstack([known.X, known.y]), 3, axis=0), atol=1e-3)
    assert explorer.network(np.array([[x]]))[0, 0] == pytest.approx(y - 1.5, abs=0.5)
    assert explorer.undo()
    assert explorer.points == []


def test_new_points_are_drawn_where_others_are_asked_for(make):
    points = [[-2, 0.5], [-1, 0], [0, 1], [1, -1], [2, 0]]
    explorer = make(points=points)
    assert explorer.examples == 5
    assert make(**explorer.state).points == points
    explorer.hidden = 3
    assert explorer.points == points
    explorer.seed = 4
    assert explorer.points == []


@pytest.mark.parametrize(
    "bad", [[[0, 1]], "points", [[0, 1]] * 3 + [[0]], [[0, 1]] * 3 + [[4, 0]], [[0, 1]] * 3 + [[0, float("nan")]]]
)
def test_bad_points_are_refused_with_a_sentence(make, bad):
    explorer = make()
    with pytest.raises(traitlets.TraitError, match="points: "):
        explorer.points = bad


def test_keys_do_what_the_pointer_does(make):
    explorer = make(hidden=4, epochs=500)
    press(explorer, "ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown")
    assert (explorer.hidden, explorer.epochs) == (3, 480)
    press(explorer, "ArrowUp", shift=True)
    assert explorer.epochs == 680
    press(explorer, "n", "n", "ArrowUp")
    known = experiment.lesson(SETTING)
    assert explorer.chosen == 1
    assert explorer.points[1] == pytest.approx([known.X[1, 0], known.y[1, 0] + 0.1], abs=1e-3)
    press(explorer, "Escape")
    assert explorer.chosen is None


def test_dragging_in_the_plots_sets_epochs_and_hidden_units(make):
    explorer = make()
    drag(explorer, explorer.scene.errors, (20, 0.1), (np.sqrt(405), 0.1))
    drag(explorer, explorer.scene.capacity, (8, 0.1), (2.2, 0.1))
    assert (explorer.epochs, explorer.hidden) == (400, 2)


# --- training beside the page -----------------------------------------------------------------------------------------


def test_where_a_browser_looks_the_picture_follows_and_ends_the_same(make):
    explorer = make()
    Frames(explorer.picture).ready()
    explorer.noise = 0.1
    explorer.noise = 0.2
    explorer.wait(30)
    explorer._update()
    alone = make(noise=0.2)
    assert explorer.scene.numbers[1].get_text() == alone.scene.numbers[1].get_text()
    assert explorer._training.work.stage == "done"


def test_a_stopped_training_keeps_what_it_has(make):
    explorer = make()
    Frames(explorer.picture).ready()
    explorer.apply({"noise": 0.1, "layers": 2})
    explorer._update()
    explorer._training.work.stop()
    explorer._training.work.wait(10)
    explorer._update()
    reached = explorer._training.shown().reached
    assert explorer._training.shown().setting == explorer._setting
    assert f"After {LOOKS[reached]:,} of 1,000 epochs" in explorer.describe()
    assert "nan" not in explorer.describe()


EXTREMES = [
    {"target": target, "examples": n, "noise": noise, "hidden": hidden, "layers": layers, "epochs": epochs, "seed": 9}
    for target, n, noise, hidden, layers, epochs in (
        ("line", 4, 0.8, 16, 2, 1000), ("step", 60, 0.8, 1, 1, 0), ("bump", 25, 0.0, 1, 2, 20),
        ("wave", 60, 0.3, 9, 1, 500),
    )
] + [{"points": [[-3, 5], [3, -5], [0, 0], [1, 1]], "chosen": 0}, {"lam": 0.1}]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    scene = explorer.scene
    assert_clear(explorer.figure, text_boxes(explorer.figure, scene.page, scene.plane, scene.errors, scene.capacity))
