import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.engine import accuracy, confusion_matrix, predicted_labels

LOGITS = np.array([[2.0, 1, 0], [0, 3, 1], [0, 1, 5], [9, 1, 5]])


def test_accuracy_from_logits_labels_and_single_outputs():
    assert accuracy([0, 1, 2, 2], LOGITS) == 0.75
    assert accuracy([0, 1, 2, 2], [0, 1, 1, 1]) == 0.5
    assert accuracy([0, 1, 1], [[-0.1], [0.1], [-2.0]]) == pytest.approx(2 / 3)
    assert accuracy([[0], [1]], [[0.4], [0.6]], threshold=0.5) == 1
    assert accuracy([0.0, 1.0], [[-3.0], [3.0]]) == 1


def test_confusion_matrix_has_truth_in_rows():
    matrix = confusion_matrix([0, 1, 2, 2], LOGITS)
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert confusion_matrix([0, 0], [[-1.0], [2.0]]).tolist() == [[1, 1], [0, 0]]
    assert confusion_matrix([0, 1], [1, 1], n_classes=3).shape == (3, 3)


def test_a_population_gives_one_of_each():
    y_hat = np.stack([LOGITS, -LOGITS])
    assert accuracy([0, 1, 2, 2], y_hat).tolist() == [0.75, 0.0]
    matrices = confusion_matrix([0, 1, 2, 2], y_hat)
    assert matrices.shape == (2, 3, 3)
    np.testing.assert_array_equal(matrices[1], confusion_matrix([0, 1, 2, 2], -LOGITS))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_equal_to_scikit_learn(pairs):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the oracle of this test")
    y, predicted = np.array(pairs).T
    assert accuracy(y, predicted) == pytest.approx(metrics.accuracy_score(y, predicted))
    expected = metrics.confusion_matrix(y, predicted, labels=range(5))
    np.testing.assert_array_equal(confusion_matrix(y, predicted, n_classes=5), expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: accuracy([0, 1], LOGITS), r"as many rows, at least one; got \(2,\) and \(4, 3\)"),
        (lambda: accuracy([], np.zeros((0, 3))), "at least one"),
        (lambda: accuracy([0, 1, 2, -1], LOGITS), "Labels must be whole numbers from 0 on, got -1"),
        (lambda: accuracy([0, 1, 2, 0.5], LOGITS), "Labels must be whole numbers from 0 on, got 0.5"),
        (lambda: accuracy([0, 1, 2, 0], LOGITS * np.nan), "y_hat must be finite"),
        (lambda: predicted_labels([0.2, 0.7]), r"y_hat must be outputs of shape \(n, n_out\)"),
        (lambda: confusion_matrix([0, 5], [0, 1], n_classes=3), "n_classes must be at least 6, got 3"),
    ],
)
def test_bad_input_is_explained(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
