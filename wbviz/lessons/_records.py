"""What a progress file holds: reading it with care, and merging two of them so that the better of both is kept.

    {"version": 1,
     "predictions": {"01/threshold": {"first": {"answer", "near", "when"}, "latest": {…}, "count"}},
     "exercises":   {"01/and-gate": {"attempts", "hints", "solved", "when", "state"}},
     "claims":      {"01/xor": {"verdict", "numbers", "text", "when"}},
     "self_tests":  {"12 questions, seed 0": {"answers": {"bias-alone": {"answer", "near", "when"}}, "when",
                                              "best": {"right", "of", "when", "chapters": {"1": [right, of]}}}}}

Keys that this version does not know are kept as they are.
"""

import json

from wbviz.lessons._text import plain

VERSION = 1
#: What a chapter's items are recorded as.
KINDS = ("predictions", "exercises", "claims")
RECORDS = (*KINDS, "self_tests")
#: The most that is read from a file a learner loads, in characters.
SIZE_LIMIT = 2_000_000

_TYPES = {
    "predictions": {"first": dict, "latest": dict, "count": int},
    "exercises": {"attempts": int, "hints": int, "solved": bool, "when": str, "state": dict},
    "claims": {"verdict": str, "numbers": dict, "text": str, "when": str},
    "self_tests": {"answers": dict, "best": dict, "when": str},
}


def empty():
    """A progress without anything in it."""
    return {"version": VERSION, **{kind: {} for kind in RECORDS}}


def parse(text):
    """Read a progress file's text → dict. Raises ValueError, with a sentence, when it is none."""
    try:
        data = plain(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not complete JSON ({error})") from None
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        raise ValueError("it holds no wbviz progress (no version number in it)")
    for kind in RECORDS:
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
        if kind == "self_tests" and not _is_self_test(record):
            raise ValueError(f"{kind} → {name} has an unexpected value")


def _is_self_test(record):
    """Its answers are records; a best result has whole numbers of questions, in all and by chapter."""
    best = record.get("best", {"right": 0, "of": 0})
    chapters = best.get("chapters", {})
    pairs = [[best.get("right"), best.get("of")], *(chapters.values() if isinstance(chapters, dict) else [None])]
    whole = all(isinstance(pair, list) and [type(count) for count in pair] == [int, int] for pair in pairs)
    return whole and all(isinstance(answer, dict) for answer in record.get("answers", {}).values())


def merge(mine, other):
    """Join two progresses: what only one has is kept, of what both have the better; `mine` wins a draw."""
    merged = {**other, **mine, "version": max(mine["version"], other["version"])}
    for kind in RECORDS:
        ours, theirs = mine.get(kind, {}), other.get(kind, {})
        better = {name: _BETTER[kind](ours[name], theirs[name]) for name in ours.keys() & theirs.keys()}
        merged[kind] = {**theirs, **ours, **better}
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


def _better_self_test(mine, other):
    """The answers of the one that was worked on last, and the best result of both."""
    results = [record["best"] for record in (mine, other) if "best" in record]
    best = {"best": max(results, key=share)} if results else {}
    return {**_newer(mine, other), **best}


def share(result):
    """The share of right answers in a self-test's result, 0 when it has none."""
    return result["right"] / result["of"] if result["of"] > 0 else 0.0


def _when(record):
    return str(record.get("when", ""))


_BETTER = {
    "predictions": _better_prediction,
    "exercises": _better_exercise,
    "claims": _newer,
    "self_tests": _better_self_test,
}
