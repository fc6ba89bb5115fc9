"""Small networks whose ReLU units die in training, and what brings them back: the experiments of DeadReLU."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, SGD, Diverged, Network, Training

STEPS = 100
MOST = 12
#: Activations of the hidden units: ReLU, and those that let something through below 0.
SHAPES = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")
CURES = ("none", "a tenth of the learning rate", "leaky_relu", "elu", "silent units' bias moved")
LOSS = "binary_cross_entropy"
#: What a unit is: it fires on some point; on none, but has a gradient; on none, and its gradient is exactly 0.
ALIVE, ASLEEP, DEAD = range(3)
#: The map: at each learning rate and starting bias so many networks, each with its own seed.
SEEDS = 20
RATES = (0.1, 0.3, 1.0, 3.0, 5.0, 10.0, 20.0, 50.0)
BIASES = (2, 1, 0, -1, -2, -3, -4)


class Setting(NamedTuple):
    """What a training follows from."""

    activation: str
    units: int
    bias: float
    lr: float
    cure: str
    since: int
    seed: int


class Run(NamedTuple):
    """A training by step, 0 to STEPS.

    params (STEPS + 1, n_params). fires (STEPS + 1, units): on how many points z is above 0. gradient: the length of
    each unit's gradient, its weights and its bias, of the same shape. state: ALIVE, ASLEEP or DEAD. losses, right
    (STEPS + 1,). diverged: the step at which it did, or None; from there on all is as it was before.
    """

    params: np.ndarray
    fires: np.ndarray
    gradient: np.ndarray
    state: np.ndarray
    losses: np.ndarray
    right: np.ndarray
    diverged: int | None


@lru_cache(maxsize=1)
def points():
    """X (80, 2) and y (80, 1): moons."""
    drawn = load_dataset("moons", n=80, noise=0.15)
    return drawn.X, drawn.y[:, None]


def network(setting, population=None):
    """The untrained network: He's weights, and the same bias for all hidden units."""
    net = Network([2, setting.units, 1], hidden=setting.activation, init="he", seed=setting.seed, population=population)
    net.biases[0][...] = setting.bias
    return net


def later(setting):
    """The name of the activation after the cure."""
    return setting.cure if setting.cure in ACTIVATIONS else setting.activation


@lru_cache(maxsize=16)
def run(setting):
    """The Run of a setting."""
    net = network(setting)
    before, diverged = _trained(net, setting.lr, setting.since)
    if diverged is None:
        net = _cured(setting, net)
        lr = setting.lr / 10 if setting.cure == CURES[1] else setting.lr
        after, diverged = _trained(net, lr, STEPS - setting.since)
        diverged = None if diverged is None else setting.since + diverged
    else:
        after = before[-1:]
    params = np.concatenate([before, after[1:]])
    params = np.concatenate([params, np.repeat(params[-1:], STEPS + 1 - len(params), axis=0)])
    early, late = params[: setting.since + 1], params[setting.since + 1 :]
    first, second = network(setting), network(setting._replace(activation=later(setting)))
    looks = [_looked(net.with_params(part)) for net, part in ((first, early), (second, late)) if len(part)]
    return Run(params, *(np.concatenate(parts) for parts in zip(*looks, strict=True)), diverged)


def _trained(net, lr, steps):
    """(The parameters before and after each step, the step at which it diverged or None)."""
    training = Training(net, *points(), loss=LOSS, optimizer=SGD(lr), epochs=steps, record=("params",))
    try:
        training.run()
    except Diverged as error:
        return training.history.params[: error.step + 1], error.step
    return training.history.params, None


def _cured(setting, net):
    """The network that goes on learning: another activation, or silent units' hinges in the middle."""
    cured = network(setting._replace(activation=later(setting))).with_params(net.params)
    if setting.cure == CURES[-1]:
        X, _ = points()
        silent = (net.forward(X).z[0] <= 0).all(axis=0)
        cured.biases[0][silent] = -(X.mean(axis=0) @ net.weights[0])[silent]
    return cured


def _looked(nets):
    """fires, gradient, state, losses and right of networks, one after the other."""
    X, y = points()
    back = nets.backward(X, y, loss=LOSS)
    fires = (back.forward.z[0] > 0).sum(axis=-2)
    gradient = np.sqrt((back.dW[0] ** 2).sum(axis=-2) + back.db[0] ** 2)
    nothing = (back.dW[0] == 0).all(axis=-2) & (back.db[0] == 0)
    state = np.where(fires > 0, ALIVE, np.where(nothing, DEAD, ASLEEP))
    right = ((back.forward.y_hat > 0) == (y > 0)).mean(axis=(-2, -1))
    return fires, gradient, state, nets.loss(X, y, loss=LOSS), right


@dataclass
class Map:
    """How many of a network's units never fire after STEPS steps: mean over SEEDS seeds at (BIASES, RATES).

    before, after: (7, 8), NaN where it is not measured yet.
    """

    activation: str
    units: int
    before: np.ndarray = field(default_factory=lambda: np.full((len(BIASES), len(RATES)), np.nan))
    after: np.ndarray = field(default_factory=lambda: np.full((len(BIASES), len(RATES)), np.nan))

    @property
    def done(self):
        """How many rows are measured."""
        return int(np.isfinite(self.after[:, 0]).sum())


def measure(found):
    """Fill a Map row by row, each a population of networks. Yields how far it is, as Work wants it."""
    X, y = points()
    for row, bias in enumerate(BIASES):
        start = network(Setting(found.activation, found.units, bias, 0.1, "none", 0, 0), SEEDS)
        nets = start.with_params(np.tile(start.params, (len(RATES), 1)))
        silent = _silent(nets)
        training = Training(nets, X, y, loss=LOSS, optimizer=SGD(np.repeat(RATES, SEEDS)), epochs=STEPS)
        while not training.done:
            yield (row + training.made / STEPS) / len(BIASES), f"{len(RATES) * SEEDS} networks with bias {bias}"
            try:
                training.run(10)
            except Diverged:
                break
        found.before[row], found.after[row] = silent, _silent(nets)
    yield 1.0, f"{len(BIASES) * len(RATES) * SEEDS:,} networks"


def _silent(nets):
    """How many units of each rate's networks never fire, on average."""
    silent = (nets.forward(points()[0]).z[0] <= 0).all(axis=-2).sum(axis=-1)
    return silent.reshape(len(RATES), SEEDS).mean(axis=1)
