"""A calculation as a graph and as a tape: values go down, gradients come back up, edge by edge."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import Numbers

SIZE = (680, 540)  # CSS pixels
GRAPH = (392, 432)  # width and height, in pixels from the upper left
LIST = (396, 284)  # left and width
ROWS, ROW, TOP = 21, 17, 36  # of the list: how many lines it shows, pixels from row to row, and down to the first
FEET = (405, 423)  # the two lines under the list
WORDS = 436  # down to the words under both
COLUMNS = ((16, "right"), (23, "left"), (160, "right"), (221, "right"), (282, "right"))
MIDDLE, COLUMN = 196, 104  # pixels: the middle of the graph, and from column to column
BOX, SMALL_BOX = np.array([78, 29]), np.array([38, 16])
TAG = np.array([36, 12])  # paper behind the number on an edge
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def _network_places():
    """The places of the lines of a 2-4-1 network: the two inputs, all weights and biases, the target, operations."""
    units = (np.arange(4) - 1.5) * 0.84
    pairs = np.add.outer((-0.21, 0.21), units)
    places = [(-0.9, 0), (0.9, 0), *((x, 1.15) for x in pairs.ravel()), *((x + 0.4, 3) for x in units)]
    places += [*((x + 0.4, 5) for x in units), (1.1, 9.1), (1.1, 10.1)]
    ends, sums = (units[0], *np.linspace(-0.65, 0.1, 3)), (None, 7.3, 8.2, 9.1)
    for unit, end, row in zip(units, ends, sums, strict=True):
        places += [(unit - 0.21, 2.15), (unit + 0.21, 2.15), (unit, 3.1), (unit, 4.05), (unit, 5), (unit, 6)]
        places += [(end, row)] if row else []
    return [*places, (0.1, 10.1), (0.1, 11.05), (0.1, 12)]


#: Where each line of a graph stands: (columns from the middle, rows from the top).
PLACES = {
    "one neuron": [
        (-0.5, 0), (1.4, 0), (-1.4, 0), (0.5, 0), (1.2, 2), (1.2, 4),
        (-0.95, 1), (0.95, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6),
    ],
    "one neuron, used twice": [
        (0, 0), (-1.45, 0.4), (1.45, 1.2), (1.3, 6),
        (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6), (0, 7), (0, 8),
    ],
    "two hidden units": [
        (0, 0), (-1.4, 0), (1.4, 0), (-1.4, 1), (1.4, 1), (-1.4, 3), (1.4, 3), (1.3, 5), (1.3, 6),
        (-0.5, 1), (-0.5, 2), (-0.5, 3), (0.5, 1), (0.5, 2), (0.5, 3), (-0.5, 4), (0.5, 4), (0, 5), (0, 6), (0, 7),
        (0, 8),
    ],
    "the 2-4-1 network": _network_places(),
}  # fmt: skip


class AutodiffTapeScene:
    """Shows a step over a calculation. graphs: name (of PLACES) → (symbol of each line, edges (line, its input))."""

    def __init__(self, figure, graphs):
        self.sheet = blank_axes(figure, [0, 0, 1, 1], xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
        self.graphs = {name: Graph(self.sheet, PLACES[name], *graph) for name, graph in graphs.items()}
        self.graph = next(iter(self.graphs.values()))
        note = "values go down, gradients (∇) come back up"
        label(self.sheet, 4, 9, note, size=style.SMALL, color=style.MUTED, ha="left")
        faint = {"size": style.SMALL, "color": style.MUTED}
        self.heads = [label(self.sheet, LIST[0] + x, TOP - 18, ha=side, **faint) for x, side in COLUMNS]
        self.band = PolyCollection([], facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0.5)
        self.sheet.add_collection(self.band, autolim=False)
        heights = TOP + ROW * np.arange(ROWS)
        self.columns = [Numbers(self.sheet, LIST[0] + x, heights, ha=side) for x, side in COLUMNS]
        self.foot = [label(self.sheet, LIST[0] + 4, y, size=style.SMALL, ha="left") for y in FEET]
        self.heading = label(self.sheet, 12, WORDS + 10, size=style.TITLE, ha="left")
        self.lines = [label(self.sheet, 12, WORDS + y, ha="left") for y in (35, 56)]
        self.sentence = label(self.sheet, 12, WORDS + 80, size=style.SMALL, ha="left")
        self.hint = label(self.sheet, 12, WORDS + 97, ha="left", **faint)
        self.live = [
            *(artist for graph in self.graphs.values() for artist in graph.live), self.band, *self.heads,
            *(column.artist for column in self.columns), *self.foot, self.heading, *self.lines, self.sentence,
            self.hint,
        ]  # fmt: skip

    def update(self, name, shown, table, words):
        """Show a step.

        shown: the arguments of Graph.update. table: dict of `heads` (5 texts), `rows` (five texts for each line in
        view, ROWS at most) and `marked` (rows in hand). words: dict of `heading`, `lines` (2), `sentence`,
        `foot` (2), `hint`.
        """
        self.graph = self.graphs[name]
        for other, graph in self.graphs.items():
            for artist in graph.live:
                change(artist, visible=other == name)
        self.graph.update(**shown)
        rows = [*table["rows"], *[("",) * len(COLUMNS)] * (ROWS - len(table["rows"]))]
        for column, texts in zip(self.columns, zip(*rows, strict=True), strict=True):
            column.set_texts(texts)
        centres = [(LIST[0] + LIST[1] / 2, TOP + ROW * row) for row in table["marked"]]
        change(self.band, verts=tuple(_box(centre, (LIST[1], ROW)) for centre in centres))
        texts = {self.heading: words["heading"], self.sentence: words["sentence"], self.hint: words["hint"]}
        rows = ((self.lines, words["lines"]), (self.foot, words["foot"]), (self.heads, table["heads"]))
        for artists, lines in rows:
            texts |= zip(artists, lines, strict=True)
        for artist, text in texts.items():
            change(artist, text=text)

    def at(self, x, y):
        """The line whose node lies at a pixel of the figure, counted from its lower left, or None."""
        return self.graph.at(x, SIZE[1] - y)

    def row_at(self, x, y):
        """The row of the list at a pixel of the figure, counted from its lower left, or None."""
        row = round((SIZE[1] - y - TOP) / ROW)
        return row if x >= LIST[0] and 0 <= row < ROWS else None


class Graph:
    """The graph of one calculation. A node shows its symbol, its value and below that its gradient.

    axes: with pixels as their coordinates, from the upper left. places: of the lines (see PLACES). symbols: of the
    lines. edges: pairs (line, which line it took). Of many lines only the symbols are shown.
    """

    def __init__(self, axes, places, symbols, edges):
        self.edges = edges
        self.small = len(places) > 30
        self.box, rows = (SMALL_BOX if self.small else BOX), max(row for _, row in places)
        top, bottom = self.box[1] / 2 + 20, GRAPH[1] - self.box[1] / 2 - 4
        self.places = np.array([(MIDDLE + COLUMN * x, top + (bottom - top) * row / rows) for x, row in places])
        self._ends = np.array([(self.places[to], self.places[line]) for line, to in edges])
        self.spots = np.array([self._spot(*ends) for ends in self._ends])
        self._make_artists(axes, symbols)

    def _spot(self, start, end):
        """Where the number of an edge stands: on a long edge, or beside one of which little is seen."""
        middle, (dx, dy) = (start + end) / 2, np.abs(end - start)
        if self.small and dy > 60:  # near its start, as other nodes stand on its way
            return start + (end - start) * 19 / dy
        hidden = min(self.box[0] / dx if dx else 1, self.box[1] / dy if dy else 1)
        if self.small or (1 - hidden) * np.hypot(dx, dy) < 32:
            out = np.sign(end[0] - MIDDLE) if abs(end[0] - MIDDLE) > 10 and not self.small else 0
            middle[0] += 22 * ((out or np.sign(start[0] - end[0])) if dx > 10 else (-out or -1))
            return middle
        return middle + (0.1 if dy > 55 else 0) * (start - end)

    def _make_artists(self, axes, symbols):
        verts = [_box(place, self.box) for place in self.places]
        self.glow = LineCollection([], colors=style.PINK, zorder=1, linewidths=9, capstyle="butt")
        self.wires = LineCollection(self._ends, zorder=2, capstyle="butt")
        self.tags = PolyCollection([], facecolor=style.PAPER, edgecolor="none", zorder=2.5)
        self.nodes = PolyCollection(verts, zorder=3)
        for artist in (self.glow, self.wires, self.tags, self.nodes):
            axes.add_collection(artist, autolim=False)
        self.slopes = Numbers(axes, *self.spots.T, color=style.MUTED)
        self.flows = Numbers(axes, *self.spots.T)
        signs = [symbol in ("+", "−", "·") for symbol in symbols]
        names = []
        for size, these in ((style.SMALL, [not sign for sign in signs]), (1.4 * style.TITLE, signs)):
            names.append(Numbers(axes, *(self.places[these] - [0 if self.small else 25, 0]).T, size=size))
            names[-1].set_texts(np.array(symbols)[these].tolist())
        self.values, self.gradients = (Numbers(axes, *np.add(self.places, [12, dy]).T) for dy in (-6.5, 6.5))
        numbers = (*names, self.slopes, self.flows, self.values, self.gradients)
        self.live = [self.glow, self.wires, self.tags, self.nodes, *(each.artist for each in numbers)]

    def update(self, values, gradients, slopes, flows, marked, lit):
        """Show what is known.

        values, gradients: a text for each line, "" where it is not known yet. slopes: for each edge a text. flows: for
        each edge what came back over it, (number, text), or None. marked: lines in hand. lit: edges in hand.
        """
        known = [bool(text) for text in values]
        change(self.nodes, facecolor=tuple(style.PANEL if on else style.PAPER for on in known))
        rims = [style.PINK if k in marked else style.INK if on else style.FAINT for k, on in enumerate(known)]
        change(self.nodes, edgecolor=tuple(rims))
        change(self.nodes, linewidth=tuple(style.BOLD if k in marked else style.THIN for k in range(len(known))))
        self._paint_wires([flow and flow[0] for flow in flows], [known[line] for line, _ in self.edges])
        change(self.glow, segments=tuple(tuple(map(tuple, self._ends[k].tolist())) for k in sorted(lit)))
        texts = [flow[1] if flow else "" for flow in flows]
        slopes = ["" if flow else slope for flow, slope in zip(texts, slopes, strict=True)]
        if self.small:
            texts, slopes = ([text if k in lit else "" for k, text in enumerate(each)] for each in (texts, slopes))
            values = gradients = [""] * len(values)
        written = [k for k, pair in enumerate(zip(texts, slopes, strict=True)) if any(pair)]
        change(self.tags, verts=tuple(_box(self.spots[k], TAG) for k in written))
        for numbers, each in zip(
            (self.values, self.gradients, self.slopes, self.flows), (values, gradients, slopes, texts), strict=True
        ):
            numbers.set_texts(each)

    def _paint_wires(self, amounts, known):
        back = [amount is not None for amount in amounts]
        amounts = [amount or 0.0 for amount in amounts]
        plain = [style.INK if on else style.FAINT for on in known]
        colours = [style.signed_colour(a) if on else p for a, on, p in zip(amounts, back, plain, strict=True)]
        change(self.wires, color=tuple(colours))
        change(self.wires, linestyle=tuple(style.signed_dash(amount) for amount in amounts))
        widths = [style.signed_width(a) if on else style.THIN for a, on in zip(amounts, back, strict=True)]
        change(self.wires, linewidth=tuple(widths))

    def at(self, x, y):
        """The line whose node lies at a place of the axes, or None."""
        inside = (np.abs(self.places - [x, y]) <= self.box / 2).all(axis=1)
        return int(np.argmax(inside)) if inside.any() else None


def _box(centre, size):
    """The corners of a box, as plain numbers."""
    return tuple(map(tuple, (_CORNERS * size + centre).tolist()))
