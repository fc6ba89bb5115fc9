"""A penalty on the loss: the ball that touches it, for two weights; and twelve weights over a training or against λ."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import Numbers, rect

#: Places in pixels from the upper left.
PLANE, WEIGHTS, ERRORS = (52, 62, 230, 230), (358, 62, 214, 180), (358, 300, 214, 124)
LIST = 592  # where the column of numbers at the right begins
#: How far above the least loss each line of the bowl lies: squares, so that the lines are equally far apart.
RISES = np.arange(1, 15) ** 2 / 10
CIRCLE = np.stack([f(np.linspace(0, 2 * np.pi, 97)) for f in (np.cos, np.sin)], axis=-1)
DIAMOND = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
REACHES = (1, 2, 3, 4, 6, 8, 10, 15, 20)
TOPS = (1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50, 100)
COUNTS = {"color": style.BLUE, "linestyle": "solid", "linewidth": style.LINE}
NOISE = {"color": style.MUTED, "linestyle": (0, (4, 2)), "linewidth": 1.1}
#: The lines of the lower plot: errors on what was never seen and what was learned from, the penalty, noise alone.
CURVES = (
    {"color": style.PINK, "linewidth": 2.4},
    {"color": style.GREEN, "linewidth": style.LINE, "linestyle": (0, (5, 1.5))},
    {"color": style.VERMILLION, "linewidth": style.LINE, "linestyle": (0, (4, 1.5, 1, 1.5))},
    {"color": style.MUTED, "linewidth": 1.2, "linestyle": "dotted"},
)


class RegulariseScene:
    """Left the loss of two weights and the penalty's ball; right the weights and the errors along one axis."""

    def __init__(self, figure, features):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_plane(figure)
        self._make_weights(figure, features)
        self._make_errors(figure)
        self._frames, self._bowl = {}, None
        self.live = [
            self.heading, *self.titles, *self.says, self.bowl, self.touching, self.ball, self.path, self.lowest,
            self.here, *self.shades, self.lines, *self.marks, *self.places, self.names.artist, self.values.artist,
            *self.curves, *self.curve_values,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, ha="left", **kwargs)

        self.heading = line(16, 18, style.TITLE, weight="bold")
        self.titles = [line(16, 47), line(330, 47), line(330, 285)]
        line(LIST - 14, 47, text="solid: counts")
        line(330, 471, text="Drag the ball (λ), or in the plots. Keys: ← → ↑ ↓", color=style.MUTED)
        self.says = [line(16, y) for y in (364, 382, 408, 426, 444, 462)]

    def _make_plane(self, figure):
        self.plane = plot_axes(figure, rect(figure, *PLANE), xlabel="w₁")
        label(self.page, PLANE[0] - 36, PLANE[1] + PLANE[3] / 2, "w₂", size=style.SMALL)
        for lines in (self.plane.axvline, self.plane.axhline):
            lines(0, color=style.FAINT, linewidth=style.THIN, zorder=1.5)
        self.ball = Polygon(DIAMOND, facecolor=style.HIGHLIGHT, edgecolor=style.INK, linewidth=style.LINE, zorder=1)
        self.plane.add_patch(self.ball)
        self.bowl = LineCollection([], colors=style.MUTED, linewidths=style.THIN, zorder=2)
        self.plane.add_collection(self.bowl, autolim=False)
        (self.touching,) = self.plane.plot([], [], color=style.BLUE, linewidth=style.LINE, zorder=3)
        looks = (
            ({"color": style.GREEN, "linewidth": style.LINE, "linestyle": "dotted"}, "as λ grows"),
            ({"color": style.INK, "marker": "x", "markersize": 7, "linestyle": "none"}, "no penalty"),
            ({"color": style.PINK, "marker": "o", "markersize": 8, "linestyle": "none"}, "this λ"),
        )
        made = [self.plane.plot([], [], **look, zorder=4)[0] for look, _ in looks]
        self.path, self.lowest, self.here = made
        for x, (look, name) in zip((16, 108, 202), looks, strict=True):
            self.page.plot([x, x + 14] if "marker" not in look else [x + 7], [340] * (2 - ("marker" in look)), **look)
            label(self.page, x + 20, 340, name, size=style.SMALL, ha="left")

    def _make_weights(self, figure, features):
        self.weights = plot_axes(figure, rect(figure, *WEIGHTS))
        self.weights.axhline(0, color=style.FAINT, linewidth=style.THIN, zorder=0.8)
        self.lines = LineCollection([], zorder=2)
        self.weights.add_collection(self.lines, autolim=False)
        rows = WEIGHTS[1] + WEIGHTS[3] * (np.arange(features) + 0.5) / features
        self._rows = rows
        self.swatches = LineCollection([[(LIST - 14, y), (LIST - 3, y)] for y in rows], zorder=2)
        self.page.add_collection(self.swatches, autolim=False)
        self.names = Numbers(self.page, LIST + 2, rows, ha="left")
        self.values = Numbers(self.page, LIST + 72, rows, ha="right")

    def _make_errors(self, figure):
        self.errors = plot_axes(figure, rect(figure, *ERRORS))
        self.curves = [self.errors.plot([], [], **look, zorder=2)[0] for look in CURVES]
        rows = ERRORS[1] + 2 + np.array([0, 32, 64, 96])
        names = ("never seen", "learned from", "penalty", "noise alone")
        for look, name, y in zip(CURVES, names, rows, strict=True):
            self.page.plot([LIST - 14, LIST - 3], [y, y], **look)
            label(self.page, LIST + 2, y, name, size=style.SMALL, ha="left")
        self.curve_values = [label(self.page, LIST + 72, y + 15, size=style.SMALL, ha="right") for y in rows]
        both, shade = (self.weights, self.errors), {"facecolor": style.HIGHLIGHT, "edgecolor": "none", "zorder": 0}
        self.shades = [Rectangle((0, -100), 0, 200, **shade) for _ in both]
        for axes, patch in zip(both, self.shades, strict=True):
            axes.add_patch(patch)
        self.places = [axes.plot([], [], color=style.INK, linewidth=style.THIN, zorder=3)[0] for axes in both]
        dot = {"marker": "o", "markersize": 4.5, "color": style.INK, "linestyle": "none", "zorder": 4, "clip_on": False}
        self.marks = [axes.plot([], [], **dot)[0] for axes in both]

    def update(self, plane, axis, weights, errors, words):
        """Show a penalty at work.

        plane: `loss` (an object with lowest (2,), curvature (2, 2) and path (m, 2)), `here` (2,) and `kind`.
        axis: `x` (m,), `at` (where on it we are), `on` (from where the penalty counts, or None), `end`, `name`.
        weights: `path` (m, 12), `now` (12,), `counts` (12 booleans: which the examples are made with), `texts` (12).
        errors: `path` (3, m) and `now` (3,): never seen, learned from, penalty; `floor`: the noise's own.
        words: `heading`, `titles` (3), `says` (6), `values` (4).
        """
        change(self.heading, text=words["heading"])
        for artists, texts in ((self.titles, "titles"), (self.says, "says"), (self.curve_values, "values")):
            for artist, text in zip(artists, words[texts], strict=True):
                change(artist, text=text)
        self._show_plane(**plane)
        self._show_axis(**axis)
        self._show_weights(axis, **weights)
        self._show_errors(axis, **errors)

    def _show_plane(self, loss, here, kind):
        reach = stepped_limit(np.abs(loss.path).max() * 1.15, REACHES)
        self._frame(self.plane, (-reach, reach), (-reach, reach), 5)
        values, vectors = np.linalg.eigh(loss.curvature)
        ellipse = CIRCLE * np.sqrt(2 / np.maximum(values, 1e-9)) @ vectors.T
        if loss is not self._bowl:  # it is the same until the examples are others
            self._bowl = loss
            self.bowl.set_segments([loss.lowest + np.sqrt(rise) * ellipse for rise in RISES])
        away = here - loss.lowest
        rise = float(away @ loss.curvature @ away) / 2
        radius = np.abs(here).sum() if kind == "L1" else np.hypot(*here)
        change(self.ball, visible=kind != "none")
        self.ball.set_xy(radius * (DIAMOND if kind == "L1" else CIRCLE))
        self.touching.set_data(*(loss.lowest + np.sqrt(rise) * ellipse).T)
        self.path.set_data(*loss.path.T)
        self.lowest.set_data(*loss.lowest[:, None])
        self.here.set_data(*here[:, None])

    def _show_axis(self, x, at, on, end, name):
        for shade, place in zip(self.shades, self.places, strict=True):
            change(shade, bounds=(on if on is not None else 0, -100, end - on if on is not None else 0, 200))
            change(place, data=([at, at], [-100, 100]))
        if self.errors.get_xlabel() != name:
            self.errors.set_xlabel(name, fontsize=style.SMALL)

    def _show_weights(self, axis, path, now, counts, texts):
        reach = stepped_limit(max(np.abs(path).max(), np.abs(now).max()) * 1.02, REACHES)
        self._frame(self.weights, (0, axis["end"]), (-reach, reach), 5)
        looks = [COUNTS if count else NOISE for count in counts]
        self.lines.set_segments(np.stack([np.broadcast_to(axis["x"], path.T.shape), path.T], axis=-1))
        for lines in (self.lines, self.swatches):
            change(lines, color=[look["color"] for look in looks])
            change(lines, linestyle=[look["linestyle"] for look in looks])
            change(lines, linewidth=[look["linewidth"] for look in looks])
        self.marks[0].set_data([axis["at"]] * len(now), now)
        self.names.set_texts([name for name, _ in texts])
        self.values.set_texts([value for _, value in texts])

    def _show_errors(self, axis, path, now, floor):
        later = path[:2, path.shape[1] // 8 :] if axis["name"] == "step" else path  # the first steps may leave the axes
        top = stepped_limit(max(later.max(), path[2, -1], floor) * 1.02, TOPS)
        self._frame(self.errors, (0, axis["end"]), (0, top), 3)
        for curve, values in zip(self.curves, path, strict=False):
            curve.set_data(axis["x"], values)
        self.curves[3].set_data([0, axis["end"]], [floor, floor])
        seen = [value for value in now if value <= top]
        self.marks[1].set_data([axis["at"]] * len(seen), seen)

    def _frame(self, axes, across, up, ticks):
        """Set the limits of axes where they are others now, with a tick at round numbers."""
        if self._frames.get(axes) == (across, up):
            return
        self._frames[axes] = across, up
        axes.set(xlim=across, ylim=up)
        places = np.linspace(*up, ticks)
        axes.set_yticks(places, [f"{place:g}".replace("-", "−") for place in places])
        if axes is self.plane:
            axes.set_xticks(places, [f"{place:g}".replace("-", "−") for place in places])
