"""The learner's own network: training under watch, and the numbers that the six checks are made of."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import Recipe, RunWriter, audit
from wbviz.engine.audit import Groups, group_means, group_rates
from wbviz.engine.validation import splits_of
from wbviz.engine.watched import Watch
from wbviz.widgets._capstone_data import NONE, PARTS, Source, groups, rows

ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity")
OPTIMISERS = ("Adam", "SGD", "RMSprop")
BATCHES = (16, 32, 64, 128, "all")
DECAYS = (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
INSIDE, LEAKY = "inside the folds", "over all rows"
#: What is compared between groups, for classes and for numbers: its name → a rate in METRICS, or None.
RATES = {
    "accuracy": None,
    "selection rate": "selection_rate",
    "true positive rate": "tpr",
    "false positive rate": "fpr",
}
ERRORS = ("absolute error", "mean error")
#: So many outcomes are remembered.
KEPT = 24


class Setting(NamedTuple):
    """What a training follows from."""

    source: Source
    layers: int
    units: int
    activation: str
    optimiser: str
    lr: float
    epochs: int
    batch: object
    l2: float
    folds: int
    scaling: str
    seed: int

    def same_rows(self, other):
        """Whether both are judged on the same rows held out, prepared alike: only then can they be compared."""
        one, two = ((*s.source[:3], s.folds, s.scaling, s.seed) for s in (self, other))
        return one == two and np.array_equal(rows(self.source).kept, rows(other.source).kept)


# --- training ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a training gave, so far or at its end.

    epochs: how many were made.  train_loss, held_loss: by epoch.  gradients (looks, layers), silent (hidden layers).
    held: places in the Dataset of the rows that were held out; answers, plain: the network's answers to them, and those
    of the baseline.  test_answers, test_plain: the same for the test set.  held_scores: of each part.
    """

    setting: Setting
    epochs: int
    train_loss: np.ndarray
    held_loss: np.ndarray
    gradients: np.ndarray
    silent: list
    diverged: int
    leaked: float
    learned_score: float
    held_scores: np.ndarray
    held: np.ndarray
    answers: np.ndarray
    plain: np.ndarray
    test_answers: np.ndarray
    test_plain: np.ndarray
    net: object

    @property
    def done(self):
        return self.epochs == self.setting.epochs

    @property
    def held_score(self):
        """Accuracy, or R² against the baseline, over all rows held out; None where there are none."""
        data = rows(self.setting.source).data
        return score(data.y[self.held], self.answers, self.plain) if len(self.held) else None

    @property
    def test_score(self):
        found = rows(self.setting.source)
        return score(found.data.y[found.test], self.test_answers, self.test_plain)


def score(y, answers, plain):
    """Accuracy of labels; of numbers 1 − Σ(y − ŷ)²/Σ(y − ȳ)², ȳ being what the baseline answers."""
    if y.ndim == 1:
        return float(np.mean(answers == y))
    return float(1 - ((y - answers) ** 2).sum() / max(((y - plain) ** 2).sum(), 1e-300))


def gains(y, answers, plain):
    """What each row gains over the baseline: 1, 0 or −1 for labels; for numbers its part of R²."""
    if y.ndim == 1:
        return (answers == y).astype(float) - (plain == y)
    before, after = ((y - plain) ** 2)[:, 0], ((y - answers) ** 2)[:, 0]
    return (before - after) / max(before.mean(), 1e-300)


def held_interval(outcome):
    """The score on rows held out, and between what it may lie: (score, low, high)."""
    y = rows(outcome.setting.source).data.y[outcome.held]
    return _interval(outcome.held_score, y, outcome.answers, outcome.plain)


def tested_interval(outcome):
    """The same for the test set."""
    found = rows(outcome.setting.source)
    return _interval(outcome.test_score, found.data.y[found.test], outcome.test_answers, outcome.test_plain)


def _interval(value, y, answers, plain):
    half = audit.advantage((answers == y).astype(float) if y.ndim == 1 else gains(y, answers, plain))[1]
    return value, value - half, value + half


def recipe(setting):
    """The Recipe of a setting: ReLU units start with He's weights, others with Xavier's."""
    return Recipe(
        hidden=(setting.units,) * setting.layers, activation=setting.activation,
        init="he" if setting.activation == "relu" else "xavier",
        loss="mse" if rows(setting.source).numbers else "cross_entropy", optimizer=setting.optimiser, lr=setting.lr,
        epochs=setting.epochs, batch_size=None if setting.batch == "all" else setting.batch, l2=setting.l2,
    )  # fmt: skip


def watch(setting):
    """The Watch of a setting, at its beginning. ValueError where its rows have a problem."""
    found = rows(setting.source)
    if found.problem:
        raise ValueError(found.problem)
    data, known = found.data, found.known
    labels = data.y[known] if data.y.ndim == 1 else None
    parts, rounds = (PARTS, 1) if setting.folds == 1 else (setting.folds, None)
    splits = splits_of(len(known), parts, setting.seed, labels, rounds) if setting.folds else ()
    leak = "scaler" if setting.scaling == LEAKY else None
    n_out = None if found.numbers else len(data.target_names)
    return Watch(recipe(setting), data.X[known], data.y[known], splits, setting.seed, leak, n_out)


def seen(setting, watching):
    """The Outcome of a Watch as it stands."""
    found = rows(setting.source)
    held, answers = watching.held_answers()
    y, tests = found.data.y[found.known], len(found.test)
    plain = np.full(tests, np.bincount(y).argmax()) if y.ndim == 1 else np.tile(y.mean(axis=0), (tests, 1))
    train_loss, held_loss = watching.losses()
    return Outcome(
        setting=setting,
        epochs=watching.epochs,
        train_loss=train_loss,
        held_loss=held_loss,
        gradients=watching.gradients,
        silent=watching.silent(),
        diverged=int(watching.diverged.sum()),
        leaked=watching.leaked(),
        learned_score=watching.learned_score(),
        held_scores=watching.held_scores(),
        held=found.known[held],
        answers=answers,
        plain=watching.plain_answers(),
        test_answers=watching.answers(-1, found.data.X[found.test]),
        test_plain=plain,
        net=watching.network(),
    )


_OUTCOMES = {}


def recall(setting):
    """The finished Outcome of a setting if it is remembered, else None."""
    return _OUTCOMES.get(setting)


def remember(outcome):
    """Keep a finished Outcome; the oldest of many is forgotten."""
    _OUTCOMES[outcome.setting] = outcome
    while len(_OUTCOMES) > KEPT:
        _OUTCOMES.pop(next(iter(_OUTCOMES)), None)


def finished(setting):
    """The Outcome of a setting, trained here and now if need be."""
    found = recall(setting)
    if found is None:
        watching = watch(setting)
        for _ in watching:
            pass
        found = seen(setting, watching)
        remember(found)
    return found


def write(outcome, folder, settings):
    """Note a finished run in a folder, as RunWriter does: losses by epoch and the gradient of each layer."""
    logger = RunWriter(folder).start(settings, seed=outcome.setting.seed, steps=outcome.epochs)
    for k, loss in enumerate(outcome.train_loss):
        held = {"validation_loss": outcome.held_loss[k]} if len(outcome.held_loss) else {}
        logger.log(k + 1, {"loss": loss, "epoch_loss": loss, **held})
    logger.finish("diverged" if outcome.diverged else "finished")
    return logger.name


# --- the six checks ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def by_group(outcome, column, measure) -> Groups | None:
    """The measure of each group on the rows held out → Groups, or None where no column is chosen or none is held."""
    if column == NONE or not len(outcome.held):
        return None
    found = rows(outcome.setting.source)
    y, own = found.data.y[outcome.held], groups(outcome.setting.source, column)[outcome.held]
    if found.numbers:
        error = (outcome.answers - y)[:, 0] / max(found.data.y[found.known].std(), 1e-300)
        return group_means(np.abs(error) if measure == "absolute error" else error, own)
    if RATES[measure] is None:
        right = (outcome.answers == y).astype(int)
        return group_rates("selection_rate", right, right, own)
    last = len(found.data.target_names) - 1
    return group_rates(RATES[measure], (y == last).astype(int), (outcome.answers == last).astype(int), own)


def six(outcome, tested, others, since_test, compared, noted):
    """The six checks of an Outcome, a list of audit.Check.

    tested: whether the test set was opened for it: it is asked where no row was held out.  others: losses of other
    noted runs on the same rows held out, None instead where this run is not noted itself.  compared: its Groups or
    None.  noted: whether a note stands for a gap.
    """
    found = rows(outcome.setting.source)
    y = found.data.y
    kept_apart = (y[outcome.held], outcome.answers, outcome.plain)
    if tested and not len(outcome.held):
        kept_apart = (y[found.test], outcome.test_answers, outcome.test_plain)
    score_name, kind = ("r2", "error") if found.numbers else ("accuracy", "share")
    own = outcome.held_loss[-1] if others is not None and len(outcome.held_loss) else None
    held_score = outcome.held_score
    return [
        audit.beats_baseline(gains(*kept_apart) if len(kept_apart[0]) else np.empty(0)),
        audit.validated(len(outcome.held), outcome.leaked),
        audit.not_overfit(score_name, outcome.learned_score, held_score or 0.0, outcome.held_loss),
        audit.healthy_gradients(outcome.gradients, outcome.silent, outcome.diverged),
        audit.tracked(own, others or [], since_test),
        audit.audited(compared, kind, noted),
    ]
