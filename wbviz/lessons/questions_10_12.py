"""Questions of the self-test on chapters 10 to 12: learning to learn and to search, two more kinds of bias."""

from functools import cache

import numpy as np

from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Network, decompose, group_metrics, least_squares, ridgeless_risk, train, wilson
from wbviz.lessons._questions import about, ask, pick
from wbviz.lessons.checks import Mistake

# --- 10 -------------------------------------------------------------------------------------------------------------


@cache
def _luck_of_thirty():
    """In per cent: how often 30 settings drawn at random hold one of the best twentieth."""
    drawn = np.random.default_rng(0).random((20_000, 30))
    return 100 * float((drawn.min(axis=1) < 0.05).mean())


THIRTY = ask(
    "thirty-at-random",
    "A random search tries 30 settings. How likely is it, in per cent, that at least one of them is among the best "
    "5 % of all settings there are?",
    _luck_of_thirty,
    tolerance=4,
    unit="%",
    mistakes=(
        Mistake(5, "That is one draw alone. There are thirty."),
        Mistake(100, "Thirty times 5 % is more than 100 %, so it cannot be added up like that."),
        Mistake(21.5, "That is the chance that all thirty miss."),
    ),
    explanation="All thirty miss with the chance 0.95³⁰ ≈ 21 %. That is why random search is hard to beat.",
)


def _judged_after():
    theta = np.array([1.0])
    SGD(lr=0.25).step(theta, 2 * (theta - 3.0))
    return float((theta[0] - 3.0) ** 2)


AFTER = ask(
    "judged-after-the-step",
    "A task has the loss (θ − 3)². MAML makes one inner step with the rate 0.25. By which loss does it judge the start "
    "θ = 1?",
    _judged_after,
    tolerance=0.01,
    mistakes=(
        Mistake(4.0, "That is the loss before the step. MAML asks what can be learned from there."),
        Mistake(0.0, "The step does not get all the way: its length is 0.25 times the slope of 4."),
        Mistake(2.25, "The derivative of a square has a factor 2."),
    ),
    explanation="The slope is 2 · (1 − 3) = −4, so θ moves to 2, where the loss is 1.",
)


def _given_up():
    """The median rule, and what the mean would say: yes by the median, yes by both, no."""
    others, score = np.array([0.30, 0.75, 0.82, 0.85, 0.90]), 0.80
    by_median, by_mean = score < np.median(others), score < others.mean()
    return 0 if by_median and not by_mean else 1 if not by_median else 2


MEDIAN = pick(
    "five-others",
    "At this epoch the five finished trials had the scores 0.30, 0.75, 0.82, 0.85 and 0.90. A sixth trial has 0.80. "
    "Does the median rule give it up?",
    _given_up,
    "Yes: it is below the one in the middle.",
    (
        "No: it is above the average.",
        "The 0.30 pulls the average down. The rule looks at the one in the middle.",
    ),
    ("No: two are worse.", "Two are worse and three are better: it is in the lower half."),
    explanation="The median of the five is 0.82. A single very bad trial does not move it.",
)


# --- 11 -------------------------------------------------------------------------------------------------------------


def _total():
    """Three models at one point, chosen so that their bias² is 0.04 and their variance 0.05."""
    predictions = np.sqrt(0.04 + 0.05 / 3) + np.sqrt(0.05) * np.array([[-1.0], [0.0], [1.0]])
    return decompose(predictions, [0.0], noise_variance=0.2**2).total.value


ADDED = ask(
    "adding-up",
    "A method has bias² 0.04 and variance 0.05. The noise has the standard deviation 0.2. What is its mean squared "
    "error on new points?",
    _total,
    tolerance=0.0005,
    mistakes=(
        Mistake(0.29, "The parts are squares: the noise counts with its variance, 0.2²."),
        Mistake(0.09, "New points are noisy too."),
        Mistake(0.0916, "The 0.04 is bias² already: it is not squared once more."),
    ),
    explanation="0.04 + 0.05 + 0.2² = 0.13.",
)


@cache
def _ten_times_the_points():
    """A cubic learned from 20 points of a wave and from 200, 200 times each: which part of the error falls."""
    x = np.linspace(-1, 1, 50)
    truth, powers, rng, parts = np.sin(np.pi * x), np.arange(1, 4), np.random.default_rng(0), []
    for n in (20, 200):
        lines = []
        for _ in range(200):
            drawn = rng.uniform(-1, 1, n)
            y = np.sin(np.pi * drawn) + 0.3 * rng.standard_normal(n)
            w, b = least_squares(drawn[:, None] ** powers, y)
            lines.append(x[:, None] ** powers @ w + b)
        parts.append(decompose(np.array(lines), truth))
    few, many = parts
    fell = few.variance.value - many.variance.value, few.bias2.value - many.bias2.value
    return 0 if fell[0] > 5 * abs(fell[1]) else 1 if fell[1] > 5 * abs(fell[0]) else 2


MORE = pick(
    "ten-times-the-examples",
    "The same method learns from 200 noisy points instead of 20. Which part of its error does that lower?",
    _ten_times_the_points,
    "Nearly only the variance.",
    ("Nearly only bias².", "That is what the method cannot express, with any number of points."),
    ("Both alike.", "The average of all models was near to what the method can do already."),
    explanation="More examples make the models alike. What their average misses, only another method can reach.",
)


def _peak():
    """The middle of the numbers of weights at which the expected error has no bound."""
    return np.mean([p for p in range(1, 200) if np.isinf(ridgeless_risk(40, p).total)])


PEAK = ask(
    "where-the-peak-is",
    "Least squares without any penalty learns from 40 examples, with more and more weights. At about how many weights "
    "is its error on new points largest?",
    _peak,
    tolerance=3,
    mistakes=(
        Mistake(20, "There are fewer weights than examples there, and the examples hold them."),
        Mistake(80, "That is beyond the peak: the error is on its way down again."),
        Mistake(199, "With many more weights than examples the smallest solution is tame again."),
    ),
    explanation="At as many weights as examples there is just one solution through all of them, and it is a wild one.",
)


# --- 12 -------------------------------------------------------------------------------------------------------------


def _points_apart():
    groups = ["young"] * 50 + ["older"] * 200
    labels = [1] * 20 + [0] * 30 + [1] * 140 + [0] * 60
    metrics = group_metrics(labels, labels, groups)
    return 100 * float(metrics.difference("selection_rate"))


PARITY = ask(
    "points-apart",
    "20 of 50 young applicants are approved, and 140 of 200 older ones. How many percentage points are missing to "
    "demographic parity?",
    _points_apart,
    tolerance=0.5,
    unit="points",
    mistakes=(
        Mistake(48, "Each count has to be divided by the size of its own group."),
        Mistake(120, "These are people. Compare shares."),
        Mistake(57, "That is the ratio of the two rates, 0.57. The question is for their difference."),
    ),
    explanation="40 % against 70 %.",
)


def _wider():
    (a, b), (c, d) = wilson(8, 10), wilson(80, 100)
    ratio = (b - a) / (d - c)
    return 0 if 2.3 < ratio < 4.5 else 1 if ratio < 1.5 else 2


TEN_OR_HUNDRED = pick(
    "ten-or-a-hundred",
    "In a small group 8 of 10 are judged rightly, in a large one 80 of 100. How much wider is the interval for the "
    "small group's rate?",
    _wider,
    "About three times.",
    ("Not at all: both rates are 80 %.", "The rates are equal, what one knows about them is not."),
    ("Ten times.", "Uncertainty goes with the root of the number of people."),
    explanation="Ten times as many people, about √10 times as narrow an interval.",
)


@cache
def _gap_without_b():
    """The gap in selection rates of a trained neuron, and that with its parameter b set to 0."""
    data = load_dataset("two_groups", n=1000, label_bias=0.5)
    net = Network([data.X.shape[1], 1], seed=0)
    train(net, data.X, data.y[:, None], loss="binary_cross_entropy", optimizer=Adam(lr=0.1), epochs=150)
    net.biases[0][:] = 0.0
    gap = group_metrics(data.y, (net(data.X)[:, 0] > 0).astype(int), data.columns["group"]).difference("selection_rate")
    return 0 if gap > 0.1 else 1


ZERO_BIAS = pick(
    "all-biases-zero",
    "A network was trained on unjust records, and approves one group far more rarely than the other. All its biases b "
    "are set to 0. Does that take the unfair gap away?",
    _gap_without_b,
    "No, a large gap stays.",
    ("Yes: without biases it cannot be biased.", "The parameter b and unfairness share a word, and nothing else."),
    explanation="What it learned of the groups is in its weights as much as in its biases. One word, three meanings.",
)


QUESTIONS = (
    *about(10, "Searching for the network", THIRTY),
    *about(10, "How the start is learned", AFTER),
    *about(10, "Giving up early", MEDIAN),
    *about(11, "Bias and variance", ADDED),
    *about(11, "Who trades what", MORE),
    *about(11, "Side trip: double descent", PEAK),
    *about(12, "Counting by group", PARITY),
    *about(12, "Where it stays unseen: the evaluation", TEN_OR_HUNDRED),
    *about(12, "One word, three meanings", ZERO_BIAS),
)
