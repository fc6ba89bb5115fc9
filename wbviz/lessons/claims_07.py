"""The experiments behind the claims of chapter 07 on learning-rate schedules: every one with twenty seeds or more."""

import numpy as np

from wbviz.engine import SCHEDULES, SGD, Adam, Network, Training, accuracy
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict
from wbviz.widgets import _finding, _scheduling

SEEDS = 20
#: Rates are chosen with other seeds than those that judge them.
CHOOSING, JUDGING = 100, 0


class Task:
    """A network, its examples and how it is trained; `ends` trains it with 20 seeds and tells where the loss ends."""

    def __init__(self, sizes, X, y, batch, optimizer=SGD, **recipe):
        self.net = Network(sizes, hidden="tanh")
        self.X, self.y, self.batch, self.optimizer, self.recipe = X, y, batch, optimizer, recipe

    def train(self, schedule, steps, seed=JUDGING, rates=1):
        """The Training of `rates` × 20 networks after its last step, all with the starts and orders of 20 seeds.

        A schedule gives a number, or one for each of the networks.
        """
        orders = [np.random.default_rng((7, seed + k)).permutation(len(self.X)) for k in range(SEEDS)] * rates
        starts = Network(self.net.sizes, hidden="tanh", seed=seed, population=SEEDS)
        net = starts.with_params(np.tile(starts.params, (rates, 1)))
        training = Training(
            net, self.X[np.array(orders)], self.y[np.array(orders)], **self.recipe, optimizer=self.optimizer(),
            batch_size=self.batch, schedule=schedule, epochs=-(-steps * self.batch // len(self.X)) + 1,
            record=("params",) if self.net.n_params < 100 else (),
        )  # fmt: skip
        training.run(steps)
        return training

    def ends(self, schedule, steps, seed=JUDGING, rates=1):
        """The loss on all examples, penalty included: of a small network the mean of the last tenth, else the last."""
        training = self.train(schedule, steps, seed, rates)
        last = training.history.params[-(steps // 10) :: 4] if self.net.n_params < 100 else training.net.params[None]
        losses = self.net.with_params(last).loss(self.X, self.y, **self.recipe).mean(axis=0)
        return losses.reshape(rates, SEEDS) if rates > 1 else losses


def _moons(batch):
    return Task(_scheduling.SIZES, *_scheduling.examples(), batch, **_scheduling.RECIPE)


def _digits(optimizer=SGD):
    known = _finding.lesson("digits")
    return Task([64, 16, 10], known.X, known.y, 32, optimizer, loss="cross_entropy")


# --- high, then lower -------------------------------------------------------------------------------------------------

RATES = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0])
STEPS = 400


def falling_is_efficient():
    """The best of nine constant rates against the best of nine highest rates of a cosine, after the same steps."""
    tasks = {
        "moons, 5 a step": (_moons(5), STEPS, RATES, _scheduling.lowest(), 5),
        "moons, all in a step": (_moons(100), STEPS // 4, RATES, _scheduling.lowest(), 5),
        "digits, 32 a step": (_digits(), 200, RATES[RATES <= 2], 0.0, 3),
    }
    numbers = {"seeds": SEEDS}
    for k, (name, (task, steps, rates, lowest, digits)) in enumerate(tasks.items()):
        found = {}
        for i, kind in enumerate(("constant", "cosine")):
            best = float(rates[_all(task, kind, rates, steps).mean(axis=1).argmin()])
            yield (2 * k + i + 1) / 6, f"{name}, {kind}"
            found[kind] = task.ends(_schedule(kind, best, steps), steps) - lowest
            numbers[f"{name}: best {kind} rate"] = best
            numbers |= spread(f"{name}: {kind}, loss above the lowest", found[kind], digits)
        numbers[f"{name}: seeds in which the cosine ends lower"] = int((found["cosine"] < found["constant"]).sum())
    text = (
        "Where the examples of a mini-batch disagree to the end, as on blurred moons, the best falling rate ends far "
        "below the best constant one. With all examples in each step there is no such noise, and the constant rate is "
        "ahead. On digits, where every example can be fitted, the noise fades by itself, and nothing is gained in 200 "
        "steps."
    )
    return Verdict("holds if the mini-batches disagree to the end", numbers, text)


def _schedule(kind, lr, steps):
    return SCHEDULES[kind](lr, **({"T_max": steps} if kind == "cosine" else {}))


def _all(task, kind, rates, steps):
    """The ends with every rate, (rates, SEEDS), from the seeds that choose: of small networks all at once."""
    if task.net.n_params >= 100:  # each network has the examples in an order of its own: they would fill the memory
        return np.stack([task.ends(_schedule(kind, lr, steps), steps, CHOOSING) for lr in rates])
    shape = _schedule(kind, 1.0, steps)
    each = np.repeat(rates, SEEDS)
    return task.ends(lambda step: each * shape(step), steps, CHOOSING, len(rates))


# --- the floor --------------------------------------------------------------------------------------------------------

BEFORE, AFTER = 400, 400
SHARES = np.array([1.0, 0.5, 0.25, 0.1, 0.05])


def floor_follows_the_rate():
    """400 steps at rate 1, then 400 more at 1, ½, ¼, 1/10 and 1/20 of it; the same, but lowered after ten steps."""
    numbers = {"seeds": SEEDS}
    for i, (name, before) in enumerate((("after 400 steps", BEFORE), ("after 10 steps", 10))):
        each = np.repeat(SHARES, SEEDS)
        schedule = lambda step, before=before, each=each: np.where(step < before, 1.0, each)  # noqa: E731
        ends = _moons(5).ends(schedule, before + AFTER, rates=len(SHARES)) - _scheduling.lowest()
        yield (i + 1) / 2, f"lowered {name}"
        for share, losses in zip(SHARES, ends, strict=True):
            numbers |= spread(f"lowered {name} to {share:g}: loss above the lowest", losses, 5)
        numbers[f"lowered {name}: seeds lower at 0.1 than at 1"] = int((ends[3] < ends[0]).sum())
    text = (
        "A constant rate ends on a floor of noise. Lower it to a half, a quarter or a tenth, and the floor falls by "
        "more than that. But what is lowered after ten steps has a long way to go with small steps: from a quarter "
        "downwards, lowering early ends higher than lowering late, although every later step has the same rate."
    )
    return Verdict("holds", numbers, text)


# --- must it start high? ----------------------------------------------------------------------------------------------

TOPS = {"SGD": (SGD, (0.5, 1.0, 2.0)), "Adam": (Adam, (0.03, 0.1, 0.2))}
LONG = 200


def starting_high():
    """On digits, three highest rates for SGD and Adam: a cosine that starts there, and one cycle that climbs there."""
    numbers, unseen = {"seeds": SEEDS}, _finding.lesson("digits")
    for i, (name, (optimizer, tops)) in enumerate(TOPS.items()):
        for j, top in enumerate(tops):
            found = {}
            for kind in ("cosine", "one_cycle"):
                arguments = {"T_max": LONG} if kind == "cosine" else {"total_steps": LONG}
                task = _digits(optimizer)
                net = task.train(SCHEDULES[kind](top, **arguments), LONG).net
                found[kind] = net.loss(task.X, task.y, **task.recipe)
                wrong = 1 - accuracy(unseen.unseen_y, net(unseen.unseen_X))
                start = "starts there" if kind == "cosine" else "climbs there"
                numbers |= spread(f"{name}, highest rate {top:g}, {start}: loss", found[kind], 3)
                numbers |= spread(f"{name}, highest rate {top:g}, {start}: wrong on unseen", wrong, 3)
            numbers[f"{name}, highest rate {top:g}: seeds in which climbing ends lower"] = int(
                (found["one_cycle"] < found["cosine"]).sum()
            )
            yield (3 * i + j + 1) / 6, f"{name}, {top:g}"
    text = (
        "Up to a moderate rate one may start high, and climbing there first is about as good. With a rate that the "
        "untrained network cannot bear, starting there spoils the run, while a schedule that first climbs to that rate "
        "ends well. That is what a warm-up is for."
    )
    return Verdict("holds if the untrained network can bear the rate", numbers, text)
