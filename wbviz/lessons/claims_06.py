"""The experiments behind the claims of chapter 06: fitting noise, fitting too little, and judging what was learned."""

import numpy as np

from wbviz.engine import Adam, Network, Range, Recipe, Search, Training, cross_validate
from wbviz.engine.recipe import Start
from wbviz.engine.validation import Job, perform
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets._fitting import PLACES, TRUTHS, Setting, lesson
from wbviz.widgets._validating import COIN, rows

SEEDS = 20


# --- precise predictions ----------------------------------------------------------------------------------------------


def something_to_learn():
    """The same network on 60 real examples, and on the same with their labels exchanged at random: learned and new."""
    numbers, recipe = {"seeds": SEEDS}, Recipe(hidden=(8,), epochs=100, lr=0.05)
    found = {name: np.empty((3, SEEDS)) for name in ("true labels", "exchanged labels")}
    for seed in range(SEEDS):
        known = rows("breast_cancer", 60, 0, seed)
        mixed = np.random.default_rng([seed, 3])
        for name, scores in found.items():
            y, new = (known.y, known.fresh_y)
            if name != "true labels":
                y, new = mixed.permutation(y), mixed.permutation(new)
            model = recipe.fit(known.X, y, seed=seed)
            before = recipe.but(epochs=0).fit(known.X, y, seed=seed)
            scores[:, seed] = before.score(known.fresh_X, new), model.score(known.X, y), model.score(known.fresh_X, new)
        yield (seed + 1) / SEEDS, f"{2 * (seed + 1)} networks"
    for name, scores in found.items():
        for what, values in zip(("new rows before", "learned rows after", "new rows after"), scores, strict=True):
            numbers |= spread(f"{name}, right on {what}, %", 100 * values)
    text = (
        "With true labels training lifts the share of right answers on new rows to well above 90 %. With exchanged "
        "labels it fits the rows it learned from just as well, and on new ones it guesses. Weights that are the best "
        "for the training set are a promise, not a proof."
    )
    return Verdict("holds if the data hold something to learn", numbers, text)


# --- too much and too little ------------------------------------------------------------------------------------------


def _fitted(target, points, noise, width, looks, lam=0.0):
    """Networks of one width, each on its own points → by look: arrays of (errors beyond the noise, noise learned).

    Noise learned is the slope of (fit − truth) on the noise of the points: 0 if none of it is followed, 1 if all is.
    """
    known = [lesson(Setting(target, points, noise, 1, lam, seed)) for seed in range(SEEDS)]
    X, y, unseen_y = (np.stack([getattr(part, name) for part in known]) for name in ("X", "y", "unseen_y"))
    net = Network([1, width, 1], hidden="tanh", seed=0, population=SEEDS)
    training = Training(net, X, y, optimizer=Adam(lr=0.1), epochs=looks[-1], l2=lam)
    floor, truth, found = np.array([part.floor for part in known]), TRUTHS[target](X), []
    for look in looks:
        training.run(look - training.made)
        beyond = ((net(PLACES) - unseen_y) ** 2).mean(axis=(1, 2)) - floor
        squares = ((y - truth) ** 2).sum(axis=(1, 2))
        followed = ((net(X) - truth) * (y - truth)).sum(axis=(1, 2)) / np.where(squares > 0, squares, 1)
        found.append((beyond, followed))
    return found


LOOKS = (200, 1000)


def learns_noise():
    """Sixteen units on 12 or 60 points of a wave, with noise and without: what is learned, early and late."""
    numbers = {"seeds": SEEDS}
    cases = {"12 noisy points": (12, 0.3), "60 noisy points": (60, 0.3), "12 points without noise": (12, 0.0)}
    for k, (name, (points, noise)) in enumerate(cases.items()):
        found = _fitted("wave", points, noise, 16, LOOKS)
        yield (k + 1) / len(cases), name
        for look, (beyond, followed) in zip(LOOKS, found, strict=True):
            if noise:
                numbers |= spread(f"{name}, epoch {look}: share of the noise learned, %", 100 * followed)
            numbers |= spread(f"{name}, epoch {look}: error on new points beyond the noise", beyond, 3)
        numbers[f"{name}: seeds where it got worse"] = int((found[1][0] > found[0][0]).sum())
    text = (
        "On 12 noisy points the network ends up following three quarters of their noise, and in most samples its error "
        "on new points grows while it does so. With 60 points it follows a quarter, and mostly goes on getting better. "
        "Without noise, too, training on is no harm in most cases: what was learned too well was the noise."
    )
    return Verdict("holds if the points are few and noisy", numbers, text)


def learns_too_little():
    """One unit and sixteen on 60 points of a wave and of a line; and sixteen held back by a penalty or by time."""
    numbers, looks = {"seeds": SEEDS}, (1000,)
    cases = {
        "wave, 1 unit": ("wave", 60, 0.3, 1, looks),
        "wave, 1 unit, 12 points": ("wave", 12, 0.3, 1, looks),
        "wave, 16 units": ("wave", 60, 0.3, 16, looks),
        "line, 1 unit": ("line", 60, 0.3, 1, looks),
        "wave, 16 units, λ = 0.1": ("wave", 60, 0.3, 16, looks, 0.1),
        "wave, 16 units, 20 epochs": ("wave", 60, 0.3, 16, (20,)),
    }
    for k, (name, arguments) in enumerate(cases.items()):
        ((beyond, _),) = _fitted(*arguments)
        numbers |= spread(f"{name}: error on new points beyond the noise", beyond, 3)
        yield (k + 1) / len(cases), name
    text = (
        "One unit cannot follow a wave: its error stays high, with 60 points as with 12. For a line it is enough. "
        "Sixteen units can follow the wave, and underfit all the same when a penalty is too strong or training ends "
        "too early: too little is not only a matter of size."
    )
    return Verdict("holds", numbers, text)


# --- judging ----------------------------------------------------------------------------------------------------------


def validation_is_honest():
    """One split and five folds of 60 examples against fresh rows; then with the scaler, and the features, leaking."""
    numbers, recipe = {"seeds": SEEDS}, Recipe(hidden=(4,), epochs=80, lr=0.05)
    real, coin, leaked, fitted = (np.empty((2, SEEDS)) for _ in range(4))
    for seed in range(SEEDS):
        known = rows("breast_cancer", 60, 0, seed)
        found = cross_validate(recipe, known.X, known.y, seed=seed)
        fresh = recipe.fit(known.X, known.y, seed=seed).score(known.fresh_X, known.fresh_y)
        real[:, seed] = found.scores[0] - fresh, found.mean - fresh
        fitted[0, seed] = cross_validate(recipe, known.X, known.y, seed=seed, leak="scaler").mean - fresh
        known, few = rows(COIN, 40, 1000, seed), recipe.but(features=20)
        fresh = few.fit(known.X, known.y, seed=seed).score(known.fresh_X, known.fresh_y)
        for row, leak in zip((coin, leaked), (None, "selection"), strict=True):
            mean = cross_validate(few, known.X, known.y, seed=seed, leak=leak).mean
            row[:, seed] = mean, mean - fresh
        yield (seed + 1) / SEEDS, f"{seed + 1} samples"
    for name, values in (
        ("a single split minus fresh rows, points", real[0]),
        ("the mean of 5 folds minus fresh rows, points", real[1]),
        ("the same with the scaler from all rows, points", fitted[0]),
        ("coin flips, mean of 5 folds, %", coin[0]),
        ("coin flips, features from all rows: mean of 5 folds, %", leaked[0]),
        ("coin flips, features from all rows: minus fresh rows, points", leaked[1]),
    ):
        numbers |= spread(name, 100 * values)
    text = (
        "Both are right on average; a single split is off by about twice as much. But choose the features with all "
        "rows, and labels drawn by a coin are foretold with more than 90 %. A scaler from all rows, the same mistake "
        "in principle, does no harm that can be measured here."
    )
    return Verdict("holds if nothing was chosen with the help of the rows that judge", numbers, text)


TRIALS, EXAMPLES = 32, 40
SPACE = {"lr": Range(1e-3, 1.0, log=True), "l2": Range(1e-4, 1.0, log=True)}


def tuning_finds_the_best():
    """Thirty-two settings on one split, 20 times: what the best promises, what it keeps, and what was the true best."""
    numbers = {"seeds": SEEDS, "settings tried": TRIALS}
    for k, (name, dataset) in enumerate({"circles": "circles", "coin flips": COIN}.items()):
        promised, kept, typical, regret = np.empty((4, SEEDS))
        for seed in range(SEEDS):
            promised[seed], chosen, fresh = _searched(dataset, seed)
            kept[seed], typical[seed], regret[seed] = fresh[chosen], np.median(fresh), fresh.max() - fresh[chosen]
            yield (k + (seed + 1) / SEEDS) / 2, f"{name}: {TRIALS * (seed + 1)} settings"
        for what, values in (
            ("the best promises, %", promised),
            ("the best keeps on fresh rows, %", kept),
            ("a middling setting on fresh rows, %", typical),
            ("promised minus kept, points", promised - kept),
            ("short of the true best, points", regret),
        ):
            numbers |= spread(f"{name}: {what}", 100 * values)
        numbers[f"{name}: samples where the chosen one was the true best"] = int((regret == 0).sum())
    text = (
        "Where there is something to learn, the search finds a far better setting than a middling one; rarely is it "
        "the best of those it tried. And what it promises is too much: the best of many noisy scores is a lucky one. "
        "On coin flips it promises well above one half, and keeps one half."
    )
    return Verdict("holds if “optimal” means good, and fresh rows say how good", numbers, text)


def _searched(dataset, seed):
    """(best validation score, the number of that setting, all settings' scores on fresh rows) of one search."""
    known = rows(dataset, EXAMPLES, 0, seed)
    recipe = Recipe(hidden=(8,), epochs=60)
    found = Search(recipe, SPACE, known.X, known.y, trials=TRIALS, k=4, rounds=1, seed=seed)
    trials = list(found)
    X, y = np.vstack([known.X, known.fresh_X]), np.concatenate([known.y, known.fresh_y])
    learned, fresh = np.split(np.arange(len(X)), [EXAMPLES])
    jobs = [Job(Start(trial.recipe, learned, seed + trial.number, seed), fresh, keep=False) for trial in trials]
    judged = dict(perform(jobs, X, y, 2))
    scores = np.empty(len(trials))
    for i, trial in enumerate(trials):
        scores[trial.number] = judged[i].score
    return found.best.score, found.best.number, scores
