"""A training run as records: what a logger notes, the same for every place that keeps runs, and a run read back.

A record is a dict with a `kind`: "start" (settings, seed, versions), "step" (metrics), "histograms", "note" or "end".
"""

import math
import re
import sys
import time
import warnings
from datetime import UTC, datetime

import numpy as np

from . import checks
from .histograms import histogram
from .history import Diverged

#: How a run can end.
ENDS = {
    "finished": "it came to its end",
    "diverged": "its numbers grew beyond what can be computed with",
    "stopped": "it was stopped",
    "failed": "an error broke it off",
}
LONGEST_NOTE, LONGEST_NAME = 2000, 80
#: A setting or metric with a name that ends so may hold a secret, and a run is made to be shown.
SECRET = ("key", "apikey", "token", "password", "secret", "credential")
LIBRARIES = ("wbviz", "numpy", "torch", "keras", "tensorflow")


class Logger:
    """Notes a training run: `start`, then `log`, `histograms` and `note` as often as you like, then `finish`.

    A place where runs are kept is a subclass with one method, `take(record)`. All of them get the same records, with
    plain numbers and texts that have been checked. As a context manager it finishes by itself, and says how it ended.
    """

    _stage = "new"

    def take(self, record):
        """Keep one record. What a place cannot keep it says in a warning; a training does not end for that."""

    def start(self, settings=None, seed=None, steps=None):
        """Begin a run with its settings (name → plain value), its seed, and how many steps it is to take. → self"""
        if self._stage != "new":
            raise RuntimeError("This logger has noted a run already. Make another one for the next run.")
        head = {
            "kind": "start",
            "settings": plain_settings(settings or {}),
            "seed": None if seed is None else checks.whole(seed, "seed", 0),
            "steps": None if steps is None else checks.whole(steps, "steps", 0),
            "versions": _versions(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._stage, self._begun = "running", time.monotonic()
        try:
            self.take(head)
        except BaseException:
            self._stage = "new"
            raise
        return self

    def log(self, step, metrics):
        """Note numbers (name → one number; NaN and infinity are numbers too) at a step, counted from 0."""
        if not isinstance(metrics, dict) or not metrics:
            raise TypeError(f"metrics must be named numbers such as {{'loss': 0.3}}, got {metrics!r}.")
        numbers = {_name(name, "metric"): one_number(value, name) for name, value in metrics.items()}
        self._note({"kind": "step", "step": checks.whole(step, "step", 0), "metrics": numbers})

    def histograms(self, step, network, gradient=None):
        """Note how weights and biases, layer by layer, are spread at a step, and the gradient (n_params,) if given.

        They are called W1, b1, W2, b2, …, and with a d in front for the gradient.
        """
        if network.population:
            raise ValueError("Histograms are of one network, got a population. Take a member of it.")
        found = layered(network, "")
        if gradient is not None:
            found |= layered(network.views(np.asarray(gradient, dtype=float)), "d")
        spread = {name: histogram(values) for name, values in found.items()}
        self._note({"kind": "histograms", "step": checks.whole(step, "step", 0), "layers": spread})

    def note(self, text):
        """Note a text of up to 2,000 characters: what you tried, saw, think."""
        self._note({"kind": "note", "text": checked_note(text)})

    def finish(self, status="finished", reason=""):
        """The run has ended: "finished", "diverged", "stopped" or "failed"; `reason` says more. Safe to call twice."""
        if self._stage == "ended":
            return
        checks.pick(ENDS, status, "way to end")
        self._note({"kind": "end", "status": status, "reason": str(reason)[:LONGEST_NOTE]})
        self._stage = "ended"

    def _note(self, record):
        if self._stage != "running":
            told = "has not started: call start(settings) first" if self._stage == "new" else "has ended"
            raise RuntimeError(f"This run {told}. Nothing was noted.")
        self.take(record | {"time": round(time.monotonic() - self._begun, 3)})

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self._stage != "running":
            return
        if error is None:
            self.finish()
        elif isinstance(error, KeyboardInterrupt):
            self.finish("stopped", "interrupted")
        else:
            self.finish("diverged" if isinstance(error, Diverged) else "failed", f"{kind.__name__}: {error}")


class Several(Logger):
    """Notes one run in several places at once: `Several(RunWriter("runs"), WandbLogger("my project"))`.

    A place that fails is named in a warning and left out from then on; the others go on. If none is left, the last
    error is raised.
    """

    def __init__(self, *loggers):
        for logger in loggers:
            checks.a(Logger, logger, "each place")
        self.loggers = list(loggers)

    def take(self, record):
        for logger in list(self.loggers):
            try:
                _pass_on(logger, record, self)
            except Exception as error:
                self.loggers.remove(logger)
                if not self.loggers:
                    raise
                name = type(logger).__name__
                warnings.warn(f"{name} failed and is left out of this run: {error}", RuntimeWarning, stacklevel=4)


def _pass_on(logger, record, several):
    """Give a record to a place as if it had been told itself."""
    logger.take(record)
    logger._stage, logger._begun = several._stage, several._begun
    if record["kind"] == "end":
        logger._stage = "ended"


class MemoryLogger(Logger):
    """Keeps a run in memory alone, as `.run`."""

    def __init__(self, name="run"):
        self.run = Run(name)

    def take(self, record):
        self.run.take(record)


class Run:
    """A training run as its records tell it.

    settings, seed, steps (planned), versions, started: what it began with; nothing where that is not known.
    notes: texts in their order.  status: one of ENDS, or None while no end is noted; reason: more about it.
    spread: name of a layer's part (W1, b1, dW1, …) → list of (step, histogram).
    problems: what could not be read, a sentence each.
    """

    def __init__(self, name):
        self.name, self.settings, self.seed, self.steps = name, {}, None, None
        self.versions, self.started, self.notes = {}, "", []
        self.status, self.reason, self.spread, self.problems = None, "", {}, []
        self._noted, self.last_step, self.count = {}, 0, 0

    def take(self, record):
        """Add a record."""
        self.count += 1
        getattr(self, f"_take_{record['kind']}")(record)

    @property
    def metrics(self):
        """The names of all metrics, in the order in which they came."""
        return tuple(self._noted)

    def series(self, metric):
        """(steps, values) of a metric: two arrays, by step. Of a step that was noted twice the later one counts."""
        if metric not in self._noted:
            raise KeyError(f"Run {self.name!r} has no metric {metric!r}. It has: {', '.join(self._noted) or 'none'}.")
        steps, values = map(np.array, self._noted[metric])
        if (np.diff(steps) > 0).all():
            return steps, values
        order = np.argsort(steps, kind="stable")
        last = np.append(np.diff(steps[order]) > 0, True)
        return steps[order][last], values[order][last]

    def last(self, metric):
        """The last value of a metric, or None where it has none."""
        return float(self.series(metric)[1][-1]) if metric in self._noted else None

    def _take_start(self, record):
        for name in ("settings", "seed", "steps", "versions", "started"):
            setattr(self, name, record[name])

    def _take_step(self, record):
        self.status, self.last_step = None, max(self.last_step, record["step"])  # what goes on has not ended
        for name, value in record["metrics"].items():
            steps, values = self._noted.setdefault(name, ([], []))
            steps.append(record["step"])
            values.append(value)

    def _take_histograms(self, record):
        self.last_step = max(self.last_step, record["step"])
        for name, found in record["layers"].items():
            self.spread.setdefault(name, []).append((record["step"], found))

    def _take_note(self, record):
        self.notes.append(record["text"])

    def _take_end(self, record):
        self.status, self.reason = record["status"], record["reason"]

    def __repr__(self):
        return f"Run({self.name!r}: {self.last_step} steps, {self.status or 'no end noted'})"


# --- what may be noted ------------------------------------------------------------------------------------------------


def layered(views, prefix):
    """Name → array of each layer's weights and biases: W1, b1, W2, …; `views` is a Network or a pair of lists."""
    weights, biases = (views.weights, views.biases) if hasattr(views, "weights") else views
    pairs = enumerate(zip(weights, biases, strict=True), start=1)
    return {f"{prefix}{kind}{k}": each for k, pair in pairs for kind, each in zip("Wb", pair, strict=True)}


def one_number(value, name):
    """A number, also of NumPy or a tensor that holds a single one, as a plain int or float. Raises TypeError."""
    if not isinstance(value, str | bytes) and not getattr(value, "ndim", 0):
        try:
            return int(value) if isinstance(value, int | np.integer) and abs(value) < 2**53 else float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise TypeError(f"The metric {name!r} must be one number, got {_short(value)}. Log one run of a population alone.")


def plain_settings(settings):
    """Settings as JSON can hold them: texts, numbers, booleans, None, and lists and dicts of them.

    A function or an object of the engine stands there by its name, NaN and infinity as words. Anything else raises
    TypeError; a name that sounds like a secret raises ValueError.
    """
    if not isinstance(settings, dict):
        raise TypeError(f"settings must be named values such as {{'lr': 0.1}}, got {_short(settings)}.")
    return {_name(name, "setting"): _plain(value, name) for name, value in settings.items()}


def checked_note(text):
    """A note: a text of 1 to 2,000 characters, without spaces around it. Raises ValueError."""
    text = text.strip() if isinstance(text, str) else ""
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise ValueError(f"A note is a text of 1 to {LONGEST_NOTE:,} characters, got {len(text):,}.")
    return text


def _plain(value, name, depth=0):
    if isinstance(value, np.ndarray | np.generic) and value.size <= 1000:
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if depth < 4 and isinstance(value, list | tuple):
        return [_plain(item, name, depth + 1) for item in value]
    if depth < 4 and isinstance(value, dict):
        return {_name(key, "setting"): _plain(item, name, depth + 1) for key, item in value.items()}
    label = getattr(value, "name", None) or getattr(value, "__name__", None)
    if isinstance(label, str):
        return label
    raise TypeError(f"The setting {name!r} must be a plain value (text, number, list), got {_short(value)}.")


def _name(name, kind):
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise TypeError(f"The name of a {kind} must be a text of 1 to {LONGEST_NAME} characters, got {_short(name)}.")
    if kind == "setting" and re.split(r"[\W_]", name.lower())[-1] in SECRET:
        raise ValueError(f"The setting {name!r} sounds like a secret. A run is made to be shown: leave it out.")
    return name


def _versions():
    found = {name: getattr(sys.modules.get(name), "__version__", None) for name in LIBRARIES}
    numbers = {name: str(version) for name, version in found.items() if version}
    return {"python": ".".join(map(str, sys.version_info[:3]))} | numbers


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
