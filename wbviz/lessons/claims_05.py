"""The experiments behind the claims of chapter 05: what descent finds, how fast, and what a penalty does to weights."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, SURFACES, Adam, Network, ProximalSGD, RMSprop, Training, least_squares
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20
BINARY = {"loss": "binary_cross_entropy"}


# --- what descent finds -----------------------------------------------------------------------------------------------


def one_optimum():
    """Train from 20 starts on the same points, without a hidden layer and with one, and compare where they end."""
    data = load_dataset("moons", n=60, noise=0.2, seed=0)
    numbers = {"starts": SEEDS}
    ends = {}
    for k, (name, sizes) in enumerate({"no hidden layer": [2, 1], "3 hidden units": [2, 3, 1]}.items()):
        net = Network(sizes, hidden="tanh", seed=0, population=SEEDS)
        training = Training(net, data.X, data.y[:, None], **BINARY, optimizer=Adam(lr=0.1), epochs=600)
        for step in training:
            if step.number % 20 == 0:
                yield (k + step.number / training.n_steps) / 2, name
        ends[name] = net
        losses = net.loss(data.X, data.y[:, None], **BINARY)
        numbers |= {f"{name}: lowest loss": float(losses.min()), f"{name}: highest loss": float(losses.max())}
        numbers[f"{name}: farthest ends apart"] = _farthest(net.params)
    text = (
        "Without a hidden layer the loss is one valley, and every start ends at the same three numbers. With three "
        "hidden units the starts end at different numbers, and at different losses. (The steps were Adam's, to be sure "
        "that slowness is not the reason.)"
    )
    return Verdict("holds if the loss is a single valley, as without hidden layers", numbers, text)


def _farthest(params):
    """The largest distance between two of the parameter vectors (n, n_params)."""
    return float(np.linalg.norm(params[:, None] - params, axis=-1).max())


# --- how fast ---------------------------------------------------------------------------------------------------------

RATES = np.geomspace(0.001, 1.0, 25)
SAME = 8  # the place of 0.01 among them
STEPS, TOLERANCE = 2000, 0.01
RULES = {"SGD": SGD, "RMSprop": RMSprop, "Adam": Adam}


def adam_on_the_ravine():
    """Steps to within 0.01 of the minimum from 20 random starts: all at one rate, and each at the best of 25 for it."""
    numbers, found = {"starts": SEEDS, "rates tried": len(RATES)}, {}
    for i, surface in enumerate(("ravine", "rosenbrock")):
        for k, (name, rule) in enumerate(RULES.items()):
            found[surface, name] = _steps_to_minimum(SURFACES[surface], rule)
            yield (3 * i + k + 1) / 6, f"{name} on the {surface}"
    for name in RULES:
        steps = found["ravine", name]
        numbers |= spread(f"ravine, all at rate 0.01, {name}: steps", steps[SAME], 0)
        numbers |= spread(f"ravine, each at its best, {name}: steps", _best(steps), 0)
    for name in RULES:
        arrived = int((_best(found["rosenbrock", name]) < STEPS).sum())
        numbers[f"Rosenbrock, each at its best, {name}: starts that arrive in {STEPS}"] = arrived
    ahead = int((_best(found["ravine", "Adam"]) < _best(found["ravine", "SGD"])).sum())
    numbers["ravine, each at its best: starts where Adam is ahead of SGD"] = ahead
    text = (
        "Not on a straight ravine: there plain descent is as quick at the same small rate, and at its own best rate "
        "it is ahead of Adam. In Rosenbrock's bent valley no rate brings it to the end in 2,000 steps, and Adam gets "
        "there from many of the starts, not from all. RMSprop at a constant rate creeps, or hovers about the minimum."
    )
    bent = "holds if it is said of Adam, and the valley is bent, as Rosenbrock's is"
    return Verdict(bent if ahead < SEEDS / 2 else "holds", numbers, text)


def _steps_to_minimum(surface, rule):
    """Steps until each start is within the tolerance for good, by rate: (rates, starts); STEPS where it never is."""
    starts = np.random.default_rng(0).uniform(-1, 1, (SEEDS, 2)) * surface.span
    points = np.broadcast_to(starts, (len(RATES), SEEDS, 2)).copy()
    optimizer = rule(lr=np.repeat(RATES[:, None], SEEDS, axis=1))
    steps = np.zeros(points.shape[:2], int)
    with np.errstate(all="ignore"):  # at the highest rates some fly away
        for step in range(STEPS):
            optimizer.step(points, np.nan_to_num(surface.gradient(points)))
            np.clip(points, -1e6, 1e6, out=points)
            steps[surface.distance(points) > TOLERANCE] = step + 1
    return steps


def _best(steps):
    """The steps from each start at the one rate that makes their mean least."""
    return steps[steps.mean(axis=1).argmin()]


# --- what a penalty does ----------------------------------------------------------------------------------------------

FEATURES = 12


def l1_makes_zeros():
    """Twelve weights of which two count, learned from 20 noisy samples with three penalties: how many end at zero."""
    X, y = _two_of_twelve(40)
    counted = np.array([True] * FEATURES + [False])
    ways = {
        "L1, soft threshold": (ProximalSGD(0.05, l1=0.3, counted=counted), {}),
        "L1, along its slope": (SGD(0.05), {"l1": 0.3}),
        "L2": (SGD(0.05), {"l2": 0.3}),
    }
    numbers = {"samples": SEEDS, "weights": FEATURES}
    for k, (name, (optimizer, penalty)) in enumerate(ways.items()):
        net = Network([FEATURES, 1], seed=0, population=SEEDS)
        training = Training(net, X, y, optimizer=optimizer, epochs=500, **penalty)
        for step in training:
            if step.number % 20 == 0:
                yield (k + step.number / training.n_steps) / 3, name
        weights = np.abs(net.weights[0][..., 0])
        numbers |= spread(f"{name}: weights at exactly 0", (weights == 0).sum(axis=1))
        numbers |= spread(f"{name}: weights below 0.02", (weights < 0.02).sum(axis=1))
    text = (
        "The soft threshold sets small weights to exactly 0. Plain descent along the slope of |w| hops about zero: the "
        "weights become tiny, but none is 0. L2 shrinks all of them in proportion and removes none."
    )
    return Verdict("holds if the step for L1 is a soft threshold", numbers, text)


def _two_of_twelve(n, seed=0):
    """20 samples of n rows: X (20, n, 12) and y (20, n, 1), of which the first and the sixth feature count."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((SEEDS, n, FEATURES))
    truth = np.zeros((FEATURES, 1))
    truth[[0, 5], 0] = 2.0, -1.5
    return X, X @ truth + rng.standard_normal((SEEDS, n, 1))


STRENGTHS = np.array([0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])


def regularisation_helps():
    """Seven strengths of L2 on few noisy examples and on many; the best is chosen on other data than judge it."""
    numbers, judged = {"samples": SEEDS}, {}
    for n in (16, 200):
        judged[f"12 weights, {n} examples: squared error"] = _linear(n), 2
    judged["65 numbers, 20 points: cross-entropy"] = (yield from _network()), 2
    for name, ((choosing, judging), digits) in judged.items():
        best = int(choosing.mean(axis=1).argmin())
        for what, row in (("no penalty", 0), ("best L2", best), ("strongest L2", -1)):
            numbers |= spread(f"{name}, {what}", judging[row], digits)
        numbers[f"{name}: the best L2"] = float(STRENGTHS[best])
        numbers[f"{name}: samples it helped"] = int((judging[best] < judging[0]).sum())
    text = (
        "With few noisy examples a penalty of the right strength takes away a good part of the error on unseen ones. "
        "With many examples there is nothing to gain. Too strong a penalty undoes the gain, or does harm."
    )
    return Verdict("holds if it is read as “lessens”, the examples are few and the strength is right", numbers, text)


def _linear(n):
    """Squared errors on unseen rows of 12 fitted weights, by strength and sample: (for choosing, for judging)."""
    X, y = _two_of_twelve(n)
    errors = np.empty((2, len(STRENGTHS), SEEDS))
    unseen = _two_of_twelve(500, seed=1)
    for sample in range(SEEDS):
        w, b = least_squares(X[sample], y[sample], l2=STRENGTHS)
        for part in (0, 1):
            y_hat = unseen[0][part] @ w.T + b
            errors[part, :, sample] = ((y_hat - unseen[1][part]) ** 2).mean(axis=0)
    return errors


def _network():
    """The loss on unseen points of 2-16-1 networks trained on 20 points: as `_linear`."""
    samples = [load_dataset("moons", n=20, noise=0.35, seed=seed) for seed in range(SEEDS)]
    X = np.tile([sample.X for sample in samples], (len(STRENGTHS), 1, 1))
    y = np.tile([sample.y[:, None] for sample in samples], (len(STRENGTHS), 1, 1))
    net = Network([2, 16, 1], hidden="tanh", seed=0, population=SEEDS)
    net = net.with_params(np.tile(net.params, (len(STRENGTHS), 1)))
    penalty = {"l2": np.repeat(STRENGTHS, SEEDS)}
    training = Training(net, X, y, **BINARY, optimizer=Adam(lr=0.1), epochs=300, **penalty)
    for step in training:
        if step.number % 20 == 0:
            yield step.number / training.n_steps, "networks"
    unseen = [load_dataset("moons", n=1000, noise=0.35, seed=seed) for seed in (1000, 1001)]
    return [net.loss(part.X, part.y[:, None], **BINARY).reshape(len(STRENGTHS), SEEDS) for part in unseen]
