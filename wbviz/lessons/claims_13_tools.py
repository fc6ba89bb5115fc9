"""The experiments behind the claims of chapter 13 on tools, automation, and the other meaning of bias."""

from tempfile import TemporaryDirectory

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import Adam, Frontier, Network, Range, Recipe, RunStore, RunWriter, Search, train
from wbviz.lessons._halves import SEEDS, halves, worlds
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

BINARY = "binary_cross_entropy"

# --- tools ------------------------------------------------------------------------------------------------------------

RATES = np.geomspace(0.001, 1.0, SEEDS)


def tracking():
    """Twenty runs at twenty learning rates, each with a log and without; then the log is used to choose one."""
    learned, watched = load_dataset("moons", n=80, noise=0.3, seed=0).split(0.5)
    new = load_dataset("moons", n=1000, noise=0.3, seed=1)
    recipe = {"loss": BINARY, "epochs": 25, "validation": (watched.X, watched.y[:, None])}
    differences, losses = [], []
    with TemporaryDirectory() as folder:
        for seed, lr in enumerate(RATES):
            nets = [Network([2, 8, 1], seed=seed) for _ in range(2)]
            for net, logger in zip(nets, (None, RunWriter(folder, f"run-{seed + 1:03d}")), strict=True):
                train(net, learned.X, learned.y[:, None], optimizer=Adam(float(lr)), logger=logger, **recipe)
            differences.append(float(np.abs(nets[0].params - nets[1].params).max()))
            losses.append(float(nets[1].loss(new.X, new.y[:, None], BINARY)))
            yield (seed + 1) / SEEDS, f"{seed + 1} runs"
        kept = [run.last("validation_loss") for run in RunStore(folder).runs]
    numbers = {"runs": SEEDS, "largest difference of a number, with a log and without": max(differences)}
    numbers |= spread("all runs: loss on new points", losses, 3)
    numbers["the run that the log says is best: loss on new points"] = round(losses[int(np.argmin(kept))], 3)
    numbers["the best there is among them"] = round(min(losses), 3)
    text = (
        "A log changes no weight and no bias: with it and without it the runs end at the same numbers, to the last "
        "bit. The optimiser moved them. What the log gave is a choice among runs that were done anyway, which somebody "
        "or some program still has to make."
    )
    return Verdict("holds if somebody decides by what they show", numbers, text)


# --- automation -------------------------------------------------------------------------------------------------------

SPACES = {"0.001 to 1": Range(0.001, 1.0, log=True), "0.00003 to 0.001": Range(0.00003, 0.001, log=True)}
BY_HAND = "one setting, 0.05, and no search"


def automation():
    """A search over learning rates within bounds that somebody set, against one setting chosen beforehand."""
    unseen = load_dataset("moons", n=1000, noise=0.2, seed=1000)
    recipe, found = Recipe(hidden=(8,), epochs=40), {name: [] for name in (*SPACES, BY_HAND)}
    for seed in range(SEEDS):
        data = load_dataset("moons", n=80, noise=0.2, seed=seed)
        for name, space in SPACES.items():
            search = Search(recipe, {"lr": space}, data.X, data.y, trials=8, k=4, rounds=1, seed=seed)
            for _ in search:
                pass
            found[name].append(search.refit().score(unseen.X, unseen.y))
        found[BY_HAND].append(recipe.but(lr=0.05).fit(data.X, data.y, seed=seed).score(unseen.X, unseen.y))
        yield (seed + 1) / SEEDS, f"{seed + 1} searches"
    numbers, hand = {"searches": SEEDS, "trials in each": 8}, np.array(found[BY_HAND])
    for name, scores in found.items():
        case = name if name == BY_HAND else f"rates from {name}"
        numbers |= spread(f"{case}: right on new points, %", 100 * np.array(scores))
    for name in SPACES:
        ahead = int((np.array(found[name]) > hand).sum())
        numbers[f"rates from {name}: searches that beat the one setting"] = ahead
    text = (
        "A search chooses settings, here a learning rate; the weights are moved by the optimiser as ever. Within good "
        "bounds eight trials find a better rate than the one set by hand. Within bad bounds the same search finds the "
        "best of what is bad. Bounds, data and the score that judges were chosen by somebody before it began."
    )
    return Verdict("holds if the bounds, the data and the score were chosen well", numbers, text)


# --- which bias -------------------------------------------------------------------------------------------------------


def gaps(label_bias, held, seeds=SEEDS):
    """By how much A is approved more often than B, −1 … 1, in each world; `held`: with every bias b held at 0."""
    learned, unseen = halves(worlds(n=500, label_bias=label_bias))
    rows = [each[:seeds] for each in (learned.X, learned.y, learned.groups)]
    frontier = Frontier(*rows, seeds=seeds, epochs=100, lr=0.1, hidden=(8,))
    frozen = np.zeros(frontier.net.n_params, bool)
    for b in frontier.net.views(frozen)[1] if held else ():
        b[...] = True
    frontier.training.frozen = frozen
    new = [each[:seeds] for each in (unseen.X, unseen.deserved, unseen.groups)]
    return frontier.run().points(*new).gap("selection_rate", "A", "B")[0]


def the_other_bias():
    """Networks with biases b, and with all of them held at 0, learn right and unjust records of twenty worlds."""
    numbers = {"worlds": SEEDS}
    for k, share in enumerate((0.0, 0.5)):
        for held in (False, True):
            case = f"{100 * share:.0f} % recorded wrongly, {'every b held at 0' if held else 'with biases b'}"
            numbers |= spread(f"{case}: A approved more often by, points", 100 * gaps(share, held))
        yield (k + 1) / 2, f"{100 * share:.0f} % recorded wrongly"
    text = (
        "The two share a word and nothing else. A network without any b takes over an unjust record as fully as one "
        "with biases, and with right records neither treats the groups apart. The gap came from the records; "
        "the weights carry it, and the biases are not needed for that."
    )
    return Verdict("misleading", numbers, text)
