"""Curves and surfaces with several minima, all of them known: where one may be stuck in a minimum that is not best."""

import itertools

import numpy as np

from .activations import sigmoid
from .surfaces import SURFACES, Objective

TILT = 0.3
BUMPS, WAVE = 0.2, 2.5  # of the bumpy bowls: height and number of waves
#: Six examples on which the squared error of a neuron has two minima: input and label.
NEURON_X = np.array([-3.0, 0.7, 0.6, -2.4, 0.6, 1.5])
NEURON_Y = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
WIDTH, DEPTH, AT = 0.3, 2.0, 2.0  # of the needle


def two_wells(p):
    x = p[..., 0]
    return (x**2 - 1) ** 2 + TILT * x


def two_wells_gradient(p):
    return 4 * p * (p * p - 1) + TILT


def bumps(p):
    return (p**2 / 16 + BUMPS * (1 - np.cos(WAVE * p))).sum(axis=-1)


def bumps_gradient(p):
    return p / 8 + BUMPS * WAVE * np.sin(WAVE * p)


def needle(p):
    x = p[..., 0]
    return x**2 / 10 - DEPTH * np.exp(-(((x - AT) / WIDTH) ** 2))


def needle_gradient(p):
    away = (p - AT) / WIDTH
    return p / 5 + 2 * DEPTH / WIDTH * away * np.exp(-(away**2))


def four_wells(p):
    squares = p * p
    return (squares * (squares - 16) + 5 * p).sum(axis=-1) / 40


def four_wells_gradient(p):
    return (4 * p * (p * p - 8) + 5) / 40


def neuron(p):
    return np.mean((_answers(p) - NEURON_Y) ** 2, axis=-1)


def neuron_gradient(p):
    a = _answers(p)
    delta = 2 / len(NEURON_Y) * (a - NEURON_Y) * a * (1 - a)  # dL/dz of each example
    return np.stack([delta @ NEURON_X, delta.sum(axis=-1)], axis=-1)


def _answers(p):
    return sigmoid(p[..., :1] * NEURON_X + p[..., 1:])


def _pairs(values):
    """Every pair of the values: the minima of a sum of one and the same function of each number."""
    return np.array(list(itertools.product(values, repeat=2)))


TWO_WELLS = (-1.0355787140888537, 0.9601495555191055)
ON_BUMPS = (-2.2716831185257615, 0.0, 2.2716831185257615)
NEEDLE = (0.0, 1.99103234504434)
FOUR_WELLS = (-2.903534027771177, 2.746802770990837)
NEURON = ((-0.4785842469885889, 0.5448730217020156), (3.2381846945584685, -2.73583003762125))

#: Objectives of one or two numbers with several minima. Their gradients are of the order of 1.
WELLS = {
    well.name: well
    for well in (
        Objective(
            "two wells", two_wells, two_wells_gradient, np.array(TWO_WELLS)[:, None], (1.8,), 1.8,
            "(x² − 1)² + 0.3x", "a quartic, tilted so that its left well is the lower one",
            lowest=float(two_wells(np.array(TWO_WELLS[:1]))),
        ),
        Objective(
            "bumps", bumps, bumps_gradient, np.array(ON_BUMPS)[:, None], (5.0,), 6.0,
            "x²/16 + 0.2·(1 − cos 2.5x)", "a bowl with waves, as Rastrigin's (1974)",
        ),
        Objective(
            "needle", needle, needle_gradient, np.array(NEEDLE)[:, None], (4.0,), 5.0,
            "x²/10 − 2·exp(−(x − 2)²/0.09)", "a wide shallow valley, and a narrow one that is deeper",
            lowest=float(needle(np.array(NEEDLE[1:]))),
        ),
        Objective(
            "four wells", four_wells, four_wells_gradient, _pairs(FOUR_WELLS), (4.0, 4.0), 4.5,
            "Σ(xᵢ⁴ − 16xᵢ² + 5xᵢ)/40", "Styblinski and Tang (1990), a twentieth of it",
            lowest=float(four_wells(np.array(FOUR_WELLS[:1] * 2))),
        ),
        Objective(
            "bumpy bowl", bumps, bumps_gradient, _pairs(ON_BUMPS), (3.0, 3.0), 4.0,
            "Σ(xᵢ²/16 + 0.2·(1 − cos 2.5xᵢ))", "a bowl with waves, as Rastrigin's (1974)",
        ),
        SURFACES["himmelblau"],
        Objective(
            "a neuron", neuron, neuron_gradient, np.array(NEURON), (3.5, 3.5), 4.0,
            "error of σ(w·x + b) on six examples", "that one neuron has several minima: Auer et al. (1996)",
            lowest=float(neuron(np.array(NEURON[0]))),
        ),
    )
}  # fmt: skip
