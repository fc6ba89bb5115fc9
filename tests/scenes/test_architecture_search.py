"""The scene of ArchitectureSearch: trials in order, the strongest weights of a network, texts that fit."""

import itertools

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, maker, number_boxes, png, text_boxes
from wbviz import style
from wbviz.scenes.architecture_search import NET, STRONGEST, ArchitectureSearchScene, unit_places

WORDS = {
    "heading": "Breast cancer: random search, 60 full trainings",
    "state": "1,619 of 1,620 epochs spent in 216 trials, poor ones end early",
    "title": "by hand, trial 60: the best",
    "says": ["4 × 16 sigmoid, RMSprop, lr 0.00123", "held out 100.0 %, learned 100.0 %",
             "150 of 150 epochs, given up"],
    "caption": "90 largest of 1,936 weights; ● bias ≥ 0",
    "bars": "What matters, by PED-ANOVA: not known yet",
    "shares": ["100 %"] * 5,
    "table": ["216", "100.0 %", "sealed", "", "30", "93.8 %", "83.4 %", "+10.4", "–", *[""] * 3],
    "next": "4 × 16 sigmoid, RMSprop, lr 0.00123",
    "note": "What to try was recorded: Optuna 5.0.0, NumPy 2.4.6, 2026-11-27. Training is live.",
}  # fmt: skip

new_scene = maker(ArchitectureSearchScene, (6.6, 4.6))


def trials(n):
    rng = np.random.default_rng(0)
    kinds = np.arange(n) % 4
    spent = 27.0 * (1 + np.arange(n))
    return {"spent": spent, "scores": rng.uniform(0.2, 1, n), "stopped": kinds == 1, "failed": kinds == 3}


def network(sizes, seed=0):
    rng = np.random.default_rng(seed)
    pairs = list(itertools.pairwise(sizes))
    return sizes, [rng.normal(size=pair) for pair in pairs], [rng.normal(size=n) for _, n in pairs]


def show(scene, n=9, sizes=(2, 3, 2), budget=810, low=0.4, weights=(0.1, 0.2, 0.3, 0.4, 1.0), words=WORDS):
    curves = {"random": ((27, 54), (0.5, 0.7))} if n else {}
    best = (54, 0.7) if n else None
    drawn = network(list(sizes)) if sizes else None
    scene.update((budget, low), curves, trials(n), best, best, weights, drawn, words)


def test_every_trial_has_its_mark(new_scene):
    _, scene = new_scene()
    show(scene, 9)
    shown = trials(9)
    for artist, which in (
        (scene.stopped, shown["stopped"]),
        (scene.failed, shown["failed"]),
        (scene.ended, ~shown["stopped"] & ~shown["failed"]),
    ):
        assert artist.get_xdata().tolist() == shown["spent"][which].tolist()
        assert artist.get_ydata().tolist() == np.maximum(shown["scores"][which], 0.4).tolist()


def test_weights_are_drawn_by_sign_and_size(new_scene):
    _, scene = new_scene()
    show(scene)
    _, weights, biases = network([2, 3, 2])
    values = np.concatenate([each.ravel() for each in weights])
    assert len(scene.edges.get_segments()) == (values >= 0).sum()
    assert len(scene.dashes.get_segments()) == (values < 0).sum()
    assert max(scene.edges.get_linewidths()) == pytest.approx(style.signed_width(values.max(), 1.0))
    assert len(scene.plus.get_offsets()) == (np.concatenate(biases) >= 0).sum()


def test_of_many_weights_the_strongest_are_drawn(new_scene):
    _, scene = new_scene()
    show(scene, sizes=(64, 16, 16, 10))
    assert len(scene.edges.get_segments()) + len(scene.dashes.get_segments()) == STRONGEST


@pytest.mark.parametrize("sizes", [[2, 2, 2], [64, 16, 16, 16, 16, 10], [30, 2, 2]])
def test_all_units_lie_within_their_axes(sizes):
    for places in unit_places(sizes):
        assert (places >= 0).all()
        assert (places <= NET[2:]).all()


def test_nothing_tried_yet_can_be_drawn_and_what_was_shown_leaves_no_trace(new_scene):
    figure, scene = new_scene()
    show(scene, 9, (64, 16, 10), budget=4500, low=0.0)
    show(scene, 0, None, weights=None)
    other, afresh = new_scene()
    show(afresh, 0, None, weights=None)
    assert png(figure) == png(other)


def test_texts_stay_in_the_picture_and_clear_of_each_other(new_scene):
    figure, scene = new_scene()
    show(scene, budget=9000)
    png(figure)
    boxes = text_boxes(figure, scene.page, scene.board)
    assert_clear(figure, [*boxes, *number_boxes(scene.table), *number_boxes(scene.bars.numbers)])
