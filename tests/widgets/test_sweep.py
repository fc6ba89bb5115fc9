"""A sweep trains the same start once for each value, beside the page, and keeps the runs."""

import time

import pytest

from wbviz.widgets import _lab as lab
from wbviz.widgets._sweep import Sweep, sweepable
from wbviz.widgets.playground import Playground

EXPLORER = Playground
SMALL = {"examples": 40, "layers": [2], "controls": False}


@pytest.fixture
def sweep(make):
    explorer = make(**SMALL)
    made = Sweep(explorer, sweepable(explorer, lab.BESIDE_THE_RUN | {"max_epochs"}), drawn=("init", "init_seed"))
    made.epochs.value = 10
    yield made
    made.close()


def run(sweep, setting, values):
    sweep.setting.value, sweep.values.value = setting, values
    sweep.work.run_here()
    return sweep._explorer.kept


def test_each_value_is_trained_from_the_same_start(sweep, make):
    kept = run(sweep, "lr", "0.01, 0.1, 1")
    assert [each["settings"]["lr"] for each in kept] == [0.01, 0.1, 1.0]
    assert [each["name"] for each in kept] == ["lr 0.01", "lr 0.1", "lr 1"]
    assert len({each["start"] for each in kept}) == 1
    alone = make(**SMALL, lr=0.1)
    alone.train(10)
    assert kept[1]["train"][-1] == pytest.approx(alone.train_loss(), rel=1e-4)
    assert sweep._explorer.epoch == 0  # the explorer itself was left alone, but for what it keeps
    sweep._explorer.undo()
    assert sweep._explorer.kept == []


def test_a_seed_of_the_weights_draws_another_start(sweep):
    kept = run(sweep, "init_seed", "0, 1")
    assert len({each["start"] for each in kept}) == 2


def test_names_and_switches_can_be_swept(sweep):
    kept = run(sweep, "activation", "relu, leaky relu")
    assert [each["settings"]["activation"] for each in kept] == ["relu", "leaky_relu"]
    kept = run(sweep, "biases", "off, on")
    assert [each["settings"]["biases"] for each in kept] == [False, True]


def test_every_setting_suggests_values_it_takes(sweep):
    for _, name in sweep.setting.options:
        sweep.setting.value = name
        for value in {sweep.asked()[0], sweep.asked()[-1]}:
            sweep._copy(name, value).close()


@pytest.mark.parametrize(
    ("setting", "values", "words"),
    [
        ("lr", "0.1, high", "'high' is not a number"),
        ("lr", "0.1, 0.1", "the same"),
        ("lr", "", "Write 1 to 5 values"),
        ("lr", "1, 2, 3, 4, 5, 6", "there are 6"),
        ("lr", "100", "goes from 1e-05 to 10"),
        ("biases", "maybe", "neither on nor off"),
        ("activation", "rulu", "Did you mean 'relu'"),
    ],
)
def test_bad_values_are_said_and_what_was_kept_stays(sweep, setting, values, words):
    kept = run(sweep, "lr", "0.1")
    sweep.setting.value, sweep.values.value = setting, values
    sweep.work.start()
    assert sweep.work.wait(10) == "failed"
    assert words in str(sweep.work.error)
    assert sweep._explorer.kept == kept


def test_a_stopped_sweep_keeps_the_runs_that_ended(sweep):
    sweep.setting.value, sweep.values.value, sweep.epochs.value = "lr", "0.01, 0.1", 10
    for _ in range(3):
        sweep.work.step()
        while sweep.work._single:
            time.sleep(0.01)
    sweep.work.stop()
    sweep.work.wait(10)
    assert len(sweep._explorer.kept) == 1
