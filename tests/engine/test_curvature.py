"""The Hessian times a vector: against differences of the gradient, against PyTorch, for every activation and loss."""

import numpy as np
import pytest

from wbviz.engine import ACTIVATIONS, LOSSES, Network
from wbviz.engine.curvature import BENDS, TURNS, hessian_product


def problem(loss, hidden, population=3):
    rng = np.random.default_rng(0)
    net = Network([3, 5, 4, 2], hidden=hidden, seed=1, population=population)
    net.params += 0.1 * rng.standard_normal(net.params.shape)
    X = rng.standard_normal((population, 7, 3))
    labels = rng.integers(0, 2, (population, 7))
    y = labels if loss == "cross_entropy" else np.stack([labels, 1.0 - labels], axis=-1)
    return net, X, y, rng.standard_normal(net.params.shape)


def test_there_is_a_second_derivative_for_every_activation_and_loss():
    assert set(BENDS) == set(ACTIVATIONS)
    assert set(TURNS) == set(LOSSES)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_second_derivative_is_the_slope_of_the_first(name):
    z, h = np.linspace(-4, 4, 80), 1e-5  # 0, where some have a kink, is not among them
    slope = (ACTIVATIONS[name].derivative(z + h) - ACTIVATIONS[name].derivative(z - h)) / (2 * h)
    np.testing.assert_allclose(BENDS[name](z), slope, atol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_it_is_how_the_gradient_changes(hidden, loss):
    net, X, y, vector = problem(loss, hidden)
    h = 1e-6
    ahead, behind = (net.with_params(net.params + sign * h * vector).gradient(X, y, loss) for sign in (1, -1))
    np.testing.assert_allclose(hessian_product(net, X, y, vector, loss), (ahead - behind) / (2 * h), atol=5e-9)


def test_the_hessian_is_symmetric_and_linear():
    net, X, y, v = problem("mse", "tanh")
    u = v[::-1].copy()
    Hu, Hv = (hessian_product(net, X, y, vector) for vector in (u, v))
    np.testing.assert_allclose((u * Hv).sum(axis=-1), (v * Hu).sum(axis=-1), rtol=1e-10)
    np.testing.assert_allclose(hessian_product(net, X, y, 2 * u - v), 2 * Hu - Hv, atol=1e-12)


def test_of_a_straight_line_it_is_the_least_squares_matrix():
    net, X = Network([2, 1], seed=3), np.random.default_rng(1).standard_normal((9, 2))
    y, rows = np.zeros((9, 1)), np.column_stack([X, np.ones(9)])
    found = np.stack([hessian_product(net, X, y, unit) for unit in np.eye(3)])
    np.testing.assert_allclose(found, 2 / 9 * rows.T @ rows, atol=1e-12)
