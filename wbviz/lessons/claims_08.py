"""The experiments behind the claims of chapter 08 on deep networks: what reaches the first layer, and what learns."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Diverged, Network, Training
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20
WIDTH, POINTS, STEPS = 12, 48, 150
BINARY = {"loss": "binary_cross_entropy"}
#: Half of the loss of an even guess, log 2: who comes below it has learned something.
LEARNED = np.log(2) / 2


def _moons(n=POINTS):
    data = load_dataset("moons", n=n, noise=0.15, seed=0)
    return data.X, data.y[:, None]


def _networks(depth, activation, init):
    """20 networks, each with its own seed."""
    return Network([2, *[WIDTH] * depth, 1], hidden=activation, init=init, seed=0, population=SEEDS)


def _log_ratio(nets):
    """The power of ten by which the first layer's ‖dL/dW‖ differs from the last one's, before training, (20,)."""
    back = nets.backward(*_moons(), **BINARY)
    first, last = (np.linalg.norm(back.dW[at], axis=(-2, -1)) for at in (0, -1))
    return np.log10(first) - np.log10(last)


def _train(nets, optimizer, share, name, steps=STEPS):
    """Train a population on all points in each step; yields its progress within `share`, a pair of fractions."""
    training = Training(nets, *_moons(), **BINARY, optimizer=optimizer, epochs=steps)
    begin, end = share
    try:
        while not training.done:
            training.run(25)
            yield begin + (end - begin) * training.made / steps, name
    except Diverged:  # all of them: the losses are those of the last finite numbers
        pass


def _trained(cases):
    """Train each of `cases`, name → (networks, optimiser): how many of 20 learned, as numbers of a verdict."""
    numbers, count = {}, len(cases)
    for k, (name, (nets, optimizer)) in enumerate(cases.items()):
        yield from _train(nets, optimizer, (k / count, (k + 1) / count), name)
        numbers[f"{name}: learned, of {SEEDS}"] = int((nets.loss(*_moons(), **BINARY) < LEARNED).sum())
    return numbers


# --- vanishing gradients ----------------------------------------------------------------------------------------------


def vanishing_prevents_learning():
    """Sigmoid networks 3 to 20 layers deep: the first layer's gradient, and who learns by two rules."""
    numbers, cases = {"starts": SEEDS}, {}
    for depth in (3, 10, 20):
        nets = _networks(depth, "sigmoid", "xavier")
        numbers |= spread(f"depth {depth}: power of ten of first over last gradient", _log_ratio(nets))
        cases[f"depth {depth}, plain descent"] = nets.copy(), SGD(lr=1.0)
        cases[f"depth {depth}, Adam"] = nets, Adam(lr=0.01)
    numbers |= yield from _trained(cases)
    text = (
        "Each sigmoid layer takes most of the gradient away, and by plain descent a network of 10 layers stays at the "
        "loss of guessing. Adam divides each gradient by its own size: at 10 layers most networks learn although the "
        "first layer's gradient is a millionth. At 20 layers the gradients are below what Adam tells from 0."
    )
    rescued = numbers[f"depth 10, Adam: learned, of {SEEDS}"] > SEEDS / 2
    held = "holds if the step is in proportion to the gradient, as in plain descent, or the depth is great"
    return Verdict(held if rescued else "holds", numbers, text)


# --- ReLU -------------------------------------------------------------------------------------------------------------


def relu_mitigates():
    """Sigmoid against ReLU with He's weights at depths 20 and 50, and ReLU units killed by a large rate."""
    numbers, cases = {"starts": SEEDS}, {}
    for depth in (20, 50):
        for name, activation, init in (("sigmoid", "sigmoid", "xavier"), ("ReLU and He", "relu", "he")):
            nets = _networks(depth, activation, init)
            numbers |= spread(f"depth {depth}, {name}: power of ten of first over last gradient", _log_ratio(nets))
            if (depth, name) != (50, "sigmoid"):
                cases[f"depth {depth}, {name}"] = nets, Adam(lr=0.01)
    numbers |= yield from _trained(cases)
    numbers |= _dead_units()
    text = (
        "With ReLU and He's weights the first layer's gradient is about as large as the last one's at either depth; "
        "sigmoid leaves it a trillionth or less. Learning needs more than that: at depth 50 most ReLU networks stay at "
        "guessing all the same. And too large a rate kills ReLU units for good."
    )
    deep = numbers[f"depth 50, ReLU and He: learned, of {SEEDS}"]
    lasting = "holds if the weights are He's, the depth is moderate, and the rate does not kill units"
    return Verdict(lasting if deep < SEEDS * 0.75 else "holds", numbers, text)


def _dead_units():
    """How many of 8 units fire on no point after 100 steps of plain descent at a small and at a large rate."""
    numbers, (X, y) = {}, _moons(80)
    for rate in (1.0, 10.0):
        nets = Network([2, 8, 1], hidden="relu", init="he", seed=0, population=SEEDS)
        Training(nets, X, y, **BINARY, optimizer=SGD(rate), epochs=100).run()
        silent = (nets.forward(X).z[0] <= 0).all(axis=-2).sum(axis=-1)
        numbers |= spread(f"one layer of 8 ReLU units, rate {rate:g}: dead units", silent)
    return numbers


# --- initialisation ---------------------------------------------------------------------------------------------------

STARTS = {
    "tanh": ("small_normal", "xavier", "orthogonal"),
    "relu": ("small_normal", "xavier", "he"),
}


def initialisation_helps():
    """20 layers of tanh and of ReLU from three kinds of start each, trained alike: who learns."""
    cases = {
        f"{activation}, {init}": (_networks(20, activation, init), SGD(lr=0.1))
        for activation, kinds in STARTS.items()
        for init in kinds
    }
    numbers = {"starts": SEEDS} | (yield from _trained(cases))
    text = (
        "From small weights no network of 20 layers learns, whatever its activation. Weights of the size that keeps "
        "signals alive let it: Xavier's or an orthogonal start for tanh, He's for ReLU, which loses half of each "
        "signal, so that Xavier's weights are too small for it. Even then not every start gets there in 150 steps."
    )
    return Verdict("holds if the start suits the activation", numbers, text)


def zeros_never_break_symmetry():
    """Networks of 8 hidden units that begin at zero, on 20 samples of points: does one ever differ from another?"""
    numbers, (X, y) = {"samples": SEEDS, "hidden units": 8}, _uneven()
    cases = [("sigmoid", "zeros"), ("relu", "zeros"), ("tanh", "zeros"), ("sigmoid", "xavier")]
    for k, (activation, init) in enumerate(cases):
        nets, name = Network([2, 8, 1], activation, init=init, seed=0, population=SEEDS), f"{activation}, {init}"
        training = Training(nets, X, y, **BINARY, optimizer=SGD(lr=1.0), epochs=600)
        while not training.done:
            training.run(100)
            yield (k + training.made / training.n_steps) / len(cases), name
        numbers |= spread(f"{name}: different units", _different(nets))
        numbers |= spread(f"{name}: largest weight into them", np.abs(nets.weights[0]).max(axis=(1, 2)), 3)
        numbers |= spread(f"{name}: loss", nets.loss(X, y, **BINARY), 3)
    text = (
        "Units that begin alike get the same gradient and stay alike: eight sigmoid units learn, but as one. With ReLU "
        "and tanh zeros do not even move: what goes forward is 0 and what comes back is 0; only the output bias learns."
    )
    return Verdict("holds", numbers, text)


def _uneven():
    """20 samples of 23 + 15 points, X (20, 38, 2) and y (20, 38, 1): with as many of each no bias would move either."""
    samples = [load_dataset("moons", n=46, noise=0.15, seed=seed) for seed in range(SEEDS)]
    kept = (samples[0].y == 0) | (np.arange(46) < 30)
    return np.stack([s.X[kept] for s in samples]), np.stack([s.y[kept, None] for s in samples])


def _different(nets):
    """How many different hidden units there are: those with the same numbers, up to rounding, count as one."""
    units = np.concatenate([nets.weights[0], nets.biases[0][:, None]], axis=1)
    grain = np.maximum(np.abs(units).max(axis=(1, 2), keepdims=True), 1e-300) * 1e-9
    return [len({unit.tobytes() for unit in member.T}) for member in np.rint(units / grain).astype(int)]
