"""Bridges to other libraries: PyTorch, Keras, safetensors, trackers. Each is an extra, imported only when called."""

from ._extra import EXTRAS, MissingExtra, how_to_install, need, present

__all__ = ["EXTRAS", "MissingExtra", "how_to_install", "need", "present"]
