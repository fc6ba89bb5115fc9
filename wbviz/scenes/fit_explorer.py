"""A curve fitted to few points, and its errors: while it is trained, and against the number of hidden units."""

import numpy as np
from matplotlib.collections import PolyCollection

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import rect

#: Places in pixels from the upper left.
PLANE, ERRORS, CAPACITY = (44, 62, 316, 240), (430, 62, 204, 138), (430, 274, 204, 138)
#: How high the plane reaches, both ways, and where the axes of errors may end.
HEIGHTS = (2, 2.5, 3, 4, 5, 6)
TOPS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 10, 20, 50, 100)
LEARNED, UNSEEN = {"color": style.GREEN, "marker": "o"}, {"color": style.PINK, "marker": "s"}
MANY = 25  # points are drawn smaller where there are more of them
DASHES = ((0, (5, 1.5)), "solid")
TRUTH = {"color": style.MUTED, "linewidth": style.LINE, "linestyle": (0, (1, 1.5))}


class FitScene:
    """Left the points and the curve; right the errors over the epochs, and over the hidden units."""

    def __init__(self, figure, edge, epochs, widths):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_plane(figure, edge)
        ticks = [(np.sqrt(epoch), f"{epoch:,}") for epoch in epochs]
        self.errors = self._axes(figure, ERRORS, "epoch", ticks, (0, ticks[-1][0]))
        ticks = [(width, str(width)) for width in widths]
        self.capacity = self._axes(figure, CAPACITY, "hidden units", ticks, (widths[0] - 0.5, widths[-1] + 0.5))
        self._make_curves()
        self._frames = {}
        self.live = [
            self.heading, self.state, *self.says, *self.numbers, *self.titles, self.truth, self.unseen, self.curve,
            self.points, self.ring, *self.bands, *self.lines, *self.medians, *self.floors, *self.places, *self.marks,
            *self.sweets,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, ha="left", **kwargs)

        self.heading = line(16, 18, style.TITLE, weight="bold")
        self.state = line(16, 42)
        self.titles = [line(392, 42), line(392, 254)]
        self.says = [line(16, 394, style.TEXT, weight="bold"), line(16, 413), line(16, 430)]
        line(16, 449, text="○ smallest error. Drag points, or in the plots.", color=style.MUTED)
        rows = ((22, "learned from", LEARNED), (136, "never seen", UNSEEN))
        for x, name, look in rows:
            self.page.plot([x], [349], **look, markersize=style.MARKER, linestyle="none")
            line(x + 10, 349, text=name)
        self.page.plot([242, 262], [349, 349], **TRUTH)
        line(268, 349, text="the truth itself")
        self.numbers = [line(x, 368, style.TEXT) for x in (32, 146, 268)]

    def _make_plane(self, figure, edge):
        self.plane = plot_axes(figure, rect(figure, *PLANE), xlabel="input x")
        self.plane.set_xlim(-edge * 1.03, edge * 1.03)
        (self.truth,) = self.plane.plot([], [], **TRUTH, zorder=2)
        small = {"markersize": 2.4, "linestyle": "none"}
        (self.unseen,) = self.plane.plot([], [], **UNSEEN | small, zorder=1.5)
        (self.curve,) = self.plane.plot([], [], color=style.BLUE, linewidth=2.4, zorder=3)
        mark = {"markersize": style.MARKER + 1, "markeredgecolor": style.INK, "linestyle": "none"}
        (self.points,) = self.plane.plot([], [], **LEARNED, **mark, zorder=4)
        ring = {"marker": "o", "markersize": 15, "markerfacecolor": "none", "linestyle": "none"}
        (self.ring,) = self.plane.plot([], [], **ring, markeredgecolor=style.INK, markeredgewidth=1.4, zorder=5)

    @staticmethod
    def _axes(figure, place, xlabel, ticks, ends):
        axes = plot_axes(figure, rect(figure, *place), xlabel=xlabel)
        axes.set_xticks(*zip(*ticks, strict=True))
        axes.set_xlim(*ends)
        return axes

    def _make_curves(self):
        both = (self.errors, self.capacity)
        self.lines, self.bands, self.medians = [], [], []
        for axes in both:
            for look, dash in zip((LEARNED, UNSEEN), DASHES, strict=True):
                marker = {"marker": "none" if axes is self.errors else look["marker"], "markersize": 3.2}
                self.lines += axes.plot([], [], **look | marker, linewidth=1.4, linestyle=dash, zorder=2.5)
        for look, dash in zip((LEARNED, UNSEEN), DASHES, strict=True):
            self.bands.append(PolyCollection([], facecolor=look["color"], alpha=0.22, linewidth=0, zorder=1))
            self.capacity.add_collection(self.bands[-1], autolim=False)
            self.medians += self.capacity.plot([], [], color=look["color"], linewidth=2.6, linestyle=dash, zorder=2)
        self.floors = [axes.plot([], [], **TRUTH, zorder=1.5)[0] for axes in both]
        thin = {"color": style.MUTED, "linewidth": style.THIN, "linestyle": "dotted", "zorder": 0.9}
        self.places = [axes.plot([], [], **thin)[0] for axes in both]
        edge = {"markersize": style.MARKER + 1, "markeredgecolor": style.INK, "linestyle": "none"}
        looks = [look | edge for look in (LEARNED, UNSEEN)]
        self.marks = [axes.plot([], [], **look, zorder=4, clip_on=False)[0] for axes in both for look in looks]
        ring = {"marker": "o", "markersize": 12, "markerfacecolor": "none", "linestyle": "none"}
        ring |= {"markeredgecolor": style.INK, "markeredgewidth": 1.3, "zorder": 3.5, "clip_on": False}
        self.sweets = [axes.plot([], [], **ring)[0] for axes in both]

    def update(self, plane, errors, capacity, floor, words):
        """Show a fit.

        plane: `x` (m,) with `truth`, `unseen` and `curve` there; `points` (n, 2); `chosen`: the place of one or None.
        errors: `x` epochs (k,), `paths` (2, k) on examples learned from and unseen, `at`, `now` (2,), `sweet`: place
        and height. capacity: the same over hidden units, and `spread`: None, or three (2, k): median and quartiles.
        floor: the error of the truth. words: `heading`, `state`, `titles` (2), `says` (3), `numbers` (3).
        """
        for name in ("heading", "state"):
            change(getattr(self, name), text=words[name])
        for name in ("titles", "says", "numbers"):
            for artist, text in zip(getattr(self, name), words[name], strict=True):
                change(artist, text=text)
        self._show_plane(**plane)
        errors = errors | {"x": np.sqrt(errors["x"]), "at": np.sqrt(errors["at"])}
        errors["sweet"] = np.sqrt(errors["sweet"][0]), errors["sweet"][1]
        top = stepped_limit(1.05 * max(*errors["now"], 2 * floor, capacity.pop("level")), TOPS)
        self._show_errors(0, self.errors, top, floor, **errors)
        spread = capacity.pop("spread")
        self._show_errors(1, self.capacity, top, floor, **capacity)
        self._show_spread(capacity["x"], spread)

    def _show_plane(self, x, truth, unseen, curve, points, chosen):
        reach = stepped_limit(max(np.abs(points[:, 1]).max(), np.abs(unseen).max()) * 1.02, HEIGHTS)
        self._frame(self.plane, -reach, reach, 5)
        self.truth.set_data(x, truth)
        self.unseen.set_data(x, unseen)
        self.curve.set_data(x, curve)
        self.points.set_data(*points.T)
        change(self.points, markersize=style.MARKER + 1 if len(points) <= MANY else style.MARKER - 1.5)
        self.ring.set_data(*([[value] for value in chosen] if chosen is not None else ([], [])))

    def _show_errors(self, k, axes, top, floor, x, paths, at, now, sweet):
        self._frame(axes, 0, top, 3)
        for line, values in zip(self.lines[2 * k : 2 * k + 2], paths, strict=True):
            line.set_data(x, values)
        for mark, value in zip(self.marks[2 * k : 2 * k + 2], now, strict=True):
            mark.set_data([at], [value])
        self.floors[k].set_data(axes.get_xlim(), [floor, floor])
        self.places[k].set_data([at, at], [0, top])
        self.sweets[k].set_data([sweet[0]], [sweet[1]])

    def _show_spread(self, x, spread):
        for k, (band, line) in enumerate(zip(self.bands, self.medians, strict=True)):
            median, low, high = (part[k] for part in spread) if spread is not None else ([], [], [])
            line.set_data(x[: len(median)], median)
            edge = np.column_stack([[*x, *x[::-1]], [*low, *high[::-1]]]) if spread is not None else []
            band.set_verts([edge] if spread is not None else [])

    def _frame(self, axes, low, high, ticks):
        """Set the limits of axes where they are others now, with a tick at round numbers."""
        if self._frames.get(axes) != (low, high):
            self._frames[axes] = low, high
            axes.set_ylim(low, high)
            places = np.linspace(low, high, ticks)
            axes.set_yticks(places, [f"{place:g}".replace("-", "−") for place in places])
