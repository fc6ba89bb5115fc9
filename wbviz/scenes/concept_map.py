"""A map of concepts: their relations as lines, those of one of them lit and numbered, and said below."""

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label
from wbviz.scenes._grid import Numbers, text_width
from wbviz.scenes._routes import routes

#: Pixels: from box to box; the first one; the room around the text in a box, and its height with one line and two.
PITCH, FIRST, ROOM, HEIGHTS = np.array([113, 46]), np.array([59, 41]), 12, (21, 31)
#: The areas of the first rows lie above those of the others, a little apart; and so far does an area reach.
ABOVE, APART, HEAD, FOOT = 3, 28, 36, 20
#: What is said below the map: how many lines, where, how far apart.
LINES, TOP, LEADING = 10, 404, 14.5
BADGE, ARROW = 7, (8, 3.5)


class ConceptMapScene:
    """Boxes in areas, an area for each part; a line for each relation, which bows around the boxes in its way.

    nodes: (lines of text, column, row) each.  edges: pairs of numbers of nodes.  loose: the numbers of the edges that
    are dashed.  parts: name → (column, row, columns, rows) of its area.
    """

    def __init__(self, figure, nodes, edges, loose, parts):
        width, height = figure.get_size_inches() * style.DPI
        self.axes = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.boxes = tuple((*_place(column, row), *_half(lines)) for lines, column, row in nodes)
        self.paths, self.spots = routes(self.boxes, tuple(edges), (width, height), BADGE)
        self._loose = frozenset(loose)
        self._make_areas(parts)
        self._make_lines()
        self._make_nodes(nodes)
        self._make_words(height)
        self.live = [
            *self.areas.values(), self.lit, self.heads, self.nodes, self.pale.artist, self.dark.artist,
            self.badges, self.numbers.artist, self.title, self.said.artist,
        ]  # fmt: skip

    def _make_areas(self, parts):
        self.areas = {}
        for name, (column, row, columns, rows) in parts.items():
            x, y = _place(column, row) - [PITCH[0] / 2 - 1, HEAD]
            size = columns * PITCH[0] - 3, HEAD + (rows - 1) * PITCH[1] + FOOT
            self.areas[name] = self.axes.add_patch(Rectangle((x, y), *size, facecolor=style.PANEL, zorder=0))
            behind = {"facecolor": style.PANEL, "edgecolor": "none", "pad": 1}
            label(self.axes, x + 8, y + 9, name, size=style.SMALL, ha="left", zorder=2, bbox=behind)

    def _make_lines(self):
        still = LineCollection(self.paths, colors=style.FAINT, linewidths=style.THIN, capstyle="butt", zorder=1)
        self.lit = LineCollection([], colors=style.INK, capstyle="butt", zorder=1.5)
        self.heads = PolyCollection([], facecolor=style.INK, edgecolor="none", zorder=1.6)
        for artist in (still, self.lit, self.heads):
            self.axes.add_collection(artist, autolim=False)

    def _make_nodes(self, nodes):
        shapes = [
            FancyBboxPatch((x - dx, y - dy), 2 * dx, 2 * dy, boxstyle="round,pad=0,rounding_size=6")
            for x, y, dx, dy in self.boxes
        ]
        self.nodes = self.axes.add_collection(PatchCollection(shapes, zorder=3), autolim=False)
        self._texts = [(k, text) for k, (lines, _, _) in enumerate(nodes) for text in lines]
        shifts = np.concatenate([6.5 * np.arange(1 - len(lines), len(lines), 2) for lines, _, _ in nodes])
        x, y = np.array([self.boxes[k][:2] for k, _ in self._texts]).T
        y = y + shifts
        self.pale, self.dark = Numbers(self.axes, x, y, color=style.MUTED), Numbers(self.axes, x, y)
        circles = [Circle(spot, BADGE) for spot in self.spots]
        self.badges = self.axes.add_collection(PatchCollection(circles, zorder=4), autolim=False)
        self.numbers = Numbers(self.axes, *self.spots.T)
        for numbers, zorder in ((self.pale, 3.5), (self.dark, 3.5), (self.numbers, 4.5)):
            numbers.artist.set_zorder(zorder)

    def _make_words(self, height):
        self.title = label(self.axes, 10, TOP - 18, size=style.TITLE, weight="bold", ha="left")
        self.said = Numbers(self.axes, 10, TOP + LEADING * np.arange(LINES), ha="left")
        hint = "Click or arrows: choose. Shift and click: way to. Enter: open its figure. V: hide the verbs"
        label(self.axes, 10, height - 9, hint, size=style.SMALL, color=style.MUTED, ha="left")

    def at(self, x, y):
        """The number of the node at a point of the axes, or None."""
        for k, (left, top, dx, dy) in enumerate(self.boxes):
            if abs(x - left) <= dx and abs(y - top) <= dy:
                return k
        return None

    def update(self, near, ends, lit, numbered, marked, words):
        """Show what is around one concept.

        near: for each node how many steps it is from the chosen one, None where it is not lit.  ends: the chosen node,
        and the one to which a way leads, if any.  lit: the numbers of edges to draw dark; numbered: those among them
        that have a number, in order.  marked: the name of a part, or "".  words: `title` and `said`, LINES lines.
        """
        for name, area in self.areas.items():
            on = name == marked
            change(area, edgecolor=style.INK if on else style.FAINT, linewidth=style.LINE if on else style.THIN)
        self._show_lines(sorted(lit), numbered)
        self._show_nodes(near, ends)
        change(self.title, text=words["title"])
        self.said.set_texts(words["said"])

    def _show_lines(self, lit, numbered):
        thick = set(numbered)
        self.lit.set_segments([self.paths[k] for k in lit])
        self.lit.set_linewidths([style.LINE if k in thick else style.THIN for k in lit] or [0])
        self.lit.set_linestyles([(0, (3, 2)) if k in self._loose else "solid" for k in lit] or ["solid"])
        self.heads.set_verts([_head(self.paths[k]) for k in lit if k not in self._loose])
        order = {k: str(number) for number, k in enumerate(numbered, 1)}
        clear = (0, 0, 0, 0)
        self.badges.set_facecolor([style.PAPER if k in order else clear for k in range(len(self.paths))])
        self.badges.set_edgecolor([style.INK if k in order else clear for k in range(len(self.paths))])
        self.badges.set_linewidth(style.THIN)
        self.numbers.set_texts([order.get(k, "") for k in range(len(self.paths))])

    def _show_nodes(self, near, ends):
        self.nodes.set_facecolor([style.HIGHLIGHT if k in ends else style.PAPER for k in range(len(near))])
        self.nodes.set_edgecolor([style.FAINT if steps is None else style.INK for steps in near])
        widths = {None: style.THIN, 0: style.BOLD, 1: style.LINE}
        self.nodes.set_linewidth([widths.get(steps, style.THIN) for steps in near])
        self.dark.set_texts(text if near[k] is not None else "" for k, text in self._texts)
        self.pale.set_texts(text if near[k] is None else "" for k, text in self._texts)


def _place(column, row):
    """The middle of a box, in pixels from the upper left."""
    return FIRST + PITCH * [column, row] + [0, APART * (row >= ABOVE)]


def _half(lines):
    """Half the width and half the height of the box of some lines of text."""
    width = max(text_width(text, style.SMALL) for text in lines)
    return (width + ROOM) / 2, HEIGHTS[len(lines) - 1] / 2


def _head(path):
    """The head of an arrow at the end of a line."""
    length, half = ARROW
    tip = path[-1]
    back = next((point for point in path[::-1] if np.hypot(*(point - tip)) >= length), path[0])
    along = (tip - back) / max(np.hypot(*(tip - back)), 1e-9)
    base, aside = tip - length * along, half * np.array([-along[1], along[0]])
    return np.array([tip, base + aside, base - aside])
