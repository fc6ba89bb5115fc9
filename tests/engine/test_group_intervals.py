import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.engine.group_intervals import bootstrap, wilson
from wbviz.engine.group_metrics import group_metrics


def predictions(n=300, seed=0):
    rng = np.random.default_rng(seed)
    groups = np.where(rng.random(n) < 0.1, "B", "A")
    y = rng.integers(0, 2, n)
    return y, np.where(rng.random(n) < 0.75, y, 1 - y), groups


def test_counts_drawn_at_once_are_rows_drawn_one_by_one():
    y, labels, groups = predictions()
    ours, rng, rounds = bootstrap(y, labels, groups, rounds=4000), np.random.default_rng(1), 4000
    rows = rng.integers(0, 300, (rounds, 300))
    theirs = group_metrics(y[rows], labels[rows], groups[rows])
    for name in ("tpr", "accuracy"):
        ends = np.nanquantile(theirs.by_group[name], [0.05, 0.95], axis=0)
        np.testing.assert_allclose(ours.by_group(name), ends, atol=0.025)
        np.testing.assert_allclose(
            ours.gap(name, "A", "B"), np.nanquantile(theirs.gap(name, "A", "B"), [0.05, 0.95]), atol=0.025
        )


def test_a_small_group_is_less_certain():
    low, high = bootstrap(*predictions()).by_group("tpr")
    assert (high - low)[1] > 2 * (high - low)[0]


def test_quantiles_are_numpys_and_undefined_samples_are_left_out():
    y, labels, groups = np.array([1, 0, 0, 1, 1, 0]), np.array([1, 0, 1, 0, 1, 0]), np.array(list("ABBAAA"))
    found = bootstrap(y, labels, groups, rounds=500, level=0.8)
    assert np.isnan(found.by_group("tpr")[0][1])
    assert found.defined("tpr")[1] == 0
    assert 0.9 < found.defined("fpr")[1] < 1
    ends = np.nanquantile(found.again.fpr, [0.1, 0.9], axis=0)
    np.testing.assert_allclose(found.by_group("fpr"), ends)
    np.testing.assert_allclose(
        found.difference("selection_rate"), np.nanquantile(found.again.difference("selection_rate"), [0.1, 0.9])
    )
    low, high = found.unfairness("equalized_odds")
    assert 0 <= low <= high <= 1


def test_the_difference_cannot_tell_from_none_but_the_gap_can():
    rng = np.random.default_rng(0)
    y, labels, groups = rng.integers(0, 2, 200), rng.integers(0, 2, 200), np.repeat(["A", "B"], 100)
    found = bootstrap(y, labels, groups)
    assert found.difference("tpr")[0] >= 0
    low, high = found.gap("tpr", "A", "B")
    assert low < 0 < high


def test_the_same_seed_gives_the_same_interval():
    data = predictions()
    np.testing.assert_array_equal(bootstrap(*data, seed=3).by_group("tpr"), bootstrap(*data, seed=3).by_group("tpr"))


@given(st.integers(1, 200), st.data())
def test_wilson_solves_its_equation(n, data):
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n, level=0.95)
    assert 0 <= low <= k / n <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert abs(k / n - end) == pytest.approx(1.959963985 * np.sqrt(end * (1 - end) / n), abs=1e-9)


def test_wilson_of_all_or_none_is_not_certain():
    low, high = wilson([5, 0, 0], [5, 5, 0])
    assert high[0] == 1
    assert 0.5 < low[0] < 0.7
    assert (low[2], high[2]) == (0, 1)


def test_bad_input_is_named():
    y, labels, groups = predictions()
    with pytest.raises(ValueError, match="one prediction, not a population"):
        bootstrap(y, np.stack([labels, labels]), groups)
    with pytest.raises(ValueError, match="level must be a finite number, above 0 and below 1"):
        bootstrap(y, labels, groups, level=1.5)
    with pytest.raises(ValueError, match="Did you mean 'tpr'"):
        bootstrap(y, labels, groups).by_group("tprr")
    with pytest.raises(ValueError, match="more successes than trials"):
        wilson(3, 2)
