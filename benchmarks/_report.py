"""What every benchmark shares: who measured, in turn, and where the numbers go.

A benchmark is a file with `measure(options)`, which returns a report, and `table(report)`, which says it in Markdown:

    python benchmarks/<name>.py                      measure, write <name>.json and the table in README.md
    python benchmarks/<name>.py --rounds 3 --dry     try it out, write nothing

A report is a dict that JSON can hold. What `check.py` watches stands under "ratios": how many times as fast, as small
or as good as a peer of the same run, by name; more is better. A peer that is missing is said under "missing".
Threads are set by `one_thread()`, before NumPy or a peer is imported.
"""

import argparse
import gc
import importlib.metadata
import json
import os
import platform
import re
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def one_thread():
    """Let NumPy, PyTorch and JAX compute on one thread. Call it before any of them is imported."""
    os.environ |= dict.fromkeys(_THREADS, "1")
    os.environ |= {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
    os.environ |= {"JAX_PLATFORMS": "cpu"}


def machine(*packages):
    """Where and with what it was measured: processor, cores, load before, system, Python, versions of `packages`."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
    }


def processor():
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def version(package):
    """The version of an installed package; None where it is missing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def where(report):
    """The sentence under a table: how often, on what machine, with which versions, without whom."""
    made = report["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items() if number)
    text = f"Medians of {report['rounds']} rounds, on {made['processor']}, {made['cores']} cores, "
    text += f"load {made['load']} before, {made['system']}. {versions}."
    return text + (f" Not installed, so not measured: {', '.join(report['missing'])}." if report.get("missing") else "")


def interleaved(ways, rounds, warmup=1):
    """Run ways (name → callable without arguments) in turn, A B C A B C …; returns name → seconds of each round.

    The garbage collector is off meanwhile; the first `warmup` rounds are not counted.
    """
    seconds = {name: [] for name in ways}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for number in range(warmup + rounds):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                passed = time.perf_counter() - start
                if number >= warmup:
                    seconds[name].append(passed)
            gc.collect()
    finally:
        if collecting:
            gc.enable()
    return seconds


def ratios(seconds, ours):
    """How many times as long as `ours` the others take: medians over the rounds of the ratio within a round."""
    return {
        name: median(their / our for their, our in zip(values, seconds[ours], strict=True))
        for name, values in seconds.items()
        if name != ours
    }


def percentile(values, percent):
    """The value below which `percent` of 100 of the values lie (the nearest one, never between two)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def rounded(value, digits=4):
    """A report with every float in `digits` significant digits, so that the JSON can be read."""
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def markdown(heads, rows):
    """A Markdown table; numbers stand on the right, and an empty cell for None."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    right = [all(re.match(r"[\d.−-]|$", row[i]) for row in cells) for i in range(len(heads))]
    lines = [heads, ["--:" if to_right else "---" for to_right in right], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def save(name, report, folder=HERE):
    """Write `report` to `<name>.json`."""
    (Path(folder) / f"{name}.json").write_text(json.dumps(rounded(report), indent=2, ensure_ascii=False) + "\n")


def write_table(name, text, readme=README):
    """Put Markdown between <!-- name:begin --> and <!-- name:end --> of the README."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    old = readme.read_text()
    new, count = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n{text}\n{end}", old, flags=re.S)
    if count != 1:
        raise ValueError(f"{readme} has {count} places marked {begin} … {end}; it needs one.")
    readme.write_text(new)


def main(name, doc, measure, table, rounds, quick, add=None):
    """The command line of a benchmark: measure, print the table, and write both unless told not to.

    `rounds` are usual, `quick` ones are enough for `check.py`; `add(parser)` adds options of the benchmark's own.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, help=f"default {rounds}, or {quick} with --quick")
    parser.add_argument("--quick", action="store_true", help="few rounds: enough for ratios, not for a table")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument("--into", type=Path, help="write the JSON into this folder, and no table")
    if add is not None:
        add(parser)
    options = parser.parse_args()
    options.rounds = options.rounds or (quick if options.quick else rounds)
    report = measure(options)
    print(table(report))
    if not options.dry:
        save(name, report, options.into or HERE)
        if options.into is None:
            write_table(name, table(report))
