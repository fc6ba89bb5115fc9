"""Networks of every width learn one curve from few noisy points: what FitExplorer measures.

All widths are trained at once, as a population of the widest: units that a network does not have are given weights and
biases of 0 on both sides. Their gradient is exactly 0 then, so they stay 0 and take no part.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import Adam, Network, Training

EDGE = 3.0  # inputs lie between −EDGE and EDGE
TRUTHS = {
    "line": lambda x: 0.4 * x,
    "wave": lambda x: np.sin(2 * np.pi * x / EDGE),
    "step": lambda x: np.where(x < 0, -0.8, 0.8),
    "bump": lambda x: 1.6 * np.exp(-2 * x**2) - 0.6,
}
FEWEST, MOST = 4, 60
#: Inputs of the examples that are never learned from, evenly spaced; the fitted curve is drawn through the same places.
PLACES = np.linspace(-EDGE, EDGE, 101)[:, None]
#: Every position of the knob: a network is trained with each, all of them at once.
WIDTHS = np.arange(1, 17)
WIDEST = int(WIDTHS[-1])
LEARNING_RATE, EPOCHS, STRIDE = 0.1, 1000, 20
#: The epochs that are looked at.
LOOKS = np.arange(0, EPOCHS + 1, STRIDE)
#: The curve against capacity is measured with so many seeds: each draws its own examples and starting weights.
SEEDS = 8
#: As near to the smallest error as this counts as near.
NEAR = 1.25


class Setting(NamedTuple):
    """What a training follows from, to the last bit. points: own examples as pairs (x, y), or () for drawn ones."""

    target: str
    examples: int
    noise: float
    layers: int
    lam: float
    seed: int
    points: tuple = ()


class Lesson(NamedTuple):
    """X, y (n, 1) are learned from; PLACES with unseen_y (101, 1) are not. floor: the error of the truth on those."""

    X: np.ndarray
    y: np.ndarray
    unseen_y: np.ndarray
    floor: float


def lesson(setting):
    """The Lesson of a Setting. More examples keep those there were; more noise is the same noise, larger."""
    truth = TRUTHS[setting.target]
    rng = np.random.default_rng([setting.seed, 6])
    x = rng.uniform(-EDGE, EDGE, (MOST, 1))
    y = truth(x) + setting.noise * rng.standard_normal((MOST, 1))
    noise = setting.noise * rng.standard_normal(PLACES.shape)
    X, y = np.array(setting.points).reshape(-1, 2, 1).swapaxes(0, 1) if setting.points else (x, y)
    return Lesson(X[: setting.examples], y[: setting.examples], truth(PLACES) + noise, float((noise**2).mean()))


def sizes(width, layers):
    """Units layer by layer of a network."""
    return [1, *[int(width)] * layers, 1]


def fresh(width, layers, seed):
    """The untrained network."""
    return Network(sizes(width, layers), hidden="tanh", seed=seed)


class Fit:
    """The trainings of one Setting, at each of LOOKS as far as `reached`, and of each width.

    learned, unseen (looks, widths): mean squared errors. Where there is a penalty, all are trained without it too:
    everything (2, looks, 1 or 2, widths) has both errors for λ and for 0. Not changed any more when `finished`.
    """

    def __init__(self, setting):
        self.setting, self.lesson, self.reached = setting, lesson(setting), 0
        settings = [setting, setting._replace(lam=0.0)] if setting.lam else [setting]
        self.lams = [each.lam for each in settings]
        self.everything = np.full((2, len(LOOKS), len(settings), len(WIDTHS)), np.nan)
        self.learned, self.unseen = self.everything[:, :, 0]
        self._own = places(setting.layers)
        self._params = np.empty((len(LOOKS), sum(map(len, self._own))))
        self._training, self._judge = training(settings), Judge([self.lesson] * len(settings))
        self._look(0)

    def advance(self):
        """Train to the next look."""
        self._training.run(STRIDE)
        self._look(self.reached + 1)
        if self.finished:
            self._training = self._judge = None

    @property
    def finished(self):
        return self.reached == len(LOOKS) - 1

    @property
    def progress(self):
        return self.reached / (len(LOOKS) - 1), f"{WIDEST} networks, epoch {LOOKS[self.reached]}"

    def _look(self, look):
        net = self._training.net
        self.everything[:, look] = self._judge(net)
        ends = np.cumsum([0, *map(len, self._own)])
        for member, (own, first, last) in enumerate(zip(self._own, ends[:-1], ends[1:], strict=True)):
            self._params[look, first:last] = net.params[member, own]
        self.reached = look

    def network(self, width, look):
        """The network of that width after LOOKS[look] epochs, without any unit that takes no part."""
        ends = np.cumsum([0, *map(len, self._own)])
        net = fresh(width, self.setting.layers, 0)
        return net.with_params(self._params[look, ends[width - 1] : ends[width]].copy())


@lru_cache(maxsize=2)
def fit(setting):
    """The finished Fit of a Setting. Only the latest are remembered."""
    made = Fit(setting)
    while not made.finished:
        made.advance()
    return made


@lru_cache(maxsize=4)
def places(layers):
    """For each width, where its parameters stand among those of the widest network."""
    found = []
    for width in WIDTHS:
        used = Network(sizes(WIDEST, layers)).with_params(np.zeros(Network(sizes(WIDEST, layers)).n_params))
        for W, b in zip(used.weights, used.biases, strict=True):
            W[: min(width, len(W)), : min(width, W.shape[1])] = 1
            b[: min(width, len(b))] = 1
        found.append(np.flatnonzero(used.params))
    return found


def training(settings):
    """The Training of every width on each of some Settings of equal layers: a population, setting by setting."""
    layers = settings[0].layers
    params = np.zeros((len(settings), len(WIDTHS), Network(sizes(WIDEST, layers)).n_params))
    for i, setting in enumerate(settings):
        for k, own in enumerate(places(layers)):
            params[i, k, own] = fresh(WIDTHS[k], layers, setting.seed).params
    net = Network(sizes(WIDEST, layers), hidden="tanh").with_params(params.reshape(-1, params.shape[-1]))
    known = [lesson(setting) for setting in settings]
    X, y = (np.repeat([part[k] for part in known], len(WIDTHS), axis=0) for k in (0, 1))
    lam = np.repeat([setting.lam for setting in settings], len(WIDTHS))
    return Training(net, X, y, optimizer=Adam(lr=LEARNING_RATE), epochs=EPOCHS, l2=lam if lam.any() else 0.0)


class Judge:
    """`judge(net)` → mean squared errors on examples learned from and on unseen ones, each (lessons, widths)."""

    def __init__(self, known):
        X, y = (np.stack([part[k] for part in known]) for k in (0, 1))
        unseen_y = np.stack([part.unseen_y for part in known])
        X = np.concatenate([X, np.broadcast_to(PLACES, unseen_y.shape)], axis=1)
        self._X, self._n = np.repeat(X, len(WIDTHS), axis=0), y.shape[1]
        self._y = np.concatenate([y, unseen_y], axis=1)[:, None, :, 0]

    def __call__(self, net):
        squares = (net(self._X).reshape(len(self._y), len(WIDTHS), -1) - self._y) ** 2
        return squares[..., : self._n].mean(axis=-1), squares[..., self._n :].mean(axis=-1)


class Capacity:
    """Errors against capacity, by seed: learned, unseen (looks, SEEDS, widths), measured as far as `reached`."""

    def __init__(self, setting):
        self.setting, self.reached = setting, -1
        self.learned, self.unseen = (np.full((len(LOOKS), SEEDS, len(WIDTHS)), np.nan) for _ in range(2))

    def measure(self):
        """Train SEEDS times all widths, at once. Yields how far it is, as Work wants it."""
        settings = [self.setting._replace(seed=seed) for seed in range(SEEDS)]
        judge, trained = Judge([lesson(setting) for setting in settings]), training(settings)
        for look, epoch in enumerate(LOOKS):
            trained.run(STRIDE if look else 0)
            self.learned[look], self.unseen[look] = judge(trained.net)
            self.reached = look
            yield look / (len(LOOKS) - 1), f"{SEEDS * len(WIDTHS)} networks, epoch {epoch}"


class Sweet(NamedTuple):
    """Where the error on unseen examples is smallest, of all widths and looks, with the penalty and without."""

    width: int
    epoch: int
    lam: float
    learned: float
    unseen: float


def sweet_spot(fitted):
    """The Sweet of a Fit, as far as it is trained."""
    learned, unseen = fitted.everything[:, : fitted.reached + 1]
    at = look, which, k = np.unravel_index(unseen.argmin(), unseen.shape)
    return Sweet(int(WIDTHS[k]), int(LOOKS[look]), fitted.lams[which], float(learned[at]), float(unseen[at]))


def verdict(sweet, learned, unseen):
    """ "near", "under" or "over": how a network with these errors compares with the best one for unseen examples.

    Whoever is worse on unseen examples has learned too little if it is worse on its own examples too, and otherwise
    too much: what it gained there was noise.
    """
    if unseen <= NEAR * sweet.unseen:
        return "near"
    return "under" if learned > sweet.learned else "over"
