"""The live picture: a matplotlib figure whose moving artists are sent to the browser as they change."""

import base64
import logging
import sys
import threading
import time

import anywidget
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.text import Annotation

from wbviz import style
from wbviz.picture import raster
from wbviz.picture.background import later
from wbviz.picture.front_end import beside
from wbviz.picture.pacing import Pacing
from wbviz.picture.recorder import Recorder
from wbviz.picture.slots import SlotDrawing, flat, shown_array
from wbviz.picture.sweeps import FramesAhead

#: The parts of the front end, in this order.
FRONT_END = (
    *("display_list.js", "sweeps.js", "kept.js", "brush.js", "boxes.js", "layers.js"),
    *("view.js", "gestures.js", "controls.js", "links.js", "picture.js"),
)

#: Guards every scene and every recording: matplotlib's fonts and formulas are shared by all figures.
LOCK = threading.RLock()

_LOG = logging.getLogger(__name__)


class Picture(FramesAhead, anywidget.AnyWidget):
    """A matplotlib figure painted by the browser, in which a change costs only what has changed.

    Arguments:
        figure: a `matplotlib.figure.Figure`; its size in pixels is its size on the page in CSS pixels.
        label: the accessible name, a few words.
        update: called without arguments, under `lock`, just before a frame is recorded; moves the artists.
        live: the artists that move. Whether one is recorded anew is decided by matplotlib's own `stale`.

    The browser reports gestures as state in two traits, if `interactive` is true:
        pointer: {"x", "y"} in pixels of the figure from the lower left, {"press": how many presses so far, "px", "py":
            where the last one was}, "down", "shift", "ctrl", "inside" (bool).
        keystrokes: {"n": how many so far, "recent": the last 32 at most, each {"key", "shift", "ctrl"}}. (The name
            `keys` is taken: ipywidgets keeps the names of the traits there.)
    """

    _esm = traitlets.Unicode(beside(__file__, *FRONT_END)).tag(sync=True)
    _css = traitlets.Unicode(beside(__file__, "picture.css")).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    interactive = traitlets.Bool(False).tag(sync=True)
    sweeps = traitlets.Bool(False, help="Whether `on_hand` draws knobs ahead.").tag(sync=True)
    first = traitlets.Dict(help="The first frame, {header, buffer}, which comes with the model.").tag(sync=True)
    kept = traitlets.Dict(help="What is shown where no kernel runs (kept.py).").tag(sync=True)
    size = traitlets.Tuple(help="Width and height of the figure in CSS pixels.").tag(sync=True)
    pointer = traitlets.Dict().tag(sync=True, echo_update=False)
    keystrokes = traitlets.Dict().tag(sync=True, echo_update=False)
    description = traitlets.Unicode(help="What the picture shows now, in a sentence; travels with the frames.")

    lock = LOCK

    def __init__(self, figure, *, label, update=None, live=(), interactive=False):
        self.figure, self.update = figure, update
        #: Called with the exception when `update` or drawing fails; the last good frame stays. None: it is logged.
        self.on_error = None
        #: Called with {"type": "hold" or "release", "knob", "index"} when a learner takes hold of a knob or lets it go.
        self.on_hand = None
        #: Called with the text of a link that a reader followed to this picture; returns what is wrong with it, or "".
        self.on_link = None
        #: What frames say of the knob in hand, {"knob", "index", "value"}, and the number of the state of all the rest:
        #: a sweep belongs to one state.
        self.at, self.state_number = None, 0
        self.pacing = Pacing()
        self.frames_sent = 0
        #: Milliseconds that the last frame took from `update` to handing it to Jupyter.
        self.last_kernel_ms = 0.0
        self._recorder = Recorder()
        #: The live artists as they were last drawn: artist → number of its piece.
        self.slots = {}
        self._live, self._arrays, self._orders = [], {}, ()
        self._pending, self._busy, self._closed, self._timer = True, False, False, None
        self._described = None
        super().__init__(label=label, interactive=interactive, size=figure.canvas.get_width_height())
        self.add_live(*live)

    def add_live(self, *artists):
        """Give artists (or sequences of them) a slot of their own: they can then move without the rest being drawn."""
        with self.lock:
            for artist in flat(artists):
                if isinstance(artist, Axes | FigureBase):
                    raise TypeError(
                        f"{artist!r} cannot be live: it holds other artists. Name the lines, texts, … that move."
                    )
                if artist not in self._live:
                    artist.stale_callback = None
                    artist.draw = SlotDrawing(artist)
                    self._live.append(artist)
            self.figure.stale = True

    def changed(self):
        """Something changed: a frame is due. It goes as soon as the browser can take it; the latest state wins."""
        with self.lock:
            if not self._busy:
                self._pending = True
                self._pump()

    def png(self, dpi=None):
        """The picture as it is now, drawn by Agg, as PNG bytes; `dpi` pixels per inch (default: the figure's)."""
        with self.lock:
            if self._closed:
                raise RuntimeError(f"The picture “{self.label}” is closed. Make a new one.")
            if self._pending:
                self._run(self._update)
            stale = [artist for artist in self._live if artist.stale]
            figure_stale = self.figure.stale or self.figure.get_layout_engine() is not None
            try:
                return raster.png(self.figure, dpi or self.figure.dpi)
            finally:
                for artist in stale:
                    artist.stale = True
                self.figure.stale = figure_stale

    def close(self):
        """Free the figure, the artists and the callbacks, and take the picture off the page. Safe twice."""
        if sys.is_finalizing():
            return
        if not getattr(self, "_closed", True):
            with self.lock:
                self._closed = True
                self._forget()
                self.unobserve_all()
                self._msg_callbacks.callbacks.clear()
                self.layout.close()
        super().close()

    def _forget(self):
        if self._timer is not None:
            self._timer.cancel()
        for artist in self._live:
            vars(artist).pop("draw", None)
        self.figure.clear()
        self.update = self.on_error = self._timer = None
        self._live, self.slots, self._arrays, self._recorder = [], {}, {}, None
        self.pacing.views.clear()

    # Messages from the browser.

    def _handle_custom_msg(self, content, buffers):
        with self.lock:
            kind = content.get("type")
            if self._closed:
                return
            if kind == "ready":
                self.pacing.arrived(content.get("view"))
                if content.get("frame") != self.frames_sent:  # it has not got the last frame
                    self.figure.stale = self._pending = True
            elif kind == "ack":
                self.pacing.acknowledged(content.get("frame", 0))
            elif kind == "gone":
                self.pacing.left(content.get("view"))
            elif kind in ("hold", "release"):
                return self.on_hand and self.on_hand(content)
            elif kind == "link":
                return self._follow_link(content)
            else:
                return super()._handle_custom_msg(content, buffers)
            self._pump()

    def _follow_link(self, content):
        wrong = "This picture has no settings." if self.on_link is None else self.on_link(content.get("text", ""))
        self.send({"type": "linked", "link": content.get("link"), "wrong": wrong})

    # Frames to the browser.

    def _pump(self):
        """Send a frame if one is due and may go; if it may not yet, see that it goes later."""
        while self._pending and not self._closed and self.pacing.wait == 0:
            self._pending = False
            self._run(self._send_frame)
        if self._pending and self.pacing.wait and self._timer is None:
            self._timer = later(self.pacing.wait + 0.01, self._on_time)

    def _on_time(self):
        with self.lock:
            self._timer = None
            if not self._closed:
                self._pump()

    def _run(self, work):
        """Do `work`; an error goes to `on_error`, and everything is drawn anew next time."""
        self._busy = True
        try:
            work()
        except Exception as error:
            self.figure.stale = True
            if self.on_error is None:
                _LOG.exception("The picture “%s” could not be drawn", self.label)
            else:
                self.on_error(error)
        finally:
            self._busy = False

    def _update(self):
        if self.update is not None:
            self.update()

    def come_along(self):
        """Give the browser the picture with the model: while cells run, what it asks for may have to wait."""
        with self.lock:
            if not self.frames_sent and not self._closed:
                self._pending = False
                self._run(self._give_first)

    def _give_first(self):
        self._update()
        header, (buffer,) = self.whole_frame({"type": "frame", "frame": 1, "at": self.at})
        self.frames_sent, self.first = 1, {"header": header, "buffer": buffer}

    def _send_frame(self):
        started = time.perf_counter()
        self._update()
        header = self._record()
        if header is None:
            return
        frame = self.frames_sent + 1
        header |= {"type": "frame", "frame": frame, "state": self.state_number, "at": self.at}
        self.pacing.sent(frame)
        self.frames_sent = frame
        self.send(header, buffers=[self._recorder.buffer.tobytes()])
        self.last_kernel_ms = 1000 * (time.perf_counter() - started)

    def _record(self):
        """The header of the next frame: everything, or the slots that changed; None where nothing did."""
        whole = self.needs_all()
        size = self.figure.canvas.get_width_height()
        if size != self.size:
            self.size = size
        self._recorder.begin(*self.size, self.figure.dpi, whole)
        header = self._record_all() if whole else self._record_changed()
        header["glyphs"] = self._recorder.glyphs
        if header["pieces"] or self.description != self._described:
            self._described = self.description
            return header | {"description": self.description}
        return None

    def needs_all(self):
        """Whether something besides the live artists has changed, or their order."""
        for axes in self.figure.axes:
            axes.viewLim  # noqa: B018  (asking for it carries out an autoscaling that is still due)
        return self.figure.stale or self._orders != self._drawing_order()

    def _record_all(self):
        self._live = [artist for artist in self._live if artist.figure is not None]
        self.figure.draw(self._recorder)
        self.slots, self._orders = dict(self._recorder.slots), self._drawing_order()
        self._arrays = {}
        self.recorded(*self._live)
        live = list(self.slots.values())
        return {"whole": True, "pieces": self._recorder.pieces, "live": live, "dark": style.DARK}

    def _record_changed(self):
        pieces = {}
        for artist, slot in self.slots.items():
            if self.has_changed(artist):
                artist.draw(self._recorder)
                self.recorded(artist)
                pieces[slot] = self._recorder.pieces[-1]
        return {"whole": False, "pieces": pieces}

    def has_changed(self, artist):
        """Whether an artist is stale, or changed in a way that matplotlib does not mark: `note.xy = …`, `set_array`."""
        return artist.stale or isinstance(artist, Annotation) or shown_array(artist) is not self._arrays.get(artist)

    def recorded(self, *artists):
        """Note that artists were recorded as they are now."""
        for artist in artists:
            artist.stale = False
            self._arrays[artist] = shown_array(artist)

    def _drawing_order(self):
        return tuple(artist.zorder for artist in self._live)

    # In a notebook.

    def __repr__(self):
        return f"Picture: {self.label}"

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"image/png": base64.b64encode(self.png()).decode("ascii")}, metadata
