"""The lessons of chapter 11, as data: a film of learning, capacity, and what the error of a method is made of."""

from functools import cache

import numpy as np

from wbviz.engine import decompose
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_11 import each_update, longer_is_better, new_information
from wbviz.lessons.claims_11_trade_off import capacity, too_complex, trade_off
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import BiasVariance, LearningFilm
from wbviz.widgets._filming import is_weight, shot
from wbviz.widgets._words import percent, signed


def _film(**settings):
    """What is measured on a film with these settings: a LearningFilm without controls, closed by the caller."""
    return LearningFilm(controls=False, **settings)


# --- predictions on the film ------------------------------------------------------------------------------------------


@cache
def _half():
    """The step at which the default run has made half of its way in the loss."""
    figure = _film()
    try:
        last = figure.film.last
        nets = figure.network.with_params(figure.film.between(0, last))
        known = figure._shot.lesson
        losses = nets.loss(known.X, known.y, "binary_cross_entropy")
        return float(np.argmax(losses <= (losses[0] + losses[-1]) / 2))
    finally:
        figure.close()


HALF = Number(
    "half-way",
    "The network above learns two moons in 300 steps, and its loss falls from the first to the last. "
    "After how many steps has it fallen half of its whole way?",
    _half,
    tolerance=12,
    unit="steps",
    mistakes=(
        Mistake(150, "That would be so if it fell evenly. A gradient is large while much is wrong, and shrinks."),
        Mistake(1, "One step is not enough: with Adam each number moves by about the learning rate."),
    ),
    explanation="Most is gained early. What comes later is smaller, and it is the part that may go too far.",
)


def _biases_move():
    figure = _film()
    try:
        change = np.abs(figure.film.at(figure.film.last) - figure.film.at(0))
        weights = is_weight(figure.network)
    finally:
        figure.close()
    ratio = change[~weights].mean() / change[weights].mean()
    return BIASES.options[0 if ratio < 0.2 else 1 if ratio < 2 else 2].text


BIASES = Choose(
    "biases-move",
    "The weights of this network start at random, its biases all at 0. How far do the biases come in training, "
    "compared with the weights?",
    lambda: _biases_move(),
    options=(
        Option("They hardly move: it is the weights that learn.", "Only the start is different. Both have gradients."),
        Option("As far, roughly."),
        Option("Far further: they have to make up for starting at 0.", "Nothing makes a step larger because of that."),
    ),
    explanation="An update does not know which is which: a bias is the weight of an input that is always 1.",
)


def _turn():
    run = LearningFilm(controls=False)
    try:
        held = run._shot.held
        steps = run._shot.steps
    finally:
        run.close()
    then, end = (float(np.interp(step, steps, held)) for step in (200, 300))
    return TURN.options[0 if end < 0.98 * then else 1 if end < 1.02 * then else 2].text


TURN = Choose(
    "last-hundred",
    "In the last hundred of the 300 steps the loss on the 60 examples is halved once more. What does the loss on 200 "
    "points that were held out do meanwhile?",
    lambda: _turn(),
    options=(
        Option("It falls too, only less.", "What is learned last is what only these 60 examples have: their noise."),
        Option("It stays where it is.", "The weights go on growing, and with them the certainty of wrong answers."),
        Option("It rises."),
    ),
    explanation="Each update is right for the examples. From some step on it is no longer right for the rest.",
)


# --- predictions on bias and variance ---------------------------------------------------------------------------------


@cache
def _measured(**settings):
    """(bias², variance, measured error, error of the average model) of BiasVariance with these settings."""
    figure = BiasVariance(controls=False, **settings)
    try:
        fit = figure._finished()
        average = float(((fit.curves.mean(axis=0) - fit.truth) ** 2).mean())
        return figure.bias2(), figure.variance(), figure.measured().value, average
    finally:
        figure.close()


def _more_units():
    (bias2, variance, *_), (bias2_more, variance_more, *_) = _measured(capacity=1), _measured(capacity=4)
    falls = bias2_more < bias2, variance_more < variance
    return UNITS.options[{(True, True): 0, (True, False): 1, (False, True): 2}[falls]].text


UNITS = Choose(
    "more-units",
    "A hundred networks with 1 hidden unit learn a wave, each from 20 noisy points of its own. Then a hundred with 4 "
    "units do. What happens to bias² and to variance?",
    lambda: _more_units(),
    options=(
        Option("Both fall: a larger network is better in every way.", "It also follows the noise of its 20 points."),
        Option("bias² falls, variance rises."),
        Option("bias² rises, variance falls.", "More units can bend more often, so the wave is met better on average."),
    ),
    explanation="One unit cannot make a wave, however its numbers are set. Four can, and follow the noise as well.",
)


def _average():
    bias2, variance, _, average = _measured(capacity=4)
    return AVERAGE.options[0 if average > bias2 + variance / 2 else 1 if average < bias2 + variance / 10 else 2].text


AVERAGE = Choose(
    "their-average",
    "The answers of the hundred networks with 4 units are averaged into one. Noise left out, how large is its error?",
    lambda: _average(),
    options=(
        Option("As large as that of one network: bias² + variance.", "Errors to either side cancel in an average."),
        Option("Little more than bias²: the variance is averaged away."),
        Option("About half of it.", "That would be so for two networks. Here are a hundred."),
    ),
    explanation="That is why averaging several models helps, and what it cannot help against: what all of them miss.",
)


def _past_the_peak():
    model = "random ReLU units"
    peak, beyond = (_measured(model=model, capacity=units)[2] for units in (20, 200))
    return PEAK.options[0 if beyond > 2 * peak else 1 if beyond < peak / 2 else 2].text


PEAK = Choose(
    "past-the-peak",
    "A model has as many output weights as examples, 20, and goes through all of them exactly. On new points it is "
    "very bad. Now it gets 200 weights instead. On new points it is …",
    lambda: _past_the_peak(),
    options=(
        Option("… worse still: it has even more to overfit with.", "So says the rule, and here the rule ends."),
        Option("… far better."),
        Option("… the same: both make no error on the examples.", "There are many ways through 20 points."),
    ),
    explanation="Of all ways through the points, the one with the smallest weights is taken; with more it is smoother.",
)


# --- exercises on the film --------------------------------------------------------------------------------------------

_NAME = "w x₂→h₂"


def _same_run(figure, start):
    """A sentence if another run is shown than the exercise's, else ""."""
    names = ("dataset", "hidden", "activation", "optimizer", "lr", "batch", "epochs", "seed")
    if any(getattr(figure, name) != start.get(name, getattr(LearningFilm, name).default_value) for name in names):
        return "Keep the run as it was: press Reset, and change only the step."
    return ""


def _check_sign(figure):
    if sentence := _same_run(figure, SIGN.start):
        return sentence
    now = figure.value(_NAME)
    if now <= 0:
        return f"After step {figure.step} this weight is {signed(now, 3)}: not yet above 0."
    before = figure.value(_NAME, figure.step - 1) if figure.step else now
    if before > 0:
        return f"After step {figure.step} it is {signed(now, 3)}, but it was above 0 one step earlier too."
    return ""


SIGN = Exercise(
    "sign-change",
    f"Take the second hidden unit in hand. Its weight from x₂ ({_NAME}) begins below 0 and ends above. Show the first "
    "step after which it is above 0.",
    _check_sign,
    hints=(
        "Where does the bold line named x₂ cross the axis? Drag there, and read the table below the plane.",
        "The arrow keys go one step at a time. Go until the sign in the table turns.",
    ),
    widget=LearningFilm,
    start={"unit": 2, "step": 0},
    solution={"unit": 2, "step": 41},
    conclusion="That step is no keyframe: it was trained again from the one before, the same to the last bit.",
)

_WANTED = 0.95


def _right_at_end(setting):
    return float(shot(setting).right[-1].mean())


def _check_fewest(figure):
    setting, kept = figure._setting, ("dataset", "activation", "optimizer", "lr", "batch", "epochs", "seed")
    if any(getattr(figure, name) != FEWEST.start.get(name, getattr(LearningFilm, name).default_value) for name in kept):
        return "Keep everything as it was, but for the hidden units."
    if "-" in figure.hidden:
        return "One hidden layer is enough here."
    right = _right_at_end(setting)
    if right < _WANTED:
        return f"At the end {percent(right)} are right. Wanted are {percent(_WANTED, 0)}."
    fewer = [units for units in ("1", "2", "3", "4", "6") if int(units) < int(figure.hidden)]
    if any(_right_at_end(setting._replace(hidden=units)) >= _WANTED for units in fewer):
        return f"At the end {percent(right)} are right. Fewer units can do that too."
    return ""


FEWEST = Exercise(
    "fewest-units",
    f"What capacity do the circles need? Give the network as few hidden units as can answer {percent(_WANTED, 0)} of "
    "the examples right at the end of the run.",
    _check_fewest,
    hints=(
        "Each unit of the first layer is a line in the plane. How many lines does it take to close something in?",
        "Look at the lines after the last step (press End). With too few of them one side stays open.",
    ),
    widget=LearningFilm,
    start={"dataset": "circles", "hidden": "8", "lr": 0.05, "epochs": 600, "step": 600},
    solution={"dataset": "circles", "hidden": "3", "lr": 0.05, "epochs": 600, "step": 600},
    conclusion="A triangle closes the inner circle in. Capacity is not a number of weights alone, but of shapes.",
)


# --- exercises on bias and variance -----------------------------------------------------------------------------------


def _parts(predictions, truth):
    """bias² and variance with the divisor n, from the engine's, which corrects both for the number of models."""
    found, n = decompose(predictions, truth), len(predictions)
    return [found.bias2.value + found.variance.value / n, found.variance.value * (n - 1) / n]


_CASES = (
    (np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]), np.array([0.0, 2.0])),
    (np.array([[1.0], [2.0], [3.0]]), np.array([2.0])),
    (np.array([[0.0, 3.0], [2.0, 3.0], [1.0, 0.0]]), np.array([2.0, 2.0])),
    (np.random.default_rng(0).standard_normal((5, 4)), np.array([0.5, -1.0, 0.0, 2.0])),
)

PARTS = Exercise(
    "two-parts",
    "Write a function that takes the predictions of several models, an array with a row for each model and a column "
    "for each test point, and the truth at these points, and returns [bias², variance], both as means over the points.",
    matches(_parts, _CASES),
    hints=(
        "Average over the models first, point by point: that is what the models say on the whole.",
        "The first part compares this average with the truth, the second compares each model with this average. "
        "Both are squared, and then averaged over everything that is left.",
    ),
    start=lambda predictions, truth: [((predictions - truth) ** 2).mean(), predictions.var()],
    solution=lambda predictions, truth: [
        ((predictions.mean(axis=0) - truth) ** 2).mean(),
        predictions.var(axis=0).mean(),
    ],
    conclusion="Added up, the two are exactly the mean squared distance of all models from the truth.",
)

_MOST_BIAS, _MOST_VARIANCE = 0.01, 0.02


def _check_spread(figure):
    kept = ("model", "truth", "capacity", "noise")
    if any(getattr(figure, name) != LESS.start[name] for name in kept):
        return "Keep the networks, the wave and the noise as they were."
    bias2, variance = figure.bias2(), figure.variance()
    if bias2 >= _MOST_BIAS:
        return f"Now bias² is {signed(bias2, 3)}. It is to stay below {_MOST_BIAS}."
    if variance >= _MOST_VARIANCE:
        return f"The variance is {signed(variance, 3)}. Wanted is less than {_MOST_VARIANCE}."
    return ""


LESS = Exercise(
    "less-variance",
    f"These networks have little bias² and much variance. Bring the variance below {_MOST_VARIANCE} and keep bias² "
    f"below {_MOST_BIAS}. The number of units, the truth and the noise stay as they are.",
    _check_spread,
    hints=(
        "A penalty, or less training, lowers the variance. Watch what bias² does then.",
        "One knob lowers the variance and costs no bias² at all. In the world outside it costs money.",
    ),
    widget=BiasVariance,
    start={"model": "trained network", "truth": "wave", "capacity": 8, "noise": 0.3, "examples": 20},
    solution={"model": "trained network", "truth": "wave", "capacity": 8, "noise": 0.3, "examples": 60},
    conclusion="Between bias² and variance one trades; more examples are the way to pay for both.",
)

_TAMED = 0.4


def _check_peak(figure):
    kept = ("model", "truth", "capacity", "noise", "examples")
    if any(getattr(figure, name) != TAME.start[name] for name in kept):
        return "Keep the number of units and of examples, the truth and the noise as they were."
    error = figure.measured().value
    if error < _TAMED:
        return ""
    way = "It has come down, but" if error < 2 else "That is the peak:"
    return f"{way} the error on new points is {signed(error, 2)}. Wanted is less than {_TAMED}."


TAME = Exercise(
    "tame-the-peak",
    f"As many weights as examples: the worst place there is. Bring the error on new points below {_TAMED} without "
    "another number of units or of examples.",
    _check_peak,
    hints=(
        "The weights go through all points, and become huge for it. What holds weights back?",
        "Too little leaves a peak, too much flattens everything. Try the middle of the range.",
    ),
    widget=BiasVariance,
    start={"model": "random ReLU units", "truth": "wave", "capacity": 20, "noise": 0.3, "examples": 20, "lam": 0},
    solution={"model": "random ReLU units", "truth": "wave", "capacity": 20, "noise": 0.3, "examples": 20, "lam": 0.01},
    conclusion="The peak was never about the number of weights alone, but about their size.",
)


CHAPTER = Chapter(
    number=11,
    title=SECTIONS[10],
    file="11_how_do_weights_and_biases_affect_ai_learning.ipynb",
    predictions=(HALF, BIASES, TURN, UNITS, AVERAGE, PEAK),
    exercises=(SIGN, FEWEST, PARTS, LESS, TAME),
    claims=(
        Claim("updates", "Each update of the weights and biases lowers the error.", SECTIONS[10], each_update),
        Claim("new-data", "Going on with updates improves a model on unseen data.", SECTIONS[10], longer_is_better),
        Claim("new-information", "Further updates adapt a model to new information.", SECTIONS[10], new_information),
        Claim("capacity", "Weights and biases determine the capacity of a model.", SECTIONS[10], capacity),
        Claim("trade-off", "Tuning them controls the trade-off of bias and variance.", SECTIONS[10], trade_off),
        Claim("too-complex", "A model must be neither too simple nor too complex.", SECTIONS[10], too_complex),
    ),
)
