"""The map of concepts: boxes, lines and numbers keep clear of each other, and all texts stay in the picture."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from wbviz.scenes._routes import _inside
from wbviz.scenes.concept_map import BADGE
from wbviz.widgets._concepts import CONCEPTS
from wbviz.widgets.concept_map import EDGES, NOWHERE, ConceptMap


@pytest.fixture(scope="module")
def concepts():
    made = ConceptMap()
    FigureCanvasAgg(made.figure)
    yield made
    made.close()


def boxes(scene):
    return np.array(scene.boxes)[:, :2], np.array(scene.boxes)[:, 2:]


def test_no_two_boxes_touch(concepts):
    for (x, y, dx, dy), (x2, y2, dx2, dy2) in itertools.combinations(concepts.scene.boxes, 2):
        assert abs(x - x2) > dx + dx2 + 2 or abs(y - y2) > dy + dy2 + 2


def test_lines_run_between_their_boxes_and_through_no_other(concepts):
    middles, halves = boxes(concepts.scene)
    width, height = concepts.size
    for line, (one, other) in zip(concepts.scene.paths, EDGES, strict=True):
        met = _inside(line, middles, halves, 0)
        assert not met.any()
        assert (line > 0).all()
        assert (line < [width, height]).all()
        near = _inside(line[[0, -1]], middles, halves, 12)
        assert near[0, one]
        assert near[1, other]


def test_numbers_on_the_lines_keep_clear_of_boxes_and_of_each_other(concepts):
    spots = concepts.scene.spots
    assert not _inside(spots, *boxes(concepts.scene), BADGE - 1).any()
    assert min(np.hypot(*(a - b)) for a, b in itertools.combinations(spots, 2)) > 2 * BADGE


def test_all_texts_fit(concepts):
    figure, scene = concepts.figure, concepts.scene
    concepts.apply({"part": "generalising", "steps": 6})
    fixed = text_boxes(figure, scene.axes)
    for name, goal in zip([*CONCEPTS, *CONCEPTS], [NOWHERE] * len(CONCEPTS) + [*reversed(CONCEPTS)], strict=True):
        concepts.apply({"concept": name, "goal": goal})
        concepts.redraw()
        said = number_boxes(scene.said)
        assert_clear(figure, said)
        assert said[-1][0].startswith("Within"), f"{name}: there is no room for all that is said"
    assert_clear(figure, [*said, *number_boxes(scene.dark), *number_boxes(scene.pale), *fixed])


def test_the_picture_shows_the_chosen_concept_and_its_relations(concepts):
    concepts.apply({"concept": "clipping", "goal": NOWHERE, "part": "none", "steps": 1})
    concepts.redraw()
    assert len(concepts.scene.lit.get_segments()) == 1
    assert [text for text in concepts.scene.numbers._texts if text] == ["1"]
    lit = {text for text in concepts.scene.dark._texts if text}
    assert lit == {"clipping", "exploding", "gradient"}
