"""Questions of the self-test on chapters 07 to 09: schedules and velocity, what goes wrong, tools."""

import math
from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, SCHEDULES, SGD, Network, Tape, clip_by_value, train
from wbviz.lessons._questions import about, ask, pick
from wbviz.lessons.checks import Mistake

# --- 07 -------------------------------------------------------------------------------------------------------------


COSINE = ask(
    "cosine-half-way",
    "A cosine schedule falls from the rate 0.4 at step 0 to 0 at step 100. Which rate has step 50?",
    lambda: SCHEDULES["cosine"](0.4, T_max=100)(50),
    tolerance=0.002,
    mistakes=(
        Mistake(0.4 * math.cos(math.pi / 4), "It follows half a cosine, from its top to its bottom, not a quarter."),
        Mistake(0.0, "At half time half the way is done, not all of it."),
    ),
    explanation="0.4 · (1 + cos(π/2)) / 2: half a cosine is half way down at half time.",
)


def _long_run():
    w, optimizer = np.array([0.0]), SGD(lr=0.1, momentum=0.9)
    before = 0.0
    for _ in range(300):
        before = float(w[0])
        optimizer.step(w, np.array([1.0]))
    return abs(float(w[0]) - before)


VELOCITY = ask(
    "velocity",
    "The gradient is 1 at every step, the learning rate 0.1, and β = 0.9. How long is a step with momentum after many "
    "steps?",
    _long_run,
    tolerance=0.01,
    mistakes=(
        Mistake(0.1, "That is a step without momentum."),
        Mistake(0.19, "That is the second step. The velocity goes on growing."),
        Mistake(0.9, "That is what is kept of the velocity. Add up all that was ever kept."),
    ),
    explanation="The velocity becomes 1 + 0.9 + 0.9² + … = 1/(1 − β) = 10 gradients.",
)


@cache
def _gain_without_noise():
    """Descent on all examples, 400 steps: where it ends at a constant rate, and where along half a cosine."""
    X = np.linspace(-1, 1, 40)[:, None]
    losses = []
    for schedule in (None, SCHEDULES["cosine"](0.3, T_max=400)):
        net = Network([1, 1], seed=0)
        train(net, X, 2 * X + 1, optimizer=SGD(lr=0.3), epochs=400, schedule=schedule)
        losses.append(net.loss(X, 2 * X + 1))
    return 0 if losses[1] > losses[0] - 1e-6 else 1


NO_NOISE = pick(
    "all-examples-each-step",
    "A single neuron learns a line. Each step sees all examples, and the constant learning rate is small enough to "
    "arrive. What does a falling rate gain, in as many steps?",
    _gain_without_noise,
    "Nothing.",
    ("A lower end: it lowers the noise floor.", "There is no floor without noise: all examples agree at the bottom."),
    explanation="A schedule pays where mini-batches disagree. Here small steps only lose way.",
)


# --- 08 -------------------------------------------------------------------------------------------------------------


def _ten_sigmoids():
    slope = float(ACTIVATIONS["sigmoid"].derivative(np.linspace(-5, 5, 1001)).max())
    return math.log10(slope**10)


TEN = ask(
    "ten-sigmoids",
    "Ten sigmoid units stand in a row, and all weights are 1. At most 10 to the power of what is left of a gradient "
    "that has come back through all ten?",
    _ten_sigmoids,
    tolerance=0.3,
    label="Power of ten",
    mistakes=(
        Mistake(-10, "That would be a factor of 1/10 for each. The sigmoid's steepest slope is 1/4."),
        Mistake(-3, "That would be a factor of 1/2 for each. The sigmoid's steepest slope is 1/4."),
        Mistake(6, "A slope below 1 makes it smaller, not larger."),
        Mistake(0, "The weights are 1, but the slopes of the sigmoids are factors too."),
    ),
    explanation="(1/4)¹⁰ ≈ 10⁻⁶, and that only if every unit is at its steepest place.",
)

BY_VALUE = ask(
    "clipped-by-value",
    "A gradient is (3, −4). It is clipped by value, with the threshold 2. What is its second entry then?",
    lambda: float(clip_by_value(np.array([3.0, -4.0]), 2.0)[1]),
    tolerance=0.01,
    mistakes=(
        Mistake(2.0, "Clipping keeps the sign."),
        Mistake(-1.6, "That is clipping by norm: the whole arrow is scaled to the length 2."),
        Mistake(-4.0, "Its size is above the threshold."),
    ),
    explanation="Each entry is held between −2 and 2: (2, −2). The arrow is turned, which clipping by norm avoids.",
)


def _moved_by_gradient():
    """Which of a dead unit's own numbers have a gradient: none, the bias alone, or all."""
    net = Network([2, 1, 1], hidden="relu").with_params([1.0, 1.0, -10.0, 1.0, 0.0])
    gradient = net.gradient(np.random.default_rng(0).uniform(-1, 1, (20, 2)), np.ones((20, 1)))
    return 0 if not gradient[:3].any() else 1 if not gradient[:2].any() else 2


DEAD = pick(
    "dead-for-good",
    "A ReLU unit's sum is below 0 on every example. Which of its numbers does gradient descent still move?",
    _moved_by_gradient,
    "None, neither its weights nor its bias.",
    ("Its bias: it needs no input.", "Its slope is a factor in the bias's derivative too, and it is 0."),
    ("All of them, only slowly.", "The slope left of 0 is not small, it is exactly 0."),
    explanation="Everything that comes back to it is multiplied by 0. The output's weight for it gets nothing either, "
    "for its signal is 0.",
)


# --- 09 -------------------------------------------------------------------------------------------------------------


def _on_the_tape():
    tape = Tape()
    a, b = tape.leaf(4.0, "a"), tape.leaf(2.0, "b")
    a * b + a  # writes two lines
    return tape.gradient()[a.line]


TAPE = ask(
    "used-in-two-places",
    "L = a·b + a, with a = 4 and b = 2. What is dL/da?",
    _on_the_tape,
    tolerance=0.01,
    mistakes=(
        Mistake(2.0, "That comes over the product. The number a is used a second time."),
        Mistake(4.0, "That is dL/db. The slope of a·b in a is b."),
        Mistake(12.0, "That is L itself, not its slope."),
    ),
    explanation="Over the product comes b = 2, over the sum comes 1: where a number is used twice, two slopes add up.",
)


def _digits_that_agree():
    """To how many digits the outputs of one network agree, computed in 64 bits and in 32."""
    net, X = Network([64, 16, 10], seed=0), load_dataset("digits", n=200).X
    a = X.astype(np.float32)
    for W, b, f in zip(net.weights, net.biases, net.activations, strict=True):
        a = f.f(a @ W.astype(np.float32) + b.astype(np.float32))
    exact = net(X)
    apart = float(np.abs(a - exact).max() / np.abs(exact).max())
    return 0 if 1e-8 < apart < 1e-5 else 1 if apart >= 1e-5 else 2


BITS = pick(
    "half-the-bits",
    "One library computes the outputs of a network in 64 bits, another one in 32, from the same weights and biases. "
    "To about how many digits do they agree?",
    _digits_that_agree,
    "Six or seven.",
    ("Three or four.", "32 bits hold about seven digits, and one forward pass loses few of them."),
    ("Fifteen or sixteen.", "That is what 64 bits hold. The other library never had so many."),
    explanation="The coarser number format decides. Before two libraries are compared, give them the same precision.",
)


def _carried_wrongly():
    net = Network([4, 4], seed=0)
    other = net.copy()
    other.weights[0][:] = net.weights[0].T
    X = np.random.default_rng(0).standard_normal((5, 4))
    return 0 if not np.allclose(net(X), other(X)) else 1


TRANSPOSED = pick(
    "square-layer",
    "A layer with four inputs and four outputs is carried over from PyTorch, which keeps its weight as (outputs, "
    "inputs), into W as (inputs, outputs). Somebody forgets to transpose it. What happens?",
    _carried_wrongly,
    "No error, and wrong outputs.",
    ("No error, and the same outputs.", "Each weight now belongs to another pair of input and output."),
    ("An error: the shapes do not fit.", "4 × 4 fits either way. Only layers that are not square would complain."),
    explanation="Shapes catch this mistake only where they differ. Compare outputs after carrying weights over.",
)


QUESTIONS = (
    *about(7, "Schedules", COSINE),
    *about(7, "Momentum", VELOCITY),
    *about(7, "The noise floor", NO_NOISE),
    *about(8, "Gradients that vanish", TEN),
    *about(8, "Clipping", BY_VALUE),
    *about(8, "Units that die", DEAD),
    *about(9, "Derivatives from a tape", TAPE),
    *about(9, "One network, three libraries", BITS),
    *about(9, "Carrying weights over", TRANSPOSED),
)
