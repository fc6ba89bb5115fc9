"""The tape: its gradients are those of central differences, of PyTorch, and of the engine's backpropagation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, OPERATIONS, Network, Tape

SMOOTH = ("identity", "sigmoid", "tanh", "gelu", "softplus", "silu")
UNARY, BINARY = ("²", *SMOOTH), ("+", "−", "·", "binary_cross_entropy")
LEAVES = 3

#: A random expression: each step is (operation, the first value it takes, the second), from the last written back.
PLANS = st.lists(
    st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12
)
NUMBERS = st.lists(st.floats(-2, 2), min_size=LEAVES, max_size=LEAVES)


def written(plan, numbers, tape=None):
    """A random expression on a tape: its leaves and its last value."""
    tape = tape or Tape()
    values = [tape.leaf(number, f"x{k}") for k, number in enumerate(numbers)]
    for operation, first, second in plan:
        taken = [values[-1 - first % len(values)], values[-1 - second % len(values)]]
        values.append(tape.apply(operation, *taken[: 1 if operation in UNARY else 2]))
    return tape


def by_differences(plan, numbers, k, h=1e-5):
    ends = ([x + sign * h * (i == k) for i, x in enumerate(numbers)] for sign in (1, -1))
    above, below = (written(plan, each).lines[-1].value for each in ends)
    return (above - below) / (2 * h)


@settings(max_examples=80)
@given(plan=PLANS, numbers=NUMBERS)
def test_the_gradient_is_the_central_difference(plan, numbers):
    tape = written(plan, numbers)
    largest = max(abs(line.value) for line in tape.lines)
    gradient = tape.gradient()
    assume(largest < 1e3 and max(map(abs, gradient)) < 1e3)
    for k in range(LEAVES):
        assert gradient[k] == pytest.approx(by_differences(plan, numbers, k), rel=1e-4, abs=1e-4)


@settings(max_examples=60)
@given(plan=PLANS, numbers=NUMBERS)
def test_the_gradient_is_pytorchs(plan, numbers):
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle of this test: pip install torch")
    functional = torch.nn.functional
    known = {
        "+": torch.add, "−": torch.sub, "·": torch.mul, "²": torch.square, "identity": lambda a: a * 1,
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "gelu": functional.gelu, "softplus": functional.softplus,
        "silu": functional.silu, "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    }  # fmt: skip
    tape = written(plan, numbers)
    assume(max(abs(line.value) for line in tape.lines) < 15)  # beyond 20 PyTorch's softplus is a straight line
    values = [torch.tensor(line.value, dtype=torch.float64, requires_grad=True) for line in tape.lines[:LEAVES]]
    leaves = values[:]
    for line in tape.lines[LEAVES:]:
        values.append(known[line.operation](*(values[k] for k in line.inputs)))
    assert values[-1].item() == pytest.approx(tape.lines[-1].value, rel=1e-9, abs=1e-12)
    values[-1].backward()
    theirs = [0.0 if leaf.grad is None else float(leaf.grad) for leaf in leaves]
    np.testing.assert_allclose(tape.gradient()[:LEAVES], theirs, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [[1, 1], [2, 4, 1], [3, 2, 2, 1]], ids=str)
def test_a_network_written_out_has_the_gradient_of_its_backpropagation(sizes, activation):
    rng = np.random.default_rng(len(activation))
    net = Network(sizes, activation, output="sigmoid")
    net.params = rng.normal(size=net.n_params)
    x, y = rng.normal(size=sizes[0]), 0.3
    tape = Tape()
    params, a = [tape.leaf(value) for value in net.params], [tape.leaf(value) for value in x]
    inputs = [value.line for value in a]
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        z = [params[net.index("b", layer, j)] for j in range(n_out)]
        for j in range(n_out):
            for i in range(n_in):
                z[j] = z[j] + params[net.index("W", layer, i, j)] * a[i]
        a = [value.apply(net.activations[layer].name) for value in z]
    (a[0] - y) ** 2
    back, gradient = net.backward([x], [[y]]), tape.gradient()
    np.testing.assert_allclose(gradient[: net.n_params], back.gradient, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose([gradient[k] for k in inputs], back.dX[0], rtol=1e-10, atol=1e-14)


def test_two_paths_add_up():
    tape = Tape()
    w = tape.leaf(2.0, "w")
    w * (w * 1.0)
    assert tape.gradient()[w.line] == 4.0


def test_the_way_back_crosses_each_edge_once_however_many_paths_there_are():
    tape = Tape()
    value = tape.leaf(1.0)
    for _ in range(300):
        value = value + value
    assert tape.gradient()[0] == 2.0**300
    assert sum(len(line.inputs) for line in tape.lines) == 600


def test_it_stays_finite_where_numbers_are_large():
    tape = Tape()
    tape.leaf(800.0).apply("binary_cross_entropy", 1.0)
    assert all(map(math.isfinite, [*tape.gradient(), tape.lines[-1].value]))


def test_a_line_says_what_was_done():
    tape = Tape()
    tape.leaf(3.0, "w") * 2.0
    assert tape.lines[-1] == ("·", (0, 1), 6.0, (2.0, 3.0), "")
    assert set(ACTIVATIONS) < set(OPERATIONS)


def test_errors_name_what_was_wrong():
    value = Tape().leaf(1.0)
    with pytest.raises(ValueError, match=r"no operation 'tahn'. Did you mean 'tanh'"):
        value.apply("tahn")
    with pytest.raises(ValueError, match="power 2 only, got 3"):
        value**3
