"""Has anything become slower beside its peers? Compares a quick run with the JSON that is committed.

    python benchmarks/check.py                            all benchmarks that have both, a few minutes
    python benchmarks/check.py training maps --tolerance 0.2

Only ratios to peers of the same run are compared, never absolute times: another machine, or a busy one, slows both
sides. A ratio that has fallen by more than the tolerance (a third of it, unless told otherwise, because a quick run is
short) is said in a sentence, and the exit status is 1.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("training", "landscape", "maps", "imports", "latency")
TOLERANCE = 1 / 3


def worse(name, before, now, tolerance=TOLERANCE):
    """A sentence for each ratio of the report `before` that is worse in `now`, or missing there."""
    for what, old in before["ratios"].items():
        new = now["ratios"].get(what)
        if new is None:
            yield f"{name}: {what} was {old:.3g} times, and is not measured any more."
        elif new < old * (1 - tolerance):
            yield f"{name}: {what} was {old:.3g} times, and is {new:.3g} times now."


def peers_missing(before, now):
    """The peers that the committed report had and this machine has not: without them nothing can be compared."""
    return sorted(set(now.get("missing", ())) - set(before.get("missing", ())))


def fresh(name, folder):
    """The report of a quick run of a benchmark."""
    command = [sys.executable, HERE / f"{name}.py", "--quick", "--into", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads((Path(folder) / f"{name}.json").read_text())


def check(names, tolerance, folder=HERE, measure=fresh):
    """Run benchmarks and print what became worse; returns how many sentences that took."""
    found = []
    for name in names:
        committed = Path(folder) / f"{name}.json"
        if not committed.exists() or "ratios" not in (before := json.loads(committed.read_text())):
            print(f"{name}: nothing to compare with.")
            continue
        with tempfile.TemporaryDirectory() as into:
            now = measure(name, into)
        if missing := peers_missing(before, now):
            print(f"{name}: left out, because {', '.join(missing)} is not installed here.")
            continue
        lines = list(worse(name, before, now, tolerance))
        print(*lines or [f"{name}: {len(before['ratios'])} ratios, none worse."], sep="\n", flush=True)
        found += lines
    return len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, help="the share that a ratio may fall by")
    options = parser.parse_args()
    sys.exit(min(check(options.names, options.tolerance), 1))


if __name__ == "__main__":
    main()
