"""The lessons of chapter 13, as data: six questions that are often asked, and what is wrong with the usual answers."""

from functools import cache

import numpy as np

from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_13 import both_needed, cause_of_overfitting, efficient, large_weights, penalise_biases
from wbviz.lessons.claims_13_tools import automation, gaps, the_other_bias, tracking
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Option
from wbviz.widgets import AutodiffTape, DecisionLine, FairnessLab, FitExplorer, MetaLearning, Playground, UpdateStep
from wbviz.widgets._words import parameter_names, percent, signed, unit_names

HESITANT = {"target": "or", "w": [0.5, 0.5], "b": -0.25}
ODD = {"dataset": "xor", "layers": [4], "biases": False, "optimizer": "Adam", "lr": 0.05}
ZEROS = [0.0] * 17
DIFFERENT = {"dataset": "two made-up groups", "base_gap": 0.4}


def _asked(explorer, question, **settings):
    """The answer of an explorer in that state, as `question` takes it from it; it is closed again."""
    figure = explorer(controls=False, **settings)
    try:
        return question(figure)
    finally:
        figure.close()


# --- predictions ------------------------------------------------------------------------------------------------------


def _multiplied():
    """What becomes of the line, and of the answers, when all three numbers are multiplied by 4."""
    before, after = (
        np.array(_asked(DecisionLine, lambda line: (line.distance(), *np.abs(line.sums())), **settings))
        for settings in (HESITANT, HESITANT | {"w": [2.0, 2.0], "b": -1.0})
    )
    if abs(after[0] - before[0]) > 1e-9:
        return MULTIPLIED.options[0].text
    return MULTIPLIED.options[1 if (after[1:] > before[1:]).all() else 2].text


MULTIPLIED = Choose(
    "times-four",
    "The neuron above has w = (½, ½) and b = −¼. Both weights and the bias are multiplied by 4. What happens?",
    lambda: _multiplied(),
    options=(
        Option("The line moves away from the origin: its bias is larger.", "Its distance is −b/‖w‖: both have grown."),
        Option("The line stays where it is, and the answers come nearer to 0 and 1."),
        Option("Nothing: it is the same line.", "The line is the same. How steep is the step across it?"),
    ),
    explanation="Where the line is, their ratios tell; how sure the neuron is, their size. No single one tells either.",
)


@cache
def _odd():
    right = _asked(Playground, lambda lab: lab.train(60) or lab.accuracy(), **ODD)
    return ODD_ONE.options[0 if right > 0.9 else 2 if right < 0.65 else 1].text


ODD_ONE = Choose(
    "no-bias-at-all",
    "XOR again, with a hidden layer: two inputs, four tanh units, one output. Its twelve weights are trained, and all "
    "five biases are held at 0. Opposite points have the same class in XOR. How many points does it get right?",
    lambda: _odd(),
    options=(
        Option("Nearly all: twelve weights have room enough.", "Room is not what is missing. What does it say to −x?"),
        Option("About three quarters, as a single line does.", "A line that gets three of the corners needs a bias."),
        Option("About half, as guessing would."),
    ),
    explanation="tanh(−z) = −tanh z: without a bias the whole network turns its sign with x. Of two opposite points of "
    "one class it gets one right.",
)


def _moving():
    """Which of the 17 numbers have a slope, where all are 0: the places."""
    slopes = _asked(UpdateStep, lambda figure: figure.line.gradient, params=ZEROS)
    return ZERO_START.options[{0: 0, 1: 1}.get(np.count_nonzero(slopes), 2 if slopes.all() else 3)].text


ZERO_START = Choose(
    "all-zeros",
    "All 17 weights and biases of the 2-4-1 network begin at 0: tanh units, one linear output, points of two classes "
    "with targets 0 and 1. Gradient descent begins. What moves?",
    lambda: _moving(),
    options=(
        Option("Nothing: every slope is 0.", "It says 0, and half of the targets are 1: one number can raise it."),
        Option("The bias of the output, and nothing else."),
        Option("All 17: training finds its way from anywhere.", "A weight's slope is a product, with a 0 in it here."),
        Option("The five biases.", "A hidden bias is felt through the weight that follows it, and that weight is 0."),
    ),
    explanation="A weight's slope is what comes in, times what comes back. Into the output's weights comes 0; to all "
    "that lies before them nothing comes back. Only the output's bias has no 0 in its way.",
)


def _more_points():
    few, many = (
        np.array(_asked(FitExplorer, lambda fit: (fit.train_error(), fit.validation_error()), examples=n))
        for n in (12, 60)
    )
    return FIVE_TIMES.options[{(True, False): 0, (False, False): 1}.get(tuple(many > few), 2)].text


FIVE_TIMES = Choose(
    "five-times-as-many",
    "A network with 16 hidden units, 49 numbers in all, overfits 12 noisy points. It is given 60 points of the same "
    "kind, and nothing else is changed. What do its two errors do, that on its own points and that on new ones?",
    lambda: _more_points(),
    options=(
        Option("On its own points the error rises, on new ones it falls."),
        Option("Both fall: more data are better in every way.", "Through 12 points it could pass. Can it through 60?"),
        Option("Both stay: 49 numbers are too many in any case.", "Too many for what? The numbers have not changed."),
    ),
    explanation="The error on its own points was so low because it had learned their noise. Overfitting is a relation "
    "between a network and its examples, not a property of the numbers.",
)


def _step_slope():
    slope = _asked(AutodiffTape, lambda tape: tape.gradient("w₁"), activation="step")
    return STEP_SLOPE.options[0 if slope == 0 else 2].text


STEP_SLOPE = Choose(
    "slope-of-a-step",
    "A neuron answers with a step, 1 where its sum is above 0. Its answer is 1, and ½ was wanted. A tape works out the "
    "derivative of the loss by its first weight. What does it hand you?",
    lambda: _step_slope(),
    options=(
        Option("0, and that is right."),
        Option("An error message: a step has no derivative.", "At its jump it has none. Everywhere else it has one."),
        Option("A number that makes the answer smaller.", "You know which way to go. A flat stretch does not."),
    ),
    explanation="Beside its jump a step is flat: a little more weight changes nothing. The tool did the right thing "
    "with the wrong function, and it did not say so.",
)


def _best_step():
    errors = _asked(MetaLearning, lambda meta: [meta.median_error(step=k) for k in range(11)], noise=1.0)
    return NOISY.options[{0: 0, 10: 2}.get(int(np.argmin(errors)), 1)].text


NOISY = Choose(
    "noisy-points",
    "The meta-learned start of chapter 10 gets ten points of each new task, and now these points are noisy, with a "
    "standard deviation of 1. After how many of ten steps is its median error on 100 tasks smallest?",
    lambda: _best_step(),
    options=(
        Option("Before the first: noise spoils every step.", "Ten noisy points still say roughly where it goes."),
        Option("After two or three; then it rises again."),
        Option("After ten: it has learned how to learn.", "It has learned to adapt quickly. To what, it does not ask."),
    ),
    explanation="The first steps follow the curve, later ones the noise. To adapt is to train, and overfits like it.",
)


def _by_what_is_deserved():
    before, after = (_asked(FairnessLab, lambda lab: lab.accuracy(), **DIFFERENT, lam=lam) for lam in (0, 10))
    return RIGHT_RECORDS.options[0 if after > before + 0.01 else 2 if after < before - 0.01 else 1].text


RIGHT_RECORDS = Choose(
    "right-records",
    "In chapter 12 the records were unjust, and a penalty on unequal selection made more decisions right. Now every "
    "record is right, and in B fewer deserve it than in A. The same penalty, λ = 10: how many decisions are right?",
    lambda: _by_what_is_deserved(),
    options=(
        Option("More, as before: fairness corrects the model.", "Before, it corrected the records. These are right."),
        Option(
            "As many: approvals only pass from A to B.", "It matters who passes: those who deserve it do not pass over."
        ),
        Option("Fewer."),
    ),
    explanation="The same term in the loss helps in one world and costs in the other. Which world one is in, no metric "
    "can tell from the records.",
)


@cache
def _left_without_b():
    left = gaps(0.5, held=True).mean() / gaps(0.5, held=False).mean()
    return WHICH_BIAS.options[0 if left < 0.25 else 1 if left < 0.75 else 2].text


WHICH_BIAS = Choose(
    "which-bias",
    "Half of the deserving of B are recorded as refused, and a network learns that. Now all its biases b are held at "
    "0, and it is trained anew. What becomes of the gap between A and B?",
    lambda: _left_without_b(),
    options=(
        Option("It goes: there is no bias any more.", "There is no b any more. The word has another meaning here."),
        Option("About half of it goes.", "Is b where the network keeps what it learned of the groups?"),
        Option("It stays, nearly or fully."),
    ),
    explanation="A bias b adds the same to everybody's sum. What tells people apart is weighted: it is in the weights, "
    "and it came from the records.",
)


# --- exercises --------------------------------------------------------------------------------------------------------

_SURE = 0.05


def _check_surer(figure):
    if figure.target != "or":
        return "Keep the points of OR."
    far, w = figure.distance(), np.array(figure.w)
    if far is None:
        return "Both weights are 0: there is no line any more."
    if w.min() <= 0 or abs(np.degrees(np.arctan2(w[1], w[0])) - 45) > 1:
        return "The line has turned: the two weights are no longer equal."
    if abs(far - np.sqrt(1 / 8)) > 0.01:
        return f"The line has moved: it is {signed(far, 3)} from the origin, and was {signed(np.sqrt(1 / 8), 3)}."
    if figure.loss() >= _SURE:
        return f"The line is in its place. The mean cross-entropy is {signed(figure.loss(), 3)}; wanted is < {_SURE}."
    return ""


SURER = Exercise(
    "surer",
    f"Leave the line exactly where it is, and bring the mean cross-entropy below {_SURE}.",
    _check_surer,
    hints=(
        "Which change of all three numbers leaves the line alone? You have just predicted it.",
        "Take the picture in hand and press + again and again: w and b grow in the same proportion.",
    ),
    widget=DecisionLine,
    start=HESITANT,
    solution=HESITANT | {"w": [6.0, 6.0], "b": -3.0},
    conclusion="No answer has changed its side. The loss rewards being sure: that is why training makes weights grow.",
)


def _recorded(w, b, mean, sd):
    """The neuron for standardised columns, written for the columns as they are recorded."""
    w, b, mean, sd = (np.asarray(each, float) for each in (w, b, mean, sd))
    return np.append(w / sd, b - (w * mean / sd).sum())


AS_RECORDED = Exercise(
    "as-recorded",
    "A neuron with weights w and bias b was trained on standardised columns, (x − mean) / sd. Write the function that "
    "returns the weights and, as the last number, the bias of the neuron which has the same sum on the columns x "
    "as they are recorded. w, mean and sd are arrays.",
    matches(
        _recorded,
        (
            (np.array([2.0]), 1.0, np.array([0.0]), np.array([4.0])),
            (np.array([2.0]), 1.0, np.array([3.0]), np.array([1.0])),
            (np.array([1.5, -2.0]), 0.5, np.array([170.0, 0.002]), np.array([10.0, 0.001])),
        ),
    ),
    hints=(
        "Write the sum out: w·(x − mean)/sd + b. What stands before x, and what is left that has no x in it?",
        "Each column leaves something behind that does not depend on x. The new bias takes all of it in.",
    ),
    start=lambda w, b, mean, sd: np.append(w / sd, b),
    solution=lambda w, b, mean, sd: np.append(w / sd, b - (w * mean / sd).sum()),
    conclusion="Same answers, other weights: part of a weight's size is the unit of its column, and the bias takes in "
    "where its zero lies.",
)

_NAMES = parameter_names(unit_names(UpdateStep.sizes))
_FROM_INPUTS = 8  # the weights of the first layer, which come first


def _check_awake(figure):
    if figure.dataset != "moons":
        return "Keep the moons."
    changed = [name for name, value in zip(_NAMES, figure.params, strict=True) if value]
    if len(changed) != 1:
        also = f": {', '.join(changed[:4])}{' …' if len(changed) > 4 else ''}" if changed else ""
        return f"{len(changed)} of the 17 numbers differ from 0{also}. One should, before any step: press Reset."
    felt = [name for name, slope in zip(_NAMES, figure.line.gradient, strict=True) if abs(slope) > 1e-12]
    if set(felt) & set(_NAMES[:_FROM_INPUTS]):
        return ""
    if not felt:
        return f"With {changed[0]} alone no number has a slope any more."
    return f"With {changed[0]} alone the numbers with a slope are {', '.join(felt)}: none of them comes from an input."


AWAKE = Exercise(
    "wake-it",
    "All 17 numbers are 0. Change a single one, so that slopes reach weights that come from the inputs.",
    _check_awake,
    hints=(
        "A slope travels back from the loss. What does it have to pass on its way to a weight of the first layer?",
        "It is multiplied by the weights behind the unit. As long as those are 0, nothing arrives before it.",
    ),
    widget=UpdateStep,
    start={"dataset": "moons", "params": ZEROS, "lr": 0.5},
    solution={"dataset": "moons", "params": [*ZEROS[:12], 1.0, *ZEROS[13:]], "lr": 0.5},
    conclusion="Now take steps: one unit learns, and the others stay at 0 for ever. Each needs a start of its own.",
)

_TIMES = 4


def _check_small(figure):
    if figure.hidden != 1 or figure.layers != 1:
        return "Keep the single hidden unit."
    own, new, verdict = figure.train_error(), figure.validation_error(), figure.verdict()
    if verdict == "overfitting" and new > _TIMES * own:
        return ""
    wanted = "" if verdict != "overfitting" else f" The second should be more than {_TIMES} times the first."
    return f"Its errors are {signed(own, 3)} on its own points and {signed(new, 3)} on new ones: {verdict}.{wanted}"


SMALL = Exercise(
    "four-numbers",
    "A network with a single hidden unit has two weights and two biases. Make these four numbers overfit: the verdict "
    f"says so, and the error on new points is more than {_TIMES} times that on its own.",
    _check_small,
    hints=(
        "Leave the network as it is. What else decides whether there is too much of it?",
        "Give it few points and much noise, and a truth that so small a network could follow. Try some seeds.",
    ),
    widget=FitExplorer,
    start={"hidden": 1, "examples": 60},
    solution={"hidden": 1, "examples": 4, "noise": 0.8, "target": "line", "seed": 3},
    conclusion="It is the same network that could not even follow the wave of sixty points.",
)

_APART, _RIGHT = 0.06, 0.83
_FREE = ("goal", "lam", "reweigh", "l2", "column", "view", "thresholds")


def _check_cost(figure):
    kept = {name: getattr(FairnessLab, name).default_value for name in figure.knobs if name not in _FREE} | DIFFERENT
    if any(getattr(figure, name) != value for name, value in kept.items()):
        return "Leave the world and the thresholds as they are: turn the knobs of the training."
    apart, right = figure.gap("tpr"), figure.accuracy()
    if abs(apart) >= _APART:
        behind = figure.known.names[int(apart > 0)]
        points = signed(100 * abs(apart), 1)
        return f"Of those who deserve it, {behind} is {points} points behind. Wanted are less than {100 * _APART:g}."
    if right < _RIGHT:
        return f"The deserving are treated alike, and {percent(right)} are right. Wanted are {percent(_RIGHT, 0)}."
    return ""


COST = Exercise(
    "who-pays",
    "Somebody wanted to be fair, and set a strong penalty on unequal selection. The records are right, and now "
    "deserving people of A are refused more often. Change the training so that the true positive rates are less than "
    f"{100 * _APART:g} points apart, and at least {percent(_RIGHT, 0)} of the decisions are right.",
    _check_cost,
    hints=(
        "Which goal fits a world whose records are right? Equal selection asks for something else there.",
        "There is more than one way: a goal that looks at right and wrong approvals, or weights for the rows.",
    ),
    widget=FairnessLab,
    start=DIFFERENT | {"goal": "demographic parity", "lam": 10},
    solution=DIFFERENT | {"goal": "equalised odds", "lam": 3},
    conclusion="No remedy is good by itself. First comes what is wrong, then the goal, then the knob.",
)


SOURCE = SECTIONS[12]

CHAPTER = Chapter(
    number=13,
    title=SOURCE,
    file="13_frequently_asked_questions.ipynb",
    predictions=(MULTIPLIED, ODD_ONE, ZERO_START, FIVE_TIMES, STEP_SLOPE, NOISY, RIGHT_RECORDS, WHICH_BIAS),
    exercises=(SURER, AS_RECORDED, AWAKE, SMALL, COST),
    claims=(
        Claim("strength", "A large weight marks an important input.", SOURCE, large_weights),
        Claim("crucial", "Weights and biases are both crucial for learning.", SOURCE, both_needed),
        Claim("efficient", "Properly optimised weights make a model more efficient.", SOURCE, efficient),
        Claim("cause", "Improperly tuned weights and biases cause overfitting.", SOURCE, cause_of_overfitting),
        Claim("penalty", "Penalising weights and biases mitigates overfitting.", SOURCE, penalise_biases),
        Claim("tools", "Tools that track runs optimise weights and biases.", SOURCE, tracking),
        Claim("automatic", "AutoML takes over the optimisation of weights and biases.", SOURCE, automation),
        Claim("arising", "AI biases arise from weights and biases.", SOURCE, the_other_bias),
    ),
)
