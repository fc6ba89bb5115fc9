"""Operations on the parameters of a network: what WeightSurgery does to them.

Each works on one *group* at a time: the weights of a layer, or the biases of a layer. Random numbers come from the
seed and the group, so that what happens to one group does not depend on which others are operated on.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Operation:
    """A change to a group of numbers: `apply(values, amount, rng)` returns new values of the same shape.

    The amount goes from `low` to `high`, starts at `start` and is called `label`; `tip` says what it means.
    `words` says what is done, with gaps for the {amount} (also as {percent} or {levels}) and the {target}.
    `random`: does it use the seed?
    """

    apply: Callable
    low: float
    high: float
    step: float
    start: float
    label: str
    tip: str
    words: str
    random: bool = False


def keep(values, amount, rng):
    return values


def scale(values, amount, rng):
    return amount * values


def zero_smallest(values, amount, rng):
    return _zeroed(values, amount, np.argsort(np.abs(values), axis=None, kind="stable"))


def zero_random(values, amount, rng):
    return _zeroed(values, amount, rng.permutation(values.size))


def _zeroed(values, share, order):
    changed = values.copy()
    changed.flat[order[: round(share * values.size)]] = 0.0
    return changed


def shuffle(values, amount, rng):
    """A share of the places is chosen, and the numbers that stand there change places among themselves."""
    places = rng.permutation(values.size)[: round(amount * values.size)]
    changed = values.copy()
    changed.flat[places] = values.flat[rng.permutation(places)]
    return changed


def quantise(values, amount, rng):
    """Each number goes to the nearest of 2^amount evenly spaced values from −m to m, where m is the largest size."""
    most = np.abs(values).max()
    gaps = max(round(2**amount), 2) - 1
    if most == 0:
        return values
    return most * (2 * np.round((values / most + 1) / 2 * gaps) / gaps - 1)


def noise(values, amount, rng):
    """Normal noise whose standard deviation is `amount` times that of the group."""
    return values + amount * values.std() * rng.standard_normal(values.shape)


_SHARE = {"low": 0.0, "high": 1.0, "step": 0.01}

OPERATIONS = {
    "none": Operation(
        keep, low=0, high=1, step=0.05, start=0, label="amount",
        tip="Without an operation the amount does nothing",
        words="Nothing is done",
    ),
    "scale": Operation(
        scale, low=-1, high=3, step=0.05, start=0.5, label="factor",
        tip="What each number is multiplied by",
        words="The {target} are multiplied by {amount:.2f}",
    ),
    "zero_smallest": Operation(
        zero_smallest, **_SHARE, start=0.5, label="share zeroed",
        tip="How many of each layer's numbers become 0, the smallest first",
        words="The smallest {percent} of the {target} are set to 0",
    ),
    "zero_random": Operation(
        zero_random, **_SHARE, start=0.5, label="share zeroed", random=True,
        tip="How many of each layer's numbers become 0, drawn at random",
        words="{percent} of the {target}, drawn at random, are set to 0",
    ),
    "shuffle": Operation(
        shuffle, **_SHARE, start=1.0, label="share moved", random=True,
        tip="How many of each layer's numbers change places with each other",
        words="{percent} of the {target} change places with each other, each layer for itself",
    ),
    "quantise": Operation(
        quantise, low=1, high=8, step=1, start=4, label="bits",
        tip="With n bits a number can take only 2ⁿ values",
        words="The {target} are rounded to {amount:g} bits, {levels} possible values in each layer",
    ),
    "noise": Operation(
        noise, low=0, high=4, step=0.05, start=0.5, label="noise (sd)", random=True,
        tip="Standard deviation of the noise, in units of the layer's own",
        words="Noise of {amount:.2f} standard deviations is added to the {target}",
    ),
}  # fmt: skip
OPERANDS = ("weights", "biases", "both")
LAYERS = ("all", 1, 2)


def operate(net, operation, amount, what="weights", layer="all", seed=0):
    """A copy of `net` after the operation on its weights, biases or both, in one layer (counted from 1) or all."""
    changed, apply = net.copy(), OPERATIONS[operation].apply
    for number, (W, b) in enumerate(zip(changed.weights, changed.biases, strict=True), start=1):
        if layer not in ("all", number):
            continue
        for kind, group in (("weights", W), ("biases", b)):
            if what in (kind, "both"):
                group[...] = apply(group, amount, np.random.default_rng((seed, number, kind == "biases")))
    return changed
