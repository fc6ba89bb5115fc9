import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.data import DATASETS, load_dataset
from wbviz.data.generators import GENERATORS

names = st.sampled_from(sorted(GENERATORS))


@given(names, st.integers(2, 300), st.floats(0, 3), st.integers(0, 2**40))
def test_shapes_and_seeds(name, n, noise, seed):
    data, again = (load_dataset(name, n=n, noise=noise, seed=seed) for _ in range(2))
    assert len(data) == n
    assert data.X.dtype == np.float64
    np.testing.assert_array_equal(data.X, again.X)
    np.testing.assert_array_equal(data.y, again.y)
    if data.task == "classification":
        assert data.y.dtype == np.int64
        assert data.y.shape == (n,)
        assert np.ptp(np.bincount(data.y)) <= 1
    else:
        assert data.y.dtype == np.float64
        assert data.y.shape == (n, 1)


@given(names, st.integers(2, 100), st.integers(2, 100), st.integers(0, 9))
def test_more_rows_keep_the_rows_that_are_there(name, n, m, seed):
    n, m = sorted((n, m))
    small, large = load_dataset(name, n=n, seed=seed), load_dataset(name, n=m, seed=seed)
    np.testing.assert_array_equal(small.X, large.X[:n])
    np.testing.assert_array_equal(small.y, large.y[:n])


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_moves_each_point_along_its_own_direction(name):
    still, some, twice = (load_dataset(name, noise=noise, seed=4) for noise in (0, 0.3, 0.6))
    values = [d.X if d.task == "classification" else d.y for d in (still, some, twice)]
    np.testing.assert_allclose(values[2] - values[0], 2 * (values[1] - values[0]), atol=1e-12)


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_has_the_stated_standard_deviation(name):
    still, noisy = (load_dataset(name, n=20_000, noise=noise) for noise in (0, 0.5))
    part = (noisy.X - still.X) if still.task == "classification" else (noisy.y - still.y)
    assert part.std() == pytest.approx(0.5, rel=0.02)
    assert part.mean() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("name", GENERATORS)
def test_other_seeds_give_other_data(name):
    assert not np.array_equal(load_dataset(name, seed=0).X, load_dataset(name, seed=1).X)


@pytest.mark.parametrize("name", GENERATORS)
def test_default_data_stay_near_the_origin(name):
    data = load_dataset(name)
    assert len(data) == 200
    assert np.abs(data.X).max() < 3
    assert np.abs(data.X.mean(axis=0)).max() < 0.2


def test_moons_lie_on_two_half_circles():
    data = load_dataset("moons", n=1000, noise=0)
    for label, centre, side in ((0, [-0.5, -0.25], 1), (1, [0.5, 0.25], -1)):
        offset = data.X[data.y == label] - centre
        np.testing.assert_allclose(np.hypot(*offset.T), 1)
        assert (side * offset[:, 1] >= -1e-12).all()


def test_moons_are_those_of_scikit_learn_centred():
    from sklearn.datasets import make_moons

    theirs, labels = make_moons(2000)
    ours = load_dataset("moons", n=2000, noise=0)
    for label in (0, 1):
        mean = theirs[labels == label].mean(axis=0) - [0.5, 0.25]
        np.testing.assert_allclose(ours.X[ours.y == label].mean(axis=0), mean, atol=0.05)


def test_circles_have_radius_one_and_a_half():
    data = load_dataset("circles", noise=0)
    np.testing.assert_allclose(np.hypot(*data.X.T), np.where(data.y == 0, 1, 0.5))


def test_xor_is_the_exclusive_or_of_the_signs():
    data = load_dataset("xor", n=400, noise=0)
    right, up = (data.X > 0).T
    np.testing.assert_array_equal(data.y, right ^ up)
    assert np.bincount(2 * right + up).tolist() == [100] * 4
    assert 0.1 <= np.abs(data.X).min() < np.abs(data.X).max() <= 1


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_blobs_sit_on_a_circle(classes):
    data = load_dataset("blobs", n=3000, noise=0.2, classes=classes)
    centres = np.array([data.X[data.y == k].mean(axis=0) for k in range(classes)])
    np.testing.assert_allclose(np.hypot(*centres.T), np.sqrt(2), atol=0.05)
    np.testing.assert_allclose(centres[0], [1, 1], atol=0.05)
    assert len(data.target_names) == classes


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spiral_arms_are_turned_copies_of_each_other(classes):
    data = load_dataset("spiral", n=500, noise=0, classes=classes)
    radius = np.hypot(*data.X.T)
    assert 0.05 <= radius.min() < radius.max() <= 1
    angle = 3.5 * np.pi * radius + 2 * np.pi * data.y / classes
    np.testing.assert_allclose(data.X, radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), atol=1e-12)


def test_line_can_be_found_again():
    data = load_dataset("line", n=5000)
    slope, intercept = np.polyfit(data.X[:, 0], data.y[:, 0], 1)
    assert (slope, intercept) == (pytest.approx(1.5, abs=0.03), pytest.approx(0.5, abs=0.02))


def test_sine_is_one_wave():
    data = load_dataset("sine", noise=0)
    np.testing.assert_allclose(data.y, np.sin(np.pi * data.X))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"n": 0}, "n=0 must be a whole number from 2 to 1,000,000"),
        ({"n": 10**9}, "n=1000000000 must be"),
        ({"n": 2.5}, "n=2.5 must be a whole number"),
        ({"n": True}, "n=True"),
        ({"noise": -0.1}, "noise=-0.1 must be a number of 0 or more"),
        ({"noise": float("nan")}, "noise=nan"),
        ({"noise": float("inf")}, "noise=inf"),
        ({"noise": "much"}, "noise='much'"),
        ({"seed": -1}, "seed=-1 must be a whole number from 0"),
        ({"seed": 0.5}, "seed=0.5"),
        ({"classes": 1}, "classes=1 must be a whole number from 2 to 10"),
        ({"classes": 11, "n": 100}, "classes=11"),
        ({"classes": 5, "n": 4}, "n=4 must be a whole number from 5"),
    ],
)
def test_values_out_of_range_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        load_dataset("blobs", **arguments)


def test_an_unknown_name_lists_the_names():
    with pytest.raises(
        ValueError, match=r"no data set 'moon'\. Did you mean 'moons'\? There are: blobs, moons, .*german"
    ):
        load_dataset("moon")
    with pytest.raises(ValueError, match="no data set 7"):
        load_dataset(7)


def test_an_unknown_argument_lists_the_arguments():
    with pytest.raises(
        TypeError, match=r"'spiral' takes no 'class'\. Did you mean 'classes'\? It takes: n, noise, seed"
    ):
        load_dataset("spiral", **{"class": 3})
    with pytest.raises(TypeError, match=r"'moons' takes no 'classes'"):
        load_dataset("moons", classes=3)


def test_every_data_set_says_what_it_is():
    for name in DATASETS:
        data = load_dataset(name)
        assert data.name == name
        assert data.description.endswith((".", "?"))
        assert data.source
        assert data.licence
        assert DATASETS[name].__doc__
