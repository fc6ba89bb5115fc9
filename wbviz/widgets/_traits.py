"""Knobs: traits that carry their range, label and tooltip, so that a control can be built from each.

A knob is written once, in the class body of an explorer, and everything follows from it: validation with a sentence
that names the value, the slider and its number field, the drop-down, the order on the page.
"""

import itertools
import math

import traitlets

from wbviz.widgets._words import nearest, parameter_names, subscript, unit_names


class Number(traitlets.Float):
    """A finite float between `min` and `max`, shown as a slider with a number field. Raises TraitError otherwise."""

    def validate(self, obj, value):
        meta = range_of(self, obj)
        return checked_number(meta, value, meta["label"], float)


class Whole(traitlets.Int):
    """A whole number between `min` and `max`, shown as a slider with a number field. Raises TraitError otherwise."""

    def validate(self, obj, value):
        if isinstance(value, float) and not value.is_integer():
            raise traitlets.TraitError(f"{self.metadata['label']} must be a whole number, but got {value!r}.")
        meta = range_of(self, obj)
        return checked_number(meta, value, meta["label"], int)


class Numbers(traitlets.List):
    """A list of finite floats between `min` and `max`, one slider and number field each.

    `length` is a pair (fewest, most). A list of another length, or a value out of range, raises TraitError.
    """

    def validate(self, obj, value):
        meta = range_of(self, obj)
        fewest, most = meta["length"]
        if isinstance(value, str) or not hasattr(value, "__len__"):
            raise traitlets.TraitError(f"{self.name} must be a list of numbers, but got {value!r}.")
        if not fewest <= len(value) <= most:
            expected = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise traitlets.TraitError(f"{self.name} must hold {expected} numbers, but got {len(value)}: {value!r}.")
        return [checked_number(meta, v, item_label(meta["label"], i), float) for i, v in enumerate(value)]


class Parameters(traitlets.List):
    """All weights and biases of a small network, in the order of `Network.params`, shown as a table.

    The explorer says how many there are: `sizes`, its units layer by layer. Another number of them, or a value out of
    range, raises TraitError.
    """

    def validate(self, obj, value):
        label, expected = self.metadata["label"], count_params(obj.sizes)
        if isinstance(value, str) or not hasattr(value, "__len__"):
            raise traitlets.TraitError(f"{self.name} must be a list of numbers, but got {value!r}.")
        if len(value) != expected:
            raise traitlets.TraitError(
                f"{self.name}: a network of sizes {list(obj.sizes)} has {expected} {label}, but got {len(value)}."
            )
        names, meta = parameter_names(names_of_units(obj)), self.span(obj)
        return [checked_number(meta, v, name, float) for name, v in zip(names, value, strict=True)]

    def span(self, obj):
        """How far each of them goes. The range of a knob may follow from the parameters: it is not asked."""
        return self.metadata


class Choice(traitlets.Enum):
    """One of the names in `values`, shown as a drop-down. Another name raises TraitError with the nearest one.

    Where the range of the knob names other `values`, as that of a learner's own model does, it is one of these.
    """

    def validate(self, obj, value):
        values = self.values_in(range_of(self, obj))
        if value in values:
            return value
        names = ", ".join(map(str, values if len(values) <= 40 else [*values[:20], "…", *values[-5:]]))
        hint = nearest(value, values)
        raise traitlets.TraitError(f"{self.metadata['label']} must be one of {names}, but got {value!r}.{hint}")

    def values_in(self, meta):
        """The names there are to choose from where the knob's range is `meta`."""
        return meta.get("values", self.values)


class Toggle(traitlets.Bool):
    """On or off, shown as a check box."""


class Data(traitlets.Any):
    """State without a control of its own, such as points that are dragged in the picture.

    `check(value)` returns the value to keep (plain lists, dicts, numbers, text) or raises ValueError with a sentence.
    """

    allow_none = False  # whether None is a value is for `check` to say

    def validate(self, obj, value):
        try:
            return self.metadata["check"](value)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"{self.name}: {error}") from None


def names_of_units(explorer):
    """The names of the units of an explorer's network; `input_names` and `output_names` are its own, if it has any."""
    inputs, outputs = (getattr(explorer, f"{end}_names", None) for end in ("input", "output"))
    return unit_names(explorer.sizes, inputs, outputs)


def range_of(trait, owner):
    """The range of a knob of `owner` (Explorer.range_of), or what the trait itself says."""
    return owner.range_of(trait.name) if hasattr(owner, "range_of") else trait.metadata


def checked_number(meta, value, label, kind):
    """`value` as a plain `kind` when it is finite and in the range of `meta`; otherwise a TraitError that says so."""
    low, high = meta["min"], meta["max"]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise traitlets.TraitError(f"{label} must be a number, but got {value!r}.") from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise traitlets.TraitError(f"{label} must be a finite number, but got {value!r}.")
    if not low <= number <= high:
        raise traitlets.TraitError(f"{label} goes from {low:g} to {high:g}, but got {number:g}.")
    return kind(number)


def item_label(label, index):
    """The label of one item of a list knob: `w{i}` becomes w₁ for the first; a list of labels is looked up."""
    return label.format(i=subscript(index + 1)) if isinstance(label, str) else label[index]


def number(default, *, min, max, step=0.1, label, tip="", random=True, log=False):
    """A number knob. `random=False` leaves it alone when the learner presses Randomise.

    `log=True`: the slider goes in equal ratios, as suits a learning rate. Then min is above 0, `step` is that of the
    field only, and Randomise leaves it alone.
    """
    tags = {"min": min, "max": max, "step": step, "random": random and not log, "log": log}
    return Number(default).tag(knob=True, label=label, tip=tip, **tags)


def whole(default, *, min, max, step=1, label, tip="", random=False):
    """A whole-number knob."""
    return Whole(default).tag(knob=True, min=min, max=max, step=step, label=label, tip=tip, random=random)


def numbers(default, *, min, max, step=0.1, label, length, tip="", random=True, log=False):
    """A knob that is a list of numbers. `label` holds `{i}` where the index goes, or is a list of labels.

    `log` as for `number`.
    """
    tags = {"min": min, "max": max, "step": step, "random": random and not log, "log": log}
    return Numbers(default_value=list(default)).tag(knob=True, label=label, length=length, tip=tip, **tags)


def parameters(default, *, min=-10, max=10, step=0.1, label="weights and biases", tip="", random=True):
    """A knob that is a whole network's weights and biases. Its explorer has `sizes`; see ParameterTable."""
    trait = Parameters(default_value=[float(value) for value in default])
    return trait.tag(knob=True, min=min, max=max, step=step, label=label, tip=tip, random=random)


def count_params(sizes):
    """How many weights and biases a dense network of these sizes has: each unit its incoming weights and one bias."""
    return sum((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes))


def choice(default, options, *, label, tip=""):
    """A knob with named options: any iterable of names, such as a registry."""
    return Choice(list(options), default_value=default).tag(knob=True, label=label, tip=tip, random=False)


def toggle(default, *, label, tip=""):
    """An on/off knob."""
    return Toggle(default).tag(knob=True, label=label, tip=tip, random=False)


def data(default, *, check):
    """State that belongs to the explorer but has no row of controls: set by gestures or code."""
    return Data(default).tag(state=True, check=check)
