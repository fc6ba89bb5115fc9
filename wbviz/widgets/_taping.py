"""What AutodiffTape calculates: its expressions on a tape, and the same derivatives by the engine's backpropagation."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from wbviz.engine import Network, Tape
from wbviz.widgets._parameters import small_network
from wbviz.widgets._words import subscript


class Expression(NamedTuple):
    """An expression: `write(leaf, f)` writes it on a tape and returns the network's output.

    leaf: name → Value, all numbers it begins with. f: name of the activation. sizes: of the network whose weights and
    biases are its numbers, in the order of `parameters`. inputs: the names of its inputs. layers: the sizes of the
    network that the engine differentiates; other than `sizes` where the same numbers are used in several layers.
    """

    sizes: tuple
    inputs: tuple
    parameters: tuple
    layers: tuple
    write: object
    start: tuple


def _neuron(leaf, f):
    return (leaf["w₁"] * leaf["x₁"] + leaf["w₂"] * leaf["x₂"] + leaf["b"]).apply(f)


def _twice(leaf, f):
    h = (leaf["w"] * leaf["x₁"] + leaf["b"]).apply(f)
    return (leaf["w"] * h + leaf["b"]).apply(f)


def _two_units(leaf, f):
    h = [(leaf[f"w{k}"] * leaf["x₁"] + leaf[f"b{k}"]).apply(f) for k in "₁₂"]
    return leaf["v₁"] * h[0] + leaf["v₂"] * h[1] + leaf["c"]


def _network(leaf, f):
    output = None
    for j in map(subscript, range(1, 5)):
        h = (leaf[f"w₁{j}"] * leaf["x₁"] + leaf[f"w₂{j}"] * leaf["x₂"] + leaf[f"b{j}"]).apply(f)
        output = leaf[f"v{j}"] * h if output is None else output + leaf[f"v{j}"] * h
    return output + leaf["c"]


_W = tuple(f"w{subscript(i)}{subscript(j)}" for i in (1, 2) for j in range(1, 5))
_B, _V = (tuple(f"{letter}{subscript(j)}" for j in range(1, 5)) for letter in "bv")
EXPRESSIONS = {
    "one neuron": Expression((2, 1), ("x₁", "x₂"), ("w₁", "w₂", "b"), (2, 1), _neuron, (0.8, -0.5, 0.3)),
    "one neuron, used twice": Expression((1, 1), ("x₁",), ("w", "b"), (1, 1, 1), _twice, (0.8, 0.3)),
    "two hidden units": Expression(
        (1, 2, 1), ("x₁",), ("w₁", "w₂", "b₁", "b₂", "v₁", "v₂", "c"), (1, 2, 1), _two_units,
        (0.8, -1.2, 0.3, 0.1, 1.0, 0.7, -0.2),
    ),
    "the 2-4-1 network": Expression(
        (2, 4, 1), ("x₁", "x₂"), (*_W, *_B, *_V, "c"), (2, 4, 1), _network,
        tuple(Network([2, 4, 1], seed=0).params.tolist()),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Taped:
    """An expression with its numbers. lines: of the tape, the last one the loss (ŷ − y)². gradient: of each line.

    explicit: name of a leaf → the same derivative by the engine's backpropagation; of the target it has none.
    """

    lines: tuple
    gradient: tuple
    explicit: dict

    @cached_property
    def leaves(self):
        """How many lines are leaves: they come first."""
        return sum(not line.operation for line in self.lines)

    @cached_property
    def at(self):
        """Name of a leaf → its line."""
        return {line.name: k for k, line in enumerate(self.lines[: self.leaves])}

    @cached_property
    def edges(self):
        """All edges, as they are crossed on the way back: (line, which of its inputs, the line it took)."""
        back = reversed(range(len(self.lines)))
        return tuple((k, i, to) for k in back for i, to in enumerate(self.lines[k].inputs))

    def flow(self, line, i):
        """What goes back from a line to its input i: its gradient times the slope kept for this input."""
        return self.gradient[line] * self.lines[line].slopes[i]

    def arrivals(self, line):
        """What arrives at a line on the way back, edge by edge in the order of time: [(from, amount), …]."""
        return [(k, self.flow(k, i)) for k, i, to in self.edges if to == line]

    def so_far(self, line, visited):
        """The gradient of a line when the way back has come down to the line `visited`, or None before the first."""
        if line == len(self.lines) - 1:
            return 1.0
        found = [amount for k, amount in self.arrivals(line) if k >= visited]
        return sum(found) if found else None

    def paths(self, line):
        """How many ways lead from a line to the loss."""
        return 1 if line == len(self.lines) - 1 else sum(self.paths(k) for k, _, to in self.edges if to == line)


class Step(NamedTuple):
    """A step: "leaves"; "forward" over a line; "seed", the slope 1 of the loss; "back" over a line; "compare"."""

    kind: str
    line: int | None = None


@lru_cache(maxsize=8)
def blank(name):
    """The tape of an expression with the weights and biases it begins with, and inputs of 0."""
    return taped(name, "tanh", (0.0,) * len(EXPRESSIONS[name].inputs), EXPRESSIONS[name].start)


def symbols(found):
    """What stands in the nodes of a Taped's graph: a leaf's name, the sign of an operation, f for an activation."""
    signs = {"+": "+", "−": "−", "·": "·", "²": "( )²"}
    return [line.name or signs.get(line.operation, "f") for line in found.lines]


@lru_cache(maxsize=8)
def walk(name):
    """All steps over an expression: each operation forward, then each of them back."""
    found = blank(name)
    operations = range(found.leaves, len(found.lines))
    back = (Step("back", k) for k in reversed(operations))
    return (Step("leaves"), *(Step("forward", k) for k in operations), Step("seed"), *back, Step("compare"))


@lru_cache(maxsize=8)
def taped(name, f, x, params, y=0.0):
    """The Taped of an expression. f: name of the activation. x, params: tuples. y: the target."""
    expression, tape = EXPRESSIONS[name], Tape()
    names = (*expression.inputs, *expression.parameters, "y")
    leaf = {each: tape.leaf(value, each) for each, value in zip(names, (*x, *params, y), strict=True)}
    (expression.write(leaf, f) - leaf["y"]) ** 2
    return Taped(tuple(tape.lines), tuple(tape.gradient()), _explicit(expression, f, x, y, params))


def _explicit(expression, f, x, y, params):
    """The derivatives by Network.backward; of numbers used in two layers the sum of both layers' derivatives."""
    uses = (len(expression.layers) - 1) // (len(expression.sizes) - 1)
    output = f if expression.write in (_neuron, _twice) else "identity"
    net = small_network(expression.layers, list(params) * uses, f, output)
    back = net.backward([x], [[y]])
    found = [*back.dX[0].tolist(), *back.gradient.reshape(uses, -1).sum(axis=0).tolist()]
    return dict(zip((*expression.inputs, *expression.parameters), found, strict=True))
