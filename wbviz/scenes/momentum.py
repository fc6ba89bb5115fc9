"""Momentum on a ravine: the path with its velocity, the loss by step, and two maps of the rate over α and β."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyArrowPatch, Polygon

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Numbers, rect

# Places in pixels from the upper left: left, top, width, height.
PATH, LOSS = (40, 56, 270, 180), (58, 306, 252, 112)
MAPS = ((366, 56, 144, 160), (526, 56, 144, 160))
BAR = (366, 252, 304, 9)
COLUMNS = (346, 430, 482, 552, 562)  # where the columns of the table begin or end
ROWS = 342 + 19 * np.arange(4)
FRAME = (3.0, 2.0)  # x₁ and x₂ of the path's axes, on either side
RISES = np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5])  # lines of equal loss
LOSSES = (1e-12, 1e2)
SLOWEST = 3.0  # of the colours: 10³ steps to a tenth
CIRCLE = np.stack([f(np.linspace(0, 2 * np.pi, 97)) for f in (np.cos, np.sin)], axis=-1)
#: Quick is light, so that black marks are seen everywhere; in bands, four to a decade.
COLOURS = LinearSegmentedColormap.from_list("rate", style.DIVERGING_COLOURS[2:], N=12).with_extremes(bad=(0, 0, 0, 0))
CLOSED = {"color": style.INK, "linewidth": style.LINE, "zorder": 3}
ENGINE = {"color": style.PINK, "marker": "o", "markersize": 4, "linestyle": "none", "zorder": 2}
PLAIN = {"color": style.GREEN, "linewidth": style.LINE, "linestyle": (0, (4, 1.5)), "zorder": 1.5}
CARRIED = {"color": style.BLUE, "linestyle": "solid", "linewidth": style.BOLD - 0.6}
PULL = {"color": style.VERMILLION, "linestyle": (0, (2, 1)), "linewidth": style.LINE}
STEEP, FLAT = {"linestyle": "solid"}, {"linestyle": (0, (4, 2))}
RULE = {"marker": "*", "color": style.MAP_INK, "markersize": 10, "linestyle": "none"}
HERE = {"marker": "o", "markersize": 9, "markeredgecolor": style.MAP_INK, "color": style.PINK, "linestyle": "none"}


class MomentumScene:
    """Left the path and the loss, right the two maps and the table. The scene computes no descent of its own."""

    def __init__(self, figure, ends):
        """ends: the largest α, β and step of the axes."""
        self._ends = ends
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_path(figure)
        self._make_loss(figure)
        self.maps = [self._make_map(figure, place) for place in MAPS]
        self._make_legend(figure)
        self._make_table()
        self._map = self._kappa = None
        self.live = [
            self.heading, *self.titles, *self.says, self.contours, self.path, self.beads, self.start, self.point,
            *self.arrows, self.plain, self.engine, self.closed, self.place, *self.images, *self.critical, *self.rules,
            *self.here, self.numbers.artist, self.words.artist,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_path(self, figure):
        self.heading = self._line(16, 17, size=style.TITLE, weight="bold")
        self.titles = [self._line(x, y) for x, y in ((16, 43), (16, 290), (346, 43), (506, 43))]
        self.axes = plot_axes(figure, rect(figure, *PATH))
        (wide, high), axes = FRAME, self.axes
        axes.set(xlim=(-wide, wide), ylim=(-high, high))
        for axis, end in ((axes.xaxis, 3), (axes.yaxis, 2)):
            axis.set_ticks([-end, 0, end], [f"−{end}", "0", f"{end}"])
        label(self.page, 16, PATH[1] + PATH[3] / 2 - 18, "x₂", size=style.SMALL)
        label(self.page, PATH[0] + PATH[2] / 2 + 24, PATH[1] + PATH[3] + 12, "x₁", size=style.SMALL)
        self.contours = LineCollection([], colors=style.MUTED, linewidths=0.6, zorder=0.5)
        axes.add_collection(self.contours, autolim=False)
        axes.plot([0], [0], marker="*", color=style.INK, markersize=11, zorder=1)
        (self.path,) = axes.plot([], [], color=style.INK, linewidth=1.2, zorder=2)
        (self.beads,) = axes.plot([], [], "o", color=style.INK, markersize=2.8, zorder=2)
        ring = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 11, "markeredgewidth": 1.2}
        (self.start,) = axes.plot([], [], "o", **ring, zorder=3)
        (self.point,) = axes.plot([], [], **HERE | {"markersize": 8}, zorder=5)
        self.arrows = [FancyArrowPatch((0, 0), (1, 1), arrowstyle="-|>", mutation_scale=10, shrinkA=0, shrinkB=0,
                                       zorder=4, **look) for look in (CARRIED, PULL)]  # fmt: skip
        for arrow, x, look, name in zip(
            self.arrows, (40, 192), (CARRIED, PULL), ("carried on: −αβv", "gradient: −αg"), strict=True
        ):
            axes.add_patch(arrow)
            self.page.plot([x, x + 22], [266, 266], **look)
            self._line(x + 28, 266, name)

    def _make_loss(self, figure):
        self.losses = axes = plot_axes(figure, rect(figure, *LOSS))
        axes.set_yscale("log")
        axes.set(xlim=(0, self._ends[2]), ylim=LOSSES)
        axes.minorticks_off()
        axes.set_yticks([1e-12, 1e-8, 1e-4, 1])
        axes.set_xticks([0, 50, 100, 150])
        label(self.page, LOSS[0] + 210, LOSS[1] + LOSS[3] + 12, "step", size=style.SMALL)
        looks = (PLAIN, ENGINE, CLOSED)
        self.plain, self.engine, self.closed = (axes.plot([], [], **look)[0] for look in looks)
        (self.place,) = axes.plot([], [], color=style.MUTED, linewidth=style.THIN, linestyle="dashed", zorder=1)
        names = ("no β, its best α", "SGD", "closed form")
        for x, look, name in zip((196, 16, 80), looks, names, strict=True):
            self.page.plot([x, x + 9, x + 18], [446] * 3, **look)
            self._line(x + 23, 446, name)

    def _make_map(self, figure, place):
        axes = plot_axes(figure, rect(figure, *place))
        lr, beta, _ = self._ends
        limit = Polygon([(2, 0), (lr, 0), (lr, lr / 2 - 1)], facecolor=style.FAINT, edgecolor=style.INK, zorder=0.2)
        axes.add_patch(limit)
        axes.set(xlim=(0, lr), ylim=(0, beta))
        axes.set_xticks([0, 1, 2, 3, 4])
        first = place is MAPS[0]
        axes.set_yticks([0, 0.5, beta], ["0", "0.5", f"{beta:g}"] if first else [""] * 3)
        label(axes, 3.24, 0.13, "diverges", size=style.SMALL)
        label(self.page, place[0] + place[2] * 5 / 8, place[1] + place[3] + 12, "α", size=style.SMALL)
        if first:
            label(self.page, place[0] - 14, place[1] + place[3] / 4, "β", size=style.SMALL)
        return axes

    def _make_legend(self, figure):
        lr, beta, _ = self._ends
        image = {"cmap": COLOURS, "vmin": 0, "vmax": SLOWEST, "interpolation": "none", "aspect": "auto"}
        self.images = [
            axes.imshow(np.zeros((2, 2)), extent=(0, lr, 0, beta), origin="lower", zorder=1, **image)
            for axes in self.maps
        ]
        black = {"color": style.MAP_INK, "linewidth": 1.5, "zorder": 2}
        self.critical = [axes.plot([], [], **black, **look)[0] for axes in self.maps for look in (STEEP, FLAT)]
        self.rules = [axes.plot([], [], **RULE, zorder=3, clip_on=False)[0] for axes in self.maps]
        self.here = [axes.plot([], [], **HERE, zorder=4, clip_on=False)[0] for axes in self.maps]
        bar = blank_axes(figure, rect(figure, *BAR), xlim=(0, SLOWEST), ylim=(0, 1))
        bar.plot([0, SLOWEST, SLOWEST, 0, 0], [0, 0, 1, 1, 0], color=style.MUTED, linewidth=style.THIN, clip_on=False)
        bar.imshow(np.linspace(0, SLOWEST, 96)[None], extent=(0, SLOWEST, 0, 1), **image)
        for decade, name in enumerate(("1", "10", "100 steps to a tenth", "1000")):
            x = BAR[0] + BAR[2] * decade / SLOWEST
            self._line(min(x, BAR[0] + BAR[2]), BAR[1] + 19, name, ha={0: "left", 3: "right"}.get(decade, "center"))
        self._line(346, 294, "Critically damped:")
        for x, look, name in ((468, STEEP, "steep"), (538, FLAT, "flat")):
            self.page.plot([x, x + 20], [294, 294], color=style.INK, linewidth=1.5, **look)
            self._line(x + 25, 294, name)
        self.page.plot([609], [294], **RULE | {"color": style.INK})
        self._line(618, 294, "√κ rule")

    def _make_table(self):
        for x, text in zip(COLUMNS[1:4], ("αλ", "rate", "measured"), strict=True):
            self._line(x, 322, text, ha="right")
        self._line(COLUMNS[0], 322, "direction")
        places = [(x, y) for y in ROWS for x in COLUMNS[1:4]]
        self.numbers = Numbers(self.page, *zip(*places, strict=True), ha="right")
        places = [(x, y) for y in ROWS for x in (COLUMNS[0], COLUMNS[4])]
        self.words = Numbers(self.page, *zip(*places, strict=True), ha="left")
        self.says = [self._line(346, y) for y in (424, 442)] + [self._line(16, y) for y in (466, 484)]
        self.says[-1].set_color(style.MUTED)

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, ravine, path, curves, chosen, words):
        """Show a descent.

        ravine: `kappa`, `closed` and `measured` (log₁₀ of the steps to a tenth by β and α, NaN where it diverges),
        `critical` (two lines (m, 2) of (α, β): steep and flat) and `best` (α, β).
        path: `track` (n, 2), `at` (2,) or None where it is out of view, and `arrows`: what velocity and gradient add.
        curves: `engine`, `closed`, `plain`: losses by step; `step`: where we are.
        chosen: (α, β).  words: `heading`, `titles` (4), `numbers` (12), `table` (8), `says` (4).
        """
        self._show_ravine(**ravine)
        self._show_path(**path)
        steps = np.arange(len(curves["closed"]))
        for line, name in ((self.engine, "engine"), (self.closed, "closed"), (self.plain, "plain")):
            values = np.clip(curves[name], LOSSES[0] / 100, LOSSES[1] * 100)
            line.set_data(steps[: len(values)], values)
        change(self.place, data=((curves["step"],) * 2, LOSSES))
        for mark in self.here:
            change(mark, data=((chosen[0],), (chosen[1],)))
        change(self.heading, text=words["heading"])
        for artists, texts in ((self.titles, words["titles"]), (self.says, words["says"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        self.numbers.set_texts(words["numbers"])
        self.words.set_texts(words["table"])

    def _show_ravine(self, kappa, closed, measured, critical, best):
        if self._kappa == kappa:
            return
        self._kappa = kappa
        across = np.sqrt(2 * RISES)[:, None, None] * CIRCLE * [np.sqrt(kappa), 1]
        self.contours.set_segments(list(across))
        for image, values in zip(self.images, (closed, measured), strict=True):
            image.set_data(np.clip(values, 0, SLOWEST))
        for line, places in zip(self.critical, [*critical, *critical], strict=True):
            line.set_data(*places.T)
        for star in self.rules:
            star.set_data([best[0]], [best[1]])

    def _show_path(self, track, at, arrows):
        self.path.set_data(*track.T)
        self.beads.set_data(*track.T)
        self.start.set_data(*track[:1].T)
        change(self.point, visible=at is not None)
        if at is not None:
            self.point.set_data(*at[:, None])
        place = at
        for arrow, vector in zip(self.arrows, arrows, strict=True):
            seen = at is not None and bool(np.hypot(*vector) > 0.08)
            change(arrow, visible=seen)
            if seen:
                arrow.set_positions(place, place + vector)
            if at is not None:
                place = place + vector
