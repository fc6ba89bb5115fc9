"""The lessons of chapter 02, as data: a network that reads digits, and what happens when its numbers change."""

from functools import cache

import numpy as np

from wbviz.engine import Adam, Network, Training, accuracy
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches, near
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_02 import adapts, arrangement_counts, biases_cost, error_falls, generalises, right_on_test
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option, SetControl
from wbviz.widgets import DigitPad, Generalise, WeightSurgery
from wbviz.widgets._digits import SIDE, SIZES, digits_split, digits_training, trained_digits
from wbviz.widgets._operations import operate

GOOD = 0.90


# --- predictions ----------------------------------------------------------------------------------------------------

UNTRAINED = Number(
    "untrained",
    "Before any training, the weights are random. How many per cent of the 449 test digits does the network read "
    "correctly?",
    lambda: 100 * right_on_test(digits_training().net),
    tolerance=6.0,
    unit="%",
    mistakes=(
        Mistake(0.0, "Even pure guessing is right now and then: there are ten answers."),
        Mistake(50.0, "With two answers that would be guessing. Here there are ten."),
    ),
    explanation="About one in ten, as guessing would do: the architecture alone knows nothing.",
)


def _shuffled():
    right = right_on_test(operate(trained_digits(), "shuffle", 1.0))
    return "about 10 %" if right < 0.3 else "about 50 %" if right < 0.75 else "about 97 %"


SHUFFLED = Choose(
    "shuffled",
    "Every weight of the trained network keeps its value, but within its layer the weights change places at random. "
    "How many test digits are read correctly then?",
    _shuffled,
    options=(
        Option("about 97 %", "The values are the same, but each is now multiplied by another input."),
        Option("about 50 %", "Half the knowledge is not in the values: without their places there is none."),
        Option("about 10 %"),
    ),
    explanation="The same numbers in other places are noise. What the network knows is the arrangement.",
)

NO_BIASES = Number(
    "no-biases",
    "All 26 biases of the trained network are set to 0, and its 1,184 weights stay as they are. "
    "By how many percentage points does the test accuracy fall?",
    lambda: 100 * (right_on_test(trained_digits()) - right_on_test(operate(trained_digits(), "scale", 0.0, "biases"))),
    tolerance=3.0,
    unit="points",
    mistakes=(
        Mistake(87.0, "That would be back to guessing. Try it below: the weights still do most of the work."),
        Mistake(50.0, "Much less. Twenty-six numbers are few, and the weighted sums are large."),
    ),
    explanation="Here the loss is small. That is a measured fact about this task, and no law: chapter 01 had neurons "
    "for which the bias was everything.",
)

LOUDEST = SetControl(
    "loudest-unit",
    "Sixteen images show the weights of the sixteen hidden units. Which unit raises the answer 0 most strongly when "
    "it is on? Set the knob “hidden unit” to your guess: a 0 has ink in a ring and none in the middle.",
    lambda: int(trained_digits().weights[1][:, 0].argmax()) + 1,
    widget=WeightSurgery,
    control="unit",
    settings={"operation": "none", "amount": 0.0, "unit": 1},
    explanation="It is the unit whose weight to the output 0 is the largest. Its own weights say what it looks for.",
)

EXAMPLES = Choose(
    "few-examples",
    "The same network is trained on 20 examples instead of 1,348, until it makes no error on them. "
    "What happens on the 449 test digits?",
    lambda: _few_examples(),
    options=(
        Option("About as good as on its examples: it learned them perfectly.", "It did. Those 20, and little else."),
        Option("Much worse than on its examples, but far better than guessing."),
        Option("No better than guessing: 20 are too few to learn anything.", "Two of each digit already tell a lot."),
    ),
    explanation="A small training error says how well the examples were learned. Only new data show more.",
)


def _few_examples():
    right = float(right_on_test(_trained_on(20)))
    return EXAMPLES.options[0 if right > 0.9 else 1 if right > 0.3 else 2].text


@cache
def _trained_on(count):
    few = digits_split()[0].sample(count, seed=0)
    net = Network(SIZES, hidden="relu", init="he", seed=0)
    for _ in Training(net, few.X, few.y, loss="cross_entropy", optimizer=Adam(lr=0.01), epochs=200, batch_size=32):
        pass
    return net


# --- exercises ------------------------------------------------------------------------------------------------------

COUNT = Exercise(
    "count",
    "How many adjustable numbers has a network with 64 inputs, 16 hidden units and 10 outputs?",
    near(lambda: digits_training().net.n_params, 0.5, (
        Mistake(1184, "Those are the weights. What does every neuron have besides?"),
        Mistake(90, "Those are the neurons. Count the connections between them."),
        Mistake(1274, "The 64 inputs are not neurons that add anything up: they have no bias."),
        Mistake(1200, "One layer has all its numbers. In the other the biases are missing."),
        Mistake(1194, "One layer has all its numbers. In the other the biases are missing."),
    )),
    hints=(
        "Every input is connected to every hidden unit, and every hidden unit to every output.",
        "Multiply the sizes of neighbouring layers for the weights. Then add the biases.",
    ),
    start=0.0,
    solution=1210.0,
    conclusion="64·16 + 16 + 16·10 + 10 = 1,210, of which 26 are biases.",
)  # fmt: skip


def _check_bits(surgery):
    if (surgery.operation, surgery.what, surgery.layer) != ("quantise", "both", "all"):
        return "Keep the operation “quantise” on both, in all layers: only the bits may change."
    right = right_on_test(operate(surgery.intact, "quantise", surgery.amount, "both"))
    if right < GOOD:
        return f"With {surgery.amount:g} bits only {100 * right:.1f} % are read correctly."
    if right_on_test(operate(surgery.intact, "quantise", surgery.amount - 1, "both")) >= GOOD:
        return f"{100 * right:.1f} % is enough. It would be enough with fewer bits as well."
    return ""


BITS = Exercise(
    "few-bits",
    "How coarse may the numbers be? Find the smallest number of bits for weights and biases in all layers with which "
    "the network still reads at least 90 % of the test digits.",
    _check_bits,
    hints=(
        "Take bits away one at a time and watch the accuracy above the picture.",
        "Go below the limit once, to be sure, and then one bit back.",
    ),
    widget=WeightSurgery,
    start={"operation": "quantise", "amount": 8.0, "what": "both", "layer": "all"},
    solution={"operation": "quantise", "amount": 4.0, "what": "both", "layer": "all"},
    conclusion="A float64 has 64 bits. For reading digits, a handful per number does.",
)


def _check_seven(pad):
    reading = pad.reading()
    ink = sum(pad.pixels)
    if ink < 5:
        return "There is hardly any ink on the pad yet."
    p = reading.probabilities
    if int(np.argmax(p)) != 7:
        return f"The network reads a {int(np.argmax(p))}, and gives 7 only {100 * p[7]:.0f} %."
    return "" if p[7] >= GOOD else f"It reads a 7, but with {100 * p[7]:.0f} % it is not sure enough."


SEVEN = Exercise(
    "draw-a-seven",
    "Draw a 7 that the network reads with at least 90 %.",
    _check_seven,
    hints=(
        "Look at a few test digits first: the sevens in the set have their own style.",
        "Set “explain” to the wanted digit: the picture of the pixels shows where ink helps it and where it hurts.",
    ),
    widget=DigitPad,
    start={"pixels": [0.0] * SIDE**2, "explain": 7},
    solution={"example": 6},
    conclusion="You drew for its weights. They are what it knows of a seven.",
)


def _check_gap(figure):
    if figure.dataset != "digits":
        return "Keep the digits."
    train, test = figure.train_error(), figure.test_error()
    if train > 0:
        return f"It still errs on {100 * train:.1f} % of the examples it learned from."
    return "" if test >= 0.25 else f"No error on its examples, but on new digits it errs on {100 * test:.1f} % only."


GAP = Exercise(
    "learned-by-heart",
    "Make a network that looks perfect and is not: no error at all on its training examples, and at least 25 % on "
    "the test digits.",
    _check_gap,
    hints=(
        "The more examples there are, the harder it is to learn them by heart.",
        "Take most of the examples away and leave it enough epochs to learn the rest.",
    ),
    widget=Generalise,
    start={"dataset": "digits", "examples": 500, "epochs": 60},
    solution={"dataset": "digits", "examples": 20, "epochs": 60},
    conclusion="That is why the error on new data is the one that counts.",
)

ERROR_RATE = Exercise(
    "error-rate",
    "Write the error rate: a function of the true labels y and the predicted labels y_hat that returns the share of "
    "wrong ones.",
    matches(
        lambda y, y_hat: 1 - accuracy(np.array(y), np.array(y_hat)),
        (([1, 2, 3, 4], [1, 2, 3, 4]), ([1, 2, 3, 4], [1, 2, 3, 5]), ([0, 0, 1], [1, 1, 0]), ([7], [1])),
    ),
    hints=(
        "Count the places where the two lists differ.",
        "A share is a count divided by how many there are in all.",
    ),
    start=lambda y, y_hat: sum(a != b for a, b in zip(y, y_hat, strict=True)),
    solution=lambda y, y_hat: sum(a != b for a, b in zip(y, y_hat, strict=True)) / len(y),
    conclusion="One minus this number is the accuracy.",
)


CHAPTER = Chapter(
    number=2,
    title=SECTIONS[1],
    file="02_importance_of_weights_and_biases.ipynb",
    predictions=(UNTRAINED, LOUDEST, SHUFFLED, NO_BIASES, EXAMPLES),
    exercises=(COUNT, BITS, SEVEN, GAP, ERROR_RATE),
    claims=(
        Claim("arrangement", "The weights hold what a network knows.", SECTIONS[1], arrangement_counts),
        Claim("biases", "Biases contribute to the accuracy as weights do.", SECTIONS[1], biases_cost),
        Claim("error", "Adjusting weights and biases reduces the error.", SECTIONS[1], error_falls),
        Claim("generalise", "They let a model generalise to new data.", SECTIONS[1], generalises),
        Claim("adapt", "They adapt a model to diverse data sets.", SECTIONS[1], adapts),
    ),
)
