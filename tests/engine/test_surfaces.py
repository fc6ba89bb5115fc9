"""The surfaces: their slopes are true, their minima are minima, and the network's is the network's loss."""

import numpy as np
import pytest

from wbviz.engine import SURFACES, Network, network_objective

EVERY = pytest.mark.parametrize("name", SURFACES)
AXES = (("W", 0, 1, 1), ("W", 1, 1, 0))


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2))
    return Network([2, 3, 1], seed=1), X, np.tanh(X[:, :1] - 0.5 * X[:, 1:])


def points(surface, n=200):
    return np.random.default_rng(1).uniform(-surface.span, surface.span, size=(n, 2))


@EVERY
def test_the_gradient_is_that_of_central_differences(name):
    surface, h = SURFACES[name], 1e-6
    at = points(surface)
    for axis in np.eye(2):
        slope = (surface.f(at + h * axis) - surface.f(at - h * axis)) / (2 * h)
        assert surface.gradient(at) @ axis == pytest.approx(slope, rel=1e-5, abs=1e-4)


@EVERY
def test_the_gradient_is_pytorchs(name, torch):
    surface = SURFACES[name]
    at = torch.tensor(points(surface), requires_grad=True)
    surface.f(at).sum().backward()
    np.testing.assert_allclose(surface.gradient(at.detach().numpy()), at.grad.numpy(), rtol=1e-12, atol=1e-12)


@EVERY
def test_minima_are_the_lowest_places(name):
    surface = SURFACES[name]
    assert np.abs(surface.gradient(surface.minima)).max() < 1e-10
    assert (np.linalg.eigvalsh(surface.hessian(surface.minima)) > 0).all()
    assert surface.f(surface.minima) == pytest.approx(surface.lowest, abs=1e-20)
    assert surface.f(points(surface, 5000)).min() >= surface.lowest
    assert np.abs(surface.minima).max() < surface.span
    assert np.abs(surface.start).max() < surface.span
    assert surface.distance(surface.minima) == pytest.approx(0)


@EVERY
def test_any_leading_axes_are_carried_along(name):
    surface = SURFACES[name]
    at = points(surface, 6).reshape(2, 3, 2)
    assert surface.f(at).shape == surface.distance(at).shape == surface.curvature(at).shape == (2, 3)
    assert surface.gradient(at).shape == (2, 3, 2)
    assert surface.f(at)[1, 2] == surface.f(at[1, 2])
    assert (surface.gradient(at)[1, 2] == surface.gradient(at[1, 2])).all()


def test_published_values():
    assert SURFACES["rosenbrock"].f(np.array([-1.2, 1.0])) == pytest.approx(24.2)  # Moré, Garbow and Hillstrom (1981)
    assert SURFACES["beale"].f(np.array([1.0, 1.0])) == pytest.approx(14.203125)
    assert SURFACES["himmelblau"].f(np.array([-0.270845, -0.923039])) == pytest.approx(181.617, abs=1e-3)
    assert SURFACES["ravine"].curvature(np.array([1.0, 1.0])) == pytest.approx(25)


def test_the_networks_surface_is_the_networks_loss(problem):
    net, X, y = problem
    surface = network_objective(net, X, y, axes=AXES, span=4.0)
    at = points(surface, 5)
    for place, value, slope in zip(at, surface.f(at), surface.gradient(at), strict=True):
        moved = net.copy()
        moved.weights[0][1, 1], moved.weights[1][1, 0] = place
        assert value == pytest.approx(moved.loss(X, y), rel=1e-13)
        gradient = moved.gradient(X, y)
        assert slope == pytest.approx([gradient[net.index(*axis)] for axis in AXES], rel=1e-12)
    assert np.abs(surface.gradient(surface.minima)).max() < 1e-9
    assert surface.f(at).min() >= surface.lowest == surface.f(surface.minima).min()
    assert len(np.unique(surface.minima.round(4), axis=0)) == len(surface.minima)


def test_a_slice_without_a_minimum_is_explained(problem):
    net, X, y = problem
    with pytest.raises(ValueError, match=r"No minimum was found within ±0.001: choose other axes"):
        network_objective(net, X, y, axes=AXES, span=0.001)
    with pytest.raises(ValueError, match="There is no parameter"):
        network_objective(net, X, y, axes=(("W", 7, 0, 0), ("b", 0, 0)))
