"""What the verdicts of chapter 06 say is what their numbers show."""

from functools import cache

from wbviz.lessons import claims_06
from wbviz.lessons.claim import Claim


@cache
def numbers(name):
    found = Claim(name, "Claim.", "", getattr(claims_06, name)).test().numbers
    assert found["seeds"] >= 20
    return found


def test_training_fits_any_labels_and_foretells_only_true_ones():
    found = numbers("something_to_learn")
    for kind in ("true", "exchanged"):
        assert found[f"{kind} labels, right on learned rows after, %, mean"] > 98
    assert found["true labels, right on new rows after, %, mean"] > 92
    assert found["exchanged labels, right on new rows after, %, mean"] < 58


def test_what_is_learned_too_well_is_noise():
    found = numbers("learns_noise")
    share = "{} noisy points, epoch {}: share of the noise learned, %, mean"
    beyond = "{}, epoch {}: error on new points beyond the noise, mean"
    assert found[share.format(12, 1000)] > found[share.format(12, 200)] + 10
    assert found[share.format(12, 1000)] > 65 > 40 > found[share.format(60, 1000)]
    assert found[beyond.format("12 noisy points", 1000)] > 1.5 * found[beyond.format("12 noisy points", 200)]
    for calm in ("60 noisy points", "12 points without noise"):
        assert found[beyond.format(calm, 1000)] < found[beyond.format(calm, 200)]
        assert found[f"{calm}: seeds where it got worse"] <= 6
    assert found["12 noisy points: seeds where it got worse"] >= 13


def test_too_little_is_not_only_a_matter_of_size():
    found = numbers("learns_too_little")
    beyond = "{}: error on new points beyond the noise, mean"
    enough = max(found[beyond.format(name)] for name in ("wave, 16 units", "line, 1 unit"))
    for name in ("wave, 1 unit", "wave, 1 unit, 12 points", "wave, 16 units, λ = 0.1", "wave, 16 units, 20 epochs"):
        assert found[beyond.format(name)] > 4 * enough


def test_validation_is_right_on_average_and_a_leak_of_labels_makes_it_worthless():
    found = numbers("validation_is_honest")
    single, folds = "a single split minus fresh rows, points", "the mean of 5 folds minus fresh rows, points"
    assert abs(found[f"{single}, mean"]) < 4
    assert abs(found[f"{folds}, mean"]) < 2
    assert found[f"{single}, sd"] > 1.5 * found[f"{folds}, sd"]
    assert abs(found["the same with the scaler from all rows, points, mean"] - found[f"{folds}, mean"]) < 1
    assert 42 < found["coin flips, mean of 5 folds, %, mean"] < 58
    assert found["coin flips, features from all rows: mean of 5 folds, %, mean"] > 90
    assert found["coin flips, features from all rows: minus fresh rows, points, mean"] > 40


def test_the_best_score_of_a_search_promises_too_much():
    found = numbers("tuning_finds_the_best")
    kept, middling = (
        found[f"circles: {what} on fresh rows, %, mean"] for what in ("the best keeps", "a middling setting")
    )
    assert kept > middling + 10
    assert found["circles: promised minus kept, points, mean"] > 3
    assert found["circles: samples where the chosen one was the true best"] < 10
    assert found["coin flips: the best promises, %, mean"] > 65
    assert abs(found["coin flips: the best keeps on fresh rows, %, mean"] - 50) < 3
