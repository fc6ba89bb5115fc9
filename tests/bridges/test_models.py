"""network_of: whatever a learner has becomes a network of its own."""

import numpy as np
import pytest

from tests.bridges.libraries import keras_or_skip, torch_or_skip, wild
from wbviz.bridges import network_of, to_keras, to_torch


def test_a_network_becomes_a_copy():
    net = wild()
    again = network_of(net)
    again.params[0] = 7
    assert net.params[0] != 7


@pytest.mark.parametrize(("carry", "needed"), [(to_torch, torch_or_skip), (to_keras, keras_or_skip)])
def test_a_model_of_another_library_is_carried_over(carry, needed):
    needed()
    net = wild()
    np.testing.assert_array_equal(network_of(carry(net)).params, net.params)


@pytest.mark.parametrize("model", [3, None, [1, 2], "torch", np.zeros(3)])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(TypeError, match=f"torch.nn.Sequential or a keras.Sequential, got {type(model).__name__}"):
        network_of(model)
