"""One network and what is to be known of it: losses, gradients by layer, groups, its score, and six checks."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, Numbers, rect

#: Places in pixels from the upper left.
LOSSES, GRADIENTS = (52, 108, 262, 102), (404, 108, 238, 102)
GROUPS, SCORES = (112, 278, 110, 104), (448, 278, 122, 104)
RIGHT = 356  # where the right column begins
MOST_GROUPS = 7
FAINT = 1e-5  # a share of the strongest gradient that is no more told from less
RANKS = ("baseline", "learned from", "held out", "test set")
CHECKS = ("1 baseline", "2 validated", "3 not overfit", "4 gradients", "5 tracked", "6 audited")
LEARNED, HELD = style.GREEN, style.PINK


class CapstoneScene:
    """Above losses and gradients, below groups and scores, at the foot the six checks.

    limit: the least share of the strongest gradient that a layer may have.
    """

    def __init__(self, figure, limit):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.heading = self._line(16, 18, size=style.TITLE, weight="bold")
        self.lines = [self._line(16, y) for y in (37, 52, 67)]
        self._make_losses(figure)
        self._make_gradients(figure, limit)
        self._make_groups(figure)
        self._make_scores(figure)
        self._make_checks(width)
        self._frames = {}
        self.live = [
            self.heading, *self.lines, *self.titles, *self.curves, self.ring, self.kept, self.spans, self.middles,
            self.silent.artist, self.group_bars, self.group_dots, self.group_names.artist, self.group_numbers.artist,
            self.gap, self.score_bars, *self.score_dots, self.other_runs, self.score_numbers.artist, *self.marks,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_losses(self, figure):
        self.titles = [self._line(16, 90, size=style.TEXT), self._line(RIGHT, 90, size=style.TEXT)]
        self.losses = plot_axes(figure, rect(figure, *LOSSES))
        looks = ((LEARNED, (0, (5, 1.5)), "learned from"), (HELD, "solid", "held out"))
        self.curves = []
        for k, (colour, dash, name) in enumerate(looks):
            look = {"color": colour, "linestyle": dash, "linewidth": style.LINE}
            self.curves += self.losses.plot([], [], **look, zorder=3 - k)
            self.page.plot([56 + 118 * k, 76 + 118 * k], [241, 241], **look)
            self._line(81 + 118 * k, 241, name)
        ring = {"marker": "o", "markersize": 8, "markerfacecolor": "none", "markeredgecolor": style.INK}
        (self.ring,) = self.losses.plot([], [], linestyle="none", **ring, zorder=4, clip_on=False)
        self.page.plot([286], [241], linestyle="none", **ring)
        self._line(295, 241, "lowest")
        (self.kept,) = self.losses.plot([], [], color=style.INK, linewidth=1.2, linestyle="dotted", zorder=1)

    def _make_gradients(self, figure, limit):
        self.gradients = axes = plot_axes(figure, rect(figure, *GRADIENTS))
        axes.set_yscale("log")
        axes.set(xlim=(0.4, 3.6), ylim=(FAINT / 1.5, 1.6))
        axes.set_yticks([1e-4, 1e-2, 1], ["0.01 %", "1 %", "100 %"])
        axes.yaxis.set_minor_locator(NullLocator())
        axes.axhline(limit, color=style.VERMILLION, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
        axes.text(
            0.995, limit * 0.8, "limit", fontsize=style.SMALL, color=style.INK, ha="right", va="top",
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip
        self.spans = LineCollection([], colors=style.BLUE, linewidths=style.LINE, zorder=2)
        axes.add_collection(self.spans, autolim=False)
        (self.middles,) = axes.plot([], [], "o", color=style.BLUE, markersize=6, zorder=3, clip_on=False)
        self.silent = Numbers(self.page, [RIGHT], [243], ha="left")

    def _make_groups(self, figure):
        self.titles += [self._line(16, 262, size=style.TEXT), self._line(RIGHT, 262, size=style.TEXT)]
        self.groups = plot_axes(figure, rect(figure, *GROUPS))
        self.groups.set(ylim=(MOST_GROUPS - 0.5, -0.5))
        self.groups.set_yticks([])
        self.groups.spines["left"].set_visible(False)
        rows = GROUPS[1] + GROUPS[3] * (np.arange(MOST_GROUPS) + 0.5) / MOST_GROUPS
        self.gap = self._line(GROUPS[0] + GROUPS[2] + 30, GROUPS[1] + GROUPS[3] + 14)
        self.group_names = Numbers(self.page, GROUPS[0] - 8, rows, ha="right")
        self.group_numbers = Numbers(self.page, GROUPS[0] + GROUPS[2] + 10, rows, ha="left")
        self.group_bars = LineCollection([], colors=style.BLUE, linewidths=style.LINE, zorder=2)
        self.groups.add_collection(self.group_bars, autolim=False)
        (self.group_dots,) = self.groups.plot([], [], "o", color=style.BLUE, markersize=5.5, zorder=3)

    def _make_scores(self, figure):
        self.scores = plot_axes(figure, rect(figure, *SCORES))
        self.scores.set(ylim=(len(RANKS) - 0.5, -0.5))
        self.scores.set_yticks([])
        self.scores.spines["left"].set_visible(False)
        rows = SCORES[1] + SCORES[3] * (np.arange(len(RANKS)) + 0.5) / len(RANKS)
        for name, y in zip(RANKS, rows, strict=True):
            self._line(RIGHT, y, name)
        self.score_numbers = Numbers(self.page, SCORES[0] + SCORES[2] + 8, rows, ha="left")
        self.score_bars = LineCollection([], colors=style.INK, linewidths=style.LINE, zorder=2)
        self.scores.add_collection(self.score_bars, autolim=False)
        looks = (("D", style.MUTED), ("^", LEARNED), ("o", HELD), ("s", style.BLUE))
        edge = {"linestyle": "none", "markeredgecolor": style.INK, "markeredgewidth": style.THIN, "zorder": 3}
        self.score_dots = [
            self.scores.plot([], [], mark, color=colour, markersize=7, clip_on=False, **edge)[0]
            for mark, colour in looks
        ]
        tick = {"color": style.MUTED, "markersize": 9, "linestyle": "none", "zorder": 1}
        (self.other_runs,) = self.scores.plot([], [], "|", **tick)

    def _make_checks(self, width):
        self.page.add_patch(Rectangle((8, 412), width - 16, 42, facecolor=style.PANEL, edgecolor=style.FAINT))
        places = 18 + (width - 28) / 6 * np.arange(6)
        for name, x in zip(CHECKS, places, strict=True):
            self._line(x, 424, name)
        self.marks = [self._line(x, 442, weight="bold") for x in places]

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, words, losses, shares, groups, scores):
        """Show a network.

        words: `heading`, `lines` (3), `titles` (4), `silent`, `gap`, `marks` (6).
        losses: dict of `epochs` (planned), `learned`, `held` (arrays by epoch).
        shares: (lowest, median, highest) of each layer, (layers,) arrays, as shares of the strongest; `layers` of them.
        groups: dict of `span`, `ticks` (places, texts), `names`, `texts`, `values`, `low`, `high`; NaN where unknown.
        scores: dict of `span`, `ticks`, `values`, `low`, `high` (4), `texts` (4), `others`: scores of other runs.
        """
        change(self.heading, text=words["heading"])
        for artists, name in ((self.lines, "lines"), (self.titles, "titles"), (self.marks, "marks")):
            for artist, text in zip(artists, words[name], strict=True):
                change(artist, text=text)
        self.silent.set_texts([words["silent"]])
        change(self.gap, text=words["gap"])
        self._show_losses(**losses)
        self._show_shares(shares)
        self._show_groups(**groups)
        self._show_scores(**scores)

    def _framed(self, name, key, frame):
        """Set the frame of a plot, and only where it is another than before."""
        if self._frames.get(name) != key:
            self._frames[name] = key
            frame()

    def _show_losses(self, epochs, learned, held):
        every = np.concatenate([learned, held])
        first = max((values[0] for values in (learned, held) if len(values)), default=1.0)
        top = stepped_limit(min(every.max(), 3 * first) * 1.05, LIMITS) if len(every) else 1.0
        self._framed("losses", (epochs, top), lambda: self._frame_losses(epochs, top))
        for curve, values in zip(self.curves, (learned, held), strict=True):
            curve.set_data(np.arange(1, len(values) + 1), values)
        at = int(held.argmin()) if len(held) else None
        self.ring.set_data([] if at is None else [at + 1], [] if at is None else [min(held[at], top)])
        self.kept.set_data([len(learned)] * 2 if len(learned) else [], [0, top] if len(learned) else [])

    def _frame_losses(self, epochs, top):
        self.losses.set(xlim=(0, epochs * 1.02), ylim=(0, top))
        self.losses.set_xticks([0, epochs], ["0", f"epoch {epochs}"])
        self.losses.set_yticks([0, top], ["0", f"{top:g}"])

    def _show_shares(self, shares):
        low, middle, high = (np.clip(part, FAINT, 1) for part in shares)
        layers = np.arange(1, len(middle) + 1)
        self._framed("gradients", len(middle), lambda: self._frame_shares(layers))
        known = np.isfinite(middle)
        ends = np.stack([np.column_stack([layers, low]), np.column_stack([layers, high])], axis=1)
        self.spans.set_segments(ends[known])
        self.middles.set_data(layers[known], middle[known])

    def _frame_shares(self, layers):
        self.gradients.set_xlim(0.4, len(layers) + 0.6)
        self.gradients.set_xticks(layers, [f"layer {k}" if len(layers) < 5 else str(k) for k in layers])

    def _show_groups(self, span, ticks, names, texts, values, low, high):
        self._framed("groups", (span, ticks), lambda: _frame(self.groups, span, ticks))
        slots = np.arange(1, 2 * len(names), 2) if len(names) < 4 else np.arange(len(names))
        for numbers, own in ((self.group_names, names), (self.group_numbers, texts)):
            written = dict(zip(slots.tolist(), own, strict=True))
            numbers.set_texts(written.get(slot, "") for slot in range(MOST_GROUPS))
        values, known = _bars(self.group_bars, slots, values, low, high, span)
        self.group_dots.set_data(values[known], slots[known])

    def _show_scores(self, span, ticks, values, low, high, texts, others):
        self._framed("scores", (span, ticks), lambda: _frame(self.scores, span, ticks))
        self.score_numbers.set_texts(texts)
        values, known = _bars(self.score_bars, np.arange(len(values)), values, low, high, span)
        for k, dot in enumerate(self.score_dots):
            dot.set_data([values[k]] if known[k] else [], [k] if known[k] else [])
        self.other_runs.set_data(np.clip(others, *span), np.full(len(others), 2.0))


def _frame(axes, span, ticks):
    pad = 0.03 * (span[1] - span[0])
    axes.set_xlim(span[0] - pad, span[1] + pad)
    axes.set_xticks(*ticks)


def _bars(bars, rows, values, low, high, span):
    """An interval in each row where there is one → (values, which are known); beyond the axis means at its edge."""
    values, low, high = (np.clip(np.asarray(part, float), *span) for part in (values, low, high))
    ends = np.stack([np.column_stack([low, rows]), np.column_stack([high, rows])], axis=1)
    bars.set_segments(ends[np.isfinite(values + low + high)])
    return values, np.isfinite(values)
