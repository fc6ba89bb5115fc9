"""What the verdicts of chapter 08 on deep networks say is what their numbers show."""

from functools import cache

import pytest

from wbviz.lessons import claims_08
from wbviz.lessons.claim import Claim

RATIO = "power of ten of first over last gradient, mean"


@cache
def verdict(name):
    return Claim(name, "Claim.", "", getattr(claims_08, name)).test()


def test_sigmoids_gradient_vanishes_with_depth_and_adam_makes_up_for_some_of_it():
    found = verdict("vanishing_prevents_learning")
    numbers = found.numbers
    assert [numbers[f"depth {depth}: {RATIO}"] for depth in (3, 10, 20)] == pytest.approx([-1.6, -6.1, -12.6], abs=1)
    learned = {
        rule: [numbers[f"depth {depth}, {rule}: learned, of 20"] for depth in (3, 10, 20)]
        for rule in ("plain descent", "Adam")
    }
    assert learned["plain descent"][0] >= 12
    assert learned["plain descent"][1:] == [0, 0]
    assert learned["Adam"][0] >= 15
    assert learned["Adam"][1] > 10
    assert learned["Adam"][2] == 0
    assert found.verdict.startswith("holds if the step is in proportion")


def test_relu_with_he_keeps_the_gradient_at_any_depth_but_not_the_learning():
    found = verdict("relu_mitigates")
    numbers = found.numbers
    for depth, sigmoid in ((20, -12), (50, -30)):
        assert numbers[f"depth {depth}, sigmoid: {RATIO}"] < sigmoid
        assert abs(numbers[f"depth {depth}, ReLU and He: {RATIO}"]) < 0.5
    assert numbers["depth 20, sigmoid: learned, of 20"] == 0
    assert numbers["depth 20, ReLU and He: learned, of 20"] >= 15
    assert numbers["depth 50, ReLU and He: learned, of 20"] < 12
    dead = [numbers[f"one layer of 8 ReLU units, rate {rate}: dead units, mean"] for rate in (1, 10)]
    assert dead[0] < 1 < 4 < dead[1]
    assert found.verdict.startswith("holds if the weights are He's")


def test_the_start_must_suit_the_activation():
    numbers = verdict("initialisation_helps").numbers
    learned = {name.removesuffix(": learned, of 20"): count for name, count in numbers.items()}
    for lost in ("tanh, small_normal", "relu, small_normal", "relu, xavier"):
        assert learned[lost] <= 1
    for found, least in (("tanh, xavier", 14), ("tanh, orthogonal", 14), ("relu, he", 8)):
        assert learned[found] >= least


def test_zeros_stay_one_unit_even_where_they_learn():
    numbers = verdict("zeros_never_break_symmetry").numbers
    assert numbers["samples"] >= 20
    for activation in ("sigmoid", "relu", "tanh"):
        assert numbers[f"{activation}, zeros: different units, mean"] == 1
        assert numbers[f"{activation}, zeros: different units, sd"] == 0
    assert numbers["sigmoid, xavier: different units, mean"] == 8
    assert numbers["sigmoid, zeros: largest weight into them, mean"] > 1
    assert numbers["sigmoid, zeros: loss, mean"] < 0.35 < numbers["relu, zeros: loss, mean"]
    for activation in ("relu", "tanh"):
        assert numbers[f"{activation}, zeros: largest weight into them, mean"] == 0
