"""The scene of a loss surface: colours and contours stand for true losses, arrows for steps, in both views."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from wbviz import style
from wbviz.engine import Surface
from wbviz.scenes._relief import Relief
from wbviz.scenes.loss_surface import (
    HEIGHTS,
    PLANE,
    LossSurfaceScene,
    _arrows,
    _round_above,
    _round_below,
    _round_between,
)

SIZE = (680, 492)
LIMITS = ((-2.0, 2.0), (-1.0, 1.0))
WORDS = {
    "heading": "h", "axes": ("u", "v"), "title": "t", "names": ("u", "v"), "numbers": [""] * 9, "lines": [""] * 4,
    "verdict": "", "hint": "", "notice": "",
}  # fmt: skip


def bowl(n=41):
    u, v = np.linspace(*LIMITS[0], n), np.linspace(*LIMITS[1], n)
    return Surface(u, v, 0.3 + u**2 + 4 * v[:, None] ** 2)


@pytest.fixture
def show():
    scene = LossSurfaceScene(Figure(figsize=[p / style.DPI for p in SIZE], dpi=style.DPI))

    def draw(places, surface=None, relief=False, heights=None, turn=30.0):
        surface = surface or bowl()
        places = np.array(places, float)
        losses = 0.3 + places[:, 0] ** 2 + 4 * places[:, 1] ** 2
        path = {"places": places, "losses": losses, "heights": heights}
        run = {"losses": losses, "at": len(losses) - 1, "steps": 10}
        view = {"relief": relief, "turn": turn, "limits": LIMITS}
        scene.update(surface, path, run, view, WORDS)
        return scene

    return draw


def test_contours_run_where_the_loss_is_their_level(show):
    scene = show([[1, 0]])
    levels = np.log(scene.contour_levels)
    for line in scene.contours.get_segments():
        losses = 0.3 + line[:, 0] ** 2 + 4 * line[:, 1] ** 2
        off = np.abs(np.log(losses)[:, None] - levels).min(axis=1)
        assert off.max() < 0.02


def test_colours_are_the_loss_in_equal_ratios_from_a_round_number_to_another(show):
    scene = show([[1, 0]])
    low, high = scene._levels
    assert (low, high) == (0.2, 10)
    height = scene.map.get_array()
    np.testing.assert_allclose(low * (high / low) ** height, bowl().loss)


def test_a_scale_that_leaves_out_high_losses_says_so(show):
    surface = bowl()
    surface.loss[0, 0] = np.inf
    surface.loss[-1, -1] = 1e6
    scene = show([[1, 0]], surface)
    assert scene._levels == (0.2, 200)
    assert scene.scale.get_yticklabels()[-1].get_text() == "≥200"
    assert np.isfinite(scene.map.get_array()).all()


def test_every_step_has_an_arrow_from_point_to_point(show):
    places = [[-1.5, 0.5], [0, -0.5], [0.5, 0], [0.5, 0]]
    scene = show(places)
    shafts, heads = scene.arrows[2].get_segments(), scene.arrows[3].get_paths()
    assert len(shafts) == len(heads) == 3
    for k in range(3):
        x, y = PLANE[0] + PLANE[2] * (places[k][0] + 2) / 4, PLANE[1] + PLANE[3] * (1 - places[k][1]) / 2
        np.testing.assert_allclose(shafts[k][0], [x, y])
    np.testing.assert_allclose(heads[0].vertices[0], shafts[1][0])


def test_arrow_heads_are_never_longer_than_the_step():
    shafts, heads = _arrows(np.array([[0.0, 0.0], [2.0, 0.0], [102.0, 0.0]]))
    np.testing.assert_allclose(shafts[:, 1, 0], [0.8, 94])
    np.testing.assert_allclose(heads[1][1:3].mean(axis=0), [94, 0])
    assert _arrows(np.zeros((1, 2))) == ([], [])


def test_places_outside_of_the_view_have_no_marker(show):
    scene = show([[-1, 0], [5, 0]])
    assert len(scene.start.get_xdata()) == 1
    assert len(scene.here.get_xdata()) == 0


def test_the_relief_stands_the_path_on_true_losses_and_stems_lead_to_the_slice(show):
    scene = show([[1, 0], [0, 0]], bowl(26), relief=True, heights=np.array([5.0, 0.3]))
    assert not scene.plane.get_visible()
    x, y = scene.start.get_data()
    expected = scene.relief.on_page(np.array([[1.0, 0.0]]), scene._height(np.array([1.3])))
    np.testing.assert_allclose([x[0], y[0]], expected[0])
    stem = scene.stem.get_segments()[0]
    foot = scene.relief.on_page(np.array([[1.0, 0.0]]), scene._height(np.array([5.0])))
    np.testing.assert_allclose(stem, [expected[0], foot[0]])
    assert foot[0, 1] < expected[0, 1]  # higher on the page: y runs downwards
    assert show([[1, 0]]).plane.get_visible()
    assert len(scene.stem.get_segments()) == 0


@pytest.mark.parametrize("turn", range(0, 360, 45))
def test_the_relief_stays_in_its_place_from_every_side(turn):
    axes = Figure(figsize=(6.8, 4.92)).add_axes([0, 0, 1, 1])
    relief = Relief(axes, PLANE, HEIGHTS)
    heights = np.random.default_rng(0).random((9, 9))
    heights[0, 0], heights[-1, -1] = 1, 0
    relief.update(heights, turn, LIMITS, ("u", "v"))
    corners = np.concatenate([path.vertices for path in relief.faces.get_paths()])
    left, top, width, tall = PLANE
    assert (corners >= [left, top]).all()
    assert (corners <= [left + width, top + tall]).all()
    place = np.array([[0.5, -0.25]])
    assert relief.nearest(*relief.on_page(place, heights[3:4, 5])[0]) == pytest.approx((0.5, -0.25))
    base = relief.on_page(np.array([[u, v] for u in (-2, 2) for v in (-1, 1)]), np.zeros(4))
    assert len(np.unique(np.round(base, 6), axis=0)) == 4


def test_round_numbers():
    assert [_round_below(v) for v in (0.05, 0.099, 1, 3)] == [0.05, 0.05, 1, 2]
    assert [_round_above(v) for v in (0.05, 0.099, 1, 7)] == [0.1, 0.1, 2, 10]
    assert _round_between(0.2, 10) == [0.2, 0.5, 1, 2, 5, 10]
