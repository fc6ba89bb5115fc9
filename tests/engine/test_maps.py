import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, Grid, Network

X1, X2 = np.linspace(-3, 2, 7), np.linspace(-1, 4, 5)[:, None]
#: What a network may see of a place, by how much of it changes along a row, along a column, or along both.
INPUTS = {"x1": X1, "x2": X2, "x1^2": X1[None] ** 2, "sin x2": np.sin(X2), "x1*x2": X1 * X2, "1": np.ones((1, 1))}


def as_forward(net, inputs):
    """The values a of all layers by the readable way, (units, rows, columns)."""
    X = np.stack(np.broadcast_arrays(*inputs), axis=-1)
    return [a.reshape(*X.shape[:2], -1).transpose(2, 0, 1) for a in net.forward(X.reshape(-1, X.shape[-1])).a]


def net_for(sizes, scale=1.0, **settings):
    net = Network(sizes, **settings)
    net.params = scale * np.random.default_rng(3).normal(size=net.n_params)
    return net


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_map_is_the_forward_pass_at_each_place(hidden, output):
    inputs, net = [X1, X2], net_for([2, 4, 3, 2], hidden=hidden, output=output)
    maps, a = Grid(inputs)(net), as_forward(net, inputs)
    for layer in (1, 2, 3):
        np.testing.assert_allclose(maps.of(layer), a[layer], rtol=1e-5, atol=2e-6)
        assert maps.of(layer).dtype == np.float32
    np.testing.assert_array_equal(maps.y_hat, maps.of(3))
    np.testing.assert_array_equal(maps.of(2, every=3), maps.of(2)[:, 1::3, 1::3])


@given(
    st.lists(st.sampled_from(sorted(INPUTS)), min_size=1, max_size=5, unique=True),
    st.sampled_from(("tanh", "sigmoid", "relu", "identity")),
    st.sampled_from((0.0, 1.0, 30.0)),
)
def test_inputs_may_change_along_rows_columns_or_both(names, hidden, scale):
    inputs = [*(INPUTS[name] for name in names), X1, X2]
    net = net_for([len(inputs), 3, 1], scale, hidden=hidden)
    grid, a = Grid(inputs), as_forward(net, inputs)
    np.testing.assert_allclose(grid.values(), a[0], rtol=1e-6)
    np.testing.assert_allclose(grid(net).y_hat, a[-1], rtol=1e-4, atol=1e-5 * max(1, scale**2))


@pytest.mark.parametrize("values", [X1, X2, 2.0], ids=["along rows", "along columns", "nowhere"])
def test_one_input_alone_fills_a_map_whose_shape_is_given(values):
    net = net_for([1, 3, 1])
    wanted = as_forward(net, [np.broadcast_to(values, (5, 7))])
    np.testing.assert_allclose(Grid([values], shape=(5, 7))(net).y_hat, wanted[-1], atol=1e-5)


def test_a_copy_stays_when_the_memory_is_used_again_and_threads_have_their_own():
    nets, grid, found = [net_for([2, 5, 1], scale) for scale in (1, 2)], Grid([X1, X2]), {}
    first = grid(nets[0]).y_hat
    wanted = [as_forward(net, [X1, X2])[-1] for net in nets]

    def work(k):
        found[k] = [grid(nets[k]).y_hat for _ in range(200)]

    threads = [threading.Thread(target=work, args=(k,)) for k in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose(first, wanted[0], atol=1e-5)
    for k in (0, 1):
        np.testing.assert_allclose(found[k], [wanted[k]] * 200, atol=1e-5)


@pytest.mark.parametrize("net", [Network([3, 1]), Network([2, 1], population=2)], ids=str)
def test_a_map_is_of_one_network_with_these_inputs(net):
    with pytest.raises(ValueError, match=r"needs one network of 2 inputs, got Network"):
        Grid([X1, X2])(net)
