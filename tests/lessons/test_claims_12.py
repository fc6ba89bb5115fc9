"""What the verdicts of chapter 12 say is what their numbers show."""

from functools import cache

from wbviz.bridges import _extra, present
from wbviz.lessons import claims_12, claims_12_goals
from wbviz.lessons.claim import Claim


@cache
def numbers_of(name):
    home = claims_12 if hasattr(claims_12, name) else claims_12_goals
    return Claim(name, "Claim.", "", getattr(home, name)).test().numbers


def means(name, pattern, cases):
    numbers = numbers_of(name)
    return [numbers[f"{pattern.format(case)}, mean"] for case in cases]


def test_wrong_records_are_learned():
    gaps = means("biased_records", "{} % of them recorded wrongly: of the deserving, by", (0, 25, 50))
    assert abs(gaps[0]) < 3
    assert gaps[1] > 10
    assert gaps[2] > 35


def test_a_proxy_brings_the_gap_back_and_without_one_it_goes():
    gaps = means("without_the_column", "{}: A granted more often than B by", ["with the column", "without it, proxy 0"])
    proxies = means("without_the_column", "without it, proxy {}: A granted more often than B by", (0, 0.5, 0.8, 0.95))
    assert abs(proxies[0]) < 2
    assert proxies == sorted(proxies)
    assert proxies[2] > 0.5 * gaps[0]
    sex, age = (
        means(
            "without_the_column",
            f"German Credit, {large} accepted more often than {small} by, {{}} {column}",
            ("with", "without"),
        )
        for large, small, column in (("male", "female", "sex"), ("over 25", "up to 25", "age"))
    )
    assert sex[1] < 0.3 * sex[0]
    assert age[1] > 0.5 * age[0]


def test_more_rows_of_b_help_b_and_cost_a_only_where_one_set_of_weights_serves_both():
    cases = ("no hidden layer", "8 hidden units", "8, wrong records")
    few, half = (
        [
            means("representative_data", f"B {share} % of the rows, {{}}: {place}", cases)
            for place in ("right in A, per cent", "in B")
        ]
        for share in (5, 50)
    )
    assert half[1][0] > few[1][0] + 15
    assert half[0][0] < few[0][0] - 5
    assert half[1][1] > few[1][1] + 5
    assert abs(half[0][1] - few[0][1]) < 2
    assert half[1][2] < 65


def test_settings_give_up_the_few_and_the_mean_hardly_shows_it():
    cases = ("no hidden layer, λ 0.003", "8 units, λ 0.003", "8 units, λ 0.1")
    few, everybody = (means("settings", f"{{}}: {place}", cases) for place in ("in B", "of all"))
    assert few[1] > 75
    assert max(few[0], few[2]) < 62
    assert max(everybody) - min(everybody) < 4


def test_a_penalty_on_the_weights_leaves_the_gap_until_accuracy_is_lost():
    strengths = ("0", "0.01", "0.1", "0.3", "1")
    gaps = means("regularisation", "made-up worlds, λ {}: selection rates apart by", strengths)
    right = means("regularisation", "made-up worlds, λ {}: right, per cent", strengths)
    assert min(gaps[:4]) > gaps[0] - 1
    assert right[-1] < 70 < right[0]
    gaps = means("regularisation", "German Credit by age, λ {}: selection rates apart by", strengths)
    granted = means("regularisation", "German Credit by age, λ {}: labelled 1, per cent", strengths)
    assert gaps[2] > 0.7 * gaps[0]
    assert gaps[-1] < 1
    assert granted[-1] > 99


def test_a_fairness_penalty_meets_its_goal_and_no_other():
    strengths = ("0", "0.3", "1", "10")
    for name in ("made-up worlds", "German Credit by age"):
        gaps = means("fairness_penalty", f"{name}, λ {{}}: selection rates apart by", strengths)
        assert gaps == sorted(gaps, reverse=True)
        assert gaps[-1] < 0.4 * gaps[0]
    right = means("fairness_penalty", "German Credit by age, λ {}: right, per cent", strengths)
    assert right[0] - right[-1] < 1
    right = means("fairness_penalty", "made-up worlds, λ {}: right, per cent", strengths)
    assert right[-1] > right[0] + 1
    right, turned = (
        means("fairness_penalty", f"groups that deserve differently, λ {{}}: {what}", ("0", "10"))
        for what in ("right, per cent", "of the deserving, A more often by")
    )
    assert right[1] < right[0] - 7
    assert turned[0] > 20
    assert turned[1] < -8


def test_two_goals_exclude_each_other():
    numbers = numbers_of("every_goal")
    assert numbers["identity: largest error"] < 1e-9
    assert numbers["base rates apart by, mean"] > 10
    for goal, other in (("predictive parity", "equalised odds"), ("equalised odds", "predictive parity")):
        own = numbers[f"thresholds for {goal}: {goal} missed by, points, mean"]
        assert own < 2.1
        assert numbers[f"thresholds for {goal}: {other} missed by, points, mean"] > 10
    assert numbers["thresholds for equalised odds: labelled 1, per cent, mean"] > 80


def test_small_groups_hide_a_gap():
    found = [numbers_of("evaluation")[f"{n} rows of B: it leaves out 0, of 20"] for n in (10, 30, 100, 300)]
    assert found[0] <= 7
    assert 10 < found[1] < 20
    assert found[2:] == [20, 20]


def test_what_is_recorded_of_fairlearn_is_what_is_measured(monkeypatch):
    if present("fairlearn"):
        assert dict(numbers_of("equal_to_fairlearn")) == claims_12_goals.RECORDED
    monkeypatch.setattr(_extra, "present", lambda module: False)
    verdict = Claim("name", "Claim.", "", claims_12_goals.equal_to_fairlearn).test()
    assert dict(verdict.numbers) == claims_12_goals.RECORDED
    assert "Recorded with Fairlearn 0.15.0" in verdict.text
    assert verdict.verdict == "holds"
