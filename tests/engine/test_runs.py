"""A training run as records: what a logger takes and refuses, histograms, and a training that is noted as it runs."""

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wbviz.engine import SGD, Diverged, MemoryLogger, Network, Training, histogram, histograms, logged, train
from wbviz.engine.histograms import BINS, edges
from wbviz.engine.run_lines import CHECKS, decoded, encoded


@pytest.fixture
def examples():
    X = np.random.default_rng(0).normal(size=(20, 2))
    return X, X[:, :1] * X[:, 1:]


# --- histograms -------------------------------------------------------------------------------------------------------


@given(arrays(float, st.integers(1, 40), elements=st.floats(-1e308, 1e308)))
def test_a_histogram_counts_every_number(values):
    found = histogram(values)
    assert sum(found["counts"]) == len(values)
    assert found["not_finite"] == 0
    assert found["low"] <= values.min()
    assert found["high"] >= values.max()
    assert all(math.isfinite(found[name]) for name in ("low", "high", "mean", "sd"))


def test_a_histogram_is_numpys():
    values = np.random.default_rng(1).normal(size=(7, 300))
    for row, found in zip(values, histograms(values), strict=True):
        counts, ends = np.histogram(row, bins=BINS)
        assert found["counts"] == counts.tolist()
        np.testing.assert_allclose(edges(found), ends)
        assert found["mean"] == pytest.approx(row.mean())
        assert found["sd"] == pytest.approx(row.std())


def test_equal_numbers_no_numbers_and_none():
    assert (histogram([2.0, 2.0])["low"], histogram([2.0, 2.0])["high"]) == (1.5, 2.5)
    found = histogram([1.0, math.nan, math.inf])
    assert (sum(found["counts"]), found["not_finite"]) == (1, 2)
    assert sum(histogram([math.nan])["counts"]) == 0
    assert histograms(np.empty((0, 3))) == []


# --- what a logger takes ----------------------------------------------------------------------------------------------


def test_a_run_tells_what_was_noted():
    logger = MemoryLogger("mine").start({"lr": np.float32(0.5), "layers": (2, 4)}, seed=3, steps=2)
    logger.log(0, {"loss": 1, "accuracy": np.float64(0.5)})
    logger.log(1, {"loss": np.array(0.5)})
    logger.note("  it works ")
    logger.finish(reason="done")
    logger.finish()
    run = logger.run
    assert (run.settings, run.seed, run.steps) == ({"lr": 0.5, "layers": [2, 4]}, 3, 2)
    assert run.metrics == ("loss", "accuracy")
    assert [series.tolist() for series in run.series("loss")] == [[0, 1], [1.0, 0.5]]
    assert (run.last("loss"), run.last("nothing"), run.last_step) == (0.5, None, 1)
    assert (run.notes, run.status, run.reason) == (["it works"], "finished", "done")
    assert run.versions["numpy"] == np.__version__
    with pytest.raises(KeyError, match=r"has no metric 'los'. It has: loss, accuracy"):
        run.series("los")


def test_of_a_step_noted_twice_the_later_one_counts():
    logger = MemoryLogger().start()
    for step, loss in ((0, 1.0), (2, 0.5), (1, 0.7), (2, 0.4)):
        logger.log(step, {"loss": loss})
    assert [series.tolist() for series in logger.run.series("loss")] == [[0, 1, 2], [1.0, 0.7, 0.4]]


@pytest.mark.parametrize("bad", ["seven", None, [1, 2], np.zeros(2), 1j, object(), b"1"])
def test_a_metric_is_one_number(bad):
    with pytest.raises(TypeError, match="The metric 'loss' must be one number, got"):
        MemoryLogger().start().log(0, {"loss": bad})


@pytest.mark.parametrize("metrics", [{}, [], "loss", {3: 1.0}, {"": 1.0}, {"x" * 81: 1.0}])
def test_metrics_are_named(metrics):
    with pytest.raises(TypeError, match="must be"):
        MemoryLogger().start().log(0, metrics)


@pytest.mark.parametrize("step", [-1, 1.5, True, "1"])
def test_a_step_is_a_whole_number(step):
    with pytest.raises((TypeError, ValueError), match="step must be"):
        MemoryLogger().start().log(step, {"loss": 1.0})


def test_settings_are_plain_values():
    logger = MemoryLogger().start({"init": Network([2, 1]).activations[0], "clip": math.inf, "act": math.tanh})
    assert logger.run.settings == {"init": "identity", "clip": "Infinity", "act": "tanh"}
    for bad in ({"data": object()}, {"big": np.zeros(5000)}, {3: 1}, ["lr"]):
        with pytest.raises(TypeError):
            MemoryLogger().start(bad)


@pytest.mark.parametrize("name", ["key", "api_key", "WANDB_API_KEY", "token", "db-password", "client secret"])
def test_secrets_are_refused_and_the_logger_can_still_begin(name):
    logger = MemoryLogger()
    for settings in ({name: "0"}, {"login": {name: "0"}}):
        with pytest.raises(ValueError, match="sounds like a secret"):
            logger.start(settings)
    logger.start({"key_size": 3, "token_count": 7, "monkey": 1})


def test_calls_out_of_order_say_so():
    logger = MemoryLogger()
    with pytest.raises(RuntimeError, match="has not started: call start"):
        logger.log(0, {"loss": 1})
    logger.start()
    with pytest.raises(RuntimeError, match="noted a run already"):
        logger.start()
    with pytest.raises(ValueError, match="There is no way to end 'finishd'"):
        logger.finish("finishd")
    with pytest.raises(ValueError, match="A note is a text of 1 to 2,000 characters, got 0"):
        logger.note("   ")
    logger.finish()
    with pytest.raises(RuntimeError, match=r"has ended. Nothing was noted"):
        logger.note("too late")


@pytest.mark.parametrize(
    ("error", "status"), [(KeyError("x"), "failed"), (KeyboardInterrupt(), "stopped"), (None, "finished")]
)
def test_as_a_context_it_says_how_it_ended(error, status):
    logger = MemoryLogger()
    try:
        with logger.start():
            if error is not None:
                raise error
    except (KeyError, KeyboardInterrupt):
        pass
    assert logger.run.status == status


# --- lines ------------------------------------------------------------------------------------------------------------

NUMBERS = st.floats() | st.integers(-(2**53), 2**53)
NAMES = st.text(min_size=1, max_size=20)


@given(st.integers(0, 2**62), st.dictionaries(NAMES, NUMBERS, max_size=4))
def test_metrics_come_back_to_the_last_bit(step, metrics):
    line = encoded({"kind": "step", "step": step, "metrics": metrics})
    assert line.endswith(b"}\n")
    assert line.isascii()
    assert b"\n" not in line[:-1]
    found = decoded(line)
    assert (found["step"], set(found["metrics"])) == (step, set(metrics))
    for name, value in metrics.items():
        assert found["metrics"][name] == value or (math.isnan(value) and math.isnan(found["metrics"][name]))


@given(st.text(max_size=60))
def test_notes_come_back_whatever_they_hold(text):
    assert decoded(encoded({"kind": "note", "text": text}))["text"] == text


@given(st.binary(max_size=80) | st.text(alphabet='{}[]":,0123456789kindstep ', max_size=80).map(str.encode))
def test_no_line_does_harm(line):
    with suppress(ValueError):
        assert decoded(line)["kind"] in CHECKS


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"step","step":1}', b'{"kind":"step","step":-1,"metrics":{}}',
        b'{"kind":"step","step":1,"metrics":[]}',
        b'{"kind":"step","step":1,"metrics":{"loss":"high"}}', b'{"kind":"step","step":1,"metrics":{"loss":true}}',
        b'{"kind":"note","text":3}', b'{"kind":"end","status":"well"}', b'{"kind":"take"}', b'{"kind":["step"]}',
        b'{"kind":"start","settings":[],"seed":"x"}', b"[" * 100_000, b'{"kind":"step","step":1e400,"metrics":{}}',
        b'{"kind":"histograms","step":1,"layers":{"W1":{"low":1,"high":0,"counts":[1],"mean":0,"sd":0,"not_finite":0}}}',
    ],
)  # fmt: skip
def test_lines_that_are_no_records_are_refused(line):
    with pytest.raises(ValueError, match=r"is no|holds values"):
        decoded(line)


# --- a training that is noted -----------------------------------------------------------------------------------------


def test_a_noted_training_is_the_same_training(examples):
    X, y = examples
    settings = {"epochs": 60, "batch_size": 7, "validation": (X, y), "seed": 4}
    plain, noted, logger = Network([2, 4, 1]), Network([2, 4, 1]), MemoryLogger()
    history = train(plain, X, y, optimizer=SGD(0.05), **settings)
    train(noted, X, y, optimizer=SGD(0.05), logger=logger, **settings)
    run = logger.run
    assert np.array_equal(plain.params, noted.params)
    assert (run.status, run.seed, run.steps, run.settings["lr"]) == ("finished", 4, 180, 0.05)
    steps, losses = run.series("loss")
    assert np.array_equal(steps, np.arange(1, 181))
    assert np.array_equal(losses, history.loss)
    for name in ("epoch_loss", "validation_loss"):
        steps, losses = run.series(name)
        assert np.array_equal(steps, 3 * np.arange(1, 61))
        assert np.array_equal(losses, getattr(history, name))


def test_longer_trainings_are_looked_at_now_and_then(examples):
    logger = MemoryLogger()
    training = Training(Network([2, 4, 1]), *examples, epochs=1000)
    assert list(logged(training, logger)) == list(range(5, 1001, 5))
    run = logger.run
    assert np.array_equal(run.series("loss")[1], training.history.loss[4::5])
    assert [step for step, _ in run.moments("W1")] == list(range(0, 1001, 50))
    assert run.parts == ("W1", "b1", "W2", "b2", "dW1", "db1", "dW2", "db2")
    assert run.moments("W1")[-1][1] == histogram(training.net.weights[0])
    gradient = training.net.gradient(*examples)
    assert run.moments("dW2")[-1][1] == histogram(training.net.views(gradient)[0][1])


def test_a_training_that_diverges_is_noted_so(examples):
    logger = MemoryLogger()
    with pytest.raises(Diverged) as raised:
        train(Network([2, 4, 1]), *examples, optimizer=SGD(5.0), epochs=500, logger=logger)
    assert logger.run.status == "diverged"
    assert str(raised.value) == logger.run.reason
    assert logger.run.last("loss") == raised.value.history.loss[-1]


def test_a_training_that_is_left_is_noted_as_stopped(examples):
    logger = MemoryLogger()
    steps = logged(Training(Network([2, 4, 1]), *examples, epochs=100), logger)
    next(steps)
    steps.close()
    assert (logger.run.status, logger.run.last_step) == ("stopped", 1)


def test_a_population_is_no_run(examples):
    with pytest.raises(ValueError, match="A run is of one network, got a population"):
        train(Network([2, 4, 1], population=3), *examples, logger=MemoryLogger())
    with pytest.raises(ValueError, match="Histograms are of one network"):
        MemoryLogger().start().histograms(0, Network([2, 4, 1], population=3))
