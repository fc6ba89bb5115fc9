"""A record of a run as a line of JSON, and back. A line that is not whole is told apart from one that is.

A line is written in ASCII and ends in a brace, so that no beginning of a line can be taken for a line. JSON has no
word for NaN and infinity: as values of a metric they are the texts "NaN", "Infinity" and "-Infinity".
"""

import json
import math

from . import checks
from .runs import ENDS

#: How the first line of every run begins: what does not begin so was not written here.
HEAD = b'{"wbviz":"run",'
FORMAT = 1
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def encoded(record):
    """A record as a line: bytes that end in a newline."""
    if record["kind"] == "start":
        record = {"wbviz": "run", "format": FORMAT, **record}
    if record["kind"] == "step":
        record = record | {"metrics": {name: _written(value) for name, value in record["metrics"].items()}}
    return json.dumps(record, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def decoded(line):
    """The record in a line (bytes). Raises ValueError with what is wrong with it, as a part of a sentence."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    if not isinstance(record, dict) or str(record.get("kind")) not in CHECKS:
        raise ValueError("is no record of a run")
    kind = str(record["kind"])
    try:
        return {"kind": kind, **CHECKS[kind](record)}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError(f"holds values that a record of kind {kind!r} cannot have") from None


def ours(beginning):
    """Whether a file that begins with these bytes is a run, or may be the beginning of one that was broken off."""
    return beginning.startswith(HEAD) or HEAD.startswith(beginning)


def _start(record):
    seed, steps = record["seed"], record["steps"]
    return {
        "settings": dict(record["settings"]),
        "seed": seed if seed is None else checks.whole(seed, "seed", 0),
        "steps": steps if steps is None else checks.whole(steps, "steps", 0),
        "versions": {name: str(version) for name, version in record["versions"].items()},
        "started": str(record["started"]),
    }


def _step(record):
    metrics = {str(name): _number(value) for name, value in record["metrics"].items()}
    return {"step": checks.whole(record["step"], "step", 0), "metrics": metrics}


def _histograms(record):
    layers = {str(name): _spread(found) for name, found in record["layers"].items()}
    return {"step": checks.whole(record["step"], "step", 0), "layers": layers}


def _spread(found):
    low, high, mean, sd = (_finite(found[name]) for name in ("low", "high", "mean", "sd"))
    counts = [checks.whole(count, "count", 0) for count in found["counts"]]
    if not low <= high or not 1 <= len(counts) <= 512:
        raise ValueError
    not_finite = checks.whole(found["not_finite"], "not_finite", 0)
    return {"low": low, "high": high, "counts": counts, "mean": mean, "sd": sd, "not_finite": not_finite}


def _note(record):
    if not isinstance(record["text"], str):
        raise TypeError
    return {"text": record["text"]}


def _end(record):
    if record["status"] not in ENDS:
        raise ValueError
    return {"status": record["status"], "reason": str(record["reason"])}


def _written(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _number(value):
    if isinstance(value, str):
        return WORDS[value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return value


def _finite(value):
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)


#: Kind of a record → what checks one that was read, and returns what is kept of it.
CHECKS = {"start": _start, "step": _step, "histograms": _histograms, "note": _note, "end": _end}
