"""How long the loss at 101 × 101 points of a plane takes, for a 2-8-8-1 tanh network and 500 examples.

    python benchmarks/landscape.py               measure, write landscape.json and the table in README.md
    python benchmarks/landscape.py --rounds 3 --dry      try it out, write nothing

The readable way (float64), the quick one (float32), and the quick one on a third of the points along each side, which
is what a live figure shows while a knob moves.
"""

import argparse
import importlib.metadata
import json
import os
import re
import statistics
import time
from pathlib import Path

import numpy as np
from latency import processor

from wbviz.engine import Network, loss_surface, random_directions

HERE = Path(__file__).resolve().parent
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


def run(rounds):
    """The median milliseconds of each plane in each way, measured in turn."""
    X = np.random.default_rng(0).normal(size=(500, 2))
    y = np.sin(X[:, :1])
    times = {(plane, way): [] for plane in PLANES for way in WAYS}
    for _ in range(rounds + 1):
        for plane, way in times:
            start = time.perf_counter()
            loss_surface(NET, X, y, **PLANES[plane], **WAYS[way])
            times[plane, way].append(1000 * (time.perf_counter() - start))
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "numpy": importlib.metadata.version("numpy"),
        "rounds": rounds,
        "ms": {plane: {way: round(statistics.median(times[plane, way][1:]), 1) for way in WAYS} for plane in PLANES},
    }


def table(report):
    """The report as Markdown."""
    lines = [f"| plane | {' | '.join(f'{way}, ms' for way in WAYS)} |", "|---|" + "---|" * len(WAYS)]
    lines += [f"| {plane} | {' | '.join(f'{ms[way]:.0f}' for way in WAYS)} |" for plane, ms in report["ms"].items()]
    how = f"Medians of {report['rounds']} rounds, on {report['machine']}, numpy {report['numpy']}."
    return "\n".join([*lines, "", how])


def write(report):
    (HERE / "landscape.json").write_text(json.dumps(report, indent=2) + "\n")
    readme = HERE / "README.md"
    marked = f"<!-- landscape:begin -->\n{table(report)}\n<!-- landscape:end -->"
    text = re.sub(r"<!-- landscape:begin -->.*<!-- landscape:end -->", lambda _: marked, readme.read_text(), flags=re.S)
    readme.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    report = run(options.rounds)
    print(table(report))
    if not options.dry:
        write(report)


if __name__ == "__main__":
    main()
