"""Backpropagation through time: that of PyTorch and of central differences; for any input a gradient or a sentence."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wbviz.engine import ACTIVATIONS, LOSSES, OneUnit, QuickRecurrent, Recurrent, clip_by_norm, clip_by_value

SMOOTH = ("sigmoid", "tanh", "relu")


def sequences(loss, answers, n=5, steps=6, seed=0):
    """X (n, steps, 2) and a y that suits the loss, with three outputs."""
    rng = np.random.default_rng(seed)
    shape = (n,) if answers == "last" else (n, steps)
    X = rng.normal(size=(n, steps, 2))
    if loss == "cross_entropy":
        return X, rng.integers(0, 3, shape)
    y = rng.normal(size=(*shape, 3))
    return X, (y > 0).astype(float) if loss == "binary_cross_entropy" else y


def network(answers="last", activation="tanh", seed=0, **settings):
    """A network whose biases are not zero either."""
    net = Recurrent(2, 4, 3, activation=activation, answers=answers, **settings)
    return net.with_params(np.random.default_rng(seed).normal(scale=0.7, size=net.params.shape))


def central_differences(net, X, y, loss, h=1e-6):
    steps = h * np.eye(net.n_params)
    up, down = (net.with_params(net.params + sign * steps).loss(X, y, loss) for sign in (1, -1))
    return (up - down) / (2 * h)


@pytest.mark.parametrize("answers", ["last", "every"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", SMOOTH)
def test_gradient_is_the_slope_of_the_loss(loss, answers, activation):
    X, y = sequences(loss, answers)
    net = network(answers, activation)
    np.testing.assert_allclose(net.gradient(X, y, loss), central_differences(net, X, y, loss), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("answers", ["last", "every"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_values_and_gradient_are_those_of_pytorch(loss, answers, activation, torch):
    (X, y), net = sequences(loss, answers, n=7, steps=12), network(answers, activation)
    theirs = torch.nn.RNN(2, 4, nonlinearity=activation, batch_first=True).double()
    output = torch.nn.Linear(4, 3).double()
    with torch.no_grad():
        for parameter, ours in (
            (theirs.weight_ih_l0, net.W_x.T), (theirs.weight_hh_l0, net.W_h.T), (theirs.bias_ih_l0, net.b_h),
            (theirs.bias_hh_l0, 0 * net.b_h), (output.weight, net.W_y.T), (output.bias, net.b_y),
        ):  # fmt: skip
            parameter.copy_(torch.tensor(ours))
    hidden, _ = theirs(torch.tensor(X))
    answer = output(hidden[:, -1] if answers == "last" else hidden)
    np.testing.assert_allclose(net(X), answer.detach().numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(np.moveaxis(net.forward(X).h[1:], 0, 1), hidden.detach().numpy(), rtol=0, atol=1e-10)
    functional = torch.nn.functional
    criterion = {
        "mse": functional.mse_loss,
        "cross_entropy": lambda a, t: functional.cross_entropy(a.reshape(-1, 3), t.reshape(-1)),
        "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    }[loss]
    total = criterion(answer, torch.tensor(y))
    total.backward()
    assert net.loss(X, y, loss) == pytest.approx(total.item(), abs=1e-10)
    found = net.backward(X, y, loss).parts
    for ours, parameter in (
        (found.W_x, theirs.weight_ih_l0.grad.T), (found.W_h, theirs.weight_hh_l0.grad.T),
        (found.b_h, theirs.bias_ih_l0.grad), (found.W_y, output.weight.grad.T), (found.b_y, output.bias.grad),
    ):  # fmt: skip
        np.testing.assert_allclose(ours, parameter.numpy(), rtol=0, atol=1e-10)


def test_training_step_by_step_with_clipping_is_pytorchs(torch):
    from wbviz.engine import SGD

    (X, y), net = sequences("mse", "last"), network()
    params = torch.tensor(net.params, requires_grad=True)
    theirs, ours = torch.optim.SGD([params], lr=0.5), SGD(lr=0.5)
    for k in range(20):
        gradient = net.gradient(X, y)
        params.grad = torch.tensor(gradient)
        clip, limit = (torch.nn.utils.clip_grad_norm_, 0.1) if k % 2 else (torch.nn.utils.clip_grad_value_, 0.02)
        clip([params], limit)
        clipped = clip_by_norm(gradient, limit) if k % 2 else clip_by_value(gradient, limit)
        np.testing.assert_allclose(clipped, params.grad.numpy(), rtol=0, atol=1e-12)
        ours.step(net.params, clipped)
        theirs.step()
        np.testing.assert_allclose(net.params, params.detach().numpy(), rtol=0, atol=1e-12)


def test_a_sequence_of_one_step_is_a_network_with_one_hidden_layer():
    from wbviz.engine import Network

    X, y = sequences("mse", "last", steps=1)
    net = network()
    plain = Network([2, 4, 3], hidden="tanh")
    plain.weights[0], plain.biases[0], plain.weights[1], plain.biases[1] = net.W_x, net.b_h, net.W_y, net.b_y
    np.testing.assert_allclose(net(X), plain(X[:, 0]), atol=1e-14)
    found, expected = net.backward(X, y).parts, plain.backward(X[:, 0], y)
    np.testing.assert_allclose(found.W_x, expected.dW[0], atol=1e-14)
    np.testing.assert_allclose(found.W_y, expected.dW[1], atol=1e-14)
    np.testing.assert_array_equal(found.W_h, 0)


def test_a_linear_chain_has_the_power_of_its_weight():
    """One unit without activation and with an input at the first step only: y = w^(T-1), dy/dw = (T-1) w^(T-2)."""
    net, steps = Recurrent(1, 1, 1, activation="identity", init="zeros"), 9
    net.params = [1.0, 1.1, 0.0, 1.0, 0.0]
    X = np.zeros((1, steps, 1))
    X[0, 0] = 1
    way = net.backpropagate(net.forward(X), np.ones((1, 1)))
    assert net(X)[0, 0] == pytest.approx(1.1**8)
    assert way.parts.W_h[0, 0] == pytest.approx(8 * 1.1**7)
    np.testing.assert_allclose(way.delta[:, 0, 0], 1.1 ** np.arange(8, -1, -1))


@pytest.mark.parametrize("answers", ["last", "every"])
def test_a_population_is_its_members_one_by_one(answers):
    X, y = sequences("mse", answers)
    many = Recurrent(2, 4, 3, seed=3, population=4, answers=answers)
    for k in range(4):
        one = Recurrent(2, 4, 3, seed=3 + k, answers=answers)
        np.testing.assert_array_equal(many.params[k], one.params)
        np.testing.assert_allclose(many(X)[k], one(X), atol=1e-14)
        assert many.loss(X, y)[k] == pytest.approx(one.loss(X, y))
        np.testing.assert_allclose(many.gradient(X, y)[k], one.gradient(X, y), atol=1e-14)
    own = np.stack([X + k for k in range(4)])
    np.testing.assert_allclose(many(own)[2], many.with_params(many.params[2])(X + 2), atol=1e-14)
    targets = np.stack([y + k for k in range(4)])
    alone = many.with_params(many.params[3])
    np.testing.assert_allclose(many.gradient(own, targets)[3], alone.gradient(X + 3, y + 3), atol=1e-14)


def test_the_parts_are_windows_onto_the_parameters():
    net = network()
    for part in (net.W_x, net.W_h, net.b_h, net.W_y, net.b_y):
        assert np.shares_memory(part, net.params)
    assert sum(part.size for part in net.views(net.params)) == net.n_params
    net.b_y[...] = 7
    np.testing.assert_array_equal(net.params[-3:], 7)
    for twin in (net.copy(), copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        twin.W_h[...] = 0
        assert np.shares_memory(twin.W_h, twin.params)
        assert net.W_h.all()
    assert repr(net) == "Recurrent(2, 4, 3), tanh, answers after the last step"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Recurrent(0, 4, 1), "n_in must be at least 1, got 0"),
        (lambda: Recurrent(1, 4.5, 1), "n_hidden must be a whole number"),
        (lambda: Recurrent(1, 4, 1, activation="tahn"), "Did you mean 'tanh'"),
        (lambda: Recurrent(1, 4, 1, init="orthogonl"), "Did you mean 'orthogonal'"),
        (lambda: Recurrent(1, 4, 1, answers="first"), "There is no way to answer 'first'.*Choose from last, every"),
        (lambda: Recurrent(1, 4, 1, population=0), "population must be at least 1"),
        (lambda: network()(np.ones((5, 2))), r"X must have shape \(n, T, 2\).*got \(5, 2\).*a list of its own"),
        (lambda: network()(np.ones((5, 3, 3))), r"X must have shape \(n, T, 2\): n sequences of T steps; got"),
        (lambda: network()(np.ones((5, 0, 2))), "X is empty.*at least one sequence of at least one step"),
        (lambda: network()(np.ones((2, 5, 3, 2))), r"leading axes of X, \(2,\), do not fit the population \(\)"),
        (lambda: network()(np.full((5, 3, 2), np.nan)), r"X must be finite, but X\[0, 0, 0\] is nan"),
        (lambda: network().loss(np.ones((5, 3, 2)), np.ones((5, 3, 3))), r"y must have shape \(5, 3\)"),
        (lambda: network("every").loss(np.ones((5, 4, 2)), np.ones((5, 3))), r"y must have shape \(5, 4, 3\), an ans"),
        (lambda: network().loss(np.ones((5, 4, 2)), np.ones((5, 3)), "mae"), "There is no loss 'mae'"),
        (lambda: network().with_params([1.0]), r"params must have shape \(..., 43\), got \(1,\)"),
        (lambda: setattr(network(), "params", np.full(43, np.inf)), r"params\[0\] is inf"),
        (lambda: setattr(network(), "params", np.zeros(3)), r"params must have shape \(43,\), got \(3,\)"),
    ],
)
def test_refusals_are_sentences(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


ANYTHING = st.one_of(
    hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)),
    hnp.arrays(int, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)),
    hnp.arrays(float, st.tuples(st.just(3), st.integers(1, 4), st.just(2)), elements=st.floats(-5, 5)),
    st.none(),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(max_size=2)), max_size=4),
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(X=ANYTHING, y=ANYTHING, loss=st.sampled_from(list(LOSSES)), answers=st.sampled_from(["last", "every"]))
def test_anything_gives_a_gradient_or_a_sentence(X, y, loss, answers):
    net, problem = network(answers), ""
    try:
        gradient = net.gradient(X, y, loss)
    except (ValueError, TypeError) as error:
        problem = str(error)
    assert problem.endswith(".") if problem else gradient.shape == (net.n_params,)
    assert "broadcast" not in problem


@given(
    gradient=hnp.arrays(
        float, hnp.array_shapes(max_dims=2, max_side=5), elements=st.integers(-(10**9), 10**9).map(lambda k: k / 1000)
    ),
    limit=st.floats(1e-3, 1e3),
)
def test_clipping_never_lengthens_and_by_norm_never_turns(gradient, limit):
    short, held = clip_by_norm(gradient, limit), clip_by_value(gradient, limit)
    norm = np.linalg.norm(gradient, axis=-1)
    assert (np.linalg.norm(short, axis=-1) <= np.minimum(norm, limit) * (1 + 1e-12)).all()
    assert (np.abs(held) <= np.minimum(np.abs(gradient), limit)).all()
    np.testing.assert_allclose(short * norm[..., None], gradient * np.linalg.norm(short, axis=-1)[..., None], rtol=1e-9)


def test_each_member_of_a_population_may_have_a_limit_of_its_own():
    gradient = np.array([[3.0, 4.0], [3.0, 4.0]])
    np.testing.assert_allclose(clip_by_norm(gradient, np.array([1.0, 10.0])), [[0.6, 0.8], [3.0, 4.0]], rtol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_works(activation):
    X, y = sequences("mse", "last")
    assert np.isfinite(network(activation=activation).gradient(X, y)).all()


# --- quick paths ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "n_in"), [(1, 1), (2, 1), (12, 3)])
def test_the_quick_path_is_the_readable_one(steps, n_in):
    rng = np.random.default_rng(0)
    X, y, net = rng.normal(size=(5, steps, n_in)), rng.normal(size=(5, 2)), Recurrent(n_in, 4, 2, seed=1)
    quick = QuickRecurrent(net, X, y)
    for _ in range(3):
        loss, gradient = quick.look()
        assert loss == pytest.approx(net.loss(X, y), rel=1e-13)
        np.testing.assert_allclose(gradient, net.gradient(X, y), rtol=1e-11, atol=1e-15)
        net.params -= gradient


def test_the_quick_path_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="The quick path knows one tanh network"):
        QuickRecurrent(Recurrent(1, 2, 1, activation="relu"), np.ones((1, 3, 1)), [[0]])


@given(w=st.floats(-10, 10), b=st.floats(-10, 10), steps=st.integers(1, 60))
def test_one_unit_by_plain_numbers_is_the_recurrent_network(w, b, steps):
    unit = OneUnit(steps)
    loss, gradient = unit.look((w, b))
    way = unit.network(w, b).backward(np.zeros((1, steps, 1)), [[unit.target]])
    assert loss == pytest.approx(float(unit.losses(w, b)), rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(gradient, way.gradient[1:3], rtol=1e-9, atol=1e-15)


def test_the_wall_of_one_unit_gets_steeper_with_its_steps():
    places = np.stack(np.meshgrid(np.linspace(4, 6, 41), np.linspace(-3, -1.5, 41)), axis=-1).reshape(-1, 2)
    steepest = [max(np.hypot(*OneUnit(steps).look(place)[1]) for place in places) for steps in (5, 20, 50)]
    assert steepest[0] < 0.5 * steepest[1] < 0.5 * steepest[2]
