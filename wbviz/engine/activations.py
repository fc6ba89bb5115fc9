"""Activation functions: what a neuron makes of its weighted sum z, and how fast that changes with z."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """A function a = f(z) applied to every number of an array, with its derivative da/dz, both taking z.

    name: its key in ACTIVATIONS.  formula: as written in the book.  Shapes are kept, float32 stays float32.
    """

    name: str
    f: Callable
    derivative: Callable
    formula: str

    def __call__(self, z):
        return self.f(z)


def identity(z):
    """z itself: a neuron without activation."""
    return z


def identity_derivative(z):
    return np.ones_like(z)


def sigmoid(z):
    """1 / (1 + exp(-z)), between 0 and 1, without overflow for any z."""
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)


def sigmoid_derivative(z):
    return sigmoid(z) * sigmoid(np.negative(z))


def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return np.maximum(z, 0)


def relu_derivative(z):
    return np.where(z > 0, np.ones_like(z), 0)


LEAK = 0.01


def leaky_relu(z):
    return np.where(z > 0, z, LEAK * z)


def leaky_relu_derivative(z):
    return np.where(z > 0, np.ones_like(z), LEAK)


def elu(z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def elu_derivative(z):
    return np.exp(np.minimum(z, 0))


def erf(x):
    """The error function 2/√π ∫₀ˣ exp(-t²) dt, to 3e-16; NumPy has none of its own.

    Exact values at 1,537 points, and from the nearest one five terms of the Taylor series (Abramowitz and Stegun
    1964, 7.1.19). Beyond ±6 it differs from ±1 by less than a float64 can show.
    """
    x = np.asarray(x)
    inside = np.clip(x.astype(float), -6, 6)
    nearest = np.rint(128 * np.nan_to_num(inside)).astype(np.intp) + 6 * 128
    c = _ERF_AT[nearest]
    d = inside - c
    series = 1 - d * (c - d * ((2 * c**2 - 1) / 3 - d * ((2 * c**3 - 3 * c) / 6 - d * (4 * c**4 - 12 * c**2 + 3) / 30)))
    return (_ERF[nearest] + _ERF_SLOPE[nearest] * d * series).astype(np.result_type(x, np.float32))


_ERF_AT = np.arange(-6 * 128, 6 * 128 + 1) / 128
_ERF = np.array([math.erf(x) for x in _ERF_AT])
_ERF_SLOPE = 2 / math.sqrt(math.pi) * np.exp(-(_ERF_AT**2))


def normal_cdf(z):
    """Φ(z): the share of a standard normal distribution that lies below z."""
    return 0.5 * (1 + erf(np.divide(z, math.sqrt(2))))


def gelu(z):
    return z * normal_cdf(z)


def gelu_derivative(z):
    return normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def softplus(z):
    return np.logaddexp(z, np.zeros_like(z))


def silu(z):
    return z * sigmoid(z)


def silu_derivative(z):
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


def step(z):
    return np.where(z >= 0, np.ones_like(z), 0)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, identity_derivative, "z"),
        Activation("sigmoid", sigmoid, sigmoid_derivative, "1 / (1 + exp(-z))"),
        Activation("tanh", np.tanh, tanh_derivative, "tanh(z)"),
        Activation("relu", relu, relu_derivative, "max(0, z)"),  # derivative at 0 taken as 0, as PyTorch does
        Activation("leaky_relu", leaky_relu, leaky_relu_derivative, "z if z > 0 else 0.01 z"),  # Maas et al. (2013)
        Activation("elu", elu, elu_derivative, "z if z > 0 else exp(z) - 1"),  # Clevert et al. (2016)
        Activation("gelu", gelu, gelu_derivative, "z Φ(z)"),  # Hendrycks and Gimpel (2016), with the exact erf
        Activation("softplus", softplus, sigmoid, "log(1 + exp(z))"),
        Activation("silu", silu, silu_derivative, "z / (1 + exp(-z))"),  # Elfwing et al. (2018)
        # McCulloch and Pitts (1943): it fires when the threshold is reached. Its derivative is 0 wherever it has one,
        # and is taken as 0 at z = 0 too, so a gradient never passes through it.
        Activation("step", step, np.zeros_like, "1 if z ≥ 0 else 0"),
    )
}
