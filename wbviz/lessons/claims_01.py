"""The experiments behind the claims of chapter 01, and the engine's neuron and chain that its lessons ask."""

import numpy as np

from wbviz.engine import ACTIVATIONS, Network, accuracy
from wbviz.lessons.claim import Verdict

SIGMOID = ACTIVATIONS["sigmoid"].f
XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([0, 1, 1, 0])


def neuron(x, w, b, activation="identity"):
    """The output of one neuron with the inputs x, computed by the engine."""
    net = Network([len(x), 1], output=activation, init="zeros")
    net.weights[0], net.biases[0] = np.reshape(w, (-1, 1)), b
    return float(net([x])[0, 0])


def chain(signal, w):
    """What arrives at the end of a chain of weights without biases, computed by the engine."""
    net = Network([1] * (len(w) + 1), hidden="identity", init="zeros")
    for layer, weight in enumerate(w):
        net.weights[layer] = weight
    return float(net([[signal]])[0, 0])


def first_firing(w, b):
    """The x from which a step neuron with one input answers 1, found by bisection on the engine's output."""
    low, high = -100.0, 100.0
    if neuron([low], w, b, "step") == neuron([high], w, b, "step"):
        return float("inf")
    rising = neuron([high], w, b, "step") == 1
    for _ in range(60):
        middle = (low + high) / 2
        if (neuron([middle], w, b, "step") == 1) == rising:
            high = middle
        else:
            low = middle
    return high


def threshold_is_minus_b():
    rng = np.random.default_rng(1)
    gaps, same_sign = [], 0
    for i in range(200):
        w, b = rng.uniform(0.5, 3), rng.uniform(-3, 3)
        weighted_sum = w * first_firing([w], b)
        gaps.append(abs(weighted_sum + b))
        same_sign += abs(weighted_sum - b) < 1e-9
        yield (i + 1) / 200
    numbers = {"neurons": 200, "largest |threshold + b|": round(max(gaps), 9), "threshold equal to b": same_sign}
    text = "In every neuron the weighted sum had to pass −b, the bias with its sign turned round, and never b."
    return Verdict("holds if the threshold is read as −b", numbers, text)


def only_the_bias_speaks():
    rng = np.random.default_rng(2)
    b = rng.uniform(-3, 3, 500)
    outputs = np.empty((20, 500))
    for i in range(20):
        net = Network([3, 1], output="sigmoid", init="small_normal", population=500, seed=i)
        net.weights[0][...] = rng.normal(0, 2, net.weights[0].shape)
        net.biases[0][..., 0] = b
        outputs[i] = net(np.zeros((1, 3)))[..., 0, 0]
        yield (i + 1) / 20
    numbers = {
        "largest change from new weights": np.ptp(outputs, axis=0).max(),
        "largest change from new biases": np.ptp(outputs, axis=1).max(),
        "largest |output − sigmoid(b)|": round(np.abs(outputs - SIGMOID(b)).max(), 9),
    }
    return Verdict("holds", numbers, "With zero input the weights changed nothing at all; the output was f(b).")


def weights_amplify():
    rng = np.random.default_rng(3)
    w = np.concatenate([rng.uniform(-3, 3, 999), [0.0]])
    gain = np.array([chain(1.0, [wi]) for wi in w])
    numbers = {
        "amplified (|w| > 1)": int(((abs(gain) > 1) & (abs(w) > 1)).sum()),
        "diminished (|w| < 1)": int(((abs(gain) < 1) & (abs(w) < 1)).sum()),
        "sign turned round (w < 0)": int((gain < 0).sum()),
        "exceptions": int(((abs(gain) > 1) != (abs(w) > 1)).sum()),
    }
    text = "Which of the two it is depends on |w| against 1. A negative weight does a third thing: it flips the sign."
    return Verdict("holds if a turned sign is counted as a third effect", numbers, text)


def bias_shifts():
    rng = np.random.default_rng(4)
    x, worst, moved = np.linspace(-5, 5, 201), {}, []
    for name in ("sigmoid", "tanh", "relu"):
        f, gaps = ACTIVATIONS[name].f, []
        for _ in range(200):
            w, b = rng.uniform(0.5, 3) * rng.choice([-1, 1]), rng.uniform(-3, 3)
            with_bias = np.array([neuron([xi], [w], b, name) for xi in x[::40]])
            gaps.append(np.abs(with_bias - f(w * (x[::40] + b / w))).max())
            moved.append(abs(b / w))
        worst[f"largest difference, {name}"] = round(max(gaps), 9)
    text = "Adding b gives the same curve as moving it by −b/w along x. The shape stays; only the place changes."
    return Verdict("holds", {**worst, "mean distance moved": float(np.mean(moved))}, text)


def best_line_on_xor(angles=360, offsets=41):
    """The best accuracy of a line on XOR, and how many were tried: all directions and distances, as one population."""
    turn = np.repeat(np.arange(angles) * 2 * np.pi / angles, offsets)
    shift = np.tile(np.linspace(-2, 2, offsets), angles)
    lines = Network([2, 1], output="identity", init="zeros", population=angles * offsets)
    lines.weights[0][..., 0] = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    lines.biases[0][..., 0] = shift
    right = (lines(XOR[0])[..., 0] > 0) == XOR[1]
    return float(right.mean(axis=-1).max()), len(turn)


def xor_needs_more():
    best, tried = best_line_on_xor()
    yield 0.5
    net = Network([2, 2, 1], hidden="relu", output="identity", init="zeros")
    net.weights[0][...], net.biases[0][...] = [[1, 1], [1, 1]], [0, -1]
    net.weights[1][...], net.biases[1][...] = [[1], [-2]], [-0.5]
    numbers = {
        "lines tried": tried,
        "best line on XOR (%)": 100 * best,
        "two hidden neurons on XOR (%)": 100 * accuracy(XOR[1], net(XOR[0])),
    }
    text = "One neuron draws one straight line. XOR needs a second neuron beside it: 9 numbers instead of 3."
    return Verdict("holds if one straight line is enough, or more neurons help", numbers, text)
