"""What the book needs of memory: the kernels of the chapters at their highest, and growth over a soak.

    python benchmarks/memory.py                       measure, write memory.json and the table in README.md
    python benchmarks/memory.py --minutes 1 --chapters 00 --dry        try it out, write nothing

Peak: resident size of the chapter's kernel (VmHWM of /proc), after every cell has run; beside it, kernels that have
run nothing and that have only imported wbviz. Kernels get the environment that wbviz.server gives them.
Soak: a kernel in which knobs of several explorers are turned at random through their rows, with views that acknowledge,
while the Playground trains and explorers are made and closed (_soak.py); its resident size every 10 s, after every
explorer was made once and so many minutes have passed that what is kept for later use is full. Linux only.
"""

import contextlib
import os
import queue
import re
import tempfile
import time
from pathlib import Path

import _report
import nbformat
from _report import median
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from wbviz.server import KERNELS

CHAPTERS = _report.HERE.parent / "chapters"
EVERY = 10  # seconds
WARM_UP = 5  # minutes
_PACKAGES = ("numpy", "matplotlib", "ipywidgets", "anywidget", "ipykernel")
_BEFORE = {"a kernel alone": "pass", "with wbviz imported": "from wbviz import *\nimport wbviz.lessons"}


def measure(options):
    """Peaks in MB by chapter, and what was seen in the soak."""
    made = _report.machine(*_PACKAGES)
    peaks = {name: peak([nbformat.v4.new_code_cell(source)]) for name, source in _BEFORE.items()}
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        if not options.chapters or path.name[:2] in options.chapters:
            peaks[path.stem[:2]] = peak(nbformat.read(path, as_version=4).cells)
            print(path.stem, f"{peaks[path.stem[:2]]:.0f} MB", flush=True)
    seen = soaked(options.minutes)
    ratios = {}
    if chapters := [size for name, size in peaks.items() if name not in _BEFORE]:
        ratios["an import beside the largest chapter"] = peaks["with wbviz imported"] / max(chapters)
    return {"machine": made, "rounds": 1, "peaks": peaks, "soak": seen, "ratios": ratios}


def peak(cells):
    """The highest resident size, in MB, of a kernel that runs these cells of a notebook."""
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300, kernel_name="python3")
    with nothing_learned() as environment, client.setup_kernel(env=environment):
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index)
        return kilobytes(client.km.provisioner.pid, "VmHWM") / 1000


@contextlib.contextmanager
def nothing_learned():
    """An environment in which the book finds no progress of an earlier reader, and the checkout itself."""
    with tempfile.TemporaryDirectory() as folder:
        there = {"WBVIZ_PROGRESS": f"{folder}/progress.json", "PYTHONPATH": str(_report.HERE.parent)}
        yield KERNELS | os.environ | there


def kilobytes(process, name):
    """VmHWM (highest) or VmRSS (present resident size) of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status).group(1)) * 1.024


def soaked(minutes):
    """The soak, watched: MB every 10 s after warming up, growth and slope, and what was done meanwhile."""
    manager = KernelManager(kernel_name="python3")
    with nothing_learned() as environment:
        manager.start_kernel(env=environment)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(60)
            _watched(client, manager.provisioner.pid, f"from benchmarks._soak import *\nwarm_up({WARM_UP})")
            sizes, done = _watched(client, manager.provisioner.pid, f"soak({minutes})")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return {"minutes": minutes, "done": done, "mb": sizes, "growth": growth(sizes), "slope": slope(sizes)}


def _watched(client, process, source):
    """Run code and read the kernel's messages until it has ended: (MB every 10 s, what it returned)."""
    client.execute(source)
    start, sizes, done = time.monotonic(), [], None
    while True:
        with contextlib.suppress(queue.Empty):
            message = client.get_iopub_msg(timeout=1)
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            if kind == "execute_result":
                done = content["data"]["text/plain"]
            if kind == "status" and content["execution_state"] == "idle" and done:
                return sizes, done
        if time.monotonic() - start > EVERY * len(sizes):
            sizes.append(kilobytes(process, "VmRSS") / 1000)


def growth(sizes, ends=3):
    """How much more the last sizes are than the first, by the medians of three of each."""
    return median(sizes[-ends:]) - median(sizes[:ends])


def slope(sizes):
    """MB a minute, by least squares."""
    middle = (len(sizes) - 1) / 2
    mean = sum(sizes) / len(sizes)
    spread = sum((i - middle) ** 2 for i in range(len(sizes)))
    rise = sum((i - middle) * (size - mean) for i, size in enumerate(sizes))
    return 60 / EVERY * rise / spread if spread else 0.0


def table(report):
    """The report as Markdown."""
    rows = [[name, f"{size:.0f}"] for name, size in report["peaks"].items()]
    soak = report["soak"]
    said = (
        f"Soak of {soak['minutes']:g} minutes ({soak['done']}): from {soak['mb'][0]:.0f} to {soak['mb'][-1]:.0f} MB; "
        f"growth {soak['growth']:+.1f} MB, slope {soak['slope']:+.2f} MB a minute."
    )
    return "\n\n".join([_report.markdown(["kernel after Run All", "peak, MB"], rows), said, _report.where(report)])


def add(parser):
    parser.add_argument("--minutes", type=float, default=10.0, help=f"of the soak, after {WARM_UP} of warming up")
    parser.add_argument("--chapters", nargs="+", default=[], help="only these, such as 00 01")


if __name__ == "__main__":
    _report.main("memory", __doc__, measure, table, rounds=1, quick=1, add=add)
