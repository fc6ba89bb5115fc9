"""Where the weights of a layer stand in a picture: an image for each unit, or a table with a column for each."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

#: The room, in pixels, its lowest part for the names of units.
WIDTH, HEIGHT, NAMES = 592, 168, 15
LARGEST_PIXEL, LARGEST_CELL = 9, (64, 36)
#: The smallest cell that holds a number, and the smallest pitch of images that holds a unit's name with its bias.
SMALLEST_CELL, SMALLEST_PITCH = (36, 13), 66
#: So many cells are sent with each picture at most, and so many units are shown at a time.
CELLS, FEWEST, MOST_TILES, MOST_COLUMNS = 24_000, 4, 48, 32


def layout_of(n_in, units, image):
    """The layout for a layer of `units` with n_in weights each; image: (rows, columns) of these where they are one."""
    room = max(FEWEST, CELLS // n_in)
    if image:
        return Tiles(min(units, room, MOST_TILES), image)
    return Table(n_in, min(units, room, MOST_COLUMNS))


class Tiles(NamedTuple):
    """An image for each unit, in rows; coordinates are pixels of the room, y downwards."""

    count: int
    image: tuple

    @property
    def _grid(self):
        return _tiling(self)

    @property
    def extent(self):
        """(width, height) of all cells."""
        cell, rows, columns, down, across = self._grid
        return cell * (columns * across), cell * (rows * down)

    def box(self, k):
        """(x, y, width, height) of unit k."""
        cell, _, columns, down, across = self._grid
        row, column = divmod(k, columns)
        return column * across * cell, row * down * cell, self.image[1] * cell, self.image[0] * cell

    def cells(self, W):
        """The array to show for W (n_in, units)."""
        _, rows, columns, down, across = self._grid
        mosaic, (high, wide) = np.full((rows * down, columns * across), np.nan), self.image
        for k, weights in enumerate(W.T):
            row, column = divmod(k, columns)
            mosaic[row * down : row * down + high, column * across : column * across + wide] = weights.reshape(
                self.image
            )
        return mosaic

    def places(self):
        """Where texts stand: x, y and side of those below the units, beside the rows and in the cells."""
        boxes = np.array([self.box(k) for k in range(self.count)])
        below = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] + 8, "center"
        return {"below": below, "left": ([], [], "right"), "cells": ([], [], "center")}

    def texts(self, W, names, biases, sources, number):
        """What stands there: the units' names, with their biases where there is room."""
        cell, _, _, _, across = self._grid
        wide = cell * across >= SMALLEST_PITCH
        below = [f"{name} {bias}" if wide else name for name, bias in zip(names, biases, strict=True)]
        return {"below": below if cell * across >= 24 else [], "left": [], "cells": []}

    def at(self, x, y):
        """The unit at a place."""
        cell, rows, columns, down, across = self._grid
        row, column = int(y // (cell * down)), int(x // (cell * across))
        return min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)


class Table(NamedTuple):
    """A column for each unit, a row for each weight into it; coordinates as in Tiles."""

    rows: int
    count: int

    @property
    def cell(self):
        """(width, height) of a cell."""
        return min(WIDTH / self.count, LARGEST_CELL[0]), min((HEIGHT - NAMES) / self.rows, LARGEST_CELL[1])

    @property
    def extent(self):
        return self.cell[0] * self.count, self.cell[1] * self.rows

    def box(self, k):
        return k * self.cell[0], 0, self.cell[0], self.cell[1] * self.rows

    def cells(self, W):
        return np.column_stack([W, np.full((len(W), self.count - W.shape[1]), np.nan)])

    @property
    def _written(self):
        return self.cell[0] >= SMALLEST_CELL[0] and self.cell[1] >= SMALLEST_CELL[1]

    def places(self):
        (wide, high), units, rows = self.cell, np.arange(self.count) + 0.5, np.arange(self.rows) + 0.5
        x, y = np.meshgrid(wide * units, high * rows)
        inside = (x.ravel(), y.ravel()) if self._written else ([], [])
        beside = high * rows if high >= SMALLEST_CELL[1] else []
        return {
            "below": (wide * units, high * self.rows + 9, "center"),
            "left": (np.full(len(beside), -6.0), beside, "right"),
            "cells": (*inside, "center"),
        }

    def texts(self, W, names, biases, sources, number):
        named = names if self.cell[0] >= 26 else [name if k % 5 == 0 else "" for k, name in enumerate(names)]
        inside = [number(w) for row in self.cells(W) for w in row] if self._written else []
        beside = sources if self.cell[1] >= SMALLEST_CELL[1] else []
        return {"below": named, "left": beside, "cells": ["" if "nan" in text else text for text in inside]}

    def at(self, x, y):
        return min(max(int(x // self.cell[0]), 0), self.count - 1)


@lru_cache(maxsize=16)
def _tiling(tiles):
    """The tiling with the largest pixels: (pixels a cell, rows, columns, cells from tile to tile down and across)."""
    (high, wide), best = tiles.image, (0,)
    for columns in range(1, tiles.count + 1):
        rows = math.ceil(tiles.count / columns)
        cell = min(WIDTH / columns / wide, HEIGHT / rows / high, LARGEST_PIXEL)
        for _ in range(3):  # the gaps are whole cells
            down, across = high + math.ceil(NAMES / cell), wide + math.ceil(8 / cell)
            cell = min(WIDTH / columns / across, HEIGHT / rows / down, LARGEST_PIXEL)
        best = max(best, (cell, rows, columns, down, across))
    return best
