"""One network, its examples and those it never sees: its answers, its errors on both, and the learning curve."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, plot_axes, stepped_limit
from wbviz.scenes._grid import SIGNED_MAP, Numbers, cells, centres, rect, tints
from wbviz.scenes._plane import answer_map, bare_plane, class_marker

#: Classes of the sets that are shown as a confusion matrix, and its place in pixels from the upper left.
MATRICES = {10: (44, 70, 258, 258), 2: (94, 70, 200, 200), 3: (94, 70, 200, 200)}
PLANE = (16, 70, 286, 286)
#: The learning curve and the bars, in the same coordinates.
CURVE, BARS = (374, 196, 270, 206), (456, 58, 80, 48)
LEARNED, UNSEEN = {"color": style.GREEN, "marker": "o"}, {"color": style.PINK, "marker": "s"}
DASHES = ("dashed", "solid")
MANY = 120  # points are drawn smaller where there are more of them
SHARES = (0.5, 1.0)  # where the axis of the learning curve may end
COLUMNS = (592, 648)  # where the numbers of the table end
KEYS = (22, 108, 202)  # where the marks of the legend stand


class GeneraliseScene:
    """A decision map or a confusion matrix; shares of wrong answers before and after; error against examples."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_plane(figure)
        self.matrices = {k: _Matrix(figure, k, place) for k, place in MATRICES.items()}
        self._make_errors(figure)
        self._make_curve(figure)
        self.live = [
            self.map, *self.classes, self.wrong, *self.bars, *self.befores, self.numbers.artist, *self.bands,
            *self.lines, *self.marks, self.place, self.heading, self.state, self.gap, self.loss, self.curve_title,
            self.curve_hint, self.elsewhere.artist, *self.row_names,
            *(artist for matrix in self.matrices.values() for artist in matrix.live),
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, size=style.SMALL, **kwargs):
            return label(self.page, x, y, size=size, ha="left", **kwargs)

        self.heading = line(16, 18, style.TITLE, weight="bold")
        self.state = line(16, 38)
        self.answers = line(16, 59)
        self.legend = [line(x + 9, 371) for x in KEYS]
        self.elsewhere_title = line(16, 402)
        across, down = np.tile(16 + 76 * np.arange(4), 2), np.repeat([424, 443], 4)
        self.elsewhere = Numbers(self.page, across, down, ha="left")
        self.gap = line(324, 124, style.TEXT, weight="bold")
        self.loss = label(self.page, COLUMNS[-1], 124, size=style.SMALL, ha="right")
        self.curve_title, self.curve_hint = line(324, 158), line(324, 176)

    def _make_plane(self, figure):
        self.plane = bare_plane(figure, PLANE)
        self.map = answer_map(self.plane)
        cross = {"marker": "x", "color": style.MAP_INK, "markersize": 4, "markeredgewidth": 0.9, "linestyle": "none"}
        self.classes = [self.plane.plot([], [], **class_marker(k), zorder=3)[0] for k in (0, 1)]
        (self.wrong,) = self.plane.plot([], [], **cross, zorder=2)
        looks = [*(class_marker(k, markeredgecolor=style.PAPER) for k in (0, 1)), cross | {"color": style.INK}]
        self.keys = [self.page.plot([x], [371], **look)[0] for look, x in zip(looks, KEYS, strict=True)]

    def _make_errors(self, figure):
        label(self.page, 324, 48, "Wrong answers (line: before)", size=style.SMALL, ha="left")
        for x, text in zip(COLUMNS, ("now", "before"), strict=True):
            label(self.page, x, 48, text, size=style.SMALL, ha="right")
        axes = blank_axes(figure, rect(figure, *BARS), ylim=(1.5, -0.5))
        axes.plot([0, 0], [-0.5, 1.5], color=style.MUTED, linewidth=style.THIN)
        edge = {"edgecolor": style.INK, "linewidth": style.THIN}
        self.bars = [Rectangle((0, k - 0.3), 0, 0.6, facecolor=look["color"], **edge) for k, look in _kinds()]
        for bar in self.bars:
            axes.add_patch(bar)
        self.befores = [axes.plot([], [], color=style.INK, linewidth=style.LINE)[0] for _ in self.bars]
        rows = BARS[1] + BARS[3] * (0.25 + 0.5 * np.arange(2))
        for y, (_, look) in zip(rows, _kinds(), strict=True):
            self.page.plot([330], [y], **look, markersize=style.MARKER)
        self.row_names = [label(self.page, 340, y, size=style.SMALL, ha="left") for y in rows]
        self.numbers = Numbers(self.page, np.tile(COLUMNS, 2), np.repeat(rows, 2), ha="right")

    def _make_curve(self, figure):
        self.curve = plot_axes(figure, rect(figure, *CURVE), xlabel="examples learned from")
        self.curve.set_xscale("log")
        self.curve.xaxis.set_minor_locator(NullLocator())
        self.bands, self.lines, self.marks = [], [], []
        for k, look in _kinds():
            self.bands.append(PolyCollection([], facecolor=look["color"], alpha=0.22, linewidth=0, zorder=1))
            self.curve.add_collection(self.bands[-1], autolim=False)
            line = {"linewidth": style.LINE, "linestyle": DASHES[k], "markersize": 4.5}
            self.lines.append(self.curve.plot([], [], **look, **line, zorder=2)[0])
            mark = {"linestyle": "none", "markersize": style.MARKER + 3, "markeredgecolor": style.INK}
            self.marks.append(self.curve.plot([], [], **look, **mark, zorder=4, clip_on=False)[0])
        (self.place,) = self.curve.plot([], [], color=style.MUTED, linewidth=style.THIN, linestyle="dotted", zorder=0.9)
        self._frame = None

    def update(self, now, before, points, counts, curve, words):
        """Show a network.

        now, before: shares of wrong answers on the examples learned from and on the unseen ones. points: for a plane
        a dict of `map` (n, n), `limit`, `learned` and `unseen` (places that are answered wrongly), where learned is a
        pair, one array of places for each class; otherwise None. counts: confusion matrix (k, k) of the unseen ones.
        curve: `sizes` (numbers of examples on the axis), `at` (the present one), and `measured`: None, or the sizes
        measured and two lists of arrays of shares. words: the texts `heading`, `state`, `answers`, `legend` (3),
        `elsewhere_title`, `elsewhere` (8: names, then shares), `rows` (2), `numbers` (4: now and before, for the
        learned and the unseen), `gap`, `loss`, `curve`, `hint` and `classes` (k).
        """
        self._show_words(words)
        self._show_points(points)
        for k, matrix in self.matrices.items():
            matrix.show(counts if points is None and len(counts) == k else None, words["classes"])
        for bar, line, share, first in zip(self.bars, self.befores, now, before, strict=True):
            bar.set_width(share)
            line.set_data([first, first], np.array([-0.42, 0.42]) + self.bars.index(bar))
        self._show_curve(now, **curve)

    def _show_words(self, words):
        for name in ("heading", "state", "answers", "elsewhere_title", "gap", "loss"):
            getattr(self, name).set_text(words[name])
        for name, artists in (("legend", self.legend), ("rows", self.row_names)):
            for artist, text in zip(artists, words[name], strict=True):
                artist.set_text(text)
        self.curve_title.set_text(words["curve"])
        self.curve_hint.set_text(words["hint"])
        self.elsewhere.set_texts(words["elsewhere"])
        self.numbers.set_texts(words["numbers"])

    def _show_points(self, points):
        self.plane.set_visible(points is not None)
        for artist in self.keys:
            artist.set_visible(points is not None)
        if points is None:
            return
        if self.plane.get_xlim()[1] != points["limit"]:
            ends = (-points["limit"], points["limit"])
            self.map.set_extent((*ends, *ends))
            self.plane.set(xlim=ends, ylim=ends)
        self.map.set_data(points["map"])
        size = style.MARKER if sum(map(len, points["learned"])) <= MANY else 0.6 * style.MARKER
        for artist in self.classes:
            artist.set_markersize(size)
        for artist, places in zip((*self.classes, self.wrong), (*points["learned"], points["unseen"]), strict=True):
            artist.set_data(places[:, 0], places[:, 1])

    def _show_curve(self, now, sizes, at, measured):
        highest = max([*now, *(shares.max() for both in (measured or ())[1:] for shares in both)])
        self._frame_curve(tuple(sizes), stepped_limit(highest, SHARES))
        self.place.set_data([at, at], self.curve.get_ylim())
        for mark, share in zip(self.marks, now, strict=True):
            mark.set_data([at], [share])
        known, *both = measured or ([], [], [])
        for band, line, shares in zip(self.bands, self.lines, both, strict=True):
            line.set_data(known, [share.mean() for share in shares])
            low, high = [share.min() for share in shares], [share.max() for share in shares]
            edge = np.column_stack([[*known, *known[::-1]], [*low, *high[::-1]]])
            band.set_verts([edge] if len(known) > 1 else [])

    def _frame_curve(self, sizes, top):
        if self._frame == (sizes, top):
            return
        self._frame = (sizes, top)
        self.curve.set_xlim(sizes[0] / 1.15, sizes[-1] * 1.15)
        self.curve.set_xticks(sizes, [f"{size:,}" for size in sizes])
        self.curve.set_ylim(-0.03 * top, top)
        shares = np.linspace(0, top, 6)
        self.curve.set_yticks(shares, [f"{100 * share:.0f} %" for share in shares])


class _Matrix:
    """A confusion matrix of k classes: a row for each true class, a column for each answer."""

    def __init__(self, figure, k, place):
        self.axes, self.image = cells(figure, place, k, k, SIGNED_MAP, (-1.4, 1.4))
        for lines in (self.axes.hlines, self.axes.vlines):
            lines(range(k + 1), 0, k, color=style.FAINT, linewidth=style.THIN, clip_on=False, zorder=1.5)
        self.counts = Numbers(self.axes, *centres(k, k), color=style.MAP_INK)
        middles, cell = np.arange(k) + 0.5, k / place[3]  # a pixel is `cell` rows or columns
        self.rows = Numbers(self.axes, -8 * cell, middles, ha="right")
        self.columns = Numbers(self.axes, middles, k + 12 * cell)
        self.live = [self.image, self.counts.artist, self.rows.artist, self.columns.artist]

    def show(self, counts, names):
        """Show these counts, blue where right and vermillion where wrong; None hides the matrix."""
        self.axes.set_visible(counts is not None)
        if counts is None:
            return
        self.image.set_data(tints(counts))
        self.counts.set_texts(str(count) if count else "" for count in counts.ravel())
        self.rows.set_texts(names)
        self.columns.set_texts(names)


def _kinds():
    return enumerate((LEARNED, UNSEEN))
