"""Films of small networks that learn: what is learned from, the run as keyframes, and what it came to at each."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Film, Network, RMSprop, Training, losses_at, sigmoid

#: The data sets and the standard deviation of their noise; those of one input are regressions.
NOISE = {"moons": 0.2, "circles": 0.1, "xor": 0.1, "spiral": 0.03, "sine": 0.15, "line": 0.2}
CURVES = ("sine", "line")
HIDDEN = ("1", "2", "3", "4", "6", "8", "4-4", "8-8")
ACTIVATIONS = ("tanh", "relu", "sigmoid")
RULES = {
    "SGD": lambda lr: SGD(lr),
    "momentum": lambda lr: SGD(lr, momentum=0.9),
    "RMSprop": lambda lr: RMSprop(lr),
    "Adam": lambda lr: Adam(lr),
}
LEARNED, HELD_OUT = 60, 200  # examples
MOST_STEPS, MOST_EPOCHS = 2400, 1000
KILOBYTE = 1000
CELLS = 48
#: The places of the decision map, row by row from the lower left, in units of half the plane's edge: (CELLS², 2).
GRID = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) * 2 / CELLS - 1] * 2), axis=-1).reshape(-1, 2)
#: The places of a regression's curve.
PLACES = np.linspace(-1.2, 1.2, 121)
LIMITS = (1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class Setting(NamedTuple):
    """What a run and its film follow from, to the last bit. memory: of the keyframes, in kB of 1000 bytes."""

    dataset: str
    hidden: str
    activation: str
    optimizer: str
    lr: float
    batch: int
    epochs: int
    seed: int
    memory: int

    @property
    def sizes(self):
        """Numbers of units, layer by layer."""
        return [1 if self.dataset in CURVES else 2, *map(int, self.hidden.split("-")), 1]

    @property
    def loss(self):
        """The name of the loss that suits the data."""
        return "mse" if self.dataset in CURVES else "binary_cross_entropy"

    @property
    def steps(self):
        """How many steps the run has."""
        return self.epochs * batches(self.batch)


def batches(batch):
    """Steps in an epoch."""
    return -(-LEARNED // batch)


def most_epochs(batch):
    """The largest number of epochs: a film has at most 2,400 steps."""
    return min(MOST_EPOCHS, MOST_STEPS // batches(batch))


class Lesson(NamedTuple):
    """X (n, d) and y (n, 1) that are learned from, and those that are held out; half the edge of the plane."""

    X: np.ndarray
    y: np.ndarray
    held_X: np.ndarray
    held_y: np.ndarray
    limit: float


@lru_cache(maxsize=8)
def lesson(dataset, seed):
    """The Lesson of a data set: the first rows are learned from, the others never seen."""
    rows = load_dataset(dataset, n=LEARNED + HELD_OUT, noise=NOISE[dataset], seed=seed)
    X, y = rows.X, np.reshape(rows.y, (-1, 1)).astype(float)
    reach = np.abs(X[:LEARNED] if X.shape[1] > 1 else y[:LEARNED]).max()
    limit = next((limit for limit in LIMITS if reach <= limit), float(reach))
    return Lesson(X[:LEARNED], y[:LEARNED], X[LEARNED:], y[LEARNED:], limit)


@dataclass(frozen=True, eq=False)
class Shot:
    """A film that was taken, and what it came to at each moment kept, the last included.

    steps: (k,).  params: (k, n_params).  learned, held: the loss on the examples learned from and held out, (k,).
    """

    setting: Setting
    film: Film
    lesson: Lesson
    steps: np.ndarray
    params: np.ndarray
    learned: np.ndarray
    held: np.ndarray

    @property
    def net(self):
        """The network; its parameters are those of the last moment."""
        return self.film.training.net

    def after(self, step):
        """The network after so many steps, as it really was; a copy of one's own."""
        return self.net.with_params(self.film.at(step))

    @cached_property
    def right(self):
        """Which examples learned from are answered right at each moment, (k, n) booleans; None for a regression."""
        return None if self.setting.dataset in CURVES else self.rights(self.params)

    def rights(self, params):
        """The same for any parameters (k, n_params)."""
        with np.errstate(all="ignore"):
            return (self.net.with_params(params)(self.lesson.X)[..., 0] > 0) == (self.lesson.y[:, 0] > 0.5)


@lru_cache(maxsize=4)
def shot(setting):
    """Train for real, film it, and look at it → Shot. Only the latest are remembered."""
    known = lesson(setting.dataset, setting.seed)
    training = Training(
        Network(setting.sizes, hidden=setting.activation, seed=setting.seed),
        known.X,
        known.y,
        loss=setting.loss,
        optimizer=RULES[setting.optimizer](setting.lr),
        epochs=setting.epochs,
        batch_size=setting.batch,
        seed=setting.seed,
    )
    film = Film(training, memory=setting.memory * KILOBYTE).run()
    steps, params = film.steps.copy(), film.params.copy()
    if steps[-1] < film.last:
        steps, params = np.append(steps, film.last), np.vstack([params, film.at(film.last)])
    learned, held = (
        losses_at(training.net, params, X, y, setting.loss)
        for X, y in ((known.X, known.y), (known.held_X, known.held_y))
    )
    return Shot(setting, film, known, steps, params, learned, held)


def truth(dataset, seed):
    """Places on the curve that a regression's examples lie about, (m, 2), in order."""
    bare = load_dataset(dataset, n=PLACES.size, noise=0.0, seed=seed)
    return np.hstack([bare.X, bare.y])[bare.X[:, 0].argsort()]


class Picture(NamedTuple):
    """The network at one step: its losses, the share of right answers (None for a regression), what it draws.

    drawn: the probability of class 1 at each place of GRID, (CELLS, CELLS), or the curve at PLACES, (121,).
    """

    net: Network
    learned: float
    held: float
    right: float | None
    drawn: np.ndarray


@lru_cache(maxsize=8)
def picture(setting, step):
    """The Picture of a run after so many steps."""
    taken = shot(setting)
    net, known = taken.after(step), taken.lesson
    with np.errstate(all="ignore"):  # the last moments of a run that diverges
        losses = [float(net.loss(X, y, setting.loss)) for X, y in ((known.X, known.y), (known.held_X, known.held_y))]
        if setting.dataset in CURVES:
            return Picture(net, *losses, None, net(PLACES[:, None])[:, 0])
        drawn = sigmoid(net(GRID * known.limit)[:, 0]).reshape(CELLS, CELLS)
    return Picture(net, *losses, float(taken.rights(net.params).mean()), drawn)


def is_weight(net):
    """Which parameters of a network are weights, (n_params,) booleans; the others are biases."""
    flags = np.zeros(net.n_params, bool)
    for weights in net.views(flags)[0]:
        weights[...] = True
    return flags


def line_of(w, b, limit):
    """Two places on the line w·x + b = 0, (2, 2), beyond the edges of a plane up to ±limit; (0, 2) where it is not."""
    length = float(np.hypot(*w))
    if length == 0 or abs(b) > 2 * limit * length:
        return np.empty((0, 2))
    along = 3 * limit * np.array([-w[1], w[0]]) / length
    return np.stack([-along, along]) - b * w / length**2
