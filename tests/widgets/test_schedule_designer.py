"""ScheduleDesigner: the engine's rates, a real training of twenty seeds, a drawing, and code that says the same."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, text_boxes
from tests.widgets.test_regularise import drag, press
from wbviz.engine import SCHEDULES, SGD, Adam, Network, train
from wbviz.widgets import _scheduling as experiment
from wbviz.widgets._scheduling import BATCHES, DRAWN, KINDS, LOOKS, PLACES, RECIPE, SEEDS, SIZES, Plan
from wbviz.widgets.schedule_designer import ARGUMENTS, SHAPING, ScheduleDesigner

EXPLORER = ScheduleDesigner

#: The engine's own call for the explorer as it opens, with 400 steps and lr = 1.
AS_OPENED = {
    "constant": {}, "step": {"step_size": 100, "gamma": 0.2}, "multistep": {"milestones": [200, 300], "gamma": 0.2},
    "exponential": {"gamma": 0.01 ** (1 / 400)}, "polynomial": {"total_iters": 400}, "cosine": {"T_max": 400},
    "warm_restarts": {"T_0": 60, "T_mult": 2}, "linear_warmup": {"start_factor": 0.1, "total_iters": 80},
    "one_cycle": {"total_steps": 400},
}  # fmt: skip
OTHERS = (
    {"schedule": "step", "step_size": 35, "gamma": 0.7},
    {"schedule": "multistep", "milestones": [0.9, 0.1], "steps": 350},
    {"schedule": "polynomial", "power": 2.5, "steps": 150},
    {"schedule": "cosine", "eta_min": 0.1},
    {"schedule": "warm_restarts", "T_0": 10, "T_mult": 1, "eta_min": 0.05},
    {"schedule": "warm_restarts", "T_0": 15, "T_mult": 3},
    {"schedule": "one_cycle", "pct_start": 0.05, "div_factor": 3.0, "steps": 100},
    {"schedule": "one_cycle", "pct_start": 0.95},
    {"schedule": "drawn", "drawn": list(np.linspace(0, 1, PLACES) ** 2), "lr": 0.3, "steps": 250},
)
PLANS = (*({"schedule": name} for name in KINDS), *OTHERS)


# --- the schedules ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AS_OPENED)
def test_rates_are_those_of_the_engine(make, name):
    schedule = SCHEDULES[name](1.0, **AS_OPENED[name])
    np.testing.assert_allclose(make(schedule=name).rates, [schedule(step) for step in range(400)], rtol=1e-12)


def test_every_schedule_of_the_engine_can_be_chosen_and_has_its_knobs(make):
    assert set(KINDS) == {*SCHEDULES, DRAWN}
    explorer = make()
    for name in KINDS:
        explorer.schedule = name
        assert set(SHAPING) - set(explorer.idle()) == set(ARGUMENTS.get(name, ()))


@pytest.mark.parametrize("settings", PLANS, ids=str)
def test_the_exported_code_gives_the_same_rates(make, settings):
    explorer = make(**settings)
    space = {}
    exec(explorer.codes()["NumPy"](), space)
    theirs = [space["schedule"](step) for step in range(explorer.steps)]
    np.testing.assert_allclose(theirs, explorer.rates, rtol=1e-12, atol=1e-18)


@pytest.mark.parametrize("settings", PLANS, ids=str)
def test_the_exported_pytorch_code_gives_the_same_rates(make, settings):
    torch = pytest.importorskip("torch")
    explorer, space = make(**settings), {}
    exec(explorer.codes()["PyTorch"](), space)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=space["LR"])
    scheduler, theirs = space["scheduler_for"](optimizer), []
    for _ in range(explorer.steps):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step() if len(theirs) < explorer.steps else None
    np.testing.assert_allclose(theirs, explorer.rates, rtol=1e-9, atol=1e-15)


def test_the_panel_offers_the_code(make):
    explorer = make(schedule="step")
    explorer._panel._share_toggle.value = True
    explorer._panel._kind.value = "PyTorch"
    assert "StepLR(optimizer, step_size=100, gamma=0.2)" in explorer._panel._text.value
    explorer.step_size = 50
    assert "step_size=50" in explorer._panel._text.value
    explorer._panel._kind.value = "this figure"
    assert explorer._panel._text.value == explorer.share()


# --- the training -----------------------------------------------------------------------------------------------------


def test_nothing_lies_below_the_lowest_loss():
    net = Network(SIZES, seed=0, population=60)
    train(net, *experiment.examples(), **RECIPE, optimizer=Adam(lr=0.05), epochs=600)
    assert experiment.lowest() == pytest.approx(net.loss(*experiment.examples(), **RECIPE).min(), abs=2e-6)


def test_a_seed_is_an_ordinary_training_of_the_engine():
    plan, seed = Plan("cosine", 1.0, 100, (("T_max", 100),)), 4
    run = experiment.run(plan, 5)
    net = Network(SIZES, seed=0, population=SEEDS)
    net = Network(SIZES).with_params(net.params[seed])
    X, y = (part[seed] for part in experiment.shuffled())
    recipe = RECIPE | {"optimizer": SGD(lr=1.0), "batch_size": 5, "epochs": 5, "schedule": plan.schedule}
    history = train(net, X, y, **recipe, record=("params",))
    losses = Network(SIZES).with_params(history.params[run.at]).loss(*experiment.examples(), **RECIPE)
    np.testing.assert_allclose(run.above[:, seed], losses - experiment.lowest(), atol=1e-10)


def test_each_seed_has_its_own_start_and_its_own_order():
    X, _ = experiment.shuffled()
    assert len({part.tobytes() for part in X}) == SEEDS
    assert all(np.array_equal(np.sort(part, axis=0), np.sort(X[0], axis=0)) for part in X)
    run = experiment.run(Plan("constant", 1.0, 100, ()), 5)
    assert run.above.shape == (LOOKS + 1, SEEDS)
    assert len(set(run.above[0])) == SEEDS


def test_the_floor_of_a_constant_rate_grows_with_the_rate_and_shrinks_with_the_batch(make):
    floors = [make(schedule="constant", lr=lr).floor() for lr in (0.3, 0.5, 1.0, 2.0)]
    assert floors == sorted(floors)
    assert 2.5 < floors[3] / floors[2] < 4
    batches = [make(schedule="constant", batch=batch).floor() for batch in BATCHES]
    assert batches == sorted(batches, reverse=True)


def test_a_falling_rate_ends_far_below_every_constant_one(make):
    falls = make()
    assert falls.floor() < 0.03 * falls.constant_floor()
    assert falls.wins() == SEEDS
    for lr in (0.05, 0.1, 0.2, 0.3):
        assert falls.floor() < 0.3 * make(schedule="constant", lr=lr).floor()


def test_falling_too_early_ends_higher_than_falling_late_and_without_noise_it_does_not_help(make):
    late, early = (make(schedule="multistep", milestones=places) for places in ([0.6, 0.8], [0.02, 0.04]))
    assert early.floor() > 5 * late.floor()
    assert make(batch=100).wins() < SEEDS / 2


def test_what_has_come_to_its_floor_is_told_from_what_is_still_on_its_way(make):
    explorer = make(schedule="constant")
    for lr, story in ((1.0, "level"), (0.5, "level"), (0.1, "still falling"), (0.05, "still falling")):
        explorer.lr = lr
        assert f"{story} at the end" in explorer.describe()
    explorer.apply({"schedule": DRAWN, "drawn": [0.0] * PLACES})
    assert explorer.run.drift == 0


def test_a_schedule_that_is_constant_is_the_constant_run(make):
    explorer = make(schedule="constant", lr=0.5, beside=0.5)
    assert explorer.run is explorer.constant_run
    explorer.apply({"schedule": DRAWN, "drawn": [1.0] * PLACES})
    np.testing.assert_array_equal(explorer.run.above, explorer.constant_run.above)


# --- picture and words ------------------------------------------------------------------------------------------------


def test_picture_words_and_properties_say_the_same(make):
    explorer = make()
    explorer.png()
    scene = explorer.scene
    np.testing.assert_allclose(scene.line.get_ydata(), explorer.rates)
    np.testing.assert_allclose(scene.curves[0].get_ydata(), explorer.run.above.mean(axis=1))
    np.testing.assert_allclose(scene.curves[3].get_ydata(), explorer.constant_run.above[:, 3])
    assert scene.says[1].get_text() == f"this {explorer.floor():.5f} ± {explorer.run.floor.std():.5f}"
    assert f"{explorer.floor():.5f} ± {explorer.run.floor.std():.5f}" in explorer.describe()
    assert scene.here[1].get_text() == "lr 0.500"
    assert "lower for 20 of 20 seeds" in explorer.describe()


EXTREMES = [
    {}, {"schedule": "one_cycle", "lr": 5.0, "batch": 1, "steps": 800}, {"schedule": "drawn", "drawn": [0.0] * PLACES},
    {"schedule": "multistep", "milestones": [0.975, 1.0], "lr": 0.01, "beside": 0.01}, {"place": 40, "batch": 100},
    {"schedule": "exponential", "left": 0.001, "beside": 5.0, "batch": 1, "place": 0}, {"lr": 0.025, "beside": 0.035},
    {"schedule": "warm_restarts", "eta_min": 0.33, "lr": 1.35, "seed": 19, "beside": 0.01, "steps": 100},
    {"schedule": "linear_warmup", "warmup": 400, "lr": 0.01, "batch": 10},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_texts_stay_clear_of_each_other_and_words_have_no_gaps(make, settings):
    explorer = make(**settings)
    explorer.png()
    assert_clear(explorer.figure, text_boxes(explorer.figure, *explorer.figure.axes))
    words = explorer.describe()
    assert "  " not in words
    assert " ." not in words


# --- drawing ----------------------------------------------------------------------------------------------------------


def test_a_drawing_begins_from_the_schedule_that_was_there(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.rates, (200, 0.9), (220, 0.8), (240, 0.7))
    assert explorer.schedule == DRAWN
    np.testing.assert_allclose(explorer.drawn[20:25], [0.9, 0.85, 0.8, 0.75, 0.7], atol=0.006)
    cosine = make().rates
    np.testing.assert_allclose(np.array(explorer.drawn)[[0, 10, 30]], cosine[[0, 100, 299]], atol=0.005)
    assert explorer.place == 24
    assert explorer.undo()
    assert explorer.schedule == "cosine"


def test_a_quick_stroke_fills_the_places_it_passed_and_stays_within_the_axes(make):
    explorer = make(schedule=DRAWN)
    explorer.png()
    drag(explorer, explorer.scene.rates, (0, 0.5), (395, 9.0), (900, -3.0))
    drawn = np.array(explorer.drawn)
    assert drawn[0] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(drawn[:39]) > 0).all()
    assert drawn[-1] == 0
    assert explorer.place == PLACES - 1


def test_dragging_below_moves_the_ring_alone(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.losses, (100, 0.01), (300, 0.01))
    assert (explorer.place, explorer.schedule) == (30, "cosine")


def test_keys_do_what_the_pointer_does(make):
    explorer = make(schedule="constant")
    press(explorer, "Home")
    press(explorer, "ArrowRight")
    press(explorer, "ArrowRight", shift=True)
    assert explorer.place == 5
    press(explorer, "ArrowDown")
    assert explorer.schedule == DRAWN
    assert explorer.drawn[4:7] == [1.0, 0.95, 1.0]
    press(explorer, "ArrowDown", shift=True)
    assert explorer.drawn[4:7] == [1.0, 0.9, 0.95]
    assert explorer.drawn[-1] == 0.95
    press(explorer, "ArrowUp", shift=True)
    press(explorer, "ArrowUp", shift=True)
    assert explorer.drawn[4:7] == [1.0, 1.0, 1.0]
    press(explorer, "End")
    assert explorer.place == PLACES - 1


@pytest.mark.parametrize("bad", ["no", [0.5] * (PLACES - 1), [2.0] * PLACES, [None] * PLACES, 3])
def test_a_bad_drawing_is_refused(make, bad):
    explorer = make()
    before = explorer.state
    with pytest.raises(Exception, match="drawn"):
        explorer.drawn = bad
    with pytest.raises(Exception, match="place"):
        explorer.place = 41
    assert explorer.state == before
