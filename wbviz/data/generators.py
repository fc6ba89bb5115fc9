"""Data sets drawn from a rule: small worlds whose truth is known.

All share three arguments: `n`, the number of rows; `noise`, the standard deviation of the Gaussian noise added to every
coordinate (classification) or to y (regression); `seed`. Two things make them pleasant behind a slider: more noise
moves every point further along its own direction, and a larger n keeps the points that are there and adds new ones.
Classes take turns (row i has label i mod the number of classes), so that they are balanced to one row.
"""

import math

import numpy as np

from wbviz.data.dataset import CLASSIFICATION, REGRESSION, Dataset, whole

MAX_ROWS = 1_000_000
MAX_CLASSES = 10
LICENCE = "none needed: computed by wbviz"


def blobs(n=200, noise=0.4, seed=0, classes=2):
    """Round clouds whose centres are evenly spread on a circle of radius √2; two of them sit at (1, 1) and (−1, −1)."""
    _, jitter, label = _draw(n, noise, seed, classes)
    angle = math.pi / 4 + 2 * math.pi * label / classes
    text = f"{classes} round clouds; the wider the noise, the more they overlap."
    return _classes("blobs", math.sqrt(2) * _circle(angle) + jitter, label, _letters(classes), text)


def moons(n=200, noise=0.1, seed=0):
    """Two interlocking half circles of radius 1, centred on the origin: no straight line parts them."""
    place, jitter, label = _draw(n, noise, seed, 2)
    upper = _circle(math.pi * place[:, 0])
    points = np.where(label[:, None] == 0, upper - [0.5, 0.25], [0.5, 0.25] - upper)
    text = "Two half circles that reach into each other; no straight line parts them."
    return _classes("moons", points + jitter, label, ("upper", "lower"), text)


def circles(n=200, noise=0.08, seed=0):
    """A circle of radius ½ (label 1) inside a circle of radius 1 (label 0)."""
    place, jitter, label = _draw(n, noise, seed, 2)
    radius = np.where(label == 0, 1.0, 0.5)[:, None]
    text = "One circle inside another; the distance from the middle decides."
    return _classes("circles", radius * _circle(2 * math.pi * place[:, 0]) + jitter, label, ("outer", "inner"), text)


def spiral(n=200, noise=0.03, seed=0, classes=2):
    """Arms of about 1⅔ turns that wind outwards from the middle to radius 1, evenly turned against each other."""
    place, jitter, label = _draw(n, noise, seed, classes)
    radius = 0.05 + 0.95 * place[:, 0]
    angle = 3.5 * math.pi * radius + 2 * math.pi * label / classes
    text = f"{classes} arms wound around each other; a small network needs patience here."
    return _classes("spiral", radius[:, None] * _circle(angle) + jitter, label, _letters(classes), text)


def xor(n=200, noise=0.05, seed=0):
    """Four squares: label 1 where exactly one coordinate is positive; their size without noise is 0.1 to 1."""
    place, jitter, label = _draw(n, noise, seed, 2)
    right = np.arange(n) // 2 % 2
    signs = np.column_stack([right, right ^ label]) * 2 - 1
    text = "Label 1 where exactly one of the two coordinates is positive; no straight line parts the classes."
    return _classes("xor", signs * (0.1 + 0.9 * place) + jitter, label, ("same sign", "one positive"), text)


def line(n=200, noise=0.2, seed=0):
    """y = 1.5·x + 0.5 plus noise, x evenly random in −1 … 1: a single neuron's weight and bias, to be found again."""
    x, noise_of_y = _draw_numbers(n, noise, seed)
    return _numbers("line", x, 1.5 * x + 0.5 + noise_of_y, "Points about the line y = 1.5·x + 0.5.")


def sine(n=200, noise=0.1, seed=0):
    """y = sin(πx) plus noise, x evenly random in −1 … 1: one full wave."""
    x, noise_of_y = _draw_numbers(n, noise, seed)
    return _numbers("sine", x, np.sin(math.pi * x) + noise_of_y, "Points about one full wave of y = sin(πx).")


GENERATORS = {f.__name__: f for f in (blobs, moons, circles, spiral, xor, line, sine)}


def _check(n, noise, seed, classes=1):
    """Raise ValueError unless the arguments of a generator can be drawn from."""
    whole("n", n, max(classes, 1), MAX_ROWS)
    whole("seed", seed, 0, 2**63 - 1)
    if isinstance(noise, bool) or not isinstance(noise, (int, float, np.number)) or not 0 <= noise < math.inf:
        raise ValueError(f"noise={noise!r} must be a number of 0 or more: the standard deviation of the noise.")


def _streams(seed):
    """Two independent random streams of one seed: for places and for noise."""
    return np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])


def _draw(n, noise, seed, classes):
    """Places, evenly random in 0 … 1 (n, 2); Gaussian jitter (n, 2); labels 0, 1, … in turn (n,)."""
    whole("classes", classes, 2, MAX_CLASSES)
    _check(n, noise, seed, classes)
    places, jitters = _streams(seed)
    return places.random((n, 2)), noise * jitters.standard_normal((n, 2)), np.arange(n) % classes


def _draw_numbers(n, noise, seed):
    """x, evenly random in −1 … 1 (n, 1), and Gaussian noise for y (n, 1)."""
    _check(n, noise, seed)
    places, jitters = _streams(seed)
    return 2 * places.random((n, 1)) - 1, noise * jitters.standard_normal((n, 1))


def _circle(angle):
    """The points of the unit circle at these angles in radians, shape (n, 2)."""
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _letters(classes):
    return tuple("ABCDEFGHIJ"[:classes])


def _classes(name, X, y, target_names, description):
    return Dataset(name, X, y, ("x1", "x2"), target_names, CLASSIFICATION, description, "wbviz", LICENCE)


def _numbers(name, X, y, description):
    return Dataset(name, X, y, ("x",), ("y",), REGRESSION, description, "wbviz", LICENCE)
