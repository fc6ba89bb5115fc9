"""One recurrent unit whose loss over its weight and its bias has a cliff: the quick path for one place at a time."""

import math

import numpy as np

from . import checks
from .recurrent import Recurrent


class OneUnit:
    """A sigmoid unit that sees only what it said itself: h ← σ(w·h + b), `steps` times from h = 0; loss (h − target)².

    Where h settles jumps with w and b, and there the loss has a wall: the example of Pascanu, Mikolov and Bengio
    (2013, figure 6), who start at x = ½ and let 50 steps pass. The more steps, the steeper the wall.
    """

    def __init__(self, steps=50, target=0.7):
        self.steps, self.target = checks.whole(steps, "steps"), checks.rate(target, "target")

    def network(self, w, b):
        """The same unit as a Recurrent; w and b: numbers, or arrays of one shape for a population."""
        params = np.zeros((*np.broadcast_shapes(np.shape(w), np.shape(b)), 5))
        params[..., 1], params[..., 2], params[..., 3] = w, b, 1.0
        return Recurrent(1, 1, 1, activation="sigmoid").with_params(params)

    def losses(self, w, b):
        """The loss at arrays of places, by the Recurrent."""
        return self.network(w, b).loss(np.zeros((1, self.steps, 1)), [[self.target]])

    def look(self, place):
        """The loss at a place (w, b) and its gradient (2,), by plain numbers; equal to the Recurrent's."""
        w, b = map(float, place)
        h = [0.0]
        for _ in range(self.steps):
            h.append(_sigmoid(w * h[-1] + b))
        slope, by_w, by_b = 2 * (h[-1] - self.target), 0.0, 0.0
        for before, after in zip(h[-2::-1], h[:0:-1], strict=True):
            delta = slope * after * (1 - after)
            by_w, by_b, slope = by_w + delta * before, by_b + delta, delta * w
        return (h[-1] - self.target) ** 2, np.array([by_w, by_b])


def _sigmoid(z):
    small = math.exp(-abs(z))
    return (1 if z >= 0 else small) / (1 + small)
