"""The experiments behind the claims of chapter 04: one formula, its activations, and the bends that units make."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, Adam, Network, Training, accuracy
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20
_Z = np.linspace(-30, 30, 60_001)


def one_formula():
    """Compute 20 networks unit by unit with the formula of one neuron, and compare with the matrices."""
    X, gaps = load_dataset("moons", n=30, seed=0).X, []
    for seed in range(SEEDS):
        net = Network([2, 4, 3, 1], hidden="tanh", seed=seed)
        by_hand = [_unit_by_unit(net, x) for x in X]
        gaps.append(np.abs(net(X) - by_hand).max())
        yield (seed + 1) / SEEDS
    numbers = {
        "networks": SEEDS,
        "examples each": len(X),
        "uses of the formula per example": 8,
        "largest gap": max(gaps),
    }
    text = (
        "The formula is that of one neuron. A network is the formula used once for each unit, the outputs of one layer "
        "being the inputs of the next; the matrices only write it down at once."
    )
    return Verdict("holds if it is said of each neuron and not of the whole network", numbers, text)


def _unit_by_unit(net, x):
    """The outputs of a network for one example, each unit by the formula of one neuron."""
    signals = list(x)
    for W, b, f in zip(net.weights, net.biases, net.activations, strict=True):
        sums = [sum(w * s for w, s in zip(column, signals, strict=True)) + c for column, c in zip(W.T, b, strict=True)]
        signals = list(f.f(np.array(sums)))
    return signals


def same_shape():
    """Rewrite 20 sigmoid networks as tanh networks with other weights and biases, and compare their outputs."""
    X, gaps = np.random.default_rng(0).normal(size=(100, 2)), []
    for seed in range(SEEDS):
        net = Network([2, 6, 1], hidden="sigmoid", seed=seed)
        net.params = np.random.default_rng(1000 + seed).normal(size=net.n_params)
        gaps.append(np.abs(net(X) - _as_tanh(net)(X)).max())
    sigmoid, tanh = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]
    numbers = {
        "networks": SEEDS,
        "largest gap between a sigmoid network and its tanh twin": float(max(gaps)),
        "largest gap between tanh x and 2 σ(2x) − 1": float(np.abs(tanh.f(_Z) - (2 * sigmoid.f(2 * _Z) - 1)).max()),
        "steepest slope of σ": float(sigmoid.derivative(_Z).max()),
        "steepest slope of tanh": float(tanh.derivative(_Z).max()),
    }
    text = (
        "Sigmoid and tanh are one shape at two scales: whatever one of them can do, the other does with other weights "
        "and biases. What differs is how training feels: tanh is centred on 0 and four times as steep. ReLU is another "
        "shape indeed."
    )
    return Verdict("holds if it is said of ReLU against the other two", numbers, text)


def twins():
    """Compare tanh with the sigmoid stretched and shifted, with and without the 2 inside."""
    f, tanh = ACTIVATIONS["sigmoid"].f, ACTIVATIONS["tanh"].f(_Z)
    numbers = {
        "places compared": len(_Z),
        "largest gap": float(np.abs(tanh - (2 * f(2 * _Z) - 1)).max()),
        "largest gap without the 2 inside": float(np.abs(tanh - (2 * f(_Z) - 1)).max()),
    }
    text = "The sigmoid at half its width and twice its height, moved down by 1, is tanh; the gap is rounding."
    return Verdict("holds", numbers, text)


def _as_tanh(net):
    """The tanh network that answers as a sigmoid network with one hidden layer: σ(z) = (1 + tanh(z/2)) / 2."""
    twin = Network(net.sizes, hidden="tanh", init="zeros")
    twin.weights[0][...], twin.biases[0][...] = net.weights[0] / 2, net.biases[0] / 2
    twin.weights[1][...] = net.weights[1] / 2
    twin.biases[1][...] = net.biases[1] + net.weights[1].sum(axis=0) / 2
    return twin


def quarter():
    """Search the steepest slope of the sigmoid, and of chains of sigmoids."""
    sigmoid = ACTIVATIONS["sigmoid"]
    slopes = sigmoid.derivative(_Z)
    signal, slope, chains = _Z, np.ones_like(_Z), {}
    for depth in range(1, 6):
        slope = slope * sigmoid.derivative(signal)
        signal = sigmoid.f(signal)
        chains[f"steepest slope of {depth} in a row"] = float(slope.max())
    numbers = {"places searched": len(_Z), "z of the steepest": float(_Z[slopes.argmax()]) + 0.0, **chains}
    return Verdict("holds", numbers, "At most ¼, at z = 0. In a row they multiply: that is where gradients vanish.")


def bends():
    """Count the bends of 20 random ReLU networks for each number of units, and of one with units that coincide."""
    numbers, most_ever = {"networks of each size": SEEDS}, True
    for units in (1, 2, 3, 5, 8):
        net = Network([1, units, 1], hidden="relu", seed=units, population=SEEDS)
        for bias in net.biases:
            bias[...] = np.random.default_rng(1000 + units).normal(size=bias.shape)
        counts = [count_bends(net.with_params(params)) for params in net.params]
        most_ever = most_ever and max(counts) <= units
        numbers |= spread(f"{units} units: bends", counts)
        numbers[f"{units} units: most bends"] = max(counts)
    text = (
        "Each unit bends its line once, at x = −b/w, and the sum bends nowhere else. Fewer bends are possible: where "
        "two units bend at the same place, where an outgoing weight is 0, or where the bend lies out of sight."
    )
    return Verdict("holds" if most_ever else "misleading", numbers, text)


def count_bends(net, low=-10.0, high=10.0):
    """How often the output of a network with one input bends between `low` and `high`: its slope is compared between
    all neighbouring places where a unit switches."""
    switches = -net.biases[0] / net.weights[0][0]
    places = np.unique(switches[(switches > low) & (switches < high)])
    edges = np.concatenate([[low], places, [high]])
    middles = (edges[:-1] + edges[1:]) / 2
    width = np.diff(edges) / 4
    slopes = (net((middles + width)[:, None]) - net((middles - width)[:, None]))[:, 0] / (2 * width)
    return int((np.abs(np.diff(slopes)) > 1e-9 * (1 + np.abs(slopes).max())).sum())


def choice_matters():
    """Train the same small network with four activations, from 20 starts each, for a short and for a long time."""
    data = load_dataset("circles", n=100, seed=0)
    names, numbers, means = ("identity", "sigmoid", "tanh", "relu"), {"starts each": SEEDS}, {}
    for k, hidden in enumerate(names):
        net = Network([2, 6, 1], hidden=hidden, seed=0, population=SEEDS)
        training = Training(
            net, data.X, data.y[:, None], loss="binary_cross_entropy", optimizer=Adam(lr=0.05), epochs=300
        )
        for step in training:
            if step.number in (49, 299):
                share = 100 * accuracy(data.y, net(data.X))
                numbers |= spread(f"{hidden}, after {step.number + 1} steps (%)", share)
                means[hidden, step.number] = share.mean()
            yield (k + step.number / training.n_steps) / len(names), hidden
    text = (
        "On this task, with one hidden layer, the choice decides much early on. After longer training every true "
        "non-linearity gets there; only the identity never does. In deep networks the choice weighs more: chapter 08."
    )
    curved = [means[name, 299] for name in names[1:]]
    verdict = "holds if training is short, or one of the choices does not bend" if min(curved) > 95 else "holds if …"
    return Verdict(verdict, numbers, text)
