"""The experiments behind the claims of chapter 07 on momentum: how fast it is, and whom it gets out of where."""

import numpy as np

from wbviz.engine import SGD, Network, Training, momentum
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets import _valleys as valleys

SEEDS = 20

# --- how fast ---------------------------------------------------------------------------------------------------------

KAPPAS = np.array([10.0, 30.0, 100.0, 300.0, 1000.0])
DIRECTIONS, TOLERANCE = 8, 1e-3
USUAL = 0.9


def momentum_accelerates():
    """Steps to a thousandth of the first distance on 20 random quadratics of each κ, every rule at its best α."""
    rules = {"without momentum": _plain, "√κ rule": _rule, f"β = {USUAL}": _usual}
    numbers, steps = {"quadratics of each κ": SEEDS}, {name: [] for name in rules}
    for k, kappa in enumerate(KAPPAS):
        for name, rule in rules.items():
            steps[name].append(_steps(kappa, *rule(kappa)))
            numbers |= spread(f"κ = {kappa:g}, {name}: steps", steps[name][-1], 0)
        yield (k + 1) / len(KAPPAS), f"κ = {kappa:g}"
    for name in ("without momentum", "√κ rule"):
        numbers |= spread(f"steps grow like κ to the power, {name}", _exponents(np.array(steps[name])), 2)
    plain, usual = (np.array(steps[name]) for name in ("without momentum", f"β = {USUAL}"))
    for kappa in (10, 1000):
        ahead = int((usual < plain)[kappa == KAPPAS].sum())
        numbers[f"κ = {kappa}: quadratics on which β = {USUAL} needs fewer steps than no β"] = ahead
    text = (
        "With α and β by the √κ rule the steps grow about like the root of κ, without momentum like κ itself. But that "
        "rule asks for a β for each κ. The usual 0.9 is about its β for κ = 1000, and far ahead there; where κ is "
        "small it is behind plain descent."
    )
    return Verdict("holds if α and β suit the condition number", numbers, text)


def _plain(kappa):
    return momentum.best_descent(1 / kappa, 1.0)[0], 0.0


def _rule(kappa):
    return momentum.best(1 / kappa, 1.0)[:2]


def _usual(kappa):
    """The learning rate that is quickest with the usual β, of 400."""
    lr = np.linspace(0.01, 4, 400)
    return lr[momentum.worst_rate(lr, USUAL, 1 / kappa, 1.0).argmin()], USUAL


def _steps(kappa, lr, beta):
    """From which step on each of 20 descents is within the tolerance for good, shape (20,)."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((SEEDS, DIRECTIONS))
    curvature = kappa ** -rng.uniform(size=x.shape)
    curvature[:, 0], curvature[:, 1] = 1 / kappa, 1.0
    optimizer, first = SGD(float(lr), momentum=float(beta)), np.linalg.norm(x, axis=1)
    steps = np.zeros(SEEDS, int)
    for k in range(1, int(8 * kappa) + 200):
        optimizer.update(x, curvature * x, optimizer.lr)
        steps[np.sqrt((x * x).sum(axis=1)) > TOLERANCE * first] = k
    return steps + 1


def _exponents(steps):
    """The exponent with which the steps (κ, 20) grow with κ, of each of the 20: a straight line through logarithms."""
    return np.polyfit(np.log(KAPPAS), np.log(steps), 1)[0]


# --- whom it gets out of where ----------------------------------------------------------------------------------------

STARTS = 64
#: Where momentum is tried: (surface, learning rate, β, noise).
CASES = {
    "shallow bumps": ("bumps", 0.05, 0.9, 0.0),
    "bumpy bowl": ("bumpy bowl", 0.1, 0.9, 0.0),
    "bumps, less β": ("bumps", 0.05, 0.7, 0.0),
    "four deep wells": ("four wells", 0.1, 0.9, 0.0),
    "two wells": ("two wells", 0.02, 0.9, 0.0),
    "narrow lowest valley": ("needle", 0.04, 0.9, 0.0),
    "a neuron's loss": ("a neuron", 4.0, 0.9, 0.0),
    "two wells, noise": ("two wells", 0.005, 0.9, 1.0),
}


def momentum_escapes():
    """64 starts from each of 20 seeds in eight cases: who ends in the lowest valley, without and with momentum."""
    numbers = {"seeds": SEEDS, "starts of each": STARTS}
    for k, (name, (surface, lr, beta, noise)) in enumerate(CASES.items()):
        low = valleys.valleys(surface).low
        found = [valleys.runs(surface, lr, beta, noise, STARTS, seed) for seed in range(SEEDS)]
        plain, moved = np.array([run.lowest(low)[:, -1] for run in found]).T
        fates = np.array([valleys.fates(run, low, valleys.STEPS) for run in found])
        numbers |= spread(f"{name}: in the lowest, without", plain) | spread(f"{name}: with momentum", moved)
        numbers |= spread(f"{name}: taken away", fates[:, 1])
        numbers[f"{name}: seeds with more in the lowest"] = int((moved > plain).sum())
        yield (k + 1) / len(CASES), name
    text = (
        "Momentum carries over a wall whoever is quick enough for it, whichever side is the better one: over shallow "
        "bumps down to the lowest valley, two thirds of all starts and not the others; hardly out of deep wells, and "
        "with less β not at all. Where the lowest valley is narrow, or lies beside a plateau, it carries more out than "
        "in."
    )
    return Verdict("holds if the walls are low and the way leads downhill on the whole", numbers, text)


# --- a real network ---------------------------------------------------------------------------------------------------

X, Y = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
NETWORKS, SOLVED, AT = 25, 0.1, (300, 1000)
#: Learning rate, β and steps. In the long run the second and the third go equally far: α / (1 − β) is the same.
WAYS = {
    "α = 0.1": (0.1, 0.0, 3000), "α = 0.1, β = 0.9": (0.1, 0.9, 1000), "α = 1": (1.0, 0.0, 1000),
    "α = 0.1, β = 0.99": (0.1, 0.99, 1000),
}  # fmt: skip


def momentum_in_a_network():
    """A 2-2-1 network learns XOR from 20 × 25 starts, with momentum and without: how many solve it, and how soon."""
    numbers, solved = {"seeds": SEEDS, "starts of each": NETWORKS}, {}
    total, done = sum(steps for _, _, steps in WAYS.values()), 0
    for name, (lr, beta, steps) in WAYS.items():
        net = Network([2, 2, 1], hidden="tanh", seed=0, population=SEEDS * NETWORKS)
        training = Training(net, X, Y, loss="binary_cross_entropy", optimizer=SGD(lr, momentum=beta), epochs=steps)
        for step in training:
            if step.number + 1 in (*AT, steps):
                losses = net.loss(X, Y, loss="binary_cross_entropy").reshape(SEEDS, NETWORKS)
                solved[name, step.number + 1] = losses < SOLVED
            if step.number % 50 == 0:
                yield (done + step.number) / total, name
        done += steps
    for (name, steps), which in solved.items():
        numbers |= spread(f"{name}: solved after {steps} steps (of {NETWORKS})", which.sum(axis=1))
    plain, moved = solved["α = 1", 1000], solved["α = 0.1, β = 0.9", 1000]
    numbers["starts that momentum solves and α = 1 without it does not"] = int((moved & ~plain).sum())
    numbers["starts that α = 1 solves and momentum does not"] = int((plain & ~moved).sum())
    text = (
        "At the same α momentum gets there much sooner. But in the end hardly fewer are stuck: plain descent that "
        "takes ten times the α, or more steps, leaves about as many, and nearly the same ones. With β = 0.99 more are "
        "stuck. Momentum was quicker here; it was no way out."
    )
    return Verdict("misleading", numbers, text)
