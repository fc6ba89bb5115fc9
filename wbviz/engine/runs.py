"""A training run as records: what a logger notes, the same for every place that keeps runs, and a run read back.

A record is a dict with a `kind`: "start" (settings, seed, versions), "step" (metrics), "histograms", "note" or "end".
"""

import time
import warnings
from datetime import UTC, datetime

import numpy as np

from . import checks
from .histograms import histogram
from .history import Diverged
from .run_values import LONGEST_NOTE, checked_name_of, checked_note, layered, one_number, plain_settings, versions

#: How a run can end.
ENDS = {
    "finished": "it came to its end",
    "diverged": "its numbers grew beyond what can be computed with",
    "stopped": "it was stopped",
    "failed": "an error broke it off",
}


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
            "versions": versions(),
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
        numbers = {checked_name_of(name, "metric"): one_number(value, name) for name, value in metrics.items()}
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

    @property
    def parts(self):
        """The names of what histograms are noted of: W1, b1, dW1, …"""
        return tuple(self.spread)

    def moments(self, part):
        """A list of (step, histogram) of one part of the network; empty where none was noted."""
        return self.spread.get(part, [])

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
