"""The scene of WeightSurgery alone, without Jupyter."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from wbviz.scenes.weight_surgery import WeightSurgeryScene


@pytest.fixture
def scene():
    return WeightSurgeryScene(Figure(figsize=(6.8, 4.6), dpi=100))


def shown(scene, W1, counts, unit=0):
    scene.set_limit(1.0)
    words = {"score": "s", "unit": "u", "firing": "f", "units": ["b"] * 16, "number": "{:.2f}".format}
    scene.update((W1, np.ones((16, 10))), unit, counts, (0.9, 0.5), words)


def test_minus_marks_stand_in_exactly_the_negative_cells(scene):
    W1 = np.random.default_rng(0).normal(size=(64, 16))
    shown(scene, W1, np.eye(10, dtype=int), unit=4)
    assert [text == "−" for text in scene.minus._texts] == (W1[:, 4] < 0).tolist()


def test_an_empty_row_of_the_confusion_matrix_is_no_error(scene):
    shown(scene, np.zeros((64, 16)), np.zeros((10, 10), dtype=int))
    assert not scene.confusion.get_array().any()


def test_a_place_between_the_images_belongs_to_the_nearest_one_before_it(scene):
    assert scene.unit_at(9.5, 9.5) == 0
    assert scene.unit_at(77.9, 18.9) == 15
