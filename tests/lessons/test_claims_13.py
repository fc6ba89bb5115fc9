"""What the verdicts of chapter 13 say is what their numbers show, and its functions do what the engine does."""

from functools import cache

import numpy as np

from wbviz.engine import Network
from wbviz.lessons import chapter
from wbviz.lessons.claims_13 import _ranks


@cache
def numbers(name):
    return chapter(13).claims[name].test().numbers


def mean(name, case):
    return numbers(name)[f"{case}, mean"]


def test_a_large_weight_tells_of_the_model_on_one_scale_only():
    cost = "rank correlation of |w| and the cost of mixing its column"
    assert mean("strength", f"one scale: {cost}") > 0.5
    assert mean("strength", "as recorded, same answers: rank correlation") < 0.1
    assert mean("strength", "column of the largest weight mixed: loss rises by") > 0.02
    assert abs(mean("strength", "column of the largest weight left out, trained anew: rises by")) < 0.005


def test_rank_correlation():
    row = np.array([[1.0, 5.0, 2.0, 9.0]])
    assert np.allclose(_ranks(row, row**3), 1)
    assert np.allclose(_ranks(row, -row), -1)


def test_a_neuron_for_recorded_columns_gives_the_same_sums():
    rng = np.random.default_rng(0)
    X, mean, sd = rng.normal(5, 3, (20, 4)), rng.normal(size=4), rng.uniform(0.01, 100, 4)
    net = Network([4, 1], seed=0)
    net.biases[0][:] = 0.7
    solution = chapter(13).exercises["as-recorded"].solution
    recorded = net.with_params(solution(net.weights[0][:, 0], 0.7, mean, sd))
    assert np.allclose(net((X - mean) / sd), recorded(X))


def test_weights_alone_reach_some_tasks_and_biases_alone_none():
    right = {case: mean("crucial", f"{case}: right, %") for case in _cases()}
    for data in ("moons, tanh", "xor, tanh", "xor, relu", "circles, relu"):
        assert right[f"{data}, all numbers"] > 90
        assert right[f"{data}, biases alone"] < 80
    assert right["moons, tanh, weights alone"] > 90
    assert right["xor, relu, weights alone"] > 85
    assert abs(right["xor, tanh, weights alone"] - 50) < 5
    assert abs(right["circles, relu, weights alone"] - 50) < 5


def _cases():
    return [name.removesuffix(": right, %, mean") for name in numbers("crucial") if name.endswith("mean")]


def test_training_saves_no_multiplication_but_lets_most_be_left_out():
    def case(name, share, what):
        return f"{name}, {share} % of the weights set to 0: {what}"

    found = numbers("efficient")
    counts = [found[case(name, 0, "multiplications that count")] for name in ("untrained", "trained")]
    assert counts[0] == counts[1] == 30 * 32 + 32
    whole, pruned = (mean("efficient", case("trained", share, "right, %")) for share in (0, 80))
    assert whole - pruned < 4
    assert found[case("trained", 80, "multiplications that count")] < counts[0] / 4


def test_the_overfitted_numbers_are_the_better_tuned_ones():
    assert numbers("cause")["seeds where those tuned to 12 have the lower error on the 12"] >= 18
    assert numbers("cause")["seeds where they have the higher one on new points"] >= 18
    small = "4 numbers, tuned to 4 points of a noisy line"
    assert mean("cause", f"{small}: on new points, beyond the noise") > 3 * mean("cause", f"{small}: error on the 4")


def test_a_penalty_on_the_bias_does_harm_where_answers_are_not_about_zero():
    def error(level, on):
        return mean("penalty", f"answers around {level}, λ = 0.3 on {on}: error beyond the noise")

    none = mean("penalty", "no penalty: error beyond the noise")
    assert error(0, "weights") < 0.7 * none
    assert error(0, "weights and bias") < 0.7 * none
    assert abs(error(5, "weights") - error(0, "weights")) < 0.02
    assert error(5, "weights and bias") > none


def test_a_log_changes_nothing_and_helps_to_choose():
    assert numbers("tools")["largest difference of a number, with a log and without"] == 0
    chosen = numbers("tools")["the run that the log says is best: loss on new points"]
    assert chosen < mean("tools", "all runs: loss on new points")


def test_a_search_is_as_good_as_its_bounds():
    good, bad = (numbers("automatic")[f"rates from {b}: searches that beat the one setting"] for b in BOUNDS)
    assert good > 12
    assert bad < 3


BOUNDS = ("0.001 to 1", "0.00003 to 0.001")


def test_the_gap_needs_no_bias_parameter():
    def gap(share, which):
        return mean("arising", f"{share} % recorded wrongly, {which}: A approved more often by, points")

    held, free = "every b held at 0", "with biases b"
    assert abs(gap(0, held)) < 5
    assert abs(gap(0, free)) < 5
    assert gap(50, held) > 0.75 * gap(50, free) > 10
