"""What BackwardPass steps through, the numbers it shows, and the error it can hide."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import FAULTS, ChainRule, faulty, numerical_gradient
from wbviz.widgets._parameters import small_network
from wbviz.widgets._traits import count_params

#: Faults are stored as numbers, so that a shared text does not say which derivative is wrong.
_PRIME, _FACTOR = 9973, 4421
KINDS = tuple(FAULTS)


class Step(NamedTuple):
    """A step: "inputs"; "forward" of a unit; "loss"; "delta" of a unit; "derivative" of a parameter; "update".

    layer and unit: the unit it works on, `layer` counting the layers of weights from 0. index: the parameter.
    """

    kind: str
    layer: int | None = None
    unit: int | None = None
    index: int | None = None


@lru_cache(maxsize=8)
def walk(sizes):
    """All steps: forward unit by unit, the loss, back unit by unit, its delta and what came into it; the update."""
    net = small_network(sizes, [0.0] * count_params(sizes))
    layers = range(len(sizes) - 1)
    steps = [Step("inputs"), *(Step("forward", layer, j) for layer in layers for j in range(sizes[layer + 1]))]
    steps.append(Step("loss"))
    for layer in reversed(layers):
        for j in range(sizes[layer + 1]):
            places = [*(("W", layer, i, j) for i in range(sizes[layer])), ("b", layer, j)]
            steps.append(Step("delta", layer, j))
            steps += [Step("derivative", layer, j, net.index(*place)) for place in places]
    return (*steps, Step("update"))


@dataclass(frozen=True)
class Passed:
    """One pass forward and back: the chain rule; the derivatives, `right` and as shown; the central differences.

    wrong: the index of the derivative that is shown with an error, or None.
    """

    rule: ChainRule
    right: tuple
    shown: tuple
    central: np.ndarray
    wrong: int | None

    @cached_property
    def gradient(self):
        """The derivatives as shown, shape (n_params,)."""
        return np.array([derivative.value for derivative in self.shown])

    @property
    def spoiled(self):
        """Does the error on purpose make a difference to the numbers as they are now?"""
        return self.wrong is not None and self.shown[self.wrong].value != self.right[self.wrong].value

    def of_unit(self, layer, unit):
        """The Derivative in the bias of a unit: its `arrived` is dL/da of the unit, its `delta` dL/dz."""
        return self.right[self.rule.net.index("b", layer, unit)]

    @cached_property
    def gaps(self):
        """How far each derivative shown is from its central difference, shape (n_params,)."""
        return np.abs(self.gradient - self.central)

    @cached_property
    def agree(self):
        """Whether each derivative is its central difference, but for what rounding and a step of finite size cost."""
        scale = max(abs(derivative.value) for derivative in self.right)
        return self.gaps <= 1e-6 * scale + 1e-10 * self.rule.loss + 1e-9


@lru_cache(maxsize=4)
def passed(sizes, params, hidden, output, x, y, fault):
    """The pass of a network at one example. All arguments are tuples, names or numbers; fault as `checked_fault`."""
    net = small_network(sizes, params, hidden, output)
    rule = ChainRule(net, x, y)
    right, wrong = tuple(rule.derivatives()), None
    shown = list(right)
    if fault is not None:
        wrong, kind = decoded(fault)
        shown[wrong] = faulty(rule, wrong, kind)
    return Passed(rule, right, tuple(shown), numerical_gradient(net, [x], [y]), wrong)


def possible(sizes, fault):
    """Can this error be made in a network of these sizes?"""
    net = small_network(sizes, [0.0] * count_params(sizes))
    index, kind = decoded(fault)
    return index < net.n_params and faulty(ChainRule(net, [0.0] * sizes[0], [0.0] * sizes[-1]), index, kind) is not None


# --- the error on purpose ---------------------------------------------------------------------------------------------


def checked_fault(value):
    """None, or the number of a fault; also made from {"index": of the parameter, "kind": a name of FAULTS}."""
    if value is None:
        return None
    if isinstance(value, dict):
        return _encoded(value)
    decoded(value)
    return int(value)


def _encoded(value):
    if set(value) != {"index", "kind"}:
        raise ValueError(f"expected {{'index': …, 'kind': …}}, but got {value!r}.")
    index, kind = value["index"], value["kind"]
    if kind not in FAULTS:
        raise ValueError(f"there is no kind {kind!r}. Choose from {', '.join(FAULTS)}.")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < _PRIME // len(KINDS):
        raise ValueError(f"expected the index of a parameter, a whole number from 0, but got {index!r}.")
    return (1 + index * len(KINDS) + KINDS.index(kind)) * _FACTOR % _PRIME


def decoded(number):
    """The index and the kind that a fault's number stands for. Raises ValueError where it is none."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < _PRIME:
        raise ValueError(f"expected None, {{'index': …, 'kind': …}} or a fault's number, but got {number!r}.")
    index, kind = divmod(number * pow(_FACTOR, -1, _PRIME) % _PRIME - 1, len(KINDS))
    return index, KINDS[kind]
