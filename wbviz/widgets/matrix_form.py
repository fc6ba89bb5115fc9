"""The formula of a neuron for a layer, a batch, two layers: Z = X @ W + b, every entry traceable."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import ACTIVATIONS, Network
from wbviz.scenes.matrix_form import GRIDS, ROWS, MatrixFormScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._in_hand import InHand
from wbviz.widgets._parameters import checked_index, small_network
from wbviz.widgets._traits import choice, data, numbers, parameters, whole
from wbviz.widgets._weighted_sum import WeightedSum, compact, short
from wbviz.widgets._words import parameter_names, subscript, unit_names

SIZES = [2, 4, 1]


class View(NamedTuple):
    """How much is in view: all units or one, the whole batch or one input, one layer or two."""

    layer: bool
    batch: bool
    layers: int


VIEWS = {
    "one neuron, one input": View(False, False, 1),
    "one layer, one input": View(True, False, 1),
    "one layer, a batch": View(True, True, 1),
    "two layers, a batch": View(True, True, 2),
}
INPUTS = [[1.0, 0.5], [-1.0, 2.0], [0.0, 0.0], [2.0, -1.5], [0.5, 0.5], [-2.0, -1.0]]
HINT = "Click a number or use the arrows to trace another; + − change the framed one. Numbers are rounded."


class MatrixForm(InHand, Explorer):
    """One neuron, a layer, a batch, two layers: always Z = X @ W + b, only the shapes grow.

    Predict the shape of Z before you change the view, and which row and which column meet in an entry; click it, and
    both light up and its sum is written out. The numbers keep their places while the matrices grow around them: a
    layer is many neurons side by side, a batch is many inputs one below the other, and b is the same for all of them.
    Click any number, or use the keys: the arrows trace another entry, + and - change the weight or bias in hand.
    """

    title = "Z = X @ W + b"
    size = (680, 480)
    interactive = True
    sizes = SIZES

    view = choice("one layer, a batch", VIEWS, label="show", tip="How much of the formula is in view")
    n = whole(4, min=1, max=ROWS, label="batch size n", tip="How many inputs the batch holds: the rows of X")
    x = numbers([1.0, 0.5], min=-3, max=3, label="x{i}", length=(2, 2), tip="The traced row of X: one input")
    hidden = choice("tanh", ACTIVATIONS, label="activation", tip="What turns Z₁ into A₁, number by number")
    params = parameters(Network(SIZES, seed=0).params, tip="The numbers in W and b")
    X = data(INPUTS, check=lambda value: _checked_inputs(value))
    entry = data([0, 0, 0], check=lambda value: _checked_entry(value))
    chosen = data(0, check=checked_index)

    def idle(self):
        """One input is no batch."""
        return () if VIEWS[self.view].batch else ("n",)

    def settle(self, changed):
        """What is traced and what is in hand are in view, and `x` is the traced row of `X`."""
        self._settle_hand(changed)
        layer, row, column = self.entry
        layer = min(layer, VIEWS[self.view].layers - 1)
        row, column = min(row, self.n - 1), min(column, SIZES[layer + 1] - 1)
        self.entry = [layer, row, column]
        self._lay_down()
        if "x" in changed and "X" not in changed:
            self.X = [*self.X[:row], self.x, *self.X[row + 1 :]]
        self.x = self.X[row]

    def _settle_hand(self, changed):
        """A parameter newly in hand is brought into view, and its unit is traced; one out of view is laid down."""
        self.chosen = min(self.chosen, len(self.params) - 1)
        _, layer, *_, unit = self._computed[0].name_of(self.chosen)
        if changed == {"chosen"}:
            self.view = "two layers, a batch" if layer == 1 else self.view
            self.entry = [layer, self.entry[1], unit]

    def _lay_down(self):
        """The parameter in hand is one in view."""
        view, (_, layer, *_, unit) = VIEWS[self.view], self.network.name_of(self.chosen)
        if layer >= view.layers or not (view.layer or unit == self.entry[2]):
            self.chosen = self.entry[2]

    def setup(self):
        self.scene = MatrixFormScene(self.figure)

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network 2-4-1 whose two layers are shown."""
        return small_network(SIZES, self.params, self.hidden)

    @property
    def _computed(self):
        return _computed(tuple(self.params), self.hidden, tuple(map(tuple, self.X[: self.n])))

    def record(self):
        """The engine's forward pass of the n rows of the batch: `.z` and `.a`, each of shape (n, units)."""
        return self._computed[1]

    def traced(self):
        """The traced entry, piece by piece."""
        layer, row, column = self.entry
        return WeightedSum.of(*self._computed, layer, column, row)

    def shapes(self):
        """The shape of each matrix in view, by name."""
        rows, units, layers = self._in_view()
        n, n_in, n_out = len(rows), SIZES[0], len(units)
        first = {"X": (n, n_in), "W1": (n_in, n_out), "b1": (n_out,), "Z1": (n, n_out), "A1": (n, n_out)}
        second = {"W2": (n_out, 1), "b2": (1,), "Z2": (n, 1)}
        return first | second if layers == 2 else first

    def _in_view(self):
        """The rows and the units of layer 1 in view, and how many layers."""
        view, (_, row, column) = VIEWS[self.view], self.entry
        rows = list(range(self.n)) if view.batch else [row]
        return rows, list(range(SIZES[1])) if view.layer else [column], view.layers

    def _arrays(self):
        """What could be shown in each grid, whether it is in view or not."""
        net, record = self._computed
        return {
            "X": np.array(self.X), "W1": net.weights[0], "b1": np.tile(net.biases[0], (ROWS, 1)),
            "Z1": _padded(record.z[0]), "A1": _padded(record.a[1]),
            "W2": net.weights[1], "b2": np.tile(net.biases[1], (ROWS, 1)), "Z2": _padded(record.z[1]),
        }  # fmt: skip

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        texts = {name: _TEXTS(array) for name, array in self._arrays().items()}
        words = {"names": self._headings(), "lines": [*self._lines(), HINT]}
        self.scene.update(list(self._computed[0].weights), texts, self._in_view(), self.entry, self._held_cell(), words)

    def _held_cell(self):
        kind, layer, *place = self._computed[0].name_of(self.chosen)
        row = self._in_view()[0][0]
        return (f"W{layer + 1}", *place) if kind == "W" else (f"b{layer + 1}", row, *place)

    def _headings(self):
        shapes = self.shapes()
        equal = {"A1": f" = {self._function}(Z₁)", "Z2": " = ŷ"}
        return {
            name: f"{_symbol(name)}{equal.get(name, '')}  {shapes[name]}" if name in shapes else "" for name in GRIDS
        }

    @property
    def _function(self):
        return self.hidden.replace("_", " ")

    def _lines(self):
        layer, row, column = self.entry
        source, k = ("X", "A₁")[layer], layer + 1
        traced = self.traced()
        return (
            f"Z{subscript(k)}, row {row + 1}, column {column + 1}:  row {row + 1} of {source}  times  "
            f"column {column + 1} of W{subscript(k)},  plus number {column + 1} of b{subscript(k)}",
            f"z = {traced.written}",
            f"  = {traced.worked_out} = {short(traced.z)}{self._onward(traced)}",
            f"NumPy counts from 0:  Z{k}[{row}, {column}] == {'XA'[layer]}{'1' * layer}[{row}] @ W{k}[:, {column}] "
            f"+ b{k}[{column}]",
        )

    def _onward(self, traced):
        if self.entry[0] == 1:
            return ", the output ŷ"
        return f";   in A₁:  {self._function}({short(traced.z)}) = {short(traced.a)}"

    def describe(self):
        shapes = {name: f"{_symbol(name)} {shape}" for name, shape in self.shapes().items()}
        formulas = ["{X} @ {W1} + {b1} = {Z1}, and {A1}".format(**shapes) + f" = {self._function}(Z₁)"]
        if "Z2" in shapes:
            formulas.append("{A1} @ {W2} + {b2} = {Z2} = ŷ".format(**shapes))
        where, written, products, _ = self._lines()
        in_hand = f"In hand: {parameter_names(unit_names(SIZES))[self.chosen]} = {short(self.params[self.chosen])}."
        sums = f"{where}: {written} {products.strip()}."
        return f"{self.view}: {'; then '.join(formulas)}. {self._broadcast()}{sums} {in_hand}"

    def _broadcast(self):
        n = len(self._in_view()[0])
        return "" if n == 1 else f"b is written once and added to each of the {n} rows (broadcasting). "

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """A number of Z or A is traced; one of X, W or b leads to the traced row or column, and W and b are in hand."""
        cell = self.scene.at(point.x, point.y) if point.axes is self.scene.sheet else None
        if cell is None or not self._is_in_view(*cell):
            return
        (name, row, column), (_, traced_row, traced_column) = cell, self.entry
        layer = 0 if name == "X" else int(name[1]) - 1
        places = {"X": (row, traced_column), "W": (traced_row, column)}
        settings = {"entry": [layer, *places.get(name[0], (row, column))]}
        if name[0] in "Wb":
            settings["chosen"] = self.network.index(name[0], layer, *((row, column) if name[0] == "W" else (column,)))
        self.apply(settings)

    def _is_in_view(self, name, row, column):
        return name in self.shapes() and (name[0] == "W" or row < self.n)

    def on_key(self, key, shift=False):
        """The arrows trace the neighbour; beyond the last column of Z₁ comes Z₂. + and - move the number in hand."""
        if key in STEPS:
            self._trace(*STEPS[key])
        self.turn_in_hand(key, shift)

    def _trace(self, down, across):
        layer, row, column = self.entry
        last = SIZES[1] - 1
        place = min(max(layer * SIZES[1] + column + across, 0), last + VIEWS[self.view].layers - 1)
        row = min(max(row + down, 0), self.n - 1)
        self.entry = [0, row, place] if place <= last else [1, row, 0]


@lru_cache(maxsize=8)
def _computed(params, hidden, X):
    """The network and the record of its forward pass; neither is written to."""
    net = small_network(SIZES, params, hidden)
    return net, net.forward(X)


def _symbol(name):
    return name[0] + subscript(name[1:])


def _padded(values):
    """The values of the batch with empty rows below: shape (ROWS, columns)."""
    return np.pad(values, ((0, ROWS - len(values)), (0, 0)))


def _checked_entry(value):
    """[layer, row, column] of a number in Z, each counted from 0."""
    ranges = {"layer": len(SIZES) - 1, "row": ROWS, "column": max(SIZES)}
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        raise ValueError(f"expected [layer, row, column] of a number in Z, each counted from 0, but got {value!r}.")
    for item, (name, count) in zip(value, ranges.items(), strict=True):
        if isinstance(item, bool) or not isinstance(item, int) or not 0 <= item < count:
            raise ValueError(f"the {name} goes from 0 to {count - 1}, but got {item!r}.")
    return list(value)


def _checked_inputs(value):
    """The rows of X: six pairs of numbers from -3 to 3."""
    rows = np.array(value, dtype=float)
    if rows.shape != (ROWS, SIZES[0]):
        raise ValueError(f"expected {ROWS} rows of {SIZES[0]} numbers, but got an array of shape {rows.shape}.")
    if not (np.abs(rows) <= 3).all():
        raise ValueError(f"inputs go from -3 to 3, but got {value!r}.")
    return rows.tolist()


STEPS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}
_TEXTS = np.vectorize(compact, otypes=[object])
