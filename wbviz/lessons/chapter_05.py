"""The lessons of chapter 05, as data: walking down, racing down, and holding the weights back."""

from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, SURFACES, Adam, Network, Training
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_05 import adam_on_the_ravine, l1_makes_zeros, one_optimum, regularisation_helps
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import LossSurface, OptimizerRace, Playground, Regularise
from wbviz.widgets._racing import RATES, RUNNERS, steps_to_tolerance
from wbviz.widgets._words import percent, plural

# --- predictions ----------------------------------------------------------------------------------------------------


@cache
def _edge():
    """The learning rate from which gradient descent leaves f(w) = 5w², found by halving."""
    low, high = 0.0, 1.0
    for _ in range(40):
        lr, w = (low + high) / 2, np.array([1.0])
        optimizer = SGD(lr=lr)
        for _ in range(200):
            optimizer.step(w, 10 * w)
        low, high = (lr, high) if abs(w[0]) < 1 else (low, lr)
    return low


EDGE = Number(
    "edge",
    "The loss is 5·w², so its slope at w is 10·w. Gradient descent starts at w = 1. "
    "From which learning rate on does it move away from the minimum instead of towards it?",
    _edge,
    tolerance=0.01,
    mistakes=(
        Mistake(0.1, "With 0.1 it lands on the minimum in a single step. It may go further than that."),
        Mistake(1.0, "With 1 the first step leads from 1 to −9."),
        Mistake(0.4, "The slope is 10·w, not 5·w."),
    ),
    explanation="Each step multiplies w by 1 − 10·lr. Beyond lr = 2/10 that is below −1: each step overshoots by more.",
)


def _first_step():
    w, optimizer = np.array([0.0, 0.0]), Adam(lr=0.1)
    optimizer.step(w, np.array([1000.0, 0.001]))
    return float(-w[0])


ADAM = Number(
    "adam-first-step",
    "Adam has the learning rate 0.1. At the very first step the derivative of one weight is 1000, that of another "
    "0.001. By how much does the first weight move?",
    _first_step,
    tolerance=0.005,
    mistakes=(
        Mistake(100.0, "That is what plain gradient descent would do: learning rate times derivative."),
        Mistake(10.0, "Adam does not go by the mean of the gradients alone: it divides by a root as well."),
        Mistake(0.316, "Adam's two averages begin at 0, but it corrects for that."),
    ),
    explanation="By 0.1, and the other one too: m̂/√v̂ is ±1 at the first step, whatever the size of the derivative.",
)


def _fastest_that_arrives():
    """The largest learning rate with which plain gradient descent gets down the ravine."""
    rates = np.array([0.01, 0.02, 0.04, 0.07, 0.5, 1.0, 1.9])
    arrives = np.isfinite(steps_to_tolerance("ravine", "sgd", rates, steps=2000))
    return LIMIT.options[1 if rates[arrives].max() < 0.08 else 0].text


LIMIT = Choose(
    "ravine",
    "A ravine has the curvature 1 along and 25 across: so fast does its slope change. With a curvature c, gradient "
    "descent arrives with learning rates below 2/c. Which rates get it down the ravine?",
    lambda: _fastest_that_arrives(),
    options=(
        Option("All below 2: most of the way leads along.", "A step has both parts. Across, it would fly up the wall."),
        Option("Only those below 0.08: the steep direction sets the limit."),
        Option("All below 1: the two limits meet in the middle.", "The stricter of two limits is not softened."),
    ),
    explanation="The steep direction allows 2/25 = 0.08, and along the floor such steps are short: hence the zigzag.",
)


@cache
def _minima():
    """Twenty starts of one network on one data set: how far apart the weights end, and the losses."""
    data = load_dataset("moons", n=100, noise=0.1, seed=0)
    net = Network([2, 4, 1], seed=0, population=20)
    recipe = {"loss": "binary_cross_entropy", "optimizer": Adam(lr=0.05), "epochs": 300}
    for _ in Training(net, data.X, data.y[:, None], **recipe):
        pass
    apart = np.abs(net.params[:, None] - net.params[None]).max(axis=2)
    return STARTS.options[0 if apart[np.triu_indices(20, 1)].max() < 0.1 else 2].text


STARTS = Choose(
    "other-start",
    "The same network is trained on the same data from twenty different random starts. Do all twenty end with the "
    "same weights and biases?",
    lambda: _minima(),
    options=(
        Option("Yes: the data decide what is best.", "Exchange two hidden units with all their weights: same answers."),
        Option("Yes, except for small differences in the last digits.", "They end in quite different places."),
        Option("No, they end in different places."),
    ),
    explanation="Many sets of weights answer alike. There is no such thing as *the* optimal set.",
)


def _zeros():
    figure = {kind: Regularise(kind=kind, lam=1.0, controls=False) for kind in ("L1", "L2")}
    zeros = {kind: 12 - figure[kind].nonzero() for kind in figure}
    for each in figure.values():
        each.close()
    return ZEROS.options[0 if zeros["L1"] > 0 == zeros["L2"] else 2].text


ZEROS = Choose(
    "zeros",
    "A model has 12 weights, and only two inputs really matter. Which penalty sets some weights to exactly 0?",
    lambda: _zeros(),
    options=(
        Option("L1, the sum of the sizes |w|."),
        Option("L2, half the sum of the squares w².", "It pulls large weights hard, but small ones hardly at all."),
        Option("Both.", "One of them loses its pull as a weight gets small."),
    ),
    explanation="L1 pulls with the same force however small a weight is. L2's pull shrinks with the weight.",
)


# --- exercises ------------------------------------------------------------------------------------------------------

_WITHIN = 30


def _check_rate(figure):
    if (figure.first, figure.second, figure.move) != tuple(RATE.start[name] for name in ("first", "second", "move")):
        return "Keep the plane and what moves as they were: change the learning rate."
    if figure.batch != RATE.start["batch"] or figure.dataset != RATE.start["dataset"]:
        return "Keep the data, and the full batch."
    if figure.diverged() is not None:
        return f"With {figure.lr:g} it leaves the valley for good."
    if figure.settled() is None:
        return f"With {figure.lr:g} it has not come to rest after {plural(figure.steps, 'step')}."
    if figure.settled() >= _WITHIN:
        return f"With {figure.lr:g} it comes to rest after {figure.settled()} steps. Wanted are fewer than {_WITHIN}."
    if figure.run_at(2 * figure.lr).diverged is None:
        return f"{figure.settled()} steps are few enough. But with {2 * figure.lr:g}, the double, it does not diverge."
    return ""


RATE = Exercise(
    "near-the-edge",
    f"Choose a learning rate with which the descent comes to rest in fewer than {_WITHIN} steps, but diverges when the "
    "rate is doubled.",
    _check_rate,
    hints=(
        "Find out first where it diverges: raise the rate until it does.",
        "Any rate between half of that limit and the limit diverges when doubled. Which of these come to rest soon?",
    ),
    widget=LossSurface,
    start={
        "first": "w h₃→ŷ", "second": "b ŷ", "dataset": "moons", "move": "only these two", "batch": "full",
        "lr": 0.05, "steps": 60, "step": 60,
    },
    solution={
        "first": "w h₃→ŷ", "second": "b ŷ", "dataset": "moons", "move": "only these two", "batch": "full",
        "lr": 0.7, "steps": 60, "step": 60,
    },
    conclusion="A good constant rate lies closer to disaster than one would like. That is one reason for the schedules "
    "of chapter 07.",
)  # fmt: skip


def _step_with_momentum(w, v, g, lr, beta):
    """One step of the engine's SGD with momentum from a velocity v."""
    optimizer = SGD(lr=lr, momentum=beta)
    moved = np.array([0.0])
    optimizer.step(moved, np.array([v]))
    moved = np.array([w])
    optimizer.step(moved, np.array([g]))
    return [float(moved[0]), float(optimizer.state.get("velocity", [g])[0])]


MOMENTUM = Exercise(
    "momentum-step",
    "Write one step of gradient descent with momentum: from the weight w, the velocity v, the derivative g, the "
    "learning rate lr and beta, return [w, v] after the step.",
    matches(
        _step_with_momentum,
        ((1.0, 0.0, 2.0, 0.1, 0.9), (1.0, 2.0, 0.0, 0.1, 0.5), (0.0, 1.0, -1.0, 0.5, 0.9), (3.0, -2.0, 0.5, 0.01, 0.0)),
    ),
    hints=(
        "First the velocity, then the weight. What is kept of the old velocity, and what is added?",
        "The weight moves against the *new* velocity, by the learning rate times that.",
    ),
    start=lambda w, v, g, lr, beta: [w - lr * g, beta * v + g],
    solution=lambda w, v, g, lr, beta: [w - lr * (beta * v + g), beta * v + g],
    conclusion="One extra number for each weight and each bias: that is all that momentum remembers.",
)


def _check_race(figure):
    if figure.surface != "ravine" or list(figure.start) != list(SURFACES["ravine"].start):
        return "Keep the ravine and its start."
    if not {"sgd", "adam"} <= set(figure.runners):
        return "Let both SGD and Adam run."
    own = RACE.start["lr"][_RUNNERS.index("adam")]
    if figure.rate_of("adam") != own:
        return f"Leave Adam its learning rate of {own:g}: SGD shall win by its own."
    plain, adam = figure.arrived("sgd"), figure.arrived("adam")
    if plain is None:
        if figure.diverged("sgd"):
            return f"With {figure.rate_of('sgd'):g} SGD diverges: across the ravine it is too steep for that."
        return f"With {figure.rate_of('sgd'):g} SGD has not arrived after {plural(figure.steps, 'step')}."
    if adam is not None and plain >= adam:
        return f"SGD arrives at step {plain}, Adam at step {adam}."
    return ""


_RUNNERS = tuple(RUNNERS)
_SLOW = [0.02, *RATES["ravine"][1:]]

RACE = Exercise(
    "beat-adam",
    "On the ravine Adam has the learning rate 0.1. Give plain SGD a learning rate with which it arrives before Adam.",
    _check_race,
    hints=(
        "The steps of SGD get shorter as the slope does. A larger rate helps along the floor.",
        "Go up until it no longer arrives: the limit across the ravine is 2/25.",
    ),
    widget=OptimizerRace,
    start={"surface": "ravine", "lr": _SLOW, "steps": 120, "step": 120, "focus": "sgd"},
    solution={"surface": "ravine", "lr": [0.07, *_SLOW[1:]], "steps": 120, "step": 120, "focus": "sgd"},
    conclusion="Which optimiser is faster depends on the surface and on how well its rate was chosen.",
)


def _check_two(figure):
    if figure.kind != "L1" or figure.rule != "soft threshold" or figure.dataset != "two of 12 count":
        return "Keep L1, its soft threshold, and the examples in which two inputs count."
    if figure.step < figure.range_of("step")["max"]:
        return "Let the training go to its end: move the step to the right."
    count = figure.nonzero()
    if count == 2:
        return ""
    return f"{plural(count, 'weight')} of 12 {'is' if count == 1 else 'are'} not 0."


TWO = Exercise(
    "two-weights",
    "Make L1 leave exactly two of the twelve weights.",
    _check_two,
    hints=(
        "The stronger the penalty, the fewer weights survive it.",
        "The third weight is stubborn. Look at the plot against λ: where does it meet the axis?",
    ),
    widget=Regularise,
    start={"kind": "L1", "lam": 0.2},
    solution={"kind": "L1", "lam": 1.6},
    conclusion="It found the two inputs that count. It also made their weights too small: that is the price of λ.",
)

_RIGHT = 0.95
_BY_HAND = [1.3, 1.4, 1.6, -0.9, -1.0, 1.4, -3.6, 3.8, -0.2, 4.3, 4.3, -3.8, 0.0]


def _check_moons(figure):
    if figure.dataset != "moons" or figure.features != ["x1", "x2"]:
        return "Keep the moons, and the features x₁ and x₂."
    if figure.layers != [3] or figure.activation != "tanh":
        return "Keep one hidden layer of three tanh units."
    if figure.run:
        return "These weights were trained. Press the button that rewinds, and set them by hand."
    right = min(figure.accuracy(), figure.accuracy(held_out=True))
    if right >= _RIGHT:
        return ""
    lines = sum(abs(w) + abs(v) > 0.1 for w, v in zip(*figure.network.weights[0], strict=True))
    if lines < 3:
        count = ("None", "One", "Two")[lines]
        return f"{count} of the three units {'has' if lines == 1 else 'have'} weights that are not 0."
    return f"{percent(right)} are right so far. Wanted are {percent(_RIGHT, 0)}, of the training and held-out points."


MOONS = Exercise(
    "moons-by-hand",
    "Do the training's work: set the weights and biases by hand so that three hidden units tell the moons apart, "
    f"with at least {percent(_RIGHT, 0)} right. Do not press Play.",
    _check_moons,
    hints=(
        "Each hidden unit is a line across the plane, as in chapter 01. Where would you draw three straight cuts?",
        "Make the three lines first, and look at their images. Then let the output add them up, each with its sign.",
    ),
    widget=Playground,
    start={"dataset": "moons", "layers": [3], "activation": "tanh", "params": [0.0] * 13},
    solution={"dataset": "moons", "layers": [3], "activation": "tanh", "params": _BY_HAND},
    conclusion="You found a good place among all places with thirteen coordinates. Training does nothing else.",
)


CHAPTER = Chapter(
    number=5,
    title=SECTIONS[4],
    file="05_training_neural_networks_with_weights_and_biases.ipynb",
    predictions=(EDGE, STARTS, LIMIT, ADAM, ZEROS),
    exercises=(RATE, RACE, MOMENTUM, TWO, MOONS),
    claims=(
        Claim("optimum", "Gradient descent finds the optimal set of weights and biases.", SECTIONS[4], one_optimum),
        Claim("adam", "Adam and RMSprop are faster than plain gradient descent.", SECTIONS[4], adam_on_the_ravine),
        Claim("zeros", "L1 makes weights zero, L2 does not.", SECTIONS[4], l1_makes_zeros),
        Claim("regularisation", "Regularisation prevents overfitting.", SECTIONS[4], regularisation_helps),
    ),
)
