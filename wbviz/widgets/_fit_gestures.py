"""Taking hold of the points of a fit, and of its places on the axes of epochs and of hidden units."""

import math

import numpy as np

from wbviz.widgets import _fitting as experiment
from wbviz.widgets._fitting import EDGE, EPOCHS, STRIDE, WIDEST
from wbviz.widgets._points import ARROWS

#: How near to a point, in pixels, the pointer takes hold of it.
REACH = 14


class FitGestures:
    """Mixin of FitExplorer: what pointer and keys do. They only set traits."""

    highest = 5.0  # a point can be moved so far up or down
    _hand = None

    def on_press(self, point):
        scene = self.scene
        places = (scene.plane, scene.errors, scene.capacity)
        self._hand = next((axes for axes in places if axes.bbox.contains(*point.pixel)), None)
        if self._hand is scene.plane:
            known = experiment.lesson(self._setting)
            places = scene.plane.transData.transform(np.hstack([known.X, known.y]))
            far = [math.dist(place, point.pixel) for place in places]
            self.chosen = int(np.argmin(far)) if min(far) < REACH else None
        else:
            self.on_drag(point)

    def on_drag(self, point):
        here = self.point(*point.pixel, axes=self._hand) if self._hand is not None else None
        if self._hand is self.scene.errors:
            self.epochs = _whole(max(here.x, 0) ** 2 / STRIDE, 0, EPOCHS // STRIDE) * STRIDE
        elif self._hand is self.scene.capacity:
            self.hidden = _whole(here.x, 1, WIDEST)
        elif here is not None and self.chosen is not None:
            self._move(here.x, here.y, f"point {self._presses}")

    def _move(self, x, y, gesture):
        """Put the chosen point elsewhere; the others stay where they are."""
        known = experiment.lesson(self._setting)
        points = np.hstack([known.X, known.y]).clip((-EDGE, -self.highest), (EDGE, self.highest)).tolist()
        points[self.chosen] = [min(max(x, -EDGE), EDGE), min(max(y, -self.highest), self.highest)]
        self.apply({"points": points}, gesture)

    def on_key(self, key, shift=False):
        across, up = ARROWS.get(key, (0, 0))
        if key in ("n", "N"):
            self.chosen = 0 if self.chosen is None else (self.chosen + 1) % self.examples
        elif key == "Escape":
            self.chosen = None
        elif (across or up) and self.chosen is not None:
            known, far = experiment.lesson(self._setting), 0.5 if shift else 0.1
            x, y = float(known.X[self.chosen, 0]), float(known.y[self.chosen, 0])
            self._move(x + far * across, y + far * up, "point by key")
        elif across:
            self.hidden = _whole(self.hidden + across, 1, WIDEST)
        elif up:
            self.epochs = _whole(self.epochs / STRIDE + up * (10 if shift else 1), 0, EPOCHS // STRIDE) * STRIDE


def _whole(value, low, high):
    return round(min(max(value, low), high))
