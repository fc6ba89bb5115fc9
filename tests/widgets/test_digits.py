"""The book's digits network: its recipe, and how a network is handed to an explorer."""

import numpy as np
import pytest
import traitlets

from wbviz.engine import Network, accuracy
from wbviz.widgets import _digits
from wbviz.widgets.weight_surgery import WeightSurgery


@pytest.fixture
def other_net():
    return Network([64, 16, 10], hidden="relu", init="he", seed=7)


def test_the_recipe_reaches_what_the_book_says():
    train, test = _digits.digits_split()
    net = _digits.trained_digits()
    assert (len(train), len(test)) == (1348, 449)
    assert accuracy(test.y, net(test.X)) >= 0.96
    assert accuracy(train.y, net(train.X)) >= 0.99


def test_the_trained_network_is_ones_own_copy():
    net = _digits.trained_digits()
    net.weights[0][...] = 0
    assert _digits.trained_digits().weights[0].any()


def test_the_recipe_is_the_same_every_time():
    training = _digits.digits_training()
    for _ in training:
        pass
    np.testing.assert_array_equal(training.net.params, _digits.trained_digits().params)


def test_a_given_network_goes_through_state_and_text_exactly(other_net):
    explorer = WeightSurgery(net=other_net, operation="none")
    other_net.weights[0][...] = 0  # the explorer has its own copy
    twin, third = WeightSurgery.from_state(explorer.state), WeightSurgery()
    third.load(explorer.share())
    for each in (twin, third):
        np.testing.assert_array_equal(each.original.params, explorer.original.params)
        assert each.accuracy() == explorer.accuracy()
        assert each.png() == explorer.png()
    third.undo()
    np.testing.assert_array_equal(third.original.params, _digits.trained_digits().params)
    for each in (explorer, twin, third):
        each.close()


@pytest.mark.parametrize(
    "net",
    [
        Network([64, 12, 10], hidden="relu"),
        Network([64, 16, 10], hidden="tanh"),
        Network([64, 16, 10], hidden="relu", output="sigmoid"),
        Network([64, 16, 10], hidden="relu", population=3),
    ],
    ids=repr,
)
def test_another_architecture_is_refused_with_a_sentence(net):
    with pytest.raises(ValueError, match=r"net must be a network of sizes \[64, 16, 10\] with ReLU.*but got Network"):
        WeightSurgery(net=net)


def test_what_is_no_network_is_refused(other_net):
    with pytest.raises(TypeError, match="but got 'digits'"):
        WeightSurgery(net="digits")
    with pytest.raises(TypeError, match="not both"):
        WeightSurgery(net=other_net, net_params=other_net.params.tolist())
    for bad in ([1.0, 2.0], [float("nan")] * 1210, "text"):
        with pytest.raises(traitlets.TraitError, match="params"):
            WeightSurgery(net_params=bad)
