"""Networks from and to PyTorch: a torch.nn.Sequential of Linear layers and activations, in float64, without loss."""

from functools import cache

import numpy as np

from wbviz.engine.export import TORCH_ACTIVATIONS, names_of

from ._extra import need
from ._layers import SOFTMAX, SUPPORTED, Dense, Squash, assembled, same_settings, wrong

#: torch.nn's class → the activation of ours, and the settings it must have. (PyTorch's Softplus becomes z from its
#: threshold on, 2e-9 too low at 20.)
ACTIVATIONS = {
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "ReLU": ("relu", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "GELU": ("gelu", {"approximate": "none"}),
    "Softplus": ("softplus", {"beta": 1.0, "threshold": (lambda value: value >= 20, "20 or more")}),
    "SiLU": ("silu", {}),
}
#: Layers that do nothing when a model is asked: in training mode these drop or disturb units.
DROPOUTS = ("Dropout", "AlphaDropout")
LIMITS = SUPPORTED.format(dense="nn.Linear", names=", ".join(ACTIVATIONS))


def from_torch(model):
    """The Network that a torch.nn.Sequential (or one nn.Linear) amounts to; its numbers are copied, to float64.

    Nested Sequentials are followed; Identity, Flatten of what is flat, and Dropout in eval mode are passed over.
    What has no counterpart raises ValueError: it names the layer, its position and what is supported. A layer without
    bias gets one of zeros, with a warning. PyTorch keeps W as (n_out, n_in), the network here as (n_in, n_out).
    """
    return _read(model)[0]


def frozen_in_torch(model):
    """Mask (n_params,) of the parameters of `from_torch(model)` that do not train: requires_grad=False, missing biases.

    `train(net, …, frozen=mask)` then moves what PyTorch would move.
    """
    return _read(model)[1]


def to_torch(network, precision="float64"):
    """A torch.nn.Sequential that gives the numbers of `network`, with a copy of its weights and biases.

    precision: "float64", in which nothing is lost, or "float32". A population raises ValueError: take one member,
    net.with_params(net.params[0]).
    """
    torch = need("torch")
    names = names_of(network, TORCH_ACTIVATIONS, "carried over to PyTorch")
    modules = []
    for W, b, name in zip(network.weights, network.biases, names, strict=True):
        linear = torch.nn.Linear(*W.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W.T.copy()))
            linear.bias.copy_(torch.tensor(b.copy()))
        modules += [linear, *_activation(name)]
    return torch.nn.Sequential(*modules).to(getattr(torch, precision))


@cache
def step_module():
    """The class of the activation `step` as a module: 1 from 0 on, 0 below. PyTorch has none of its own."""
    torch = need("torch")

    class Step(torch.nn.Module):
        def forward(self, z):
            return (z >= 0).to(z.dtype)

    return Step


def _activation(name):
    """The modules for one activation: none for the identity."""
    if name == "identity":
        return []
    if name == "step":
        return [step_module()()]
    nn = need("torch").nn
    special = {"leaky_relu": lambda: nn.LeakyReLU(0.01), "softplus": lambda: nn.Softplus(threshold=40)}
    known = {ours: theirs for theirs, (ours, _) in ACTIVATIONS.items()}
    return [special.get(name, lambda: getattr(nn, known[name])())()]


def _read(model):
    nn = need("torch").nn
    model = getattr(model, "_orig_mod", model)  # what torch.compile wraps
    if not isinstance(model, nn.Module):
        raise TypeError(f"from_torch takes a torch.nn.Sequential, got {type(model).__name__}.")
    if type(model) not in (nn.Sequential, nn.Linear):
        raise ValueError(
            f"{type(model).__name__} is a module whose forward pass only it knows. {LIMITS} "
            "If it holds such a Sequential, give that one."
        )
    return assembled(_parts(model, nn, "0" if type(model) is nn.Linear else "", set()), LIMITS)


def _parts(module, nn, place, seen):
    """The parts of a module, in order; `place` is its position, "2" or, inside another Sequential, "2.1"."""
    kind, where = type(module), f"layer {place} ({type(module).__name__})"
    if module._forward_hooks or module._forward_pre_hooks:
        raise wrong(where if place else "the model", "has hooks, which may change its numbers: remove them", LIMITS)
    if kind is nn.Sequential:
        for number, child in enumerate(module):
            yield from _parts(child, nn, f"{place}.{number}".lstrip("."), seen)
    elif kind is nn.Linear:
        if id(module) in seen:
            raise wrong(where, "is a layer that was there before: here no two layers share their weights", LIMITS)
        seen.add(id(module))
        yield _dense(module, where)
    elif kind is step_module():
        yield Squash(where, "step")
    elif not _passed_over(module, nn, where):
        yield _squash(module, nn, where)


def _dense(module, where):
    tensors = [module.weight, module.bias]
    W, b = (None if tensor is None else _numbers(tensor, where) for tensor in tensors)
    return Dense(where, W.T, b, tuple(tensor is not None and not tensor.requires_grad for tensor in tensors))


def _numbers(tensor, where):
    """A tensor of any device, layout and floating type as a float64 array."""
    torch = need("torch")
    if not tensor.dtype.is_floating_point or tensor.device.type == "meta":
        kind = "no numbers yet (device meta)" if tensor.device.type == "meta" else f"numbers of type {tensor.dtype}"
        raise wrong(where, f"has {kind}", LIMITS)
    return np.array(tensor.detach().cpu().to(torch.float64).numpy())


def _passed_over(module, nn, where):
    """Whether a layer does nothing to flat rows when the model is asked."""
    if type(module) is nn.Flatten:
        same_settings(module, where, {"start_dim": 1, "end_dim": (lambda value: value in (-1, 1), "-1")}, LIMITS)
        return True
    if type(module) in [getattr(nn, name) for name in DROPOUTS]:
        if module.training and module.p > 0:
            raise wrong(where, "is in training mode, where it drops units at random: call model.eval() first", LIMITS)
        return True
    return type(module) is nn.Identity


def _squash(module, nn, where):
    name = type(module).__name__
    if type(module) is not getattr(nn, name, None) or name not in ACTIVATIONS:
        what = SOFTMAX if name in ("Softmax", "LogSoftmax") else "has no counterpart here"
        raise wrong(where, what, LIMITS)
    ours, expected = ACTIVATIONS[name]
    same_settings(module, where, expected, LIMITS)
    return Squash(where, ours)
