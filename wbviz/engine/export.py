"""A network to take away: as source text that runs with NumPy alone or with PyTorch, or as a file of its numbers."""

import io
import itertools
import zipfile
from pathlib import Path

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .network import Network

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


def numpy_code(net):
    """Python source that defines `network(X)`, equal to `net(X)`, and needs NumPy only. One network, no population."""
    names = _names(net, NUMPY_ACTIVATIONS)
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
    names = _names(net, TORCH_ACTIVATIONS)
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


#: The largest file of weights that is read, in bytes, as it is and unpacked.
LARGEST_FILE = 20_000_000


def save_npz(net, path_or_file):
    """Write one network as a NumPy archive: `sizes`, `activations` (one name a layer), and W0, b0, W1, b1, …

    Shapes are those of `net.weights` and `net.biases`, float64; nothing is pickled. `path_or_file` is a path, which
    gets the ending .npz if it has none, or a file open for writing bytes.
    """
    layers = [(f"{kind}{layer}", values) for layer in range(net.n_layers) for kind, values in _layer(net, layer)]
    names = np.array(_names(net, ACTIVATIONS, "saved"))
    np.savez(path_or_file, sizes=np.array(net.sizes), activations=names, **dict(layers))


def load_npz(path_or_file):
    """The Network in a file that `save_npz` wrote, from a path or a file open for reading bytes.

    Nothing in it is run. A file that is broken, too large or not such a network raises ValueError.
    """
    arrays = _read_arrays(path_or_file)
    sizes, names = _architecture(arrays)
    net = Network(sizes, hidden=names[0], output=names[-1], init="zeros")
    expected = {f"{kind}{layer}": view for layer in range(net.n_layers) for kind, view in _layer(net, layer)}
    if extra := sorted(set(arrays) - set(expected) - {"sizes", "activations"}):
        raise ValueError(
            f"The file holds {', '.join(extra)} too, which a network of sizes {list(sizes)} does not have."
        )
    for name, view in expected.items():
        view[...] = _numbers(arrays, name, view.shape)
    return net


def _layer(net, layer):
    return ("W", net.weights[layer]), ("b", net.biases[layer])


def _read_arrays(path_or_file):
    """The arrays of an archive by name; ValueError for what is no archive of plain arrays, or too large a one."""
    content = _content(path_or_file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > LARGEST_FILE:
                raise ValueError(
                    f"unpacked it would have {unpacked:,} bytes, more than the {LARGEST_FILE:,} that are read"
                )
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return {name: _plain(name, arrays[name]) for name in arrays.files}
    except Exception as error:  # a broken archive fails in a dozen ways; none of them may get out as it is
        raise ValueError(f"This is no file of weights (.npz): {_lower(error)}. Load one that save_npz wrote.") from None


def _content(path_or_file):
    try:
        if hasattr(path_or_file, "read"):
            content = path_or_file.read(LARGEST_FILE + 1)
        else:
            with Path(path_or_file).open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"{path_or_file} cannot be opened: {error.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise ValueError(f"The file is larger than {LARGEST_FILE:,} bytes, the most that is read.")
    return content


def _plain(name, array):
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{name} in it is no array")
    return array


def _lower(error):
    """An error's text as a part of a sentence."""
    text = str(error).strip().rstrip(".") or type(error).__name__
    return text[:1].lower() + text[1:]


def _architecture(arrays):
    """The sizes and the names of the activations, checked before anything as large as they say is made."""
    for name in ("sizes", "activations"):
        if name not in arrays:
            raise ValueError(
                f"The file does not say the {name} of its network; it holds {', '.join(arrays) or 'nothing'}."
            )
    sizes, names = arrays["sizes"], arrays["activations"]
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu":
        raise ValueError(f"sizes must be a list of whole numbers, got {sizes.dtype} of shape {sizes.shape}.")
    sizes = checks.sizes(sizes.tolist())
    parameters = sum((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes))
    if 8 * parameters > LARGEST_FILE:
        raise ValueError(f"A network of sizes {list(sizes)} has {parameters:,} parameters, too many for this file.")
    if names.dtype.kind != "U" or names.shape != (len(sizes) - 1,):
        raise ValueError(
            f"activations must be {len(sizes) - 1} names, one a layer; got {names.dtype} of shape {names.shape}."
        )
    names = [checks.pick(ACTIVATIONS, str(name), "activation").name for name in names]
    if len(set(names[:-1])) > 1:
        raise ValueError(f"The hidden layers of a network here share one activation, got {', '.join(names[:-1])}.")
    return sizes, names


def _numbers(arrays, name, shape):
    """The array of that name, if it holds finite numbers in that shape."""
    if name not in arrays:
        raise ValueError(f"{name} is missing. The file holds {', '.join(arrays)}.")
    array = arrays[name]
    if array.dtype.kind not in "fiu" or array.shape != shape:
        raise ValueError(f"{name} must be numbers of shape {shape}, got {array.dtype} of shape {array.shape}.")
    return checks.floats(array, name)


def _names(net, known, done="written as code"):
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
