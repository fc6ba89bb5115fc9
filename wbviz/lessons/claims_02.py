"""The experiments behind the claims of chapter 02: twenty networks from twenty seeds, trained side by side."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Adam, Network, Training, accuracy
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._digits import SIDE, SIZES, digits_split
from wbviz.widgets._operations import operate

SEEDS = 20


def right_on_test(net):
    """The share of the test digits that a network reads correctly; one for each member of a population."""
    test = digits_split()[1]
    return accuracy(test.y, net(test.X))


def _train_twenty(with_biases=True):
    """Train `SEEDS` networks of the book's recipe at once: yields its progress, returns them as a population."""
    key = ("with" if with_biases else "without") + " biases"
    if key not in _trained:
        train = digits_split()[0]
        net = Network(SIZES, hidden="relu", init="he", seed=0, population=SEEDS)
        frozen = np.zeros(net.n_params, dtype=bool)
        for bias in net.views(frozen)[1] if not with_biases else ():
            bias[...] = True
        recipe = {"loss": "cross_entropy", "optimizer": Adam(lr=0.01), "epochs": 10, "batch_size": 32, "seed": 0}
        training = Training(net, train.X, train.y, frozen=frozen, **recipe)
        for step in training:
            yield step.number / training.n_steps, f"training {SEEDS} networks {key}"
        _trained[key] = net
    return _trained[key].copy()


_trained = {}


def arrangement_counts():
    nets = yield from _train_twenty()
    before = right_on_test(nets)
    shuffled = [
        float(right_on_test(operate(nets.with_params(p), "shuffle", 1.0, seed=i))) for i, p in enumerate(nets.params)
    ]
    numbers = {
        "networks": SEEDS,
        **spread("trained (%)", 100 * before),
        **spread("weights shuffled (%)", 100 * np.array(shuffled)),
    }
    text = "With every value kept and only the places changed, the networks fall to guessing among ten digits."
    verdict = "holds if “weights” means the numbers in their places" if np.mean(shuffled) < 0.2 else "misleading"
    return Verdict(verdict, numbers, text)


def biases_cost():
    nets = yield from _train_twenty()
    before = right_on_test(nets)
    removed = nets.copy()
    for bias in removed.biases:
        bias[...] = 0.0
    never = yield from _train_twenty(with_biases=False)
    numbers = {
        "networks": SEEDS,
        **spread("with biases (%)", 100 * before),
        **spread("biases removed after training (%)", 100 * right_on_test(removed)),
        **spread("trained without biases (%)", 100 * right_on_test(never)),
    }
    gain = np.mean(before) - np.mean(right_on_test(never))
    text = (
        "Not always: on these digits the biases add next to nothing. The weighted sums are large beside them, and a "
        "network that never had any learns as well. In chapter 01, where inputs were 0, the bias did everything."
    )
    return Verdict("misleading" if gain < 0.02 else "holds if the task needs thresholds", numbers, text)


def error_falls():
    start = Network(SIZES, hidden="relu", init="he", seed=0, population=SEEDS)
    nets = yield from _train_twenty()
    before, after = 1 - right_on_test(start), 1 - right_on_test(nets)
    numbers = {
        "networks": SEEDS,
        **spread("test error before (%)", 100 * before),
        **spread("test error after (%)", 100 * after),
        "networks whose error fell": int((after < before).sum()),
    }
    text = (
        "The same architecture, the same data: only the 1,210 numbers were adjusted. It holds for a whole training; a "
        "single step that is too long may raise the error, as chapter 03 shows."
    )
    return Verdict("holds", numbers, text)


def generalises():
    train, test = digits_split()
    nets = yield from _train_twenty()
    moved = np.roll(test.X.reshape(-1, SIDE, SIDE), 1, axis=2).reshape(-1, SIDE**2)
    seen, new, shifted = (accuracy(y, nets(X)) for X, y in ((train.X, train.y), (test.X, test.y), (moved, test.y)))
    numbers = {
        "networks": SEEDS,
        **spread("on the training digits (%)", 100 * seen),
        **spread("on new digits (%)", 100 * new),
        **spread("on new digits, moved by one pixel (%)", 100 * shifted),
    }
    text = (
        "New digits of the same making are read nearly as well, three in a hundred fewer. Move them one pixel to the "
        "right, which would not trouble a person, and more than half are misread: the weights are tied to places."
    )
    return Verdict("holds if the new data come from the same source, prepared in the same way", numbers, text)


def adapts():
    rng_seeds = range(SEEDS)
    errors = {}
    for i, name in enumerate(("moons", "circles", "xor")):
        train, test = load_dataset(name, n=400, noise=0.15, seed=1).split(test=0.5, seed=0)
        net = Network([2, 8, 2], hidden="tanh", seed=0, population=len(rng_seeds))
        training = Training(
            net, train.X, train.y, loss="cross_entropy", optimizer=Adam(lr=0.03), epochs=40, batch_size=32
        )
        for step in training:
            yield (i + step.number / training.n_steps) / 3, name
        errors |= {f"{name}, mean test error (%)": round(100 * (1 - accuracy(test.y, net(test.X))).mean(), 1)}
        other = load_dataset("circles" if name == "moons" else "moons", n=400, noise=0.15, seed=2)
        errors |= {
            f"weights from {name}, on {other.name} (%)": round(100 * (1 - accuracy(other.y, net(other.X))).mean(), 1)
        }
    text = (
        "One architecture, three kinds of data, three sets of weights. Tried on other data, each of the sets errs "
        "about as often as tossing a coin would."
    )
    return Verdict("holds if the numbers are learned anew for each kind of data", {"networks": SEEDS, **errors}, text)
