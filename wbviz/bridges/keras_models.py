"""Networks from and to Keras 3: a keras.Sequential of Dense layers and activations, in float64, without loss."""

import numpy as np

from wbviz.engine.export import KERAS_ACTIVATIONS, names_of

from ._extra import need
from ._layers import SOFTMAX, SUPPORTED, Dense, Squash, assembled, same_settings, wrong

#: keras.activations' function → the activation of ours. (Its GELU on TensorFlow keeps √2 in 32 bits, 1e-8 off.)
FUNCTIONS = {
    "linear": "identity",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "elu": "elu",
    "gelu": "gelu",
    "softplus": "softplus",
    "silu": "silu",
}
#: keras.layers' class → the activation of ours, and the settings it must have.
LAYERS = {
    "ReLU": ("relu", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
}
#: Layers that do nothing to flat rows when a model is asked.
PASSED_OVER = ("InputLayer", "Identity", "Dropout", "GaussianDropout", "AlphaDropout", "GaussianNoise")
NAMES = ", ".join([*FUNCTIONS, *LAYERS])
LIMITS = SUPPORTED.format(dense="Dense", names=NAMES)


def leaky_relu(z):
    """z where it is positive, 0.01 z elsewhere, in the precision of z (keras.activations' own is 0.2 z)."""
    return need("keras").ops.where(z > 0, z, 0.01 * z)


def gelu(z):
    """z Φ(z) in the precision of z."""
    return z * 0.5 * (1 + need("keras").ops.erf(z / 2**0.5))


def step(z):
    """1 from 0 on, 0 below."""
    return need("keras").ops.cast(z >= 0, z.dtype)


#: The activations that are not left to Keras (KERAS_FUNCTIONS writes them out in the same way).
OWN = {"leaky_relu": leaky_relu, "gelu": gelu, "step": step}


def from_keras(model):
    """The Network that a keras.Sequential (or one Dense layer) amounts to; its numbers are copied, to float64.

    Nested Sequentials are followed; Input, Identity, Dropout, noise and Flatten are passed over (after Flatten, rows
    of X are images row by row: X.reshape(n, -1)). What has no counterpart raises ValueError: it names the layer, its
    position and what is supported. A Dense layer without bias gets one of zeros, with a warning.
    """
    return _read(model)[0]


def frozen_in_keras(model):
    """Mask (n_params,) of the parameters of `from_keras(model)` that do not train: trainable=False, missing biases.

    `train(net, …, frozen=mask)` then moves what Keras would move.
    """
    return _read(model)[1]


def to_keras(network, precision="float64"):
    """A keras.Sequential that gives the numbers of `network`, with a copy of its weights and biases.

    precision: "float64", in which nothing is lost, or "float32". A population raises ValueError: take one member,
    net.with_params(net.params[0]). (On JAX, Keras has 64 bits only with JAX_ENABLE_X64=1.)
    """
    keras = need("keras")
    names = names_of(network, KERAS_ACTIVATIONS, "carried over to Keras")
    model = keras.Sequential([keras.Input((network.sizes[0],), dtype=precision)])
    for size, name in zip(network.sizes[1:], names, strict=True):
        activation = OWN.get(name, "linear" if name == "identity" else name)
        model.add(keras.layers.Dense(size, activation=activation, dtype=precision))
    model.set_weights([array for pair in zip(network.weights, network.biases, strict=True) for array in pair])
    return model


def _read(model):
    keras = need("keras")
    if not isinstance(model, keras.layers.Layer):
        raise TypeError(f"from_keras takes a keras.Sequential, got {type(model).__name__}.")
    if type(model) not in (keras.Sequential, keras.layers.Dense):
        raise ValueError(
            f"{model.name!r} is a {type(model).__name__} model, whose layers need not follow one another. {LIMITS}"
        )
    return assembled(_parts(model, keras, "0" if type(model) is keras.layers.Dense else "", set()), LIMITS)


def _parts(layer, keras, place, seen):
    """The parts of a layer, in order; `place` is its position, "2" or, inside another Sequential, "2.1"."""
    kind, where = type(layer), f"layer {place} ({type(layer).__name__} {layer.name!r})"
    name = kind.__name__
    if kind is keras.Sequential:
        for number, child in enumerate(layer.layers):
            yield from _parts(child, keras, f"{place}.{number}".lstrip("."), seen)
    elif kind is not getattr(keras.layers, name, None):
        raise wrong(where, "is a layer whose arithmetic only it knows", LIMITS)
    elif name == "Dense":
        if id(layer) in seen:
            raise wrong(where, "is a layer that was there before: here no two layers share their weights", LIMITS)
        seen.add(id(layer))
        yield _dense(layer, keras, where)
        yield from _activation(layer.activation, keras, where, seen)
    elif name == "Activation":
        yield from _activation(layer.activation, keras, where, seen)
    elif name in LAYERS:
        ours, expected = LAYERS[name]
        same_settings(layer, where, expected, LIMITS)
        yield Squash(where, ours)
    elif name == "Flatten":
        same_settings(layer, where, {"data_format": "channels_last"}, LIMITS)
    elif name not in PASSED_OVER:
        raise wrong(where, SOFTMAX if name == "Softmax" else "has no counterpart here", LIMITS)


def _dense(layer, keras, where):
    if not layer.built:
        raise wrong(
            where,
            "has no weights yet: put keras.Input((n_inputs,)) first, or call model.build((None, n_inputs))",
            LIMITS,
        )
    if layer.quantization_mode:
        raise wrong(where, f"is quantised ({layer.quantization_mode})", LIMITS)
    b = _numbers(layer.bias, keras) if layer.use_bias else None
    return Dense(where, _numbers(layer.kernel, keras), b, (not layer.trainable,) * 2)


def _numbers(variable, keras):
    return np.array(keras.ops.convert_to_numpy(variable)).astype(np.float64)


def _activation(function, keras, where, seen):
    """The part for an activation function; none for the identity."""
    if isinstance(function, keras.layers.Layer):
        yield from _parts(function, keras, f"{where.split()[1]} activation", seen)
        return
    own = next((name for name, known in OWN.items() if function is known), None)
    theirs = next((name for name in FUNCTIONS if function is getattr(keras.activations, name)), None)
    if own is None and theirs is None:
        raise wrong(where, _why(function, keras), LIMITS)
    if (name := own or FUNCTIONS[theirs]) != "identity":
        yield Squash(where, name)


def _why(function, keras):
    if function in (keras.activations.softmax, keras.activations.log_softmax):
        return SOFTMAX
    if function is keras.activations.leaky_relu:
        return "has the activation leaky_relu with a slope of 0.2; take keras.layers.LeakyReLU(negative_slope=0.01)"
    return f"has the activation {getattr(function, '__name__', repr(function))}, which has no counterpart here"
