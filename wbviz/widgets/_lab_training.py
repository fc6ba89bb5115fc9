"""Training in Playground as a pure function: settings and where a run is → where it is an epoch or an update later.

Because nothing but its arguments counts, any setting may change between two calls, a run can be shared as text and go
on elsewhere to the last bit, and what is computed beside the page can be dropped when the learner changes the weights.
"""

import math
from typing import NamedTuple

import numpy as np

from wbviz.engine import OPTIMIZERS, SCHEDULES, Diverged, Training
from wbviz.widgets._lab import scores

#: A run has diverged when a parameter grows beyond this.
HUGE = 1e6
#: The curves keep at most about so many epochs, evenly spread, and always the last.
MOST_MARKS = 200
CURVES = ("epoch", "loss", "validation", "penalty", "accuracy", "validation accuracy")
#: What a run holds.
KINDS = {
    "epoch": int, "batch": int, "start": list, "memory": dict, "curves": dict, "best": list | None, "ended": str,
}  # fmt: skip
#: Each schedule, as what it makes of (lr, the number of steps in hand).
SCHEDULES_OVER = {
    "constant": lambda lr, n: SCHEDULES["constant"](lr),
    "step": lambda lr, n: SCHEDULES["step"](lr, step_size=max(n // 4, 1), gamma=0.5),
    "multistep": lambda lr, n: SCHEDULES["multistep"](lr, milestones=[n // 2, 3 * n // 4], gamma=0.1),
    "exponential": lambda lr, n: SCHEDULES["exponential"](lr, gamma=0.01 ** (1 / n)),
    "polynomial": lambda lr, n: SCHEDULES["polynomial"](lr, total_iters=n, power=1.0),
    "cosine": lambda lr, n: SCHEDULES["cosine"](lr, T_max=n),
    "warm_restarts": lambda lr, n: SCHEDULES["warm_restarts"](lr, T_0=max(n // 4, 1)),
    "linear_warmup": lambda lr, n: SCHEDULES["linear_warmup"](lr, start_factor=0.01, total_iters=n),
    "one_cycle": lambda lr, n: SCHEDULES["one_cycle"](lr, total_steps=max(n, 2)),
}


class Recipe(NamedTuple):
    """How to train; every entry may change while a run is under way. clips, target_loss and patience: 0 is off."""

    loss: str
    optimizer: str
    lr: float
    momentum: float
    nesterov: bool
    beta1: float
    beta2: float
    alpha: float
    weight_decay: float
    schedule: str
    schedule_epochs: int
    batch_size: int
    l1: float
    l2: float
    penalize_biases: bool
    clip_norm: float
    clip_value: float
    max_epochs: int
    target_loss: float
    patience: int
    seed: int


def optimizer(recipe):
    """The engine's optimiser of a Recipe."""
    nesterov = recipe.nesterov and recipe.momentum > 0
    settings = {
        "SGD": {"momentum": recipe.momentum, "nesterov": nesterov, "weight_decay": recipe.weight_decay},
        "RMSprop": {"alpha": recipe.alpha},
        "Adam": {"betas": (recipe.beta1, recipe.beta2)},
        "AdamW": {"betas": (recipe.beta1, recipe.beta2), "weight_decay": recipe.weight_decay},
    }
    return OPTIMIZERS[recipe.optimizer](recipe.lr, **settings.get(recipe.optimizer, {}))


def rate(recipe, epoch, n):
    """The learning rate at the beginning of an epoch, with n training points."""
    per_epoch = _batches(recipe, n)
    return SCHEDULES_OVER[recipe.schedule](recipe.lr, recipe.schedule_epochs * per_epoch)(epoch * per_epoch)


def advance(net, lesson, features, recipe, frozen, run, updates=None):
    """Train `net` in place to the end of the epoch, or by so many `updates`, whichever is sooner → the run after it.

    run: {} before the first update, otherwise
        epoch, batch   whole epochs made, and updates since
        start          the parameters before the first update
        memory         the optimiser's state
        curves         lists by name (CURVES): the data loss on both parts, the penalty, the accuracies; None: unknown
        best           [epoch, loss]: the lowest validation loss (training loss where nothing is held out)
        ended          why it stopped by itself, in a sentence, or ""
    frozen: indices of the parameters that stay. Raises ValueError where there is nothing to learn from.
    """
    X, y = lesson.part(False, features)
    if not len(X):
        raise ValueError("There is no training point. Add points, or hold fewer of them back for validation.")
    run = run or begun(net, lesson, features, recipe)
    per_epoch = _batches(recipe, len(X))
    if run["epoch"] >= recipe.max_epochs:
        return {**run, "ended": f"All {recipe.max_epochs} epochs are over. Raise their number, or rewind."}
    batch = min(run["batch"], per_epoch - 1)
    training = _training(net, X, y, recipe, frozen)
    training.resume(run["epoch"] * per_epoch + batch, _fitting(run["memory"], net))
    made, ended = _made(training, min(updates or per_epoch, per_epoch - batch))
    run = {**run, "batch": batch + made, "memory": _listed(training.optimizer.state), "ended": ended}
    if run["batch"] == per_epoch and not ended:
        run |= {"epoch": run["epoch"] + 1, "batch": 0}
        run = _judged(_noted(run, net, lesson, features, recipe), recipe)
    return run


def begun(net, lesson, features, recipe):
    """The run before its first update, with the losses of the parameters that it starts from."""
    run = {"epoch": 0, "batch": 0, "start": net.params.tolist(), "memory": {}, "best": None, "ended": ""}
    return _noted({**run, "curves": {name: [] for name in CURVES}}, net, lesson, features, recipe)


def checked_run(value):
    """A run as `advance` returns it, or {}. Raises ValueError for anything else."""
    if not isinstance(value, dict):
        raise ValueError(f"expected a run, or {{}} for none, but got {value!r}.")
    if not value:
        return {}
    for name, kind in KINDS.items():
        if not isinstance(value.get(name), kind):
            raise ValueError(f"a run needs its {name}, but this one has {value.get(name)!r} there.")
    curves = value["curves"]
    if sorted(curves) != sorted(CURVES) or len({len(curve) for curve in curves.values()}) != 1 or not curves["epoch"]:
        raise ValueError(f"the curves of a run are {', '.join(CURVES)}, all of one length.")
    best = value["best"] or [0, 0]
    if len(best) != 2 or min(value["epoch"], value["batch"]) < 0:
        raise ValueError("a run counts epochs and updates from 0, and its best is a pair: epoch, loss.")
    for item in (best, value["start"], *curves.values(), *value["memory"].values()):
        _check_finite(item)
    return value


def _check_finite(item):
    values = [value for value in (item if isinstance(item, list) else [item]) if value is not None]
    if values and isinstance(values[0], list):
        for value in values:
            _check_finite(value)
    elif not all(map(math.isfinite, values)):
        raise ValueError("a run holds finite numbers only.")


def _batches(recipe, n):
    return math.ceil(n / min(recipe.batch_size, n)) if n else 1


def _training(net, X, y, recipe, frozen):
    mask = np.zeros(net.n_params, bool)
    mask[list(frozen)] = True
    return Training(
        net, X, y, loss=recipe.loss, optimizer=optimizer(recipe), epochs=10**9,
        batch_size=min(recipe.batch_size, len(X)), schedule=_schedule(recipe, len(X)), l1=recipe.l1, l2=recipe.l2,
        penalize_biases=recipe.penalize_biases, clip_norm=recipe.clip_norm or None,
        clip_value=recipe.clip_value or None, frozen=mask, seed=recipe.seed,
    )  # fmt: skip


def _schedule(recipe, n):
    if recipe.schedule == "constant":
        return None
    return SCHEDULES_OVER[recipe.schedule](recipe.lr, recipe.schedule_epochs * _batches(recipe, n))


def _made(training, count):
    """Make `count` updates → how many were made, and "" or, where the run diverged, a sentence."""
    net = training.net
    for number in range(count):
        before = net.params.copy()
        try:
            next(training)
        except Diverged:
            return number, _diverged(training, "the numbers grew beyond all bounds")
        largest = np.abs(net.params).max()
        if largest > HUGE:
            net.params = before
            return number, _diverged(training, f"a weight would have become {largest:.1e}")
    return count, ""


def _diverged(training, what):
    lost = training.history.loss
    loss = f" (loss {lost[-1]:.3g})" if len(lost) else ""
    return f"Diverged: {what}{loss}. Lower the rate or clip, and rewind."


def _noted(run, net, lesson, features, recipe):
    """The run with the numbers of its epoch added to the curves."""
    known, unseen = scores(net, lesson, features, recipe.loss)
    penalty = float(net.penalty(recipe.l1, recipe.l2, recipe.penalize_biases))
    row = (
        run["epoch"], known and known.loss, unseen and unseen.loss, penalty, known and known.accuracy,
        unseen and unseen.accuracy,
    )  # fmt: skip
    stride = 2 ** max(0, math.ceil(math.log2(max(run["epoch"], 1) / MOST_MARKS)))
    kept = [i for i, epoch in enumerate(run["curves"]["epoch"]) if epoch % stride == 0]
    curves = {
        name: [run["curves"][name][i] for i in kept] + [_short(value)] for name, value in zip(CURVES, row, strict=True)
    }
    return {**run, "curves": curves, "best": _best(run, curves)}


def _best(run, curves):
    loss = next((curves[name][-1] for name in ("validation", "loss") if curves[name][-1] is not None), None)
    if loss is None or (run["best"] is not None and run["best"][1] <= loss):
        return run["best"]
    return [run["epoch"], loss]


def _judged(run, recipe):
    """The run, ended if one of the recipe's conditions says so."""
    which = "training" if run["curves"]["validation"][-1] is None else "validation"
    loss = run["curves"]["loss" if which == "training" else "validation"][-1]
    waited = run["epoch"] - run["best"][0]
    ended = ""
    if recipe.target_loss and loss <= recipe.target_loss:
        ended = f"Stopped: the {which} loss is at most {recipe.target_loss:g}."
    elif recipe.patience and waited >= recipe.patience:
        ended = f"Stopped: no lower {which} loss for {waited} epochs (best: epoch {run['best'][0]})."
    elif run["epoch"] >= recipe.max_epochs:
        ended = f"All {recipe.max_epochs} epochs are over."
    return {**run, "ended": ended}


def _short(value):
    """A number with 5 digits that count, so that a shared text stays short; None stays None."""
    return value if value is None or isinstance(value, int) else float(f"{value:.5g}")


def _listed(state):
    return {name: values.tolist() for name, values in state.items()}


def _fitting(memory, net):
    """The parts of an optimiser's memory that belong to a network of this size."""
    return {name: values for name, values in memory.items() if np.shape(values) in ((), (net.n_params,))}
