"""BiasVariance: parts that add up, models as they are said to be, closed forms, work beside the page."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.hands import press
from tests.widgets.threads import threads
from wbviz.engine import Adam, Network, Training, minimum_norm
from wbviz.widgets import _resampling as experiment
from wbviz.widgets._resampling import COUNT, GAUSSIAN, LAMBDAS, MODELS, NETWORK, RANDOM, TRUTHS, Setting
from wbviz.widgets._resampling_words import amount
from wbviz.widgets.bias_variance import BiasVariance

EXPLORER = BiasVariance
SMALL = {"epochs": 12, "capacity": 2}


def setting(model=NETWORK, **changed):
    return Setting(model, "wave", 3, 0, 20, 0.3, 30, 0)._replace(**changed).needed


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_more_examples_keep_those_there_were_and_noise_moves_them_along(model):
    X, y = experiment.examples(setting(model))
    more_X, more_y = experiment.examples(setting(model, examples=33))
    assert np.array_equal(more_X[:, :20], X)
    assert np.array_equal(more_y[:, :20], y)
    clean, louder = (experiment.examples(setting(model, noise=noise))[1] for noise in (0.0, 0.6))
    np.testing.assert_allclose(louder - clean, 2 * (y - clean), atol=1e-12)
    assert len(X) == 2 * COUNT
    assert not np.array_equal(X[0], X[1])


def test_members_are_the_networks_that_train_alone():
    own = setting(capacity=3)
    fit = experiment.finished(own)
    X, y = experiment.examples(own)
    for k in (0, 57):
        net = Network([1, 3, 1], seed=k)
        Training(net, X[k], y[k][:, None], optimizer=Adam(lr=experiment.LEARNING_RATE), epochs=30).run()
        np.testing.assert_allclose(fit.curves[k], net(experiment.PLACES[:, None])[:, 0], atol=1e-9)


def test_random_layers_are_solved_exactly():
    own = setting(RANDOM, capacity=12, lam=0.01)
    hidden, (X, y) = experiment._hidden(own), experiment.examples(own)
    assert np.linalg.norm(hidden[:, :-1], axis=1) == pytest.approx(np.ones((2 * COUNT, 12)))
    assert np.abs(hidden[:, -1]).max() <= 0.5
    net = Network([3, 12, 1], hidden="relu")
    net.weights[0], net.biases[0] = hidden[4, :-1], hidden[4, -1]
    units = net.forward(X[4]).a[1] / np.sqrt(12)
    net.weights[1] = minimum_norm(units, y[4], 0.01)[:, None] / np.sqrt(12)
    cut = np.column_stack([experiment.PLACES, np.zeros((len(experiment.PLACES), 2))])
    np.testing.assert_allclose(experiment.finished(own).curves[4], net(cut)[:, 0], atol=1e-9)


def test_more_random_units_keep_those_there_are():
    few, many = (experiment._hidden(setting(RANDOM, capacity=p)) for p in (5, 9))
    assert np.array_equal(many[..., :5], few)


@pytest.mark.parametrize("lam", [0, 0.1])
@pytest.mark.parametrize("p", [3, 10, 40, 150])
def test_gaussian_inputs_cost_what_the_closed_form_says(p, lam):
    fits = [experiment.finished(setting(GAUSSIAN, capacity=p, lam=lam, seed=seed)) for seed in range(3)]
    both = [estimate for fit in fits for estimate in (fit.parts.total, fit.measured)]
    mean, error = np.mean([e.value for e in both]), np.hypot.reduce([e.error for e in both]) / len(both)
    assert mean == pytest.approx(
        experiment.closed_form(fits[0].setting, p), abs=4 * error + (0.03 * mean if lam else 0)
    )
    assert error < 0.05 * mean


def test_past_as_many_weights_as_examples_they_are_met_exactly():
    for model in (RANDOM, GAUSSIAN):
        few, many = (experiment.finished(setting(model, capacity=p)).learned for p in (10, 60))
        assert few > 0.01
        assert many < 1e-9
        assert experiment.finished(setting(model, capacity=60, lam=0.1)).learned > 1e-4


@pytest.mark.parametrize(("model", "changed"), [(NETWORK, {}), (NETWORK, {"examples": 10}), (RANDOM, {"lam": 0.01})])
def test_the_parts_add_up_to_the_measured_error_within_their_sampling_error(model, changed):
    apart = []
    for seed in range(12):
        *_, (_, fit) = experiment.fits(setting(model, seed=seed, **changed))
        apart.append(fit.parts.total.apart(fit.measured))
    assert abs(np.mean(apart)) < 3.5 / np.sqrt(12)
    assert 0.5 < np.std(apart) < 1.7
    assert max(np.abs(apart)) < 4


def test_the_path_of_a_training_passes_through_shorter_ones():
    long = experiment.finished(setting(epochs=48)).path
    assert [moment.at for moment in long][:5] == [0, 1, 2, 3, 4]
    for epochs in (0, 4, 48):
        short = experiment.finished(setting(epochs=epochs))
        assert short.epoch == epochs
        assert short.moment == next(moment for moment in long if moment.at == epochs)


def test_amounts_have_three_digits_whatever_their_size():
    values = (0.01234, 1.254, -48.33, 512.4, 12_345.0, 0.00042, 3e-12, 0.0)
    assert [amount(value) for value in values] == [
        "0.012", "1.25", "−48.3", "512", "1.2·10⁴", "4.2·10⁻⁴", "0", "0"
    ]  # fmt: skip


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_more_units_take_bias_away_and_a_penalty_brings_it_back(make):
    one, four, held = make(), make(capacity=4), make(capacity=4, lam=0.03)
    assert one.bias2() > 10 * four.bias2()
    assert four.variance() > 2 * one.variance()
    assert held.bias2() > 10 * four.bias2()
    assert held.variance() < 0.8 * four.variance()
    for explorer in (one, four, held):
        assert abs(explorer.apart()) < 3


def test_the_error_peaks_at_as_many_weights_as_examples_and_a_penalty_takes_the_peak_away(make):
    def errors(lam):
        return [make(model=RANDOM, examples=30, noise=0.1, capacity=p, lam=lam).total().value for p in (6, 30, 200)]

    valley, peak, far = errors(0)
    assert peak > 100 * valley
    assert far < 0.7 * valley
    calm = errors(0.01)
    assert calm == sorted(calm, reverse=True)


def test_only_gaussian_inputs_have_a_closed_form(make):
    explorer = make(model=GAUSSIAN, capacity=5)
    assert explorer.closed_form() == pytest.approx(explorer.total().value, abs=4 * explorer.total().error)
    with pytest.raises(ValueError, match="No closed form is known for trained networks"):
        make().closed_form()


# --- picture and words ------------------------------------------------------------------------------------------------


def test_picture_words_and_methods_say_the_same(make):
    explorer = make(**SMALL, one=7)
    explorer.png()
    scene, words = explorer.scene, explorer.describe()
    fit = explorer._finished()
    assert f"bias² {amount(explorer.bias2())} ± " in words
    assert f"= {amount(explorer.total().value)} ± " in words
    assert scene.table._texts[6] == amount(explorer.total().value)
    assert scene.bar.get_width() == explorer.measured().value
    assert np.array_equal(scene.one.get_ydata(), fit.curves[6])
    assert len(scene.fan.get_segments()) == COUNT
    assert [bar.get_width() for bar in scene.bars][1:] == [explorer.bias2(), explorer.variance()]
    X, y = experiment.examples(explorer._setting)
    assert np.array_equal(scene.examples.get_xydata(), np.column_stack([X[6, :, 0], y[6]]))


def test_near_as_many_weights_as_examples_it_says_that_chance_rules(make):
    explorer = make(model=GAUSSIAN, capacity=21)
    assert "chance rules" in explorer.describe()
    explorer.png()
    assert explorer.scene.words["closed"].get_text() == "closed form: no bound"
    explorer.lam = 0.1
    assert "chance rules" not in explorer.describe()


EXTREMES = [
    {**SMALL, "noise": 0.0}, {"epochs": 0}, {"capacity": 32, "epochs": 3, "examples": 8, "noise": 1.0},
    {**SMALL, "view": "over the epochs", "scale": "logarithmic"}, {**SMALL, "view": "against λ", "lam": 1},
    *({"model": model, "capacity": p, "noise": noise, "examples": n, "lam": lam, "view": view, "scale": scale}
      for model in (RANDOM, GAUSSIAN) for p, n, noise, lam, view, scale in (
          (200, 8, 0.0, 0, "against capacity", "stacked"), (60, 60, 1.0, 0, "against λ", "logarithmic"),
          (1, 60, 0.0, 1, "over the epochs", "logarithmic"), (20, 20, 0.0, 0, "against capacity", "logarithmic"))),
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_extremes_can_be_drawn_and_no_text_is_cut_off_or_runs_into_another(make, settings):
    explorer = make(**settings, one=COUNT)
    explorer.png()
    assert "nan" not in explorer.describe()
    assert "inf" not in explorer.describe().split()
    scene = explorer.scene
    boxes = text_boxes(explorer.figure, scene.page, scene.curves, scene.strip, scene.scale, scene.chart)
    assert_clear(explorer.figure, boxes + number_boxes(scene.table))


# --- knobs and gestures -----------------------------------------------------------------------------------------------


def test_another_model_has_its_own_capacity_and_scale(make):
    explorer = make(**SMALL)
    explorer.apply({"model": GAUSSIAN})
    assert (explorer.scale, explorer.capacity) == ("logarithmic", 2)
    assert explorer.range_of("capacity")["label"] == "inputs used"
    assert explorer.idle() == ("truth", "epochs")
    explorer.apply({"capacity": 200, "view": "against λ"})
    explorer.apply({"model": NETWORK})
    assert (explorer.scale, explorer.capacity, explorer.view) == ("stacked", 32, "against λ")
    explorer.apply({"epochs": 3, "capacity": 1, "view": "over the epochs"})
    explorer.apply({"model": RANDOM})
    assert explorer.view == "against capacity"


def test_keys_go_along_the_chart_and_through_the_models(make):
    explorer = make(**SMALL)
    for key, expected in (("ArrowRight", 3), ("ArrowRight", 4), ("ArrowLeft", 3)):
        press(explorer, key)
        assert explorer.capacity == expected
    press(explorer, "ArrowUp", shift=True)
    press(explorer, "ArrowDown")
    assert explorer.one == 10
    explorer.view = "against λ"
    press(explorer, "ArrowRight")
    assert explorer.lam == LAMBDAS[1]
    explorer.view = "over the epochs"
    press(explorer, "ArrowLeft")
    assert explorer.epochs == 11


def test_dragging_in_the_chart_sets_its_axis(make):
    explorer = make(**SMALL)
    explorer.png()
    to_pixels = explorer.scene.chart.transData.transform
    x, y = to_pixels((np.log10(6), 0.1))
    pointer = {"x": x, "y": y, "press": 1, "px": x, "py": y, "down": True, "inside": True}
    explorer.picture.pointer = pointer
    assert explorer.capacity == 6
    explorer.picture.pointer = pointer | {"x": x + 900}
    assert explorer.capacity == 32
    explorer.picture.pointer = pointer | {"press": 2, "px": 60, "py": 300, "x": 60, "y": 300}
    assert explorer.capacity == 32


# --- beside the page --------------------------------------------------------------------------------------------------


def test_where_nobody_looks_no_thread_is_started(make):
    explorer = make(**SMALL)
    explorer.png()
    assert explorer._training.stage == "idle"
    assert not threads()


def test_a_browser_sees_the_training_and_the_same_end(make, watched):
    explorer, alone = watched(epochs=120), make(epochs=120)
    explorer.wait(20)
    assert "after 0 of 120 epochs" in explorer.frames[0]["description"]
    assert explorer._training.stage == "done"
    assert explorer.describe() == alone.describe()
    assert explorer.png() == alone.png()


def test_the_latest_setting_wins_and_one_thread_is_left_at_most(watched):
    explorer = watched(**SMALL)
    for examples in range(10, 40):
        explorer.examples = examples
        explorer.frames.acknowledge()
        assert len(threads()) <= 2
    explorer.wait(20)
    assert explorer._now[0].examples == 39
    assert explorer._now[1] == 12
    explorer.close()
    assert not threads()


def test_the_chart_is_measured_and_goes_on_where_it_was_stopped(make):
    explorer = make(**SMALL)
    assert "press “Measure the chart”" in explorer.describe()
    explorer._measuring.step()
    while not explorer._known:
        if explorer._measuring.stage == "paused" and not explorer._measuring._single:
            explorer._measuring.step()
    explorer._measuring.stop()
    explorer._measuring.wait(5)
    first = dict(explorer._known)
    assert f"{len(first)} of 10 places" in explorer.describe()
    explorer.measure()
    explorer.wait(30)
    assert all(explorer._known[own] is moment for own, moment in first.items())
    assert list(explorer.chart) == list(experiment.capacities(explorer._setting))
    assert explorer.chart[2] == (explorer.bias2(), explorer.variance(), pytest.approx(0.09), explorer.measured().value)
    explorer.png()
    assert len(explorer.scene.dots.get_xdata()) + len(explorer.scene.beyond.get_xdata()) == 10


def test_what_was_measured_stays_for_its_setting(make):
    explorer = make(model=GAUSSIAN, capacity=5, examples=12)
    explorer.measure()
    explorer.wait(30)
    chart = explorer.chart
    assert max(chart, key=lambda p: chart[p][3]) == 12
    explorer.lam = 0.1
    explorer.png()
    assert explorer.scene.ghost.get_ydata().max() == pytest.approx(sum(chart[12][:3]))
    explorer.apply({"lam": 0, "noise": 0.6})
    assert len(explorer.chart) == 1
    explorer.noise = 0.3
    assert explorer.chart == chart
    explorer.reset()
    assert len(explorer.chart) == 1


def test_a_knob_that_changes_the_chart_stops_measuring_and_one_along_it_does_not(watched):
    explorer = watched(epochs=60)
    explorer.wait(10)
    explorer.measure()
    explorer.capacity = 2
    explorer.one = 4
    assert not explorer._measuring._halt
    explorer.examples = 25
    assert explorer._measuring._halt or not explorer._measuring.busy


@pytest.mark.parametrize("truth", TRUTHS)
def test_truths_lie_in_the_picture(truth):
    assert np.abs(TRUTHS[truth](experiment.PLACES)).max() <= 1
