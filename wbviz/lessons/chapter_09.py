"""The lessons of chapter 09, as data: derivatives from a tape, the same network in three libraries, files, runs."""

import pickle
from functools import cache

import numpy as np

from wbviz.engine import Network, Tape
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_09 import data_driven_decisions, monitoring_saves
from wbviz.lessons.claims_09_libraries import CLOSE, autodiff_is_exact, libraries_agree
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import AutodiffTape, Frameworks, RunBoard

# --- predictions ----------------------------------------------------------------------------------------------------

TWICE = {"expression": "one neuron, used twice", "activation": "identity", "x": [1.0], "y": 3.0, "params": [2.0, 0.0]}


def _used_twice():
    tape = AutodiffTape(controls=False, **TWICE)
    gradient = tape.gradient("w")
    tape.close()
    return gradient


ADDS = Number(
    "used-twice",
    "A neuron without activation is used twice: h = w·x + b, then ŷ = w·h + b, with the same w and b. Let w = 2, "
    "b = 0, x = 1 and the target y = 3, so that ŷ = 4 and the loss L = (ŷ − y)² is 1. What is dL/dw?",
    _used_twice,
    tolerance=0.01,
    label="dL/dw",
    mistakes=(
        Mistake(4.0, "That is what comes over one of the two ways. The weight was used twice."),
        Mistake(2.0, "That is dL/dŷ. On the way to w it is multiplied by what w was multiplied with."),
        Mistake(16.0, "The two ways are not multiplied with each other: what comes over them adds up."),
        Mistake(1.0, "That is the loss itself, not its slope."),
    ),
    explanation="dL/dŷ is 2. Over the second use comes 2 · h = 4, over the first 2 · w · x = 4: together 8.",
)


@cache
def _ways_back():
    """Derivatives of a chain of 20 numbers, each made of the one before twice: one way over the tape has them all."""
    tape = Tape()
    value = tape.leaf(1.0)
    for _ in range(20):
        value = value + value
    crossed = sum(len(line.inputs) for line in tape.lines)
    exact = tape.gradient()[0] == 2.0**20
    return PASSES.options[0 if exact and crossed == 40 else 1].text


PASSES = Choose(
    "how-many-ways-back",
    "A network has a million weights and biases, and one loss. How often must its tape be read from the end to the "
    "beginning for all million derivatives?",
    lambda: _ways_back(),
    options=(
        Option("Once."),
        Option(
            "A million times, once for each weight and bias.",
            "That is what nudging each parameter would take. What comes back to a line is shared by all that lie "
            "before it.",
        ),
        Option(
            "Once for each path from a parameter to the loss.",
            "There are far more paths than edges. Where paths meet, what comes back is added up first and goes on as "
            "one number.",
        ),
        Option("Once for each layer.", "One reading goes through all layers, from the last to the first."),
    ),
    explanation="Each edge is crossed once, with one multiplication: all derivatives cost about as much as the loss.",
)


@cache
def _difference(settings="aligned"):
    figure = Frameworks(controls=False, settings=settings)
    found = [figure.difference(name) for name in ("PyTorch", "TensorFlow")]
    figure.close()
    return found


def _digits():
    apart = max(_difference())
    return DIGITS.options[2 if apart < 1e-12 else 1 if apart < 1e-3 else 0].text


DIGITS = Choose(
    "how-many-digits",
    "Three programs, written by different people, train the same network: the same starting weights, the same data, "
    "the same formula, 64 bits. To how many digits do their losses agree after 100 steps?",
    lambda: _digits(),
    options=(
        Option("About two: small differences grow from step to step.", "The differences begin at the last digit."),
        Option("About six.", "That is what 32 bits would hold; here there are 64."),
        Option("About fifteen: as many as 64 bits hold."),
        Option("All of them: they are equal.", "Sums are added in different orders, and each order rounds otherwise."),
    ),
    explanation="It is the same arithmetic, whoever wrote it down. What differs is the rounding of the last digit.",
)


def _run_by_a_file():
    """A pickle that names a function and what to call it with: loading it calls the function."""
    return OPENED.options[2 if pickle.loads(b"cbuiltins\nlen\n(S'four'\ntR.") == 4 else 0].text


OPENED = Choose(
    "opened",
    "Somebody sends you a trained model as a pickle file. What can happen when you load it?",
    lambda: _run_by_a_file(),
    options=(
        Option("You get the numbers that are in it, and nothing else.", "So it is with npz and safetensors."),
        Option("It may be damaged, and loading it fails.", "It may, and that would be the harmless case."),
        Option("Anything that a program can do on your computer."),
    ),
    explanation="A pickle is a small program that rebuilds objects. Whoever wrote it decides what it runs.",
)

#: Four runs of RunBoard that differ in their learning rate and their λ only.
FOUR = {
    "Learning rate 0.01, λ = 0.01": ({"lr": 0.01, "l2": 0.01}, "It has hardly learned anything yet, noise included."),
    "Learning rate 0.1, λ = 0.1": ({"lr": 0.1, "l2": 0.1}, "A strong penalty keeps its weights too small for that."),
    "Learning rate 0.3, λ = 0.01": ({"lr": 0.3, "l2": 0.01}, ""),
    "Learning rate 1, λ = 0.01": ({"lr": 1.0, "l2": 0.01}, "It diverges: it never gets to the noise."),
}


@cache
def _overfits():
    board, found = RunBoard(controls=False), []
    for name, (settings, _) in FOUR.items():
        board.train(hidden=8, init="he", **settings)
        found += [name] if board.verdict() == "overfits" else []
    board.close()
    return found[0] if len(found) == 1 else ""


NOISE = Choose(
    "which-overfits",
    "Four networks with eight hidden units learn the same 30 noisy examples, each for 200 steps of gradient descent. "
    "Of their settings only these two differ. Whose loss on examples never seen falls and then rises again?",
    lambda: _overfits(),
    options=tuple(Option(name, diagnosis) for name, (_, diagnosis) in FOUR.items()),
    explanation="To overfit, a run must learn: fast enough, freely enough, and without falling over.",
)

# --- exercises ------------------------------------------------------------------------------------------------------


def _back_over_tanh(gradient, z):
    """What goes on to z from a line tanh z whose own gradient is known: by the tape."""
    tape = Tape()
    tape.leaf(z).apply("tanh") * gradient
    return tape.gradient()[0]


TANH = Exercise(
    "back-over-tanh",
    "A line of the tape says a = tanh z. On the way back its gradient dL/da has arrived. Write the function that "
    "returns what goes on to z: dL/dz, from the gradient and z.",
    matches(_back_over_tanh, ((1.0, 0.0), (2.0, 0.0), (1.0, 1.0), (-0.5, 0.3), (3.0, -2.0))),
    hints=(
        "What goes on is the gradient times the slope of tanh. What is that slope, and where is it taken?",
        "The slope of tanh can be written with tanh itself: how far is its square below one?",
    ),
    start=lambda gradient, z: gradient * np.tanh(z),
    solution=lambda gradient, z: gradient * (1 - np.tanh(z) ** 2),
    conclusion="A library of automatic differentiation is a list of such functions, one for each operation.",
)


def _check_cancel(figure):
    if figure.expression != TWICE["expression"]:
        return "Keep the neuron that is used twice."
    arrived = figure.arrivals("w")
    least = min(map(abs, arrived))
    if least < 0.05:
        return f"Over one of the two ways hardly anything arrives at w: {least:.2g}. Both should carry at least 0.05."
    if abs(sum(arrived)) > 0.005:
        return f"{arrived[0]:.3g} and {arrived[1]:.3g} arrive at w: together {sum(arrived):.3g}, not yet 0."
    return ""


CANCEL = Exercise(
    "cancel",
    "Set weights, bias and input so that both ways bring a gradient of at least 0.05 in size to w, and yet dL/dw is 0, "
    "to within 0.005.",
    _check_cancel,
    hints=(
        "The two must have opposite signs. What comes over the second use goes with h, over the first with w and x.",
        "Take the identity as the activation and no bias, and write both ways down. Then let the sign of w, b or x "
        "differ.",
    ),
    widget=AutodiffTape,
    start={**TWICE, "params": [1.0, 0.5]},
    solution={**TWICE, "params": [1.0, -2.0]},
    conclusion="A gradient of 0 need not mean that a weight has no influence: here its two uses pull apart.",
)


def _carried(weight, bias):
    """One layer of a Network of the same numbers as a torch.nn.Linear: its params."""
    weight, bias = np.asarray(weight, float), np.asarray(bias, float)
    net = Network([weight.shape[1], weight.shape[0]], init="zeros")
    net.weights[0], net.biases[0] = weight.T, bias
    return net.params


CARRY = Exercise(
    "carry-over",
    "A layer of PyTorch keeps its weight as an array of shape (outputs, inputs) and its bias as (outputs,). Write the "
    "function that returns all its numbers in the order of this book: W row by row, where row i holds what leaves "
    "input i, then b.",
    matches(
        _carried,
        (
            (np.array([[2.0]]), np.array([1.0])),
            (np.array([[1.0, 2.0]]), np.array([3.0])),
            (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])),
            (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([7.0, 8.0])),
        ),
    ),
    hints=(
        "A square matrix fits either way round, and that is the danger: compare the entry for input 1 and output 2.",
        "Turn rows into columns first; `.T` does. Then `np.ravel` and `np.concatenate`.",
    ),
    start=lambda weight, bias: np.concatenate([np.ravel(weight), bias]),
    solution=lambda weight, bias: np.concatenate([np.ravel(np.asarray(weight).T), bias]),
    conclusion="Keras keeps them as this book does. A square matrix, transposed, raises no error: compare the outputs.",
)


def _check_apart(figure):
    if (figure.precision, figure.optimizer, figure.width) != ("float64", "Adam", 4):
        return "Keep 64 bits, Adam and four hidden units: something else makes them part."
    apart = {name: figure.difference(name) for name in ("PyTorch", "TensorFlow")}
    missing = [name for name, gap in apart.items() if gap is None]
    if missing:
        return f"For these settings there are no losses of {missing[0]}: run the frameworks, or reset the figure."
    if apart["TensorFlow"] < CLOSE:
        return f"TensorFlow's losses differ by {apart['TensorFlow']:.0e} from the engine's: they still agree."
    return "" if apart["PyTorch"] < CLOSE else f"Now PyTorch's differ as well, by {apart['PyTorch']:.0e}."


APART = Exercise(
    "apart",
    "In 64 bits, with Adam and four hidden units: make TensorFlow's losses differ from the engine's by more than a "
    "billionth, while PyTorch's still agree.",
    _check_apart,
    hints=(
        "They agree because they were asked for the same formula with the same numbers.",
        "Look for the knob that leaves each library what it takes by itself.",
    ),
    widget=Frameworks,
    start={"settings": "aligned"},
    solution={"settings": "as they come"},
    conclusion="Both call it Adam. A name is no formula: default values and their places belong to a result.",
)


def _check_made(board):
    one, other = (board.verdict(number) if number else "nothing" for number in (board.run, board.other))
    if one != "overfits":
        return f"Run {board.run} does not overfit, it is {one}: look for a dashed curve that turns upwards."
    if other != "diverged":
        return f"The other run has not diverged, it is {other}."
    count = len(board.differences())
    return "" if count == 1 else f"The two differ in {count} settings: which of them did it cannot be said."


MADE = Exercise(
    "what-made-it",
    "Find a run that overfits, and another one that diverged, which differ in a single setting: run is the first, "
    "other run the second.",
    _check_made,
    hints=(
        "Brush the learning rate at its upper end to see which runs diverged.",
        "Take one of those, and look for a run with the same units, λ and starting weights at a smaller rate.",
    ),
    widget=RunBoard,
    start={"run": 2, "other": 0},
    solution={"run": 9, "other": 4},
    conclusion="Only where all other settings are equal does a comparison of runs say what made the difference.",
)


CHAPTER = Chapter(
    number=9,
    title=SECTIONS[8],
    file="09_tools_and_technologies_for_handling_weights_and_biases.ipynb",
    predictions=(ADDS, PASSES, DIGITS, OPENED, NOISE),
    exercises=(TANH, CANCEL, CARRY, APART, MADE),
    claims=(
        Claim("autodiff", "Frameworks find the gradients for you.", SECTIONS[8], autodiff_is_exact),
        Claim("agree", "Different frameworks give the same result.", SECTIONS[8], libraries_agree),
        Claim("decisions", "Tracking enables decisions that rest on data.", SECTIONS[8], data_driven_decisions),
        Claim("monitoring", "Monitoring makes development more efficient.", SECTIONS[8], monitoring_saves),
    ),
)
