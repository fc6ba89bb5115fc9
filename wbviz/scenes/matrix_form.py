"""Z = X @ W + b as grids of numbers: what goes into one entry of the result is lit."""

import itertools
from typing import NamedTuple

import numpy as np
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import Numbers

WIDTH, HEIGHT = 680, 480  # CSS pixels
CELL = np.array([42, 22])
_AROUND = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
ROWS, INPUTS, UNITS = 6, 2, 4


class Grid(NamedTuple):
    """Where a matrix stands, in pixels from the upper left, how many cells it has, and what its shape is called."""

    left: int
    top: int
    rows: int
    columns: int
    shape: str

    @property
    def middle(self):
        """The pixel in the middle of its width."""
        return self.left + CELL[0] * self.columns / 2

    @property
    def bottom(self):
        """The pixel below its last row."""
        return self.top + int(CELL[1]) * self.rows


GRIDS = {
    "X": Grid(8, 30, ROWS, INPUTS, "(n, n_in)"),
    "W1": Grid(118, 74, INPUTS, UNITS, "(n_in, n_out)"),
    "b1": Grid(312, 30, ROWS, UNITS, "(n_out,)"),
    "Z1": Grid(506, 30, ROWS, UNITS, "(n, n_out)"),
    "A1": Grid(8, 224, ROWS, UNITS, "(n, n_in)"),
    "W2": Grid(226, 246, UNITS, 1, "(n_in, n_out)"),
    "b2": Grid(318, 224, ROWS, 1, "(n_out,)"),
    "Z2": Grid(410, 224, ROWS, 1, "(n, n_out)"),
}
FIRST, SECOND = ("X", "W1", "b1", "Z1", "A1"), ("W2", "b2", "Z2")
OPERATORS = (("@", 105, 96), ("+", 299, 96), ("=", 493, 96), ("@", 201, 290), ("+", 293, 290), ("=", 385, 290))
LINES = ((393, style.TEXT), (413, style.TEXT), (433, style.TEXT), (453, style.SMALL), (469, style.SMALL))
MINIATURE = (500, 208, 150, 148)  # left, top, width, height of the middles of its units
GHOST, DATA, PARAMETER, COPY = range(4)
_FILLS = ("none", style.PAPER, style.PANEL, style.PAPER)


class MatrixFormScene:
    """Two layers as matrices. What is not in view stays as an empty outline: a number never changes its place."""

    def __init__(self, figure):
        self.sheet = blank_axes(figure, [0, 0, 1, 1], xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self.ghosts = [self._cells(names, style.FAINT) for names in (FIRST, SECOND)]
        self.cells = self._cells(GRIDS, "none")
        self.numbers = {name: self._numbers(name, grid) for name, grid in GRIDS.items()}
        self.copies = {name: self._numbers(name, GRIDS[name], style.MUTED) for name in ("b1", "b2")}
        self.names = {name: label(self.sheet, grid.left, grid.top - 12, ha="left") for name, grid in GRIDS.items()}
        self.shapes = {
            name: label(self.sheet, grid.middle, grid.bottom + 11, grid.shape, size=style.SMALL, color=style.MUTED)
            for name, grid in GRIDS.items()
        }
        self.operators = [label(self.sheet, x, y, text, size=style.TITLE) for text, x, y in OPERATORS]
        self.miniature = Miniature(self.sheet)
        self.results = self._outlines(style.PINK, style.BOLD)
        self.held = self._outlines(style.INK, style.LINE)
        self.lit = self._outlines(style.MUTED, style.THIN)
        self.lit.set(facecolor=style.HIGHLIGHT, zorder=1.5)
        self.lines = [label(self.sheet, 8, y, size=size, ha="left") for y, size in LINES]
        for line in self.lines[-2:]:
            line.set_color(style.MUTED)
        self.live = [
            *self.ghosts, self.cells, self.lit, *(n.artist for n in [*self.numbers.values(), *self.copies.values()]),
            *self.names.values(), *self.shapes.values(), *self.operators, *self.miniature.live, self.results, self.held,
            *self.lines,
        ]  # fmt: skip

    def _cells(self, names, edge):
        corners = np.concatenate([_corners(GRIDS[name]) for name in names])
        cells = PolyCollection(corners, facecolor="none", edgecolor=edge, linewidths=style.THIN, zorder=1, snap=True)
        self.sheet.add_collection(cells, autolim=False)
        return cells

    def _numbers(self, name, grid, color=style.INK):
        x, y = _corners(grid).mean(axis=1).T
        return Numbers(self.sheet, x, y, color=color)

    def _outlines(self, color, width):
        outlines = PolyCollection([], facecolor="none", edgecolor=color, linewidth=width, zorder=4, snap=True)
        self.sheet.add_collection(outlines, autolim=False)
        return outlines

    def update(self, weights, texts, view, entry, held, words):
        """Show the matrices.

        weights: those of the two layers, (2, 4) and (4, 1), for the small diagram. texts: for each name of GRIDS an
        array of its shape, what is written in it. view: the rows of X, the units of layer 1 (lists of indices) and
        the number of layers in view. entry: the traced number of Z (layer, row, column). held: the place (name, row,
        column) of the parameter in hand. words: dict of `names` (a heading for each grid, empty where it is not in
        view) and `lines` (as many texts as LINES).
        """
        kinds = _kinds(*view)
        kind = np.concatenate([kinds[name].ravel() for name in GRIDS]).tolist()
        change(self.cells, facecolor=tuple(_FILLS[k] for k in kind))
        change(self.cells, edgecolor=tuple("none" if k == GHOST else style.MUTED for k in kind))
        change(self.ghosts[1], visible=view[2] == 2)
        self._write(kinds, texts)
        self._head(words["names"], ", the same for each row" if len(view[0]) > 1 else "")
        self.miniature.update(weights, view[1:], entry)
        layer, *place = entry
        change(self.results, verts=tuple(_cell(name, *place) for name in (("Z1", "A1"), ("Z2",))[layer]))
        change(self.held, verts=(_cell(*held),))
        change(self.lit, verts=tuple(_cell(*cell) for cell in lit_by(entry)))
        for artist, line in zip(self.lines, words["lines"], strict=True):
            change(artist, text=line)

    def _head(self, names, copied):
        for name, text in names.items():
            change(self.names[name], text=text)
            change(self.shapes[name], visible=bool(text))
        change(self.shapes["b1"], text=GRIDS["b1"].shape + copied)
        for artist in self.operators[3:]:
            change(artist, visible=bool(names["Z2"]))

    def _write(self, kinds, texts):
        for name, numbers in self.numbers.items():
            kind, written = kinds[name].ravel(), texts[name].ravel()
            numbers.set_texts(np.where((kind == GHOST) | (kind == COPY), "", written).tolist())
            if name in self.copies:
                self.copies[name].set_texts(np.where(kind == COPY, written, "").tolist())

    @staticmethod
    def at(x, y):
        """The cell at a place of the sheet, (name, row, column), or None."""
        for name, grid in GRIDS.items():
            column, row = np.floor_divide([x - grid.left, y - grid.top], CELL).astype(int).tolist()
            if 0 <= row < grid.rows and 0 <= column < grid.columns:
                return name, row, column
        return None


class Miniature:
    """The network 2-4-1 small, without numbers: which weights the traced entry is made of."""

    def __init__(self, axes):
        left, top, width, height = MINIATURE
        columns = left + width * np.array([0, 0.5, 1])
        heights = [top + height * np.array(share) for share in ((0.3, 0.7), (0.05, 0.35, 0.65, 0.95), (0.5,))]
        layers = [np.column_stack(np.broadcast_arrays(x, y)) for x, y in zip(columns, heights, strict=True)]
        self.glow = LineCollection([], colors=style.PINK, zorder=1, capstyle="butt", linewidths=8)
        ends = [[s, e] for sources, units in itertools.pairwise(layers) for s in sources for e in units]
        self._ends = np.array(ends)
        self.edges = LineCollection(self._ends, zorder=2, capstyle="butt")
        places = np.concatenate(layers)
        self.nodes = EllipseCollection(
            22, 22, 0, units="x", offsets=places, offset_transform=axes.transData, zorder=3, linewidths=style.LINE
        )
        for artist in (self.glow, self.edges, self.nodes):
            axes.add_collection(artist, autolim=False)
        self.nodes.set_facecolor(style.PANEL)
        self.names = Numbers(axes, *places.T)
        self.live = [self.glow, self.edges, self.nodes, self.names.artist]
        self.names.set_texts(("x₁", "x₂", "h₁", "h₂", "h₃", "h₄", "ŷ"))

    def update(self, weights, view, entry):
        """weights: of the two layers. view: the units of layer 1 and the number of layers in view. entry: see above."""
        (units, layers), (layer, _, column) = view, entry
        inner = [unit in units for _ in range(INPUTS) for unit in range(UNITS)]
        shown, numbers = inner + [layers == 2] * UNITS, np.concatenate([w.ravel() for w in weights]).tolist()
        lit = [layer == 0 and unit == column for _ in range(INPUTS) for unit in range(UNITS)] + [layer == 1] * UNITS
        colours = [style.signed_colour(w) if on else style.FAINT for w, on in zip(numbers, shown, strict=True)]
        change(self.edges, color=tuple(colours))
        widths = [style.signed_width(w, 0.9) if on else style.THIN for w, on in zip(numbers, shown, strict=True)]
        change(self.edges, linewidth=tuple(widths))
        change(self.edges, linestyle=tuple(style.signed_dash(w) for w in numbers))
        change(
            self.glow,
            segments=tuple(tuple(map(tuple, ends)) for ends, on in zip(self._ends.tolist(), lit, strict=True) if on),
        )
        traced = 2 + column if layer == 0 else 2 + UNITS
        known = [True] * INPUTS + [unit in units for unit in range(UNITS)] + [layers == 2]
        rims = [style.PINK if k == traced else style.MUTED if on else style.FAINT for k, on in enumerate(known)]
        change(self.nodes, edgecolor=tuple(rims))


def _kinds(rows, units, layers):
    """What each cell is, as an array for each grid. The bias is written once; in the other rows stand copies of it."""
    kinds = {name: np.full((grid.rows, grid.columns), GHOST) for name, grid in GRIDS.items()}
    kinds["X"][rows], kinds["W1"][:, units] = DATA, PARAMETER
    for name, kind in (("b1", COPY), ("Z1", DATA), ("A1", DATA)):
        kinds[name][np.ix_(rows, units)] = kind
    kinds["b1"][rows[0], units] = PARAMETER
    if layers == 2:
        kinds["W2"][:], kinds["b2"][rows], kinds["Z2"][rows] = PARAMETER, COPY, DATA
        kinds["b2"][rows[0]] = PARAMETER
    return kinds


def lit_by(entry):
    """The cells (name, row, column) that an entry of Z (layer, row, column) is made of: a row, a column and a bias."""
    layer, row, column = entry
    source, W, b = (("X", "W1", "b1"), ("A1", "W2", "b2"))[layer]
    pairs = range(GRIDS[source].columns)
    return [*((source, row, k) for k in pairs), *((W, k, column) for k in pairs), (b, row, column)]


def _cell(name, row, column):
    left, top = GRIDS[name].left + CELL[0] * column, GRIDS[name].top + CELL[1] * row
    return tuple((int(left + x), int(top + y)) for x, y in CELL * _AROUND)


def _corners(grid):
    """The four corners of each cell, row by row: shape (cells, 4, 2)."""
    row, column = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    start = np.stack([grid.left + CELL[0] * column, grid.top + CELL[1] * row], axis=1)
    return start[:, None] + CELL * _AROUND
