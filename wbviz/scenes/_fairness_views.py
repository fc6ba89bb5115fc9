"""Two views of FairnessLab: the scores of both groups with their thresholds, and a table by slice."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Polygon

from wbviz import style
from wbviz.scenes._axes import change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import Numbers, rect

#: The two groups: colour and marker, and the edge of their bars.
LOOKS = (
    ({"color": style.GREEN, "marker": style.CLASS_MARKERS[0]}, "solid"),
    ({"color": style.PINK, "marker": style.CLASS_MARKERS[1]}, (0, (3, 1.5))),
)
#: One plot with two histograms, whose zero lines lie at MIDDLES and reach HALF up and down; bars reach TALL.
SCORES, MIDDLES, HALF, TALL = (22, 92, 338, 304), (151, 338), 56, 43
#: Where the axis of a histogram may end, as a share of the group.
TOPS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
#: The lines of the table: 12 at most.
LINES, TABLE_TOP, LINE = 12, 100, 26
RATES, COLUMN, FIRST, TRACK = 4, 110, 214, (44, 104)


class Part:
    """Artists on a page that several parts share, and axes of its own, all of them seen together or not at all.

    A subclass makes them in `make`, its axes by `plot` as `self.axes`, and lists those that move in `self.live`.
    """

    def __init__(self, page):
        self.page, self.axes = page, None
        before = set(page.get_children())
        self.make()
        self._own = [artist for artist in page.get_children() if artist not in before]
        self._own += [] if self.axes is None else [self.axes]

    def line(self, x, y, size=style.SMALL, **kwargs):
        """A line of text on the page."""
        return label(self.page, x, y, size=size, **{"ha": "left", **kwargs})

    def plot(self, place, **kwargs):
        """Axes for a plot at `place`, in pixels."""
        return plot_axes(self.page.figure, rect(self.page.figure, *place), **kwargs)

    def seen(self, seen):
        """Show or hide everything; returns `seen`."""
        for artist in self._own:
            change(artist, visible=seen)
        return seen


class Scores(Part):
    """For each group a histogram of scores, y = 1 upwards and y = 0 downwards; filled where approved."""

    def make(self):
        self.axes = self.plot(SCORES)
        self.axes.set(xlim=(0, 1), ylim=(SCORES[1] + SCORES[3], SCORES[1]), facecolor="none")
        self.axes.set_yticks([])
        self.axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
        self.axes.spines["left"].set_visible(False)
        self.titles = [self.line(34, y - HALF - 36, style.TEXT, weight="bold") for y in MIDDLES]
        self.says = [self.line(16, y - HALF - 19) for y in MIDDLES]
        for (look, _), y in zip(LOOKS, MIDDLES, strict=True):
            self.page.plot([22], [y - HALF - 36], **look, markersize=style.MARKER + 1)
            self.axes.plot([0, 1], [y, y], color=style.MUTED, linewidth=style.THIN, zorder=3)
        self.bars = {(k, y, kept): self._bars(y, kept) for k in (0, 1) for y in (0, 1) for kept in (0, 1)}
        self.lines = [self.axes.plot([], [], color=style.INK, linewidth=2.2, zorder=4)[0] for _ in MIDDLES]
        self.handles = [self._handle() for _ in MIDDLES]
        heights = [y - side * (HALF - 6) for y in MIDDLES for side in (1, -1)]
        self.counts = [Numbers(self.axes, x, heights, ha=ha) for x, ha in ((0.01, "left"), (0.99, "right"))]
        self.keys = [self.line(16, y) for y in (430, 446, 462)]
        self.live = [
            *self.titles, *self.says, *self.bars.values(), *self.lines, *self.handles,
            *(numbers.artist for numbers in self.counts), *self.keys,
        ]  # fmt: skip

    def _bars(self, y, kept):
        colour, dash = ((style.NEGATIVE, style.NEGATIVE_DASH), (style.POSITIVE, style.POSITIVE_DASH))[y]
        face = colour if kept else style.PAPER
        bars = PolyCollection([], facecolor=face, edgecolor=colour, linewidth=1.1, zorder=2, linestyle=dash)
        self.axes.add_collection(bars, autolim=False)
        return bars

    def _handle(self):
        handle = Polygon(np.zeros((3, 2)), facecolor=style.INK, edgecolor=style.INK, zorder=5, clip_on=False)
        self.axes.add_patch(handle)
        return handle

    def show(self, shown):
        """Show scores; None hides them.

        shown: dict of `shares` (2 groups, y, approved, bins), `thresholds` (2), `counts` (2 × 4 texts: y = 1 refused
        and approved, y = 0 refused and approved), `titles` (2), `says` (2) and `keys` (3).
        """
        if not self.seen(shown is not None):
            return
        shares = [share / stepped_limit(share.sum(axis=1).max(), TOPS) * TALL for share in shown["shares"]]
        for (k, y, kept), bars in self.bars.items():
            inner, outer = shares[k][y, 1], shares[k][y].sum(axis=0)
            low, high = (np.zeros_like(inner), inner) if kept else (inner, outer)
            side = -1 if y else 1  # pixels grow downwards
            bars.set_verts(_bins(MIDDLES[k] + side * low, MIDDLES[k] + side * high))
        for line, handle, y, t in zip(self.lines, self.handles, MIDDLES, shown["thresholds"], strict=True):
            line.set_data([t, t], [y - HALF, y + HALF])
            handle.set_xy([[t, y - HALF + 2], [t - 0.017, y - HALF - 7], [t + 0.017, y - HALF - 7]])
        for numbers, side in zip(self.counts, (0, 1), strict=True):
            numbers.set_texts([texts[side + below] for texts in shown["counts"] for below in (0, 2)])
        for artists, texts in ((self.titles, shown["titles"]), (self.says, shown["says"]), (self.keys, shown["keys"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)


def _bins(low, high):
    """Rectangles of the bins that are not empty: (k, 4, 2)."""
    edges = np.linspace(0, 1, len(low) + 1)
    corners = [[edges[:-1], low], [edges[1:], low], [edges[1:], high], [edges[:-1], high]]
    return np.array(corners).transpose(2, 0, 1)[np.abs(high - low) > 0]


class Slices(Part):
    """A table: a line for each slice of the rows, with counts, rates and their intervals."""

    def make(self):
        heights = TABLE_TOP + LINE * np.arange(LINES)
        self._heights, self._tracks = heights, FIRST + COLUMN * np.arange(RATES)
        self.title = self.line(16, 62, style.TEXT, weight="bold")
        for x, text in ((152, "rows"), (200, "y = 1")):
            self.line(x, 82, ha="right").set_text(text)
        self.heads = [self.line(x + 12, 82) for x in self._tracks]
        self.rules = LineCollection([], colors=style.FAINT, linewidths=style.THIN, zorder=0.5)
        self.names = Numbers(self.page, 16, heights, ha="left")
        self.numbers = Numbers(self.page, np.tile([152, 200], LINES), np.repeat(heights, 2), ha="right")
        across, down = np.meshgrid(self._tracks + TRACK[0] - 6, heights)
        self.rates = Numbers(self.page, across.ravel(), down.ravel(), ha="right")
        self.overall = LineCollection([], colors=style.MUTED, linewidths=style.THIN, linestyles="dotted", zorder=1)
        self.whiskers = LineCollection([], colors=style.INK, linewidths=1.8, zorder=2)
        for lines in (self.rules, self.overall, self.whiskers):
            self.page.add_collection(lines, autolim=False)
        (self.dots,) = self.page.plot([], [], "o", color=style.BLUE, markersize=4, zorder=3)
        self.says = [self.line(16, y) for y in (428, 444, 460)]
        self.live = [
            self.title, *self.heads, self.rules, self.names.artist, self.numbers.artist, self.rates.artist,
            self.overall, self.whiskers, self.dots, *self.says,
        ]  # fmt: skip

    def show(self, shown):
        """Show a table; None hides it.

        shown: dict of `rates`, `low`, `high` (k, RATES), NaN where undefined, k ≤ 12, the first line being all rows;
        `names` (k texts), `numbers` (2·k), `texts` (RATES·k), `breaks` (lines with a rule above), `title`, `heads`
        (RATES) and `says` (3).
        """
        if not self.seen(shown is not None):
            return
        k = len(shown["names"])
        y, x = self._heights[:k], self._tracks
        at = x + TRACK[0] + (TRACK[1] - TRACK[0]) * np.stack([shown[name] for name in ("rates", "low", "high")])
        down, known = np.broadcast_to(y[:, None], (k, RATES)), np.isfinite(at[0])
        self.dots.set_data(at[0][known], down[known])
        self.whiskers.set_segments(np.stack([at[1], down, at[2], down], axis=-1)[known].reshape(-1, 2, 2))
        ends = [y[0] - LINE / 2, y[-1] + LINE / 2]
        self.overall.set_segments([[(place, end) for end in ends] for place in at[0][0] if np.isfinite(place)])
        rules = [y[line] - LINE / 2 for line in shown["breaks"]]
        self.rules.set_segments([[(16, rule), (646, rule)] for rule in rules])
        for numbers, name, per in (
            (self.names, "names", 1),
            (self.numbers, "numbers", 2),
            (self.rates, "texts", RATES),
        ):
            numbers.set_texts([*shown[name], *[""] * (per * (LINES - k))])
        for artists, texts in ((self.heads, shown["heads"]), (self.says, shown["says"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        change(self.title, text=shown["title"])
