"""The experiments behind the claims of chapter 03: what an activation is for, what backpropagation does, and steps."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Adam, Network, Training, accuracy, numerical_gradient
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20
BINARY = {"loss": "binary_cross_entropy"}


def collapses():
    """Multiply the matrices of deep networks without activation; then let shallow ones with and without it learn."""
    data = load_dataset("circles", n=200, seed=0)
    worst = max(_gap_to_one_layer(depth, data.X) for depth in range(2, 11))
    yield 0.1, "matrices multiplied"
    rights = {}
    for k, hidden in enumerate(("identity", "tanh")):
        net = Network([2, 8, 1], hidden=hidden, seed=0, population=SEEDS)
        training = Training(net, data.X, data.y[:, None], **BINARY, optimizer=Adam(lr=0.05), epochs=200)
        for step in training:
            yield 0.1 + 0.45 * (k + step.number / training.n_steps), hidden
        rights[hidden] = accuracy(data.y, net(data.X))
    numbers = {
        "networks": SEEDS,
        "depths multiplied out": 9,
        "largest gap to one layer": worst,
        **spread("circles right without activation (%)", 100 * rights["identity"]),
        **spread("circles right with tanh (%)", 100 * rights["tanh"]),
    }
    text = (
        "However many layers: without an activation their product is one matrix and one bias, a flat surface. A circle "
        "cannot be cut out with it. With tanh between the layers the same eight units can."
    )
    return Verdict("holds", numbers, text)


def _gap_to_one_layer(depth, X):
    """How far networks of `depth` layers without activation are from one layer made of their products, at most."""
    net = Network([2] + [5] * (depth - 1) + [1], hidden="identity", seed=depth, population=SEEDS)
    for bias in net.biases:
        bias[...] = np.random.default_rng(1000 + depth).normal(size=bias.shape)
    W, b = net.weights[0], net.biases[0]
    for next_W, next_b in zip(net.weights[1:], net.biases[1:], strict=True):
        W, b = W @ next_W, (b[:, None, :] @ next_W)[:, 0] + next_b
    return float(np.abs(net(X) - (X @ W + b[:, None, :])).max())


def switches():
    """Count how often a hidden unit's output is exactly 0, for four activations."""
    X = load_dataset("moons", n=200, seed=0).X
    numbers = {"networks": SEEDS}
    for hidden in ("relu", "step", "tanh", "sigmoid"):
        net = Network([2, 8, 1], hidden=hidden, seed=0, population=SEEDS)
        numbers |= spread(f"{hidden}: outputs that are exactly 0 (%)", 100 * (net.forward(X).a[1] == 0).mean((1, 2)))
    text = (
        "A ReLU unit is on or off, and so is one with a step. A tanh or sigmoid unit has no such state: it always "
        "answers, with more or with less. For those “activated or not” is a figure of speech."
    )
    return Verdict("holds if the activation has an off state, as ReLU and step have", numbers, text)


def backpropagation_adjusts():
    """Run backpropagation alone, compare it with central differences, then let two optimisers use the same gradient."""
    data = load_dataset("moons", n=60, seed=0)
    changed, gaps, angles = 0, [], []
    for seed in range(SEEDS):
        net = Network([2, 4, 1], hidden="tanh", seed=seed)
        before = net.params.copy()
        gradient = net.gradient(data.X, data.y[:, None], **BINARY)
        changed += int((net.params != before).sum())
        gaps.append(np.abs(gradient - numerical_gradient(net, data.X, data.y[:, None], **BINARY)).max())
        step = before.copy()
        Adam(lr=0.01).step(step, gradient)
        moved = step - before
        cosine = -gradient @ moved / (np.linalg.norm(gradient) * np.linalg.norm(moved))
        angles.append(np.degrees(np.arccos(cosine)))
        yield (seed + 1) / SEEDS
    numbers = {
        "networks": SEEDS,
        "numbers changed by backpropagation": changed,
        "largest gap to central differences": float(np.max(gaps)),
        **spread("angle between the steps of SGD and Adam (°)", np.array(angles)),
    }
    text = (
        "Backpropagation computes the gradient, as exactly as nudging every number would, and changes nothing. The "
        "update is a second act: with the same gradient, SGD and Adam go different ways."
    )
    return Verdict("misleading", numbers, text)


def small_steps():
    """One step against the gradient from 20 networks, for many learning rates: foretold and measured change."""
    data = load_dataset("moons", n=60, seed=0)
    X, y = data.X, data.y[:, None]
    net = Network([2, 4, 1], hidden="tanh", seed=0, population=SEEDS)
    before, gradient = net.loss(X, y, **BINARY), net.gradient(X, y, **BINARY)
    numbers = {"networks": SEEDS}
    for lr in (0.001, 0.1, 10.0, 100.0):
        change = net.with_params(net.params - lr * gradient).loss(X, y, **BINARY) - before
        share = change / (-lr * (gradient**2).sum(axis=-1))
        numbers |= spread(f"lr {lr:g}: change as a share of the foretold", share, 3)
        numbers[f"lr {lr:g}: networks whose loss fell"] = int((change < 0).sum())
    text = (
        "A small step lowers the loss, and by what the slope foretells. A large one leaves the range in which the "
        "slope says anything: against the gradient is downhill only nearby."
    )
    return Verdict("holds if the step is small", numbers, text)


def iterates():
    """Train networks of 1, 2 and 8 hidden units on XOR to the end, from 20 starts each."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    numbers = {"starts": SEEDS}
    for k, units in enumerate((1, 2, 8)):
        net = Network([2, units, 1], hidden="tanh", output="sigmoid", seed=0, population=SEEDS)
        training = Training(net, X, y, optimizer=Adam(lr=0.05), epochs=800)
        for step in training:
            if step.number % 50 == 0:
                yield (k + step.number / training.n_steps) / 3, f"{units} hidden units"
        close = np.abs(net(X) - y).max(axis=(1, 2)) < 0.1
        numbers[f"{units} hidden: starts that match all four"] = int(close.sum())
    text = (
        "Going on helps only where there is something to reach. One hidden unit cannot do XOR however long it trains; "
        "with two, some starts come to rest at a wrong place; with eight all arrive or nearly all."
    )
    return Verdict("holds if the network is able to, and the start is lucky", numbers, text)
