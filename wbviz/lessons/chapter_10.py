"""The lessons of chapter 10, as data: learning to learn, and searching for the network itself."""

from functools import cache

import numpy as np

from wbviz.bridges.optuna_recorded import measured
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.chapter_10_meta import CLAIMS as META_CLAIMS
from wbviz.lessons.chapter_10_meta import EXERCISES as META_EXERCISES
from wbviz.lessons.chapter_10_meta import PREDICTIONS as META_PREDICTIONS
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_10 import searches_for_the_best, spares_the_expert
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import ArchitectureSearch
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import HAND, OWN, RANDOM, TPE, Setting
from wbviz.widgets._own_tries import FIRST_TRY
from wbviz.widgets._words import percent

# --- predictions ----------------------------------------------------------------------------------------------------


def _kept(name, way):
    return np.array(measured()["found"][name][way]["kept"])


TPE_WINS = Number(
    "tpe-or-random",
    "Two searches get 30 full trainings each on the digits: random search, and Optuna's TPE, which learns from the "
    "trials before. This is done 20 times, with other rows and other starts. How often is TPE's network the better one "
    "on new rows?",
    lambda: float((_kept("digits", TPE) > _kept("digits", RANDOM)).sum()),
    tolerance=2.5,
    unit="times",
    mistakes=(
        Mistake(20.0, "The first ten trials are the same for both, and twenty more are not many: luck has its say."),
        Mistake(10.0, "Then it would learn nothing from its trials. On these data it does."),
        Mistake(0.0, "It would have to learn the wrong thing each time."),
    ),
    explanation="More often than not, and not always. On the moons it was the other way round. "
    f"Recorded on {measured()['date']} with {measured()['versions']}.",
)


@cache
def _largest_share():
    """What the most important setting alone explains, of 100 random trials on the digits."""
    setting = Setting("digits", RANDOM, 100, False, 0)
    run = experiment.begun(setting)
    for _ in run.steps():
        pass
    return max(experiment.weighed(run, OWN).items(), key=lambda pair: pair[1])


def _what_matters():
    name, share = _largest_share()
    return MATTERS.options[3 if share < 0.25 else {"lr": 0, "depth": 1}.get(name, 2)].text


MATTERS = Choose(
    "what-matters",
    "One hundred networks for the digits are drawn at random: layers, units, activation, optimiser, learning rate. "
    "Their scores differ widely. Which single setting explains the most of that?",
    lambda: _what_matters(),
    options=(
        Option(
            "The learning rate explains more than half.",
            "It matters much, but a good learning rate for Adam is a poor one for SGD: it takes both to know.",
        ),
        Option(
            "The number of layers explains more than half.",
            "A deep network fails with a sigmoid and does well with a ReLU: depth alone does not tell.",
        ),
        Option(
            "The optimiser or the activation explains more than half.",
            "Each of them does well with some learning rates and depths, and badly with others.",
        ),
        Option("None of them alone explains as much as a quarter."),
    ),
    explanation="Settings work together. Whoever tunes one at a time, with the others held fixed, misses that.",
)


@cache
def _begun_trials():
    run = experiment.begun(Setting("digits", RANDOM, 30, True, 0))
    return sum(1 for _ in run.steps())


def _how_many():
    count = _begun_trials()
    return EARLY.options[0 if count < 35 else 1 if count < 50 else 2].text


EARLY = Choose(
    "given-up",
    "A search may spend the epochs of 30 full trainings. Now a trial is given up after a ninth or a third of its "
    "epochs if it is then below the median of the others. How many trials can be begun?",
    lambda: _how_many(),
    options=(
        Option("About 30, as before.", "A trial that ends after a ninth of its epochs leaves eight ninths to others."),
        Option("About 40.", "About half of the trials are below the median, and most of these end at the first look."),
        Option("More than 50."),
    ),
    explanation="Poor settings show early, mostly. Now and then one is given up that would have come from behind.",
)

OPTIMISM = Number(
    "winners-gap",
    "On the moons, the best of 30 random trials is the one that does best on 80 rows held out. By how many percentage "
    "points does it do worse on 1,000 new rows, on average over 20 searches?",
    lambda: float(
        100 * np.mean(np.array(measured()["found"]["moons"][RANDOM]["best"]) - _kept("moons", RANDOM))
    ),
    tolerance=1.5,
    unit="points",
    mistakes=(
        Mistake(0.0, "No network learned from these 80 rows, but they chose the winner among 30."),
        Mistake(10.0, "That would be eight rows of 80 by luck alone, each time."),
    ),
    explanation="Its score is partly the luck of being chosen. Chapter 06 called this optimism. "
    f"Recorded on {measured()['date']}.",
)  # fmt: skip


# --- exercises ------------------------------------------------------------------------------------------------------

_WANTED, _TRIES, _FEW, _SMALL = 0.9, 15, 25, 0.92


def _check_by_hand(figure):
    if (figure.dataset, figure.seed) != ("spiral", 0):
        return "Keep the spiral, and seed 0."
    best = figure.best(HAND)
    if best is None:
        return "Nothing is tried by hand yet: turn the knobs below, and press Try it."
    if len(figure.tries) > _TRIES:
        return (
            f"That took {len(figure.tries)} tries, more than {_TRIES}. Forget them, and begin with what you know now."
        )
    if best.score < _WANTED:
        return f"Your best is right on {percent(best.score)}, after {len(figure.tries)} of {_TRIES} tries."
    return ""


BY_HAND = Exercise(
    "by-hand",
    f"Find by hand a network that is right on at least {percent(_WANTED, 0)} of the spiral's rows held out, in at most "
    f"{_TRIES} tries.",
    _check_by_hand,
    hints=(
        "A small network cannot wind as often as the spiral does: give it room first, then care for the learning rate.",
        "Chapter 08 says which activation lets gradients through many layers; chapter 05, which optimiser is quick.",
    ),
    widget=ArchitectureSearch,
    start={"dataset": "spiral", "way": HAND, "tries": [FIRST_TRY]},
    solution={
        "dataset": "spiral",
        "way": HAND,
        "tries": [FIRST_TRY, {"depth": 3, "width": 16, "activation": "relu", "optimizer": "Adam", "lr": 0.03}],
    },
    conclusion="You used what nine chapters taught you. A search has to find that out by trials.",
)


def _check_small(figure):
    if (figure.dataset, figure.seed) != ("moons", 0):
        return "Keep the moons, and seed 0."
    run, fit = figure._run_of(HAND), []
    for attempt in run.attempts:
        count = experiment.look(run.setting, attempt).model.net.n_params
        if count <= _FEW and attempt.score >= _SMALL:
            return ""
        fit.append((count, attempt.score))
    if not fit:
        return "Nothing is tried by hand yet: turn the knobs below, and press Try it."
    small = [score for count, score in fit if count <= _FEW]
    if not small:
        return f"Your smallest network has {min(fit)[0]} weights and biases. At most {_FEW} are allowed."
    return f"Your best network with at most {_FEW} weights and biases is right on {percent(max(small))}."


SMALL = Exercise(
    "small-enough",
    f"The searches like large networks. Find one for the moons with at most {_FEW} weights and biases that is right on "
    f"at least {percent(_SMALL, 0)} of the rows held out.",
    _check_small,
    hints=(
        "Count: each unit has its incoming weights and one bias. Which costs more, a layer or a unit?",
        "A small network that has few epochs needs large steps.",
    ),
    widget=ArchitectureSearch,
    start={
        "dataset": "moons",
        "way": HAND,
        "tries": [{"depth": 3, "width": 16, "activation": "relu", "optimizer": "Adam", "lr": 0.03}],
    },
    solution={
        "dataset": "moons",
        "way": HAND,
        "tries": [
            {"depth": 3, "width": 16, "activation": "relu", "optimizer": "Adam", "lr": 0.03},
            {"depth": 1, "width": 4, "activation": "tanh", "optimizer": "Adam", "lr": 0.2},
        ],
    },
    conclusion="A search looks for what it is told to look for. Nobody had told it to be small.",
)


def _gives_up(score, others):
    """The median rule, as the engine has it."""
    return len(others) >= 5 and score < float(np.median(others))


def _gives_up_too_soon(score, others):
    return score < max(others)


RULE = Exercise(
    "median-rule",
    "Write the median rule: is a trial with this `score` to be given up, if `others` are the scores that the finished "
    "trials had at the same epoch? Before five of them are there, nobody is given up. Return True or False.",
    matches(
        _gives_up,
        (
            (0.6, [0.5, 0.55, 0.7, 0.8, 0.9]),
            (0.75, [0.5, 0.55, 0.7, 0.8, 0.9]),
            (0.7, [0.5, 0.55, 0.7, 0.8, 0.9]),
            (0.1, [0.8, 0.9]),
            (0.2, [0.1, 0.1, 0.1, 0.9, 0.9, 0.9]),
        ),
    ),
    hints=(
        "Two conditions must hold, and one of them is only about how many others there are.",
        "The middle of a list is numpy.median. Whoever is exactly there goes on.",
    ),
    start=_gives_up_too_soon,
    solution=_gives_up,
    conclusion="Two lines, and a search begins twice as many trials. What it gives up wrongly, nobody will know.",
)


def _share(values, scores):
    values, scores = np.asarray(values), np.asarray(scores, float)
    means = np.array([scores[values == value].mean() for value in values])
    return float(means.var() / scores.var())


def _share_of_range(values, scores):
    values, scores = np.asarray(values), np.asarray(scores, float)
    means = np.array([scores[values == value].mean() for value in values])
    return float(np.ptp(means) / np.ptp(scores))


SHARE = Exercise(
    "share",
    "Write a function that tells how much of the variance of `scores` goes with a setting: give each trial the mean "
    "score of all trials with the same value, and divide the variance of these means by that of the scores.",
    matches(
        _share,
        (
            (["relu", "relu", "tanh", "tanh"], [0.9, 0.9, 0.5, 0.5]),
            (["relu", "relu", "tanh", "tanh"], [0.9, 0.5, 0.9, 0.5]),
            ([1, 1, 2, 2, 2, 3], [0.2, 0.4, 0.5, 0.9, 0.7, 0.8]),
        ),
    ),
    hints=(
        "For one value of the setting: scores[values == value].mean().",
        "Both variances are taken over all trials, so that a value tried often counts often.",
    ),
    start=_share_of_range,
    solution=_share,
    conclusion="With few trials even a useless setting gets a share by luck; the figure takes off what luck gives.",
)


CHAPTER = Chapter(
    number=10,
    title=SECTIONS[9],
    file="10_future_trends_in_weights_and_biases.ipynb",
    predictions=(*META_PREDICTIONS, TPE_WINS, MATTERS, EARLY, OPTIMISM),
    exercises=(*META_EXERCISES, BY_HAND, SMALL, RULE, SHARE),
    claims=(
        *META_CLAIMS,
        Claim(
            "best-architecture", "AutoML searches for the best architecture and the best settings of a model.",
            SECTIONS[9], searches_for_the_best,
        ),
        Claim(
            "non-experts", "AutoML makes development easier, and lets people who are no experts build good models.",
            SECTIONS[9], spares_the_expert,
        ),
    ),
)  # fmt: skip
