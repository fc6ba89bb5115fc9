"""The experiments behind chapter 11's claims on capacity and on the trade-off between bias and variance."""

import numpy as np

from wbviz.engine import Adam, Network, Training, decompose, minimum_norm, ridgeless_risk
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._words import plural

SEEDS = 20
#: For each seed so many models learn, each from examples of its own.
MODELS = 20
STRIDE = 20

# --- capacity ---------------------------------------------------------------------------------------------------------

UNITS = (1, 2, 4, 8, 16)
POINTS, LONG = 12, 1500


def capacity():
    """Networks learn 12 random points by heart: how much is left over, by size, by λ, by epochs, without biases."""
    rng = np.random.default_rng(0)
    X, y = rng.uniform(-1, 1, (SEEDS, POINTS, 1)), rng.standard_normal((SEEDS, POINTS, 1))
    runs = [(plural(units, "unit"), units, {}) for units in UNITS]
    runs += [(f"16 units, λ = {lam:g}", 16, {"l2": lam}) for lam in (0.01, 0.1)]
    runs += [("16 units, biases kept at 0", 16, {"frozen": _biases(16)}), ("16 units, 50 epochs", 16, {"epochs": 50})]
    numbers = {"samples": SEEDS, "points": POINTS}
    for k, (name, units, settings) in enumerate(runs):
        net = Network([1, units, 1], seed=0, population=SEEDS)
        training = Training(net, X, y, **{"optimizer": Adam(lr=0.03), "epochs": LONG} | settings)
        while not training.done:
            training.run(10 * STRIDE)
            yield (k + training.made / training.n_steps) / len(runs), name
        left = net.loss(X, y) / y.var(axis=(1, 2))
        numbers |= spread(f"{name} ({net.n_params} numbers): share left over", left, 2)
    text = (
        "More weights and biases hold more: of 12 random points, 4 numbers leave about four fifths of the variance "
        "over, 49 about a fifth. But 49 numbers that a penalty keeps small, that train briefly, or whose biases stay "
        "at 0 leave about as much over as 4 do."
    )
    return Verdict("holds if their number, their size and the training are meant together", numbers, text)


def _biases(units):
    """Mask of the biases among the parameters of a 1-units-1 network."""
    net = Network([1, units, 1], init="zeros")
    for b in net.biases:
        b[...] = 1
    return net.params == 1


# --- the trade-off ----------------------------------------------------------------------------------------------------

PLACES = np.linspace(-1, 1, 41)[:, None]
EXAMPLES, NOISE, EPOCHS = 20, 0.3, 400
STRENGTHS = (0.0, 0.003, 0.03, 0.3)


def trade_off():
    """bias² and variance of networks that learn a sine from 20 noisy points: by units, by epochs, by λ, by examples."""
    numbers = {"seeds": SEEDS, "models a seed": MODELS, "noise": NOISE**2}
    for units in (1, 4, 16):
        yield from _learn(numbers, {plural(units, "unit"): EPOCHS}, units=units)
    lengths = {f"8 units, {epochs} epochs": epochs for epochs in (10, 100, 300, 1000)}
    yield from _learn(numbers, lengths, units=8)
    for lam in STRENGTHS[1:]:
        yield from _learn(numbers, {f"4 units, λ = {lam:g}": EPOCHS}, units=4, lam=lam)
    yield from _learn(numbers, {"4 units, 80 examples": EPOCHS}, units=4, examples=80)
    text = (
        "The length of training trades one for the other: from 100 to 1,000 epochs bias² falls and variance more than "
        "doubles. So does a small λ; a large one only adds bias². Units do so up to a few: 16 have no more variance "
        "than 4. And more examples are no trade: variance falls alone."
    )
    return Verdict("holds if the length of training or a small λ is tuned; units do it up to a few", numbers, text)


def _learn(numbers, moments, units, lam=0.0, examples=EXAMPLES):
    """Train SEEDS × MODELS networks at once, and note bias² and variance after each number of epochs in `moments`."""
    rng = np.random.default_rng(examples)
    X = rng.uniform(-1, 1, (SEEDS * MODELS, examples, 1))
    y = np.sin(np.pi * X) + NOISE * rng.standard_normal(X.shape)
    net = Network([1, units, 1], seed=0, population=SEEDS * MODELS)
    training = Training(net, X, y, optimizer=Adam(lr=0.1), epochs=max(moments.values()), l2=lam)
    for name, epochs in moments.items():
        while training.made < epochs:
            training.run(min(STRIDE, epochs - training.made))
            yield training.made / training.n_steps, name
        _note(numbers, name, net(PLACES)[..., 0].reshape(SEEDS, MODELS, -1), np.sin(np.pi * PLACES[:, 0]))


def _note(numbers, name, outputs, truth):
    """bias² and variance of (seeds, models, points), as mean and sd over the seeds."""
    parts = [decompose(each, truth) for each in outputs]
    numbers |= spread(f"{name}: bias²", [part.bias2.value for part in parts], 3)
    numbers |= spread(f"{name}: variance", [part.variance.value for part in parts], 3)


# --- neither too simple nor too complex -------------------------------------------------------------------------------

INPUTS, ROWS, UNSEEN = 10, 40, 100
WIDTHS = (5, 20, 40, 120, 400)


def too_complex():
    """Random ReLU layers of 5 to 400 units, their output weights solved exactly from 40 noisy rows, with and without λ.

    Beside them, Gaussian inputs, for which the expected error is known in closed form.
    """
    numbers = {"seeds": SEEDS, "models a seed": MODELS, "rows": ROWS}
    for lam in (0.0, 0.01):
        for k, units in enumerate(WIDTHS):
            errors = _random_layer(units, lam)
            name = f"{units} ReLU units" + (f", λ = {lam:g}" if lam else "")
            numbers |= spread(f"{name}: median error", np.median(errors, axis=1), 2)
            yield ((lam > 0) + (k + 1) / len(WIDTHS)) / 3, name
    for p in (20, 80, 320):
        risks = _gaussian(p).mean(axis=1)
        known = ridgeless_risk(ROWS, p, 1.0, 0.25)
        numbers |= spread(f"{p} Gaussian inputs: error beyond the noise", risks, 3)
        numbers[f"{p} Gaussian inputs: closed form"] = round(known.total, 3)
        yield 1.0, f"{p} Gaussian inputs"
    text = (
        "Up to as many weights as examples the warning is right: past a valley the error rises, to a peak where there "
        "are just as many. With far more weights it falls again, here well below the valley: double descent. A small λ "
        "takes the peak away, and the most complex is the best. For Gaussian inputs the closed form says the same."
    )
    return Verdict("holds if there are fewer weights than examples and nothing holds them back", numbers, text)


def _random_layer(units, lam):
    """Squared errors on unseen rows, noise left out, of each model: (seeds, models)."""
    rng = np.random.default_rng(units)
    errors = np.empty((SEEDS, MODELS))
    for seed in range(SEEDS):
        net = Network([INPUTS, units, 1], hidden="relu", init="he", seed=seed * MODELS, population=MODELS)
        net.biases[0] = rng.standard_normal((MODELS, units))
        X = rng.uniform(-1, 1, (MODELS, ROWS + UNSEEN, INPUTS))
        truth = X[..., 0]
        hidden = net.forward(X).a[1] / np.sqrt(units)
        y = truth[:, :ROWS] + 0.2 * rng.standard_normal((MODELS, ROWS))
        w = minimum_norm(hidden[:, :ROWS], y, lam)
        errors[seed] = (((hidden[:, ROWS:] @ w[..., None])[..., 0] - truth[:, ROWS:]) ** 2).mean(axis=1)
    return errors


def _gaussian(p):
    """Squared distances from true weights of length 1, learned from 40 rows with noise ½: (seeds, models)."""
    rng, beta = np.random.default_rng(p), np.full(p, p**-0.5)
    X = rng.standard_normal((SEEDS, MODELS, ROWS, p))
    w = minimum_norm(X, X @ beta + 0.5 * rng.standard_normal(X.shape[:-1]))
    return ((w - beta) ** 2).sum(axis=-1)
