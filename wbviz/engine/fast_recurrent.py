"""The quick path of a Recurrent through the same sequences again and again: nothing is made anew at each step."""

import numpy as np

from . import checks
from .recurrent import Recurrent


class QuickRecurrent:
    """Loss and gradient of one tanh Recurrent that answers after the last step, for the squared error.

    net: its parameters may change between looks.  X (n, T, n_in), y (n, n_out): always the same.
    """

    def __init__(self, net, X, y):
        checks.a(Recurrent, net, "net")
        if net.activation.name != "tanh" or net.answers != "last" or net.population:
            raise ValueError(f"The quick path knows one tanh network that answers after the last step, got {net!r}.")
        X = np.moveaxis(checks.sequences(X, net.sizes[0]), -2, 0)
        self.net, (steps, n, n_in), n_hidden = net, X.shape, net.sizes[1]
        self.y = checks.real_targets(y, (n, net.sizes[2]))
        self.x = np.ascontiguousarray(X).reshape(steps * n, n_in)
        self.outside, self.delta, self.slopes = np.empty((3, steps, n, n_hidden))
        self.h = np.zeros((steps + 1, n, n_hidden))
        self.gradient = np.empty(net.n_params)
        self.parts, flat = net.views(self.gradient), (steps * n, n_hidden)
        self._outside, self._delta, self._before = (
            part.reshape(flat) for part in (self.outside, self.delta, self.h[:-1])
        )
        self._on = list(zip(self.h[:-1], self.outside, self.h[1:], strict=True))
        self._back = list(zip(self.delta[:0:-1], self.slopes[-2::-1], self.delta[-2::-1], strict=True))

    def look(self):
        """The loss and the gradient (n_params,), which is overwritten by the next look."""
        net, d = self.net, self.parts
        np.dot(self.x, net.W_x, self._outside)
        self._outside += net.b_h
        for before, outside, after in self._on:
            np.dot(before, net.W_h, after)
            np.add(after, outside, after)
            np.tanh(after, after)
        error = self.h[-1] @ net.W_y + net.b_y - self.y
        slope = error * (2 / error.size)
        np.multiply(self.h[1:], self.h[1:], self.slopes)
        np.subtract(1, self.slopes, self.slopes)
        np.multiply(slope @ net.W_y.T, self.slopes[-1], self.delta[-1])
        back = np.ascontiguousarray(net.W_h.T)
        for later, slopes, delta in self._back:
            np.dot(later, back, delta)
            np.multiply(delta, slopes, delta)
        np.dot(self.x.T, self._delta, d.W_x)
        np.dot(self._before.T, self._delta, d.W_h)
        self._delta.sum(axis=0, out=d.b_h)
        np.dot(self.h[-1].T, slope, d.W_y)
        slope.sum(axis=0, out=d.b_y)
        return float((error * error).mean()), self.gradient
