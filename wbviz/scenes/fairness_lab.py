"""Decisions about two groups: each group's rates with their intervals, and beside them one of four views."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._fairness_charts import Conflict, Frontier
from wbviz.scenes._fairness_views import LOOKS, Part, Scores, Slices
from wbviz.scenes._grid import Numbers

#: Places in pixels from the upper left.
RATES, LEFT, RIGHT = (404, 98, 182, 300), 386, 646
RATE_COUNT, BLOCK = 5, 60
BAR = 11  # height of a bar, in pixels


class FairnessLabScene:
    """Right the rates of both groups; left the scores, the frontier or the conflict; or a table over the whole width.

    views: the names of the four views, in the order scores, slices, frontier, conflict.
    """

    def __init__(self, figure, views):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.heading = label(self.page, 16, 18, size=style.TITLE, ha="left", weight="bold")
        self.state = label(self.page, 16, 38, size=style.SMALL, ha="left")
        self.rates = Rates(self.page)
        parts = (Scores(self.page), Slices(self.page), Frontier(self.page), Conflict(self.page))
        self.views = dict(zip(views, parts, strict=True))
        self.scores, self.slices, self.frontier, self.conflict = parts
        self.live = [
            self.heading, self.state, *(artist for part in (self.rates, *parts) for artist in part.live),
        ]  # fmt: skip

    def update(self, heading, state, rates, view, shown):
        """Show decisions. rates: what `Rates.show` takes; shown: what the part of the `view` takes."""
        change(self.heading, text=heading)
        change(self.state, text=state)
        for name, part in self.views.items():
            part.show(shown if name == view else None)
        self.rates.show(None if self.views[view] is self.slices else rates)


class Rates(Part):
    """Five rates of two groups: bars with intervals, numbers, and the difference between the groups."""

    def make(self):
        top = RATES[1]
        self.boxes = [
            Rectangle((LEFT - 5, top + BLOCK * k), RIGHT - LEFT + 9, BLOCK - 4, facecolor=style.PAPER, zorder=0)
            for k in range(RATE_COUNT)
        ]
        for box in self.boxes:
            self.page.add_patch(box)
        self.title = self.line(LEFT, 62, style.TEXT, weight="bold")
        self.keys = [self.line(x, 82) for x in (LEFT + 14, LEFT + 142)]
        for (look, _), x in zip(LOOKS, (LEFT + 5, LEFT + 133), strict=True):
            self.page.plot([x], [82], **look, markersize=style.MARKER, linestyle="none")
        heights = top + BLOCK * np.arange(RATE_COUNT)
        self.names = [self.line(LEFT, y + 11) for y in heights]
        self.gaps = Numbers(self.page, RIGHT, heights + 11, ha="right")
        self.says = [self.line(LEFT, y) for y in (430, 446, 462)]
        self._make_bars(heights)
        self.live = [
            *self.boxes, self.title, *self.keys, *self.names, self.gaps.artist, *self.says, *self.bars, self.whiskers,
            self.numbers.artist,
        ]  # fmt: skip

    def _make_bars(self, heights):
        self.axes = self.plot(RATES)
        self.axes.set(xlim=(0, 1), ylim=(RATES[1] + RATES[3], RATES[1]), facecolor="none")
        self.axes.set_yticks([])
        self.axes.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        for side in ("left", "bottom"):
            self.axes.spines[side].set_visible(False)
        rows = np.stack([heights + 27, heights + 43])
        self._rows = rows
        self.bars = []
        for look, hatch in LOOKS:
            bars = PolyCollection([], facecolor=look["color"], edgecolor=style.INK, linewidth=style.THIN, zorder=2)
            bars.set_linestyle(hatch)
            self.axes.add_collection(bars, autolim=False)
            self.bars.append(bars)
        for (look, _), ys in zip(LOOKS, rows, strict=True):
            self.page.plot(np.full(len(ys), LEFT + 8), ys, **look, markersize=5.5, linestyle="none")
        self.whiskers = LineCollection([], colors=style.INK, linewidths=1.4, zorder=3)
        self.axes.add_collection(self.whiskers, autolim=False)
        self.numbers = Numbers(self.page, RIGHT, rows.ravel(), ha="right")

    def show(self, rates):
        """Show rates; None hides them.

        rates: dict of `values`, `low`, `high`, (2, 5), NaN where undefined; `marked`: booleans (5,), the rates that
        the goal is about; `numbers`: 10 texts, of the first group, then of the second; `gaps`: 5 texts; `title`,
        `keys` (2), `names` (5) and `says` (3).
        """
        if not self.seen(rates is not None):
            return
        values, low, high = (np.asarray(rates[name], float) for name in ("values", "low", "high"))
        for bars, ys, lengths in zip(self.bars, self._rows, values, strict=True):
            ends = np.nan_to_num(lengths)
            top, bottom, zero = ys - BAR / 2, ys + BAR / 2, np.zeros(len(ys))
            corners = np.stack([[zero, top], [ends, top], [ends, bottom], [zero, bottom]]).transpose(2, 0, 1)
            bars.set_verts(corners[np.isfinite(lengths)])
        self.whiskers.set_segments(_whiskers(low.ravel(), high.ravel(), self._rows.ravel()))
        for box, marked in zip(self.boxes, rates["marked"], strict=True):
            change(box, facecolor=style.HIGHLIGHT if marked else style.PAPER)
        for artist, text, marked in zip(self.names, rates["names"], rates["marked"], strict=True):
            change(artist, text=text, weight="bold" if marked else "normal")
        for artists, texts in ((self.keys, rates["keys"]), (self.says, rates["says"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        change(self.title, text=rates["title"])
        self.numbers.set_texts(rates["numbers"])
        self.gaps.set_texts(rates["gaps"])


def _whiskers(low, high, y, tip=3):
    """Lines from low to high with a tip at both ends, where they are known; y grows downwards, in pixels."""
    known = np.isfinite(low) & np.isfinite(high)
    low, high, y = low[known], high[known], y[known]
    lines = [np.column_stack([low, y, high, y])]
    lines += [np.column_stack([end, y - tip, end, y + tip]) for end in (low, high)]
    return np.concatenate(lines).reshape(-1, 2, 2)
