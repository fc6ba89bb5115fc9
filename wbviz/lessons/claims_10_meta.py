"""The experiments behind the claims of chapter 10 on meta-learning: what a learned start is worth, and where."""

import numpy as np

from wbviz.engine import Adam, Network, Training
from wbviz.engine.meta import INPUTS, METHODS, Lessons, SineTasks, adapt
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets import _adapting as experiment
from wbviz.widgets._adapting import GRID, HELD_OUT, SIZES, STEPS, TASKS

SETS, POINTS, RATE = 20, 10, 0.01
USUAL = "as trained on"
MAML, REPTILE, PRETRAINED = "MAML", "Reptile", "joint training"


def _median(start, seed, lr=RATE, kind=USUAL, points=POINTS):
    """The median error of a start on 100 tasks drawn from `seed`, after 0 … STEPS steps."""
    return experiment.quartiles(experiment.errors(start, lr, kind, points, 0.0, seed)).middle


# --- a few steps ------------------------------------------------------------------------------------------------------

RATES = (0.003, 0.01, 0.03, 0.05, 0.1)


def a_few_steps_are_enough():
    """20 × 100 new tasks: learned starts at the rate they were made for, the others at the best of five rates."""
    random, pretrained = (lambda k: experiment.untrained(k)), (lambda k: experiment.stored(PRETRAINED))
    best = {
        name: min(RATES, key=lambda lr, start=start: _median(start(0), 0, lr)[STEPS])
        for name, start in (("pretrained", pretrained), ("random", random))
    }
    ways = {
        MAML: (lambda k: experiment.stored(MAML), RATE),
        REPTILE: (lambda k: experiment.stored(REPTILE), RATE),
        "pretrained": (pretrained, best["pretrained"]),
        "random": (random, best["random"]),
    }
    numbers = {"sets of tasks": SETS, "tasks in each": TASKS} | {f"{name}: best rate": lr for name, lr in best.items()}
    for k, (name, (start, lr)) in enumerate(ways.items()):
        found = np.array([_median(start(seed), seed, lr) for seed in range(1, SETS + 1)])
        for step in (0, 1, STEPS):
            numbers |= spread(f"{name}: median error after {step} steps", found[:, step], 2)
        yield (k + 1) / len(ways), name
    text = (
        "One step from a learned start leaves a fraction of the error that ten steps leave from the others, even at "
        "their own best rate. Before that step it is no better than the pretrained start: what was learned is not an "
        "answer but a place from which answers are near."
    )
    return Verdict("holds if the task is like those trained on", numbers, text)


# --- is nothing left to tune? -----------------------------------------------------------------------------------------

AWAY = (0.0025, 0.005, 0.01, 0.02, 0.04)


def nothing_is_left_to_tune():
    """Learned starts used at other inner rates than the one they were learned for, on 20 × 100 new tasks."""
    numbers = {"sets of tasks": SETS, "learned for a rate of": RATE}
    for k, lr in enumerate(AWAY):
        for method in (MAML, REPTILE):
            found = np.array([_median(experiment.stored(method), seed, lr) for seed in range(1, SETS + 1)])
            for step in (1, STEPS):
                numbers |= spread(f"{method} at {lr:g}: median error after {step} steps", found[:, step], 2)
        yield (k + 1) / len(AWAY), f"inner rate {lr:g}"
    text = (
        "The starting weights are found without anybody setting them. But the rate, the number of inner steps and of "
        "points, the meta-optimiser and above all the family of tasks are still chosen by hand, and the start is made "
        "for them: at twice its rate one step leaves several times the error, at four times it makes things worse."
    )
    return Verdict("misleading", numbers, text)


# --- other tasks ------------------------------------------------------------------------------------------------------


def it_adapts_to_anything():
    """Tasks of three kinds, 20 × 100 each: what share of a task's mean square is left after 1 and 10 steps."""
    numbers, starts = {"sets of tasks": SETS, "tasks in each": TASKS}, {"learned": MAML, "pretrained": PRETRAINED}
    for k, kind in enumerate(HELD_OUT):
        for name, method in starts.items():
            left = []
            for seed in range(1, SETS + 1):
                size = (experiment.held_out(kind, POINTS, 0.0, seed).y_grid ** 2).mean(axis=(1, 2))
                found = experiment.errors(experiment.stored(method), RATE, kind, POINTS, 0.0, seed)
                left.append(np.median(found / size, axis=1))
            for step in (1, STEPS):
                numbers |= spread(f"{kind}, {name}: share left after {step} steps", np.array(left)[:, step], 2)
        yield (k + 1) / len(HELD_OUT), kind
    text = (
        "Outside the family it was trained on the learned start still adapts, and better than the pretrained one, but "
        "it leaves two to nine times as much as inside. It has learned what its tasks have in common, and relies on it."
    )
    return Verdict("holds if the new tasks resemble the old ones", numbers, text)


# --- half of the inputs -----------------------------------------------------------------------------------------------


def examples_on_one_side_are_enough():
    """Ten examples at x > 0 alone, and the error at x < 0, where there are none: 20 × 100 tasks."""
    numbers, left = {"sets of tasks": SETS, "tasks in each": TASKS}, GRID[GRID[:, 0] < 0]
    for k, (name, method) in enumerate({"learned": MAML, "pretrained": PRETRAINED}.items()):
        net, found = experiment.stored(method).network, []
        for seed in range(SETS):
            rng = np.random.default_rng((10**6, seed))
            tasks = SineTasks.draw(TASKS, rng)
            path = adapt(net, *tasks.examples(POINTS, rng, inputs=(0.0, INPUTS[1])), RATE, 5)
            truth = tasks(left)
            found.append([np.median(net.with_params(path[step]).loss(left, truth)) for step in (0, 1, 5)])
        for step, errors in zip((0, 1, 5), np.transpose(found), strict=True):
            numbers |= spread(f"{name}: median error on the empty side after {step} steps", errors, 2)
        yield (k + 1) / 2, name
    text = (
        "From the learned start, points on one side bring the curve on the other side near too: that all tasks are "
        "waves of one length is in its weights and biases. The pretrained start gets worse there with each step."
    )
    return Verdict("holds", numbers, text)


# --- when there is enough of everything -------------------------------------------------------------------------------

ALONE, LONG = 50, 1000


def it_pays_in_the_end():
    """50 tasks trained to the end with Adam, 1,000 steps, from 10 and from 20 points: three starts."""
    numbers, done = {"tasks, each with random weights of its own seed": ALONE, "steps of Adam at 0.01": LONG}, 0
    for points in (POINTS, 2 * POINTS):
        lesson = experiment.held_out(USUAL, points, 0.0, 1)
        X, y, truth = (array[:ALONE].astype(float) for array in lesson)
        starts = {name: experiment.stored(method).params for name, method in _LEARNED.items()}
        starts["random"] = Network(SIZES, seed=0, population=ALONE).params
        for name, params in starts.items():
            net = experiment.network().with_params(np.broadcast_to(params, (ALONE, params.shape[-1])))
            training = Training(net, X, y, optimizer=Adam(0.01), epochs=LONG)
            for _ in range(10):
                training.run(LONG // 10)
                done += 1
                yield done / 60, f"{points} points, {name}"
            errors = ((net(GRID) - truth) ** 2).mean(axis=(1, 2))
            for share, word in ((0.25, "quarter"), (0.5, "half"), (0.75, "three quarters")):
                numbers[f"{points} points, {name}: {word} of the tasks below"] = round(
                    float(np.quantile(errors, share)), 3
                )
    text = (
        "With ten points it still pays after a thousand steps: from the learned start half of the tasks end lower, and "
        "the worst quarter much lower. With twenty, half of the tasks end lower from pretrained and from random "
        "weights: then the examples say it all, and what was learned from other tasks is no longer needed."
    )
    return Verdict("holds if examples are few", numbers, text)


_LEARNED = {"learned": MAML, "pretrained": PRETRAINED}

# --- is it luck? ------------------------------------------------------------------------------------------------------

SEEDS, ITERATIONS, BATCH, EXAMPLES = 20, 400, 8, 5
SMALL, INNER = (1, 12, 12, 1), 0.02


def it_is_the_meta_training():
    """20 seeds at once, each with random weights and tasks of its own: a small network, 400 iterations."""
    numbers = {"seeds": SEEDS, "iterations": ITERATIONS, "tasks in each": BATCH}
    ends = {}
    for k, method in enumerate((MAML, PRETRAINED)):
        nets, optimizer = Network(SMALL, seed=0, population=SEEDS), Adam(0.01)
        params = nets.params[:, None].copy()  # a second axis, for the tasks
        for iteration in range(ITERATIONS):
            gradient = METHODS[method].gradient(nets.with_params(params), _for_all(iteration), INNER, 1)[1]
            optimizer.step(params, gradient[:, None])
            if iteration % 20 == 0:
                yield (k + iteration / ITERATIONS) / 2, method
        ends[method] = _judged(nets.with_params(params))
        for step in (0, 1, STEPS):
            numbers |= spread(f"{method}: median error after {step} steps", ends[method][step], 2)
    ahead = (ends[MAML][STEPS] < ends[PRETRAINED][STEPS]).sum()
    numbers[f"seeds with which MAML leaves less after {STEPS} steps"] = int(ahead)
    text = (
        "It is no lucky start: from each random beginning a short meta-training leads to weights from which a few "
        "steps do more than from those of joint training on the same tasks, though before any step they fit worse."
    )
    return Verdict("holds", numbers, text)


def _for_all(iteration):
    """Lessons of BATCH tasks for each seed: examples (SEEDS, BATCH, EXAMPLES, 1)."""
    rng = np.random.default_rng(iteration)
    tasks = SineTasks.draw(SEEDS * BATCH, rng)
    pairs = (tasks.examples(EXAMPLES, rng) for _ in range(2))
    return Lessons(*(tuple(array.reshape(SEEDS, BATCH, EXAMPLES, 1) for array in pair) for pair in pairs))


def _judged(nets):
    """The median error of each start on 100 held-out tasks, (STEPS + 1, SEEDS)."""
    lesson = experiment.held_out(USUAL, POINTS, 0.0, 1)
    X, y, truth = (array.astype(float) for array in lesson)
    path = adapt(nets, np.broadcast_to(X, (SEEDS, *X.shape)), y, INNER, STEPS)
    return np.array([np.median(((nets.with_params(p)(GRID) - truth) ** 2).mean(axis=(-2, -1)), axis=-1) for p in path])
