"""The L1 penalty done exactly: a gradient step on the data loss, then the soft threshold, which makes true zeros.

The slope of |w| jumps at 0, so steps along it hop from side to side of zero and hardly ever land on it. The proximal
step solves the penalty's part in closed form instead: what is smaller than the threshold becomes 0 and stays there.
"""

import numpy as np

from . import checks
from .optimizers import Optimizer


def soft_threshold(w, threshold):
    """w moved towards 0 by `threshold`, and exactly 0 where it is no larger than that (Donoho and Johnstone 1994).

    It is the minimiser v of (v − w)²/2 + threshold · |v|, for every number of an array.
    """
    return np.sign(w) * np.maximum(np.abs(w) - threshold, 0.0)


class ProximalSGD(Optimizer):
    """Gradient descent on the data loss with an L1 penalty by the proximal step (ISTA: Beck and Teboulle 2009).

    params ← soft_threshold(params − lr · grad, lr · l1). `grad` must not hold the L1 penalty: leave Training's own l1
    at 0. l1: its strength, 0 or more, or one for each member of a population; it may change at any time.
    counted: boolean mask (n_params,) of the parameters that are penalised, such as the weights; None for all of them.
    """

    def __init__(self, lr=1e-3, l1=0.0, counted=None):
        super().__init__(lr)
        self.l1 = l1
        self.counted = counted

    @property
    def l1(self):
        return self._l1

    @l1.setter
    def l1(self, value):
        self._l1 = checks.rate(value, "l1")

    def update(self, params, grad, lr):
        threshold = lr * checks.per_member(self._l1, "l1", params.shape[:-1])
        if self.counted is not None:
            threshold = threshold * checks.mask(self.counted, params.shape[-1])
        params[...] = soft_threshold(params - lr * grad, threshold)


def least_squares(X, y, l1=0.0, l2=0.0, tolerance=1e-10, most=20_000):
    """The weights and bias with the smallest mean squared error + l1 · Σ|w| + l2/2 · Σw² → (w, b).

    X: (n, d); y: (n,) or (n, 1). l1, l2: one number each, or arrays of one shape (...): then w is (..., d), b is (...).
    The bias is not penalised. Without l1 in closed form (ridge: Hoerl and Kennard 1970), otherwise by FISTA (Beck and
    Teboulle 2009), until no weight moves by more than `tolerance`, at most `most` steps.
    """
    X = checks.inputs(X, np.shape(X)[-1])
    y = checks.real_targets(y, (len(X), 1))[:, 0]
    l1, l2 = np.broadcast_arrays(checks.rate(l1, "l1"), checks.rate(l2, "l2"))
    centred = X - X.mean(axis=0)
    curvature, pull = 2 / len(X) * centred.T @ centred, 2 / len(X) * centred.T @ (y - y.mean())
    curvature = curvature + l2[..., None, None] * np.eye(X.shape[1])
    w = np.linalg.pinv(curvature) @ pull
    if np.any(l1):
        w = _fista(w, curvature, pull, l1[..., None], tolerance, most)
    return w, y.mean() - w @ X.mean(axis=0)


def _fista(w, curvature, pull, l1, tolerance, most):
    """The minimiser of w·curvature·w/2 − pull·w + l1 · Σ|w|, from a starting w: proximal steps with momentum."""
    lr = 1 / np.maximum(np.linalg.eigvalsh(curvature)[..., -1:], 1e-12)
    ahead, t = w, 1.0
    for _ in range(most):
        slope = (curvature @ ahead[..., None])[..., 0] - pull
        moved = soft_threshold(ahead - lr * slope, lr * l1)
        t, before = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
        step, w = moved - w, moved
        if np.abs(step).max() <= tolerance:
            break
        t = 1.0 if np.sum(step * (ahead - moved)) > 0 else t  # it overshot: begin anew (O'Donoghue and Candès 2015)
        ahead = w + (before - 1) / t * step * (t > 1)
    return w
