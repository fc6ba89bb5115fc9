"""The lessons of chapter 00: one of each kind, to show how the book works."""

from wbviz.engine import ACTIVATIONS
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.claim import Claim, Verdict
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Option
from wbviz.widgets import Neuron


def _more_bias():
    f = ACTIVATIONS["sigmoid"].f
    return "It rises." if f(1.0 + 1.0) > f(1.0) else "It falls."


MORE_BIAS = Choose(
    "more-bias",
    "The bias b of the neuron above is raised by 1. What does its output do?",
    _more_bias,
    options=(
        Option("It rises."),
        Option("It falls.", "The bias is added to the sum, and the sigmoid rises with the sum."),
        Option("That depends on the inputs.", "How much it rises does depend on them. That it rises does not."),
    ),
    explanation="A larger bias makes the sum larger, and the sigmoid never falls.",
)


def _check_half(neuron):
    output = neuron.output()[1]
    if abs(output - 0.5) <= 0.005:
        return ""
    return f"The output is {output:.3f}: the sum is still {'above' if output > 0.5 else 'below'} 0."


HALF = Exercise(
    "one-half",
    "Move any knob until the output of this neuron is 0.50.",
    _check_half,
    hints=(
        "Look at the curve: where does it pass one half?",
        "The sum z has to be 0. Let one part of it cancel the others.",
    ),
    widget=Neuron,
    start={"x": [1.0, 1.0], "w": [1.0, 1.0], "b": 1.0},
    solution={"x": [1.0, 1.0], "w": [1.0, 1.0], "b": -2.0},
    conclusion="A sum of 0 is the point where this neuron is undecided.",
)


def _both_are_numbers():
    net = Neuron(x=[1.0, 0.5], w=[1.5, -1.0], b=-0.5, controls=False)
    try:
        count = net.network.n_params
        gradient = net.network.gradient([net.x], [[1.0]])
    finally:
        net.close()
    numbers = {
        "adjustable numbers": count,
        "weights": count - 1,
        "biases": 1,
        "they can move": int((gradient != 0).sum()),
    }
    text = "The loss has a slope in each of the three, so training can adjust the bias just like the weights."
    return Verdict("holds if biases are counted as well", numbers, text)


CHAPTER = Chapter(
    number=0,
    title="Start here",
    file="00_start_here.ipynb",
    predictions=(MORE_BIAS,),
    exercises=(HALF,),
    claims=(
        Claim("adjustable", "Weights are the parameters adjusted during training.", SECTIONS[0], _both_are_numbers),
    ),
)
