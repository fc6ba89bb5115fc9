"""Runs that grow while they are looked at: a folder that is followed, and a training that writes into it."""

import time

import numpy as np

from wbviz.engine import INITIALIZERS, SGD, Diverged, Network, RunStore, RunWriter, Training, logged
from wbviz.engine.run_values import checked_note
from wbviz.widgets import _run_charts as charts
from wbviz.widgets import _run_set as experiment
from wbviz.widgets._words import plural

#: What is counted in a histogram → the letters in front of the layer's number.
PARTS = {"weights": "W", "biases": "b", "gradient of the weights": "dW", "gradient of the biases": "db"}
#: A folder is looked at so often, in seconds; if nothing came for so long, following ends.
GLANCE, PATIENCE = 0.1, 60.0
#: A training that is to be watched rests so long after each look, in seconds.
REST = 0.03
MOST_OWN, MOST_UNITS, LARGEST = 12, 16, 10.0
FIRST = experiment.Settings(lr=0.1, hidden=4, l2=0.0, init="xavier")


def first_look(folder):
    """What a figure begins with that opens a folder: the run that was started last, at its end."""
    runs = RunStore(checked_folder(folder)).runs
    metrics = charts.metrics_of(runs)
    metric = next((name for name in ("epoch_loss", "loss") if name in metrics), metrics[0] if metrics else "loss")
    return {"run": max(len(runs), 1), "other": 0, "step": charts.last_step(runs), "metric": metric}


def following(board, folder):
    """Steps of a Work that reads what is written into a folder, until nothing has come for a while.

    Who looks at the newest run, or at the last step, goes on to what is newest then.
    """
    news = time.monotonic()
    while time.monotonic() - news < PATIENCE:
        with board.picture.lock:
            store = board.store
            if store is None or str(store.folder) != folder:
                return
            ends = {name: board.range_of(name)["max"] for name in ("run", "step")}
            if store.refresh():
                news = time.monotonic()
                newest = [name for name in ends if getattr(board, name) == ends[name]]
                board.apply({name: board.range_of(name)["max"] for name in newest}, gesture="follow")
        yield _progress(store, store.runs)
        time.sleep(GLANCE)


def _progress(store, runs):
    """How far the runs that are being written are, and in words."""
    open_ones = [run for run in runs if run.status is None and store.writing(run.name)]
    shares = [run.last_step / run.steps for run in open_ones if run.steps]
    words = ", ".join(f"{run.name} at step {run.last_step}" for run in open_ones) or "waiting for a run to grow"
    return float(np.mean(shares)) if shares else 0.0, f"{plural(len(runs), 'run')}; {words}"


def training(folder, dataset, seed, settings):
    """Steps of a Work that trains with Settings and notes the run in a folder, slowly enough to be watched."""
    known = experiment.lesson(dataset, seed)
    net = Network([2, settings.hidden, 1], init=settings.init, seed=seed)
    run = Training(
        net, known.X, known.y, optimizer=SGD(settings.lr), l2=settings.l2, epochs=experiment.STEPS, seed=seed,
        validation=(known.unseen_X, known.unseen_y),
    )  # fmt: skip
    writer = RunWriter(folder)
    try:
        for made in logged(run, writer, settings=settings._asdict(), every=2, histograms=10):
            yield made / run.n_steps, f"{writer.name} at step {made}"
            time.sleep(REST)
    except Diverged:
        yield 1.0, f"{writer.name} diverged"


def checked_settings(given, otherwise):
    """Settings of a run of one's own; what is not `given` is as in the Settings `otherwise`. Raises with a sentence."""
    for name in given:
        if name not in experiment.Settings._fields:
            raise TypeError(f"A run has no setting {name!r}. It has: {', '.join(experiment.Settings._fields)}.")
    settings = otherwise._replace(**given)
    for name, low in (("lr", 0.0), ("l2", -1e-300)):
        value = getattr(settings, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= LARGEST:
            raise ValueError(f"{name} must be a number from {max(low, 0):g} to {LARGEST:g}, got {value!r}.")
    if isinstance(settings.hidden, bool) or settings.hidden not in range(1, MOST_UNITS + 1):
        raise ValueError(f"hidden must be a whole number from 1 to {MOST_UNITS}, got {settings.hidden!r}.")
    if settings.init not in INITIALIZERS:
        raise ValueError(f"init must be one of {', '.join(INITIALIZERS)}, got {settings.init!r}.")
    return settings._replace(lr=float(settings.lr), hidden=int(settings.hidden), l2=float(settings.l2))


def checked_own(value):
    """The settings of runs of one's own: a list of at most 12 dicts."""
    if not isinstance(value, list | tuple) or len(value) > MOST_OWN:
        raise ValueError(f"expected a list of at most {MOST_OWN} runs of your own, got {value!r:.80}.")
    if not all(isinstance(each, dict) for each in value):
        raise ValueError("each run of your own must be a dict of settings, such as {'lr': 0.1}.")
    return [checked_settings(each, FIRST)._asdict() for each in value]


def checked_notes(value):
    """Notes: name of a run → list of texts."""
    if not isinstance(value, dict) or not all(isinstance(texts, list | tuple) for texts in value.values()):
        raise ValueError(f"expected lists of notes by the names of runs, got {value!r:.80}.")
    return {str(name): [checked_note(text) for text in texts] for name, texts in value.items()}


def checked_folder(value):
    """A folder of runs, or an empty text for the runs that come along."""
    text = str(value)
    if "\0" in text or len(text) > 1000:
        raise ValueError("a folder is a path of at most 1,000 characters.")
    return text


def plain(value):
    """The name of a metric or setting."""
    if not isinstance(value, str) or not 1 <= len(value) <= 80:
        raise ValueError(f"expected a name of 1 to 80 characters, got {value!r:.80}.")
    return value
