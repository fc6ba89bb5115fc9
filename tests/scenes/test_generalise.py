"""The scene of Generalise: what is shown follows from the numbers given, not from what was shown before."""

import numpy as np
import pytest

from tests.scenes.fit import maker, png
from wbviz.scenes.generalise import GeneraliseScene

WORDS = {
    "heading": "heading", "state": "state", "answers": "answers", "legend": ("a", "b", "c"), "gap": "gap",
    "loss": "loss", "elsewhere_title": "title", "elsewhere": ["1"] * 8, "rows": ("20 learned", "100 unseen"),
    "numbers": ["0 %"] * 4, "curve": "curve", "hint": "hint",
}  # fmt: skip
SHARES = ((0.0, 0.25), (0.5, 0.45))


def axis(measured=None, at=20):
    return {"sizes": [5, 10, 20, 40], "at": at, "measured": measured}


def plane(n=6, limit=2):
    places = np.random.default_rng(0).uniform(-1, 1, (n, 2))
    return {"map": np.eye(60), "limit": limit, "learned": [places[::2], places[1::2]], "unseen": places[:2] / 2}


def curve(n):
    shares = [np.linspace(0.1, 0.3, 8) + 0.1 * k for k in range(n)]
    return [5, 10, 20, 40][:n], [share / 10 for share in shares], shares


new_scene = maker(GeneraliseScene, (6.6, 4.6))


def show(scene, points=None, counts=None, measured=None, classes=("a", "b")):
    counts = np.eye(len(classes), dtype=int) if counts is None else counts
    scene.update(*SHARES, points, counts, axis(measured), WORDS | {"classes": classes})


def test_a_plane_shows_the_map_the_examples_and_the_wrong_answers(new_scene):
    _, scene = new_scene()
    points = plane()
    show(scene, points)
    assert scene.plane.get_visible()
    assert not any(matrix.axes.get_visible() for matrix in scene.matrices.values())
    assert np.array_equal(scene.map.get_array(), points["map"])
    assert scene.plane.get_xlim() == (-2, 2)
    assert np.array_equal(scene.wrong.get_xydata(), points["unseen"])
    for artist, places in zip(scene.classes, points["learned"], strict=True):
        assert np.array_equal(artist.get_xydata(), places)


@pytest.mark.parametrize("k", [2, 3, 10])
def test_without_a_plane_the_confusion_matrix_of_k_classes_is_shown(new_scene, k):
    _, scene = new_scene()
    show(scene, classes=tuple("abcdefghij"[:k]), counts=np.arange(k * k).reshape(k, k))
    assert not scene.plane.get_visible()
    assert [size for size, matrix in scene.matrices.items() if matrix.axes.get_visible()] == [k]
    tints = scene.matrices[k].image.get_array()
    assert (np.diag(tints) >= 0).all()
    assert (tints - np.diag(np.diag(tints)) <= 0).all()


def test_bars_and_marks_are_the_shares(new_scene):
    _, scene = new_scene()
    show(scene, plane())
    assert [bar.get_width() for bar in scene.bars] == [0.0, 0.25]
    assert [line.get_xdata()[0] for line in scene.befores] == [0.5, 0.45]
    assert [tuple(mark.get_xydata()[0]) for mark in scene.marks] == [(20, 0.0), (20, 0.25)]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_curve_is_the_mean_and_the_band_the_range(new_scene, n):
    _, scene = new_scene()
    measured = curve(n)
    show(scene, plane(), measured=measured)
    for line, shares in zip(scene.lines, measured[1:], strict=True):
        assert line.get_ydata() == pytest.approx([share.mean() for share in shares])
        assert list(line.get_xdata()) == measured[0]
    assert len(scene.bands[1].get_paths()) == (1 if n > 1 else 0)
    if n > 1:
        ends = scene.bands[1].get_paths()[0].get_extents()
        assert (ends.y0, ends.y1) == pytest.approx((0.1, 0.3 + 0.1 * (n - 1)))
    assert scene.curve.get_ylim()[1] >= max(share.max() for share in measured[2])


def test_what_was_shown_before_leaves_no_trace(new_scene):
    figure, scene = new_scene()
    show(scene, classes=tuple("abcdefghij"))
    show(scene, plane(200, limit=5), measured=curve(4))
    show(scene, classes=tuple("abc"))
    show(scene, plane())
    other, afresh = new_scene()
    show(afresh, plane())
    assert png(figure) == png(other)


def test_no_text_leaves_the_picture(new_scene):
    figure, scene = new_scene()
    show(scene, plane(), measured=curve(4))
    figure.canvas.draw()
    for text in scene.page.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= 660
        assert box.y0 >= 0
