"""What a step along a line does to the loss, in words."""

import math

import numpy as np

from wbviz.widgets._descent import FURTHEST
from wbviz.widgets._words import as_term, signed, superscript


def verdict(line, lr, actual):
    """Whether a step was worth it: `line` was followed for `lr`, and the loss changed by `actual`."""
    promise = lr * line.slope
    if not lr:
        return "No step, no change."
    if line.flat:
        return "Flat: the slope is zero."
    if promise > 0:
        return "Uphill: the loss rises." if actual > 0 else "Uphill at first; lower here."
    if actual > 0:
        return "Too far: higher than before."
    return f"It falls by {whole_percent(actual / promise)} of the prediction."


def turning(line):
    """Where the loss stops falling."""
    if line.flat:
        return "flat here"
    if line.turns is None:
        return f"still falling at lr = {FURTHEST:g}"
    return f"stops falling at lr = {brief(line.turns)}" if line.turns else "rises at once"


def rising(line):
    """From where the loss is higher than before the step."""
    if line.flat:
        return "neither higher nor lower at first"
    if line.rises is None:
        return f"not higher than before up to lr = {FURTHEST:g}"
    return f"as high as before at lr = {brief(line.rises)}" if line.rises else "higher than before at once"


def counted(shares):
    """In how many random directions the loss falls. shares: their slopes as shares of the gradient's length."""
    falling = int((shares < 0).sum())
    if not falling:
        return "the loss falls in none"
    return f"the loss falls in {falling}; the steepest has {whole_percent(-shares.min())} of −‖g‖"


def predicted(line):
    """The loss after a step, as the slope predicts it: `0.476 − 2.768·lr`."""
    return f"{brief(line.loss)} {_later(line.slope)}·lr"


def corrected(line):
    """What the curvature adds to that: `+ ½·10.03·lr²`."""
    sign, size = _later(line.curvature).split(" ")
    return f"{sign} ½·{size}·lr²"


def _later(value):
    return as_term(brief(value))


def loss_axis(low, high):
    """The axis of the loss: (places, their names, title). From a `low` above 0 it is that of the change."""
    middle, zoomed = (low + high) / 2, low != 0
    places = np.linspace(low, high, 5 if zoomed else 6)
    values = np.linspace(-1, 1, 5) * (high - middle) if zoomed else places
    power = math.floor(math.log10(values[-1]))
    power = 0 if -3 < power < 4 else power
    names = tuple(f"{round(v / 10.0**power, 6):{'+' if zoomed and v else ''}g}".replace("-", "−") for v in values)
    unit = f" (in 10{superscript(power)})" if power else ""
    return tuple(places.tolist()), names, f"The {'change of the ' * zoomed}loss{unit} for every lr"


def whole_percent(share):
    """A share of 1 in per cent, with its sign: −0.263 → −26 %."""
    return f"{signed(100 * share, 0)} %"


def brief(value):
    """A number of about three digits: 1.664, 0.0250, −3.8·10⁵, 1.2·10⁻⁵."""
    size = abs(value)
    if size >= 99_999.5 or 0 < size < 0.0005:
        factor, power = f"{value:.1e}".split("e")
        return f"{signed(float(factor), 1)}·10{superscript(int(power))}"
    return signed(value, 1 if size >= 100 else 3 if size >= 0.1 or not size else 4 if size >= 0.01 else 5)
