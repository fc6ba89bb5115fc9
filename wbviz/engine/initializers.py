"""Initialisers: the weights a layer starts from, before it has learned anything. Biases start at zero.

Each is called as initializer(n_in, n_out, rng) and returns W of shape (n_in, n_out).
"""

import numpy as np


def zeros(n_in, n_out, rng):
    """All zero: hidden neurons stay copies of each other for ever."""
    return np.zeros((n_in, n_out))


def small_normal(n_in, n_out, rng):
    """Normal with standard deviation 0.01."""
    return rng.normal(0, 0.01, (n_in, n_out))


def xavier(n_in, n_out, rng):
    """Normal with variance 2 / (n_in + n_out); Glorot and Bengio (2010)."""
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))


def xavier_uniform(n_in, n_out, rng):
    """Uniform within ±√(6 / (n_in + n_out)); Glorot and Bengio (2010)."""
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


def he(n_in, n_out, rng):
    """Normal with variance 2 / n_in; He et al. (2015)."""
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def he_uniform(n_in, n_out, rng):
    """Uniform within ±√(6 / n_in); He et al. (2015)."""
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, (n_in, n_out))


def orthogonal(n_in, n_out, rng):
    """Orthonormal rows or columns, whichever are fewer; Saxe et al. (2014)."""
    q, r = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    q = q * np.sign(np.diag(r))  # without this, the signs would not be uniformly distributed (Mezzadri 2007)
    return q if n_in >= n_out else q.T


INITIALIZERS = {f.__name__: f for f in (zeros, small_normal, xavier, xavier_uniform, he, he_uniform, orthogonal)}
