"""The update step: what is predicted and what happens are the engine's numbers, and steps really change the network."""

import numpy as np
import pytest
import traitlets

from wbviz.engine import Network
from wbviz.widgets._descent import (
    AGAINST,
    ALONG,
    DATA,
    DIRECTIONS,
    DRAWN,
    FURTHEST,
    ONE,
    RANDOM,
    SEEDS,
    SIZES,
    examples,
    line_along,
    random_directions,
    random_slopes,
)  # fmt: skip
from wbviz.widgets._descent_words import brief, rising, turning, verdict
from wbviz.widgets.update_step import UpdateStep

START = tuple(Network(SIZES, seed=0).params.tolist())


EXPLORER = UpdateStep
PAINTED = True


def pointer(explorer, axes, x, y):
    px, py = axes.transData.transform((x, y))
    hold = {"press": explorer._presses + 1, "px": px, "py": py, "x": px, "y": py}
    explorer.picture.pointer = hold | {"down": False, "shift": False, "inside": True}


# --- the line -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATA)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_slope_and_curvature_are_those_of_the_true_loss(dataset, direction):
    line = line_along(START, dataset, direction, chosen=13, seed=4)
    net, (X, y) = Network(SIZES, seed=0), examples(dataset)
    np.testing.assert_allclose(line.gradient, net.gradient(X, y))
    h = 1e-3 / np.linalg.norm(line.direction)
    ahead, here, behind = (net.with_params(net.params + t * line.direction).loss(X, y) for t in (h, 0, -h))
    assert line.loss == here
    assert line.slope == pytest.approx((ahead - behind) / (2 * h), rel=1e-3)
    assert line.curvature == pytest.approx((ahead - 2 * here + behind) / h**2, rel=1e-3)
    for index in (0, 37, 200):
        moved = net.with_params(net.params + DRAWN[index] * line.direction)
        assert line.losses[index] == pytest.approx(float(moved.loss(X, y)))


@pytest.mark.parametrize("dataset", DATA)
def test_pytorch_finds_the_same_loss_and_gradient(dataset):
    torch = pytest.importorskip("torch")
    net, (X, y) = Network(SIZES, seed=0), examples(dataset)
    params = [torch.tensor(v, requires_grad=True) for layer in (0, 1) for v in (net.weights[layer], net.biases[layer])]
    W1, b1, W2, b2 = params
    loss = torch.nn.MSELoss()(torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2, torch.tensor(y))
    loss.backward()
    line = line_along(START, dataset, AGAINST)
    assert line.loss == pytest.approx(loss.item(), abs=1e-12)
    np.testing.assert_allclose(line.gradient, np.concatenate([p.grad.numpy().ravel() for p in params]), atol=1e-12)
    assert line.slope == pytest.approx(-float(line.gradient @ line.gradient))


@pytest.mark.parametrize("dataset", DATA)
def test_the_loss_stops_falling_and_is_higher_where_it_is_said_to_be(dataset):
    line, net, (X, y) = line_along(START, dataset, AGAINST), Network(SIZES, seed=0), examples(dataset)

    def loss(lr):
        return float(net.with_params(net.params + lr * line.direction).loss(X, y))

    assert 0 < line.turns < line.rises
    assert loss(line.turns) <= min(loss(line.turns * 0.99), loss(line.turns * 1.01))
    assert loss(line.rises * 0.998) < line.loss < loss(line.rises * 1.002)
    falling = [loss(lr) for lr in np.linspace(0, line.turns, 40)]
    assert falling == sorted(falling, reverse=True)


def test_uphill_the_loss_rises_at_once():
    line = line_along(START, "moons", ALONG)
    assert (line.turns, line.rises) == (0.0, 0.0)
    assert (turning(line), rising(line)) == ("rises at once", "higher than before at once")
    assert verdict(line, 0.1, 0.3) == "Uphill: the loss rises."


def test_a_slope_of_zero_is_called_flat_and_rounding_is_no_turn():
    net, (X, y) = Network(SIZES, seed=0), examples("moons")
    for _ in range(200):
        params = net.params.copy()
        params[16] -= 0.5 * net.gradient(X, y)[16]
        net.params = params
    line = line_along(tuple(net.params), "moons", ONE, chosen=16)
    assert line.flat
    assert verdict(line, 0.1, 0.0) == "Flat: the slope is zero."
    gentle = line_along(START, "xor", ONE, chosen=int(np.abs(line_along(START, "xor", AGAINST).gradient).argmin()))
    assert gentle.turns is None or gentle.turns > 1
    assert gentle.rises is None or gentle.rises > gentle.turns
    assert f"{FURTHEST:g}" in rising(gentle)


def test_no_random_direction_is_as_steep_as_the_gradient():
    for dataset in DATA:
        g = line_along(START, dataset, AGAINST).gradient
        slopes = random_slopes(START, dataset)
        np.testing.assert_allclose(slopes, random_directions() @ g / np.linalg.norm(g), atol=1e-7)
        assert len(slopes) == SEEDS
        assert np.abs(slopes).max() < 1
        assert 25 < (slopes < 0).sum() < 75


# --- the explorer ---------------------------------------------------------------------------------------------------


def test_predicted_and_actual_change(make):
    explorer = make(lr=0.2)
    g = explorer.network.gradient(*examples("moons"))
    after = explorer.network.with_params(explorer.network.params - 0.2 * g)
    assert explorer.predicted() == pytest.approx(-0.2 * float(g @ g))
    assert explorer.actual() == pytest.approx(float(after.loss(*examples("moons"))) - explorer.loss())
    assert [text.get_text() for text in explorer.scene.legend][:3] == [
        "predicted: 0.476 − 2.768·lr", "stops falling at lr = 0.297", "as high as before at lr = 0.647",
    ]  # fmt: skip
    assert explorer.scene.actual.get_data() == ((0.2,), (pytest.approx(explorer.loss() + explorer.actual()),))


def test_a_small_step_keeps_the_promise_and_a_large_one_need_not(make):
    explorer = make(lr=0.01)
    assert explorer.actual() / explorer.predicted() == pytest.approx(1, abs=0.03)
    explorer.lr = 0.8
    assert explorer.predicted() < 0 < explorer.actual()
    assert "Too far" in explorer.describe()


def test_every_direction_has_the_length_that_is_said(make):
    explorer, norm = make(), line_along(START, "moons", AGAINST)
    for direction, length in ((AGAINST, 1), (ALONG, 1), (RANDOM, 1)):
        explorer.direction = direction
        assert np.linalg.norm(explorer.line.direction) == pytest.approx(length * np.linalg.norm(norm.gradient))
    explorer.apply({"direction": ONE, "chosen": 3})
    assert np.flatnonzero(explorer.line.direction).tolist() == [3]
    assert explorer.line.direction[3] == -norm.gradient[3]
    assert explorer.describe().count("Only w x₁→h₄") == 1
    assert [make(direction=d).steepness() for d in (AGAINST, ALONG)] == [pytest.approx(-1), pytest.approx(1)]


def test_taking_the_step_changes_the_network_and_is_counted(make):
    explorer = make(lr=0.1)
    expected, norm = explorer.stepped(), explorer.norm()
    explorer.take_step()
    assert explorer.params == expected.tolist()
    assert explorer.trail == [[pytest.approx(0.476, abs=1e-3), norm]]
    explorer.take_ten()
    explorer.png()
    assert explorer.taken == 11
    assert explorer.scene.taken.get_text() == "Steps taken: 11"
    assert len(explorer.scene.losses.get_xdata()) == 12
    assert explorer.norm() < norm / 10
    assert explorer.undo()
    assert explorer.taken == 1


def test_ten_steps_are_ten_times_one_step(make):
    one, ten = make(lr=0.2, dataset="circles"), make(lr=0.2, dataset="circles")
    for _ in range(10):
        one.take_step()
    ten.take_ten()
    assert one.state == ten.state


def test_other_parameters_or_data_begin_a_new_count(make):
    explorer = make()
    explorer.take_step()
    explorer.lr = 0.3
    assert explorer.taken == 1
    explorer.params = [0.5] * 17
    assert explorer.taken == 0
    explorer.take_step()
    explorer.dataset = "xor"
    assert explorer.taken == 0


def test_a_step_out_of_range_is_refused_in_words(make):
    explorer = make(params=[9.0] * 17, lr=2.0)
    state = explorer.state
    with pytest.raises(ValueError, match=r"too large: it would take .* Choose a smaller lr"):
        explorer.take_step()
    assert explorer.state == state
    explorer.on_key("Escape")
    explorer.picture.keystrokes = {"n": 1, "recent": [{"key": "Enter"}]}
    assert "too large" in explorer._panel._message.value


def test_of_ten_steps_the_one_that_leads_too_far_is_named(make):
    explorer = make(dataset="xor", lr=1.0)
    with pytest.raises(ValueError, match=r"^Step \d from here is too large"):
        explorer.take_ten()
    assert explorer.taken == 0


def test_the_last_of_500_steps(make):
    explorer = make(trail=[[0.5, 0.1]] * 500)
    with pytest.raises(ValueError, match="press Reset"):
        explorer.take_step()


@pytest.mark.parametrize("bad", [[[1.0]], [[1.0, -2.0]], [[1.0, float("nan")]], 3, [[0.1, 0.1]] * 501])
def test_a_bad_trail_or_index_is_refused(make, bad):
    explorer = make()
    with pytest.raises(traitlets.TraitError):
        explorer.trail = bad
    with pytest.raises(traitlets.TraitError, match="17 parameters"):
        explorer.chosen = 17


def test_a_network_without_gradient_is_described(make):
    explorer = make(params=[0.0] * 16 + [0.5])
    assert explorer.norm() == pytest.approx(0)
    assert "Flat" in explorer.describe()
    explorer.zoom = True
    assert explorer.png()


# --- gestures -------------------------------------------------------------------------------------------------------


def test_dragging_in_the_plot_sets_lr(make):
    explorer = make()
    pointer(explorer, explorer.scene.plot, 0.75, 0.5)
    assert explorer.lr == pytest.approx(0.75, abs=0.01)
    assert explorer.direction == AGAINST


def test_clicking_a_dot_or_an_end_chooses_the_direction(make):
    explorer = make()
    x, y = explorer.scene.others.get_xydata()[42]
    pointer(explorer, explorer.scene.strip, x, y)
    assert (explorer.direction, explorer.seed) == (RANDOM, 42)
    pointer(explorer, explorer.scene.strip, 1.0, 0.0)
    assert explorer.direction == ALONG
    pointer(explorer, explorer.scene.strip, -1.0, 0.0)
    assert explorer.direction == AGAINST


def test_keys(make):
    explorer = make()
    keys = [{"key": "ArrowRight"}, {"key": "ArrowRight", "shift": True}, {"key": "ArrowDown"}]
    explorer.picture.keystrokes = {"n": 3, "recent": keys}
    assert (explorer.lr, explorer.direction) == (pytest.approx(0.21), ALONG)
    explorer.picture.keystrokes = {"n": 5, "recent": [{"key": "ArrowUp"}, {"key": "Enter"}]}
    assert (explorer.direction, explorer.taken) == (AGAINST, 1)
    explorer.lr = 0.0
    explorer.on_key("ArrowLeft")
    assert explorer.lr == 0.0


def test_randomise_draws_a_fresh_network_and_leaves_lr_alone(make):
    explorer = make(lr=0.3)
    explorer.randomise(seed=5)
    assert explorer.lr == 0.3
    assert explorer.params != list(START)
    assert max(map(abs, explorer.params)) < 4


def test_numbers_are_brief():
    assert [brief(v) for v in (0, 1.6639, -0.0248, 0.00062, 133.61, -1.4e-33, 3.84e5, 0.0005)] == [
        "0.000", "1.664", "−0.0248", "0.00062", "133.6", "−1.4·10⁻³³", "3.8·10⁵", "0.00050",
    ]  # fmt: skip
