"""The sum of one unit, piece by piece, in numbers and as text."""

import itertools
from typing import NamedTuple

from wbviz.widgets._words import as_term, signed


class WeightedSum(NamedTuple):
    """z = Σ input · weight + bias and a = f(z): what one unit makes of one input."""

    inputs: list
    weights: list
    bias: float
    z: float
    a: float

    @classmethod
    def of(cls, net, record, layer, unit, row=0):
        """The sum of a unit of a layer of weights, both counted from 0, for a row of a forward `record` of `net`."""
        weights, bias = net.weights[layer][:, unit].tolist(), float(net.biases[layer][unit])
        z, a = (float(values[layer][row, unit]) for values in (record.z, record.a[1:]))
        return cls(record.a[layer][row].tolist(), weights, bias, z, a)

    @property
    def products(self):
        """Each input times its weight."""
        return [x * w for x, w in zip(self.inputs, self.weights, strict=True)]

    @property
    def so_far(self):
        """The sum after each product."""
        return list(itertools.accumulate(self.products))

    @property
    def written(self):
        """The sum with its numbers: `1·0.073 + 0.5·(−0.309) + 0`."""
        (x, w), *others = zip(self.inputs, self.weights, strict=True)
        terms = [product(x, w), *(f"{bracketed(x)}·{bracketed(w)}" for x, w in others)]
        return " + ".join(terms) + f" {later(self.bias)}"

    @property
    def worked_out(self):
        """The same with its products worked out: `0.073 − 0.155 + 0`."""
        first, *others = self.products
        return " ".join([short(first), *map(later, [*others, self.bias])])


def aligned(value):
    """A number as a column shows it: four digits, at most three of them decimals: 0.073, −0.500, −10.30, 2810."""
    size = abs(value)
    return signed(value, next((d for d, limit in ((3, 9.9995), (2, 99.995), (1, 999.95)) if size < limit), 0))


def short(value):
    """A number as a formula shows it: the same without zeros at the end: 0.073, −0.5, −10.3."""
    text = aligned(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact(value):
    """A number as a cell shows it: two decimals below 10, one below 100, else none."""
    size = abs(value)
    return signed(value, 2 if size < 9.995 else 1 if size < 99.95 else 0)


def later(value):
    """A number as a later term of a sum: `+ 0.5` or `− 0.5`."""
    return as_term(short(value))


def bracketed(value):
    """A number as a formula shows it after a sign or a dot: 0.5 or (−0.5)."""
    text = short(value)
    return f"({text})" if text.startswith("−") else text


def product(first, second):
    """A product with its numbers: `0.5·(−0.31)`."""
    return f"{short(first)}·{bracketed(second)}"
