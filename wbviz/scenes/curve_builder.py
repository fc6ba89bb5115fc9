"""A curve out of hidden units: the target and the sum above, each unit's piece below, its bend where z = 0."""

import numpy as np
from matplotlib.collections import LineCollection

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import rect

MOST = 8  # hidden units
LOW, HIGH = -1.0, 1.0  # the inputs in view
#: Places in pixels from the upper left: the sum and the pieces; the bends' numbers stand between, the pieces' at right.
SUM, PIECES, STRIP, SIDE = (46, 54, 560, 168), (46, 262, 560, 136), 238, 626
COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PINK) * 2
DASHES = ("solid",) * 4 + ((0, (1.5, 1.2)),) * 4
BIAS = {"color": style.MUTED, "linestyle": (0, (5, 2, 1, 2))}
TALLEST = (1.4, 2, 3, 5)  # the sum's axis goes no further: the target must stay readable
REACHES = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300)
GAP, ROW = 19, 13  # pixels between the numbers of bends, and of pieces


class CurveBuilderScene:
    """Target, sum and errors; pieces vₖ·f(wₖx + bₖ) and the output bias, each with its number at both ends."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.sum = plot_axes(figure, rect(figure, *SUM))
        self.pieces = plot_axes(figure, rect(figure, *PIECES))
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        for axes in (self.sum, self.pieces):
            axes.set_xlim(LOW, HIGH)
            axes.axhline(0, color=style.FAINT, linewidth=style.THIN, zorder=0.5)
        self.sum.set_xticklabels([])
        self._frames = {}
        self._make_sum()
        self._make_pieces()
        self._make_words()
        self.live = [
            self.errors, self.target, self.curve, self.kinks, self.cursor, *self.lines, self.bias, *self.bends,
            *self.balls, *self.numbers, *self.ends, self.leaders, self.end_leaders, self.heading, *self.says,
        ]  # fmt: skip

    def _make_sum(self):
        bars = {"color": style.HIGHLIGHT, "linewidth": 4.5, "solid_capstyle": "butt"}
        self.errors = self.sum.plot([], [], **bars, zorder=1)[0]
        dots = {"marker": "o", "markersize": 3.2, "color": style.MUTED, "linestyle": "none"}
        ring = {"marker": "o", "markersize": 8, "markerfacecolor": style.PAPER, "markeredgecolor": style.INK}
        line = {"color": style.INK, "linewidth": 2.4}
        self.target = self.sum.plot([], [], **dots, zorder=2)[0]
        self.curve = self.sum.plot([], [], **line, zorder=3)[0]
        self.kinks = self.sum.plot([], [], **ring, linestyle="none", zorder=4)[0]
        cross = {"marker": "+", "markersize": 26, "markeredgewidth": 1.4, "color": style.INK, "linestyle": "none"}
        self.cursor = self.sum.plot([], [], **cross, zorder=5)[0]
        looks = ((dots, "target"), (line, "sum"), (ring, "bend of the sum"))
        for x, (look, name) in zip((54, 130, 196), looks, strict=True):
            ends = [x - 8, x + 8] if look is line else [x]
            self.page.plot(ends, [40] * len(ends), **look)
            label(self.page, x + 14, 40, name, size=style.SMALL, ha="left")
        self.page.plot([326, 326], [34, 46], **bars)
        label(self.page, 334, 40, "error at a target point", size=style.SMALL, ha="left")

    def _make_pieces(self):
        self.lines, self.bends, self.balls, self.numbers, self.ends = [], [], [], [], []
        self.bias = self.pieces.plot([], [], **BIAS, linewidth=style.LINE, zorder=1.5)[0]
        for k in range(MOST):
            look = {"color": COLOURS[k], "linestyle": DASHES[k]}
            self.lines.append(self.pieces.plot([], [], **look, linewidth=style.LINE, zorder=2)[0])
            dot = {"marker": "o", "markersize": 7, "color": COLOURS[k], "markeredgecolor": style.PAPER}
            self.bends.append(self.pieces.plot([], [], **dot, linestyle="none", zorder=4)[0])
            ball = {"marker": "o", "markersize": 12, "markerfacecolor": style.PANEL, "markeredgecolor": COLOURS[k]}
            self.balls.append(self.page.plot([], [], **ball, linestyle="none", zorder=4)[0])
            self.numbers.append(label(self.page, 0, STRIP, str(k + 1), size=style.SMALL, zorder=5))
        self.ends = [label(self.page, SIDE, 0, size=style.SMALL, ha="left") for _ in range(MOST + 1)]
        self.leaders = LineCollection([], colors=style.MUTED, linewidths=style.THIN, zorder=3)
        self.end_leaders = LineCollection([], linewidths=style.THIN, zorder=3)
        for lines in (self.leaders, self.end_leaders):
            self.page.add_collection(lines, autolim=False)

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, ha="left", **kwargs)

        self.heading = line(16, 17, style.TITLE, weight="bold")
        line(SIDE - 4, STRIP, text="−b/w")
        line(SIDE, PIECES[1] + PIECES[3] + 11, text="x")
        self.says = [line(16, 436), line(16, 456)]

    def update(self, x, total, pieces, target, bends, kinks, chosen, cursor, words):
        """Show a curve and what it is made of.

        x (m,): inputs in rising order; total (m,): the sum there; pieces (K + 1, m): the units' pieces, then the
        output bias. target: (points, values, sums), each (n,). bends: K places on x, NaN where there is none.
        kinks (j, 2): where the sum bends. chosen: the number of the piece in hand. cursor: a place or None.
        words: `heading`, `says` (2).
        """
        change(self.heading, text=words["heading"])
        for artist, text in zip(self.says, words["says"], strict=True):
            change(artist, text=text)
        self._show_sum(x, total, *target, kinks, cursor)
        self._show_pieces(x, pieces, bends, chosen)

    def _show_sum(self, x, total, points, values, sums, kinks, cursor):
        limit = stepped_limit(min(np.abs([*total, *values]).max(), TALLEST[-1]), TALLEST)
        self._frame(self.sum, limit)
        gaps = np.full(len(points), np.nan)
        self.errors.set_data(np.repeat(points, 3), np.column_stack([values, sums, gaps]).ravel())
        self.target.set_data(points, values)
        self.curve.set_data(x, total)
        self.kinks.set_data(*np.reshape(kinks, (-1, 2)).T)
        self.cursor.set_data(*([[], []] if cursor is None else np.reshape(cursor, (2, 1))))

    def _show_pieces(self, x, pieces, bends, chosen):
        *units, bias = pieces
        limit = stepped_limit(np.abs(pieces).max() * 1.02, REACHES)
        self._frame(self.pieces, limit)
        for k in range(MOST):
            shown = k < len(units)
            for artist in (self.lines[k], self.bends[k], self.balls[k], self.numbers[k]):
                change(artist, visible=shown)
            if shown:
                self.lines[k].set_data(x, units[k])
                change(self.lines[k], linewidth=style.BOLD + 0.6 if k == chosen else style.LINE)
                change(self.numbers[k], weight="bold" if k == chosen else "normal")
        self.bias.set_data([LOW, HIGH], [bias[0], bias[0]])
        change(self.bias, linewidth=style.BOLD if chosen == len(units) else style.LINE)
        self._place_bends(x, units, np.asarray(bends))
        self._place_ends(pieces, limit, chosen)

    def _place_bends(self, x, units, bends):
        """The bends' numbers in their strip, side by side, with a line down to each bend that is in view."""
        seen = np.flatnonzero(np.isfinite(bends))
        left, _, width, _ = SUM
        at = left + (np.clip(bends[seen], LOW, HIGH) - LOW) / (HIGH - LOW) * width
        places = dict(zip(seen.tolist(), spread(at, GAP, left, left + width), strict=True))
        leaders = []
        for k, unit in enumerate(units):
            inside = k in places and LOW <= bends[k] <= HIGH
            for artist in (self.balls[k], self.numbers[k]):
                change(artist, visible=k in places)
            change(self.bends[k], visible=inside)
            if k not in places:
                continue
            self.balls[k].set_data([places[k]], [STRIP])
            change(self.numbers[k], position=(places[k], STRIP), text=_number(k, bends[k]))
            if inside:
                height = float(np.interp(bends[k], x, unit))
                self.bends[k].set_data([bends[k]], [height])
                leaders.append([(places[k], STRIP + 7), self._page_place(bends[k], height)])
        self.leaders.set_segments(leaders)

    def _place_ends(self, pieces, limit, chosen):
        """The pieces' numbers at the right, one below the other, with a line from where each piece leaves the view."""
        ends = [float(np.clip(piece[-1], -limit, limit)) for piece in pieces]
        at = np.array([self._page_place(HIGH, end)[1] for end in ends])
        rows = spread(at, ROW, PIECES[1] - 2, PIECES[1] + PIECES[3] + 2)
        names = [*(str(k + 1) for k in range(len(pieces) - 1)), "c"]
        for k, artist in enumerate(self.ends):
            change(artist, visible=k < len(names))
            if k < len(names):
                change(artist, text=names[k], position=(SIDE, float(rows[k])))
                change(artist, weight="bold" if k == chosen else "normal")
        right = PIECES[0] + PIECES[2]
        self.end_leaders.set_segments([[(right + 2, y), (SIDE - 3, row)] for y, row in zip(at, rows, strict=True)])
        change(self.end_leaders, color=[*COLOURS[: len(names) - 1], BIAS["color"]])

    def _page_place(self, x, y):
        """A place among the pieces in the page's coordinates."""
        limit = self.pieces.get_ylim()[1]
        left, top, width, height = PIECES
        return left + (x - LOW) / (HIGH - LOW) * width, top + (limit - y) / (2 * limit) * height

    def _frame(self, axes, limit):
        if self._frames.get(axes) != limit:
            self._frames[axes] = limit
            axes.set_ylim(-limit, limit)
            ticks = np.linspace(-limit, limit, 5)
            axes.set_yticks(ticks, [f"{tick:g}".replace("-", "−") for tick in ticks])


def spread(places, gap, low, high):
    """`places` moved a little, so that they stand at least `gap` apart between `low` and `high`, in the same order."""
    places = np.asarray(places, float)
    order, steps = np.argsort(places, kind="stable"), gap * np.arange(len(places))
    row = places[order] - steps  # what may no more fall is `gap` apart
    row = (np.maximum.accumulate(row) + np.minimum.accumulate(row[::-1])[::-1]) / 2
    moved = np.empty(len(places))
    moved[order] = np.clip(row, low, high - steps[-1:].sum()) + steps
    return moved


def _number(k, bend):
    """A unit's number, with an arrow where its bend is out of view."""
    if bend < LOW:
        return f"‹{k + 1}"
    return f"{k + 1}›" if bend > HIGH else str(k + 1)
