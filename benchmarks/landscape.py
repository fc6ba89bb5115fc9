"""How long the loss at 101 × 101 points of a plane takes, for a 2-8-8-1 tanh network and 500 examples.

    python benchmarks/landscape.py               measure, write landscape.json and the table in README.md
    python benchmarks/landscape.py --rounds 3 --dry      try it out, write nothing

The readable way (float64), the quick one (float32), and the quick one on a third of the points along each side, which
is what a live figure shows while a knob moves.
"""

import functools

import _report
import numpy as np
from _report import median

from wbviz.engine import Network, loss_surface, random_directions

NET = Network([2, 8, 8, 1], hidden="tanh")
PLANES = {
    "two weights of the first layer": {"axes": (("W", 0, 0, 0), ("W", 0, 1, 2))},
    "a weight of the first layer, one of the second": {"axes": (("W", 0, 0, 0), ("W", 1, 1, 2))},
    "two weights of the second layer": {"axes": (("W", 1, 0, 0), ("W", 1, 1, 2))},
    "weight and bias of the output": {"axes": (("W", 2, 0, 0), ("b", 2, 0))},
    "two random directions": {"directions": random_directions(NET)},
}
WAYS = {
    "readable": {"resolution": 101, "dtype": np.float64},
    "quick": {"resolution": 101, "dtype": np.float32},
    "quick, 34 × 34": {"resolution": 34, "dtype": np.float32},
}


def measure(options):
    """The median milliseconds of each plane in each way, measured in turn."""
    X = np.random.default_rng(0).normal(size=(500, 2))
    y = np.sin(X[:, :1])
    made = _report.machine("numpy")
    ways = {
        (plane, way): functools.partial(loss_surface, NET, X, y, **PLANES[plane], **WAYS[way])
        for plane in PLANES
        for way in WAYS
    }
    seconds = _report.interleaved(ways, options.rounds)
    ms = {plane: {way: 1000 * median(seconds[plane, way]) for way in WAYS} for plane in PLANES}
    ratios = {f"{plane}: quick": _report.ratios(seconds, (plane, "quick"))[plane, "readable"] for plane in PLANES}
    return {"machine": made, "rounds": options.rounds, "ms": ms, "ratios": ratios}


def table(report):
    """The report as Markdown."""
    rows = [[plane, *(f"{ms[way]:.0f}" for way in WAYS)] for plane, ms in report["ms"].items()]
    return _report.markdown(["plane", *(f"{way}, ms" for way in WAYS)], rows) + "\n\n" + _report.where(report)


if __name__ == "__main__":
    _report.main("landscape", __doc__, measure, table, rounds=15, quick=3)
