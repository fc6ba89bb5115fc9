"""Trainings of the other libraries that were recorded once, for readers who have not installed them."""

import json
from functools import cache
from importlib.resources import files

from .comparing import Comparison, Trained

FILE = "recorded_comparisons.json"


@cache
def _recorded():
    return json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))


def recorded_on():
    """Where and when the recorded trainings were made: `date` (ISO), `processor`, `versions` by library, `steps`."""
    return {name: value for name, value in _recorded().items() if name != "runs"}


def recorded_comparison(settings):
    """The recorded Comparison for a dict of `settings`, or None: times, and the losses of the others."""
    for run in _recorded()["runs"]:
        if run["settings"] == settings:
            versions = _recorded()["versions"]
            return Comparison(
                {
                    name: Trained(versions[name], run["losses"].get(name, []), [seconds])
                    for name, seconds in run["seconds"].items()
                }
            )
    return None
