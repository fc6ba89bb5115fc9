"""A hundred models that learn from examples of their own, and a hundred others to measure by: what BiasVariance shows.

Each model draws its own examples and its own starting (or random) weights; so variance is over both.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import (
    Adam,
    Decomposition,
    Estimate,
    Network,
    Training,
    decompose,
    measured_error,
    minimum_norm,
    ridge_risk,
    ridgeless_risk,
)

#: How many models the parts are estimated from, and how many others the error is measured on.
COUNT = 100
NETWORK, RANDOM, GAUSSIAN = MODELS = ("trained network", "random ReLU units", "Gaussian inputs")
#: What the capacity of each is called, and how far it goes.
CAPACITIES = {NETWORK: ("hidden units", 32), RANDOM: ("ReLU units", 200), GAUSSIAN: ("inputs used", 200)}
#: What there is to learn of the first input, from −1 to 1.
TRUTHS = {
    "wave": lambda x: np.sin(np.pi * x),
    "step": lambda x: np.where(x > 0.2, 0.8, -0.8),
    "line": lambda x: 0.8 * x,
}
LAMBDAS = (0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
LEARNING_RATE, LONGEST, FEWEST, MOST = 0.1, 1000, 8, 60
#: The epochs after which a training is looked at: equal ratios, so that the first are not missed.
MOMENTS = tuple(sorted({round(1.3**k) for k in range(27)} | {0, LONGEST}))
PLACES = np.linspace(-1, 1, 61)
#: Random units see three inputs, of which the first counts; Gaussian inputs count the less, the later they come.
INPUTS, MANY = 3, CAPACITIES[GAUSSIAN][1]
BETA = np.sqrt(1 / np.arange(1, MANY + 1) / np.sum(1 / np.arange(1, MANY + 1)))
UNSEEN, STRIDE = 50, 10
#: So many settings along axes are remembered.
KEPT = 500
X_STREAM, NOISE_STREAM, WEIGHT_STREAM, FRESH_STREAM = range(4)


class Setting(NamedTuple):
    """What all models follow from, to the last bit."""

    model: str
    truth: str
    capacity: int
    lam: float
    examples: int
    noise: float
    epochs: int
    seed: int

    @property
    def needed(self):
        """The same with all that does nothing left out: equal ones are computed once."""
        if self.model == NETWORK:
            return self
        return self._replace(epochs=0, truth="" if self.model == GAUSSIAN else self.truth)


class Fit(NamedTuple):
    """What the models of a setting are worth after some epochs.

    curves (COUNT, m): their outputs along the first input, or their weights; truth (m,). parts: the Decomposition over
    all test points; along: that at the places of `curves`. measured: the error of COUNT other models on fresh targets.
    learned: the mean error on the examples learned from. path: a Moment for each look at a training.
    """

    setting: Setting
    epoch: int
    curves: np.ndarray
    truth: np.ndarray
    parts: Decomposition
    along: Decomposition
    measured: Estimate
    learned: float
    path: tuple = ()

    @property
    def moment(self):
        return _moment(self.epoch, self.parts, self.measured)


class Moment(NamedTuple):
    """The parts of the error and the measured one, somewhere along an axis; Estimates but for the noise."""

    at: float
    noise: float
    bias2: Estimate
    variance: Estimate
    total: Estimate
    measured: Estimate


def _moment(at, parts, measured):
    return Moment(at, parts.noise, parts.bias2, parts.variance, parts.total, measured)


# --- examples ---------------------------------------------------------------------------------------------------------


def _rng(setting, stream):
    return np.random.default_rng([setting.seed, MODELS.index(setting.model), stream])


def examples(setting):
    """X (2·COUNT, n, d) and y (2·COUNT, n). More examples keep those there were; more noise moves them further."""
    n = setting.examples
    shape = {NETWORK: 1, RANDOM: INPUTS, GAUSSIAN: MANY}[setting.model]
    draw = _rng(setting, X_STREAM)
    if setting.model == GAUSSIAN:
        X = draw.standard_normal((n, 2 * COUNT, shape))
    else:
        X = draw.uniform(-1, 1, (n, 2 * COUNT, shape))
    noise = setting.noise * _rng(setting, NOISE_STREAM).standard_normal((n, 2 * COUNT))
    return X.swapaxes(0, 1), (_truth(setting, X) + noise).T


def _truth(setting, X):
    return X @ BETA if setting.model == GAUSSIAN else TRUTHS[setting.truth](X[..., 0])


def _fresh(setting, shape):
    """Fresh noise for the targets of the other models."""
    return setting.noise * _rng(setting, FRESH_STREAM).standard_normal(shape)


# --- models -----------------------------------------------------------------------------------------------------------


def fits(setting):
    """Learn for real: yields (epoch, Fit), where the Fit is renewed at the MOMENTS; exact models yield once."""
    if setting.model != NETWORK:
        yield 0, _solved(setting)
        return
    nets, fit = network(setting), None
    X, y = examples(setting)
    training = Training(nets, X, y[..., None], optimizer=Adam(lr=LEARNING_RATE), epochs=setting.epochs, l2=setting.lam)
    for moment in sorted({*(m for m in MOMENTS if m < setting.epochs), setting.epochs}):
        while training.made < moment - STRIDE:
            training.run(STRIDE)
            yield training.made, fit
        training.run(moment - training.made)
        fit = _judged(setting, moment, nets, X, y, fit.path if fit else ())
        yield moment, fit


def network(setting):
    """The 2·COUNT untrained networks, with one seed after the other."""
    return Network([1, setting.capacity, 1], seed=1000 * setting.seed, population=2 * COUNT)


def _judged(setting, epoch, nets, X, y, path):
    truth, outputs = TRUTHS[setting.truth](PLACES), nets(PLACES[:, None])[..., 0]
    curves, others = outputs[:COUNT], outputs[COUNT:]
    parts = decompose(curves, truth, setting.noise**2)
    measured = measured_error(others, truth + _fresh(setting, others.shape))
    learned = float(((nets(X)[..., 0] - y) ** 2).mean())
    path = (*path, _moment(epoch, parts, measured))
    return Fit(setting, epoch, curves, truth, parts, parts, measured, learned, path)


def _solved(setting):
    return _gaussian(setting) if setting.model == GAUSSIAN else _random(setting)


def _random(setting):
    """Hidden ReLU units with random weights that stay; the output weights are the least squares, of shortest norm."""
    hidden, (X, y), noise = _hidden(setting), examples(setting), setting.noise**2
    units = _relu(X, hidden)
    w = minimum_norm(units, y, setting.lam)
    cut = np.zeros((len(PLACES), INPUTS))
    cut[:, 0] = PLACES
    curves = (_relu(cut, hidden[:COUNT]) @ w[:COUNT, :, None])[..., 0]
    tests = np.random.default_rng(0).uniform(-1, 1, (UNSEEN, INPUTS))
    outputs, truth = (_relu(tests, hidden) @ w[..., None])[..., 0], _truth(setting, tests)
    measured = measured_error(outputs[COUNT:], truth + _fresh(setting, (COUNT, UNSEEN)))
    learned = float((((units @ w[..., None])[..., 0] - y) ** 2).mean())
    parts, along = decompose(outputs[:COUNT], truth, noise), decompose(curves, _truth(setting, cut), noise)
    return Fit(setting, 0, curves, _truth(setting, cut), parts, along, measured, learned)


def _hidden(setting):
    """Weights of length 1 and biases from −½ to ½, (2·COUNT, INPUTS + 1, capacity); more units keep those there are."""
    drawn = _rng(setting, WEIGHT_STREAM).standard_normal((setting.capacity, 2 * COUNT, INPUTS + 1))
    drawn[..., :-1] /= np.linalg.norm(drawn[..., :-1], axis=-1, keepdims=True)
    drawn[..., -1] = np.arctan(drawn[..., -1]) / np.pi
    return drawn.transpose(1, 2, 0)


def _relu(X, hidden):
    """What the hidden units answer, divided by √capacity, so that λ means about the same for any number of them."""
    with_one = np.concatenate([X, np.ones((*X.shape[:-1], 1))], axis=-1)
    sums = with_one @ (hidden / np.sqrt(hidden.shape[-1]))
    return np.maximum(sums, 0, out=sums)


def _gaussian(setting):
    """A linear neuron that is given the first inputs of many: weights are compared with the true ones."""
    X, y = examples(setting)
    seen = X[..., : setting.capacity]
    w = np.zeros((2 * COUNT, MANY))
    w[:, : setting.capacity] = minimum_norm(seen, y, setting.lam)
    parts = decompose(w[:COUNT], BETA, setting.noise**2, weights=np.ones(MANY))
    fresh = _rng(setting, FRESH_STREAM)
    unseen = fresh.standard_normal((COUNT, UNSEEN, MANY))
    targets = unseen @ BETA + setting.noise * fresh.standard_normal((COUNT, UNSEEN))
    measured = measured_error((unseen @ w[COUNT:, :, None])[..., 0], targets)
    learned = float((((seen @ w[:, : setting.capacity, None])[..., 0] - y) ** 2).mean())
    return Fit(setting, 0, w[:COUNT], BETA, parts, parts, measured, learned)


@lru_cache(maxsize=8)
def finished(setting):
    """The Fit at the end of all epochs. Only the latest are remembered."""
    *_, (_, fit) = fits(setting)
    return fit


# --- along an axis ----------------------------------------------------------------------------------------------------


def capacities(setting):
    """The capacities at which the chart is measured, densest where there are as many weights as examples."""
    if setting.model == NETWORK:
        return (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
    n, most = setting.examples, CAPACITIES[setting.model][1]
    near = (0.6, 0.75, 0.85, 0.93, 1, 1.08, 1.2, 1.4, 1.7, 2.2, 3)
    found = {1, 2, 3, 4, 6, 8, 12, *(round(share * n) for share in near), most // 2, 3 * most // 4, most}
    return tuple(sorted(p for p in found if p <= most))


def measure(settings, known):
    """Fill the dict `known`, setting → Moment, for those it lacks. Yields how far it is, as Work wants it."""
    for i, setting in enumerate(settings):
        if setting not in known:
            for epoch, fit in fits(setting):  # noqa: B007 (the last one is wanted)
                share = epoch / setting.epochs if setting.epochs else 1
                yield (i + share) / len(settings), f"{i + 1} of {len(settings)}"
            known[setting] = fit.moment
            while len(known) > KEPT:
                known.pop(next(iter(known)))
        yield (i + 1) / len(settings), f"{i + 1} of {len(settings)}"


def closed_form(setting, p):
    """The expected squared error, noise included, of Gaussian inputs with p of them used; without λ it is exact."""
    signal, missed, noise = float((BETA[:p] ** 2).sum()), float((BETA[p:] ** 2).sum()), setting.noise**2
    if setting.lam:
        return noise + ridge_risk(p / setting.examples, setting.lam, signal, noise, missed)
    return noise + ridgeless_risk(setting.examples, p, signal, noise, missed).total
