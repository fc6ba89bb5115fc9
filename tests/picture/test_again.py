"""What is recorded from memory is what matplotlib would have drawn."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch, PathPatch, Polygon, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from tests.picture.sent import Frames, numbers
from wbviz.picture import Picture
from wbviz.picture.recorder import Recorder

BOX = {"facecolor": "#fffdf5", "edgecolor": "none", "pad": 1.2}
STAR = Path([(0, 0), (1, 3), (2, 0), (0, 2), (2, 2), (0, 0)], [1, 2, 2, 2, 2, 79])


def text(**style):
    return lambda axes: axes.text(0.2, 0.3, "z = 0.50", **style)


def line(*style, **more):
    return lambda axes: axes.plot([0, 0.5, 1], [0, 1, 0.5], *style, **more)[0]


def patch(make):
    return lambda axes: axes.add_patch(make())


def write(words, place):
    return lambda artist: artist.set(text=words, position=place)


WORDS = [write("z = 0.71", (0.7, 0.1)), write("z = −0.7", (0.3, 0.1)), write("z = 1.28", (0.31, 0.123))]
TABLE = [write("x\n0.50\n−1", (0.3, 0.9)), write("x\n0.71\n−3", (0.4, 0.7))]
DATA = [
    lambda artist: artist.set_data([0, 0.2, 1], [0.1, 0.9, 0.3]),
    lambda artist: artist.set_data([0.5, 0.5, 0.1], [0, 0.4, 0.4]),
    lambda artist: artist.set_data(np.linspace(0, 1, 401), np.sin(9 * np.linspace(0, 1, 401))),
]
RECTANGLE = [
    lambda artist: artist.set(xy=(0.123, 0.31), width=0.2, height=-0.1),
    lambda artist: artist.set(xy=(0.1, 0), width=0),
]
EDGES = [
    lambda it: it.set(segments=[[(0, 0), (0.5, 1)], [(0.2, 0.2), (0.2, 0.9), (0.9, 0.9)]], linewidth=[3, 0.5]),
    lambda it: it.set(segments=[[(0.1, 0), (0.1, 1)], [(0, 0.3), (1, 0.3)]], color=["#0072b2", "#d55e00"]),
    lambda it: it.set(segments=[[(0, 0), (9, 1)]] * 3, linestyle=["dashed", "solid"]),
]
AREAS = [
    lambda it: it.set(verts=[[(0, 0), (0.5, 1), (1, 0)], [(0, 0), (0, 0.3), (0.3, 0.3), (0.3, 0)]]),
    lambda it: it.set(verts=[[(0, 0), (0.5, 1), (-9, 0)]] * 2, facecolor=["#0072b280", "#d55e00"]),
]
UPWARDS = [
    lambda artist: artist.set_data([0, 0.2, 1], [0.1, 0.9, 0.3]),
    lambda artist: artist.set_data([0.5, 0.6], [1e-3, 0.4]),
]


def on_log(draw):
    return lambda axes: (axes.set_yscale("log"), draw(axes))[1]


#: Artists that are remembered, and changes after which they need not be drawn.
MOVES = {
    "text": (text(), WORDS),
    "boxed text": (text(ha="center", va="center", size=9, bbox=BOX), WORDS),
    "round box": (text(bbox={"boxstyle": "round", "alpha": 0.5}), WORDS),
    "turned text": (text(rotation=30, alpha=0.5, clip_on=True, bbox=BOX), WORDS),
    "table": (text(ma="right", linespacing=1.5, bbox=BOX), TABLE),
    "line": (line(lw=1.3, color="#0072b2"), DATA),
    "dashes": (line(linestyle="dashed", gapcolor="#ff0000"), DATA),
    "markers": (line("o", color="#cc79a7"), DATA),
    "line and markers": (line("s-", ms=9, fillstyle="left", markeredgecolor="#000000"), DATA),
    "snapped": (line(snap=True), DATA),
    "logarithmic": (on_log(line("o-")), UPWARDS),
    "edges, logarithmic": (
        on_log(lambda axes: axes.add_collection(LineCollection([[(0, 0.1), (1, 1)], [(0, 1), (1, 0.2)]]))),
        [lambda it: it.set(segments=[[(0, 0.5), (0.5, 0.7)]], linewidth=[3, 0.5])],
    ),
    "rectangle": (patch(lambda: Rectangle((0, 0), 1, 0.5, edgecolor="#000000")), RECTANGLE),
    "turned rectangle": (patch(lambda: Rectangle((0, 0), 1, 0.5, angle=20, fill=False)), RECTANGLE),
    "circle": (patch(lambda: Circle((0.5, 0.5), 0.2, linestyle="dotted")), [lambda it: it.set_center((0.2, 0.7))]),
    "ellipse": (patch(lambda: Ellipse((0.5, 0.5), 0.2, 0.3, angle=9)), [lambda it: it.set(center=(0, 0), width=0.4)]),
    "polygon": (patch(lambda: Polygon([(0, 0), (1, 0), (0, 1)])), [lambda it: it.set_xy([(0, 0), (0.3, 0), (0, 0.7)])]),
    "path": (patch(lambda: PathPatch(Path.unit_circle(), lw=0)), [lambda it: it.set(path=STAR, animated=False)]),
    "box": (patch(lambda: FancyBboxPatch((0, 0), 0.4, 0.3)), [lambda it: it.set_bounds(0.3, 0.2, 0.1, 0.5)]),
    "edges": (
        lambda axes: axes.add_collection(
            LineCollection([[(0, 0), (1, 1)], [(0, 1), (1, 0)]], colors=["#0072b2", "#000000"], capstyle="butt")
        ),
        EDGES,
    ),
    "areas": (
        lambda axes: axes.add_collection(PolyCollection([[(0, 0), (1, 1), (1, 0)]] * 2, alpha=0.5, linewidths=0)),
        AREAS,
    ),
    "image": (
        lambda axes: axes.imshow(np.eye(4), interpolation="none", extent=(0, 1, 0, 1), alpha=0.7, cmap="cividis"),
        [lambda it: it.set_data([[1, 0, 0, np.nan]] * 4), lambda it: it.set(data=np.ones((4, 4)), clim=(0, 3))],
    ),
}
#: Changes after which matplotlib has to draw.
LOOKS = {
    "text": [
        lambda text: text.set_color("#d55e00"),
        lambda text: text.set_fontsize(20),
        lambda text: text.set(text="z = 0.52", bbox=BOX),
        lambda text: (text.set_text("z = 0.53"), text.get_bbox_patch().set_facecolor("#ff0000")),
        lambda text: text.set(text="z = 0.54", bbox={"fill": False}, position=(-0.14, 0)),
        lambda text: text.set_position((0.5, 0.5)),
        lambda text: text.set_text("$z = 0.50$"),
        lambda text: text.set_ha("right"),
        lambda text: text.set(text="z = 0.51", path_effects=[withStroke(linewidth=3, foreground="#ffffff")]),
        lambda text: text.set(text="  ", path_effects=None),
        lambda text: text.set_position((np.nan, 0)),
        lambda text: text.set_visible(False),
        lambda text: text.set(visible=True, position=(0, 0)),
    ],
    "line and markers": [
        lambda line: line.set_data([0, np.nan, 1], [0, 0, 1]),
        lambda line: line.set_data([0, 1, 2], [0, 0, 1]),
        lambda line: line.set_markevery(2),
        lambda line: line.set(markevery=None, drawstyle="steps-mid"),
        lambda line: line.set(drawstyle="default", linestyle="none"),
        lambda line: line.set(linestyle="solid", alpha=0.5),
        lambda line: line.set_data(np.arange(1500), np.arange(1500)),
        lambda line: line.set_data([], []),
        lambda line: line.set_clip_path(Circle((200, 150), 50)),
        lambda line: line.set_data([0, 1], [0, 0]),
    ],
    "edges": [
        lambda it: it.set_segments([[(0, 0), (1, 1)]]),
        lambda it: it.set_segments([]),
        lambda it: it.set(segments=[[(0, 0), (1, 1)], [(0, 0), (np.nan, 1), (0.3, 0.3)]], capstyle="round"),
        lambda it: it.set(segments=[[(0, 0), (1, 1)]] * 2, offsets=[(3, 4), (9, 9)]),
        lambda it: it.set(offsets=(0, 0), array=[0.2, 0.8]),
        lambda it: it.set(array=None, alpha=0.3, snap=True),
    ],
    "rectangle": [
        lambda bar: bar.set_facecolor("#d55e00"),
        lambda bar: bar.set_hatch("//"),
        lambda bar: bar.set(hatch=None, angle=30),
        lambda bar: bar.set_linestyle("dashed"),
        lambda bar: bar.set_fill(False),
        lambda bar: bar.set_sketch_params(2),
        lambda bar: bar.set_x(0.4),
    ],
    "image": [
        lambda image: image.set_data(np.eye(5)),
        lambda image: image.set_extent((0.2, 0.7, 0.1, 0.3)),
        lambda image: image.set_cmap("gray"),
        lambda image: image.set_interpolation("bilinear"),
        lambda image: image.set_data(np.ones((5, 5))),
    ],
}


@pytest.fixture
def live():
    """Makes a picture of one live artist, and says of each of its frames what was recorded and what is right."""
    pictures = []

    def make(draw):
        figure = Figure((4, 3), dpi=100)
        axes = figure.add_axes((0.1, 0.2, 0.83, 0.7), xlim=(0, 1), ylim=(0, 1))
        artist = draw(axes)
        axes.set(xlim=(0, 1.07), ylim=(0 if axes.get_yscale() == "linear" else 1e-3, 1))
        picture = Picture(figure, label="one artist", live=[artist])
        pictures.append(picture)
        return picture, artist, Frames(picture).ready()

    yield make
    for picture in pictures:
        picture.close()


def drawn_by_matplotlib(picture, artist):
    recorder = Recorder()
    recorder.begin(*picture.size, picture.figure.dpi)
    with recorder.slot(artist) as records:
        type(artist).draw(artist, recorder)
    names = {number: name for name, number in recorder._glyphs.items()}
    return [read(record, {"buffer": recorder.buffer.tobytes()}, names) for record in records]


def recorded(picture, frame):
    names = {number: name for name, number in picture._recorder._glyphs.items()}
    (records,) = frame["pieces"].values()
    return [read(record, frame, names) for record in records]


def read(record, header, names):
    """A record with its arrays and glyphs in place of their addresses; texts stand at whole millionths of a pixel."""
    kinds = {"xy": np.float32, "at": np.float32, "codes": np.uint8, "image": np.uint8, "starts": np.uint32}
    kinds |= {"lw": np.float32, "fill": np.uint8, "stroke": np.uint8, "snap": np.uint8}
    values = {
        name: np.nan_to_num(numbers(header, record[name], kind), nan=-1e9).tolist()
        for name, kind in kinds.items()
        if isinstance(record.get(name), list)
    }
    if "clippath" in record:
        values["clippath"] = numbers(header, record["clippath"]["xy"]).tolist()
    if "text" in record:
        values["text"] = [names[number] for number in record["text"]]
        values["matrix"] = np.round(record["matrix"], 6).tolist()
    return record | values


@pytest.mark.parametrize("kind", MOVES)
def test_what_has_moved_is_recorded_from_memory_as_matplotlib_draws_it(live, kind, monkeypatch):
    make, moves = MOVES[kind]
    picture, artist, frames = live(make)

    def change(move):
        frames.acknowledge()
        move(artist)
        picture.changed()

    for move in moves:
        change(move)
        assert recorded(picture, frames[-1]) == drawn_by_matplotlib(picture, artist)
    for move in moves:
        with monkeypatch.context() as only_memory:
            only_memory.setattr(type(artist), "draw", None)
            change(move)
        assert recorded(picture, frames[-1]) == drawn_by_matplotlib(picture, artist)
    assert [frame["whole"] for frame in frames] == [True] + [False] * 2 * len(moves)


@pytest.mark.parametrize("kind", LOOKS)
def test_what_looks_otherwise_is_drawn_by_matplotlib(live, kind):
    make, moves = MOVES[kind]
    picture, artist, frames = live(make)
    for change in LOOKS[kind]:
        for move in (change, moves[0]) if kind == "rectangle" else (change,):
            frames.acknowledge()
            move(artist)
            picture.changed()
            assert recorded(picture, frames[-1]) == drawn_by_matplotlib(picture, artist)


def test_after_a_whole_frame_things_are_in_their_new_places(live):
    picture, artist, frames = live(MOVES["boxed text"][0])
    for k, change in enumerate((lambda: artist.axes.set_xlim(-1, 2), lambda: picture.figure.set_size_inches(3, 2))):
        frames.acknowledge()
        change()
        picture.changed()
        assert frames[-1]["whole"]
        frames.acknowledge()
        artist.set_text(f"z = 0.{k}9")
        picture.changed()
        assert not frames[-1]["whole"]
        assert recorded(picture, frames[-1]) == drawn_by_matplotlib(picture, artist)


def test_a_text_of_many_forms_is_not_remembered_for_good(live):
    picture, artist, frames = live(text())
    for k in range(100):
        frames.acknowledge()
        artist.set_text("z" * k)
        picture.changed()
    assert len(artist.draw._memory._kept) <= 32


def test_wedges_and_arrows_are_drawn_by_matplotlib(live):
    picture, artist, frames = live(patch(lambda: Wedge((0.5, 0.5), 0.3, 0, 90)))
    frames.acknowledge()
    artist.set_theta2(200)
    picture.changed()
    assert recorded(picture, frames[-1]) == drawn_by_matplotlib(picture, artist)
