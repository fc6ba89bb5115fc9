"""What the verdicts of chapter 09 say is what their numbers show; recorded ones are named as such and are alike."""

from functools import cache

import pytest

from wbviz.bridges import _extra
from wbviz.lessons import claims_09, claims_09_libraries
from wbviz.lessons._recorded_09 import RECORDED, WHEN
from wbviz.lessons.chapter_09 import CHAPTER
from wbviz.lessons.claim import Claim


@cache
def verdict(name):
    return Claim(name, "Claim.", "", getattr(claims_09, name)).test()


def test_the_training_loss_is_a_bad_adviser_where_points_are_few():
    numbers = verdict("data_driven_decisions").numbers
    few = {how: numbers[f"30 points, {how}: unseen loss, mean"] for how in claims_09.CHOICES}
    assert few[claims_09.CURVE] <= few[claims_09.END] < few[claims_09.CHANCE] < few[claims_09.LAST]
    assert numbers["30 points: samples in which the curve chose better"] >= 14
    many = {how: numbers[f"150 points, {how}: unseen loss, mean"] for how in claims_09.CHOICES}
    assert abs(many[claims_09.CURVE] - many[claims_09.LAST]) < 0.02 < many[claims_09.CHANCE] - many[claims_09.LAST]
    for n in claims_09.POINTS:
        promised = numbers[f"{n} points, {claims_09.CURVE}: what it promised, mean"]
        assert promised < numbers[f"{n} points, {claims_09.CURVE}: unseen loss, mean"]
    assert verdict("data_driven_decisions").verdict == "holds if the data were held out"


def test_looking_in_early_saves_much_and_loses_little():
    found = verdict("monitoring_saves")
    numbers = found.numbers
    assert numbers["share of the steps saved"] > 0.5
    for n in claims_09.POINTS:
        full = numbers[f"{n} points, all runs to the end: unseen loss, mean"]
        assert numbers[f"{n} points, watching the validation loss: unseen loss, mean"] < 1.1 * full
        assert numbers[f"{n} points, watching the validation loss: best run still there, of 20"] >= 10
    few, many = (numbers[f"{n} points, watching the training loss: unseen loss, mean"] for n in claims_09.POINTS)
    assert few > numbers["30 points, watching the validation loss: unseen loss, mean"]
    assert many == pytest.approx(numbers["150 points, all runs to the end: unseen loss, mean"], abs=0.01)
    assert found.verdict.startswith("holds if a slightly worse run")


@pytest.mark.parametrize("name", RECORDED)
def test_without_the_libraries_recorded_numbers_are_told_and_named(name, monkeypatch):
    live = CHAPTER.claims[name]
    monkeypatch.setattr(_extra, "find_spec", lambda module: None)
    told = live.test()
    assert told.text.startswith(f"PyTorch or TensorFlow is not installed: recorded on {WHEN}")
    assert dict(told.numbers) == RECORDED[name]
    assert told.verdict == {"autodiff": "holds", "agree": "holds if precision and formula are the same"}[name]


@pytest.mark.parametrize("name", RECORDED)
def test_live_numbers_are_like_those_recorded(name):
    for module in ("torch", "tensorflow"):
        pytest.importorskip(module, reason=f"{module} is not installed: the claim tells recorded numbers")
    found = CHAPTER.claims[name].test()
    assert found.verdict in ("holds", "holds if precision and formula are the same")
    assert set(found.numbers) == set(RECORDED[name])
    for key, recorded in RECORDED[name].items():
        margin = 2.0 if "power of ten" in key else 0
        assert abs(found.numbers[key] - recorded) <= margin, key


def test_a_difference_is_told_by_its_power_of_ten():
    assert [claims_09_libraries._tenths(gap) for gap in (0.0, 1e-9, 2e-9, 4e-9)] == [-18.0, -9.0, -8.5, -8.0]
