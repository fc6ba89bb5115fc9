"""All weights and biases of a network as a table of number fields, with a slider for the one in hand."""

import itertools
import math

import anywidget
import numpy as np
import traitlets

from wbviz.engine import Network
from wbviz.picture import beside
from wbviz.widgets._traits import names_of_units
from wbviz.widgets._tree import close_tree
from wbviz.widgets._words import parameter_names


class ParameterTable(anywidget.AnyWidget):
    """A row of the panel for a `parameters` knob: each layer is a table, a column for each unit, its bias last.

    The biases stand under the weights that come into the same unit: z = X @ W + b, column by column. Above the tables
    is a slider for the parameter in hand, the one whose field or slider had the focus last. Values are shown with
    `show`; what the learner does is told to `on_edit(index, value)`, `on_choose(index)` and `on_freeze(index, frozen)`.
    """

    _esm = traitlets.Unicode(beside(__file__, "turning.js", "parameters.js")).tag(sync=True)
    _css = traitlets.Unicode(beside(__file__, "turning.css", "parameters.css")).tag(sync=True)
    knob = traitlets.Unicode(help="The name of the trait that holds the parameters.").tag(sync=True)
    layers = traitlets.List().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    frozen = traitlets.List(allow_none=True).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    span = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    # What was done, as state of which the latest wins: [number, what, index, value] of the last 32 deeds.
    deeds = traitlets.List().tag(sync=True, echo_update=False)
    heard = traitlets.Int(0, help="The number of the last deed that was answered.").tag(sync=True)

    def __init__(self, span, on_edit, on_choose=lambda index: None, on_freeze=None):
        super().__init__(span={name: span[name] for name in ("min", "max", "step", "label")})
        self._shape = None
        self._answers = {"edit": on_edit, "choose": lambda i, _: on_choose(i), "freeze": on_freeze}
        self.frozen = None if on_freeze is None else []
        self.observe(self._hear, names="deeds")

    def show(self, values, names, chosen=0, frozen=None):
        """Show the parameters of a network whose units have these `names` (see `unit_names`), in one message."""
        values = [_rounded(value) for value in values]
        with self.hold_sync():
            if names != self._shape:
                self._shape, self.layers = [list(layer) for layer in names], _layers(names)
            self.values, self.chosen = values, min(max(int(chosen), 0), len(values) - 1)
            if self.frozen is not None:
                self.frozen = sorted(frozen or [])

    def enable(self, enabled):
        """Let the numbers be changed, or not."""
        self.disabled = not enabled

    def say(self, message):
        """Show an error under the table; an empty message takes it away."""
        self.error = message

    def _hear(self, change):
        fresh = [deed for deed in change["new"] if deed[0] > self.heard]
        with self.hold_sync():
            for number, what, index, value in fresh:
                self.heard = number
                self._answers[what](index, value)

    def close(self):
        """Free the model, its layout included."""
        self.unobserve_all()
        close_tree(self)


class ParameterRow(ParameterTable):
    """The table of an explorer's `parameters` knob, linked with its traits `chosen` and `frozen` where it has them."""

    def __init__(self, explorer, name, on_change):
        self._explorer = explorer
        freeze = self._freeze if explorer.has_trait("frozen") else None
        self._name, self._on_change = name, on_change
        super().__init__(explorer.range_of(name), self._edit, self._choose, freeze)
        self.knob, self._shown = name, None

    def show(self, values):
        """Move everything to where the explorer is; little is done when that is where it was."""
        explorer = self._explorer
        units = list(explorer.sizes), getattr(explorer, "input_names", None), getattr(explorer, "output_names", None)
        chosen = explorer.chosen if explorer.has_trait("chosen") else self.chosen
        shown = (values, units, chosen, getattr(explorer, "frozen", None))
        if shown != self._shown:
            self._shown = shown
            super().show(values, names_of_units(explorer), chosen, shown[-1])

    def _edit(self, index, value):
        values = list(getattr(self._explorer, self._name))
        values[index] = math.nan if value is None else value
        self._shown = None  # what is refused has to be put back
        self._on_change(values)

    def _choose(self, index):
        if self._explorer.has_trait("chosen"):
            self._explorer.chosen = index
        else:
            self.chosen = index

    def _freeze(self, index, frozen):
        others = [i for i in self._explorer.frozen if i != index]
        self._explorer.frozen = sorted([*others, index] if frozen else others)


def small_network(sizes, params, hidden="tanh", output="identity"):
    """A network of these sizes with these parameters, a flat list."""
    net = Network(sizes, hidden=hidden, output=output, init="zeros")
    net.params = np.array(params, dtype=float)
    return net


def checked_index(value):
    """An index of a parameter: a whole number from 0. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(f"expected the index of a parameter, a whole number from 0, but got {value!r}.")
    return int(value)


def checked_indices(value):
    """Indices of parameters, sorted, each once. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"expected a list of indices of parameters, but got {value!r}.")
    return sorted({checked_index(item) for item in value})


def _layers(names):
    """What the front end draws: for each layer its title, the rows and columns of its table, the names of its cells."""
    layers, flat, first = [], parameter_names(names), 0
    for number, (sources, units) in enumerate(itertools.pairwise(names)):
        end = first + (len(sources) + 1) * len(units)
        layer = "output" if number == len(names) - 2 else f"layer {number + 1}"
        title = f"{layer}: W ({len(sources)} × {len(units)}) and b ({len(units)})"
        rows = [*sources, "bias"]
        layers.append({"title": title, "rows": rows, "columns": units, "cells": flat[first:end], "first": first})
        first = end
    return layers


def _rounded(value):
    return float(f"{value:.6g}")
