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
    """

    def __init__(self, inputs):
        self.inputs = [np.atleast_2d(np.asarray(values, np.float32)) for values in inputs]
        self.shape = np.broadcast_shapes(*(values.shape for values in self.inputs))
        rows, columns = self.shape
        kinds = ["column" if len(values) == 1 else "row" if values.shape[1] == 1 else "both" for values in self.inputs]
        self._which = {kind: [i for i, own in enumerate(kinds) if own == kind] for kind in ("column", "row", "both")}
        ones = np.ones((1, columns), np.float32)  # the bias is one more weight
        self._columns = np.concatenate([*(self.inputs[i] * ones for i in self._which["column"]), ones])
        self._rows = np.array([self.inputs[i][:, 0] for i in self._which["row"]]).reshape(-1, rows)
        self._both = np.array([self.inputs[i].ravel() for i in self._which["both"]]).reshape(-1, rows * columns)

    def __call__(self, net):
        """What a network computes at all places → Maps."""
        if net.population or net.sizes[0] != len(self.inputs):
            raise ValueError(f"This map needs one network of {len(self.inputs)} inputs, got {net!r}.")
        cores, (scale, offset, slope) = [], shape_of(net.activations[0])
        with np.errstate(all="ignore"):
            a = self._first(scale * net.weights[0].T, scale * net.biases[0], net.activations[0])
            cores.append(a[:-1])
            for W, b, activation in zip(net.weights[1:], net.biases[1:], net.activations[1:], strict=True):
                weights = np.empty((len(b), len(a)), np.float32)  # the bias is one more weight, below a row of ones
                weights[:, :-1], weights[:, -1] = slope * W.T, b + offset * W.sum(axis=0)
                scale, offset, slope = shape_of(activation)
                room = _room(len(cores), len(b), self.shape)
                core(activation, np.matmul(scale * weights, a, out=room[:-1]))
                a = room
                cores.append(a[:-1])
        return Maps(self.shape, net.activations, cores)

    def values(self, every=1):
        """The inputs themselves, (inputs, rows, columns); `every` as in `Maps.of`."""
        return np.stack([np.broadcast_to(values, self.shape)[_middles(every)] for values in self.inputs])

    def _first(self, W, b, activation):
        """The core of the activation of the first layer, from sums in parts."""
        room = _room(0, len(b), self.shape)
        W, z, grid = W.astype(np.float32), room[:-1], room[:-1].reshape(-1, *self.shape)
        of_column = np.column_stack([W[:, self._which["column"]], b]).astype(np.float32) @ self._columns
        of_row = W[:, self._which["row"]] @ self._rows
        exps = activation.name in LOGISTIC and not len(self._both)
        if exps and max(np.abs(of_column).max(), np.abs(of_row).max()) < STEEPEST:
            np.reciprocal(_product(np.exp(of_row), np.exp(of_column), 1, 1, grid), out=grid)
            return room
        _product(of_row, 1, 1, of_column, grid)
        if len(self._both):
            z += W[:, self._which["both"]] @ self._both
        core(activation, z)
        return room


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
