"""The lessons of chapter 12, as data: where unfairness comes from, how it is measured, and what helps against it."""

from functools import cache

import numpy as np

from wbviz.engine import group_metrics, implied_fpr, wilson
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_12 import biased_records, representative_data, settings, without_the_column
from wbviz.lessons.claims_12_goals import equal_to_fairlearn, evaluation, every_goal, fairness_penalty, regularisation
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import FairnessLab
from wbviz.widgets._words import percent, signed

WORLD = {"dataset": "two made-up groups", "label_bias": 0.6, "judge": "deserved"}
CREDIT = {"dataset": "credit by age"}


@cache
def _measured(**settings):
    """(gap in selection, accuracy, share approved) of a FairnessLab with these settings."""
    figure = FairnessLab(controls=False, **settings)
    try:
        return figure.gap(), figure.accuracy(), figure.rate("selection_rate")
    finally:
        figure.close()


# --- predictions ------------------------------------------------------------------------------------------------------


def _left():
    left = _measured(**WORLD, column=False)[0] / _measured(**WORLD)[0]
    return COLUMN.options[0 if left < 0.1 else 1 if left < 0.9 else 2].text


COLUMN = Choose(
    "without-column",
    "The records of this world are unjust to B, and a network that learns from them approves B far more rarely. Now "
    "the column that says A or B is taken out of the inputs, and the network is trained anew. What becomes of the gap?",
    lambda: _left(),
    options=(
        Option("It goes: what the network does not see, it cannot use.", "It sees the district, which goes with B."),
        Option("Part of it goes, and the larger part stays."),
        Option("It stays as it was.", "The district tells of the group, but less exactly than the column did."),
    ),
    explanation="A column that stands in for another is called a proxy. Removing the one leaves the other.",
)


def _whose_accuracy():
    recorded, deserved = ({**WORLD, "judge": judge} for judge in ("recorded", "deserved"))
    rises = [_measured(**each, lam=10)[1] > _measured(**each)[1] for each in (recorded, deserved)]
    return RECORDS.options[{(False, False): 0, (False, True): 1, (True, True): 2}.get(tuple(rises), 0)].text


RECORDS = Choose(
    "whose-accuracy",
    "A fairness penalty with λ = 10 goes into the training on the unjust records. Accuracy can be counted against "
    "these records, or against what the people deserve. What does the penalty do to the two?",
    lambda: _whose_accuracy(),
    options=(
        Option("Both fall: fairness has its price.", "A price in which coin? The records themselves are wrong here."),
        Option("By the records it falls, by what people deserve it rises."),
        Option("Both rise.", "By the records it must fall: they say that B is to be refused."),
    ),
    explanation="Accuracy is agreement with some labels. Where these are unjust, less of it can be more right.",
)


def _closed():
    gap, _, approved = _measured(**CREDIT, l2=0.3)
    return DECAY.options[2 if approved > 0.99 and abs(gap) < 0.01 else 0 if abs(gap) < 0.05 else 1].text


DECAY = Choose(
    "strong-decay",
    "German Credit by age: λ of the L2 penalty, which knows nothing of groups, is turned up to 0.3, as far as it goes. "
    "What happens to the gap between young and older people?",
    lambda: _closed(),
    options=(
        Option("It closes: small weights cannot discriminate.", "Look at who is approved before you rejoice."),
        Option("It stays: L2 knows no groups.", "It knows none, and yet something happens when all weights get small."),
        Option("It closes, because by then everybody is approved."),
    ),
    explanation="Only the bias of the output is left, and it says yes to all: equal, and of no use as a judgement.",
)


HALF_WIDTH = Number(
    "seven-of-ten",
    "Of the people in a small group who deserve a loan, ten are in your test data. The model grants it to seven. How "
    "wide is the 90 % interval for the true positive rate of this group, in percentage points?",
    lambda: round(100 * float(np.ptp(wilson(7, 10))), 1),
    tolerance=7,
    unit="points",
    mistakes=(
        Mistake(10, "That would take some two hundred and thirty people. Ten are very few."),
        Mistake(0, "Seven of ten is what was seen. Ten others would have given another number."),
    ),
    explanation="It reaches from below a half to nearly nine in ten. Small groups need the interval more than any.",
)


FORCED = Number(
    "forced-rate",
    "In two groups a model has the same precision, 80 %, and finds the same share of those who deserve it, 80 %. In "
    "the first group 60 % deserve it, and its false positive rate is 30 %. In the second group 30 % deserve it. "
    "What is the false positive rate there, in per cent?",
    lambda: round(100 * float(implied_fpr(0.3, 0.8, 0.2)), 1),
    tolerance=1.5,
    unit="%",
    mistakes=(
        Mistake(30, "The same would be fair, but it is not possible: precision and hits leave no choice."),
        Mistake(15, "Half as many deserve it, but more people do not: both sides of p / (1 − p) change."),
    ),
    explanation="Take 100 people: 24 of 30 are found, 6 wrong approvals make the precision 80 %, and 6 of 70 is 8.6 %.",
)


# --- exercises: functions ---------------------------------------------------------------------------------------------

_LABELS = np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0])
_TRUE = np.array([1, 1, 1, 0, 0, 1, 1, 0, 1, 0])
_GROUPS = np.array(list("AAAABBBBBB"))
_THREE = np.array(["north", "south", "south", "west", "west", "west", "north", "south", "west", "north"])


def _parity(labels, groups):
    return group_metrics(labels, labels, groups).difference("selection_rate")


PARITY = Exercise(
    "parity-difference",
    "Write a function that takes labels (0 or 1) and groups, one of each for every row, and returns the demographic "
    "parity difference: the largest selection rate of a group minus the smallest.",
    matches(_parity, ((_LABELS, _GROUPS), (_LABELS, _GROUPS[::-1]), (_LABELS, _THREE), (_LABELS, np.zeros(10, int)))),
    hints=(
        "A selection rate is a share: of the rows of one group, those that are labelled 1. Divide by its own size.",
        "There may be three groups or one. Make a list of all rates first: np.unique gives the names of the groups.",
    ),
    start=lambda labels, groups: max(labels[groups == g].sum() for g in np.unique(groups)) / len(labels),
    solution=lambda labels, groups: np.ptp([labels[groups == g].mean() for g in np.unique(groups)]),
    conclusion="A mean for each group, a difference. Fairlearn's demographic_parity_difference gives the same number.",
)


def _opportunity(y, labels, groups):
    return group_metrics(y, labels, groups).difference("tpr")


OPPORTUNITY = Exercise(
    "opportunity-difference",
    "Now write one that also takes the true answers y, and returns the equal opportunity difference: the largest true "
    "positive rate of a group minus the smallest. Each group here has rows with y = 1.",
    matches(
        _opportunity,
        ((_TRUE, _LABELS, _GROUPS), (_TRUE[::-1], _LABELS, _GROUPS), (_TRUE, _LABELS, _THREE), (_TRUE, _TRUE, _GROUPS)),
    ),
    hints=(
        "Whom does this goal look at? Not at everybody: leave out all rows that do not count.",
        "Two conditions hold for a row that counts: it belongs to the group, and its y is 1. Join them with &.",
    ),
    start=lambda y, labels, groups: np.ptp([labels[groups == g].mean() for g in np.unique(groups)]),
    solution=lambda y, labels, groups: np.ptp([labels[(groups == g) & (y == 1)].mean() for g in np.unique(groups)]),
    conclusion="One condition more, and another goal. Which of the two is asked for is no question of code.",
)


# --- exercises in the laboratory --------------------------------------------------------------------------------------


def _moved(figure, exercise, free):
    """The knobs, other than the `free` ones and the picture, that are not as the exercise began."""
    fixed = [name for name in figure.knobs if name not in (*free, "view", "thresholds")]  # those set `apart`
    default = {name: getattr(FairnessLab, name).default_value for name in fixed}
    return [name for name in fixed if getattr(figure, name) != exercise.start.get(name, default[name])]


def _apart(gap):
    """In words by how much a group is approved more or less often."""
    return f"approved {signed(abs(100 * gap), 1)} points {'less' if gap < 0 else 'more'} often"


def _check_proxy(figure):
    if _moved(figure, PROXY, ("proxy",)):
        return "Change one knob alone, and one that says how this world is: press Reset, and begin anew."
    gap = figure.gap()
    return "" if abs(gap) < 0.05 else f"B is {_apart(gap)} than A. Wanted are less than 5."


PROXY = Exercise(
    "nothing-else-tells",
    "The column with the group is out, the records stay as unjust as they are, and still B is approved far more "
    "rarely. Turn one knob of this world so that B and A are less than 5 points apart.",
    _check_proxy,
    hints=(
        "The network finds the group somewhere. Which of its inputs has to do with the group, and with nothing else?",
        "It is the district. How much it tells is a knob of the world: take all of it away.",
    ),
    widget=FairnessLab,
    start={**WORLD, "column": False, "proxy": 0.8},
    solution={**WORLD, "column": False, "proxy": 0.0},
    conclusion="In a world of our own the proxy has a knob. In real data it may be every second column.",
)

_RIGHT = 0.82


def _check_deserts(figure):
    if _moved(figure, DESERTS, ("goal", "lam", "reweigh", "l2", "column")):
        return "Leave the world, the judge and the thresholds as they are: turn the knobs of the training."
    right = figure.accuracy()
    if right >= _RIGHT:
        return ""
    tpr = figure.rate("tpr", "B")
    return (
        f"By what people deserve, {percent(right)} are decided rightly; wanted are {percent(_RIGHT, 0)}. "
        f"Of the deserving of B, {percent(tpr)} are approved."
    )


DESERTS = Exercise(
    "right-by-deserts",
    f"The training sees unjust records only. Change the training so that at least {percent(_RIGHT, 0)} of the people "
    "are decided as they deserve. World, judge and thresholds stay as they are.",
    _check_deserts,
    hints=(
        "Both groups deserve alike in this world. Which goal says so to a training that cannot see it in its records?",
        "A penalty on different selection rates, or weights for the rows: both work. A little is not enough.",
    ),
    widget=FairnessLab,
    start=WORLD,
    solution={**WORLD, "goal": "demographic parity", "lam": 10},
    conclusion="It took knowledge that is not in the records: that both groups deserve alike. You put it in.",
)

_BETTER = 0.705


def _check_thresholds(figure):
    if _moved(figure, THRESHOLDS, ("apart", "threshold", "thresholds")):
        return "Leave rows and training as they are: only thresholds may move."
    gap, right = figure.gap(), figure.accuracy()
    if abs(gap) >= 0.02:
        return f"Young people are {_apart(gap)} than older ones. Wanted are less than 2."
    if right < _BETTER:
        return f"The gap is closed, but {percent(right)} are right: little more than yes to all would get, 70 %."
    return ""


THRESHOLDS = Exercise(
    "two-thresholds",
    "German Credit by age. With thresholds alone, bring the two selection rates to within 2 points of each other, and "
    f"keep at least {percent(_BETTER)} of the decisions right.",
    _check_thresholds,
    hints=(
        "One threshold for both moves both. Give each group its own, and look at which group needs to be met.",
        "There are many pairs. Lower the bar of the one and raise that of the other a little, until the rates meet.",
    ),
    widget=FairnessLab,
    start=CREDIT,
    solution={**CREDIT, "apart": True, "thresholds": [0.34, 0.57]},
    conclusion="The same network, the same scores. But people with the same score are now treated differently.",
)


CHAPTER = Chapter(
    number=12,
    title=SECTIONS[11],
    file="12_can_weights_and_biases_lead_to_ai_biases.ipynb",
    predictions=(COLUMN, HALF_WIDTH, DECAY, RECORDS, FORCED),
    exercises=(PARITY, OPPORTUNITY, PROXY, DESERTS, THRESHOLDS),
    claims=(
        Claim("fairlearn", "These rates are those of the library Fairlearn.", SECTIONS[11], equal_to_fairlearn),
        Claim("patterns", "Models learn biased patterns from their training data.", SECTIONS[11], biased_records),
        Claim("column", "Without the column of the group no bias can be learned.", SECTIONS[11], without_the_column),
        Claim("settings", "Improper settings can make a model unfair.", SECTIONS[11], settings),
        Claim("data", "Representative and diverse data reduce bias.", SECTIONS[11], representative_data),
        Claim("evaluation", "Thorough evaluation across groups reveals bias.", SECTIONS[11], evaluation),
        Claim("regularisation", "Regularisation reduces bias.", SECTIONS[11], regularisation),
        Claim("penalty", "Penalising biased predictions makes a model more fair.", SECTIONS[11], fairness_penalty),
        Claim("every-goal", "Fairness constraints can make a model fair in every sense.", SECTIONS[11], every_goal),
    ),
)
