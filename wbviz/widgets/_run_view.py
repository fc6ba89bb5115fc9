"""What RunBoard hands to its scene, and the sentence that says it."""

import numpy as np

from wbviz.widgets import _run_charts as charts
from wbviz.widgets import _run_words as words
from wbviz.widgets._run_charts import named, partner
from wbviz.widgets._run_live import PARTS
from wbviz.widgets._words import plural

HINT = "Drag in the plots: a run, a brush, a step. Keys: ← → step, ↑ ↓ run"


def picture(board):
    """The arguments of RunBoardScene.update."""
    runs, (one, other) = board.runs, board._pair()
    axes = charts.axes_of(runs, board.metric)
    inside = board._inside(axes)
    part = f"{PARTS[board.quantity]}{board.layer}"
    spread = None if one is None else charts.spread(one, part, board.step)
    curves = _curves(board, runs, (one, other), inside)
    return curves, _parallel(board, axes, inside), spread, _texts(board, axes, inside)


def _curves(board, runs, pair, inside):
    metric, smoothing = board.metric, board.smoothing
    all_curves = charts.curves(runs, metric, smoothing)
    shown = []
    for run in pair:
        shown += [None if run is None else charts.curve(run, name, smoothing) for name in (metric, partner(metric))]
    chosen = [run for run in pair for _ in (0, 1)]
    span = charts.span([*runs, *chosen], [*all_curves, *shown], board.log)
    sides = {True: [], False: []}
    for points, within in zip(all_curves, inside, strict=True):
        if points is not None:
            sides[bool(within)].append(points)
    return {
        "outside": sides[False], "inside": sides[True], "lines": shown, "last": charts.last_step(runs), "span": span,
        "log": board.log, "at": board.step,
    }  # fmt: skip


def _parallel(board, axes, inside):
    lines = charts.fan(axes)
    chosen = [lines[k - 1] if 1 <= k <= len(lines) else None for k in (board.run, board.other)]
    names = [axis.name for axis in axes]
    brush = (names.index(board.axis), *board.span) if board.axis in names else None
    return {
        "axes": [(named(axis.name), axis.ticks) for axis in axes], "outside": lines[~inside], "inside": lines[inside],
        "chosen": chosen, "brush": brush,
    }  # fmt: skip


def _texts(board, axes, inside):
    runs, (one, other) = board.runs, board._pair()
    smooth = f", smoothed by {board.smoothing:.2f}" if board.smoothing else ""
    log = ", log axis" if board.log else ""
    part = f"{PARTS[board.quantity]}{board.layer}"
    noted = "" if one is None or part in one.parts or one.moments(part) else ", not noted"
    layer = (
        "" if one is None else f"{board.quantity.capitalize()} of layer {board.layer}: {words.cut(one.name, 14)}{noted}"
    )
    title = f"{named(board.metric).capitalize()}{log}{smooth}"
    return {
        "heading": _heading(board, runs),
        "titles": (title, _brush_title(board, axes, inside), layer) if one is not None else ("",) * 3,
        "says": (*_sayings(board, one, other), _hint(board)) if one is not None else ("",) * 5,
        "table": words.compared(one, other) if one is not None else [],
        "nothing": "" if runs else empty(board),
    }  # fmt: skip


def _heading(board, runs):
    if board.folder:
        return f"{plural(len(runs), 'run')} of your own", f"in {words.cut(board.folder, 80)}"
    return (
        f"{plural(len(runs), 'run')} on {board.dataset}, seed {board.seed}",
        "2-h-1 tanh networks, 30 noisy examples, 200 steps. To answer ½ always costs a loss of 0.25",
    )


def _brush_title(board, axes, inside):
    if board.axis not in [axis.name for axis in axes]:
        return "Settings and outcome of all runs"
    return f"Brush on {named(board.axis)}: {int(inside.sum())} of {plural(len(inside), 'run')}"


def _sayings(board, one, other):
    """Four lines under the table."""
    told = [words.verdict(run, _writing(board, run)) if run is not None else "" for run in (one, other)]
    swap = "" if other is None else f"“Train it”: not both have noted {named(board.swap)}."
    if board.can_swap(board.swap):
        mine, theirs = (charts.told(run.settings[board.swap]) for run in (one, other))
        swap = f"“Train it”: {one.name} with {named(board.swap)} {theirs} ({other.name}’s)."
        swap = f"“Train it” changes nothing: both have {named(board.swap)} {mine}." if mine == theirs else swap
    return *told, words.difference(one, other), swap


def _writing(board, run):
    return bool(board.folder) and run.status is None and board.store.writing(run.name)


def _hint(board):
    notes = board.notes_of()
    return f"Note: {words.cut(notes[-1], 90)}" if notes else HINT


def empty(board):
    """What is said in the place of runs where there are none."""
    problems = board.store.problems if board.folder else []
    lines = problems or [f"There is no run in {board.folder!r} yet."]
    return "\n".join(
        [*(words.cut(line, 100) for line in lines[:4]), "train(…, logger=RunWriter(folder)) notes one there."]
    )


def nearest_run(board, x, pixel):
    """The number of the run whose curve passes nearest to a place in the curves; the one there is if none is drawn."""
    found = []
    for k, points in enumerate(charts.curves(board.runs, board.metric, board.smoothing)):
        if points is not None and points[0, 0] <= x <= points[-1, 0]:
            height = np.interp(x, *points.T)
            found.append((abs(board.scene.curves.transData.transform((x, height))[1] - pixel[1]), k + 1))
    return min(found, default=(0, board.run))[1]


def sentence(board):
    """The picture in words."""
    runs, (one, other) = board.runs, board._pair()
    if one is None:
        return f"No runs to show. {empty(board)}".replace("\n", " ")
    kinds = [charts.judged(run).kind for run in runs]
    counted = ", ".join(f"{kinds.count(kind)} {name}" for kind, name in words.KINDS.items() if kind in kinds)
    notes, log = board.notes_of(), " on a logarithmic axis" if board.log else ""
    smooth = f"smoothed by {board.smoothing:.2f}" if board.smoothing else "not smoothed"
    part = f"{PARTS[board.quantity]}{board.layer}"
    parts = [
        f"{'. '.join(_heading(board, runs))}. Of these runs: {counted}.",
        _one(one, other, board),
        words.difference(one, other) if other is not None else "",
        f"Shown is the {named(board.metric)}{log}, {smooth}.",
        words.brushed(board, board.brushed()) if board.axis in board._axis_names() else "",
        words.spread_in_words(board, charts.spread(one, part, board.step), part),
        _sayings(board, one, other)[3],
        f"Notes on {one.name}: {'; '.join(notes)}." if notes else "",
        " ".join(one.problems[:3] + (board.store.problems[:3] if board.folder else [])),
    ]
    return " ".join(part for part in parts if part)


def _one(one, other, board):
    """How the run looked at went, and the other one, each with its settings."""
    told = []
    for run in (one, other):
        if run is not None:
            pairs = [f"{named(name)} {charts.told(value)}" for name, value in list(run.settings.items())[:8]]
            settings = ", ".join(pairs) or "no settings noted"
            told.append(f"{words.verdict(run, _writing(board, run))[:-1]} (with {settings}).")
    return " ".join(told)
