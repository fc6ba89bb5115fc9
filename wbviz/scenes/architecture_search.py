"""A search for an architecture: its trials in order, what each setting matters, the network found with its weights."""

import itertools

import numpy as np
from matplotlib.collections import LineCollection

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Bars, Numbers, rect, row_axes

#: Places in pixels from the upper left.
BOARD, BARS, NET = (60, 66, 318, 184), (112, 330, 200, 84), (404, 122, 244, 160)
RIGHT, TABLE = 404, 328  # where the right column begins; the height of the table's head
COLUMNS = (496, 560, 607, 652)  # where the columns of the table end
#: The ways to search: colour, dash.
LOOKS = {
    "TPE": (style.INK, "solid"),
    "random": (style.GREEN, (0, (5, 1.5))),
    "by hand": (style.PINK, (0, (4, 1.5, 1, 1.5))),
}
NAMES = ("depth", "width", "activation", "optimizer", "lr")
STRONGEST = 90  # so many weights are drawn
NOTHING = np.empty((0, 2))


class ArchitectureSearchScene:
    """Above the trials and a network; below the bars of the settings and the table of the ways to search."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.heading = self._line(16, 18, size=style.TITLE, weight="bold")
        self.state = self._line(16, 39)
        self._make_board(figure)
        self._make_bars(figure)
        self._make_network(figure)
        self._make_table()
        self._frame = None
        self.live = [
            self.heading, self.state, *self.curves, self.ended, self.stopped, self.failed, self.star, self.ring,
            self.bars_title, *self.bars.live, self.title, *self.says, self.edges, self.dashes, self.plus, self.minus,
            self.inputs, self.caption, self.next, self.table.artist, self.note,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_board(self, figure):
        self._line(16, 57, "↑ right on rows held out   → epochs spent")
        self.board = plot_axes(figure, rect(figure, *BOARD))
        step = {"linewidth": style.LINE, "drawstyle": "steps-post", "marker": "o", "markersize": 3.6, "clip_on": False}
        self.curves = [
            self.board.plot([], [], color=colour, linestyle=dash, markevery=slice(-1, None), **step)[0]
            for colour, dash in LOOKS.values()
        ]
        mark = {"linestyle": "none", "clip_on": False, "zorder": 3}
        edge = {"markeredgecolor": style.INK, "markeredgewidth": style.THIN}
        looks = {
            "ended": {"marker": "o", "markersize": 5, "color": style.BLUE} | edge,
            "stopped": {"marker": "v", "markersize": 5.5, "markerfacecolor": style.PAPER} | edge,
            "failed": {"marker": "x", "markersize": 6, "color": style.VERMILLION},
            "star": {"marker": "*", "markersize": 13, "color": style.PAPER, "markeredgecolor": style.INK, "zorder": 4},
            "ring": {"marker": "o", "markersize": 15, "markerfacecolor": "none", "markeredgecolor": style.INK,
                     "markeredgewidth": 1.6, "zorder": 5},
        }  # fmt: skip
        for name, look in looks.items():
            setattr(self, name, self.board.plot([], [], **mark | look)[0])
        words = ("to its end", "given up", "diverged", "best", "told about")
        for x, name, word in zip((22, 102, 178, 256, 312), looks, words, strict=True):
            look = mark | looks[name] | {"markersize": min(11, looks[name]["markersize"])}
            self.page.plot([x], [288], **look)
            self._line(x + 10, 288, word)

    def _make_bars(self, figure):
        self.bars_title = self._line(16, 315)
        axes = row_axes(figure, BARS, len(NAMES))
        self.bars = Bars(axes, len(NAMES), one_sided=True, least=1.0)
        heights = BARS[1] + BARS[3] * (np.arange(len(NAMES)) + 0.5) / len(NAMES)
        for name, y in zip(
            ("layers", "units a layer", "activation", "optimiser", "learning rate"), heights, strict=True
        ):
            self._line(BARS[0] - 8, y, name, ha="right")

    def _make_network(self, figure):
        self.title = self._line(RIGHT, 57, size=style.TEXT, weight="bold")
        self.says = [self._line(RIGHT, y) for y in (76, 93, 110)]
        self.net = blank_axes(figure, rect(figure, *NET), xlim=(0, NET[2]), ylim=(NET[3], 0))
        self.edges = LineCollection([], colors=style.POSITIVE, zorder=1)
        self.dashes = LineCollection([], colors=style.NEGATIVE, linestyles=[style.NEGATIVE_DASH], zorder=1.1)
        for lines in (self.edges, self.dashes):
            self.net.add_collection(lines, autolim=False)
        dot = {"linewidths": 1.2, "zorder": 3, "clip_on": False}
        self.plus = self.net.scatter([], [], s=30, color=style.POSITIVE, edgecolors=style.POSITIVE, **dot)
        self.minus = self.net.scatter([], [], s=30, color=style.PAPER, edgecolors=style.NEGATIVE, **dot)
        self.inputs = self.net.scatter([], [], s=9, color=style.MUTED, marker="s", zorder=3, clip_on=False)
        self.caption = self._line(RIGHT, 294)

    def _make_table(self):
        heads = ("trials", "promised", "kept", "gap")
        self._line(RIGHT, TABLE, "best of")
        for x, head in zip(COLUMNS, heads, strict=True):
            self._line(x, TABLE, head, ha="right")
        rows = TABLE + 20 * (1 + np.arange(len(LOOKS)))
        for (name, (colour, dash)), y in zip(LOOKS.items(), rows, strict=True):
            self.page.plot([RIGHT, RIGHT + 20], [y, y], color=colour, linestyle=dash, linewidth=style.LINE)
            self._line(RIGHT + 25, y, name)
        self.table = Numbers(self.page, np.tile(COLUMNS, len(LOOKS)), np.repeat(rows, len(COLUMNS)), ha="right")
        self._line(RIGHT, 411, "your next try:")
        self.next, self.note = self._line(RIGHT, 427), self._line(16, 448)

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, frame, curves, trials, best, told, weights, network, words):
        """Show a search.

        frame: (epochs of the budget, lowest score shown).  curves: way → (spent (k,), best scores (k,)).
        trials: dict of `spent` (m,), `scores` (m,), `stopped` and `failed` (m booleans) of the way shown.
        best, told: None, or (spent, score).  weights: None, or the share of each setting (5,).
        network: None, or (sizes, list of W (n_in, n_out), list of b (n_out,)).
        words: `heading`, `state`, `title`, `says` (3), `caption`, `bars`, `shares` (5), `table` (12), `next`, `note`.
        """
        self._show_words(words)
        self._show_frame(*frame)
        for line, name in zip(self.curves, LOOKS, strict=True):
            spent, scores = curves.get(name, ((), ()))
            line.set_data(spent, np.maximum(scores, frame[1]))
        self._show_trials(frame[1], **trials)
        for artist, place in ((self.star, best), (self.ring, told)):
            artist.set_data(*(((), ()) if place is None else ([place[0]], [max(place[1], frame[1])])))
        self.bars.update([0.0] * len(NAMES) if weights is None else weights, words["shares"], limit=1.0)
        self._show_network(network)

    def _show_words(self, words):
        for name in ("heading", "state", "title", "caption", "next", "note"):
            change(getattr(self, name), text=words[name])
        change(self.bars_title, text=words["bars"])
        for artist, text in zip(self.says, words["says"], strict=True):
            change(artist, text=text)
        self.table.set_texts(words["table"])

    def _show_frame(self, budget, low):
        if self._frame == (budget, low):
            return
        self._frame = (budget, low)
        self.board.set_xlim(0, budget)
        self.board.set_xticks([0, budget / 2, budget], ["0", f"{budget / 2:,.0f}", f"{budget:,}"])
        self.board.set_ylim(low - 0.03 * (1 - low), 1 + 0.03 * (1 - low))
        places = np.linspace(low, 1, 4)
        texts = [f"{100 * place:.0f} %" for place in places]
        self.board.set_yticks(places, [f"≤{texts[0]}" if low else texts[0], *texts[1:]])

    def _show_trials(self, low, spent, scores, stopped, failed):
        heights = np.maximum(scores, low)
        for artist, which in (
            (self.ended, ~stopped & ~failed),
            (self.stopped, stopped & ~failed),
            (self.failed, failed),
        ):
            artist.set_data(spent[which], heights[which])

    def _show_network(self, network):
        if network is None:
            for artist in (self.edges, self.dashes):
                artist.set_segments([])
            for artist in (self.plus, self.minus, self.inputs):
                artist.set_offsets(NOTHING)
            return
        sizes, weights, biases = network
        places = unit_places(sizes)
        ends = [np.stack(np.broadcast_arrays(a[:, None], b[None]), 2).reshape(-1, 2, 2)
                for a, b in itertools.pairwise(places)]  # fmt: skip
        ends, values = np.concatenate(ends), np.concatenate([w.ravel() for w in weights])
        strongest = np.argsort(-np.abs(values), kind="stable")[:STRONGEST]
        for artist, which in ((self.edges, values >= 0), (self.dashes, values < 0)):
            chosen = strongest[which[strongest]]
            artist.set_segments(list(ends[chosen]))
            artist.set_linewidths([style.signed_width(value, 1.0) for value in values[chosen]] or [0])
        units, biases = np.concatenate(places[1:]), np.concatenate(biases)
        for artist, which in ((self.plus, biases >= 0), (self.minus, biases < 0)):
            artist.set_offsets(units[which])
            artist.set_sizes(14 + 40 * np.minimum(np.abs(biases[which]), 3) / 3)
        self.inputs.set_offsets(places[0])


def unit_places(sizes):
    """The places of all units, layer by layer, in the pixels of the network's axes."""
    width, height = NET[2], NET[3]
    columns = np.linspace(8, width - 12, len(sizes))
    return [
        np.column_stack(
            [np.full(n, x), height / 2 + min(24, (height - 16) / max(n - 1, 1)) * (np.arange(n) - (n - 1) / 2)]
        )
        for x, n in zip(columns, sizes, strict=True)
    ]
