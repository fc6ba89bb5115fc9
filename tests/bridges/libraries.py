"""The other libraries, as the tests of the bridges use them: quiet, and left out with a reason where missing."""

import os

import numpy as np
import pytest

from wbviz.engine import Network

X = np.random.default_rng(1).normal(size=(20, 3)) * 3


def torch_or_skip():
    torch = pytest.importorskip("torch", reason="PyTorch is the other side of this bridge: pip install torch")
    torch.set_num_threads(1)
    return torch


def keras_or_skip():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    why = "Keras and TensorFlow are the other side of this bridge: pip install keras tensorflow-cpu"
    pytest.importorskip("tensorflow", reason=why)
    return pytest.importorskip("keras", reason=why)


def wild(hidden="tanh", output="identity", sizes=(3, 5, 4, 2), seed=0):
    """A network whose weights and biases are all large: no bias is zero."""
    net = Network(sizes, hidden=hidden, output=output)
    return net.with_params(2 * np.random.default_rng(seed).normal(size=net.n_params))


def problem(loss, n=20, seed=3):
    """X (n, 3) and y for networks with two outputs."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    if loss == "cross_entropy":
        return X, rng.integers(0, 2, n)
    if loss == "binary_cross_entropy":
        return X, rng.integers(0, 2, (n, 2)).astype(float)
    return X, rng.normal(size=(n, 2))
