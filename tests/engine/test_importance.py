"""What a setting matters: against known answers, and nothing where there is nothing."""

import numpy as np
import pytest

from wbviz.engine.importance import importances

RNG = np.random.default_rng(0)
SETTINGS = [
    {"a": float(a), "b": int(b), "c": str(c)}
    for a, b, c in zip(RNG.uniform(size=400), RNG.integers(1, 4, 400), RNG.choice(["x", "y"], 400), strict=True)
]


def test_it_finds_the_share_of_a_sum_whose_shares_are_known():
    scores = [(s["b"] - 2) + (s["c"] == "x") for s in SETTINGS]  # variances 2/3 and 1/4
    found = importances(SETTINGS, scores)
    assert found["a"] == pytest.approx(0, abs=0.02)
    assert found["b"] == pytest.approx((2 / 3) / (2 / 3 + 1 / 4), abs=0.06)
    assert found["c"] == pytest.approx((1 / 4) / (2 / 3 + 1 / 4), abs=0.06)


def test_numbers_are_dealt_into_groups_of_equal_count():
    found = importances(SETTINGS, [s["a"] > 0.5 for s in SETTINGS])
    assert found["a"] > 0.8
    assert max(found["b"], found["c"]) < 0.05


def test_luck_is_worth_nothing_on_average():
    values = [importances(SETTINGS[:30], np.random.default_rng(seed).normal(size=30)) for seed in range(200)]
    assert np.mean([list(each.values()) for each in values]) < 0.05


def test_interplay_belongs_to_none():
    found = importances(SETTINGS, [(s["b"] == 2) == (s["c"] == "x") for s in SETTINGS])
    assert sum(found.values()) < 0.2


@pytest.mark.parametrize("scores", [[0.5] * 9, list(range(9))])
def test_too_little_to_tell_is_zero_and_finite(scores):
    same = [{"a": 1.0, "c": "x"}] * 9
    assert importances(same, scores) == {"a": 0.0, "c": 0.0}
    assert importances([], []) == {}
    assert importances(SETTINGS[:1], [1.0]) == {"a": 0.0, "b": 0.0, "c": 0.0}
