"""What the recorder writes down of each kind of artist."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from tests.picture.sent import Frames, numbers
from wbviz.picture import Picture


@pytest.fixture
def record():
    """Records one artist on a figure of 200 × 100 pixels, in pixels; returns its records and the frame."""
    pictures = []

    def run(artist):
        figure = Figure((2, 1), dpi=100)
        if not artist.is_transform_set():
            artist.set_transform(IdentityTransform())
        figure.add_artist(artist)
        picture = Picture(figure, label="one artist", live=[artist])
        pictures.append(picture)
        (header,) = Frames(picture).ready()
        return header["pieces"][header["live"][0]], header

    yield run
    for picture in pictures:
        picture.close()


def line(x, y, **style):
    return Line2D(x, y, **style)


def test_a_line_keeps_its_vertices_and_its_style(record):
    artist = line([10, 50, 90], [10, 80, 20], color="#0072b2", lw=1.8, ls=(0, (4, 2)), alpha=0.5)
    (got,), header = record(artist)
    assert numbers(header, got["xy"]).reshape(-1, 2).tolist() == [[10, 10], [50, 80], [90, 20]]
    assert (got["stroke"], got["cap"], got["join"]) == ("#0072b280", "butt", "round")
    assert got["lw"] == pytest.approx(2.5)
    assert got["dash"] == pytest.approx([0, 10, 5])
    assert "codes" not in got
    assert "fill" not in got
    assert got["snap"] == 0


def test_vertices_that_are_not_numbers_leave_a_gap(record):
    (got,), header = record(line([0, 10, np.nan, 30, 40], [5, 5, 5, np.inf, 5]))
    xy = numbers(header, got["xy"])
    assert np.isfinite(xy).all()
    assert got.get("codes") is None or 1 in numbers(header, got["codes"], np.uint8)[1:]


@pytest.mark.parametrize("points", [([], []), ([np.nan], [1]), ([np.nan, np.nan], [1, 2])])
def test_empty_lines_are_not_recorded(record, points):
    assert record(line(*points))[0] == []


def test_far_away_vertices_are_cut_off(record):
    (got,), header = record(line([0, 200], [-1e14, 1e14]))
    assert np.abs(numbers(header, got["xy"])).max() < 300
    (got,), header = record(PathPatch(Path([(0, 0), (1e30, 0), (50, 1e30)]), fc="#ff0000"))
    assert np.abs(numbers(header, got["xy"])).max() <= 1e6


def test_curves_and_closed_paths_keep_their_codes(record):
    path = Path([(0, 0), (10, 20), (20, 0), (30, 5), (40, 5), (50, 0), (0, 0)], [1, 3, 3, 4, 4, 4, 79])
    (got,), header = record(PathPatch(path))
    assert numbers(header, got["codes"], np.uint8).tolist() == [1, 3, 3, 4, 4, 4, 79]
    assert got["snap"] == 0


def test_level_and_upright_lines_are_snapped(record):
    assert record(Rectangle((10, 10), 30, 20))[0][0]["snap"] == 1
    assert record(line([10, 10, 90], [10, 50, 50]))[0][0]["snap"] == 1
    assert record(line([10, 11, 90], [10, 50, 50]))[0][0]["snap"] == 0
    assert record(line([10, 11, 90], [10, 50, 50], snap=True))[0][0]["snap"] == 1
    assert record(Circle((50, 50), 20))[0][0]["snap"] == 0


def test_clipping_by_a_rectangle_and_by_a_path():
    figure = Figure((4, 3), dpi=100)
    axes = figure.add_axes((0.25, 0.5, 0.5, 0.25))
    (inside,) = axes.plot([0, 1], [0, 1])
    (round_,) = axes.plot([0, 1], [0, 1])
    round_.set_clip_path(Circle((200, 150), 50, transform=IdentityTransform()))
    picture = Picture(figure, label="clips", live=[inside, round_])
    (header,) = Frames(picture).ready()
    first, second = (header["pieces"][slot][0] for slot in header["live"])
    assert first["clip"] == pytest.approx([100, 150, 300, 225])
    assert numbers(header, second["clippath"]["xy"]).reshape(-1, 2).mean(axis=0) == pytest.approx([200, 150], abs=10)
    picture.close()


def axes_record(draw):
    """The records of the artist that `draw(axes)` makes on axes over the whole figure of 100 × 100 pixels."""
    figure = Figure((1, 1), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 10), ylim=(0, 10))
    artist = draw(axes)
    picture = Picture(figure, label="axes", live=[artist])
    (header,) = Frames(picture).ready()
    picture.close()
    return header["pieces"][header["live"][0]], header


def test_a_scatter_plot_of_one_style_is_one_marker_at_many_places():
    (got,), header = axes_record(lambda axes: axes.scatter(range(300), range(300), s=20, color="#009e73"))
    assert got["marker"] == 1
    assert numbers(header, got["at"]).reshape(-1, 2)[:3].tolist() == [[0, 0], [10, 10], [20, 20]]
    assert got["fill"] == "#009e73ff"


def test_a_scatter_plot_of_many_colours_and_sizes_is_one_record():
    rng = np.random.default_rng(0)
    (got,), header = axes_record(lambda axes: axes.scatter(*rng.random((2, 50)), c=rng.random(50), s=range(1, 51)))
    assert numbers(header, got["fill"], np.uint8).shape == (200,)
    assert numbers(header, got["by"]).shape == (300,)
    assert numbers(header, got["starts"], np.uint32)[0] == 0


def test_line_segments_are_one_record_with_their_own_widths_and_dashes():
    segments = [[(0, 0), (1, k)] for k in range(4)]
    collection = LineCollection(
        segments, linewidths=[1, 2, 3, 4], linestyles=["-", "--", "-", ":"], colors=list("rgbk")
    )
    (got,), header = axes_record(lambda axes: axes.add_collection(collection))
    assert numbers(header, got["starts"], np.uint32).tolist() == [0, 2, 4, 6, 8]
    assert numbers(header, got["lw"]) == pytest.approx(np.arange(1, 5) * 100 / 72)
    assert [bool(dash) for dash in got["dashes"]] == [False, True, False, True]
    assert numbers(header, got["snap"], np.uint8).tolist() == [1, 0, 0, 0]


def test_empty_collections_are_not_recorded():
    assert axes_record(lambda axes: axes.scatter([], []))[0] == []
    assert axes_record(lambda axes: axes.add_collection(LineCollection([])))[0] == []


def test_an_image_without_interpolation_goes_unsampled_with_its_transform():
    values = np.linspace(0, 1, 12).reshape(3, 4)
    (got,), header = axes_record(
        lambda axes: axes.imshow(values, interpolation="none", extent=(2, 6, 1, 4), aspect="auto", origin="lower")
    )
    assert (got["columns"], got["rows"]) == (4, 3)
    assert len(numbers(header, got["image"], np.uint8)) == 48
    assert got["matrix"] == pytest.approx([10, 0, 0, 10, 20, 10])


def test_other_images_are_resampled_by_matplotlib():
    (got,), _ = axes_record(lambda axes: axes.imshow(np.eye(4), interpolation="bilinear"))
    assert got["columns"] == got["rows"] == 35
    assert got["matrix"][:4] == [1, 0, 0, 1]


def test_a_mesh_of_flat_colours_is_one_record_without_seams():
    (got,), header = axes_record(lambda axes: axes.pcolormesh(np.arange(12).reshape(3, 4)))
    assert len(numbers(header, got["starts"], np.uint32)) == 13
    assert (got["aa"], got["close"], got["snap"]) == (0, 1, 1)


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.add_patch(Rectangle((2, 2), 3, 3, hatch="//", fc="none")),
        lambda axes: axes.pcolormesh(np.arange(12.0).reshape(3, 4), shading="gouraud"),
    ],
)
def test_what_shapes_cannot_say_is_an_image_by_agg(draw):
    (got,), header = axes_record(draw)
    image = numbers(header, got["image"], np.uint8).reshape(got["rows"], got["columns"], 4)
    assert image[..., 3].any(axis=0).all()
    assert got["matrix"][:4] == [0.5, 0, 0, 0.5]


def test_text_refers_to_glyphs_that_come_once():
    (got,), header = axes_record(lambda axes: axes.text(5, 5, "0.50", rotation=90, color="#d55e00", alpha=0.5))
    assert len(got["text"]) == 4
    assert got["text"][0] == got["text"][3]
    assert {*got["text"]} <= {*header["glyphs"]}
    assert got["matrix"][:2] == pytest.approx([0, 10 / 72], abs=1e-9)
    assert got["fill"] == "#d55e0080"
