import numpy as np
import pytest

from wbviz.data import load_dataset
from wbviz.data.cohorts import RANGES


def world(**knobs):
    data = load_dataset("two_groups", n=20_000, **knobs)
    return data, data.columns["group"] == "B", data.columns["deserved"] == 1


def test_shares_base_rates_and_labels_are_as_asked():
    data, of_b, deserved = world(share=0.2, base_gap=0.3, label_bias=0.4)
    assert of_b.mean() == pytest.approx(0.2, abs=0.01)
    assert deserved[~of_b].mean() == pytest.approx(0.65, abs=0.01)
    assert deserved[of_b].mean() == pytest.approx(0.35, abs=0.03)
    wronged = deserved & (data.y == 0)
    assert not wronged[~of_b].any()
    assert wronged[of_b & deserved].mean() == pytest.approx(0.4, abs=0.03)
    assert not (data.y[~deserved] == 1).any()


@pytest.mark.parametrize("proxy", [0, 0.5, 1])
def test_the_district_is_a_proxy_of_the_stated_strength_and_no_more(proxy):
    data, of_b, deserved = world(proxy=proxy)
    assert np.corrcoef(data.X[:, 2], of_b)[0, 1] == pytest.approx(proxy, abs=0.02)
    assert abs(np.corrcoef(data.X[~of_b, 2], deserved[~of_b])[0, 1]) < 0.03 or proxy == 1


def test_the_group_turns_which_test_shows_merit():
    data, of_b, deserved = world(turn=1)
    gap = data.X[deserved].mean(axis=0) - data.X[~deserved].mean(axis=0)
    b = data.X[of_b & deserved].mean(axis=0) - data.X[of_b & ~deserved].mean(axis=0)
    assert b[:2] == pytest.approx([0, 2], abs=0.1)
    assert gap[0] > gap[1] > 0
    assert data.X[:, 3].tolist() == of_b.tolist()


def test_seeds_rows_and_noise_behave_as_in_other_generators():
    small, large = (load_dataset("two_groups", n=n, seed=3) for n in (50, 80))
    np.testing.assert_array_equal(small.X, large.X[:50])
    np.testing.assert_array_equal(small.columns["deserved"], large.columns["deserved"][:50])
    still, some, twice = (load_dataset("two_groups", noise=noise) for noise in (0, 0.3, 0.6))
    np.testing.assert_allclose(twice.X - still.X, 2 * (some.X - still.X), atol=1e-12)
    assert not np.array_equal(small.X, load_dataset("two_groups", n=50, seed=4).X)


@pytest.mark.parametrize("name", RANGES)
def test_values_out_of_range_are_refused(name):
    for value in (RANGES[name][0] - 0.1, RANGES[name][1] + 0.1, float("nan"), "much", True):
        with pytest.raises(ValueError, match=f"{name}=.* must be a number from"):
            load_dataset("two_groups", **{name: value})


def test_columns_can_be_taken_out_and_rows_still_sliced():
    data = load_dataset("german_credit")
    blind = data.without("sex", "age")
    assert blind.X.shape == (1000, 26)
    assert not any(name.startswith(("sex", "age")) for name in blind.feature_names)
    np.testing.assert_array_equal(blind.columns["sex"], data.columns["sex"])
    np.testing.assert_array_equal(blind.X[:, 0], data.X[:, 2])
    with pytest.raises(ValueError, match="no column 'sox'"):
        data.without("sox")
