"""Gradients by the automatic differentiation of other libraries are those of explicit backpropagation."""

import numpy as np
import pytest

from wbviz.bridges import gradient_by
from wbviz.engine import ACTIVATIONS, Network


@pytest.fixture(params=["PyTorch", "TensorFlow"])
def library(request):
    module = {"PyTorch": "torch", "TensorFlow": "keras"}[request.param]
    pytest.importorskip(module, reason=f"{request.param} is not installed: pip install {module}")
    return request.param


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_they_agree_for_every_activation_and_loss(library, activation, loss):
    rng = np.random.default_rng(3)
    net = Network([3, 4, 2], hidden=activation)
    net.params = rng.normal(size=net.n_params)
    X, y = rng.normal(size=(7, 3)), rng.uniform(size=(7, 2))
    found = gradient_by(library, net, X, y, loss)
    np.testing.assert_allclose(found, net.gradient(X, y, loss), rtol=1e-9, atol=1e-12)


def test_rows_of_one_output_may_be_flat(library):
    net, X = Network([2, 3, 1], seed=1), np.ones((4, 2))
    np.testing.assert_allclose(gradient_by(library, net, X, np.zeros(4)), net.gradient(X, np.zeros(4)), rtol=1e-9)


def test_what_is_not_known_is_named():
    net = Network([2, 1])
    with pytest.raises(ValueError, match="no library 'Torch'"):
        gradient_by("Torch", net, [[1, 2]], [[1]])
    with pytest.raises(ValueError, match="no loss 'cross_entropy'"):
        gradient_by("PyTorch", net, [[1, 2]], [[1]], "cross_entropy")
