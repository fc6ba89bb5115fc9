import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.engine.conftest import make_problem
from wbviz.engine import (
    ACTIVATIONS,
    LOSSES,
    Network,
    loss_surface,
    losses_at,
    numerical_gradient,
    planes,
    random_directions,
    single,
    train,
    trajectory_directions,
)
from wbviz.engine import landscape as landscape_module

AXES = [
    (("W", 0, 1, 2), ("b", 0, 2)),
    (("W", 1, 0, 3), ("W", 0, 2, 1)),
    (("b", 1, 1), ("W", 2, 3, 0)),
    (("b", 2, 0), ("b", 2, 1)),
]


def net_for(n_out, seed=0):
    net = Network([3, 4, 4, n_out], hidden="gelu")
    return net.with_params(np.random.default_rng(seed).normal(size=net.n_params))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("axes", AXES, ids=str)
@pytest.mark.parametrize("chunk", [1, 300, 2**17])
def test_every_point_of_a_surface_is_the_loss_of_that_network(loss, axes, chunk, problem, monkeypatch):
    monkeypatch.setattr(landscape_module, "CHUNK", chunk)
    X, y, n_out = problem(loss)
    net = net_for(n_out)
    surface = loss_surface(net, X, y, loss, axes=axes, span=2.0, resolution=(5, 4), l1=0.01, l2=0.1)
    assert surface.loss.shape == (4, 5)
    (u_at, v_at) = (net.index(*axis) for axis in axes)
    for i, v in enumerate(surface.v):
        for j, u in enumerate(surface.u):
            params = net.params.copy()
            params[u_at], params[v_at] = u, v
            expected = net.with_params(params).loss(X, y, loss, l1=0.01, l2=0.1)
            assert surface.loss[i, j] == pytest.approx(expected, rel=1e-12)
    assert surface.u.mean() == pytest.approx(net.params[u_at])
    assert np.ptp(surface.v) == pytest.approx(4.0)


def test_the_span_may_be_given_as_limits():
    surface = loss_surface(
        Network([1, 1]), [[1.0]], [[2.0]], axes=(("W", 0, 0, 0), ("b", 0, 0)), span=((-4, 4), (0, 2))
    )
    assert (surface.u[0], surface.u[-1], surface.v[0], surface.v[-1]) == (-4, 4, 0, 2)
    assert surface.loss.shape == (101, 101)
    np.testing.assert_allclose(surface.loss, (surface.u + surface.v[:, None] - 2) ** 2, atol=1e-12)


@pytest.mark.parametrize("filter_normalised", [True, False])
def test_along_directions(filter_normalised, problem):
    X, y, n_out = problem("mse")
    net = net_for(n_out)
    d1, d2 = random_directions(net, seed=3, filter_normalised=filter_normalised)
    surface = loss_surface(net, X, y, directions=(d1, d2), span=0.5, resolution=3)
    assert surface.loss[1, 1] == pytest.approx(net.loss(X, y), rel=1e-12)
    assert surface.loss[0, 2] == pytest.approx(net.with_params(net.params + 0.5 * d1 - 0.5 * d2).loss(X, y), rel=1e-12)


def test_filter_normalised_directions_are_as_long_as_each_neuron():
    net = net_for(2)
    first, second = random_directions(net, seed=0)
    for direction in (first, second):
        for W, b, dW, db in zip(net.weights, net.biases, *net.views(direction), strict=True):
            np.testing.assert_allclose((dW**2).sum(axis=0) + db**2, (W**2).sum(axis=0) + b**2)
    assert abs(first @ second) < 0.9 * np.linalg.norm(first) * np.linalg.norm(second)
    np.testing.assert_array_equal(random_directions(net, seed=0)[1], second)
    assert (random_directions(net, seed=1)[0] != first).all()


def same_in_both_ways(net, X, y, loss="mse", **where):
    readable, quick = (loss_surface(net, X, y, loss, resolution=(9, 7), dtype=t, **where).loss for t in (float, "f4"))
    np.testing.assert_allclose(quick, readable, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("axes", AXES + [axes[::-1] for axes in AXES], ids=str)
@pytest.mark.parametrize("chunk", [1, 300, 2**19])
def test_the_quick_way_equals_the_readable_one(loss, axes, chunk, problem, monkeypatch):
    monkeypatch.setattr(planes, "CHUNK", chunk)
    monkeypatch.setattr(planes, "WORTH_A_THREAD", 50)
    X, y, n_out = problem(loss)
    same_in_both_ways(net_for(n_out), X, y, loss, axes=axes, l1=0.01, l2=0.1)


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_the_quick_way_knows_every_activation(hidden, output, problem):
    X, y, n_out = problem("mse")
    net = Network([3, 4, 5, n_out], hidden=hidden, output=output, seed=2)
    same_in_both_ways(net, X, y, directions=random_directions(net, seed=5))
    same_in_both_ways(net, X, y, axes=AXES[1])
    same_in_both_ways(net, X, y, directions=(np.zeros(net.n_params), np.zeros(net.n_params)))


@st.composite
def planes_of_any_kind(draw):
    """A network, its examples, a loss and a plane through its parameters."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    loss = draw(st.sampled_from(list(LOSSES)))
    X, y, n_out = make_problem(loss, n=draw(st.integers(1, 9)), n_in=sizes[0])
    y = y if loss == "cross_entropy" or not draw(st.booleans()) else (y[:, :1])
    sizes.append(n_out if loss == "cross_entropy" else y.shape[1])
    hidden, output = (draw(st.sampled_from(("tanh", "sigmoid", "relu", "gelu", "identity"))) for _ in range(2))
    net = Network(sizes, hidden=hidden, output=output)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    net.params = draw(st.sampled_from((0.0, 0.5, 2.0))) * rng.normal(size=net.n_params)
    directions = draw(st.sampled_from((0.1, 1.0, 20.0))) * rng.normal(size=(2, net.n_params))
    for direction in directions:  # from one parameter alone to all of them
        direction[draw(st.integers(0, net.n_params)) :] = 0
        direction[: draw(st.integers(0, net.n_params))] = 0
    return net, X, y, loss, directions


@given(planes_of_any_kind(), st.sampled_from((40, 2**19)), st.sampled_from((20, 2**22)))
@example((Network([2, 3, 1], init="zeros"), np.zeros((2, 2)), np.zeros(2), "mse", np.zeros((2, 13))), 2**19, 2**22)
def test_the_quick_way_equals_the_readable_one_on_any_plane(plane, chunk, kept):
    net, X, y, loss, directions = plane
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planes, "CHUNK", chunk)
        patch.setattr(planes, "KEPT", kept)
        same_in_both_ways(net, X, y, loss, directions=directions)


def test_the_squared_error_of_late_layers_never_falls_below_zero():
    net, X = Network([2, 3, 1], seed=1), np.random.default_rng(0).normal(size=(50, 2))
    surface = loss_surface(net, 100 * X, net(100 * X), axes=(("W", 1, 0, 0), ("b", 1, 0)), resolution=3, dtype="f4")
    assert (surface.loss >= 0).all()
    assert surface.loss[1, 1] < 1e-10


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_in_single_precision_are_within_two_ten_millionths(name):
    z = np.linspace(-100, 100, 200_001)
    with np.errstate(over="ignore"):
        quickly = single.quick(ACTIVATIONS[name], z.astype(np.float32))
    assert quickly.dtype == np.float32
    exact = ACTIVATIONS[name].f(z.astype(np.float32).astype(float))
    assert (np.abs(quickly - exact) / np.maximum(1, np.abs(exact))).max() < 2e-7


def test_the_quick_way_at_any_points_and_where_tanh_is_flat(problem):
    X, y, n_out = problem("mse")
    net = net_for(n_out).with_params(1000 * net_for(n_out).params)
    points = np.random.default_rng(1).normal(size=(11, net.n_params)) + net.params
    exact, quick = (losses_at(net, points, X, y, dtype=t) for t in (float, np.float32))
    np.testing.assert_allclose(quick, exact, rtol=1e-4)
    np.testing.assert_allclose(losses_at(net, points[:1], X, y, dtype="f4"), exact[:1], rtol=1e-4)


def test_the_plane_of_a_path_is_found_and_ordered(problem):
    rng = np.random.default_rng(4)
    d1, d2 = np.linalg.qr(rng.normal(size=(12, 2)))[0].T
    t = np.linspace(0, 1, 30)
    path = 5 + np.outer(3 * t, d1) + np.outer(t**2, d2) + 1e-3 * rng.normal(size=(30, 12))
    found = trajectory_directions(path)
    assert abs(found.d1 @ found.d2) < 1e-12
    np.testing.assert_allclose([found.d1 @ found.d1, found.d2 @ found.d2], 1)
    np.testing.assert_allclose(np.hypot(*(d @ d1 for d in (found.d1, found.d2))), 1, atol=1e-4)
    assert found.explained[0] > 0.99 > found.explained[1] > 0
    assert found.explained.sum() < 1
    for direction in (found.d1, found.d2):
        assert (path[-1] - path[0]) @ direction > 0
    again = trajectory_directions(path[::-1])
    np.testing.assert_allclose(again.d1, -found.d1)


def test_the_explained_variance_is_that_of_a_real_training_path(problem):
    X, y, n_out = problem("mse")
    params = train(net_for(n_out), X, y, epochs=40, record=("params",)).params
    found = trajectory_directions(params)
    for direction, share in zip((found.d1, found.d2), found.explained, strict=True):
        assert share == pytest.approx((params @ direction).var() / params.var(axis=0).sum())
    assert found.explained.sum() > 0.9


def test_a_path_with_too_few_directions_still_has_a_plane():
    straight = np.outer(np.arange(4), [0.0, 3.0, 4.0])
    found = trajectory_directions(straight)
    np.testing.assert_allclose(found.d1, [0, 0.6, 0.8])
    np.testing.assert_allclose(found.d2, [1, 0, 0])
    np.testing.assert_allclose(found.explained, [1, 0], atol=1e-12)
    still = trajectory_directions(np.ones((1, 3)))
    np.testing.assert_array_equal([still.d1, still.d2], np.eye(3)[:2])
    np.testing.assert_array_equal(still.explained, [0, 0])
    round_trip = trajectory_directions([[0.0, 0.0], [0.0, -1.0], [0.0, 0.0]])
    np.testing.assert_allclose(round_trip.d1, [0, 1])


@pytest.mark.parametrize("params", [np.zeros(3), np.zeros((0, 3)), np.zeros((4, 1)), [[np.inf, 0.0]]])
def test_bad_paths_are_explained(params):
    with pytest.raises(ValueError, match="params must"):
        trajectory_directions(params)


@pytest.mark.filterwarnings("error")
def test_where_the_loss_overflows_it_is_infinity_never_nan():
    net = Network([1, 1, 1], hidden="identity")
    surface = loss_surface(net, [[1e200]], [[0.0]], axes=(("W", 0, 0, 0), ("W", 1, 0, 0)), span=1e200, resolution=3)
    assert not np.isnan(surface.loss).any()
    assert np.isinf(surface.loss).any()


def test_losses_at_many_points(problem):
    X, y, n_out = problem("mse")
    net, points = net_for(n_out), np.random.default_rng(0).normal(size=(9, net_for(n_out).n_params))
    np.testing.assert_allclose(losses_at(net, points, X, y), net.with_params(points).loss(X, y), rtol=1e-13)
    only_the_end = np.tile(net.params, (5, 1))
    only_the_end[:, -1] = np.arange(5)
    np.testing.assert_allclose(losses_at(net, only_the_end, X, y), net.with_params(only_the_end).loss(X, y), rtol=1e-13)
    same = np.tile(net.params, (3, 1))
    np.testing.assert_allclose(losses_at(net, same, X, y), net.loss(X, y), rtol=1e-13)


def test_the_numerical_gradient_of_a_parabola():
    net = Network([1, 1], init="zeros")
    assert numerical_gradient(net, [[2.0]], [[3.0]]) == pytest.approx([-12, -6])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Give either axes, two parameters, or directions"),
        ({"axes": AXES[0], "directions": (np.zeros(46), np.zeros(46))}, "Give either axes"),
        ({"axes": (("W", 0, 0, 0), ("W", 0, 0, 0))}, "The two axes must differ"),
        ({"axes": (("W", 0, 0, 0), ("W", 9, 0, 0))}, r"There is no parameter \('W', 9, 0, 0\)"),
        ({"axes": (("W", 0, 0), ("b", 0, 0))}, r'A parameter is \("W", layer, i, j\)'),
        ({"axes": (("W", 0, 0, 0),)}, "two parameters"),
        ({"axes": AXES[0], "span": -1}, "span must be a finite number, above 0"),
        ({"axes": AXES[0], "span": (1, 2, 3)}, "span must be a number or two intervals"),
        ({"axes": AXES[0], "span": (1, 2)}, "span must be two numbers, got 1"),
        ({"axes": AXES[0], "span": ((1, 1), (0, 1))}, "span must go from a smaller to a larger number"),
        ({"axes": AXES[0], "resolution": 1}, "resolution must be at least 2"),
        ({"directions": (np.zeros(3), np.zeros(3))}, r"Each direction must have shape \(46,\)"),
    ],
    ids=str,
)
def test_bad_planes_are_explained(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        loss_surface(net_for(2), np.ones((4, 3)), np.ones((4, 2)), **arguments)


@pytest.mark.parametrize("points", [np.zeros(46), np.zeros((0, 46)), np.zeros((2, 5)), [[np.nan] * 46]])
def test_bad_points_are_explained(points):
    with pytest.raises(ValueError, match="points must"):
        losses_at(net_for(2), points, np.ones((4, 3)), np.ones((4, 2)))


def test_whole_numbers_are_no_dtype_for_a_loss():
    with pytest.raises(ValueError, match="dtype must be float32 or float64"):
        losses_at(net_for(2), np.zeros((1, 46)), np.ones((4, 3)), np.ones((4, 2)), dtype=int)


def test_a_population_has_no_single_surface():
    net = Network([1, 1], population=3)
    for call in (
        lambda: loss_surface(net, [[1.0]], [[1.0]], axes=(("W", 0, 0, 0), ("b", 0, 0))),
        lambda: random_directions(net),
        lambda: numerical_gradient(net, [[1.0]], [[1.0]]),
    ):
        with pytest.raises(ValueError, match=r"needs one network, got a population \(3,\)"):
            call()
