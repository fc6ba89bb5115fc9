"""An activation and its derivative over x, one above the other, with a working point and the numbers beside them."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, zero_lines
from wbviz.scenes._grid import rect

#: x is shown from −REACH to REACH.
REACH = 5.0
#: The ends of the axis of a: for values that stay near ±1, and for those that do not.
NEAR, FAR = 1.25, 5.0
SLOPES = (-0.25, 1.25)
LEFT, WIDE, SIDE = 42, 346, 280  # pixels: where the plots begin, their width, that of the words on the right
COLUMNS = (10, 98, 188)  # of the table, in pixels of the side
HEADER, FIRST_ROW, ROW = 192, 213, 19
ROWS = ("f(z)", "f′(z)", "slope w·f′", "largest f′", "range of f", "f(0)", "saturated")
MOST_ZONES = 2
TANGENT = 62  # pixels: half the length of the tangent
FIRST, SECOND, POINT = style.INK, style.GREEN, style.PINK
DASHED = {"color": SECOND, "linewidth": style.LINE, "linestyle": (0, (4, 2))}
DOTTED = {"color": style.MUTED, "linewidth": style.LINE, "linestyle": (0, (1, 2))}


class ActivationShapesScene:
    """Draws one activation, a second one to compare, and what they are at one x."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.upper = self._plot(figure, (LEFT, 28, WIDE, 222), "The output  a = f(z)  with  z = w·x + b")
        self.lower = self._plot(figure, (LEFT, 284, WIDE, 114), "Its derivative  f′(z)  at the same place")
        self.upper.tick_params(labelbottom=False)
        self.lower.set_ylim(*SLOPES)
        self.lower.set_xlabel("x", fontsize=style.SMALL, labelpad=1)
        left = width - SIDE
        self.side = blank_axes(figure, [left / width, 0, SIDE / width, 1], xlim=(0, SIDE), ylim=(height, 0))
        self.foot = blank_axes(figure, [0, 0, 1, 24 / height])
        self._make_zones()
        self._make_curves()
        self._make_points()
        self._make_words()
        self.live = [
            *(zone for pair in self.zones for zone in pair), *self.bends, *self.drops,
            *(line for pair in self.curves for line in pair), self.tangent, *self.full, *self.open,
            *self.others, *self.points, self.sample, *self.lines, *self.table, self.swatch, self.notes, self.hint,
        ]  # fmt: skip

    def _plot(self, figure, place, title):
        axes = plot_axes(figure, rect(figure, *place), title=title)
        axes.set_xlim(-REACH, REACH)
        axes.set_xticks(range(-5, 6))
        zero_lines(axes)
        return axes

    def _make_zones(self):
        self.zones = [[self._zone(axes) for axes in (self.upper, self.lower)] for _ in range(MOST_ZONES)]

    def _zone(self, axes):
        zone = Rectangle((0, 0), 0, 1, transform=axes.get_xaxis_transform(), facecolor=style.HIGHLIGHT, linewidth=0)
        zone.set_zorder(0.2)
        return axes.add_patch(zone)

    def _make_curves(self):
        first, second = {"color": FIRST, "linewidth": style.LINE + 0.4, "zorder": 3}, DASHED | {"zorder": 2}
        self.curves = [[axes.plot([], [], **look)[0] for axes in (self.upper, self.lower)] for look in (first, second)]
        self.bends = [axes.axvline(0, **DOTTED, zorder=1) for axes in (self.upper, self.lower)]

    def _make_points(self):
        both = self.upper, self.lower
        (self.tangent,) = self.upper.plot([], [], color=POINT, linewidth=style.LINE, zorder=4)
        self.drops = [axes.axvline(0, color=POINT, linewidth=style.THIN, zorder=1.5) for axes in both]
        end = {"linestyle": "none", "marker": "o", "markersize": 6, "markeredgecolor": FIRST, "zorder": 3.5}
        self.full = [axes.plot([], [], markerfacecolor=FIRST, **end)[0] for axes in both]
        self.open = [axes.plot([], [], markerfacecolor=style.PAPER, **end)[0] for axes in both]
        other = {"marker": "D", "markersize": 6, "color": SECOND, "linestyle": "none", "zorder": 4.5}
        self.others = [axes.plot([], [], **other)[0] for axes in both]
        mark = {"markersize": style.MARKER + 2, "markeredgecolor": style.INK, "color": POINT, "clip_on": False}
        self.points = [axes.plot([], [], "o", linestyle="none", zorder=5, **mark)[0] for axes in both]

    def _make_words(self):
        def line(y, **kwargs):
            return label(self.side, COLUMNS[0], y, ha="left", **{"size": style.SMALL, **kwargs})

        self.lines = [
            line(22, size=style.TITLE, weight="bold"), line(42), line(66, size=style.TEXT), line(88, size=style.TEXT),
            line(112), line(131), line(150),
        ]  # fmt: skip
        self.sample = self.side.add_line(Line2D([COLUMNS[2], COLUMNS[2] + 26], [HEADER - 12] * 2, **DASHED))
        self.side.add_line(Line2D([COLUMNS[1], COLUMNS[1] + 26], [HEADER - 12] * 2, color=FIRST, linewidth=style.LINE))
        for row, name in enumerate(ROWS):
            line(FIRST_ROW + ROW * row, text=name, color=style.MUTED)
        self.side.add_line(Line2D([COLUMNS[0], COLUMNS[0] + 18], [150, 150], **DOTTED))
        self.lines[-1].set_x(COLUMNS[0] + 26)
        self.table = [line(HEADER, weight="bold") for _ in COLUMNS[1:]]
        self.table += [line(FIRST_ROW + ROW * row) for row in range(len(ROWS)) for _ in COLUMNS[1:]]
        for index, text in enumerate(self.table):
            text.set_x(COLUMNS[1 + index % 2])
        self.side.add_patch(Rectangle((COLUMNS[0], 352), 18, 12, facecolor=style.HIGHLIGHT, edgecolor=style.MUTED))
        self.swatch = line(358)
        self.swatch.set_x(COLUMNS[0] + 26)
        self.notes = line(374, va="top", linespacing=1.35)
        self.hint = label(self.foot, 0.5, 0.5, size=style.SMALL, color=style.MUTED)

    def update(self, curves, x, bend, zones, jumps, far, words):
        """Show one activation, or two.

        curves: one or two pairs ((x, a, f′), (a, f′, da/dx)): arrays of equal length, NaN where a line is interrupted,
        and the values at the working point `x`.
        bend: the x at which z = 0, or None where it is out of view.  zones: pairs (from, to) of x: saturated.
        jumps: for a and for f′ the pair (value at z = 0, value on the side that differs) of a jump in view, or None.
        far: (does a go far below 0?, far above 0?).
        words: a dict of `lines` (7), `table` (2 for the head and each row), `swatch`, `notes` and `hint`.
        """
        limits = -FAR if far[0] else -NEAR, FAR if far[1] else NEAR
        if self.upper.get_ylim() != limits:
            self.upper.set_ylim(*limits)
        self._move_curves([curve for curve, _ in curves])
        self._move_zones(zones)
        self._move_bend(bend, jumps)
        self._move_points(x, [point for _, point in curves], limits)
        self._say(words, compared=len(curves) > 1)

    def _move_curves(self, curves):
        for lines, curve in zip(self.curves, curves, strict=False):
            for line, values in zip(lines, curve[1:], strict=True):
                _draw(line, curve[0], values)
        for line in self.curves[1]:
            change(line, visible=len(curves) > 1)

    def _move_zones(self, zones):
        for index, pair in enumerate(self.zones):
            low, high = zones[index] if index < len(zones) else (0.0, 0.0)
            for zone in pair:
                change(zone, x=low, width=high - low, visible=high > low)

    def _move_bend(self, bend, jumps):
        for line in self.bends:
            change(line, visible=bend is not None, xdata=(bend or 0.0,) * 2)
        for full, hollow, jump in zip(self.full, self.open, jumps, strict=True):
            for artist, value in zip((full, hollow), jump or (0.0, 0.0), strict=True):
                change(artist, visible=jump is not None, data=((bend or 0.0,), (value,)))

    def _move_points(self, x, points, limits):
        a, slope, steepness = points[0]
        for axes, point, value in zip((self.upper, self.lower), self.points, (a, slope), strict=True):
            self._pin(axes, point, x, value)
        for line in self.drops:
            change(line, xdata=(x, x))
        other = points[1] if len(points) > 1 else (0.0, 0.0)
        for artist, value in zip(self.others, other[:2], strict=False):
            change(artist, visible=len(points) > 1, data=((x,), (value,)))
        across, up = WIDE / (2 * REACH), self.upper.bbox.height / (limits[1] - limits[0])
        reach = TANGENT / np.hypot(across, steepness * up)
        change(self.tangent, data=((x - reach, x + reach), (a - steepness * reach, a + steepness * reach)))

    def _pin(self, axes, point, x, value):
        """Put the point at (x, value); out of view, as a triangle at the edge behind which it lies."""
        low, high = axes.get_ylim()
        change(point, marker="^" if value > high else "v" if value < low else "o")
        change(point, data=((x,), (float(np.clip(value, low, high)),)))

    def _say(self, words, compared):
        change(self.sample, visible=compared)
        for artists, texts in ((self.lines, words["lines"]), (self.table, words["table"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        for name in ("swatch", "notes", "hint"):
            change(getattr(self, name), text=words[name])


def _draw(line, x, y):
    """Draw a curve, unless these very arrays are drawn already."""
    if line.get_xdata(orig=True) is not x or line.get_ydata(orig=True) is not y:
        line.set_data(x, y)
