"""The L1 penalty done exactly: true zeros in training, and minimisers equal to scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.engine import SGD, Network, ProximalSGD, Training, least_squares, soft_threshold


def regression(n=25, d=6, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) @ (np.eye(d) + 0.4)
    return X, X @ rng.normal(size=d) + 0.5 + rng.normal(size=n)


WEIGHTS = np.array([True] * 6 + [False])


@given(st.floats(-5, 5), st.floats(0, 3))
def test_soft_threshold_minimises_what_it_says(w, threshold):
    v = float(soft_threshold(w, threshold))
    best = (v - w) ** 2 / 2 + threshold * abs(v)
    others = np.linspace(-6, 6, 241)
    assert best <= ((others - w) ** 2 / 2 + threshold * np.abs(others)).min() + 1e-12
    assert v == 0 or abs(w) > threshold


def test_without_a_penalty_it_is_gradient_descent():
    rng = np.random.default_rng(0)
    one, other = (np.ones(5) for _ in range(2))
    proximal, plain = ProximalSGD(lr=0.1), SGD(lr=0.1)
    for _ in range(20):
        grad = rng.normal(size=5)
        proximal.step(one, grad)
        plain.step(other, grad)
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-15)


def test_training_ends_at_the_minimiser_with_exact_zeros():
    X, y = regression()
    net = Network([6, 1], seed=1)
    for _ in Training(net, X, y, optimizer=ProximalSGD(lr=0.05, l1=1.0, counted=WEIGHTS), epochs=4000):
        pass
    w, b = least_squares(X, y, l1=1.0)
    np.testing.assert_allclose(net.weights[0][:, 0], w, atol=1e-8)
    assert net.biases[0][0] == pytest.approx(b)
    assert 0 < np.count_nonzero(w) < 6
    assert np.array_equal(net.weights[0][:, 0] == 0, w == 0)


def test_the_penalty_may_come_and_go_between_steps():
    X, y = regression()
    net, optimizer = Network([6, 1], seed=1), ProximalSGD(lr=0.05, counted=WEIGHTS)
    for step in Training(net, X, y, optimizer=optimizer, epochs=600):
        if step.number == 199:
            assert np.count_nonzero(net.weights[0]) == 6
            optimizer.l1 = 2.0
        if step.number == 399:
            assert np.count_nonzero(net.weights[0]) < 6
            optimizer.l1 = 0.0
    assert np.count_nonzero(net.weights[0]) == 6


def test_every_member_of_a_population_has_its_own_strength():
    X, y = regression()
    strengths = np.array([0.0, 0.5, 3.0])
    nets = Network([6, 1], seed=1, population=3)
    nets.params = nets.params[0]
    for _ in Training(nets, X, y, optimizer=ProximalSGD(lr=0.05, l1=strengths, counted=WEIGHTS), epochs=200):
        pass
    for strength, params in zip(strengths, nets.params, strict=True):
        net = Network([6, 1], seed=1)
        for _ in Training(net, X, y, optimizer=ProximalSGD(lr=0.05, l1=strength, counted=WEIGHTS), epochs=200):
            pass
        np.testing.assert_allclose(params, net.params, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_minimisers_equal_scikit_learns(seed):
    linear = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the oracle of this test")
    X, y = regression(seed=seed)
    for strength in (0.05, 0.5, 2.0):
        lasso = linear.Lasso(alpha=strength / 2, tol=1e-14, max_iter=100_000).fit(X, y)
        w, b = least_squares(X, y, l1=strength)
        np.testing.assert_allclose(w, lasso.coef_, atol=1e-7)
        assert b == pytest.approx(lasso.intercept_)
        ridge = linear.Ridge(alpha=strength * len(X) / 2).fit(X, y)
        w, b = least_squares(X, y, l2=strength)
        np.testing.assert_allclose(w, ridge.coef_, atol=1e-8)
        assert b == pytest.approx(ridge.intercept_)


def test_a_whole_path_at_once_equals_its_points():
    X, y = regression()
    strengths = np.linspace(0, 4, 9)
    for name in ("l1", "l2"):
        path, biases = least_squares(X, y, **{name: strengths})
        assert path.shape == (9, 6)
        for strength, w, b in zip(strengths, path, biases, strict=True):
            alone, bias = least_squares(X, y, **{name: strength})
            np.testing.assert_allclose(w, alone, atol=1e-7)
            assert b == pytest.approx(bias)


def test_bad_strengths_are_refused():
    with pytest.raises(ValueError, match="l1 must be a finite number"):
        ProximalSGD(l1=-1.0)
    with pytest.raises(ValueError, match="l2 must be a finite number"):
        least_squares(*regression(), l2=np.nan)
    with pytest.raises(ValueError, match="boolean mask"):
        ProximalSGD(counted=np.ones(3)).step(np.ones(3), np.ones(3))
