"""The six checks: their numbers against known answers, and each of them missed and met."""

import numpy as np
import pytest

from wbviz.engine import audit
from wbviz.engine.audit import Check, Criterion, advantage, group_means, group_rates, layer_shares

RNG = np.random.default_rng(5)


def test_a_criterion_is_met_at_its_limit_unless_it_must_lie_beyond():
    assert Criterion("", 0.05, 0.05).passed
    assert not Criterion("", 0.051, 0.05).passed
    assert Criterion("", 30, 30, least=True).passed
    assert not Criterion("", 29, 30, least=True).passed
    assert not Criterion("", 0.0, 0.0, least=True, beyond=True).passed


def test_a_check_shows_what_it_misses_and_is_open_without_numbers():
    check = Check("x", (Criterion("a", 1, 0, least=True), Criterion("b", 3, 2)))
    assert (check.passed, check.deciding.name, check.number, check.limit) == (False, "b", 3, 2)
    assert Check("x", check.criteria, excused=True).passed
    assert (Check("x").open, Check("x").passed, Check("x").number, Check("x").limit) == (True, False, None, None)


def test_the_advantage_is_a_mean_with_the_interval_of_so_many_pairs():
    gains = np.array([1.0] * 30 + [-1.0] * 10 + [0.0] * 60)
    mean, half = advantage(gains)
    assert mean == pytest.approx(0.2)
    assert half == pytest.approx(1.6448536 * np.sqrt((0.4 - 0.04) * 100 / 99) / 10)
    assert advantage([1.0])[1] == np.inf
    with pytest.raises(ValueError, match="at least one"):
        advantage([])


def test_the_interval_covers_what_it_promises():
    beyond = [mean > half for mean, half in (advantage(RNG.choice([-1.0, 0.0, 1.0], 200)) for _ in range(2000))]
    assert np.mean(beyond) == pytest.approx(0.05, abs=0.015)


def test_rates_by_group_are_counted_with_the_rows_they_rest_on():
    y, answers = np.array([1, 1, 0, 0, 1, 0]), np.array([1, 0, 1, 0, 1, 0])
    own = np.array(list("aaaabb"))
    found = group_rates("tpr", y, answers, own)
    assert (found.names, found.rows.tolist(), found.values.tolist()) == (("a", "b"), [2, 1], [0.5, 1.0])
    assert found.gap == 0.5
    assert group_rates("selection_rate", y, answers, own).rows.tolist() == [4, 2]
    assert group_rates("fpr", y, answers, own).rows.tolist() == [2, 1]


def test_means_by_group_have_the_bootstraps_intervals():
    values, own = np.concatenate([RNG.normal(0, 1, 400), RNG.normal(1, 1, 100)]), np.repeat(["a", "b"], (400, 100))
    found = group_means(values, own)
    assert found.values == pytest.approx([values[:400].mean(), values[400:].mean()])
    assert found.rows.tolist() == [400, 100]
    halves = 1.645 * np.array([values[:400].std() / 20, values[400:].std() / 10])
    assert (found.high - found.low) / 2 == pytest.approx(halves, rel=0.12)
    assert found.gap == pytest.approx(np.ptp(found.values))
    assert found.gap_low < found.gap < found.gap_high
    assert np.array_equal(group_means(values, own).low, found.low)


def test_a_large_group_is_drawn_in_bundles():
    drawn = audit._drawn_means(np.arange(50.0), 40, np.random.default_rng(0), at_once=100)
    assert drawn.shape == (40,)


def test_shares_of_layers_are_of_the_strongest_at_the_same_look():
    low, middle, high = layer_shares(np.array([[1.0, 2.0], [1.0, 10.0], [4.0, 4.0], [0.0, 0.0]]))
    assert (low[0], high[0], high[1]) == (0.0, 1.0, 1.0)
    assert middle[0] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("missed", "met", "name"),
    [
        (audit.beats_baseline(np.empty(0)), audit.beats_baseline(np.ones(5) - [0, 0, 0, 0, 1]), "rows kept apart"),
        (audit.beats_baseline(np.array([1.0, -1.0, 0.0])), audit.beats_baseline(np.ones(9)), "advantage"),
        (audit.validated(29, 0.0), audit.validated(30, 1e-12), "rows held out"),
        (audit.validated(200, 0.01), audit.validated(200, 0.0), "leak"),
        (
            audit.not_overfit("r2", 0.9, 0.9, []),
            audit.not_overfit("r2", 0.9, 0.9, [1.0]),
            "epochs judged on rows held out",
        ),
        (audit.not_overfit("accuracy", 1.0, 0.9, [1.0]), audit.not_overfit("r2", 0.9, 0.81, [1.0]), "gap"),
        (audit.not_overfit("r2", 0.5, 0.5, [2, 1, 1.06]), audit.not_overfit("r2", 0.5, 0.5, [2, 1, 1.04]), "rise"),
        (
            audit.healthy_gradients(np.ones((3, 2)), [0.0], 1),
            audit.healthy_gradients(np.ones((3, 2)), [0.2], 0),
            "networks that diverged",
        ),
        (
            audit.healthy_gradients(np.array([[1, 0.009]]), [0.0], 0),
            audit.healthy_gradients(np.array([[1, 0.011]]), [], 0),
            "faintest layer",
        ),
        (
            audit.healthy_gradients(np.ones((1, 2)), [0.1, 0.25], 0),
            audit.healthy_gradients(np.ones((1, 2)), [0.1], 0),
            "silent units",
        ),
        (audit.tracked(0.5, [0.6]), audit.tracked(0.5, [0.6, 0.7]), "noted runs to compare"),
        (audit.tracked(None, [0.6, 0.7, 0.8]), audit.tracked(0.6, [0.6, 0.7]), "kept run is noted"),
        (audit.tracked(0.65, [0.6, 0.7]), audit.tracked(0.6, [0.65, 0.7]), "behind the best"),
        (audit.tracked(0.5, [0.6, 0.7], since_test=True), audit.tracked(0.5, [0.6, 0.7]), "changes since the test"),
    ],
)
def test_each_criterion_can_be_missed_and_met(missed, met, name):
    assert not missed.passed
    assert missed.deciding.name == name
    assert met.passed


def test_an_audit_is_met_by_a_small_gap_or_by_a_note():
    even = group_means(np.tile([0.4, 0.5, 0.6], 20), np.repeat(["a", "b"], 30))
    uneven = group_means(np.repeat([0.4, 0.9], 30), np.repeat(["a", "b"], 30))
    tiny = group_means(np.zeros(14), np.repeat(["a", "b"], (9, 5)))
    alone = group_means(np.zeros(14), np.repeat(["a"], 14))
    assert audit.audited(even, "share").passed
    assert audit.audited(uneven, "share").deciding.name == "gap between groups"
    assert audit.audited(uneven, "share", noted=True).passed
    assert audit.audited(tiny, "share").deciding.name == "rows of the smallest group"
    for nothing in (audit.audited(None, "share", noted=True), audit.audited(alone, "share", noted=True)):
        assert not nothing.passed
        assert nothing.deciding.name == "groups looked at"
