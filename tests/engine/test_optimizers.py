import numpy as np
import pytest

from wbviz.engine import OPTIMIZERS, SGD, Adagrad, Adam, AdamW, Network, RMSprop

SETTINGS = [
    ("SGD", {"lr": 0.05}),
    ("SGD", {}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.05, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "dampening": 0.5, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.03, "alpha": 0.7, "eps": 1e-3}),
    ("Adam", {}),
    ("Adam", {"lr": 0.05, "betas": (0.5, 0.7), "eps": 1e-4}),
    ("Adam", {"lr": 0.05, "betas": (0.0, 0.9)}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.3}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.3, "eps": 1e-2}),
]


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_equal_to_pytorch_for_100_steps(name, settings, torch):
    rng = np.random.default_rng(0)
    params = rng.normal(size=11)
    theirs = torch.tensor(params, requires_grad=True)
    ours, oracle = OPTIMIZERS[name](**settings), getattr(torch.optim, name)([theirs], foreach=False, **settings)
    for k in range(100):
        grad = rng.normal(size=11) * 10.0 ** rng.integers(-4, 2) * (k % 10 > 0)  # every tenth gradient is zero
        theirs.grad = torch.tensor(grad)
        oracle.step()
        ours.step(params, grad)
        np.testing.assert_allclose(params, theirs.detach().numpy(), rtol=1e-12, atol=1e-14, err_msg=f"step {k}")


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_equal_to_pytorch_on_a_network(name, settings, torch, problem):
    X, y, n_out = problem("cross_entropy", n=20)
    net = Network([3, 5, n_out])
    theirs = torch.tensor(net.params, requires_grad=True)
    ours, oracle = OPTIMIZERS[name](**settings), getattr(torch.optim, name)([theirs], **settings)
    Xt, yt = torch.tensor(X), torch.tensor(y)
    for _ in range(100):
        ours.step(net.params, net.gradient(X, y, "cross_entropy"))
        oracle.zero_grad()
        W0, b0, W1, b1 = theirs.split([15, 5, 5 * n_out, n_out])
        logits = torch.tanh(Xt @ W0.reshape(3, 5) + b0) @ W1.reshape(5, n_out) + b1
        torch.nn.functional.cross_entropy(logits, yt).backward()
        oracle.step()
    np.testing.assert_allclose(net.params, theirs.detach().numpy(), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_in_place_and_a_population_is_a_loop(name):
    rng = np.random.default_rng(1)
    start, grads, lrs = rng.normal(size=(4, 6)), rng.normal(size=(10, 4, 6)), np.array([0.1, 0.01, 0.0, 1.0])
    together, params = OPTIMIZERS[name](lr=lrs), start.copy()
    for grad in grads:
        together.step(params, grad)
    for k in range(4):
        alone, member = OPTIMIZERS[name](lr=lrs[k]), start[k].copy()
        for grad in grads:
            alone.step(member, grad[k])
        np.testing.assert_allclose(params[k], member, rtol=1e-14)


STATES = [
    (SGD(0.1), set()),
    (SGD(0.1, momentum=0.9), {"velocity"}),
    (RMSprop(), {"mean_square"}),
    (Adam(), {"m", "v", "t"}),
    (AdamW(), {"m", "v", "t"}),
    (Adagrad(), {"sum_of_squares"}),
]


@pytest.mark.parametrize(("optimizer", "names"), STATES, ids=lambda value: type(value).__name__)
def test_state_is_shown_and_reset_forgets_it(optimizer, names):
    first, params = np.ones(3), np.ones(3)
    optimizer.step(first, np.array([1.0, -2.0, 3.0]))
    assert set(optimizer.state) == names
    assert all(isinstance(memory, np.ndarray) for memory in optimizer.state.values())
    optimizer.step(first, np.ones(3))
    optimizer.reset()
    assert optimizer.state == {}
    optimizer.step(params, np.array([1.0, -2.0, 3.0]))
    again = np.ones(3)
    optimizer.reset()
    optimizer.step(again, np.array([1.0, -2.0, 3.0]))
    np.testing.assert_array_equal(params, again)


def test_adams_first_step_is_lr_whatever_the_gradient():
    params = np.zeros(3)
    Adam(lr=0.1).step(params, np.array([1e-3, -5.0, 1e6]))
    np.testing.assert_allclose(params, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_lr_may_change_between_steps():
    optimizer, params = SGD(lr=1.0), np.zeros(1)
    optimizer.step(params, np.ones(1))
    optimizer.lr = 0.5
    optimizer.step(params, np.ones(1))
    assert params[0] == -1.5


@pytest.mark.parametrize("make", [lambda: SGD(lr=-0.1), lambda: SGD(lr=np.nan), lambda: SGD(lr=[0.1, -1.0])])
def test_bad_rates_are_named(make):
    with pytest.raises(ValueError, match="lr must be a finite number, 0 or more; got"):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(lr="fast"), "lr must be a number, got 'fast'"),
        (lambda: SGD(momentum=-0.5), "momentum must be .* got -0.5"),
        (lambda: SGD(weight_decay=-1), "weight_decay must be .* got -1"),
        (lambda: SGD(nesterov=True), "nesterov needs momentum above 0"),
        (lambda: Adam(betas=(0.9, 1.0)), r"betas\[1\] must be .*below 1; got 1"),
        (lambda: Adam(betas=0.9), "betas must be two numbers"),
        (lambda: RMSprop(alpha=-1), "alpha must be"),
        (lambda: Adagrad(eps=-1), "eps must be"),
        (lambda: SGD().step([1.0], [1.0]), "params must be an array of floats"),
        (lambda: SGD().step(np.zeros(3), np.zeros(2)), r"shape \(2,\), the parameters \(3,\)"),
        (lambda: setattr(SGD(), "lr", -2), "lr must be .* got -2"),
    ],
)
def test_bad_input_is_explained(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_memory_of_another_network_is_refused():
    optimizer = Adam()
    optimizer.step(np.zeros(3), np.ones(3))
    with pytest.raises(ValueError, match=r"remembers parameters of shape \(3,\), got \(4,\).*reset"):
        optimizer.step(np.zeros(4), np.ones(4))
