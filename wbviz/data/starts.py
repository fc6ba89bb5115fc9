"""Weights and biases that were trained in advance, for that takes minutes. tools/rebuild_starts.py rebuilds them."""

from functools import cache
from typing import NamedTuple

import numpy as np

from wbviz.data.bundled import FOLDER


class SineStarts(NamedTuple):
    """Starts for sine tasks, each learned from random weights in the same number of iterations.

    params: name of the method → float64 (n_params,) of a tanh network of these `sizes`; inner_steps: name → how many
    steps its tasks took. Common to all: iterations, the tasks in each, the examples in a support and in a query
    (points), and inner_lr, the learning rate of the inner steps.
    """

    params: dict
    inner_steps: dict
    sizes: tuple
    iterations: int
    tasks: int
    points: int
    inner_lr: float


@cache
def sine_starts():
    """The stored starts of "MAML", "first-order MAML", "Reptile" and "joint training"."""
    with np.load(FOLDER / "sine_starts.npz", allow_pickle=False) as file:
        stored = dict(file)
    names = [str(name) for name in stored["methods"]]
    return SineStarts(
        dict(zip(names, stored["params"], strict=True)),
        dict(zip(names, stored["inner_steps"].tolist(), strict=True)),
        tuple(stored["sizes"].tolist()),
        *(stored[name].item() for name in ("iterations", "tasks", "points", "inner_lr")),
    )
