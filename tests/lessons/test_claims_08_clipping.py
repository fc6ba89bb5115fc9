"""What the verdicts on clipping and early stopping say is what their numbers show."""

from functools import cache

from wbviz.lessons import claims_08_clipping
from wbviz.lessons.claim import Claim


@cache
def verdict(name):
    return Claim(name, "Claim.", "", getattr(claims_08_clipping, name)).test()


def test_clipping_turns_diverging_descents_into_learning_ones_where_the_threshold_suits_the_rate():
    found = verdict("clipping_rescues").numbers
    assert found["networks"] >= 20
    assert found["rate 0.3, not clipped: diverged"] == 20
    for way in ("by norm at 0.5", "by value at 0.1"):
        assert found[f"rate 0.3, {way}: learned it"] >= 19
        assert 0.2 < found[f"rate 0.3, {way}: share of steps clipped"] < 0.7
    clipped = [name for name in found if "by" in name and name.endswith("diverged")]
    assert len(clipped) == 5
    assert all(found[name] == 0 for name in clipped)
    assert found["rate 0.3, by norm at 10: learned it"] <= 8
    assert found["rate 1, by norm at 0.5: learned it"] == 0
    assert found["rate 0.03, not clipped: learned it"] == 20
    assert found["rate 0.03, by norm at 0.1: learned it"] == 0
    assert verdict("clipping_rescues").verdict == "holds if the threshold suits the learning rate"


def test_early_stopping_helps_where_points_are_few():
    found = verdict("early_stopping_helps").numbers
    early, end, more = ("{} points, " + what + ": unseen loss, mean" for what in KINDS)
    assert found[early.format(30)] < 0.4 * found[end.format(30)]
    assert found[early.format(30)] < 0.6 * found[more.format(30)]
    assert found["30 points: samples it helped"] == 20
    assert found[early.format(300)] > 0.85 * found[end.format(300)]
    assert abs(found[early.format(300)] - found[more.format(300)]) < 0.02
    right = [found["30 points, " + what + ": right on unseen, per cent, mean"] for what in KINDS[:2]]
    assert 1 < right[0] - right[1] < 5
    assert verdict("early_stopping_helps").verdict == "holds if the examples are few and noisy"


KINDS = (claims_08_clipping.EARLY, claims_08_clipping.END, claims_08_clipping.MORE)
