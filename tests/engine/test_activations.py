import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, sigmoid
from wbviz.engine.activations import erf

POINTS = np.concatenate([np.linspace(-8, 8, 161) + 0.013, [-30.0, 30.0]])  # away from the kinks at 0
TORCH = {
    "identity": "Identity()",
    "sigmoid": "Sigmoid()",
    "tanh": "Tanh()",
    "relu": "ReLU()",
    "leaky_relu": "LeakyReLU()",
    "elu": "ELU()",
    "gelu": "GELU()",
    "softplus": "Softplus(threshold=40)",
    "silu": "SiLU()",
}


def test_the_ten_activations_are_there():
    assert set(ACTIVATIONS) == {*TORCH, "step"}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_the_slope(name):
    f, h = ACTIVATIONS[name].f, 1e-5
    slope = (f(POINTS + h) - f(POINTS - h)) / (2 * h)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(POINTS), slope, atol=1e-9)


@pytest.mark.parametrize("name", TORCH)
def test_equal_to_pytorch_kinks_included(name, torch):
    z = np.concatenate([POINTS, [0.0]])
    t = torch.tensor(z, requires_grad=True)
    out = eval("torch.nn." + TORCH[name], {"torch": torch})(t)
    out.sum().backward()
    np.testing.assert_allclose(ACTIVATIONS[name].f(z), out.detach().numpy(), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(z), t.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_step_fires_at_its_threshold_and_has_no_slope():
    z = np.array([-1.0, -1e-300, 0.0, 2.0])
    assert ACTIVATIONS["step"].f(z).tolist() == [0, 0, 1, 1]
    assert ACTIVATIONS["step"].derivative(z).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_sums_stay_finite_and_keep_their_type(name, dtype):
    z = np.array([-1e30, -800, -40, 0, 40, 800, 1e30], dtype)
    with np.errstate(over="ignore"):
        for values in (ACTIVATIONS[name].f(z), ACTIVATIONS[name].derivative(z)):
            assert np.isfinite(values).all()
            assert values.dtype == dtype
            assert values.shape == z.shape


def test_erf_is_that_of_the_c_library():
    x = np.concatenate([np.linspace(-7, 7, 30011), [0.0, 1e-300, -1e-8, np.inf, -np.inf]])
    np.testing.assert_allclose(erf(x), [math.erf(v) for v in x], rtol=2e-15, atol=3e-16)
    assert np.isnan(erf(np.nan))


@given(st.floats(-700, 700))
def test_identities_between_activations(z):
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=1e-15)
    assert np.tanh(z) == pytest.approx(2 * sigmoid(2 * z) - 1, abs=1e-14)
    assert 0 <= ACTIVATIONS["sigmoid"].derivative(z) <= 0.25
    assert ACTIVATIONS["softplus"].f(z) - ACTIVATIONS["softplus"].f(-z) == pytest.approx(z, abs=1e-12)
