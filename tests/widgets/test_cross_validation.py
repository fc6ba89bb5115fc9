"""CrossValidation: the engine's numbers, each example judged once, leaks that show on fresh data, and its picture."""

from functools import partial

import numpy as np
import pytest

from tests.picture.sent import Frames
from tests.scenes.fit import assert_clear, text_boxes
from tests.widgets.hands import press
from wbviz.engine import accuracy, cross_validate
from wbviz.widgets import _validating as experiment
from wbviz.widgets._validating import COIN, DATA, FRESH, LEAKS, SHUFFLES, Setting
from wbviz.widgets.cross_validation import CrossValidation

SETTING = Setting("breast_cancer", 60, 0, 30, 4, 5, "none", 0, 0)
CHEAT = "features from all rows"
EXPLORER = partial(CrossValidation, controls=False)
PAINTED = True


def click(explorer, x, y):
    """Press and let go at pixels from the upper left."""
    at = {"press": explorer.picture.pointer.get("press", 0) + 1, "px": x, "py": 460 - y, "x": x, "y": 460 - y}
    explorer.picture.pointer = at | {"down": False, "inside": True, "shift": False}


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATA)
def test_fresh_rows_are_no_examples(dataset):
    known = experiment.rows(dataset, 40, 50, 3)
    assert len(known.X) == len(known.y) == 40
    assert len(known.fresh_X) == len(known.fresh_y) >= 90
    assert known.X.shape[1] == known.fresh_X.shape[1]
    assert known.X.shape[1] == experiment.features(SETTING._replace(dataset=dataset, noise_features=50))
    assert not {row.tobytes() for row in known.X} & {row.tobytes() for row in known.fresh_X}
    few = experiment.rows(dataset, 40, 0, 3)
    assert np.array_equal(known.X[:, :-50], few.X)


def test_labels_of_coin_flips_go_with_no_feature():
    known = experiment.rows(COIN, 100, 1000, 0)
    assert len(known.fresh_y) == FRESH
    assert known.fresh_y.mean() == pytest.approx(0.5, abs=0.05)
    label = known.fresh_y - known.fresh_y.mean()
    assert np.abs(label @ known.fresh_X / len(label)).max() < 0.07


@pytest.mark.parametrize("leak", LEAKS)
def test_a_trial_is_the_engines_cross_validation(leak):
    setting = SETTING._replace(keep=10, leak=leak, seed=2)
    trial, known = experiment.trial(setting), experiment.rows("breast_cancer", 60, 0, 2)
    splits = [(np.setdiff1d(np.arange(60), held), held) for held in trial.held]
    found = cross_validate(setting.recipe, known.X, known.y, splits=splits, leak=LEAKS[leak], seed=2)
    assert np.array_equal(trial.scores, found.scores)
    assert np.array_equal(trial.train_scores, found.train_scores)
    assert (trial.mean, trial.sd) == (found.mean, found.sd)
    final = setting.recipe.fit(known.X, known.y, seed=2)
    assert trial.fresh == float(accuracy(known.fresh_y, final(known.fresh_X)))


def test_each_example_is_judged_once_by_a_network_without_it():
    trial = experiment.trial(SETTING._replace(dataset="moons", k=7))
    assert sorted(np.concatenate(trial.held)) == list(range(60))
    assert {len(held) for held in trial.held} == {8, 9}
    shares = [trial.right[held].mean() for held in trial.held]
    np.testing.assert_allclose(shares, trial.scores)


def test_shuffles_deal_the_same_examples_anew():
    found = experiment.Shuffles(SETTING)
    steps = found.measure()
    assert [next(steps)[0] for _ in range(3)] == pytest.approx([k / SHUFFLES for k in (1, 2, 3)])
    assert found.singles.shape == (15,)
    for shuffle in (0, 2):
        alone = experiment.trial(SETTING._replace(shuffle=shuffle))
        assert np.array_equal(found.scores[shuffle], alone.scores)
        assert found.means[shuffle] == pytest.approx(alone.mean)


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_features_chosen_with_all_rows_make_a_splendid_score_of_nothing(make):
    explorer = make(dataset=COIN, leak=CHEAT)
    assert (explorer.examples, explorer.noise_features, explorer.keep) == (40, 1000, 20)
    assert explorer.mean() > 0.8
    assert explorer.fresh_score() == pytest.approx(0.5, abs=0.06)
    assert explorer.optimism() > 0.25
    assert "too high" not in explorer.describe()
    explorer.fresh = True
    assert "too high" in explorer.describe()
    explorer.leak = "none"
    assert explorer.mean() < 0.72


def test_a_scaler_fitted_on_all_rows_hardly_shows(make):
    means = [[make(leak=leak, seed=seed).mean() for seed in range(5)] for leak in list(LEAKS)[:2]]
    assert np.abs(np.subtract(*means)).max() < 0.05


def test_where_all_features_are_kept_there_is_no_choice_that_could_leak(make):
    explorer = make(leak=CHEAT)
    assert np.array_equal(explorer.scores, make().scores)
    assert "no choice that could leak" in explorer.describe()


def test_single_splits_are_spread_wider_than_means(make):
    explorer = make()
    explorer.repeat()
    explorer.wait(60)
    found = explorer.repeated
    assert found.done == SHUFFLES
    assert found.singles.std() > 2 * found.means.std()
    assert f"Dealt anew {SHUFFLES} times" in explorer.describe()
    explorer.shuffle = 3
    assert explorer.repeated is found
    explorer.k = 4
    assert explorer.repeated is None


def test_picture_and_words_say_the_same(make):
    explorer = make(fold=2)
    scene = explorer.scene
    assert scene.says[0].get_text() == f"Mean {100 * explorer.mean():.1f} % ± {100 * explorer.sd():.1f} %"
    assert [text.get_text() for text in scene.values[10:15]] == [f"{100 * score:.1f} %" for score in explorer.scores]
    np.testing.assert_allclose(sorted(scene.dots.get_xdata()), sorted(explorer.scores))
    wrong = len(scene.wrong.get_segments())
    assert wrong == round(60 * (1 - explorer.scores.mean()))
    assert not len(scene.fresh.get_xdata())
    explorer.fresh = True
    explorer.png()
    assert scene.fresh.get_xdata()[0] == explorer.fresh_score()


def test_a_newly_chosen_set_begins_with_its_own_features_unless_others_are_given(make):
    explorer = make(dataset=COIN, noise_features=200)
    assert explorer.noise_features == 200
    explorer.dataset = "iris"
    assert (explorer.examples, explorer.noise_features, explorer.keep) == (60, 0, 30)


def test_a_row_is_taken_in_hand_by_click_and_key(make):
    explorer = make()
    click(explorer, 200, 76 + 34 * 2 + 10)
    assert explorer.fold == 3
    press(explorer, "ArrowDown")
    press(explorer, "ArrowDown")
    press(explorer, "ArrowDown")
    assert explorer.fold == 5
    explorer.k = 3
    assert explorer.fold == 3
    press(explorer, "ArrowUp")
    assert explorer.fold == 2
    click(explorer, 200, 76 + 34 * 4)
    assert explorer.fold == 2


def test_where_a_browser_looks_the_picture_follows_and_ends_the_same(make):
    explorer = make()
    Frames(explorer.picture).ready()
    explorer.examples = 30
    explorer.examples = 31
    explorer.wait(30)
    explorer._update()
    alone = make(examples=31)
    assert explorer.describe() == alone.describe()


def test_before_anything_is_trained_it_says_so(make):
    explorer = make()
    explorer._trying.shown = lambda: experiment.Trial(SETTING)
    explorer._update()
    assert explorer.describe() == "Breast cancer: 5 networks are being trained."
    assert explorer.scene.values[10].get_text() == "…"


EXTREMES = [
    {"dataset": COIN, "k": 10, "noise_features": 1000, "leak": CHEAT, "fresh": True, "examples": 100},
    {"k": 2, "examples": 20, "hidden": 0, "leak": CHEAT, "fresh": True},
    {"dataset": "circles", "k": 10, "leak": "scaler from all rows"},
]


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    found = experiment.Shuffles(explorer._whatever_the_shuffle())
    found.scores[:], found.done = 1.0, SHUFFLES
    explorer._repeating.found = found
    explorer.png()
    assert_clear(explorer.figure, text_boxes(explorer.figure, explorer.scene.page, explorer.scene.strip))
