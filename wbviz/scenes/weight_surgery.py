"""A digits network on the table: its weights as images, one hidden unit closer, and what it gets right and wrong."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, stepped_limit
from wbviz.scenes._grid import SIGNED_MAP, Bars, Numbers, cell_lines, cells, centres, rect, row_axes, tints

SIDE, CLASSES = 8, 10
ROWS, COLUMNS = 2, 8
PITCH = (11, 10)  # cells from one little image to the next, downwards and to the right
BOTTOM, HEIGHT = 272, 160  # of the lower panels, in pixels from the top
#: Full colour is reached at about this many standard deviations of the intact first layer.
FULL = 2.5
COLOUR_LIMITS = (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100)


class WeightSurgeryScene:
    """Sixteen 8 × 8 images of weights, one unit enlarged with its outgoing weights, the confusion matrix, the score."""

    def __init__(self, figure):
        self._make_score(figure)
        self._make_units(figure)
        self._make_confusion(figure)
        self._make_unit(figure)
        self.live = [
            self.score, *self.score_bars, self.units, self.unit_names.artist, self.frame, self.confusion,
            self.counts.artist, self.unit, self.minus.artist, self.unit_title, self.firing, *self.out.live,
        ]  # fmt: skip

    def _make_score(self, figure, chance=1 / CLASSES):
        page = blank_axes(figure, rect(figure, 0, 0, 680, 24), xlim=(0, 680))
        self.score = label(page, 20, 0.4, ha="left")
        axes = blank_axes(figure, rect(figure, 20, 26, 400, 14))
        after = Rectangle((0, 0), 0, 1, facecolor=style.PINK, edgecolor=style.INK, linewidth=style.THIN)
        axes.add_patch(Rectangle((0, 0), 1, 1, facecolor=style.PANEL, edgecolor=style.MUTED, linewidth=style.THIN))
        axes.add_patch(after)
        axes.plot([chance, chance], [0, 1], color=style.INK, linewidth=style.LINE, linestyle="dotted")
        (before,) = axes.plot([], [], color=style.INK, linewidth=style.BOLD)
        self.score_bars = (after, before)
        label(page, 432, -0.55, "bar: after, line: before, dots: chance", size=style.SMALL, ha="left")

    def _make_units(self, figure):
        rows, columns = PITCH[0] * (ROWS - 1) + SIDE, PITCH[1] * (COLUMNS - 1) + SIDE
        place = (28, 70, columns * 8, rows * 8)
        self.mosaic, self.units = cells(figure, place, rows, columns, SIGNED_MAP, (-1, 1))
        self.units_title = label(self.mosaic, 0, -1.0, ha="left", size=style.SMALL)
        top, left = (corner.ravel() for corner in np.mgrid[:ROWS, :COLUMNS] * np.array(PITCH)[:, None, None])
        self._corners = list(zip(left, top, strict=True))
        self.unit_names = Numbers(self.mosaic, left + SIDE / 2, top + SIDE + 1.0)
        self.frame = Rectangle(
            (0, 0), SIDE, SIDE, fill=False, edgecolor=style.PINK, linewidth=style.BOLD, clip_on=False
        )
        self.mosaic.add_patch(self.frame)
        for x, y in self._corners:
            edge = {"fill": False, "edgecolor": style.MUTED, "linewidth": style.THIN, "clip_on": False}
            self.mosaic.add_patch(Rectangle((x, y), SIDE, SIDE, **edge))

    def _make_confusion(self, figure):
        axes, self.confusion = cells(figure, (36, BOTTOM, 210, HEIGHT), CLASSES, CLASSES, SIGNED_MAP, (-1.4, 1.4))
        cell_lines(axes, CLASSES, CLASSES)
        label(axes, 0, -0.7, "True digit (row), read as (column)", ha="left", size=style.SMALL)
        for digit in range(CLASSES):
            label(axes, digit + 0.5, CLASSES + 0.6, str(digit), size=style.SMALL)
            label(axes, -0.5, digit + 0.5, str(digit), size=style.SMALL)
        self.counts = Numbers(axes, *centres(CLASSES, CLASSES), color=style.MAP_INK)

    def _make_unit(self, figure):
        axes, self.unit = cells(figure, (290, BOTTOM, HEIGHT, HEIGHT), SIDE, SIDE, SIGNED_MAP, (-1, 1))
        cell_lines(axes, SIDE, SIDE)
        self.minus = Numbers(axes, *centres(SIDE, SIDE), color=style.MAP_INK)
        self.unit_title = label(axes, 0, -0.55, ha="left", size=style.SMALL)
        self.firing = label(axes, 0, SIDE + 0.5, ha="left", size=style.SMALL)
        axes = row_axes(figure, (514, BOTTOM, 104, HEIGHT), CLASSES)
        label(axes, -0.16, -1.2, "Its weights to the digits", ha="left", size=style.SMALL, transform=_across(axes))
        for digit in range(CLASSES):
            label(axes, -0.13, digit, str(digit), size=style.SMALL, transform=_across(axes))
        self.out = Bars(axes, CLASSES, least=1)

    def set_limit(self, spread):
        """Choose what full colour means from the standard deviation of the intact first layer."""
        limit = stepped_limit(FULL * spread, COLOUR_LIMITS)
        if self.units.norm.vmax != limit:
            for image in (self.units, self.unit):
                image.set_clim(-limit, limit)
            self.units_title.set_text(
                f"The 64 weights into each hidden unit, one for each pixel: blue +, vermillion −, "
                f"full colour from ±{limit:g}"
            )

    def update(self, weights, unit, counts, accuracies, words):
        """Show a network after the operation.

        weights: W1 (64, 16) and W2 (16, 10); unit: which hidden unit is enlarged, from 0; counts: the confusion
        matrix (10, 10); accuracies: before and after, shares of 1; words: a dict with the texts `score`, `unit`,
        `firing`, `units` (16 short texts) and the function `number` (number → text).
        """
        W1, W2 = weights
        self._show_score(accuracies, words["score"])
        self._show_units(W1, unit, words["units"])
        self.confusion.set_data(tints(counts))
        self.counts.set_texts(str(count) if count else "" for count in counts.ravel())
        self.unit.set_data(W1[:, unit].reshape(SIDE, SIDE))
        self.minus.set_texts("−" if weight < 0 else "" for weight in W1[:, unit])
        self.unit_title.set_text(words["unit"])
        self.firing.set_text(words["firing"])
        self.out.update(W2[unit], [words["number"](weight) for weight in W2[unit]])

    def _show_score(self, accuracies, text):
        before, after = accuracies
        self.score.set_text(text)
        self.score_bars[0].set_width(after)
        self.score_bars[1].set_data([before, before], [0, 1])

    def _show_units(self, W1, unit, texts):
        mosaic = np.full(self.units.get_array().shape, np.nan)
        for weights, (x, y) in zip(W1.T, self._corners, strict=True):
            mosaic[y : y + SIDE, x : x + SIDE] = weights.reshape(SIDE, SIDE)
        self.units.set_data(mosaic)
        self.unit_names.set_texts(texts)
        self.frame.set_xy(self._corners[unit])

    def unit_at(self, x, y):
        """Which unit's image (from 0) lies at data coordinates x, y of `mosaic`."""
        row, column = min(max(int(y // PITCH[0]), 0), ROWS - 1), min(max(int(x // PITCH[1]), 0), COLUMNS - 1)
        return row * COLUMNS + column


def _across(axes):
    return axes.get_yaxis_transform()
