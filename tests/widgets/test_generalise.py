"""Generalise: honest experiments, the same numbers in words and picture, training beside the page."""

import threading

import numpy as np
import pytest
import traitlets

from tests.widgets.hands import press
from tests.widgets.threads import threads, wait_until
from wbviz.engine import accuracy
from wbviz.widgets import _generalising as experiment
from wbviz.widgets._generalising import DATA, PLANES, SEEDS, Setting
from wbviz.widgets.generalise import Generalise

SMALL = {"epochs": 6, "hidden": 4}
REAL = [name for name in DATA if name not in PLANES]


EXPLORER = Generalise


def setting(**changed):
    return Setting("moons", 20, 0.3, 16, 100, 2)._replace(**changed)


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATA)
def test_no_unseen_example_is_learned_from(name):
    pool, unseen = experiment.parts(name, 0.3)
    assert len(pool) == experiment.most(name)
    both = {row.tobytes() for row in pool.X} & {row.tobytes() for row in unseen.X}
    assert not both


@pytest.mark.parametrize("name", DATA)
def test_the_unseen_examples_are_always_the_same(name):
    one, other = (
        experiment.lesson(setting(dataset=name, noise=0.1, examples=n, seed=seed)) for n, seed in ((20, 0), (50, 7))
    )
    assert np.array_equal(one.unseen_y, other.unseen_y)
    assert one.unseen_X * one.scale + one.mean == pytest.approx(other.unseen_X * other.scale + other.mean)


@pytest.mark.parametrize("name", DATA)
def test_more_examples_keep_those_there_were(name):
    few, many = (experiment.lesson(setting(dataset=name, noise=0.1, examples=n)) for n in (12, 60))
    assert np.array_equal(few.rows.X, many.rows.X[:12])


def test_inputs_are_standardised_by_the_learned_examples_alone():
    known = experiment.lesson(setting(dataset="breast_cancer", noise=0.0))
    assert known.X.mean(axis=0) == pytest.approx(np.zeros(30), abs=1e-9)
    assert known.X.std(axis=0) == pytest.approx(np.ones(30))
    assert abs(known.unseen_X.mean(axis=0)).max() > 0.05
    pixels = experiment.lesson(setting(dataset="digits", noise=0.0))
    assert np.array_equal(pixels.X, pixels.rows.X)


def test_every_plane_begins_with_the_same_weights():
    starts = [experiment.untrained(setting(dataset=name)).net.params for name in PLANES]
    ends = [experiment.finished(setting(dataset=name, epochs=5)).net.params for name in PLANES]
    assert all(np.array_equal(starts[0], start) for start in starts)
    assert not any(np.array_equal(ends[0], end) for end in ends[1:])


def test_snapshots_end_where_the_finished_training_ends():
    *_, last = experiment.snapshots(setting(epochs=7))
    assert last.epoch == 7
    assert np.array_equal(last.net.params, experiment.finished(setting(epochs=7)).net.params)


def test_a_member_of_the_curve_is_the_training_with_its_seed():
    curve = experiment.Curve(setting(epochs=8).curve)
    *_, (share, _) = experiment.measure(curve)
    assert share == 1
    assert curve.sizes == experiment.sizes("moons")
    for k in (0, 5):
        alone = experiment.judge(experiment.finished(setting(epochs=8, examples=curve.sizes[2], seed=k))).now
        assert (curve.learned[2][k], curve.unseen[2][k]) == pytest.approx((alone.learned, alone.unseen))


@pytest.mark.parametrize("name", DATA)
def test_the_curve_goes_from_few_examples_to_all(name):
    sizes = experiment.sizes(name)
    assert sizes == sorted(set(sizes))
    assert 5 <= len(sizes) <= 8
    assert (sizes[0], sizes[-1]) == (experiment.fewest(name), experiment.most(name))


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_every_point_lies_in_its_plane(name, noise):
    edge = experiment.limit(name, noise)
    assert all(np.abs(part.X).max() <= edge for part in experiment.parts(name, noise))


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_with_more_examples_the_gap_closes(make):
    few, many = make(), make(examples=400)
    assert few.train_error() == 0
    assert few.test_error() > 0.15
    assert many.test_error() - many.train_error() < 0.05
    assert many.test_error() < few.test_error() / 2


def test_training_lowers_the_error_on_unseen_examples_of_every_set(make):
    for name in DATA:
        explorer = make(dataset=name, examples=100)
        assert explorer.test_error() < explorer.error_before(), name


def test_weights_do_not_transfer(make):
    explorer = make(examples=400)
    for name in ("circles", "xor", "spiral"):
        assert explorer.error_on(name) > 0.4
    with pytest.raises(ValueError, match=r"cannot be judged on 'digits'. It can be judged on circles"):
        explorer.error_on("digits")
    explorer.apply({"dataset": "iris", "epochs": 2})
    with pytest.raises(ValueError, match="No other set has its inputs"):
        explorer.error_on("moons")


# --- numbers, picture, words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["moons", "digits", "iris"])
def test_the_numbers_are_the_engines(make, name):
    explorer = make(dataset=name, examples=40)
    known = experiment.lesson(explorer._setting)
    assert explorer.train_error() == pytest.approx(1 - accuracy(known.y, explorer.network(known.X)))
    assert explorer.test_error() == pytest.approx(1 - accuracy(known.unseen_y, explorer.network(known.unseen_X)))
    start = experiment.network(explorer._setting)
    assert explorer.error_before() == pytest.approx(1 - accuracy(known.unseen_y, start(known.unseen_X)))
    explorer.png()
    assert explorer.scene.bars[1].get_width() == explorer.test_error()
    words = explorer.describe()
    gap = 100 * (explorer.test_error() - explorer.train_error())
    for text in (f"{100 * explorer.test_error():.1f} %", f"a gap of {gap:.1f} points", "After 100 of 100 epochs"):
        assert text in words


def test_the_decision_map_is_the_networks_probability(make):
    explorer = make(**SMALL)
    explorer.png()
    known = experiment.lesson(explorer._setting)
    edge = explorer.scene.plane.get_xlim()[1]
    at = np.array([[-59 / 60, -59 / 60], [59 / 60, 59 / 60]]) * edge
    scores = np.exp(explorer.network((at - known.mean) / known.scale))
    shown = explorer.scene.map.get_array()
    assert [shown[0, 0], shown[-1, -1]] == pytest.approx(scores[:, 1] / scores.sum(axis=1))


def test_digits_are_the_books_architecture(make):
    assert make(dataset="digits", epochs=0).network.sizes == (64, 16, 10)


@pytest.mark.parametrize("name", REAL)
def test_real_sets_show_every_unseen_example_in_the_matrix(make, name):
    explorer = make(dataset=name, **SMALL)
    explorer.png()
    judged = experiment.judge(explorer._finished())
    assert judged.counts.sum() == len(experiment.parts(name, 0.0)[1])
    assert 1 - np.trace(judged.counts) / judged.counts.sum() == pytest.approx(explorer.test_error())
    assert explorer.scene.matrices[len(judged.counts)].axes.get_visible()
    assert "No other data" in explorer.describe()


def test_without_epochs_the_network_is_untrained(make):
    explorer = make(epochs=0)
    assert explorer.test_error() == explorer.error_before()
    assert "Untrained" in explorer.describe()


@pytest.mark.parametrize("name", DATA)
def test_extremes_can_be_drawn(make, name):
    explorer = make(dataset=name, epochs=3)
    for examples, noise, hidden in ((experiment.fewest(name), 0.0, 1), (experiment.most(name), 1.0, 32)):
        explorer.apply({"examples": examples, "noise": noise, "hidden": hidden})
        assert explorer.png().startswith(b"\x89PNG")
        assert "nan" not in explorer.describe()


# --- knobs ------------------------------------------------------------------------------------------------------------


def test_a_new_data_set_begins_with_its_noise_and_has_its_own_number_of_examples(make):
    explorer = make(examples=400, **SMALL)
    explorer.apply({"dataset": "iris"})
    assert (explorer.noise, explorer.examples) == (0.0, 112)
    explorer.apply({"dataset": "blobs"})
    assert (explorer.noise, explorer.examples) == (0.9, 112)
    explorer.undo()
    assert (explorer.dataset, explorer.noise, explorer.examples) == ("iris", 0.0, 112)


def test_more_examples_than_there_are_is_an_error_that_says_so(make):
    with pytest.raises(traitlets.TraitError, match="examples goes from 5 to 112, but got 113"):
        make(dataset="iris", examples=113)
    with pytest.raises(traitlets.TraitError, match="examples goes from 10 to 1348, but got 9"):
        make(dataset="digits", examples=9)
    assert make(dataset="digits", examples=1348, epochs=0).examples == 1348


def test_arrows_go_along_the_axis_of_the_curve(make):
    explorer = make(**SMALL)
    for key, examples in (("ArrowRight", 40), ("ArrowLeft", 20), ("ArrowLeft", 10), ("ArrowLeft", 5), ("ArrowLeft", 5)):
        press(explorer, key)
        assert explorer.examples == examples
    explorer.examples = 399
    for _ in range(3):
        press(explorer, "ArrowRight")
    assert explorer.examples == 400


def test_dragging_in_the_curve_sets_the_examples(make):
    explorer = make(**SMALL)
    explorer.png()
    to_pixels = explorer.scene.curve.transData.transform
    (x, y), (far, _) = to_pixels((60, 0.1)), to_pixels((10_000, 0.1))
    pointer = {"x": x, "y": y, "press": 1, "px": x, "py": y, "down": True, "inside": True}
    explorer.picture.pointer = pointer
    assert explorer.examples == 60
    explorer.picture.pointer = pointer | {"x": far}
    assert explorer.examples == 400
    explorer.picture.pointer = pointer | {"press": 2, "px": 50, "py": 50, "x": 50, "y": 50}
    assert explorer.examples == 400


# --- beside the page --------------------------------------------------------------------------------------------------


def test_where_nobody_looks_no_thread_is_started(make):
    explorer = make(**SMALL)
    explorer.png()
    explorer.apply({"examples": 30})
    explorer.png()
    assert explorer._training.stage == "idle"
    assert not threads()


def test_a_browser_sees_the_training_and_the_same_end(make, watched):
    explorer, alone = watched(), make()
    explorer.wait(20)
    assert "After 0 of 100 epochs" in explorer.frames[0]["description"]
    assert explorer._training.stage == "done"
    assert explorer.describe() == alone.describe()
    assert explorer.png() == alone.png()
    assert np.array_equal(explorer.network.params, alone.network.params)
    assert len(explorer.frames) >= 2


def test_a_training_can_be_stepped_and_stopped(watched):
    explorer = watched()
    explorer.wait(20)
    for epoch in (1, 2):
        explorer._training.step()
        wait_until(lambda epoch=epoch: explorer._shown().epoch == epoch)
    explorer.picture.changed()
    assert "After 2 of 100 epochs" in explorer.describe()
    assert explorer.train_error() == 0  # the methods answer for the finished training
    explorer._training.stop()
    explorer._training.wait(10)
    assert "After 2 of 100 epochs" in explorer.describe()


def test_the_latest_setting_wins(make, watched):
    explorer = watched(epochs=300)
    for examples in (30, 40, 50, 60):
        explorer.examples = examples
        explorer.frames.acknowledge()
    explorer.wait(20)
    assert explorer._snapshot.setting.examples == 60
    assert explorer._snapshot.epoch == 300
    assert explorer.png() == make(epochs=300, examples=60).png()


def test_a_knob_turned_in_a_pause_goes_on_with_the_new_setting(watched):
    explorer = watched()
    explorer.wait(20)
    explorer._training.step()
    explorer.apply({"seed": 5})
    explorer.frames.acknowledge()
    explorer.wait(20)
    assert (explorer._snapshot.setting.seed, explorer._snapshot.epoch) == (5, 100)


def test_many_changes_leave_one_thread_at_most(watched):
    explorer = watched(**SMALL)
    for turn in range(60):
        explorer.examples = 5 + turn
        explorer.frames.acknowledge()
        assert len(threads()) <= 2  # the one that is ending and the one that began
    explorer.wait(20)
    assert explorer._snapshot.setting == explorer._setting
    explorer.close()
    assert not threads()


def test_knobs_buttons_and_timers_never_wait_for_each_other(watched):
    explorer = watched(epochs=40)
    explorer.measure()

    def press():
        for turn in range(60):
            for work in (explorer._training, explorer._measuring):
                (work.pause, work.resume, work.step, work.start, work.stop)[turn % 5]()
            if turn % 20 == 0:
                explorer.measure()

    def turn(low):
        for examples in range(low, low + 30):
            explorer.apply({"examples": examples})
            explorer.frames.acknowledge()

    busy = [
        threading.Thread(target=target, args=args, daemon=True) for target, *args in ((press,), (turn, 5), (turn, 99))
    ]
    for thread in busy:
        thread.start()
    for thread in busy:
        thread.join(30)
    assert not any(thread.is_alive() for thread in busy)
    explorer.wait(30)
    assert explorer._snapshot.setting == explorer._setting
    explorer.close()
    assert not threads()


# --- the curve --------------------------------------------------------------------------------------------------------


def test_the_curve_is_measured_and_said(make):
    explorer = make(**SMALL)
    assert explorer.curve is None
    assert "not measured yet" in explorer.describe()
    explorer.measure()
    explorer.wait(30)
    curve = explorer.curve
    assert curve.sizes == experiment.sizes("moons")
    assert {shares.shape for shares in (*curve.learned, *curve.unseen)} == {(SEEDS,)}
    assert f"from {100 * curve.unseen[0].mean():.1f} % to {100 * curve.unseen[-1].mean():.1f} %" in explorer.describe()
    explorer.png()
    assert explorer.scene.lines[1].get_ydata() == pytest.approx([shares.mean() for shares in curve.unseen])


def test_the_curve_holds_for_its_data_only(make):
    explorer = make(**SMALL)
    explorer.measure()
    explorer.wait(30)
    explorer.apply({"examples": 50, "seed": 9})
    assert explorer.curve is not None
    for changed in ({"dataset": "xor"}, {"noise": 0.5}, {"hidden": 5}, {"epochs": 7}):
        explorer.measure()
        explorer.wait(30)
        explorer.apply(changed)
        assert explorer.curve is None
        assert "not measured yet" in explorer.describe()
    explorer.measure()
    explorer.wait(30)
    explorer.reset()
    assert explorer.curve is None


def test_points_come_as_they_are_measured(make):
    explorer = make(**SMALL)
    explorer._measuring.step()
    explorer._measuring.resume()
    wait_until(lambda: explorer.curve is not None and explorer.curve.sizes)
    explorer.png()
    assert f"{SEEDS} networks at each of" in explorer.describe()
    explorer.wait(30)
    assert len(explorer.curve.sizes) == 7


def test_measuring_again_begins_anew(make):
    explorer = make(**SMALL)
    for _ in range(2):
        explorer.measure()
        explorer.wait(30)
    assert explorer.curve.sizes == experiment.sizes("moons")


def test_closing_ends_what_is_under_way(watched):
    explorer = watched(epochs=300)
    explorer.measure()
    explorer.close()
    explorer.close()
    assert not threads()


def test_without_controls_there_is_only_the_picture(make):
    explorer = make(controls=False, **SMALL)
    assert explorer.children == (explorer.picture,)
    assert explorer.png().startswith(b"\x89PNG")
