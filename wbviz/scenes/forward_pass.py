"""The forward pass, one product at a time: the diagram, the sum of the neuron in hand, and its activation."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit, zero_lines
from wbviz.scenes._diagram import BOX, Diagrams
from wbviz.scenes._grid import Numbers, rect

SIZE = (680, 470)  # CSS pixels
DIAGRAM = (0, 20, 436, 326)  # left, top, width, height in pixels
MARGIN = 48  # of the diagram's columns
COLUMNS = (("", 4, "left"), ("weight · input", 126, "right"), ("product", 180, "right"), ("sum", 234, "right"))


class ForwardPassScene:
    """Shows a step of the way forward. `names`: for each network it can show, the names of its units."""

    #: Places in pixels: left, top, width, height.
    LEDGER, CURVE, WORDS = (438, 8, 238, 190), (488, 236, 174, 86), (0, 350, 680, 120)
    ROWS, LINE = 6, 24  # of the sum: up to four products, the bias, the activation; pixels from row to row

    def __init__(self, figure, names):
        self._make_diagrams(figure, names)
        self.words = blank_axes(figure, rect(figure, *self.WORDS), xlim=(0, self.WORDS[2]), ylim=(self.WORDS[3], 0))
        self.top = blank_axes(figure, rect(figure, 0, 0, DIAGRAM[2], DIAGRAM[1]), xlim=(0, DIAGRAM[2]))
        places = self._layer_places()
        self.layers = [label(self.top, x, 0.4, size=style.SMALL, color=style.MUTED, ha=side) for x, side in places]
        self.frame = Rectangle((0, 0), BOX[0] + 4, BOX[1] + 4, fill=False, linewidth=style.LINE, edgecolor=style.INK)
        self.words.add_patch(self.frame)
        self.frame.set(transform=None, zorder=5, clip_on=False)
        self._make_ledger(figure)
        self._make_curve(figure)
        self.lines = [
            label(self.words, 12, 12, size=style.TITLE, ha="left"),
            label(self.words, 12, 38, ha="left"),
            label(self.words, 12, 62, ha="left"),
            *(label(self.words, 12, y, size=style.SMALL, color=style.MUTED, ha="left") for y in (90, 107)),
        ]
        self.live = [
            *self.diagrams.live, self.frame, *self.layers,
            self.band, self.title, *(column.artist for column in self.columns), self.function, self.drop, self.point,
            *self.lines,
        ]  # fmt: skip

    def _make_diagrams(self, figure, names):
        self.diagrams = Diagrams(figure, DIAGRAM, names, MARGIN)

    def _layer_places(self):
        """Where the layers are named above the diagram: (x, side)."""
        return (MARGIN, "center"), (DIAGRAM[2] / 2, "center"), (DIAGRAM[2] - 8, "right")

    def _make_ledger(self, figure):
        _, _, width, height = self.LEDGER
        self.ledger = blank_axes(figure, rect(figure, *self.LEDGER), xlim=(0, width), ylim=(height, 0))
        self.title = label(self.ledger, 4, 8, ha="left")
        for text, x, side in COLUMNS:
            label(self.ledger, x, 28, text, size=style.SMALL, color=style.MUTED, ha=side)
        self.band = Rectangle((0, 0), width, self.LINE, facecolor=style.HIGHLIGHT, edgecolor=style.PINK, zorder=0.5)
        self.band.set_linewidth(style.LINE)
        self.ledger.add_patch(self.band)
        heights = 37 + self.LINE * (0.5 + np.arange(self.ROWS))
        self.columns = [Numbers(self.ledger, x, heights, ha=side) for _, x, side in COLUMNS]

    def _make_curve(self, figure):
        self.curve = plot_axes(figure, rect(figure, *self.CURVE), xlabel="z", ylabel="a", title=" ")
        zero_lines(self.curve)
        self._drawn = None
        (self.function,) = self.curve.plot([], [], color=style.INK, linewidth=style.LINE)
        (self.drop,) = self.curve.plot([], [], color=style.PINK, linewidth=style.LINE, linestyle="dotted")
        (self.point,) = self.curve.plot([], [], "o", color=style.PINK, markersize=style.MARKER + 1)

    def update(self, shape, net, shown, ledger, curve, words):
        """Show a step.

        shape: a key of `names`; net: its network. shown: dict of `values` (texts of the units, layer by layer),
        `marked`, `dimmed` and `held` (places as the diagram names them). ledger: dict of `title`, `rows` (up to ROWS
        rows of four texts) and `row` (the index of the one in hand, or None). curve: dict of `name`, `function`,
        `reach` (the largest |z| of the layer), `z` and `a` (None while not known). words: dict of `lines` (5 texts)
        and `layers` (3 texts).
        """
        self.diagram = self.diagrams.show(shape)
        self._move_diagram(net, **shown)
        left, bottom = DIAGRAM[0], SIZE[1] - DIAGRAM[1] - DIAGRAM[3]
        x, y = self.diagram.spot(shown["held"])
        change(self.frame, xy=(left + x - BOX[0] / 2 - 2, bottom + y - BOX[1] / 2 - 2))
        self._write(ledger)
        self._move_curve(**curve)
        for artist, text in zip([*self.lines, *self.layers], [*words["lines"], *words["layers"]], strict=True):
            change(artist, text=text)

    def _move_diagram(self, net, values, marked, dimmed, held):
        self.diagram.update(net, values, marked=marked, dimmed=dimmed)

    def _write(self, ledger):
        change(self.title, text=ledger["title"])
        rows = [*ledger["rows"], *[[""] * len(COLUMNS)] * (self.ROWS - len(ledger["rows"]))]
        for column, texts in zip(self.columns, zip(*rows, strict=True), strict=True):
            column.set_texts(texts)
        change(self.band, visible=ledger["row"] is not None)
        if ledger["row"] is not None:
            change(self.band, y=37 + self.LINE * ledger["row"])

    def _move_curve(self, name, function, reach, z, a):
        limit = stepped_limit(reach)
        if (name, limit) != self._drawn:
            self._drawn = (name, limit)
            self._draw_function(limit, name, function)
        floor = self.curve.get_ylim()[0]
        height = None if z is None else float(function(np.array(z)))
        self.drop.set_data(*([], []) if z is None else ([z, z], [floor, height]) if a is None else
                           ([z, z, -limit], [floor, a, a]))  # fmt: skip
        self.point.set_data(*([], []) if a is None else ([z], [a]))

    def _draw_function(self, limit, name, function):
        grid = np.linspace(-limit, limit, 401)
        values = function(grid)
        low, high = min(values.min(), 0.0), max(values.max(), 1.0)
        margin = 0.08 * (high - low)
        self.curve.set_title(name, fontsize=style.TEXT, loc="left")
        self.curve.set_xlim(-limit, limit)
        self.curve.set_ylim(low - margin, high + margin)
        self.function.set_data(grid, values)

    def at(self, x, y):
        """What lies at a pixel of the figure, counted from its lower left (see Diagrams.at), or None."""
        return self.diagrams.at(x, y)
