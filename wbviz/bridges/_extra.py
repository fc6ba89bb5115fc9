"""The optional libraries: where each comes from, whether it is there, and what to install where it is not."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec

#: Module to import → what it is called, and what pip installs.
EXTRAS = {
    "torch": ("PyTorch", "torch"),
    "keras": ("Keras", "keras tensorflow-cpu" if sys.platform == "linux" else "keras tensorflow"),
    "tensorflow": ("TensorFlow", "tensorflow-cpu" if sys.platform == "linux" else "tensorflow"),
    "safetensors": ("safetensors", "safetensors"),
    "wandb": ("Weights & Biases", "wandb"),
    "tensorboardX": ("tensorboardX", "tensorboardX"),
    "optuna": ("Optuna", "optuna"),
    "fairlearn": ("Fairlearn", "fairlearn"),
}


class MissingExtra(ImportError):
    """An optional library is not installed. The message says what to type."""


def present(module):
    """Whether an optional library (a key of EXTRAS) is installed. Nothing is imported."""
    return find_spec(module) is not None


def how_to_install(module):
    """The sentence for a reader who lacks an optional library: its name, and the command that installs it."""
    name, packages = EXTRAS[module]
    return f"{name} is not installed. Type %pip install {packages} in a cell, then restart the kernel."


def need(module):
    """Import an optional library (a key of EXTRAS, or a submodule of one) and return the module.

    Raises MissingExtra, with the command that installs it, where it is not there.
    """
    home = module.split(".")[0]
    if not present(home):
        raise MissingExtra(how_to_install(home))
    if home in ("keras", "tensorflow"):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else TensorFlow's C++ writes notices under every cell,
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # and one of them whatever the level
    return import_module(module)
