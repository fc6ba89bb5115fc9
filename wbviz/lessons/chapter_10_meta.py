"""The part of chapter 10's lessons that is about meta-learning, as data: what a start can be, and for whom."""

from functools import cache

import numpy as np

from wbviz.engine.meta import METHODS, MetaTraining
from wbviz.lessons.chapter import SECTIONS
from wbviz.lessons.checks import matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_10_meta import (
    a_few_steps_are_enough,
    examples_on_one_side_are_enough,
    it_adapts_to_anything,
    it_is_the_meta_training,
    it_pays_in_the_end,
    nothing_is_left_to_tune,
)
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Option
from wbviz.widgets import MetaLearning
from wbviz.widgets import _adapting as experiment

SECTION = SECTIONS[9]


@cache
def _median(method, lr=0.01, kind="as trained on"):
    """The median error on 100 held-out tasks after 0 to 10 steps from a start that was trained before."""
    return experiment.quartiles(experiment.errors(experiment.stored(method), lr, kind, 10, 0.0)).middle


# --- predictions ----------------------------------------------------------------------------------------------------


def _zero():
    ratio = _median("MAML")[0] / _median("joint training")[0]
    return ZERO.options[1 if 0.67 < ratio < 1.5 else 0 if ratio < 1 else 2].text


ZERO = Choose(
    "before any step",
    "MAML has trained a start on 300,000 sine curves. Without a single step on a new one, how well does it fit it, "
    "compared with a network trained in the usual way on as many?",
    lambda: _zero(),
    options=(
        Option(
            "Much better: it has learned to learn.", "It has learned where to start; without a step it knows no task."
        ),
        Option("About as badly."),
        Option("Much worse: its weights are tuned for no task at all.", "They are no worse than the average of all."),
    ),
    explanation="Nothing about the start says which curve is meant, so it cannot fit it. MAML never asked it to: the "
    "loss is measured after the step.",
)


def _steps():
    learned, pretrained = (experiment.steps_to(_median(name), 0.5) for name in ("MAML", "joint training"))
    return STEPS.options[0 if pretrained is not None else 2 if learned == 1 else 1].text


STEPS = Choose(
    "steps needed",
    "Before any step half of the new tasks have an error above 1.8, from the learned start as from the pretrained. "
    "After how many steps on ten points is that 0.5?",
    lambda: _steps(),
    options=(
        Option("Both within ten steps; the learned one a little sooner.", "The pretrained one stays above 1 for long."),
        Option("The learned one after about five steps, the pretrained one not within ten.", "It was trained for one."),
        Option("The learned one after one step, the pretrained one not within ten."),
    ),
    explanation="The start was chosen so that the gradient of a few points moves just those weights and biases that "
    "amplitude and phase depend on.",
)


@cache
def _average():
    """Which of the three curves the pretrained start is nearest to."""
    x = np.linspace(-4.5, 4.5, 61)
    curve = experiment.stored("joint training").network(x[:, None])[:, 0]
    candidates = (np.zeros_like(x), -1.6 * np.cos(x), 2.5 * np.sin(x))
    apart = [((curve - candidate) ** 2).mean() for candidate in candidates]
    return AVERAGE.options[int(np.argmin(apart))].text


AVERAGE = Choose(
    "average",
    "A network is pretrained on all tasks as one: curves A · sin(x − φ), with A from 0.1 to 5 and φ from 0 to π. Which "
    "curve does it draw?",
    lambda: _average(),
    options=(
        Option("A flat line: all waves cancel.", "The phases cover half a circle only, so they do not quite cancel."),
        Option("A cosine upside down, of height 1.6."),
        Option(
            "A sine of height 2.5, the average amplitude.", "The phases differ too: averaging them lowers the wave."
        ),
    ),
    explanation="It draws the average of the tasks, −(2/π) · 2.55 · cos x. That is the best single answer to all of "
    "them, and the answer to none. From there the gradient has no easy way to a certain one.",
)


@cache
def _outside():
    """How the error left after one step compares, tasks outside against those trained on, as a share of the task."""

    def left(kind):
        size = (experiment.held_out(kind, 10, 0.0).y_grid ** 2).mean(axis=(1, 2))
        found = experiment.errors(experiment.stored("MAML"), 0.01, kind, 10, 0.0)[1]
        return float(np.median(found / size))

    usual, outside = left("as trained on"), left("phase π to 2π")
    return OUTSIDE.options[0 if outside < 1.5 * usual else 1 if outside < 1 else 2].text


OUTSIDE = Choose(
    "outside",
    "The phases of the training lay between 0 and π. New tasks have phases between π and 2π: the same waves upside "
    "down. What will one step from the learned start leave of the error?",
    lambda: _outside(),
    options=(
        Option(
            "As little as before: it has learned what a sine is.", "It has learned its tasks, and how to tell them."
        ),
        Option("Several times as much as on tasks like those trained on, but it still helps."),
        Option("It makes the curve worse than a flat line.", "Most of the way is still right: the waves are as long."),
    ),
    explanation="Learning to learn is learning too: it generalises to tasks like those it saw, and a little beyond.",
)


def _one_step():
    training = MetaTraining(experiment.network(1), seed=7)
    known, net = training.lessons(0), training.net
    one, joint = (METHODS[name].gradient(net, known, 0.01, 1)[1] for name in ("Reptile", "joint training"))
    return ONE_STEP.options[1 if np.allclose(one, joint) else 0].text


ONE_STEP = Choose(
    "Reptile with one step",
    "Reptile moves the start towards where its tasks end after a few steps. With one single inner step, what does it "
    "learn?",
    lambda: _one_step(),
    options=(
        Option(
            "The same as MAML with one step.", "MAML asks for the loss after the step, on other points. Reptile not."
        ),
        Option("Exactly what usual training on all tasks at once learns."),
        Option(
            "Nothing: the steps of all tasks cancel.", "They cancel only where the average of all gradients is zero."
        ),
    ),
    explanation="One step goes along the gradient, so the mean of all ends is one step along the mean gradient: joint "
    "training. What is new comes with the second step, whose gradient is taken where the first one led.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


def _slope_after_a_step(theta, c, lr):
    """The slope of (θ' − c)² in θ, where θ' is one step of gradient descent on the same loss."""
    step = theta - lr * 2 * (theta - c)
    return 2 * (step - c) * (1 - 2 * lr)


SECOND_ORDER = Exercise(
    "through the step",
    "A task with a single weight: its loss is (θ − c)². Write the function that gives MAML's gradient: the slope, in "
    "θ, of the loss after one step of gradient descent at the rate lr.",
    matches(
        _slope_after_a_step, ((1.0, 0.0, 0.0), (1.0, 0.0, 0.1), (2.0, 5.0, 0.3), (-1.5, 0.5, 0.5), (0.3, -2.0, 0.7))
    ),
    hints=(
        "First write where the step ends. Then the loss there, and its slope in where it ends.",
        "How much does the end move when the start moves a little? That factor the first-order form leaves out.",
    ),
    start=lambda theta, c, lr: 2 * (theta - lr * 2 * (theta - c) - c),
    solution=lambda theta, c, lr: 2 * (theta - c) * (1 - 2 * lr) ** 2,
    conclusion="The factor is 1 − lr times the second derivative. For a network it is a matrix, I − lr · H, which is "
    "never written down: only its product with the gradient is.",
)


def _check_better_alone(figure):
    if (figure.method, figure.origin) != ("MAML", experiment.BEFORE) or figure.iterations():
        return "Keep MAML's start as it was trained in advance."
    if (figure.inner_lr, figure.points, figure.noise, figure.held_out) != (0.01, 10, 0.0, "as trained on"):
        return "Keep the inner rate, ten points and no noise: look for another task."
    if figure.step < 1:
        return "Let each start take a step at least."
    learned, random = figure.error("learned"), figure.error("random")
    if random < learned:
        return ""
    return (
        f"After step {figure.step} the error is {learned:.2f} from the learned start, {random:.2f} from random weights."
    )


BETTER_ALONE = Exercise(
    "better alone",
    "Find a task, one of the kind trained on or not, on which random weights end nearer to the curve than the learned "
    "start does.",
    _check_better_alone,
    hints=(
        "Look at the pale curves: what does the learned start draw before any step, and what do random weights draw?",
        "On which curve are random weights right from the beginning? Drag the curve towards theirs.",
    ),
    widget=MetaLearning,
    start={"amplitude": 3.5, "phase": 1.0},
    solution={"amplitude": 0.1, "phase": 1.0},
    conclusion="A start is a belief about what comes. On a nearly flat curve, which it seldom met, belief costs.",
)


def _check_three(figure):
    if (figure.amplitude, figure.phase, figure.noise, figure.inner_lr) != (3.5, 1.0, 0.0, 0.01):
        return "Keep the task and the inner rate: move the points alone."
    if figure.method != "MAML" or figure.origin != experiment.BEFORE or figure.iterations():
        return "Keep MAML's start as it was trained in advance."
    if figure.points != 3 or figure.step > 5:
        return "Three points, and five steps at most."
    if figure.error() <= 0.25:
        return ""
    x = sorted(figure.task.places)
    return (
        f"With points at {x[0]:g}, {x[1]:g} and {x[2]:g} the error is {figure.error():.2f} after {figure.step} steps."
    )


THREE_POINTS = Exercise(
    "three points",
    "Amplitude and phase are two numbers, so three points should be enough. Place three points, by dragging, so that "
    "the learned start comes below an error of 0.25 within five steps.",
    _check_three,
    hints=(
        "Points close together say the same thing. Which places tell a tall wave from a low one, an early from a late?",
        "Try one point where the wave is deepest, and the others on its two sides.",
    ),
    widget=MetaLearning,
    start={"step": 5, "points": 3, "places": [-4.0, 3.0, 4.0]},
    solution={"step": 5, "points": 3, "places": [-1.5, -0.75, 2.25]},
    conclusion="From random weights three points fix nothing: countless curves go through them. The start supplies "
    "what the points leave open.",
)


def _check_rate(figure):
    if figure.method != "MAML" or figure.origin != experiment.BEFORE or figure.iterations():
        return "Keep MAML's start as it was trained in advance."
    if (figure.points, figure.noise, figure.held_out) != (10, 0.0, "as trained on"):
        return "Keep ten points, no noise and the tasks: turn the inner rate alone."
    left = figure.median_error("pretrained", 10)
    if left <= 1.05:
        return ""
    return f"At {figure.inner_lr:g} the pretrained start leaves {left:.2f} after ten steps; 1.05 is possible."


FAIR_RATE = Exercise(
    "fair rate",
    "The rate of 0.01 is the one that MAML's start was made for. Be fair to the pretrained start: find a rate with "
    "which its median error on the 100 tasks is 1.05 or less after ten steps. What does that rate do to MAML's start?",
    _check_rate,
    hints=(
        "Watch the dashed curve at its right end while you turn the rate. Is it slow, or does it jump about?",
        "It is slow at the rate shown. Go up by half, then by half again, and stop before the curve turns up.",
    ),
    widget=MetaLearning,
    start={"step": 10},
    solution={"step": 10, "inner_lr": 0.025},
    conclusion="Even so it stays far behind what one step did from the learned start at its own rate; which in turn "
    "is thrown about by the larger one.",
)

PREDICTIONS = (ZERO, STEPS, AVERAGE, OUTSIDE, ONE_STEP)
EXERCISES = (SECOND_ORDER, BETTER_ALONE, THREE_POINTS, FAIR_RATE)
CLAIMS = (
    Claim("few steps", "Meta-learning finds weights and biases from which a few steps are enough.", SECTION,
          a_few_steps_are_enough),
    Claim("luck", "It is the meta-training that finds them, not a lucky start.", SECTION, it_is_the_meta_training),
    Claim("tuning", "It finds the best weights and biases by itself, so that less is to be tuned by hand.", SECTION,
          nothing_is_left_to_tune),
    Claim("adaptable", "A model that has learned to learn adapts to new tasks.", SECTION, it_adapts_to_anything),
    Claim("one side", "It knows what its tasks have in common: examples on one side are enough.", SECTION,
          examples_on_one_side_are_enough),
    Claim("in the end", "A meta-learned start is the better one.", SECTION, it_pays_in_the_end),
)  # fmt: skip
