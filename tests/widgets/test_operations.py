"""The operations of WeightSurgery on small groups, by hand and by their properties."""

import numpy as np
import pytest

from wbviz.engine import Network
from wbviz.widgets._operations import OPERATIONS, operate

VALUES = np.array([[0.5, -2.0, 0.1], [1.0, 0.0, -0.3]])


def done(name, amount, values=VALUES, seed=0):
    return OPERATIONS[name].apply(values, amount, np.random.default_rng(seed))


def test_scale_multiplies():
    np.testing.assert_array_equal(done("scale", -2), -2 * VALUES)


def test_zero_smallest_takes_the_smallest_in_size_first():
    np.testing.assert_array_equal(done("zero_smallest", 0.5), [[0.5, -2.0, 0], [1.0, 0, 0]])


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 1])
def test_zero_random_takes_that_share_and_more_of_the_same_when_it_grows(share):
    values = np.arange(1.0, 101)
    gone = done("zero_random", share, values) == 0
    assert gone.sum() == round(100 * share)
    assert (done("zero_random", 1, values) == 0)[gone].all()


@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_shuffle_keeps_every_number_and_moves_no_more_than_its_share(share):
    values = np.random.default_rng(1).normal(size=(20, 30))
    shuffled = done("shuffle", share, values)
    np.testing.assert_array_equal(np.sort(shuffled, axis=None), np.sort(values, axis=None))
    moved = (shuffled != values).sum()
    assert moved <= round(600 * share)
    assert moved >= 0.9 * round(600 * share)


@pytest.mark.parametrize("bits", range(1, 9))
def test_quantise_leaves_evenly_spaced_values_and_moves_none_further_than_half_a_gap(bits):
    values = np.random.default_rng(2).normal(size=5000)
    rounded, most = done("quantise", bits, values), np.abs(values).max()
    levels = np.linspace(-most, most, 2**bits)
    assert np.abs(rounded[:, None] - levels).min(axis=1).max() < 1e-12
    assert np.abs(rounded - values).max() <= most / (2**bits - 1) + 1e-12


def test_quantise_leaves_a_group_of_zeros_alone():
    np.testing.assert_array_equal(done("quantise", 1, np.zeros(4)), np.zeros(4))


def test_noise_is_measured_in_standard_deviations_of_the_group():
    values = np.random.default_rng(3).normal(scale=7, size=100_000)
    assert np.std(done("noise", 0.5, values) - values) == pytest.approx(3.5, rel=0.02)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_changes_what_it_was_given(name):
    before = VALUES.copy()
    done(name, OPERATIONS[name].start)
    np.testing.assert_array_equal(before, VALUES)


def test_an_operation_reaches_exactly_the_layers_and_kinds_named():
    net = Network([3, 4, 2], seed=1)
    net.params = np.random.default_rng(0).normal(size=net.n_params)
    for layer in ("all", 1, 2):
        for what in ("weights", "biases", "both"):
            changed = operate(net, "scale", 2, what, layer)
            for place in (0, 1):
                hit = layer in ("all", place + 1)
                for kind, old, new in zip(
                    ("weights", "biases"), (net.weights, net.biases), (changed.weights, changed.biases), strict=True
                ):
                    np.testing.assert_array_equal(new[place], (2 if hit and what in (kind, "both") else 1) * old[place])


def test_what_happens_to_a_group_does_not_depend_on_the_others_operated_on():
    net = Network([3, 4, 2], seed=1)
    one, all_layers = (operate(net, "noise", 1, "both", layer, seed=5) for layer in (1, "all"))
    np.testing.assert_array_equal(one.weights[0], all_layers.weights[0])
    assert (operate(net, "noise", 1, seed=6).params != operate(net, "noise", 1, seed=5).params).any()
