"""Least squares past as many weights as examples: the solution, and its error beside the closed form."""

import numpy as np
import pytest

from wbviz.engine import SGD, Network, minimum_norm, ridge_risk, ridgeless_risk, train


@pytest.mark.parametrize(("n", "p"), [(12, 5), (12, 12), (12, 40)])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_it_is_the_pseudoinverse_and_ridge(n, p, l2):
    rng = np.random.default_rng(n + p)
    X, y = rng.standard_normal((3, n, p)), rng.standard_normal((3, n))
    for got, rows, targets in zip(minimum_norm(X, y, l2), X, y, strict=True):
        lam = n * l2 / 2
        expected = (
            np.linalg.solve(rows.T @ rows + lam * np.eye(p), rows.T @ targets) if l2 else np.linalg.pinv(rows) @ targets
        )
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-7)


def test_gradient_descent_from_zero_ends_at_the_shortest_weights():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((6, 15)), rng.standard_normal(6)
    net = Network([15, 1], init="zeros")
    bias = np.array([False] * 15 + [True])
    train(net, X, y, optimizer=SGD(lr=0.1), epochs=2000, frozen=bias)
    np.testing.assert_allclose(net.weights[0][:, 0], minimum_norm(X, y), atol=1e-8)


def test_inputs_that_say_the_same_twice_share_the_weight():
    X = np.random.default_rng(0).standard_normal((8, 2))[:, [0, 1, 1]]
    np.testing.assert_allclose(minimum_norm(X, X @ [1.0, 1.0, 1.0]), [1, 1, 1], atol=1e-9)


def measured(n, p, signal, noise_variance, missed, l2=0.0, draws=4000):
    """Mean and standard error of ‖w − β‖² + missed; bias² and variance of the weights themselves."""
    rng = np.random.default_rng(p)
    beta = np.sqrt(signal / max(p, 1)) * np.ones(p)
    X = rng.standard_normal((draws, n, p))
    y = X @ beta + np.sqrt(noise_variance + missed) * rng.standard_normal((draws, n))
    w = minimum_norm(X, y, l2)
    risks = ((w - beta) ** 2).sum(axis=1) + missed
    bias2 = ((w.mean(axis=0) - beta) ** 2).sum() - w.var(axis=0, ddof=1).sum() / draws + missed
    return risks.mean(), risks.std() / np.sqrt(draws), bias2


@pytest.mark.parametrize(("n", "p"), [(20, 1), (20, 8), (20, 14), (20, 27), (20, 40), (20, 90)])
@pytest.mark.parametrize("missed", [0.0, 0.4])
def test_the_measured_risk_is_the_closed_form_within_its_sampling_error(n, p, missed):
    mean, error, bias2 = measured(n, p, 1.5, 0.3, missed, draws=1500)
    known = ridgeless_risk(n, p, 1.5, 0.3, missed)
    assert abs(mean - known.total) < 4 * error
    assert error < 0.08 * known.total
    assert bias2 == pytest.approx(known.bias2, abs=0.03)


def test_near_as_many_weights_as_examples_the_risk_has_no_bound():
    for p in (19, 20, 21):
        assert ridgeless_risk(20, p).total == np.inf
        assert ridgeless_risk(20, p, noise_variance=0.0).total == pytest.approx(max(1 - 20 / p, 0))
    assert ridgeless_risk(20, 18).total == 18
    assert ridgeless_risk(20, 0, missed=0.7).total == 0.7
    low, high = (measured(20, p, 1.0, 1.0, 0.0, draws=300)[0] for p in (10, 20))
    assert high > 20 * low


@pytest.mark.parametrize("gamma", [0.25, 0.8, 1.5, 6.0])
def test_for_large_samples_it_is_the_limit_of_hastie_and_others(gamma):
    n = 100_000
    noise, signal = 0.5, 2.0
    limit = noise * gamma / (1 - gamma) if gamma < 1 else signal * (1 - 1 / gamma) + noise / (gamma - 1)
    assert ridgeless_risk(n, round(gamma * n), signal, noise).total == pytest.approx(limit, rel=1e-3)
    assert ridge_risk(gamma, 1e-9, signal, noise) == pytest.approx(limit, rel=1e-4)


@pytest.mark.parametrize("p", [30, 100, 250])
@pytest.mark.parametrize("l2", [0.1, 2.0])
def test_the_measured_risk_of_ridge_is_its_limit(p, l2):
    mean, error, _ = measured(100, p, 1.0, 0.5, 0.2, l2, draws=120)
    assert ridge_risk(p / 100, l2, 1.0, 0.5, 0.2) == pytest.approx(mean, rel=0.02, abs=4 * error)


def test_the_best_ridge_has_no_peak():
    gammas = np.linspace(0.1, 3, 59)
    best = 2 * 0.5 * gammas  # λ = σ²·γ/r², which is best (Dobriban and Wager 2018)
    risks = [ridge_risk(gamma, l2, 1.0, 0.5) for gamma, l2 in zip(gammas, best, strict=True)]
    assert np.all(np.diff(risks) > 0)
    assert max(risks) < 1


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"X must have shape \(\.\.\., n, p\)"):
        minimum_norm(np.zeros((4, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="l2 must be a finite number"):
        minimum_norm(np.zeros((4, 3)), np.zeros(4), l2=-1)
    with pytest.raises(ValueError, match="l2 must be a finite number, above 0"):
        ridge_risk(2.0, 0.0)
