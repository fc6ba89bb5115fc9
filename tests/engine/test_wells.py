"""Curves and surfaces with several minima: their minima are all that there are, their gradients are right."""

import numpy as np
import pytest

from wbviz.engine import WELLS, Network
from wbviz.engine.wells import NEURON_X, NEURON_Y

EVERY = pytest.mark.parametrize("well", WELLS.values(), ids=WELLS)


@EVERY
def test_the_gradient_is_right(well):
    points = np.random.default_rng(0).uniform(-well.span, well.span, (20, well.minima.shape[1]))
    shift = 1e-5 * np.eye(points.shape[1])
    around = well.f(points[:, None] + shift) - well.f(points[:, None] - shift)
    np.testing.assert_allclose(well.gradient(points), around / 2e-5, rtol=1e-5, atol=1e-6)


@EVERY
def test_the_minima_are_minima_and_no_place_of_the_picture_is_lower(well):
    assert np.abs(well.gradient(well.minima)).max() < 1e-12 * max(1, well.span**3)
    nearby = np.random.default_rng(1).normal(size=(200, 1, well.minima.shape[1]))
    nearby *= 0.01 / np.linalg.norm(nearby, axis=-1, keepdims=True)
    assert (well.f(well.minima + nearby) > well.f(well.minima)).all()
    assert well.lowest == pytest.approx(well.f(well.minima).min())
    side = np.linspace(-well.span, well.span, 301)
    grid = np.stack(np.meshgrid(*[side] * well.minima.shape[1]), axis=-1)
    assert well.f(grid).min() >= well.lowest - 1e-12


@EVERY
def test_slow_descent_from_anywhere_ends_in_one_of_them(well):
    x = np.random.default_rng(2).uniform(-well.span, well.span, (300, well.minima.shape[1]))
    for _ in range(3000):
        slope = well.gradient(x)
        x -= 0.02 * slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 0.01)
    assert (well.distance(x) < 0.05).mean() > 0.98


def test_the_neuron_is_the_engines_network():
    net = Network([1, 1], output="sigmoid", init="zeros")
    X, y = NEURON_X[:, None], NEURON_Y[:, None]
    for point in np.random.default_rng(3).uniform(-6, 6, (20, 2)):
        own = net.with_params(point)
        assert WELLS["a neuron"].f(point) == pytest.approx(float(own.loss(X, y)), rel=1e-12)
        np.testing.assert_allclose(WELLS["a neuron"].gradient(point), own.gradient(X, y), rtol=1e-10, atol=1e-15)
