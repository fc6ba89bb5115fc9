"""What the verdicts of chapter 07 on momentum say is what their numbers show."""

from functools import cache

from wbviz.lessons import claims_07_minima
from wbviz.lessons.claim import Claim


@cache
def verdict(name):
    return Claim(name, "Claim.", "", getattr(claims_07_minima, name)).test()


def test_steps_grow_like_the_root_of_kappa_with_momentum_and_like_kappa_without():
    found = verdict("momentum_accelerates").numbers
    assert found["quadratics of each κ"] >= 20
    assert abs(found["steps grow like κ to the power, without momentum, mean"] - 1) < 0.05
    assert abs(found["steps grow like κ to the power, √κ rule, mean"] - 0.5) < 0.1
    fewer = "κ = {}: quadratics on which β = 0.9 needs fewer steps than no β"
    assert found[fewer.format(10)] == 0
    assert found[fewer.format(1000)] == 20


def test_momentum_helps_over_shallow_bumps_and_hurts_where_the_lowest_valley_is_narrow():
    found = verdict("momentum_escapes").numbers
    assert (found["seeds"], found["starts of each"]) == (20, 64)
    gain = {name: found[f"{name}: with momentum, mean"] - found[f"{name}: in the lowest, without, mean"]
            for name in claims_07_minima.CASES}  # fmt: skip
    assert gain["shallow bumps"] > 20
    assert gain["bumpy bowl"] > 8
    assert abs(gain["bumps, less β"]) < 0.5
    assert gain["four deep wells"] < 3
    assert gain["narrow lowest valley"] < -8
    assert gain["a neuron's loss"] < -8
    assert found["two wells: taken away, mean"] > 1
    better = ": seeds with more in the lowest"
    assert (found[f"shallow bumps{better}"], found[f"narrow lowest valley{better}"]) == (20, 0)


def test_a_network_is_quicker_with_momentum_but_no_less_often_stuck():
    claim = verdict("momentum_in_a_network")
    found, solved = claim.numbers, "{}: solved after {} steps (of 25), mean"
    assert found[solved.format("α = 0.1, β = 0.9", 300)] > found[solved.format("α = 0.1", 300)] + 10
    ends = [found[solved.format(name, steps)] for name, steps in (("α = 0.1, β = 0.9", 1000), ("α = 1", 1000))]
    assert abs(ends[0] - ends[1]) < 1
    assert found[solved.format("α = 0.1, β = 0.99", 1000)] < ends[1] - 1
    assert claim.verdict == "misleading"
