"""Every refusal is a sentence: the value, what was expected, what to do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wbviz.engine import Network

X, Y = np.ones((4, 2)), np.ones((4, 1))
NET = Network([2, 3, 1])
CLASSES = Network([2, 3])


def nan_at(row, column):
    bad = X.copy()
    bad[row, column] = np.nan
    return bad


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Network([2]), r"sizes must name at least the inputs and the outputs, such as \[2, 1\]; got \[2\]"),
        (lambda: Network(3), "sizes must name at least"),
        (lambda: Network([2, 0, 1]), r"sizes\[1\] must be at least 1, got 0"),
        (lambda: Network([2, 2.5, 1]), r"sizes\[1\] must be a whole number of at least 1, got 2.5"),
        (lambda: Network([2, 1], hidden="rellu"), "There is no activation 'rellu'. Did you mean 'relu'.*Choose from"),
        (lambda: Network([2, 1], output="Tanh"), "Did you mean 'tanh'"),
        (lambda: Network([2, 1], hidden=None), "The activation must be a name, got None. Choose from identity"),
        (lambda: Network([2, 1], init="glorot"), "There is no initializer 'glorot'. .*Choose from zeros"),
        (lambda: Network([2, 1], init="xaver"), "Did you mean 'xavier'"),
        (lambda: Network([2, 1], seed=-1), "seed must be at least 0, got -1"),
        (lambda: Network([2, 1], seed=0.5), "seed must be a whole number"),
        (lambda: Network([2, 1], population=0), "population must be at least 1, got 0"),
        (lambda: NET([1, 2]), r"X must have shape \(n, 2\).*got \(2,\). One example is a row too"),
        (lambda: NET(5.0), r"X must have shape \(n, 2\)"),
        (lambda: NET(np.ones((4, 3))), r"X must have shape \(n, 2\): 2 inputs a row; got \(4, 3\)"),
        (lambda: NET(np.ones((0, 2))), r"X is empty: its shape is \(0, 2\). Give at least one example"),
        (lambda: NET(nan_at(2, 1)), r"X must be finite, but X\[2, 1\] is nan. Remove or fill in"),
        (lambda: NET([[np.inf, 1]]), r"X\[0, 0\] is inf"),
        (lambda: NET([["a", "b"]]), "X must be real numbers in rows of equal length, got"),
        (lambda: NET([[1, 2], [3]]), "X must be real numbers in rows of equal length, got"),
        (lambda: NET([[1j, 2]]), "X must be real numbers"),
        (lambda: NET([[None, 2]]), "X must be"),
        (lambda: NET(np.ones((5, 4, 2))), r"leading axes of X, \(5,\), do not fit the population \(\)"),
        (lambda: NET.loss(X, np.ones((4, 2))), r"y must have shape \(4, 1\), one row for each row of X; got \(4, 2\)"),
        (lambda: NET.loss(X, np.ones(3)), r"y must have shape \(4, 1\).*got \(3,\)"),
        (lambda: NET.loss(X, 1.0), r"y must have shape \(4, 1\).*got \(\)"),
        (lambda: NET.loss(X, [1, 2, np.nan, 4]), r"y must be finite, but y\[2\] is nan"),
        (lambda: NET.loss(X, Y, "mae"), "There is no loss 'mae'.*Choose from mse, cross_entropy"),
        (lambda: NET.loss(X, Y, l1=-0.1), "l1 must be a finite number, 0 or more; got -0.1"),
        (lambda: NET.gradient(X, Y, l2=np.inf), "l2 must be a finite number, 0 or more; got inf"),
        (lambda: NET.penalty(l2="much"), "l2 must be a number, got 'much'"),
        (lambda: CLASSES.loss(X, [0, 1, 2, 3], "cross_entropy"), "whole numbers from 0 to 2.*3 outputs; got 3"),
        (lambda: CLASSES.loss(X, [0, 1, 2, -1], "cross_entropy"), "whole numbers from 0 to 2.*got -1"),
        (lambda: CLASSES.loss(X, [0, 1, 2, 0.5], "cross_entropy"), "got 0.5"),
        (lambda: CLASSES.loss(X, [0, 1, 2], "cross_entropy"), r"y must have shape \(4,\), one label for each row"),
        (lambda: CLASSES.loss(X, np.eye(3)[[0, 1, 2, 0]], "cross_entropy"), r"y must have shape \(4,\).*got \(4, 3\)"),
        (lambda: CLASSES.loss(X, ["a", "b", "c", "a"], "cross_entropy"), "y must be real numbers"),
        (lambda: NET.loss(X, [0, 0, 0, 0], "cross_entropy"), "one output for each class, got 1. Take binary_cross"),
        (lambda: NET.loss(X, [0, 1, 2, 0], "binary_cross_entropy"), "y must lie between 0 and 1.*got 2"),
        (lambda: NET.with_params(np.zeros(5)), r"params must have shape \(..., 13\), got \(5,\)"),
        (lambda: NET.with_params(np.full(13, np.nan)), r"params must be finite, but params\[0\] is nan"),
        (lambda: setattr(NET, "params", np.zeros(5)), r"params must have shape \(13,\), got \(5,\)"),
        (lambda: setattr(NET, "params", np.full(13, np.inf)), r"params\[0\] is inf"),
        (lambda: NET.index("w", 0, 0, 0), r'A parameter is \("W", layer, i, j\) or \("b", layer, j\), got'),
        (lambda: NET.index("b", 0, 0, 0), r'A parameter is \("W", layer, i, j\)'),
        (lambda: NET.index("W", 2, 0, 0), r"There is no parameter \('W', 2, 0, 0\) in a network of sizes \[2, 3, 1\]"),
        (lambda: NET.index("W", 0, -1, 0), "There is no parameter"),
        (lambda: NET.index("W", 0, 1.5, 0), "There is no parameter"),
        (lambda: NET.index("W", "first", 0, 0), "There is no parameter"),
        (lambda: NET.penalty(l1=[1, 2]), r"l1 must be one number, or one for each member of the population \(\)"),
        (lambda: NET.penalty(l2=None), "l2 must be a number, got None"),
        (lambda: NET.name_of(13), "The network has parameters 0 to 12, got 13"),
    ],
)
def test_refusals_are_sentences(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


ANYTHING = st.one_of(
    hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    hnp.arrays(int, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    st.none(),
    st.text(max_size=3),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(max_size=2)), max_size=4),
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(X=ANYTHING, y=ANYTHING, loss=st.sampled_from(["mse", "cross_entropy", "binary_cross_entropy"]))
def test_anything_gives_a_gradient_or_a_sentence(X, y, loss):
    problem = ""
    try:
        gradient = CLASSES.gradient(X, y, loss)
    except (ValueError, TypeError) as error:
        problem = str(error)
    assert problem.endswith(".") if problem else gradient.shape == (CLASSES.n_params,)
    assert "broadcast" not in problem  # NumPy's own words do not reach a learner


def test_integers_booleans_lists_and_columns_of_labels_are_welcome():
    np.testing.assert_array_equal(NET([[1, 0]]), NET(np.array([[True, False]])))
    labels = [0, 1, 2, 0]
    expected = CLASSES.loss(X, labels, "cross_entropy")
    for same in (np.array(labels, float), np.array(labels)[:, None], tuple(labels), np.array(labels, np.uint8)):
        assert CLASSES.loss(X, same, "cross_entropy") == expected
    assert NET.loss(X, [1, 0, 1, 0]) == NET.loss(X, [[1], [0], [1], [0]])
