"""A small ReLU network on points of two classes: the hinge of each unit, who fires when, and a map of dead units."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import SIGNED_MAP, Numbers, cells, centres, rect
from wbviz.scenes._plane import answer_map, bare_plane, class_marker

#: The plane reaches from −LIMIT to LIMIT; the network's answer is given at CELLS × CELLS places.
LIMIT, CELLS = 2.0, 48
GRID = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) * 2 * LIMIT / CELLS - LIMIT] * 2), axis=-1).reshape(-1, 2)
#: Places in pixels from the upper left.
PLANE, TIMES, MAP = (16, 94, 270, 270), (40, 408, 246, 40), (410, 342, 252, 105)
ROWS = 101 + 17 * np.arange(12)
COLUMNS = (322, 436, 530, 546)  # where names begin, two columns of numbers end, and the last of words begins
#: How a unit is drawn that fires, that does not but has a gradient, and that is dead.
LOOKS = (
    {"color": style.BLUE, "linestyle": "solid"},
    {"color": style.GREEN, "linestyle": (0, (6, 2, 1, 2))},
    {"color": style.VERMILLION, "linestyle": (0, (4, 2))},
)
HEIGHTS = (0.42, 0.25, 0.1)  # half the height of their bars in the picture of all steps
ON_MAP = (style.MAP_INK, style.MAP_INK, style.VERMILLION)


class DeadReLUScene:
    """Left the points, the hinges z = 0 on them and who fires step by step; right the units and the map."""

    rows, columns = ROWS, COLUMNS

    def __init__(self, figure, rates, biases):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_plane(figure)
        self._make_times(figure)
        self._make_units()
        self._make_map(figure, rates, biases)
        self.live = [
            self.heading, *self.says, self.image, *self.classes, *self.hinges, *self.sides, self.chosen, self.row,
            self.names.artist, self.fires.artist, self.gradients.artist, self.states.artist, *self.bars, self.place,
            self.since, self.last, self.map, self.counts.artist, *self.here, self.map_title,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, text="", size=style.SMALL, **kwargs):
            return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

        self.heading = line(16, 18, size=style.TITLE, weight="bold")
        self.says = [line(16, y, size=style.TEXT) for y in (41, 60)]
        line(16, 82, "Each unit's hinge z = 0; ticks: where z > 0")
        colours = (style.INK, style.INK, style.VERMILLION)
        for x, look, color, text in zip((20, 84, 218), LOOKS, colours, NAMES, strict=True):
            self.page.plot([x, x + 24], [376, 376], **look | {"color": color}, linewidth=style.LINE)
            line(x + 29, 376, text)
        line(16, 397, "By step: high bars fire, thin ones are dead")
        line(16, 476, "Click hinges, rows, cells; drag here. Keys: ← → ↑ ↓", color=style.MUTED)
        self.map_title = line(COLUMNS[0], 318)
        line(COLUMNS[0], 335, "bias")
        line(MAP[0] + MAP[2], 474, "learning rate", ha="right")

    def _make_plane(self, figure):
        self.plane = bare_plane(figure, PLANE)
        ends = (-LIMIT, LIMIT)
        self.image = answer_map(self.plane, ends)
        self.plane.set(xlim=ends, ylim=ends)
        self.classes = [self.plane.plot([], [], **class_marker(k, 5.5), zorder=2)[0] for k in (0, 1)]
        looks = [look | {"color": color} for look, color in zip(LOOKS, ON_MAP, strict=True)]
        self.hinges = [LineCollection([], **_lines(look), linewidth=style.LINE, zorder=3) for look in looks]
        self.sides = [LineCollection([], colors=look["color"], linewidth=1.2, zorder=3) for look in looks]
        self.chosen = LineCollection([], colors=style.MAP_INK, linewidth=6, alpha=0.25, zorder=2.5)
        for lines in (*self.hinges, *self.sides, self.chosen):
            self.plane.add_collection(lines, autolim=False)

    def _make_times(self, figure):
        self.times = plot_axes(figure, rect(figure, *TIMES))
        self.times.spines["left"].set_visible(False)
        self.times.set_yticks([])
        self.bars = [PolyCollection([], facecolor=look["color"], linewidth=0, zorder=2) for look in LOOKS]
        for bars in self.bars:
            self.times.add_collection(bars, autolim=False)
        self.since = Rectangle((0, -1), 0, 20, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0)
        self.times.add_patch(self.since)
        (self.place,) = self.times.plot([], [], color=style.INK, linewidth=style.LINE, zorder=3)
        label(self.page, TIMES[0] - 6, TIMES[1] + 4, "h₁", size=style.SMALL, ha="right")
        self.last = label(self.page, TIMES[0] - 6, TIMES[1] + TIMES[3] - 5, size=style.SMALL, ha="right")
        self._steps = None

    def _make_units(self):
        self.row = Rectangle((COLUMNS[0] - 6, 0), 356, 17, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0)
        self.page.add_patch(self.row)
        for x, ha, text in zip(COLUMNS, ("left", "right", "right", "left"), HEADS, strict=True):
            label(self.page, x, 84, text, size=style.SMALL, ha=ha, color=style.MUTED)
        sides = ("left", "right", "right", "left")
        made = [Numbers(self.page, x, ROWS, ha=ha) for x, ha in zip(COLUMNS, sides, strict=True)]
        self.names, self.fires, self.gradients, self.states = made

    def _make_map(self, figure, rates, biases):
        shape = len(biases), len(rates)
        axes, self.map = cells(figure, MAP, *shape, SIGNED_MAP, (-1.3, 1.3))
        for lines, count, end in ((axes.hlines, *shape), (axes.vlines, *shape[::-1])):
            lines(range(count + 1), 0, end, color=style.FAINT, linewidth=style.THIN, clip_on=False, zorder=1.5)
        self.counts = Numbers(axes, *centres(*shape), color=style.MAP_INK)
        # Seen on the light cells of the map and, where they are empty, on paper of either theme.
        edges = ((style.INK, 4.0), (style.MAP_INK, 1.6))
        self.here = [Rectangle((0, 0), 1, 1, facecolor="none", edgecolor=c, linewidth=w, zorder=4) for c, w in edges]
        for outline in self.here:
            outline.set_clip_on(False)
            axes.add_patch(outline)
        down = MAP[1] + MAP[3] * (np.arange(shape[0]) + 0.5) / shape[0]
        for y, bias in zip(down, biases, strict=True):
            label(self.page, MAP[0] - 8, y, f"{bias:g}".replace("-", "−"), size=style.SMALL, ha="right")
        for x, rate in zip(MAP[0] + MAP[2] * (np.arange(shape[1]) + 0.5) / shape[1], rates, strict=True):
            label(self.page, x, MAP[1] + MAP[3] + 10, f"{rate:g}", size=style.SMALL)
        self.cells = axes

    def update(self, plane, units, times, counts, words):
        """Show a network.

        plane: `answers` (CELLS, CELLS), probabilities of class 1, and `classes`, two arrays of places.
        units: `W` (2, n), `b` (n,), `state` (n,) of 0 fires, 1 does not, 2 dead, and `chosen`, the one in hand, from 0.
        times: `state` (steps, n), `at`, and `since`, from where the cure is on, or None.
        counts: `share` (biases, rates), NaN where not measured, `texts` of all cells, `here` (row, column) or None.
        words: `heading`, `says` (2), `map`, and lists for the units: `names`, `fires`, `gradients`, `states`.
        """
        change(self.heading, text=words["heading"])
        for artist, text in zip(self.says, words["says"], strict=True):
            change(artist, text=text)
        change(self.map_title, text=words["map"])
        empty = [""] * (len(ROWS) - len(words["names"]))
        for name in ("names", "fires", "gradients", "states"):
            getattr(self, name).set_texts([*words[name], *empty])
        self.image.set_data(plane["answers"])
        for artist, places in zip(self.classes, plane["classes"], strict=True):
            artist.set_data(*places.T)
        self._show_units(**units)
        self._show_times(**times)
        self.map.set_data(-counts["share"])
        self.counts.set_texts(counts["texts"])
        row, column = counts["here"] or (0, 0)
        for outline in self.here:
            change(outline, visible=counts["here"] is not None, xy=(column, row))

    def _show_units(self, W, b, state, chosen):
        lines = [hinge(w, bias) for w, bias in zip(W.T, b, strict=True)]
        for k, (hinges, sides) in enumerate(zip(self.hinges, self.sides, strict=True)):
            seen = [(line, w) for line, w, s in zip(lines, W.T, state, strict=True) if s == k and len(line)]
            hinges.set_segments([line for line, _ in seen])
            sides.set_segments([tick for line, w in seen for tick in _ticks(line, w)])
        self.chosen.set_segments([lines[chosen]] if len(lines[chosen]) else [])
        change(self.row, xy=(COLUMNS[0] - 6, ROWS[chosen] - 8.5))

    def _show_times(self, state, at, since):
        steps, count = len(state) - 1, state.shape[1]
        if self._steps != (steps, count):
            self._steps = steps, count
            self.times.set(xlim=(0, steps), ylim=(count - 0.4, -0.6))
            self.times.set_xticks(np.linspace(0, steps, 5))
        for k, bars in enumerate(self.bars):
            unit, begin, end = _runs(state == k)
            low, high = unit - HEIGHTS[k], unit + HEIGHTS[k]
            bars.set_verts(np.stack([[begin, low], [end, low], [end, high], [begin, high]]).transpose(2, 0, 1))
        change(self.since, bounds=(since or 0, -1, 0 if since is None else steps - since, 20))
        self.place.set_data([at, at], [-0.6, count - 0.4])
        change(self.last, text=f"h{str(count).translate(SUBSCRIPTS)}")


NAMES = ("fires", "no, but learns", "dead")
HEADS = ("unit", "fires on", "gradient", "")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def hinge(w, b):
    """The ends, (2, 2), of the part of w·x + b = 0 that lies in the plane shown; empty where none does."""
    size = float(np.hypot(*w))
    if size == 0 or abs(b) / size > LIMIT * np.sqrt(2):
        return np.empty((0, 2))
    foot, along = -w * b / size**2, np.array([-w[1], w[0]]) / size
    low, high = -np.inf, np.inf
    for place, slope in zip(foot, along, strict=True):  # the lengths at which the line enters and leaves each strip
        if slope:
            ends = sorted(((-LIMIT - place) / slope, (LIMIT - place) / slope))
            low, high = max(low, ends[0]), min(high, ends[1])
        elif abs(place) > LIMIT:
            return np.empty((0, 2))
    return foot + np.outer([low, high], along) if low < high else np.empty((0, 2))


def _ticks(line, w):
    """Three short strokes from a hinge to the side on which its unit fires."""
    places = line[0] + np.outer([0.25, 0.5, 0.75], line[1] - line[0])
    return np.stack([places, places + 0.09 * w / np.hypot(*w)], axis=1)


def _runs(marks):
    """Where the columns of a table of booleans (steps, n) are true: (column, first step, last step + 1) of each run."""
    edges = np.diff(np.pad(marks, ((1, 1), (0, 0))).astype(int), axis=0)
    unit, begin = np.nonzero(edges.T == 1)
    return unit, begin, np.nonzero(edges.T == -1)[1]


def _lines(look):
    return {"colors": look["color"], "linestyles": [look["linestyle"]]}
