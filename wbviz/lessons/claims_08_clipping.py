"""Experiments of chapter 08: clipping against descents that diverge, early stopping against overfitting."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Network, Recurrent, Training
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._clipping import FAR, RULES, SEQUENCES, UNITS, first_input

SEEDS = 20

# --- clipping ---------------------------------------------------------------------------------------------------------

LENGTH, STEPS = 15, 120
LEARNED = 0.05  # all of the last ten losses are below this
#: Learning rate, rule of clipping (or None) and threshold.
WAYS = {
    "rate 0.3, not clipped": (0.3, None, 0.0),
    "rate 0.3, by norm at 0.5": (0.3, "by norm", 0.5),
    "rate 0.3, by value at 0.1": (0.3, "by value", 0.1),
    "rate 0.3, by norm at 10": (0.3, "by norm", 10.0),
    "rate 1, by norm at 0.5": (1.0, "by norm", 0.5),
    "rate 0.03, not clipped": (0.03, None, 0.0),
    "rate 0.03, by norm at 0.1": (0.03, "by norm", 0.1),
}


def clipping_rescues():
    """Twenty recurrent networks learn to remember the first of 15 inputs, with and without clipping."""
    numbers, found = {"networks": SEEDS}, {}
    for k, (name, way) in enumerate(WAYS.items()):
        losses, cut = _descents(*way)
        diverged = ~(np.nan_to_num(losses, nan=np.inf).max(axis=0) <= FAR)
        found[name] = int(diverged.sum()), int((losses[-10:].max(axis=0) < LEARNED).sum())
        numbers |= {f"{name}: diverged": found[name][0], f"{name}: learned it": found[name][1]}
        if not diverged.any():
            numbers |= spread(f"{name}: final loss", losses[-1], 4)
        if way[1]:
            numbers[f"{name}: share of steps clipped"] = round(float(cut), 2)
        yield (k + 1) / len(WAYS), name
    text = (
        "At a rate at which all twenty diverge, all twenty learn once the gradient is clipped, by norm or by value. "
        "A clipped descent cannot run away, as no step can be long. But not to run away is not to arrive: with a high "
        "threshold or a higher rate it jumps about to the end, with a small rate and a low threshold it creeps. "
        "A tenth of the rate helps without any clipping."
    )
    suits = found["rate 1, by norm at 0.5"][1] < SEEDS > found["rate 0.3, by norm at 10"][1]
    return Verdict("holds if the threshold suits the learning rate" if suits else "holds", numbers, text)


def _descents(lr, rule, threshold):
    """The losses (STEPS + 1, SEEDS) of all networks side by side, and the share of their steps that were clipped."""
    drawn = [first_input(np.random.default_rng([seed, 1]), SEQUENCES, LENGTH) for seed in range(SEEDS)]
    X, y = (np.stack(part) for part in zip(*drawn, strict=True))
    net = Recurrent(1, UNITS, 1, init="orthogonal", population=SEEDS)
    optimizer, losses, cut = SGD(lr=lr), [], []
    with np.errstate(all="ignore"):  # what overflows has diverged
        for _ in range(STEPS + 1):
            way = net.backward(X, y)
            losses.append(((way.forward.y_hat - y) ** 2).mean(axis=(-2, -1)))
            gradient = RULES[rule](way.gradient, threshold) if rule else way.gradient
            cut.append((np.abs(gradient - way.gradient) > 1e-5 * np.abs(way.gradient)).any(axis=-1).mean())
            optimizer.step(net.params, gradient)
    return np.array(losses), np.mean(cut)


# --- early stopping ---------------------------------------------------------------------------------------------------

EPOCHS, NOISE = 400, 0.35
EARLY, END = "kept at the lowest validation loss", "trained to the end"
MORE = "those held out too, trained to the end"


def early_stopping_helps():
    """2-16-1 networks on noisy moons: kept as they were at their lowest validation loss, or trained to the end."""
    numbers = {"samples": SEEDS, "epochs": EPOCHS}
    gains = {}
    for k, n in enumerate((30, 300)):
        ends, stopped = yield from _ends(n, k / 2)
        for what, (loss, right) in ends.items():
            numbers |= spread(f"{n} points, {what}: unseen loss", loss, 3)
            numbers |= spread(f"{n} points, {what}: right on unseen, per cent", 100 * right)
        numbers |= spread(f"{n} points: epoch of the lowest validation loss", stopped, 0)
        early, end = (ends[what][0] for what in (EARLY, END))
        numbers[f"{n} points: samples it helped"] = int((early < end).sum())
        gains[n] = early.mean() / end.mean()
    text = (
        "With few noisy points a network says wrong things with ever more certainty the longer it trains: kept at its "
        "lowest validation loss, it has a third of the loss on unseen points, less even than one that had the points "
        "held out to learn from, too. It answers only a few more of them rightly. With many points little is gained, "
        "and to learn from all of them to the end is as good."
    )
    few = gains[30] < 0.6 < 0.8 < gains[300]
    return Verdict("holds if the examples are few and noisy" if few else "holds", numbers, text)


def _ends(n, done):
    """By how they ended: losses on unseen points and shares of right answers, (SEEDS,) each; and the best epochs."""
    (X, y), held_out = _moons(n, 0), _moons(n, 100)
    net, history = yield from _trained(X, y, held_out, done)
    best = history.validation_loss.argmin(axis=0)
    early = net.with_params(history.params[best + 1, np.arange(SEEDS)])
    both = (np.concatenate(pair, axis=1) for pair in zip((X, y), held_out, strict=True))
    more, _ = yield from _trained(*both, None, done + 0.25)
    return {what: _judged(each) for what, each in ((EARLY, early), (END, net), (MORE, more))}, best + 1


def _judged(net):
    """The loss on 1000 unseen points, and the share of them that is answered rightly."""
    unseen = load_dataset("moons", n=1000, noise=NOISE, seed=999)
    right = (net(unseen.X)[..., 0] > 0) == unseen.y
    return net.loss(unseen.X, unseen.y[:, None], "binary_cross_entropy"), right.mean(axis=-1)


def _trained(X, y, held_out, done):
    """SEEDS networks trained at once, each on its own points: (networks, history)."""
    net = Network([2, 16, 1], hidden="tanh", seed=0, population=SEEDS)
    recipe = {"loss": "binary_cross_entropy", "optimizer": Adam(lr=0.05), "epochs": EPOCHS, "validation": held_out}
    training = Training(net, X, y, **recipe, record=("params",))
    while not training.done:
        training.run(50)
        yield done + training.made / training.n_steps / 4, f"{X.shape[1]} points"
    return net, training.history


def _moons(n, first):
    """A sample of n noisy points for each seed: X (SEEDS, n, 2) and y (SEEDS, n, 1)."""
    samples = [load_dataset("moons", n=n, noise=NOISE, seed=first + seed) for seed in range(SEEDS)]
    return np.stack([sample.X for sample in samples]), np.stack([sample.y[:, None].astype(float) for sample in samples])
