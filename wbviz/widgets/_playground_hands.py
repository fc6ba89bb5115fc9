"""The hands of Playground: what pointer and keys do in its picture. They only set traits."""

import math

from wbviz.widgets._lab import FEATURES, MOST_POINTS
from wbviz.widgets._points import CLASSES, PointKeys

POINT_REACH, MOVED = 12, 3  # pixels: how near a point must be, how far the pointer must go to be a drag
PER_PIXEL = 0.02  # how much a weight changes by a drag of one pixel


class Hands(PointKeys):
    """Pointer: points in the large map, features, units and lines of the network. Keys: see Playground."""

    _held, _moved = None, False

    @property
    def limits(self):
        """The lowest and highest value of both coordinates in the plane."""
        return -self.lesson.limit, self.lesson.limit

    # --- pointer ----------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self._moved = False
        here = self._on_map(point)
        self._held = self._point_at(here) if here is not None else self._taken(self.scene.network.at(*point.pixel))

    def on_drag(self, point):
        self._moved = self._moved or math.dist(point.pixel, self.grip.pixel) > MOVED
        if self._held is None or not self._moved:
            return
        kind, held, *more = self._held
        gesture = f"{kind} {self._presses}"
        if kind == "point":
            self.adopt()
            self.put_point(held, self._place(point), gesture)
        elif kind == "empty":
            self.apply({"cursor": self._kept(self._place(point))}, gesture)
        elif kind == "parameter":
            change = PER_PIXEL * (point.pixel[1] - self.grip.pixel[1])
            self.set_parameter(held, round(more[0] + change, 2), gesture)

    def on_release(self, point):
        kind, held = (self._held or (None, None))[:2]
        self._held = None
        if self._moved or kind not in ("point", "empty"):
            return
        self.adopt()
        if point.shift and held is not None:
            self.points = self.points[:held] + self.points[held + 1 :]
        elif not point.shift:
            self.enter(held, self._place(self.grip))

    def _on_map(self, point):
        return self._place(point) if self.scene.map.axes.bbox.contains(*point.pixel) else None

    def _place(self, point):
        here = self.point(*point.pixel, axes=self.scene.map.axes)
        return [here.x, here.y]

    def _point_at(self, place):
        """("point", its index) under the pointer, or ("empty", None)."""
        x, y = self.scene.map.axes.bbox.size
        pixel = 2 * self.lesson.limit / min(x, y)
        far = [math.dist(point[:2], place) for point in self.shown_points()]
        nearest = min(range(len(far)), key=far.__getitem__, default=None)
        return ("point", nearest) if nearest is not None and far[nearest] < POINT_REACH * pixel else ("empty", None)

    def _taken(self, what):
        if what is None:
            return None
        kind, *place = what
        if kind == "feature":
            self.toggle_feature(place[0])
            return None
        index = self.network.index("b", *place) if kind == "unit" else self.network.index(kind, *place)
        self.chosen = index
        return None if kind == "unit" else ("parameter", index, self.params[index])

    # --- what hands can do ------------------------------------------------------------------------------------------

    def shown_points(self):
        """The points in the picture, own or drawn, as a list of [x₁, x₂, class or value]."""
        return self.lesson.points.tolist()

    def adopt(self):
        """Make the points in the picture the learner's own, so that they can be changed. The run goes on."""
        if self.dataset != "own":
            points = [[round(v, 4) for v in point] for point in self.shown_points()]
            self.apply({"dataset": "own", "points": points})

    def enter(self, index, place):
        """Change the class (or value) of a point, or add one at `place` where there is none."""
        place, classes = self._kept(place), self.task == "classification"
        new = CLASSES.index(self.paint) if classes else self.value
        if index is not None:
            x, y, old = self.points[index]
            changed = [x, y, float(old <= 0) if classes else new]
            points = [changed if i == index else point for i, point in enumerate(self.points)]
            self.apply({"points": points, "cursor": self._kept([x, y])})
        elif len(self.points) < MOST_POINTS:
            self.apply({"points": [*self.points, [*place, float(new)]], "cursor": place})
        else:
            self.say(f"There are {MOST_POINTS} points already. Delete one first.")

    def toggle_feature(self, k):
        """Turn one feature on or off; the last one stays on."""
        name = list(FEATURES)[k]
        others = [feature for feature in self.features if feature != name]
        self.try_set("features", others if name in self.features else [*self.features, name])

    def set_parameter(self, index, value, gesture=None):
        """Set one weight or bias."""
        params = [value if i == index else old for i, old in enumerate(self.params)]
        self.apply({"params": params}, gesture)

    # --- keys -------------------------------------------------------------------------------------------------------

    def on_key(self, key, shift=False):
        low = key.lower()
        actions = {"p": self.toggle_play, "u": lambda: self.advance(updates=1), "e": self.advance, "r": self.rewind}
        if low in actions:
            self.guarded(actions[low])
        elif low == "f":
            others = [i for i in self.frozen if i != self.chosen]
            self.frozen = others if self.chosen in self.frozen else [*others, self.chosen]
        elif key in ("PageUp", "PageDown"):
            self.chosen = (self.chosen + (1 if key == "PageDown" else -1)) % len(self.params)
        elif key in "+-":
            step = (1 if key == "+" else -1) * (1.0 if shift else 0.1)
            self.set_parameter(self.chosen, round(self.params[self.chosen] + step, 3), "chosen")
        elif key.isdigit() and 1 <= int(key) <= len(FEATURES):
            self.toggle_feature(int(key) - 1)
        elif key != "Escape":
            if low == "n" or key in ("Enter", " ", "Delete", "Backspace") or (shift and key.startswith("Arrow")):
                self.adopt()
            self.point_key(key, shift)
