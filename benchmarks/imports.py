"""How long an import takes, and the first figure after it: fresh processes, in turn.

    python benchmarks/imports.py                 measure, write imports.json and the table in README.md
    python benchmarks/imports.py --rounds 2 --dry        try it out, write nothing

Each process first imports what a notebook's kernel has before its first cell (IPython and ipykernel); their time does
not count, nor does Python's start. `a neuron, shown` is the first cells of chapter 01 as a kernel runs them: the names,
the chapter, a Neuron, what Jupyter displays of it (with the still picture), and the first frame for the browser.
"""

import subprocess
import sys

import _report

KERNEL = "import IPython, ipykernel.ipkernel, ipykernel.zmqshell, sys, time"
NAMES = "from wbviz import DecisionLine, Neuron, SignalChain, chapter"
SHOWN = """
shown = Neuron(x=[1.0, 0.5], w=[1.5, -1.0], b=-0.5)
shown._repr_mimebundle_()
shown.picture._handle_custom_msg({"type": "ready", "view": "a", "frame": 1}, [])
assert shown.picture.frames_sent == 1"""
SHOWN_TOO = "chapter 01: a neuron, shown"
WAYS = {
    "import wbviz": "import wbviz",
    "the engine: from wbviz import Network": "from wbviz import Network",
    "chapter 01: names and chapter": f"{NAMES}\nchapter(1)",
    SHOWN_TOO: f"{NAMES}\nchapter(1){SHOWN}",
    "every explorer: from wbviz import *": "from wbviz import *",
    "beside it: numpy": "import numpy",
    "beside it: matplotlib.figure": "import matplotlib.figure",
    "beside it: matplotlib.pyplot": "import matplotlib.pyplot",
    "beside it: torch": "import torch",
}
PEERS = ("matplotlib.pyplot", "torch")


def seconds(code):
    """How long the code takes in a fresh process, and whether matplotlib is there afterwards."""
    end = "print(time.perf_counter() - start, 'matplotlib' in sys.modules)"
    script = f"{KERNEL}\nstart = time.perf_counter()\n{code}\n{end}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=_report.HERE.parent
    )
    passed, drawn = done.stdout.split()[-2:]
    return float(passed), drawn == "True"


def measure(options):
    """Milliseconds by way, and how many times as long others take to be imported as a neuron to be shown."""
    made = _report.machine("numpy", "matplotlib", "ipywidgets", "anywidget", "torch")
    ways = {name: code for name, code in WAYS.items() if name != "beside it: torch" or _report.version("torch")}
    found = {name: [] for name in ways}
    for number in range(options.rounds + 1):
        for name, code in ways.items():
            measured = seconds(code)
            if number:
                found[name].append(measured)
    passed = {name: [own for own, _ in values] for name, values in found.items()}
    times = _report.ratios(passed, SHOWN_TOO)
    return {
        "machine": made,
        "rounds": options.rounds,
        "missing": [] if len(ways) == len(WAYS) else ["torch"],
        "ms": {name: 1000 * _report.median(values) for name, values in passed.items()},
        "matplotlib": {name: values[0][1] for name, values in found.items()},
        "ratios": {
            f"a neuron, shown: import {peer}": times[f"beside it: {peer}"]
            for peer in PEERS
            if f"beside it: {peer}" in times
        },
    }


def table(report):
    """The report as Markdown."""
    rows = [[name, f"{ms:.0f}", "yes" if report["matplotlib"][name] else "no"] for name, ms in report["ms"].items()]
    return f"{_report.markdown(['what', 'ms', 'matplotlib loaded'], rows)}\n\n{_report.where(report)}"


if __name__ == "__main__":
    _report.main("imports", __doc__, measure, table, rounds=7, quick=2)
