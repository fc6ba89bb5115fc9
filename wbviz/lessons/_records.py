"""What a progress file holds: reading it with care, and merging two of them so that the better of both is kept.

    {"version": 1,
     "predictions": {"01/threshold": {"first": {"answer", "near", "when"}, "latest": {…}, "count"}},
     "exercises":   {"01/and-gate": {"attempts", "hints", "solved", "when", "state"}},
     "claims":      {"01/xor": {"verdict", "numbers", "text", "when"}}}

Keys that this version does not know are kept as they are.
"""

import json

from wbviz.lessons._text import plain

VERSION = 1
KINDS = ("predictions", "exercises", "claims")
#: The most that is read from a file a learner loads, in characters.
SIZE_LIMIT = 2_000_000

_TYPES = {
    "predictions": {"first": dict, "latest": dict, "count": int},
    "exercises": {"attempts": int, "hints": int, "solved": bool, "when": str, "state": dict},
    "claims": {"verdict": str, "numbers": dict, "text": str, "when": str},
}


def empty():
    """A progress without anything in it."""
    return {"version": VERSION, **{kind: {} for kind in KINDS}}


def parse(text):
    """Read a progress file's text → dict. Raises ValueError, with a sentence, when it is none."""
    try:
        data = plain(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not complete JSON ({error})") from None
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        raise ValueError("it holds no wbviz progress (no version number in it)")
    for kind in KINDS:
        _check(kind, data.setdefault(kind, {}))
    return data


def _check(kind, records):
    if not isinstance(records, dict) or not all(isinstance(record, dict) for record in records.values()):
        raise ValueError(f"its “{kind}” are not named records")
    for name, record in records.items():
        for key, kind_of in _TYPES[kind].items():
            if key in record and not isinstance(record[key], kind_of):
                raise ValueError(f"{kind} → {name} → {key} has an unexpected value")
        if kind == "predictions" and not all("answer" in record.get(turn, {}) for turn in ("first", "latest")):
            raise ValueError(f"{kind} → {name} has no answer")


def merge(mine, other):
    """Join two progresses: what only one has is kept, of what both have the better; `mine` wins a draw."""
    merged = {**other, **mine, "version": max(mine["version"], other["version"])}
    for kind in KINDS:
        both = mine[kind].keys() & other[kind].keys()
        better = {name: _BETTER[kind](mine[kind][name], other[kind][name]) for name in both}
        merged[kind] = {**other[kind], **mine[kind], **better}
    return merged


def _better_prediction(mine, other):
    first = min(mine["first"], other["first"], key=_when)
    latest = max(mine["latest"], other["latest"], key=_when)
    count = max(mine.get("count", 1), other.get("count", 1))
    return {**other, **mine, "first": first, "latest": latest, "count": count}


def _better_exercise(mine, other):
    best, rest = sorted((mine, other), key=_merit, reverse=True)
    return {**rest, **best, "attempts": max(mine.get("attempts", 0), other.get("attempts", 0))}


def _merit(exercise):
    """Solved beats unsolved; among the solved fewer hints, among the others more attempts."""
    solved = exercise.get("solved", False)
    return solved, -exercise.get("hints", 0) if solved else exercise.get("attempts", 0)


def _newer(mine, other):
    best, rest = sorted((mine, other), key=_when, reverse=True)
    return {**rest, **best}


def _when(record):
    return str(record.get("when", ""))


_BETTER = {"predictions": _better_prediction, "exercises": _better_exercise, "claims": _newer}
