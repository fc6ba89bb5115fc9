"""The experiments behind chapter 11's claims on learning by repeated updates: the error, new data, new information."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Network, Training
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20
BINARY = {"loss": "binary_cross_entropy"}


def _samples(name, first=0, **settings):
    """A data set drawn with each of the seeds: X (seeds, n, 2) and y (seeds, n, 1)."""
    drawn = [load_dataset(name, seed=first + seed, **settings) for seed in range(SEEDS)]
    return np.stack([one.X for one in drawn]), np.stack([one.y[:, None].astype(float) for one in drawn])


# --- one update after the other ---------------------------------------------------------------------------------------

STEPS, STRIDE = 240, 20
WAYS = {
    "all 60 examples, lr 0.1": (SGD(0.1), 60),
    "all 60 examples, lr 20": (SGD(20.0), 60),
    "5 of 60 examples, lr 0.1": (SGD(0.1), 5),
    "5 of 60 examples, Adam 0.03": (Adam(0.03), 5),
}


def each_update():
    """240 updates of 20 networks in four ways: how many raise the error on all examples, and what all bring."""
    X, y = _samples("moons", n=60, noise=0.2)
    numbers = {"networks": SEEDS, "updates": STEPS}
    for k, (name, (optimizer, batch)) in enumerate(WAYS.items()):
        net = Network([2, 4, 1], seed=0, population=SEEDS)
        epochs = STEPS * batch // 60
        training = Training(
            net, X, y, **BINARY, optimizer=optimizer, batch_size=batch, epochs=epochs, record=("loss", "params")
        )
        training.run()
        losses = []
        for step, params in enumerate(training.history.params):
            losses.append(net.with_params(params).loss(X, y, **BINARY))
            if step % STRIDE == 0:
                yield (k + step / STEPS) / len(WAYS), name
        rising = (np.diff(losses, axis=0) > 0).mean(axis=0)
        numbers |= spread(f"{name}: per cent of updates that raise it", 100 * rising)
        numbers |= spread(f"{name}: error at the end, per cent of the first", 100 * losses[-1] / losses[0])
    text = (
        "Small steps on all examples lowered the error every time. With 5 of 60 at a time about a fifth of the updates "
        "raise it, and all together they still bring it down just as far: a single update is no promise. With steps "
        "that are far too large it goes up and down, and often ends higher than it began."
    )
    return Verdict("holds if each step is small and uses all examples", numbers, text)


# --- new data ---------------------------------------------------------------------------------------------------------

LONG, LOOK = 1500, 15


def longer_is_better():
    """The error on 500 held-out points while 2-8-1 networks learn from 20 or from 400: where it is least, and last."""
    held_X, held_y = _samples("moons", first=100, n=500, noise=0.35)
    numbers = {"networks": SEEDS, "epochs": LONG}
    for k, n in enumerate((20, 400)):
        X, y = _samples("moons", n=n, noise=0.35)
        net = Network([2, 8, 1], seed=0, population=SEEDS)
        training, errors = Training(net, X, y, **BINARY, optimizer=Adam(0.03), epochs=LONG), []
        while not training.done:
            errors.append(net.loss(held_X, held_y, **BINARY))
            training.run(LOOK)
            yield (k + training.made / LONG) / 2, f"{n} examples"
        errors.append(net.loss(held_X, held_y, **BINARY))
        errors = np.array(errors)
        numbers |= spread(f"{n} examples: epoch with the least held-out error", LOOK * errors.argmin(axis=0), 0)
        numbers |= spread(f"{n} examples: least held-out error", errors.min(axis=0), 2)
        numbers |= spread(f"{n} examples: held-out error at the end", errors[-1], 2)
    text = (
        "At first every network gets better on points it never sees. With 20 examples this is soon over, and at the "
        "end it does far worse than it did; with 400 the harm is small. The error on the examples falls all the while."
    )
    return Verdict("holds if there are many examples, or one stops in time", numbers, text)


# --- new information --------------------------------------------------------------------------------------------------


def new_information():
    """2-16-1 networks learn one half of the xor plane, then go on with the other half alone, or with both."""
    X, y = _samples("xor", n=160, noise=0.05)
    left = X[..., 0] < 0
    old, new = (_half(X, y, side) for side in (~left, left))
    numbers = {"networks": SEEDS}
    net = Network([2, 16, 1], seed=0, population=SEEDS)
    yield from _learn(net, *old, 0)
    numbers |= _right("after the old half", net, old, new)
    both = tuple(np.concatenate(pair, axis=1) for pair in zip(old, new, strict=True))
    for k, (name, examples) in enumerate({"the new half alone": new, "both halves": both}.items()):
        further = net.copy()
        yield from _learn(further, *examples, k + 1)
        numbers |= _right(f"and then {name}", further, old, new)
    text = (
        "Further updates do fit the new examples, here the half of the plane where the answers are the other way "
        "round. But the same weights and biases carry the old ones, and nothing holds those: trained on the new half "
        "alone, the networks forget nearly all of the old. Shown both halves, they keep both."
    )
    return Verdict("holds if the old examples are still shown", numbers, text)


def _half(X, y, which):
    """The first 60 rows of each sample on one side of the plane."""
    rows = np.argsort(~which, axis=1, kind="stable")[:, :60, None]
    return np.take_along_axis(X, rows, axis=1), np.take_along_axis(y, rows, axis=1)


def _learn(net, X, y, turn):
    training = Training(net, X, y, **BINARY, optimizer=Adam(0.03), epochs=300)
    while not training.done:
        training.run(STRIDE)
        yield (turn + training.made / training.n_steps) / 3, f"training {turn + 1} of 3"


def _right(name, net, old, new):
    """The shares of right answers in both halves, in per cent."""
    shares = ((net(X) > 0) == (y > 0.5) for X, y in (old, new))
    old, new = (100 * share.mean(axis=(1, 2)) for share in shares)
    return spread(f"{name}: per cent right in the old half", old) | spread(f"{name}: in the new half", new)
