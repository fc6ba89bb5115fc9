"""What a race says: the table, the memory of one runner, why somebody diverged, and the whole in sentences."""

import math

import numpy as np

from wbviz.widgets import _racing as racing
from wbviz.widgets._racing import RUNNERS, TOLERANCE
from wbviz.widgets._words import signed, superscript

ROWS = 7  # lines of the memory


def significant(value, digits=3):
    """A number to three digits, shorter where it is very small or large: 1234, 0.0123, −1.2·10⁻⁵, 10⁻¹⁰⁷."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return signed(value, 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value)))))
    if abs(value) < 1e-99:
        return f"{'−' if value < 0 else ''}10{superscript(round(math.log10(abs(value))))}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·10{superscript(int(exponent))}".replace("-", "−")


def vector(values):
    """A vector as (1.20, −0.034)."""
    return f"({', '.join(map(significant, values))})"


# --- the table --------------------------------------------------------------------------------------------------------


def table(race):
    """Names, and loss, distance and arrival so far of each runner, in the order of RUNNERS."""
    who, cells, paths = [], [], race.paths
    for name, runner in RUNNERS.items():
        who.append(runner.label)
        cells += _cells(paths[name], race) if name in paths else ["", "", "does not run"]
    return {"who": who, "numbers": cells}


def _cells(path, race):
    k = path.at(race.step)
    loss = significant(path.loss[k] + race.ground.lowest)
    return [loss, significant(path.distance[k]), _arrival(path, race.step)]


def _arrival(path, step):
    if path.diverged is not None and path.diverged <= step:
        return f"diverged: {path.diverged}"
    arrived = path.arrived(step)
    return "not yet" if arrived is None else f"step {arrived}"


# --- the memory -------------------------------------------------------------------------------------------------------


def memory(race, path, remembered, k, kept):
    """The texts of the memory of the runner in focus. remembered: name → (n, 2); k: the row shown, or None."""
    runner = RUNNERS[race.focus]
    if k is None:
        gone = f"{runner.label} diverged with its first step"
        return {"memory": gone, "scale": "", "rule": runner.rule, "names": [""] * ROWS, "values": [], "key": [""] * 6}
    names = list(remembered)
    lengths = ["step", remembered["step"][k], "−gradient", path.gradients[k]]
    lengths += [f"−{kept.split()[-1]}", path.memory[kept][k]] if kept else ["", None]
    over = k < race.step
    return {
        "memory": f"{runner.label} has diverged; its last step before:" if over else f"Memory of {runner.label}",
        "scale": "" if over else "full bar: the larger of a row",
        "rule": runner.rule,
        "names": names + [""] * (ROWS - len(names)),
        "values": [tuple(map(significant, values[k])) for values in remembered.values()],
        "key": [text if isinstance(text, str) else _length(text) for text in lengths],
    }


def _length(values):
    return "" if values is None else significant(float(np.hypot(*values)))


# --- who leads, who has diverged and why ------------------------------------------------------------------------------


def note(race):
    """One line: who diverged and why, or who is nearest to a minimum."""
    gone = _gone(race)
    if not gone:
        return _leader(race)
    first, *others = sorted(gone, key=lambda name: race.paths[name].diverged)
    also = f" {len(others)} more diverged." if others else ""
    return f"{RUNNERS[first].label} diverged at step {race.paths[first].diverged}: {_reason(race, first)}.{also}"


def _gone(race):
    return [name for name, path in race.paths.items() if path.diverged is not None and path.diverged <= race.step]


def _leader(race):
    paths = race.paths
    if race.step == 0:
        distance = significant(race.ground.distance(np.asarray(race.start)))
        return f"All begin {distance} from a minimum. Who will be the first to stay within {TOLERANCE}? Then play."
    nearest = min(paths, key=lambda name: paths[name].distance[paths[name].at(race.step)])
    distance = paths[nearest].distance[paths[nearest].at(race.step)]
    near = f"Nearest: {RUNNERS[nearest].label}, {significant(distance)} from a minimum."
    return f"{near} Arrived: within {TOLERANCE} of one, and staying there."


def _reason(race, name):
    """Why this runner diverged, as a clause: its learning rate is too large for the curvature, or how it ran away."""
    path = race.paths[name]
    too_steep = racing.steepness(race.surface, path, name, race.rate_of(name), race.momentum)
    if too_steep is not None and too_steep[0] > too_steep[1]:
        product, limit = map(significant, too_steep)
        return f"lr × curvature is {product}; above {limit} its steps grow"
    slopes = np.linalg.norm(race.ground.gradient(path.points), axis=-1)
    first, last = significant(slopes[0]), significant(slopes[-1])
    return f"on its way the gradient grew from {first} to {last}"


# --- in sentences -----------------------------------------------------------------------------------------------------


def description(race, path, remembered, k):
    """The race so far in sentences."""
    start, ground = vector(race.start), race.ground
    parts = [
        f"{race.surface.capitalize()}, {ground.formula}, from {start}: after step {race.step} of {race.steps}, "
        f"with β = {signed(race.momentum)}.",
        *(_told(race, name) for name in race.runners),
        *(f"{RUNNERS[name].label} diverged: {_reason(race, name)}." for name in _gone(race)),
        _memory_told(race, path, remembered, k),
    ]
    return " ".join(parts)


def _told(race, name):
    path, label = race.paths[name], RUNNERS[name].label
    rate = f"{label} (lr {race.rate_of(name):g})"
    if path.diverged is not None and path.diverged <= race.step:
        return f"{rate} diverged at step {path.diverged}."
    k, arrived = path.at(race.step), path.arrived(race.step)
    loss, distance = significant(path.loss[k] + race.ground.lowest), significant(path.distance[k])
    there = f", arrived at step {arrived}" if arrived is not None else ""
    return f"{rate}: loss {loss}, {distance} from the nearest minimum{there}."


def _memory_told(race, path, remembered, k):
    label = RUNNERS[race.focus].label
    if k is None:
        return f"In focus: {label}, which diverged with its first step."
    told = ", ".join(f"{name} {vector(values[k])}" for name, values in remembered.items())
    rule = RUNNERS[race.focus].rule.replace("\n", ", ")
    return f"In focus: {label}, {rule}; {'before it diverged' if k < race.step else 'now'} {told}."
