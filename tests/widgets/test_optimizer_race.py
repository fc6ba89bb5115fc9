"""The race: what is shown is the race's, divergence is explained, gestures set the start, the step and the focus."""

import gc
import itertools

import numpy as np
import pytest
import traitlets

from wbviz.engine import SURFACES
from wbviz.scenes._grid import _glyphs
from wbviz.scenes.optimizer_race import BARS, COLUMNS, LOOKS, ROW, TABLE_TOP
from wbviz.style import DPI, SMALL
from wbviz.widgets import OptimizerRace
from wbviz.widgets._race_words import significant
from wbviz.widgets._racing import RATES, RUNNERS, objective

WILD = {"lr": [10.0] * 7, "momentum": 0.99, "steps": 1000, "step": 1000}
STILL = {"lr": [1e-4] * 7, "step": 0}


EXPLORER = OptimizerRace
PAINTED = True


def drag(explorer, start, *places):
    """Press at a place of the page, in pixels from the upper left, move through others, let go."""
    press, height = explorer.picture.pointer.get("press", 0) + 1, explorer.size[1]
    for (x, y), down in [(start, True), *((place, True) for place in places), ((places or (start,))[-1], False)]:
        held = {"px": start[0], "py": height - start[1], "press": press, "down": down, "inside": True}
        explorer.picture.pointer = {"x": x, "y": height - y, **held}
    explorer.png()


def pixel(axes, x, y):
    across, up = axes.transData.transform((x, y))
    return across, axes.figure.bbox.height - up


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_the_table_is_that_of_the_paths(make):
    race = make(surface="himmelblau", step=40)
    words = race._words()
    for k, name in enumerate(RUNNERS):
        path = race.paths[name]
        loss, distance, arrived = words["numbers"][3 * k : 3 * k + 3]
        assert loss == significant(race.ground.f(path.points[40]))
        assert distance == significant(race.ground.distance(path.points[40]))
        step = path.arrived(40)
        assert arrived == ("not yet" if step is None else f"step {step}")
    assert f"SGD (lr 0.01): loss {words['numbers'][0]}" in race.describe()


def test_what_is_drawn_ends_at_the_step(make):
    race = make(step=25)
    drawn = race.scene.paths.get_segments()
    names = [name for name in RUNNERS if name != "adam"] + ["adam"]  # the one in focus on top
    for name, track in zip(names, drawn, strict=True):
        assert track == pytest.approx(race.paths[name].points[:26])
    for k, name in enumerate(RUNNERS):
        assert race.scene.marks[k].get_xydata()[0] == pytest.approx(race.paths[name].points[25])
        for lines, values in zip(race.scene.lines, (race.paths[name].loss, race.paths[name].distance), strict=True):
            assert lines.get_segments()[k][-1] == pytest.approx([25, values[25]])


@pytest.mark.parametrize("name", RUNNERS)
def test_the_memory_shown_is_that_of_the_focus(make, name):
    race = make(focus=name, step=10)
    words, path = race._words(), race.paths[name]
    rows = dict(zip(words["names"], words["values"], strict=False))
    assert rows["gradient g"] == tuple(map(significant, path.gradients[10]))
    assert rows["step"] == tuple(map(significant, path.points[11] - path.points[10]))
    for quantity, values in path.memory.items():
        assert rows[quantity] == tuple(map(significant, values[10]))
    if race.scene.arrows[0].get_visible():
        assert race.scene.arrows[0]._posA_posB[1] == pytest.approx(
            path.points[10] - race.rate_of(name) * path.gradients[10]
        )
    assert words["key"][1] == significant(np.linalg.norm(path.points[11] - path.points[10]))


def test_numbers_are_short():
    assert [significant(v) for v in (0.0, 12345.6, 3.14159, -0.00123, 1e-5, -2.345e12, 99999.0)] == [
        "0",
        "12346",
        "3.14",
        "−0.00123",
        "1.0·10⁻⁵",
        "−2.3·10¹²",
        "99999",
    ]
    assert significant(-9.9e-108) == "−10⁻¹⁰⁷"  # fmt: skip


def test_at_the_start_it_asks_for_a_prediction(make):
    race = make(step=0)
    assert race.scene.notes[0].get_text().startswith("All begin 2.69 from a minimum. Who will be the first")
    race.step = 30
    race.png()
    assert race.scene.notes[0].get_text().startswith("Nearest: AdamW, 0.0479 from a minimum.")


def test_arrivals_and_divergence_of_the_whole_race(make):
    race = make(surface="bowl", lr=[1.2] + [2.4] * 6, runners=["sgd", "adagrad"], step=0, steps=100)
    assert race.arrived("sgd") < 30
    assert race.diverged("sgd") is None
    race.lr = [2.4] + [2.4] * 6
    assert race.arrived("sgd") is None
    assert race.diverged("sgd") > 0
    assert "diverged" not in race.describe()  # not yet, at step 0


@pytest.mark.parametrize("surface", RATES)
def test_divergence_is_explained_and_never_nan(make, surface):
    race = make(surface=surface, **WILD)
    told = race.describe()
    assert "nan" not in told.lower()
    assert "inf" not in told.lower().split()
    assert all(np.isfinite(path.points).all() for path in race.paths.values())
    end = race.diverged("sgd")
    if end is not None:
        assert f"SGD (lr 10) diverged at step {end}" in told
        assert "above 2.00 its steps grow" in told or "the gradient grew from" in told
    race.focus = "sgd"
    race.png()
    if end is not None and end > 1:
        assert not any(arrow.get_visible() for arrow in race.scene.arrows)
        assert race.scene.memory_title.get_text() == "SGD has diverged; its last step before:"
        assert race._words()["values"][-1] == tuple(map(significant, np.diff(race.paths["sgd"].points, axis=0)[-1]))


# --- settings ---------------------------------------------------------------------------------------------------------


def test_a_surface_brings_its_start_and_rates_unless_they_are_given(make):
    race = make(surface="bowl")
    assert race.start == list(SURFACES["bowl"].start)
    assert race.lr == list(RATES["bowl"])
    race.apply({"surface": "beale", "lr": [0.01] * 7})
    assert (race.start, race.lr) == (list(SURFACES["beale"].start), [0.01] * 7)
    race.undo()
    assert (race.surface, race.start) == ("bowl", list(SURFACES["bowl"].start))


def test_the_start_lies_in_view(make):
    race = make(surface="rosenbrock")
    with pytest.raises(traitlets.TraitError, match=r"start x₁ goes from -2\.2 to 2\.2, but got 2\.5"):
        race.start = [2.5, 0]


def test_the_step_follows_the_steps_and_the_focus_the_runners(make):
    race = make(step=110)
    race.steps = 100
    assert race.step == 100
    race.runners = ["sgd", "adagrad"]
    assert race.focus == "sgd"
    assert race.idle() == ("momentum",)
    race.focus = "nesterov"
    assert race.runners == ["sgd", "nesterov", "adagrad"]
    for wrong in ([], ["sgd", "lion"], "sgd"):
        with pytest.raises(traitlets.TraitError, match="runners: expected a list of one or more of sgd"):
            race.runners = wrong


def test_a_race_that_could_not_be_made_is_closed_quietly(recwarn):
    with pytest.raises(traitlets.TraitError, match="step goes from 0 to 50, but got 60"):
        OptimizerRace(steps=50, step=60)
    gc.collect()
    assert not [warning for warning in recwarn if "unraisable" in str(warning.category).lower()]


def test_check_boxes_choose_who_runs(make):
    race = make()
    boxes = race._entrants._boxes
    boxes["adam"].value = False
    assert "adam" not in race.runners
    race.apply({"runners": ["sgd"]})
    assert [box.value for box in boxes.values()] == [True] + [False] * 6
    boxes["sgd"].value = False
    assert (race.runners, boxes["sgd"].value) == (["sgd"], True)


def test_a_play_goes_to_the_end(make):
    race = make(step=115)
    race.under[1].start()
    assert race.under[1].wait(20) == "done"
    assert race.step == 120
    assert race.undo()
    assert race.step == 115


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_the_start_is_dragged(make):
    race = make()
    drag(race, pixel(race.scene.map, -1, 1), pixel(race.scene.map, 1, 2))
    assert race.start == pytest.approx([1, 2], abs=1e-3)
    drag(race, pixel(race.scene.map, 0, 0), (5, 5))
    assert race.start == [pytest.approx(-3), pytest.approx(3)]


def test_a_row_takes_the_focus_and_the_curves_scrub(make):
    race = make()
    drag(race, (400, TABLE_TOP + 3 * ROW))
    assert race.focus == "adagrad"
    for curve in race.scene.curves:
        y = np.sqrt(np.prod(curve.get_ylim()))
        drag(race, pixel(curve, 10, y), pixel(curve, 100, y))
        assert race.step == 100


def test_keys(make):
    race = make()
    for key, shift in (("ArrowRight", False), ("ArrowUp", True)):
        race.on_key(key, shift)
    assert race.start == pytest.approx([-2.44, 1.3])
    for key, step in (("+", 31), ("-", 30), ("PageUp", 40), ("PageDown", 30), ("End", 120), ("+", 120), ("Home", 0)):
        race.on_key(key)
        assert race.step == step
    race.on_key("3")
    assert race.focus == "nesterov"


# --- the picture ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", RATES)
@pytest.mark.parametrize("extreme", [WILD, STILL, {}], ids=["wild", "still", "usual"])
def test_texts_stay_on_the_page_and_apart(make, surface, extreme):
    race = make(surface=surface, **extreme)
    for race.focus in RUNNERS:
        race._update()
        scene, width = race.scene, race.size[0]
        texts = [text for text in scene.page.texts if text.get_text()]
        boxes = [text.get_window_extent() for text in texts]
        for text, box in zip(texts, boxes, strict=True):
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
        for (one, a), (other, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
            assert not a.overlaps(b), (one, other)
        _numbers_fit(race._words())


def _wide(text):
    return _glyphs(text)[2] * SMALL * DPI / 72


def _numbers_fit(words):
    for k, who in enumerate(words["who"]):
        loss, distance, arrived = words["numbers"][3 * k : 3 * k + 3]
        ends = [378 + _wide(who), COLUMNS[0], COLUMNS[1], COLUMNS[2]]
        for end, column, text in zip(ends, COLUMNS, (loss, distance, arrived), strict=False):
            assert end + 3 <= column - _wide(text) or not text, (who, loss, distance, arrived)
    for name in words["names"]:
        assert 345 + _wide(name) <= BARS[0][0]
    for left, right in words["values"]:
        assert BARS[0][0] + 1.1 * BARS[0][2] + _wide(left) <= BARS[1][0]
        assert BARS[1][0] + 1.1 * BARS[1][2] + _wide(right) <= 680
    assert all(514 + _wide(text) < 582 for text in words["key"])


def test_everybody_is_told_apart_without_colour():
    assert list(LOOKS) == list(RUNNERS)
    assert len({marker for _, marker, _ in LOOKS.values()}) == len(LOOKS)


def test_minima_are_marked(make):
    race = make(surface="himmelblau")
    lowest, higher = race.scene.minima
    assert lowest.get_xydata() == pytest.approx(objective("himmelblau").minima)
    assert len(higher.get_xydata()) == 0
    race.surface = "network"
    race.png()
    assert (len(lowest.get_xydata()), len(higher.get_xydata())) == (1, 1)
    assert "☆ a higher one" in race.scene.map_title.get_text()
