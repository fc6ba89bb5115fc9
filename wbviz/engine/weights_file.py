"""A network as a file of its numbers: a NumPy archive (.npz). Whatever a file holds, nothing in it is run."""

import io
import itertools
import math
import re
import zipfile
from pathlib import Path

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .export import names_of
from .network import Network

#: The largest file of weights that is read, in bytes, as it is and unpacked.
LARGEST_FILE = 20_000_000
#: The longest description of one array (.npy header) that is read, in bytes. NumPy's own have 128.
LONGEST_HEADER = 4_096
#: What an array in the archive may be called.
MEMBER = re.compile(r"(sizes|activations|[Wb](0|[1-9][0-9]{0,3}))\.npy")


def save_npz(net, path_or_file):
    """Write one network as a NumPy archive: `sizes`, `activations` (one name a layer), and W0, b0, W1, b1, …

    Shapes are those of `net.weights` and `net.biases`, float64; nothing is pickled. `path_or_file` is a path, which
    gets the ending .npz if it has none, or a file open for writing bytes.
    """
    names = np.array(names_of(net, ACTIVATIONS, "saved"))
    np.savez(path_or_file, sizes=np.array(net.sizes), activations=names, **_views(net))


def load_npz(path_or_file):
    """The Network in a file that `save_npz` wrote, from a path or a file open for reading bytes.

    Nothing in it is run, and nothing is written. A file that is broken, too large or not such a network raises
    ValueError.
    """
    arrays = _read_arrays(content_of(path_or_file))
    for name in ("sizes", "activations"):
        if name not in arrays:
            raise ValueError(f"The file does not say the {name} of its network; it holds {short(list(arrays))}.")
    net = empty_network(*_architecture(arrays.pop("sizes"), arrays.pop("activations")))
    fill(net, arrays)
    return net


# -- what files of every kind are held to (those of safetensors too) --------------------------------------------------


def content_of(path_or_file):
    """The bytes of a file, from a path or from a file open for reading bytes; ValueError beyond LARGEST_FILE."""
    try:
        if hasattr(path_or_file, "read"):
            content = path_or_file.read(LARGEST_FILE + 1)
        else:
            with Path(path_or_file).open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"{path_or_file} cannot be opened: {error.strerror}.") from None
    if not isinstance(content, bytes):
        raise ValueError('The file must be open for reading bytes: open(path, "rb").')
    if len(content) > LARGEST_FILE:
        raise ValueError(f"The file is larger than {LARGEST_FILE:,} bytes, the most that is read.")
    return content


def empty_network(sizes, names):
    """A Network of zeros with these sizes and one activation's name a layer, both checked before memory is taken."""
    sizes = checks.sizes(sizes)
    parameters = sum((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes))
    if 8 * parameters > LARGEST_FILE:
        raise ValueError(f"A network of sizes {short(sizes)} has {parameters:,} parameters, too many for this file.")
    if len(names) != len(sizes) - 1:
        raise ValueError(f"activations must be {len(sizes) - 1} names, one a layer; got {len(names)}.")
    names = [checks.pick(ACTIVATIONS, str(name)[:40], "activation").name for name in names]
    if len(set(names[:-1])) > 1:
        raise ValueError(f"The hidden layers of a network here share one activation, got {short(names[:-1])}.")
    return Network(sizes, hidden=names[0], output=names[-1], init="zeros")


def fill(net, arrays):
    """Copy the arrays W0, b0, W1, b1, … into the parameters of `net`; each of them must be there, and no other."""
    views = _views(net)
    if extra := sorted(set(arrays) - set(views)):
        raise ValueError(f"The file holds {short(extra)} too, which a network of sizes {short(net.sizes)} has not.")
    for name, view in views.items():
        if name not in arrays:
            raise ValueError(f"{name} is missing. The file holds {short(list(arrays))}.")
        array = arrays[name]
        if array.dtype.kind not in "fiu" or array.shape != view.shape:
            raise ValueError(f"{name} must be numbers of shape {view.shape}, got {array.dtype} of shape {array.shape}.")
        view[...] = checks.floats(array, name)


def _views(net):
    """The weights and biases of a network by name: W0, b0, W1, b1, …"""
    pairs = enumerate(zip(net.weights, net.biases, strict=True))
    return {name: view for n, (W, b) in pairs for name, view in ((f"W{n}", W), (f"b{n}", b))}


def short(names, most=8):
    """A few names in a sentence; of many, the first ones and how many there are."""
    listed = ", ".join(str(name)[:40] for name in names[:most]) or "nothing"
    return listed if len(names) <= most else f"{listed} … ({len(names)} in all)"


def reason(error):
    """An error's text as a part of a sentence, not too long."""
    text = str(error).strip().rstrip(".")[:200] or type(error).__name__
    return text if text[1:2].isdigit() else text[:1].lower() + text[1:]  # W0 is a name


# -- inside an archive ------------------------------------------------------------------------------------------------


def _read_arrays(content):
    """The arrays of an archive by name; ValueError for what is no archive of plain arrays, or too large a one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist())
            return {member.filename[: -len(".npy")]: _array(archive, member) for member in archive.infolist()}
    except Exception as error:  # a broken archive fails in a dozen ways; none of them may get out as it is
        sentence = f"This is no file of weights (.npz): {reason(error)}. Load one that save_npz wrote."
        raise ValueError(sentence) from None


def _check_members(members):
    """Refuse names that are no names of arrays (paths among them), doubles, locked members, and too much of it."""
    seen = set()
    for member in members:
        if not MEMBER.fullmatch(member.orig_filename) or not MEMBER.fullmatch(member.filename):
            raise ValueError(f"{member.orig_filename[:40]!r} in it is no array of a network")
        if member.filename in seen:
            raise ValueError(f"{member.filename} is in it twice")
        seen.add(member.filename)
        if member.flag_bits & 1:
            raise ValueError(f"{member.filename} in it is locked with a password")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_FILE:
        raise ValueError(f"unpacked it would have {unpacked:,} bytes, more than the {LARGEST_FILE:,} that are read")


def _array(archive, member):
    """One array, after its header is found to be plain and to tell the truth about the bytes that follow."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
        if read is None:
            raise ValueError(f"{member.filename} is written in format {version}, which is not read here")
        shape, by_column, dtype = read(file, max_header_size=LONGEST_HEADER)
        if dtype.hasobject:
            raise ValueError(f"{member.filename} is one of the object arrays, which are never read: they can run code")
        if min(shape, default=0) < 0:
            raise ValueError(f"{member.filename} says it has the shape {shape}")
        expected, data = math.prod(shape) * dtype.itemsize, file.read(member.file_size)
        if len(data) != expected:
            raise ValueError(f"{member.filename} says it has {expected:,} bytes of numbers, but has {len(data):,}")
    return np.frombuffer(data, dtype).reshape(shape, order="F" if by_column else "C")


def _architecture(sizes, names):
    """The sizes and the names of the activations as lists, if they are what they should be."""
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu":
        raise ValueError(f"sizes must be a list of whole numbers, got {sizes.dtype} of shape {sizes.shape}.")
    if names.dtype.kind != "U" or names.ndim != 1:
        expected = f"{len(sizes) - 1} names, one a layer"
        raise ValueError(f"activations must be {expected}; got {names.dtype} of shape {names.shape}.")
    return sizes.tolist(), names.tolist()
