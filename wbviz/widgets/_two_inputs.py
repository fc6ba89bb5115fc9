"""A neuron with two inputs: the logical functions it may be asked for, and what it answers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wbviz.engine import Network
from wbviz.scenes.decision_line import GRID

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
#: What each logical function answers at the CORNERS.
LOGIC = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}


@dataclass(frozen=True)
class Answered:
    """A neuron at its points: z and a at each, the mean loss (None without points); output: a all over the plane."""

    z: np.ndarray
    a: np.ndarray
    loss: float | None
    output: np.ndarray


@lru_cache(maxsize=2)
def answered(w, b, activation, points):
    """What the neuron makes of points, a tuple of (x₁, x₂, class). Only the latest are kept."""
    net, points = neuron(w, b, activation), np.reshape(points, (-1, 3))
    record = net.forward(np.concatenate([points[:, :2], GRID]))
    z, a = np.round(record.z[0][: len(points), 0], 12), record.y_hat[:, 0]
    logits = neuron(w, b, "identity")
    loss = float(logits.loss(points[:, :2], points[:, 2:], loss="binary_cross_entropy")) if len(points) else None
    return Answered(z, a[: len(points)], loss, a[len(points) :])


def neuron(w, b, activation):
    """A neuron with two inputs as a network."""
    net = Network([2, 1], output=activation, init="zeros")
    net.weights[0][:, 0], net.biases[0][0] = w, b
    return net
