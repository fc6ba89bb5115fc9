"""The right side of Playground: the large map with its points, and the curves of the run."""

import math

import numpy as np
from matplotlib.ticker import NullLocator

from wbviz import style
from wbviz.scenes._axes import change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, rect
from wbviz.scenes._plane import class_marker
from wbviz.scenes._playground_network import painted

#: Places in pixels from the upper left of the figure.
MAP, CHART = (690, 56, 254, 254), (722, 374, 222, 92)
KEYS, CHART_KEYS = (684, 762, 840), (694, 774, 868)
EPOCHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
LOOKS = (
    {"color": style.GREEN, "linestyle": "solid"},
    {"color": style.PINK, "linestyle": "dashed"},
    {"color": style.MUTED, "linestyle": "dotted"},
)


class OutputMap:
    """What the network (or one unit of it) answers everywhere in the plane, with the points and the cross."""

    def __init__(self, figure, page, height):
        self.axes = plot_axes(figure, rect(figure, *MAP))
        self.axes.tick_params(length=0, pad=2)
        self.image = self.axes.imshow(
            np.zeros((2, 2, 4), np.uint8), origin="lower", interpolation="none", extent=(-1, 1, -1, 1), aspect="auto",
            zorder=0,
        )  # fmt: skip
        self.classes = [self.axes.plot([], [], **_marker(k), zorder=3)[0] for k in (0, 1)]
        self.unseen = [self.axes.plot([], [], **_hollow(k), zorder=3)[0] for k in (0, 1)]
        edges = {"s": 34, "linewidths": 0.8, "edgecolors": style.MAP_INK, "zorder": 3}
        self.values = [self.axes.scatter([], [], marker=marker, **edges) for marker in ("o", "D")]
        (self.cross,) = self.axes.plot([], [], "+", color=style.MAP_INK, markersize=22, markeredgewidth=1.3, zorder=5)
        y = height - 340
        keys = [_marker(0), _marker(1), _hollow(0, style.INK)]
        self.keys = [page.plot([x], [y], **look)[0] for x, look in zip(KEYS, keys, strict=True)]
        self.names = [label(page, x + 9, y, size=style.SMALL, ha="left") for x in KEYS]
        self.title = label(page, MAP[0], height - 42, size=style.TEXT, ha="left")
        self._limit = self._scale = None
        self._points = [np.empty((0, 3))] * 2
        self.live = [
            self.image, *self.classes, *self.unseen, *self.values, self.cross, *self.keys, *self.names, self.title,
        ]  # fmt: skip

    def update(self, cells, limit, points, cross, scale, title, names):
        """Show a map of colours, uint8 (n, n, 4), in a plane from −limit to limit.

        points: two arrays (n, 3), training and validation: x₁, x₂ and the class, or where `scale` is not None the
        value, whose colour reaches from −scale to scale.  names: three texts of the legend.
        """
        if limit != self._limit:
            self._limit, ends = limit, (-limit, limit)
            self.image.set_extent((*ends, *ends))
            ticks = [-limit, -limit / 2, 0, limit / 2, limit]
            words = [f"{tick:g}".replace("-", "−") for tick in ticks]
            self.axes.set(xlim=ends, ylim=ends, xticks=ticks, yticks=ticks, xticklabels=words, yticklabels=words)
        self.image.set_data(cells)
        if not (self._scale == scale and all(map(np.array_equal, points, self._points))):
            self._scale, self._points = scale, points
            self._show_points(points, scale)
        change(self.cross, data=(tuple(cross[:1]), tuple(cross[1:])))
        for key in self.keys:
            change(key, visible=scale is None)
        for artist, text in zip((*self.names, self.title), (*names, title), strict=True):
            change(artist, text=text)

    def _show_points(self, points, scale):
        for part, classes, values in zip(points, (self.classes, self.unseen), self.values, strict=True):
            for k, artist in enumerate(classes):
                mine = part[part[:, 2] == k] if scale is None else part[:0]
                artist.set_data(mine[:, 0], mine[:, 1])
            part = part[:0] if scale is None else part
            values.set_offsets(part[:, :2])
            values.set_facecolor(painted(part[:, 2], scale or 1.0) / 255)


class RunChart:
    """Curves over the epochs: training, validation, penalty. The axes end at round numbers and change in steps."""

    def __init__(self, figure, page, height):
        self.axes = plot_axes(figure, rect(figure, *CHART), xlabel="epoch")
        self.axes.yaxis.set_minor_locator(NullLocator())
        self.lines = [self.axes.plot([], [], **look, linewidth=style.LINE, zorder=2)[0] for look in LOOKS]
        self.ends = [
            self.axes.plot([], [], "o", color=look["color"], markersize=4, zorder=3, clip_on=False)[0] for look in LOOKS
        ]
        y = height - 362
        self.keys = [
            page.plot([x, x + 18], [y, y], **look, linewidth=style.LINE)[0]
            for x, look in zip(CHART_KEYS, LOOKS, strict=True)
        ]
        self.names = [label(page, x + 23, y, size=style.SMALL, ha="left") for x in CHART_KEYS]
        self._frame = None
        self.live = [*self.lines, *self.ends, *self.keys, *self.names]

    def update(self, epochs, curves, names, *, log=False, top=None):
        """Show curves over `epochs`: lists of numbers, None where unknown; an empty one shows nothing.

        top: where the axis ends, or None for the round number above all values.  log: in powers of ten.
        """
        curves = [_shown(curve, log) for curve in curves]
        self._set_frame(max(epochs, default=0), curves, log, top)
        for line, end, key, name, curve, text in zip(
            self.lines, self.ends, self.keys, self.names, curves, names, strict=True
        ):
            there = ~np.isnan(curve)
            x, y = np.array(epochs, float)[: len(curve)][there], curve[there]
            line.set_data(x, y)
            end.set_data(x[-1:], y[-1:])
            change(key, visible=bool(text))
            change(name, text=text)

    def _set_frame(self, last, curves, log, top):
        values = np.concatenate(curves)
        values = values[~np.isnan(values)]
        high = float(values.max(initial=0.0))
        if log:
            low = math.floor(values.min(initial=0.0))
            frame = (stepped_limit(last, EPOCHS), "log", low, max(math.ceil(high), low + 1))
        else:
            frame = (stepped_limit(last, EPOCHS), "linear", 0.0, top or _ceiling(high))
        if frame == self._frame:
            return
        self._frame = frame
        end, _, low, high = frame
        self.axes.set(xlim=(0, end), xticks=[0, end / 2, end], ylim=(low, high))
        self.axes.set_xticklabels(["0", f"{end / 2:,.0f}", f"{end:,.0f}"])
        ticks = np.unique(np.linspace(low, high, 3).round()) if log else np.linspace(low, high, 3)
        words = [f"10{_power(tick)}" if log else f"{tick:.3g}" for tick in ticks]
        self.axes.set_yticks(ticks, words)


def _ceiling(value):
    """The round number at or above a loss."""
    return stepped_limit(value, LIMITS) if value <= LIMITS[-1] else 10.0 ** math.ceil(math.log10(value))


def _shown(curve, log):
    """A curve as an array, NaN where it is unknown; for a logarithmic axis the powers of ten, from 1e−12 on."""
    values = np.array([np.nan if value is None else value for value in curve], float)
    return np.log10(np.where(values > 0, np.maximum(values, 1e-12), np.nan)) if log else values


def _power(value):
    return f"{int(value)}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _marker(k):
    return class_marker(k, style.MARKER - 0.5)


def _hollow(k, colour=None):
    rim = {"markeredgecolor": colour or style.CLASS_COLOURS[k], "markeredgewidth": 1.6}
    return class_marker(k, style.MARKER - 2, color=style.DIVERGING_COLOURS[2], **rim)
