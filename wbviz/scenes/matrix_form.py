"""Z = X @ W + b as grids of numbers: what goes into one entry of the result is lit."""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import Numbers

WIDTH, HEIGHT = 680, 480  # CSS pixels
CELL = np.array([42, 22])
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
    "b1": Grid(312, 30, ROWS, UNITS, "(n_out,), the same for each row"),
    "Z1": Grid(506, 30, ROWS, UNITS, "(n, n_out)"),
    "A1": Grid(8, 224, ROWS, UNITS, "(n, n_in)"),
    "W2": Grid(226, 246, UNITS, 1, "(n_in, n_out)"),
    "b2": Grid(318, 224, ROWS, 1, "(n_out,)"),
    "Z2": Grid(410, 224, ROWS, 1, "(n, n_out)"),
}
OPERATORS = (("@", 105, 96), ("+", 299, 96), ("=", 493, 96), ("@", 201, 290), ("+", 293, 290), ("=", 385, 290))
LINES = ((393, style.TEXT), (413, style.TEXT), (433, style.TEXT), (453, style.SMALL), (469, style.SMALL))
GHOST, DATA, PARAMETER, COPY, LIT = range(5)
_FILLS = np.array([to_rgba(c) for c in (style.PAPER, style.PAPER, style.PANEL, style.PAPER, style.HIGHLIGHT)])


class MatrixFormScene:
    """Two layers as matrices. What is not in view stays as an empty outline, so that a number never changes its place."""

    def __init__(self, figure):
        self.sheet = blank_axes(figure, [0, 0, 1, 1], xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        corners = np.concatenate([_corners(grid) for grid in GRIDS.values()])
        self.cells = PolyCollection(corners, linewidths=style.THIN, zorder=1, snap=True)
        self.sheet.add_collection(self.cells, autolim=False)
        self.numbers = {name: self._numbers(name, grid) for name, grid in GRIDS.items()}
        self.copies = {name: self._numbers(name, GRIDS[name], style.MUTED) for name in ("b1", "b2")}
        self.names = {
            name: label(self.sheet, grid.left, grid.top - 12, ha="left") for name, grid in GRIDS.items()
        }
        self.shapes = {
            name: label(self.sheet, grid.middle, grid.bottom + 11, grid.shape, size=style.SMALL, color=style.MUTED)
            for name, grid in GRIDS.items()
        }
        self.operators = [label(self.sheet, x, y, text, size=style.TITLE) for text, x, y in OPERATORS]
        self.results = self._outlines(style.PINK, style.BOLD)
        self.held = self._outlines(style.INK, style.LINE)
        self.lines = [label(self.sheet, 8, y, size=size, ha="left") for y, size in LINES]
        for line in self.lines[-2:]:
            line.set_color(style.MUTED)
        self.live = [
            self.cells, *(n.artist for n in self.numbers.values()), *(n.artist for n in self.copies.values()),
            *self.names.values(), *self.shapes.values(), *self.operators, self.results, self.held, *self.lines,
        ]  # fmt: skip

    def _numbers(self, name, grid, color=style.INK):
        x, y = _corners(grid).mean(axis=1).T
        return Numbers(self.sheet, x, y, color=color)

    def _outlines(self, color, width):
        outlines = PolyCollection([], facecolor="none", edgecolor=color, linewidth=width, zorder=4, snap=True)
        self.sheet.add_collection(outlines, autolim=False)
        return outlines

    def update(self, texts, view, entry, held, words):
        """Show the matrices.

        texts: for each name of GRIDS an array of its shape, what is written in it. view: the rows of X, the units of
        layer 1 (lists of indices) and the number of layers in view. entry: the traced number of Z (layer, row,
        column). held: the place (name, row, column) of the parameter in hand. words: dict of `names` (a heading for
        each grid, empty where it is not in view) and `lines` (as many texts as LINES).
        """
        kinds = _kinds(*view, entry)
        kind = np.concatenate([kinds[name].ravel() for name in GRIDS])
        change(self.cells, facecolor=tuple(map(tuple, _FILLS[kind])))
        change(self.cells, edgecolor=tuple(style.FAINT if k == GHOST else style.MUTED for k in kind))
        self._write(kinds, texts)
        self._head(words["names"])
        layer, *place = entry
        change(self.results, verts=tuple(_cell(name, *place) for name in (("Z1", "A1"), ("Z2",))[layer]))
        change(self.held, verts=(_cell(*held),))
        for artist, line in zip(self.lines, words["lines"], strict=True):
            change(artist, text=line)

    def _head(self, names):
        for name, text in names.items():
            change(self.names[name], text=text)
            change(self.shapes[name], visible=bool(text))
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


def _kinds(rows, units, layers, entry):
    """What each cell is, as an array for each grid. The bias is written once; in the other rows stand copies of it."""
    kinds = {name: np.full((grid.rows, grid.columns), GHOST) for name, grid in GRIDS.items()}
    kinds["X"][rows], kinds["W1"][:, units] = DATA, PARAMETER
    for name, kind in (("b1", COPY), ("Z1", DATA), ("A1", DATA)):
        kinds[name][np.ix_(rows, units)] = kind
    kinds["b1"][rows[0], units] = PARAMETER
    if layers == 2:
        kinds["W2"][:], kinds["b2"][rows], kinds["Z2"][rows] = PARAMETER, COPY, DATA
        kinds["b2"][rows[0]] = PARAMETER
    layer, row, column = entry
    source, W, b = (("X", "W1", "b1"), ("A1", "W2", "b2"))[layer]
    kinds[source][row], kinds[W][:, column], kinds[b][row, column] = LIT, LIT, LIT
    return kinds


def _cell(name, row, column):
    corners = _corners(GRIDS[name])[row * GRIDS[name].columns + column]
    return tuple(map(tuple, corners.tolist()))


def _corners(grid):
    """The four corners of each cell, row by row: shape (cells, 4, 2)."""
    row, column = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    start = np.stack([grid.left + CELL[0] * column, grid.top + CELL[1] * row], axis=1)
    return start[:, None] + CELL * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
