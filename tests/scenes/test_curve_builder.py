"""The scene of CurveBuilder: numbers that keep apart, and a picture that follows from what it is given."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.scenes.fit import maker, png
from wbviz.scenes.curve_builder import CurveBuilderScene, spread

X = np.linspace(-1, 1, 41)
WORDS = {"heading": "heading", "says": ("one", "two")}


def show(scene, pieces, bends, chosen=0, cursor=None, kinks=()):
    target = X[::4], np.sin(X[::4]), pieces.sum(axis=0)[::4]
    scene.update(X, pieces.sum(axis=0), pieces, target, bends, kinks, chosen, cursor, WORDS)


new_scene = maker(CurveBuilderScene, (6.6, 4.7))


@given(st.lists(st.floats(0, 500), max_size=9))
def test_spread_keeps_apart_within_the_strip_and_in_order(places):
    moved = spread(places, 19, 0, 500)
    assert (moved >= -1e-9).all()
    assert (moved <= 500 + 1e-9).all()
    assert (np.diff(np.sort(moved)) >= 19 - 1e-6).all()
    assert list(np.argsort(moved, kind="stable")) == list(np.argsort(places, kind="stable"))


def test_spread_leaves_alone_what_is_apart_and_moves_equals_to_both_sides():
    assert list(spread([100, 300, 200], 19, 0, 500)) == [100, 300, 200]
    assert list(spread([250, 250], 20, 0, 500)) == [240, 260]


def test_bends_out_of_view_stand_at_the_edge_and_none_where_there_is_none(new_scene):
    _, scene = new_scene()
    pieces = np.stack([X, -X, 0 * X, np.full(len(X), 0.3)])
    show(scene, pieces, [-3.0, 0.5, np.nan])
    assert [number.get_text() for number in scene.numbers[:2]] == ["‹1", "2"]
    assert [number.get_visible() for number in scene.numbers[:4]] == [True, True, False, False]
    assert [dot.get_visible() for dot in scene.bends[:3]] == [False, True, False]


def test_every_piece_is_told_apart_without_colour(new_scene):
    _, scene = new_scene()
    looks = {(line.get_color(), str(line.get_linestyle())) for line in scene.lines}
    assert len(looks) == len(scene.lines)
    show(scene, np.stack([X] * 8 + [0 * X]), [0.0] * 8)
    assert [end.get_text() for end in scene.ends] == [*"12345678", "c"]
    heights = sorted(end.get_position()[1] for end in scene.ends)
    assert np.diff(heights).min() >= 13 - 1e-6


def test_the_picture_follows_from_what_is_shown_alone(new_scene):
    figure, scene = new_scene()
    show(scene, np.stack([9 * X] * 8 + [0 * X + 4]), np.linspace(-2, 2, 8), chosen=8, cursor=(0.1, 0.2))
    png(figure)
    last = (np.stack([X, X**2, 0 * X]), [0.1, 0.2])
    show(scene, *last)
    afresh, other = new_scene()
    show(other, *last)
    assert png(figure) == png(afresh)
