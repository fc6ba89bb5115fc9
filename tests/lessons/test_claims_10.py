"""What the verdicts of chapter 10 on searches say is what their numbers show; what was recorded can be found again."""

from functools import cache

import numpy as np
import pytest

from wbviz.bridges.optuna_recorded import measured
from wbviz.lessons import claims_10
from wbviz.lessons.claim import Claim
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import RANDOM, TPE, Setting


@cache
def numbers(name):
    found = Claim(name, "Claim.", "", getattr(claims_10, name)).test().numbers
    assert found["seeds"] >= 20
    return found


def test_tpe_helps_where_good_settings_are_rare():
    found = numbers("searches_for_the_best")
    gain = "{}: TPE minus random on new rows, points, mean"
    assert found[gain.format("digits")] > 3
    for name in ("digits", "spiral"):
        assert found[f"{name}: TPE better, times"] > found[f"{name}: random better, times"] + 5
    assert found["spiral: TPE minus random on new rows, points, sd"] > found[gain.format("spiral")]
    assert abs(found[gain.format("breast_cancer")]) <= 1
    assert found["moons: random better, times"] > found["moons: TPE better, times"]
    for name in ("moons", "breast_cancer", "digits"):
        assert found[f"{name}: TPE promises more than it keeps by, points, mean"] > 1


def test_searches_run_again_find_what_was_recorded():
    found = numbers("searches_for_the_best")
    for seed in range(claims_10.AGAIN):
        again = found[f"moons, seed {seed}: random search run again finds, %"]
        assert again == pytest.approx(found[f"moons, seed {seed}: it had found, %"], abs=2)


@pytest.mark.parametrize(("name", "seed"), [("digits", 0), ("digits", 1), ("breast_cancer", 0)])
@pytest.mark.parametrize("way", [TPE, RANDOM])
def test_the_recorded_comparison_can_be_found_again(name, seed, way):
    if way == TPE:
        pytest.importorskip("optuna", reason="Optuna is not installed: pip install optuna")
    run = experiment.begun(Setting(name, way, measured()["trials"], False, seed))
    for _ in run.steps():
        pass
    kept = experiment.look(run.setting, run.best).sealed
    recorded = measured()["found"][name][way]
    assert run.best.score == pytest.approx(recorded["best"][seed], abs=0.03)
    assert kept == pytest.approx(recorded["kept"][seed], abs=0.04)


def test_a_search_spares_the_expert_where_the_guess_is_poor_and_the_space_is_good():
    found = numbers("spares_the_expert")
    guess, search = "{}: a first guess is right on new rows, %, mean", "{}: random search is right on new rows, %, mean"
    for name, points in (("spiral", 20), ("moons", 3), ("digits", 5)):
        assert found[search.format(name)] > found[guess.format(name)] + points
        assert found[f"{name}: the search is better than the guess, times"] >= 15
    assert abs(found[search.format("breast_cancer")] - found[guess.format("breast_cancer")]) < 1.5
    poor = found["moons: the best of ten in a space without good learning rates, %, mean"]
    assert poor < found[search.format("moons")] - 8
    for name in ("spiral", "moons", "digits"):
        blind = found[f"{name}: a setting drawn blindly is right on new rows, %, mean"]
        assert blind < found[search.format(name)] - 5


def test_means_are_those_of_the_record():
    kept = {way: np.array(measured()["found"]["digits"][way]["kept"]) for way in (TPE, RANDOM)}
    gain = 100 * (kept[TPE] - kept[RANDOM])
    found = numbers("searches_for_the_best")["digits: TPE minus random on new rows, points, mean"]
    assert found == pytest.approx(gain.mean(), abs=0.06)
