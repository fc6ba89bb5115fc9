"""A small world of two groups, in which it is known who deserves what: for questions of fairness."""

import math

import numpy as np

from wbviz.data.dataset import CLASSIFICATION, Dataset
from wbviz.data.generators import LICENCE, _check, _streams

#: The knobs of the world and their ranges.
RANGES = {
    "share": (0.02, 0.5),
    "base_gap": (-0.8, 0.8),
    "label_bias": (0.0, 1.0),
    "proxy": (0.0, 1.0),
    "turn": (0.0, 1.0),
}


def two_groups(n=1000, noise=1.0, seed=0, share=0.3, base_gap=0.0, label_bias=0.0, proxy=0.8, turn=0.0):
    """People of a large group A and a small group B who apply for something: granted (1) or refused (0)?

    Each person deserves it (m = 1) or does not (m = −1), and two tests measure m with Gaussian noise. X: first test,
    second test, district, and the group itself (1 for B). `.columns`: "group" and "deserved", the true answer 0 or 1;
    y is what was recorded.
    share       of the rows, those of B: 0.02 … 0.5; imbalance
    base_gap    share of deserving people in A minus that in B, −0.8 … 0.8; both lie about ½
    label_bias  the chance that a deserving person of B was recorded as refused, 0 … 1
    proxy       the correlation of the district with the group, 0 … 1; the district says nothing else
    turn        which test shows the merit of B: 0 the first, as in A, 1 the second, between them both
    noise       the standard deviation of the noise of both tests
    """
    _check(n, noise, seed)
    given = {"share": share, "base_gap": base_gap, "label_bias": label_bias, "proxy": proxy, "turn": turn}
    for name, value in given.items():
        _within(name, value, *RANGES[name])
    places, jitters = _streams(seed)
    chance, jitter = places.random((n, 3)), jitters.standard_normal((n, 3))
    of_b = chance[:, 0] < share
    deserved = chance[:, 1] < np.where(of_b, 0.5 - base_gap / 2, 0.5 + base_gap / 2)
    recorded = deserved & ~(of_b & (chance[:, 2] < label_bias))
    angle, merit = np.where(of_b, turn * math.pi / 2, 0.0), np.where(deserved, 1.0, -1.0)
    tests = merit[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]) + noise * jitter[:, :2]
    side = (of_b - share) / math.sqrt(share * (1 - share))
    district = proxy * side + math.sqrt(1 - proxy**2) * jitter[:, 2]
    return Dataset(
        "two_groups",
        np.column_stack([tests, district, of_b]),
        recorded.astype(np.int64),
        ("first test", "second test", "district", "group=B"),
        ("refused", "granted"),
        CLASSIFICATION,
        "Two groups of people in a world of our own making, in which it is known who deserves what.",
        "wbviz",
        LICENCE,
        {"group": np.where(of_b, "B", "A"), "deserved": deserved.astype(np.int64)},
    )


def _within(word, value, low, high):
    """Raise ValueError unless `value` is a number in low … high."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not low <= value <= high:
        raise ValueError(f"{word}={value!r} must be a number from {low:g} to {high:g}.")
