"""From runs to what RunBoard draws: curves, places on parallel axes, the spread of weights over the steps."""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from wbviz.engine.histograms import edges
from wbviz.scenes._axes import stepped_limit
from wbviz.scenes._grid import LIMITS
from wbviz.scenes.run_board import COLUMNS, MOST_AXES, MOST_TICKS, ROWS, STEPS
from wbviz.widgets._words import signed

#: What settings and metrics are called in the picture.
LABELS = {
    "lr": "learning rate", "hidden": "hidden units", "l2": "λ (L2)", "init": "start weights",
    "grad_norm": "gradient length",
}  # fmt: skip
SHORT = {"small_normal": "small"}
#: A loss that grew so many times is taken for a divergence, whatever the run says of itself.
GREW = 1000
#: A run overfits if the loss on what it never saw was lower by this share before, while that on what it learns from
#: went on falling; if that rose too, the run is rising. It still falls if it fell by that one
#: in the last tenth of the steps.
ROSE, FELL = 0.05, 0.02
FEWEST = 5  # values of a curve, to be judged


class Judged(NamedTuple):
    """kind: "diverged", "overfits", "rising", "still falling", "level" or "too short"; step, lowest: the least loss."""

    kind: str
    step: int
    lowest: float


def named(name):
    """A setting or metric in words."""
    base = name.removeprefix("validation_")
    return ("validation " if base != name else "") + LABELS.get(base, base.replace("_", " "))


def partner(metric):
    """The same metric on examples that were not learned from."""
    return f"validation_{metric.removeprefix('epoch_')}"


def metrics_of(runs):
    """The metrics to choose from: all that runs have, without those that are another's partner."""
    every = dict.fromkeys(name for run in runs for name in run.metrics)
    partners = {partner(name) for name in every}
    return [name for name in every if name not in partners] or list(every)


def judged(run):
    """What happened to a run so far, judged by its losses."""
    if run not in _JUDGED or _JUDGED[run][0] != run.count:
        _JUDGED[run] = run.count, _judged(run)
    return _JUDGED[run][1]


_JUDGED = WeakKeyDictionary()


def _judged(run):
    training = next((name for name in ("epoch_loss", "loss") if name in run.metrics), None)
    if run.status == "diverged" or training is None:
        return Judged("diverged" if run.status == "diverged" else "too short", run.last_step, 0.0)
    known = run.series(training)
    steps, values = run.series(partner(training)) if partner(training) in run.metrics else known
    if not np.isfinite(values[-1]) or values[-1] > GREW * abs(values[0]) or not np.isfinite(known[1][-1]):
        return Judged("diverged", int(steps[-1]), 0.0)
    at = int(np.nanargmin(values))
    where = int(steps[at]), float(values[at])
    if len(values) < FEWEST:
        return Judged("too short", *where)
    before = np.interp(steps[at], *known) if known[1] is not values else values[-1]
    if values[at] < (1 - ROSE) * values[-1]:
        return Judged("overfits" if known[1][-1] < before else "rising", *where)
    then = np.interp(steps[0] + 0.9 * (steps[-1] - steps[0]), steps, values)
    return Judged("still falling" if values[-1] < (1 - FELL) * then else "level", *where)


# --- curves -----------------------------------------------------------------------------------------------------------


def curves(runs, metric, smoothing):
    """The curve of each run: on examples never seen where there is such a metric."""
    return _curves(tuple(runs), tuple(run.count for run in runs), metric, smoothing)


@lru_cache(maxsize=2)
def _curves(runs, _, metric, smoothing):
    names = [partner(metric) if partner(metric) in run.metrics else metric for run in runs]
    return [curve(run, name, smoothing) for run, name in zip(runs, names, strict=True)]


def curve(run, metric, smoothing):
    """The finite values of a metric as (m, 2), smoothed; None where the run has none."""
    if metric not in run.metrics:
        return None
    steps, values = run.series(metric)
    fine = np.isfinite(values)
    points = np.column_stack([steps[fine], smoothed(values[fine], smoothing)])
    return points if len(points) else None


def smoothed(values, amount):
    """The moving average in which each earlier value counts `amount` times the next, without a bias to the start."""
    if not amount:
        return values
    weights = amount ** np.arange(len(values))
    return np.convolve(values, weights)[: len(values)] / np.cumsum(weights)


def span(runs, curves, log):
    """(lowest, highest value) that the axes hold: a run that diverges makes no room for itself, unless all do."""
    pairs = [(run, points[:, 1]) for run, points in zip(runs, curves, strict=True) if points is not None]
    tame = [values for run, values in pairs if tame_one(run)] or [values[:1] for _, values in pairs]
    values = np.concatenate([*tame, np.empty(0)])
    values = values[values > 0] if log else values
    return (float(values.min()), float(values.max())) if len(values) else (0.1 if log else 0.0, 1.0)


def last_step(runs):
    """The last step of an axis that holds all runs."""
    return int(stepped_limit(max((max(run.last_step, run.steps or 0) for run in runs), default=1), STEPS))


def tame_one(run):
    return judged(run).kind != "diverged"


# --- parallel axes ----------------------------------------------------------------------------------------------------


class Axis(NamedTuple):
    """A setting on an upright axis: `places` (runs,) from 0 to 1; `ticks`, (place, text) each; exact: few values."""

    name: str
    places: np.ndarray
    ticks: list
    exact: bool = True


def axes_of(runs, metric):
    """An Axis for each setting that is not the same in all runs, and for the final value of a metric."""
    return _axes_of(tuple(runs), tuple(run.count for run in runs), metric)


@lru_cache(maxsize=2)
def _axes_of(runs, _, metric):
    names = dict.fromkeys(name for run in runs for name in run.settings)
    found = [_setting(name, [run.settings.get(name) for run in runs]) for name in names]
    return [*[axis for axis in found if axis is not None][: MOST_AXES - 1], _outcome(runs, metric)] if runs else []


def _setting(name, values):
    """The Axis of a setting, or None where it does not tell runs apart. What a run does not say lies at the bottom."""
    known = [value for value in values if value is not None]
    plain = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    keys = [value if plain or value is None else told(value) for value in values]
    distinct = list(dict.fromkeys(key for key in keys if key is not None))
    if len(distinct) < 2 or (len(distinct) > MOST_TICKS and not plain):
        return None
    distinct = sorted(distinct) if plain else distinct
    missing = [(0.0, "none")] if len(known) < len(values) else []
    if len(distinct) < MOST_TICKS:
        places = dict(zip(distinct, np.linspace(0.06 + 0.1 * len(missing), 0.94, len(distinct)).tolist(), strict=True))
        ticks = [(place, short(key)) for key, place in places.items()]
        return Axis(name, np.array([places.get(key, 0.0) for key in keys]), missing + ticks)
    low, high = distinct[0], distinct[-1]
    scale = np.log if low > 0 and high > 50 * low else np.asarray
    places = [0.0 if key is None else (scale(key) - scale(low)) / (scale(high) - scale(low)) for key in keys]
    at = np.where([key is None for key in keys], 0.0, 0.1 + 0.84 * np.array(places))
    return Axis(name, at, [*missing, (0.1, short(low)), (0.94, short(high))], exact=False)


def _outcome(runs, metric):
    """The last value of the metric, on examples never seen where there are such; what diverged lies on top."""
    name = partner(metric) if any(partner(metric) in run.metrics for run in runs) else metric
    last = [run.last(name) if tame_one(run) else None for run in runs]
    values = np.array([np.nan if value is None or not np.isfinite(value) else value for value in last])
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    places = 0.04 + 0.76 * (values - low) / ((high - low) or 1.0)
    ticks = [(0.04, short(low)), (0.8, short(high))] if len(known) else []
    ticks = ticks[:1] if high == low else ticks
    if len(known) < len(runs):
        ticks += [(0.97, "diverged" if any(not tame_one(run) for run in runs) else "none")]
    return Axis(name, np.where(np.isfinite(places), places, 0.97), ticks, exact=False)


def fan(axes):
    """The places of all runs, (runs, axes): those that share a value lie side by side."""
    n = len(axes[0].places) if axes else 0
    aside = 0.05 * (np.arange(n) / max(n - 1, 1) - 0.5)
    return np.column_stack([axis.places + aside * axis.exact for axis in axes]) if axes else np.empty((0, 0))


def short(value):
    """A value as a tick."""
    text = told(value)
    return text if len(text) <= 9 else f"{text[:8]}…"


def told(value):
    """A value as a short text."""
    if isinstance(value, bool) or value is None:
        return {True: "on", False: "off", None: "none"}[value]
    if isinstance(value, int | float):
        return f"{value:.3g}".replace("-", "−").replace("e−0", "e−").replace("e+0", "e").replace("e+", "e")
    text = SHORT.get(str(value), str(value)).replace("_", " ")
    return text if len(text) <= 14 else f"{text[:13]}…"


# --- the spread of weights --------------------------------------------------------------------------------------------


def spread(run, part, step):
    """What the map of a part's numbers over the steps shows (see RunBoardScene), or None where nothing was noted."""
    moments = run.moments(part)
    if not moments:
        return None
    steps = [each for each, _ in moments]
    at = min(max(step, steps[0]), steps[-1])
    moment, found = moments[bisect_right(steps, at) - 1]
    facts = {name: found[name] for name in ("counts", "mean", "sd", "low", "high")}
    return _map(run, part, run.count) | facts | {"at": at, "edges": edges(found), "moment": moment}


@lru_cache(maxsize=4)
def _map(run, part, _):
    """The map itself: how dark each cell is, the largest value, the last step."""
    moments = run.moments(part)
    steps = np.array([each for each, _ in moments])
    reach = [max(abs(found["low"]), abs(found["high"])) for _, found in moments]
    limit, last = stepped_limit(float(np.quantile(reach, 0.9)), LIMITS), last_step([run])
    columns = (np.arange(COLUMNS) + 0.5) * last / COLUMNS
    which = np.searchsorted(steps, columns, side="right") - 1
    shares = np.stack([_shares(found, limit) for _, found in moments])
    shade = np.sqrt(shares / max(shares.max(), 1e-12))[np.maximum(which, 0)]
    shade[(which < 0) | (columns > steps[-1] + last / COLUMNS)] = 0.0
    return {"map": shade.T[::-1], "limit": limit, "last": last}


def _shares(found, limit):
    """The share of the numbers in each of ROWS equal steps from −limit to limit."""
    counts = np.cumsum([0, *found["counts"]]) / max(sum(found["counts"]), 1)
    return np.diff(np.interp(np.linspace(-limit, limit, ROWS + 1), edges(found), counts, left=0.0, right=1.0))


def number(value):
    """A number of a table: two digits after the point, or as many as it needs to be one."""
    if value is None:
        return "none"
    if not np.isfinite(value):
        return "no number"
    return signed(value, 3) if 0.001 <= abs(value) < 1000 or value == 0 else told(float(value))
