"""What Clipping says: the step before and after, the share of steps clipped, and how both descents end."""

import numpy as np

from wbviz.widgets._clipping import CLIFF, FAR, STEPS, B, W, angle
from wbviz.widgets._race_words import significant
from wbviz.widgets._words import percent, plural, signed, superscript

BEYOND = f"10{superscript(round(np.log10(FAR)))}"


def words(figure):
    """The texts of the picture: `heading`, `titles` (3), `facts` (6) and `says` (4)."""
    cliff = figure.problem == CLIFF
    heading = f"One recurrent unit, {figure.length} time steps" if cliff else f"Recurrent network: {figure.task}"
    plane = "Its loss over w and b: h ← σ(w·h + b)" if cliff else "Slope ‖∂L/∂z‖ that gets back to each time step"
    return {
        "heading": f"{heading}, clipped {figure.rule} at {significant(figure.threshold)}",
        "titles": (plane, "Loss by step", "Gradient's length;  | clipped,  ⋯ threshold"),
        "facts": _facts(figure),
        "says": [_counted(figure), _with(figure), _without(figure), _end(figure)],
    }


def _facts(figure):
    """Six lines on the step in hand."""
    before, after = _step(figure)
    return [
        "Against the gradient:",
        f"length before   {significant(before)}",
        f"length after   {significant(after)}",
        _turn(figure),
        f"lr × length   {significant(figure.lr * before)} → {significant(figure.lr * after)}",
        f"largest entry   {significant(_largest(figure))}",
    ]


def _step(figure):
    """The length of the gradient at the step shown, before and after clipping."""
    run, row = figure.held, figure.held.at(figure.step)
    return float(run.norm[row]), float(np.linalg.norm(run.clipped[row]))


def _largest(figure):
    run = figure.held
    return float(np.abs(run.gradient[run.at(figure.step)]).max())


def _turn(figure):
    turned = figure.angle()
    before, after = _step(figure)
    if after >= before * (1 - 1e-5):
        return "not clipped: short enough"
    return (
        "direction kept"
        if turned < 0.05
        else f"turned by   {turned:.0f}°"
        if turned >= 1
        else f"turned by   {turned:.1f}°"
    )


def _counted(figure):
    run = figure.held
    taken, cut = run.at(figure.step) + 1, run.cut(figure.step)
    return f"Clipped: {cut} of {plural(taken, 'gradient')} so far ({percent(cut / taken, 0)})."


def _with(figure):
    return f"Loss with it: {_where(figure, figure.held)}"


def _without(figure):
    if not figure.held.cut(figure.step - 1):  # no step up to here was another one
        return "Without: the same so far."
    return f"Without: {_where(figure, figure.free)}"


def _where(figure, run):
    """The loss of a run at the step shown, and on the cliff the place."""
    if run.diverged is not None and figure.step >= run.diverged:
        return f"diverged at step {run.diverged}, beyond {BEYOND}."
    loss = significant(run.loss[run.at(figure.step)])
    if figure.problem != CLIFF:
        return f"{loss}."
    w, b = run.params[run.at(figure.step)]
    seen = W[0] <= w <= W[1] and B[0] <= b <= B[1]
    return f"{loss}{' at' if seen else ', far off at'} ({signed(w, 1)}, {signed(b, 1)})."


def _end(figure):
    return f"At step {STEPS}: {_last(figure.held)}; without: {_last(figure.free)}."


def _last(run):
    return significant(run.loss[-1]) if run.diverged is None else "diverged"


def description(figure):
    """All of it in sentences."""
    before, after = _step(figure)
    run, row = figure.held, figure.held.at(figure.step)
    if figure.problem == CLIFF:
        what = (
            f"The loss of one recurrent unit after {figure.length} time steps over its weight and bias, with a cliff; "
            f"both descents start at w = {signed(figure.start_w)}, b = {signed(figure.start_b)}."
        )
    else:
        what = (
            f"A recurrent network learns to {figure.task} in sequences of {figure.length} time steps, seed "
            f"{figure.seed}.{_through_time(figure)}"
        )
    turned = angle(run.gradient[row], run.clipped[row])
    clip = f"is clipped {figure.rule} to {significant(after)} and turned by {turned:.1f} degrees"
    clip = clip if after < before * (1 - 1e-5) else f"is let through: the threshold {figure.rule} cuts nothing off"
    return (
        f"{what} Learning rate {significant(figure.lr)}, threshold {significant(figure.threshold)}. At step "
        f"{figure.step} the gradient has length {significant(before)} and {clip}. {_counted(figure)} {_with(figure)} "
        f"{_without(figure)} {_end(figure)}"
    )


def _through_time(figure):
    slopes = figure.slopes()
    if slopes is None:
        return ""
    ratio = slopes[0] / slopes[-1] if slopes[-1] else 0.0
    return f" The slope at the first time step is {significant(ratio)} times that at the last."
