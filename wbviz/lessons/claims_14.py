"""The experiments behind the claims of chapter 14: what optimised weights and biases promise, and what they cannot."""

from functools import cache

import numpy as np

from wbviz.engine import Adam, Network, Training, accuracy, softmax
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._digits import SIDE, SIZES, digits_split

SEEDS = 20
#: An answer with at least this probability counts as sure.
SURE = 0.9


def _readers(X, y, lr=0.01, l2=0.0):
    """Twenty digits networks from twenty starts, trained side by side on the images X with the labels y."""
    net = Network(SIZES, hidden="relu", init="he", seed=0, population=SEEDS)
    recipe = {"loss": "cross_entropy", "optimizer": Adam(lr=lr), "epochs": 10, "batch_size": 32, "seed": 0, "l2": l2}
    Training(net, X, y, **recipe).run()
    return net


# --- accurate, and reliable? ------------------------------------------------------------------------------------------


@cache
def strangers():
    """449 images that are no digits: the pixels of each test digit, put in an order of its own by chance."""
    return np.random.default_rng(0).permuted(digits_split()[1].X, axis=1)


def reliable():
    """Twenty trained networks on new digits, on digits moved by a pixel, and on images that are no digits."""
    train, test = digits_split()
    fresh = Network(SIZES, hidden="relu", init="he", seed=0, population=SEEDS)
    net = _readers(train.X, train.y)
    yield 0.7, f"{SEEDS} networks are trained"
    moved = np.roll(test.X.reshape(-1, SIDE, SIDE), 1, axis=2).reshape(-1, SIDE**2)
    products = sum(W[0].size for W in net.weights)
    numbers = {"networks": SEEDS, "multiplications for an answer, before training and after": products}
    numbers |= spread("untrained, new digits: right, %", 100 * accuracy(test.y, fresh(test.X)))
    for name, X in {"new digits": test.X, "new digits moved by one pixel": moved}.items():
        certain, wrong = softmax(net(X)).max(axis=-1), net(X).argmax(axis=-1) != test.y
        numbers |= spread(f"{name}: right, %", 100 * accuracy(test.y, net(X)))
        numbers |= spread(f"{name}: certainty where wrong, %", 100 * (certain * wrong).sum(axis=1) / wrong.sum(axis=1))
    sure = (softmax(net(strangers())).max(axis=-1) > SURE).mean(axis=1)
    numbers |= spread("no digits: answers more than 90 % certain, %", 100 * sure)
    text = (
        "Accurate, yes: on digits made like those they learned from. Efficient: an answer costs the same as before. "
        "Reliable: not beyond those data. One pixel to the side more than half are read wrongly, with much certainty, "
        "and of many images that are no digits the networks are sure. Training settles what happens on data like its "
        "own; the rest has to be tried out."
    )
    return Verdict("holds if the data to come are like those learned from", numbers, text)


# --- ensured? ---------------------------------------------------------------------------------------------------------

SETTINGS = tuple((lr, l2) for lr in (0.003, 0.01, 0.03) for l2 in (0.0, 0.01))
USUAL = SETTINGS.index((0.01, 0.0))
#: Of the fours, so many are recorded as nines.
SHARE = 0.6
#: So many of the training digits are held out, to choose a setting by.
CHOOSING = 300


@cache
def records():
    """The training labels as a careless clerk recorded them: a share of the fours became nines."""
    y = digits_split()[0].y.copy()
    fours = np.flatnonzero(y == 4)
    y[np.random.default_rng(0).choice(fours, int(SHARE * len(fours)), replace=False)] = 9
    return y


def success():
    """The best of six settings on careless records, and the usual one on careful records: judged by the true digits."""
    train, test = digits_split()
    (X, choosing), (y, kept) = (np.split(part, [len(train) - CHOOSING]) for part in (train.X, records()))
    nets, scores = [], []
    for k, (lr, l2) in enumerate(SETTINGS):
        nets.append(_readers(X, y, lr, l2))
        scores.append(accuracy(kept, nets[-1](choosing)))
        yield (k + 1) / (len(SETTINGS) + 1), f"rate {lr:g}, λ = {l2:g}"
    best = int(np.mean(scores, axis=1).argmax())
    found = {
        "careless records, usual setting": nets[USUAL],
        "careless records, best setting": nets[best],
        "careful records, usual setting": _readers(X, train.y[: len(X)]),
    }
    fours, numbers = test.y == 4, {"networks": SEEDS, "settings tried": len(SETTINGS)}
    numbers |= spread("careless records, best setting: agrees with records held out, %", 100 * scores[best])
    for name, net in found.items():
        numbers |= spread(f"{name}: right on new digits, %", 100 * accuracy(test.y, net(test.X)))
        numbers |= spread(f"{name}: right on new fours, %", 100 * accuracy(test.y[fours], net(test.X[fours])))
    text = (
        "With a clerk who took most fours for nines, the best of the settings is the one that repeats his mistake "
        "best. Careful records are worth more than all settings together, with the usual one. Weights and biases "
        "find what the data ask for; whether that is what somebody needs is decided outside the network."
    )
    return Verdict("misleading", numbers, text)
