"""The loss at all points of a plane through the parameters, quickly: the float32 way of `loss_surface`.

A point is origin + u · d1 + v · d2. What makes it quick is that most of a network moves along one side of the plane
only, or not at all, and is then computed for each u and for each v instead of for each pair:

* a neuron whose parameters and inputs move with u alone takes len(u) values for an example, not len(u) · len(v);
* where a sum of such parts meets, it is added up, not multiplied out: z = still + along_u[u] + along_v[v];
* tanh and sigmoid need no exp there: exp(z) is exp(still + along_u[u]) · exp(along_v[v]), a product of two tables;
* the squared error of such a sum is one matrix product over the examples, whatever the number of points.

Only from the layer on in which a neuron moves along both sides do all points count. They go through in tiles that
stay in the cache, and a thread for each core.
"""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from . import plane_losses
from .single import core, finish, one_over_one_more, quick, shape_of

CHUNK = 2**19  # numbers in the widest layer of a tile
KEPT = 2**22  # numbers in the widest layer of what is kept for all u, or all v: more examples go in several turns
WORTH_A_THREAD = 2**22  # numbers in all tiles: less is done before a second thread has begun
STEEPEST = 80.0  # up to which exp of either sign is a float32 that can be multiplied


@dataclass(frozen=True)
class Plane:
    """The points origin + u · d1 + v · d2 of a grid; row by row, one v after the other, where they are counted."""

    origin: np.ndarray
    d1: np.ndarray
    d2: np.ndarray
    u: np.ndarray
    v: np.ndarray

    def __len__(self):
        return len(self.u) * len(self.v)

    def __getitem__(self, part):
        """The points of a slice, shape (n_points, n_params): made only when asked for."""
        row, column = np.divmod(np.arange(len(self))[part], len(self.u))
        return self.origin + self.u[column, None] * self.d1 + self.v[row, None] * self.d2

    def varies(self):
        """Which parameters are not the same at all points, shape (n_params,)."""
        return (self.d1 != 0) | (self.d2 != 0)


def losses_over(net, plane, X, y, loss):
    """The data loss at each point of a plane → (len(v), len(u)); NaN or infinity where float32 cannot hold it."""
    losses, size = 0.0, max(1, KEPT // (max(len(plane.u), len(plane.v)) * max(net.sizes)))
    for part in (slice(first, first + size) for first in range(0, len(X), size)):
        share = len(X[part]) / len(X)
        losses = losses + share * _losses_of_some(net, plane, X[part].astype(np.float32), y[part], loss)
    return losses


def _losses_of_some(net, plane, X, y, loss):
    sums = loss.name == "mse" and net.activations[-1].name == "identity"
    with np.errstate(all="ignore"):
        layers, y_hat = _layers(net, plane, X, sums)
        return plane_losses.mean_squares(*y_hat, y) if y_hat else _by_tiles(layers, plane, y, loss)


# --- what moves along one side only -----------------------------------------------------------------------------------


class _Side:
    """One of the two ways to go: its values s, its direction D, d, and the neurons that move along it alone.

    moves: which neurons of the layer before, booleans.  a: what they put out, (neurons, values, examples).
    """

    def __init__(self, net, values, direction):
        self.values = values.astype(np.float32)
        self.D, self.d = net.views(direction.astype(np.float32))
        self.moves, self.a = np.zeros(net.sizes[0], bool), np.empty((0, len(values), 1), np.float32)

    def reaches(self, layer, W):
        """Which neurons of a layer move along this side, as far as these ways lead."""
        return (self.D[layer] != 0).any(axis=0) | (self.d[layer] != 0) | (W[self.moves] != 0).any(axis=0)

    def along(self, layer, W, still, rows):
        """How z moves in some neurons of a layer, (neurons, values, examples), where the others stand still."""
        D, d, s = self.D[layer][:, rows], self.d[layer][rows], self.values[:, None]
        z = s * (D.T @ still + d[:, None])[:, None]
        if self.moves.any():
            weights = W[self.moves][:, rows] + s[..., None] * D[self.moves]  # (values, moving neurons, rows)
            z = z + _product(weights.mT.swapaxes(0, 1), self.a)
        return z

    def across(self, other, layer, rows):
        """What the other side's direction makes of the neurons that move along this one, for a step of 1."""
        return np.tensordot(other.D[layer][self.moves][:, rows].T, self.a, axes=1)

    def take(self, moves, activation, z):
        """Go on to the next layer, where these neurons move along this side, with the sums z."""
        self.moves, self.a = moves, quick(activation, z)


def _layers(net, plane, X, sums):
    """The layers in which neurons move along both sides, and y_hat in two parts (along u, along v) if there are none.

    sums: whether such outputs may be left in two parts.
    """
    u, v = _Side(net, plane.u, plane.d1), _Side(net, plane.v, plane.d2)
    still, both, slope, layers = X.T, np.zeros(X.shape[1], bool), 1, []
    parts = zip(*net.views(plane.origin.astype(np.float32)), net.activations, strict=True)
    for layer, (W, b, activation) in enumerate(parts):
        by_u, by_v = u.reaches(layer, W), v.reaches(layer, W)
        crossed = (v.D[layer][u.moves] != 0).any(axis=0) | (u.D[layer][v.moves] != 0).any(axis=0)
        now = (by_u & by_v) | crossed | both.any()
        z = (W.T @ still + b[:, None])[:, None]
        if layer == net.n_layers - 1:
            if sums and not (crossed.any() or both.any()):
                return [], (z + u.along(layer, W, still, ...), v.along(layer, W, still, ...))
            now[:] = True
        if now.any():
            layers.append(_Layer(layer, W, z, (u, v), still, (both, now), slope, activation))
        moved = [
            (side, own, z[own] + side.along(layer, W, still, own)) for side, own in ((u, by_u & ~now), (v, by_v & ~now))
        ]
        for side, own, sums_there in moved:
            side.take(own, activation, sums_there)
        _, offset, slope = shape_of(activation)
        still = np.full((len(z), 1), offset, np.float32) if now.all() else quick(activation, z)[:, 0]
        still[now], still[u.moves | v.moves], both = offset, 0, now
    return layers, None


# --- what moves along both sides --------------------------------------------------------------------------------------


class _Layer:
    """The neurons of a layer that move along both sides. For a tile of points: z = parts + W(u, v).T @ (those before).

    The parts are arrays (neurons, v, u, examples), of length 1 where nothing moves. All of it is kept times the scale
    of the activation, so that only the core of the activation is left to do.
    """

    def __init__(self, layer, W, z, sides, still, masks, slope, activation):
        self.activation, (before, rows), (u, v) = activation, masks, sides
        self.u, self.v, self.size = u.values, v.values, int(rows.sum())
        scale = np.float32(shape_of(activation)[0])
        along_u = scale * (z[rows] + u.along(layer, W, still, rows))[:, None]
        along_v = scale * v.along(layer, W, still, rows)[:, :, None]
        across_u = scale * u.across(v, layer, rows)[:, None]
        across_v = scale * v.across(u, layer, rows)[:, :, None]
        self.parts = [_short(along_u), *([along_v] if along_v.any() else [])]
        self.across_u, self.across_v = (part if part.any() else None for part in (across_u, across_v))
        pick = np.ix_(before, rows)
        self.W, self.D_u, self.D_v = (scale * slope * part[pick].T for part in (W, u.D[layer], v.D[layer]))
        self.turns = self.D_u.any() or self.D_v.any()
        self.exps = None
        crossed = self.across_u is not None or self.across_v is not None
        if (
            scale != 1
            and not before.any()
            and not crossed
            and all(np.abs(part).max() < STEEPEST for part in self.parts)
        ):
            self.exps = [np.exp(part) for part in self.parts]

    def outputs(self, us, vs, r, z):
        """The core of the activation in a tile of the points, in the room z (neurons, v, u, examples).

        r: the same of the layer before, None at the first.
        """
        if self.exps:
            return one_over_one_more(_combine(np.multiply, [_cut(part, us, vs) for part in self.exps], z))
        parts = [_cut(part, us, vs) for part in self.parts]
        if self.across_u is not None:
            parts.append(self.v[vs, None, None] * _cut(self.across_u, us, vs))
        if self.across_v is not None:
            parts.append(self.u[us, None] * _cut(self.across_v, us, vs))
        if r is None:
            return core(self.activation, _combine(np.add, parts, z))
        self._multiply(us, vs, r, z)
        return core(self.activation, _combine(np.add, [z, *_few(parts)], z))

    def _multiply(self, us, vs, r, z):
        """z = W(u, v) @ r for each point of a tile."""
        W = self.W[:, None, None]  # (neurons, v, u, those before)
        if self.turns:
            W = W + self.v[vs, None, None] * self.D_v[:, None, None] + self.u[us, None] * self.D_u[:, None, None]
        if len(r) == 1:
            np.multiply(W, r, out=z)
        elif self.turns:
            r, z = (room.reshape(len(room), -1, room.shape[-1]) for room in (r, z))
            _product(W.reshape(len(W), -1, len(r)), r, z)
        else:
            np.matmul(self.W, r.reshape(len(r), -1), out=z.reshape(len(z), -1))


def _product(W, a, out=None):
    """W[:, k] @ a[:, k] for each k: (neurons, k, those before) and (those before, k, examples)."""
    if len(a) == 1:
        return np.multiply(W, a, out=out)  # a matrix product of one column takes ten times as long
    return np.matmul(W.swapaxes(0, 1), a.swapaxes(0, 1), out=None if out is None else out.swapaxes(0, 1)).swapaxes(0, 1)


def _short(part):
    """A part, of length 1 along u if nothing moves there."""
    return part[:, :, :1] if (part == part[:, :, :1]).all() else part


def _cut(part, us, vs):
    """What of a part belongs to a tile."""
    return part[:, vs if part.shape[1] > 1 else slice(None), us if part.shape[2] > 1 else slice(None)]


def _few(parts):
    """The parts, those that are the same for all examples as one."""
    flat = [part for part in parts if part.shape[-1] == 1]
    return [*(part for part in parts if part.shape[-1] > 1), *([sum(flat)] if flat else [])]


def _combine(operation, parts, out):
    """All parts added up, or multiplied, in `out`."""
    first, *others = parts
    if not others and first is not out:
        out[...] = first
    for other in others:
        first = operation(first, other, out=out)
    return out


def _by_tiles(layers, plane, y, loss):
    """The loss at each point → (len(v), len(u))."""
    n, widest = len(y), max(layer.size for layer in layers)
    tiles = _tiles(len(plane.u), len(plane.v), max(1, CHUNK // (n * widest)))
    most, losses = max(_count(tile) for tile in tiles), np.empty((len(plane.v), len(plane.u)))
    value, y = plane_losses.of(loss), plane_losses.rows(y)

    def compute(some):
        rooms = [np.empty(layer.size * most * n, np.float32) for layer in layers]
        with np.errstate(all="ignore"):
            for us, vs in some:
                losses[vs, us] = value(_outputs(layers, us, vs, n, rooms), y)

    workers = min(os.cpu_count() or 1, 4, 1 + losses.size * n * widest // WORTH_A_THREAD)
    if workers == 1:
        compute(tiles)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(compute, [tiles[k::workers] for k in range(workers)]))
    return losses


def _tiles(columns, rows, points):
    """The grid in parts of so many points, whole rows where they fit: slices of u and of v."""
    wide = min(columns, points)
    us, vs = _slices(columns, wide), _slices(rows, max(1, points // columns))
    return [(part_u, part_v) for part_v in vs for part_u in us]


def _slices(count, size):
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]


def _count(tile):
    us, vs = tile
    return (us.stop - us.start) * (vs.stop - vs.start)


def _outputs(layers, us, vs, n, rooms):
    """y_hat at the points of a tile, (outputs, v, u, examples), in one of the rooms."""
    r = None
    for layer, room in zip(layers, rooms, strict=True):
        shape = (layer.size, vs.stop - vs.start, us.stop - us.start, n)
        r = layer.outputs(us, vs, r, room[: math.prod(shape)].reshape(shape))
    return finish(layers[-1].activation, r)
