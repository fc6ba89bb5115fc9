"""Activations in single precision and in place: what the quick ways of planes and maps have in common."""

import numpy as np

#: name: (scale, offset, slope) of an activation that is offset + slope / (1 + exp(scale · z)). The scale goes into
#: what makes z, offset and slope into what is made of a; what is left takes half the time of NumPy's tanh.
LOGISTIC = {"tanh": (2, 1, -2), "sigmoid": (-1, 0, 1)}
_ONE = np.float32(1)


def shape_of(activation):
    """(scale, offset, slope) with f(z) = offset + slope · core(scale · z)."""
    return LOGISTIC.get(activation.name, (1, 0, 1))


def core(activation, z):
    """The core of an activation, in place: z (float32), already times its scale → z."""
    if activation.name in LOGISTIC:
        return one_over_one_more(np.exp(z, out=z))
    if activation.name == "relu":
        return np.maximum(z, np.zeros(z.shape[-1], z.dtype), out=z)  # a third of the time it takes beside a number
    if activation.name != "identity":
        z[...] = activation.f(z)
    return z


def one_over_one_more(e):
    """1 / (1 + e), in place."""
    return np.reciprocal(np.add(e, _ONE, out=e), out=e)


def finish(activation, a):
    """What the core of an activation is still missing, in place → f(z)."""
    _, offset, slope = shape_of(activation)
    if (offset, slope) == (0, 1):
        return a
    return np.add(np.multiply(a, np.float32(slope), out=a), np.float32(offset), out=a)


def quick(activation, z):
    """f(z) of float32, to within 2e-7 for values up to 1, and quicker than NumPy's tanh. z is overwritten."""
    scale, _, _ = shape_of(activation)
    return finish(activation, core(activation, np.multiply(z, np.float32(scale), out=z) if scale != 1 else z))
