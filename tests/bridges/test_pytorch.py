"""PyTorch and back: the same numbers, to the last bit where nothing is computed; a sentence for what has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bridges.libraries import X, problem, torch_or_skip, wild
from wbviz.bridges import from_torch, frozen_in_torch, to_torch
from wbviz.engine import ACTIVATIONS, LOSSES, SGD, Activation, Network, train

torch = torch_or_skip()
nn = torch.nn
ORACLES = {
    "mse": nn.MSELoss,
    "cross_entropy": nn.CrossEntropyLoss,
    "binary_cross_entropy": nn.BCEWithLogitsLoss,
}


def answers(model, X=X):
    with torch.no_grad():
        return model(torch.tensor(X)).numpy()


def gradient(net, model, loss, X, y):
    """PyTorch's loss and gradient, the latter laid out as the parameters of `net`."""
    model.zero_grad()
    value = ORACLES[loss]()(model(torch.tensor(X)), torch.tensor(y))
    value.backward()
    found = np.empty(net.n_params)
    for view, tensor in zip(_in_turn(*net.views(found)), model.parameters(), strict=True):
        view[...] = 0 if tensor.grad is None else tensor.grad.numpy().T  # None: before a step nothing is felt
    return value.item(), found


def _in_turn(W, b):
    return [view for pair in zip(W, b, strict=True) for view in pair]


@pytest.mark.parametrize("output", ["identity", "sigmoid", "step"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_there_and_back_nothing_is_lost(hidden, output):
    net = wild(hidden, output)
    model = to_torch(net)
    np.testing.assert_allclose(answers(model), net(X), rtol=1e-12, atol=1e-12)
    again = from_torch(model)
    np.testing.assert_array_equal(again.params, net.params)
    assert [a.name for a in again.activations] == [a.name for a in net.activations]


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_every_shape_goes_over_and_comes_back(sizes, seed):
    net = wild(sizes=sizes, seed=seed)
    rows = np.random.default_rng(seed).normal(size=(4, sizes[0]))
    model = to_torch(net)
    np.testing.assert_allclose(answers(model, rows), net(rows), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(from_torch(model).params, net.params)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_losses_and_gradients_are_the_same(hidden, loss):
    net, (X, y) = wild(hidden), problem(loss)
    value, slopes = gradient(net, to_torch(net), loss, X, y)
    assert net.loss(X, y, loss) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(net.gradient(X, y, loss), slopes, rtol=1e-9, atol=1e-12)


def test_a_model_and_its_network_go_separate_ways():
    model = to_torch(wild())
    net = from_torch(model)
    before = answers(model)
    net.params[...] = 0
    np.testing.assert_array_equal(answers(model), before)


def test_the_precision_may_be_32_bits():
    net = wild()
    model = to_torch(net, "float32")
    assert model[0].weight.dtype == torch.float32
    np.testing.assert_array_equal(from_torch(model).params, net.params.astype(np.float32))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_every_floating_type_becomes_64_bits_without_loss(kind):
    model = nn.Sequential(nn.Linear(3, 2)).to(kind)
    with torch.no_grad():
        np.testing.assert_array_equal(from_torch(model).weights[0], model[0].weight.double().numpy().T)


def test_weights_that_lie_in_memory_otherwise_are_read_as_they_are_meant():
    linear = nn.Linear(3, 5, dtype=torch.float64)
    linear.weight = nn.Parameter(torch.randn(3, 5, dtype=torch.float64).T)
    assert not linear.weight.is_contiguous()
    np.testing.assert_allclose(from_torch(linear)(X), answers(linear), rtol=1e-13)


def test_what_does_nothing_is_passed_over_and_what_is_nested_is_followed():
    model = nn.Sequential(
        nn.Flatten(),
        nn.Sequential(nn.Linear(3, 4), nn.Identity(), nn.Dropout(0.5), nn.Tanh()),
        nn.Sequential(nn.Sequential(nn.Linear(4, 2))),
    )
    model.double().eval()
    net = from_torch(model)
    assert net.sizes == (3, 4, 2)
    np.testing.assert_allclose(net(X), answers(model), rtol=1e-12)


def test_a_missing_bias_is_zero_and_said():
    model = nn.Sequential(nn.Linear(3, 2, bias=False), nn.ReLU(), nn.Linear(2, 1)).double()
    with pytest.warns(UserWarning, match=r"No bias in layer 0 \(Linear\).*zero"):
        net = from_torch(model)
    np.testing.assert_array_equal(net.biases[0], 0)
    np.testing.assert_allclose(net(X), answers(model), rtol=1e-12)


def test_what_is_frozen_there_can_stay_frozen_here():
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.Tanh(), nn.Linear(4, 2)).double()
    model[2].weight.requires_grad_(False)
    X, y = problem("mse")
    with pytest.warns(UserWarning, match="No bias"):
        net, frozen = from_torch(model), frozen_in_torch(model)
    train(net, X, y, optimizer=SGD(lr=0.1), epochs=10, frozen=frozen)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    for _ in range(10):
        optimizer.zero_grad()
        nn.MSELoss()(model(torch.tensor(X)), torch.tensor(y)).backward()
        optimizer.step()
    with pytest.warns(UserWarning, match="No bias"):
        np.testing.assert_allclose(net.params, from_torch(model).params, rtol=1e-12)


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 1))

    def forward(self, X):
        return self.layers(X) + 1


class OwnLinear(nn.Linear):
    pass


def poisoned():
    linear = nn.Linear(3, 2)
    with torch.no_grad():
        linear.weight[1, 2] = torch.nan
    return linear


def hooked():
    linear = nn.Linear(3, 1)
    linear.register_forward_hook(lambda module, args, output: output + 1)
    return nn.Sequential(linear)


def shared():
    linear = nn.Linear(3, 3)
    return nn.Sequential(linear, nn.ReLU(), linear)


ONE = nn.Linear(3, 2)
REFUSED = {
    "an own module": (Own, "Own is a module whose forward pass only it knows"),
    "a subclass": (lambda: nn.Sequential(OwnLinear(3, 1)), r"Layer 0 \(OwnLinear\) has no counterpart"),
    "batch norm": (lambda: nn.Sequential(ONE, nn.BatchNorm1d(2)), r"Layer 1 \(BatchNorm1d\) has no counterpart"),
    "inside": (lambda: nn.Sequential(ONE, nn.Sequential(nn.ReLU(), nn.Conv1d(1, 1, 1))), r"Layer 1.1 \(Conv1d\)"),
    "softmax": (lambda: nn.Sequential(ONE, nn.Softmax(1)), r"Layer 1 \(Softmax\) scales.*cross_entropy"),
    "ReLU6": (lambda: nn.Sequential(ONE, nn.ReLU6()), r"Layer 1 \(ReLU6\) has no counterpart"),
    "another slope": (lambda: nn.Sequential(ONE, nn.LeakyReLU(0.2)), "negative_slope=0.2; here it must be 0.01"),
    "another alpha": (lambda: nn.Sequential(ONE, nn.ELU(0.5)), "alpha=0.5; here it must be 1.0"),
    "another GELU": (lambda: nn.Sequential(ONE, nn.GELU("tanh")), "approximate='tanh'; here it must be 'none'"),
    "a low threshold": (lambda: nn.Sequential(ONE, nn.Softplus(threshold=5)), "threshold=5.*20 or more"),
    "two activations": (lambda: nn.Sequential(ONE, nn.ReLU(), nn.Tanh()), r"2 \(Tanh\) follows another.*1 \(ReLU\)"),
    "an early activation": (lambda: nn.Sequential(nn.ReLU(), ONE), r"0 \(ReLU\) stands before the first layer"),
    "two kinds": (
        lambda: nn.Sequential(ONE, nn.ReLU(), nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1)),
        r"share one activation; this model has relu after layer 0 \(Linear\), tanh after layer 2",
    ),
    "shapes that do not chain": (
        lambda: nn.Sequential(ONE, nn.Linear(3, 1)),
        r"Layer 1 \(Linear\) takes 3 inputs, but layer 0 \(Linear\) gives 2 outputs",
    ),
    "nothing": (lambda: nn.Sequential(), "no layer with weights"),
    "training mode": (lambda: nn.Sequential(ONE, nn.Dropout(0.1)), r"Layer 1 \(Dropout\).*call model.eval\(\) first"),
    "another flatten": (lambda: nn.Sequential(nn.Flatten(0), ONE), "start_dim=0; here it must be 1"),
    "lazy": (lambda: nn.Sequential(nn.LazyLinear(3)), r"Layer 0 \(LazyLinear\)"),
    "no numbers": (lambda: nn.Linear(3, 1, device="meta"), r"Layer 0 \(Linear\) has no numbers yet"),
    "complex numbers": (lambda: nn.Linear(3, 1, dtype=torch.complex64), "numbers of type torch.complex64"),
    "not a number": (poisoned, r"weights of layer 0 \(Linear\) must be finite, but weight\[2, 1\] is nan"),
    "hooks": (hooked, r"Layer 0 \(Linear\) has hooks"),
    "shared weights": (shared, r"Layer 2 \(Linear\) is a layer that was there before"),
    "weight norm": (lambda: nn.utils.parametrizations.weight_norm(nn.Linear(3, 1)), "ParametrizedLinear"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_counterpart_is_refused_in_a_sentence(case):
    make, sentence = REFUSED[case]
    with pytest.raises(ValueError, match=sentence):
        from_torch(make())


def test_what_is_no_model_is_refused_and_so_is_a_population():
    with pytest.raises(TypeError, match=r"takes a torch.nn.Sequential, got int"):
        from_torch(3)
    with pytest.raises(ValueError, match="one network, got a population"):
        to_torch(Network([2, 1], population=2))
    with pytest.raises(ValueError, match="'cube' cannot be carried over to PyTorch"):
        to_torch(Network([2, 1], output=Activation("cube", lambda z: z**3, lambda z: 3 * z**2, "z³")))
