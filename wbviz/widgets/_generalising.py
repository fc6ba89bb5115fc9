"""Networks that learn from some examples and are judged on others they never see: the experiments of Generalise."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Adam, Network, Training, accuracy, confusion_matrix

#: The sets with two inputs, drawn from a rule, and the noise that each begins with.
PLANES = {"moons": 0.3, "circles": 0.2, "xor": 0.2, "blobs": 0.9, "spiral": 0.05}
DATA = (*PLANES, "digits", "breast_cancer", "iris")
#: Of a set drawn from a rule: how many examples there are to learn from, and how many are kept unseen.
POOL, UNSEEN = 400, 1000
#: Of a real set: the share that is kept unseen.
SHARE = 0.25
FEWEST = 5
LEARNING_RATE = 0.05
#: A point of the learning curve is measured with so many seeds.
SEEDS = 8
CELLS = 60
#: The places of the decision map, row by row from the lower left, in units of half the plane's edge: (CELLS², 2).
GRID = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) * 2 / CELLS - 1] * 2), axis=-1).reshape(-1, 2)
#: The planes reach from −limit to limit, in both directions.
LIMITS = (1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 5, 6, 8)


class Setting(NamedTuple):
    """What a training follows from, to the last bit."""

    dataset: str
    examples: int
    noise: float
    hidden: int
    epochs: int
    seed: int

    @property
    def curve(self):
        """The setting of the learning curve, which is the same for every number of examples and every seed."""
        return self._replace(examples=0, seed=0)


class Snapshot(NamedTuple):
    """The network of a setting after some epochs. The network is not changed any more."""

    setting: Setting
    epoch: int
    net: Network


class Lesson(NamedTuple):
    """What is learned from and what is judged by, as the network gets it: (X − mean) / scale.

    X (n, d) and y (n,) are learned from, drawn as `rows` (a Dataset, not standardised); unseen_X, unseen_y never are.
    mean and scale come from the examples learned from alone, so that nothing is known of the unseen ones.
    """

    rows: object
    X: np.ndarray
    y: np.ndarray
    unseen_X: np.ndarray
    unseen_y: np.ndarray
    mean: np.ndarray
    scale: np.ndarray


@lru_cache(maxsize=12)
def parts(dataset, noise):
    """Two Datasets: the pool that examples are drawn from, and the unseen ones; always the same rows.

    Noise is Gaussian: its standard deviation is `noise` in a plane, and `noise` times each feature's own in real data.
    """
    if dataset in PLANES:
        return load_dataset(dataset, n=POOL + UNSEEN, noise=noise).split(test=UNSEEN / (POOL + UNSEEN))
    measured = load_dataset(dataset)
    blur = noise * measured.X.std(axis=0) * np.random.default_rng(0).standard_normal(measured.X.shape)
    return replace(measured, X=measured.X + blur).split(test=SHARE)


def fewest(dataset):
    """The smallest number of examples: one of each class at least."""
    return max(FEWEST, len(_whole(dataset)[0].target_names))


def most(dataset):
    """The number of all examples there are to learn from."""
    return len(_whole(dataset)[0])


def sizes(dataset):
    """The numbers of examples at which the learning curve is measured: doublings, and all."""
    low, high = fewest(dataset), most(dataset)
    return [*(n for n in (low * 2**k for k in range(12)) if n < 0.72 * high), high]


def limit(dataset, noise):
    """Half the edge of the plane that all points of a set lie in."""
    reach = max(float(np.abs(part.X).max()) for part in parts(dataset, noise))
    return next((limit for limit in LIMITS if reach <= limit), reach)


@lru_cache(maxsize=12)
def lesson(setting):
    """The Lesson of a setting. The same seed with more examples keeps those it had."""
    pool, unseen = parts(setting.dataset, setting.noise)
    rows = pool.sample(setting.examples, seed=setting.seed)
    mean, scale = np.zeros(rows.X.shape[1]), np.ones(rows.X.shape[1])
    if setting.dataset != "digits":  # pixels share one unit as they are
        mean, scale = rows.X.mean(axis=0), rows.X.std(axis=0)
    inputs = (part.standardise(mean, scale).X for part in (rows, unseen))
    return Lesson(rows, next(inputs), rows.y, next(inputs), unseen.y, mean, np.where(scale == 0, 1.0, scale))


def network(setting, population=None):
    """The untrained network of a setting, or that many of them with one seed after the other."""
    pool = _whole(setting.dataset)[0]
    layers = [pool.X.shape[1], setting.hidden, len(pool.target_names)]
    return Network(layers, hidden="tanh", output="identity", seed=setting.seed, population=population)


def snapshots(setting):
    """Train for real: yields the Snapshot after each epoch."""
    net, known = network(setting), lesson(setting)
    for step in training(net, known.X, known.y, setting.epochs):
        yield Snapshot(setting, step.number + 1, net.copy())


def training(net, X, y, epochs):
    """The recipe: cross-entropy, Adam, all examples in each step, so that an epoch is a step however many there are."""
    return Training(net, X, y, loss="cross_entropy", optimizer=Adam(lr=LEARNING_RATE), epochs=epochs)


def untrained(setting):
    """The Snapshot before the first step."""
    return Snapshot(setting, 0, network(setting))


@lru_cache(maxsize=8)
def finished(setting):
    """The Snapshot after the last epoch, trained at once. Only the latest are remembered."""
    net, known = network(setting), lesson(setting)
    for _ in training(net, known.X, known.y, setting.epochs):
        pass
    return Snapshot(setting, setting.epochs, net)


class Errors(NamedTuple):
    """The share of wrong answers and the cross-entropy, on the examples learned from and on the unseen ones."""

    learned: float
    unseen: float
    learned_loss: float
    unseen_loss: float


class Judgement(NamedTuple):
    """What a snapshot is worth: Errors now and `before` training, and how it answers.

    counts: confusion matrix of the unseen examples.  wrong: which of them it answers wrongly (booleans).
    elsewhere: planes only: the share of wrong answers on the unseen examples of each other plane.
    map: planes only: the probability of class 1 at each place of GRID, otherwise None.
    """

    now: Errors
    before: Errors
    counts: np.ndarray
    wrong: np.ndarray
    elsewhere: dict
    map: np.ndarray | None


@lru_cache(maxsize=4)
def judge(snapshot):
    """The Judgement of a Snapshot."""
    setting, net = snapshot.setting, snapshot.net
    known = lesson(setting)
    answers = net(known.unseen_X)
    others = {name: _error_on(name, net, known) for name in PLANES if setting.dataset in PLANES}
    others.pop(setting.dataset, None)
    return Judgement(
        now=errors(net, known),
        before=errors(network(setting), known),
        counts=confusion_matrix(known.unseen_y, answers),
        wrong=answers.argmax(axis=1) != known.unseen_y,
        elsewhere=others,
        map=_map(setting, net, known) if setting.dataset in PLANES else None,
    )


def errors(net, known):
    """The Errors of a network, or of each member of a population, on a Lesson."""
    sets = ((known.X, known.y), (known.unseen_X, known.unseen_y))
    return Errors(
        *(1 - accuracy(y, net(X)) for X, y in sets),
        *(net.loss(X, y, loss="cross_entropy") for X, y in sets),
    )


@dataclass
class Curve:
    """Learning curves: the error of `SEEDS` networks for each number of examples measured so far.

    learned, unseen: a list of arrays (SEEDS,) of shares of wrong answers, one array for each item of `sizes`.
    """

    setting: Setting
    sizes: list = field(default_factory=list)
    learned: list = field(default_factory=list)
    unseen: list = field(default_factory=list)

    @property
    def so_far(self):
        """(sizes, learned, unseen), of one length even while a thread adds to them."""
        n = len(self.sizes)
        return self.sizes[:n], self.learned[:n], self.unseen[:n]


def measure(curve):
    """Fill a Curve by training SEEDS networks at each size, each from weights and examples of its own seed.

    Yields how far it is, as Work wants it.
    """
    everything = sizes(curve.setting.dataset)
    for i, n in enumerate(everything):
        lessons = [lesson(curve.setting._replace(examples=n, seed=seed)) for seed in range(SEEDS)]
        nets = network(curve.setting, population=SEEDS)
        X, y = np.stack([known.X for known in lessons]), np.stack([known.y for known in lessons])
        for step in training(nets, X, y, curve.setting.epochs):
            yield (i + step.number / curve.setting.epochs) / len(everything), f"{SEEDS} networks, {n} examples each"
        judged = [errors(nets.with_params(own), known) for own, known in zip(nets.params, lessons, strict=True)]
        curve.learned.append(np.array([found.learned for found in judged]))
        curve.unseen.append(np.array([found.unseen for found in judged]))
        curve.sizes.append(n)
        yield (i + 1) / len(everything), f"{SEEDS} networks, {n} examples each"


def _whole(dataset):
    return parts(dataset, PLANES.get(dataset, 0.0))


def _error_on(dataset, net, known):
    unseen = _whole(dataset)[1]
    return 1 - float(accuracy(unseen.y, net((unseen.X - known.mean) / known.scale)))


def _map(setting, net, known):
    scores = net((GRID * limit(setting.dataset, setting.noise) - known.mean) / known.scale)
    return 1 / (1 + np.exp(np.clip(scores[:, 0] - scores[:, 1], -50, 50)))
