"""From the numbers of Playground to what its scene draws: colours, points, curves."""

import itertools
from functools import lru_cache

import numpy as np

from wbviz.scenes._axes import stepped_limit
from wbviz.scenes._grid import LIMITS
from wbviz.scenes._playground_network import painted
from wbviz.widgets import _lab as lab
from wbviz.widgets._playground_words import short
from wbviz.widgets._traits import names_of_units

#: The map of a probability is drawn paler than its extremes, so that the points stand out.
PALER = 2.0
#: Opacity, of 255, of the image of a feature that is off.
FADED = 70


def shown(explorer, judged):
    """`network`, `output` and `run` as PlaygroundScene.update wants them."""
    return {"network": _network(explorer, judged), "output": _output(explorer, judged), "run": _run(explorer, judged)}


def _network(explorer, judged):
    net, names = judged.net, list(lab.FEATURES)
    return {
        "features": [names.index(name) for name in explorer.features],
        "sizes": explorer.sizes,
        "params": explorer.params,
        "maps": [*_feature_maps(judged.lesson.limit, tuple(explorer.features)), *_unit_maps(judged.look.units)],
        "biases": [short(b) for b in itertools.chain(*net.biases)],
        "chosen": explorer.chosen,
        "frozen": explorer.frozen,
        "value": short(explorer.params[explorer.chosen]),
    }


@lru_cache(maxsize=4)
def _feature_maps(limit, features):
    """The images of all features, faded where they are off."""
    values = lab.grid(tuple(lab.FEATURES), limit).values(lab.PER_CELL)
    maps = [cells.copy() for cells in _unit_maps([np.moveaxis(values, 0, -1)])]
    for name, cells in zip(lab.FEATURES, maps, strict=True):
        cells[:, :, 3] = 255 if name in features else FADED
    return maps


def _unit_maps(layers):
    """An image for each unit: from −s to s, where s is 1, or its largest value where that is larger."""
    for values in layers:
        colours = painted(values, np.maximum(np.abs(values).max(axis=(0, 1)), 1.0))
        for unit in range(values.shape[-1]):
            yield colours[:, :, unit]


def _output(explorer, judged):
    lesson, classes = judged.lesson, explorer.task == "classification"
    scale = None if classes else _scale(lesson.points[:, 2])
    values, reach, title = _large(explorer, judged, scale)
    unseen = lesson.points[lesson.held_out & explorer.show_validation]
    cells = painted(np.where(values >= 0, 1.0, -1.0), PALER) if explorer.discretise else painted(values, reach)
    names = ("class 0", "class 1", "validation") if classes else ("● training", "◆ validation", "")
    return {
        "cells": cells, "limit": lesson.limit, "points": (lesson.points[~lesson.held_out], unseen),
        "cross": explorer.cursor, "scale": scale, "title": title, "names": names,
    }  # fmt: skip


def _large(explorer, judged, scale):
    """The signed values of the large map, how far their colours reach, and its title."""
    if explorer.view == "output" and scale is None:
        return 2 * judged.large - 1, PALER, "Probability of class 1"
    if explorer.view == "output":
        return judged.large, scale, f"Prediction, −{scale:g} to {scale:g}"
    layer, unit, _ = lab.unit_of(judged.net, explorer.chosen)
    reach = max(1.0, float(np.abs(judged.large).max()))
    return judged.large, reach, f"{names_of_units(explorer)[layer + 1][unit]}, −{short(reach)} to {short(reach)}"


def _scale(values):
    return float(stepped_limit(np.abs(values).max(initial=1.0), LIMITS))


def _run(explorer, judged):
    curves = explorer.run.get("curves") or _now(judged)
    if explorer.chart == "accuracy":
        there = explorer.task == "classification"
        both = [curves["accuracy"], curves["validation accuracy"]] if there else [[], []]
        names = ("training", "validation", "") if there else ("numbers have no accuracy", "", "")
        return {"epochs": curves["epoch"], "curves": [*both, []], "names": names, "top": 1.0}
    penalised = any(curves["penalty"])
    return {
        "epochs": curves["epoch"],
        "curves": [curves["loss"], curves["validation"], curves["penalty"] if penalised else []],
        "names": ("training", "validation", "penalty" if penalised else ""),
        "log": explorer.chart == "log loss",
    }


def _now(judged):
    """The curves before the first update: one mark."""
    known, unseen = judged.scores
    return {
        "epoch": [0], "penalty": [judged.penalty], "loss": [known and known.loss],
        "validation": [unseen and unseen.loss], "accuracy": [known and known.accuracy],
        "validation accuracy": [unseen and unseen.accuracy],
    }  # fmt: skip
