"""The laboratory: data, features, layers, every weight and bias, and training that runs beside the page."""

from wbviz.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS
from wbviz.widgets import _lab as lab
from wbviz.widgets._base import Explorer
from wbviz.widgets._parameters import checked_index, checked_indices
from wbviz.widgets._points import CLASSES
from wbviz.widgets._traits import choice, count_params, data, number, parameters, toggle, whole

START = [2, 4, 2, 1]


class Playground(Explorer):
    """A network to build, train, stop, take apart and train again, with every number in reach while it learns."""

    title = "The playground: a network, its data and its training"
    size = (960, 600)
    interactive = True

    # data
    dataset = choice("moons", lab.DATA, label="data")
    task = choice("classification", lab.TASKS, label="task")
    noise = number(0.1, min=0, max=0.6, step=0.05, label="noise", random=False)
    examples = whole(200, min=10, max=500, step=10, label="examples")
    test_share = number(0.3, min=0, max=0.9, step=0.1, label="validation share", random=False)
    seed = whole(0, min=0, max=99, label="data seed")
    paint = choice("class 1", CLASSES, label="new points")
    value = number(1.0, min=-1, max=1, step=0.1, label="their value", random=False)
    points = data([], check=list)  # [x₁, x₂, class 0/1] or [x₁, x₂, value]; used where dataset is "own"
    cursor = data([1.0, 0.5], check=list)
    # the network
    features = data(["x1", "x2"], check=list)
    layers = data([4, 2], check=list)
    activation = choice("tanh", ACTIVATIONS, label="activation")
    biases = toggle(True, label="biases")
    init = choice("xavier", INITIALIZERS, label="initialiser")
    init_seed = whole(0, min=0, max=99, label="weights' seed")
    params = parameters([0.0] * count_params(START), min=-1e6, max=1e6)
    chosen = data(0, check=checked_index)
    frozen = data([], check=checked_indices)
    # training
    loss = choice("binary_cross_entropy", ("binary_cross_entropy", "mse"), label="loss")
    optimizer = choice("SGD", OPTIMIZERS, label="optimiser")
    lr = number(0.1, min=1e-5, max=10, step=1e-5, label="learning rate", random=False)
    momentum = number(0.0, min=0, max=0.99, step=0.01, label="momentum", random=False)
    nesterov = toggle(False, label="Nesterov")
    beta1 = number(0.9, min=0, max=0.99, step=0.01, label="β₁", random=False)
    beta2 = number(0.999, min=0.9, max=0.999, step=0.001, label="β₂", random=False)
    alpha = number(0.99, min=0, max=0.999, step=0.001, label="α", random=False)
    weight_decay = number(0.0, min=0, max=0.5, step=0.01, label="weight decay", random=False)
    schedule = choice("constant", lab.SCHEDULES, label="schedule")
    schedule_epochs = whole(200, min=10, max=2000, step=10, label="… over epochs")
    batch_size = whole(10, min=1, max=500, label="batch size")
    l1 = number(0.0, min=0, max=0.5, step=0.001, label="L1", random=False)
    l2 = number(0.0, min=0, max=0.5, step=0.001, label="L2", random=False)
    penalize_biases = toggle(False, label="on biases too")
    clip_norm = number(0.0, min=0, max=10, step=0.1, label="clip norm", random=False)  # 0: off
    clip_value = number(0.0, min=0, max=10, step=0.1, label="clip value", random=False)  # 0: off
    # stop conditions
    max_epochs = whole(500, min=1, max=10_000, label="stop at epoch")
    target_loss = number(0.0, min=0, max=1, step=0.01, label="… at loss", random=False)  # 0: off
    patience = whole(0, min=0, max=500, label="patience")  # epochs without a better validation loss; 0: off
    # what is shown
    speed = choice("1 epoch", lab.SPEEDS, label="each picture")
    chart = choice("loss", ("loss", "log loss", "accuracy"), label="chart")
    view = choice("output", ("output", "unit in hand"), label="large map")
    discretise = toggle(False, label="two colours only")
    show_validation = toggle(True, label="validation points")
    # where the run is: {} before the first update, else {"epoch", "batch", "start", "memory", "curves", "ended"};
    # curves: {"epoch": […], "loss": […], "validation": […], "penalty": […], "accuracy": […], "validation accuracy": […]}
    run = data({}, check=dict)
    kept = data([], check=list)  # up to 5 runs for comparison (see _runs.py)

    @property
    def sizes(self):
        """Units layer by layer: the features that are on, the hidden layers, one output."""
        return [len(self.features), *self.layers, 1]

    @property
    def epoch(self):
        """How many whole epochs were trained."""
        return self.run.get("epoch", 0)
