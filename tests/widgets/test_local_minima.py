"""LocalMinima: real descents of the engine, valleys that are valleys, and counts that say who was helped and hurt."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.hands import drag, press
from wbviz.engine import SGD, WELLS
from wbviz.widgets import _valleys as valleys
from wbviz.widgets._valleys import SETTINGS, STEPS
from wbviz.widgets.local_minima import LocalMinima

EXPLORER = LocalMinima


# --- the descents -----------------------------------------------------------------------------------------------------


def test_every_start_is_run_by_the_engines_sgd():
    runs = valleys.runs("bumps", 0.07, 0.8, 0.0, 16, 3)
    for start in (0, 7, 15):
        for run, momentum in ((0, 0.0), (1, 0.8)):
            x, optimizer = runs.x[0, 0, start].copy(), SGD(0.07, momentum=momentum)
            for k in range(1, STEPS + 1):
                optimizer.step(x, WELLS["bumps"].gradient(x))
                np.testing.assert_allclose(runs.x[run, k, start], x, rtol=1e-12, atol=1e-14)


def test_both_see_the_same_noise():
    runs = valleys.runs("two wells", 0.001, 0.5, 1.0, 32, 0)
    first = runs.x[:, 1] - runs.x[:, 0]  # the first step knows no velocity yet
    np.testing.assert_allclose(first[0], first[1])
    assert np.std(first) > 0
    assert not np.array_equal(runs.x[0, 2], runs.x[1, 2])


def test_the_starts_fill_every_part_of_the_picture():
    for surface in ("bumps", "bumpy bowl"):
        x, span = valleys.starts(surface, 64, 5), WELLS[surface].span
        for column in x.T:
            assert sorted(np.floor((column / span + 1) * 32).astype(int)) == list(range(64))
        assert not np.array_equal(x, valleys.starts(surface, 64, 6))


@pytest.mark.parametrize("surface", SETTINGS)
def test_slow_descent_leads_to_the_minimum_of_its_valley(surface):
    found, well = valleys.valleys(surface), WELLS[surface]
    assert (np.diff(found.heights) >= -1e-6).all()
    x = np.random.default_rng(0).uniform(-well.span, well.span, (200, well.minima.shape[1]))
    said = found.of(x)
    for _ in range(4000):
        slope = well.gradient(x)
        x = x - 0.02 * slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 0.1)
    ends = np.linalg.norm(x[:, None] - found.minima, axis=-1).argmin(axis=-1)
    assert (said == ends).mean() > 0.97


def test_who_flies_away_is_counted_apart_and_stays_a_number(make):
    explorer = make(surface="two wells", lr=1.0, beta=0.9, step=STEPS)
    assert (explorer.runs.valley[:, -1] == valleys.AWAY).any()
    assert np.isfinite(explorer.runs.x).all()
    assert "flown away" in explorer.describe()
    assert sum(explorer.fates()) == 64


# --- what is to be seen -----------------------------------------------------------------------------------------------


def test_momentum_helps_on_the_bumps(make):
    explorer = make(step=STEPS)
    assert explorer.fates().helped >= 20
    assert explorer.fates().hurt == 0
    assert explorer.in_lowest() > 2 * explorer.in_lowest(momentum=False)
    assert "Here momentum helps" in explorer.describe()


def test_momentum_hurts_on_the_needle_and_on_the_neuron(make):
    for surface in ("needle", "a neuron"):
        explorer = make(surface=surface, step=STEPS)
        assert explorer.fates().hurt >= 10
        assert explorer.fates().helped == 0
        assert "Here momentum hurts" in explorer.describe()


def test_momentum_does_next_to_nothing_in_the_four_wells_and_both_in_the_two(make):
    assert sum(make(surface="four wells", step=STEPS).fates()[:2]) <= 3
    both = make(surface="two wells", step=STEPS).fates()
    assert min(both.helped, both.hurt) >= 2
    assert "equally low" in make(surface="himmelblau").describe()
    assert "both descents are the same" in make(beta=0.0).describe()


def test_fates_are_counts_of_the_two_runs(make):
    explorer = make(surface="two wells", step=77)
    plain, moved = explorer.runs.valley[:, 77] == 0
    assert explorer.fates() == ((moved & ~plain).sum(), (plain & ~moved).sum(), (plain & moved).sum(),
                                (~plain & ~moved).sum())  # fmt: skip
    assert explorer.in_lowest() == moved.sum()
    assert explorer.in_lowest(momentum=False, step=0) == explorer.in_lowest(step=0)


def test_a_surface_brings_its_rates_and_the_focus_stays_among_those_who_run(make):
    explorer = make()
    explorer.surface = "needle"
    assert (explorer.lr, explorer.beta) == SETTINGS["needle"]
    explorer.apply({"surface": "two wells", "lr": 0.5})
    assert (explorer.lr, explorer.beta) == (0.5, SETTINGS["two wells"][1])
    explorer.focus = 60
    explorer.starts = 16
    assert explorer.focus == 16
    assert explorer.range_of("focus")["max"] == 16


def test_the_picture_shows_every_start_once(make):
    for surface, half in (("bumps", 0), ("himmelblau", 1)):
        explorer = make(surface=surface, step=40)
        explorer.png()
        balls = explorer.scene.balls[6 * half : 6 * half + 6]
        assert sum(len(line.get_xdata()) for line in balls) == 64
        assert not any(len(line.get_xdata()) for line in explorer.scene.balls[6 - 6 * half : 12 - 6 * half])
        texts = [text.get_text() for text in (explorer.scene.curve_numbers, explorer.scene.map_numbers)[half]]
        assert texts[: len(explorer.valleys.minima)] == [str(k + 1) for k in range(len(explorer.valleys.minima))]


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_pressing_brings_the_nearest_into_focus(make):
    explorer = make(step=0)
    explorer.png()
    drag(explorer, explorer.scene.below, (3.0, 50))
    assert explorer.runs.x[0, 0, explorer.focus - 1, 0] == pytest.approx(3.0, abs=0.2)
    explorer.apply({"surface": "bumpy bowl", "step": 5})
    explorer.png()
    drag(explorer, explorer.scene.map, (-2.0, 1.0))
    away = np.hypot(*(explorer.runs.x[1, 5] - (-2.0, 1.0)).T)
    assert explorer.focus - 1 == away.argmin()


def test_scrubbing_and_keys(make):
    explorer = make()
    explorer.png()
    drag(explorer, explorer.scene.count, (10, 5), (150, 5))
    assert explorer.step == 150
    press(explorer, "PageUp")
    assert explorer.step == 160
    press(explorer, "ArrowRight", shift=True)
    assert explorer.focus == 22
    press(explorer, "ArrowDown")
    assert explorer.beta == 0.89
    press(explorer, "Home")
    assert explorer.step == 0


EXTREMES = [
    *({"surface": surface, "step": STEPS, "seed": 7} for surface in SETTINGS),
    {"surface": "a neuron", "lr": 10.0, "beta": 0.99, "step": STEPS, "starts": 128, "shown": "without"},
    {"surface": "bumpy bowl", "lr": 10.0, "beta": 0.99, "noise": 2.0, "step": STEPS, "starts": 128},
    {"surface": "himmelblau", "lr": 10.0, "beta": 0.0, "step": 0, "starts": 16},
    {"surface": "two wells", "lr": 10.0, "beta": 0.99, "step": 3, "starts": 16},
]


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_texts_stand_clear(make, settings):
    explorer = make(**settings)
    explorer.png()
    scene = explorer.scene
    shown = [axes for axes in (scene.below, scene.curve, scene.count) if axes.get_visible()]
    boxes = text_boxes(explorer.figure, scene.page) + number_boxes(scene.rows)
    for bars in scene.bars:
        boxes += number_boxes(bars.numbers)
    assert_clear(explorer.figure, boxes)
    ticks = [tick for axes in shown for tick in text_boxes(explorer.figure, axes)]
    for text, box in ticks:
        assert box.x0 >= 0, text
    words = explorer.describe().lower()
    assert "nan" not in words
    assert "inf" not in words.split()
