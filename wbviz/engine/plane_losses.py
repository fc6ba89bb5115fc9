"""Losses of many networks at once, in single precision: what the planes put their outputs into.

Outputs are (n_out, v, u, examples), targets (n_out, examples); a loss may use the room of the outputs for itself.
"""

import numpy as np


def of(loss):
    """The quick form of a Loss: (y_hat, y) → one number for each point, (v, u)."""
    return _QUICK.get(loss.name) or (lambda y_hat, y: loss.value(np.moveaxis(y_hat, 0, -1), y.T))


def rows(y):
    """Targets (outputs, examples), as the outputs of a tile are."""
    return y.T if y.dtype == bool else np.ascontiguousarray(y.T, np.float32)


def mean_squares(along_u, along_v, y):
    """The squared error of outputs along_u[u] + along_v[v]: ‖d + g‖² is ‖d‖² + ‖g‖² + 2 d · g, here in float64."""
    d, g = _side_by_side(along_u - y.T[:, None]), _side_by_side(along_v + np.zeros((len(y), 1, 1)).T)
    return np.maximum(np.vecdot(g, g)[:, None] + np.vecdot(d, d) + 2 * (g @ d.T), 0) / y.size


def _side_by_side(outputs):
    """(n_out, values, examples) → (values, n_out · examples)."""
    return outputs.swapaxes(0, 1).reshape(outputs.shape[1], -1)


def _mse(y_hat, y):
    off = np.subtract(y_hat, y[:, None, None], out=y_hat)
    return np.vecdot(off, off).sum(axis=0) / y.size


def _binary_cross_entropy(y_hat, y):
    """½ (|z| + (1 - 2y) z) + log(1 + exp(-|z|)), where the logarithms of 64 examples are that of one product."""
    e = np.abs(y_hat)
    y_hat *= 1 - 2 * y[:, None, None]
    total = np.add(y_hat, e, out=y_hat).sum(axis=(0, -1)) / 2
    np.exp(np.negative(e, out=e), out=e)
    e += np.float32(1)
    for _ in range(6):
        half = e.shape[-1] // 2
        e[..., :half] *= e[..., e.shape[-1] - half :]
        e = e[..., : e.shape[-1] - half]
    return (total + np.log(e).sum(axis=(0, -1))) / y.size


_QUICK = {"mse": _mse, "binary_cross_entropy": _binary_cross_entropy}
