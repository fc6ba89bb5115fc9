"""The loss along a straight line through the parameters: what the slope predicts, and what a step really brings."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, Bars, rect, row_axes

LEFT, WIDE, SIDE = 58, 332, 278  # pixels: where the plot begins, its width, that of the words on the right
STRIP, TRAIL = (LEFT, 334, WIDE, 54), (446, 334, 218, 68)
LEGEND, ROW = 186, 19  # the first row of the legend, and from each to the next
FINE = tuple(n * 10.0**k for k in (-4, -3) for n in (1, 1.5, 2, 3, 4, 5, 7)) + LIMITS
LENGTHS = (10, 20, 50, 100, 200, 500)
PREDICTED, ACTUAL, STEP, SECOND = style.BLUE, style.INK, style.PINK, style.GREEN
TANGENT = {"color": PREDICTED, "linewidth": style.LINE, "linestyle": (0, (5, 2))}
PARABOLA = {"color": SECOND, "linewidth": style.LINE, "linestyle": (0, (1, 1.5))}
LOSS = {"color": ACTUAL, "linewidth": style.LINE, "marker": "o", "markersize": 5, "markevery": [-1]}
NORM = {
    "color": SECOND,
    "linewidth": style.LINE,
    "linestyle": (0, (4, 2)),
    "marker": "s",
    "markersize": 5,
    "markevery": [-1],
}


def spread(count):
    """Heights between −1 and 1 that keep neighbours apart: the fractions of multiples of the golden ratio."""
    return 2 * (np.arange(count) * 0.6180339887 % 1) - 1


class UpdateStepScene:
    """Draws the loss over lr with its tangent, the slopes in other directions, and the steps taken so far."""

    def __init__(self, figure, drawn, directions):
        """drawn: the learning rates at which losses are given.  directions: how many random ones there are."""
        self._drawn, self._heights = drawn, spread(directions)
        width, height = figure.get_size_inches() * style.DPI
        self.plot = plot_axes(figure, rect(figure, LEFT, 28, WIDE, 244), xlabel="learning rate  lr")
        self.plot.set_xlim(0, drawn[-1])
        left = width - SIDE
        self.side = blank_axes(figure, [left / width, 0, SIDE / width, 1], xlim=(0, SIDE), ylim=(height, 0))
        self.strip, self.trail = (plot_axes(figure, rect(figure, *place)) for place in (STRIP, TRAIL))
        self.foot = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_loss()
        self._make_side(figure, left)
        self._make_strip()
        self._make_trail()
        self.live = [
            self.higher, self.start, self.tangent, self.parabola, self.curve, self.gap, self.turn, self.rise,
            self.predicted, self.actual, *self.lines, *self.legend, self.second_sample, *self.bars.live, self.others,
            self.seeded, self.here, *self.ends, self.counted, self.losses, self.norms, self.taken, self.hint,
        ]  # fmt: skip

    def _make_loss(self):
        axes = self.plot
        self.higher = PolyCollection([], facecolors=style.HIGHLIGHT, linewidths=0, zorder=0.2)
        self.higher.set_transform(axes.get_xaxis_transform())
        axes.add_collection(self.higher, autolim=False)
        (self.start,) = axes.plot([], [], color=style.MUTED, linewidth=style.THIN, zorder=1)
        (self.tangent,) = axes.plot([], [], **TANGENT, zorder=2)
        (self.parabola,) = axes.plot([], [], **PARABOLA, zorder=2)
        (self.curve,) = axes.plot([], [], color=ACTUAL, linewidth=style.LINE + 0.4, zorder=3)
        (self.gap,) = axes.plot([], [], color=STEP, linewidth=style.LINE, zorder=2.5)
        edge = {"linestyle": "none", "markeredgecolor": style.INK, "clip_on": False, "zorder": 4}
        (self.turn,) = axes.plot([], [], **_TURN)
        (self.rise,) = axes.plot([], [], **_RISE)
        (self.predicted,) = axes.plot([], [], "D", color=PREDICTED, markersize=7, **edge)
        (self.actual,) = axes.plot([], [], "o", color=STEP, markersize=style.MARKER + 3, **edge | {"zorder": 5})

    def _make_side(self, figure, left):
        def line(y, x=10, **kwargs):
            return label(self.side, x, y, ha="left", **{"size": style.SMALL, **kwargs})

        self.lines = [line(22, size=style.TITLE, weight="bold"), line(44), line(62), line(158, size=style.TEXT)]
        self.bars = Bars(row_axes(figure, (left + 76, 82, 122, 44), 2), 2)
        for y, name in ((93, "predicted"), (115, "actual")):
            line(y, text=name)
        rows = [LEGEND + ROW * row for row in range(5)]
        self.legend = [line(y, 40) for y in rows]
        self.side.add_line(Line2D([10, 32], [rows[0]] * 2, **TANGENT))
        self.side.add_line(Line2D([21], [rows[1]], **_TURN))
        self.side.add_line(Line2D([21], [rows[2]], **_RISE))
        self.side.add_patch(Rectangle((12, rows[3] - 6), 18, 12, facecolor=style.HIGHLIGHT, edgecolor=style.MUTED))
        self.second_sample = self.side.add_line(Line2D([10, 32], [rows[4]] * 2, **PARABOLA))

    def _make_strip(self):
        self.strip.set(xlim=(-1.06, 1.06), ylim=(-1.5, 1.4), xticks=(-1, 0, 1), yticks=(), xticklabels=("", "", ""))
        self.strip.spines["left"].set_visible(False)
        self.strip.axvline(0, color=style.MUTED, linewidth=style.THIN, zorder=0.5)
        label(self.foot, LEFT, 320, "Slope of this step, and of 100 random ones", ha="left", size=style.TEXT)
        dots = {"linestyle": "none", "marker": "o", "color": style.MUTED, "markersize": 3.5}
        (self.others,) = self.strip.plot([], [], **dots, zorder=2)
        (self.seeded,) = self.strip.plot([], [], "o", **_RING, zorder=3)
        (self.here,) = self.strip.plot([], [], **_HERE, zorder=4)
        places = [LEFT + WIDE * share for share in (0.06 / 2.12, 0.5, 1 - 0.06 / 2.12)]
        self.ends = [label(self.foot, x, 400, size=style.SMALL) for x in places]
        self.counted = label(self.foot, LEFT, 420, size=style.SMALL, ha="left")

    def _make_trail(self):
        self.losses, self.norms = (self.trail.plot([], [], **look, clip_on=False)[0] for look in (LOSS, NORM))
        x, y = TRAIL[0], 320
        self.taken = label(self.foot, x - 32, 302, ha="left", size=style.TEXT)
        for start, look, name in ((x - 32, LOSS, "loss"), (x + 46, NORM, "length of the gradient")):
            self.foot.add_line(Line2D([start, start + 13, start + 26], [y] * 3, **look))
            label(self.foot, start + 34, y, name, size=style.SMALL, ha="left")
        self.hint = label(self.foot, self.foot.get_xlim()[1] / 2, 446, size=style.SMALL, color=style.MUTED)

    def update(self, line, lr, after, axis, strip, trail, words):
        """Show one step.

        line: `loss`, `slope`, `curvature`, the `losses` at the learning rates drawn, `turns` and `rises` (lr or None).
        lr, after: the learning rate and the loss after the step.
        axis: that of the loss, as (places from end to end, their names, title).
        strip: (slopes of the random directions as shares of the gradient's length, which one is marked, the share of
        the direction in hand, whether that is the marked one).
        trail: pairs (loss, length of the gradient), before each step taken and now.
        words: a dict of `lines` (4), `bars` (2), `legend` (5), `second` (is the second order shown?), `ends` (3),
        `counted`, `taken` and `hint`.
        """
        self._set_axis(axis)
        self._move_loss(line, lr, after, words["second"])
        changes = [lr * line.slope, after - line.loss]
        self.bars.update(changes, words["bars"], [PREDICTED, STEP], stepped_limit(max(map(abs, changes)), FINE))
        self._move_strip(*strip)
        self._move_trail(np.array(trail))
        for artists, texts in (
            (self.lines, words["lines"]),
            (self.legend, words["legend"]),
            (self.ends, words["ends"]),
        ):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        change(self.second_sample, visible=words["second"])
        for name in ("counted", "taken", "hint"):
            change(getattr(self, name), text=words[name])

    def _move_loss(self, line, lr, after, second):
        end, span = self._drawn[-1], self.plot.get_ylim()
        if line.losses is not self._shown:
            self._shown = line.losses
            self.curve.set_data(self._drawn, line.losses)
            self.parabola.set_data(
                self._drawn, line.loss + self._drawn * line.slope + self._drawn**2 / 2 * line.curvature
            )
            self.higher.set_verts(
                [[(a, 0), (b, 0), (b, 1), (a, 1)] for a, b in _runs(self._drawn, line.losses > line.loss)]
            )
        change(self.start, data=((0, end), (line.loss,) * 2))
        change(self.tangent, data=((0, end), (line.loss, line.loss + end * line.slope)))
        change(self.parabola, visible=second)
        predicted = line.loss + lr * line.slope
        change(self.gap, data=((lr, lr), (predicted, after)))
        for point, value, look in ((self.actual, after, "o"), (self.predicted, predicted, "D")):
            self._pin(point, lr, value, span, look)
        for mark, at in ((self.turn, line.turns), (self.rise, line.rises)):
            seen = at is not None and 0 < at <= end
            height = float(np.interp(at, self._drawn, line.losses)) if seen else 0.0
            change(mark, visible=seen, data=((at if seen else 0.0,), (height,)))

    _shown = None

    def _set_axis(self, axis):
        if axis == self._axis:
            return
        self._axis = places, names, title = axis
        self.plot.set_ylim(places[0], places[-1])
        self.plot.set_yticks(places, names)
        self.plot.set_title(title, fontsize=style.TEXT, loc="left")

    _axis = None

    @staticmethod
    def _pin(point, x, value, span, look):
        """Put the point at (x, value); out of view, as a triangle at the edge behind which it lies."""
        change(point, marker="^" if value > span[1] else "v" if value < span[0] else look)
        change(point, data=((x,), (float(np.clip(value, *span)),)))

    def _move_strip(self, slopes, seed, here, marked):
        if self.others.get_xdata(orig=True) is not slopes:
            self.others.set_data(slopes, self._heights)
        change(self.seeded, data=((float(slopes[seed]),), (float(self._heights[seed]),)))
        change(self.here, data=((here,), (float(self._heights[seed]) if marked else 0.0,)))

    def _move_trail(self, trail):
        count, top = stepped_limit(len(trail) - 1, LENGTHS), stepped_limit(trail.max(), LIMITS)
        if (self.trail.get_xlim(), self.trail.get_ylim()) != ((-0.02 * count, count), (0, top)):
            self.trail.set(xlim=(-0.02 * count, count), ylim=(0, top))
            self.trail.set_xticks([0, count // 2, count])
            self.trail.set_yticks([0, top], ["0", f"{top:g}"])
        for line, values in zip((self.losses, self.norms), trail.T.tolist(), strict=True):
            change(line, data=(tuple(range(len(trail))), tuple(values)))


_TURN = {
    "linestyle": "none",
    "marker": "v",
    "markersize": 9,
    "color": SECOND,
    "markeredgecolor": style.INK,
    "zorder": 3.5,
}
_RISE = _TURN | {"marker": "s", "markersize": 7, "color": style.VERMILLION}
_RING = {"markersize": 9, "markerfacecolor": "none", "markeredgecolor": style.INK, "markeredgewidth": 1.5}
_HERE = {
    "linestyle": "none",
    "marker": "o",
    "markersize": style.MARKER + 3,
    "color": STEP,
    "markeredgecolor": style.INK,
}


def _runs(x, flags):
    """The stretches (from, to) of x in which `flags` are true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
    return [(x[first], x[end - 1]) for first, end in zip(edges[::2], edges[1::2], strict=True)]
