"""What a run of Capstone follows from, as plain values that a state can hold, and what is refused."""

import math

from wbviz.engine.run_values import checked_note
from wbviz.widgets._capstone import ACTIVATIONS, BATCHES, DECAYS, INSIDE, LEAKY, OPTIMISERS, Setting
from wbviz.widgets._capstone_data import DATA, OWN, Source, targets
from wbviz.widgets._words import nearest

MOST_RUNS = 12
#: The settings that a run follows from, as the figure opens.
START = {
    "dataset": "german_credit", "target": "risk", "leave_out": [], "layers": 1, "units": 16, "activation": "tanh",
    "optimiser": "Adam", "lr": 0.01, "epochs": 100, "batch": 32, "l2": 0, "folds": 1, "scaling": INSIDE, "seed": 0,
}  # fmt: skip
#: The range of each number, and the names among which the others choose.
SPANS = {"layers": (0, 6), "units": (1, 64), "lr": (1e-4, 10.0), "epochs": (1, 400), "folds": (0, 10), "seed": (0, 99)}
NAMES = {
    "dataset": DATA, "activation": ACTIVATIONS, "optimiser": OPTIMISERS, "batch": BATCHES, "l2": DECAYS,
    "scaling": (INSIDE, LEAKY),
}  # fmt: skip
#: A note on groups has at least so many characters.
SHORTEST_NOTE = 40


def setting_of(run, csv):
    """The Setting of a run; `csv` is the learner's table."""
    source = Source(run["dataset"], csv if run["dataset"] == OWN else "", run["target"], tuple(run["leave_out"]))
    return Setting(source, *(run[name] for name in Setting._fields[1:]))


def checked_csv(value):
    """The text of a table in which something can be predicted, or an empty text. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"expected the text of a table, but got {value!r}.")
    if value and not targets(OWN, value):
        raise ValueError(
            "No column can be predicted. A table needs one with at least two different numbers, or with 2 to 50 "
            "different words that come up again."
        )
    return value


def checked_columns(value):
    """Names of columns, a list of texts. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__") or not all(isinstance(name, str) for name in value):
        raise ValueError(f"expected a list of column names, but got {value!r}.")
    return list(dict.fromkeys(value))


def checked_runs(value):
    """Runs as dicts of settings, each once; what a run does not say is as the figure opens. Raises ValueError."""
    if not isinstance(value, (list, tuple)) or len(value) > MOST_RUNS:
        raise ValueError(f"expected a list of at most {MOST_RUNS} runs, but got {str(value)[:60]}.")
    found = []
    for run in map(_checked_run, value):
        if run not in found:
            found.append(run)
    return found


def _checked_run(run):
    if not isinstance(run, dict):
        raise ValueError(f"a run is a dict of settings such as {{'lr': 0.01}}, but got {run!r}.")
    for name in run:
        if name not in START:
            raise ValueError(f"a run has no setting {name!r}.{nearest(name, START)} It has: {', '.join(START)}.")
    run = START | run
    for name, (low, high) in SPANS.items():
        run[name] = _number(name, run[name], low, high)
    for name, values in NAMES.items():
        if isinstance(run[name], bool) or run[name] not in values:
            raise ValueError(f"{name} of a run is one of {', '.join(map(str, values))}, but got {run[name]!r}.")
    run["leave_out"] = checked_columns(run["leave_out"])
    if run["dataset"] != OWN and run["target"] not in targets(run["dataset"]):
        raise ValueError(f"{run['dataset']} has no column {run['target']!r} that can be predicted.")
    return run


def _number(name, value, low, high):
    fine = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not (fine and low <= value <= high and (name == "lr" or value == int(value))):
        kind = "a number" if name == "lr" else "a whole number"
        raise ValueError(f"{name} of a run is {kind} from {low:g} to {high:g}, but got {value!r}.")
    return float(value) if name == "lr" else int(value)


def checked_notes(value):
    """Notes: a group column → its text. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"expected a dict of notes, a text for each group column, but got {value!r}.")
    return {str(column): checked_note(text) for column, text in value.items()}


def note_problem(text, groups):
    """Why a text is no note on these Groups, or an empty text: it is long enough and names one at either end."""
    if len(" ".join(text.split())) < SHORTEST_NOTE:
        return f"A note has at least {SHORTEST_NOTE} characters: which group is worse off, by how much, and why?"
    ends = {groups.names[k] for k in _ends(groups)}
    if not any(str(name).lower() in text.lower() for name in ends):
        return f"The note names none of the groups furthest apart: {' or '.join(sorted(map(str, ends)))}."
    return ""


def _ends(groups):
    """The places of the groups with the smallest and the largest number, and with the fewest rows."""
    values = [(value, k) for k, value in enumerate(groups.values) if value == value]
    fewest = min(range(len(groups.rows)), key=lambda k: groups.rows[k])
    return {fewest, *(pick(values)[1] for pick in (min, max) if values)}
