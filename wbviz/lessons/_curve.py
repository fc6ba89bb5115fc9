"""A pad on which the learner draws a curve: with the pointer, or with the arrow keys."""

import ipywidgets as w
import numpy as np
from matplotlib.figure import Figure

from wbviz import style
from wbviz.lessons._text import tell
from wbviz.lessons._view import html
from wbviz.picture import Picture

_HELP = "Drag to draw. By keyboard: ← → choose a place, ↑ ↓ (or PageUp, PageDown) move the curve there, Delete clears."


class CurvePad:
    """Points at given places x; between them the curve is straight. What was not touched follows its neighbours."""

    def __init__(self, prediction):
        self.x, (self._low, self._high) = np.asarray(prediction.x), prediction.y_range
        self.y = np.full(self.x.shape, np.nan)
        self.locked, self._cursor, self._truth, self._last = False, len(self.x) // 2, None, None
        self._labels = prediction.x_label, prediction.y_label
        self._make_artists()
        label = f"Draw {prediction.y_label} over {prediction.x_label}"
        live = (self._drawn, self._true, self._mark)
        self.picture = Picture(self._figure, label=label, update=self._update, live=live, interactive=True)
        self.picture.observe(lambda change: self._pointer(change["new"]), names="pointer")
        self.picture.observe(lambda change: self._keys(change["new"]), names="keystrokes")
        self._keys_seen, self._press_seen = 0, 0
        self.box = w.VBox([self.picture, html(f"<p>{_HELP}</p>")])
        self.picture.changed()

    def _make_artists(self):
        self._figure = Figure(figsize=(6.4, 3.4), dpi=style.DPI, facecolor=style.PAPER)
        self._axes = axes = self._figure.add_axes((0.11, 0.16, 0.86, 0.8))
        axes.set(xlim=(self.x[0], self.x[-1]), ylim=(self._low, self._high))
        axes.set_xlabel(self._labels[0], fontsize=style.TEXT, color=style.INK)
        axes.set_ylabel(self._labels[1], fontsize=style.TEXT, color=style.INK)
        axes.tick_params(labelsize=style.SMALL, colors=style.MUTED)
        axes.grid(color=style.FAINT, linewidth=style.THIN)
        solid = {"color": style.BLUE, "linewidth": style.LINE, "marker": "o", "markersize": style.MARKER / 2}
        (self._drawn,) = axes.plot([], [], **solid)
        (self._true,) = axes.plot([], [], color=style.VERMILLION, linewidth=style.BOLD, linestyle=(0, (4, 2)))
        (self._mark,) = axes.plot([], [], color=style.INK, marker="D", markersize=style.MARKER, fillstyle="none")

    # --- what the view asks -----------------------------------------------------------------------------------------

    def curve(self):
        """The whole curve as a list of y, one for each x. Raises ValueError when fewer than two points are drawn."""
        if np.isfinite(self.y).sum() < 2:
            raise ValueError("Draw the curve first: two points are enough to begin with.")
        return self._whole().tolist()

    def put(self, values):
        """Show a curve drawn earlier."""
        self.y[:] = np.asarray(values, float)
        self.picture.changed()

    def reveal(self, truth):
        """Draw the true curve over the drawn one."""
        self._truth = np.asarray(truth, float)
        self.picture.changed()

    def clear(self):
        """An empty pad."""
        self.y[:], self._truth, self._last = np.nan, None, None
        self.picture.changed()

    # --- gestures ---------------------------------------------------------------------------------------------------

    def _pointer(self, state):
        with self.picture.lock:
            self._drag(state)
            self.picture.changed()

    def _drag(self, state):
        pressed = state.get("press", 0) != self._press_seen
        self._press_seen = state.get("press", 0)
        if self.locked or not (pressed or state.get("down")):
            self._last = None
            return
        here = self._place(state.get("x", 0), state.get("y", 0))
        if pressed:
            self._last = self._place(state.get("px", 0), state.get("py", 0))
        self._stroke(self._last, here if state.get("down") else self._last)

    def _place(self, across, up):
        """Pixels of the figure → (number of the place on x, y)."""
        x, y = self._axes.transData.inverted().transform((across, up))
        return int(np.abs(self.x - x).argmin()), float(np.clip(y, self._low, self._high))

    def _stroke(self, start, end):
        """Draw from one place to another, leaving none out between them."""
        (i, a), (j, b) = start or end, end
        places = np.arange(min(i, j), max(i, j) + 1)
        self.y[places] = b if i == j else a + (b - a) * (places - i) / (j - i)
        self._cursor, self._last = j, end

    def _keys(self, state):
        new = min(state.get("n", 0) - self._keys_seen, len(state.get("recent", ())))
        self._keys_seen = state.get("n", 0)
        with self.picture.lock:
            for event in state.get("recent", ())[-new:] if new > 0 else ():
                self._key(event["key"])
            self.picture.changed()

    def _key(self, key):
        moves = {"ArrowLeft": -1, "ArrowRight": 1, "Home": -len(self.x), "End": len(self.x)}
        lifts = {"ArrowUp": 1, "ArrowDown": -1, "PageUp": 5, "PageDown": -5}
        if key in moves:
            self._cursor = int(np.clip(self._cursor + moves[key], 0, len(self.x) - 1))
        elif key in lifts and not self.locked:
            step = (self._high - self._low) / 40
            raised = self._whole()[self._cursor] + lifts[key] * step
            self.y[self._cursor] = np.clip(raised, self._low, self._high)
        elif key in ("Delete", "Backspace") and not self.locked:
            self.y[self._cursor] = np.nan

    # --- picture ----------------------------------------------------------------------------------------------------

    def _whole(self):
        """The curve at every x: straight between drawn points, level beyond them; the middle when there is none."""
        known = np.isfinite(self.y)
        if not known.any():
            return np.full(self.x.shape, (self._low + self._high) / 2)
        return np.interp(self.x, self.x[known], self.y[known])

    def _update(self):
        whole = self._whole() if np.isfinite(self.y).any() else np.full(self.x.shape, np.nan)
        self._drawn.set_data(self.x, whole)
        self._drawn.set_markevery(np.flatnonzero(np.isfinite(self.y)).tolist())
        shown = self._truth is not None
        self._true.set_data(self.x if shown else [], self._truth if shown else [])
        self._mark.set_data([self.x[self._cursor]], [self._whole()[self._cursor]])
        self.picture.description = self.describe()

    def describe(self):
        """Where the cursor is, how many points are drawn, and the truth there once it is shown."""
        (x_label, y_label), i = self._labels, self._cursor
        points = int(np.isfinite(self.y).sum())
        place = f"At {x_label} = {tell(float(self.x[i]))}"
        yours = f"your {y_label} is {tell(float(self._whole()[i]))}" if points else "nothing is drawn yet"
        true = f"; the true one, drawn dashed, is {tell(float(self._truth[i]))}" if self._truth is not None else ""
        return f"{place} {yours}{true}. {points} of {len(self.x)} points are drawn."
