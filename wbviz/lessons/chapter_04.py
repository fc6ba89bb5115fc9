"""The lessons of chapter 04, as data: one formula, its activations, and curves built out of bends."""

import numpy as np

from wbviz.engine import ACTIVATIONS, Network, sigmoid
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches, near
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_04 import bends, choice_matters, count_bends, one_formula, quarter, same_shape, twins
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, DrawCurve, Number, Option
from wbviz.widgets import ActivationShapes, CurveBuilder
from wbviz.widgets._building import PLACES
from wbviz.widgets._words import signed

# --- predictions ----------------------------------------------------------------------------------------------------


def _shape_of_z():
    net = Network([2, 4, 1], seed=0)
    shape = net.forward(np.zeros((5, 2))).z[0].shape
    return f"{shape[0]} × {shape[1]}"


SHAPE = Choose(
    "shape",
    "A batch X holds five inputs of two numbers each: 5 × 2. A layer has four units: W is 2 × 4 and b holds 4 numbers. "
    "Which shape has Z = X @ W + b?",
    _shape_of_z,
    options=(
        Option("2 × 2", "The two 2s meet in the middle and are summed over: they are gone."),
        Option("5 × 4"),
        Option("4 × 5", "Every input keeps its own row, and every unit its own column."),
        Option("5 × 2", "That is X. Each of its rows now has an answer of every unit."),
    ),
    explanation="A row for each input, a column for each unit. The same b is added to every row.",
)

STEEPEST = Number(
    "steepest-sigmoid",
    "The sigmoid climbs from 0 to 1. How steep is it at its steepest place?",
    lambda: float(ACTIVATIONS["sigmoid"].derivative(np.linspace(-10, 10, 20_001)).max()),
    tolerance=0.02,
    mistakes=(
        Mistake(1.0, "That is the slope of tanh at 0, and of ReLU. The sigmoid is gentler."),
        Mistake(0.5, "That is its height at 0. How fast does it grow there?"),
    ),
    explanation="One quarter, at z = 0. Chapter 08 shows what a product of quarters does to deep networks.",
)

SHIFTED = DrawCurve(
    "shifted-tanh",
    "Draw tanh(2·x − 2) from x = −3 to x = 3. The weight is 2, the bias −2.",
    lambda: Network.forward(_unit("tanh", 2.0, -2.0), np.linspace(-3, 3, 25)[:, None]).y_hat[:, 0],
    x=tuple(np.linspace(-3, 3, 25)),
    y_range=(-1.2, 1.2),
    tolerance=0.12,
    y_label="a",
    explanation="Its middle sits at −b/w = 1, and there the curve is twice as steep as tanh itself.",
)


def _unit(activation, w, b):
    net = Network([1, 1], output=activation, init="zeros")
    net.params = np.array([w, b], dtype=float)
    return net


def _most_bends():
    nets = [Network([1, 3, 1], hidden="relu", seed=seed) for seed in range(50)]
    for seed, net in enumerate(nets):
        net.biases[0][...] = np.random.default_rng(1000 + seed).normal(size=3)
    return f"At most {('zero', 'one', 'two', 'three', 'four', 'five', 'six')[max(map(count_bends, nets))]}."


BENDS = Choose(
    "bends",
    "A network with one input, three ReLU units and one output draws a curve. How many bends can it have?",
    _most_bends,
    options=(
        Option("At most two.", "Each unit can bend at a place of its own."),
        Option("At most three."),
        Option("At most six.", "Each unit bends once: it is 0 on one side and straight on the other."),
        Option("As many as the training needs.", "Training moves the bends. It makes no new ones."),
    ),
    explanation="Three units, three bends at −b/w. More bends need more units.",
)

TWINS = Choose(
    "twins",
    "A trained network has sigmoid units. You want tanh units, and exactly the same answers. Can you have that?",
    lambda: TWINS.options[1].text if _twin_gap() < 1e-9 else TWINS.options[0].text,
    options=(
        Option("No: another activation computes another function.", "Look at the two curves: only the scales differ."),
        Option("Yes, with other weights and biases."),
        Option("Only nearly, by training it again.", "It can be written down: tanh z = 2σ(2z) − 1."),
    ),
    explanation="Halve what comes into a unit, halve what goes out, and let the next bias take up the rest.",
)


def _twin_gap():
    z = np.linspace(-8, 8, 101)
    return float(np.abs(ACTIVATIONS["tanh"].f(z) - (2 * ACTIVATIONS["sigmoid"].f(2 * z) - 1)).max())


# --- exercises ------------------------------------------------------------------------------------------------------

BATCH = Exercise(
    "batch",
    "Write the forward pass of a 2-4-1 network for a whole batch in matrix form: tanh in the hidden layer, no "
    "activation at the output. X has a row for each input.",
    matches(
        lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, b2),
        tuple(
            (X, np.arange(8.0).reshape(2, 4) / 8, np.array([0.1, 0.2, -0.3, 0.4]), np.ones((4, 1)) / 2, np.array([c]))
            for X, c in ((np.zeros((1, 2)), 0.0), (np.eye(2), 1.0), (np.arange(6.0).reshape(3, 2) - 2, -0.5))
        ),
    ),
    hints=(
        "One line for each layer. The output of the first is the input of the second.",
        "`@` multiplies matrices, `+ b` adds the biases to every row. Does every layer have them?",
    ),
    start=lambda X, W1, b1, W2, b2: np.tanh(X @ W1 + b1) @ W2,
    solution=lambda X, W1, b1, W2, b2: np.tanh(X @ W1 + b1) @ W2 + b2,
    conclusion="Two lines, and it does not matter whether the batch has one row or a million.",
)


def _forward(X, W1, b1, W2, b2):
    net = Network([W1.shape[0], W1.shape[1], W2.shape[1]], hidden="tanh", init="zeros")
    net.weights[0][...], net.biases[0][...], net.weights[1][...], net.biases[1][...] = W1, b1, W2, b2
    return net(X)


def _check_steep(figure):
    if figure.activation != "sigmoid":
        return "Keep the sigmoid."
    if not figure.w or abs(figure.bend() - 1) > 0.02:
        where = "nowhere: w is 0" if not figure.w else f"at x = {signed(figure.bend())}"
        return f"The curve passes ½ {where}, not yet at x = 1."
    slope = figure.w * float(ACTIVATIONS["sigmoid"].derivative(np.zeros(1))[0])
    if slope < 0:
        return "It passes ½ at x = 1, but it falls there."
    return "" if abs(slope - 1) <= 0.03 else f"It passes ½ at x = 1, with the slope {signed(slope)}. Wanted is 1."


STEEP = Exercise(
    "steep-step",
    "Place the sigmoid: it shall pass ½ at x = 1, and climb there with the slope 1.",
    _check_steep,
    hints=(
        "The slope at the middle is the weight times the sigmoid's own steepest slope. Set the weight first.",
        "The middle lies where w·x + b = 0. So a larger weight needs a larger bias to stay in the same place.",
    ),
    widget=ActivationShapes,
    start={"activation": "sigmoid", "w": 1.0, "b": 0.0, "x": 1.0},
    solution={"activation": "sigmoid", "w": 4.0, "b": -4.0, "x": 1.0},
    conclusion="The weight sets how steep, the bias where. Change the weight, and the bias has to follow.",
)

TANH = Exercise(
    "tanh-from-sigmoid",
    "Write tanh with nothing but `sigmoid`, multiplication and addition.",
    matches(lambda x: ACTIVATIONS["tanh"].f(np.asarray(x, float)), ((0.0,), (1.0,), (-2.5,), (np.linspace(-3, 3, 7),))),
    hints=(
        "The sigmoid runs from 0 to 1 and tanh from −1 to 1. Stretch and shift the height first.",
        "Now compare the slopes at 0: the sigmoid's stretched one is too gentle. By what factor?",
    ),
    start=lambda x: 2 * sigmoid(x) - 1,
    solution=lambda x: 2 * sigmoid(2 * x) - 1,
    conclusion="The same curve at another scale. So a network of one kind can be rewritten as one of the other.",
)

WORK = Exercise(
    "multiplications",
    "A batch of 32 inputs goes through the 2-4-1 network. How many multiplications of a weight and a signal is that?",
    near(lambda: 32 * sum(W.size for W in Network([2, 4, 1]).weights), 0.5, (
        Mistake(12, "That is for one input."),
        Mistake(32 * 17, "Biases are added. They are not multiplied with anything."),
        Mistake(32 * 8, "That is the first layer. The output has weights too."),
        Mistake(32, "Every input meets every weight."),
    )),
    hints=(
        "How many weights has the network? Each is used once for each input.",
        "2·4 weights lead to the hidden units, 4·1 to the output.",
    ),
    start=0.0,
    solution=384.0,
    conclusion="32 · (2·4 + 4·1). One matrix product does them all, which is what graphics cards are built for.",
)  # fmt: skip

#: A hat on 21 places: 0 up to −½, then up to 1 in the middle, and down again.
_HAT = [round(max(0.0, 1 - 2 * abs(x)), 10) for x in PLACES.tolist()]


def _check_hat(figure):
    if figure.target != "own" or figure.own != _HAT:
        return "Press Reset: the target is no longer the hat."
    if (figure.units, figure.activation) != (3, "relu"):
        return "Keep three units, and keep ReLU."
    error = figure.max_error()
    if error <= 0.05:
        return ""
    bends = figure.kinks()
    missing = [place for place in (-0.5, 0.0, 0.5) if not any(abs(bend - place) <= 0.04 for bend in bends)]
    if missing:
        return f"The curve does not bend at x = {signed(missing[0], 1)} yet."
    return f"It bends at the right places. The heights are not right yet: the largest error is {signed(error)}."


HAT = Exercise(
    "hat",
    "Build the hat out of three ReLUs: it rises from x = −½ to the middle, and falls again to x = ½.",
    _check_hat,
    hints=(
        "One unit for each corner. Bring their bends to the corners first: a bend sits at −b/w.",
        "The slope changes at a corner by v times w. From 0 to 2 at the first: what is the change at the other two?",
    ),
    widget=CurveBuilder,
    start={
        "units": 3, "activation": "relu", "target": "own", "own": _HAT,
        "params": [2.0, 2.0, 2.0, 1.6, 0.6, -1.6, 0.5, 0.0, 0.0, 0.0],
    },
    solution={
        "units": 3, "activation": "relu", "target": "own", "own": _HAT,
        "params": [2.0, 2.0, 2.0, 1.0, 0.0, -1.0, 1.0, -2.0, 1.0, 0.0],
    },
    conclusion="Hats can stand side by side, and enough of them come as close to any continuous curve as you like.",
)  # fmt: skip


CHAPTER = Chapter(
    number=4,
    title=SECTIONS[3],
    file="04_mathematical_representation_of_weights_and_biases.ipynb",
    predictions=(SHAPE, STEEPEST, SHIFTED, TWINS, BENDS),
    exercises=(BATCH, WORK, STEEP, TANH, HAT),
    claims=(
        Claim("formula", "Output = activation(Σ weight · input + bias).", SECTIONS[3], one_formula),
        Claim("twins", "Tanh is a sigmoid at another scale: tanh(x) = 2σ(2x) − 1.", SECTIONS[3], twins),
        Claim("different", "Sigmoid, tanh and ReLU bring different non-linearities.", SECTIONS[3], same_shape),
        Claim("quarter", "The sigmoid is nowhere steeper than ¼.", SECTIONS[3], quarter),
        Claim("bends", "K ReLU units bend a curve at most K times.", SECTIONS[3], bends),
        Claim("choice", "The choice of the activation greatly affects performance.", SECTIONS[3], choice_matters),
    ),
)
