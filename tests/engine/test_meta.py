"""Meta-learning: second-order gradients against PyTorch and differences, Reptile against its definition."""

import numpy as np
import pytest

from wbviz.engine import ACTIVATIONS, SGD, Adam, Network, Training
from wbviz.engine.meta import (
    AMPLITUDES,
    METHODS,
    PHASES,
    Lessons,
    MetaTraining,
    SineTasks,
    adapt,
    copies,
    maml,
    reptile,
)

SMOOTH = [name for name in ACTIVATIONS if name not in ("identity", "step", "relu", "leaky_relu", "elu")]


def lessons(tasks=6, points=5, seed=3):
    rng = np.random.default_rng(seed)
    drawn = SineTasks.draw(tasks, rng)
    return Lessons(*(drawn.examples(points, rng, noise=0.1) for _ in range(2)))


def start(hidden="tanh", sizes=(1, 7, 6, 1)):
    net = Network(sizes, hidden=hidden, seed=2)
    net.params += 0.1 * np.random.default_rng(0).standard_normal(net.n_params)
    return net


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_tasks_are_sines_of_the_amplitudes_and_phases_they_are_drawn_from():
    rng = np.random.default_rng(0)
    tasks = SineTasks.draw(2000, rng)
    for values, (low, high) in ((tasks.amplitude, AMPLITUDES), (tasks.phase, PHASES)):
        assert values.min() >= low
        assert values.max() <= high
        assert values.mean() == pytest.approx((low + high) / 2, rel=0.05)
    X, y = tasks.examples(7, rng)
    np.testing.assert_allclose(y[3, 2, 0], tasks.amplitude[3] * np.sin(X[3, 2, 0] - tasks.phase[3]), rtol=1e-12)
    assert np.abs(X).max() <= 5
    noisy = tasks.examples(7, rng, noise=0.5)
    assert np.std(noisy[1] - tasks(noisy[0])) == pytest.approx(0.5, rel=0.05)


# --- adapting ---------------------------------------------------------------------------------------------------------


def test_adapting_is_plain_training_of_each_task():
    net, (X, y) = start(), lessons().support
    path = adapt(net, X, y, 0.02, 4)
    alone = Training(copies(net, X), X, y, optimizer=SGD(0.02), epochs=4, record="params")
    alone.run()
    np.testing.assert_allclose(path, alone.history.params, atol=1e-13)
    one = adapt(net, X[2], y[2], 0.02, 4)
    np.testing.assert_allclose(path[:, 2], one, atol=1e-13)


def test_what_diverges_stays_where_it_was():
    net, (X, y) = start("identity"), lessons().support
    y[1:] = net(X[1])  # the others have nothing to learn
    X[1:] = X[1]
    with np.errstate(all="ignore"):
        path = adapt(net, X, y, 1.0, 12)
    assert np.isfinite(path).all()
    assert np.abs(path[-1, 0]).max() > 1e50
    assert np.array_equal(path[-1, 0], path[-2, 0])
    np.testing.assert_allclose(path[-1, 1:], np.broadcast_to(net.params, (5, net.n_params)))


# --- the gradient of the start ----------------------------------------------------------------------------------------


def by_torch(torch, net, known, lr, steps, second_order=True):
    """The mean query loss after adapting and its gradient, by torch.func: grad through grad, tasks by vmap."""
    functions = {"identity": lambda z: z, "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01)}
    f = functions.get(net.activations[0].name) or getattr(
        torch, net.activations[0].name, getattr(torch.nn.functional, net.activations[0].name, None)
    )

    def loss(params, X, y):
        a, at = X, 0
        for layer, (n_in, n_out) in enumerate(zip(net.sizes, net.sizes[1:], strict=False)):
            W, b = params[at : at + n_in * n_out].reshape(n_in, n_out), params[at + n_in * n_out :][:n_out]
            at += (n_in + 1) * n_out
            z = a @ W + b
            a = z if layer == net.n_layers - 1 else f(z)
        return ((a - y) ** 2).mean()

    def after(params, X, y, X_query, y_query):
        for _ in range(steps):
            slope = torch.func.grad(loss)(params, X, y)
            params = params - lr * (slope if second_order else slope.detach())
        return loss(params, X_query, y_query)

    def total(params):
        data = [torch.from_numpy(array) for pair in known for array in pair]
        return torch.func.vmap(after, in_dims=(None, 0, 0, 0, 0))(params, *data).mean()

    slope, value = torch.func.grad_and_value(total)(torch.from_numpy(net.params.copy()))
    return value.item(), slope.numpy()


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_maml_is_torchs_gradient_through_the_steps(torch, hidden, steps):
    net, known = start(hidden), lessons()
    for second_order in (True, False):
        loss, slope = maml(net, known, 0.03, steps, second_order)
        value, expected = by_torch(torch, net, known, 0.03, steps, second_order)
        assert loss.mean() == pytest.approx(value, abs=1e-12)
        np.testing.assert_allclose(slope, expected, atol=1e-10)


@pytest.mark.parametrize("hidden", [*SMOOTH, "identity", "leaky_relu", "elu"])
def test_maml_is_torchs_gradient_for_other_activations(torch, hidden):
    net, known = start(hidden), lessons()
    np.testing.assert_allclose(maml(net, known, 0.03, 3)[1], by_torch(torch, net, known, 0.03, 3)[1], atol=1e-10)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("hidden", ["tanh", "gelu"])
def test_maml_is_the_slope_of_the_loss_after_adapting(hidden, steps):
    net, known = start(hidden), lessons()
    way, h = np.random.default_rng(1).standard_normal((4, net.n_params)), 1e-5
    ends = [[maml(net.with_params(net.params + s * h * v), known, 0.03, steps)[0].mean() for s in (1, -1)] for v in way]
    slope = maml(net, known, 0.03, steps)[1]
    np.testing.assert_allclose(way @ slope, [(up - down) / (2 * h) for up, down in ends], rtol=1e-7, atol=1e-8)


def test_the_first_order_form_leaves_something_out():
    net, known = start(), lessons()
    full, short = (maml(net, known, 0.03, 3, second_order)[1] for second_order in (True, False))
    assert np.linalg.norm(full - short) > 0.05 * np.linalg.norm(full)
    ends = net.with_params(adapt(net, *known.support, 0.03, 3)[-1])
    np.testing.assert_allclose(short, ends.gradient(*known.query).mean(axis=0), atol=1e-13)


def test_reptile_moves_towards_the_mean_end():
    net, known, lr, share = start(), lessons(), 0.02, 0.1
    X, y = known.together
    assert X.shape[1] == 10
    ends = []
    for task in range(len(X)):
        alone = net.copy()
        Training(alone, X[task], y[task], optimizer=SGD(lr), epochs=5).run()
        ends.append(alone.params.copy())
    expected = net.params + share * (np.mean(ends, axis=0) - net.params)
    moved = net.params.copy()
    SGD(lr=share * lr).step(moved, reptile(net, known, lr, 5)[1])
    np.testing.assert_allclose(moved, expected, atol=1e-13)


def test_reptile_of_one_step_is_joint_training():
    net, known = start(), lessons()
    one, both = (METHODS[name].gradient(net, known, 0.02, 1)[1] for name in ("Reptile", "joint training"))
    np.testing.assert_allclose(one, both, atol=1e-12)
    X, y = (np.concatenate(list(array)) for array in known.together)
    np.testing.assert_allclose(both, net.gradient(X, y), atol=1e-12)


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_training_takes_the_optimisers_steps_along_the_methods_gradient(method):
    net, twin = start(), start()
    training = MetaTraining(net, method, inner_steps=2, tasks=4, optimizer=SGD(0.01), clip_norm=None, seed=5)
    for number in range(3):
        gradient = METHODS[method].gradient(twin, training.lessons(number), 0.01, 2)[1]
        twin.params -= 0.01 * gradient
        assert next(training).number == number
    np.testing.assert_allclose(net.params, twin.params, atol=1e-14)


def test_a_training_that_goes_on_draws_the_tasks_that_would_have_come():
    whole, parts = start(), start()
    for _ in zip(range(6), MetaTraining(whole, optimizer=SGD(0.01)), strict=False):
        pass
    for first in (0, 3):
        for _ in zip(range(3), MetaTraining(parts, optimizer=SGD(0.01), first=first), strict=False):
            pass
    np.testing.assert_allclose(parts.params, whole.params, atol=1e-14)


def test_it_learns_to_adapt():
    net = Network([1, 20, 20, 1], seed=0)
    rng = np.random.default_rng(9)
    tasks = SineTasks.draw(50, rng)
    (X, y), query = tasks.examples(10, rng), tasks.examples(40, rng)

    def after(steps):
        return np.median(net.with_params(adapt(net, X, y, 0.01, steps)[-1]).loss(*query))

    before = after(10)
    training = MetaTraining(net, inner_lr=0.01, optimizer=Adam(3e-3), tasks=15)
    for _ in range(400):
        next(training)
    assert after(10) < 0.35 * before
    assert after(10) < 0.6 * after(0)


def test_a_training_that_diverges_says_so_and_keeps_the_start():
    net = start("relu")
    training = MetaTraining(net, inner_steps=5, inner_lr=50.0)
    with pytest.raises(ArithmeticError, match=r"In iteration 1 the inner steps diverged.*smaller than 50"):
        next(training)
    assert np.array_equal(net.params, start("relu").params)


def test_bad_settings_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="one input and one output"):
        MetaTraining(Network([2, 3, 1]))
    with pytest.raises(ValueError, match=r"no method .MALM.\. Did you mean .MAML."):
        MetaTraining(start(), "MALM")
    for name, bad in (("inner_steps", 0), ("inner_lr", 0.0), ("points", 0), ("tasks", 0), ("noise", -1.0)):
        with pytest.raises(ValueError, match=name):
            MetaTraining(start(), **{name: bad})
