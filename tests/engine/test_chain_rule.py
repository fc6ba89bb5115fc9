"""The chain rule written out: its products are the network's gradient, and its factors are where they say."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, FAULTS, LOSSES, ChainRule, Network, faulty, numerical_gradient, stands_out

SIZES = ([2, 4, 1], [2, 2, 2], [1, 1], [2, 3, 2, 2])
SMOOTH = ("identity", "sigmoid", "tanh", "gelu", "softplus", "silu")


def network(sizes, seed, **activations):
    net = Network(sizes, **activations)
    return net.with_params(np.random.default_rng(seed).normal(size=net.n_params))


def mazur():
    """M. Mazur, "A Step by Step Backpropagation Example" (2015)."""
    net = Network([2, 2, 2], hidden="sigmoid", output="sigmoid")
    net.params = [0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60]
    return ChainRule(net, [0.05, 0.10], [0.01, 0.99])


def read(rule, place):
    """What stands in the network at the place of a factor."""
    kind, *where = place
    net, record = rule.net, rule.forward
    if kind == "weight":
        return net.weights[where[0]][where[1], where[2]]
    if kind == "slope":
        return net.activations[where[0]].derivative(record.z[where[0]])[0, where[1]]
    if kind == "input":
        return record.a[where[0]][0, where[1]]
    return 1.0


def targets(loss, n_out, seed):
    rng = np.random.default_rng(seed + 1)
    return int(rng.integers(n_out)) if loss == "cross_entropy" else rng.uniform(0, 1, n_out)


@given(
    seed=st.integers(0, 10_000),
    sizes=st.sampled_from(SIZES),
    hidden=st.sampled_from(list(ACTIVATIONS)),
    output=st.sampled_from(list(ACTIVATIONS)),
    loss=st.sampled_from(list(LOSSES)),
)
def test_the_product_of_the_factors_is_the_gradient(seed, sizes, hidden, output, loss):
    assume(loss != "cross_entropy" or sizes[-1] > 1)
    net = network(sizes, seed, hidden=hidden, output=output)
    x, y = np.random.default_rng(seed).normal(size=sizes[0]), targets(loss, sizes[-1], seed)
    rule = ChainRule(net, x, y, loss)
    values = [derivative.value for derivative in rule.derivatives()]
    np.testing.assert_allclose(values, net.gradient([x], [y], loss), rtol=1e-10, atol=1e-13)
    assert rule.loss == pytest.approx(net.loss([x], [y], loss))


@given(seed=st.integers(0, 10_000), activation=st.sampled_from(SMOOTH))
def test_the_product_of_the_factors_is_the_central_difference(seed, activation):
    net = network([2, 2, 2], seed, hidden=activation, output="sigmoid")
    x, y = np.random.default_rng(seed).normal(size=2), [0.2, 0.8]
    values = [derivative.value for derivative in ChainRule(net, x, y).derivatives()]
    np.testing.assert_allclose(values, numerical_gradient(net, [x], [y]), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("sizes", "output"), [([2, 4, 1], "identity"), ([2, 2, 2], "sigmoid")])
def test_the_product_of_the_factors_is_the_gradient_of_pytorch(sizes, output, torch):
    net = network(sizes, 3, hidden="tanh", output=output)
    x, y = [0.7, -0.4], [0.3, 0.9][: sizes[-1]]
    params = torch.tensor(net.params, requires_grad=True)
    a, start = torch.tensor([x], dtype=torch.float64), 0
    for layer, (n_in, n) in enumerate(itertools.pairwise(sizes)):
        W, b = params[start : start + n_in * n].reshape(n_in, n), params[start + n_in * n : start + n_in * n + n]
        start += n_in * n + n
        z = a @ W + b
        a = torch.tanh(z) if layer == 0 else torch.sigmoid(z) if output == "sigmoid" else z
    torch.nn.functional.mse_loss(a, torch.tensor([y], dtype=torch.float64)).backward()
    values = [derivative.value for derivative in ChainRule(net, x, y).derivatives()]
    np.testing.assert_allclose(values, params.grad.numpy(), rtol=1e-10)


def test_the_factors_published_by_mazur_2015():
    rule = mazur()
    assert rule.loss == pytest.approx(0.298371109, abs=1e-9)
    w5 = rule.derivative(rule.net.index("W", 1, 0, 0))
    assert [factor.value for factor in w5.factors] == pytest.approx([0.74136507, 0.186815602, 0.593269992], abs=1e-8)
    assert w5.value == pytest.approx(0.082167041, abs=1e-9)
    assert w5.delta == pytest.approx(0.138498562, abs=1e-9)
    w1 = rule.derivative(rule.net.index("W", 0, 0, 0))
    first, second = w1.paths
    assert first[0].value * first[1].value * first[2].value == pytest.approx(0.055399425, abs=1e-9)
    assert second[0].value * second[1].value * second[2].value == pytest.approx(-0.019049119, abs=1e-9)
    assert w1.arrived == pytest.approx(0.036350306, abs=1e-9)
    assert [factor.value for factor in w1.own] == pytest.approx([0.241300709, 0.05], abs=1e-9)
    assert w1.value == pytest.approx(0.000438568, abs=1e-9)


def test_every_factor_is_the_number_at_its_place():
    rule = mazur()
    for derivative in rule.derivatives():
        for factor in derivative.factors:
            if factor.place[0] != "loss":
                assert factor.value == read(rule, factor.place)
        assert derivative.own[0].place == ("slope", derivative.parameter[1], derivative.parameter[-1])


def test_a_bias_has_the_factors_of_a_weight_with_an_input_of_1():
    rule = mazur()
    weight, bias = rule.derivative(0), rule.derivative(rule.net.index("b", 0, 0))
    assert bias.paths == weight.paths
    assert bias.own[0] == weight.own[0]
    assert (bias.own[1].place, bias.own[1].value) == (("one", 0, 0), 1.0)
    assert bias.value == bias.delta


def test_there_is_a_path_for_each_way_to_the_loss():
    rule = ChainRule(network([2, 3, 2, 2], 0), [1, 2], [0, 1])
    assert len(rule.derivative(0).paths) == 4
    assert len(rule.derivative(rule.net.index("b", 1, 0)).paths) == 2
    assert len(rule.derivative(rule.net.index("b", 2, 0)).paths) == 1


def test_a_population_is_refused():
    with pytest.raises(ValueError, match="one network"):
        ChainRule(Network([2, 1], population=3), [1, 2], [0])


# --- errors made by hand ----------------------------------------------------------------------------------------------


def test_faults_are_the_errors_they_are_named_after():
    rule, w1, w5 = mazur(), 0, 6
    right = rule.derivative(w1)
    assert faulty(rule, w1, "no slope").value == pytest.approx(right.arrived * 0.05)
    assert faulty(rule, w1, "wrong input").value == pytest.approx(right.delta * 0.10)
    assert faulty(rule, w1, "wrong sign").value == pytest.approx(-right.value)
    assert faulty(rule, w1, "one path").value == pytest.approx(0.055399425 * 0.241300709 * 0.05, rel=1e-7)
    slopes = [path[0].value * path[1].value for path in right.paths]
    assert faulty(rule, w1, "wrong weight").arrived == pytest.approx(slopes[0] * 0.45 + slopes[1] * 0.55)
    assert faulty(rule, w1, "transposed").arrived == pytest.approx(slopes[0] * 0.40 + slopes[1] * 0.45)
    bias = rule.net.index("b", 1, 1)
    assert faulty(rule, bias, "wrong input").value == pytest.approx(rule.derivative(bias).delta * 0.596884378)
    for kind in ("wrong weight", "transposed", "one path"):
        assert faulty(rule, w5, kind) is None


def test_a_fault_keeps_the_places_of_all_factors():
    rule = mazur()
    for position in range(rule.net.n_params):
        places = [factor.place for factor in rule.derivative(position).factors]
        for kind in FAULTS:
            wrong = faulty(rule, position, kind)
            assert wrong is None or [factor.place for factor in wrong.factors] == places


def test_what_cannot_go_wrong_is_refused():
    rule = ChainRule(network([2, 4, 1], 0), [1, 2], [0])
    assert faulty(rule, 0, "transposed") is None
    assert faulty(rule, 0, "one path") is None
    assert faulty(rule, 0, "wrong weight") is not None
    with pytest.raises(ValueError, match=r"There is no fault 'no slop'\. Did you mean 'no slope'"):
        faulty(rule, 0, "no slop")


def test_what_stands_out():
    assert stands_out(1.0, -1.0)
    assert stands_out(0.0, 1e-6)
    assert not stands_out(1.0, 1.1)
    assert not stands_out(0.0, 0.0)
