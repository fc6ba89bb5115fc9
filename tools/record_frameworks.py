"""Record what PyTorch and TensorFlow make of the trainings that Frameworks shows where they are not installed.

    python tools/record_frameworks.py        writes wbviz/bridges/recorded_comparisons.json; takes some minutes

The losses are the libraries' own, digit by digit. The times are medians on the processor that the file names, of the
quickest of three trainings, as other work on a machine only makes them longer.
"""

import datetime
import itertools
import json
import platform
from pathlib import Path

from wbviz import bridges
from wbviz.bridges.comparing import LIBRARIES, PRECISIONS, SETTINGS
from wbviz.bridges.recorded import FILE
from wbviz.widgets import _comparing as experiment
from wbviz.widgets.frameworks import Frameworks

TIMES = 3


def wanted():
    """The settings to record: the figure's own with each optimiser, precision and kind of settings; then each width."""
    start = experiment.Setting(
        **{name: Frameworks.class_traits()[name].default_value for name in experiment.Setting._fields}
    )
    for (optimizer, lr), precision, settings in itertools.product(experiment.OPTIMIZERS.items(), PRECISIONS, SETTINGS):
        yield start._replace(optimizer=optimizer, lr=lr, precision=precision, settings=settings)
    for width, precision in itertools.product(experiment.WIDTHS[1:], PRECISIONS):
        yield start._replace(width=width, precision=precision)


def processor():
    """The name of this processor, as far as it can be found."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def compared(setting):
    """All libraries in one setting; ends the program where one is missing."""
    comparison = experiment.empty()
    for _ in experiment.steps_of(setting, comparison):
        pass
    if comparison.missing:
        raise SystemExit(" ".join(comparison.missing.values()))
    return comparison


def main():
    runs, comparison = [], None
    for setting in wanted():
        made = [compared(setting) for _ in range(TIMES)]
        comparison, losses = made[0], {name: made[0].runs[name].losses for name in experiment.OTHERS}
        seconds = {name: float(f"{min(one.seconds[name] for one in made):.3g}") for name in LIBRARIES}
        runs.append({"settings": setting._asdict(), "seconds": seconds, "losses": losses})
        print(setting, {name: f"{comparison.difference(name):.1e}" for name in LIBRARIES}, seconds)
    about = {"date": datetime.date.today().isoformat(), "processor": processor(), "versions": comparison.versions}
    text = json.dumps(about | {"steps": experiment.STEPS, "runs": runs}, indent=None, separators=(",", ":"))
    Path(bridges.__file__).with_name(FILE).write_text(
        text.replace('{"settings"', '\n{"settings"') + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
