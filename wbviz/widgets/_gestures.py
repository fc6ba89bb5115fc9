"""From the picture's pointer and keyboard to an explorer's gesture handlers, in the coordinates of the axes."""

from dataclasses import dataclass

from matplotlib.axes import Axes


@dataclass(frozen=True)
class Point:
    """A place in the picture: data coordinates `x`, `y` of `axes` (all None outside of any), and figure pixels."""

    x: float | None
    y: float | None
    axes: Axes | None
    pixel: tuple[float, float]
    shift: bool = False


class Gestures:
    """Mixin of Explorer: three handlers that do nothing unless overridden, and only ever set traits."""

    def on_press(self, point):
        """The pointer went down at `point`."""

    def on_drag(self, point):
        """The pointer, still down, is at `point`; `self.grip` is where it went down."""

    def on_release(self, point):
        """The pointer was let go at `point`."""

    def on_key(self, key, shift=False):
        """A key was pressed while the picture had the focus: `ArrowLeft`, `+`, `a`, …"""

    grip = None

    def listen(self, picture):
        """Follow the pointer and the keys of a picture."""
        self._presses, self._keys_seen, self._holding = 0, 0, False
        picture.observe(lambda change: self._guarded(self._follow_pointer, change["new"]), names="pointer")
        picture.observe(lambda change: self._guarded(self._follow_keys, change["new"]), names="keystrokes")

    def point(self, x, y, axes=None, shift=False):
        """The Point at figure pixels (x, y). With `axes` given, its coordinates even outside of it (for drags)."""
        with self.picture.lock:
            for candidate in [axes] if axes is not None else self.figure.axes:
                if candidate is axes or candidate.bbox.contains(x, y):
                    data_x, data_y = candidate.transData.inverted().transform((x, y))
                    return Point(float(data_x), float(data_y), candidate, (x, y), shift)
        return Point(None, None, None, (x, y), shift)

    def _follow_pointer(self, pointer):
        shift = bool(pointer.get("shift"))
        if pointer.get("press", 0) != self._presses:
            self._presses, self._holding = pointer["press"], True
            self.grip = self.point(pointer["px"], pointer["py"], shift=shift)
            self.on_press(self.grip)
        if not self._holding:
            return
        here = self.point(pointer["x"], pointer["y"], axes=self.grip.axes, shift=shift)
        if here.pixel != self.grip.pixel:
            self.on_drag(here)
        if not pointer.get("down"):
            self._holding = False
            self.on_release(here)

    def _follow_keys(self, keys):
        fresh = min(keys.get("n", 0) - self._keys_seen, len(keys.get("recent", ())))
        self._keys_seen = keys.get("n", 0)
        for key in keys["recent"][-fresh:] if fresh > 0 else ():
            self.on_key(key["key"], shift=bool(key.get("shift")))

    def _guarded(self, handler, value):
        try:
            handler(value)
        except Exception as error:  # a callback that raises would show nothing: say it where the learner looks
            self.say(f"{type(error).__name__}: {error}")
