"""The lessons of a chapter of my own. Every line here is to be changed; `wbviz check-chapter` says what is missing."""

from wbviz.lessons import Chapter, Claim, Exercise, Mistake, Number, Verdict
from wbviz.widgets import Neuron


def output(**settings):
    """The output of a neuron, computed by the engine: no number of a lesson is written by hand."""
    neuron = Neuron(controls=False, **settings)
    try:
        return neuron.output()[1]
    finally:
        neuron.close()


# A prediction: a question, `truth()` computes the answer, and each known mistake has a sentence.
SILENT = Number(
    "silent",
    "All inputs are 0 and b = −1. What is the output of the sigmoid neuron?",
    lambda: output(x=[0.0], w=[3.0], b=-1.0),
    tolerance=0.03,
    mistakes=(
        Mistake(0.5, "That is the sigmoid of 0: the bias is left out."),
        Mistake(-1.0, "That is the sum. The activation is still to come."),
    ),
    explanation="With zero inputs the sum is the bias, and the output is its sigmoid.",
)


# An exercise: the check says what is not right yet, without the answer; "" says that it is solved.
def _check_fires(neuron):
    if neuron.x != [1.0]:
        return "Leave the input at 1."
    value = neuron.output()[1]
    return "" if value >= 0.9 else f"The output is {value:.2f}: it is still too low."


FIRES = Exercise(
    "fires",
    "Bring the output to 0.9 or more, with the input at 1.",
    _check_fires,
    hints=("Which two numbers make the sum z?", "Both the weight and the bias can raise the sum. Try either."),
    widget=Neuron,
    start={"x": [1.0], "w": [1.0], "b": -2.0},
    solution={"x": [1.0], "w": [1.0], "b": 1.5},
    conclusion="Here weight and bias can do the same, because the input is 1. Try it with another input.",
)


# A claim: a sentence that somebody has written, where, and the experiment that tests it.
def _bias_helps():
    low, high = output(x=[1.0], w=[1.0], b=-1.0), output(x=[1.0], w=[1.0], b=1.0)
    verdict = "holds" if high > low else "misleading"
    return Verdict(verdict, {"output with b = −1": low, "with b = 1": high}, "The sigmoid rises with its sum.")


RISES = Claim(
    "rises", "A larger bias makes a neuron fire more easily.", "where this sentence is to be read", _bias_helps
)


CHAPTER = Chapter(
    number="my-title",
    title="My title",
    file="my_title.ipynb",
    predictions=(SILENT,),
    exercises=(FIRES,),
    claims=(RISES,),
)
