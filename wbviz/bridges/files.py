"""A network as a safetensors file, the common format for weights: numbers and text alone, nothing that could run.

The tensors are named and laid out as in the state_dict of `to_torch(network)`: "0.weight" (n_out, n_in), "0.bias", …
So PyTorch loads such a file, `model.load_state_dict(safetensors.torch.load_file(path))`, and a file that PyTorch
wrote of a Sequential of Linear layers opens here, once it is told the activations, which a state_dict does not hold.
"""

import json
import re
from pathlib import Path

import numpy as np

from wbviz.engine import ACTIVATIONS
from wbviz.engine.export import names_of
from wbviz.engine.weights_file import content_of, empty_network, fill, reason, short

from ._extra import need

#: The longest description of the tensors (the header of the file) that is read, in bytes.
LONGEST_HEADER = 100_000
#: Types of numbers that become float64 without loss.
TYPES = ("F64", "F32", "F16")
NAME = re.compile(r"((?:\w+\.)*?)(0|[1-9][0-9]{0,3})\.(weight|bias)")


def save_safetensors(network, path_or_file):
    """Write one network in float64, with its activations; `path_or_file` is a path or a file open for writing bytes."""
    names = names_of(network, ACTIVATIONS, "saved")
    tensors = {}
    for place, W, b in zip(_places(names), network.weights, network.biases, strict=True):
        tensors |= {f"{place}.weight": np.ascontiguousarray(W.T), f"{place}.bias": b.copy()}
    content = need("safetensors.numpy").save(tensors, metadata={"activations": ",".join(names)})
    if hasattr(path_or_file, "write"):
        path_or_file.write(content)
    else:
        Path(path_or_file).write_bytes(content)


def load_safetensors(path_or_file, hidden=None, output=None):
    """The Network in a safetensors file of dense layers, from a path or a file open for reading bytes.

    hidden, output: names of the activations, for a file that does not say them (one that PyTorch wrote); hidden is
    needed where there are hidden layers, output is then the identity. A file that is broken, too large or not such a
    network raises ValueError.
    """
    header, content = _checked(content_of(path_or_file))
    try:
        tensors = need("safetensors.numpy").load(content)
    except ImportError:
        raise
    except Exception as error:  # whatever the library finds, in a sentence
        raise _no_file(reason(error)) from None
    layers = _layers(header, tensors)
    names = _activations(header.get("__metadata__", {}), len(layers), hidden, output)
    net = empty_network([layers[0]["weight"].shape[1], *(layer["weight"].shape[0] for layer in layers)], names)
    arrays = {}
    for n, layer in enumerate(layers):
        arrays |= {f"W{n}": layer["weight"].T, f"b{n}": layer["bias"]}
    fill(net, arrays)
    return net


def _places(names):
    """Where the Linear layers stand in a Sequential in which each activation but the identity is a module."""
    places, place = [], 0
    for name in names:
        places.append(place)
        place += 1 + (name != "identity")
    return places


def _no_file(why):
    return ValueError(f"This is no safetensors file of a network: {why}.")


def _checked(content):
    """The header of the file as a dict, and the file, once the header is known to be plain and of modest size."""
    if len(content) < 8:
        raise _no_file(f"it has {len(content)} bytes, fewer than the 8 that say how long its header is")
    length = int.from_bytes(content[:8], "little")
    if length > LONGEST_HEADER:
        raise _no_file(f"its header says it has {length:,} bytes, more than the {LONGEST_HEADER:,} that are read")
    if length > len(content) - 8:
        raise _no_file(f"its header says it has {length:,} bytes, but only {len(content) - 8:,} follow")
    try:
        header = json.loads(content[8 : 8 + length].decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _no_file(f"its header cannot be read: {reason(error)}") from None
    if not isinstance(header, dict):
        raise _no_file(f"its header is a {type(header).__name__}, not a table of tensors")
    metadata = header.get("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise _no_file("its __metadata__ must be names with texts")
    return header, content


def _once(pairs):
    """A JSON object in which no name stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _layers(header, tensors):
    """The arrays of each layer, in the order of the model: dicts of `weight` and `bias`."""
    layers, prefixes = {}, set()
    for name, array in tensors.items():
        found = NAME.fullmatch(name)
        if not found:
            raise _no_file(f'{name[:40]!r} in it is no weight or bias of a Sequential, such as "0.weight"')
        if header[name].get("dtype") not in TYPES:
            raise _no_file(f"{name} has numbers of type {header[name].get('dtype')}; read are {', '.join(TYPES)}")
        if array.ndim != (2 if found[3] == "weight" else 1):
            raise _no_file(f"{name} has the shape {array.shape}")
        prefixes.add(found[1])
        layers.setdefault(int(found[2]), {})[found[3]] = array.astype(np.float64)
    if len(prefixes) > 1:
        raise _no_file(f"it holds more than one model: {short(sorted(prefixes))}")
    for place, layer in layers.items():
        if set(layer) != {"weight", "bias"}:
            raise _no_file(f"layer {place} has no {({'weight', 'bias'} - set(layer)).pop()}")
    if not layers:
        raise _no_file("it holds no tensors")
    return [layers[place] for place in sorted(layers)]


def _activations(metadata, count, hidden, output):
    """The name of each layer's activation: what the caller says, else what the file says."""
    if "activations" in metadata and hidden is None and output is None:
        return metadata["activations"].split(",")
    if hidden is None and count > 1:
        raise ValueError(
            "This file does not say the activations of its network. Name them: "
            'load_safetensors(path, hidden="relu", output="identity").'
        )
    return [hidden] * (count - 1) + [output or "identity"]
