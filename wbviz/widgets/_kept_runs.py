"""Finished training runs as plain data: what each followed from, its losses, and what differs between several."""

import hashlib
import json
import math
from itertools import count, takewhile

import numpy as np

from wbviz.scenes.runs import MOST_RUNS
from wbviz.widgets._words import plural

LONGEST_NAME = 40
#: A kept curve has at most so many points, evenly spread, the first and the last among them.
MOST_POINTS = 120
KEYS = {"name", "settings", "epochs", "train", "validation", "start", "numbers", "shown"}


def remembered(runs, finished):
    """The list of runs with a finished one at its end, under the first free name. ValueError when five are kept."""
    if len(runs) >= MOST_RUNS:
        raise ValueError(f"{MOST_RUNS} runs are kept already. Delete one first.")
    taken = {run["name"] for run in runs}
    name = next(name for name in (f"run {k}" for k in count(1)) if name not in taken)
    curves = [finished["train"], finished.get("validation") or finished["train"]]
    length = sum(1 for _ in takewhile(lambda values: all(map(math.isfinite, values)), zip(*curves, strict=True)))
    if length == 0:
        raise ValueError("There is no finite loss in this run, so nothing of it can be kept.")
    rows = np.unique(np.linspace(0, length - 1, min(length, MOST_POINTS)).round().astype(int))
    start = np.asarray(finished.get("start", ()), dtype=float)
    run = {
        "name": name,
        "settings": dict(finished["settings"]),
        "epochs": [_plain(finished["epochs"][row]) for row in rows],
        "train": [_rounded(finished["train"][row]) for row in rows],
        "validation": [_rounded(finished["validation"][row]) for row in rows] if finished.get("validation") else [],
        "start": hashlib.sha1(start.tobytes()).hexdigest()[:12] if start.size else "",
        "numbers": {key: _rounded(value) for key, value in finished.get("numbers", {}).items()},
        "shown": True,
    }
    return [*runs, run]


def renamed(runs, index, name):
    """The runs with another name for one of them: not empty, at most 40 characters, and no other run's."""
    name = " ".join(str(name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters, this one has {len(name)}.")
    if name in {run["name"] for i, run in enumerate(runs) if i != index}:
        raise ValueError(f"Another run is called {name!r} already.")
    return _changed(runs, index, name=name)


def checked_runs(value):
    """At most five runs as `remembered` makes them, plain and finite. Raises ValueError."""
    if not isinstance(value, (list, tuple)) or len(value) > MOST_RUNS:
        raise ValueError(f"expected a list of at most {MOST_RUNS} runs, but got {_short(value)}.")
    runs = [_checked_run(run, f"run {k + 1}") for k, run in enumerate(value)]
    if len({run["name"] for run in runs}) < len(runs):
        raise ValueError("two runs have the same name.")
    return runs


def differing(runs):
    """The settings that are not the same in all runs: name → their values as texts, one for each run."""
    names = dict.fromkeys(name for run in runs for name in run["settings"])
    columns = {name: [run["settings"].get(name) for run in runs] for name in names}
    return {name: _told_apart(values) for name, values in columns.items() if any(v != values[0] for v in values)}


def _checked_run(run, name):
    if not isinstance(run, dict) or set(run) != KEYS:
        raise ValueError(f"{name} must have {', '.join(sorted(KEYS))}, but is {_short(run)}.")
    texts = isinstance(run["name"], str) and isinstance(run["start"], str) and isinstance(run["shown"], bool)
    if not texts or not 1 <= len(run["name"]) <= LONGEST_NAME or len(run["start"]) > 64:
        raise ValueError(f"{name} must have a name of 1 to {LONGEST_NAME} characters, a start (text) and shown (bool).")
    for key in ("settings", "numbers"):
        if not isinstance(run[key], dict) or not all(isinstance(inner, str) for inner in run[key]):
            raise ValueError(f"the {key} of {name} must be named values, but are {_short(run[key])}.")
    _refuse_odd(run["settings"], f"the settings of {name}")
    curves = {key: _finite(run[key], f"{key} of {name}") for key in ("epochs", "train", "validation")}
    length = len(curves["epochs"])
    if not 1 <= length <= MOST_POINTS or len(curves["train"]) != length or len(curves["validation"]) not in (0, length):
        raise ValueError(f"the curves of {name} must have the same 1 to {MOST_POINTS} points.")
    numbers = dict(zip(run["numbers"], _finite(list(run["numbers"].values()), f"numbers of {name}"), strict=True))
    return run | curves | {"numbers": numbers, "settings": dict(run["settings"])}


def _refuse_odd(settings, name):
    """What JSON cannot hold would be lost with the state."""
    try:
        json.dumps(settings, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be plain values, but are {_short(settings)}.") from None


def _finite(values, name):
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"{name} must be a list of numbers, but is {_short(values)}.")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{name} must be finite numbers, but hold {_short(value)}.")
    return list(values)


def _changed(runs, index, **values):
    return [run | values if i == index else run for i, run in enumerate(runs)]


def _told_apart(values):
    """Values as texts; different ones that would read alike (two sets of 40 points) get a letter."""
    texts = [_told(value) for value in values]
    kinds = {}
    for text, value in zip(texts, values, strict=True):
        known = kinds.setdefault(text, [])
        if value not in known:
            known.append(value)
    return [
        text if len(kinds[text]) == 1 else f"{text} ({'abcde'[kinds[text].index(value)]})"
        for text, value in zip(texts, values, strict=True)
    ]


def _told(value):
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        return f"{value:g}".replace("-", "−")
    if isinstance(value, (list, tuple)):
        plain = len(value) <= 8 and all(isinstance(item, (int, float, str)) for item in value)
        return (", ".join(map(_told, value)) or "none") if plain else plural(len(value), "item")
    return str(value).replace("_", " ")


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value


def _rounded(value):
    return float(f"{float(value):.5g}")


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
