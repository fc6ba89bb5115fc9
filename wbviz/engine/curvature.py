"""How the gradient itself changes when the parameters move: the Hessian times a vector, without the Hessian."""

import numpy as np

from . import checks
from .activations import sigmoid, sigmoid_derivative
from .losses import LOSSES, softmax


def sigmoid_bend(z):
    return sigmoid_derivative(z) * (1 - 2 * sigmoid(z))


def tanh_bend(z):
    t = np.tanh(z)
    return -2 * t * (1 - t**2)


def elu_bend(z):
    return np.where(z > 0, 0, np.exp(np.minimum(z, 0)))


def gelu_bend(z):
    return (2 - z * z) * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def silu_bend(z):
    return 2 * sigmoid_derivative(z) + z * sigmoid_bend(z)


#: The second derivative of each activation. Where it does not exist (a kink, a step) it is taken as 0, as PyTorch does.
BENDS = {
    "identity": np.zeros_like,
    "sigmoid": sigmoid_bend,
    "tanh": tanh_bend,
    "relu": np.zeros_like,
    "leaky_relu": np.zeros_like,
    "elu": elu_bend,
    "gelu": gelu_bend,
    "softplus": sigmoid_derivative,
    "silu": silu_bend,
    "step": np.zeros_like,
}


def mse_turn(y_hat, move):
    return 2 * move / (y_hat.shape[-2] * y_hat.shape[-1])


def cross_entropy_turn(y_hat, move):
    p = softmax(y_hat)
    return p * (move - (p * move).sum(axis=-1, keepdims=True)) / y_hat.shape[-2]


def binary_cross_entropy_turn(y_hat, move):
    return sigmoid_derivative(y_hat) * move / (y_hat.shape[-2] * y_hat.shape[-1])


#: How dL/dy_hat of each loss changes when the outputs move.
TURNS = {"mse": mse_turn, "cross_entropy": cross_entropy_turn, "binary_cross_entropy": binary_cross_entropy_turn}


def hessian_product(net, X, y, vector, loss="mse"):
    """The Hessian of the loss times `vector`: how fast the gradient changes when the parameters move along it.

    net, X, y, loss: as for `Network.gradient`; vector: of the shape of params, and so is the result. Nothing of the
    size of the Hessian is ever made: one more pass forward carries how each number moves (Pearlmutter 1994), and one
    more pass back differentiates every line of backpropagation once more.
    """
    kind = checks.pick(LOSSES, loss, "loss")
    record, (V, v) = net.forward(X), net.views(np.asarray(vector, dtype=float))
    z_moves, a_moves = _forward(net, record, V, v)
    product = np.empty(np.broadcast_shapes(np.shape(vector), net.params.shape))
    dW, db = net.views(product)
    slope = kind.gradient(record.y_hat, kind.targets(y, record.y_hat.shape))
    turn = TURNS[kind.name](record.y_hat, a_moves[-1])
    for layer in reversed(range(net.n_layers)):
        f, z = net.activations[layer], record.z[layer]
        delta = slope * f.derivative(z)
        delta_move = turn * f.derivative(z) + slope * BENDS[f.name](z) * z_moves[layer]
        dW[layer] = a_moves[layer].mT @ delta + record.a[layer].mT @ delta_move
        db[layer] = delta_move.sum(axis=-2)
        turn = delta_move @ net.weights[layer].mT + delta @ V[layer].mT
        slope = delta @ net.weights[layer].mT
    return product


def _forward(net, record, V, v):
    """How every z and every a moves while the parameters move along (V, v). The inputs stay."""
    z_moves, a_moves = [], [np.zeros_like(record.a[0])]
    for layer, (z, f) in enumerate(zip(record.z, net.activations, strict=True)):
        z_moves.append(a_moves[-1] @ net.weights[layer] + record.a[layer] @ V[layer] + v[layer][..., None, :])
        a_moves.append(f.derivative(z) * z_moves[-1])
    return z_moves, a_moves
