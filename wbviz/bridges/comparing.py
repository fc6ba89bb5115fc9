"""The same network trained side by side by this book's engine, by PyTorch and by TensorFlow: losses, weights, times.

Asked for the same formula with the same numbers (settings "aligned"), all three agree to the last digits. As they
come, they do not: Keras (3.15, on TensorFlow) keeps a learning rate and the powers of Adam's β in 32 bits and computes
losses in 32 bits, whatever the precision of the layers; and where Adam divides by √v̂ + ε with ε = 1e-8 (Kingma and Ba
2015, algorithm 1; the engine and PyTorch), Keras divides by √v + ε̂ with ε̂ = 1e-7 (the form before their section 2.1).
"""

import copy
import time
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from wbviz.engine import LOSSES, SGD, Adam, Diverged, Network, Training, checks
from wbviz.engine.optimizers import chosen

from ._extra import how_to_install, need, present
from .keras_models import from_keras, to_keras
from .pytorch import from_torch, to_torch

#: Each library by its name, and the module that has to be there.
LIBRARIES = {"wbviz": None, "PyTorch": "torch", "TensorFlow": "keras"}
PRECISIONS = ("float64", "float32")
SETTINGS = ("aligned", "as they come")
#: The time of a step is the median of those after so many: the first ones build, trace and warm up.
WARM_UP = 5
#: The engine takes so many steps at a call, as whoever uses it asks for many at once.
STRETCH = 10


@dataclass(repr=False)
class Trained:
    """What one library did: the loss before each step, the seconds of each, its version, the network at the end.

    A training that diverges has fewer losses, and no network.
    """

    version: str
    losses: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    network: Network | None = None

    def __repr__(self):
        return f"{len(self.losses)} steps by version {self.version}"

    @property
    def per_step(self):
        """The median of the seconds of a step, without the first ones; None while there are none."""
        later = self.seconds[WARM_UP:] or self.seconds
        return float(np.median(later)) if later else None


@dataclass(repr=False)
class Comparison:
    """Trainings of one network by several libraries. `runs`: name → Trained; `missing`: name → what to install."""

    runs: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)

    def __repr__(self):
        return f"Comparison: {', '.join(self.runs)}" + f"; not installed: {', '.join(self.missing)}" * bool(
            self.missing
        )

    @property
    def losses(self):
        """By library, the loss before each step, shape (steps,)."""
        return {name: np.array(run.losses) for name, run in self.runs.items()}

    @property
    def seconds(self):
        """By library, the median seconds of a step."""
        return {name: run.per_step for name, run in self.runs.items()}

    @property
    def networks(self):
        """By library, the network at the end, as a Network of ours; None where the training diverged."""
        return {name: run.network for name, run in self.runs.items()}

    @property
    def versions(self):
        """By library, its version."""
        return {name: run.version for name, run in self.runs.items()}

    def difference(self, name, other="wbviz"):
        """The largest difference between the losses of two libraries over all steps."""
        a, b = self.runs[name].losses, self.runs[other].losses
        steps = min(len(a), len(b))
        return float(np.abs(np.subtract(a[:steps], b[:steps])).max()) if steps else 0.0


def side_by_side(
    network,
    X,
    y,
    steps=100,
    loss="mse",
    optimizer=None,
    precision="float64",
    settings="aligned",
    libraries=tuple(LIBRARIES),
):
    """Train copies of `network` by each of the `libraries`, from the same weights on the same rows → Comparison.

    Every step uses all rows. loss: a name in LOSSES. optimizer: of the engine; for TensorFlow SGD (with or without
    momentum) or Adam, as its others are other formulas; without one, SGD(lr=0.1). precision: "float64" or "float32".
    settings: "aligned", or "as they come" to leave each library what it takes if it is only told the learning rate
    and the momentum. A library that is not installed is left out, and named in `.missing`.
    """
    comparison = Comparison()
    for _ in progress(comparison, network, X, y, steps, loss, optimizer, precision, settings, libraries):
        pass
    return comparison


def progress(comparison, network, X, y, steps, loss, optimizer, precision, settings, libraries):
    """Do the work of `side_by_side` on a given Comparison, one step at a time: yields (library, steps made).

    Before a library is imported and prepared, which can take seconds, it yields (library, 0).
    """
    optimizer = chosen(optimizer)
    task = Task(network, X, y, loss, optimizer, precision, settings, checks.whole(steps, "steps"))
    for name in libraries:
        module = checks.pick(LIBRARIES, name, "library")
        if module and not present(module):
            comparison.missing[name] = how_to_install(module)
            continue
        yield name, 0
        step, finish, version = _PREPARE[name](task)
        run = comparison.runs[name] = Trained(version)
        while len(run.losses) < task.steps:
            start = time.perf_counter()
            losses = step()
            seconds = (time.perf_counter() - start) / max(len(losses), 1)
            if not np.isfinite(losses).all() or not losses:
                break
            run.losses += losses
            run.seconds += [seconds] * len(losses)
            yield name, len(run.losses)
        if len(run.losses) == task.steps:
            with suppress(ValueError):  # the last step can lead out of all numbers
                run.network = finish()


class Task:
    """What all libraries are asked to do, checked once. Rows are arrays in the precision that is asked for."""

    def __init__(self, network, X, y, loss, optimizer, precision, settings, steps):
        self.loss = checks.pick(LOSSES, loss, "loss").name
        for value, known, name in ((precision, PRECISIONS, "precision"), (settings, SETTINGS, "settings")):
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}; got {value!r}.")
        if network.population:
            raise ValueError(f"One network is compared, got a population {network.population}.")
        self.precision, self.aligned, self.steps = precision, settings == "aligned", steps
        self.optimizer = copy.copy(optimizer)
        self.network = network.with_params(network.params.astype(precision))
        self.X = checks.inputs(X, network.sizes[0]).astype(precision)
        targets = LOSSES[self.loss].targets(y, (len(self.X), network.sizes[-1]))
        self.y = targets.argmax(axis=1) if self.loss == "cross_entropy" else targets.astype(precision)


def _ours(task):
    training = Training(
        task.network.copy(), task.X, task.y, loss=task.loss, optimizer=copy.deepcopy(task.optimizer), epochs=task.steps
    )

    def step():
        made = training.made
        try:
            training.run(STRETCH if made else WARM_UP)
        except Diverged:
            return []
        return np.asarray(training.history.loss[made:], dtype=float).tolist()

    return step, lambda: training.net, "engine"


def _torch(task):
    torch = need("torch")
    model = to_torch(task.network, task.precision)
    optimizer = _torch_optimizer(task, model.parameters())
    loss = getattr(
        torch.nn, {"mse": "MSELoss", "cross_entropy": "CrossEntropyLoss"}.get(task.loss, "BCEWithLogitsLoss")
    )()
    X, y = torch.tensor(task.X), torch.tensor(task.y)

    def step():
        optimizer.zero_grad()
        now = loss(model(X), y)
        now.backward()
        optimizer.step()
        return [now.item()]

    return step, lambda: from_torch(model), torch.__version__


def _torch_optimizer(task, parameters):
    """torch.optim's optimiser of the same name and settings."""
    kind, ours = getattr(need("torch.optim"), type(task.optimizer).__name__), task.optimizer
    settings = {name: value for name, value in vars(ours).items() if name not in ("_lr", "state")}
    if not task.aligned:
        settings = {name: value for name, value in settings.items() if name in ("momentum", "nesterov")}
    return kind(parameters, lr=ours.lr, **settings)


def _tensorflow(task):
    tensorflow, keras = need("tensorflow"), need("keras")
    if keras.backend.backend() != "tensorflow":
        raise ValueError(f"Keras runs on {keras.backend.backend()} here; for this comparison let it run on TensorFlow.")
    model, loss = to_keras(task.network, task.precision), _keras_loss(keras, task)
    optimizer, align = _keras_optimizer(keras, tensorflow, task)
    variables = model.trainable_variables
    optimizer.build(variables)
    X, y = tensorflow.constant(task.X), tensorflow.constant(task.y)

    @tensorflow.function  # traced and compiled at the first step, as Keras' own fit does
    def compiled():
        with tensorflow.GradientTape() as tape:
            now = loss(y, model(X, training=True))
        align()
        optimizer.apply(tape.gradient(now, variables), variables)
        return now

    return (
        lambda: [float(compiled())],
        lambda: from_keras(model),
        f"{tensorflow.__version__}, Keras {keras.__version__}",
    )


def _keras_loss(keras, task):
    name, logits = {
        "mse": ("MeanSquaredError", {}),
        "cross_entropy": ("SparseCategoricalCrossentropy", {"from_logits": True}),
        "binary_cross_entropy": ("BinaryCrossentropy", {"from_logits": True}),
    }[task.loss]
    return getattr(keras.losses, name)(**logits, dtype=task.precision if task.aligned else None)


def _keras_optimizer(keras, tensorflow, task):
    """Keras' optimiser, and what is to be done before each of its steps.

    Aligned: all its constants in the precision of the layers, and Adam's ε̂ moved with the steps to where ε stands in
    the form of algorithm 1: ε̂ = ε √(1 − β₂ᵗ).
    """
    ours, exact = task.optimizer, np.float64 if task.precision == "float64" else float
    lr = (lambda: exact(ours.lr)) if task.aligned else float(ours.lr)
    if type(ours) is SGD and not ours.dampening and not ours.weight_decay:
        momentum = exact(ours.momentum) if task.aligned and ours.momentum else ours.momentum
        return keras.optimizers.SGD(lr, momentum=momentum, nesterov=ours.nesterov), lambda: None
    if type(ours) is not Adam:
        raise ValueError(f"TensorFlow is compared with SGD or Adam: its form of {ours!r} is another one.")
    if not task.aligned:
        return keras.optimizers.Adam(lr), lambda: None
    (beta1, beta2), eps = ours.betas, ours.eps
    epsilon = tensorflow.Variable(0.0, dtype=task.precision)

    def align():
        t = tensorflow.cast(optimizer.iterations + 1, "float64")
        moved = eps * tensorflow.sqrt(1 - tensorflow.constant(beta2, "float64") ** t)
        epsilon.assign(tensorflow.cast(moved, task.precision))

    optimizer = keras.optimizers.Adam(lr, beta_1=exact(beta1), beta_2=exact(beta2), epsilon=epsilon)
    return optimizer, align


_PREPARE = {"wbviz": _ours, "PyTorch": _torch, "TensorFlow": _tensorflow}
