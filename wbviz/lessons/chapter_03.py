"""The lessons of chapter 03, as data: forward, backward, and one step down."""

from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Network, Training, sigmoid
from wbviz.engine.landscape import losses_at
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_03 import backpropagation_adjusts, collapses, iterates, small_steps, switches
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import BackwardPass, ForwardPass, UpdateStep
from wbviz.widgets._chain_rule import checked_fault, decoded
from wbviz.widgets._descent import examples
from wbviz.widgets._words import parameter_names, plural, signed, unit_names

BINARY = {"loss": "binary_cross_entropy"}


# --- predictions ----------------------------------------------------------------------------------------------------


def _one_unit():
    net = Network([2, 1], output="tanh", init="zeros")
    net.weights[0][:, 0], net.biases[0][0] = (0.8, -0.5), 0.1
    return float(net([[2.0, 1.0]])[0, 0])


FORWARD = Number(
    "forward",
    "A tanh unit has the weights 0.8 and −0.5 and the bias 0.1. Its inputs are 2 and 1. What does it answer? "
    "(tanh 1 is 0.76, tanh 1.1 is 0.80, tanh 1.2 is 0.83.)",
    _one_unit,
    tolerance=0.015,
    mistakes=(
        Mistake(1.2, "That is the sum z. The activation comes after it."),
        Mistake(0.8, "That is tanh of the products alone: the bias is missing."),
        Mistake(1.1, "That is the sum of the products. Then comes the bias, and then the activation."),
        Mistake(0.976, "The second weight is negative: its product is taken away."),
    ),
    explanation="0.8 · 2 − 0.5 · 1 + 0.1 = 1.2, and tanh 1.2 = 0.83.",
)


@cache
def _bend_of_deep():
    """How far six layers without activation are from a straight line, along a line through the inputs."""
    net = Network([1, 8, 8, 8, 8, 8, 1], hidden="identity", seed=0)
    for bias in net.biases:
        bias[...] = 0.5
    x = np.linspace(-3, 3, 61)[:, None]
    y = net(x)
    return float(np.abs(np.diff(y, 2, axis=0)).max() / np.ptp(y))


DEPTH = Choose(
    "depth",
    "A network has six layers of eight units and no activation anywhere: each unit answers its plain sum. "
    "What does its output look like, drawn over its one input?",
    lambda: DEPTH.options[1 if _bend_of_deep() < 1e-12 else 0].text,
    options=(
        Option("A curve with many bends: there are many units.", "Adding up straight lines never makes a bend."),
        Option("A straight line."),
        Option("A polynomial of degree six: six layers multiply.", "Weights are multiplied with weights, x only once."),
    ),
    explanation="Sums of sums are sums. Without an activation all layers together are one weight and one bias.",
)


def _silent_input():
    net = Network([2, 4, 1], seed=0)
    dW, db = net.views(net.gradient([[0.0, 0.5]], [[1.0]]))
    silent = not dW[0][0].any() and dW[0][1].all() and db[0].all()
    return SILENT.options[0 if silent else 2].text


SILENT = Choose(
    "silent-input",
    "In the 2-4-1 network x₁ is 0 and x₂ is 0.5. The answer is wrong, so something should change. "
    "Which of the derivatives of the loss are certainly 0?",
    _silent_input,
    options=(
        Option("Those of the weights that come from x₁."),
        Option("Those of the biases.", "A bias is the weight of a constant 1. That input is never 0."),
        Option("None: the answer is wrong, so all must change.", "A weight counts only as much as its input does."),
    ),
    explanation="The last factor of dL/dw is the weight's own input. Where that is 0, the weight cannot be blamed.",
)


@cache
def _halved():
    data = load_dataset("moons", n=60, seed=0)
    net = Network([2, 4, 1], seed=0)
    gradient = net.gradient(data.X, data.y[:, None], **BINARY)
    loss = [
        net.with_params(net.params - lr * gradient).loss(data.X, data.y[:, None], **BINARY) for lr in (0, 0.005, 0.01)
    ]
    share = (loss[1] - loss[0]) / (loss[2] - loss[0])
    return HALVED.options[0 if share < 0.375 else 1 if share < 0.75 else 2].text


HALVED = Choose(
    "half-the-rate",
    "With learning rate 0.01, one step lowers the loss a little. What does a step with 0.005 do?",
    lambda: _halved(),
    options=(
        Option("It lowers the loss by about a quarter of that.", "That would be a square law. A slope is straight."),
        Option("It lowers the loss by about half of that."),
        Option("It lowers the loss by about the same.", "The direction is the same, but the way is shorter."),
    ),
    explanation="Near by, the loss falls by the learning rate times ‖gradient‖²: half the rate, half the fall.",
)


@cache
def _share_of_rises():
    data = load_dataset("moons", n=100, noise=0.2, seed=0)
    net, y = Network([2, 4, 1], seed=0), data.y[:, None]
    training = Training(
        net, data.X, y, **BINARY, optimizer=SGD(lr=0.5), epochs=20, batch_size=5, record=("loss", "params")
    )
    for _ in training:
        pass
    losses = losses_at(net, training.history.params, data.X, y, **BINARY)
    return float((np.diff(losses) > 0).mean())


RISES = Choose(
    "every-step",
    "A network learns from batches of 5 of its 100 examples, with learning rate 0.5. After each of 400 steps we "
    "measure the loss of all 100. At how many steps has it risen?",
    lambda: RISES.options[0 if (share := _share_of_rises()) == 0 else 1 if share < 0.1 else 2].text,
    options=(
        Option("At none: each step goes against the gradient.", "Against that of its own five examples."),
        Option("At very few, fewer than one in ten.", "Five examples know less about the other 95 than that."),
        Option("At many, more than one in ten."),
    ),
    explanation="A batch's gradient is a guess at the gradient of all. Downhill in the mean is enough to arrive.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


def _layer(x, W, b):
    net = Network(np.shape(W), output="tanh", init="zeros")
    net.weights[0][...], net.biases[0][...] = W, b
    return net([x])[0]


LAYER = Exercise(
    "one-layer",
    "Write one layer: a function of the inputs x, the weights W (a row for each input, a column for each unit) and "
    "the biases b that returns the outputs of its tanh units.",
    matches(
        _layer,
        (
            (np.array([1.0]), np.array([[0.5]]), np.array([0.0])),
            (np.array([1.0, 2.0]), np.array([[0.5], [-0.25]]), np.array([0.75])),
            (np.array([0.0, 0.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])),
            (np.array([1.0, -1.0]), np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]), np.array([1.0, 2.0, 3.0])),
        ),
    ),
    hints=(
        "Three things in this order: multiply and sum (that is `x @ W`), add, activate.",
        "NumPy's tanh works on a whole array. What is added to the sums before?",
    ),
    start=lambda x, W, b: np.tanh(x @ W),
    solution=lambda x, W, b: np.tanh(x @ W + b),
    conclusion="Call it once for each layer and you have the whole forward pass.",
)

COLLAPSE = Exercise(
    "one-bias",
    "Two layers without activation: first W1 and b1, then W2 and b2. They equal one layer whose weights are W1 @ W2. "
    "Write the function that returns its biases.",
    matches(
        lambda W1, b1, W2, b2: _collapsed(W1, b1, W2, b2),
        (
            (np.array([[2.0]]), np.array([1.0]), np.array([[3.0]]), np.array([0.0])),
            (np.array([[1.0, 2.0]]), np.array([0.5, -1.0]), np.array([[1.0], [4.0]]), np.array([2.0])),
            (np.ones((2, 3)), np.arange(3.0), np.arange(6.0).reshape(3, 2), np.array([1.0, -1.0])),
        ),
    ),
    hints=(
        "What does the pair of layers answer when all inputs are 0?",
        "The first layer's biases are inputs of the second: they pass through its weights like any other signal.",
    ),
    start=lambda W1, b1, W2, b2: b1.sum() + b2,
    solution=lambda W1, b1, W2, b2: b1 @ W2 + b2,
    conclusion="So a stack of layers without activation is one layer in disguise.",
)


def _collapsed(W1, b1, W2, b2):
    net = Network([len(W1), len(W2), len(b2)], hidden="identity", init="zeros")
    net.weights[0][...], net.biases[0][...], net.weights[1][...], net.biases[1][...] = W1, b1, W2, b2
    return net(np.zeros((1, len(W1))))[0]


_TARGET = 1.5


def _check_biases(figure):
    begun = ForwardPass(**BIASES.start, controls=False)
    before, now = begun.network, figure.network
    begun.close()
    if list(figure.sizes) != list(before.sizes) or figure.x != BIASES.start["x"]:
        return "Keep the network 2-4-1 and its inputs 1 and 0.5."
    if (figure.hidden, figure.output) != ("tanh", "identity"):
        return "Keep tanh in the hidden units and identity in the output."
    changed = sum(int((W != V).sum()) for W, V in zip(now.weights, before.weights, strict=True))
    if changed:
        return f"{plural(changed, 'weight')} changed. Only biases may."
    if now.biases[-1][0] != before.biases[-1][0]:
        return "Leave the output's own bias alone: use those of the hidden units."
    answer = float(now([figure.x])[0, 0])
    if abs(answer - _TARGET) <= 0.05:
        return ""
    return f"The output is {signed(answer)}: still {signed(abs(answer - _TARGET))} too {_side(answer)}."


def _side(answer):
    return "high" if answer > _TARGET else "low"


def _with_biases(biases):
    net = Network([2, 4, 1], seed=0)
    net.biases[0][...] = biases
    return net.params.tolist()


BIASES = Exercise(
    "only-biases",
    f"Bring the output ŷ to {_TARGET} (± 0.05) without touching a weight or an input: only with the biases of the four "
    "hidden units.",
    _check_biases,
    hints=(
        "A hidden unit pulls the output up or down by its activation times its outgoing weight: look at that sign.",
        "A negative outgoing weight wants a unit near −1, a positive one a unit near 1. Begin with the thickest lines.",
    ),
    widget=ForwardPass,
    start={"x": [1.0, 0.5], "step": 22},
    solution={"x": [1.0, 0.5], "step": 22, "params": _with_biases([-2.0, -2.0, -1.8, 0.0])},
    conclusion="Each bias shifted its own unit's curve, and the unit's weight carried that to the output.",
)

_FAULT = checked_fault({"index": 2, "kind": "no slope"})


def _check_fault(figure):
    if figure.fault is None or figure.shape != "2-4-1":
        return "Press “Start again”: there is no error in this network."
    if figure.chosen == decoded(figure.fault)[0]:
        return ""
    name = parameter_names(unit_names(figure.sizes))[figure.chosen]
    return f"The derivative of {name} is right. Nudge it a little: the loss changes by just that much."


FAULT = Exercise(
    "wrong-derivative",
    "One of the 17 derivatives is wrong on purpose, and the central differences are hidden. Find it: take it in hand, "
    "then check.",
    _check_fault,
    hints=(
        "You can make a central difference yourself: move one number by 0.1 and see by how much the loss changes.",
        "Or read the factors one by one. Each derivative of a hidden unit's weight needs that unit's slope f′.",
    ),
    widget=BackwardPass,
    start={"fault": _FAULT, "checks": False},
    solution={"fault": _FAULT, "checks": False, "chosen": 2},
    conclusion="Checking a gradient by nudging is what engineers do when they write one by hand.",
)


def _neuron_gradient(x, w, b, y):
    net = Network([1, 1], output="sigmoid", init="zeros")
    net.params = np.array([w, b], dtype=float)
    return net.gradient([[x]], [[y]])


NEURON = Exercise(
    "neuron-gradient",
    "A sigmoid neuron has one input, ŷ = σ(w·x + b), and its loss is (ŷ − y)². Write the function that returns "
    "[dL/dw, dL/db]. `sigmoid` is there for you.",
    matches(
        _neuron_gradient,
        ((1.0, 0.0, 0.0, 0.0), (2.0, 0.5, -1.0, 1.0), (0.0, 3.0, 0.7, 1.0), (-1.5, 1.0, 0.2, 0.0)),
    ),
    hints=(
        "Three factors: how the loss changes with ŷ, how ŷ changes with z, how z changes with the parameter.",
        "The slope of σ at z is σ(z) · (1 − σ(z)). The last factor is x for the weight; what is it for the bias?",
    ),
    start=lambda x, w, b, y: [2 * (sigmoid(w * x + b) - y) * x, 2 * (sigmoid(w * x + b) - y)],
    solution=lambda x, w, b, y: [
        2 * (a - y) * a * (1 - a) * factor for a in [sigmoid(w * x + b)] for factor in (x, 1.0)
    ],
    conclusion="Three factors each. The bias differs from the weight only in the last one, which is 1.",
)

_LOW, _STEPS = 0.067, 3


def _walked(lr, steps):
    """The network of UpdateStep and its trail after some steps against the gradient."""
    net, trail = Network([2, 4, 1], seed=0), []
    for _ in range(steps):
        gradient = net.gradient(*examples("moons"))
        trail.append([float(net.loss(*examples("moons"))), float(np.linalg.norm(gradient))])
        net.params -= lr * gradient
    return {"lr": lr, "params": net.params.tolist(), "trail": trail}


def _check_steps(figure):
    if figure.dataset != "moons":
        return "Keep the data “moons”."
    begun = _walked(0.0, 1)["trail"][0][0]
    if not figure.trail:
        return f"The loss is {signed(figure.loss(), 3)}, and no step was taken yet."
    if abs(figure.trail[0][0] - begun) > 1e-9:
        return "Press Reset and take your steps from there."
    if figure.taken > _STEPS:
        return f"You took {figure.taken} steps. Press Reset, and find learning rates that need fewer."
    if figure.loss() <= _LOW:
        return ""
    return f"After {plural(figure.taken, 'step')} the loss is {signed(figure.loss(), 3)}. Wanted is {_LOW} or less."


THREE = Exercise(
    "three-steps",
    f"Bring the loss of the moons down to {_LOW} in at most {_STEPS} steps. You may change the learning rate between "
    "them.",
    _check_steps,
    hints=(
        "Before each step, look at the whole curve: where along this direction is the loss lowest?",
        "The slope says which way, not how far. Too short a step is wasted, too long a one climbs the other side.",
    ),
    widget=UpdateStep,
    start={"dataset": "moons", "lr": 0.05},
    solution=_walked(0.3, 3),
    conclusion="You have searched along a line, which is what some optimisers do at every step.",
)


CHAPTER = Chapter(
    number=3,
    title=SECTIONS[2],
    file="03_how_do_weights_and_biases_work.ipynb",
    predictions=(FORWARD, DEPTH, SILENT, HALVED, RISES),
    exercises=(LAYER, BIASES, COLLAPSE, FAULT, NEURON, THREE),
    claims=(
        Claim("switch", "The activation decides whether a neuron is activated or not.", SECTIONS[2], switches),
        Claim("non-linearity", "The activation brings the non-linearity for complex patterns.", SECTIONS[2], collapses),
        Claim("adjusts", "Backpropagation adjusts the weights and biases.", SECTIONS[2], backpropagation_adjusts),
        Claim(
            "opposite", "A step in the opposite direction of the gradient lowers the loss.", SECTIONS[2], small_steps
        ),
        Claim("iterates", "Iterating makes the predictions match the outcomes closely.", SECTIONS[2], iterates),
    ),
)
