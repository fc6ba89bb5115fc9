"""What GradientFlow says: numbers of a layer, and what is to be seen in a network, in words."""

import numpy as np

from wbviz.widgets import _flowing as experiment
from wbviz.widgets._flowing import FLAT
from wbviz.widgets._race_words import significant
from wbviz.widgets._words import percent, plural, signed

NAMES = (
    "mean of a", "standard deviation", "length ‖a‖", "a exactly 0", f"flat: f′ < {FLAT}", "silent units",
    "different units", "‖∂L/∂W‖", "‖∂L/∂b‖", "‖delta‖", "layer 1 / output",
)  # fmt: skip


def amount(value):
    """A number of three digits or less, zero only where it is exactly that."""
    return "0" if value == 0 else significant(float(value), 2)


def architecture(explorer):
    """Hidden layers, units, activation and start, in a few words."""
    gain = f" × {signed(explorer.gain)}" if explorer.gain != 1 and explorer.init != "zeros" else ""
    layers = f"{plural(explorer.depth, 'layer')} of {plural(explorer.width, f'{explorer.activation} unit')}"
    return f"{layers}, {explorer.init}{gain}".replace("_", " ")


def when(step):
    return f"step {step}" if step else "untrained"


def verdict(setting, seen, diverged):
    """What there is to see, in a sentence. diverged: the step at which the training did, or None."""
    kind, layer = experiment.verdict(setting, seen, diverged is not None)
    name = "the output" if layer == setting.depth else f"layer {layer + 1}"
    feels, error = amount(seen.gW[layer]), amount(seen.error)
    if kind == "diverged":
        first, last = (amount(seen.losses[at]) for at in (0, -1))
        grew = f"was {first}" if first == last else f"grew from {first} to {last}"
        return f"Diverged at step {diverged}: the loss {grew}, then beyond all numbers."
    if kind == "symmetric":
        return f"Symmetric: in every hidden layer the {setting.width} units are copies of one, and stay so."
    if kind == "blocked":
        first = "up to " if layer and not seen.gW[:layer].any() else "of "
        return f"Blocked: the weights {first}{name} get a gradient of exactly 0 and stay as they are."
    if kind == "healthy":
        low, high = (amount(end(seen.gW)) for end in (np.min, np.max))
        return f"Healthy gradients: an error of {error} an example makes {low} to {high} in all layers."
    return f"{kind.capitalize()}: an error of {error} an example makes a gradient of {feels} in {name}'s weights."


def ratio(seen):
    """The first layer's gradient beside the last one's, in a sentence."""
    if seen.ratio is None:
        return "Neither the first nor the output layer's weights have a gradient that is not 0."
    return f"The first layer's gradient is {amount(seen.ratio)} times that of the output layer's weights."


def loss(seen, lr):
    """The loss now and at the start, and how many answers are right."""
    now, first = (amount(seen.losses[at]) for at in (-1, 0))
    moved = f"Loss {now}, at the start {first}" if len(seen.losses) > 1 else f"Loss {now}"
    right = "" if seen.accuracy is None else f"{percent(seen.accuracy, 0)} right; "
    return f"{moved}; {right}learning rate {lr:g}"


def rows(seen, layer, width):
    """`names` and `values`, 12 each, of a layer counted from 0."""
    last = len(seen.mean) - 1
    units = seen.a[layer].shape[1]
    values = [
        *(amount(value[layer]) for value in (seen.mean, seen.sd, seen.length)),
        *(percent(share[layer]) for share in (seen.a_zero, seen.flat)),
        *(f"{count[layer]} of {units}" for count in (seen.silent, seen.distinct)),
        *(amount(norm[layer]) for norm in (seen.gW, seen.gb, seen.delta)),
        "—" if seen.ratio is None else amount(seen.ratio),
    ]
    name = "output layer" if layer == last else f"hidden layer {layer + 1} of {last}"
    return {"names": ["In hand:", *NAMES], "values": [name, *values]}
