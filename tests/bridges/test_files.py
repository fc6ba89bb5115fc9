"""safetensors files: what was written comes back, PyTorch reads it too, and whatever else a file holds is refused."""

import io
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bridges.libraries import X, torch_or_skip, wild
from wbviz.bridges import files, load_safetensors, save_safetensors, to_torch
from wbviz.engine import ACTIVATIONS, Network

pytest.importorskip("safetensors", reason="safetensors writes and reads these files: pip install safetensors")


def written(net):
    file = io.BytesIO()
    save_safetensors(net, file)
    return file.getvalue()


def loaded(content, **arguments):
    return load_safetensors(io.BytesIO(content), **arguments)


def made(header, data=b""):
    """A file of a header, as text or as what JSON makes of it, and what follows."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


GOOD = written(wild(sizes=(2, 3, 1)))
TENSOR = {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]}
BIAS = {"dtype": "F64", "shape": [1], "data_offsets": [8, 16]}


@pytest.mark.parametrize("output", ["identity", "sigmoid"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_saved_network_comes_back_to_the_last_bit(hidden, output, tmp_path):
    net = wild(hidden, output)
    save_safetensors(net, tmp_path / "net.safetensors")
    again = load_safetensors(tmp_path / "net.safetensors")
    np.testing.assert_array_equal(again.params, net.params)
    assert [a.name for a in again.activations] == [a.name for a in net.activations]


@pytest.mark.parametrize("hidden", ["identity", "tanh"])
def test_pytorch_loads_our_file_and_we_load_its(hidden):
    torch = torch_or_skip()
    import safetensors.torch

    net = wild(hidden)
    model = to_torch(Network(net.sizes, hidden=hidden))
    model.load_state_dict(safetensors.torch.load(written(net)))
    with torch.no_grad():
        np.testing.assert_allclose(model(torch.tensor(X)).numpy(), net(X), rtol=1e-12)
    content = safetensors.torch.save(model.state_dict())
    np.testing.assert_array_equal(loaded(content, hidden=hidden).params, net.params)
    with pytest.raises(ValueError, match="does not say the activations of its network"):
        loaded(content)
    tensors = model.state_dict().items()
    inside = safetensors.torch.save({f"net.layers.{name}": tensor.half() for name, tensor in tensors})
    np.testing.assert_array_equal(loaded(inside, hidden=hidden).params, net.params.astype(np.float16))


def test_a_population_cannot_be_saved():
    with pytest.raises(ValueError, match="one network, got a population"):
        written(Network([2, 1], population=2))


@pytest.mark.parametrize("cut", range(0, len(GOOD), 7))
def test_a_file_that_is_cut_off_anywhere_is_refused(cut):
    with pytest.raises(ValueError, match="This is no safetensors file of a network"):
        loaded(GOOD[:cut])


HOSTILE = {
    "a header longer than the file": (struct.pack("<Q", 90_000) + b"{}", "only 2 follow"),
    "a header of exabytes": (struct.pack("<Q", 2**63) + b"{}", "more than the 100,000 that are read"),
    "a header that is no text": (made(b"\xff\xfe{}"), "cannot be read"),
    "a header that is no JSON": (made(b"{import os}"), "cannot be read"),
    "a header that is a list": (made([1]), "is a list, not a table"),
    "a deep header": (made(b"[" * 50_000), "cannot be read|is a list"),
    "a name twice": (made(b'{"0.weight":{"dtype":"F64"},"0.weight":{}}'), "a name stands in it twice"),
    "metadata that are no texts": (made({"__metadata__": {"activations": 1}}), "__metadata__ must be names with texts"),
    "metadata that are a list": (made({"__metadata__": []}), "__metadata__ must be names with texts"),
    "no tensors": (made({}), "holds no tensors"),
    "a path for a name": (made({"../../0.weight": TENSOR}, bytes(8)), "'../../0.weight' in it is no weight"),
    "another name": (made({"lstm.kernel": TENSOR}, bytes(8)), "'lstm.kernel' in it is no weight"),
    "offsets beyond the file": (made({"0.weight": TENSOR | {"data_offsets": [0, 800]}}, bytes(8)), "no safetensors"),
    "offsets backwards": (made({"0.weight": TENSOR | {"data_offsets": [8, 0]}}, bytes(8)), "no safetensors"),
    "a shape that is a lie": (made({"0.weight": TENSOR | {"shape": [3, 1]}}, bytes(8)), "no safetensors"),
    "a negative shape": (made({"0.weight": TENSOR | {"shape": [-1, -1]}}, bytes(8)), "no safetensors"),
    "bytes that nobody owns": (made({"0.weight": TENSOR}, bytes(80)), "no safetensors"),
    "whole numbers": (made({"0.weight": TENSOR | {"dtype": "I64"}}, bytes(8)), "numbers of type I64; read are F64"),
    "an unknown type": (made({"0.weight": TENSOR | {"dtype": "PY"}}, bytes(8)), "no safetensors"),
    "no bias": (made({"0.weight": TENSOR}, bytes(8)), "layer 0 has no bias"),
    "three axes": (made({"0.weight": TENSOR | {"shape": [1, 1, 1]}}, bytes(8)), r"0.weight has the shape \(1, 1, 1\)"),
    "two models": (
        made({"a.0.weight": TENSOR, "b.0.bias": BIAS}, bytes(16)),
        "more than one model: a., b.",
    ),
    "not a number": (
        made({"0.weight": TENSOR, "0.bias": BIAS}, struct.pack("<2d", 1.0, np.nan)),
        r"b0 must be finite, but b0\[0\] is nan",
    ),
    "an unknown activation": (
        made({"0.weight": TENSOR, "0.bias": BIAS, "__metadata__": {"activations": "tanhh"}}, bytes(16)),
        "Did you mean 'tanh'",
    ),
    "too many activations": (
        made({"0.weight": TENSOR, "0.bias": BIAS, "__metadata__": {"activations": "tanh,relu"}}, bytes(16)),
        "1 names, one a layer; got 2",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(case):
    content, sentence = HOSTILE[case]
    with pytest.raises(ValueError, match=sentence) as refused:
        loaded(content)
    assert len(str(refused.value)) < 400


def test_layers_that_do_not_chain_are_refused():
    two = written(wild(sizes=(2, 3, 1)))
    length = struct.unpack("<Q", two[:8])[0]
    header = json.loads(two[8 : 8 + length])
    header["0.weight"]["shape"] = [2, 3]
    with pytest.raises(ValueError, match=r"b0 must be numbers of shape \(2,\)|W1 must be numbers of shape \(2, 1\)"):
        loaded(made(header, two[8 + length :]))


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
@settings(deadline=None, max_examples=150)
def test_whatever_byte_is_another_a_network_or_a_sentence_comes_of_it(place, byte):
    try:
        net = loaded(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])
    except ValueError:
        return
    assert np.isfinite(net.params).all()


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=60)
def test_noise_is_refused(content):
    with pytest.raises(ValueError, match="no safetensors file"):
        loaded(content)


def test_a_file_that_is_too_large_or_not_there_or_text_is_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"nowhere cannot be opened"):
        load_safetensors(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="open for reading bytes"):
        load_safetensors(io.StringIO("weights"))
    monkeypatch.setattr("wbviz.engine.weights_file.LARGEST_FILE", 100)
    with pytest.raises(ValueError, match="larger than 100 bytes"):
        loaded(GOOD)


def test_a_network_of_modest_size_has_a_header_that_is_read():
    net = Network([2, *[3] * 200, 1])
    assert loaded(written(net)).sizes == net.sizes
    assert files.LONGEST_HEADER >= 100_000
