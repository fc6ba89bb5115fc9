"""wbviz: a visual textbook on neural-network weights and biases.

This module is all that a chapter needs. Engine and data are NumPy only and are imported at once; live figures and
lessons, which need matplotlib and Jupyter, when they are first named.
"""

from importlib import import_module

from wbviz.data import load_dataset
from wbviz.engine import Network, loss_surface, train

__version__ = "0.1.0"

_AT_FIRST_USE = {
    "chapter": "wbviz.lessons",
    "with_progress": "wbviz.widgets",
    "DecisionLine": "wbviz.widgets",
    "DigitPad": "wbviz.widgets",
    "Generalise": "wbviz.widgets",
    "Neuron": "wbviz.widgets",
    "SignalChain": "wbviz.widgets",
    "WeightSurgery": "wbviz.widgets",
}

__all__ = ["Network", "load_dataset", "loss_surface", "train", *_AT_FIRST_USE]


def __getattr__(name):
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"wbviz has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(import_module(_AT_FIRST_USE[name]), name)


def __dir__():
    return [*globals(), *_AT_FIRST_USE]
