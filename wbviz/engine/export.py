"""A network to take away, as source text that gives the same numbers: with NumPy alone, with PyTorch or with Keras."""

import numpy as np

NUMPY_ACTIVATIONS = {
    "identity": "z",
    "sigmoid": "0.5 * (1 + np.tanh(z / 2))",
    "tanh": "np.tanh(z)",
    "relu": "np.maximum(z, 0)",
    "leaky_relu": "np.where(z > 0, z, 0.01 * z)",
    "elu": "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",
    "gelu": "z * 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))",
    "softplus": "np.logaddexp(z, 0)",
    "silu": "z * 0.5 * (1 + np.tanh(z / 2))",
    "step": "np.where(z >= 0, 1.0, 0.0)",
}

TORCH_ACTIVATIONS = {
    "identity": "",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "softplus": "nn.Softplus(threshold=40)",  # at PyTorch's 20 it would already be cut to z, 2e-9 off
    "silu": "nn.SiLU()",
    "step": "Step()",
}

TORCH_STEP = '''class Step(nn.Module):
    """1 from the threshold on, 0 below it."""

    def forward(self, z):
        return (z >= 0).to(z.dtype)


'''


KERAS_ACTIVATIONS = {
    "identity": "",
    "sigmoid": '"sigmoid"',
    "tanh": '"tanh"',
    "relu": '"relu"',
    "leaky_relu": "leaky_relu",
    "elu": '"elu"',
    "gelu": "gelu",
    "softplus": '"softplus"',
    "silu": '"silu"',
    "step": "step",
}

#: Written out: TensorFlow keeps the constants of its own two in 32 bits (1e-8 off), and it has no step.
KERAS_FUNCTIONS = {
    "leaky_relu": "keras.ops.where(z > 0, z, 0.01 * z)",
    "gelu": "z * 0.5 * (1 + keras.ops.erf(z / 2**0.5))",
    "step": "keras.ops.cast(z >= 0, z.dtype)",
}


def numpy_code(net):
    """Python source that defines `network(X)`, equal to `net(X)`, and needs NumPy only. One network, no population."""
    names = names_of(net, NUMPY_ACTIVATIONS)
    lines = ["import math", ""] if "gelu" in names else []
    lines += ["import numpy as np", ""]
    for layer, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        lines += [_call(f"W{layer} = np.array(", W, ")"), _call(f"b{layer} = np.array(", b, ")")]
    for name in dict.fromkeys(names):
        lines += ["", "", f"def {name}(z):", f"    return {NUMPY_ACTIVATIONS[name]}"]
    lines += ["", "", "def network(X):", "    a = np.asarray(X, dtype=float)"]
    lines += [f"    a = {name}(a @ W{layer} + b{layer})" for layer, name in enumerate(names)]
    return "\n".join([*lines, "    return a", ""])


def pytorch_code(net):
    """Python source that defines `network`, a torch.nn.Sequential in float64 equal to `net`. One network."""
    names = names_of(net, TORCH_ACTIVATIONS)
    modules, values = [], []
    for W, b, name in zip(net.weights, net.biases, names, strict=True):
        place = f"network[{len(modules)}]"
        for attribute, array in (("weight", W.T), ("bias", b)):
            values.append(_call(f"    {place}.{attribute}.copy_(torch.tensor(", array, ", dtype=torch.float64))"))
        modules += [f"nn.Linear({W.shape[0]}, {W.shape[1]})", TORCH_ACTIVATIONS[name]]
        modules = [module for module in modules if module]
    head = "import torch\nfrom torch import nn\n\n" + ("\n" + TORCH_STEP if "step" in names else "")
    body = "".join(f"    {module},\n" for module in modules)
    values = "\n".join(values)
    return (
        f"{head}network = nn.Sequential(\n{body}).double()\n\n"
        f"with torch.no_grad():  # PyTorch keeps each weight matrix as (n_out, n_in)\n{values}\n"
    )


def keras_code(net):
    """Python source that defines `network`, a keras.Sequential in float64 equal to `net`. One network, Keras 3."""
    names = names_of(net, KERAS_ACTIVATIONS)
    layers = [f'    keras.Input(({net.sizes[0]},), dtype="float64"),']
    for size, name in zip(net.sizes[1:], names, strict=True):
        activation = KERAS_ACTIVATIONS[name] and f"activation={KERAS_ACTIVATIONS[name]}, "
        layers.append(f'    keras.layers.Dense({size}, {activation}dtype="float64"),')
    arrays = [array for pair in zip(net.weights, net.biases, strict=True) for array in pair]
    lines = ["import keras", "import numpy as np", ""]
    for name in dict.fromkeys(name for name in names if name in KERAS_FUNCTIONS):
        lines += ["", f"def {name}(z):", f"    return {KERAS_FUNCTIONS[name]}", ""]
    lines += [*[""] * (len(lines) > 3), "network = keras.Sequential([", *layers, "])", "", "network.set_weights(["]
    lines += [_call("    np.array(", array, "),") for array in arrays]
    return "\n".join([*lines, "])", ""])


def names_of(net, known, done="written as code"):
    """The name of each layer's activation, all of them `known`."""
    if net.population:
        raise ValueError(
            f"What can be {done} is one network, got a population {net.population}. "
            "Take a member: net.with_params(net.params[0])."
        )
    names = [activation.name for activation in net.activations]
    for name in names:
        if name not in known:
            raise ValueError(f"The activation {name!r} cannot be {done}. Known are {', '.join(known)}.")
    return names


def _call(before, array, after):
    """The array as nested lists between two texts, each number with as many digits as bring it back exactly."""
    numbers = np.array2string(
        np.asarray(array, float),
        separator=", ",
        threshold=array.size + 1,
        max_line_width=110,
        floatmode="unique",
        prefix=before,
    )
    return before + numbers + after
