"""A hundred learned curves about the truth, what their error is made of, and the same along an axis."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, Numbers, rect

#: Places in pixels from the upper left: the curves, the parts along them, the two bars, the chart.
CURVES, ALONG, BARS, CHART = (46, 68, 272, 188), (46, 290, 272, 80), (360, 158, 296, 36), (384, 276, 272, 128)
#: The parts of the error from the bottom of a stack to its top, each with its look as an area and as a line.
PARTS = ("noise", "bias²", "variance")
AREAS = (style.FAINT, style.BLUE, style.VERMILLION)
LINES = (
    {"color": style.MUTED, "linestyle": "dotted"}, {"color": style.BLUE, "linestyle": (0, (5, 1.5))},
    {"color": style.VERMILLION, "linestyle": (0, (4, 1.5, 1, 1.5))},
)  # fmt: skip
MEASURED = {"marker": "D", "color": style.PINK, "markersize": 5, "linestyle": "none", "markeredgecolor": style.INK}
BEYOND = {"marker": "^", "color": style.PINK, "markersize": 7, "linestyle": "none", "markeredgecolor": style.INK}
CLOSED = {"color": style.GREEN, "linewidth": style.LINE}
ONE = {"color": style.GREEN, "linewidth": style.LINE}
TABLE = (360, 546, 652)  # where the names begin, and where the two columns of numbers end
ROWS = 58 + 18 * np.arange(6)
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class BiasVarianceScene:
    """Left the curves of all models and the parts along them; right the parts in numbers, as bars, along an axis."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._frames = {}
        self._make_words()
        self._make_curves(figure)
        self._make_bars(figure)
        self._make_chart(figure)
        self.live = [
            *self.words.values(), self.fan, self.truth, self.mean, self.one, self.examples, *self.along, *self.bars,
            self.bar, *self.marks, self.table.artist, *self.areas, *self.lines, self.ghost, self.total, self.dots,
            self.beyond, self.whiskers, self.closed, self.place, self.legend_one, self.legend_dots, self.key,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, ha="left", **kwargs)

        places = {
            "state": (16, 39), "curves": (16, 58), "along": (16, 277), "one": (214, 418), "shown": (16, 438),
            "apart": (346, 224), "chart": (346, 248), "second": (346, 264), "hint": (16, 458), "closed": (404, 458),
        }  # fmt: skip
        self.words = {"heading": line(16, 18, style.TITLE, weight="bold")}
        self.words |= {name: line(*place) for name, place in places.items()}
        self.words["hint"].set_color(style.MUTED)
        for y, name in zip(ROWS, ("", *PARTS, "sum", "measured"), strict=True):
            line(TABLE[0], y, text=name)
        for x, text in zip(TABLE[1:], ("squared error", "standard error"), strict=True):
            label(self.page, x, ROWS[0], text, size=style.SMALL, ha="right")

    def _make_curves(self, figure):
        self.curves = plot_axes(figure, rect(figure, *CURVES))
        self.curves.axhline(0, color=style.FAINT, linewidth=style.THIN, zorder=0.5)
        self.fan = LineCollection([], colors=style.VERMILLION, linewidths=0.7, alpha=0.3, zorder=1)
        self.curves.add_collection(self.fan, autolim=False)
        looks = ({**ONE, "zorder": 3}, {"color": style.INK, "linewidth": 2.4, "zorder": 4}, {
            "color": style.BLUE, "linewidth": style.LINE, "linestyle": (0, (5, 1.5)), "zorder": 5})  # fmt: skip
        self.one, self.truth, self.mean = (self.curves.plot([], [], **look)[0] for look in looks)
        dots = {"marker": "o", "color": style.GREEN, "markersize": 4.5, "linestyle": "none", "markeredgewidth": 0}
        (self.examples,) = self.curves.plot([], [], **dots, zorder=3.5)
        self.strip = plot_axes(figure, rect(figure, *ALONG))
        self.along = [self._area(self.strip, colour) for colour in AREAS]
        self._make_legend(looks, dots)

    def _make_legend(self, looks, dots):
        fan = {"color": style.VERMILLION, "linewidth": 1.2, "alpha": 0.6}
        for x, look, text in ((16, fan, "all"), (66, looks[1], "truth"), (126, looks[2], "mean")):
            self.page.plot([x, x + 16], [418, 418], **look)
            label(self.page, x + 21, 418, text, size=style.SMALL, ha="left")
        (self.legend_one,) = self.page.plot([192, 208], [418, 418], **ONE)
        (self.legend_dots,) = self.page.plot([200], [418], **dots)

    def _make_bars(self, figure):
        for y, colour in zip(ROWS[1:4], AREAS, strict=True):
            self.page.add_patch(Rectangle((346, y - 5), 9, 10, facecolor=colour, edgecolor=style.INK, linewidth=0.6))
        self.page.plot([350.5], [ROWS[5]], **MEASURED)
        self.table = Numbers(self.page, np.tile(TABLE[1:], 5), np.repeat(ROWS[1:], 2), ha="right")
        self.scale = plot_axes(figure, rect(figure, *BARS))
        self.scale.set(ylim=(1.6, -0.6), yticks=[])
        edge = {"edgecolor": style.INK, "linewidth": 0.6}
        self.bars = [Rectangle((0, -0.4), 0, 0.8, facecolor=colour, **edge, zorder=1) for colour in AREAS]
        self.bar = Rectangle((0, 0.6), 0, 0.8, facecolor=style.PINK, alpha=0.45, **edge, zorder=1)
        for patch in (*self.bars, self.bar):
            self.scale.add_patch(patch)
        self.marks = [self.scale.plot([], [], color=style.INK, linewidth=2.2, zorder=3)[0] for _ in range(2)]

    def _make_chart(self, figure):
        self.chart = plot_axes(figure, rect(figure, *CHART))
        self.areas = [self._area(self.chart, colour) for colour in AREAS]
        self.lines = [self.chart.plot([], [], **look, linewidth=style.LINE, zorder=2)[0] for look in LINES]
        (self.total,) = self.chart.plot([], [], color=style.INK, linewidth=1.4, zorder=2.5)
        (self.ghost,) = self.chart.plot([], [], color=style.MUTED, linewidth=1.2, linestyle=(0, (6, 4)), zorder=2.2)
        (self.closed,) = self.chart.plot([], [], **CLOSED, zorder=2.7)
        self.whiskers = LineCollection([], colors=style.INK, linewidths=1.1, zorder=3)
        self.chart.add_collection(self.whiskers, autolim=False)
        (self.dots,) = self.chart.plot([], [], **MEASURED, zorder=4)
        (self.beyond,) = self.chart.plot([], [], **BEYOND, zorder=4, clip_on=False)
        (self.place,) = self.chart.plot([], [], color=style.MUTED, linewidth=style.THIN, linestyle="dotted", zorder=0.9)
        (self.key,) = self.page.plot([384, 398], [458, 458], **CLOSED)

    def _area(self, axes, colour):
        area = PolyCollection([], facecolor=colour, edgecolor=style.INK, linewidth=0.4, zorder=1)
        axes.add_collection(area, autolim=False)
        return area

    def update(self, curves, along, parts, chart, words):
        """Show models that learned from examples of their own.

        curves: `x` (m,), `all` (N, m), `truth`, `mean`, `one` (m,), `examples` (n, 2) or None, `reach`,
        `ticks` [(place, text)], `name`. along: `stack` (3, m), noise, bias², variance at x.
        parts: the three `values`; the `total` and the `measured` error as pairs (value, standard error); `texts` (10).
        chart: `x` (k,), `stack` (3, k), `clear` (3, k): does a part show on a logarithmic scale, `measured` (k, 2),
        `log`, `limits` (low, high), `ticks`, `ends`, `at`, `name`, `closed` and `ghost`: (x, y) or None.
        words: `heading`, `state`, `curves`, `along`, `one`, `shown`, `apart`, `chart`, `second`, `closed`, `hint`.
        """
        for name, text in words.items():
            change(self.words[name], text=text)
        self._show_curves(**curves)
        self._show_along(curves["x"], **along)
        self._show_parts(**parts)
        self._show_chart(**chart)

    def _show_curves(self, x, all, truth, mean, one, examples, reach, ticks, name):
        ends = (float(x[0]), float(x[-1]))
        self._frame(self.curves, ends, (-reach, reach), [-reach, 0, reach])
        self._frame_x(ends, ticks, name)
        self.fan.set_segments(np.stack([np.broadcast_to(x, all.shape), all], axis=-1))
        for artist, values in ((self.truth, truth), (self.mean, mean), (self.one, one)):
            artist.set_data(x, values)
        self.examples.set_data(*(examples.T if examples is not None else ([], [])))
        for artist in (self.examples, self.legend_dots):
            change(artist, visible=examples is not None)

    def _frame_x(self, ends, ticks, name):
        """Both plots on the left share an axis, written below the lower one."""
        if self._frames.get("x") == (ends, ticks, name):
            return
        self._frames["x"] = ends, ticks, name
        places, texts = zip(*ticks, strict=True)
        self.curves.set_xticks(places, [""] * len(places))
        self.strip.set_xlim(ends)
        self.strip.set_xticks(places, texts)
        self.strip.set_xlabel(name, fontsize=style.SMALL)

    def _show_along(self, x, stack):
        top = stepped_limit(_stacked(stack)[-1].max() * 1.05, LIMITS)
        self._frame(self.strip, self.strip.get_xlim(), (0, top), [0, top])
        _fill(self.along, x, stack)

    def _show_parts(self, values, total, measured, texts):
        self.table.set_texts(texts)
        high = max(total[0] + 2 * total[1], measured[0] + 2 * measured[1])
        top = stepped_limit(high, LIMITS)
        self._frame(self.scale, (0, top), self.scale.get_ylim(), None)
        left = 0.0
        for bar, value in zip(self.bars, values, strict=True):
            change(bar, x=left, width=max(value, 0.0))
            left += max(value, 0.0)
        change(self.bar, width=measured[0])
        for mark, (value, error), y in zip(self.marks, (total, measured), (0, 1), strict=True):
            mark.set_data([max(value - 2 * error, 0), value + 2 * error], [y, y])

    def _show_chart(self, x, stack, clear, measured, log, limits, ticks, ends, at, name, closed, ghost):
        low, high = limits
        self._frame_chart(log, limits, ticks, ends, name)
        _fill(self.areas, x, stack if not log else stack[:, :0])
        total = stack.sum(axis=0)
        for line, values, seen in zip(self.lines, stack, clear, strict=True):
            line.set_data(*((x[seen], values[seen]) if log else ([], [])))
        self.total.set_data(x, np.maximum(total, low / 10 if log else 0))
        value, error = measured.T
        inside = value <= high
        self.dots.set_data(x[inside], value[inside])
        self.beyond.set_data(x[~inside], np.full((~inside).sum(), high))
        bottom = np.maximum(value - 2 * error, low / 10 if log else 0)
        whiskers = np.stack([np.column_stack([x, x]), np.column_stack([bottom, value + 2 * error])], axis=-1)
        self.whiskers.set_segments(whiskers[inside])
        self.place.set_data([at, at], limits)
        for line, values in ((self.closed, closed), (self.ghost, ghost)):
            line.set_data(*(values if values is not None else ([], [])))
        change(self.key, visible=closed is not None)

    def _frame_chart(self, log, limits, ticks, ends, name):
        if self._frames.get("chart") == (log, limits, ticks, ends, name):
            return
        self._frames["chart"] = log, limits, ticks, ends, name
        self.chart.set_yscale("log" if log else "linear")
        self.chart.set(xlim=ends, ylim=limits)
        places = 10.0 ** np.arange(np.ceil(np.log10(limits[0])), np.log10(limits[1]) + 0.1) if log else limits
        self.chart.set_yticks(places, [_tick(place) for place in places])
        self.chart.set_yticks([], minor=True)
        self.chart.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
        self.chart.set_xlabel(name, fontsize=style.SMALL)

    def _frame(self, axes, across, up, ticks):
        """Set the limits of axes where they are others now; `ticks` of y, or of x where it has None."""
        if self._frames.get(axes) == (across, up):
            return
        self._frames[axes] = across, up
        axes.set(xlim=across, ylim=up)
        if ticks is None:
            axes.set_xticks([0, across[1] / 2, across[1]], [_tick(share * across[1]) for share in (0, 0.5, 1)])
        else:
            axes.set_yticks(ticks, [_tick(place) for place in ticks])


def _stacked(stack):
    """The upper edges of a stack (3, m), from the bottom on; what is estimated below 0 has no height."""
    return np.cumsum(np.maximum(stack, 0), axis=0)


def _fill(areas, x, stack):
    """Draw each part of a stack (3, m) as the area between its edges; less than two places have none."""
    lower = np.zeros(stack.shape[1])
    for area, upper in zip(areas, _stacked(stack), strict=True):
        edge = np.column_stack([[*x, *x[::-1]], [*upper, *lower[::-1]]]) if stack.shape[1] > 1 else None
        area.set_verts([edge] if edge is not None else [])
        lower = upper


def _tick(place):
    """A round number as text, from 2,000 on as a power: 3·10⁴."""
    if place >= 2000:
        digits, power = f"{place:e}".split("e")
        return f"{float(digits):g}·10{str(int(power)).translate(SUPERSCRIPTS)}"
    return f"{place:,g}".replace("-", "−")
