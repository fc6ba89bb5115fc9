"""How far the knobs of a learner's own model go."""

import math

from wbviz.widgets._traits import Parameters


def round_above(value):
    """The smallest of 1, 2, 5, 10, 20, 50, … that is at least `value`, which is above 0."""
    decade = 10.0 ** math.floor(math.log10(value))
    return float(next(n * decade for n in (1, 2, 5, 10) if n * decade >= value * (1 - 1e-12)))


class OwnParameters(Parameters):
    """Weights and biases that go as far as the range of the knob says, which follows from the model as opened."""

    def span(self, obj):
        return obj.range_of(self.name)


def own_parameters(tip):
    """A knob that is all weights and biases of a learner's own model; see `parameters`."""
    label = "weights and biases"
    return OwnParameters().tag(knob=True, min=-10, max=10, step=0.1, label=label, tip=tip, random=True)
