"""Two inputs, a plane: the neuron's output as a map, the line z = 0, its normal w, and the points to be answered."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, plot_axes
from wbviz.scenes._plane import answer_map, class_marker

#: Both inputs are shown from LOW to HIGH.
LOW, HIGH = -1.5, 2.5
#: The arrow is drawn at a fifth of the length of w, so that it stays in the plane.
ARROW = 0.2
CELLS = 60
_centres = LOW + (np.arange(CELLS) + 0.5) * (HIGH - LOW) / CELLS
#: The places where the map shows the output, row by row from the lower left: shape (CELLS², 2).
GRID = np.stack(np.meshgrid(_centres, _centres), axis=-1).reshape(-1, 2)
#: Paper under text on the map, which is light in both themes.
MAP_PAPER = style.DIVERGING_COLOURS[2]
PLANE, SIDE = 350, 244  # pixels: the edge of the plane, the width of the words on the right
COLUMNS = (10, 40, 80, 126, 169, 211)


def line_span(w, b, level=0.0, margin=0.0):
    """The ends of the line w·x + b = level inside the plane, shape (2, 2), or None where it does not pass through.

    `margin` is how far inside the edges of the plane to stay. With w pointing up, the first end is on the right.
    """
    w = np.asarray(w, float)
    if not w.any():
        return None
    start, along = (level - b) * w / (w @ w), np.array([-w[1], w[0]]) / np.hypot(*w)
    span = _inside(start, along, margin)
    return None if span is None else start + np.outer(span, along)


def _inside(start, along, margin=0.0):
    """The stretch (from, to) of start + t·along that lies in the plane, or None."""
    low, high = -np.inf, np.inf
    for place, slope in zip(start, along, strict=True):
        ends = LOW + margin - place, HIGH - margin - place
        if abs(slope) < 1e-12:
            if ends[0] > 0 or ends[1] < 0:
                return None
            continue
        low, high = max(low, min(end / slope for end in ends)), min(high, max(end / slope for end in ends))
    return (low, high) if low < high else None


def arrow_base(w, b, near):
    """Where the arrow w stands: the place on the line next to `near` at which all of it is in view, or None."""
    if line_span(w, b) is None:
        return None
    w, near = np.asarray(w, float), np.asarray(near, float)
    start, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.hypot(*w)
    span = _inside(start, along)
    tip = _inside(start + ARROW * w, along, 0.06)
    if tip and max(span[0], tip[0]) <= min(span[1], tip[1]):
        span = max(span[0], tip[0]), min(span[1], tip[1])
    return start + np.clip((near - start) @ along, *span) * along


class DecisionLineScene:
    """Draws the plane and, beside it, the formula, the points and how many are answered right."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * figure.dpi
        place = [42 / width, 62 / height, PLANE / width, PLANE / height]
        self.plane = plot_axes(figure, place, title="The output a: 0 orange, 1 blue", xlabel="x₁")
        self.plane.set_ylabel("x₂", rotation=0, labelpad=4)
        self.plane.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH), xticks=range(-1, 3), yticks=range(-1, 3))
        left = width - SIDE
        self.side = blank_axes(figure, [left / width, 0, SIDE / width, 1], xlim=(0, SIDE), ylim=(0, height))
        self.foot = blank_axes(figure, [0, 0, 1, 24 / height])
        self._make_map()
        self._make_line()
        self._make_points()
        self._make_words(height)
        self._make_legend()
        self.live = [
            self.map, self.line, *self.margins, self.distance, self.distance_name, self.arrow,
            self.arrow_name, *self.classes, self.rings, self.cursor, self.notice, *self.words, *self.table,
            self.verdict, self.loss, self.hint, self.paint,
        ]  # fmt: skip

    def _make_map(self):
        self.map = answer_map(self.plane, (LOW, HIGH), CELLS)

    def _make_line(self):
        self.plane.plot([0], [0], "+", color=style.MAP_INK, markersize=9, zorder=1)
        (self.line,) = self.plane.plot([], [], color=style.MAP_INK, linewidth=style.BOLD, zorder=3)
        self.margins = [self.plane.plot([], [], **_margin(sign, style.MAP_INK), zorder=2)[0] for sign in (-1, 1)]
        (self.distance,) = self.plane.plot([], [], color=style.MAP_INK, linewidth=style.LINE, linestyle=":", zorder=2)
        self.distance_name = self._on_map()
        self.arrow = FancyArrowPatch(
            (0, 0), (0, 0), arrowstyle="-|>", mutation_scale=20, shrinkA=0, shrinkB=0, linewidth=2.0,
            facecolor=style.PINK, edgecolor=style.MAP_INK, zorder=6,
        )  # fmt: skip
        self.plane.add_patch(self.arrow)
        self.arrow_name = self._on_map("w")
        self.notice = self._on_map()
        self.notice.set_position(((LOW + HIGH) / 2, HIGH - 0.25))

    def _on_map(self, text=""):
        box = {"facecolor": MAP_PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.75}
        return label(self.plane, 0, 0, text, size=style.SMALL, color=style.MAP_INK, bbox=box, zorder=4)

    def _make_points(self):
        self.classes = [self.plane.plot([], [], **_marker(k), zorder=5)[0] for k in (0, 1)]
        (self.rings,) = self.plane.plot([], [], **_ring(style.MAP_INK), zorder=5)
        cross = {"color": style.MAP_INK, "markersize": 30, "markeredgewidth": 1.2}
        (self.cursor,) = self.plane.plot([], [], "+", **cross, zorder=5.5)

    def _make_words(self, height):
        def line(place, size=style.TEXT, **kwargs):
            return label(self.side, 10, height - place, size=size, ha="left", **kwargs)

        self.words = [line(24, weight="bold"), *(line(place) for place in (46, 74, 96, 124, 152))]
        top = height - 180
        self.table = [label(self.side, x, top, size=style.SMALL, va="top", linespacing=1.45) for x in COLUMNS]
        self.verdict = line(306, size=style.TITLE, weight="bold")
        self.loss = line(330, size=style.SMALL)
        self.hint = label(self.foot, 0.5, 0.5, size=style.SMALL, color=style.MUTED)

    def _make_legend(self):
        entries = (
            (0, 0, _marker(0), "class 0"), (0, 1, _marker(1), "class 1"), (1, 0, _ring(style.INK, 13), "wrong"),
            (2, 0, _margin(1, style.INK), "z = 1"), (2, 1, _margin(-1, style.INK), "z = −1"),
        )  # fmt: skip
        top = self.side.get_ylim()[1] - 356
        for row, column, look, name in entries:
            x, y = 18 + 82 * column, top - 23 * row
            places = [x - 10, x + 10] if row == 2 else [x]
            self.side.add_line(Line2D(places, [y] * len(places), **look))
            label(self.side, x + 16, y, name, size=style.SMALL, ha="left")
        self.paint = label(self.side, 92, top - 23, size=style.SMALL, ha="left")

    def update(self, w, b, pivot, output, points, wrong, cursor, words):
        """Show one neuron and its points.

        w, b, pivot: two weights, the bias, and a place next to which the arrow stands; output: a at every place of
        GRID; points: shape (n, 3), each x₁, x₂, class; wrong: n booleans; cursor: a place or None; words: a dict of
        `lines` (6), `columns` (6), `verdict`, `loss`, `hint`, `paint`, `distance` and `notice`.
        """
        points = np.reshape(points, (-1, 3))
        self.map.set_data(np.reshape(output, (CELLS, CELLS)))
        w, base = np.asarray(w, float), arrow_base(w, b, pivot)
        self._move_lines(w, b)
        self._move_arrow(w, base)
        self._move_points(points, np.asarray(wrong, bool), cursor)
        taken = points[:, :2] if cursor is None else [*points[:, :2], cursor]
        self._place_names(w, base, taken, words["distance"])
        self._say(words)

    def _move_lines(self, w, b):
        _draw(self.line, line_span(w, b))
        for sign, artist in zip((-1, 1), self.margins, strict=True):
            _draw(artist, line_span(w, b, sign))
        foot = -b * w / (w @ w) if w.any() else np.array([np.inf, np.inf])
        seen = foot.min() >= LOW and foot.max() <= HIGH
        _draw(self.distance, np.array([[0, 0], foot]) if seen else None)

    def _move_arrow(self, w, base):
        self.arrow.set_visible(base is not None)
        if base is not None:
            self.arrow.set_positions(base, base + ARROW * w)

    def _place_names(self, w, base, taken, distance):
        """Put w and the distance next to what they name, clear of the places `taken` and of each other."""
        length = max(np.hypot(*w), 1e-9)
        up, along = w / length, np.array([-w[1], w[0]]) / length
        boxes, by_tip, by_distance = [(*place, 0.13, 0.13) for place in taken], [], []
        if base is not None:
            boxes += [(*(base + share * ARROW * w), 0.06, 0.06) for share in (0, 0.5, 1)]
            by_tip = [base + ARROW * w + step for step in (0.18 * up, 0.2 * along, -0.2 * along)]
        if self.distance.get_visible():
            foot, aside = self.distance.get_xydata()[-1], (0.16 + 0.14 * abs(up[1])) * along
            by_distance = [share * foot + side * aside for share in (0.5, 0.75, 0.25) for side in (-1, 1)]
        self.distance_name.set_text(distance)
        _place(self.arrow_name, by_tip, boxes)
        _place(self.distance_name, by_distance, boxes)

    def _move_points(self, points, wrong, cursor):
        for k, artist in enumerate(self.classes):
            _draw(artist, points[points[:, 2] == k, :2])
        _draw(self.rings, points[wrong, :2])
        _draw(self.cursor, None if cursor is None else np.array([cursor]))

    def _say(self, words):
        for artists, texts in ((self.words, words["lines"]), (self.table, words["columns"])):
            for artist, text in zip(artists, texts, strict=True):
                artist.set_text(text)
        for name in ("verdict", "loss", "hint", "paint"):
            getattr(self, name).set_text(words[name])
        self.notice.set_text(words["notice"])
        self.notice.set_visible(bool(words["notice"]))


def _draw(artist, places):
    artist.set_visible(places is not None and len(places) > 0)
    if artist.get_visible() and not np.array_equal(artist.get_xydata(), places):
        artist.set_data(places[:, 0], places[:, 1])


def _place(name, places, boxes):
    """Move a name to the first of `places` that is clear of `boxes` (x, y, half width, half height); or hide it."""
    name.set_visible(len(places) > 0)
    if not places:
        return
    half = np.array([0.01 + 0.042 * len(name.get_text()), 0.09])
    places = [np.clip(place, LOW + half + 0.04, HIGH - half - 0.04) for place in places]
    x, y, wide, high = np.reshape(boxes, (-1, 4)).T
    clear = [not ((abs(x - u) < wide + half[0]) & (abs(y - v) < high + half[1])).any() for u, v in places]
    place = places[clear.index(True) if any(clear) else 0]
    name.set_position(place)
    boxes.append((*place, *half))


def _marker(k):
    return class_marker(k, style.MARKER + 3, markeredgewidth=1.2)


def _margin(sign, colour):
    return {"color": colour, "linewidth": style.THIN, "linestyle": "solid" if sign > 0 else "dashed"}


def _ring(colour, size=19):
    return {
        "marker": "o", "markersize": size, "markerfacecolor": "none", "markeredgecolor": colour, "markeredgewidth": 2.0,
        "linestyle": "none",
    }  # fmt: skip
