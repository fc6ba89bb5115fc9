"""Folds as blocks, each fold's score, and where the scores lie: folds, single splits, means, fresh data."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import rect

#: Pixels from the upper left: the blocks (left, top, width, height), and where the columns of numbers end.
BLOCKS, COLUMNS = (66, 76, 380, 188), (540, 630)
TALLEST = 34  # pixels that a row takes at most
STRIP = (112, 326, 306, 90)
MOST = 10
ROWS = (2, 1, 0)  # heights on the strip: these folds, single splits, means
LEARNED, HELD = style.GREEN, style.PINK


class CrossValidationScene:
    """Above one row for each fold, with the examples in the order of the folds; below the scores on one axis."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_blocks()
        self._make_strip(figure)
        self.live = [
            self.heading, self.state, *self.says, self.stripe, self.learned, self.held, self.wrong, *self.names,
            *self.values, self.caption, self.dots, self.bar, self.mean, self.fresh, self.chance, *self.heaps,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, **{"ha": "left"} | kwargs)

        self.heading = line(16, 18, style.TITLE, weight="bold")
        self.state = line(16, 40)
        for x, text in zip(COLUMNS, ("learned from", "held out"), strict=True):
            line(x, 62, text=text, ha="right")
        self.caption = line(16, 304)
        self.says = [line(444, 304, style.TEXT, weight="bold"), *(line(444, y) for y in range(326, 430, 19))]
        line(16, 449, text="Click a row, or press ↑ ↓.", color=style.MUTED)

    def _make_blocks(self):
        self.stripe = Rectangle((12, 0), 622, 1, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0)
        self.page.add_patch(self.stripe)
        self.learned = PolyCollection([], facecolors=LEARNED, linewidths=0, zorder=1)
        self.held = PolyCollection([], facecolors=HELD, edgecolors=style.INK, linewidths=style.THIN, zorder=2)
        self.wrong = LineCollection([], colors=style.INK, linewidths=1.6, zorder=3)
        for artist in (self.learned, self.held, self.wrong):
            self.page.add_collection(artist, autolim=False)
        self.names = [label(self.page, 16, 0, size=style.SMALL, ha="left") for _ in range(MOST)]
        self.values = [label(self.page, x, 0, size=style.SMALL, ha="right") for x in COLUMNS for _ in range(MOST)]
        for x, colour, text in ((66, LEARNED, "learned from"), (176, HELD, "held out, judged")):
            self.page.add_patch(Rectangle((x, 277), 14, 9, facecolor=colour, edgecolor=style.INK, linewidth=0.6))
            label(self.page, x + 20, 282, text, size=style.SMALL, ha="left")
        self.page.plot([313, 313], [276, 288], color=style.INK, linewidth=1.6)
        label(self.page, 320, 282, "wrong answer", size=style.SMALL, ha="left")

    def _make_strip(self, figure):
        self.strip = plot_axes(figure, rect(figure, *STRIP))
        self.strip.set(xlim=(-0.02, 1.02), ylim=(-0.2, 2.75))
        shares = np.linspace(0, 1, 6)
        self.strip.set_xticks(shares, [f"{100 * share:.0f} %" for share in shares])
        self.strip.set_yticks([height + 0.28 for height in ROWS], ["these folds", "single splits", "means"])
        self.strip.tick_params(axis="y", length=0)
        self.heaps = [LineCollection([], linewidths=2.4, colors=colour, zorder=2) for colour in (HELD, style.BLUE)]
        for heap in self.heaps:
            self.strip.add_collection(heap, autolim=False)
        mark = {"marker": "s", "markersize": 5, "linestyle": "none", "color": HELD, "markeredgecolor": style.INK}
        (self.dots,) = self.strip.plot([], [], **mark, markeredgewidth=0.6, zorder=3, clip_on=False)
        (self.bar,) = self.strip.plot([], [], color=style.BLUE, linewidth=style.LINE, zorder=2)
        diamond = {"marker": "D", "markersize": 7, "markeredgecolor": style.INK, "zorder": 4, "clip_on": False}
        (self.mean,) = self.strip.plot([], [], color=style.BLUE, linestyle="none", **diamond)
        (self.chance,) = self.strip.plot([], [], color=style.MUTED, linewidth=1.2, linestyle="dotted", zorder=1)
        (self.fresh,) = self.strip.plot(
            [], [], color=style.VERMILLION, linewidth=2.2, linestyle=(0, (5, 2)), zorder=2.5
        )

    def update(self, folds, right, scores, mean, chance, fresh, shuffled, fold, words):
        """Show a cross-validation.

        folds: the rows held out of each, a list of k arrays.  right: booleans (n,).  scores (k,), NaN before they are
        known.  mean: (mean, sd).  chance: a share.  fresh: a share, or None while it is hidden.  shuffled: pair of
        arrays, scores of single splits and means.  fold: the row in hand, from 0.  words: `heading`, `state`,
        `caption`, `names` (k), `values` (2, k), `says` (7).
        """
        for name in ("heading", "state", "caption"):
            change(getattr(self, name), text=words[name])
        for artist, text in zip(self.says, words["says"], strict=True):
            change(artist, text=text)
        self._show_blocks(folds, right, fold, words)
        self._show_scores(scores, mean, chance, fresh)
        for height, heap, values in zip(ROWS[1:], self.heaps, shuffled, strict=True):
            heap.set_segments(_heap(np.asarray(values), height))

    def _show_blocks(self, folds, right, fold, words):
        left, top, width, height = BLOCKS
        k, n = len(folds), len(right)
        self.step = min(TALLEST, height / k)
        ends = np.cumsum([0, *map(len, folds)]) * width / n + left
        middles = top + self.step * (np.arange(k) + 0.5)
        thin, thick = 0.25 * self.step, 0.4 * self.step
        self.learned.set_verts([_box(left, left + width, y - thin, y + thin) for y in middles])
        self.held.set_verts([_box(*ends[i : i + 2], y - thick, y + thick) for i, y in enumerate(middles)])
        cell, marks = width / n, []
        for held, start, y in zip(folds, ends, middles, strict=False):
            wrong = start + cell * (np.flatnonzero(~right[held]) + 0.5)
            marks += [[(x, y - thick), (x, y + thick)] for x in wrong]
        self.wrong.set_segments(marks)
        change(self.stripe, bounds=(12, middles[fold] - self.step / 2, 622, self.step))
        for i in range(MOST):
            y = float(middles[i]) if i < k else -20.0
            change(self.names[i], position=(16, y), text=words["names"][i] if i < k else "")
            for column, x in enumerate(COLUMNS):
                text = words["values"][column][i] if i < k else ""
                change(self.values[column * MOST + i], position=(x, y), text=text)

    def _show_scores(self, scores, mean, chance, fresh):
        scores = scores[np.isfinite(scores)]
        order = np.sort(scores)
        again = np.arange(len(order)) - np.searchsorted(order, order)  # how many of the same come before it
        self.dots.set_data(order, ROWS[0] + 0.06 + 0.52 * again / max(again.max(initial=0), 3))
        known = np.isfinite(mean[0])
        self.mean.set_data([mean[0]] if known else [], [ROWS[0] - 0.12] if known else [])
        self.bar.set_data(
            [mean[0] - mean[1], mean[0] + mean[1]] if known else [], [ROWS[0] - 0.12] * 2 if known else []
        )
        self.chance.set_data([chance, chance], [-0.2, 2.75])
        self.fresh.set_data([fresh, fresh] if fresh is not None else [], [-0.2, 2.75] if fresh is not None else [])

    def row_at(self, pixel, height):
        """The row of blocks at a place in figure pixels, or None. height: of the figure."""
        row = (height - pixel[1] - BLOCKS[1]) / self.step
        return int(row) if row >= 0 else None


def _box(left, right, low, high):
    return [(left, low), (right, low), (right, high), (left, high)]


def _heap(values, height):
    """An upright line at each value (to a hundredth), the longest 0.7 long: how often it occurs."""
    if not len(values):
        return []
    places, counts = np.unique(np.round(values, 2), return_counts=True)
    return [
        [(x, height - 0.1), (x, height - 0.1 + 0.7 * c / counts.max())] for x, c in zip(places, counts, strict=True)
    ]
