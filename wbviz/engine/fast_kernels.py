"""Activations and losses as prepared calls on feature-major blocks `(..., neurons, examples)`.

A kernel is a list of calls without arguments that write into arrays given beforehand; a call costs 0.3 µs, which is
what a small network's step consists of. The readable definitions are those of activations.py and losses.py.
"""

from functools import partial

import numpy as np

from .activations import ACTIVATIONS, LEAK

#: From so many numbers on, tanh by exp is faster.
MANY = 500
ZERO, ONE, HUGE = np.array(0.0), np.array(1.0), np.array(1e300)


def product(a, b, out):
    """The call that writes the matrix product a @ b into `out`."""
    return partial(a.dot, b, out) if out.ndim == 2 else partial(np.matmul, a, b, out)


def inner(a, b):
    """The call that gives Σ a·b over the last axis: a number, or one for each network."""
    return partial(a.dot, b) if a.ndim == 1 else partial(np.vecdot, a, b)


# -- activations: forward(z, a) writes f(z) into a and may use z up; slope(z, a) then writes f'(z) over z -------------
# NumPy's fmax and fmin take 0.5 µs where maximum takes 2; they drop NaN, so each NaN must show itself elsewhere too.


def identity(z, a):
    return [partial(np.copyto, a, z)]


def identity_slope(z, a):
    return [partial(np.copyto, z, 1.0)]


def tanh(z, a):
    """For many numbers 1 - 2 / (1 + exp(2z)), five calls, but half the time for each number."""
    if z.size < MANY:
        return [partial(np.tanh, z, a)]
    return [
        partial(np.add, z, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, ONE, a),
        partial(np.divide, np.array(-2.0), a, a),
        partial(np.add, a, ONE, a),
    ]


def tanh_slope(z, a):
    return [partial(np.multiply, a, a, z), partial(np.subtract, ONE, z, z)]


def relu(z, a):
    return [partial(np.fmax, z, ZERO, a)]


def relu_slope(z, a):
    return [partial(np.sign, a, z)]


def leaky_relu(z, a):
    return [partial(np.multiply, z, np.array(LEAK), a), partial(np.fmax, z, a, a)]


def leaky_relu_slope(z, a):
    less = np.array(1 - LEAK)
    return [partial(np.greater, z, ZERO, z), partial(np.multiply, z, less, z), partial(np.add, z, np.array(LEAK), z)]


def sigmoid(z, a):
    """1 / (1 + s) with s = exp(-z), which stays behind in z."""
    return [
        partial(np.negative, z, z),
        partial(np.exp, z, z),
        partial(np.minimum, z, HUGE, out=z),
        partial(np.add, z, ONE, a),
        partial(np.divide, ONE, a, a),
    ]


def sigmoid_slope(s, a):
    return [partial(np.multiply, s, a, s), partial(np.multiply, s, a, s)]


def _put(f, z, out):
    out[...] = f(z)


def _as_written(activation):
    """The readable functions of an activation, which make arrays of their own."""
    return (
        lambda z, a: [partial(_put, activation.f, z, a)],
        lambda z, a: [partial(_put, activation.derivative, z, z)],
    )


KERNELS = {name: _as_written(activation) for name, activation in ACTIVATIONS.items()} | {
    "identity": (identity, identity_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "leaky_relu": (leaky_relu, leaky_relu_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
}


# -- losses: (y_hat, y, delta) → calls that write dL/dy_hat into delta, the call that gives the loss, its factor ------


def flat(block):
    """The same numbers with the last two axes as one."""
    return block.reshape(*block.shape[:-2], -1)


def total(block):
    """The call that adds up all numbers of a block."""
    return inner(flat(block), np.ones(block.shape[-2] * block.shape[-1]))


def mse(y_hat, y, delta):
    count = y_hat.shape[-2] * y_hat.shape[-1]
    calls = [partial(np.subtract, y_hat, y, delta), partial(np.multiply, delta, np.array(2 / count), delta)]
    return calls, inner(flat(delta), flat(delta)), count / 4


def cross_entropy(y_hat, y, delta):
    """softmax(y_hat) - y, and log Σ exp(below_top) - below_top at the label, with the log as a last row of `terms`."""
    n_out, n = y_hat.shape[-2:]
    top, row, below, terms = (np.empty((*y_hat.shape[:-2], k, n)) for k in (1, 1, n_out, n_out + 1))
    calls = [
        partial(np.maximum.reduce, y_hat, -2, None, top, True),
        partial(np.subtract, y_hat, top, below),
        partial(np.multiply, below, y, terms[..., :-1, :]),
        partial(np.exp, below, delta),
        product(np.ones((1, n_out)), delta, row),
        partial(np.log, row, terms[..., -1:, :]),
        partial(np.divide, delta, row, delta),
        partial(np.subtract, delta, y, delta),
        partial(np.multiply, delta, np.array(1 / n), delta),
    ]
    return calls, inner(flat(terms), np.repeat([-1.0] * n_out + [1.0], n)), 1 / n


def binary_cross_entropy(y_hat, y, delta):
    """sigmoid(y_hat) - y, and max(z, 0) - zy + log(1 + e) with e = exp(-|z|)."""
    count = y_hat.shape[-2] * y_hat.shape[-1]
    e, terms, other = (np.empty_like(y_hat) for _ in range(3))
    calls = [
        partial(np.absolute, y_hat, e),
        partial(np.negative, e, e),
        partial(np.exp, e, e),
        partial(np.fmax, y_hat, ZERO, terms),
        partial(np.multiply, y_hat, y, other),
        partial(np.subtract, terms, other, terms),
        partial(np.log1p, e, other),
        partial(np.add, terms, other, terms),
        partial(np.fmin, y_hat, ZERO, delta),
        partial(np.exp, delta, delta),
        partial(np.add, e, ONE, e),
        partial(np.divide, delta, e, delta),
        partial(np.subtract, delta, y, delta),
        partial(np.multiply, delta, np.array(1 / count), delta),
    ]
    return calls, total(terms), 1 / count


LOSS_KERNELS = {f.__name__: f for f in (mse, cross_entropy, binary_cross_entropy)}
