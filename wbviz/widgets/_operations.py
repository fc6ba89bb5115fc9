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
    `words` says in a sentence what is done, with the amount where {amount} stands. `random`: does it use the seed?
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
    "none": Operation(keep, 0, 1, 0.05, 0, "amount", "Without an operation the amount does nothing", "nothing is done to"),
    "scale": Operation(
        scale, -1, 3, 0.05, 0.5, "factor", "What each number is multiplied by", "the factor {amount:.2f} multiplies"
    ),
    "zero_smallest": Operation(
        zero_smallest, **_SHARE, start=0.5, label="share zeroed", tip="How many of each layer's numbers become 0, smallest first",
        words="the smallest {amount:.0%} are set to 0 among",
    ),
    "zero_random": Operation(
        zero_random, **_SHARE, start=0.5, label="share zeroed", tip="How many of each layer's numbers become 0, drawn at random",
        words="{amount:.0%}, drawn at random, are set to 0 among", random=True,
    ),
    "shuffle": Operation(
        shuffle, **_SHARE, start=1.0, label="share moved", tip="How many of each layer's numbers change places with each other",
        words="{amount:.0%} change places within each layer among", random=True,
    ),
    "quantise": Operation(
        quantise, 1, 8, 1, 4, "bits", "With n bits a number can take only 2ⁿ values",
        "{amount:g} bits, so {levels} possible values in each layer, are left of",
    ),
    "noise": Operation(
        noise, 0, 4, 0.05, 0.5, "noise (sd)", "Standard deviation of the noise, in units of the layer's own",
        "noise of {amount:.2f} standard deviations is added to", random=True,
    ),
}  # fmt: skip
OPERANDS = ("weights", "biases", "both")
LAYERS = ("all", 1, 2)


def operate(net, operation, amount, what="weights", layer="all", seed=0):
    """A copy of `net` after the operation on its weights, biases or both, in one layer (counted from 1) or all."""
    changed, apply = net.copy(), OPERATIONS[operation].apply
    for l in range(net.n_layers):
        if layer not in ("all", l + 1):
            continue
        for kind, group in (("weights", changed.weights[l]), ("biases", changed.biases[l])):
            if what in (kind, "both"):
                group[...] = apply(group, amount, np.random.default_rng((seed, l, kind == "biases")))
    return changed
