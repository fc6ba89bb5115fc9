"""Gradient descent on a loss surface in words and numbers: how it goes, and what the picture of it hides."""

import textwrap

from wbviz.widgets._descending import FULL, PAIR, PCA, RUNAWAY, TWO
from wbviz.widgets._words import percent, signed

LINE = 98  # characters
LOSS_NAMES = {
    "mse": "mean squared error", "binary_cross_entropy": "binary cross-entropy", "cross_entropy": "cross-entropy",
}  # fmt: skip


def on_picture(explorer, seen, limits, relief):
    """The texts of the picture, as LossSurfaceScene.update wants them."""
    turning = " Shift + drag, or page keys: turn." if relief else ""
    end = ", the last" if seen.at == seen.run.last < explorer.steps else ""
    return {
        "heading": f"{explorer.dataset.capitalize()}: {loss_name(explorer)} over {where(explorer)}",
        "axes": axes(explorer),
        "title": f"Step {seen.at} of {explorer.steps}{end}",
        "names": [name if len(name) <= 8 else name.removeprefix("w ") for name in axes(explorer)],
        "numbers": ["at", "slope", "step", *_numbers(seen)],
        "lines": _lines(explorer, seen),
        "verdict": "\n".join(textwrap.wrap(verdict(explorer, seen, whole=False), LINE)),
        "hint": f"Drag the start (the square), or press arrow keys. + −: nearer, further.{turning}",
        "notice": _notice(seen.places, limits),
    }


def in_full(explorer, seen):
    """The description."""
    (u, v), (u0, v0) = seen.places[-1], seen.places[0]
    across, up = axes(explorer)
    step = "all examples" if explorer.batch == FULL else f"{explorer.batch} of the examples"
    return (
        f"{explorer.dataset.capitalize()}, seed {explorer.seed}, {loss_name(explorer)}: the true loss over "
        f"{where(explorer)}, {across} across and {up} up, {explorer.span:g} to either side, as {explorer.view}. "
        f"{explorer.move.capitalize()} move, learning rate {explorer.lr:g}, {step} in each step. From "
        f"({short(u0)}, {short(v0)}) with loss {short(seen.losses[0], 4)}, {seen.at} of {explorer.steps} steps lead to "
        f"({short(u)}, {short(v)}) with loss {short(seen.losses[-1], 4)}. {verdict(explorer, seen)}"
    )


def verdict(explorer, seen, whole=True):
    """How descent has gone so far, and what the picture hides; after a divergence that only if `whole`."""
    course = _course(seen)
    if seen.run.diverged == seen.at and not whole:
        return course
    return f"{course} {_hidden(explorer, seen)}".strip()


def axes(explorer):
    """The names of u and v."""
    return (explorer.first, explorer.second) if explorer.plane == PAIR else ("d₁", "d₂")


def where(explorer):
    """The plane, in words."""
    names = {PAIR: f"{explorer.first} and {explorer.second}", PCA: "the main plane of the path"}
    return names.get(explorer.plane, explorer.plane)


def loss_name(explorer):
    """The loss, as one says it."""
    return LOSS_NAMES[explorer.loss]


def short(value, digits=2):
    """A number that never gets wide: with fewer decimals when it is large, as 1e5 when it is huge."""
    if abs(value) >= 9999.5:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")
    return signed(value, digits if abs(value) < 10 else min(digits, 1) if abs(value) < 100 else 0)


def _numbers(seen):
    """For u and v: where it is, the slope, the next step."""
    place, slopes, step = seen.places[-1], seen.slope[0], seen.next_step
    steps = ["", ""] if step is None else [short(value) for value in step]
    return [text for k in (0, 1) for text in (short(place[k]), short(slopes[k]), steps[k])]


def _lines(explorer, seen):
    _, within, across = seen.slope
    frozen = explorer.move == TWO
    return [
        f"loss here {short(seen.losses[-1], 4)}, start {short(seen.losses[0], 4)}",
        f"slope in this plane {short(within, 3)}",
        f"slope across it {short(across, 3)}{', frozen' if frozen else ''}",
        "" if frozen else f"this slice at the start {short(seen.heights[0], 4)}",
    ]


def _course(seen):
    run, at = seen.run, seen.at
    if run.diverged is not None and at == run.last:
        return (
            f"Diverged: at step {at} the loss is over {RUNAWAY:,} times that of the start. Each step lands higher on "
            "the other side, where the slope is steeper still: the learning rate is too large."
        )
    if run.settled is not None and at >= run.settled:
        return f"Converged: since step {run.settled} the slope in what moves is below {run.flat:g}."
    if run.losses[at] > run.losses[0]:
        return f"The loss is higher than at the start: {short(run.losses[at], 3)}, not {short(run.losses[0], 3)}."
    return ""


def _hidden(explorer, seen):
    _, within, across = seen.slope
    if explorer.move == TWO:
        hidden = (
            f"Hidden: the other {len(explorer.params) - 2:,} dimensions. They are frozen, though the loss slopes by "
            f"{short(across, 3)} in them ({short(within, 3)} in this plane)."
        )
    else:
        hidden = (
            f"All {len(explorer.params):,} move: this is a slice through the present point, true there alone; "
            f"{percent(seen.outside, 0)} of the way lies outside of it. At the start it says "
            f"{short(seen.heights[0], 3)}, not {short(seen.losses[0], 3)}."
        )
    if explorer.plane != PCA:
        return hidden
    return f"{hidden} It holds {percent(seen.plane.explained.sum(), 0)} of the path's variance."


def _notice(places, limits):
    low, high = zip(*limits, strict=True)
    inside = ((places >= low) & (places <= high)).all(axis=1)
    if not inside[-1]:
        return "The path has left this view" if inside[0] else "The path is outside of this view"
    return "" if inside[0] else "The start is outside of this view"
