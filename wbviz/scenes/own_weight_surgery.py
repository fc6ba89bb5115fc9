"""A learner's own classifier on the table: the weights of a layer as images or as a table, and what it gets right."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import SIGNED_MAP, Bars, Numbers, cell_lines, cells, centres, rect, row_axes, tints
from wbviz.scenes._weights_layout import HEIGHT as LAYER_HEIGHT
from wbviz.scenes._weights_layout import WIDTH
from wbviz.scenes.weight_surgery import BOTTOM, HEIGHT, WeightSurgeryScene

#: Places in pixels: left, top, width, height.
UNITS = (60, 70, WIDTH, LAYER_HEIGHT)
CONFUSION, UNIT = (36, BOTTOM, 210, HEIGHT), (286, BOTTOM)
BARS, OUT = (336, BOTTOM, 86, HEIGHT - 16), (536, BOTTOM, 86, HEIGHT - 16)
ROWS = 10  # bars
#: Of how many classes each count is written.
WRITTEN = 10


class OwnWeightSurgeryScene(WeightSurgeryScene):
    """Shows a layer of a classifier: its units' weights, one of them larger, the confusion matrix and the score.

    classes: how many there are.  image: (rows, columns) of the inputs where they are one, else None.  layouts: where
    weights stand, for each layer that can be shown.
    """

    def __init__(self, figure, classes, image, layouts):
        self.classes, self.image = classes, image
        self._make_score(figure, 1 / classes)
        self._make_units(figure, set(layouts))
        self._make_confusion(figure)
        self._make_unit(figure)
        self.live = [
            self.score, *self.score_bars, self.units, self.frame, self.units_title, self.confusion, self.counts.artist,
            self.unit, self._signs.artist, self.unit_title, self.firing, self.out_title,
            *self.into.live, self.into_names.artist, *self.out.live, self.out_names.artist,
            *(texts.artist for of_layout in self._texts.values() for texts in of_layout.values()),
        ]  # fmt: skip

    def _make_units(self, figure, layouts):
        left, _, width, height = UNITS
        self.page = blank_axes(figure, rect(figure, *UNITS), xlim=(0, width), ylim=(height, 0))
        self.mosaic = self.page
        self.units = self.page.imshow(
            np.zeros((2, 2)), cmap=SIGNED_MAP, vmin=-1, vmax=1, interpolation="none", aspect="auto",
            extent=(0, width, height, 0),
        )  # fmt: skip
        self.page.set(xlim=(0, width), ylim=(height, 0))
        self.units_title = label(self.page, 28 - left, -10, ha="left", size=style.SMALL)
        self.frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.PINK, linewidth=style.BOLD, clip_on=False)
        self.page.add_patch(self.frame)
        self._texts = {layout: self._make_texts(layout) for layout in layouts}
        self._layout = None

    def _make_texts(self, layout):
        colors = {"below": style.INK, "left": style.INK, "cells": style.MAP_INK}
        places = layout.places().items()
        return {name: Numbers(self.page, x, y, ha=side, color=colors[name]) for name, (x, y, side) in places}

    def _make_confusion(self, figure):
        k = self.classes
        axes, self.confusion = cells(figure, CONFUSION, k, k, SIGNED_MAP, (-1.4, 1.4))
        cell_lines(axes, k, k)
        label(axes, 0, -0.07 * k, "True class (row), read as (column)", ha="left", size=style.SMALL)
        stride = 1 if k <= WRITTEN else 5
        for number in range(0, k, stride):
            label(axes, number + 0.5, k * 1.06, str(number), size=style.SMALL)
            label(axes, -0.05 * k, number + 0.5, str(number), size=style.SMALL)
        self.counts = Numbers(axes, *centres(k, k), color=style.MAP_INK)

    def _make_unit(self, figure):
        rows, columns = self.image or (1, 1)
        size = HEIGHT / max(rows, columns)
        axes, self.unit = cells(figure, (*UNIT, columns * size, rows * size), rows, columns, SIGNED_MAP, (-1, 1))
        if max(rows, columns) <= 10:
            cell_lines(axes, rows, columns)
        self._signs = Numbers(axes, *centres(rows, columns), color=style.MAP_INK)
        self._portrait = axes
        self._bars = row_axes(figure, BARS, ROWS)
        self.into = Bars(self._bars, ROWS, least=0.01)
        self.into_names = _row_names(self._bars)
        self._onward = row_axes(figure, OUT, ROWS)
        self.out = Bars(self._onward, ROWS, least=0.01)
        self.out_names = _row_names(self._onward)
        page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, 680), ylim=(460, 0))
        page.set_zorder(2)
        self.unit_title, self.out_title = (label(page, x, BOTTOM - 11, ha="left", size=style.SMALL) for x in (286, 496))
        self.firing = label(page, 286, BOTTOM + HEIGHT + 20, ha="left", size=style.SMALL)

    # --- moving ------------------------------------------------------------------------------------------------------

    def update(self, layer, unit, out, judged, words):
        """Show a network after the operation.

        layer: its `layout`, `W` (n_in, units) of those shown, `texts` (see the layout), `image` (are these weights an
        image?), the `limit` of the colours, and which unit of those shown is in `hand`, from 0.
        unit, out: the weights into it and out of it, `values`, `names`, `texts` (up to ROWS each); judged: `counts`
        (k, k) and the accuracies `before` and `after`. words: `score`, `units`, `unit`, `firing`, `out`.
        """
        self._show_score((judged["before"], judged["after"]), words["score"])
        self._show_layer(**layer)
        self.confusion.set_data(tints(judged["counts"]))
        written = self.classes <= WRITTEN
        self.counts.set_texts(str(n) if n and written else "" for n in judged["counts"].ravel())
        self._show_unit(layer, unit)
        self._show(self._onward, len(out["values"]) > 0)
        self.out.update(*_padded(out["values"], out["texts"]))
        self.out_names.set_texts(_filled(out["names"], ROWS))
        for artist, name in (
            (self.units_title, "units"), (self.unit_title, "unit"), (self.firing, "firing"), (self.out_title, "out"),
        ):  # fmt: skip
            change(artist, text=words[name])

    def _show_layer(self, layout, W, texts, image, limit, hand):
        for shown in (self.units, self.unit):
            if shown.norm.vmax != limit:
                shown.set_clim(-limit, limit)
        if layout != self._layout:
            self._lay_out(layout)
        self.units.set_data(layout.cells(W))
        change(self.frame, bounds=layout.box(hand))
        for name, artist in self._texts[layout].items():
            artist.set_texts(_filled(texts[name], len(artist)))

    def _lay_out(self, layout):
        """Another layer has other places."""
        if self._layout is not None:
            for artist in self._texts[self._layout].values():
                artist.set_texts([""] * len(artist))
        self._layout = layout
        width, height = layout.extent
        self.units.set_extent((0, width, height, 0))
        self.page.set(xlim=(0, UNITS[2]), ylim=(UNITS[3], 0))

    def _show_unit(self, layer, unit):
        image = layer["image"]
        self._show(self._portrait, image)
        self._show(self._bars, not image)
        if image:
            weights = layer["W"][:, layer["hand"]]
            self.unit.set_data(weights.reshape(self.image))
            small = max(self.image) <= 10
            self._signs.set_texts("−" if weight < 0 and small else "" for weight in weights)
        else:
            self.into.update(*_padded(unit["values"], unit["texts"]))
            self.into_names.set_texts(_filled(unit["names"], ROWS))

    def _show(self, axes, visible):
        if axes.get_visible() != visible:
            axes.set_visible(visible)

    def unit_at(self, x, y):
        """Which of the units shown (from 0) lies at data coordinates x, y of `mosaic`."""
        return self._layout.at(x, y)


def _row_names(axes):
    """Texts to the left of the bars."""
    return Numbers(axes, -0.06, np.arange(ROWS), ha="right", transform=axes.get_yaxis_transform())


def _filled(texts, count):
    return [*texts, *[""] * (count - len(texts))]


def _padded(values, texts):
    """Bars and their numbers for all rows; those that are not needed have no length."""
    return np.concatenate([values, np.zeros(ROWS - len(values))]), _filled(texts, ROWS)
