"""What the verdicts of chapter 10 on meta-learning say is what their numbers show."""

from functools import cache

from wbviz.lessons import claims_10_meta
from wbviz.lessons.claim import Claim


@cache
def verdict(name):
    return Claim(name, "Claim.", "", getattr(claims_10_meta, name)).test()


def test_one_step_from_a_learned_start_leaves_less_than_ten_from_the_others():
    found = verdict("a_few_steps_are_enough").numbers
    assert found["sets of tasks"] >= 20
    left = "{}: median error after {} steps, mean"
    for method in ("MAML", "Reptile"):
        assert found[left.format(method, 1)] < 0.5 * found[left.format("pretrained", 10)]
        assert found[left.format(method, 1)] < 0.25 * found[left.format("random", 10)]
        assert abs(found[left.format(method, 0)] - found[left.format("pretrained", 0)]) < 0.2


def test_a_start_is_made_for_its_rate():
    claim = verdict("nothing_is_left_to_tune")
    left = "MAML at {}: median error after 1 steps, mean"
    usual, twice, four = (claim.numbers[left.format(lr)] for lr in ("0.01", "0.02", "0.04"))
    assert twice > 3 * usual
    assert four > 1.9  # what it leaves before any step
    assert claim.verdict == "misleading"


def test_outside_its_family_more_is_left_but_less_than_from_the_pretrained_start():
    found = verdict("it_adapts_to_anything").numbers
    left = "{}, {}: share left after 10 steps, mean"
    usual = found[left.format("as trained on", "learned")]
    for kind in ("amplitude 5 to 10", "phase π to 2π"):
        assert found[left.format(kind, "learned")] > 3 * usual
        assert found[left.format(kind, "learned")] < 0.5 * found[left.format(kind, "pretrained")]


def test_points_on_one_side_help_on_the_other_from_the_learned_start_alone():
    found = verdict("examples_on_one_side_are_enough").numbers
    left = "{}: median error on the empty side after {} steps, mean"
    assert found[left.format("learned", 5)] < 0.35 * found[left.format("learned", 0)]
    assert found[left.format("pretrained", 5)] > found[left.format("pretrained", 0)]


def test_with_many_examples_it_no_longer_pays():
    found = verdict("it_pays_in_the_end").numbers
    few, many = ("{} points, {}: {} of the tasks below".format(n, "{}", "{}") for n in (10, 20))
    for other in ("pretrained", "random"):
        assert found[few.format("learned", "half")] < found[few.format(other, "half")]
        assert found[few.format("learned", "three quarters")] < 0.6 * found[few.format(other, "three quarters")]
        assert found[many.format("learned", "half")] > found[many.format(other, "half")]


def test_every_seed_learns_to_adapt():
    found = verdict("it_is_the_meta_training").numbers
    assert found["seeds"] == found["seeds with which MAML leaves less after 10 steps"] == 20
    left = "{}: median error after {} steps, mean"
    assert found[left.format("MAML", 10)] < 0.6 * found[left.format("joint training", 10)]
    assert found[left.format("MAML", 0)] > found[left.format("joint training", 0)]
