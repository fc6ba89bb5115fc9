"""Points of the learner's own in a plane: checked, and added, moved, relabelled and deleted by pointer or keyboard."""

import math

import numpy as np

MOST_POINTS = 200
CLASSES = ("class 0", "class 1")
ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowDown": (0, -1), "ArrowUp": (0, 1)}


class PointKeys:
    """Mixin of an explorer with `points` ([x, y, class] each), `paint` (the class of new ones) and a `cursor`.

    The cursor is a place or None; the point under it is the one that the keys change. `limits` is the (lowest,
    highest) value of both coordinates.
    """

    limits = (-1.0, 1.0)

    def point_key(self, key, shift):
        """What a key does for the cursor and the learner's own points; False where it means nothing to them."""
        across, up = ARROWS.get(key, (0, 0))
        at = self._under_cursor()
        if key in ("n", "N") and self.points:
            self.cursor = self.points[0 if at is None else (at + 1) % len(self.points)][:2]
        elif self.cursor is None and key == "Enter":
            self.cursor = self._kept([sum(self.limits) / 2] * 2)
        elif self.cursor is None:
            return False
        elif across or up:
            place = [self.cursor[0] + 0.1 * across, self.cursor[1] + 0.1 * up]
            self.put_point(at if shift else None, place, "cursor")
        elif key in ("Enter", " "):
            self.enter(at, self.cursor)
        elif key in ("Delete", "Backspace") and at is not None:
            self.points = self.points[:at] + self.points[at + 1 :]
        elif key == "Escape":
            self.cursor = None
        else:
            return False
        return True

    def _under_cursor(self):
        return None if self.cursor is None else self.nearest_point(lambda place: math.dist(place, self.cursor), 0.05)

    def put_point(self, index, place, gesture):
        """Move the cursor, and the point of that index with it, to a place in the plane."""
        place = self._kept(place)
        points = [[*place, old[2]] if i == index else old for i, old in enumerate(self.points)]
        self.apply({"points": points, "cursor": place}, gesture)

    def enter(self, index, place):
        """Change the class of a point, or add one at `place` where there is none."""
        place = self._kept(place)
        if index is not None:
            x, y, k = self.points[index]
            points = [[x, y, 1 - k] if i == index else old for i, old in enumerate(self.points)]
            self.apply({"points": points, "cursor": [x, y]})
        elif len(self.points) < MOST_POINTS:
            self.apply({"points": [*self.points, [*place, CLASSES.index(self.paint)]], "cursor": place})
        else:
            self.say(f"There are {MOST_POINTS} points already. Delete one first.")

    def nearest_point(self, far, reach):
        """The index of the point with the smallest `far(place)`, if that is less than `reach`; else None."""
        if not self.points:
            return None
        distances = [far(place[:2]) for place in self.points]
        return int(np.argmin(distances)) if min(distances) < reach else None

    def _kept(self, place):
        low, high = self.limits
        return [round(min(max(float(v), low), high), 2) for v in place]


def checked_points(value, limits):
    """Points as a list of [x₁, x₂, class]: at most 200, each within `limits`, of class 0 or 1. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"expected a list of points [x₁, x₂, class], but got {value!r}.")
    if len(value) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} points, but got {len(value)}.")
    return [_checked_point(point, limits, f"point {i + 1}") for i, point in enumerate(value)]


def _checked_point(point, limits, name):
    try:
        x, y, k = point
        k = float(k)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be [x₁, x₂, class], but is {point!r}.") from None
    if k not in (0, 1):
        raise ValueError(f"{name} must be of class 0 or 1, but has {point[2]!r}.")
    return [*checked_place((x, y), limits, name), int(k)]


def checked_place(value, limits, name="place"):
    """A place in the plane as [x₁, x₂], both within `limits`. Raises ValueError."""
    try:
        x, y = (float(v) for v in value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be two numbers, but is {value!r}.") from None
    if not all(limits[0] <= v <= limits[1] for v in (x, y)):
        raise ValueError(
            f"{name} must lie between {limits[0]:g} and {limits[1]:g} in both inputs, but is ({x:g}, {y:g})."
        )
    return [x, y]
