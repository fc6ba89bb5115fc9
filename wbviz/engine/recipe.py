"""A recipe for a network: all that is decided before training, so that the same training can be done on other rows."""

import contextlib
import copy
from dataclasses import dataclass, field, fields, replace

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .evaluation import accuracy
from .history import Diverged
from .initializers import INITIALIZERS
from .losses import LOSSES
from .network import Network
from .optimizers import chosen
from .preparing import Preparation, preparation
from .training import Training


@dataclass(frozen=True)
class Recipe:
    """What is decided before training: the hyperparameters. `recipe.fit(X, y, seed)` → Fitted.

    hidden: the width of each hidden layer; one number is one layer, () none.  activation, init, loss: names.
    optimizer: a name in OPTIMIZERS, or an Optimizer whose other settings are taken.  lr: its learning rate.
    epochs, batch_size, l1, l2: as in Training.
    standardise: whether each feature is shifted to mean 0 and divided by its standard deviation.
    features: how many of the features are used, those that tell most about the answer (`telling`); None for all.
    Networks whose recipes differ in lr, l1, l2 and init alone can be trained at once, as a population.
    """

    hidden: tuple = (8,)
    activation: str = "tanh"
    init: str = "xavier"
    loss: str = "cross_entropy"
    optimizer: object = "Adam"
    lr: float = 0.01
    epochs: int = 100
    batch_size: int | None = None
    l1: float = 0.0
    l2: float = 0.0
    standardise: bool = True
    features: int | None = None

    def __post_init__(self):
        widths = self.hidden if np.iterable(self.hidden) else (self.hidden,)
        widths = tuple(checks.whole(width, f"hidden[{i}]") for i, width in enumerate(widths))
        object.__setattr__(self, "hidden", widths)
        for registry, name in ((ACTIVATIONS, "activation"), (INITIALIZERS, "init"), (LOSSES, "loss")):
            checks.pick(registry, getattr(self, name), {"init": "initializer"}.get(name, name))
        chosen(self.optimizer)
        for name in ("lr", "l1", "l2"):
            object.__setattr__(self, name, one_rate(getattr(self, name), name))
        object.__setattr__(self, "epochs", checks.whole(self.epochs, "epochs", 0))
        for name in ("batch_size", "features"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, checks.whole(getattr(self, name), name))

    def but(self, **settings):
        """The same recipe with other `settings`; a misspelt one raises TypeError and names the near miss.

        `depth` and `width` are another way to say `hidden`: so many layers, each of so many units.
        """
        settings, known = self._shaped(settings), [each.name for each in fields(self)]
        for name in settings:
            if name not in known:
                near = checks.near_miss(name, known)
                raise TypeError(f"A recipe has no {name!r}.{near} It has: {', '.join(known)}.")
        return replace(self, **settings)

    def _shaped(self, settings):
        """`settings` with `hidden` in the place of `depth` and `width`."""
        if not {"depth", "width"} & set(settings):
            return settings
        rest = {name: value for name, value in settings.items() if name not in ("depth", "width")}
        if "hidden" in rest:
            raise TypeError("hidden says what depth and width say as well: give one or the other.")
        depth = checks.whole(settings.get("depth", len(self.hidden)), "depth", 0)
        width = checks.whole(settings.get("width", self.hidden[0] if self.hidden else 8), "width")
        return rest | {"hidden": (width,) * depth}

    def fit(self, X, y, seed=0):
        """Train on all rows of X (n, d) and y → Fitted. `seed`: start weights and the order of batches."""
        X, y, n_out = examples(self, X, y)
        return fit_all([Start(self, np.arange(len(X)), seed, seed)], X, y, n_out)[0]

    def untrained(self, n_in, n_out, seed):
        """The network before the first step."""
        return Network([n_in, *self.hidden, n_out], hidden=self.activation, init=self.init, seed=seed)

    def rule(self, lr):
        """A fresh optimiser with this lr, one number or one for each network of a population."""
        rule = copy.deepcopy(chosen(self.optimizer))
        rule.lr = lr
        rule.reset()
        return rule

    def shape(self, n, d):
        """What must agree for networks to be trained at once on n rows of d features."""
        rule = self.optimizer if isinstance(self.optimizer, str) else repr(self.rule(0.0))
        d = d if self.features is None else min(d, self.features)
        return d, self.hidden, self.activation, self.loss, rule, self.epochs, min(n, self.batch_size or n)


@dataclass(frozen=True, eq=False)
class Start:
    """A network to be trained: which `rows` it learns from, what it starts from, and the order of its batches.

    seed: start weights.  order: order of mini-batches.
    leak: None, or what is wrongly looked at in all rows: "scaler" or "selection" (see `preparation`).
    before: the Fitted to go on from, trained on the same rows for fewer epochs; None to begin.
    """

    recipe: Recipe
    rows: np.ndarray
    seed: int = 0
    order: int = 0
    leak: str | None = None
    before: "Fitted | None" = None

    def shape(self, d):
        """Starts of one shape are trained at once."""
        made = None if self.before is None else self.before.epochs
        whole = self.recipe.batch_size is None or self.recipe.batch_size >= len(self.rows)
        return *self.recipe.shape(len(self.rows), d), len(self.rows), None if whole else self.order, made


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained network with what belongs to it: `fitted(X)` → outputs (n, n_out), for rows X as they were measured.

    params: its weights and biases.  epochs: how many it was trained for.  memory: the optimiser's state.
    diverged: the step at which it diverged, −1 if it did not; then params are the last with a finite loss.
    """

    recipe: Recipe
    preparation: Preparation
    n_out: int
    params: np.ndarray
    epochs: int
    diverged: int = -1
    memory: dict = field(default_factory=dict, repr=False)

    @property
    def net(self):
        """The Network. It expects rows that went through `preparation`."""
        return self.recipe.untrained(len(self.preparation.columns), self.n_out, 0).with_params(self.params)

    def __call__(self, X):
        with np.errstate(all="ignore"):  # a network that diverged may overflow
            return self.net(self.preparation(checks.floats(X, "X")))

    def score(self, X, y):
        """Accuracy for labels; for numbers R², 1 − Σ(y − ŷ)²/Σ(y − ȳ)² (mean over outputs; 0 if y does not vary)."""
        return self.judge(X, y)[0]

    def judge(self, X, y):
        """(score, data loss) on rows X and answers y; the loss of a network that diverged is at most 1e300."""
        X, y, _ = examples(self.recipe, X, y, self.n_out)
        return judge_all([self], X, y, [np.arange(len(X))])[0]


def judge_all(models, X, y, rows):
    """(score, data loss) of each of several models of one shape, each on its own `rows` of X and y, a list of arrays.

    Those that are judged on as many rows are judged at once.
    """
    found, groups = [None] * len(models), {}
    for i, own in enumerate(rows):
        groups.setdefault(len(own), []).append(i)
    loss = LOSSES[models[0].recipe.loss]
    for group in groups.values():
        inputs = np.stack([models[i].preparation(X[rows[i]]) for i in group])
        answers = np.stack([y[rows[i]] for i in group])
        with np.errstate(all="ignore"):  # a network that diverged may overflow
            y_hat = models[0].net.with_params(np.stack([models[i].params for i in group]))(inputs)
            losses = finite(loss.value(y_hat, loss.targets(answers, y_hat.shape)))
        for i, *judged in zip(group, rightness(loss.name, answers, finite(y_hat)), losses, strict=True):
            found[i] = tuple(map(float, judged))
    return found


def fit_all(starts, X, y, n_out):
    """Train networks of one shape (`Start.shape`) at once, as a population → a Fitted each, in order.

    X (n, d), y: all rows, as `examples` gives them. Each is what it would be if it were trained alone.
    """
    first, recipes = starts[0].recipe, [start.recipe for start in starts]
    ready = _prepared(starts, X, y)
    params = [_params(start, len(own.columns), n_out) for start, own in zip(starts, ready, strict=True)]
    training = Training(
        first.untrained(len(ready[0].columns), n_out, 0).with_params(np.stack(params)),
        np.stack([own(X[start.rows]) for start, own in zip(starts, ready, strict=True)]),
        np.stack([y[start.rows] for start in starts]),
        loss=first.loss,
        optimizer=first.rule(np.array([recipe.lr for recipe in recipes])),
        epochs=first.epochs,
        batch_size=first.batch_size,
        l1=_strengths([recipe.l1 for recipe in recipes]),
        l2=_strengths([recipe.l2 for recipe in recipes]),
        seed=starts[0].order,
    )
    if starts[0].before is not None:
        training.resume(starts[0].before.epochs * training.batches_per_epoch, _memories(starts))
    with contextlib.suppress(Diverged):  # all of them did, and are back at their last finite loss
        training.run()
    return [_fitted(training, i, *pair, n_out) for i, pair in enumerate(zip(recipes, ready, strict=True))]


def _prepared(starts, X, y):
    """The Preparation of each; those that see the same rows in the same way share it."""
    made, ready = {}, []
    for start in starts:
        key = id(start.rows), start.recipe.features, start.recipe.standardise, start.leak
        if key not in made:
            made[key] = preparation(start.recipe, X, y, start.rows, start.leak)
        ready.append(made[key])
    return ready


def _params(start, n_in, n_out):
    return start.recipe.untrained(n_in, n_out, start.seed).params if start.before is None else start.before.params


def _strengths(values):
    """One number for each network, or 0.0 where none is penalised."""
    return np.array(values) if any(values) else 0.0


def _memories(starts):
    """The memories of several optimisers that made as many steps, as that of one for the population."""
    memories = [start.before.memory for start in starts]
    return {
        name: np.stack([own[name] for own in memories]) if first.ndim else first for name, first in memories[0].items()
    }


def _fitted(training, i, recipe, ready, n_out):
    """What became of network i."""
    memory = {
        name: values[i].copy() if values.ndim else values.copy() for name, values in training.optimizer.state.items()
    }
    params, diverged = training.net.params[i].copy(), int(training.history.diverged[i])
    return Fitted(recipe, ready, n_out, params, recipe.epochs, diverged, memory)


def examples(recipe, X, y, n_out=None):
    """X and y checked → (X (n, d), y, n_out): labels (n,) as whole numbers, or numbers (n, n_out)."""
    X = checks.inputs(X, np.shape(X)[-1] if np.ndim(X) else 0)
    if recipe.loss == "cross_entropy":
        labels = checks.floats(y, "y")
        if n_out is None:  # told from the labels, which may be no classes at all
            n_out = max(2, int(labels.max(initial=0)) + 1)
            if n_out > max(2, labels.size):
                raise ValueError(
                    f"y names class {n_out - 1}, but has {labels.size} rows: number the classes 0, 1, 2, …."
                )
        return X, checks.labels(labels, (len(X), n_out)), n_out
    n_out = n_out or (np.shape(y)[-1] if np.ndim(y) > 1 else 1)
    return X, LOSSES[recipe.loss].targets(y, (len(X), n_out)), n_out


def rightness(loss, y, y_hat):
    """The score that goes with a loss: R² with "mse", else accuracy (of each output, with "binary_cross_entropy").

    y (..., n) or (..., n, n_out), y_hat (..., n, n_out) → shape (...).
    """
    if loss == "mse":
        return r_squared(y, y_hat)
    if loss == "binary_cross_entropy":
        return np.mean((y > 0.5) == (y_hat > 0), axis=(-2, -1))
    return accuracy(y, y_hat)


def r_squared(y, y_hat):
    """1 − Σ(y − ŷ)²/Σ(y − ȳ)², mean over outputs; where y does not vary, 1 if ŷ equals it, else 0."""
    with np.errstate(all="ignore"):
        error, spread = ((y - y_hat) ** 2).sum(axis=-2), ((y - y.mean(axis=-2, keepdims=True)) ** 2).sum(axis=-2)
        share = np.where(spread > 0, 1 - error / np.where(spread > 0, spread, 1.0), np.where(error > 0, 0.0, 1.0))
    return finite(share).mean(axis=-1)


def finite(values):
    """Numbers that can be shown and compared: what is too large becomes ±1e300, what is none at all 0."""
    return np.nan_to_num(values, nan=0.0, posinf=1e300, neginf=-1e300)


def one_rate(value, name):
    """One finite number of at least 0, as a float."""
    if np.ndim(value):
        raise TypeError(f"{name} of a recipe must be one number, got {value!r}.")
    return float(checks.rate(value, name))
