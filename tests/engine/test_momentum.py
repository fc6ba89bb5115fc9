"""The closed forms of momentum against the engine's own SGD: rates to 1e-6 on quadratics, at critical damping too."""

import numpy as np
import pytest

from wbviz.engine import SGD, momentum

KAPPAS = (1.0, 4.0, 25.0, 300.0)


def descend(lr, beta, curvature, steps):
    """Distances and velocities at steps 0 to `steps` of the engine's SGD from 1, at rest."""
    x, optimizer, seen = np.array([1.0]), SGD(lr, momentum=beta), [(1.0, 0.0)]
    for _ in range(steps):
        slope = curvature * x
        optimizer.step(x, slope)
        seen.append((x[0], optimizer.state.get("velocity", slope)[0]))
    return np.array(seen).T


def settings(count=150, seed=0):
    """Random (lr, beta, curvature), every third at critical damping, some without momentum."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        lr, curvature = rng.uniform(0.01, 4), 1 / float(rng.choice(KAPPAS))
        beta = 0.0 if k % 7 == 0 else rng.uniform(0, 0.99)
        yield lr, min(float(momentum.critical_beta(lr, curvature)), 0.99) if k % 3 == 0 else beta, curvature


@pytest.mark.parametrize("kappa", KAPPAS)
def test_rates_are_those_of_the_engines_sgd(kappa):
    lr = np.linspace(0, 4, 41)
    for beta in (0.0, 0.3, 0.5, 0.9, 0.99):
        measured = momentum.measured_rate(lr, beta, np.array([[1 / kappa], [1.0]])).max(axis=0)
        np.testing.assert_allclose(measured, momentum.worst_rate(lr, beta, 1 / kappa, 1.0), atol=1e-6)


def test_rates_at_critical_damping_are_measured_too():
    for lr in (0.05, 0.4, 1.7, 3.2):
        beta = float(momentum.critical_beta(lr, 1.0))
        assert momentum.regime(lr, beta, 1.0) == "critical"
        assert float(momentum.measured_rate(lr, beta, 1.0)) == pytest.approx(np.sqrt(beta), abs=1e-6)


def test_one_long_run_shows_the_rate_at_critical_damping_once_its_polynomial_is_taken_out():
    """There the distance goes like (1 + c·k)·σᵏ: from step to step it shrinks by σ·(1 + 1/k), nearly."""
    lr, beta, steps = 0.01, float(momentum.critical_beta(0.01, 1.0)), 3000
    x, _ = descend(lr, beta, 1.0, steps)
    sigma = np.sqrt(beta)
    grown = x[1:] / x[:-1]
    c, k = (1 - lr) / sigma - 1, np.arange(steps)  # from the first step: x₁ = 1 − αλ = (1 + c)·σ
    corrected = grown * (1 + c * k) / (1 + c * (k + 1))
    assert abs(corrected[-1] - sigma) < 1e-6
    assert abs(grown[-1] - sigma) > 1e-4  # without the correction it is still far off after 3000 steps


def test_the_rate_is_the_spectral_radius_of_the_iteration_matrix():
    for lr, beta, curvature in settings():
        matrix = momentum.iteration_matrix(lr, beta, curvature)
        expected = np.abs(np.linalg.eigvals(matrix)).max()
        assert float(momentum.rate(lr, beta, curvature)) == pytest.approx(expected, abs=1e-7)
        values = momentum.eigenvalues(lr, beta, curvature)
        assert values.prod().real == pytest.approx(np.linalg.det(matrix), abs=1e-9)
        assert values.sum().real == pytest.approx(np.trace(matrix))


def test_the_matrix_is_one_step():
    lr, beta, curvature = 0.3, 0.8, 0.5
    x, v = descend(lr, beta, curvature, 5)
    for k in range(5):
        expected = momentum.iteration_matrix(lr, beta, curvature) @ (v[k], x[k])
        np.testing.assert_allclose(expected, (v[k + 1], x[k + 1]))


def test_distance_and_velocity_at_every_step_are_those_of_the_engine():
    steps = np.arange(151)
    for lr, beta, curvature in settings(60):
        x, v = momentum.after(steps, lr, beta, curvature)
        found = descend(lr, beta, curvature, 150)
        scale = np.maximum.accumulate(np.abs(found)[:, ::-1], axis=1)[:, ::-1]
        assert (np.abs(found - (x, v)) <= 1e-9 * scale + 1e-9 * momentum.rate(lr, beta, curvature) ** steps).all()


@pytest.mark.parametrize("kappa", KAPPAS[1:])
def test_the_rule_is_best_and_critical_in_both_directions(kappa):
    lr, beta, rate = momentum.best(1 / kappa, 1.0)
    assert {momentum.regime(lr, beta, c) for c in (1 / kappa, 1.0)} == {"critical"}
    assert momentum.worst_rate(lr, beta, 1 / kappa, 1.0) == pytest.approx(rate, abs=1e-7)
    assert rate == pytest.approx((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1))
    everywhere = momentum.worst_rate(*np.meshgrid(np.linspace(0, 4, 201), np.linspace(0, 0.999, 200)), 1 / kappa, 1.0)
    assert everywhere.min() >= rate - 1e-9
    plain_lr, plain = momentum.best_descent(1 / kappa, 1.0)
    assert plain == pytest.approx((kappa - 1) / (kappa + 1))
    rates = momentum.worst_rate(np.linspace(0, 4, 4001), 0.0, 1 / kappa, 1.0)
    assert rates.min() == pytest.approx(plain, abs=1e-3)
    assert momentum.worst_rate(plain_lr, 0.0, 1 / kappa, 1.0) == pytest.approx(plain)


def test_curvatures_in_between_are_no_slower_than_the_ends():
    for lr, beta, _ in settings(60):
        between = momentum.rate(lr, beta, np.linspace(0.04, 1, 50))
        assert between.max() <= momentum.worst_rate(lr, beta, 0.04, 1.0) + 1e-9


@pytest.mark.parametrize(
    ("lr", "beta", "name"),
    [
        (0.1, 0.2, "creeps"), (1.0, 0.5, "swings"), (1.9, 0.05, "flips"), (2.5, 0.2, "diverges"), (2.4, 0.2, "stands"),
        (0.0, 0.5, "stands"), (1.0, 0.0, "lands"), (0.25, 0.25, "critical"), (2.25, 0.25, "critical"),
    ],
)  # fmt: skip
def test_regimes(lr, beta, name):
    assert momentum.regime(lr, beta, 1.0) == name


def test_a_swing_takes_as_long_as_said():
    x, _ = descend(0.01, 0.98, 1.0, 400)
    crossings = np.flatnonzero(np.diff(np.sign(x)))
    assert np.diff(crossings).mean() * 2 == pytest.approx(float(momentum.period(0.01, 0.98, 1.0)), rel=0.01)
    assert momentum.period(1.9, 0.05, 1.0) == pytest.approx(2)
    assert np.isinf(momentum.period(0.1, 0.2, 1.0))


def test_beyond_the_largest_rate_it_diverges():
    for beta in (0.0, 0.5, 0.9):
        limit = float(momentum.largest_lr(beta, 2.0))
        assert momentum.regime(limit * 0.999, beta, 2.0) != "diverges"
        assert momentum.regime(limit * 1.001, beta, 2.0) == "diverges"


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match=r"beta must be .* below 1"):
        momentum.rate(0.1, 1.0, 1.0)
    with pytest.raises(ValueError, match="curvature must be"):
        momentum.rate(0.1, 0.5, -1.0)
