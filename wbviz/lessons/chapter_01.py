"""The lessons of chapter 01, as data: one neuron, one line, one chain."""

import numpy as np

from wbviz.lessons import claims_01
from wbviz.lessons._text import tell
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches, near
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_01 import chain, neuron
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, DrawCurve, Number, Option
from wbviz.widgets import DecisionLine, Neuron, SignalChain

PLACES = tuple(np.linspace(-6, 6, 25))


# --- predictions ----------------------------------------------------------------------------------------------------


def _silent_input():
    change = neuron([0.0, 1.0], [4.0, 1.0], 0.0) - neuron([0.0, 1.0], [2.0, 1.0], 0.0)
    return "Nothing happens." if change == 0 else "The output doubles."


SILENT_INPUT = Choose(
    "silent-input",
    "The first input is x₁ = 0. Its weight w₁ is doubled, from 2 to 4. What happens to the output?",
    _silent_input,
    options=(
        Option("The output doubles.", "That would need every part of the sum to double; only w₁x₁ could change."),
        Option("The output grows by 2.", "A weight is not added to the sum: it is multiplied by its input first."),
        Option("Nothing happens."),
    ),
    explanation="A weight acts through its input. Where the input is 0, the product is 0, whatever the weight is.",
)

ONLY_BIAS = Number(
    "only-bias",
    "All inputs are 0, the weights are 3 and −1, and b = 2. The activation is the sigmoid. What is the output a?",
    lambda: neuron([0.0, 0.0], [3.0, -1.0], 2.0, "sigmoid"),
    tolerance=0.05,
    mistakes=(
        Mistake(0.5, "That is sigmoid(0): you left the bias out."),
        Mistake(2.0, "That is the sum z. The activation still has to be applied."),
        Mistake(0.0, "With zero inputs the products vanish, but the bias does not."),
    ),
    explanation="Only the bias speaks: z = b = 2, and a = sigmoid(2).",
)

SHIFTED = DrawCurve(
    "shifted-curve",
    "Here is x from −6 to 6. The neuron has one input, w = 1 and the bias b = 2. Draw its output sigmoid(x + 2).",
    lambda: [neuron([x], [1.0], 2.0, "sigmoid") for x in PLACES],
    x=PLACES,
    y_range=(0.0, 1.0),
    tolerance=0.08,
    x_label="x",
    y_label="a",
    explanation="The curve keeps its shape and moves to the left by b/w = 2: the half-way point is where x + 2 = 0.",
)

THRESHOLD = Number(
    "threshold",
    "A step neuron has one input, w = 2 and b = −3. From which x on does it answer 1?",
    lambda: claims_01.first_firing([2.0], -3.0),
    tolerance=0.05,
    mistakes=(
        Mistake(-3.0, "That is the bias itself. The sum 2x − 3 is still negative there."),
        Mistake(3.0, "That is −b. The weighted sum 2x must reach it, and x is only half of that sum."),
        Mistake(-1.5, "Check the sign: at x = −1.5 the sum is 2·(−1.5) − 3 = −6."),
    ),
    explanation="It answers 1 from 2x − 3 = 0 on. The weighted sum must reach −b = 3, so x must reach −b/w = 1.5.",
)

FIVE_HALVES = Number(
    "five-halves",
    "A signal of 1 runs through five connections. Each has the weight 0.5, there are no biases. What arrives?",
    lambda: chain(1.0, [0.5] * 5),
    tolerance=0.01,
    mistakes=(
        Mistake(2.5, "That adds the five weights. A chain multiplies them."),
        Mistake(0.1, "That divides by 2·5. Each connection halves what the one before left."),
        Mistake(0.5, "That is one connection. The next four halve it again."),
    ),
    explanation="Weights in a row multiply: 0.5·0.5·0.5·0.5·0.5 = 0.03125. After ten it would be a thousandth.",
)

XOR_BEST = Number(
    "xor-best",
    "How many per cent of the four XOR points can a single straight line put on the right side, at best?",
    lambda: 100 * claims_01.best_line_on_xor()[0],
    tolerance=1.0,
    unit="%",
    mistakes=(
        Mistake(100.0, "Try it below: whichever point you win, another one falls on the wrong side."),
        Mistake(50.0, "That is what a line through the middle gets. One of the others can be won."),
    ),
    explanation="Three of four. A single neuron cannot do XOR, however its weights and its bias are set.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


def _check_opposed(neuron):
    if len(neuron.w) != 2:
        return "Keep the two inputs."
    first, second = neuron.w
    if first == 0 or second == 0:
        return "One of the two weights is 0: that input does not count at all."
    if abs(abs(second) - 3 * abs(first)) > 0.05 * abs(first):
        return f"The second input counts {abs(second / first):.2f} times as strongly as the first."
    return "" if first * second < 0 else "The strength is right. Both inputs still pull in the same direction."


OPPOSED = Exercise(
    "opposed",
    "Let the second input count three times as strongly as the first, and in the opposite direction.",
    _check_opposed,
    hints=(
        "How strongly an input counts is the size of its weight; which way it pulls is the sign.",
        "Choose any w₁ that is not too large. Then w₂ is its multiple, with the other sign.",
    ),
    widget=Neuron,
    start={"x": [1.0, 1.0], "w": [1.0, 1.0], "b": 0.0},
    solution={"x": [1.0, 1.0], "w": [1.0, -3.0], "b": 0.0},
    conclusion="Strength and direction: that is all a weight says about its input.",
)


def _check_alone(neuron):
    if any(neuron.x):
        return "An input is not 0. Here the bias has to do it alone."
    if neuron.activation != "sigmoid":
        return "Keep the sigmoid: with another activation this is another question."
    output = neuron.output()[1]
    if abs(output - 0.9) <= 0.01:
        return ""
    return f"The output is {output:.3f}, which is too {'high' if output > 0.9 else 'low'}."


ALONE = Exercise(
    "bias-alone",
    "Both inputs are 0. Bring the output of the sigmoid to 0.90, give or take 0.01.",
    _check_alone,
    hints=(
        "Try a weight first. What does it change, while its input is 0?",
        "Only one knob is left. The output rises with it: below one half for negative values, above for positive ones.",
    ),
    widget=Neuron,
    start={"x": [0.0, 0.0], "w": [1.5, -1.0], "b": -1.0},
    solution={"x": [0.0, 0.0], "w": [1.5, -1.0], "b": 2.2},
    conclusion="With zero input the sum is the bias, so the output is f(b).",
)


def _check_threshold(neuron):
    if neuron.inputs != 1 or neuron.activation != "step":
        return "Keep one input and the step activation."
    weight, threshold = neuron.w[0], claims_01.first_firing(neuron.w, neuron.b)
    if weight <= 0:
        return "The neuron has to fire for large x. With this weight it does not."
    if abs(threshold - 1.5) <= 0.026:
        return ""
    return f"Now it fires from x = {tell(threshold)} on: {'later' if threshold > 1.5 else 'earlier'} than asked."


FIRE_FROM = Exercise(
    "fire-from",
    "This neuron has the step activation. Make it answer 1 for every x above 1.5 and 0 below.",
    _check_threshold,
    hints=(
        "The step jumps where the sum wx + b is 0. Which x makes it 0 now?",
        "You want w·1.5 + b = 0 with a positive w. Solve it for b, and mind the sign.",
    ),
    widget=Neuron,
    start={"x": [1.0], "w": [2.0], "b": 3.0, "activation": "step"},
    solution={"x": [1.0], "w": [2.0], "b": -3.0, "activation": "step"},
    conclusion="The threshold lies at −b/w: a negative bias asks for more input before the neuron answers.",
)


def _check_gate(target):
    def check(line):
        if line.target != target:
            return f"Set the points back to “{target}”."
        wrong = 4 - line.correct()
        return "" if wrong == 0 else f"{wrong} of the 4 points {'lies' if wrong == 1 else 'lie'} on the wrong side."

    return check


AND_GATE = Exercise(
    "and-gate",
    "Place the line so that the neuron answers 1 for (1, 1) only: the function AND.",
    _check_gate("and"),
    hints=(
        "The arrow points to the side of 1. Turn it towards (1, 1) first.",
        "With equal positive weights the line runs from upper left to lower right. "
        "Shift it with b until it passes between (1, 1) and its neighbours.",
    ),
    widget=DecisionLine,
    start={"target": "and", "w": [1.0, 1.0], "b": 0.5},
    solution={"target": "and", "w": [2.0, 2.0], "b": -3.0},
    conclusion="Two inputs must come together to pass the threshold: one alone is not enough.",
)

NAND_GATE = Exercise(
    "nand-gate",
    "The line solves AND. Now the points ask for NAND, where every answer is turned round. Solve it.",
    _check_gate("nand"),
    hints=(
        "The line may stay where it is. It is the side of 1 that must change.",
        "Which change of the two weights and the bias turns every sum z into −z?",
    ),
    widget=DecisionLine,
    start={"target": "nand", "w": [2.0, 2.0], "b": -3.0},
    solution={"target": "nand", "w": [-2.0, -2.0], "b": 3.0},
    conclusion="Turning the sign of all three numbers turns the answer round and leaves the line in its place.",
)


def _check_chain(chain):
    if chain.links != 4 or any(chain.biases) or chain.activation != "identity":
        return "Keep four links, no biases and the identity."
    if any(abs(abs(w) - 1) < 0.05 for w in chain.weights):
        return "One of the weights is 1 or −1, which neither amplifies nor diminishes."
    gain = chain.gain()
    if abs(abs(gain) - 1) > 0.02:
        return f"What arrives is {abs(gain):.2f} times as strong as what was sent."
    return "" if gain < 0 else "The strength is right, the sign is not."


MIRROR = Exercise(
    "mirror",
    "Four weights in a row. Let the signal arrive as strong as it was sent, with its sign turned round. "
    "No weight may be 1 or −1.",
    _check_chain,
    hints=(
        "What one link amplifies, another can take back: which product gives 1?",
        "Pair each weight with its reciprocal: one of them doubles, the other halves. "
        "Then think of how many signs must be negative.",
    ),
    widget=SignalChain,
    start={"links": 4, "w": [1.5, 1.5, 1.5, 1.5], "signal": 1.0},
    solution={"links": 4, "w": [2.0, 0.5, -2.0, 0.5], "signal": 1.0},
    conclusion="The gains multiply, and so do the signs: an odd number of negative weights turns the signal round.",
)

CALCULATE = Exercise(
    "threshold-number",
    "A neuron has one input, w = 4 and b = −6. At which x is its sum exactly 0?",
    near(lambda: claims_01.first_firing([4.0], -6.0), 0.005, (
        Mistake(-1.5, "Put it in: 4·(−1.5) − 6 is −12. Look at the sign."),
        Mistake(6.0, "That is where the weighted sum should be. Which x gives it?"),
        Mistake(2.0, "At 2 the sum is 4·2 − 6 = 2. It is w times x that has to make up for b, not w and x added."),
        Mistake(2 / 3, "That is the wrong way round: 4x is to be 6."),
    )),
    hints=("Write the sum down: 4x − 6. It is to be 0.", "Bring the bias to the other side, then divide."),
    start=0.0,
    solution=1.5,
    conclusion="−b/w once more: the bias is not the threshold, it is what the weights have to make up for.",
)  # fmt: skip

WRITE_NEURON = Exercise(
    "write-a-neuron",
    "Write the sum of a neuron yourself: a function of x, w and b that returns z.",
    matches(
        neuron,
        (([1.0], [2.0], 0.0), ([0.0, 0.0], [3.0, -1.0], 2.0), ([1.0, 2.0], [0.5, -1.5], 0.25)),
    ),
    hints=(
        "Each weight is multiplied by its own input. `zip(x, w)` walks through both lists together.",
        "Add the products up, and then one more number that no input belongs to.",
    ),
    start=lambda x, w, b: sum(xi * wi for xi, wi in zip(x, w, strict=True)),
    solution=lambda x, w, b: sum(xi * wi for xi, wi in zip(x, w, strict=True)) + b,
    conclusion="That is the whole arithmetic of a neuron before its activation.",
)


CHAPTER = Chapter(
    number=1,
    title=SECTIONS[0],
    file="01_what_are_weights_and_biases.ipynb",
    predictions=(SILENT_INPUT, ONLY_BIAS, SHIFTED, THRESHOLD, FIVE_HALVES, XOR_BEST),
    exercises=(OPPOSED, ALONE, FIRE_FROM, CALCULATE, AND_GATE, NAND_GATE, MIRROR, WRITE_NEURON),
    claims=tuple(
        Claim(name, statement, SECTIONS[0], experiment)
        for name, statement, experiment in (
            (
                "threshold",
                "The bias is a threshold that the weighted sum must surpass.",
                claims_01.threshold_is_minus_b,
            ),
            (
                "zero-input",
                "A bias lets a neuron answer even when its inputs are zero.",
                claims_01.only_the_bias_speaks,
            ),
            ("amplify", "A weight either amplifies or diminishes the signal.", claims_01.weights_amplify),
            ("shift", "A bias shifts the activation function.", claims_01.bias_shifts),
            ("xor", "Weights and a bias let a neuron map its inputs to the right outputs.", claims_01.xor_needs_more),
        )
    ),
)
