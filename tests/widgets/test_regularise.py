"""Regularise: exact zeros where they are exact, the same numbers in words and picture, a penalty without a reset."""

import itertools
from functools import partial

import numpy as np
import pytest

from tests.widgets.hands import drag, press
from wbviz.engine import SGD, Network, ProximalSGD, Training, train
from wbviz.widgets import _regularising as experiment
from wbviz.widgets._regularising import COUNTED, FEATURES, LAMBDAS, STEPS, TRUTHS, Data, Penalty
from wbviz.widgets.regularise import Regularise

DATA = Data("two of 12 count", 20, 1.0, 11)
L1, L2 = Penalty("L1", "soft threshold", 100), Penalty("L2", "soft threshold", 100)


EXPLORER = partial(Regularise, controls=False)


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", TRUTHS)
def test_examples_are_made_as_said(dataset):
    few, many = (experiment.lesson(DATA._replace(dataset=dataset, examples=n, noise=0.0)) for n in (20, 60))
    assert np.array_equal(few.X, many.X[:20])
    for X, y in ((many.X, many.y), (many.unseen_X, many.unseen_y)):
        np.testing.assert_allclose(y[:, 0], X @ TRUTHS[dataset], atol=1e-12)
    correlation = np.corrcoef(many.unseen_X.T)
    assert correlation[3, 4] == pytest.approx(0.5, abs=0.1)
    assert correlation[3, 5] == pytest.approx(0.25, abs=0.1)


@pytest.mark.parametrize("penalty", [L1, L2, L1._replace(rule="subgradient")])
def test_before_it_is_switched_on_a_penalty_changes_nothing(penalty):
    run, free = experiment.run(DATA, penalty, 1.0), experiment.run(DATA, Penalty("none", "soft threshold", STEPS), 0.0)
    assert np.array_equal(run.params[:101], free.params[:101])
    assert not np.array_equal(run.params[101], free.params[101])


def test_a_penalty_from_the_first_step_is_plain_training():
    known = experiment.lesson(DATA)
    start = experiment.run(DATA, L1._replace(since=0), 0.8)
    net = Regularise(controls=False).network.with_params(start.params[0])
    train(net, known.X, known.y, optimizer=ProximalSGD(lr=0.05, l1=0.8, counted=COUNTED), epochs=STEPS)
    assert np.array_equal(net.params, start.params[-1])


def test_it_is_one_training_in_which_the_penalty_is_switched_on():
    known, soft = experiment.lesson(DATA), ProximalSGD(lr=0.05, counted=COUNTED)
    for penalty, optimizer in ((L1, soft), (L2, SGD(lr=0.05))):
        net = Network([FEATURES, 1], seed=DATA.seed)
        training = Training(net, known.X, known.y, optimizer=optimizer, epochs=STEPS)
        for step in training:
            if step.number == 99 and penalty is L1:
                soft.l1 = 0.37
            elif step.number == 99:
                training.l2 = 0.37
        np.testing.assert_allclose(net.params, experiment.run(DATA, penalty, 0.37).params[-1], atol=1e-12)


def test_between_the_positions_of_the_knob_a_network_is_trained_alone():
    for penalty in (L1, L2, L1._replace(rule="subgradient")):
        near = [experiment.run(DATA, penalty, lam).unseen[-1] for lam in (0.35, 0.350000001)]
        assert near[0] == pytest.approx(near[1], abs=1e-4)


def test_the_sweep_is_the_run_at_every_strength():
    for penalty in (L1, L2):
        swept = experiment.sweep(DATA, penalty, 180)
        for k in (0, 3, 17, 80):
            alone = experiment.run(DATA, penalty, float(LAMBDAS[k]))
            np.testing.assert_allclose(swept.params[k], alone.params[180], atol=1e-12)
            assert swept.unseen[k] == pytest.approx(alone.unseen[180])
            assert swept.penalty[k] == pytest.approx(alone.penalty[180])


@pytest.mark.parametrize("kind", ["L1", "L2"])
def test_the_ball_touches_the_loss_where_it_is_least(kind):
    for lam in (0.2, 1.0, 2.5):
        plane, w = experiment.plane(DATA, kind), experiment.touching(DATA, kind, lam)
        size = (lambda v: np.abs(v).sum(-1)) if kind == "L1" else (lambda v: np.hypot(*np.moveaxis(v, -1, 0)))
        grid = np.stack(np.meshgrid(*[np.linspace(-3, 3, 301)] * 2), axis=-1)
        inside = plane.loss(grid)[size(grid) <= size(w)]
        assert plane.loss(w) <= inside.min() + 1e-9


def test_the_bowl_is_the_networks_loss_with_the_best_bias():
    known, plane = experiment.lesson(DATA), experiment.plane(DATA, "L2")
    for w in ([0.0, 0.0], [1.0, -2.0], plane.lowest):
        rest = known.y[:, 0] - known.X[:, :2] @ w
        assert plane.loss(np.array(w)) == pytest.approx(np.var(rest))


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_l1_leaves_exactly_the_two_weights_that_count(make):
    assert make().nonzero() != 2
    assert make(kind="none").nonzero() == make(kind="L2", lam=4.0).nonzero() == FEATURES
    for lam in np.arange(1.1, 2.51, 0.1):
        explorer = make(lam=round(float(lam), 10))
        assert explorer.nonzero() == 2
        assert list(np.flatnonzero(explorer.weights)) == [0, 5]


def test_plain_subgradient_steps_leave_small_weights_but_no_zeros(make):
    explorer = make(lam=1.5, rule="subgradient")
    assert explorer.nonzero() == FEATURES
    assert (np.abs(explorer.weights) < 0.1).sum() >= 9


def test_a_penalty_helps_where_it_suits_the_truth_and_harms_when_too_strong(make):
    bare = make(kind="none").test_loss()
    assert make(lam=0.45).test_loss() < 0.6 * bare
    assert make(lam=4.0).test_loss() > bare
    dense = make(dataset="all 12 count", kind="none").test_loss()
    assert make(dataset="all 12 count", kind="L2", lam=1.1).test_loss() < 0.4 * dense


def test_data_loss_and_penalty_are_apart_and_the_networks_own(make):
    explorer = make(kind="L2", lam=1.2, step=200)
    known = experiment.lesson(explorer._data)
    assert explorer.train_loss() == pytest.approx(float(explorer.network.loss(known.X, known.y)))
    assert explorer.penalty() == pytest.approx(float(explorer.network.penalty(l2=1.2)))
    assert explorer.test_loss() == pytest.approx(float(explorer.network.loss(known.unseen_X, known.unseen_y)))
    explorer.step = 50
    assert explorer.penalty() == 0


def test_picture_words_and_properties_say_the_same(make):
    explorer = make(lam=1.5)
    explorer.png()
    scene = explorer.scene
    assert scene.heading.get_text() == "12 weights, 20 examples, noise 1.0: L1, λ = 1.50"
    assert scene.says[2].get_text() == "Step 300: 10 of 12 weights are exactly 0."
    assert [text.get_text() for text in scene.curve_values] == [
        f"{value:.2f}" for value in (explorer.test_loss(), explorer.train_loss(), explorer.penalty(), 1.0)
    ]
    assert "2 of 12 weights are not zero: w₁ = 1.30, w₆ = −0.44." in explorer.describe()
    for view in ("over the steps", "against λ"):
        explorer.view = view
        explorer.png()
        marks = scene.marks[0].get_ydata()
        np.testing.assert_allclose(marks, explorer.weights)


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_the_ball_sets_its_strength(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.plane, (2, 0), (1.0, 0.41))
    assert np.abs(explorer._touching()).sum() == pytest.approx(1.41, abs=0.08)
    explorer.kind = "none"
    before = explorer.lam
    drag(explorer, explorer.scene.plane, (0.5, 0), (1.0, 0))
    assert explorer.lam == before


def test_dragging_in_the_plots_moves_the_step_the_start_or_the_strength(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.weights, (250, 0), (200, 0), (180, 0))
    assert (explorer.step, explorer.since) == (180, 100)
    drag(explorer, explorer.scene.errors, (100, 1), (60, 1))
    assert (explorer.step, explorer.since) == (180, 60)
    explorer.view = "against λ"
    explorer.png()
    drag(explorer, explorer.scene.weights, (1, 0), (2.26, 0))
    assert explorer.lam == 2.25


def test_keys_do_what_the_pointer_does(make):
    explorer = make(since=0)
    press(explorer, "ArrowLeft")
    press(explorer, "ArrowLeft", shift=True)
    assert explorer.step == STEPS - 11
    press(explorer, "ArrowUp")
    press(explorer, "ArrowUp", shift=True)
    assert explorer.lam == pytest.approx(0.95)
    press(explorer, "Home")
    assert explorer.step == 0
    explorer.view = "against λ"
    press(explorer, "ArrowRight")
    assert explorer.lam == pytest.approx(1.0)


def test_playing_goes_on_to_the_last_step(make):
    explorer = make(step=STEPS - 2)
    explorer.under[0].start()
    assert explorer.under[0].wait(5) == "done"
    assert explorer.step == STEPS
    assert explorer.undo()
    assert explorer.step == STEPS - 2


EXTREMES = [
    {"kind": kind, "lam": 4.0, "noise": noise, "examples": 16, "seed": seed, "dataset": dataset}
    for kind, noise, seed, dataset in (
        ("L1", 2.0, 0, "two of 12 count"), ("L2", 2.0, 9, "all 12 count"), ("none", 2.0, 9, "two of 12 count"),
    )
] + [
    {}, {"rule": "subgradient", "lam": 4.0}, {"view": "against λ", "step": 120, "lam": 0.0}, {"step": 0}, {"since": 0},
    {"lam": 0.0, "noise": 0.0, "examples": 100}, {"kind": "L2", "lam": 0.05, "seed": 9, "examples": 16, "noise": 2.0},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    explorer = make(**settings)
    explorer.png()
    texts = explorer.figure.findobj(lambda artist: hasattr(artist, "get_text") and artist.get_text())
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_visible()]
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= explorer.size[0], text
        assert box.y0 >= 0, text
        assert box.y1 <= explorer.size[1], text
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide < 1 or high < 4, f"{one!r} and {other!r} overlap"
