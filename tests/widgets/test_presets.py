"""The presets of Playground: what each commentary says really happens, in numbers, and each cure cures."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from wbviz.widgets._presets import PRESETS, Presets, settings_of
from wbviz.widgets.playground import Playground


@cache
def trained(name, cure=False, epochs=None, **changed):
    """A preset (or its cure, or with other settings) trained by Playground: its network, data, run and measures."""
    preset = PRESETS[name]
    settings = {**settings_of(Playground, name), **(preset.cure if cure else {}), **changed}
    made = Playground(controls=False, **settings)
    seen = [np.array(made.params)]
    for _ in range(epochs or preset.epochs):
        made.train(1)
        seen.append(np.array(made.params))
        if made.run["ended"]:
            break
    parts = [made.lesson.part(held_out, tuple(made.features)) for held_out in (False, True)]
    (X, y), (unseen_X, unseen_y) = parts
    known, unseen = made.judged.scores
    found = SimpleNamespace(
        net=made.network, seen=np.array(seen), loss=made.loss, known=known, unseen=unseen, ended=made.run["ended"],
        curve=made.run["curves"]["loss"], validation=made.run["curves"]["validation"], X=X, y=y, unseen_X=unseen_X,
        unseen_y=unseen_y,
    )  # fmt: skip
    made.close()
    return found


def first_gradients(run):
    """The length of the loss's gradient by each layer's weights at the start of a run."""
    start = run.net.with_params(run.seen[0])
    return [float(np.linalg.norm(W)) for W in start.backward(run.X, run.y, run.loss).dW]


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_complete_and_valid(name):
    preset = PRESETS[name]
    assert all(len(text) > 20 for text in (preset.predict, preset.watch, preset.why))
    assert bool(preset.cure) == bool(preset.cured) == (not preset.works)
    settings = {**settings_of(Playground, name), **preset.cure}
    made = Playground(controls=False, **settings)
    assert {field: made.state[field] for field in settings} == settings
    made.close()


def test_there_are_good_and_bad_ones():
    works = [preset.works for preset in PRESETS.values()]
    assert len(works) >= 10
    assert min(works.count(True), works.count(False)) >= 4
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.works])
def test_what_works_works(name):
    run = trained(name)
    assert "epochs are over" in run.ended
    assert run.known.loss < 0.5 * run.curve[0]
    assert run.unseen.accuracy is None or min(run.known.accuracy, run.unseen.accuracy) > 0.92


# --- one by one -------------------------------------------------------------------------------------------------------


def test_too_high_a_rate_diverges_and_half_the_limit_does_not():
    run, cured = trained("rate too high"), trained("rate too high", cure=True)
    assert "Diverged" in run.ended
    assert all(later > earlier for earlier, later in zip(run.curve[1:], run.curve[2:], strict=False))
    signs = np.sign(run.seen[-7:-1, :2])  # the last update was taken back
    assert (signs[1:] == -signs[:-1]).all()
    A = np.column_stack([run.X, np.ones(len(run.X))])
    limit = 2 / np.linalg.eigvalsh(2 * A.T @ A / len(A))[-1]
    assert round(limit, 2) == 0.11
    assert "Diverged" not in trained("rate too high", lr=0.1).ended
    assert "Diverged" not in cured.ended
    assert cured.curve[12] < 1.05 * cured.curve[-1] < 0.05 * cured.curve[0]


def test_too_low_a_rate_leads_nowhere():
    run, cured = trained("rate too low"), trained("rate too low", cure=True)
    assert 0.9 * run.curve[0] < run.known.loss < run.curve[0]
    assert np.abs(run.seen[-1] - run.seen[0]).max() < 0.05
    assert cured.known.accuracy > 0.95


def test_dead_relus_are_really_dead():
    run, cured = trained("dead ReLUs"), trained("dead ReLUs", cure=True)
    last = run.net.forward(run.X).a[-2]
    assert (last == 0).all()
    gradient = run.net.gradient(run.X, run.y, run.loss)
    assert (gradient[:-1] == 0).all()
    assert np.ptp(run.net(run.X)) == 0
    assert run.known.accuracy < 0.6
    for layer in cured.net.forward(cured.X).a[1:-1]:
        assert (layer.max(axis=0) > 0).all()
    assert cured.unseen.accuracy > 0.9


def test_without_a_bias_the_line_passes_through_zero():
    run, cured = trained("no bias, a line"), trained("no bias, a line", cure=True)
    assert (run.seen[:, -1] == 0).all()
    assert run.net([[0.0, 0.0]]).item() == 0
    assert run.known.accuracy < 0.7
    assert cured.known.accuracy > 0.9
    angles = np.radians(np.arange(3600) / 10)
    sides = run.X @ np.array([np.cos(angles), np.sin(angles)]) > 0
    assert (sides == (run.y > 0)).mean(axis=0).max() < 0.75  # no other line through zero is much better


def test_without_biases_opposite_points_get_opposite_answers():
    run, cured = trained("no bias, a network"), trained("no bias, a network", cure=True)
    np.testing.assert_allclose(run.net(-run.X), -run.net(run.X), atol=1e-12)
    assert run.known.accuracy < 0.65
    assert min(cured.known.accuracy, cured.unseen.accuracy) > 0.92


def test_zeros_stay_zeros():
    run, cured = trained("zeros"), trained("zeros", cure=True)
    assert (run.seen[:, :-1] == 0).all()
    assert run.seen[-1, -1] != 0
    assert run.known.loss == pytest.approx(np.log(2), abs=0.01)
    assert cured.known.loss < 0.5 * run.known.loss


def test_overfitting_learns_by_heart_and_l2_helps():
    run, cured = trained("overfitting"), trained("overfitting", cure=True)
    assert len(run.X) == len(run.unseen_X) == 20
    assert run.net.n_params == 105
    assert run.known.accuracy == 1
    assert run.known.loss < 0.005
    turn = int(np.argmin(run.validation))
    assert turn < 30
    assert run.unseen.loss > max(run.validation[0], 2 * run.validation[turn])
    assert cured.unseen.loss < 0.6 * run.unseen.loss
    assert cured.known.loss > run.known.loss
    assert np.abs(cured.net.params).max() < 0.5 * np.abs(run.net.params).max()


def test_xor_needs_a_hidden_layer_or_the_product():
    run, feature = trained("xor, a line"), trained("xor, a line", cure=True)
    assert run.known.accuracy <= 0.75
    assert 0.6 < run.known.loss < 0.9
    assert min(feature.known.accuracy, feature.unseen.accuracy) > 0.95
    assert abs(feature.net.params[2]) > 2 * np.abs(feature.net.params[:2]).max()
    assert min(trained("xor, hidden").known.accuracy, trained("xor, hidden").unseen.accuracy) > 0.92


def test_squares_make_a_circle():
    run = trained("circles, squares")
    first, second = run.net.params[:2]
    assert run.net.n_params == 3
    assert first * second > 0
    assert 0.6 < first / second < 1.6


def test_linear_layers_draw_one_line():
    run, cured = trained("only lines"), trained("only lines", cure=True)
    product = np.linalg.multi_dot(run.net.weights)
    shift = run.net([[0.0, 0.0]])
    np.testing.assert_allclose(run.X @ product + shift, run.net(run.X), atol=1e-9)
    assert run.net.n_params == 105
    assert run.known.accuracy < 0.75
    assert min(cured.known.accuracy, cured.unseen.accuracy) > 0.92


def test_gradients_vanish_through_six_sigmoid_layers():
    run, cured = trained("vanishing"), trained("vanishing", cure=True)
    lengths, of_tanh = first_gradients(run), first_gradients(cured)
    assert lengths[-1] > 200 * lengths[0]
    assert of_tanh[-1] < 10 * of_tanh[0]
    assert run.known.accuracy < 0.6
    assert np.abs(run.seen[-1, :8] - run.seen[0, :8]).max() < 0.2
    assert min(cured.known.accuracy, cured.unseen.accuracy) > 0.92


def test_batches_of_one_shake():
    run, cured = trained("batches of one"), trained("batches of one", cure=True)
    shaking, smooth = (np.abs(np.diff(curve[-30:])) for curve in (run.curve, cured.curve))
    assert shaking.mean() > 5 * smooth.mean()
    assert (np.diff(run.curve[-30:]) > 0).sum() > 8
    assert (np.diff(cured.curve) <= 0).all()
    assert run.curve[3] < cured.curve[3]


def test_the_spiral_is_solved_and_what_does_not_solve_it():
    run, waves = trained("spiral"), trained("spiral, features")
    assert run.unseen.accuracy > 0.93
    assert waves.unseen.accuracy > 0.95
    one_layer, sgd = trained("spiral", layers=(8,)), trained("spiral", optimizer="SGD")
    assert max(one_layer.unseen.accuracy, sgd.unseen.accuracy) < 0.75


def test_the_hills_are_explained():
    run = trained("hills")
    assert 0.75 < 1 - run.unseen.loss / run.unseen_y.var() < 0.92


# --- the panel --------------------------------------------------------------------------------------------------------


@pytest.fixture
def lab():
    made = Playground(controls=False)
    made.panel = Presets(made)
    yield made
    made.panel.close()
    made.close()


def click(panel, words):
    next(b for b in panel.children[0].children if getattr(b, "description", "") == words).click()


def test_a_preset_is_loaded_read_trained_and_cured(lab):
    lab.apply({"points": [[1, 2, 0]], "lr": 1.0, "l1": 0.1, "chart": "accuracy"})
    before = lab.state
    lab.panel.choice.value = "rate too low"
    click(lab.panel, "Load")
    assert (lab.lr, lab.l1, lab.max_epochs) == (1e-4, 0.0, 100)
    assert (lab.points, lab.chart) == ([[1, 2, 0]], "accuracy")
    assert "<b>Predict.</b> A thousandth" in lab.panel._words.value
    assert "<details><summary>What happens, and why" in lab.panel._words.value
    assert lab.undo()
    assert lab.state == before
    click(lab.panel, "Load")
    start = list(lab.params)
    lab.train(3)
    assert lab.params != start
    click(lab.panel, "Apply the cure")
    assert (lab.lr, lab.params, lab.run) == (0.1, start, {})
    assert "<b>The cure.</b>" in lab.panel._words.value


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.cure])
def test_a_cure_begins_where_a_fresh_start_would(name, lab):
    lab.panel.load(name)
    lab.train(2)
    click(lab.panel, "Apply the cure")
    fresh = Playground(controls=False, **settings_of(Playground, name) | PRESETS[name].cure)
    assert (lab.params, lab.run) == (fresh.params, {})
    assert {**lab.state, "noise": 0} == {**fresh.state, "noise": 0}
    fresh.close()


def test_what_works_needs_no_cure(lab):
    assert lab.panel._cure.disabled
    lab.panel.load("dead ReLUs")
    assert not lab.panel._cure.disabled
    lab.panel.load("moons")
    assert lab.panel._cure.disabled


def test_what_cannot_be_loaded_is_said(lab, monkeypatch):
    monkeypatch.setattr(Playground, "apply", lambda self, settings: (_ for _ in ()).throw(ValueError("No room.")))
    click(lab.panel, "Load")
    assert "No room." in lab.panel._error.value
