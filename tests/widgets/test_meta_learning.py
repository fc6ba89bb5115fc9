"""MetaLearning: the numbers are the engine's, a training that is real and stays, gestures that set traits."""

from functools import partial

import numpy as np
import pytest
import traitlets

from tests.widgets.hands import drag, press
from tests.widgets.threads import threads, wait_until
from wbviz.engine import SGD, Adam, Training
from wbviz.engine.meta import AMPLITUDES, PHASES, MetaTraining
from wbviz.widgets import _adapting as experiment
from wbviz.widgets._adapting import BEFORE, METHODS, RANDOM, STEPS, TASKS
from wbviz.widgets.meta_learning import MetaLearning

EXPLORER = partial(MetaLearning, controls=False)


# --- the experiment ---------------------------------------------------------------------------------------------------


def test_held_out_tasks_are_of_their_kind_and_always_the_same():
    for kind, (amplitudes, phases) in experiment.HELD_OUT.items():
        few, many = (experiment.held_out(kind, points, 0.0) for points in (5, 20))
        assert few.X.shape == (TASKS, 5, 1)
        assert np.array_equal(few.X, many.X[:, :5])
        assert np.array_equal(few.y_grid, many.y_grid)
        top = np.abs(few.y_grid).max(axis=(1, 2))
        assert top.max() <= amplitudes[1]
        assert top.min() >= 0.9 * amplitudes[0]
        assert phases[0] >= 0
    assert experiment.HELD_OUT["as trained on"] == (AMPLITUDES, PHASES)
    assert TASKS >= 100


def test_errors_on_many_tasks_are_those_of_each_task_alone():
    for start in (experiment.stored("MAML"), experiment.untrained(3)):
        found = experiment.errors(start, 0.02, "as trained on", 8, 0.3)
        lesson = experiment.held_out("as trained on", 8, 0.3)
        for k in (0, 41, 99):
            net = start.network
            X, y = lesson.X[k].astype(float), lesson.y[k].astype(float)
            Training(net, X, y, optimizer=SGD(0.02), epochs=6).run()
            assert found[6, k] == pytest.approx(float(net.loss(experiment.GRID, lesson.y_grid[k])), rel=1e-3)


def test_one_task_adapts_by_plain_gradient_steps(make):
    explorer = make(step=7, amplitude=2.5, phase=0.4, noise=0.2, points=6)
    task, net = explorer.task, experiment.network().with_params(explorer.start_of())
    Training(net, task.X, task.y, optimizer=SGD(0.01), epochs=7).run()
    np.testing.assert_allclose(explorer.network.params, net.params, atol=1e-13)
    assert explorer.error() == pytest.approx(float(net.loss(experiment.GRID, task.truth(experiment.GRID))))
    assert explorer.moved() == pytest.approx(np.linalg.norm(net.params - explorer.start_of()))


def test_what_diverges_is_said_to_be_large_and_never_nan(make):
    explorer = make(inner_lr=0.2, points=20, noise=1.0, amplitude=10.0, step=10, held_out="amplitude 5 to 10")
    explorer.png()
    words = explorer.describe().lower()
    assert "nan" not in words
    assert " inf" not in words
    assert "> 1,000" in words
    assert np.isinf(explorer.errors()).any() or explorer.errors().max() > 1000


# --- what the learner is to see ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_few_steps_are_enough_from_the_learned_start_alone(make, method):
    explorer = make(method=method)
    assert explorer.median_error("learned", 2) < 0.25
    assert explorer.median_error("learned", 0) > 1.5  # the start itself fits no task
    assert explorer.median_error("pretrained", 10) > 3 * explorer.median_error("learned", 1)
    assert explorer.median_error("random", 10) > 2
    assert explorer.steps_needed(0.5) <= 2
    assert explorer.steps_needed(0.5, "pretrained") is explorer.steps_needed(0.5, "random") is None


def test_the_pretrained_start_is_the_average_of_the_tasks():
    x = np.linspace(-4.5, 4.5, 31)[:, None]
    average = -2 / np.pi * np.mean(AMPLITUDES) * np.cos(x)
    assert np.abs(experiment.stored("joint training").network(x) - average).max() < 0.35


def test_the_start_is_made_for_its_rate_and_its_tasks(make):
    usual = make().median_error("learned", 1)
    assert make(inner_lr=0.02).median_error("learned", 1) > 2 * usual
    assert make(inner_lr=0.05).median_error("learned", 1) > 10 * usual
    assert make(held_out="phase π to 2π").median_error("learned", 1) > 2 * usual
    assert make(held_out="amplitude 5 to 10").median_error("learned", 1) > 10 * usual


# --- picture and words ------------------------------------------------------------------------------------------------


def test_picture_and_words_say_the_same_numbers(make):
    explorer = make(step=3)
    explorer.png()
    scene, words = explorer.scene, explorer.describe()
    assert scene.heading[0].get_text() == "MAML: 3 steps of 0.01 on a new task"
    assert scene.errors[0].get_text() == f"learned: {explorer.error(step=0):.2f} → {explorer.error():.2f}"
    assert f"{explorer.error('random'):.2f} (random)" in words
    assert f"pretrained {explorer.median_error('pretrained'):.2f} (middle half" in words
    assert "trained in advance (12,000 iterations of 25 tasks, 1 inner step of 0.01)" in words


def test_what_moved_most_is_what_moved_most(make):
    explorer = make(step=5, shown="pretrained")
    explorer.png()
    change = np.abs(explorer.network.params - explorer.start_of("pretrained"))
    kind = explorer.network.name_of(int(change.argmax()))[0]
    assert explorer.scene.names._texts[0].startswith("w" if kind == "W" else "b")
    assert [bar for bar in explorer.scene.bars.numbers._texts if bar]
    explorer.step = 0
    explorer.png()
    assert not any(explorer.scene.names._texts)
    assert "nothing yet" in explorer.describe()


def test_an_unknown_start_is_refused_with_a_sentence(make):
    with pytest.raises(ValueError, match=r"no start 'lerned'.*learned, pretrained, random"):
        make().error("lerned")


# --- training here ----------------------------------------------------------------------------------------------------


def test_training_here_is_the_engines(make):
    explorer = make(origin=RANDOM, seed=4, inner_steps=2, points=6, noise=0.1)
    explorer.train(5)
    net = experiment.network(4)
    training = MetaTraining(
        net, "MAML", inner_steps=2, inner_lr=0.01, points=6, noise=0.1, tasks=25, optimizer=Adam(2e-3), seed=5
    )
    for _ in range(5):
        next(training)
    assert np.array_equal(explorer.start_of(), net.params)
    assert explorer.iterations() == 5
    assert "random weights, 5 iterations here (2 inner steps of 0.01, 6 points)" in explorer.describe()


def test_live_training_from_random_weights_helps_soon(make):
    explorer = make(origin=RANDOM)
    before = explorer.median_error("learned", 10)
    explorer.train(400)
    assert explorer.median_error("learned", 10) < 0.6 * before


def test_what_was_learned_belongs_to_its_method_and_origin(make):
    explorer = make()
    explorer.train(3)
    learned = explorer.start_of()
    for elsewhere in ({"method": "Reptile"}, {"origin": RANDOM}):
        explorer.apply(elsewhere)
        assert explorer.iterations() == 0
    explorer.apply({"method": "MAML", "origin": BEFORE})
    assert np.array_equal(explorer.start_of(), learned)
    explorer.train(2)
    assert explorer.iterations() == 5
    explorer.forget()
    assert np.array_equal(explorer.start_of(), experiment.stored("MAML").params)
    explorer.train(1)
    explorer.reset()
    assert explorer.iterations() == 0


def test_a_browser_sees_the_training_stops_it_and_keeps_what_was_learned(watched):
    explorer = watched(origin=RANDOM)
    explorer._learning.start()
    wait_until(lambda: explorer.iterations() >= 5, 20)
    explorer.amplitude = 2.0  # the knobs go on working
    explorer.frames.acknowledge()
    explorer.method = "Reptile"
    explorer._learning.stop()
    explorer._learning.wait(10)
    assert explorer._learning.stage == "stopped"
    assert explorer.iterations() == 0
    explorer.method = "MAML"
    made = explorer.iterations()
    assert made >= 5
    explorer._learning.step()
    wait_until(lambda: explorer.iterations() == made + 1, 20)
    assert explorer._learning.stage == "paused"
    explorer.close()
    assert not threads()


# --- knobs and gestures -----------------------------------------------------------------------------------------------


def test_a_method_comes_with_its_inner_steps(make):
    explorer = make(method="Reptile")
    assert explorer.inner_steps == 5
    explorer.method = "MAML"
    assert explorer.inner_steps == 1
    assert make(method="Reptile", inner_steps=2).inner_steps == 2


def test_new_tasks_are_of_the_kind_trained_on_and_come_one_after_the_other(make):
    explorer, seen = make(), set()
    for _ in range(12):
        explorer.new_task()
        assert AMPLITUDES[0] <= explorer.amplitude <= AMPLITUDES[1]
        assert PHASES[0] <= explorer.phase <= PHASES[1] + 0.025
        seen.add((explorer.amplitude, explorer.phase))
    assert len(seen) == 12
    explorer.undo()
    assert (explorer.amplitude, explorer.phase) in seen


def test_training_in_a_cell_stops_the_one_beside_the_page(make):
    explorer = make(origin=RANDOM)
    explorer._learning.start()
    wait_until(lambda: explorer.iterations() >= 1, 20)
    explorer.train(2)
    assert explorer._learning.stage == "stopped"
    assert explorer.iterations() >= 3


def test_dragging_the_curve_sets_amplitude_and_phase(make):
    explorer = make(amplitude=3.0, phase=1.0, points=1)
    explorer.png()
    drag(explorer, explorer.scene.panels[1], (-1.0, 0.2), (-0.5, 0.3), (-0.5, 0.2 + 1 / 7))
    assert (explorer.amplitude, explorer.phase) == (4.0, 1.5)
    drag(explorer, explorer.scene.panels[0], (2.0, -0.9), (2.0, -2.9))
    assert explorer.amplitude == experiment.LARGEST
    explorer.undo()  # one drag soon after another is one step
    assert explorer.amplitude == 3.0


def test_dragging_a_point_moves_it_along_the_curve(make):
    explorer = make(points=3, places=[-3.0, 0.0, 2.0])
    explorer.png()
    x, y = 2.0, float(explorer.task.y[2, 0])
    drag(explorer, explorer.scene.panels[2], (x, y / 7), (4.25, 0.0), (9.0, 0.0))
    assert explorer.places == [-3.0, 0.0, 5.0]
    assert explorer.task.y[2, 0] == pytest.approx(3.5 * np.sin(5 - 1))
    explorer.seed = 3
    assert explorer.places is None
    explorer.places = [1.0, 2.0]
    assert explorer.points == 2


def test_dragging_below_sets_the_step(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.curves, (2.2, 1.0), (8.8, 1.0))
    assert explorer.step == 9


def test_keys(make):
    explorer = make(step=STEPS)
    for key, shift in (("ArrowRight", False), ("ArrowLeft", False), ("ArrowUp", False), ("ArrowDown", True)):
        press(explorer, key, shift=shift)
    press(explorer, "ArrowRight", shift=True)
    assert (explorer.step, explorer.amplitude, explorer.phase) == (9, 2.6, 1.1)


def test_bad_places_are_refused_with_a_sentence(make):
    explorer = make()
    for bad in ([], [7.0], "abc", [0.0] * 21, [None]):
        with pytest.raises(traitlets.TraitError, match="places"):
            explorer.places = bad
    assert explorer.places is None


def test_steps_can_be_played(make):
    explorer = make(step=8)
    explorer.under[1].run_here()
    assert explorer.step == STEPS
