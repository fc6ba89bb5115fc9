"""The same run in several places: each of them is read back, byte by byte, and holds the numbers that were noted."""

import math
import os
import warnings

import numpy as np
import pytest

from tests.bridges.run_files import events, wandb_file, wandb_history, wandb_records
from wbviz import bridges
from wbviz.bridges import tensorboard_runs, wandb_runs
from wbviz.engine import Logger, MemoryLogger, Network, RunStore, RunWriter, Several, train
from wbviz.engine.histograms import edges

NO_WANDB = "Weights & Biases is not installed: pip install wandb"
NO_TENSORBOARD = "tensorboardX is not installed: pip install tensorboardX"
SETTINGS = {"lr": 0.1, "layers": [2, 4, 1], "init": "xavier"}


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Nothing is asked of the network, and nobody is logged in."""
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("WANDB_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("WANDB_API_KEY", "WANDB_MODE", "WANDB_IDENTITY_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


def note_a_run(logger):
    """A small training, a diverged number, steps that go back, and notes with something odd in them."""
    X = np.random.default_rng(0).normal(size=(20, 2))
    logger.start(SETTINGS, seed=3, steps=12)
    net = Network([2, 4, 1], seed=3)
    for step in (0, 5, 10, 7):
        logger.log(step, {"loss": 1 / 3 + step, "accuracy": np.float32(0.1), "count": 7})
        logger.histograms(step, net, net.gradient(X, X[:, :1]))
        net.params = net.params + 0.25
    logger.log(11, {"loss": math.nan, "grad_norm": math.inf})
    logger.note("first try")
    logger.note("<script>alert(1)</script> ü")
    logger.finish("diverged", "too large a step")
    return logger


@pytest.fixture
def noted():
    """The run as it was told."""
    return note_a_run(MemoryLogger()).run


def same(a, b, rel=0.0):
    return a == pytest.approx(b, rel=rel, abs=0, nan_ok=True)


# --- W&B --------------------------------------------------------------------------------------------------------------


def test_wandb_holds_every_number(offline, tmp_path, noted):
    pytest.importorskip("wandb", reason=NO_WANDB)
    logger = wandb_runs.WandbLogger("test", name="a run", mode="offline", folder=tmp_path)
    note_a_run(logger)
    path = wandb_file(tmp_path)
    rows = wandb_history(path)
    for metric in noted.metrics:
        told = list(zip(*noted._noted[metric], strict=True))
        read = [(row["step"], float(row[metric])) for row in rows if metric in row]
        assert [step for step, _ in read] == [step for step, _ in told]
        assert all(same(a, b) for (_, a), (_, b) in zip(read, told, strict=True)), metric
    for part, moments in noted.spread.items():
        name = f"{'gradients' if part.startswith('d') else 'weights'}/{part}"
        read = [(row["step"], row[name]) for row in rows if name in row]
        assert [step for step, _ in read] == [step for step, _ in moments]
        for (_, one), (_, other) in zip(read, moments, strict=True):
            assert one["values"] == other["counts"]
            assert same(one["bins"], list(edges(other)))


def test_wandb_holds_settings_notes_and_the_end(offline, tmp_path):
    pytest.importorskip("wandb", reason=NO_WANDB)
    note_a_run(wandb_runs.WandbLogger("test", name="a run", mode="offline", folder=tmp_path))
    path = wandb_file(tmp_path)
    records = wandb_records(path)
    text = "\n".join(str(record) for record in records)
    for words in ("a run", "lr", "xavier", "first try", "diverged", "too large a step"):
        assert words in text
    runs = [record.run for record in records if record.WhichOneof("record_type") == "run"]
    config = {item.key: item.value_json for run in runs for item in run.config.update}
    assert config["lr"] == "0.1"
    assert config["layers"] == "[2,4,1]"


@pytest.mark.parametrize("name", ["key", "api_key", "token", "API_KEY"])
def test_no_key_is_taken(name):
    with pytest.raises(ValueError, match=r"No key is taken here.*wandb login.*offline"):
        wandb_runs.WandbLogger("test", **{name: "0123456789abcdef"})
    with pytest.raises(TypeError, match="has no setting 'entitty'"):
        wandb_runs.WandbLogger("test", entitty="me")
    with pytest.raises(ValueError, match="mode must be one of online, offline"):
        wandb_runs.WandbLogger("test", mode="ofline")


def test_a_key_among_the_settings_is_refused(tmp_path):
    with pytest.raises(ValueError, match="sounds like a secret"):
        RunWriter(tmp_path).start({"lr": 0.1, "wandb_api_key": "0123"})
    assert not list(tmp_path.iterdir())


def test_without_a_login_an_online_run_says_what_to_do(offline, tmp_path):
    pytest.importorskip("wandb", reason=NO_WANDB)
    logger = wandb_runs.WandbLogger("test", mode="online", folder=tmp_path)
    with pytest.raises(ConnectionRefusedError, match="wandb login"):
        logger.start({})
    with pytest.raises(RuntimeError, match="has not started"):
        logger.log(0, {"loss": 1})


# --- TensorBoard ------------------------------------------------------------------------------------------------------


def test_tensorboard_holds_every_number_in_single_precision(tmp_path, noted):
    pytest.importorskip("tensorboardX", reason=NO_TENSORBOARD)
    logger = note_a_run(tensorboard_runs.TensorBoardLogger(tmp_path, "a run"))
    found = events(logger.path)
    values = [(event.step, value) for event in found for value in event.summary.value]
    for metric in noted.metrics:
        told = list(zip(*noted._noted[metric], strict=True))
        read = [(step, value.simple_value) for step, value in values if value.tag == metric]
        assert [step for step, _ in read] == [step for step, _ in told]
        assert all(same(a, float(np.float32(b))) for (_, a), (_, b) in zip(read, told, strict=True)), metric
    for part, moments in noted.spread.items():
        name = f"{'gradients' if part.startswith('d') else 'weights'}/{part}"
        read = [(step, value.histo) for step, value in values if value.tag == name]
        assert [step for step, _ in read] == [step for step, _ in moments]
        for (_, one), (_, other) in zip(read, moments, strict=True):
            assert list(one.bucket) == other["counts"]
            assert same(list(one.bucket_limit), list(edges(other)[1:]))
            assert (one.min, one.max, one.num) == (other["low"], other["high"], sum(other["counts"]))
            assert same(one.sum / one.num, other["mean"], rel=1e-9)


def test_tensorboard_shows_texts_as_they_are(tmp_path):
    pytest.importorskip("tensorboardX", reason=NO_TENSORBOARD)
    logger = note_a_run(tensorboard_runs.TensorBoardLogger(tmp_path))
    summaries = [value for event in events(logger.path) for value in event.summary.value]
    texts = {value.tag: b"".join(value.tensor.string_val).decode() for value in summaries if value.tensor.string_val}
    assert texts["note 2/text_summary"] == "    <script>alert(1)</script> ü"
    assert '"lr": 0.1' in texts["settings/text_summary"]
    assert texts["end/text_summary"] == "    diverged too large a step"
    with pytest.raises(ValueError, match=r"There is a run in .* already"):
        tensorboard_runs.TensorBoardLogger(tmp_path)
    with pytest.raises(ValueError, match="cannot be called"):
        tensorboard_runs.TensorBoardLogger(tmp_path, "../elsewhere")


# --- several at once, and without them --------------------------------------------------------------------------------


def test_one_training_is_noted_in_all_places(offline, tmp_path):
    pytest.importorskip("wandb", reason=NO_WANDB)
    pytest.importorskip("tensorboardX", reason=NO_TENSORBOARD)
    places = Several(
        RunWriter(tmp_path / "store"),
        wandb_runs.WandbLogger("test", mode="offline", folder=tmp_path),
        tensorboard_runs.TensorBoardLogger(tmp_path / "board"),
    )
    X = np.random.default_rng(0).normal(size=(20, 2))
    history = train(Network([2, 4, 1]), X, X[:, :1], epochs=30, logger=places)
    (run,) = RunStore(tmp_path / "store").runs
    path = wandb_file(tmp_path)
    in_wandb = [row["epoch_loss"] for row in wandb_history(path) if "epoch_loss" in row]
    summaries = [value for event in events(tmp_path / "board" / "run") for value in event.summary.value]
    in_board = [value.simple_value for value in summaries if value.tag == "epoch_loss"]
    assert np.array_equal(run.series("epoch_loss")[1], history.epoch_loss)
    assert np.array_equal(in_wandb, history.epoch_loss)
    assert np.array_equal(in_board, history.epoch_loss.astype(np.float32))


class Failing(Logger):
    def take(self, record):
        if record["kind"] == "step":
            raise ConnectionError("the line is down")


def test_a_place_that_fails_is_named_and_the_others_go_on(tmp_path):
    logger = Several(Failing(), RunWriter(tmp_path)).start()
    with pytest.warns(RuntimeWarning, match="Failing failed and is left out of this run: the line is down"):
        logger.log(0, {"loss": 1.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logger.log(1, {"loss": 0.5})
        logger.finish()
    (run,) = RunStore(tmp_path).runs
    assert list(run.series("loss")[1]) == [1.0, 0.5]
    alone = Several(Failing()).start()
    with pytest.raises(ConnectionError):
        alone.log(0, {"loss": 1.0})


@pytest.mark.parametrize("module", ["wandb", "tensorboardX"])
def test_without_the_library_it_is_said_what_to_install(module, monkeypatch, tmp_path):
    monkeypatch.setattr(bridges._extra, "find_spec", lambda name: None)
    with pytest.raises(bridges.MissingExtra, match=f"pip install {module}"):
        wandb_runs.WandbLogger() if module == "wandb" else tensorboard_runs.TensorBoardLogger(tmp_path)
    assert os.listdir(tmp_path) == []
