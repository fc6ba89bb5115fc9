"""The picture: what is recorded anew, errors, threads, the saved picture, and nothing left behind."""

import gc
import io
import threading
import tracemalloc

import ipywidgets
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch
from PIL import Image

from tests.picture.sent import Frames
from wbviz.picture import Picture

registry = ipywidgets.widgets.widget._instances


def test_only_what_is_stale_is_recorded(shown):
    picture, frames = shown
    picture.text.set_text("0.25")
    picture.changed()
    assert not frames[-1]["whole"]
    assert list(frames[-1]["pieces"]) == [frames[0]["live"][1]]
    frames.acknowledge()
    picture.line.set_visible(False)
    picture.changed()
    assert frames[-1]["pieces"] == {frames[0]["live"][0]: []}


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.axes.set_title("other"),
        lambda picture: picture.axes.set_xlim(0, 2),
        lambda picture: picture.axes.plot([0, 1], [1, 0]),
        lambda picture: picture.line.set_zorder(9),
        lambda picture: picture.figure.set_facecolor("#ffffff"),
        lambda picture: picture.text.remove(),
        lambda picture: picture.add_live(picture.axes.axhline(0.5)),
        lambda picture: picture.axes.autoscale(),
    ],
)
def test_a_change_beside_the_live_artists_is_a_whole_frame(shown, change):
    picture, frames = shown
    change(picture)
    picture.changed()
    assert frames[-1]["whole"]
    assert len(frames) == 2
    frames.acknowledge()
    picture.line.set_ydata([0.2, 0.4])
    picture.changed()
    assert not frames[-1]["whole"]


MOVES = {
    "line": (lambda axes: axes.plot([0, 1], "o-")[0], lambda line: line.set_data([0, 1], [1, 0])),
    "text": (lambda axes: axes.text(0, 0, "a", bbox={"fc": "w"}), lambda text: text.set_position((0.5, 0.5))),
    "note": (
        lambda axes: axes.annotate("a", (0, 0), (0.5, 0.5), arrowprops={"arrowstyle": "->"}),
        lambda note: setattr(note, "xy", (1, 0)),
    ),
    "arrow": (
        lambda axes: axes.add_patch(FancyArrowPatch((0, 0), (1, 1), mutation_scale=9)),
        lambda arrow: arrow.set_positions((1, 0), (0, 1)),
    ),
    "scatter": (lambda axes: axes.scatter([0, 1], [0, 1]), lambda dots: dots.set_offsets([(1, 0), (0, 1)])),
    "colours": (lambda axes: axes.scatter([0, 1], [0, 1], c=[0, 1]), lambda dots: dots.set_array([1, 0.5])),
    "edges": (
        lambda axes: axes.add_collection(LineCollection([[(0, 0), (1, 1)]])),
        lambda edges: edges.set_segments([[(0, 1), (1, 0)]]),
    ),
    "image": (lambda axes: axes.imshow(np.eye(3)), lambda image: image.set_data(1 - np.eye(3))),
    "mesh": (lambda axes: axes.pcolormesh(np.eye(3)), lambda mesh: mesh.set_array(1 - np.eye(3))),
    "bar": (lambda axes: axes.bar([0], [1])[0], lambda bar: bar.set_height(0.5)),
    "polygon": (lambda axes: axes.fill([0, 1, 0], [0, 0, 1])[0], lambda polygon: polygon.set_xy([(1, 1), (0, 0)])),
    "circle": (lambda axes: axes.add_patch(Circle((0, 0), 1)), lambda circle: circle.set_center((1, 1))),
    "arrows": (lambda axes: axes.quiver([0], [0], [1], [1]), lambda arrows: arrows.set_UVC([2], [1])),
    "area": (
        lambda axes: axes.fill_between([0, 1], [0, 1]),
        lambda area: area.set_data([0, 1], [0, 0.5], [0, 0]),
    ),
}


@pytest.mark.parametrize("kind", MOVES)
def test_artists_of_every_kind_move_without_the_rest(new_picture, kind):
    make, move = MOVES[kind]
    picture = new_picture()
    artist = make(picture.axes)
    picture.add_live(artist)
    frames = Frames(picture).ready()
    frames.acknowledge()
    move(artist)
    picture.changed()
    assert [frame["whole"] for frame in frames] == [True, False]
    assert len(frames[-1]["pieces"]) == 1


def test_pieces_are_in_drawing_order(new_picture):
    picture = new_picture()
    picture.line.set_zorder(1)
    picture.text.set_zorder(9)
    (frame,) = Frames(picture).ready()
    line, text = frame["live"]
    assert 0 < line < text
    assert frame["pieces"][line + 1], "spines, ticks and labels lie between the line and the text"
    assert len(frame["pieces"]) == text + 1


def test_a_new_glyph_comes_with_the_frame_that_needs_it(shown):
    picture, frames = shown
    picture.text.set_text("0.0Ω")
    picture.changed()
    assert len(frames[-1]["glyphs"]) == 1
    frames.acknowledge()
    picture.text.set_text("Ω0.0")
    picture.changed()
    assert frames[-1]["glyphs"] == {}


def test_axes_cannot_be_live(new_picture):
    with pytest.raises(TypeError, match="cannot be live"):
        new_picture().add_live(Figure().subplots())


def test_a_failing_update_is_reported_and_the_next_frame_is_whole(shown, caplog):
    picture, frames = shown
    errors = []
    picture.update = lambda: 1 / 0
    picture.changed()
    assert "could not be drawn" in caplog.text
    picture.on_error = errors.append
    picture.changed()
    assert isinstance(errors[0], ZeroDivisionError)
    assert len(frames) == 1
    picture.update = None
    picture.changed()
    assert frames[-1]["whole"]


def test_a_failing_draw_is_reported(shown):
    picture, frames = shown
    errors = []
    picture.on_error = errors.append
    picture.text.set_text("$\\frac{1$")
    picture.changed()
    assert (len(errors), len(frames)) == (1, 1)
    picture.text.set_text("1")
    picture.changed()
    assert len(frames) == 2


def test_update_may_call_changed(new_picture):
    picture = new_picture()
    picture.update = picture.changed
    assert len(Frames(picture).ready()) == 1


def test_png_runs_a_pending_update_and_hides_no_change_from_the_browser(shown):
    picture, frames = shown
    for _ in range(2):  # the window is full
        picture.line.set_ydata(np.random.default_rng().random(2))
        picture.changed()
    picture.update = lambda: picture.line.set_ydata([0.5, 0.5])
    picture.changed()
    image = Image.open(io.BytesIO(picture.png()))
    assert image.size == (400, 300)
    assert Image.open(io.BytesIO(picture.png(dpi=200))).size == (800, 600)
    assert picture.line.get_ydata() == [0.5, 0.5]
    picture.update = None
    picture.changed()
    frames.acknowledge()
    assert list(frames[-1]["pieces"]) == [frames[0]["live"][0]]


def test_png_is_the_same_every_time(new_picture):
    picture = new_picture()
    assert picture.png() == picture.png()


def test_in_a_notebook_without_a_kernel_there_is_an_image_and_a_name(new_picture):
    data, _ = new_picture()._repr_mimebundle_()
    assert {*data} == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == "Picture: a line"


def test_close_frees_everything_and_may_be_repeated(new_picture):
    before = set(registry)
    picture = new_picture(update=lambda: None)
    frames = Frames(picture).ready()
    line = picture.line
    picture.close()
    picture.close()
    picture.changed()
    assert set(registry) == before
    assert picture.figure.axes == []
    assert "draw" not in vars(line)
    assert len(frames) == 1
    with pytest.raises(RuntimeError, match="closed"):
        picture.png()


def test_500_changes_leave_memory_flat(shown):
    picture, frames = shown

    def change(times):
        for k in range(times):
            picture.line.set_ydata([0, k / 100])
            picture.text.set_text(f"{k % 100 / 100:.2f}")
            picture.changed()
            frames.acknowledge()
            del frames[:-1]

    assert growth(lambda: change(500), warm_up=lambda: change(200)) < 100_000


def test_50_pictures_opened_and_closed_leave_nothing_behind():
    def cycle(times):
        for _ in range(times):
            figure = Figure((2, 2), dpi=100)
            line = figure.add_artist(Line2D([0, 1], [0, 1]))
            picture = Picture(figure, label="a line", live=[line], update=lambda line=line: line.set_ydata([1, 0]))
            Frames(picture).ready()
            picture.png()
            picture.close()

    before = set(registry)
    assert growth(lambda: cycle(50), warm_up=lambda: cycle(5)) < 300_000
    assert set(registry) == before


def growth(action, warm_up):
    """Bytes that `action` leaves allocated."""
    warm_up()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        action()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def test_threads_do_not_disturb_each_other(new_picture):
    """Two pictures with formulas (matplotlib's parser is shared), changed and saved from four threads."""
    pictures, errors = [new_picture(), new_picture()], []
    everything = [Frames(picture).ready() for picture in pictures]

    def work(picture, frames, seed):
        try:
            for k in range(12):
                with picture.lock:
                    picture.text.set_text(rf"$w_{{{seed}}} = \frac{{{k}}}{{{seed + 2}}}$ {k}")
                    picture.axes.set_title(f"${k}$ {seed}")
                picture.changed()
                frames.hear(type="ack", frame=picture.frames_sent)
                if k % 5 == 0:
                    picture.png()
        except Exception as error:
            errors.append(error)

    for picture in pictures:
        picture.on_error = errors.append
    jobs = [
        threading.Thread(target=work, args=(picture, frames, seed))
        for seed, (picture, frames) in enumerate(2 * list(zip(pictures, everything, strict=True)))
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(60)
    assert errors == []
    for frames in everything:
        assert [frame["frame"] for frame in frames] == list(range(1, len(frames) + 1))
