"""A tape: automatic differentiation of plain numbers in reverse, as Linnainmaa described it (1970), to be read.

Each operation writes a line: what was done with which earlier lines, the value, and the slope of the value in each of
them. Read from its end, every line hands its gradient on to the lines it was made of, times the slope; where several
arrive, they add up. PyTorch's `loss.backward()` and TensorFlow's `GradientTape` do this with whole arrays.
"""

from typing import NamedTuple

from . import checks
from .activations import ACTIVATIONS, sigmoid

#: Name of an operation → its value, and its slope in each input; both take the inputs.
OPERATIONS = {
    "+": (lambda a, b: a + b, lambda a, b: (1, 1)),
    "−": (lambda a, b: a - b, lambda a, b: (1, -1)),
    "·": (lambda a, b: a * b, lambda a, b: (b, a)),
    "²": (lambda a: a * a, lambda a: (2 * a,)),
    **{name: (each.f, lambda z, each=each: (each.derivative(z),)) for name, each in ACTIVATIONS.items()},
    "binary_cross_entropy": (
        lambda a, y: ACTIVATIONS["softplus"].f(a) - a * y,  # −y log σ(a) − (1 − y) log(1 − σ(a)), without overflow
        lambda a, y: (sigmoid(a) - y, -a),
    ),
}


class Line(NamedTuple):
    """A line of a tape: the operation ("" for a leaf), the lines it took, its value, its slope in each of these."""

    operation: str
    inputs: tuple
    value: float
    slopes: tuple
    name: str = ""


class Tape:
    """The lines of a calculation, in the order in which they were written."""

    def __init__(self):
        self.lines = []

    def leaf(self, value, name=""):
        """A number to begin with, such as a weight, a bias, an input or a target → Value."""
        return self._write(Line("", (), float(value), (), name))

    def apply(self, operation, *values):
        """Do an operation (a name in OPERATIONS) and write it down → Value. Plain numbers become leaves."""
        value, slopes = checks.pick(OPERATIONS, operation, "operation")
        taken = [each if isinstance(each, Value) else self.leaf(each) for each in values]
        numbers = [each.number for each in taken]
        inputs = tuple(each.line for each in taken)
        return self._write(Line(operation, inputs, float(value(*numbers)), tuple(map(float, slopes(*numbers)))))

    def _write(self, line):
        self.lines.append(line)
        return Value(self, len(self.lines) - 1)

    def gradient(self):
        """The slope of the last line in each line: a list. Every edge is crossed once, whatever there are of paths."""
        gradient = [0.0] * (len(self.lines) - 1) + [1.0]
        for k in reversed(range(len(self.lines))):
            for to, slope in zip(self.lines[k].inputs, self.lines[k].slopes, strict=True):
                gradient[to] += gradient[k] * slope
        return gradient


class Value:
    """A number on a tape. Calculating with it writes more lines: w * x + b, (y_hat - y) ** 2, z.apply("tanh")."""

    def __init__(self, tape, line):
        self.tape, self.line, self.number = tape, line, tape.lines[line].value

    def apply(self, operation, *others):
        """An operation with this number as its first input → Value."""
        return self.tape.apply(operation, self, *others)

    def __add__(self, other):
        return self.apply("+", other)

    def __sub__(self, other):
        return self.apply("−", other)

    def __mul__(self, other):
        return self.apply("·", other)

    def __pow__(self, power):
        if power != 2:
            raise ValueError(f"The tape knows the power 2 only, got {power!r}. Multiply instead.")
        return self.apply("²")
