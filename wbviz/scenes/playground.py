"""The playground: network, output, run, and the sum of the unit in hand, written out."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import SIGNED_MAP, Numbers, cells, centres, tints
from wbviz.scenes._playground_charts import OutputMap, RunChart
from wbviz.scenes._playground_network import NetworkPicture

TERMS = 9  # at most 8 inputs and the bias
SUM_LEFT, SUM_STEP, SUM_ROWS = 100, 62, (536, 555, 574, 593)
TABLE_ROWS, TABLE_COLUMNS = (520, 538, 556, 574, 592), (788, 862)
MATRIX = (910, 536, 40, 46)


class PlaygroundScene:
    """Draws what `update` is told; the scene holds no numbers of its own. Coordinates are pixels, y upwards."""

    def __init__(self, figure, feature_names):
        width, self.height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(0, self.height))
        self.page.set_autoscale_on(False)
        self.network = NetworkPicture(self.page, feature_names, self.height)
        self.map = OutputMap(figure, self.page, self.height)
        self.chart = RunChart(figure, self.page, self.height)
        self._make_words()
        self._make_sum()
        self._make_table(figure)

    @property
    def live(self):
        """The artists that move. A network of another shape brings new ones."""
        return [
            *self.network.live, *self.map.live, *self.chart.live, self.heading, *self.lines, self.epoch, self.hint,
            self.sum_title, self.column, self.sum.artist, self.table.artist, self.counts_image, self.counts.artist,
            *self.counts_names, *self.table_names,
        ]  # fmt: skip

    def _line(self, x, y, size=style.SMALL, **kwargs):
        return label(self.page, x, self.height - y, size=size, ha="left", **kwargs)

    def _make_words(self):
        self.heading = self._line(16, 16, style.TITLE, weight="bold")
        self.lines = [self._line(16, y) for y in (34, 49, 64)]
        self.epoch = self._line(684, 16, style.TITLE, weight="bold")
        self.hint = self._line(16, 616, color=style.MUTED)

    def _make_sum(self):
        self.sum_title = self._line(16, 512, style.TEXT)
        self.column = Rectangle((0, 0), SUM_STEP - 4, 80, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0.5)
        self.page.add_patch(self.column)
        for y, text in zip(SUM_ROWS, ("from", "weight", "× value", "= part"), strict=True):
            self._line(16, y, text=text)
        across = np.tile(SUM_LEFT + SUM_STEP * np.arange(TERMS), len(SUM_ROWS))
        down = self.height - np.repeat(SUM_ROWS, TERMS)
        self.sum = Numbers(self.page, across, down)

    def _make_table(self, figure):
        names = np.repeat(684, len(TABLE_ROWS))
        columns = [np.repeat(x, len(TABLE_ROWS)) for x in TABLE_COLUMNS]
        across, down = np.concatenate(columns), np.tile(TABLE_ROWS, 2)
        self.table_names = [self._line(x, y) for x, y in zip(names, TABLE_ROWS, strict=True)]
        self.table = Numbers(self.page, across, self.height - down, ha="right")
        axes, self.counts_image = cells(figure, MATRIX, 2, 2, SIGNED_MAP, (-1.4, 1.4))
        self.counts = Numbers(axes, *centres(2, 2), color=style.MAP_INK)
        left, top = MATRIX[:2]
        width, tall = MATRIX[2:]
        spots = [(left - 8, top + share * tall) for share in (0.25, 0.75)]
        spots += [(left + share * width, top - 8) for share in (0.25, 0.75)]
        spots += [(left - 22, top + tall / 2), (left + width / 2, top + tall + 10)]
        self.counts_names = [label(self.page, x, self.height - y, size=style.SMALL) for x, y in spots]
        self.counts_names[4].set_rotation(90)

    def update(self, network, output, run, words):
        """Show everything; returns True where artists were replaced, so that they must be made live.

        network, output, run: keyword arguments of NetworkPicture.update, OutputMap.update, RunChart.update.
        words: `heading`, `lines` (3), `epoch`, `hint`, `sum_title`, `sum` (a list of up to 9 terms, each 4 texts),
        `column` (the index of the term in hand), `table` (rows of 3 texts: name, training, held out), `counts` (2 × 2
        or None).
        """
        anew = self.network.update(**network)
        self.map.update(**output)
        self.chart.update(**run)
        for name in ("heading", "epoch", "hint", "sum_title"):
            change(getattr(self, name), text=words[name])
        for artist, text in zip(self.lines, words["lines"], strict=True):
            change(artist, text=text)
        self._show_sum(words["sum"], words["column"])
        self._show_table(words["table"], words["counts"])
        return anew

    def _show_sum(self, terms, column):
        terms = [*terms, *[("",) * len(SUM_ROWS)] * (TERMS - len(terms))]
        self.sum.set_texts(term[row] for row in range(len(SUM_ROWS)) for term in terms)
        left = SUM_LEFT + SUM_STEP * (column - 0.5) + 2
        change(self.column, xy=(left, self.height - SUM_ROWS[-1] - 11))

    def _show_table(self, rows, counts):
        rows = [*rows, *[("", "", "")] * (len(TABLE_ROWS) - len(rows))]
        for artist, (name, *_) in zip(self.table_names, rows, strict=True):
            change(artist, text=name)
        self.table.set_texts([row[k] for k in (1, 2) for row in rows])
        change(self.counts_image, visible=counts is not None)
        texts = ("0", "1", "0", "1", "truth", "answer") if counts is not None else ("",) * 6
        for artist, text in zip(self.counts_names, texts, strict=True):
            change(artist, text=text)
        self.counts.set_texts([str(n) for n in np.ravel(counts)] if counts is not None else [""] * 4)
        if counts is not None:
            self.counts_image.set_data(tints(np.asarray(counts)))
