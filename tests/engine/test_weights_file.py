import io
import pickle
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, Activation, Network, load_npz, save_npz, weights_file

X = np.random.default_rng(1).normal(size=(50, 3)) * 5


def trained_looking(hidden, output, sizes=(3, 5, 4, 2)):
    net = Network(sizes, hidden=hidden, output=output)
    return net.with_params(3 * np.random.default_rng(0).normal(size=net.n_params))


def written(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return io.BytesIO(file.getvalue())


GOOD = {
    "sizes": np.array([2, 3, 1]),
    "activations": np.array(["tanh", "identity"]),
    **{"W0": np.ones((2, 3)), "b0": np.ones(3), "W1": np.ones((3, 1)), "b1": np.ones(1)},
}


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 2), (3, 5, 4, 2)])
def test_a_saved_network_comes_back_to_the_last_bit(hidden, sizes, tmp_path):
    net = trained_looking(hidden, "sigmoid", sizes)
    save_npz(net, tmp_path / "net")
    again = load_npz(tmp_path / "net.npz")
    assert again.sizes == net.sizes
    assert [a.name for a in again.activations] == [a.name for a in net.activations]
    np.testing.assert_array_equal(again.params, net.params)
    np.testing.assert_array_equal(again(X), net(X))


def test_an_open_file_will_do():
    net, file = trained_looking("relu", "identity"), io.BytesIO()
    save_npz(net, file)
    file.seek(0)
    np.testing.assert_array_equal(load_npz(file).params, net.params)


def test_the_file_can_be_read_without_us(tmp_path):
    net = trained_looking("relu", "identity")
    save_npz(net, tmp_path / "net.npz")
    with np.load(tmp_path / "net.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(np.maximum(X @ arrays["W0"] + arrays["b0"], 0), net.forward(X).a[1])
        assert arrays["activations"].tolist() == ["relu", "relu", "identity"]


def test_what_cannot_be_saved_is_explained():
    with pytest.raises(ValueError, match="one network, got a population"):
        save_npz(Network([2, 1], population=2), io.BytesIO())
    own = Activation("cube", lambda z: z**3, lambda z: 3 * z**2, "z³")
    with pytest.raises(ValueError, match="'cube' cannot be saved"):
        save_npz(Network([2, 1], output=own), io.BytesIO())


WRONG = {
    "missing sizes": ({"sizes": None}, "does not say the sizes"),
    "missing activations": ({"activations": None}, "does not say the activations"),
    "sizes that are no numbers": ({"sizes": np.array(["2", "1"])}, "sizes must be a list of whole numbers"),
    "sizes of zero": ({"sizes": np.array([2, 0, 1])}, "at least 1, got 0"),
    "one size": ({"sizes": np.array([2])}, "at least the inputs and the outputs"),
    "sizes that would fill the memory": ({"sizes": np.array([10**9, 10**9, 1])}, "too many for this file"),
    "an unknown activation": ({"activations": np.array(["tanhh", "identity"])}, "Did you mean 'tanh'"),
    "too few activations": ({"activations": np.array(["tanh"])}, "2 names, one a layer"),
    "activations that are numbers": ({"activations": np.array([1, 2])}, "2 names, one a layer"),
    "a missing bias": ({"b1": None}, "b1 is missing"),
    "a layer too many": ({"W2": np.ones((1, 1))}, "holds W2 too"),
    "another shape": ({"W0": np.ones((3, 2))}, r"W0 must be numbers of shape \(2, 3\), got float64 of shape \(3, 2\)"),
    "text for numbers": ({"b0": np.array(["1", "2", "3"])}, "b0 must be numbers"),
    "complex numbers": ({"b0": np.ones(3, complex)}, "b0 must be numbers"),
    "not a number": ({"W0": np.array([[1, 2, 3], [4, np.nan, 6]])}, r"W0\[1, 1\] is nan"),
    "objects": ({"W0": np.array([[{}, 1, 2], [3, 4, 5]], dtype=object)}, "no file of weights.*object arrays"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_is_no_network_is_refused_with_a_sentence(case):
    changed, sentence = WRONG[case]
    arrays = {name: values for name, values in (GOOD | changed).items() if values is not None}
    with pytest.raises(ValueError, match=sentence):
        load_npz(written(**arrays))


def test_layers_of_different_activations_are_refused():
    arrays = {"sizes": np.array([1, 1, 1, 1]), "activations": np.array(["tanh", "relu", "identity"])}
    with pytest.raises(ValueError, match="share one activation, got tanh, relu"):
        load_npz(written(**arrays))


def broken_files():
    whole = written(**GOOD).getvalue()
    yield "empty", b""
    yield "text", b"W0,b0\n1,2\n"
    yield "cut off", whole[: len(whole) // 2]
    yield "a bare pickle", pickle.dumps(GOOD)
    middle = whole.index(b"NUMPY") + 90
    yield "a flipped byte", whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    for name, content in (
        ("no array", b"hello"),
        ("a header of nonsense", b"\x93NUMPY\x01\x00\x10\x00" + b"{'descr': import }"),
        ("a shape beyond all memory", npy_header("(10000000000000,)")),
        ("a negative shape", npy_header("(-5,)")),
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("W0.npy" if name != "no array" else "W0.txt", content)
        yield name, file.getvalue()


def npy_header(shape):
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    ("name", "content"), list(broken_files()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_file_is_refused_with_a_sentence(name, content):
    with pytest.raises(ValueError, match="This is no file of weights") as refused:
        load_npz(io.BytesIO(content))
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("cut", range(0, len(written(**GOOD).getvalue()), 13))
def test_a_file_that_is_cut_off_anywhere_is_refused(cut):
    with pytest.raises(ValueError, match="This is no file of weights"):
        load_npz(io.BytesIO(written(**GOOD).getvalue()[:cut]))


@given(st.data())
@settings(max_examples=150)
def test_whatever_byte_is_another_a_network_or_a_sentence_comes_of_it(data):
    whole = written(**GOOD).getvalue()
    place, byte = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    try:
        net = load_npz(io.BytesIO(whole[:place] + bytes([byte]) + whole[place + 1 :]))
    except ValueError:
        return
    assert np.isfinite(net.params).all()


def archive(*members, compression=zipfile.ZIP_STORED):
    """An archive of members (name, content), whatever they are called."""
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", compression) as made:
        for name, content in members:
            made.writestr(name, content)
    return file.getvalue()


NPY = io.BytesIO()
np.save(NPY, np.ones(3))
NPY = NPY.getvalue()
LONG = b"\x93NUMPY\x02\x00" + (20_000).to_bytes(4, "little") + b"{'descr': '<f8', ".ljust(20_000)
TRICKS = {
    "a path upwards": (archive(("../W0.npy", NPY)), r"'\.\./W0.npy' in it is no array of a network"),
    "an absolute path": (archive(("/etc/passwd", b"root")), "'/etc/passwd' in it is no array"),
    "a path of another system": (archive(("C:\\W0.npy", NPY)), "in it is no array of a network"),
    "a folder": (archive(("W0/", b"")), "in it is no array of a network"),
    "a number too long": (archive((f"W{'1' * 400}.npy", NPY)), "in it is no array of a network"),
    "a name twice": (archive(("W0.npy", NPY), ("W0.npy", NPY)), "W0.npy is in it twice"),
    "a header too long": (archive(("W0.npy", LONG + bytes(8))), "no file of weights"),
    "more numbers than it says": (archive(("W0.npy", NPY + bytes(8))), "says it has 24 bytes of numbers, but has 32"),
    "fewer numbers than it says": (archive(("W0.npy", NPY[:-8])), "says it has 24 bytes of numbers, but has 16"),
    "another version": (archive(("W0.npy", b"\x93NUMPY\x09\x00" + NPY[8:])), "format"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_of_archives_are_seen_through(trick):
    content, sentence = TRICKS[trick]
    with pytest.raises(ValueError, match=sentence) as refused:
        load_npz(io.BytesIO(content))
    assert len(str(refused.value)) < 400


def test_a_bomb_is_not_unpacked():
    bomb = archive(("W0.npy", bytes(30_000_000)), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 40_000
    with pytest.raises(ValueError, match="unpacked it would have 30,000,000 bytes"):
        load_npz(io.BytesIO(bomb))
    whole = archive(("W0.npy", bytes(1_000_000)), compression=zipfile.ZIP_DEFLATED)
    lie = whole.replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(ValueError, match="no file of weights"):
        load_npz(io.BytesIO(lie))


def test_a_file_of_text_is_refused():
    with pytest.raises(ValueError, match="open for reading bytes"):
        load_npz(io.StringIO("weights"))


def test_nothing_pickled_is_ever_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return open, (str(tmp_path / "trap"), "w")

    with pytest.raises(ValueError, match="no file of weights"):
        load_npz(written(**GOOD | {"W0": np.array([Trap()], dtype=object)}))
    with pytest.raises(ValueError, match="no file of weights"):
        load_npz(io.BytesIO(pickle.dumps(Trap())))
    assert not (tmp_path / "trap").exists()


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(weights_file, "LARGEST_FILE", 10_000)
    file = io.BytesIO()
    np.savez_compressed(file, **GOOD | {"W0": np.zeros((2, 3000))})
    assert len(file.getvalue()) < 10_000
    with pytest.raises(ValueError, match="unpacked it would have"):
        load_npz(io.BytesIO(file.getvalue()))
    with pytest.raises(ValueError, match="larger than 10,000 bytes"):
        load_npz(io.BytesIO(bytes(10_001)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere\.npz cannot be opened"):
        load_npz(tmp_path / "nowhere.npz")
