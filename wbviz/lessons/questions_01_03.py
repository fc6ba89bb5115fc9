"""Questions of the self-test on chapters 01 to 03: the neuron, what its numbers do, the passes."""

from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, SGD, Adam, Network, accuracy, train
from wbviz.lessons._questions import about, ask, pick
from wbviz.lessons.checks import Mistake


def _neuron(w, b, output="sigmoid"):
    """One neuron with these weights and this bias."""
    return Network([len(w), 1], output=output).with_params([*w, b])


# --- 01 -------------------------------------------------------------------------------------------------------------


def _doubled_line():
    """Where the line of the neuron (1, 2), −1 passes: is the doubled neuron undecided there as well?"""
    on_the_line = [[1.0, 0.0], [0.0, 0.5], [-1.0, 1.0]]
    undecided = _neuron([2.0, 4.0], -2.0)(on_the_line)
    return 0 if np.allclose(undecided, 0.5) else 1


DOUBLED = pick(
    "doubled-line",
    "A sigmoid neuron has two inputs. Both weights and the bias are doubled. What happens to its decision line, where "
    "it answers 0.5?",
    _doubled_line,
    "It stays where it is.",
    ("It moves twice as far from the origin.", "Its distance is |b|/‖w‖, and both are doubled."),
    ("It turns.", "It is at right angles to w, and w keeps its direction."),
    explanation="The sum is doubled everywhere, so it is 0 at the same points. Only the climb across the line is "
    "steeper.",
)


def _needed_bias():
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _neuron([2.0], middle)([[3.0]]) < 0.5 else (low, middle)
    return low


NEEDED = ask(
    "needed-bias",
    "A sigmoid neuron has one input, and the weight 2. With which bias does it answer 0.5 at x = 3?",
    _needed_bias,
    tolerance=0.01,
    mistakes=(
        Mistake(6.0, "The size is right. The bias has to cancel what the input brings."),
        Mistake(-3.0, "That is the threshold of x, with its sign turned. The bias is added to w·x."),
        Mistake(-1.5, "The input is multiplied by the weight, not divided by it."),
    ),
    explanation="At its middle the sum is 0: 2 · 3 + b = 0.",
)


def _through_three():
    chain = Network([1, 1, 1, 1], hidden="identity").with_params([-0.5, 0.0, 3.0, 0.0, -1.0, 0.0])
    return float(chain([[2.0]])[0, 0])


CHAIN = ask(
    "three-links",
    "A signal of 2 passes three connections with the weights −0.5, 3 and −1. There are no biases and no activations. "
    "What arrives?",
    _through_three,
    tolerance=0.01,
    mistakes=(
        Mistake(-3.0, "The size is right. How often is the sign turned round?"),
        Mistake(3.5, "That adds the weights to the signal. Along a chain they multiply."),
        Mistake(1.5, "That is the gain of the chain: multiply the signal by it."),
    ),
    explanation="2 · (−0.5) · 3 · (−1). Two negative weights turn the sign round and back.",
)


# --- 02 -------------------------------------------------------------------------------------------------------------


COUNT = ask(
    "count-all",
    "A network has 10 inputs, one hidden layer of 5 units, and 3 outputs. How many weights and biases does it have?",
    lambda: Network([10, 5, 3]).n_params,
    tolerance=0.1,
    mistakes=(
        Mistake(65, "These are the weights. Each unit has a bias as well."),
        Mistake(68, "The hidden units have biases too."),
        Mistake(70, "The outputs have biases too."),
        Mistake(83, "Inputs have no bias: they are given."),
    ),
    explanation="10 · 5 + 5 for the hidden layer, 5 · 3 + 3 for the outputs.",
)


def _same_answers():
    """Whether answers of a digits network change when 5 is added to the bias of each output."""
    X = load_dataset("digits", n=300).X
    net = Network([64, 16, 10], hidden="relu", init="he", seed=0)
    before = net(X).argmax(axis=1)
    net.biases[-1][:] += 5.0
    return 0 if np.array_equal(net(X).argmax(axis=1), before) else 1


SHIFTED = pick(
    "all-outputs-shifted",
    "The number 5 is added to the bias of each of the ten outputs of the digits network. How many of its answers "
    "change?",
    _same_answers,
    "None.",
    ("Nearly all: a bias decides when a unit answers.", "Here no unit has to pass a threshold: the largest one wins."),
    ("About one in ten.", "No digit is preferred to another: all ten outputs rise by the same."),
    explanation="The answer is the largest output, and which one is the largest does not change when all rise alike.",
)


@cache
def _permuted():
    """Accuracy on held-out digits, as they are, and with the 64 pixels of every image in one other order."""
    learned, held = load_dataset("digits").split(test=0.25, seed=0)
    order, scores = np.random.default_rng(0).permutation(64), []
    for pixels in (np.arange(64), order):
        net = Network([64, 16, 10], hidden="relu", init="he", seed=0)
        given = {"loss": "cross_entropy", "optimizer": Adam(lr=0.01), "epochs": 12, "batch_size": 32}
        train(net, learned.X[:, pixels], learned.y, **given)
        scores.append(accuracy(held.y, net(held.X[:, pixels])))
    return 0 if scores[1] > scores[0] - 0.03 else 1 if scores[1] > 0.3 else 2


PERMUTED = pick(
    "pixels-in-another-order",
    "The 64 pixels of all digits are put into another order, the same one for every image, in training and in test. "
    "The 64-16-10 network is trained on them from the start. How well does it read new ones?",
    _permuted,
    "As well as before, to within 3 points.",
    ("Clearly worse, but better than guessing.", "Nothing in this network knows which pixels are neighbours."),
    ("No better than guessing.", "That happens when the weights are shuffled afterwards. Here they are learned anew."),
    explanation="Each weight belongs to one pixel, wherever that pixel stands. Only an architecture that looks at "
    "neighbours, such as a convolution, would be lost.",
)


# --- 03 -------------------------------------------------------------------------------------------------------------


IN_THE_BIAS = ask(
    "slope-in-the-bias",
    "An output unit without activation answers ŷ = 2, and 5 is wanted. The loss is (ŷ − y)². What is the derivative "
    "of the loss in the bias of this unit?",
    lambda: float(_neuron([0.0], 2.0, "identity").gradient([[1.0]], [[5.0]])[-1]),
    tolerance=0.01,
    mistakes=(
        Mistake(6.0, "A larger bias would bring ŷ nearer to 5: the loss falls as the bias rises."),
        Mistake(-3.0, "That is ŷ − y. The square brings a factor 2 down."),
        Mistake(9.0, "That is the loss itself, not its slope."),
    ),
    explanation="2 · (ŷ − y) · 1: the bias is the weight of a constant 1.",
)


def _after_a_step():
    w = np.array([0.8])
    SGD(lr=0.1).step(w, np.array([-2.0]))
    return float(w[0])


STEP = ask(
    "one-step",
    "A weight is 0.8, and the derivative of the loss in it is −2. Where is the weight after one step of gradient "
    "descent with the learning rate 0.1?",
    _after_a_step,
    tolerance=0.001,
    mistakes=(
        Mistake(0.6, "That goes along the gradient. The step is in the opposite direction."),
        Mistake(2.8, "The learning rate is missing."),
        Mistake(-1.2, "The learning rate is missing, and the direction is that of the gradient."),
        Mistake(0.2, "That is the step. It is added to the weight."),
    ),
    explanation="0.8 − 0.1 · (−2): where the slope is negative, the weight has to grow.",
)


def _passes_a_saturated_unit():
    z = np.arctanh(0.999)
    share = float(ACTIVATIONS["tanh"].derivative(z))
    return 0 if share < 0.01 else 1 if share > 0.9 else 2


SATURATED = pick(
    "saturated-unit",
    "A hidden tanh unit answers 0.999 on an example. What share of the gradient that comes back to it goes on to its "
    "weights and its bias, inputs left aside?",
    _passes_a_saturated_unit,
    "About a 500th.",
    ("Nearly all of it: the unit is fully on.", "What counts on the way back is its slope, and there it is flat."),
    ("About half of it.", "Half is what a ReLU layer lets through on average. A tanh has a slope of its own."),
    explanation="The factor is the slope of the activation, 1 − 0.999² ≈ 0.002. A saturated unit learns slowly.",
)


QUESTIONS = (
    *about(1, "Two inputs: a line", DOUBLED),
    *about(1, "A threshold, with the right sign", NEEDED),
    *about(1, "A chain of weights", CHAIN),
    *about(2, "They make learning possible", COUNT),
    *about(2, "What the biases contribute", SHIFTED),
    *about(2, "It is the arrangement that counts", PERMUTED),
    *about(3, "Backpropagation, one factor at a time", IN_THE_BIAS, SATURATED),
    *about(3, "One step in the opposite direction", STEP),
)
