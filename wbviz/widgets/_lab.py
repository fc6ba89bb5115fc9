"""The laboratory of Playground without its picture: data, features, the network and what is measured on it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import LOSSES, Grid, Network, accuracy, confusion_matrix, sigmoid
from wbviz.widgets._points import checked_place

#: The sets of two classes, and how much they are enlarged, so that each fills a plane of about ±6.
CLASSES = {"blobs": 2.0, "moons": 3.0, "circles": 5.0, "spiral": 5.0, "xor": 5.0}
#: The sets of numbers to predict. Of line and sine, x₁ is 5 times the generator's x, and x₂ is there to be ignored.
NUMBERS = ("line", "sine", "plane", "hills")
DATA = (*CLASSES, *NUMBERS, "own")
#: The noise that a set begins with: its standard deviation, in the generator's own scale.
NOISE = {
    "blobs": 0.4, "moons": 0.1, "circles": 0.08, "spiral": 0.03, "xor": 0.05, "line": 0.2, "sine": 0.1, "plane": 0.1,
    "hills": 0.1,
}  # fmt: skip
TASKS = ("classification", "regression")
#: What is made of a place (x₁, x₂) before the network sees it.
FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1**2,
    "x2^2": lambda x1, x2: x2**2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, x2: np.sin(x1),
    "sin x2": lambda x1, x2: np.sin(x2),
}
#: How features are written.
SIGNS = dict(zip(FEATURES, ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"), strict=True))
#: The losses that one output allows. Classes: the logit's cross-entropy, or the squared error of a sigmoid output.
LOSSES_OF = {"classification": ("binary_cross_entropy", "mse"), "regression": ("mse",)}
MOST_LAYERS, MOST_UNITS, MOST_POINTS = 6, 8, 500
#: Own points lie within ±REACH, their values within ±VALUES.
REACH, VALUES = 20.0, 1000.0
#: The plane reaches from −limit to limit, in both directions.
LIMITS = (6, 8, 10, 12, 16, 20)
#: The large map has so many cells across, the image of a unit one for each 3 × 3 of them.
CELLS, PER_CELL = 48, 3
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))
GOLDEN = (5**0.5 - 1) / 2

#: Settings that no run depends on: what is looked at, what is in hand, what new points would be; and the run itself.
BESIDE_THE_RUN = {
    "params", "run", "kept", "points", "cursor", "chosen", "chart", "view", "discretise", "speed", "paint", "value",
    "show_validation",
}  # fmt: skip


class Lesson(NamedTuple):
    """What there is to learn. points: (n, 3), x₁, x₂ and the class or value.  held_out: (n,) booleans."""

    points: np.ndarray
    held_out: np.ndarray
    task: str

    @property
    def limit(self):
        """Half the edge of the plane that holds all points."""
        reach = np.abs(self.points[:, :2]).max(initial=0.0)
        return next((limit for limit in LIMITS if reach <= limit), float(np.ceil(reach)))

    def part(self, held_out, features):
        """(X, y) of the points held out, or of the others: inputs (n, features) and targets (n, 1)."""
        rows = self.points[self.held_out == held_out]
        return inputs(rows[:, :2], features), rows[:, 2:]


# --- data and features ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def lesson(dataset, task, noise, examples, seed, share, own):
    """The Lesson of these settings; `own` are the learner's own points, a tuple of tuples."""
    points = np.reshape(np.array(own, float), (-1, 3)) if dataset == "own" else _drawn(dataset, noise, examples, seed)
    if task == "classification":
        points = np.column_stack([points[:, :2], points[:, 2] > 0])
    points.flags.writeable = False
    return Lesson(points, held_out(len(points), share), task)


def held_out(n, share):
    """Which of n rows are kept for validation. Row i always gets the same place between 0 and 1, and is below `share`.

    The places are multiples of the golden ratio: evenly spread however many rows there are, and over classes that take
    turns. A larger share keeps those held out, a further row changes nothing for the others.
    """
    return np.arange(1, n + 1) * GOLDEN % 1 < share


def _drawn(dataset, noise, examples, seed):
    if dataset in CLASSES:
        found = load_dataset(dataset, n=examples, noise=noise, seed=seed)
        return np.column_stack([CLASSES[dataset] * found.X, found.y])
    rng = np.random.default_rng([seed, 2])
    places = rng.uniform(-5, 5, (examples, 2))
    if dataset in ("line", "sine"):
        found = load_dataset(dataset, n=examples, noise=noise, seed=seed)
        return np.column_stack([5 * found.X, places[:, 1], found.y])
    y = places.sum(axis=1) / 10 if dataset == "plane" else _hills(places)
    return np.column_stack([places, y + noise * rng.standard_normal(examples)])


def _hills(places):
    """Six round hills and hollows in turn, each exp(−d²/2) high at the distance d from its middle."""
    return sum(sign * np.exp(-((places - [x, y]) ** 2).sum(axis=1) / 2) for x, y, sign in HILLS)


def inputs(places, features):
    """What the network sees of places (n, 2): a column for each feature."""
    x1, x2 = np.asarray(places, float).T
    return np.column_stack([FEATURES[name](x1, x2) for name in features])


@lru_cache(maxsize=4)
def grid(features, limit):
    """The inputs at all cells of the large map, CELLS rows of CELLS, from the lower left → the engine's Grid."""
    middles = limit * ((np.arange(CELLS) + 0.5) * 2 / CELLS - 1)
    return Grid([FEATURES[name](middles[None], middles[:, None]) for name in features], shape=(CELLS, CELLS))


def checked_points(value):
    """Own points as a list of [x₁, x₂, class or value], at most 500, within ±20 and ±1000. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"expected a list of points [x₁, x₂, class or value], but got {value!r}.")
    if len(value) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} points, but got {len(value)}.")
    return [_checked_point(point, f"point {i + 1}") for i, point in enumerate(value)]


def _checked_point(point, name):
    try:
        x, y, answer = (float(v) for v in point)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be three numbers [x₁, x₂, class or value], but is {point!r}.") from None
    if not abs(answer) <= VALUES:
        raise ValueError(f"the value of {name} must lie between −{VALUES:g} and {VALUES:g}, but is {answer:g}.")
    return [*checked_place((x, y), (-REACH, REACH), name), answer]


# --- the network ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _template(sizes, activation, output, init, seed):
    return Network(sizes, hidden=activation, output=output, init=init, seed=seed)


def network(sizes, activation, loss, task, params):
    """The network with these parameters. Its output is a logit, a number, or for the squared error of classes σ(z)."""
    output = "sigmoid" if (task, loss) == ("classification", "mse") else "identity"
    return _template(tuple(sizes), activation, output, "zeros", 0).with_params(params)


def fresh(sizes, init, seed):
    """The parameters that training starts from, as a list: layer by layer W, then b, as Network.params."""
    return _template(tuple(sizes), "tanh", "identity", init, seed).params.tolist()


def bias_indices(sizes):
    """Which parameters are biases, as a list of indices."""
    net = _template(tuple(sizes), "tanh", "identity", "zeros", 0)
    return [int(i) for b in net.views(np.arange(net.n_params))[1] for i in b]


def unit_of(net, index):
    """Where a parameter leads: its layer, the unit there, and which term of its sum it is (the bias is the last)."""
    kind, layer, *place = net.name_of(index)
    return layer, place[-1], place[0] if kind == "W" else net.sizes[layer]


def answer(y_hat, task, loss):
    """What outputs mean: the probability of class 1, or the predicted number."""
    return sigmoid(y_hat) if (task, loss) == ("classification", "binary_cross_entropy") else y_hat


class Look(NamedTuple):
    """What a network computes over the plane and at one place.

    answers: (CELLS, CELLS), as `answer`.  units: for each layer after the inputs, its values a (cells, cells, units).
    sums, outputs: z and a of each layer at the place, a list of arrays; outputs[0] are the inputs.  here: the answer.
    """

    answers: np.ndarray
    here: float
    units: list
    sums: list
    outputs: list


def look(net, features, limit, place, task, loss):
    """What `net` computes over the plane, in float32, and at `place` → Look."""
    maps, record = grid(features, limit)(net), net.forward(inputs([place], features))
    return Look(
        answer(maps.y_hat[0], task, loss),
        float(answer(record.y_hat[0, 0], task, loss)),
        [maps.of(layer, PER_CELL).transpose(1, 2, 0) for layer in range(1, net.n_layers + 1)],
        [z[0] for z in record.z],
        [a[0] for a in record.a],
    )


def unit_map(net, features, limit, layer, unit):
    """The values a of one unit over the plane, as finely as the large map: (CELLS, CELLS)."""
    return grid(features, limit)(net).of(layer)[unit]


# --- what is measured -------------------------------------------------------------------------------------------------


class Score(NamedTuple):
    """How well a network does on one part of the data: the data loss, the share answered right, what was taken for
    what. accuracy, counts: classification only, otherwise None. error: regression only, the root mean squared one."""

    loss: float
    accuracy: float | None
    counts: np.ndarray | None
    error: float | None


def score(net, X, y, task, loss):
    """The Score on examples (X, y); None where there are none."""
    if not len(X):
        return None
    y_hat = net(X)
    value = float(LOSSES[loss].value(y_hat, y))
    if task == "regression":
        return Score(value, None, None, float(np.sqrt(((y_hat - y) ** 2).mean())))
    labels, middle = y[:, 0].astype(int), 0.5 if loss == "mse" else 0.0
    counts = confusion_matrix(labels, y_hat, threshold=middle, n_classes=2)
    return Score(value, float(accuracy(labels, y_hat, threshold=middle)), counts, None)


def scores(net, lesson, features, loss):
    """The Scores on the training and on the validation points."""
    return tuple(score(net, *lesson.part(part, features), lesson.task, loss) for part in (False, True))
