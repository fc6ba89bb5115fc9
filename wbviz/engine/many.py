"""The losses of many networks of one architecture, quickly: the float32 way of `losses_at`.

It computes what `Network.forward` does, examples last: z = W.T @ a + b, with the bias as one more column of W.T and a
row of ones below a. What makes it quick: chunks that stay in the cache, memory that is used again, neurons in which
the networks of a chunk do not differ computed once, tanh and sigmoid by way of exp, and a thread for each core.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

CHUNK = 2**19  # numbers in the widest layer of the networks that are computed at once
WORTH_A_THREAD = 2**22  # of such numbers in all: less is done before a second thread has begun

#: name: (scale, offset, slope) of an activation that is offset + slope / (1 + exp(scale · z)): scale goes into the
#: weights of the layer, offset and slope into those of the next, and NumPy's exp takes half the time of its tanh.
LOGISTIC = {"tanh": (2, 1, -2), "sigmoid": (-1, 0, 1)}


def losses_of_many(net, start, X, points, y, loss):
    """The data loss at each of `points` → (n_points,); NaN or infinity where float32 cannot hold it.

    net, start, X: the layers to compute, where their parameters begin in a point, and what comes into them.
    points: an array (n_points, n_params), or what gives one for a slice. If it has a `row`, the points come in rows of
    that many, and the parameters in which those of a row differ should lie late in the network.
    """
    row, widest = getattr(points, "row", len(points)), len(X) * max(net.sizes[1:])
    size = max(1, min(row, CHUNK // widest))
    parts = [
        slice(first, min(first + size, begin + row))
        for begin in range(0, len(points), row)
        for first in range(begin, begin + row, size)
    ]
    X, y, losses = X.astype(np.float32), y if y.dtype == bool else y.astype(np.float32), np.empty(len(points))

    def compute(some):
        outputs = Outputs(net, X, size)
        with np.errstate(all="ignore"):
            for part in some:
                losses[part] = loss.value(outputs(points[part][:, start:].astype(np.float32)), y)

    workers = min(os.cpu_count() or 1, 4, 1 + len(points) * widest // WORTH_A_THREAD)
    if workers == 1:
        compute(parts)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(compute, [parts[k::workers] for k in range(workers)]))
    return losses


class Outputs:
    """The outputs of up to `most` networks on X (float32), in memory that is used again by the next call."""

    def __init__(self, net, X, most):
        self.net = net
        self.inputs = np.ones((X.shape[1] + 1, len(X)), np.float32)
        self.inputs[:-1] = X.T
        self.rooms = [np.ones((most, n_out + 1, len(X)), np.float32) for n_out in net.sizes[1:]]

    def __call__(self, points):
        """y_hat (n_points, n, n_out), valid until the next call. points: (n_points, n_params), float32."""
        differs = self.net.views((points != points[0]).any(axis=0))
        a, offset, slope = self.inputs, 0, 1
        parts = zip(*self.net.views(points), *differs, self.net.activations, self.rooms, strict=True)
        for W, b, W_differs, b_differs, activation, room in parts:
            scale, *after = LOGISTIC.get(activation.name, (1, 0, 1))
            b = b + offset * W.sum(axis=-2)
            layer = scale * np.concatenate([slope * W.mT, b[..., None]], axis=-1)
            a = self._layer(layer, a, W_differs.any(axis=0) | b_differs, _core(activation), room)
            offset, slope = after
        y_hat = a[..., :-1, :].mT
        y_hat = offset + slope * y_hat if (offset, slope) != (0, 1) else y_hat
        return np.broadcast_to(y_hat, (len(points), *y_hat.shape[-2:]))

    def _layer(self, layer, a, differs, core, room):
        """f(layer @ a) with a row of ones; only those neurons often in which the networks differ so far."""
        if a.ndim == 3 or differs.all():
            room = room[: len(layer)]
            core(np.matmul(layer, a, out=room[:, :-1]))
        elif differs.any():
            room = room[: len(layer)]
            room[:, :-1][:, ~differs] = core(layer[0, ~differs] @ a)
            room[:, :-1][:, differs] = core(layer[:, differs] @ a)
        else:
            room = room[0]
            core(np.matmul(layer[0], a, out=room[:-1]))
        return room


def _core(activation):
    """The function that is left of an activation when scale, offset and slope are taken out. It works in place."""

    def core(z):
        if activation.name in LOGISTIC:
            np.exp(z, out=z)
            np.add(z, np.float32(1), out=z)
            np.reciprocal(z, out=z)
        else:
            z[...] = activation.f(z)
        return z

    return core
