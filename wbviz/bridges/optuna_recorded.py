"""What Optuna advised, kept in the package: where it is not installed, its searches are played again from this."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("optuna_advice.json")


class Advice(NamedTuple):
    """What TPE said to try in one search, trial by trial: a list of settings. date, versions: when, and by what."""

    settings: list
    date: str
    versions: str


@cache
def _kept():
    return json.loads(FILE.read_text(encoding="utf-8"))


def recorded(key):
    """The Advice kept under a key, made of the names of a search; None where there is none."""
    kept = _kept()
    if key not in kept["advice"]:
        return None
    rows = kept["advice"][key]
    return Advice([dict(zip(kept["names"], row, strict=True)) for row in rows], kept["date"], kept["versions"])


def measured():
    """The recorded comparison of TPE and random search: {data set: {way: {"best": [...], "kept": [...]}}}, and when.

    Keys "date", "versions", "seeds", "trials", "found".
    """
    kept = _kept()
    return kept["comparison"] | {name: kept[name] for name in ("date", "versions")}


def keys():
    """Which searches are kept."""
    return tuple(_kept()["advice"])
