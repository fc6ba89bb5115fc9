"""The way back: the network, what each unit and each parameter has to do with the loss, and the factors in hand."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._diagram import BOX, RADIUS, Diagrams
from wbviz.scenes._grid import Numbers, rect
from wbviz.scenes._product import Badges, Product

SIZE = (680, 580)  # CSS pixels
DIAGRAM = (-14, 20, 378, 322)  # left, top, width, height in pixels; its own margin reaches over the edge
MARGIN = 56  # of the diagram's columns
TARGET = 397  # where the middle of the targets is, in the diagram's coordinates
UNITS = (0, 346, 404, 98)
LIST = (408, 0, 272, 444)
WORDS = (0, 448, 680, 132)
ROW, TOP = 16, 44  # pixels from row to row of the list, and down to its first
UNIT_ROW, UNIT_TOP = 16, 25
MOST_PARAMS, MOST_UNITS, MOST_OUTPUTS = 17, 5, 2
UNIT_COLUMNS = (("unit", 8, "left"), ("z", 96, "right"), ("a", 168, "right"), ("f′(z)", 240, "right"),
                ("dL/da", 320, "right"), ("δ = dL/dz", 398, "right"))  # fmt: skip
COLUMNS = ((4, "left"), (124, "right"), (196, "right"), (207, "center"), (264, "right"))
FOOT = 330  # down to the first line under the list


class BackwardPassScene:
    """Shows a step of backpropagation. `names`: for each network it can show, the names of its units."""

    def __init__(self, figure, names):
        self.diagrams = Diagrams(figure, DIAGRAM, names, MARGIN)
        self.ways = {shape: self._make_way(diagram) for shape, diagram in self.diagrams.items()}
        self.over = blank_axes(figure, rect(figure, 0, DIAGRAM[1], LIST[0], DIAGRAM[3]))
        self.over.set(xlim=(-DIAGRAM[0], LIST[0] - DIAGRAM[0]), ylim=(0, DIAGRAM[3]))  # the diagram's coordinates
        self._make_targets()
        self.badges = Badges(self.over)
        self._make_units(figure)
        self._make_list(figure)
        self.words = blank_axes(figure, rect(figure, *WORDS), xlim=(0, WORDS[2]), ylim=(WORDS[3], 0))
        self.product = Product(self.words, 10, 69)
        self.heading = label(self.words, 12, 12, size=style.TITLE, ha="left")
        self.lines = [label(self.words, 12, y, ha="left") for y in (42, 67, 92)]
        self.sentence = label(self.words, 12, 124, size=style.SMALL, ha="left")
        self.live = [
            *self.diagrams.live, *self.ways.values(),
            self.boxes, self.errors, *self.targets, *self.target_names, self.loss, self.notice, *self.badges.live,
            self.unit_band, *(column.artist for column in self.unit_columns),
            self.band, *self.heads, *(column.artist for column in self.columns), *self.foot,
            self.heading, *self.lines, self.sentence, *self.product.live,
        ]  # fmt: skip

    # --- artists ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _make_way(diagram):
        """The weights on the way from the loss to the unit in hand: a wide green line behind each."""
        way = LineCollection([], colors=style.GREEN, alpha=0.35, capstyle="butt", zorder=0.8)
        diagram.axes.add_collection(way, autolim=False)
        return way

    def _make_targets(self):
        self.boxes = PolyCollection([], facecolor=style.PAPER, edgecolor=style.INK, linewidth=style.THIN, zorder=2)
        self.errors = LineCollection([], colors=style.PINK, linewidths=style.LINE, zorder=1)
        for artist in (self.boxes, self.errors):
            self.over.add_collection(artist, autolim=False)
        self.targets = [label(self.over, 0, 0, size=style.SMALL, zorder=3) for _ in range(MOST_OUTPUTS)]
        self.target_names = [label(self.over, 0, 0, zorder=3) for _ in range(MOST_OUTPUTS)]
        self.loss = label(self.over, LIST[0], DIAGRAM[3] + 4, ha="right", weight="bold")
        strong = {"size": style.SMALL, "color": style.VERMILLION, "weight": "bold"}
        self.notice = label(self.over, 26, DIAGRAM[3] + 4, ha="left", **strong)

    def _make_units(self, figure):
        self.units = blank_axes(figure, rect(figure, *UNITS), xlim=(0, UNITS[2]), ylim=(UNITS[3], 0))
        for text, x, side in UNIT_COLUMNS:
            label(self.units, x, 8, text, size=style.SMALL, color=style.MUTED, ha=side)
        self.unit_band = _band(self.units, UNITS[2], UNIT_ROW)
        heights = UNIT_TOP + UNIT_ROW * np.arange(MOST_UNITS) - 1
        self.unit_columns = [Numbers(self.units, x, heights, ha=side) for _, x, side in UNIT_COLUMNS]

    def _make_list(self, figure):
        self.list = blank_axes(figure, rect(figure, *LIST), xlim=(0, LIST[2]), ylim=(LIST[3], 0))
        faint = {"size": style.SMALL, "color": style.MUTED, "va": "bottom"}
        self.heads = [label(self.list, x, TOP - 9, ha=side, **faint) for x, side in COLUMNS]
        self.band = _band(self.list, LIST[2], ROW)
        heights = TOP + ROW * np.arange(MOST_PARAMS)
        self.columns = [Numbers(self.list, x, heights, ha=side) for x, side in COLUMNS]
        self.foot = [label(self.list, 4, FOOT + 17 * k + 6 * (k > 2), size=style.SMALL, ha="left") for k in range(6)]

    # --- what is shown ----------------------------------------------------------------------------------------------

    def update(self, shape, net, shown, tables, product, words):
        """Show a step.

        shape: a key of `names`; net: its network. shown: dict of `values` (texts of the units, layer by layer),
        `marked`, `dimmed` (places as the diagram names them), `way` (weights on the way back), `targets` (texts).
        tables: dict of `units` and `parameters`, each with `columns` of texts and the `row` in hand or None; the latter
        with `heads`. product: arguments of Product.update. words: dict of `loss`, `notice`, `heading`, `lines` (3),
        `sentence` and `foot` (6).
        """
        self.diagram, self.way = self.diagrams.show(shape), self.ways[shape]
        self.diagram.update(net, shown["values"], marked=shown["marked"], dimmed=shown["dimmed"])
        self._move_targets(shown["targets"])
        self._move_way(net, shown["way"])
        self.product.update(**product)
        cards = [card for path in product["paths"] for card in path] + list(product["own"] if product["paths"] else ())
        self.badges.update(cards, [self._source(card.place) for card in cards])
        self._write(self.unit_columns, tables["units"], self.unit_band, UNIT_TOP, UNIT_ROW)
        self._write(self.columns, tables["parameters"], self.band, TOP, ROW)
        texts = {
            self.loss: words["loss"], self.notice: words["notice"],
            self.heading: words["heading"], self.sentence: words["sentence"],
        }  # fmt: skip
        rows = ((self.lines, words["lines"]), (self.foot, words["foot"]), (self.heads, tables["parameters"]["heads"]))
        for artists, lines in rows:
            texts |= zip(artists, lines, strict=True)
        for artist, text in texts.items():
            change(artist, text=text)

    def _outputs(self):
        """The middles of the output units."""
        return [self.diagram.place(len(self.diagram.sizes) - 1, k) for k in range(self.diagram.sizes[-1])]

    def _move_targets(self, targets):
        places = self._outputs()
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [BOX[0] / 2 + 2, BOX[1] / 2 + 2]
        self.boxes.set_verts([corners + np.array([TARGET, y]) for _, y in places])
        self.errors.set_segments([[(x + RADIUS, y), (TARGET - BOX[0] / 2 - 2, y)] for x, y in places])
        for k, (text, name) in enumerate(zip(self.targets, self.target_names, strict=True)):
            shown = k < len(places)
            change(text, visible=shown)
            change(name, visible=shown)
            if shown:
                change(text, text=targets[k][1], position=(TARGET, float(places[k][1])))
                change(name, text=targets[k][0], position=(TARGET, float(places[k][1]) + 19))

    def _move_way(self, net, weights):
        change(self.way, segments=[tuple(map(tuple, self.diagram.ends(place))) for place in weights])
        sizes = [float(net.params[net.index(*place)]) for place in weights]
        change(self.way, linewidths=[style.signed_width(size) + 7 for size in sizes] or [0])

    def _source(self, place):
        """Where the badge of a factor stands: beside what the factor is read from."""
        kind, *where = place
        diagram = self.diagram
        if kind == "loss":
            x, y = self._outputs()[where[0]]
            return (x + RADIUS + TARGET - BOX[0] / 2 - 2) / 2, y
        if kind == "weight":
            (x, y), (start, end) = diagram.spot(("W", *where)), diagram.ends(("W", *where))
            return x, y + (15 if abs(start[1] - end[1]) > 1 else -15)  # below a level line: its unit's name is above
        if kind == "one":
            (x, low), (_, high) = diagram.ends(("b", *where))
            return x, (low + high) / 2
        layer = where[0] + 1 if kind == "slope" else where[0]
        x, y = diagram.place(layer, where[1])
        return x + 0.74 * RADIUS, y + 0.74 * RADIUS

    @staticmethod
    def _write(columns, table, band, top, row):
        for column, texts in zip(columns, table["columns"], strict=True):
            column.set_texts([*texts, *[""] * (len(column) - len(texts))])
        change(band, visible=table["row"] is not None)
        if table["row"] is not None:
            change(band, y=top + row * (table["row"] - 0.5))

    # --- where the pointer is ---------------------------------------------------------------------------------------

    def at(self, x, y):
        """What lies at a pixel of the figure, counted from its lower left: a place of the diagram, or None."""
        return self.diagrams.at(x, y)

    def row_at(self, x, y):
        """The index of the parameter whose row of the list lies at a pixel of the figure, or None."""
        if not self.list.bbox.contains(x, y):
            return None
        row = round((self.list.transData.inverted().transform((x, y))[1] - TOP) / ROW)
        return row if 0 <= row < len(self.diagram.lines) else None


def _band(axes, width, height):
    band = Rectangle((0, 0), width, height, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0.5, visible=False)
    axes.add_patch(band)
    return band
