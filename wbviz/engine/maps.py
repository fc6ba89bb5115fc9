"""What a network makes of all places of a map, quickly: float32, enough for a picture, never for a number in words.

A map has rows and columns, and most inputs change along one of them only: x₁ is the same in every row. A sum of the
first layer is therefore a part of its row plus a part of its column, and where the activation is tanh or sigmoid, exp
of it is the product of two, taken once for each row and each column. Either is a matrix product of two columns.
"""

import math
import threading

import numpy as np

from .planes import STEEPEST
from .single import LOGISTIC, core, finish, shape_of


class Grid:
    """The places of a map and what a network sees there. `grid(net)` → Maps; one grid does for any number of them.

    inputs: one array for each input, which broadcasts to (rows, columns): shape (columns,) or (1, columns) for one
    that is the same in every row, (rows, 1) for one that is the same in every column.
    shape: (rows, columns), where the inputs alone do not say it: none may change along a column.
    """

    def __init__(self, inputs, shape=(1, 1)):
        self.inputs = [np.atleast_2d(np.asarray(values, np.float32)) for values in inputs]
        self.shape = np.broadcast_shapes(shape, *(values.shape for values in self.inputs))
        rows, columns = self.shape
        self._edges = np.zeros((len(self.inputs) + 1, columns + rows), np.float32)  # along a row; then up a column
        self._edges[-1, :columns] = 1  # the bias is one more weight
        self._both = []
        for i, values in enumerate(self.inputs):
            if len(values) == 1:
                self._edges[i, :columns] = values
            elif values.shape[1] == 1:
                self._edges[i, columns:] = values[:, 0]
            else:
                self._both.append((i, values))

    def __call__(self, net):
        """What a network computes at all places → Maps."""
        if net.population or net.sizes[0] != len(self.inputs):
            raise ValueError(f"This map needs one network of {len(self.inputs)} inputs, got {net!r}.")
        cores, a, offset, slope = [], None, 0, 1
        with np.errstate(all="ignore"):
            for W, b, activation in zip(net.weights, net.biases, net.activations, strict=True):
                weights, room = np.empty((len(b), len(W) + 1), np.float32), _room(len(cores), len(b), self.shape)
                scale = shape_of(activation)[0]
                np.multiply(W.T, scale * slope, out=weights[:, :-1])
                weights[:, -1] = scale * (b + offset * W.sum(axis=0) if offset else b)
                if cores:
                    core(activation, np.matmul(weights, a, out=room[:-1]))
                else:
                    self._first(weights, activation, room[:-1])
                a, (_, offset, slope) = room, shape_of(activation)
                cores.append(room[:-1])
        return Maps(self.shape, net.activations, cores)

    def values(self, every=1):
        """The inputs themselves, (inputs, rows, columns); `every` as in `Maps.of`."""
        return np.stack([np.broadcast_to(values, self.shape)[_middles(every)] for values in self.inputs])

    def _first(self, weights, activation, z):
        """The core of the activation of the first layer, from what its sums get along a row and up a column."""
        parts, grid, columns = weights @ self._edges, z.reshape(-1, *self.shape), self.shape[1]
        if activation.name in LOGISTIC and not self._both and np.abs(parts).max() < STEEPEST:
            np.exp(parts, out=parts)
            _product(parts[:, columns:], parts[:, :columns], 1, 1, grid)
            np.reciprocal(z, out=z)
        else:
            _product(parts[:, columns:], 1, 1, parts[:, :columns], grid)
            for i, values in self._both:
                grid += weights[:, i, None, None] * values
            core(activation, z)


class Maps:
    """The values of one network over a grid, until the next is computed in this thread: its memory is used again."""

    def __init__(self, shape, activations, cores):
        self.shape, self.activations, self.cores = shape, activations, cores

    def of(self, layer, every=1):
        """A copy of the values a of a layer (1: the first that computes), (units, rows, columns), as `Forward.a`.

        every: 3 for only those in the middle of each 3 × 3 places.
        """
        cores = self.cores[layer - 1].reshape(-1, *self.shape)
        return finish(self.activations[layer - 1], cores[:, *_middles(every)].copy())

    @property
    def y_hat(self):
        """The outputs, (n_out, rows, columns)."""
        return self.of(len(self.activations))


def _middles(every):
    return (slice(every // 2, None, every),) * 2


def _product(row, column, other_row, other_column, out):
    """row ⊗ column + other_row ⊗ other_column for each unit, each (units, length) or a number."""
    units, rows, columns = out.shape
    left, right = np.empty((units, rows, 2), np.float32), np.empty((units, 2, columns), np.float32)
    left[..., 0], left[..., 1], right[:, 0], right[:, 1] = row, other_row, column, other_column
    return np.matmul(left, right, out=out)


_ROOMS = threading.local()


def _room(number, units, shape):
    """Memory for (units, places) above a row of ones, used again: fresh pages would cost more than the arithmetic."""
    rooms, size = vars(_ROOMS), (units + 1) * math.prod(shape)
    if number not in rooms or rooms[number].size < size:
        rooms[number] = np.empty(size, np.float32)
    room = rooms[number][:size].reshape(units + 1, -1)
    room[-1] = 1
    return room
