import numpy as np
import pytest

from wbviz.engine import ACTIVATIONS, Activation, Network, keras_code, numpy_code, pytorch_code

X = np.random.default_rng(1).normal(size=(50, 3)) * 5


def trained_looking(hidden, output, sizes=(3, 5, 4, 2)):
    net = Network(sizes, hidden=hidden, output=output)
    return net.with_params(3 * np.random.default_rng(0).normal(size=net.n_params))


def run(code):
    names = {}
    exec(compile(code, "exported", "exec"), names)
    return names["network"]


@pytest.mark.parametrize("output", ["identity", "sigmoid", "step"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_numpy_code_gives_the_same_outputs(hidden, output):
    net = trained_looking(hidden, output)
    np.testing.assert_allclose(run(numpy_code(net))(X), net(X), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("output", ["identity", "sigmoid", "step"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_pytorch_code_gives_the_same_outputs(hidden, output, torch):
    net = trained_looking(hidden, output)
    theirs = run(pytorch_code(net))(torch.tensor(X)).detach().numpy()
    np.testing.assert_allclose(theirs, net(X), rtol=1e-12, atol=1e-12)


def test_every_digit_of_a_large_network_is_written():
    net = trained_looking("relu", "identity", (3, 64, 40, 2))
    names = {}
    exec(numpy_code(net), names)
    np.testing.assert_array_equal(names["W1"], net.weights[1])
    assert "..." not in numpy_code(net) + pytorch_code(net) + keras_code(net)
    assert "import math" not in numpy_code(net)


@pytest.mark.parametrize("write", [numpy_code, pytorch_code, keras_code])
def test_what_cannot_be_written_is_explained(write):
    with pytest.raises(ValueError, match=r"one network, got a population \(2,\)"):
        write(Network([2, 1], population=2))
    own = Activation("cube", lambda z: z**3, lambda z: 3 * z**2, "z³")
    with pytest.raises(ValueError, match="'cube' cannot be written as code"):
        write(Network([2, 1], output=own))
