"""How long a step of training takes, beside PyTorch, JAX and scikit-learn.

    python benchmarks/training.py                    measure, write training.json and the table in README.md
    python benchmarks/training.py --rounds 3 --dry   try it out, write nothing

wbviz is what a user calls, `train(…)`: loss, length of the gradient and rate of each step are recorded, and the loss
after each epoch. Everything is in float64, but for PyTorch's second column; on one thread, in one process, in turn.
PyTorch is eager (zero_grad, backward, step), JAX has the whole loop compiled; all keep the loss of every step. That
they find the same losses is checked first, but for scikit-learn's, which has starting weights of its own.
The *bare step* is the list of prepared calls of wbviz/engine/fast.py alone: nothing recorded, no epoch closed.
"""

import _report

_report.one_thread()

from dataclasses import dataclass  # noqa: E402
from statistics import median  # noqa: E402

import _training_peers as peers  # noqa: E402
import numpy as np  # noqa: E402

from wbviz.engine import OPTIMIZERS, Network, Training, train  # noqa: E402
from wbviz.engine.fast import Quick  # noqa: E402

STEPS, MEMBERS = 1000, 100


@dataclass(frozen=True)
class Problem:
    """A network, its data and its optimiser. `n` examples in mini-batches of `batch`."""

    sizes: tuple
    hidden: str
    batch: int
    optimizer: str = "SGD"
    lr: float = 0.01
    n: int = 0
    classes: bool = False

    def __post_init__(self):
        rng, n = np.random.default_rng(0), self.n or self.batch
        X = rng.normal(size=(n, self.sizes[0]))
        y = rng.integers(0, self.sizes[-1], n) if self.classes else np.sin(X[:, :1]) * np.ones((1, self.sizes[-1]))
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "_orders", {})

    def network(self, seed=0, population=None):
        return Network(self.sizes, hidden=self.hidden, seed=seed, population=population)

    def settings(self, steps=STEPS):
        """The arguments of `train` for so many steps."""
        loss = "cross_entropy" if self.classes else "mse"
        optimizer, per_epoch = OPTIMIZERS[self.optimizer](lr=self.lr), len(self.X) // self.batch
        return {"loss": loss, "optimizer": optimizer, "batch_size": self.batch, "epochs": -(-steps // per_epoch)}

    def rows(self, step):
        """The examples of a step, in the order that wbviz draws; None for all of them."""
        per_epoch = len(self.X) // self.batch
        if per_epoch == 1:
            return None
        epoch, number = divmod(step, per_epoch)
        if epoch not in self._orders:
            self._orders[epoch] = np.random.default_rng((0, epoch)).permutation(len(self.X))
        return self._orders[epoch][number * self.batch : (number + 1) * self.batch]


PROBLEMS = {
    "2-4-2-1 tanh, batch 10, SGD": Problem((2, 4, 2, 1), "tanh", 10),
    "the same, in mini-batches of 10 of 100": Problem((2, 4, 2, 1), "tanh", 10, n=100),
    "2-8-8-8-1 ReLU, batch 30, SGD": Problem((2, 8, 8, 8, 1), "relu", 30),
    "2-8-8-8-1 ReLU, batch 30, Adam": Problem((2, 8, 8, 8, 1), "relu", 30, "Adam"),
    "64-32-10 ReLU, batch 64, SGD": Problem((64, 32, 10), "relu", 64),
    "64-32-10 ReLU, softmax, batch 64, SGD": Problem((64, 32, 10), "relu", 64, classes=True),
}
POPULATION = f"{MEMBERS} networks 2-4-2-1 tanh, batch 10, SGD"


def ours(problem, population=None, steps=STEPS):
    """train(…), to its losses."""
    return lambda: train(problem.network(population=population), problem.X, problem.y, **problem.settings(steps)).loss


def step_by_step(problem, steps=200):
    """`for step in Training(…)`, as a live figure does it."""

    def run():
        training = Training(problem.network(), problem.X, problem.y, **problem.settings(steps))
        return np.array([step.loss for step in training])

    return run


def bare(problem, steps=STEPS):
    """The prepared calls of a step alone."""
    training = Training(problem.network(), problem.X, problem.y, **problem.settings(10**6))
    next(training)
    quick = Quick(training)
    quick.take(1)
    calls = quick.calls_of(quick.known.whole)

    def run():
        with np.errstate(all="ignore"):
            for _ in range(steps):
                for call in calls:
                    call()

    return run


def ways_of(problem, missing):
    """Name → (steps, callable) of all ways of one problem."""
    found = {"wbviz": (STEPS, ours(problem)), "step by step": (200, step_by_step(problem))}
    full = problem.rows(0) is None
    if full:
        found["bare step"] = STEPS, bare(problem)
    if "torch" not in missing:
        found["torch"] = peers.STEPS["torch"], peers.torch_eager(problem)
        found["torch float32"] = peers.STEPS["torch"], peers.torch_eager(problem, dtype="float32")
    if "jax" not in missing and full:
        found["jax"] = peers.STEPS["jax"], peers.jax_loop(problem)
    if "scikit-learn" not in missing and full:
        found["scikit-learn"] = peers.STEPS["scikit-learn"], peers.scikit_learn(problem)
    losses = found["wbviz"][1]()
    for name in {"step by step", "torch", "jax"} & found.keys():
        theirs = found[name][1]()
        np.testing.assert_allclose(theirs, losses[: len(theirs)], rtol=1e-8, atol=1e-10, err_msg=name)
    return found


def population_ways(missing):
    """Many networks: at once, one after the other (a tenth of them: ten times the steps are counted), by torch.bmm."""
    problem = next(iter(PROBLEMS.values()))
    alone = [Problem(problem.sizes, problem.hidden, problem.batch) for _ in range(MEMBERS // 10)]
    found = {
        "wbviz": (STEPS, ours(problem, MEMBERS)),
        "one by one": (STEPS / 10, lambda: [ours(each)() for each in alone]),
    }
    if "torch" not in missing:
        found["torch.bmm"] = peers.STEPS["torch"], peers.torch_bmm(problem, MEMBERS)
        losses, theirs = found["wbviz"][1](), found["torch.bmm"][1]()
        np.testing.assert_allclose(theirs, losses[: len(theirs)], rtol=1e-8, atol=1e-10)
    return found


def first_step():
    """From a new architecture to its first step: Network, Training, next."""
    problem = PROBLEMS["2-8-8-8-1 ReLU, batch 30, SGD"]
    next(Training(problem.network(), problem.X, problem.y, optimizer="Adam"))


def measure(options):
    missing = [name for name in ("torch", "jax", "scikit-learn") if not _report.version(name)]
    ways = {(what, name): way for what, problem in PROBLEMS.items() for name, way in ways_of(problem, missing).items()}
    ways |= {(POPULATION, name): way for name, way in population_ways(missing).items()}
    seconds = _report.interleaved({key: run for key, (_, run) in ways.items()}, options.rounds)
    firsts = _report.interleaved({"first step": first_step}, 10 * options.rounds)["first step"]
    each = {key: [1e6 * value / ways[key][0] for value in values] for key, values in seconds.items()}
    micros = {}
    for (what, name), values in each.items():
        micros.setdefault(what, {})[name] = median(values)
    return {
        "machine": _report.machine("numpy", "torch", "jax", "scikit-learn"),
        "rounds": options.rounds,
        "missing": missing,
        "microseconds": micros,
        "first_step_ms": 1000 * median(firsts),
        "ratios": dict(_ratios(each)),
    }


def _ratios(each):
    """How many times as long as wbviz each peer takes for a step."""
    for what in {what: None for what, _ in each}:
        ways = {name: values for (kind, name), values in each.items() if kind == what}
        for name, ratio in _report.ratios(ways, "wbviz").items():
            if name not in ("bare step", "step by step"):
                yield f"{what}: {name}", ratio


COLUMNS = ("wbviz", "bare step", "step by step", "torch", "torch float32", "jax", "scikit-learn")


def table(report):
    """The report as Markdown: microseconds a step, and how many times as long as wbviz it takes."""
    ratios = report["ratios"]

    def cell(what, name):
        time, ratio = report["microseconds"][what].get(name), ratios.get(f"{what}: {name}")
        return None if time is None else f"{time:.1f}" + (f" ({ratio:.1f} ×)" if ratio else "")

    shown = [name for name in COLUMNS if any(name in times for times in report["microseconds"].values())]
    rows = [[what, *(cell(what, name) for name in shown)] for what in PROBLEMS]
    many = ("wbviz", "one by one", "torch.bmm")
    return "\n\n".join(
        [
            "Microseconds a step (in brackets how many times as long as wbviz):",
            _report.markdown(["", *shown], rows),
            _report.markdown(["", *many], [[POPULATION, *(cell(POPULATION, name) for name in many)]]),
            f"A new architecture's first step, with Adam: {report['first_step_ms']:.2f} ms.",
            _report.where(report),
        ]
    )


if __name__ == "__main__":
    _report.main("training", __doc__, measure, table, rounds=25, quick=5)
