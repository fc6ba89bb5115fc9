"""Taking hold of a curve's pieces: bends, heights and a drawn target, by pointer or keyboard."""

import math

import numpy as np

from wbviz.engine import ACTIVATIONS
from wbviz.scenes.curve_builder import HIGH, LOW, PIECES, STRIP, SUM
from wbviz.widgets._building import LIMIT, PLACES, TALLEST, split
from wbviz.widgets._points import ARROWS


class PieceGestures:
    """Mixin of CurveBuilder: what pointer and keys do with its pieces. They only set traits."""

    _held = None

    def on_press(self, point):
        self._held = self._taken(point)
        if self._held is not None and self._held[0] in ("bend", "piece"):
            self.chosen = self._index(2, self._held[1]) if self._held[1] < self.units else 3 * self.units
        if self._held == ("draw", None):
            self._draw(point, point)

    def on_drag(self, point):
        kind, k = self._held or (None, None)
        if kind == "draw":
            self._draw(self._last, point)
        elif kind == "bend":
            self._bend(k, (point.pixel[0] - SUM[0]) / SUM[2] * (HIGH - LOW) + LOW, f"bend {self._presses}")
        elif kind == "piece":
            self._lift(k, point.y, f"piece {self._presses}")

    def _taken(self, point):
        """What the pointer took hold of: ("bend", k), ("piece", k) with K for the output bias, ("draw", None), None."""
        across, down = point.pixel[0], self.size[1] - point.pixel[1]
        if abs(down - STRIP) < 11:
            near = [
                (abs(ball.get_xdata()[0] - across), k) for k, ball in enumerate(self.scene.balls) if ball.get_visible()
            ]
            return ("bend", min(near)[1]) if near and min(near)[0] < 12 else None
        if point.axes is self.scene.sum and self.target == "own":
            self._last = point
            return "draw", None
        if point.axes is not self.scene.pieces:
            return None
        pixels = PIECES[3] / np.ptp(self.scene.pieces.get_ylim())
        far = np.abs(self.pieces(np.array([point.x]))[1][:, 0] - point.y) * pixels
        far[self.unit] -= 3  # of several at one place, the one in hand
        return ("piece", int(far.argmin())) if far.min() < 12 else None

    def _bend(self, k, place, gesture):
        w, place = self.params[k], min(max(place, LOW), HIGH)
        self._put({self._index(1, k): -w * round(place, 2)}, gesture)

    def _lift(self, k, height, gesture):
        """Let piece k run through `height` above the place where it was taken hold of."""
        if k == self.units:
            self._put({3 * k: height}, gesture)
            return
        w, b, _, _ = split(self.params)
        a = float(ACTIVATIONS[self.activation].f(np.array(w[k] * self.grip.x + b[k])))
        if abs(a) > 0.02:
            self._put({self._index(2, k): height / a}, gesture)

    def _put(self, values, gesture):
        """Set some of the parameters, by position, each within its range."""
        params = list(self.params)
        for index, value in values.items():
            params[index] = round(min(max(float(value), -LIMIT), LIMIT), 3)
        self.apply({"params": params}, gesture)

    def _draw(self, start, end):
        """Let the target run straight from `start` to `end`."""
        self._last = end
        (x0, y0), (x1, y1) = sorted([(start.x, start.y), (end.x, end.y)])
        reach = (HIGH - LOW) / (len(PLACES) - 1) / 2
        heights = np.interp(PLACES, [x0, x1], [y0, y1]) if x1 > x0 else np.full(len(PLACES), y1)
        drawn = (x0 - reach <= PLACES) & (x1 + reach >= PLACES)
        own = np.where(drawn, np.clip(heights, -TALLEST, TALLEST), self.own)
        self.apply({"own": [round(float(height), 2) for height in own]}, f"draw {self._presses}")

    # --- keys -------------------------------------------------------------------------------------------------------

    def on_key(self, key, shift=False):
        across, up = ARROWS.get(key, (0, 0))
        if key == "Enter" and self.target == "own":
            self.cursor = len(PLACES) // 2 if self.cursor is None else None
        elif self.cursor is not None and (across or up):
            self._key_draw(across, up * (0.2 if shift else 0.05))
        elif key.isdigit() and int(key) <= self.units:
            self.chosen = self._index(2, int(key) - 1) if int(key) else 3 * self.units
        elif up or self.unit < self.units:
            self._key_move(across * (0.2 if shift else 0.05), up * (1.0 if shift else 0.1), key)

    def _key_draw(self, across, up):
        at = min(max(self.cursor + across, 0), len(PLACES) - 1)
        own = list(self.own)
        own[at] = round(min(max(own[at] + up, -TALLEST), TALLEST), 2)
        self.apply({"cursor": at, "own": own}, "cursor")

    def _key_move(self, across, up, key):
        k, bend = self.unit, self.bends()[self.unit] if self.unit < self.units else 0.0
        if up:
            index = 3 * k if k == self.units else self._index(2, k)
            self._put({index: self.params[index] + up}, f"height {k}")
        elif across and math.isfinite(bend):
            self._put({self._index(1, k): -self.params[k] * (bend + across)}, f"bend {k}")
        elif key in "+-":
            w = self.params[k] + (0.1 if key == "+" else -0.1)
            self._put({k: w} | ({self._index(1, k): -w * bend} if math.isfinite(bend) else {}), f"steepness {k}")
