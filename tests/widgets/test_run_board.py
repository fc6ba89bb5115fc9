"""RunBoard: real runs, the same numbers in words and picture, a folder of one's own, and runs that grow meanwhile."""

import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
import traitlets
from matplotlib.text import Text

from tests.widgets.hands import drag, press
from tests.widgets.turning import turn
from wbviz.engine import SGD, Network, RunStore, RunWriter, Training, accuracy
from wbviz.widgets import _run_charts as charts
from wbviz.widgets import _run_live as live
from wbviz.widgets import _run_set as experiment
from wbviz.widgets._run_set import EXAMPLES, GRID, LOOKS, RUNS, STEPS, UNSEEN, Settings
from wbviz.widgets.run_board import RunBoard

EXPLORER = RunBoard
WRITING = Path(__file__).parents[1] / "engine" / "writing_runs.py"


def write(folder, name=None, lr=0.1, steps=10, end="finished", parts=True):
    """A small run of one's own."""
    writer = RunWriter(folder, name).start({"lr": lr, "hidden": 3, "act": "tanh"}, seed=0, steps=steps)
    for step in range(steps):
        writer.log(step, {"epoch_loss": 1 / (1 + lr * step), "validation_loss": 1.1 / (1 + lr * step)})
        if parts:
            writer.histograms(step, Network([2, 3, 1], seed=step))
    if end:
        writer.finish(end)
    return writer


# --- the runs that come along -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", experiment.DATA)
def test_every_run_is_the_training_of_its_settings_alone(dataset):
    known = experiment.lesson(dataset, 3)
    assert (len(known.X), len(known.unseen_X)) == (EXAMPLES, UNSEEN)
    for run in experiment.runs(dataset, 3)[::5]:
        wanted = Settings(**run.settings)
        net = Network([2, wanted.hidden, 1], init=wanted.init, seed=3)
        training = Training(net, known.X, known.y, optimizer=SGD(wanted.lr), l2=wanted.l2, epochs=STEPS)
        steps, losses = run.series("loss")
        for step, loss, unseen, share in zip(
            steps, losses, run.series("validation_loss")[1], run.series("validation_accuracy")[1], strict=True
        ):
            training.run(int(step) - training.made)
            assert loss == pytest.approx(float(net.loss(known.X, known.y)), rel=1e-6)
            assert unseen == pytest.approx(float(net.loss(known.unseen_X, known.unseen_y)), rel=1e-6)
            labels = (net(known.unseen_X) > 0.5).astype(int)
            assert share == pytest.approx(np.mean(labels == known.unseen_y))
            assert run.series("grad_norm")[1][step // experiment.EVERY] == pytest.approx(
                np.linalg.norm(net.gradient(known.X, known.y, l2=wanted.l2)), rel=1e-6
            )


def test_histograms_are_those_of_the_weights(make):
    run = experiment.runs("xor", 0)[19]
    known, wanted = experiment.lesson("xor", 0), Settings(**run.settings)
    net = Network([2, wanted.hidden, 1], init=wanted.init, seed=0)
    Training(net, known.X, known.y, optimizer=SGD(wanted.lr), l2=wanted.l2, epochs=100).run()
    found = dict(run.moments("W1"))[100]
    assert (found["low"], found["high"]) == pytest.approx((net.weights[0].min(), net.weights[0].max()))
    assert found["mean"] == pytest.approx(net.weights[0].mean())
    gradient = dict(run.moments("db2"))[100]
    assert gradient["mean"] == pytest.approx(float(net.gradient(known.X, known.y, l2=wanted.l2)[-1]))
    assert len(run.moments("b1")) == len(LOOKS)


def test_no_two_runs_are_alike_and_every_value_is_tried():
    for seed in range(20):
        settings = experiment.drawn(seed)
        assert len(set(settings)) == RUNS
        for name, values in GRID.items():
            assert {getattr(each, name) for each in settings} == set(values)


def test_a_large_learning_rate_diverges_and_a_small_one_does_not():
    for seed in range(4):
        for run in experiment.runs("moons", seed):
            assert (charts.judged(run).kind == "diverged") == (run.settings["lr"] == 1.0)


@pytest.mark.parametrize(
    ("training", "unseen", "kind"),
    [
        ([1, 0.5, 0.3, 0.2, 0.1], [1, 0.6, 0.5, 0.6, 0.7], "overfits"),
        ([1, 0.9, 0.8, 0.7, 0.6], [1, 0.9, 0.8, 0.7, 0.6], "still falling"),
        ([1, 0.5, 0.5, 0.5, 0.5], [1, 0.5, 0.5, 0.5, 0.5], "level"),
        ([1, 2, 4, 9, 10_000], [1, 2, 4, 9, 20_000], "diverged"),
        ([1, 2, np.nan], [1, 2, np.nan], "diverged"),
        ([1, 2], [1, 2], "too short"),
        ([1, 0.5, 0.6, 0.7, 0.8], [1, 0.5, 0.6, 0.7, 0.8], "rising"),
    ],
)
def test_runs_are_judged_by_their_losses(tmp_path, training, unseen, kind):
    writer = RunWriter(tmp_path).start()
    for step, (one, other) in enumerate(zip(training, unseen, strict=True)):
        writer.log(step, {"loss": one, "validation_loss": other})
    writer.finish()
    assert charts.judged(RunStore(tmp_path).runs[0]).kind == kind


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_it_opens_with_a_pair_in_which_one_setting_made_the_difference(make):
    board = make()
    assert list(board.differences()) == ["lr"]
    assert board.verdict() == "overfits"
    assert board.verdict(board.other) != "overfits"
    assert "Only the learning rate differs: it made the difference." in board.describe()


def test_the_brush_selects_by_a_setting_or_by_the_outcome(make):
    board = make(span=[0.9, 1.0])
    fast = [k + 1 for k, run in enumerate(board.runs) if run.settings["lr"] == 1.0]
    assert board.brushed() == fast
    board.apply({"axis": "validation_loss", "span": [0.95, 1.0]})
    wild = [k + 1 for k in range(RUNS) if board.verdict(k + 1) == "diverged"]
    assert board.brushed() == wild
    board.axis = "no such setting"
    assert len(board.brushed()) == RUNS
    assert "span" in board.idle()
    board.span = [0.8, 0.2]
    assert board.span == [0.2, 0.8]


def test_a_run_is_trained_again_with_one_setting_of_the_other(make):
    narrow = next(k + 1 for k, run in enumerate(experiment.runs("xor", 0)) if run.settings["hidden"] == 2)
    board = make(run=20, other=narrow, swap="hidden")
    one, other = board._pair()
    number = board.swapped()
    assert (number, board.run, board.other) == (RUNS + 1, RUNS + 1, 20)
    assert board.runs[-1].settings == {**one.settings, "hidden": other.settings["hidden"]}
    assert board.differences() == {"hidden": (other.settings["hidden"], one.settings["hidden"])}
    afresh = make(**board.state)
    assert afresh.png() == board.png()
    assert board.undo()
    assert len(board.runs) == RUNS
    assert board.run == 20


def test_the_same_settings_give_the_same_run(make):
    board = make()
    board.train(**board.runs[9].settings)
    assert board.differences() != {}
    board.other = 10
    assert board.differences() == {}
    assert board.final() == pytest.approx(board.final(number=10), rel=1e-9)
    assert "Their settings are the same." in board.describe()


def test_own_runs_are_few_and_checked(make):
    board = make()
    for bad, error in (
        ({"lr": 0}, ValueError), ({"lr": np.nan}, ValueError), ({"lr": "1"}, ValueError), ({"hidden": 17}, ValueError),
        ({"hidden": 2.5}, ValueError), ({"l2": -1}, ValueError), ({"init": "zero"}, ValueError),
        ({"momentum": 1}, TypeError),
    ):  # fmt: skip
        with pytest.raises(error):
            board.train(**bad)
    for _ in range(live.MOST_OWN):
        board.train(lr=0.2)
    with pytest.raises(ValueError, match="12 runs of your own already"):
        board.train()
    with pytest.raises(traitlets.TraitError, match="own"):
        board.own = [{"lr": "fast"}]
    assert len(board.runs) == RUNS + live.MOST_OWN


def test_the_best_run_is_best(make):
    board = make()
    finals = [board.final(number=k + 1) for k in range(RUNS) if board.verdict(k + 1) != "diverged"]
    assert board.final(number=board.best()) == min(finals)
    with pytest.raises(ValueError, match="There is no run 99: there are 24"):
        board.verdict(99)


def test_picture_words_and_methods_say_the_same(make):
    board = make()
    board.png()
    scene, run = board.scene, board.runs[board.run - 1]
    np.testing.assert_array_equal(scene.lines[0].get_xydata(), np.column_stack(run.series("loss")))
    np.testing.assert_array_equal(scene.lines[1].get_xydata(), np.column_stack(run.series("validation_loss")))
    assert f"{board.final():.3f}" in scene.table._texts
    assert scene.heading[0].get_text() == "24 runs on xor, seed 0"
    assert "5 diverged" in board.describe()
    board.smoothing = 0.5
    board.png()
    values = run.series("loss")[1]
    assert scene.lines[0].get_ydata()[:2] == pytest.approx([values[0], (values[1] + values[0] / 2) / 1.5])
    assert "smoothed by 0.50" in scene.titles[0].get_text()


def test_notes_are_kept_shown_and_harmless(make):
    board = make()
    row = board._note_row
    row.text.value = "<img src=x onerror=alert(1)>"
    row.keep.click()
    assert board.notes_of() == ["<img src=x onerror=alert(1)>"]
    assert row._said.value == "<ul><li>&lt;img src=x onerror=alert(1)&gt;</li></ul>"
    assert row.text.value == ""
    board.png()
    assert "Note: <img" in board.scene.says[4].get_text()
    board.run = 3
    assert row._said.value == ""
    row.text.value = "   "
    assert row.keep.disabled
    row.text.value = "x" * 2001
    assert not row.keep.disabled
    row.keep.click()
    assert "A note is a text of 1 to 2,000 characters, got 2,001" in row._error.value
    row.text.value = "x"
    assert row._error.value == ""
    while board.undo():
        pass
    assert board.notes == {}


def test_the_lists_of_names_follow_the_runs_and_set_the_traits(make, tmp_path):
    board = make()
    rows = {row.trait: row for each in board._panel._own.values() for row in each}
    assert [name for _, name in rows["metric"].control.options] == ["loss", "accuracy", "grad_norm"]
    rows["metric"].control.value = "accuracy"
    assert board.metric == "accuracy"
    assert [name for _, name in rows["axis"].control.options] == [*GRID, "validation_accuracy"]
    rows["axis"].control.value = "validation_accuracy"
    assert board.axis == "validation_accuracy"
    board.metric = "nothing"
    assert rows["metric"].control.value == "nothing"
    assert board.png()


# --- a folder ---------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_or_empty_gets_a_sentence(make, tmp_path):
    for folder in (tmp_path / "none", tmp_path):
        board = make(folder=str(folder))
        assert board.runs == []
        assert "There is no" in board.describe()
        board.png()
        assert "There is no" in board.scene.nothing.get_text()
        assert board.differences() == {}
        assert board.best() is None
        press(board, "ArrowDown")
        drag(board, board.scene.curves, (0.5, 0.5), (0.6, 0.5))
        with pytest.raises(ValueError, match="There is no run 1"):
            board.note("to whom?")
    (tmp_path / "x.jsonl").write_text("{}")
    board = make(folder=str(tmp_path))
    assert "does not begin as a run does" in board.describe()
    write(tmp_path)
    board.picture.changed()
    board.png()
    assert "1 run of your own" in board.describe()


def test_a_folder_of_ones_own_opens_at_its_newest_run(make, tmp_path):
    for k in range(3):
        write(tmp_path, lr=0.1 + k)
    board = make(folder=str(tmp_path))
    assert (board.run, board.other, board.metric, board.step) == (3, 0, "epoch_loss", 10)
    assert {"dataset", "seed", "swap"} <= set(board.idle())
    assert "swap" not in make(folder=str(tmp_path), other=1).idle()
    board.other = 1
    assert board.differences() == {"lr": (2.1, 0.1)}
    assert board.layer == 1
    with pytest.raises(traitlets.TraitError, match="goes from 1 to 3, but got 4"):
        board.run = 4
    again = make(**board.state)
    assert again.png() == board.png()


def test_a_note_goes_into_the_file(make, tmp_path):
    write(tmp_path)
    board = make(folder=str(tmp_path))
    board.note("kept for good")
    assert RunStore(tmp_path).runs[0].notes == ["kept for good"]
    assert board.notes_of() == ["kept for good"]
    assert "kept for good" in board._note_row._said.value
    assert "kept for good" in board.describe()
    writer = RunWriter.resume(tmp_path, "run-001")
    board._note_row.text.value = "now?"
    board._note_row.keep.click()
    assert "is being written by another logger" in board._note_row._error.value
    writer.finish()


@pytest.mark.parametrize("parts", [True, False])
def test_a_run_is_followed_while_it_grows_and_sliders_stay_alive(make, tmp_path, parts):
    board = make(folder=str(tmp_path))
    board.follow()
    writer = write(tmp_path, steps=4, end="", parts=parts)
    seen = []
    for step in range(4, 40):
        writer.log(step, {"epoch_loss": 1.0, "validation_loss": 1.0})
        board.smoothing = 0.05 * (step % 10)
        seen.append(board.runs[0].last_step if board.runs else -1)
        time.sleep(0.01)
    until = time.monotonic() + 5
    while "step 39" not in board._following.words and time.monotonic() < until:
        time.sleep(0.02)
    assert "1 run; run-001 at step 39" in board._following.words
    assert len(set(seen)) > 3
    assert seen == sorted(seen)
    assert "is being written: step 39" in board.describe()
    writer.finish()
    board.wait(5)
    assert board._following.stage == "stopped"
    assert "is being written" not in board.describe()


def test_a_run_of_another_process_is_followed_until_it_is_killed(make, tmp_path):
    board = make(folder=str(tmp_path))
    board.follow()
    writer = subprocess.Popen(
        [sys.executable, str(WRITING), "until_killed", str(tmp_path)], stdout=subprocess.PIPE, cwd=WRITING.parents[2]
    )
    seen, until = set(), time.monotonic() + 30
    while len(seen) < 4 and time.monotonic() < until:
        writer.stdout.readline()
        seen |= {run.last_step for run in board.runs}
    writer.kill()
    writer.communicate()
    board.wait(5)
    assert len(seen) >= 4
    (run,) = board.runs
    assert run.series("loss")[1].tolist() == [1 / (step + 1) for step in range(run.last_step + 1)]
    assert "is being written" not in board.describe()


def test_following_ends_when_nothing_comes(make, tmp_path, monkeypatch):
    monkeypatch.setattr(live, "PATIENCE", 0.1)
    board = make(folder=str(tmp_path))
    board.follow()
    assert board._following.wait(5) == "done"
    with pytest.raises(ValueError, match="These runs are over"):
        make().follow()


def test_a_run_is_trained_into_the_folder_and_followed(make, tmp_path, monkeypatch):
    monkeypatch.setattr(live, "REST", 0.001)
    board = make(folder=str(tmp_path))
    board.train(lr=0.3, hidden=8)
    board.wait(20)
    (run,) = RunStore(tmp_path).runs
    assert (run.status, run.last_step, run.settings["hidden"]) == ("finished", STEPS, 8)
    assert board.runs[0].last("validation_loss") == run.last("validation_loss")
    assert (board.run, board.step) == (1, STEPS)
    board.train(lr=5.0)
    board.wait(20)
    assert [each.status for each in board.runs] == ["finished", "diverged"]
    assert "run-002 diverged" in board._training.words
    assert board.verdict(2) == "diverged"
    board.apply({"run": 1, "other": 2, "swap": "lr"})
    board.swapped()
    board.wait(20)
    assert board.runs[2].settings == {**board.runs[0].settings, "lr": 5.0}


def test_a_training_that_is_stopped_keeps_what_it_noted(make, tmp_path):
    board = make(folder=str(tmp_path))
    board.train()
    while not board.runs or board.runs[0].last_step < 4:
        time.sleep(0.01)
    board._training.stop()
    board._training.wait(5)
    board.wait(5)
    (run,) = RunStore(tmp_path).runs
    assert 4 <= run.last_step < STEPS
    assert len(run.series("loss")[0]) >= 2


def test_closing_ends_the_threads(tmp_path):
    board = RunBoard(folder=str(tmp_path))
    board.follow()
    board.train()
    board.close()
    assert not [thread for thread in threading.enumerate() if thread.name in ("wbviz Following", "wbviz Training")]


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_takes_a_run_a_brush_or_a_step(make):
    board = make()
    board.png()
    scene = board.scene
    points = charts.curves(board.runs, "loss", 0.0)[7]
    drag(board, scene.curves, (0, 0.6), tuple(points[30]))
    assert np.interp(points[30, 0], *charts.curves(board.runs, "loss", 0.0)[board.run - 1].T) == pytest.approx(
        points[30, 1], abs=2e-3
    )
    drag(board, scene.parallel, (scene.at[2] + 3, 0.9), (scene.at[2], 0.5))
    assert (board.axis, board.span) == ("l2", [0.5, 0.9])
    drag(board, scene.parallel, (scene.at[0], 0.5), (scene.at[0], 0.5))
    assert board.axis == "lr"
    drag(board, scene.frame, (10, 0), (83.4, 1))
    assert board.step == 83


def test_keys_move_the_step_and_the_run(make):
    board = make()
    press(board, "ArrowLeft")
    press(board, "ArrowLeft", shift=True)
    assert board.step == STEPS - 11
    press(board, "ArrowRight")
    assert board.step == STEPS - 10
    press(board, "ArrowDown")
    press(board, "ArrowUp")
    press(board, "ArrowUp")
    assert board.run == 19


def test_sliders_end_where_the_runs_do(make):
    board = make()
    row = board._panel._rows["run"][0]
    turn(row, 25)
    assert "run goes from 1 to 24" in row.error
    board.train()
    turn(board._panel._rows["run"][0], 25)
    assert board.run == 25


EXTREMES = [
    {}, {"run": 3, "log": True, "quantity": "gradient of the weights", "layer": 2, "step": 1000}, {"other": 0},
    {"dataset": "moons", "metric": "accuracy", "axis": "validation_accuracy", "smoothing": 0.95},
    {"metric": "grad_norm", "log": True, "run": 6, "other": 9}, {"run": 1, "other": 24, "seed": 7, "swap": "init"},
    {"own": [{"lr": 0.07, "hidden": 16, "l2": 0.003, "init": "small_normal"}], "run": 25, "other": 20},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    settings = settings | ({"step": STEPS} if settings.get("step", 0) > STEPS else {})
    board = make(**settings)
    board.png()
    texts = [text for text in board.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    shown = [text for text in texts if text.axes is None or text.axes.get_visible()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown if text.axes is not board.scene.heat]
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= board.size[0], text
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide < 1 or high < 4, f"{one!r} and {other!r} overlap"


def test_accuracy_is_the_engines():
    known = experiment.lesson("xor", 0)
    net = Network([2, 4, 1], seed=0)
    two = np.column_stack([1 - net(known.X), net(known.X)])  # the class 1 is nearer where the answer is above a half
    measured = experiment._measured(net.with_params(net.params[None, None]), known, 0.0)
    assert measured["accuracy"][0, 0] == accuracy(known.y[:, 0].astype(int), two)


def test_every_control_of_the_rows_has_a_name(make):
    board = make()
    for each in board._panel._own.values():
        for control in (each[0].control,) if hasattr(each[0], "control") else (each[0].text, each[0].keep):
            assert isinstance(control, ipywidgets.DOMWidget)
            assert control.description
            assert control.tooltip
