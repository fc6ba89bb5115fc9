"""Questions of the self-test on chapters 04 to 06: the formula, descent, judging."""

from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, SGD, Adam, Network, Training, least_squares
from wbviz.engine.validation import splits_of
from wbviz.lessons._questions import about, ask, pick
from wbviz.lessons.checks import Mistake

# --- 04 -------------------------------------------------------------------------------------------------------------


def _second_sum():
    layer = Network([2, 2]).with_params([1.0, 0.0, -1.0, 3.0, 0.0, 2.0])
    return float(layer.forward([[1.0, 2.0]]).z[0][0, 1])


ENTRY = ask(
    "second-sum",
    "A layer has W = [[1, 0], [−1, 3]], a row for each input, a column for each unit, and b = [0, 2]. The input is "
    "x = [1, 2]. What is the sum z of the second unit?",
    _second_sum,
    tolerance=0.01,
    mistakes=(
        Mistake(6.0, "Its bias is missing."),
        Mistake(7.0, "That uses the second row. The weights of a unit stand in its column."),
        Mistake(-1.0, "That is the first unit."),
    ),
    explanation="1 · 0 + 2 · 3 + 2: down the second column, then its bias.",
)


def _on_for():
    """For which of −4, 4, 2, −2 the ReLU unit with w = −2, b = 6 is on: below 3, above 3, below −3, above −3."""
    x = np.array([[-4.0], [-2.0], [2.0], [4.0]])
    on = (Network([1, 1], output="relu").with_params([-2.0, 6.0])(x) > 0)[:, 0].tolist()
    return [[True, True, True, False], [False, False, False, True], [True, False, False, False]].index(on)


HINGE = pick(
    "where-it-is-on",
    "A ReLU unit has one input, w = −2 and b = 6. For which x does it answer more than 0?",
    _on_for,
    "Below 3.",
    ("Above 3.", "The bend is at 3. With a negative weight the sum falls as x rises."),
    ("Below −3.", "The bend is at −b/w, and here −6/−2 is positive."),
    explanation="−2x + 6 > 0 where x < 3: the bend is at −b/w, the sign of w says on which side the unit is on.",
)


def _steepest():
    x = np.linspace(-2, 2, 4001)
    return float((3.0 * ACTIVATIONS["tanh"].derivative(3.0 * x + 1.0)).max())


STEEPEST = ask(
    "steepest-tanh",
    "How steep is tanh(3x + 1) at its steepest place?",
    _steepest,
    tolerance=0.02,
    mistakes=(
        Mistake(1.0, "That is tanh alone. The weight multiplies the slope."),
        Mistake(0.75, "A quarter is the sigmoid's. The slope of tanh reaches 1."),
        Mistake(4.0, "A bias moves the curve, and does not make it steeper."),
    ),
    explanation="The slope is w · (1 − tanh²): at most w. The bias only says where.",
)


# --- 05 -------------------------------------------------------------------------------------------------------------


def _steps_of_an_epoch():
    net = Network([1, 1])
    return Training(net, np.zeros((1348, 1)), np.zeros((1348, 1)), optimizer=SGD(), epochs=1, batch_size=32).n_steps


STEPS = ask(
    "steps-of-an-epoch",
    "The digits network learns from 1,348 examples in batches of 32. How many steps are one epoch?",
    _steps_of_an_epoch,
    tolerance=0.1,
    mistakes=(
        Mistake(42, "That leaves four examples over. They make one more batch, a small one."),
        Mistake(1348, "A step is made for each batch, not for each example."),
        Mistake(32, "That is how many examples a batch has."),
    ),
    explanation="1348 / 32 = 42.1: 42 full batches and a last one of four examples.",
)


def _unmoved_by_scale():
    """Which of three rules makes (nearly) the same first step when the gradient is ten times as long."""
    moved = []
    for rule in (Adam(lr=0.1), SGD(lr=0.1), SGD(lr=0.1, momentum=0.9)):
        steps = []
        for scale in (1.0, 10.0):
            w = np.array([0.0, 0.0])
            rule.reset()
            rule.step(w, scale * np.array([1.0, -2.0]))
            steps.append(w)
        moved.append(float(np.abs(steps[1] - steps[0]).max()))
    return int(np.argmin(moved))


SCALE = pick(
    "ten-times-the-loss",
    "The loss is multiplied by 10, and the learning rate stays as it is. Whose first step is (nearly) the same as "
    "before?",
    _unmoved_by_scale,
    "Adam's.",
    ("Plain gradient descent's.", "Its step is the rate times the gradient, and the gradient is ten times as long."),
    ("That of descent with momentum.", "Its first step is that of plain descent. A velocity is made of gradients."),
    explanation="Adam divides by the root of the mean square of the gradients, so a common factor drops out.",
)


def _decayed():
    net = Network([1, 1]).with_params([2.0, 0.0])
    SGD(lr=0.1).step(net.params, net.penalty_gradient(l2=0.5))
    return float(net.params[0])


DECAY = ask(
    "decay-alone",
    "A weight is 2, and the data do not care for it. Only the penalty λ/2 · w² with λ = 0.5 pulls at it. Where is it "
    "after one step with the learning rate 0.1?",
    _decayed,
    tolerance=0.001,
    mistakes=(
        Mistake(1.8, "The derivative of λ/2 · w² is λ·w: the two cancels the half."),
        Mistake(1.95, "That is a pull of λ whatever the weight is, as L1 has. The pull of L2 is λ·w."),
        Mistake(2.1, "A penalty pulls towards 0."),
        Mistake(1.0, "The learning rate is missing."),
    ),
    explanation="2 − 0.1 · 0.5 · 2. L2 takes the same share of each weight, and so never gets to 0.",
)


# --- 06 -------------------------------------------------------------------------------------------------------------


@cache
def _cure():
    """A line through a wave: error on new points with more powers of x, with more examples, with a penalty."""
    powers = np.arange(1, 6)

    def error(degree=1, n=60, l2=0.0):
        learned, new = (load_dataset("sine", n=size, noise=0.2, seed=seed) for size, seed in ((n, 0), (500, 1)))
        scale = np.abs(learned.X).max()
        w, b = least_squares((learned.X / scale) ** powers[:degree], learned.y, l2=l2)
        return float(((((new.X / scale) ** powers[:degree]) @ w + b - new.y.ravel()) ** 2).mean())

    return int(np.argmin([error(degree=5), error(n=600), error(l2=1.0)]))


CURE = pick(
    "what-helps",
    "A model has about the same error on the examples it learned from as on new ones, and both are far above the "
    "noise. What helps?",
    _cure,
    "A model with more capacity.",
    ("More examples.", "They close a gap between the two errors. Here there is none."),
    ("A stronger penalty.", "That holds back a model which is held back already."),
    explanation="Large errors on both: it underfits. More units, or less penalty, or more epochs let it do more.",
)

FOLDS = ask(
    "rows-of-a-fold",
    "200 examples are judged by five-fold cross-validation. On how many examples does each of the five networks learn?",
    lambda: len(splits_of(200, 5)[0][0]),
    tolerance=0.1,
    mistakes=(
        Mistake(40, "These are held out, to judge by."),
        Mistake(200, "Then none would be left to judge by."),
        Mistake(100, "That would be two folds."),
    ),
    explanation="Each network is judged on its fold of 40 and learns from the other four.",
)


@cache
def _same_models():
    """64 models that are all right on 85 % of rows: what the best of them on 40 rows scores on 40 others."""
    rng = np.random.default_rng(0)
    chosen_by, sealed = rng.binomial(40, 0.85, (2, 2000, 64)) / 40
    best = chosen_by.argmax(axis=1)
    promised, kept = chosen_by.max(axis=1).mean(), np.take_along_axis(sealed, best[:, None], axis=1).mean()
    return 0 if kept < promised - 0.03 else 1 if kept < promised + 0.03 else 2


PROMISE = pick(
    "best-of-many",
    "Of 64 settings the best one is right on 95 % of 40 rows held out, by which it was chosen. What is to be expected "
    "of it on 40 rows that nobody has looked at?",
    _same_models,
    "Clearly less than 95 %.",
    ("About 95 %: the rows were held out.", "They were held out of the training, but they took part in the choice."),
    ("More than 95 %: it is the best one.", "It was the best on those rows. A part of that was luck."),
    explanation="The largest of many scores is the one with skill and luck. The skill stays, the luck does not.",
)


QUESTIONS = (
    *about(4, "From one neuron to a matrix", ENTRY),
    *about(4, "Curves built of bends", HINGE),
    *about(4, "Three activations, and their relatives", STEEPEST),
    *about(5, "All examples, or a few", STEPS),
    *about(5, "SGD, momentum, RMSprop, Adam", SCALE),
    *about(5, "Regularisation", DECAY),
    *about(6, "Too much, too little", CURE),
    *about(6, "Cross-validation", FOLDS),
    *about(6, "Hyperparameters", PROMISE),
)
