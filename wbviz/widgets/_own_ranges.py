"""How far the knobs of a learner's own model go."""

import math


def round_above(value):
    """The smallest of 1, 2, 5, 10, 20, 50, … that is at least `value`, which is above 0."""
    decade = 10.0 ** math.floor(math.log10(value))
    return float(next(n * decade for n in (1, 2, 5, 10) if n * decade >= value * (1 - 1e-12)))
