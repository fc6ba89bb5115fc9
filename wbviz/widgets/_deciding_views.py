"""What each view of FairnessLab shows and says: scores, slices, the frontier, and two goals that collide."""

import numpy as np

from wbviz.engine import METRICS, implied_fpr
from wbviz.widgets import _deciding as experiment
from wbviz.widgets import _deciding_parts as parts
from wbviz.widgets._deciding import DESERVED, LEVEL, MADE, PENALISED, SHOWN, STRENGTHS
from wbviz.widgets._deciding_parts import SPLITS
from wbviz.widgets._words import percent, plural, signed

#: The rates of the table.
HEADS = ("approved", "TPR", "FPR", "precision")


def classes(e):
    """What y = 0 and y = 1 are called."""
    if e.dataset != MADE:
        return "bad risk", "good risk"
    return ("undeserving", "deserving") if e.judge == DESERVED else ("recorded no", "recorded yes")


def share(value):
    """A share of 1 in per cent; "none" where it is undefined."""
    return percent(value) if np.isfinite(value) else "none"


def points(value):
    """A difference of shares in percentage points."""
    return signed(100 * value, 1)


def scores(e):
    found, names = e.judged, e.known.names
    counts = found.rates.counts
    titles, says = [], []
    for k, name in enumerate(names):
        base, chosen = (share(found.rates.by_group[rate][k]) for rate in ("base_rate", "selection_rate"))
        titles.append(f"{name}: {plural(int(found.rates.count[k]), 'row')}, {base} {classes(e)[1]}")
        says.append(f"approved above {e.both[k]:.2f}: {chosen}")
    keys = (
        f"Up: {classes(e)[1]}. Down: {classes(e)[0]}. Filled: approved.",
        "Across: the probability of y = 1. Heights: own scales.",
        f"Drag a line; ← → ({names[0]}), ↓ ↑ ({names[1]})."
        if e.apart
        else "Drag a line, or ← →; with Shift one group alone.",
    )
    return {
        "shares": experiment.histograms(found, names), "thresholds": e.both, "titles": titles, "says": says,
        "counts": [[f"FN {c[2]}", f"TP {c[3]}", f"TN {c[0]}", f"FP {c[1]}"] for c in counts], "keys": keys,
    }  # fmt: skip


def table(e):
    lines, n = e.slices(), len(HEADS)
    numbers = [text for line in lines for text in (str(line.count), share_of(line.base_rate))]
    return {
        **{name: np.array([getattr(line, name)[:n] for line in lines]) for name in ("rates", "low", "high")},
        "names": [line.name for line in lines], "numbers": numbers, "breaks": _breaks(lines),
        "texts": [share_of(rate) for line in lines for rate in line.rates[:n]],
        "title": f"Every slice of the unseen rows, with {100 * LEVEL:.0f} % intervals (Wilson); dotted: all rows",
        "heads": HEADS, "says": _on_slices(e, lines),
    }  # fmt: skip


def _breaks(lines):
    """The lines that begin another kind of slice."""
    kinds = [line.kind for line in lines]
    return [k for k in range(1, len(lines)) if kinds[k] != kinds[k - 1]]


def share_of(value):
    """A share as a whole per cent, short; a dash where it is undefined."""
    return f"{100 * value:.0f} %" if np.isfinite(value) else "–"


def _on_slices(e, lines):
    """Three lines: the smallest slice and how little is known of it, and which rates are undefined."""
    small, n = min((line for line in lines if line.count), key=lambda line: line.count), len(HEADS)
    wide = np.where(np.isfinite(small.rates), small.high - small.low, 0)[:n]
    k = int(wide.argmax())
    lacking = [
        f"{line.name}, {HEADS[j]} ({METRICS[SHOWN[j]].missing})"
        for line in lines
        for j, rate in enumerate(line.rates[:n])
        if not np.isfinite(rate)
    ]
    more = f"; and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    return (
        f"The smallest slice is {small.name}, with {plural(small.count, 'row')}.",
        f"Its {HEADS[k]} may lie anywhere from {share_of(small.low[k])} to {share_of(small.high[k])}.",
        f"Undefined: {lacking[0]}{more}." if lacking else "Every rate is defined in every slice.",
    )


def frontier(e):
    found, splits = e.path(), e.splits
    means = [None] * 2 if found is None else [np.array(found.mean()), np.array(found.error())]
    own = None if found is None else np.array([values[0] for values in found])
    return {
        "mean": means[0], "error": means[1], "own": own, "star": (e.unfairness(), e.accuracy()),
        "chance": parts.chance(e.judged.rates, e.goal_name),
        "ends": (f"λ = {STRENGTHS[0]:g}", f"λ = {STRENGTHS[-1]:g}"),
        "title": "What a fairer network costs in accuracy", "second": _progress(e, splits),
        "upright": "↑ accuracy on unseen rows", "along": f"{e.goal}: missed by, points",
        "says": (*_cost(e, found), "Star: this network. Dotted: chance alone."),
    }  # fmt: skip


def _progress(e, splits):
    if e.goal_name not in PENALISED:
        return "No penalty can pull at precision: see its thresholds."
    networks = f"{SPLITS} splits × {len(STRENGTHS)} strengths"
    if not splits and e.computing:
        return f"Under way: {networks}."
    if not splits:
        return f"Press “Compute the frontier”: {networks}."
    if len(splits) == 1:
        return f"1 of {SPLITS} splits so far: this one"
    done = f"{len(splits)} of {SPLITS} splits" if len(splits) < SPLITS else f"{SPLITS} splits"
    return f"Mean of {done} ± standard error; dashes: this split"


def _cost(e, found):
    """Two lines: what λ changes, split by split."""
    if found is None or len(found.unfair) < 2:
        return "", ""
    lam = e.lam or STRENGTHS[-1]
    change = found.change(lam)
    if not np.isfinite(change).all():
        return "A group has none of the goal's rates in any", "of these splits: there is nothing to compare."
    unfair, right = (f"{points(mean)} ± {points(error)}" for mean, error in change)
    return f"λ = {lam:g} against λ = 0, points, split by split:", f"missed by {unfair}; accuracy {right}."


def conflict(e):
    found, names = e.judged, e.known.names
    curves = [(one.rate("fpr"), one.rate("tpr")) for one in experiment.curves(found, names)]
    level, slopes = e.common_precision(), e.slopes()
    return {
        "curves": curves, "at": list(zip(found.rates.fpr, found.rates.tpr, strict=True)), "slopes": slopes,
        "names": [f"{name}: {share_of(level)}" for name in names],
        "title": "Equal precision and equal error rates?", "says": _proof(e, level),
    }  # fmt: skip


def _proof(e, level):
    """Six lines: the identity with each group's numbers, and what equal precision asks for."""
    found, lines = e.judged.rates, []
    for k, name in enumerate(e.known.names):
        p, ppv, tpr, fpr = (float(found.by_group[rate][k]) for rate in ("base_rate", "ppv", "tpr", "fpr"))
        if np.isfinite([ppv, tpr, fpr]).all() and ppv > 0:
            product = f"{p:.2f}/{1 - p:.2f} · {1 - ppv:.2f}/{ppv:.2f} · {tpr:.2f}"
            lines.append(f"{name}: {product} = {percent(float(implied_fpr(p, ppv, 1 - tpr)))}")
        else:
            lines.append(f"{name}: undefined, {_lacking(found, k)}")
    return "FPR = p/(1 − p) · (1 − PPV)/PPV · TPR, p: base rate.", *lines, *_collision(e, level)


def _lacking(found, k):
    return next(
        (METRICS[rate].missing for rate in ("ppv", "tpr", "fpr") if not np.isfinite(found.by_group[rate][k])),
        "no row approved rightly",
    )


def _collision(e, level):
    asked = e.asked()
    if asked is None:
        return "Lines of equal precision: there are none here.", "", ""
    tpr, fprs = asked
    if level == 1:
        return (
            "With 100 % precision nobody is approved wrongly:",
            "FPR is 0 in both groups, and both goals can hold.",
            "",
        )
    if abs(fprs[0] - fprs[1]) < 1e-9:
        return (
            f"Precision {share_of(level)} for both groups is one line, since",
            "the base rates are equal: both goals can hold.",
            "",
        )
    first, second = map(percent, fprs)
    return (
        f"Thin lines: {share_of(level)} precision in each group; they meet",
        f"at 0 alone. With TPR {share_of(tpr)} in both, FPR would have",
        f"to be {first} and {second}: never the same.",
    )


def on_scores(e):
    counts = e.judged.rates.counts
    refused = [f"{name} {c[2]} of {c[2] + c[3]}" for name, c in zip(e.known.names, counts, strict=True)]
    return f"Shown: the scores. Refused although {classes(e)[1]}: {' and '.join(refused)}."


def on_table(e):
    return f"Shown: the slices. {' '.join(_on_slices(e, e.slices())).strip()}"


def on_frontier(e):
    found = e.path()
    level = parts.chance(e.judged.rates, e.goal_name)
    chance = f"Chance alone would make about {points(level)} points." if np.isfinite(level) else ""
    progress = _progress(e, e.splits).rstrip(".")
    return " ".join(["Shown: the frontier.", f"{progress}.", *filter(None, (*_cost(e, found), chance))])


def on_conflict(e):
    first, *groups = _proof(e, e.common_precision())
    return f"Shown: the conflict. {first} {'; '.join(groups[:2])}. {' '.join(groups[2:])}".strip()


#: Each view: what its part of the scene takes, and what is said of it.
VIEWS = {
    "scores": (scores, on_scores),
    "slices": (table, on_table),
    "frontier": (frontier, on_frontier),
    "conflict": (conflict, on_conflict),
}
