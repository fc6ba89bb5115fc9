"""Deep networks trained by plain gradient descent: what reaches each layer on the way forward and back."""

import threading
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Diverged, Network, Training

#: What is learned, and the loss of it.
DATA = {"moons": "binary_cross_entropy", "digits": "cross_entropy"}
STEPS = 200
#: A keyframe of a training is kept after so many steps; those between are trained again from it, to the same numbers.
KEPT = 10
DEEPEST, WIDEST = 50, 20
#: A value is called flat where the slope of the activation is below this; a neuron that is flat on all examples silent.
FLAT = 0.01
#: A layer's gradient, as a share of the error, that is called vanishing, and one that is called exploding.
VANISHING, EXPLODING = 1e-4, 1e2
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Units are copies of each other when their weights differ by less than this share of the largest.
SAME = 1e-9


class Setting(NamedTuple):
    """What a training follows from. A learner's own network has a Setting of its own, with the same methods."""

    dataset: str
    depth: int
    width: int
    activation: str
    init: str
    gain: float
    lr: float
    seed: int

    @property
    def loss(self):
        """The name of the loss that is brought down."""
        return DATA[self.dataset]

    @property
    def several(self):
        """Are there units that could become copies of each other?"""
        return self.width > 1

    def examples(self):
        """X and y, as the loss takes it."""
        return examples(self.dataset)[:2]

    def network(self):
        """The untrained network."""
        return network(self)

    def accuracy(self, y_hat):
        """The share of right answers, 0 to 1; None where answers are neither right nor wrong."""
        _, y = self.examples()
        right = (y_hat > 0) == (y > 0) if y.ndim == 2 else y_hat.argmax(axis=1) == y
        return float(right.mean())


@lru_cache(maxsize=4)
def examples(dataset):
    """X (n, d), y (as the loss takes it), and the number of outputs: the first 100 digits, or 40 + 24 points of moons.

    Neither has as many of each class: with equal numbers even the output bias of an empty network would rest at 0.
    """
    if dataset == "digits":
        drawn = load_dataset("digits")
        return drawn.X[:100], drawn.y[:100], 10
    drawn = load_dataset("moons", n=80, noise=0.15)
    kept = (drawn.y == 0) | (np.arange(80) < 48)
    return drawn.X[kept], drawn.y[kept, None], 1


def network(setting):
    """The untrained network: `depth` hidden layers; the initialiser's weights are multiplied by `gain`."""
    X, _, outputs = examples(setting.dataset)
    sizes = [X.shape[1], *[setting.width] * setting.depth, outputs]
    net = Network(sizes, hidden=setting.activation, init=setting.init, seed=setting.seed)
    net.params *= setting.gain  # biases are 0
    return net


class Film:
    """A training that goes as far as it is asked to, and can be looked at after any of its steps.

    Several threads may ask. diverged: the step at which it diverged, or None; from there on all is as it was before.
    """

    def __init__(self, setting):
        self.setting, self.diverged, self._ended, self._lock = setting, None, None, threading.Lock()
        self._net = setting.network()
        self._frames, self._losses = [self._net.params.copy()], []

    @property
    def reach(self):
        """The last step that can be looked at without training on."""
        return STEPS if self.diverged is not None else KEPT * (len(self._frames) - 1)

    def go_on(self):
        """Train up to the next keyframe."""
        with self._lock:
            if self.reach < STEPS:
                self._losses.extend(self._train(KEPT))
                self._frames.append(self._net.params.copy())
                self.diverged = self._ended  # last: whoever looks meanwhile finds all that belongs to it

    def at(self, step):
        """(network, losses): the network after a step, and the losses at step 0, 1, … before it."""
        while self.reach < step:
            self.go_on()
        if self.diverged is not None and step >= self.diverged:
            return self._net.with_params(self._frames[-1]), np.array(self._losses[: self.diverged])
        frame = step // KEPT
        net = self._net.with_params(self._frames[frame])
        if step > KEPT * frame:
            _training(self.setting, net, step - KEPT * frame).run()
        return net, np.array(self._losses[:step])

    def _train(self, steps):
        training = _training(self.setting, self._net, steps)
        try:
            training.run()
        except Diverged as error:
            self._ended = KEPT * (len(self._frames) - 1) + error.step
        return training.history.loss


def _training(setting, net, steps):
    X, y = setting.examples()
    return Training(net, X, y, loss=setting.loss, optimizer=SGD(setting.lr), epochs=steps)


@lru_cache(maxsize=2)
def film(setting):
    """The Film of a setting."""
    return Film(setting)


class Moment(NamedTuple):
    """A network at one step of its training. Arrays hold a value for each layer, from the first hidden to the output.

    a: the activations, (n, units) each.
    a_bands, g_bands: QUANTILES of the sizes |a| and |dL/dW| that are not 0, (5, layers); NaN where all are.
    a_zero, g_zero: the share that is exactly 0. mean, sd, length: of activations; length is ‖a‖ of an example, as root
    mean square. flat: share of values. silent, distinct: numbers of units. gW, gb, delta: lengths of the gradients.
    error: ‖dL/dŷ‖ of one example's own loss, root mean square: what is sent back. losses: by step, the last one now.
    """

    a: list
    a_bands: np.ndarray
    a_zero: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    length: np.ndarray
    flat: np.ndarray
    silent: np.ndarray
    distinct: np.ndarray
    g_bands: np.ndarray
    g_zero: np.ndarray
    gW: np.ndarray
    gb: np.ndarray
    delta: np.ndarray
    error: float
    losses: np.ndarray
    accuracy: float | None

    @property
    def ratio(self):
        """First layer's ‖dL/dW‖ over that of the output layer; None where the latter is 0."""
        return float(self.gW[0] / self.gW[-1]) if self.gW[-1] > 0 else None


@lru_cache(maxsize=3)
def moment(setting, step):
    """The Moment of a setting after a step."""
    net, losses = film(setting).at(step)
    X, y = setting.examples()
    back = net.backward(X, y, loss=setting.loss)
    record = back.forward
    slopes = [np.abs(f.derivative(z)) < FLAT for f, z in zip(net.activations, record.z, strict=True)]
    a_bands, a_zero = zip(*(sizes_of(a) for a in record.a[1:]), strict=True)
    g_bands, g_zero = zip(*(sizes_of(dW) for dW in back.dW), strict=True)
    return Moment(
        a=record.a[1:],
        a_bands=np.transpose(a_bands),
        a_zero=np.array(a_zero),
        mean=np.array([a.mean() for a in record.a[1:]]),
        sd=np.array([length(a - a.mean()) / np.sqrt(a.size) for a in record.a[1:]]),
        length=np.array([length(a) / np.sqrt(len(a)) for a in record.a[1:]]),
        flat=np.array([slope.mean() for slope in slopes]),
        silent=np.array([int(slope.all(axis=0).sum()) for slope in slopes]),
        distinct=np.array([distinct(W, b) for W, b in zip(net.weights, net.biases, strict=True)]),
        g_bands=np.transpose(g_bands),
        g_zero=np.array(g_zero),
        gW=np.array([length(dW) for dW in back.dW]),
        gb=np.array([length(db) for db in back.db]),
        delta=np.array([length(delta) for delta in back.delta]),
        error=float(length(back.delta[-1]) * np.sqrt(len(X))),
        losses=np.append(losses, net.loss(X, y, loss=setting.loss)),
        accuracy=setting.accuracy(record.y_hat),
    )


def sizes_of(values):
    """(QUANTILES of the sizes that are not 0, share of exact zeros)."""
    sizes = np.sort(np.abs(values), axis=None)
    zeros = int(np.searchsorted(sizes, 0, side="right"))
    if zeros == len(sizes):
        return np.full(len(QUANTILES), np.nan), 1.0
    rest = sizes[zeros:]
    return np.interp(np.multiply(QUANTILES, len(rest) - 1), np.arange(len(rest)), rest), zeros / len(sizes)


def length(values):
    """The square root of the sum of squares, also where a square is more than a float64 can hold."""
    largest = np.abs(values).max()
    return float(largest * np.linalg.norm(values / largest)) if largest > 0 else 0.0


def distinct(W, b):
    """How many different units a layer has: two whose incoming weights and bias are the same count as one."""
    columns = np.vstack([W, b]).T
    grain = SAME * np.abs(columns).max() or 1.0
    return len({unit.tobytes() for unit in np.rint(columns / grain).astype(int)})


def verdict(setting, seen, diverged):
    """What there is to see (diverged, symmetric, blocked, vanishing, exploding or healthy) and in which layer."""
    share = seen.gW / (seen.error or 1.0)
    if diverged:
        return "diverged", int(share.argmax())
    if setting.several and (seen.distinct[:-1] == 1).all():
        return "symmetric", 0
    if (seen.gW[:-1] == 0).any():
        return "blocked", int(np.flatnonzero(seen.gW == 0)[-1])
    if share[:-1].min() < VANISHING:
        return "vanishing", int(share[:-1].argmin())
    if share.max() > EXPLODING:
        return "exploding", int(share.argmax())
    return "healthy", 0
