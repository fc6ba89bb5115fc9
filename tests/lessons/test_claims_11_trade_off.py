"""What the verdicts on capacity and on the trade-off say is what their numbers show."""

from functools import cache

import pytest

from wbviz.lessons import claims_11_trade_off
from wbviz.lessons.claim import Claim


@cache
def numbers(name):
    return Claim(name, "Claim.", "", getattr(claims_11_trade_off, name)).test().numbers


def mean(found, name):
    return found[f"{name}, mean"]


def test_capacity_is_number_size_and_training():
    found = numbers("capacity")
    assert found["samples"] >= 20
    counts = {1: "1 unit", 2: "2 units", 4: "4 units", 8: "8 units", 16: "16 units"}
    left = [mean(found, f"{name} ({3 * units + 1} numbers): share left over") for units, name in counts.items()]
    assert left == sorted(left, reverse=True)
    assert left[0] > 0.7
    assert left[-1] < 0.3
    for held in ("λ = 0.01", "λ = 0.1", "biases kept at 0", "50 epochs"):
        assert mean(found, f"16 units, {held} (49 numbers): share left over") > 0.9 * left[0]


def test_what_trades_bias_for_variance_and_what_does_not():
    found = numbers("trade_off")
    assert found["seeds"] >= 20

    def parts(name):
        return mean(found, f"{name}: bias²"), mean(found, f"{name}: variance")

    short, long = parts("8 units, 100 epochs"), parts("8 units, 1000 epochs")
    assert long[0] < short[0] / 3
    assert long[1] > 2 * short[1]
    one, four, sixteen = parts("1 unit"), parts("4 units"), parts("16 units")
    assert four[0] < one[0] / 10
    assert four[1] > 1.5 * one[1]
    assert sixteen[1] < 1.1 * four[1]
    small, strong = parts("4 units, λ = 0.003"), parts("4 units, λ = 0.3")
    assert small[0] > four[0]
    assert sum(small) < 0.95 * sum(four)
    assert strong[0] > 4 * sum(four)
    many = parts("4 units, 80 examples")
    assert many[1] < four[1] / 4
    assert many[0] <= four[0]


def test_the_most_complex_can_be_the_best():
    found = numbers("too_complex")
    assert found["seeds"] >= 20
    free = {units: mean(found, f"{units} ReLU units: median error") for units in (5, 20, 40, 120, 400)}
    held = {units: mean(found, f"{units} ReLU units, λ = 0.01: median error") for units in free}
    assert free[40] > 4 * free[20]
    assert free[20] < free[5]
    assert free[400] < free[120] < 0.6 * free[20]
    assert list(held.values()) == sorted(held.values(), reverse=True)


@pytest.mark.parametrize("p", [20, 80, 320])
def test_gaussian_inputs_follow_the_closed_form_within_their_sampling_error(p):
    found = numbers("too_complex")
    name = f"{p} Gaussian inputs"
    error = found[f"{name}: error beyond the noise, sd"] / 20**0.5
    assert abs(mean(found, f"{name}: error beyond the noise") - found[f"{name}: closed form"]) < 4 * error
