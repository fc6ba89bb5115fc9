"""Momentum: the numbers on screen are the engine's, the closed form agrees, and gestures set α, β and the start."""

import numpy as np
import pytest

from tests.widgets.hands import drag, press
from wbviz.engine import SGD, momentum
from wbviz.widgets import _ravine as ravine
from wbviz.widgets.momentum import Momentum

EXPLORER = Momentum


def test_the_run_is_the_engines_sgd(make):
    explorer = make(kappa=40.0, lr=1.3, beta=0.7, start=[1.0, -0.5])
    x, optimizer = np.array([1.0, -0.5]), SGD(1.3, momentum=0.7)
    for k in range(1, 31):
        optimizer.step(x, x * (1 / 40, 1.0))
        np.testing.assert_array_equal(explorer.run.x[k], x)
        np.testing.assert_array_equal(explorer.run.v[k], optimizer.state["velocity"])
    assert explorer.run.loss[30] == pytest.approx((x[0] ** 2 / 40 + x[1] ** 2) / 2)


@pytest.mark.parametrize("kappa", [1.0, 25.0, 1000.0])
def test_the_two_maps_agree(kappa):
    found = ravine.rate_map(kappa)
    assert found.apart < 1e-6
    assert found.closed.shape == (33 * ravine.FINE, 40 * ravine.FINE)
    fine = found.closed.reshape(33, ravine.FINE, 40, ravine.FINE)[:, ravine.FINE // 2, :, ravine.FINE // 2]
    np.testing.assert_allclose(fine, found.measured, atol=1e-6)


def test_closed_form_and_measurement_agree_wherever_the_knobs_stand(make):
    explorer = make()
    for settings in ({}, {"lr": 2.5, "beta": 0.3}, {"lr": 0.3, "beta": 0.0}, {"lr": 3.9, "beta": 0.1}, {"kappa": 1.0}):
        explorer.apply(settings)
        np.testing.assert_allclose(explorer.measured, explorer.rates, atol=1e-6)
        assert explorer.digits() >= 9
    explorer.take_rule()
    np.testing.assert_allclose(explorer.measured, explorer.rates, atol=1e-6)


def test_the_buttons_take_the_rule_and_the_best_without_momentum(make):
    explorer = make(kappa=100.0)
    explorer.take_rule()
    assert explorer.rate() == pytest.approx(9 / 11, abs=1e-7)
    assert explorer.regimes() == ("critical", "critical")
    assert "no other α and β" in explorer.describe()
    explorer.take_descent()
    assert (explorer.beta, explorer.rate()) == (0.0, pytest.approx(99 / 101))
    assert explorer.undo()
    assert explorer.beta == pytest.approx((9 / 11) ** 2)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"lr": 3.0, "beta": 0.2}, "diverges: αλ = 3.00 is above 2(1 + β) = 2.40"),
        ({"lr": 1.0, "beta": 0.9}, "Both swing, with the rate √β = 0.9487 for any α here. Less β"),
        ({"lr": 1.0, "beta": 0.2}, "The flat direction creeps and sets the pace. More α or more β"),
        ({"lr": 2.35, "beta": 0.2}, "The steep direction flips at each step and sets the pace. Less α, or more β"),
        ({"lr": 0.0}, "With α = 0 there is no step"),
        ({"lr": 1.0, "beta": 0.0, "kappa": 1.0}, "lands on the minimum in a single step"),
        ({"lr": 2.4, "beta": 0.2}, "The steep direction never comes to rest"),
        ({"lr": 0.5, "beta": 0.3, "kappa": 1.0}, "Both swing"),
    ],
)  # fmt: skip
def test_it_says_who_sets_the_pace(make, settings, said):
    assert said in make(**settings).describe()


def test_every_state_has_words(make):
    explorer = make()
    for kappa in (1.0, 25.0, 1000.0):
        for lr in (0.0, 0.5, 1.0, 2.0, 4.0):
            critical = [float(momentum.critical_beta(lr, c)) for c in (1.0, 1 / kappa)]
            for beta in (0.0, 0.5, 0.99, *(b for b in critical if b <= 0.99)):
                explorer.apply({"kappa": kappa, "lr": lr, "beta": beta})
                words = explorer.describe().lower()
                assert "nan" not in words
                assert "inf" not in words.split()


def test_following_the_advice_is_quicker(make):
    for settings, better in (
        ({"lr": 1.0, "beta": 0.2}, {"beta": 0.3}), ({"lr": 1.0, "beta": 0.9}, {"beta": 0.8}),
        ({"lr": 2.35, "beta": 0.2}, {"lr": 2.25}), ({"lr": 2.35, "beta": 0.2}, {"beta": 0.3}),
    ):  # fmt: skip
        assert make(**settings | better).rate() < make(**settings).rate()


def test_pressing_in_either_map_sets_alpha_and_beta(make):
    explorer = make()
    explorer.png()
    for axes, at in zip(explorer.scene.maps, ((2.0, 0.4), (0.5, 0.7)), strict=True):
        drag(explorer, axes, (1.0, 0.5), at)
        assert (explorer.lr, explorer.beta) == pytest.approx(at, abs=0.011)
    drag(explorer, explorer.scene.maps[0], (1.0, 0.5), (9.0, 2.0))
    assert (explorer.lr, explorer.beta) == (4.0, 0.99)


def test_dragging_moves_the_start_and_scrubs(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.axes, (0, 0), (1.5, -0.5))
    assert explorer.start == pytest.approx([1.5, -0.5], abs=0.011)
    drag(explorer, explorer.scene.losses, (10, 1e-3), (90, 1e-3))
    assert explorer.step == 90


def test_keys_do_the_same(make):
    explorer = make(lr=1.0, beta=0.5, step=10)
    press(explorer, "ArrowRight", shift=True)
    press(explorer, "ArrowDown")
    assert (explorer.lr, explorer.beta) == (1.1, 0.49)
    press(explorer, "+")
    press(explorer, "PageUp")
    assert explorer.step == 21
    press(explorer, "End")
    assert explorer.step == ravine.STEPS
    press(explorer, "*")
    assert explorer.rate() == pytest.approx(explorer.best_rate(), abs=1e-7)
