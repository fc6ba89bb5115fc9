"""The lessons of chapter 08, as data: gradients that vanish and explode, units that die, and when to stop."""

from functools import cache

import numpy as np

from wbviz.engine import Recurrent, clip_by_norm
from wbviz.lessons.chapter import SECTIONS, Chapter
from wbviz.lessons.checks import Mistake, matches
from wbviz.lessons.claim import Claim
from wbviz.lessons.claims_08 import (
    initialisation_helps,
    relu_mitigates,
    vanishing_prevents_learning,
    zeros_never_break_symmetry,
)
from wbviz.lessons.claims_08_clipping import EARLY, END, MORE, clipping_rescues, early_stopping_helps
from wbviz.lessons.exercise import Exercise
from wbviz.lessons.prediction import Choose, Number, Option
from wbviz.widgets import Clipping, DeadReLU, GradientFlow
from wbviz.widgets._clipping import STEPS
from wbviz.widgets._words import percent, plural

# --- predictions ----------------------------------------------------------------------------------------------------


@cache
def _figure(cls, settings, *measures):
    """What an explorer in some settings measures: the values of these methods."""
    figure = cls(controls=False, **dict(settings))
    found = [getattr(figure, measure)() for measure in measures]
    figure.close()
    return found


def _power_of_ten():
    (ratio,) = _figure(GradientFlow, (("activation", "sigmoid"), ("init", "xavier"), ("depth", 20)), "ratio")
    return float(np.log10(ratio))


VANISH = Number(
    "first-layer",
    "A network has 20 hidden layers of sigmoid units, and Xavier's starting weights. Its output layer has a gradient "
    "of some length. How many times as long is that of the first layer? Give the power of ten: 0 for as long as the "
    "other, −3 for a thousandth, 3 for a thousand times.",
    _power_of_ten,
    tolerance=2.0,
    label="Power of ten",
    mistakes=(
        Mistake(0.0, "Each layer on the way back multiplies by the slope of its activation, and that is never 1."),
        Mistake(-6.0, "A half for each layer is too much: the sigmoid's slope is nowhere above ¼."),
        Mistake(-20.0, "A tenth for each layer is too little: the slope is near ¼ where sums are small."),
        Mistake(20.0, "The sigmoid's slope is below 1: factors below 1 make a product smaller, not larger."),
    ),
    explanation="Each layer multiplies by a slope of at most ¼, and by weights. Twenty such factors leave nothing.",
)


@cache
def _alike():
    settings = (("activation", "sigmoid"), ("init", "zeros"), ("depth", 1), ("width", 8), ("lr", 1.0), ("step", 200))
    different, before, after = _figure(GradientFlow, settings, "distinct", "loss_before", "loss")
    return SAME.options[0 if different[0] == 1 and after < before else 2].text


SAME = Choose(
    "zeros",
    "All weights and biases of a network with eight sigmoid units in one hidden layer begin at 0. It is trained. "
    "What becomes of the eight units?",
    lambda: _alike(),
    options=(
        Option("They learn, but all eight the same."),
        Option(
            "They learn different things, as with other starts.", "What would make one of them differ from another?"
        ),
        Option("They stay at 0: nothing moves at all.", "That is so with tanh or ReLU, whose answer to 0 is 0."),
    ),
    explanation="Equal units get equal gradients and stay equal: one unit, eight times. Chance must part them.",
)


@cache
def _reviver():
    cures = ("a tenth of the learning rate", "silent units' bias moved")
    rate, bias = (_figure(DeadReLU, (("lr", 8.0), ("cure", cure), ("step", 100)), "revived")[0] for cure in cures)
    return WAKE.options[2 if bias > 0 and rate == 0 else 0].text


WAKE = Choose(
    "wake",
    "A ReLU unit has died: its sum z is below 0 on every training point. What makes it fire again?",
    lambda: _reviver(),
    options=(
        Option("A smaller learning rate from now on.", "Its gradient is exactly 0, and any rate times 0 is 0."),
        Option("More training at the same rate.", "Every step adds 0 to its weights and its bias."),
        Option("Another bias, set by hand."),
    ),
    explanation="A dead unit gets no gradient. A smaller rate saves units before they die, but wakes none up.",
)


def _chain():
    net = Recurrent(1, 1, 1, activation="identity", init="zeros")
    net.params = [1.0, 1.2, 0.0, 1.0, 0.0]
    delta = np.abs(net.backward(np.ones((1, 31, 1)), [[0.0]]).delta[:, 0, 0])
    return float(delta[0] / delta[-1])


POWER = Number(
    "thirty-back",
    "A recurrent unit without activation has the weight 1.2 from each time step to the next. A slope travels back "
    "through it, from the last time step to the one 30 steps before. By which factor does it grow?",
    _chain,
    tolerance=10.0,
    mistakes=(
        Mistake(36.0, "1.2 · 30 is a sum in disguise. The same weight multiplies at each step."),
        Mistake(6.0, "0.2 · 30 adds up the gains; they multiply."),
    ),
    explanation="It is multiplied by 1.2 thirty times: 1.2³⁰. With the weight 0.8 it would be 0.8³⁰, a thousandth.",
)


def _clipped_entry():
    return float(clip_by_norm(np.array([6.0, 8.0]), 5.0)[0])


ENTRY = Number(
    "by-norm",
    "The gradient is (6, 8), so its length is 10. It is clipped by norm at 5. What is its first entry then?",
    _clipped_entry,
    tolerance=0.05,
    mistakes=(
        Mistake(5.0, "That is clipping by value, which holds each entry apart and gives (5, 5)."),
        Mistake(6.0, "The entry alone is above the limit, and the length is 10."),
        Mistake(1.0, "The limit is not taken away from the entries: they are scaled."),
    ),
    explanation="Half of the length is too much, so all entries are halved: (3, 4), which points the same way.",
)


@cache
def _least():
    numbers = CHAPTER.claims["early"].test().numbers
    means = [numbers[f"30 points, {what}: unseen loss, mean"] for what in (EARLY, END, MORE)]
    return KEEP.options[int(np.argmin(means))].text


KEEP = Choose(
    "keep",
    "A network learns 30 noisy points, and 30 more are held out to watch it. Which way leads to the smallest loss on "
    "points that nobody has seen?",
    lambda: _least(),
    options=(
        Option("Keep it as it was when the loss on the held-out points was smallest."),
        Option("Train to the end: the training loss is smallest there.", "It is, and it includes the noise by then."),
        Option(
            "Use all 60 points and train to the end.", "Twice the points help, but it still learns all their noise."
        ),
    ),
    explanation="Points that watch can be worth more than points that teach. With thousands of points it matters less.",
)


# --- exercises ------------------------------------------------------------------------------------------------------


_FAULTS = {
    "vanishing": "Next to nothing of the error reaches the layers: what gets through shrinks from layer to layer.",
    "exploding": "The gradients are far too long: what gets through grows from layer to layer.",
    "symmetric": "All units of a layer are copies of each other, and stay so.",
    "blocked": "Nothing reaches the first layer: its gradient is exactly 0.",
    "diverged": "The training diverged: its numbers grew too large.",
}


_DEEP = {"dataset": "moons", "depth": 20, "width": 16, "gain": 1.0, "lr": 0.1, "seed": 0}


def _check_flow(figure):
    if any(getattr(figure, name) != value for name, value in _DEEP.items()):
        return "Keep the 20 hidden layers of 16 units, the data, the seed and the rate: change how they start."
    if figure.step < figure.range_of("step")["max"]:
        return "Let it train: move the step to the right."
    if figure.activation in ("relu", "tanh"):
        return "This activation has been seen at work. Find another one."
    if figure.loss() < 0.1:
        return ""
    return f"The loss is still {figure.loss():.2f}. {_FAULTS.get(figure.verdict(), 'Its gradients get through.')}"


FLOW = Exercise(
    "let-it-flow",
    "Twenty hidden layers, 200 steps of plain gradient descent, and nothing is learned. With ReLU and with tanh you "
    "have seen it done. Find another activation, and an initialisation for it, with which the loss falls below 0.1.",
    _check_flow,
    hints=(
        "Two things multiply at each layer on the way back: the slope of the activation, and the weights.",
        "Some activations are like ReLU on the right of 0 and mend its left. What start would suit those?",
    ),
    widget=GradientFlow,
    start={**_DEEP, "activation": "sigmoid", "init": "xavier", "step": 200},
    solution={**_DEEP, "activation": "leaky_relu", "init": "he", "step": 200},
    conclusion="Nothing but the units and the start are others, and the same twenty layers learn.",
)


_DYING = {"activation": "relu", "units": 8, "bias": 0.0, "lr": 8.0, "seed": 0}


def _check_revive(figure):
    if any(getattr(figure, name) != value for name, value in _DYING.items()):
        return "Keep the network, its start and its learning rate: change what happens on the way."
    if figure.step < figure.range_of("step")["max"]:
        return "Let the training go to its end: move the step to the right."
    if figure.cure == "none":
        return f"Nothing was done for them: {plural(figure.silent(), 'unit')} fire on no point."
    if figure.silent():
        return f"With this cure {figure.silent()} of {figure.units} still fire on no point at the end."
    return "" if figure.revived() else "No unit was silent when the cure began. Begin it later."


REVIVE = Exercise(
    "revive",
    "At this learning rate units die. Change nothing at the start: bring the dead ones back on the way, so that at the "
    "end every unit fires on some point.",
    _check_revive,
    hints=(
        "A cure helps only if it gives a dead unit something other than a gradient of 0, or needs no gradient.",
        "Which of the cures acts on the unit itself? Then look when it should begin.",
    ),
    widget=DeadReLU,
    start={**_DYING, "cure": "none", "step": 100},
    solution={**_DYING, "cure": "silent units' bias moved", "since": 50, "step": 100},
    conclusion="They get a gradient again, and learn. At a higher rate some may well die once more.",
)

CLIP = Exercise(
    "clip-by-norm",
    "Write clipping by norm: a gradient (an array) that is longer than limit is made as long as limit and keeps its "
    "direction; a shorter one stays as it is.",
    matches(
        clip_by_norm,
        (
            (np.array([0.3, -0.4]), 1.0),
            (np.array([6.0, 8.0]), 5.0),
            (np.array([0.0, -20.0, 0.1]), 2.0),
            (np.array([0.0, 0.0]), 1.0),
            (np.array([30.0, -40.0, 1200.0]), 13.0),
        ),
        tolerance=1e-5,
    ),
    hints=(
        "How long is it? `np.linalg.norm` tells. What has it to be multiplied with?",
        "Only a gradient that is too long is changed: ask first. Then it is the limit divided by the length.",
    ),
    start=lambda g, limit: np.clip(g, -limit, limit),
    solution=lambda g, limit: g if np.linalg.norm(g) <= limit else g * (limit / np.linalg.norm(g)),
    conclusion="PyTorch's clip_grad_norm_ does the same, with 0.000001 added to the length against dividing by 0.",
)

_LEARNED, _AT_MOST = 0.01, 0.35
_MEMORY = {"problem": "recurrent network", "task": "remember the first", "length": 15, "seed": 0, "lr": 0.3}


def _check_tame(figure):
    if any(getattr(figure, name) != value for name, value in _MEMORY.items()):
        return "Keep the network, its task and its learning rate: change how the gradient is clipped."
    if figure.step < STEPS:
        return "Let it learn to the end: move the step to the right."
    share = figure.clipped_share()
    if figure.final_loss() > _LEARNED:
        way = "It creeps" if share > 0.9 else "It jumps about"
        return f"{way}: at the end its loss still reaches {figure.final_loss():.3g}. Wanted is less than {_LEARNED:g}."
    if share > _AT_MOST:
        return (
            f"It learns, but {percent(share, 0)} of the steps are clipped. Wanted are at most {percent(_AT_MOST, 0)}."
        )
    return ""


TAME = Exercise(
    "tame-it",
    "Without clipping this network diverges, and with this threshold it jumps about. Choose a threshold with which the "
    f"loss ends below {_LEARNED:g}, and no more than {percent(_AT_MOST, 0)} of the steps are clipped.",
    _check_tame,
    hints=(
        "Look at the gradient's length in the steps before it gets wild: a threshold a little above lets those pass.",
        "Lower the threshold until it learns. Lower it too far, and every step is cut.",
    ),
    widget=Clipping,
    start={**_MEMORY, "rule": "by norm", "threshold": 10.0, "step": STEPS},
    solution={**_MEMORY, "rule": "by norm", "threshold": 0.5, "step": STEPS},
    conclusion="It steps in where gradients explode, and leaves the others alone. That is what clipping is for.",
)


def _stopped(losses, patience):
    """[Where training stops, which epoch is kept]: epochs are counted from 0; the first of equal losses is kept."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return [epoch, best]
    return [len(losses) - 1, best]


def _stopped_at_first_rise(losses, patience):
    rises = [epoch for epoch in range(1, len(losses)) if losses[epoch] > losses[epoch - 1]]
    return [rises[0], rises[0]] if rises else [len(losses) - 1] * 2


STOP = Exercise(
    "stop-early",
    "Write early stopping: from the validation losses, epoch by epoch, and a patience, return [stop, kept]. Training "
    "stops at the first epoch that lies `patience` epochs after the best one so far, or at the last epoch; kept is the "
    "epoch with the smallest loss up to there, the first one if there are several. Epochs are counted from 0.",
    matches(
        _stopped,
        (
            ([3.0, 2.0, 1.0], 2),
            ([3.0, 1.0, 2.0, 2.5, 0.5], 2),
            ([3.0, 1.0, 2.0, 2.5, 0.5], 3),
            ([1.0, 1.0, 1.0, 1.0], 2),
            ([5.0, 4.0, 4.5, 3.0, 3.5, 2.0, 2.5, 2.6, 2.7, 1.0], 3),
        ),
    ),
    hints=(
        "Go through the epochs and remember the best one so far. When do you update it, and when do you stop?",
        "A loss that merely rises is no reason to stop: count how many epochs ago the best one was.",
    ),
    start=_stopped_at_first_rise,
    solution=_stopped,
    conclusion="It needs one number to remember, and a copy of the weights and biases of the best epoch.",
)


CHAPTER = Chapter(
    number=8,
    title=SECTIONS[7],
    file="08_common_challenges_in_managing_weights_and_biases.ipynb",
    predictions=(VANISH, SAME, WAKE, POWER, ENTRY, KEEP),
    exercises=(FLOW, REVIVE, CLIP, TAME, STOP),
    claims=(
        Claim(
            "vanishing",
            "Gradients that become too small prevent the model from learning effectively.",
            SECTIONS[7],
            vanishing_prevents_learning,
        ),
        Claim("relu", "ReLU mitigates vanishing gradients.", SECTIONS[7], relu_mitigates),
        Claim("start", "Proper initialisation mitigates vanishing gradients.", SECTIONS[7], initialisation_helps),
        Claim("symmetry", "Zeros never break symmetry.", SECTIONS[7], zeros_never_break_symmetry),
        Claim(
            "clipping",
            "Gradient clipping turns a training that diverges into one that learns.",
            SECTIONS[7],
            clipping_rescues,
        ),
        Claim("early", "Early stopping prevents overfitting.", SECTIONS[7], early_stopping_helps),
    ),
)
