"""A search on its map: each setting at its place, its score as colour, what was spent, what was promised and kept."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Numbers, rect

#: Places in pixels from the upper left.
MAP, STRIP, SCALE = (64, 66, 306, 208), (64, 324, 306, 78), (378, 324, 9, 78)
CURVE, PAIRS = (446, 206, 118, 82), (462, 334, 132, 92)
RIGHT = 404  # where the right column begins
RATES, WIDTHS = (1e-4, 1.0), (1, 64)
#: The strategies: colour, dash, marker.
LOOKS = {
    "grid": (style.INK, "solid", "s"),
    "random": (style.GREEN, (0, (5, 1.5)), "o"),
    "halving": (style.PINK, (0, (4, 1.5, 1, 1.5)), "^"),
}
ROWS = (*LOOKS, "nested")
SMALLEST, LARGEST = 13, 50  # areas of the marks, in square points
KEY = "#7c7b78"  # the middle of the colour scale
NOWHERE = np.empty((0, 2))


class HyperparameterSearchScene:
    """Left the map and, below it, the scores along one axis; right a setting in words, the budget, promises kept."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_map(figure)
        self._make_strip(figure)
        self._make_curve(figure)
        self._make_pairs(figure)
        self._frames = {}
        self.live = [
            self.heading, self.state, self.title, *self.says, self.strip_title, self.planned, *self.marks,
            *self.failed, *self.stars, *self.rings, self.scale, *self.lines, self.reached, self.scores.artist,
            self.bars, self.promised, self.kept, self.parts, self.gaps.artist,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = self._line(16, 18, size=style.TITLE, weight="bold")
        self.state = self._line(16, 39)
        self.title = self._line(RIGHT, 66, size=style.TEXT, weight="bold")
        self.says = [self._line(RIGHT, y) for y in (86, 103, 120, 137, 154)]

    def _make_map(self, figure):
        self.map = plot_axes(figure, rect(figure, *MAP))
        self.map.set(xscale="log", yscale="log", xlim=(6e-5, 1.65), ylim=(0.82, 78))
        _log_ticks(self.map.xaxis, 10.0 ** np.arange(-4, 1), ["0.0001", "0.001", "0.01", "0.1", "1"])
        _log_ticks(self.map.yaxis, 2.0 ** np.arange(7), [str(2**k) for k in range(7)])
        self._line(16, 57, "↑ hidden units   → learning rate")
        ring = {"facecolors": "none", "edgecolors": style.MUTED, "linewidths": style.THIN}
        self.planned = self.map.scatter([], [], s=9, **ring, zorder=2)
        self._key()

    def _key(self):
        """What the marks mean, below everything."""
        y, edge = 446, {"markeredgecolor": style.INK, "markeredgewidth": style.THIN}
        hollow = {"marker": "o", "markerfacecolor": "none"}
        looks = (
            (22, hollow | {"markersize": 3.4, "markeredgecolor": style.MUTED}, "planned"),
            (98, hollow | {"markersize": 7, "markerfacecolor": KEY} | edge, "tried (small: briefly)"),
            (252, {"marker": "*", "markersize": 12, "markerfacecolor": style.PAPER} | edge, "best"),
            (308, hollow | {"markersize": 11} | edge, "told about"),
        )
        for x, look, name in looks:
            self.page.plot([x], [y], linestyle="none", **look)
            self._line(x + 10, y, name)

    def _make_strip(self, figure):
        self.strip = plot_axes(figure, rect(figure, *STRIP))
        self.strip.set_xscale("log")
        self.strip.set_xlim(6e-5, 1.65)
        _log_ticks(self.strip.xaxis, 10.0 ** np.arange(-4, 1), ["0.0001", "0.001", "0.01", "0.1", "1"])
        self.strip_title = self._line(MAP[0], 309)
        axes = figure.add_axes(rect(figure, *SCALE))
        axes.set_axis_off()
        self.scale = axes.imshow(
            np.linspace(0, 1, 64)[:, None], cmap=style.SEQUENTIAL_MAP, origin="lower", aspect="auto",
            interpolation="none",
        )  # fmt: skip
        both, edge = (self.map, self.strip), {"edgecolors": style.INK, "linewidths": 0.6}
        self.marks = [
            axes.scatter([], [], c=[], cmap=style.SEQUENTIAL_MAP, zorder=3, clip_on=False, **edge) for axes in both
        ]
        for mark in self.marks:
            mark.set_clim(0, 1)
        cross = {"color": style.VERMILLION, "marker": "x", "markersize": 6, "linestyle": "none"}
        self.failed = [axes.plot([], [], **cross, zorder=3.2, clip_on=False)[0] for axes in both]
        star = {"marker": "*", "markersize": 13, "color": style.PAPER, "linestyle": "none"}
        edge = {"markeredgecolor": style.INK, "markeredgewidth": 1.0}
        self.stars = [axes.plot([], [], **star, **edge, zorder=4, clip_on=False)[0] for axes in both]
        ring = {"marker": "o", "markersize": 15, "markerfacecolor": "none", "markeredgecolor": style.INK}
        ring |= {"markeredgewidth": 1.6, "linestyle": "none", "clip_on": False}
        self.rings = [axes.plot([], [], **ring, zorder=5)[0] for axes in both]

    def _make_curve(self, figure):
        self._line(RIGHT, 186, "The best so far, by epochs spent")
        self.curve = plot_axes(figure, rect(figure, *CURVE))
        self.lines = []
        rows = CURVE[1] + 6 + 30 * np.arange(3)
        for (name, (colour, dash, _)), y in zip(LOOKS.items(), rows, strict=True):
            look = {"color": colour, "linestyle": dash, "linewidth": style.LINE}
            self.lines.append(self.curve.plot([], [], **look, drawstyle="steps-post", zorder=3)[0])
            self.page.plot([574, 592], [y, y], **look)
            self._line(597, y, name)
        self.scores = Numbers(self.page, 597, rows + 14, ha="left")
        (self.reached,) = self.curve.plot([], [], "o", color=style.INK, markersize=5, clip_on=False, zorder=4)

    def _make_pairs(self, figure):
        self._line(RIGHT, 317, "Promised ● and kept □")
        self._line(650, 317, "gap, points", ha="right")
        self.pairs = plot_axes(figure, rect(figure, *PAIRS))
        self.pairs.set_ylim(len(ROWS) - 0.5, -0.5)
        self.pairs.set_yticks([])
        self.pairs.spines["left"].set_visible(False)
        heights = PAIRS[1] + PAIRS[3] * (np.arange(len(ROWS)) + 0.5) / len(ROWS)
        for name, y in zip(ROWS, heights, strict=True):
            self._line(RIGHT, y, name)
        self.bars = LineCollection([], colors=style.MUTED, linewidths=style.LINE, zorder=2)
        self.pairs.add_collection(self.bars, autolim=False)
        dot = {"linestyle": "none", "markeredgecolor": style.INK, "zorder": 3, "clip_on": False}
        (self.parts,) = self.pairs.plot([], [], "|", **dot | {"markeredgecolor": style.MUTED}, markersize=8)
        (self.promised,) = self.pairs.plot([], [], "o", color=style.INK, markersize=6.5, **dot)
        (self.kept,) = self.pairs.plot([], [], "s", color=style.PAPER, markersize=6.5, markeredgewidth=1.4, **dot)
        self.gaps = Numbers(self.page, 650, heights, ha="right")

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, span, fine, planned, tried, best, shown, curves, pairs, words):
        """Show a search.

        span: (low, high), between which scores have different colours; those below are shown at its lower end.
        fine: the same for the lowest plot.
        planned: places (n, 2), learning rate and width, of settings not tried yet.
        tried: dict of `at` (m, 2), `along` (m,: the strip's x), `scores` (m,), `share` (m,: how long trained, of 1) and
        `failed` (m booleans: diverged).
        best, shown: None, or (place (2,), x in the strip, score) of the best and of the setting that is told about;
        a score of None is not in the strip.
        curves: dict of `budget`, `lines` (strategy → spent (k,), scores (k,)) and `at` (spent, score) or None.
        pairs: row → (promised, kept), and under "parts" a list of scores on the parts of the nested check.
        words: `heading`, `state`, `title`, `says` (5), `strip`, `scores` (3) and `gaps` (4).
        """
        self._show_words(words)
        self._show_frame(span, fine, curves["budget"])
        self.planned.set_offsets(planned if len(planned) else NOWHERE)
        self._show_tried(span, **tried)
        for artists, place in ((self.stars, best), (self.rings, shown)):
            self._put(artists, place, span)
        for line, name in zip(self.lines, LOOKS, strict=True):
            spent, scores = curves["lines"].get(name, ((), ()))
            line.set_data(spent, np.maximum(scores, span[0]))
        at = curves["at"]
        self.reached.set_data(*(([at[0]], [max(at[1], span[0])]) if at else ((), ())))
        self._show_pairs(fine, pairs)

    def _show_words(self, words):
        for name in ("heading", "state", "title"):
            change(getattr(self, name), text=words[name])
        change(self.strip_title, text=words["strip"])
        for artist, text in zip(self.says, words["says"], strict=True):
            change(artist, text=text)
        self.scores.set_texts(words["scores"])
        self.gaps.set_texts(words["gaps"])

    def _show_frame(self, span, fine, budget):
        if self._frames == (span, fine, budget):
            return
        self._frames = (span, fine, budget)
        for axes in (self.strip, self.curve):
            axes.set_ylim(*_padded(span))
            axes.set_yticks(*_ticks(span))
        self.curve.set_xlim(0, budget)
        self.curve.set_xticks([0, budget], ["0", f"{budget:,}"])
        self.pairs.set_xlim(*_padded(fine))
        self.pairs.set_xticks(*_ticks(fine))

    def _show_tried(self, span, at, along, scores, share, failed):
        order = np.lexsort((scores, share))  # what was trained longest and does best lies on top
        order = order[~failed[order]]
        colours = np.clip((scores - span[0]) / (span[1] - span[0]), 0, 1)
        height = np.maximum(scores, span[0])
        for mark, cross, x, y in zip(self.marks, self.failed, (at[:, 0], along), (at[:, 1], height), strict=True):
            mark.set_offsets(np.column_stack([x, y])[order])
            mark.set_sizes(SMALLEST + (LARGEST - SMALLEST) * share[order])
            mark.set_array(colours[order])
            cross.set_data(x[failed], y[failed])

    def _put(self, artists, place, span):
        change(artists[0], visible=place is not None)
        change(artists[1], visible=place is not None and place[2] is not None)
        if place is not None:
            (rate, width), along, score = place
            artists[0].set_data([rate], [width])
            artists[1].set_data([along], [span[0] if score is None else max(score, span[0])])

    def _show_pairs(self, span, pairs):
        rows = [(k, *pairs[name]) for k, name in enumerate(ROWS) if name in pairs]
        heights, promised, kept = np.array(rows).reshape(-1, 3).T
        promised, kept = np.maximum(promised, span[0]), np.maximum(kept, span[0])
        ends = [np.column_stack([scores, heights]) for scores in (kept, promised)]
        self.bars.set_segments(np.stack(ends, axis=1))
        self.promised.set_data(promised, heights)
        self.kept.set_data(kept, heights)
        parts = np.maximum(pairs.get("parts", []), span[0])
        self.parts.set_data(parts, np.full(len(parts), len(ROWS) - 1.0))


def _log_ticks(axis, places, texts):
    axis.set_ticks(places, texts)
    axis.set_minor_locator(NullLocator())


def _padded(span):
    pad = 0.06 * (span[1] - span[0])
    return span[0] - pad, span[1] + pad


def _ticks(span):
    """The places of three ticks, and their texts."""
    places = np.linspace(*span, 3)
    return places, [f"{'≤ ' if k == 0 else ''}{100 * place:.3g} %" for k, place in enumerate(places)]
