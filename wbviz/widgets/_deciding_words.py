"""What FairnessLab says: how often each group is approved, whether the data can tell, and which goals collide."""

import numpy as np

from wbviz.engine import GOALS, METRICS
from wbviz.widgets import _deciding as experiment
from wbviz.widgets import _deciding_views as views
from wbviz.widgets._deciding import AGE, LEVEL, MADE, SEX, SHOWN
from wbviz.widgets._deciding_views import points, share
from wbviz.widgets._words import percent

HEADINGS = {SEX: "German credit by sex", AGE: "German credit by age", MADE: "Two made-up groups"}
RATE_NAMES = ("approved", "TPR (y = 1)", "FPR (y = 0)", "precision", "accuracy")
PEOPLE = {"female": "women", "male": "men", "B": "members of B", "A": "members of A"}


def heading(e):
    return f"{HEADINGS[e.dataset]}: {len(e.known.learned)} rows learned from, {len(e.known.unseen)} never seen"


def state(e):
    return f"{_network(e)}, {_penalty(e)}, L2 {e.l2:g}, seed {e.seed}: accuracy {percent(e.accuracy())}"


def _network(e):
    return f"A {'-'.join(map(str, e.network.sizes))} network"


def _penalty(e):
    lam = f"λ = {e.lam:g} on {e.goal}" if e.lam and e.goal_name in experiment.PENALISED else "no fairness penalty"
    return f"{lam}{', reweighed' if e.reweigh else ''}"


def _people(name):
    return PEOPLE.get(name, f"people {name}")


# --- rates ------------------------------------------------------------------------------------------------------------


def rates(e):
    """What the scene's Rates take."""
    found, names = e.judged, e.known.names
    spans = [experiment.spans(found, name) for name in SHOWN]
    return {
        "values": np.stack([found.rates.by_group[name] for name in SHOWN], axis=1),
        "low": np.stack([low for low, _ in spans], axis=1),
        "high": np.stack([high for _, high in spans], axis=1),
        "marked": [name in GOALS[e.goal_name].metrics for name in SHOWN],
        "numbers": [share(found.rates.by_group[name][k]) for k in (0, 1) for name in SHOWN],
        "gaps": [gap_text(e, name) for name in SHOWN],
        "title": "Unseen rows, by group",
        "keys": [f"{name}: {count}" for name, count in zip(names, found.rates.count, strict=True)],
        "names": RATE_NAMES,
        "says": _below(e),
    }


def _below(e):
    first, second = e.known.names
    value = e.unfairness()
    missed_by = f"missed by {points(value)} points" if np.isfinite(value) else "undefined here"
    return (
        f"Goal (shaded): {missed_by}.",
        f"Right: {first} − {second}, in points,",
        f"{100 * LEVEL:.0f} % interval; *: it leaves out 0.",
    )


def gap_text(e, name):
    """The gap of a rate in points with its interval; a star where that leaves out 0."""
    gap, (low, high) = e.gap(name), e.interval(name)
    if not np.isfinite(gap):
        return METRICS[name].missing
    if not np.isfinite([low, high]).all():
        return points(gap)
    return f"{points(gap)} ({points(low)} to {points(high)}){' *' if e.certain(name) else ''}"


def missed(e):
    """How far the goal is missed, one short sentence."""
    value = e.unfairness()
    if not np.isfinite(value):
        return f"{_capital(e.goal)} cannot be judged here."
    return f"{_capital(e.goal)}: missed by {points(value)} points."


# --- the whole figure in words ----------------------------------------------------------------------------------------


def description(e):
    """The setting, the relation between the groups, the goal, what is undefined, and the view."""
    return " ".join([_setting(e), relation(e), _on_goal(e), *_undefined(e), views.VIEWS[e.view][1](e)])


def _setting(e):
    first, second = e.both
    names = e.known.names
    at = f"{first:.2f} ({names[0]}) and {second:.2f} ({names[1]})" if e.apart else f"{first:.2f} in both groups"
    world = ""
    if e.dataset == MADE:
        world = (
            f" (share of B {e.share_b:g}, base rates {points(e.base_gap)} points apart, label bias {e.label_bias:g}, "
            f"proxy {e.proxy:g}; judged by what is {e.judge})"
        )
    column = f"its column {experiment.COLUMNS[e.dataset]!r} is {'an input' if e.column else 'left out'}"
    return (
        f"{HEADINGS[e.dataset]}{world}, seed {e.seed}. {_network(e)} learned from {len(e.known.learned)} rows; "
        f"{column}; {_penalty(e)}, L2 {e.l2:g}. Approved above {at}; accuracy on "
        f"{len(e.known.unseen)} unseen rows {percent(e.accuracy())}."
    )


def relation(e):
    """Who is approved less often, by how much, and whether so few rows can tell."""
    rates, names = e.judged.rates.selection_rate, e.known.names
    if not np.isfinite(rates).all():
        return "One of the groups has no row here."
    gap, how = float(rates[0] - rates[1]), "less" if rates[0] < rates[1] else "more"
    first, second = map(_people, names)
    if gap == 0:
        return f"{_capital(first)} and {second} are approved equally often, {percent(rates[0])}."
    return (
        f"{_capital(first)} are approved {points(abs(gap))} points {how} often than {second} ({percent(rates[0])} "
        f"against {percent(rates[1])}); {_certainty(e, 'selection_rate')}"
    )


def _certainty(e, name):
    low, high = e.interval(name)
    if not np.isfinite([low, high]).all():
        return "there are too few rows for an interval."
    span = f"the {100 * LEVEL:.0f} % interval of the difference, {points(low)} to {points(high)},"
    return f"{span} {'leaves out 0.' if e.certain(name) else 'includes 0, so this data cannot tell.'}"


def _on_goal(e):
    """How far the goal is missed, and what the data can tell of its rates; approval was told before."""
    told = [
        f"{_capital(METRICS[name].label)} {share(rates[0])} against {share(rates[1])}; {_certainty(e, name)}"
        for name in GOALS[e.goal_name].metrics
        if name != "selection_rate" and np.isfinite(rates := e.judged.rates.by_group[name]).all()
    ]
    return " ".join([missed(e), *told])


def _undefined(e):
    """The rates that a group does not have, and why."""
    return [text for name in SHOWN if (text := e.judged.rates.undefined(name))]


def _capital(text):
    return text[:1].upper() + text[1:]
