"""The lessons of chapter 07, as data: a rate that falls, one that is found, a velocity, and walls between valleys."""

import math
from functools import cache

from wbviz.engine import SCHEDULES, momentum
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_07 import falling_is_efficient, floor_follows_the_rate, starting_high
from wbviz.lessons.claims_07_minima import momentum_accelerates, momentum_escapes, momentum_in_a_network
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import LearningRateFinder, LocalMinima, Momentum, ScheduleDesigner
from wbviz.widgets._finding import OPTIMIZERS, Setting, read, test
from wbviz.widgets._scheduling import DRAWN, Plan, run
from wbviz.widgets._valleys import STEPS

# --- predictions ----------------------------------------------------------------------------------------------------


@cache
def _longer():
    """The same constant rate for 200 steps and for 800."""
    short, long = (float(run(Plan("constant", 1.0, steps, ()), 5).floor.mean()) for steps in (200, 800))
    return LONGER.options[1 if 0.75 < long / short < 1.33 else 0 if long < short else 2].text


LONGER = Choose(
    "longer",
    "A network learns from five examples at a time, with a constant learning rate of 1. After 200 steps its loss "
    "wobbles about 0.02 above the lowest there is. Where will it be after 800 steps?",
    lambda: _longer(),
    options=(
        Option("About a quarter as far above it.", "More steps help until the wobbling is all that is left."),
        Option("About as far above it as before."),
        Option("Farther above it: it drifts away.", "Five examples point the right way on average, so it stays near."),
    ),
    explanation="Even at the bottom any five examples pull somewhere, and steps of fixed size follow them. The height "
    "at which they keep the loss does not depend on time: it is the noise floor.",
)


@cache
def _when():
    """One fall to a tenth, after 10 steps, after 200 of 400, or never: where 20 seeds end on average."""
    falls = [Plan("multistep", 1.0, 400, (("milestones", (at,)), ("gamma", 0.1))) for at in (10, 200)]
    ends = [float(run(plan, 5).floor.mean()) for plan in (*falls, Plan("constant", 1.0, 400, ()))]
    return WHEN.options[ends.index(min(ends))].text


WHEN = Choose(
    "when",
    "You may lower the rate once, from 1 to 0.1, in a training of 400 steps. When does the loss end lowest?",
    lambda: _when(),
    options=(
        Option("After 10 steps: the sooner there is no noise, the better.", "Small steps have a long way to go then."),
        Option("After 200 steps."),
        Option("Never: the larger rate learns faster.", "It does, until it is on its floor. There it learns no more."),
    ),
    explanation="First the way, then the noise: large steps cover the distance, and once they only wobble, small ones "
    "settle.",
)


@cache
def _decade():
    """The optimiser whose range test on digits falls fastest at the smallest rate."""
    fastest = {name: read(test(Setting("digits", name, 32, 0), 200), 0.9).fastest for name in OPTIMIZERS}
    smallest = min(fastest, key=fastest.get)
    return DECADE.options[list(OPTIMIZERS).index(smallest)].text


DECADE = Choose(
    "decade",
    "The digits network is to be trained with plain SGD, with momentum 0.9, and with Adam. Which of them needs the "
    "smallest learning rate?",
    lambda: _decade(),
    options=(
        Option(
            "Plain SGD: it has no memory to steady it.", "Its steps shrink with the gradient: it bears a large rate."
        ),
        Option("Momentum: its velocity makes each step larger.", "Ten times, with 0.9. Another one needs less still."),
        Option("Adam."),
    ),
    explanation="Adam divides by the size of the gradient, so that its rate is about the step itself. No rate is good "
    "as such: it belongs to an optimiser, a network and its data.",
)

_KAPPA = 100


def _steps_to_tenth(rate):
    """How many steps make the error a tenth, at so much of it left by each."""
    return math.log(10) / -math.log(rate)


def _with_momentum():
    return _steps_to_tenth(float(momentum.best(1, _KAPPA)[2]))


ROOT = Number(
    "root",
    f"A ravine is {_KAPPA} times as steep across as along. Plain gradient descent, at its best rate, needs "
    f"{_steps_to_tenth(float(momentum.best_descent(1, _KAPPA)[1])):.0f} steps to make the error ten times smaller. How "
    "many does it need with momentum, at the best rate and the best β?",
    _with_momentum,
    tolerance=3.0,
    unit="steps",
    mistakes=(
        Mistake(1.15, "That would be a hundred times faster. The gain is the *root* of the steepness, not all of it."),
        Mistake(57.5, "It gains more than a factor of two here, and the more, the narrower the ravine."),
    ),
    explanation="Ten times fewer: the number of steps grows like κ with plain descent, and like √κ with momentum.",
)


@cache
def _needle():
    figure = LocalMinima(surface="needle", step=STEPS, controls=False)
    fates = figure.fates()
    figure.close()
    return NEEDLE.options[0 if fates.helped > fates.hurt else 2 if fates.hurt > fates.helped else 1].text


NEEDLE = Choose(
    "needle",
    "The lowest valley of this curve is a narrow one, beside a wide shallow one. Of 64 starts some end in it by plain "
    "descent. With momentum 0.9, how many will?",
    lambda: _needle(),
    options=(
        Option("More: momentum gets out of the shallow valley.", "It also gets out of the deep one, which is narrow."),
        Option("As many: a start decides its valley.", "A velocity carries over walls, so the start alone does not."),
        Option("Fewer."),
    ),
    explanation="A velocity does not know which valley is the better one. It runs through narrow valleys, good or bad.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


COSINE = Exercise(
    "cosine",
    "Write the cosine schedule: the learning rate at a step, which falls from lr at step 0 to 0 after so many steps, "
    "along half a cosine.",
    matches(
        lambda step, lr, steps: SCHEDULES["cosine"](lr, steps)(step),
        ((0, 1.0, 100), (100, 1.0, 100), (50, 1.0, 100), (25, 0.3, 100), (7, 2.0, 20)),
    ),
    hints=(
        "A cosine goes from 1 to −1 while its angle goes from 0 to π. How far has the angle come at this step?",
        "The rate must not become negative: shift the cosine up, then scale it so that it begins at lr.",
    ),
    start=lambda step, lr, steps: lr * math.cos(math.pi * step / steps),
    solution=lambda step, lr, steps: lr * (1 + math.cos(math.pi * step / steps)) / 2,
    conclusion="It stays high for long, and flattens out at the end: no step is as cheap as this one line.",
)

_TIMES = 30


def _check_drawing(figure):
    if figure.schedule != DRAWN:
        return "Draw it yourself: drag in the upper plot, or move the ring and press ↑ and ↓."
    if (figure.lr, figure.beside, figure.batch, figure.steps) != (1.0, 1.0, 5, 400):
        return "Keep lr and the constant rate at 1, five examples a step, and 400 steps."
    times = figure.constant_floor() / figure.floor()
    if times >= _TIMES:
        return ""
    end = figure.rates[-40:].mean()
    where = "still high" if end > 0.1 else "low"
    return f"It ends {times:.1f} times lower than the constant rate; at the end your rate is {where}."


def _shares(hold, power):
    """Shares of lr that stay 1 for the first `hold` of the run and then fall to 0."""
    places = [k / 40 for k in range(41)]
    return [round((1 - max(0.0, (place - hold) / (1 - hold))) ** power, 3) for place in places]


DRAW = Exercise(
    "draw",
    f"Draw a schedule with which the loss ends at least {_TIMES} times lower than with the constant rate of 1.",
    _check_drawing,
    hints=(
        "What does the curve do while the rate is high? When has it stopped to fall, so that the rate may?",
        "Give the small rates time: let it fall gently over most of the run, and flatten out before the end.",
    ),
    widget=ScheduleDesigner,
    start={"schedule": DRAWN, "drawn": _shares(0.85, 1)},
    solution={"schedule": DRAWN, "drawn": _shares(0.3, 2)},
    conclusion="Most schedules that people use have this shape: high for long enough, then gently down.",
)


def _check_sighted(figure):
    kept = {"run": "moons", "optimizer": "Adam", "batch": 32, "seed": 0, "steps": 80}
    if any(getattr(figure, name) != value for name, value in kept.items()):
        return "Keep the moons, Adam, 32 examples a step, 80 steps and seed 0."
    fastest, own = (figure.loss_at(rate) for rate in (figure.reading.fastest, figure.lr))
    if own <= 0.6 * fastest:
        return ""
    side = "below" if figure.lr < figure.best() else "above" if figure.lr > figure.best() else "just"
    return (
        f"With {figure.lr:g} the loss is {own:.3f} after 80 steps; the rate of the fastest fall leaves {fastest:.3f}. "
        f"Your rate is {side} the best of the nine."
    )


SIGHTED = Exercise(
    "short-sighted",
    "On the moons the range test points to a rate that is far too small. Find one with which Adam's loss after 80 "
    "steps is at most 0.6 times that of the fastest fall.",
    _check_sighted,
    hints=(
        "The lower plot shows nine rates that were really trained. Near which of them is the valley?",
        "Between two of the nine there is room. Move the rate in small steps with the arrow keys, and watch the loss.",
    ),
    widget=LearningRateFinder,
    start={"run": "moons", "optimizer": "Adam", "lr": 0.02},
    solution={"run": "moons", "optimizer": "Adam", "lr": 0.55},
    conclusion="The test saw the first fall only, in which a straight line is found. To bend it takes larger steps.",
)


def _check_damped(figure):
    if figure.kappa != _KAPPA or figure.lr != 1.0:
        return f"Keep κ = {_KAPPA} and α = 1: turn β alone."
    if figure.rate() < 0.906:
        return ""
    flat = figure.regimes()[0]
    return f"Each step leaves {figure.rate():.3f} of the error: along the ravine it {flat}."


DAMPED = Exercise(
    "damped",
    f"A ravine with κ = {_KAPPA}, and α = 1: find the β with which the descent is quickest. Each step must leave less "
    "than 0.906 of the error.",
    _check_damped,
    hints=(
        "Below the best β the path creeps along the ravine, above it the path swings past the minimum and back.",
        "While both directions swing, the rate is √β, and less β is quicker. Go down until one of them just stops.",
    ),
    widget=Momentum,
    start={"kappa": float(_KAPPA), "lr": 1.0, "beta": 0.95},
    solution={"kappa": float(_KAPPA), "lr": 1.0, "beta": 0.81},
    conclusion="This is critical damping, as in a door closer: with more β it would slam, with less it would crawl.",
)


def _check_taken(figure):
    if figure.noise or figure.starts < 64:
        return "Without noise, and with 64 starts at least."
    if figure.surface == "needle":
        return "That is the case of the figure above. There is another one."
    fates = figure.fates()
    if fates.hurt >= 10 and fates.helped == 0:
        return ""
    return f"Here momentum brought {fates.helped} to a lowest valley and took {fates.hurt} away."


TAKEN = Exercise(
    "taken-away",
    "“Momentum prevents getting stuck in local minima.” Find a surface other than the needle, and a β, with which it "
    "takes at least 10 of 64 starts out of a lowest valley, and brings nobody there.",
    _check_taken,
    hints=(
        "Who runs through a valley needs a place beyond it from which nothing leads back. Where is such a place?",
        "One of the surfaces is no drawing, but the loss of something that you know; far out it is flat.",
    ),
    widget=LocalMinima,
    start={"surface": "bumps", "beta": 0.9, "step": STEPS},
    solution={"surface": "a neuron", "beta": 0.9, "step": STEPS},
    conclusion="A real loss, with a plateau beside its valley: momentum changes where it ends, for better or worse.",
)


CHAPTER = Chapter(
    number=7,
    title=SECTIONS[6],
    file="07_adjusting_weights_and_biases_for_optimization.ipynb",
    predictions=(LONGER, WHEN, DECADE, ROOT, NEEDLE),
    exercises=(COSINE, DRAW, SIGHTED, DAMPED, TAKEN),
    claims=(
        Claim(
            "falling",
            "Starting with a higher learning rate and lowering it gradually converges more efficiently.",
            SECTIONS[6],
            falling_is_efficient,
        ),
        Claim("floor", "A lower rate at the end lowers the noise floor.", SECTIONS[6], floor_follows_the_rate),
        Claim("high", "Training should start with a high learning rate.", SECTIONS[6], starting_high),
        Claim("faster", "Momentum accelerates convergence.", SECTIONS[6], momentum_accelerates),
        Claim("escape", "Momentum can prevent getting stuck in local minima.", SECTIONS[6], momentum_escapes),
        Claim("network", "In a network too, momentum is the way out.", SECTIONS[6], momentum_in_a_network),
    ),
)
