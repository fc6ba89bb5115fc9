import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.data import Dataset, load_dataset
from wbviz.data.dataset import one_hot


def labelled(counts):
    y = np.repeat(np.arange(len(counts)), counts)
    X = np.arange(len(y), dtype=float)[:, None]
    return Dataset("made", X, y, ("row",), tuple(map(str, range(len(counts)))), "classification")


counts = st.lists(st.integers(1, 40), min_size=1, max_size=6).filter(lambda c: sum(c) >= 4)


@given(counts, st.floats(0.2, 0.8), st.integers(0, 100))
def test_split_is_a_stratified_partition(counts, test, seed):
    data = labelled(counts)
    train, held_out = data.split(test=test, seed=seed)
    assert len(held_out) == round(test * len(data))
    assert sorted([*train.X[:, 0], *held_out.X[:, 0]]) == list(data.X[:, 0])
    share = len(held_out) / len(data)
    for label, count in enumerate(counts):
        assert abs((held_out.y == label).sum() - share * count) < 1 + 0.5 * len(counts)


@given(counts, st.integers(0, 100), st.data())
def test_samples_are_nested_and_reproducible(counts, seed, data):
    made = labelled(counts)
    n = data.draw(st.integers(1, len(made)))
    small, large = made.sample(n, seed), made.sample(len(made), seed)
    np.testing.assert_array_equal(small.X, large.X[:n])
    np.testing.assert_array_equal(small.X, made.sample(n, seed).X)
    assert len(set(small.X[:, 0])) == n


def test_rows_keep_their_label_and_their_readable_columns():
    data = load_dataset("german_credit")
    train, test = data.split(seed=3)
    for part in (train, test):
        np.testing.assert_array_equal(part.columns["risk"] == "good", part.y == 1)
        female = part.X[:, part.feature_names.index("sex=female")]
        np.testing.assert_array_equal(part.columns["sex"] == "female", female == 1)


def test_regression_is_split_at_random():
    train, test = load_dataset("line", n=100).split(test=0.2)
    assert (len(train), len(test)) == (80, 20)
    assert train.y.shape == (80, 1)


def test_standardise_uses_the_training_set():
    train, test = load_dataset("breast_cancer").split()
    scaled = train.standardise()
    np.testing.assert_allclose(scaled.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.X.std(axis=0), 1)
    mean, scale = train.X.mean(axis=0), train.X.std(axis=0)
    np.testing.assert_allclose(test.standardise(mean, scale).X * scale + mean, test.X, atol=1e-12)


def test_a_constant_column_is_only_shifted():
    assert (labelled([3]).take([0, 0, 0]).standardise().X == 0).all()


def test_one_hot():
    matrix, names = one_hot("c", ["b", "a", "b"])
    assert names == ["c=a", "c=b"]
    np.testing.assert_array_equal(matrix, [[0, 1], [1, 0], [0, 1]])


def test_repr_is_short():
    assert repr(load_dataset("iris")) == "Dataset('iris': 150 rows × 4 features, 3 classes)"
    assert repr(load_dataset("sine", n=5)) == "Dataset('sine': 5 rows × 1 features, a number to predict)"


X2, good = np.zeros((2, 1)), {"feature_names": ("a",), "target_names": ("A", "B"), "task": "classification"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"X": np.zeros(2)}, r"X of 'made' has shape \(2,\); it needs at least one row and one column"),
        ({"X": np.zeros((0, 1)), "y": np.zeros(0, int)}, r"shape \(0, 1\)"),
        ({"y": np.array([0, 1, 0])}, r"y of 'made' has shape \(3,\); classification of 2 rows needs \(2,\)"),
        ({"task": "regression"}, r"regression of 2 rows needs \(2, 1\)"),
        ({"y": np.array([0.5, 1])}, "float64 values; labels of classes are whole numbers"),
        ({"y": np.array([0, 2])}, "run from 0 to 2; with 2 classes they must run from 0 to 1"),
        ({"y": np.array([-1, 0])}, "run from -1 to 0"),
        ({"X": np.array([[0.0], [np.nan]])}, "holds NaN or infinity"),
        ({"feature_names": ("a", "b")}, "1 features but 2 feature names"),
        ({"task": "guessing"}, "task='guessing'"),
        ({"columns": {"sex": np.array(["f"])}}, "column 'sex' of 'made' has 1 values for 2 rows"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Dataset(**{"name": "made", "X": X2, "y": np.array([0, 1]), **good, **change})


@pytest.mark.parametrize("test", [0, 1, -0.1, 1.5, "half", None, float("nan")])
def test_split_refuses_a_share_that_is_none(test):
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        load_dataset("iris").split(test=test)


def test_split_refuses_an_empty_part():
    with pytest.raises(ValueError, match="leaves 0 for testing and 2 for training"):
        labelled([2]).split(test=0.1)


@pytest.mark.parametrize("n", [0, 151, 1.0, True, "all"])
def test_sample_refuses_what_is_not_there(n):
    with pytest.raises(ValueError, match="must be a whole number from 1 to 150"):
        load_dataset("iris", n=n)


def test_standardise_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"mean has shape \(3,\); 'iris' has 4 features"):
        load_dataset("iris").standardise(mean=[1, 2, 3])
