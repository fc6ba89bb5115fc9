"""The experiments behind the claims of chapter 09 on tracking: what recorded curves are good for."""

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Network, Training
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS, STEPS, EVERY = 20, 300, 20
BINARY = "binary_cross_entropy"
NOISE, UNSEEN = 0.35, 400
WIDTHS, RATES, PENALTIES = (4, 16), (0.1, 0.3, 1.0), (0.0, 0.01, 0.1)
#: Learning rate and penalty of each run with one width.
SETTINGS = tuple((rate, penalty) for rate in RATES for penalty in PENALTIES)
RUNS = len(WIDTHS) * len(SETTINGS)
POINTS = (30, 150)
TRAIN, VALIDATION, NEW = "training", "validation", "unseen"


def _points(n, first):
    """A sample of n noisy points for each seed, once for each setting: X (settings × seeds, n, 2) and y."""
    samples = [load_dataset("moons", n=n, noise=NOISE, seed=first + seed) for seed in range(SEEDS)]
    X, y = (np.stack([part(sample) for sample in samples]) for part in (lambda s: s.X, lambda s: s.y[:, None]))
    return [np.tile(each.astype(float), (len(SETTINGS), 1, 1)) for each in (X, y)]


def _tracked(n, share):
    """18 runs on each of 20 samples of n points, n held out: losses as a tracker keeps them, (times, runs, seeds).

    A generator of its progress within `share`, a pair of fractions; its value is a dict of TRAIN, VALIDATION, NEW.
    """
    sets = {TRAIN: _points(n, 0), VALIDATION: _points(n, 100), NEW: _points(UNSEEN, 500)}
    kept, (begin, end) = {name: [] for name in sets}, share
    for k, width in enumerate(WIDTHS):
        nets = Network([2, width, 1], seed=0, population=SEEDS)
        nets = nets.with_params(np.tile(nets.params, (len(SETTINGS), 1)))
        rate, penalty = np.repeat(np.array(SETTINGS), SEEDS, axis=0).T
        training = Training(nets, *sets[TRAIN], loss=BINARY, optimizer=SGD(rate), l2=penalty, epochs=STEPS)
        found = {name: [] for name in sets}
        while not training.done:
            training.run(EVERY)
            for name, points in sets.items():
                found[name].append(nets.loss(*points, BINARY).reshape(len(SETTINGS), SEEDS))
            done = (k + training.made / STEPS) / len(WIDTHS)
            yield begin + (end - begin) * done, f"{RUNS} runs on {n} points"
        for name, losses in found.items():
            kept[name].append(np.array(losses))
    return {name: np.concatenate(losses, axis=1) for name, losses in kept.items()}


def _all_tracked():
    """By number of points, what `_tracked` finds."""
    found = {}
    for k, n in enumerate(POINTS):
        found[n] = yield from _tracked(n, (k / len(POINTS), (k + 1) / len(POINTS)))
    return found


# --- decisions that rest on data --------------------------------------------------------------------------------------

LAST, CURVE = "lowest last training loss", "lowest point of a validation curve"
END, CHANCE = "lowest last validation loss", "one at random"
CHOICES = (LAST, END, CURVE, CHANCE)


def data_driven_decisions():
    """Of 18 runs one is kept, by what was recorded: which choice is best on points that nobody has seen?"""
    numbers, found = {"samples": SEEDS, "runs to choose from": RUNS}, (yield from _all_tracked())
    gain = {}
    for n, losses in found.items():
        chosen = _chosen(losses)
        for how, loss in chosen.items():
            numbers |= spread(f"{n} points, {how}: unseen loss", loss, 3)
        numbers[f"{n} points: samples in which the curve chose better"] = int((chosen[CURVE] < chosen[LAST]).sum())
        promised = losses[VALIDATION].reshape(-1, SEEDS).min(axis=0)
        numbers |= spread(f"{n} points, {CURVE}: what it promised", promised, 3)
        gain[n] = chosen[CURVE].mean() / chosen[LAST].mean()
    text = (
        "With few noisy points the run with the lowest training loss is a bad choice, worse than one drawn at random: "
        "it has learned the noise best. The recorded validation curves choose well. With five times the points both "
        "ways choose nearly the same. And what the curve promised is a little better than what came: the lowest of "
        "many numbers was lucky, too."
    )
    return Verdict("holds if the data were held out" if gain[30] < 0.8 else "misleading", numbers, text)


def _chosen(losses):
    """The loss on unseen points of the run that each way of choosing keeps, (SEEDS,) each."""
    seeds, last = np.arange(SEEDS), losses[NEW][-1]
    best = losses[VALIDATION].reshape(-1, SEEDS).argmin(axis=0)
    return {
        LAST: last[losses[TRAIN][-1].argmin(axis=0), seeds],
        END: last[losses[VALIDATION][-1].argmin(axis=0), seeds],
        CURVE: losses[NEW].reshape(-1, SEEDS)[best, seeds],
        CHANCE: last.mean(axis=0),
    }


# --- watching while it runs -------------------------------------------------------------------------------------------

LOOK, KEPT = 40, 3  # after so many steps one run in so many goes on


def monitoring_saves():
    """All runs are looked at early, and only a third goes on: what is saved, and what is lost?"""
    numbers, found = {"samples": SEEDS, "runs": RUNS, "looked at after steps": LOOK}, (yield from _all_tracked())
    numbers["share of the steps saved"] = round((1 - 1 / KEPT) * (1 - LOOK / STEPS), 2)
    lost = {}
    for n, losses in found.items():
        full = _chosen(losses)[END]
        numbers |= spread(f"{n} points, all runs to the end: unseen loss", full, 3)
        for watched in (VALIDATION, TRAIN):
            loss, kept = _thinned(losses, watched)
            numbers |= spread(f"{n} points, watching the {watched} loss: unseen loss", loss, 3)
            numbers[f"{n} points, watching the {watched} loss: best run still there, of {SEEDS}"] = kept
            lost[n, watched] = loss.mean() / full.mean() - 1
    text = (
        "More than half of all steps are saved by stopping early what looks worst, and the run that is kept is nearly "
        "as good, although it is not always the one that would have been best. With few points the validation loss is "
        "the one to watch; with many, the training loss does as well."
    )
    small = max(lost[n, VALIDATION] for n in POINTS) < 0.1
    return Verdict("holds if a slightly worse run is good enough" if small else "misleading", numbers, text)


def _thinned(losses, watched):
    """The unseen loss of the run kept if only a third goes on, (SEEDS,); in how many samples it is the best one."""
    early, end, seeds = losses[watched][LOOK // EVERY - 1], losses[VALIDATION][-1], np.arange(SEEDS)
    going = early.argsort(axis=0)[: RUNS // KEPT]
    chosen = np.take_along_axis(going, np.take_along_axis(end, going, axis=0).argmin(axis=0)[None], axis=0)[0]
    return losses[NEW][-1][chosen, seeds], int((chosen == end.argmin(axis=0)).sum())
