"""A surface seen from the side, drawn with lines and faces: heights over a square, projected obliquely."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from wbviz import style
from wbviz.scenes._axes import change, label

#: How far the eye looks down, in degrees, and how high the surface rises, in halves of the square's edge.
TILT, RISE = 32.0, 0.95


class Relief:
    """Heights from 0 to 1 over a square, drawn at `place` (pixels from the upper left) on axes whose data are pixels.

    `update` draws them from back to front, seen from a direction of `turn` degrees; `on_page` says where a place of
    the plane at a height is drawn, `nearest` which corner of the surface is drawn next to a point.
    """

    def __init__(self, axes, place, colour_map):
        self._place, self._map, self._axes, self._turn, self._limits = place, colour_map, axes, 0.0, ((0, 1), (0, 1))
        self.faces = PolyCollection([], edgecolors=style.MUTED, linewidths=0.35, zorder=2)
        self.floor = LineCollection([], colors=style.FAINT, linewidths=style.THIN, zorder=1.8)
        for artist in (self.faces, self.floor):
            axes.add_collection(artist, autolim=False)
            artist.set_snap(False)
        self.words = [label(axes, 0, 0, size=style.SMALL, zorder=3) for _ in range(6)]
        self.live = [self.floor, self.faces, *self.words]
        self._heights = self._shown = None

    def set_visible(self, visible):
        """Show or hide all of it."""
        for artist in self.live:
            artist.set_visible(visible)

    def update(self, heights, turn, limits, names):
        """Draw heights (n, n), row by row along v; limits ((u, u), (v, v)) of the square, and the names of u and v."""
        self._turn, self._limits = np.radians(turn), limits
        shown = heights.tobytes(), turn
        if shown != self._shown:
            self._shown, self._heights = shown, heights
            self._draw_faces(heights)
            self._draw_floor()
        self._write(limits, names)

    def _draw_faces(self, heights):
        rows, columns = heights.shape
        y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
        corners = self._project(x, y, heights)
        faces = _faces(corners)
        back = np.argsort(-self._depth(*_faces(np.stack([x, y], axis=-1)).mean(axis=1).T), kind="stable")
        self.faces.set_verts(faces[back][:, [0, 1, 2, 3, 0]], closed=False)  # closed by hand: quicker to record
        middles = _faces(heights[..., None]).mean(axis=(1, 2))[back]
        self.faces.set_facecolor(self._map(0.01 + 0.98 * middles))  # the map's ends change with the theme

    def _draw_floor(self):
        x, y = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]], float)
        far = int(np.argmax(self._depth(x[:4], y[:4])))
        post = self._project(x[[far, far]], y[[far, far]], np.array([0.0, 1.0]))
        self.floor.set_segments([self._project(x, y, np.zeros(5)), post])

    def _write(self, limits, names):
        """The names of u and v beside the two edges in front, and the limits at their ends."""
        sides = [self._front("x"), self._front("y")]
        for k, (along, across) in enumerate((("x", sides[1]), ("y", sides[0]))):
            for place, text, size in (
                (0.0, names[k], 0),
                (-0.9, f"{limits[k][0]:g}", 1),
                (0.9, f"{limits[k][1]:g}", 2),
            ):
                at = (place, across * 1.18) if along == "x" else (across * 1.18, place)
                x, y = self._project(np.array([at[0]]), np.array([at[1]]), np.zeros(1))[0]
                change(self.words[3 * k + size], position=(float(x), float(y) + 3), text=text.replace("-", "−"))

    def _front(self, axis):
        """Which of the edges at −1 and 1 lies nearer to the eye."""
        return -1.0 if (self._depth(1, 0) if axis == "x" else self._depth(0, 1)) > 0 else 1.0

    def on_page(self, places, heights):
        """Where places (k, 2) in u and v at heights (k,) are drawn, in pixels (k, 2)."""
        (u0, u1), (v0, v1) = self._limits
        x, y = 2 * (places[:, 0] - u0) / (u1 - u0) - 1, 2 * (places[:, 1] - v0) / (v1 - v0) - 1
        return np.clip(self._project(np.clip(x, -50, 50), np.clip(y, -50, 50), heights), -5000, 5000)

    def nearest(self, x, y):
        """The place (u, v) of the surface's corner that is drawn nearest to a point of the page."""
        rows, columns = self._heights.shape
        v, u = np.meshgrid(np.linspace(*self._limits[1], rows), np.linspace(*self._limits[0], columns), indexing="ij")
        drawn = self.on_page(np.column_stack([u.ravel(), v.ravel()]), self._heights.ravel())
        best = int(np.argmin(np.hypot(*(drawn - [x, y]).T)))
        return float(u.ravel()[best]), float(v.ravel()[best])

    def _depth(self, x, y):
        return x * np.sin(self._turn) + y * np.cos(self._turn)

    def _project(self, x, y, height):
        """Pixels of the points of a square from −1 to 1 at heights from 0 to 1: (…, 2)."""
        left, top, width, tall = self._place
        tilt, size = np.radians(TILT), 0.35 * width
        across = x * np.cos(self._turn) - y * np.sin(self._turn)
        up = self._depth(x, y) * np.sin(tilt) + RISE * height * np.cos(tilt)
        return np.stack([left + width / 2 + size * across, top + 0.66 * tall - size * up], axis=-1)


def _faces(corners):
    """The four corners of each face of a grid (rows, columns, k): (faces, 4, k)."""
    quads = [corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]]
    return np.stack(quads, axis=2).reshape(-1, 4, corners.shape[-1])
