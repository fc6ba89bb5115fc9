"""Gradients as other libraries find them, by automatic differentiation: to be laid beside explicit backpropagation."""

import numpy as np

from wbviz.engine import LOSSES, checks

from ._extra import need
from .keras_models import to_keras
from .pytorch import to_torch

#: The losses that are written out here, as each library calls them.
TORCH_LOSSES = {"mse": "mse_loss", "binary_cross_entropy": "binary_cross_entropy_with_logits"}


def gradient_by(library, network, X, y, loss="mse"):
    """dL/dp of all weights and biases, (n_params,) in the order of `network.params`, in float64.

    library: "PyTorch" (`loss.backward()`) or "TensorFlow" (`GradientTape`, on a Keras model).
    loss: "mse" or "binary_cross_entropy". What no slope reaches, as in front of the activation `step`, gets 0.
    Raises MissingExtra where the library is not installed.
    """
    by = checks.pick({"PyTorch": _by_torch, "TensorFlow": _by_tensorflow}, library, "library")
    loss = checks.pick({name: LOSSES[name] for name in TORCH_LOSSES}, loss, "loss")
    X = checks.inputs(X, network.sizes[0])
    y = np.broadcast_to(loss.targets(y, (len(X), network.sizes[-1])), (len(X), network.sizes[-1])).astype(float)
    return np.concatenate([np.ravel(part) for part in by(network, X, y, loss.name)])


def _by_torch(network, X, y, loss):
    torch, model = need("torch"), to_torch(network)
    function = getattr(torch.nn.functional, TORCH_LOSSES[loss])
    function(model(torch.tensor(X)), torch.tensor(y)).backward()
    found = [torch.zeros_like(each) if each.grad is None else each.grad for each in model.parameters()]
    return [gradient.numpy().T for gradient in found]  # PyTorch keeps W as (n_out, n_in)


def _by_tensorflow(network, X, y, loss):
    tensorflow, model = need("tensorflow"), to_keras(network)
    function = {
        "mse": lambda y, y_hat: tensorflow.square(y_hat - y),
        "binary_cross_entropy": tensorflow.nn.sigmoid_cross_entropy_with_logits,
    }[loss]
    with tensorflow.GradientTape() as tape:
        value = tensorflow.reduce_mean(function(tensorflow.constant(y), model(tensorflow.constant(X))))
    variables = model.trainable_variables
    found = zip(variables, tape.gradient(value, variables), strict=True)
    return [np.zeros(variable.shape) if part is None else part.numpy() for variable, part in found]
