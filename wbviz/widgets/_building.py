"""What a curve is built of and what it should be: targets, the pieces of a 1-K-1 network, and where they bend."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import ACTIVATIONS, Network
from wbviz.scenes.curve_builder import HIGH, LOW, MOST
from wbviz.widgets._parameters import small_network

LIMIT = 10.0  # of every weight and bias
POINTS = np.linspace(LOW, HIGH, 61)
GRID = np.linspace(LOW, HIGH, 241)
#: A target drawn by hand has a height at each of these places, and straight lines between.
PLACES = np.round(np.linspace(LOW, HIGH, 21), 2)
TALLEST = 1.2
TEETH = (-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1)
TARGETS = {
    "sine": lambda x: 0.8 * np.sin(np.pi * x),
    "bump": lambda x: np.exp(-((x / 0.3) ** 2)),
    "stairs": lambda x: np.where(x < -1 / 3, -0.6, np.where(x < 1 / 3, 0.0, 0.6)),
    "zigzag": lambda x: np.interp(x, TEETH, (-0.8, 0.8, -0.8, 0.8, -0.8, 0.8, -0.8)),
}
#: Where a new unit bends; it is added with v = 0, so that the curve stays as it is.
BENDS = (-1.0, -0.5, 0.5, 0.0, -0.75, 0.75, -0.25, 0.25)
STEEPNESS = 2.0
START = [2.0, 2.0, 2.0, 2.0, 2.0, 1.0, -1.0, 0.0, -0.8, 1.6, 0.0, 0.0, 0.0]


def checked_heights(value):
    """21 heights, one for each place of a target of one's own, each from −1.2 to 1.2. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__") or len(value) != len(PLACES):
        raise ValueError(f"expected {len(PLACES)} heights, one at each 0.1 from −1 to 1, but got {value!r}.")
    heights = [float(height) for height in value]
    for place, height in zip(PLACES, heights, strict=True):
        if not abs(height) <= TALLEST:
            raise ValueError(f"a height goes from −{TALLEST} to {TALLEST}, but at x = {place:g} it is {height:g}.")
    return heights


def checked_cursor(value):
    """None, or which of the 21 places the keyboard's cursor is at. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < len(PLACES):
        raise ValueError(f"expected None or a whole number from 0 to {len(PLACES) - 1}, but got {value!r}.")
    return value


def resized(params, units):
    """The parameters of a 1-K-1 network with another number of units; new ones bend at BENDS and have v = 0."""
    w, b, v, c = split(params)
    new = slice(len(w), MOST)
    rows = ([*w, *[STEEPNESS] * MOST], [*b, *(-STEEPNESS * bend for bend in BENDS[new])], [*v, *[0.0] * MOST])
    return [value for row in rows for value in row[:units]] + [c]


def split(params):
    """w, b, v, each of length K, and c."""
    k = (len(params) - 1) // 3
    return params[:k], params[k : 2 * k], params[2 * k : 3 * k], params[-1]


@lru_cache(maxsize=16)
def kink(activation):
    """How much the slope of an activation jumps at z = 0."""
    slope = ACTIVATIONS[activation].derivative
    jump = float(slope(np.array(1e-12)) - slope(np.array(-1e-12)))
    return jump if jump > 1e-6 else 0.0


def bends(params):
    """Where each unit bends or has its middle, −bₖ/wₖ, shape (K,); NaN where wₖ = 0."""
    w, b, _, _ = map(np.array, split(params))
    return np.divide(-b, w, out=np.full(len(w), np.nan), where=w != 0)


def kinks(params, activation):
    """Where in view the slope of the sum jumps, in rising order: bends that coincide count once, or cancel."""
    w, _, v, _ = map(np.array, split(params))
    jumps = {}
    for bend, size in zip(np.round(bends(params), 9).tolist(), v * np.abs(w) * kink(activation), strict=True):
        if LOW < bend < HIGH:
            jumps[bend] = jumps.get(bend, 0.0) + size
    return sorted(bend for bend, size in jumps.items() if abs(size) > 1e-9)


class Curve(NamedTuple):
    """A network as a curve: everything that is shown of it.

    net: the network, not to be changed. bends (K,), kinks: as the functions of that name. corners: the sum at each of
    `kinks`. x (m,): inputs in rising order, every bend among them; total (m,): the sum there; pieces (K + 1, m): what
    it is the sum of, the output bias last. sums (61,): the sum at POINTS. loss, max_error: against the target there.
    """

    net: Network
    bends: np.ndarray
    kinks: list
    corners: np.ndarray
    x: np.ndarray
    total: np.ndarray
    pieces: np.ndarray
    sums: np.ndarray
    loss: float
    max_error: float


def wanted(target):
    """The target at POINTS, (61,): a name in TARGETS, or the heights of one's own."""
    return TARGETS[target](POINTS) if isinstance(target, str) else np.interp(POINTS, PLACES, target)


@lru_cache(maxsize=4)
def built(params, activation, target):
    """The Curve of parameters (a tuple) against a target (a name, or a tuple of heights). Only the latest are kept."""
    net = small_network([1, len(params) // 3, 1], params, hidden=activation)
    bent, at = bends(params), kinks(params, activation)
    inside = bent[(bent > LOW) & (bent < HIGH)]
    x = np.sort(np.concatenate([GRID, inside, inside - 1e-9]))  # a bend, or a jump, is drawn where it is
    total, pieces = added_up(net, x)
    y_hat = net(np.concatenate([POINTS, at])[:, None])[:, 0]
    sums, corners = y_hat[: len(POINTS)], y_hat[len(POINTS) :]
    y = wanted(target)
    loss = float(net.loss(POINTS[:, None], y))
    return Curve(net, bent, at, corners, x, total, pieces, sums, loss, float(np.abs(sums - y).max()))


def added_up(net, x):
    """The output (m,) of a 1-K-1 network at x (m,), and what it is the sum of (K + 1, m), the output bias last."""
    record = net.forward(x[:, None])
    pieces = (record.a[1] * net.weights[1][:, 0]).T
    return record.y_hat[:, 0], np.concatenate([pieces, np.full((1, len(x)), net.biases[1][0])])
