"""What the verdicts of chapter 05 say is what their numbers show."""

from functools import cache

from wbviz.lessons import claims_05
from wbviz.lessons.claim import Claim


@cache
def numbers(name):
    return Claim(name, "Claim.", "", getattr(claims_05, name)).test().numbers


def test_one_valley_has_one_end_and_several_have_several():
    found = numbers("one_optimum")
    assert found["no hidden layer: highest loss"] - found["no hidden layer: lowest loss"] < 1e-4
    assert found["no hidden layer: farthest ends apart"] < 0.05
    assert found["3 hidden units: highest loss"] > 5 * found["3 hidden units: lowest loss"]
    assert found["3 hidden units: farthest ends apart"] > 5


def test_adam_is_ahead_in_the_bent_valley_only():
    found = numbers("adam_on_the_ravine")
    assert found["starts"] >= 20
    assert found["ravine, each at its best: starts where Adam is ahead of SGD"] < 5
    same = [found[f"ravine, all at rate 0.01, {name}: steps, mean"] for name in ("SGD", "Adam")]
    assert 0.7 < same[0] / same[1] < 1.3
    arrived = "Rosenbrock, each at its best, {}: starts that arrive in 2000"
    assert found[arrived.format("SGD")] < 3
    assert 7 <= found[arrived.format("Adam")] <= 14


def test_only_the_soft_threshold_makes_zeros():
    found = numbers("l1_makes_zeros")
    assert found["L1, soft threshold: weights at exactly 0, mean"] > 5
    assert found["L1, along its slope: weights at exactly 0, mean"] == 0
    assert found["L1, along its slope: weights below 0.02, mean"] > 5
    assert found["L2: weights at exactly 0, mean"] == 0


def test_a_penalty_helps_where_examples_are_few():
    found = numbers("regularisation_helps")
    few, many, net = (
        {what: found[f"{case}, {what} L2, mean" if what != "no" else f"{case}, no penalty, mean"] for what in KINDS}
        for case in CASES
    )
    assert few["best"] < 0.7 * few["no"]
    assert net["best"] < 0.5 * net["no"]
    assert abs(many["best"] - many["no"]) < 0.02
    assert few["strongest"] > 1.3 * few["best"]
    assert net["strongest"] > 1.3 * net["best"]
    assert many["strongest"] > 2 * many["no"]


KINDS = ("no", "best", "strongest")
CASES = (
    "12 weights, 16 examples: squared error",
    "12 weights, 200 examples: squared error",
    "65 numbers, 20 points: cross-entropy",
)
