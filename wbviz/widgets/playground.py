"""The laboratory: data, features, layers, every weight and bias, and training that runs beside the page."""

import zlib
from typing import NamedTuple

import ipywidgets
import numpy as np

from wbviz.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, Network
from wbviz.scenes.playground import PlaygroundScene
from wbviz.widgets import _lab as lab
from wbviz.widgets import _playground_words as words
from wbviz.widgets._kept_runs import checked_runs
from wbviz.widgets._lab_training import SCHEDULES_OVER, checked_run
from wbviz.widgets._parameters import checked_index, checked_indices
from wbviz.widgets._playground_hands import Hands
from wbviz.widgets._playground_panels import panels, settings_of
from wbviz.widgets._playground_rows import FeatureRow, LayerRow, RunBar, checked_features, checked_layers
from wbviz.widgets._playground_run import SPEEDS, Running
from wbviz.widgets._playground_settling import Settling
from wbviz.widgets._playground_view import shown
from wbviz.widgets._points import CLASSES, checked_place
from wbviz.widgets._traits import choice, data, number, parameters, toggle, whole


class Judged(NamedTuple):
    """What is known of the network now: see lab.Look and lab.Score; large: the values of the large map."""

    net: Network
    lesson: lab.Lesson
    look: lab.Look
    scores: tuple
    penalty: float
    large: np.ndarray


class Playground(Hands, Settling, Running):
    """A network to build, train, stop, take apart and train again, with every number in reach while it learns.

    Predict which knob will mend or ruin a run; rewind to the same start, change that one thing, and compare. Set
    weights by hand, freeze some, and see what training makes of the others. A unit is what it computes: its image.

    Everything counts from the next update on, in the middle of a run: the learning rate, optimiser, penalties, clips,
    batch size, activation, noise, number of points, frozen and edited parameters, biases on or off. Back to the start
    goes a run whose data set, task, data seed or loss is changed; new weights are drawn where features, layers or the
    initialisation are. Undo takes back the last change, with what was learned since; training itself is no step of it.
    Pointer: a unit, a line or a bias is taken in hand by a click, a line or bias is changed by dragging up or down; a
    feature is turned on or off. In the map: click adds a point, or changes its class; drag moves it, Shift-click
    deletes it; drag elsewhere moves the cross, where the sum of the unit in hand is written out.
    Keys: P plays and pauses, U one update, E one epoch, R rewinds; Page up and down go through the parameters, + and −
    change the one in hand (Shift: by 1), F freezes it; 1 to 7 turn features on and off; arrows move the cross (Shift:
    its point), Enter adds or relabels, N goes to the next point, Delete removes it.
    """

    title = "The playground: a network, its data and its training"
    size = (960, 626)
    interactive = True
    sweeps = False  # its picture is a training run

    dataset = choice("moons", lab.DATA, label="data", tip="What there is to learn; a new set begins with its own noise")
    task = choice("classification", lab.TASKS, label="task", tip="Two classes, or a number to predict")
    noise = number(0.1, min=0, max=1, step=0.01, label="noise", tip="Its standard deviation in the data", random=False)
    examples = whole(200, min=10, max=500, step=10, label="points", tip="How many points are drawn")
    test_share = number(
        0.3, min=0, max=0.9, step=0.05, label="validation", random=False, tip="The share of points that only validate"
    )
    seed = whole(0, min=0, max=99, label="data seed", tip="Draws the points, and the order of the batches")
    paint = choice("class 1", CLASSES, label="new points", tip="The class of the points you add")
    value = number(
        1.0, min=-10, max=10, step=0.1, label="their value", random=False, tip="What is to be predicted at new points"
    )
    points = data([], check=lab.checked_points)
    cursor = data([1.0, 0.5], check=lambda value: checked_place(value, (-lab.REACH, lab.REACH)))

    features = data(["x1", "x2"], check=checked_features)
    layers = data([4, 2], check=checked_layers)
    activation = choice("tanh", ACTIVATIONS, label="activation", tip="Of all hidden units")
    biases = toggle(True, label="biases", tip="Off: every bias is held at 0")
    init = choice("xavier", INITIALIZERS, label="initialiser", tip="How the starting weights are drawn")
    init_seed = whole(0, min=0, max=99, label="weights’ seed", tip="Draws the starting weights")
    params = parameters(lab.fresh([2, 4, 2, 1], "xavier", 0), min=-1e6, max=1e6, random=False)
    chosen = data(0, check=checked_index)
    frozen = data([], check=checked_indices)

    loss = choice("binary_cross_entropy", ("binary_cross_entropy", "mse"), label="loss", tip="What training lowers")
    optimizer = choice("SGD", OPTIMIZERS, label="optimiser", tip="How a gradient becomes a step")
    lr = number(0.1, min=1e-5, max=10, step=0.001, label="learning rate", tip="How long the steps are", log=True)
    momentum = number(
        0.0, min=0, max=0.99, step=0.01, label="momentum", tip="SGD: how much of the last step stays", random=False
    )
    nesterov = toggle(False, label="Nesterov momentum", tip="SGD: look ahead along the last step")
    beta1 = number(0.9, min=0, max=0.99, step=0.01, label="β₁", tip="Adam: memory of the gradient", random=False)
    beta2 = number(0.999, min=0.9, max=0.999, step=0.001, label="β₂", tip="Adam: memory of its square", random=False)
    alpha = number(0.99, min=0, max=0.999, step=0.001, label="α", tip="RMSprop: memory of the square", random=False)
    weight_decay = number(0.0, min=0, max=0.5, step=0.001, label="weight decay", tip="SGD, AdamW", random=False)
    schedule = choice("constant", SCHEDULES_OVER, label="schedule", tip="How the learning rate changes")
    schedule_epochs = whole(200, min=10, max=2000, step=10, label="over epochs", tip="How long the schedule takes")
    batch_size = whole(10, min=1, max=500, label="batch size", tip="Points in each update")

    l1 = number(0.0, min=0, max=0.5, step=0.001, label="L1", tip="The penalty L1 · Σ|w|", random=False)
    l2 = number(0.0, min=0, max=0.5, step=0.001, label="L2", tip="The penalty L2/2 · Σw²", random=False)
    penalize_biases = toggle(False, label="biases are penalised too", tip="The sums include the biases")
    clip_norm = number(
        0.0, min=0, max=10, step=0.1, label="clip norm", tip="The longest gradient let through; 0: any", random=False
    )
    clip_value = number(
        0.0, min=0, max=10, step=0.1, label="clip value", tip="The largest entry let through; 0: any", random=False
    )

    max_epochs = whole(500, min=1, max=10_000, label="epochs", tip="The run stops after so many")
    target_loss = number(
        0.0, min=0, max=1, step=0.01, label="loss reached", tip="Stop at this validation loss; 0: never", random=False
    )
    patience = whole(0, min=0, max=500, label="no progress", tip="… of the validation loss in so many epochs")

    speed = choice("1 epoch", SPEEDS, label="each picture", tip="How much is trained from one picture to the next")
    chart = choice("loss", ("loss", "log loss", "accuracy"), label="chart", tip="What is drawn over the epochs")
    view = choice("output", ("output", "unit in hand"), label="large map", tip="What is shown over the plane")
    discretise = toggle(False, label="two colours only", tip="The sign alone")
    show_validation = toggle(True, label="show validation points", tip="They are not learned from")
    run = data({}, check=checked_run)
    kept = data([], check=checked_runs)

    groups = {
        "Data": ("dataset", "task", "noise", "examples", "test_share", "seed", "paint", "value"),
        "Network": ("features", "layers", "activation", "biases", "init", "init_seed"),
        "Training": ("loss", "optimizer", "lr", "momentum", "nesterov", "beta1", "beta2", "alpha", "weight_decay"),
        "Schedule and batches": ("schedule", "schedule_epochs", "batch_size"),
        "Penalty and clipping": ("l1", "l2", "penalize_biases", "clip_norm", "clip_value"),
        "Stop at": ("max_epochs", "target_loss", "patience"),
        "Picture": ("speed", "chart", "view", "discretise", "show_validation"),
    }  # fmt: skip

    _memo = (None, None)

    # --- settings ---------------------------------------------------------------------------------------------------

    @property
    def sizes(self):
        """Units layer by layer: the features that are on, the hidden layers, one output."""
        return [len(self.features), *self.layers, 1]

    @property
    def input_names(self):
        """The signs of the features that are on."""
        return [lab.SIGNS[name] for name in self.features]

    @property
    def epoch(self):
        """How many whole epochs were trained."""
        return self.run.get("epoch", 0)

    def take_points(self, points, task):
        """Take points of the learner's own, each [x₁, x₂, class or value]; the run begins anew."""
        self.apply({"dataset": "own", "task": task, "points": points, **self._rewound()})

    def take_network(self, net):
        """Take the architecture, weights and biases of a Network. Raises ValueError where it does not fit in here."""
        self.apply(settings_of(net, self.features))

    def randomise(self, seed=0):
        """Draw other starting weights, with this seed of the initialiser."""
        self.apply({"init_seed": int(seed) % 100})

    # --- the page ---------------------------------------------------------------------------------------------------

    def __init__(self, *, controls=True, **settings):
        super().__init__(controls=controls, **settings)
        if controls:
            self._bar = RunBar(self)
            beside = self.children[0]
            table, message, *below = self._panel.below
            tabs = [] if "under" in self._panel.hidden else [panels(self)]
            column = ipywidgets.VBox([self.picture, self._bar, message, table, *tabs])
            column.layout.flex, column.layout.max_width = f"0 1 {self.size[0]}px", "100%"
            beside.children = [column, *beside.children[1:]]
            self.children = [beside, *below]

    def own_rows(self):
        return {"features": FeatureRow(self), "layers": LayerRow(self)}

    def prepare(self):
        self._make_work()

    def setup(self):
        self.scene = PlaygroundScene(self.figure, list(lab.SIGNS.values()))

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network as it is now, a copy of one's own. It sees the features that are on, in their order."""
        return lab.network(self.sizes, self.activation, self.loss, self.task, self.params)

    @property
    def lesson(self):
        """The points, and which of them are held out (lab.Lesson)."""
        own = tuple(map(tuple, self.points)) if self.dataset == "own" else ()
        return lab.lesson(self.dataset, self.task, self.noise, self.examples, self.seed, self.test_share, own)

    def train_loss(self):
        """The data loss on the training points; None where there are none."""
        found = self.judged.scores[0]
        return found and found.loss

    def test_loss(self):
        """The data loss on the points held out; None where there are none."""
        found = self.judged.scores[1]
        return found and found.loss

    def accuracy(self, held_out=False):
        """The share of training points (or of those held out) answered right, 0 to 1; None for numbers."""
        found = self.judged.scores[int(held_out)]
        return found and found.accuracy

    @property
    def judged(self):
        """What the network computes and what it is worth now; computed once for each state."""
        names = (
            "dataset", "task", "noise", "examples", "seed", "test_share", "points", "features", "layers", "activation",
            "params", "loss", "l1", "l2", "penalize_biases", "cursor", "view", "chosen",
        )  # fmt: skip
        key = [getattr(self, name) for name in names]
        if self._memo[0] != key:
            self._memo = key, self._judge()
        return self._memo[1]

    def _judge(self):
        net, lesson, features = self.network, self.lesson, tuple(self.features)
        look = lab.look(net, features, lesson.limit, self.cursor, self.task, self.loss)
        layer, unit, _ = lab.unit_of(net, self.chosen)
        large = look.answers if self.view == "output" else lab.unit_map(net, features, lesson.limit, layer + 1, unit)
        penalty = float(net.penalty(self.l1, self.l2, self.penalize_biases))
        return Judged(net, lesson, look, lab.scores(net, lesson, features, self.loss), penalty, large)

    def finished_run(self):
        """The run there is now, as Runs keeps it. Raises ValueError where nothing was trained."""
        if not self.run.get("epoch"):
            raise ValueError("Nothing was trained yet: play at least one epoch first.")
        curves, numbers = self.run["curves"], {}
        for name, found in zip(("training", "validation"), self.judged.scores, strict=True):
            if found is not None and found.accuracy is not None:
                numbers[f"{name} accuracy"] = found.accuracy
        settings = {name: _flat(value) for name, value in self.state.items() if name not in lab.BESIDE_THE_RUN}
        if self.dataset == "own":
            settings["points"] = _points_in_short(self.points)
        unseen = curves["validation"] if None not in curves["validation"] else []
        return {
            "settings": settings, "epochs": curves["epoch"], "train": curves["loss"], "validation": unseen,
            "start": self.run["start"], "numbers": numbers,
        }  # fmt: skip

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        if self.scene.update(**shown(self, self.judged), words=words.picture_words(self, self.judged)):
            self.picture.add_live(*self.scene.live)

    def describe(self):
        return words.description(self, self.judged)


def _points_in_short(points):
    """Own points as a few characters that differ where the points do: how many, and a checksum."""
    return f"{len(points)} own ({zlib.crc32(repr(points).encode()):08x})"


def _flat(value):
    """A setting as one plain value."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value
