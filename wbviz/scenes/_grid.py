"""Grids of cells and rows of bars with their numbers: what the pictures of images and tables are made of."""

import re
from functools import lru_cache

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from wbviz import style
from wbviz.scenes._axes import plot_axes, stepped_limit

#: Negative vermillion, zero white, positive blue; empty (NaN) cells stay clear.
SIGNED_MAP = LinearSegmentedColormap.from_list("signed", style.DIVERGING_COLOURS).with_extremes(bad=(0, 0, 0, 0))
#: Ink on paper, from none to full; the same in both themes, as images are.
INK_MAP = LinearSegmentedColormap.from_list("ink", (style.PAPER, style.INK))

#: Where axes and colours may end: steps of about 1.4, so that most of the room is used and nothing jumps about.
LIMITS = tuple(round(n * 10.0**k, 3) for k in range(-2, 6) for n in (1, 1.5, 2, 3, 4, 5, 7))
BAR = 0.7  # height of a bar in a row of height 1
LETTERS = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
BELOW = 12  # pixels from an axis down to the middle of its numbers


def rect(figure, left, top, width, height):
    """A place in pixels from the upper left of the figure, as matplotlib's fractions from the lower left."""
    across, up = figure.get_size_inches() * style.DPI
    return [left / across, 1 - (top + height) / up, width / across, height / up]


def cells(figure, place, rows, columns, colour_map, limits):
    """An image of rows × columns cells at `place` (see `rect`): cell (r, c) spans x from c to c + 1, y from r to r + 1.

    Returns the axes (y downwards, no ticks) and the image, whose data are set with `set_data`.
    """
    axes = figure.add_axes(rect(figure, *place), facecolor="none")
    image = axes.imshow(
        np.zeros((rows, columns)), cmap=colour_map, norm=Normalize(*limits), interpolation="none", aspect="auto",
        extent=(0, columns, rows, 0),
    )  # fmt: skip
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes, image


def cell_lines(axes, rows, columns):
    """Thin lines between the cells and around them."""
    for line in range(columns + 1):
        axes.plot([line, line], [0, rows], color=style.FAINT, linewidth=style.THIN, clip_on=False, zorder=1.5)
    for line in range(rows + 1):
        axes.plot([0, columns], [line, line], color=style.FAINT, linewidth=style.THIN, clip_on=False, zorder=1.5)


def centres(rows, columns):
    """The middles of all cells, row by row: x and y, each of length rows × columns."""
    y, x = np.mgrid[:rows, :columns] + 0.5
    return x.ravel(), y.ravel()


def row_axes(figure, place, count):
    """Axes for `count` rows of bars at `place`: row k, counted from the top, lies at y = k."""
    axes = plot_axes(figure, rect(figure, *place))
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=style.MUTED, linewidth=style.THIN, zorder=0.5)
    return axes


class Numbers:
    """Many short texts as one artist: a hundred numbers cost as much as one path.

    x, y: where they stand, in the coordinates of `transform` (default: the data of `axes`), which must not change
    afterwards. ha: "left", "center" or "right". `set_texts` takes one text for each place.
    """

    def __init__(self, axes, x, y, *, ha="center", size=style.SMALL, color=style.INK, transform=None):
        figure = axes.figure
        at = (transform or axes.transData).transform(np.column_stack(np.broadcast_arrays(x, y)).astype(float))
        self._at = at / figure.dpi  # in inches, like the size of the text
        self._size, self._shift = size / 72, {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
        self._texts = None
        self.artist = PathPatch(
            Path(*_joined()), facecolor=color, edgecolor="none", linewidth=0, zorder=3, clip_on=False, snap=False
        )
        self.artist.set_transform(figure.dpi_scale_trans)
        axes.add_artist(self.artist)

    def __len__(self):
        return len(self._at)

    def set_texts(self, texts):
        """Write one text at each place; nothing is drawn anew where all are the same as before."""
        texts = list(texts)
        if texts == self._texts:
            return
        self._texts = texts
        shapes, codes, widths = zip(*map(_glyphs, texts), strict=True) if texts else ((), (), ())
        places = self._at.copy()
        places[:, 0] -= self._shift * self._size * np.array(widths)
        vertices, codes = _joined(shapes, codes)
        vertices = vertices * self._size + np.repeat(places, [len(shape) for shape in shapes], axis=0)
        self.artist.set_path(Path(vertices, codes))
        self.artist.stale = True  # set_path does not say so itself


class Bars:
    """Signed horizontal bars, one in each row of `row_axes`, with a number beside each.

    The axis ends at a round number, `limit`. The bars are drawn as shares of it on an axis from −1 (or 0, if
    `one_sided`) to 1, and its ends are written as live numbers: so a new limit costs no more than a new value.
    at: where the numbers stand, in fractions of the width; least: the smallest limit; scale: is the axis written?
    """

    def __init__(self, axes, count, *, at=1.04, one_sided=False, least=0.01, scale=True):
        low = 0 if one_sided else -1
        axes.set_xlim(low, 1)
        self.limit, self._limits = None, tuple(limit for limit in LIMITS if limit >= least)
        self.bars = PolyCollection([], linewidths=style.THIN, edgecolors=style.INK, zorder=2, snap=True)
        axes.add_collection(self.bars, autolim=False)
        self.numbers = Numbers(axes, at, np.arange(count), ha="left", transform=axes.get_yaxis_transform())
        self.live = [self.bars, self.numbers.artist]
        self._ends = None
        if scale:
            places = [low, 1] if one_sided else [low, 0, 1]
            axes.set_xticks(places, [""] * len(places))
            below = -BELOW / axes.bbox.height
            self._ends = Numbers(axes, places, below, transform=axes.get_xaxis_transform())
            self.live.append(self._ends.artist)
        else:
            axes.set_xticks([])

    def update(self, values, texts, colours=None, limit=None):
        """Show `values` with `texts`; the axis goes as far as the values need, in steps, or to `limit`."""
        values = np.asarray(values, dtype=float)
        self.limit = limit or stepped_limit(np.abs(values).max(), self._limits)
        rows, ends = np.arange(len(values)), values / self.limit
        low, high, zero = rows - BAR / 2, rows + BAR / 2, np.zeros(len(values))
        outline = np.stack([[zero, low], [ends, low], [ends, high], [zero, high]]).transpose(2, 0, 1)
        self.bars.set_verts(outline, closed=False)  # the axis closes them; open paths are quicker to draw
        self.bars.set_facecolor(colours or [style.signed_colour(value) for value in values])
        self.bars.set_linestyle([style.signed_dash(value) for value in values])
        self.numbers.set_texts(texts)
        if self._ends is not None:
            end = f"{self.limit:g}"
            self._ends.set_texts(([f"−{end}"] if len(self._ends) == 3 else []) + ["0", end])


def text_width(text, size):
    """How wide a text of `Numbers` is, in pixels of the page; size: in points."""
    return _glyphs(text)[2] * size / 72 * style.DPI


@lru_cache(maxsize=1024)
def _glyphs(text):
    """The outline of a text of size 1, its digits centred on y = 0, as vertices and codes, and its width.

    It is set character by character, without kerning: numbers change often, their characters do not. An accent that
    is a character of its own stays with the letter before it.
    """
    shapes, codes, pens, pen, width = [], [], [], 0.0, 0.0
    for character in LETTERS.findall(text):
        vertices, kinds, ink, advance = _character(character)
        if len(kinds):
            shapes.append(vertices)
            codes.append(kinds)
            pens.append(pen)
            width = pen + ink
        pen += advance
    vertices, codes = _joined(shapes, codes)
    vertices[:, 0] += np.repeat(pens, [len(shape) for shape in shapes])
    return vertices, codes, width


@lru_cache(maxsize=512)
def _character(character):
    """The outline of a character of size 1: vertices, codes, where it ends, and how far the next one is from it."""
    near, far = (TextPath((0, 0), f"|{between}|", size=100).vertices[:, 0].max() for between in ("", character))
    advance = float(far - near) / 100
    if not character.strip():
        return np.empty((0, 2)), np.empty(0, dtype=Path.code_type), 0.0, advance
    path = TextPath((0, 0), character, size=100)
    vertices = path.vertices / 100 - [0, 0.365]
    return vertices, path.codes, float(vertices[:, 0].max()), advance


def _joined(shapes=(), codes=()):
    """The vertices of all shapes, and their codes, in one array each."""
    return np.concatenate([np.empty((0, 2)), *shapes]), np.concatenate([np.empty(0, dtype=Path.code_type), *codes])


def tints(counts):
    """A confusion matrix as signed tints: the square root of the share of its row, positive where right (on the
    diagonal), negative where wrong. counts: (k, k) whole numbers; an empty row gives zeros."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.where(np.eye(len(counts), dtype=bool), 1, -1) * np.sqrt(share)
