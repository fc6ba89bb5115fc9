"""What ScheduleDesigner says: the schedule, the rate at the ring, and where the loss ended."""

import math

import numpy as np

from wbviz.scenes.schedule_designer import HIGHEST, LOWEST
from wbviz.widgets._race_words import significant
from wbviz.widgets._scheduling import DRAWN, EXAMPLES, L2, SEEDS
from wbviz.widgets._words import plural

#: Each schedule in a few words.
SHAPES = {
    "constant": lambda e: "the same rate all along",
    "step": lambda e: f"× {e.gamma:.2f} every {e.step_size} steps",
    "multistep": lambda e: f"× {e.gamma:.2f} at steps {' and '.join(map(str, dict(e.plan.arguments)['milestones']))}",
    "exponential": lambda e: f"× {dict(e.plan.arguments)['gamma']:.5f} with each step",
    "polynomial": lambda e: "a straight line to 0" if e.power == 1 else f"to 0, with power {e.power:g}",
    "cosine": lambda e: f"half a cosine, to {plain(e.eta_min * e.lr)}",
    "warm_restarts": lambda e: f"cosines from {e.T_0} steps, × {e.T_mult}",
    "linear_warmup": lambda e: f"rises for {e.warmup} steps, then stays",
    "one_cycle": lambda e: f"up to step {round(e.pct_start * e.steps)}, then down",
    DRAWN: lambda e: "as drawn",
}


def small(value):
    """A loss above the lowest as text, two digits; what the axis does not hold is said to be below it."""
    return plain(value, 2) if value >= LOWEST else f"below {LOWEST:g}"


def plain(value, digits=3):
    """A positive number to so many digits, without powers of ten unless it is tiny: 0.00049."""
    return (
        f"{value:.{digits - 1 - math.floor(math.log10(value))}f}" if 1e-4 <= value < 1 else significant(value, digits)
    )


def words(explorer, rates, here):
    """The texts of the scene."""
    e = explorer
    return {
        "heading": f"{name(e)}, lr = {plain(e.lr)}: {SHAPES[e.schedule](e)}",
        "state": f"2-4-1 network, {EXAMPLES} blurred moons, L2 of {L2:g}; {_batch(e)}, {e.steps} steps, {SEEDS} seeds",
        "hint": "Drag above: draw the rate. Below: move the ring. Keys: ← → the ring, ↑ ↓ the rate there",
        "here": [
            f"At step {e._step} (ring):", f"lr {plain(e._rate(rates))}", f"this loss {small(here[0])}",
            f"constant's {small(here[1])}", "", "Over the whole run:", f"mean lr {plain(float(rates.mean()))}",
        ],
        "names": ["this, mean", f"this, run {e.seed}", f"constant {plain(e.beside)}", f"constant, run {e.seed}"],
        "says": [
            "In the last tenth:", f"this {_spread(e.run)}", f"const. {_spread(e.constant_run)}",
            *_verdict(e), _drift(e),
        ],
    }  # fmt: skip


def name(explorer):
    """The schedule's name as it begins a sentence."""
    return explorer.schedule.replace("_", " ").capitalize()


def _batch(explorer):
    if explorer.batch == EXAMPLES:
        return "all examples a step"
    return f"{plural(explorer.batch, 'example')} a step"


def _spread(run):
    """Mean and standard deviation of the floor over the seeds."""
    mean, sd = float(run.floor.mean()), float(run.floor.std())
    return f"{small(mean)} ± {small(sd) if sd >= LOWEST else '<0.0001'}" if mean >= LOWEST else small(mean)


def _verdict(explorer):
    """Two lines: how many times lower or higher the schedule ends, and for how many seeds."""
    this, constant = explorer.floor(), explorer.constant_floor()
    if max(this, constant) < LOWEST:
        return f"both below {LOWEST:g}", "no floor to be seen"
    ratio = this / constant
    if 0.95 < ratio < 1 / 0.95:
        return "about the same", _wins(explorer)
    times = plain(max(ratio, 1 / ratio), 2) if max(ratio, 1 / ratio) < 1000 else "over 1000"
    return f"{times} times {'lower' if ratio < 1 else 'higher'}", _wins(explorer)


def _wins(explorer):
    return f"lower for {explorer.wins()} of {SEEDS} seeds"


def _drift(explorer):
    """Whether the schedule's loss has come to rest, which a floor is to have done."""
    drift = explorer.run.drift
    if explorer.floor() < LOWEST:
        return ""
    return "still falling at the end" if drift < -3 else "rising at the end" if drift > 3 else "level at the end"


def described(explorer):
    """The whole in sentences."""
    e, rates = explorer, explorer.rates
    short = ", ".join(filter(None, (*_verdict(e), _drift(e))))
    runs = [np.interp(e._step, run.at, run.above.mean(axis=1)) for run in (e.run, e.constant_run)]
    return (
        f"{name(e)} schedule, {SHAPES[e.schedule](e)}: the rate goes from {plain(float(rates[0]))} to "
        f"{plain(float(rates[-1]))} in {e.steps} steps; the highest is {plain(float(rates.max()))}, the "
        f"mean {plain(float(rates.mean()))}. Loss above the lowest there is, mean and standard deviation of "
        f"{SEEDS} seeds in the last tenth of the steps: {_spread(e.run)}; with a constant rate of "
        f"{plain(e.beside)}: {_spread(e.constant_run)}. In short: {short}. Training takes {_batch(e)}. "
        f"Run {e.seed} ends at {small(float(e.run.above[-1, e.seed]))}, with the constant rate "
        f"at {small(float(e.constant_run.above[-1, e.seed]))}. At step {e._step} the rate is "
        f"{plain(e._rate(rates))} and the mean loss {small(runs[0])} above the lowest, with the constant rate "
        f"{small(runs[1])}. Losses outside of {LOWEST:g} to {HIGHEST:g} are drawn at the edge."
    )
