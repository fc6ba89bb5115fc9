"""Settings of Playground worth seeing, those that work and those that go wrong, each with what to predict and why.

Every sentence here that says what happens is held by a test that really trains.
"""

import math
from dataclasses import dataclass, field

import ipywidgets as w

from wbviz.widgets._rows import error_line, put


@dataclass(frozen=True)
class Preset:
    """Settings of Playground to load and train, with commentary.

    title     what it is called           works     whether the training ends well
    settings  what differs from the settings that Playground begins with      epochs    how long to train to see it
    predict   a question to answer first  watch     where to look             why       what happens, and the reason
    cure      settings on top that mend it, and `cured`: what they do; empty where nothing is to be mended
    """

    title: str
    works: bool
    settings: dict
    epochs: int
    predict: str
    watch: str
    why: str
    cure: dict = field(default_factory=dict)
    cured: str = ""


#: What loading a preset leaves alone: points of view, what is kept, the learner's own points; and what follows from
#: the other settings: the noise of a data set, the starting weights, the run.
UNTOUCHED = {
    "noise", "paint", "value", "points", "cursor", "params", "chosen", "run", "kept", "speed", "chart", "view",
    "discretise", "show_validation",
}  # fmt: skip


def _two_clouds():
    """Sixty points of two round clouds, both to the upper right of the origin, in turn."""
    places = [(1.3 * math.sqrt((i + 0.5) / 30), 2.4 * i) for i in range(30)]
    return [
        [round(middle + r * math.cos(t), 2), round(middle + r * math.sin(t), 2), label]
        for r, t in places
        for middle, label in ((2.0, 0), (4.5, 1))
    ]


ADAM = {"optimizer": "Adam", "lr": 0.02}
PLANE = {"dataset": "plane", "task": "regression", "loss": "mse", "layers": [], "batch_size": 500}
SPIRAL = {"dataset": "spiral", "noise": 0.02, "examples": 500, "optimizer": "Adam", "batch_size": 20}
FEW = {"dataset": "moons", "noise": 0.4, "examples": 40, "test_share": 0.5, "layers": [8, 8], **ADAM}

PRESETS = {
    "moons": Preset(
        "Two moons: a good start", True, {"dataset": "moons", "layers": [4, 2], "lr": 0.1}, 100,
        "Six hidden units: can their straight lines add up to an S?",
        "The small pictures: each unit of the first layer cuts the plane once. The second layer bends the cuts.",
        "Four cuts, mixed twice, are enough: nearly every point ends on the right side, those held out too.",
    ),
    "rate too high": Preset(
        "Too high a learning rate", False, {**PLANE, "lr": 0.3}, 20,
        "Three numbers and one valley. If a rate of 0.1 arrives, does 0.3 arrive three times as soon?",
        "The loss, from the first update on, and the weights of x₁ and x₂: their signs alternate.",
        "Each step jumps across the valley to a place higher up than before, so the next gradient is larger still. "
        "The limit is two divided by the sharpest curvature of the loss: here a rate of about 0.11.",
        {"lr": 0.05}, "Below the limit the same three numbers settle within a dozen updates.",
    ),
    "rate too low": Preset(
        "Too low a learning rate", False, {"dataset": "moons", "layers": [4, 2], "lr": 0.0001}, 100,
        "A thousandth of the usual rate: is the training a thousand times as careful?",
        "The loss curve. Compare the weights now and at the start.",
        "Nothing is wrong with the direction of the steps; they are only so short that a hundred epochs lead nowhere.",
        {"lr": 0.1}, "The same network, the same start: a thousand times the rate, and the moons part.",
    ),
    "dead ReLUs": Preset(
        "Dead ReLUs", False,
        {"dataset": "circles", "layers": [8, 4], "activation": "relu", "init": "he", "init_seed": 4, "lr": 3.0}, 60,
        "ReLU units learn fast. What may a very large step do to one of them?",
        "The pictures of the last hidden layer: flat. Change a weight into it a little: the output does not stir.",
        "One step threw the units so far that z is negative for every point. ReLU then answers 0 and lets no gradient "
        "through: no training brings them back. Only the output's bias still moves, and gives all points one answer.",
        {"lr": 0.1}, "With small steps from the same start all units stay alive, and the ring closes.",
    ),
    "no bias, a line": Preset(
        "No bias: the line must pass through zero", False,
        {"dataset": "own", "points": _two_clouds(), "layers": [], "biases": False}, 100,
        "Two clouds, one further out than the other. A straight line between them is easy: or is it?",
        "The line turns about the middle of the plane, and never leaves it.",
        "Without a bias the line w₁x₁ + w₂x₂ = 0 always holds the origin. Weights can turn it but not shift it.",
        {"biases": True}, "One more number, the bias, and the line moves out between the clouds.",
    ),
    "no bias, a network": Preset(
        "No bias: opposite points, opposite answers", False,
        {"dataset": "circles", "layers": [6], "biases": False, "optimizer": "Adam", "lr": 0.03}, 100,
        "Six tanh units, no bias anywhere. Can they close a ring around the inner circle?",
        "The large map: turn it by half a turn in your mind, and the two colours change places.",
        "tanh(−z) = −tanh(z): without biases the whole network has f(−x) = −f(x). But points of a circle that lie "
        "opposite each other belong together.",
        {"biases": True}, "With its biases the same network closes the ring.",
    ),
    "zeros": Preset(
        "Zeros never break symmetry", False, {"dataset": "moons", "layers": [4], "init": "zeros"}, 100,
        "Every weight and bias begins at 0. Which will move first?",
        "The table of numbers: only the output's bias ever changes.",
        "All hidden units answer 0, so the weights out of them have no gradient; and as those are 0, none comes back "
        "to the weights into them. The units are alike for ever.",
        {"init": "xavier"}, "Random numbers make the units different, and each can learn something of its own.",
    ),
    "overfitting": Preset(
        "Overfitting: many units, few noisy points", False, {**FEW, "l2": 0.0}, 400,
        "105 numbers, 20 points to learn from, 20 held out. Which of the two losses will fall, and for how long?",
        "Both curves: where does the validation loss turn? And the border: whom does it go out of its way for?",
        "The network has numbers enough to learn each point by heart, noise and all. The training loss goes to 0; the "
        "validation loss falls for a few epochs, and then rises above where it was.",
        {"l2": 0.03}, "An L2 penalty keeps the weights small: less is learned by heart, more is understood.",
    ),
    "xor, a line": Preset(
        "XOR with a straight line", False, {"dataset": "xor", "layers": []}, 100,
        "No hidden layer. What is the best share of points that one line can get right?",
        "The line turns and turns: whatever it gains on one square it loses on another.",
        "No line can get more than three of the four squares right, and the gradient does not even find that: all "
        "directions are equally bad on average, and the loss stays near that of guessing, 0.69.",
        {"features": ["x1", "x2", "x1*x2"]}, "Give it the product x₁x₂: its sign is the class, and a line is enough.",
    ),
    "xor, hidden": Preset(
        "XOR with a hidden layer", True, {"dataset": "xor", "layers": [4]}, 100,
        "The same two inputs and one layer of four units. Is that enough?",
        "The four small pictures: which of them are alike, which are mirrored?",
        "Each unit cuts the plane once, and the output adds the cuts. Nobody had to think of the product x₁x₂.",
    ),
    "circles, squares": Preset(
        "Circles with x₁² and x₂², and no hidden layer", True,
        {"dataset": "circles", "layers": [], "features": ["x1^2", "x2^2"]}, 100,
        "Two weights and a bias: can that be a circle?",
        "Compare the two weights: the closer they are, the rounder the border.",
        "In x₁² and x₂² the border w₁x₁² + w₂x₂² + b = 0 is a straight line; in the plane it is an ellipse. A good "
        "feature does the work of a layer.",
    ),
    "only lines": Preset(
        "Two layers without activation", False,
        {"dataset": "circles", "layers": [8, 8], "activation": "identity"}, 100,
        "105 numbers in three layers, but every activation is the identity. What shapes can the border take?",
        "All the small pictures, in every layer: what do they have in common?",
        "A linear map of a linear map is a linear map: however many layers, the border is one straight line, and no "
        "line parts a circle from the ring around it.",
        {"activation": "tanh", **ADAM}, "Bend each sum with tanh, and the same layers close the ring.",
    ),
    "vanishing": Preset(
        "Vanishing gradients: six sigmoid layers", False,
        {"dataset": "moons", "layers": [4] * 6, "activation": "sigmoid"}, 100,
        "Six layers of four: more than the two that solved the moons. Will they solve them better?",
        "The weights of the first layer while it trains: do they move at all?",
        "On the way back every layer multiplies the gradient by σ′, which is at most ¼, and by small weights. What "
        "is left for the first layer is hundreds of times smaller than for the last: it does not learn.",
        {"activation": "tanh"}, "tanh has slope 1 in the middle: the same six layers learn the moons.",
    ),
    "batches of one": Preset(
        "Mini-batches of 1: a nervous curve", False,
        {"dataset": "moons", "noise": 0.3, "layers": [4, 2], "batch_size": 1}, 60,
        "An update after every single point: is that better or worse than one update for all?",
        "The loss curve: it falls quickly, and then shakes without ever coming to rest.",
        "The gradient of one point is a poor guess of the gradient of all: right on average, wrong each time. At a "
        "constant rate the steps never die down.",
        {"batch_size": 500}, "With all points in each update the curve is smooth; but there are far fewer updates.",
    ),
    "spiral": Preset(
        "The spiral, from x₁ and x₂ alone", True, {**SPIRAL, "layers": [8, 8, 8], "lr": 0.01}, 200,
        "Three layers of eight units must wind a border of more than three half turns. How many epochs do you give it?",
        "Which end of the spiral does the border find first? And which points are the last to be right?",
        "Depth and Adam both help: with a single layer of eight, or with SGD at the same rate, 200 epochs leave a "
        "third of the points held out on the wrong side.",
    ),
    "spiral, features": Preset(
        "The spiral, with sin x₁ and sin x₂", True,
        {**SPIRAL, **ADAM, "layers": [8, 8], "features": ["x1", "x2", "sin x1", "sin x2"]}, 80,
        "Two inputs more, one layer less. Slower or faster?",
        "The pictures of the two new inputs: waves across the plane.",
        "The waves already rise and fall across the plane; the network need not fold it by itself.",
    ),
    "hills": Preset(
        "A number to predict: six hills and hollows", True,
        {"dataset": "hills", "task": "regression", "loss": "mse", "examples": 500, "layers": [8, 8], **ADAM}, 200,
        "No classes: the output is a height. Can 16 units that each draw one line make round hills?",
        "The large map beside the points: are all six there?",
        "The output has no activation; the squared error measures its height. Every unit lifts one side of a line, "
        "and together they explain four fifths of the variance of the points held out.",
    ),
}  # fmt: skip


class Presets(w.VBox):
    """A list of presets for an explorer such as Playground: load one, read what to predict, train, unfold the why.

    The explorer has the settings named in PRESETS, `pause()` and `run` (its `run["start"]` are the parameters that a
    run began with). Loading is one step of undo; points of the learner's own stay unless the preset brings its own.
    """

    def __init__(self, explorer):
        self._explorer, self.loaded = explorer, None
        names = [(f"{'✓' if preset.works else '✗'} {preset.title}", name) for name, preset in PRESETS.items()]
        self.choice = w.Dropdown(options=names, description="example", layout=w.Layout(width="420px"))
        self.choice.tooltip = "✓ works, ✗ goes wrong: settings with a question, and what happens"
        self._load, self._cure = self._button("Load", self.load), self._button("Apply the cure", self.cure)
        self._load.tooltip, self._cure.tooltip = "Set the playground so", "Mend it: the same start, one thing changed"
        self._cure.disabled = True
        self._words, self._error = w.HTML(), error_line()
        row = w.HBox([self.choice, self._load, self._cure], layout=w.Layout(flex_flow="row wrap"))
        row.add_class("wbviz-knob")
        super().__init__([row, self._error, self._words])
        self.add_class("wbviz-presets")

    def load(self, name=None):
        """Set the explorer to a preset (the one chosen in the list, if none is named), ready to be trained."""
        name = self.choice.value if name is None else name
        self.choice.value = name
        self._explorer.pause()
        self._explorer.apply(settings_of(type(self._explorer), name))
        self.loaded, self._cure.disabled = name, not PRESETS[name].cure
        self._words.value = commentary(PRESETS[name])

    def cure(self):
        """Mend what was loaded: back to the start of the run, and what the cure changes."""
        preset = PRESETS[self.loaded]
        self._explorer.pause()
        start = {"params": self._explorer.run["start"], "run": {}} if self._explorer.run else {}
        drawn_anew = {"features", "layers", "init"} & set(preset.cure)
        self._explorer.apply({**preset.cure, **({} if drawn_anew else start)})
        self._words.value = commentary(preset, cured=True)

    def _button(self, label, action):
        made = w.Button(description=label, layout=w.Layout(width="auto"))
        made.on_click(lambda _: self._guarded(action))
        return made

    def _guarded(self, action):
        put(self._error, "")
        try:
            action()
        except Exception as error:  # ipywidgets drops what a button's callback raises: say it instead
            put(self._error, str(error) or type(error).__name__)


def settings_of(cls, name):
    """All settings that decide a training: what the explorer's class begins with, and what the preset changes."""
    preset, traits = PRESETS[name], cls.class_traits()
    plain = {field: traits[field].default() for field in cls._tagged("knob", "state") if field not in UNTOUCHED}
    return {**plain, **preset.settings, "max_epochs": preset.epochs}


def commentary(preset, cured=False):
    """What is said about a preset, as HTML: the question first, what to watch and the reason folded away."""
    first = f"<b>Predict.</b> {preset.predict} Then play its {preset.epochs} epochs."
    parts = [("What to watch", preset.watch), ("What happens, and why", preset.why)]
    folded = "".join(f"<details><summary>{title}</summary>{text}</details>" for title, text in parts)
    mended = f"<p><b>The cure.</b> {preset.cured} Play it again.</p>" if cured else ""
    return f'<div role="status"><p>{first}</p></div>{folded}{mended}'
