"""Record what Optuna's TPE advises, and how it does beside random search; needs Optuna. Takes some minutes.

    python tools/record_architectures.py

Writes wbviz/bridges/optuna_advice.json: where Optuna is not installed, ArchitectureSearch tries what was recorded, and
chapter 10 tells the comparison with its date and versions. With the same versions a second run changes only the date.
"""

import datetime
import json
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wbviz.bridges.optuna_recorded import FILE
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import DATA, RANDOM, SPACE, TPE, Setting

TRIALS, SEEDS, ADVISED = 30, 20, 3
WAYS = (TPE, RANDOM)


def finished(setting):
    """A search of a setting, to its end → its Run."""
    run = experiment.begun(setting)
    for _ in run.steps():
        pass
    return run


def advice():
    """{name of a search: what TPE said, a list of values for each trial}."""
    settings = [
        Setting(name, TPE, TRIALS, prune, seed) for name in DATA for prune in (False, True) for seed in range(ADVISED)
    ]
    return {each.name: [list(attempt.setting.values()) for attempt in finished(each).attempts] for each in settings}


def comparison():
    """TPE and random search with the same budget on every data set: what the best promise, and what they keep."""
    found = {name: {way: {"best": [], "kept": []} for way in WAYS} for name in DATA}
    for name, ways in found.items():
        for seed in range(SEEDS):
            for way, scores in ways.items():
                run = finished(Setting(name, way, TRIALS, False, seed))
                scores["best"].append(run.best.score)
                scores["kept"].append(experiment.look(run.setting, run.best).sealed)
        print(name, flush=True)
    return {"trials": TRIALS, "seeds": SEEDS, "found": found}


def main():
    """Record everything."""
    kept = {
        "date": datetime.date.today().isoformat(),
        "versions": f"Optuna {version('optuna')}, NumPy {version('numpy')}",
        "names": list(SPACE),
        "comparison": comparison(),
        "advice": advice(),
    }
    text = json.dumps(kept, separators=(",", ":")).replace('"advice"', '\n"advice"').replace("]],", "]],\n")
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
