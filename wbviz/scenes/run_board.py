"""A board of training runs: their curves, their settings, how the weights of one were spread, and two compared."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import INK_MAP, Numbers, _glyphs, cells, rect

#: Places in pixels from the upper left: left, top, width, height.
CURVES, PARALLEL, HEAT, SPREAD = (58, 74, 242, 146), (346, 84, 330, 136), (58, 312, 172, 142), (252, 312, 50, 142)
ROWS, COLUMNS = 48, 50  # of the map of weights: values, steps
TABLE, ROW, TABLE_ROWS = (330, 292), 16, 8  # where the table of two runs begins, and how many rows it has
COLUMN = (330, 500, 586)  # a setting's name, the one run's value, the other's
MOST_AXES, MOST_TICKS = 6, 8
MARKS = 5  # so many marks are drawn along a curve
#: How the run and the one it is compared with are drawn.
LOOKS = ({"color": style.BLUE, "linewidth": 2.4}, {"color": style.VERMILLION, "linewidth": 2.0})
DASH = (0, (4, 2))
STEPS = tuple(m * 10**k for k in range(1, 8) for m in (1, 2, 3, 5))
COUNTS = (2, 5, *STEPS)
HEIGHTS = tuple(round(m * 10.0**k, 6) for k in range(-4, 9) for m in (1, 1.5, 2, 3, 5, 7))
LOWEST = 1e-8


class RunBoardScene:
    """Draws runs. What is not there (no run at all, no other run, no histogram) leaves its place empty."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_curves(figure)
        self._make_parallel(figure)
        self._make_spread(figure)
        self._frames = {}
        self.live = [
            *self.heading, *self.titles, *self.says, self.nothing, self.table.artist, *self.samples, self.inside,
            self.outside, *self.lines, self.place, self.band, self.rails, *self.ticks.live, *self.ends.live,
            *self.names.live,
            self.fan_out, self.fan_in, *self.chosen, self.map, self.scrub, self.bars, self.middle,
        ]  # fmt: skip

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = [self._line(16, 18, size=style.TITLE, weight="bold"), self._line(16, 37)]
        self.titles = [self._line(16, 60), self._line(330, 60), self._line(16, 292)]
        self.says = [self._line(330, y) for y in (438, 454, 470, 486)] + [self._line(16, 503, color=style.MUTED)]
        self.nothing = self._line(16, 80, va="top", linespacing=1.5)
        x, y = np.tile(COLUMN, TABLE_ROWS), TABLE[1] + ROW * np.repeat(np.arange(TABLE_ROWS), 3)
        self.table = Numbers(self.page, x, y, ha="left")
        self.samples, self.legend = [], []
        for left, look, marker in zip(COLUMN[1:], LOOKS, "os", strict=True):
            x = [left - 23, left - 14, left - 5]
            self.samples += self.page.plot(x, [TABLE[1]] * 3, **look, marker=marker, markersize=5, markevery=[1])
        for k, (text, dash) in enumerate((("learned from", "solid"), ("never seen", DASH))):
            x = np.array([60, 80]) + 108 * k
            self.legend += self.page.plot(x, [267] * 2, color=style.INK, linestyle=dash, linewidth=1.4)
            self.legend.append(self._line(x[1] + 5, 267, text))

    def _make_curves(self, figure):
        self.curves = plot_axes(figure, rect(figure, *CURVES), xlabel="step")
        self.outside, self.inside = (
            LineCollection([], colors=colour, linewidths=width, zorder=z)
            for colour, width, z in ((style.FAINT, style.THIN, 1), (style.MUTED, 1.0, 2))
        )
        for lines in (self.outside, self.inside):
            self.curves.add_collection(lines, autolim=False)
        self.lines = []
        for z, look, marker in zip((4, 3), LOOKS, "os", strict=True):
            self.lines += self.curves.plot([], [], **look, zorder=z, marker=marker, markersize=5)
            self.lines += self.curves.plot([], [], **look | {"linewidth": 1.6}, linestyle=DASH, zorder=z)
        (self.place,) = self.curves.plot([], [], color=style.INK, linewidth=style.THIN, linestyle="dotted", zorder=5)

    def _make_parallel(self, figure):
        self.parallel = blank_axes(figure, rect(figure, *PARALLEL), xlim=(0, PARALLEL[2]), ylim=(0, 1))
        self.band = Rectangle((0, 0), 14, 0, facecolor=style.HIGHLIGHT, edgecolor=style.INK, linewidth=1, zorder=1)
        self.parallel.add_patch(self.band)
        self.rails = LineCollection([], colors=style.INK, linewidths=style.THIN, zorder=2)
        self.fan_out, self.fan_in = (
            LineCollection([], colors=colour, linewidths=width, zorder=z)
            for colour, width, z in ((style.FAINT, style.THIN, 0), (style.MUTED, 1.0, 1.5))
        )
        for lines in (self.rails, self.fan_out, self.fan_in):
            lines.set_clip_on(False)
            self.parallel.add_collection(lines, autolim=False)
        self.chosen = [
            self.parallel.plot([], [], **look, zorder=z, clip_on=False, marker=marker, markersize=4)[0]
            for look, z, marker in zip(LOOKS, (4, 3), "os", strict=True)
        ]
        self.ticks = _Texts(self.parallel, MOST_AXES * MOST_TICKS, ha="right")
        self.ends = _Texts(self.parallel, MOST_TICKS, ha="left")
        self.names = _Texts(self.parallel, MOST_AXES, ha="center")

    def _make_spread(self, figure):
        self.heat, self.map = cells(figure, HEAT, ROWS, COLUMNS, INK_MAP, (0, 1))
        self.frame = plot_axes(figure, rect(figure, *HEAT), xlabel="step")
        self.frame.set_facecolor("none")
        (self.scrub,) = self.frame.plot([], [], color=style.BLUE, linewidth=1.6, zorder=4)
        self.spread = plot_axes(figure, rect(figure, *SPREAD), xlabel="how many")
        self.spread.set_yticks([])
        self.bars = PathPatch(
            Path(np.zeros((1, 2))), facecolor=style.BLUE, edgecolor=style.INK, linewidth=0.5, zorder=2
        )
        self.spread.add_patch(self.bars)
        (self.middle,) = self.spread.plot([], [], color=style.INK, linewidth=1.2, linestyle="dashed", zorder=3)

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, curves, parallel, spread, words):
        """Show runs.

        curves: dict of `outside` and `inside` (lists of (m, 2) arrays), `lines` (4: the run's training and validation,
        the other's; None where there is none), `last` (step), `span` (low, high), `log`, `at` (step).
        parallel: dict of `axes` (a list of (name, [(place, text), …]), places from 0 to 1), `outside`, `inside`
        ((n, axes) arrays of places), `chosen` (2: places, or None), `brush` (axis, low, high) or None.
        spread: None, or dict of `map` (ROWS, COLUMNS; the first row is the largest value), `limit`, `last`, `at`,
        `edges` (b + 1,), `counts` (b,) and `mean`.
        words: `heading` (2), `titles` (3), `says` (5), `table` (up to TABLE_ROWS rows of three), `nothing`.
        """
        self._show_words(words)
        self._show_curves(**curves)
        self._show_parallel(**parallel)
        self._show_spread(spread)

    def _show_words(self, words):
        for artists, name in ((self.heading, "heading"), (self.titles, "titles"), (self.says, "says")):
            for artist, text in zip(artists, words[name], strict=True):
                change(artist, text=text)
        change(self.nothing, text=words["nothing"])
        for artist in (self.curves, self.frame, self.spread, *self.legend):  # nothing stands there without a run
            change(artist, visible=not words["nothing"])
        table = [*words["table"], *[("", "", "")] * TABLE_ROWS][:TABLE_ROWS]
        self.table.set_texts([text for row in table for text in row])
        for k, sample in enumerate(self.samples):
            change(sample, visible=bool(table[0][k + 1]))

    def _show_curves(self, outside, inside, lines, last, span, log, at):
        self.outside.set_segments(outside)
        self.inside.set_segments(inside)
        for line, points in zip(self.lines, lines, strict=True):
            change(line, visible=points is not None)
            if points is not None:
                line.set_data(*points.T)
                line.set_markevery(max(1, len(points) // MARKS))
        low, high, places, texts = axis_of(*span, log)
        if self._frames.get("curves") != (last, low, high, log):
            self._frames["curves"] = (last, low, high, log)
            self.curves.set_yscale("log" if log else "linear")
            self.curves.set(xlim=(0, last), ylim=(low, high))
            self.curves.set_yticks(places, texts)
            self.curves.yaxis.set_minor_locator(NullLocator())
            self.curves.set_xticks([0, last / 2, last], ["0", f"{last / 2:g}", f"{last:g}"])
        change(self.place, data=((at, at), (low, high)))

    def _show_parallel(self, axes, outside, inside, chosen, brush):
        x = np.linspace(44, PARALLEL[2] - 60, max(len(axes), 2))[: len(axes)]
        self.rails.set_segments([[(each, 0), (each, 1)] for each in x])
        self.fan_out.set_segments([np.column_stack([x, places]) for places in outside])
        self.fan_in.set_segments([np.column_stack([x, places]) for places in inside])
        for line, places in zip(self.chosen, chosen, strict=True):
            change(line, visible=places is not None)
            if places is not None:
                line.set_data(x, places)
        self.at = x
        ticks = [[(each, place, text) for place, text in found] for each, (_, found) in zip(x, axes, strict=True)]
        self.ticks.put([(each - 4, place, text) for found in ticks[:-1] for each, place, text in found])
        self.ends.put([(each + 6, place, text) for found in ticks[-1:] for each, place, text in found])
        ends = [0] * (len(axes) - 1) + [-16]  # the last name is long
        names = [(name, end, -0.1 - 0.1 * (k % 2)) for k, ((name, _), end) in enumerate(zip(axes, ends, strict=False))]
        self.names.put([(each + end, low, name) for each, (name, end, low) in zip(x, names, strict=True)])
        change(self.band, visible=brush is not None)
        if brush is not None:
            axis, low, high = brush
            change(self.band, bounds=(float(x[axis]) - 7, low, 14, max(high - low, 0.005)))

    def _show_spread(self, spread):
        for artist in (self.map, self.scrub, self.bars, self.middle):
            change(artist, visible=spread is not None)
        if spread is None:
            return
        last, limit, most = spread["last"], spread["limit"], stepped_limit(max(spread["counts"]), COUNTS)
        self.map.set_data(spread["map"])
        if self._frames.get("spread") != (last, limit, most):
            self._frames["spread"] = (last, limit, most)
            self.frame.set(xlim=(0, last), ylim=(-limit, limit))
            self.frame.set_xticks([0, last / 2, last], ["0", f"{last / 2:g}", f"{last:g}"])
            self.frame.set_yticks([-limit, 0, limit], [f"−{limit:g}", "0", f"{limit:g}"])
            self.spread.set(xlim=(0, most), ylim=(-limit, limit))
            self.spread.set_xticks([0, most], ["0", f"{most:g}"])
        change(self.scrub, data=((spread["at"],) * 2, (-limit, limit)))
        change(self.middle, data=((0, most), (spread["mean"],) * 2))
        self.bars.set_path(_bars(spread["edges"], spread["counts"]))
        self.bars.stale = True


class _Texts(Numbers):
    """Many short texts as one artist, whose places change with them, each on a plate of paper."""

    def __init__(self, axes, most, ha):
        super().__init__(axes, np.zeros(most), np.zeros(most), ha=ha)
        self._axes, self._put = axes, None
        self.artist.set_zorder(6)
        self.plates = PolyCollection([], facecolors=style.PAPER, edgecolors="none", zorder=5, clip_on=False)
        self.plates.set_transform(axes.figure.dpi_scale_trans)
        self.live = [self.plates, self.artist]
        axes.add_collection(self.plates, autolim=False)

    def put(self, found):
        """found: a list of (x, y, text) in the coordinates of the axes."""
        if found == self._put:
            return
        self._put = found
        places = np.array([(x, y) for x, y, _ in found], dtype=float).reshape(-1, 2)
        self._at, self._texts = self._axes.transData.transform(places) / self._axes.figure.dpi, None
        self.set_texts([text for _, _, text in found])
        widths = np.array([_glyphs(text)[2] for _, _, text in found]) * self._size
        left, right = self._at[:, 0] - self._shift * widths - 0.02, self._at[:, 0] + (1 - self._shift) * widths + 0.02
        low, high = self._at[:, 1] - 0.6 * self._size, self._at[:, 1] + 0.6 * self._size
        corners = [(left, low), (right, low), (right, high), (left, high)]
        self.plates.set_verts(np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1))


def axis_of(low, high, log):
    """(low, high, places of ticks, their texts) of an axis that holds the values from `low` to `high`, in steps."""
    if log:
        first = int(np.floor(np.log10(max(low, LOWEST)) + 1e-9))
        last = max(int(np.ceil(np.log10(max(high, LOWEST)) - 1e-9)), first + 1)
        powers = np.arange(first, last + 1, max(1, (last - first) // 4))
        return 10.0**first, 10.0**last, 10.0**powers, [f"{10.0**k:g}" for k in powers]
    top = 1.0 if 0.75 < high <= 1 else stepped_limit(high, HEIGHTS)
    bottom = 0.0 if low >= 0 else -stepped_limit(low, HEIGHTS)
    places = np.linspace(bottom, top, 3)
    return bottom, top, places, [f"{place:g}".replace("-", "−") for place in places]


def _bars(edges, counts):
    """Horizontal bars from 0 as one path."""
    low, high, count = np.asarray(edges[:-1]), np.asarray(edges[1:]), np.asarray(counts, dtype=float)
    zero = np.zeros(len(count))
    corners = [(zero, low), (count, low), (count, high), (zero, high), (zero, low)]
    vertices = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)[count > 0].reshape(-1, 2)
    codes = np.tile([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], int((count > 0).sum()))
    return Path(vertices, codes) if len(vertices) else Path(np.zeros((1, 2)))
