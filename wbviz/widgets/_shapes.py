"""What is characteristic of each activation, measured on the engine's own functions."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from wbviz.engine import ACTIVATIONS
from wbviz.widgets._words import signed

#: An activation is called saturated where |f′(z)| is at most this share of its largest value.
SATURATED = 0.05
NAMES = {
    "identity": "identity", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU",
    "elu": "ELU", "gelu": "GELU", "softplus": "softplus", "silu": "SiLU", "step": "step",
}  # fmt: skip
_GRID = np.linspace(-50, 50, 20001)
#: How near to z = 0 the two sides of a jump are looked at.
TINY = 1e-12
#: What there is to notice, in lines that fit beside the picture.
NOTES = {
    "identity": ("No bend at all: layers of such", "neurons are together one linear map."),
    "sigmoid": ("Its slope is never more than ¼: a", "layer lets at most that share through."),
    "tanh": ("A sigmoid stretched and centred:", "tanh(z) = 2·sigmoid(2z) − 1."),
    "relu": (
        "At z = 0 it has a kink and no slope;",
        "taken as 0 here, as PyTorch does.",
        "Below 0 nothing passes back.",
    ),
    "leaky_relu": (
        "At z = 0 it has a kink; the slope is",
        "taken as 0.01, that of the left side,",
        "which lets 1 % pass back.",
    ),
    "elu": ("Smooth: at z = 0 both sides have", "slope 1. Below, it levels off at −1."),
    "gelu": (
        "f′ falls below 0 and rises above 1.",
        "It is flat about its lowest point, too:",
        "a = {low} at z = {at}.",
    ),
    "softplus": ("A ReLU without the kink;", "its slope is the sigmoid."),
    "silu": (
        "f′ falls below 0 and rises above 1.",
        "It is flat about its lowest point, too:",
        "a = {low} at z = {at}.",
    ),
    "step": (
        "Flat everywhere; at its jump it has no",
        "slope, taken as 0. Nothing can be",
        "learned: w and b never get a gradient.",
    ),
}


@dataclass(frozen=True)
class Shape:
    """What an activation does over all z.

    steepest: the largest |f′|.  low, high: the range of f, infinite where it has no end.
    lowest_at: the z of the lowest value seen.  at_zero: f(0).
    zones: where |f′| is at most the share SATURATED of `steepest`, as pairs (from, to) of z, the outer ends infinite.
    f_sides, slope_sides: (left of 0, at 0, right of 0) where f or f′ jumps at z = 0, else None.
    """

    steepest: float
    low: float
    high: float
    lowest_at: float
    at_zero: float
    zones: tuple
    f_sides: tuple | None
    slope_sides: tuple | None


@cache
def shape_of(name):
    """The Shape of ACTIVATIONS[name], from its values at 20,001 places between −50 and 50."""
    f, slope = ACTIVATIONS[name].f, ACTIVATIONS[name].derivative
    values, steepest = f(_GRID), float(np.abs(slope(_GRID)).max())
    below, above = f(np.array([-1000.0, 1000.0]))
    return Shape(
        steepest=steepest,
        low=-math.inf if below < values[0] - 1 else float(values.min()),
        high=math.inf if above > values[-1] + 1 else float(values.max()),
        lowest_at=float(_GRID[values.argmin()]),
        at_zero=float(f(np.zeros(1))[0]),
        zones=_zones(lambda z: np.abs(slope(z)) <= SATURATED * steepest),
        f_sides=_sides(f),
        slope_sides=_sides(slope),
    )


def _sides(function):
    left, at, right = (float(v) for v in function(np.array([-TINY, 0.0, TINY])))
    return (left, at, right) if abs(right - left) > 1e-6 else None


def _zones(is_flat):
    """The stretches of z, as (from, to), where `is_flat`; an end of the grid counts as infinity."""
    flat = is_flat(_GRID)
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    edges = [_edge(is_flat, _GRID[k], _GRID[k + 1]) for k in changes]
    ends = [-math.inf] * bool(flat[0]) + edges + [math.inf] * bool(flat[-1])
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _edge(is_flat, low, high):
    """Where `is_flat` changes between two places, by halving."""
    start = is_flat(np.array([low]))[0]
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if is_flat(np.array([middle]))[0] == start else (low, middle)
    return float(round((low + high) / 2, 9)) + 0.0


def range_in_words(shape):
    """The range of an activation: `0 to 1`, `−0.17 to ∞`."""
    return f"{_end(shape.low)} to {_end(shape.high)}"


def _end(value):
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def saturated_in_words(shape):
    """Where an activation is saturated; a flat stretch between two others is left to the note."""
    if not shape.zones:
        return "nowhere"
    low, high = shape.zones[0][1], shape.zones[-1][0]
    if math.isinf(low):
        return "everywhere"
    return f"|z| ≥ {signed(high)}" if math.isinf(shape.zones[-1][1]) else f"z ≤ {signed(low)}"


def note_on(name):
    """What there is to notice about an activation, up to three lines."""
    shape = shape_of(name)
    return [line.format(low=signed(shape.low), at=signed(shape.lowest_at)) for line in NOTES[name]]
