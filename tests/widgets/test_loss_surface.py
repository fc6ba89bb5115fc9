"""Loss surface: the numbers are the engine's, the path is descent, and what the picture hides is said."""

from functools import partial

import numpy as np
import pytest

from wbviz.engine import SGD, train
from wbviz.widgets import _descending as experiment
from wbviz.widgets._descending import ALL, PCA, RANDOM
from wbviz.widgets.loss_surface import NAMES, START, LossSurface

EXPLORER = partial(LossSurface, controls=False)


def shown(explorer):
    explorer._update()
    return explorer.scene


def pointer(press, start, end, shift=False):
    (px, py), (x, y) = start, end
    return {"press": press, "px": px, "py": py, "x": x, "y": y, "down": True, "shift": shift, "inside": True}


def on_screen(explorer, u, v):
    return explorer.scene.plane.transData.transform((u, v)).tolist()


# --- the path -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", ["full", "32", "1"])
@pytest.mark.parametrize("loss", experiment.LOSSES)
def test_all_parameters_move_as_the_engine_trains(make, loss, batch):
    explorer = make(move=ALL, loss=loss, batch=batch, lr=0.1, steps=30, seed=3)
    X, y = experiment.examples("moons", 3)
    net = experiment.network(START)
    size = None if batch == "full" else int(batch)
    record = train(net, X, y, loss=loss, optimizer=SGD(0.1), batch_size=size, epochs=30, seed=3, record="params").params
    np.testing.assert_allclose(explorer.run.params, record[:31], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(explorer.run.losses, net.with_params(record[:31]).loss(X, y, loss), rtol=1e-12)


def test_two_parameters_move_as_if_the_others_were_frozen(make):
    explorer = make(first=NAMES[1], second=NAMES[13], steps=25)
    X, y = experiment.examples("moons", 0)
    frozen = np.ones(17, bool)
    frozen[[1, 13]] = False
    net = experiment.network(START)
    record = train(net, X, y, optimizer=SGD(0.3), epochs=25, frozen=frozen, record="params").params
    np.testing.assert_allclose(explorer.run.params, record, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("plane", [RANDOM, PCA])
def test_within_directions_the_path_is_descent_on_u_and_v(make, plane):
    explorer = make(plane=plane, lr=0.002, steps=10)
    found, run = explorer._plane, explorer.run
    X, y = experiment.examples("moons", 0)
    for before, after in zip(run.params, run.params[1:], strict=False):
        slope = found.directions @ experiment.network(before).gradient(X, y)
        np.testing.assert_allclose(after, before - 0.002 * slope @ found.directions, rtol=1e-9, atol=1e-12)
    back = found.at(found.place(run.params), run.params[0])
    np.testing.assert_allclose(back, run.params, atol=1e-9)


def test_the_learning_rate_that_converges_and_diverges_when_doubled(make):
    explorer = make(lr=0.8, step=40)
    assert explorer.settled() < 30
    assert explorer.diverged() is None
    assert "Converged: since step" in explorer.describe()
    assert explorer.run_at(1.6).diverged == 5
    explorer.lr = 1.6
    assert explorer.diverged() == 5
    assert explorer.settled() is None
    assert "Diverged: at step 5" in explorer.describe()
    explorer.lr = 0.1
    assert explorer.settled() is None
    assert explorer.run_at(0.2).diverged is None


def test_converged_is_a_slope_that_stays_flat(make):
    run = make(lr=0.9).run
    free = np.linalg.norm(run.slopes[:, [13, 16]], axis=1)
    np.testing.assert_allclose(run.free_slopes, free)
    assert (free[run.settled :] < experiment.FLAT).all()
    assert free[run.settled - 1] >= experiment.FLAT


def test_nothing_is_told_of_the_steps_not_yet_shown(make):
    explorer = make(lr=1.05, step=5)
    assert "Diverged" not in explorer.describe()
    assert len(shown(explorer).losses.get_xdata()) == 6
    explorer.step = 40
    assert "Diverged: at step 23" in explorer.describe()
    assert shown(explorer).title.get_text() == "Step 23 of 40, the last"


# --- the surface ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", experiment.LOSSES)
@pytest.mark.parametrize("settings", [{}, {"first": NAMES[0], "second": NAMES[11]}, {"plane": RANDOM}, {"plane": PCA}])
def test_the_path_lies_in_the_surface_while_only_two_move(make, settings, loss):
    explorer = make(loss=loss, lr=0.01, **settings)
    seen = explorer._seen
    _, origin, directions, _ = explorer._slice(seen)
    X, y = experiment.examples("moons", 0)
    params = np.array(origin) + seen.places @ np.array(directions)
    heights = experiment.network(START).with_params(params).loss(X, y, loss)
    np.testing.assert_allclose(heights, seen.losses, rtol=1e-9)
    surface = experiment.surface(*explorer._slice(seen), 5)
    corner = experiment.network(np.array(origin) + np.array([surface.u[1], surface.v[3]]) @ np.array(directions))
    assert surface.loss[3, 1] == pytest.approx(corner.loss(X, y, loss), rel=1e-4)


def test_while_all_move_the_slice_is_true_at_the_present_point_alone(make):
    seen = make(move=ALL, step=5, first=NAMES[0], second=NAMES[5])._seen
    assert seen.heights[-1] == pytest.approx(seen.losses[-1], rel=1e-12)
    assert abs(seen.heights[0] - seen.losses[0]) > 0.1
    assert 0 < seen.outside <= 1
    explorer = make(move=ALL, step=5, first=NAMES[0], second=NAMES[5])
    assert f"{seen.heights[0]:.3f}" in explorer.describe()
    assert "All 17 move" in explorer.describe()


def test_what_is_frozen_has_a_slope_and_that_is_said(make):
    explorer = make()
    gradient = explorer._seen.run.slopes[10]
    assert explorer._seen.slope[1] == pytest.approx(np.hypot(gradient[13], gradient[16]))
    assert explorer._seen.slope[2] == pytest.approx(np.linalg.norm(np.delete(gradient, [13, 16])))
    assert f"slopes by {explorer._seen.slope[2]:.3f}" in explorer.describe()


def test_the_plane_of_the_path_says_how_much_it_holds(make):
    explorer = make(plane=PCA, move=ALL)
    assert explorer._plane.explained.sum() > 0.9
    assert f"holds {100 * explorer._plane.explained.sum():.0f} %" in explorer.describe()


def test_a_moved_start_leaves_the_surface_where_it_is(make):
    explorer = make()
    before = explorer._slice(explorer._seen)
    explorer.put_start(-2, -1)
    assert explorer._slice(explorer._seen) == before
    explorer.params = [0.5, *explorer.params[1:]]
    assert explorer._slice(explorer._seen) != before


def test_coarse_while_a_browser_looks_then_fine(make):
    explorer = make()
    explorer.picture.pacing.views.add("page")
    scene = shown(explorer)
    assert scene.map.get_array().shape == (experiment.COARSE, experiment.COARSE)
    explorer._timer.join(20)
    shown(explorer)
    assert scene.map.get_array().shape == (experiment.FINE, experiment.FINE)
    explorer.lr = 0.5  # the surface is the same: nothing to compute
    assert shown(explorer).map.get_array().shape == (experiment.FINE, experiment.FINE)
    explorer.dataset = "xor"
    afresh = make(**explorer.state)
    assert explorer.png() == afresh.png()


# --- gestures -------------------------------------------------------------------------------------------------------


def test_the_start_is_dragged(make):
    explorer = make()
    shown(explorer)
    explorer.picture.pointer = pointer(1, on_screen(explorer, 0, 0), on_screen(explorer, -2.5, 1.25))
    assert [explorer.params[13], explorer.params[16]] == pytest.approx([-2.5, 1.25], abs=0.02)
    explorer.picture.pointer = pointer(1, on_screen(explorer, 0, 0), on_screen(explorer, -99, 1.25))
    assert explorer.params[13] == -4
    assert explorer.undo()
    assert explorer.params == START


def test_a_click_sets_the_start(make):
    explorer = make()
    shown(explorer)
    explorer.picture.pointer = pointer(1, on_screen(explorer, 1, -2), on_screen(explorer, 1, -2))
    assert [explorer.params[13], explorer.params[16]] == pytest.approx([1, -2], abs=0.02)


def test_in_directions_the_start_is_a_place_and_the_network_stays(make):
    explorer = make(plane=RANDOM)
    shown(explorer)
    explorer.picture.pointer = pointer(1, on_screen(explorer, 0, 0), on_screen(explorer, 0.5, -1))
    assert explorer.start == pytest.approx([0.5, -1], abs=0.02)
    assert explorer.params == START
    np.testing.assert_allclose(explorer._seen.places[0], explorer.start, atol=1e-9)
    explorer.plane = PCA
    assert explorer.start == [0, 0]


def test_the_relief_is_turned_and_its_start_dragged(make):
    explorer = make(view="relief")
    scene = shown(explorer)
    target = scene.relief.on_page(np.array([[2.0, 2.0]]), scene._height(np.array([1.0])))
    x, y = scene.start.get_data()
    start = [float(x[0]), 492 - float(y[0])]
    explorer.picture.pointer = pointer(1, start, [start[0] + 40, start[1]], shift=True)
    assert explorer.turn == 50
    explorer.turn = 30
    explorer.picture.pointer = pointer(2, start, [float(target[0, 0]), 492 - float(target[0, 1])])
    assert explorer.params != START
    assert all(-4 <= explorer.params[k] <= 4 for k in (13, 16))


def test_keys_move_the_start_the_view_and_the_relief(make):
    explorer = make(view="relief")
    keys = [{"key": "ArrowLeft"}, {"key": "ArrowUp", "shift": True}, {"key": "-"}, {"key": "PageUp"}, {"key": "q"}]
    explorer.picture.keystrokes = {"n": len(keys), "recent": keys}
    assert [explorer.params[13], explorer.params[16]] == pytest.approx([2.4, 4.0])
    assert (explorer.span, explorer.turn) == (4.5, 45)


# --- settings -------------------------------------------------------------------------------------------------------


def test_the_two_parameters_always_differ(make):
    explorer = make(first=NAMES[3], second=NAMES[3])
    assert explorer.first != explorer.second
    explorer.second = explorer.first
    assert explorer.first != explorer.second


def test_there_is_no_step_beyond_the_last(make):
    explorer = make(step=40)
    explorer.steps = 12
    assert explorer.step == 12
    with pytest.raises(Exception, match="step goes from 0 to 12"):
        explorer.step = 13


@pytest.mark.parametrize("start", [[0], [0, float("nan")], "ab", [1e9, 0]])
def test_a_bad_start_is_refused(make, start):
    with pytest.raises(Exception, match="start"):
        make(plane=RANDOM, start=start)


def test_extremes_are_drawn_and_said(make):
    for params in ([10.0] * 17, [-10.0] * 17, [0.0] * 17):
        for plane in (experiment.PAIR, RANDOM, PCA):
            explorer = make(params=params, plane=plane, move=ALL, lr=10, step=40, view="relief")
            words = explorer.describe().lower()
            assert "nan" not in words
            assert "inf" not in words.replace("infl", "")
            assert explorer.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("plane", experiment.PLANES)
@pytest.mark.parametrize("move", experiment.MOVES)
@pytest.mark.parametrize("params", [START, [10.0] * 17])
def test_the_words_fit_under_the_picture(make, params, move, plane):
    for settings in ({"lr": 0.01}, {"lr": 0.8}, {"lr": 10.0, "batch": "1"}, {"loss": "binary_cross_entropy"}):
        explorer = make(params=params, move=move, plane=plane, dataset="circles", step=40, **settings)
        lines = shown(explorer).verdict.get_text().splitlines()
        assert len(lines) <= 3
        width = max(explorer.scene.verdict.get_window_extent().width, explorer.scene.heading.get_window_extent().width)
        assert width <= explorer.size[0] - 24


def test_playing_ends_where_the_path_ends(make):
    explorer = make(lr=1.6, step=4)
    explorer.under[0].start()
    assert explorer.under[0].wait(20) == "done"
    assert explorer.step == explorer.diverged() == 5


def test_a_network_of_zeros_has_no_random_directions_and_that_is_no_error(make):
    explorer = make(params=[0.0] * 17, plane=RANDOM)
    assert len(set(explorer.run.losses)) == 1
    assert explorer.png().startswith(b"\x89PNG")


def test_losses_and_steps_are_pytorchs():
    torch = pytest.importorskip("torch")
    explorer = LossSurface(move=ALL, steps=10, controls=False)
    X, y = (torch.tensor(part) for part in experiment.examples("moons", 0))
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
    with torch.no_grad():
        own = experiment.network(START)
        for layer, W, b in zip((net[0], net[2]), own.weights, own.biases, strict=True):
            layer.weight.copy_(torch.tensor(W.T.copy()))
            layer.bias.copy_(torch.tensor(b.copy()))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    for loss in explorer.run.losses:
        found = torch.nn.functional.mse_loss(net(X), y)
        assert found.item() == pytest.approx(loss, rel=1e-12)
        optimizer.zero_grad()
        found.backward()
        optimizer.step()
    explorer.close()
