"""A drawn digit on its way through the network: ink, hidden units, probabilities, and what each part added."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import label, stepped_limit
from wbviz.scenes._grid import INK_MAP, LIMITS, SIGNED_MAP, Bars, Numbers, cell_lines, cells, centres, row_axes

SIDE, UNITS, CLASSES = 8, 16, 10
TOP, ROW = 62, 19  # of the columns of bars, in pixels: where they begin, and the height of a row
ROWS = UNITS + 2  # the hidden units, the bias, the logit
COLOUR_LIMITS = tuple(limit for limit in LIMITS if limit >= 0.1)
#: A pixel is marked as negative when its part is below this: less would be shown as 0.00.
SEEN = 0.005


class DigitPadScene:
    """The 8 × 8 drawing; activations and parts of one logit row by row; ten probabilities; the parts of the pixels."""

    def __init__(self, figure):
        self._figure, (self._width, self._height) = figure, figure.get_size_inches() * style.DPI
        self._make_drawing(figure)
        self._make_units(figure)
        self._make_classes(figure)
        self._make_pixels(figure)
        self.headline = self._text(20, 16, size=style.TITLE)
        linear = (
            "As long as the same units stay on, the network is linear:",
            "these parts are exact and add up to the logit.",
        )
        for line, words in enumerate(linear):
            self._text(248, 436 + 15 * line, words, color=style.MUTED)
        self.live = [
            self.headline, self.drawing_words, self.drawing, self.cursor, *self.activations.live, *self.parts.live,
            self.parts_title, *self.probabilities.live, self.band, self.winner, self.pixels, self.minus.artist,
            self.pixels_title, self.total, self.colours,
        ]  # fmt: skip

    def _text(self, x, y, text="", *, size=style.SMALL, ha="left", **kwargs):
        """A text on the page, at pixels from its upper left."""
        return label(self._figure, x / self._width, 1 - y / self._height, text, size=size, ha=ha, **kwargs)

    def _make_drawing(self, figure):
        self.pad, self.drawing = cells(figure, (20, TOP, 192, 192), SIDE, SIDE, INK_MAP, (0, 1))
        cell_lines(self.pad, SIDE, SIDE)
        self.cursor = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.PINK, linewidth=style.BOLD, clip_on=False)
        self.cursor.set_zorder(3)
        self.pad.add_patch(self.cursor)
        self._text(20, 50, "Draw here, or arrows and Space")
        self.drawing_words = self._text(20, 266)

    def _make_units(self, figure):
        self._text(248, 50, "Hidden units")
        height = ROW * UNITS
        self.activations = Bars(row_axes(figure, (278, TOP, 58, height), UNITS), UNITS, one_sided=True, least=1)
        self.parts_title = self._text(396, 50)
        axes = row_axes(figure, (404, TOP, 88, ROW * ROWS), ROWS)
        self.parts = Bars(axes, ROWS, least=1)
        for row in range(ROWS):
            name = str(row + 1) if row < UNITS else ("bias b", "logit")[row - UNITS]
            x = 270 if row < UNITS else 396
            self._text(x, TOP + ROW * (row + 0.5), name, ha="right")
        axes.axhline(UNITS + 0.5, color=style.MUTED, linewidth=style.THIN)

    def _make_classes(self, figure):
        self._text(546, 50, "Probabilities")
        self.classes = row_axes(figure, (574, TOP, 42, ROW * ROWS), CLASSES)
        self.classes.spines["bottom"].set_visible(False)
        self.probabilities = Bars(self.classes, CLASSES, at=1.1, one_sided=True, scale=False)
        across = self.classes.get_yaxis_transform()
        band = {"facecolor": style.HIGHLIGHT, "edgecolor": "none", "zorder": 0.2, "clip_on": False}
        self.band = Rectangle((-0.7, 0), 3.15, 1, transform=across, **band)
        self.classes.add_artist(self.band)
        for digit in range(CLASSES):
            label(self.classes, -0.16, digit, str(digit), ha="right", transform=across)
        self.winner = label(self.classes, -0.64, 0, "▸", ha="left", transform=across)

    def _make_pixels(self, figure):
        axes, self.pixels = cells(figure, (20, 308, 128, 128), SIDE, SIDE, SIGNED_MAP, (-1, 1))
        cell_lines(axes, SIDE, SIDE)
        self.minus = Numbers(axes, *centres(SIDE, SIDE), color=style.MAP_INK)
        self.pixels_title = self._text(20, 296)
        self.total = [self._text(156, 322 + 26 * line) for line in range(3)]
        self.colours = self._text(156, 428)

    def update(self, drawing, hidden, classes, pixels, words):
        """Show a drawing and what the network makes of it.

        drawing: ink (64,), 0 … 1, and the place of the cursor (row, column);
        hidden: the activations (16,), their parts of the logit (16,), the bias of the class, the logit;
        classes: probabilities (10,), the winner, the class that is explained;
        pixels: their parts of the logit (64,);
        words: a dict with the texts `headline`, `drawing`, `parts`, `pixels`, `total` (three lines) and the functions
        `number` and `percent` (number → text).
        """
        self._show_drawing(*drawing, words)
        self._show_hidden(*hidden, words)
        self._show_classes(*classes, words)
        self._show_pixels(pixels, words)
        self.headline.set_text(words["headline"])

    def _show_drawing(self, ink, cursor, words):
        self.drawing.set_data(np.reshape(ink, (SIDE, SIDE)))
        self.cursor.set_xy((cursor[1], cursor[0]))
        self.drawing_words.set_text(words["drawing"])

    def _show_hidden(self, activations, parts, bias, logit, words):
        number = words["number"]
        self.activations.update(activations, [number(a) if a > 0 else "off" for a in activations])
        values = [*parts, bias, logit]
        colours = [style.signed_colour(value) for value in values[:-1]] + [style.PINK]
        self.parts.update(values, [number(value) for value in values], colours)
        self.parts_title.set_text(words["parts"])

    def _show_classes(self, probabilities, winner, chosen, words):
        colours = [style.PINK if digit == winner else style.BLUE for digit in range(CLASSES)]
        self.probabilities.update(probabilities, [words["percent"](p) for p in probabilities], colours, limit=1.0)
        self.winner.set_y(winner)
        self.band.set_y(chosen - 0.5)

    def _show_pixels(self, parts, words):
        limit = stepped_limit(np.abs(parts).max(), COLOUR_LIMITS)
        self.pixels.set_clim(-limit, limit)
        self.pixels.set_data(np.reshape(parts, (SIDE, SIDE)))
        self.minus.set_texts("−" if part < -SEEN else "" for part in parts)
        self.pixels_title.set_text(words["pixels"])
        self.colours.set_text(f"colours ±{limit:g}")
        for artist, line in zip(self.total, words["total"], strict=True):
            artist.set_text(line)
