"""The experiments behind the claims of chapter 13 on roles, training and overfitting."""

from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Adam, Network, Training
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._fitting import PLACES, Setting, lesson

SEEDS = 20
BINARY = "binary_cross_entropy"


# --- is a large weight an important input? ----------------------------------------------------------------------------


class Halves(NamedTuple):
    """Breast cancer, halved by each seed: X (seeds, n, 30) to learn from and to judge by, y, and the columns' sd."""

    X: np.ndarray
    y: np.ndarray
    unseen_X: np.ndarray
    unseen_y: np.ndarray
    sd: np.ndarray


def _halves():
    found = []
    for seed in range(SEEDS):
        learned, unseen = load_dataset("breast_cancer").split(0.5, seed)
        mean, sd = learned.X.mean(axis=0), learned.X.std(axis=0)
        found.append(((learned.X - mean) / sd, learned.y[:, None], (unseen.X - mean) / sd, unseen.y[:, None], sd))
    return Halves(*(np.stack(part) for part in zip(*found, strict=True)))


def _neurons(X, y, hidden=()):
    """A network for each seed, trained on its own rows, with a weak L2."""
    net = Network([X.shape[-1], *hidden, 1], hidden="relu", seed=0, population=SEEDS)
    Training(net, X, y.astype(float), loss=BINARY, optimizer=Adam(lr=0.03), epochs=100, l2=0.003).run()
    return net


def large_weights():
    """A neuron learns 30 columns on one scale; the same neuron is written for the columns as they come."""
    rows = _halves()
    net = _neurons(rows.X, rows.y)
    yield 0.3, "trained"
    weights = np.abs(net.weights[0][..., 0])
    before = net.loss(rows.unseen_X, rows.unseen_y, BINARY)
    cost = np.empty_like(weights)
    for column in range(cost.shape[1]):
        mixed = rows.unseen_X.copy()
        mixed[..., column] = np.random.default_rng(column).permuted(mixed[..., column], axis=1)
        cost[:, column] = net.loss(mixed, rows.unseen_y, BINARY) - before
        yield 0.3 + 0.5 * (column + 1) / cost.shape[1], "columns mixed"
    top = weights.argmax(axis=1)
    without = np.stack([np.delete(X, column, axis=1) for X, column in zip(rows.X, top, strict=True)])
    unseen = np.stack([np.delete(X, column, axis=1) for X, column in zip(rows.unseen_X, top, strict=True)])
    left = _neurons(without, rows.y).loss(unseen, rows.unseen_y, BINARY) - before
    numbers = {"halvings of the rows": SEEDS, "columns": 30}
    numbers |= spread("one scale: rank correlation of |w| and the cost of mixing its column", _ranks(weights, cost), 2)
    numbers |= spread("as recorded, same answers: rank correlation", _ranks(weights / rows.sd, cost), 2)
    numbers |= spread("loss on unseen rows", before, 3)
    numbers |= spread("column of the largest weight mixed: loss rises by", cost[np.arange(SEEDS), top], 3)
    numbers |= spread("column of the largest weight left out, trained anew: rises by", left, 3)
    text = (
        "On one scale a large weight goes with a column that this neuron leans on. Written for the columns as they "
        "were recorded, the same neuron gives the same answers with weights in quite another order: they also tell "
        "units. And where the largest one's column is left out, others take its place, and next to nothing is lost."
    )
    return Verdict("holds if the inputs are on one scale, and it is said of the model, not of the data", numbers, text)


def _ranks(a, b):
    """The rank correlation (Spearman 1904) of two arrays, row by row."""
    a, b = (each.argsort(axis=1).argsort(axis=1) for each in (a, b))
    a, b = (each - each.mean() for each in (a, b))
    return (a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))


# --- are both needed? -------------------------------------------------------------------------------------------------

SETS = (("moons", "tanh"), ("xor", "tanh"), ("xor", "relu"), ("circles", "relu"))
UNITS = 8


def both_needed():
    """Twenty starts on each task: all numbers are trained, only the weights with every bias at 0, only the biases."""
    numbers = {"starts": SEEDS}
    for k, (name, activation) in enumerate(SETS):
        learned, unseen = load_dataset(name, n=300, noise=0.1, seed=0).split(0.5)
        for what, kind in (("all numbers", None), ("weights alone", 1), ("biases alone", 0)):
            net = Network([2, UNITS, 1], hidden=activation, seed=0, population=SEEDS)
            frozen = np.zeros(net.n_params, bool)
            for part in () if kind is None else net.views(frozen)[kind]:
                part[...] = True
            recipe = {"loss": BINARY, "optimizer": Adam(lr=0.05), "epochs": 150, "frozen": frozen}
            Training(net, learned.X, learned.y[:, None], **recipe).run()
            right = ((net(unseen.X)[..., 0] > 0) == unseen.y).mean(axis=1)
            numbers |= spread(f"{name}, {activation}, {what}: right, %", 100 * right, 0)
        yield (k + 1) / len(SETS), f"{name}, {activation}"
    text = (
        "Without any bias a tanh network is odd, f(−x) = −f(x), and a ReLU network has straight rays for boundaries: "
        "where the answer asks for anything else, training cannot help. Biases alone, with the weights as drawn, "
        "come further than one would think, and seldom far enough."
    )
    return Verdict("holds if the data do not happen to suit a network without biases", numbers, text)


# --- efficient? -------------------------------------------------------------------------------------------------------

HIDDEN = 32


def efficient():
    """Networks before and after training: multiplications for an answer; then the smallest weights are set to 0."""
    rows = _halves()
    fresh = Network([30, HIDDEN, 1], hidden="relu", seed=0, population=SEEDS)
    nets = {"untrained": fresh, "trained": _neurons(rows.X, rows.y, (HIDDEN,))}
    yield 0.6, "trained"
    numbers = {"networks": SEEDS}
    for name, net in nets.items():
        for share in (0.0, 0.8, 0.95):
            cut = net.copy()
            for W in cut.weights:
                W[np.abs(W) < np.quantile(np.abs(W), share, axis=(1, 2), keepdims=True)] = 0.0
            count = sum((W != 0).sum(axis=(1, 2)) for W in cut.weights)
            right = ((cut(rows.unseen_X) > 0) == rows.unseen_y).mean(axis=(1, 2))
            case = f"{name}, {100 * share:.0f} % of the weights set to 0"
            numbers[f"{case}: multiplications that count"] = int(count.mean())
            numbers |= spread(f"{case}: right, %", 100 * right)
    text = (
        "An answer costs as many multiplications after training as before it: what the numbers are does not matter to "
        "the machine. Training makes it possible to do without most of them, which is a step of its own. A zero "
        "saves work where the program leaves it out, and plain matrix multiplication does not."
    )
    return Verdict("holds if weights that are not needed are set to 0, and left out of the calculation", numbers, text)


# --- what causes overfitting ------------------------------------------------------------------------------------------


def _fit(points, target="wave", noise=0.3, width=16, judge=None):
    """Networks tuned to their own points: (error on the first `judge` of them, error on new ones beyond the noise)."""
    X, y, unseen_y, floor = _lessons(points, target, noise)
    net = Network([1, width, 1], hidden="tanh", seed=0, population=SEEDS)
    Training(net, X, y, optimizer=Adam(lr=0.1), epochs=1000).run()
    own = ((net(X) - y) ** 2)[:, :judge].mean(axis=(1, 2))
    return own, ((net(PLACES) - unseen_y) ** 2).mean(axis=(1, 2)) - floor


def _lessons(points, target, noise):
    """For each seed its points X, y (seeds, n, 1), unseen y and the error that the truth has on those."""
    known = [lesson(Setting(target, points, noise, 1, 0.0, seed)) for seed in range(SEEDS)]
    return [np.stack([getattr(part, name) for part in known]) for name in ("X", "y", "unseen_y", "floor")]


def cause_of_overfitting():
    """The same 49 numbers tuned to 12 noisy points, or to 60 that contain these; and ten numbers tuned to four."""
    numbers = {"seeds": SEEDS}
    few = _fit(12)
    yield 0.4, "12 points"
    many = _fit(60, judge=12)
    yield 0.8, "60 points"
    small = _fit(4, "line", 0.8, width=1)
    for name, (own, new) in {"tuned to 12 points": few, "tuned to 60, these 12 among them": many}.items():
        numbers |= spread(f"49 numbers, {name}: error on the 12", own, 3)
        numbers |= spread(f"49 numbers, {name}: on new points, beyond the noise", new, 3)
    lower = few[0] < many[0]
    numbers["seeds where those tuned to 12 have the lower error on the 12"] = int(lower.sum())
    numbers["seeds where they have the higher one on new points"] = int((few[1] > many[1]).sum())
    numbers |= spread("4 numbers, tuned to 4 points of a noisy line: error on the 4", small[0], 3)
    numbers |= spread("4 numbers, tuned to 4 points of a noisy line: on new points, beyond the noise", small[1], 2)
    text = (
        "By the one measure that training has, the error on its own points, the numbers that overfit are the better "
        "tuned. The same 49 numbers with the same rule do well when they are given 60 points, and 4 numbers overfit "
        "4 points. The cause is what they were asked to fit, with how much room; the numbers carry the result."
    )
    return Verdict("misleading", numbers, text)


# --- which numbers to regularise --------------------------------------------------------------------------------------

STRENGTHS = np.array([0.0, 0.3, 1.0])
FEATURES = 12
WHICH = {False: "weights", True: "weights and bias"}


def penalise_biases():
    """Twelve weights and a bias from 20 noisy examples whose answers lie around 0, or the same 5 higher."""
    numbers, rng = {"samples": SEEDS}, np.random.default_rng(0)
    truth = np.zeros((FEATURES, 1))
    truth[:2, 0] = 1.0, -1.0
    X, unseen = rng.standard_normal((SEEDS, 20, FEATURES)), rng.standard_normal((500, FEATURES))
    y, cases = X @ truth + rng.standard_normal((SEEDS, 20, 1)), [(level, also) for level in (0, 5) for also in WHICH]
    for k, (level, also) in enumerate(cases):
        net = Network([FEATURES, 1], seed=0, population=SEEDS)
        net = net.with_params(np.tile(net.params, (len(STRENGTHS), 1, 1)))
        recipe = {"optimizer": Adam(lr=0.1), "epochs": 800, "l2": np.repeat(STRENGTHS[:, None], SEEDS, axis=1)}
        Training(net, X, y + level, penalize_biases=also, **recipe).run()
        beyond = ((net(unseen) - unseen @ truth - level) ** 2).mean(axis=(2, 3))
        for i in range(bool(level or also), len(STRENGTHS)):
            name = f"answers around {level}, λ = {STRENGTHS[i]:g} on {WHICH[also]}" if i else "no penalty"
            numbers |= spread(f"{name}: error beyond the noise", beyond[i], 2)
        yield (k + 1) / len(cases), f"answers around {level}"
    text = (
        "A penalty on the weights makes the answers of few noisy examples calmer, wherever these answers lie. One that "
        "includes the bias pulls them towards 0 as well: where 0 means nothing, that is an error of its own. A large "
        "bias makes no function steep, so there is nothing to hold back."
    )
    return Verdict("holds if the biases are left out, or the answers lie around 0", numbers, text)
