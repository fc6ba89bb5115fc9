import itertools

import numpy as np
import pytest

from wbviz.engine.group_metrics import group_metrics, unfairness
from wbviz.engine.group_rates import GOALS
from wbviz.engine.group_thresholds import decide, roc, thresholds_for


def scored(n=200, seed=0):
    """y, probabilities and groups: B deserves it less often, and is scored lower than that."""
    rng = np.random.default_rng(seed)
    groups = np.where(rng.random(n) < 0.3, "B", "A")
    y = (rng.random(n) < np.where(groups == "B", 0.4, 0.6)).astype(int)
    p = 1 / (1 + np.exp(-(1.5 * (2 * y - 1) + rng.normal(size=n) - (groups == "B"))))
    return y, p, groups


def test_thresholds_by_number_list_and_name_are_the_same():
    p, groups = np.array([0.3, 0.6, 0.3, 0.6]), np.array(list("AABB"))
    assert decide(p, groups, 0.5).tolist() == [0, 1, 0, 1]
    assert decide(p, groups, [0.2, 0.7]).tolist() == [1, 1, 0, 0]
    assert decide(p, groups, {"B": 0.7, "A": 0.2}).tolist() == [1, 1, 0, 0]
    assert decide(np.stack([p, 1 - p]), groups, 0.5).tolist() == [[0, 1, 0, 1], [1, 0, 1, 0]]


def test_a_roc_counts_what_each_threshold_does():
    y, p, groups = scored(60)
    for name, curve in zip("AB", roc(y, p, groups), strict=True):
        own = groups == name
        for threshold, counts in zip(curve.threshold, curve.counts, strict=True):
            direct = group_metrics(y[own], (p[own] > threshold).astype(int), groups[own])
            assert direct.counts[0].tolist() == counts.tolist()
        assert curve.rate("selection_rate")[[0, -1]].tolist() == [0, 1]


def test_a_roc_is_scikit_learns():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the oracle: pip install scikit-learn")
    y, p, _ = scored()
    fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    (ours,) = roc(y, p, np.zeros(200))
    np.testing.assert_allclose(ours.rate("tpr"), tpr)
    np.testing.assert_allclose(ours.rate("fpr"), fpr)


def test_without_a_goal_each_group_gets_its_most_accurate_threshold():
    y, p, groups = scored()
    found = thresholds_for(None, y, p, groups)
    best = group_metrics(y, decide(p, groups, found), groups).accuracy
    for threshold in np.linspace(0, 1, 101):
        assert (group_metrics(y, decide(p, groups, threshold), groups).accuracy <= best + 1e-12).all()


@pytest.mark.parametrize("goal", GOALS)
def test_goals_are_met_as_nearly_as_asked(goal):
    y, p, groups = scored()
    labels = decide(p, groups, thresholds_for(goal, y, p, groups))
    assert unfairness(group_metrics(y, labels, groups), goal) <= 0.02 + 1e-12


@pytest.mark.parametrize("goal", ["demographic_parity", "equal_opportunity"])
def test_few_thresholds_that_meet_a_goal_are_more_accurate(goal):
    y, p, groups = scored(80)
    curves, within = roc(y, p, groups), 0.05
    pairs = itertools.product(*(curve.threshold for curve in curves))
    tried = [group_metrics(y, decide(p, groups, pair), groups) for pair in pairs]
    best = max(float(each.overall["accuracy"]) for each in tried if unfairness(each, goal) <= within)
    found = group_metrics(y, decide(p, groups, thresholds_for(goal, y, p, groups, within=within)), groups)
    assert unfairness(found, goal) <= within
    assert found.overall["accuracy"] >= best - 0.04


def test_thresholds_with_odd_groups():
    y, p = np.array([1, 1, 0, 0, 0]), np.array([1.0, 0.4, 0.4, 0.0, 0.0])
    groups = np.array(list("AAABB"))
    for goal in (None, *GOALS):
        found = thresholds_for(goal, y, p, groups, names="ABC")
        assert set(found) == {"A", "B", "C"}
        assert np.isfinite(list(found.values())).all()
    assert decide(p, groups, [roc(y, p, groups)[k].threshold[-1] for k in (0, 1)]).tolist() == [1] * 5


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda y, p, g: decide(p, g, {"A": 0.5}), "must name the groups"),
        (lambda y, p, g: decide(p, g, [0.1, 0.2, 0.3]), "one number or 2"),
        (lambda y, p, g: decide(p, g, np.nan), "thresholds must be finite"),
        (lambda y, p, g: roc(y, p[:5], g), "one row of n each"),
        (lambda y, p, g: thresholds_for("parity", y, p, g), "no goal 'parity'"),
    ],
)
def test_bad_input_is_named(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(*scored())
