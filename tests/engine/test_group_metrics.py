import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine.group_metrics import crossed, fairness_ratio, group_metrics, implied_fpr, unfairness
from wbviz.engine.group_rates import GOALS, METRICS

Y = np.array([1, 1, 1, 0, 0, 1, 1, 0, 0, 0])
LABELS = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 1])
GROUPS = np.array(list("AAAAABBBBB"))


@pytest.fixture
def small():
    return group_metrics(Y, LABELS, GROUPS)


@pytest.fixture(scope="module")
def fairlearn():
    reason = "Fairlearn is the oracle of this test: pip install fairlearn"
    return pytest.importorskip("fairlearn.metrics", reason=reason)


def test_rates_counted_by_hand(small):
    assert small.names == ("A", "B")
    assert small.counts.tolist() == [[1, 1, 1, 2], [2, 1, 1, 1]]
    assert small.count.tolist() == [5, 5]
    assert small.selection_rate.tolist() == [0.6, 0.4]
    np.testing.assert_allclose(small.tpr, [2 / 3, 1 / 2])
    np.testing.assert_allclose(small.fpr, [1 / 2, 1 / 3])
    np.testing.assert_allclose(small.ppv, [2 / 3, 1 / 2])
    np.testing.assert_allclose(small.npv, [1 / 2, 2 / 3])
    assert small.overall["accuracy"] == 0.6
    assert small.difference("selection_rate") == pytest.approx(0.2)
    assert small.ratio("selection_rate") == pytest.approx(2 / 3)
    assert small.gap("tpr", "B", "A") == pytest.approx(-1 / 6)
    assert unfairness(small, "equalized_odds") == pytest.approx(1 / 6)


def test_formulas_and_meanings_name_the_same_rows():
    assert METRICS["tpr"].formula == "TP / (TP + FN)"
    assert METRICS["selection_rate"].formula == "(TP + FP) / n"
    for metric in METRICS.values():
        assert set(metric.top.split()) < set(metric.below.split())


def frames(fairlearn):
    """Our names → Fairlearn's or scikit-learn's functions."""
    from sklearn import metrics

    def precision(label):
        return lambda y, y_hat: metrics.precision_score(y, y_hat, pos_label=label, labels=[0, 1], zero_division=0)

    return {
        "count": fairlearn.count,
        "selection_rate": fairlearn.selection_rate,
        "accuracy": metrics.accuracy_score,
        "tpr": fairlearn.true_positive_rate,
        "fpr": fairlearn.false_positive_rate,
        "tnr": fairlearn.true_negative_rate,
        "fnr": fairlearn.false_negative_rate,
        "ppv": precision(1),
        "npv": precision(0),
    }


rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from("abc"), st.sampled_from("xy")),
    min_size=2,
    max_size=30,
)


@settings(max_examples=20)
@given(rows)
def test_every_rate_is_fairlearns(fairlearn, data):
    y, labels = np.array([row[:2] for row in data]).T
    groups = np.array([row[2] for row in data])
    ours = group_metrics(y, labels, groups)
    theirs = fairlearn.MetricFrame(metrics=frames(fairlearn), y_true=y, y_pred=labels, sensitive_features=groups)
    assert list(ours.names) == theirs.by_group.index.tolist()
    for name in frames(fairlearn):
        np.testing.assert_allclose(np.nan_to_num(ours.by_group[name]), theirs.by_group[name].astype(float), atol=1e-12)
        np.testing.assert_allclose(np.nan_to_num(ours.overall[name]), float(theirs.overall[name]), atol=1e-12)
        if name == "count" or np.isnan(ours.by_group[name]).any():
            continue
        for method in ("between_groups", "to_overall"):
            for mine, its in ((ours.difference, theirs.difference), (ours.ratio, theirs.ratio)):
                np.testing.assert_allclose(mine(name, method), float(its(method=method)[name]), atol=1e-12)


@settings(max_examples=12)
@given(rows)
def test_goals_are_fairlearns(fairlearn, data):
    y, labels = np.array([row[:2] for row in data]).T
    groups = np.array([row[2] for row in data])
    ours = group_metrics(y, labels, groups)
    for goal in ("demographic_parity", "equal_opportunity", "equalized_odds"):
        if any(ours.undefined(name) for name in GOALS[goal].metrics):
            continue
        for method in ("between_groups", "to_overall"):
            for mine, kind in ((unfairness, "difference"), (fairness_ratio, "ratio")):
                value = mine(ours, goal, method)
                theirs = getattr(fairlearn, f"{goal}_{kind}")(y, labels, sensitive_features=groups, method=method)
                if not np.isnan(value):  # of 0 / 0 and a number, Python's min takes whichever comes first
                    ratios = [ours.ratio(name, method) for name in GOALS[goal].metrics]
                    assert np.isnan(ratios).any() or value == pytest.approx(theirs, abs=1e-12)


@settings(max_examples=15)
@given(rows)
def test_crossed_groups_are_fairlearns_with_those_that_are_empty(fairlearn, data):
    y, labels = np.array([row[:2] for row in data]).T
    first, second = (np.array([row[k] for row in data]) for k in (2, 3))
    groups, names = crossed(first=first, second=second)
    ours = group_metrics(y, labels, groups, names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fairlearn.MetricFrame(
            metrics={"selection_rate": fairlearn.selection_rate},
            y_true=y,
            y_pred=labels,
            sensitive_features={"first": first, "second": second},
        )
    assert list(names) == [", ".join(place) for place in theirs.by_group.index]
    np.testing.assert_allclose(ours.selection_rate, theirs.by_group["selection_rate"].astype(float), atol=1e-12)
    np.testing.assert_allclose(ours.difference("selection_rate"), theirs.difference()["selection_rate"], atol=1e-12)
    np.testing.assert_allclose(ours.ratio("selection_rate"), theirs.ratio()["selection_rate"], atol=1e-12)


def test_what_is_undefined_is_said_and_left_out():
    metrics = group_metrics([1, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 1], list("AAABCC"), names="ABCD")
    assert metrics.undefined("tpr") == (
        "The true positive rate of C is undefined: there is no row with y = 1. "
        "The true positive rate of D is undefined: there is no row with y = 1."
    )
    assert metrics.undefined("selection_rate") == "The selection rate of D is undefined: there is no row."
    assert metrics.difference("tpr") == 0.5
    assert np.isnan(metrics.gap("tpr", "A", "C"))
    assert group_metrics(Y, LABELS, GROUPS).undefined("ppv") == ""
    nobody = group_metrics([0, 0], [0, 0], ["A", "B"])
    assert np.isnan(nobody.difference("tpr"))
    assert np.isnan(nobody.ratio("selection_rate"))
    assert nobody.difference("selection_rate") == 0


def test_one_group_differs_from_none(small):
    alone = group_metrics(Y, LABELS, np.zeros(10, int))
    assert alone.names == (0,)
    assert [unfairness(alone, goal) for goal in GOALS] == [0, 0, 0, 0]
    assert alone.tpr[0] == small.overall["tpr"]


def test_a_population_is_counted_member_by_member():
    rng = np.random.default_rng(0)
    outputs, y, groups = rng.normal(size=(3, 2, 40, 1)), rng.integers(0, 2, 40), rng.integers(0, 3, 40)
    together = group_metrics(y, outputs, groups)
    assert together.tpr.shape == (3, 2, 3)
    for i, j in np.ndindex(3, 2):
        alone = group_metrics(y, outputs[i, j], groups)
        np.testing.assert_array_equal(together.counts[i, j], alone.counts)
        assert unfairness(together, "equalized_odds")[i, j] == unfairness(alone, "equalized_odds")
        assert fairness_ratio(together, "demographic_parity")[i, j] == fairness_ratio(alone, "demographic_parity")
    own_rows = group_metrics(np.stack([y, 1 - y]), outputs, np.stack([groups, groups]))
    np.testing.assert_array_equal(own_rows.counts[:, 0], together.counts[:, 0])


@given(rows)
def test_the_identity_of_chouldechova_holds_on_any_predictions(data):
    y, labels = np.array([row[:2] for row in data]).T
    ours = group_metrics(y, labels, [row[2] for row in data])
    implied = implied_fpr(ours.base_rate, ours.ppv, ours.fnr)
    known = ~np.isnan(implied)
    np.testing.assert_allclose(implied[known], ours.fpr[known], atol=1e-12)


def test_the_identity_is_undefined_where_it_divides_by_nothing():
    assert np.isnan(implied_fpr([1.0, 0.5], [0.5, 0.0], 0.2)).all()
    assert implied_fpr(0.5, 0.75, 0.25) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (([0, 2], [0, 1], "AB"), ValueError, "y must hold 0 and 1 only, got 2"),
        (([0, 1], [0, 3], "AB"), ValueError, "y_hat must hold 0 and 1 only, got 3"),
        (([0, 1], [0, 1, 1], list("AB")), ValueError, "as many rows"),
        (([0, 1], [0, 1], list("ABC")), ValueError, "each of the 2 rows"),
        (([], np.zeros(0, int), []), ValueError, "at least one row"),
        (([0, np.nan], [0, 1], list("AB")), ValueError, "y must be finite"),
        (([0, 1], [0, 1], list("AB"), ["A"]), ValueError, "names must hold every group once"),
        (([0, 1], [0, 1], list("AB"), ["A", "B", "A"]), ValueError, "names must hold every group once"),
    ],
)
def test_bad_input_is_named(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        group_metrics(*arguments)


def test_misspelt_names_are_met_with_the_near_one(small):
    with pytest.raises(ValueError, match="Did you mean 'tpr'"):
        small.difference("tprr")
    with pytest.raises(AttributeError, match="Did you mean 'fpr'"):
        small.fprr  # noqa: B018
    with pytest.raises(ValueError, match="no group 'C'"):
        small.gap("tpr", "A", "C")
    with pytest.raises(ValueError, match="no method 'overall'"):
        small.ratio("tpr", method="overall")
    with pytest.raises(ValueError, match="as many rows"):
        crossed(a=[1, 2], b=[1])
