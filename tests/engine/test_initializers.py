import numpy as np
import pytest

from wbviz.engine import INITIALIZERS, Network

EXPECTED_SD = {
    "zeros": 0,
    "small_normal": 0.01,
    "xavier": np.sqrt(2 / 500),
    "xavier_uniform": np.sqrt(2 / 500),
    "he": np.sqrt(2 / 300),
    "he_uniform": np.sqrt(2 / 300),
    "orthogonal": np.sqrt(1 / 300),
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_spread_and_shape(name):
    W = INITIALIZERS[name](300, 200, np.random.default_rng(0))
    assert W.shape == (300, 200)
    assert W.std() == pytest.approx(EXPECTED_SD[name], rel=0.02)
    assert abs(W.mean()) <= 0.01 * EXPECTED_SD[name] + 3 * EXPECTED_SD[name] / np.sqrt(W.size)


@pytest.mark.parametrize(("name", "limit"), [("xavier_uniform", np.sqrt(6 / 500)), ("he_uniform", np.sqrt(6 / 300))])
def test_uniform_ones_have_a_limit(name, limit):
    W = INITIALIZERS[name](300, 200, np.random.default_rng(0))
    assert 0.999 * limit < np.abs(W).max() <= limit


@pytest.mark.parametrize("shape", [(5, 5), (3, 8), (8, 3), (1, 4)])
def test_orthogonal_keeps_lengths(shape):
    W = INITIALIZERS["orthogonal"](*shape, np.random.default_rng(1))
    gram = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-12)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_networks_repeat_with_their_seed_and_start_with_biases_at_zero(name):
    net, same, other = (Network([3, 4, 2], init=name, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(net.params, same.params)
    assert name == "zeros" or (net.weights[0] != other.weights[0]).any()
    assert all((b == 0).all() for b in net.biases)
