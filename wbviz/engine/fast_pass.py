"""One batch forward and back, as calls that were prepared once and write into buffers that are there already.

Everything lies feature by feature, `(..., neurons, examples)`, with a row of ones under each layer's activations. So
the bias is one more row of W, as it is in `params`, and a layer is one product each way:

    z = Wbᵀ · a₁        dL/dWb = a₁ · deltaᵀ        dL/da = W · delta

A leading axis of networks is carried along. The readable version of all this is network.py.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from .fast_kernels import KERNELS, LOSS_KERNELS, product


def layers(sizes, vector):
    """Windows onto a vector laid out as params: W with b as its last row, (..., n_in + 1, n_out), of each layer."""
    windows, start = [], 0
    for n_in, n_out in pairwise(sizes):
        end = start + (n_in + 1) * n_out
        windows.append(vector[..., start:end].reshape(*vector.shape[:-1], n_in + 1, n_out))
        start = end
    return windows


class Pass:
    """Forward, loss and backward of one batch.

    net: sizes and activations.  vector, gradient: the parameters and where their gradient goes, laid out as params.
    X: the batch's inputs with a row of ones below, (..., n_in + 1, n).  y: its targets, (..., n_out, n).
    forward, backward: the calls, in order; the loss and its slope in y_hat belong to the forward ones.
    loss(): the data loss of the last forward, a number or one for each network, still to be multiplied by `factor`.
    """

    def __init__(self, net, loss, vector, gradient, X, y):
        self.X, self.y, lead, n = X, y, vector.shape[:-1], X.shape[-1]
        self._hidden_blocks(net.sizes[1:-1], lead, n)
        z, y_hat, delta = (np.empty((*lead, net.sizes[-1], n)) for _ in range(3))
        self.z, self.delta = [*self.z, z], [*(np.empty_like(a) for a in self.a), delta]
        linear = net.activations[-1].name == "identity"
        forward, slopes = KERNELS[net.activations[-1].name]
        calls, self.loss, self.factor = LOSS_KERNELS[loss.name](z if linear else y_hat, y, delta)
        Wb = layers(net.sizes, vector)
        self.forward = self._forward(Wb, net.activations[0].name) + ([] if linear else forward(z, y_hat)) + calls
        if not linear:
            self.delta[-1] = np.empty_like(delta)
        rescale = [] if linear else [*slopes(z, y_hat), partial(np.multiply, delta, z, self.delta[-1])]
        self.backward = rescale + self._backward(Wb, layers(net.sizes, gradient), net.activations[0].name)

    def measure(self):
        """Go forward → loss()."""
        for call in self.forward:
            call()
        return self.loss()

    def _hidden_blocks(self, hidden, lead, n):
        """z and a of all hidden layers in one block each, and the windows onto their layers; f'(z) will replace z."""
        shape = (sum(hidden) + len(hidden), *lead, n)  # a layer's numbers lie together, those of all networks
        self.blocks = [np.moveaxis(block, 0, -2) for block in (np.zeros(shape), np.ones(shape))]
        ends = np.cumsum([size + 1 for size in hidden])
        rows = [slice(end - size - 1, end - 1) for end, size in zip(ends, hidden, strict=True)]
        self.z, self.a = ([block[..., each, :] for each in rows] for block in self.blocks)
        self.with_one = [self.X, *(self.blocks[1][..., each.start : each.stop + 1, :] for each in rows)]

    def _forward(self, Wb, hidden):
        calls = []
        for layer, window in enumerate(Wb):
            calls.append(product(window.mT, self.with_one[layer], self.z[layer]))
            if layer < len(self.a):
                calls += KERNELS[hidden][0](self.z[layer], self.a[layer])
        return calls

    def _backward(self, Wb, dWb, hidden):
        calls = KERNELS[hidden][1](*self.blocks) if self.a else []
        for layer in reversed(range(len(Wb))):
            calls.append(product(self.with_one[layer], self.delta[layer].mT, dWb[layer]))
            if layer:
                back = self.delta[layer - 1]
                calls.append(product(Wb[layer][..., :-1, :], self.delta[layer], back))
                calls.append(partial(np.multiply, back, self.z[layer - 1], back))
        return calls


class Examples:
    """A set of examples, ready to be gone through as a whole or batch by batch.

    lead: (networks,) or (). X and y are as Training has them; where they have leading axes, each network has its own.
    """

    def __init__(self, training, lead, vector, gradient, X, y):
        population = training.net.population

        def one_axis(part):
            each = part.shape[-2:]
            return part if part.ndim == 2 else np.broadcast_to(part, (*population, *each)).reshape(*lead, *each)

        X, y = one_axis(X), one_axis(y)
        self.inputs = np.concatenate([X, np.ones((*X.shape[:-1], 1))], axis=-1)
        self.targets = np.array(y.mT, dtype=float, order="C")
        self.n, self._batches = X.shape[-2], {}
        self._make = lambda X, y: Pass(training.net, training.loss, vector, gradient, X, y)
        self.whole = self._make(np.ascontiguousarray(self.inputs.mT), self.targets)

    def batch(self, rows):
        """The Pass of the examples `rows`, with these in place."""
        size = len(rows)
        if size not in self._batches:
            inputs = np.empty((*self.inputs.shape[:-2], size, self.inputs.shape[-1]))
            targets = np.empty((*self.targets.shape[:-1], size))
            self._batches[size] = self._make(inputs.mT, targets), inputs, targets
        batch, inputs, targets = self._batches[size]
        self.inputs.take(rows, -2, inputs, "clip")
        self.targets.take(rows, -1, targets, "clip")
        return batch
