"""The network of Playground: every unit as an image of what it computes, every weight and bias as a line."""

import itertools

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage

from wbviz import style
from wbviz.scenes._axes import change, label
from wbviz.scenes._grid import SIGNED_MAP, Numbers

UNIT, PITCH, STUB = 30, 50, 5  # pixels: the edge of a unit, from one to the next in a column, the line of a bias
LEFT, RIGHT, MIDDLE, TOP = 104, 616, 282, 96  # columns of features and output; their height; that of the headings
MOST_ROWS, MOST_COLUMNS = 8, 8
NEAR = 6  # how near to a line, in pixels, the pointer must be
MANY = 60  # above so many lines they are drawn thinner
_LEVELS = 127
_COLOURS = (SIGNED_MAP(np.linspace(0, 1, 2 * _LEVELS + 1)) * 255).round().astype(np.uint8)


def painted(values, limit):
    """Numbers as colours, from −limit (vermillion) through 0 (white) to limit (blue): uint8, shape (…, 4)."""
    return _COLOURS[(np.clip(values / limit, -1, 1) * _LEVELS + _LEVELS).round().astype(np.uint8)]


class NetworkPicture:
    """Draws features, hidden units and the output in columns. Pixel coordinates, y upwards, of the `page` axes.

    names: the features' names, on or off. What is drawn is told to `update`; `at` says what lies at a point.
    """

    def __init__(self, page, names, height):
        self.page, self._up, self.names = page, height, names
        self._make_lines()
        self.images = [self._image() for _ in range(len(names) + MOST_ROWS * (MOST_COLUMNS - 2) + 1)]
        ys = [self.feature_place(k)[1] for k in range(len(names))]
        self.feature_names = [
            label(page, LEFT - UNIT / 2 - 8, y, name, ha="right") for y, name in zip(ys, names, strict=True)
        ]
        self.headings = [label(page, 0, height - TOP + 16, size=style.SMALL) for _ in range(MOST_COLUMNS)]
        self.value = label(page, 0, 0, boxed=True, zorder=6)
        self.biases = None
        self._shape = self._hand = None
        self._cells = [None] * len(self.images)
        self.live = [
            self.glow, self.positive, self.negative, self.frames, self.hand, self.frozen, *self.images,
            *self.feature_names, *self.headings, self.value,
        ]  # fmt: skip

    def _make_lines(self):
        page = self.page
        self.glow = LineCollection([], colors=style.PINK, zorder=1, capstyle="butt")
        self.positive = LineCollection([], colors=style.POSITIVE, zorder=2, capstyle="butt")
        self.negative = LineCollection(
            [], colors=style.NEGATIVE, zorder=2, capstyle="butt", linestyles=[style.NEGATIVE_DASH]
        )
        self.frames = LineCollection([], colors=style.MUTED, linewidths=style.THIN, zorder=5)
        self.hand = LineCollection([], colors=style.PINK, linewidths=style.BOLD, zorder=5.5)
        for artist in (self.glow, self.positive, self.negative, self.frames, self.hand):
            page.add_collection(artist, autolim=False)
        (self.frozen,) = page.plot([], [], "s", color=style.INK, markersize=4.5, zorder=5.8)

    def _image(self):
        image = AxesImage(self.page, interpolation="none", origin="lower", extent=(0, 1, 0, 1), zorder=4)
        image.set_data(np.zeros((2, 2, 4), np.uint8))
        self.page.add_image(image)
        return image

    # --- where things are -------------------------------------------------------------------------------------------

    def feature_place(self, k):
        """The middle of feature k of all, on or off."""
        return LEFT, self._height(k, len(self.names))

    def _height(self, row, rows):
        return self._up - MIDDLE + PITCH * ((rows - 1) / 2 - row)

    def _arrange(self, features, sizes):
        """Work out all places of a network of these sizes, of whose inputs `features` are the indices."""
        self._shape = (tuple(features), tuple(sizes))
        columns = np.linspace(LEFT, RIGHT, len(sizes))
        self._places = [[self.feature_place(k) for k in features]]
        for x, rows in zip(columns[1:], sizes[1:], strict=True):
            self._places.append([(x, self._height(row, rows)) for row in range(rows)])
        self.lines, ends = [], []
        for layer, (sources, units) in enumerate(itertools.pairwise(self._places)):
            for i, j in itertools.product(range(len(sources)), range(len(units))):
                self.lines.append(("W", layer, i, j))
                (x, y), (to_x, to_y) = sources[i], units[j]
                ends.append([(x + UNIT / 2, y), (to_x - UNIT / 2, to_y)])
            for j, (x, y) in enumerate(units):
                self.lines.append(("b", layer, j))
                ends.append([(x, y - UNIT / 2), (x, y - UNIT / 2 - STUB)])
        self._ends = np.array(ends, float)
        self._is_bias = np.array([place[0] == "b" for place in self.lines])
        self._thick, self._thickest = (1.6, 6.2) if len(self.lines) < MANY else (0.9, 3.0)
        self._arrange_images(columns)

    def _arrange_images(self, columns):
        """Move images, frames, headings and the numbers of the biases to a new network."""
        count = len(self.names)
        places = [self.feature_place(k) for k in range(count)] + list(itertools.chain(*self._places[1:]))
        for image, place in itertools.zip_longest(self.images, places):
            image.set_visible(place is not None)
            if place is not None:
                (x, y), half = place, UNIT / 2
                image.set_extent((x - half, x + half, y - half, y + half))
        self.frames.set_segments([_square(place) for place in places])
        titles = ["inputs", *(f"layer {k}" for k in range(1, len(columns) - 1)), "output"]
        for artist, x, text in itertools.zip_longest(self.headings, columns, titles, fillvalue=""):
            artist.set_text(text)
            if text:
                artist.set_x(x)
        if self.biases is not None:
            self.live.remove(self.biases.artist)
            self.biases.artist.remove()
        under = np.array(list(itertools.chain(*self._places[1:])))
        self.biases = Numbers(self.page, under[:, 0], under[:, 1] - UNIT / 2 - STUB - 7)
        self.live.append(self.biases.artist)

    def at(self, x, y):
        """What lies at a point: ("feature", k), ("unit", layer, j) where layer 0 is the first hidden one or the
        output, a parameter ("W", layer, i, j) or ("b", layer, j), or None."""
        if self._shape is None:
            return None
        for k in range(len(self.names)):
            if _inside((x, y), self.feature_place(k)):
                return "feature", k
        for layer, units in enumerate(self._places[1:]):
            for j, (left, middle) in enumerate(units):
                if _inside((x, y), (left, middle)):
                    return "unit", layer, j
                if abs(x - left) < UNIT / 2 and 0 < middle - UNIT / 2 - y < PITCH - UNIT:
                    return "b", layer, j
        far = _distances(np.array([x, y]), self._ends)
        nearest = int(np.argmin(far))
        return self.lines[nearest] if far[nearest] <= NEAR else None

    # --- what is shown ----------------------------------------------------------------------------------------------

    def update(self, features, sizes, params, *, maps, biases, chosen, frozen, value):
        """Show a network; returns True where artists were replaced.

        features: the indices of the features that are on.  params: flat.  maps: the images of all features, then of
        all units layer by layer: uint8, (cells, cells, 4).  biases: texts, unit by unit.  chosen: the parameter in
        hand, an index; `value` is its text.  frozen: indices of parameters.
        """
        anew = self._shape != (tuple(features), tuple(sizes))
        if anew:
            self._arrange(features, sizes)
        for k, cells in enumerate(maps):
            if self._cells[k] is not cells:  # the features' images are the same array as long as nothing changes
                self._cells[k] = cells
                self.images[k].set_data(cells)
        self.biases.set_texts(biases)
        self._show_lines(np.asarray(params))
        change(self.value, text="" if self.lines[chosen][0] == "b" else value)
        self._show_hand(chosen, tuple(frozen))
        for k, text in enumerate(self.feature_names):
            change(text, color=style.INK if k in features else style.MUTED)
        return anew

    def _show_lines(self, params):
        widths = style.THIN / 2 + np.minimum(self._thick * np.sqrt(np.abs(params)), self._thickest)
        for artist, mine in ((self.positive, params >= 0), (self.negative, params < 0)):
            artist.set_segments(self._ends[mine])
            artist.set_linewidths(widths[mine] if mine.any() else [0])

    def _show_hand(self, chosen, frozen):
        if self._hand == (self._shape, chosen, frozen):
            return
        self._hand = self._shape, chosen, frozen
        _, layer, *units = self.lines[chosen]
        (x, y), (to_x, to_y) = self._ends[chosen]
        self.glow.set_segments([self._ends[chosen]])
        self.glow.set_linewidths([10])
        self.hand.set_segments([_square(self._places[layer + 1][units[-1]])])
        self.frozen.set_data(*self._ends[list(frozen)].mean(axis=1).T)
        change(self.value, position=(x + 0.45 * (to_x - x), y + 0.45 * (to_y - y)))


def _square(place):
    across, up = UNIT / 2 * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
    return np.column_stack([place[0] + across, place[1] + up])


def _inside(point, middle):
    return max(abs(point[0] - middle[0]), abs(point[1] - middle[1])) <= UNIT / 2


def _distances(point, ends):
    """How far a point is from each of many lines: ends (n, 2, 2)."""
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    share = np.clip(((point - start) * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
    return np.hypot(*(start + share[:, None] * along - point).T)
