"""Keras and back: the same numbers, to the last bit where nothing is computed; a sentence for what has none."""

import numpy as np
import pytest

from tests.bridges.libraries import X, keras_or_skip, problem, wild
from wbviz.bridges import from_keras, frozen_in_keras, to_keras
from wbviz.engine import ACTIVATIONS, LOSSES, SGD, Network, train

keras = keras_or_skip()
import tensorflow as tf  # noqa: E402

layers = keras.layers
ORACLES = {
    "mse": keras.losses.MeanSquaredError(dtype="float64"),
    "cross_entropy": keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64"),
    "binary_cross_entropy": keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64"),
}


def answers(model):
    return np.asarray(model(X))


def sequential(*parts, n_in=3, dtype="float64"):
    return keras.Sequential([keras.Input((n_in,), dtype=dtype), *parts])


def dense(units, **settings):
    return layers.Dense(units, dtype="float64", **settings)


@pytest.mark.parametrize("output", ["identity", "sigmoid", "step"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_there_and_back_nothing_is_lost(hidden, output):
    net = wild(hidden, output)
    model = to_keras(net)
    np.testing.assert_allclose(answers(model), net(X), rtol=1e-12, atol=1e-12)
    again = from_keras(model)
    np.testing.assert_array_equal(again.params, net.params)
    assert [a.name for a in again.activations] == [a.name for a in net.activations]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "step"])
def test_losses_and_gradients_are_the_same(hidden, loss):
    net, (X, y) = wild(hidden), problem(loss)
    model = to_keras(net)
    with tf.GradientTape() as tape:
        value = ORACLES[loss](tf.constant(y), model(X))
    slopes = np.concatenate([np.ravel(slope) for slope in tape.gradient(value, model.trainable_variables)])
    assert net.loss(X, y, loss) == pytest.approx(float(value), rel=1e-12)
    np.testing.assert_allclose(net.gradient(X, y, loss), slopes, rtol=1e-9, atol=1e-12)


def test_a_model_of_keras_own_functions_and_layers_gives_the_same_numbers():
    for activation, within in (("relu", 1e-12), ("silu", 1e-12), ("softplus", 1e-12), ("elu", 1e-12), ("gelu", 1e-6)):
        model = sequential(dense(4, activation=activation), dense(2))
        np.testing.assert_allclose(from_keras(model)(X), answers(model), rtol=within, atol=within)
    for layer in (
        layers.ReLU(dtype="float64"),
        layers.ELU(dtype="float64"),
        layers.Activation("tanh", dtype="float64"),
    ):
        model = sequential(dense(4), layer, dense(2))
        np.testing.assert_allclose(from_keras(model)(X), answers(model), rtol=1e-12, atol=1e-12)
    leaky = layers.LeakyReLU(negative_slope=0.01, dtype="float64")
    for model in (sequential(dense(4), leaky, dense(2)), sequential(dense(4, activation=leaky), dense(2))):
        np.testing.assert_allclose(from_keras(model)(X), answers(model), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_every_floating_type_becomes_64_bits_without_loss(kind):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype=kind)])
    kernel = keras.ops.convert_to_numpy(model.layers[0].kernel)
    np.testing.assert_array_equal(from_keras(model).weights[0], kernel.astype(float))


def test_what_does_nothing_is_passed_over_and_what_is_nested_is_followed():
    model = sequential(
        layers.Flatten(dtype="float64"),
        keras.Sequential([dense(4), layers.Dropout(0.5, dtype="float64"), layers.Activation("tanh", dtype="float64")]),
        layers.GaussianNoise(0.1, dtype="float64"),
        dense(2, activation="sigmoid"),
    )
    net = from_keras(model)
    assert net.sizes == (3, 4, 2)
    np.testing.assert_allclose(net(X), answers(model), rtol=1e-12)


def test_images_are_flattened_row_by_row():
    model = keras.Sequential([keras.Input((2, 3), dtype="float64"), layers.Flatten(dtype="float64"), dense(2)])
    images = np.random.default_rng(0).normal(size=(5, 2, 3))
    np.testing.assert_allclose(from_keras(model)(images.reshape(5, -1)), np.asarray(model(images)), rtol=1e-12)


def test_a_missing_bias_is_zero_and_said():
    model = sequential(dense(2, use_bias=False, name="plain"), dense(1))
    with pytest.warns(UserWarning, match=r"No bias in layer 0 \(Dense 'plain'\)"):
        net = from_keras(model)
    np.testing.assert_allclose(net(X), answers(model), rtol=1e-12)


def test_what_is_frozen_there_can_stay_frozen_here():
    model = sequential(dense(4, activation="tanh"), dense(2))
    model.layers[0].trainable = False
    X, y = problem("mse")
    net, frozen = from_keras(model), frozen_in_keras(model)
    train(net, X, y, optimizer=SGD(lr=0.1), epochs=5, frozen=frozen)
    optimizer = keras.optimizers.SGD(lambda: np.float64(0.1))
    for _ in range(5):
        with tf.GradientTape() as tape:
            value = ORACLES["mse"](y, model(X))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
    np.testing.assert_allclose(net.params, from_keras(model).params, rtol=1e-12)


class Own(layers.Layer):
    def call(self, X):
        return X


def functional():
    start = keras.Input((3,))
    return keras.Model(start, layers.Dense(2)(start), name="branching")


def poisoned():
    model = sequential(dense(2))
    kernel, bias = model.get_weights()
    bias[1] = np.inf
    model.set_weights([kernel, bias])
    return model


def shared():
    layer = dense(3)
    return sequential(layer, layers.ReLU(), layer)


REFUSED = {
    "functional": (functional, "'branching' is a Functional model"),
    "unbuilt": (lambda: keras.Sequential([dense(2, name="first")]), r"Layer 0 \(Dense 'first'\) has no weights yet"),
    "an own layer": (lambda: sequential(Own(name="mine"), dense(2)), r"Layer 0 \(Own 'mine'\).*only it knows"),
    "batch norm": (
        lambda: sequential(dense(2), layers.BatchNormalization()),
        r"Layer 1 \(BatchNormalization .*no count",
    ),
    "softmax": (lambda: sequential(dense(2, activation="softmax")), r"Layer 0 \(Dense .* scales its outputs"),
    "softmax as a layer": (lambda: sequential(dense(2), layers.Softmax()), r"Layer 1 \(Softmax .* scales its outputs"),
    "leaky_relu": (lambda: sequential(dense(2, activation="leaky_relu")), "slope of 0.2; take keras.layers.LeakyReLU"),
    "another slope": (lambda: sequential(dense(2), layers.LeakyReLU()), "negative_slope=0.3; here it must be 0.01"),
    "a capped ReLU": (lambda: sequential(dense(2), layers.ReLU(6)), "max_value=6"),
    "an own function": (
        lambda: sequential(dense(2, activation=lambda z: z)),
        "activation <lambda>, which has no count",
    ),
    "selu": (lambda: sequential(dense(2, activation="selu")), "activation selu, which has no counterpart"),
    "two activations": (
        lambda: sequential(dense(2, activation="relu"), layers.Activation("tanh", name="second")),
        r"Layer 1 \(Activation 'second'\) follows another",
    ),
    "two kinds": (
        lambda: sequential(dense(2, activation="relu"), dense(2, activation="tanh"), dense(1)),
        r"share one activation; this model has relu after layer 0 \(Dense .*, tanh after layer 1",
    ),
    "a reshaping": (lambda: sequential(layers.Reshape((3, 1)), dense(2)), r"Layer 0 \(Reshape"),
    "nothing": (lambda: keras.Sequential([]), "no layer with weights"),
    "infinity": (poisoned, r"biases of layer 0 .* must be finite, but bias\[1\] is inf"),
    "shared weights": (shared, "is a layer that was there before"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_counterpart_is_refused_in_a_sentence(case):
    make, sentence = REFUSED[case]
    with pytest.raises(ValueError, match=sentence):
        from_keras(make())


def test_what_is_no_model_is_refused_and_so_is_a_population():
    with pytest.raises(TypeError, match=r"takes a keras.Sequential, got int"):
        from_keras(3)
    with pytest.raises(ValueError, match="one network, got a population"):
        to_keras(Network([2, 1], population=2))
