"""The picture of Capstone: every text stays in it and clear of the others, also at the ends of every setting."""

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.widgets.capstone import Capstone

COLOURS = ("red", "green", "a very long name of a colour", "blue", "grey", "white", "black")
COUNTRIES = ("Liechtenstein", "Switzerland", "Austria")
CSV = "weight of the animal,colour of its fur,a very long name of a column,country\n" + "\n".join(
    f"{i % 17},{COLOURS[i % 7]},{i * 37 % 1001},{COUNTRIES[i * i % 3]}" for i in range(120)
)
WIDE = {
    "layers": 6, "units": 64, "activation": "identity", "optimiser": "RMSprop", "lr": 0.0123, "l2": 0.003,
    "epochs": 400, "batch": 128, "folds": 10, "scaling": "over all rows", "seed": 99,
}  # fmt: skip
DEEP = {"layers": 6, "activation": "sigmoid", "epochs": 2}
NUMBERS = {"target": "credit_amount", "epochs": 2}
OWN = {"dataset": "own", "target": "a very long name of a column", "folds": 5, "epochs": 2}
PICTURES = {
    "opened": {},
    "wide": WIDE | {"group": "checking_account", "measure": "false positive rate"},
    "trained": {"epochs": 3, "group": "sex", "runs": [{"epochs": 3}], "opened": [{"epochs": 3}]},
    "deep": DEEP | {"runs": [DEEP]},
    "numbers": NUMBERS | {"group": "job", "runs": [NUMBERS]},
    "own": OWN | {"csv": CSV, "group": "colour of its fur", "runs": [OWN]},
    "nothing to learn": {
        "dataset": "iris",
        "leave_out": ["sepal length", "sepal width", "petal length", "petal width"],
    },
}


@pytest.mark.parametrize("name", PICTURES)
def test_texts_stay_in_the_picture_and_clear_of_each_other(name, request):
    explorer = Capstone(controls=False, **PICTURES[name])
    request.addfinalizer(explorer.close)
    explorer.png()
    scene = explorer.scene
    boxes = text_boxes(explorer.figure, scene.page, scene.losses, scene.gradients, scene.groups, scene.scores)
    for numbers in (scene.silent, scene.group_names, scene.group_numbers, scene.score_numbers):
        boxes += number_boxes(numbers)
    assert_clear(explorer.figure, boxes)


def test_what_is_drawn_is_what_was_measured(request):
    explorer = Capstone(controls=False, **PICTURES["trained"])
    request.addfinalizer(explorer.close)
    explorer.png()
    outcome, scene = explorer.results, explorer.scene
    assert np.array_equal(scene.curves[0].get_ydata(), outcome.train_loss)
    assert np.array_equal(scene.curves[1].get_ydata(), outcome.held_loss)
    assert scene.ring.get_xdata()[0] == outcome.held_loss.argmin() + 1
    assert scene.kept.get_xdata()[0] == 3
    assert len(scene.middles.get_xdata()) == 2
    scores = [dot.get_xdata()[0] for dot in scene.score_dots]
    assert scores == pytest.approx([0.7, outcome.learned_score, outcome.held_score, outcome.test_score])
    assert len(scene.group_dots.get_xdata()) == 2
