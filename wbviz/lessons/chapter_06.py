"""The lessons of chapter 06, as data: fitting too much and too little, and judging without fooling oneself."""

from functools import cache

import numpy as np

from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_06 import (
    learns_noise,
    learns_too_little,
    something_to_learn,
    tuning_finds_the_best,
    validation_is_honest,
)
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import CrossValidation, FitExplorer, HyperparameterSearch
from wbviz.widgets import _fitting as fitting
from wbviz.widgets import _validating as validating
from wbviz.widgets._words import percent, signed

# --- predictions ----------------------------------------------------------------------------------------------------

_WAVE = fitting.Setting("wave", 12, 0.3, 1, 0.0, 0)


@cache
def _best_width():
    """The option that names the width with the smallest error on unseen points, median of 8 seeds."""
    found = fitting.Capacity(_WAVE)
    for _ in found.measure():
        pass
    width = int(fitting.WIDTHS[np.median(found.unseen[-1], axis=0).argmin()])
    return WIDTH.options[0 if width == 1 else 2 if width > 12 else 1].text


WIDTH = Choose(
    "best-width",
    "Twelve noisy points come from a wave. Networks with 1 to 16 hidden units are trained on them to the end, again "
    "and again with other points. With how many units is the error on *new* points smallest, as a rule?",
    lambda: _best_width(),
    options=(
        Option("With 1: the simplest is the safest.", "One unit goes up once or down once. A wave does both."),
        Option("With a few: more than 1, and fewer than 12."),
        Option("With 13 to 16: who can do more does no worse.", "They can follow the noise as well, and they do."),
    ),
    explanation="Too few cannot follow the wave. Too many follow the noise too. In between lies the sweet spot.",
)

FLOOR = Number(
    "noise-floor",
    "The points lie about the true curve with a standard deviation of 0.3. Somebody knows the true curve exactly. "
    "What mean squared error does it have on very many new points?",
    lambda: float(np.mean([fitting.lesson(_WAVE._replace(seed=seed)).floor for seed in range(100)])),
    tolerance=0.012,
    mistakes=(
        Mistake(0.0, "It hits the curve, not the points: these have noise of their own."),
        Mistake(0.3, "That is the standard deviation. The error is squared."),
    ),
    explanation="0.3² = 0.09: no network can do better on new points, except by luck.",
)


@cache
def _range_of_splits():
    found = validating.Shuffles(validating.Setting("breast_cancer", 60, 0, 30, 4, 5, "none", 0, 0))
    for _ in found.measure():
        pass
    return float(100 * np.ptp(found.singles))


SPLITS = Number(
    "single-splits",
    "A network learns from 48 of 60 examples and is judged on the 12 others; on average it is right on about 95 % of "
    "them. It is done 200 times, each time with other 12 held out. How many percentage points lie between the best and "
    "the worst of the 200 scores?",
    lambda: _range_of_splits(),
    tolerance=9,
    unit="points",
    mistakes=(
        Mistake(0.0, "Each time it learns from other rows, and is judged on other rows."),
        Mistake(5.0, "One wrong answer among 12 makes 8 points already."),
    ),
    explanation="With 12 rows a score can only be a multiple of 8.3 %, and luck decides which. One split says little.",
)


@cache
def _leaky(leak):
    return validating.trial(validating.Setting(validating.COIN, 40, 1000, 20, 4, 5, leak, 0, 0))


def _score_of_nothing():
    """The option that names the mean of the folds, with features chosen by all rows."""
    mean = _leaky("features from all rows").mean
    return COIN.options[0 if mean < 0.6 else 1 if mean < 0.8 else 2].text


COIN = Choose(
    "coin-flips",
    "Forty labels are drawn by a coin. There are 1,020 features of pure noise. Of these, the 20 that go best with the "
    "forty labels are kept, and a network is judged on them by cross-validation. How often is it right on the parts "
    "held out?",
    lambda: _score_of_nothing(),
    options=(
        Option(
            "About half of the time: nobody foretells a coin.", "So it is on new rows. But look who chose the features."
        ),
        Option("About 70 %.", "The rows that judge had a say in the choice of all 20 features."),
        Option("More than 80 %."),
    ),
    explanation="The features were chosen with the labels of the rows that judge later. The judge has helped to cheat.",
)


@cache
def _best_of_many():
    figure = HyperparameterSearch(dataset="coin_flips", controls=False)
    score = figure.best().score
    figure.close()
    return 100 * score


LUCK = Number(
    "luckiest",
    "Labels are drawn by a coin again, and nothing leaks. Sixty-four settings of the learning rate and the width are "
    "tried, and each is judged on the same 40 rows held out. What is the score of the *best* of them?",
    lambda: _best_of_many(),
    tolerance=6,
    unit="%",
    mistakes=(
        Mistake(50.0, "That is the mean of the 64. The best of many lucky and unlucky ones is above it."),
        Mistake(100.0, "Forty right answers in a row: 64 tries are far too few for that."),
    ),
    explanation="Each score is luck about 50 %; the best of many is a lucky one. On new rows it is 50 % again.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


def _check_tamed(figure):
    if (figure.target, figure.examples, figure.noise, figure.seed, figure.points) != ("wave", 12, 0.3, 0, []):
        return "Keep the twelve points as they were."
    if figure.hidden != fitting.WIDEST or figure.layers != 1 or figure.epochs != fitting.EPOCHS:
        return "Keep one layer of 16 hidden units, and all 1,000 epochs."
    if figure.verdict() == "close to the sweet spot":
        return ""
    errors = signed(figure.validation_error(), 3), signed(figure.train_error(), 3)
    return f"With λ = {figure.lam:g} it is {figure.verdict()}: {errors[0]} on new points, {errors[1]} on its own."


TAMED = Exercise(
    "tame",
    "Sixteen units, twelve points, 1,000 epochs: it overfits. Leave all of that, and choose a λ that brings it close "
    "to the sweet spot.",
    _check_tamed,
    hints=(
        "A penalty makes large weights costly, and without large weights there are no sudden bends.",
        "Watch both errors as you turn λ up: when does the one on its own points become as bad as the noise?",
    ),
    widget=FitExplorer,
    start={"target": "wave", "hidden": 16, "epochs": 1000, "lam": 0.0},
    solution={"target": "wave", "hidden": 16, "epochs": 1000, "lam": 0.01},
    conclusion="It still has 49 numbers. How much a network can do is decided by more than their count.",
)


def _check_held_back(figure):
    if (figure.target, figure.noise, figure.lam, figure.points) != ("wave", 0.3, 0.0, []):
        return "Keep the wave, its noise, and λ = 0."
    if figure.hidden < 8:
        return f"{figure.hidden} hidden units are few: that would be no wonder. Take 8 at least."
    if figure.verdict() == "underfitting":
        return ""
    return f"After {figure.epochs:,} epochs, from {figure.examples} points, it is {figure.verdict()}."


HELD_BACK = Exercise(
    "hold-back",
    "Make a network with at least eight hidden units *underfit*, without any penalty.",
    _check_held_back,
    hints=(
        "Whoever has room for everything may still not have had the time.",
        "Look at the upper plot: where is the error on its own points still high?",
    ),
    widget=FitExplorer,
    start={"target": "wave", "hidden": 16, "epochs": 1000, "lam": 0.0},
    solution={"target": "wave", "hidden": 16, "epochs": 20, "lam": 0.0},
    conclusion="Epochs are a kind of capacity too. That is why stopping early works against overfitting.",
)


def _scaled(learned, held):
    """The engine's rule: shift and scale by what was learned from alone."""
    learned, held = np.asarray(learned, float), np.asarray(held, float)
    return (held - learned.mean(axis=0)) / learned.std(axis=0)


def _scaled_by_all(learned, held):
    both = np.concatenate([learned, held])
    return (held - both.mean(axis=0)) / both.std(axis=0)


_COLUMN = [[1.0], [3.0], [5.0], [7.0]]
_TABLE = [[0.0, 10.0], [2.0, 10.5], [4.0, 12.5], [6.0, 11.0]]

SCALED = Exercise(
    "honest-scaler",
    "Write a function that standardises the rows held out as it should be done: `learned` are the rows learned from, "
    "`held` those held out, both arrays of shape (rows, features). Return `held`, shifted and scaled.",
    matches(
        _scaled,
        (
            (np.array(_COLUMN), np.array([[4.0]])),
            (np.array(_COLUMN), np.array([[100.0], [4.0]])),
            (np.array(_TABLE), np.array([[3.0, 11.0], [9.0, 1.0]])),
        ),
    ),
    hints=(
        "Which rows may have a say in the mean and the standard deviation?",
        "Two lines are enough: mean and standard deviation along axis=0, and then (held − mean) / deviation.",
    ),
    start=_scaled_by_all,
    solution=_scaled,
    conclusion="Whatever is computed from data, a mean, a choice of features, a setting, belongs to the learning.",
)


def _check_cheat(figure):
    if figure.dataset != validating.COIN:
        return "Keep the coin flips."
    if figure.examples < 40 or figure.shuffle != 0 or figure.seed != 0:
        return "Keep at least 40 examples, and shuffle and seed at 0: no luck is needed here."
    if figure.mean() < _SPLENDID:
        return f"The mean of the folds is {percent(figure.mean())}. Wanted are {percent(_SPLENDID, 0)}."
    if not figure.fresh:
        return f"A mean of {percent(figure.mean())}! Now tick “fresh data”, before you publish it."
    return ""


_SPLENDID = 0.9

CHEAT = Exercise(
    "cheat",
    f"Be a charlatan: foretell coin flips with a cross-validated score of at least {percent(_SPLENDID, 0)}. "
    "Then look what it is worth on fresh data.",
    _check_cheat,
    hints=(
        "Let the rows that judge have a say beforehand. One of the two leaks is far worse than the other.",
        "The more columns of noise there are to choose from, the better the chosen ones fit by chance.",
    ),
    widget=CrossValidation,
    start={"dataset": validating.COIN, "noise_features": 100, "keep": 20},
    solution={
        "dataset": validating.COIN,
        "keep": 20,
        "leak": "features from all rows",
        "noise_features": 1000,
        "fresh": True,
    },
    conclusion="Scores like this one have been published in good faith. Deal the folds first, choose afterwards.",
)  # fmt: skip


def _check_trusted(figure):
    if (figure.dataset, figure.strategy, figure.penalty, figure.seed) != ("moons", "random", False, 2):
        return "Keep the moons, the random strategy without λ, and the seed."
    if figure.trials < 16:
        return "Keep a budget of at least 16: who tries little promises little."
    promised, kept = figure.best().score, figure.held_out_score()
    if promised - kept > _TRUST:
        return f"The best promises {percent(promised)} and keeps {percent(kept)}."
    if kept < _GOOD:
        return f"It promises no more than it keeps, but {percent(kept)} is little. Wanted are {percent(_GOOD, 0)}."
    return ""


_TRUST, _GOOD = 0.03, 0.88

TRUSTED = Exercise(
    "trust",
    "The best of 16 settings promises more than it keeps on sealed rows. Change what the settings are judged by, until "
    f"the best promises at most {100 * _TRUST:.0f} points more than it keeps, and keeps at least {percent(_GOOD, 0)}.",
    _check_trusted,
    hints=(
        "A score from few rows is a noisy one, and the best of many noisy scores is a lucky one.",
        "More rows to be judged on: there are two knobs that give them.",
    ),
    widget=HyperparameterSearch,
    start={"dataset": "moons", "strategy": "random", "trials": 16, "examples": 40, "folds": 1, "seed": 2},
    solution={"dataset": "moons", "strategy": "random", "trials": 16, "examples": 200, "folds": 5, "seed": 2},
    conclusion="It costs five times the training. What you buy is not a better network, but a number to believe in.",
)


CHAPTER = Chapter(
    number=6,
    title=SECTIONS[5],
    file="06_the_impact_of_weights_and_biases_on_model_accuracy.ipynb",
    predictions=(FLOOR, WIDTH, SPLITS, COIN, LUCK),
    exercises=(TAMED, HELD_BACK, SCALED, CHEAT, TRUSTED),
    claims=(
        Claim(
            "precise", "Properly optimised weights and biases make precise predictions and adapt to new data.",
            SECTIONS[5], something_to_learn,
        ),
        Claim(
            "overfitting", "A model overfits when it learns its training data too well: noise instead of the pattern.",
            SECTIONS[5], learns_noise,
        ),
        Claim(
            "underfitting", "A model underfits when it fails to capture what is complex in the data.",
            SECTIONS[5], learns_too_little,
        ),
        Claim(
            "validation", "Cross-validation, splitting into training and validation sets, tells how good a model is.",
            SECTIONS[5], validation_is_honest,
        ),
        Claim(
            "tuning", "Hyperparameter tuning finds the optimal hyperparameters, those with the best performance.",
            SECTIONS[5], tuning_finds_the_best,
        ),
    ),
)  # fmt: skip
