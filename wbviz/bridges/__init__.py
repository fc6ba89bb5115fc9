"""Bridges to other libraries: PyTorch, Keras, safetensors, trackers. Each is an extra, imported only when called."""

from ._extra import EXTRAS, MissingExtra, how_to_install, need, present
from .comparing import Comparison, Trained, side_by_side
from .files import load_safetensors, save_safetensors
from .gradients import gradient_by
from .keras_models import from_keras, frozen_in_keras, to_keras
from .models import network_of
from .pytorch import from_torch, frozen_in_torch, to_torch
from .tensorboard_runs import TensorBoardLogger
from .wandb_runs import WandbLogger

__all__ = [
    "EXTRAS",
    "Comparison",
    "MissingExtra",
    "TensorBoardLogger",
    "Trained",
    "WandbLogger",
    "from_keras",
    "from_torch",
    "frozen_in_keras",
    "frozen_in_torch",
    "gradient_by",
    "how_to_install",
    "load_safetensors",
    "need",
    "network_of",
    "present",
    "save_safetensors",
    "side_by_side",
    "to_keras",
    "to_torch",
]
