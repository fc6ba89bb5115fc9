"""The scene of MetaLearning: every text has its room, and the picture follows from what it is given."""

import pytest

from tests.scenes.fit import assert_clear, number_boxes, png, text_boxes
from wbviz.widgets.meta_learning import MetaLearning

STATES = {
    "as it opens": {},
    "nothing moved yet": {"step": 0},
    "outside, with another rate": {"amplitude": 9.9, "phase": 6.25, "inner_lr": 0.2, "step": 10, "noise": 1.0},
    "first-order, other tasks": {
        "method": "first-order MAML", "held_out": "amplitude 5 to 10", "step": 10, "inner_lr": 0.153, "seed": 9,
    },
    "the random start": {"method": "Reptile", "shown": "random", "step": 10, "points": 1, "held_out": "phase π to 2π"},
    "not trained yet": {"origin": "random weights", "points": 20, "where": "left half", "step": 3},
}  # fmt: skip


@pytest.fixture(scope="module")
def explorer():
    made = MetaLearning(controls=False)
    yield made
    made.close()


@pytest.mark.parametrize("name", STATES)
def test_no_text_is_cut_off_or_runs_into_another(explorer, name):
    explorer.reset()
    explorer.apply(STATES[name])
    explorer.png()
    scene = explorer.scene
    boxes = text_boxes(explorer.figure, scene.page, scene.curves, *scene.panels)
    for numbers in (scene.names, scene.bars.numbers, scene.scale):
        boxes += number_boxes(numbers)
    assert_clear(explorer.figure, boxes)


def test_the_longest_line_on_training_here_has_its_room(explorer):
    explorer.reset()
    explorer.apply({"method": "first-order MAML", "inner_steps": 5, "inner_lr": 0.003, "points": 20})
    explorer.train(1)
    explorer.png()
    assert_clear(explorer.figure, text_boxes(explorer.figure, explorer.scene.page))


def test_the_picture_follows_from_what_is_shown_alone(explorer):
    explorer.reset()
    for state in STATES.values():
        explorer.apply(state)
        explorer.png()
    afresh = MetaLearning(controls=False, **explorer.state)
    assert png(explorer.figure) == png(afresh.figure) or explorer.png() == afresh.png()
    afresh.close()


def test_lines_and_marks_are_the_numbers_given(explorer):
    explorer.reset()
    explorer.apply({"step": 4, "amplitude": 6.0})
    explorer.png()
    scene, found = explorer.scene, explorer.errors("pretrained")
    assert scene.lines[1].get_ydata()[4] == pytest.approx(sorted(found[4])[49])
    assert scene.marks[1].get_xydata().tolist() == [[4, scene.lines[1].get_ydata()[4]]]
    curve = 14 * scene.nows[0].get_ydata()
    known = explorer.network(scene._x[:, None])[:, 0]
    assert curve == pytest.approx(known)
    assert 14 * scene.truths[2].get_ydata() == pytest.approx(explorer.task.truth(scene._x))
