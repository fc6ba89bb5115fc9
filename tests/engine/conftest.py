"""Small problems that the engine's tests share."""

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("engine", deadline=None)
settings.load_profile("engine")


def make_problem(loss, n=7, n_in=3, seed=0):
    """X, y and the number of outputs that suit a loss."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, n_in))
    if loss == "cross_entropy":
        return X, rng.integers(0, 3, n), 3
    if loss == "binary_cross_entropy":
        return X, rng.integers(0, 2, (n, 2)).astype(float), 2
    return X, rng.normal(size=(n, 2)), 2


@pytest.fixture
def problem():
    return make_problem


@pytest.fixture
def torch():
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle of this test: pip install torch")
    torch.set_num_threads(1)
    return torch
