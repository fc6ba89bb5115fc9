"""What the verdicts of chapter 07 on schedules say is what their numbers show."""

from functools import cache

import numpy as np

from wbviz.engine import SCHEDULES
from wbviz.lessons import claims_07
from wbviz.lessons.claim import Claim
from wbviz.widgets import _scheduling


@cache
def numbers(name):
    return Claim(name, "Claim.", "", getattr(claims_07, name)).test().numbers


def test_a_falling_rate_gains_where_mini_batches_disagree_to_the_end():
    found, mean = numbers("falling_is_efficient"), "{}: {}, loss above the lowest, mean"
    assert found["seeds"] >= 20
    noisy, quiet, fitted = ("moons, 5 a step", "moons, all in a step", "digits, 32 a step")
    ratios = [found[mean.format(task, "constant")] / found[mean.format(task, "cosine")]
              for task in (noisy, quiet, fitted)]  # fmt: skip
    assert ratios[0] > 5
    assert ratios[1] < 0.3
    assert 0.6 < ratios[2] < 1.05
    wins = [found[f"{task}: seeds in which the cosine ends lower"] for task in (noisy, quiet, fitted)]
    assert wins[0] == 20
    assert wins[1] == 0
    assert wins[2] < 10


def test_the_best_rates_are_not_at_the_end_of_those_tried_where_it_matters():
    found, rates = numbers("falling_is_efficient"), claims_07.RATES
    for kind in ("constant", "cosine"):
        assert rates[0] < found[f"moons, 5 a step: best {kind} rate"] < rates[-1]
        assert rates[0] < found[f"digits, 32 a step: best {kind} rate"] < 2.0


def test_the_floor_falls_by_more_than_the_rate_and_not_if_it_is_lowered_too_early():
    found = numbers("floor_follows_the_rate")
    late, early = (
        [found[f"lowered after {steps} steps to {share:g}: loss above the lowest, mean"] for share in claims_07.SHARES]
        for steps in (400, 10)
    )
    assert late[0] / late[1] > 2
    assert late[1] / late[2] > 2
    assert late[0] / late[3] > 10
    assert early[3] > 5 * late[3]
    assert early[4] > 5 * late[4]
    assert found["lowered after 400 steps: seeds lower at 0.1 than at 1"] == 20


def test_climbing_saves_what_starting_high_spoils():
    found, loss = numbers("starting_high"), "{}, highest rate {:g}, {}: loss, mean"
    for name, (_, (low, _, high)) in claims_07.TOPS.items():
        moderate, too_high = (
            found[loss.format(name, top, "starts there")] / found[loss.format(name, top, "climbs there")]
            for top in (low, high)
        )
        assert 0.9 < moderate < 1.1
        assert too_high > 3
        assert found[f"{name}, highest rate {high:g}: seeds in which climbing ends lower"] >= 19


def test_many_rates_at_once_are_each_of_them_alone():
    task, rates = claims_07._moons(5), np.array([0.3, 1.0])
    each = np.repeat(rates, claims_07.SEEDS)
    together = task.ends(lambda step: each, 60, rates=2)
    for row, rate in zip(together, rates, strict=True):
        np.testing.assert_allclose(row, task.ends(SCHEDULES["constant"](rate), 60), rtol=1e-9)


def test_the_seeds_that_judge_are_those_of_the_figure():
    plan = _scheduling.Plan("cosine", 1.0, 400, (("T_max", 400),))
    ends = claims_07._moons(5).ends(plan.schedule, 400) - _scheduling.lowest()
    np.testing.assert_allclose(ends.mean(), _scheduling.run(plan, 5).floor.mean(), rtol=0.1)
