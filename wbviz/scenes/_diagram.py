"""The diagram of a small network: units, the weights between them, and each unit's bias as the weight of a constant."""

import itertools

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Circle, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, label
from wbviz.scenes._grid import Numbers, rect

RADIUS = 21  # pixels: a unit holds five characters such as −0.52
STUB = 13  # length of the line that brings the bias into its unit from below
BOX = (38, 14)  # paper behind a number


class Columns:
    """Where the units of a network stand in axes without a frame, whose coordinates are pixels: a column a layer.

    names: the names of the units, layer by layer.  left, right: pixels beside the first and the last column.
    heights: a function of a layer's number of units and the height of the axes → the height of each unit.
    Places have the names of the engine: ("W", layer, i, j), ("b", layer, j), and ("a", layer, j) for unit j of a layer,
    of which 0 holds the inputs. A subclass names its `lines` and says where the `ends` of one are.
    """

    near = 7  # how near to a line, in pixels, the pointer must be

    def __init__(self, axes, names, left, right, heights):
        self.axes, self.names = axes, names
        self.sizes = [len(layer) for layer in names]
        width, height = axes.bbox.width, axes.bbox.height
        axes.set(xlim=(0, width), ylim=(0, height))
        self.columns = np.linspace(left, width - right, len(names))
        self._heights = [heights(n, height) for n in self.sizes]
        self.units = [("a", layer, j) for layer, n in enumerate(self.sizes) for j in range(n)]

    def place(self, layer, unit):
        """The middle of a unit, in pixels of the axes."""
        return self.columns[layer], self._heights[layer][unit]

    def nearest(self, point):
        """The line that a point lies on, or None."""
        far = [distance(point, *ends) for ends in self._ends]
        nearest = int(np.argmin(far))
        return self.lines[nearest] if far[nearest] <= self.near else None


class Diagram(Columns):
    """A network of up to about 4 × 5 units with all its numbers, in axes without a frame.

    A weight is a line as thick as the square root of its size, blue and solid from zero up, vermillion and dashed
    below, with its number. The bias comes into its unit from below, drawn as a weight is.

    names: the names of the units, layer by layer.  margin: pixels left free at the left and right.
    """

    def __init__(self, axes, names, *, margin=70):
        super().__init__(axes, names, margin, margin, _heights)
        self.lines = list(self._parameters())
        self._ends = np.array([self.ends(place) for place in self.lines])
        self._spots = np.array([self.spot(place) for place in self.lines])
        self._make_artists()

    def _parameters(self):
        for layer, (n_in, n_out) in enumerate(itertools.pairwise(self.sizes)):
            yield from (("W", layer, i, j) for i in range(n_in) for j in range(n_out))
            yield from (("b", layer, j) for j in range(n_out))

    def _make_artists(self):
        axes = self.axes
        self.glow = LineCollection([], colors=style.PINK, zorder=1, capstyle="butt")
        self.edges = LineCollection(self._ends, zorder=2, capstyle="butt")
        circles = [Circle(self.place(layer, j), RADIUS) for _, layer, j in self.units]
        self.nodes = PatchCollection(circles, zorder=3)
        width, height = BOX
        boxes = [Rectangle((x - width / 2, y - height / 2), width, height) for x, y in self._spots]
        self.boxes = PatchCollection(boxes, zorder=2.5)
        for artist in (self.glow, self.edges, self.boxes, self.nodes):
            axes.add_collection(artist, autolim=False)
        self.numbers = Numbers(axes, *self._spots.T)
        centres = np.array([self.place(layer, j) for _, layer, j in self.units])
        self.values = Numbers(axes, *centres.T)
        for name, (x, y) in zip(itertools.chain(*self.names), centres, strict=True):
            label(axes, x - 0.7 * RADIUS, y + RADIUS, name, ha="right", boxed=True, zorder=2.6)
        self.live = [self.glow, self.edges, self.boxes, self.nodes, self.numbers.artist, self.values.artist]

    # --- where things are -------------------------------------------------------------------------------------------

    def ends(self, place):
        """Where the line of a parameter begins and ends."""
        kind, layer, *units = place
        x, y = self.place(layer + 1, units[-1])
        if kind == "b":
            return (x, y - RADIUS - STUB), (x, y - RADIUS)
        (from_x, from_y), far = self.place(layer, units[0]), RADIUS
        length = np.hypot(x - from_x, y - from_y)
        along = np.array([x - from_x, y - from_y]) / length
        return tuple(np.array([from_x, from_y]) + far * along), tuple(np.array([x, y]) - far * along)

    def spot(self, place):
        """Where the number of a parameter stands: on its line, staggered, so that no two of them meet."""
        kind, layer, *units = place
        start, end = np.array(self.ends(place))
        if kind == "b":
            return start - [0, BOX[1] / 2]
        n_in, n_out = self.sizes[layer : layer + 2]
        if n_in <= n_out:
            nearest = 0.60 if n_in == 1 else 0.68
            share = nearest - 0.42 * units[0] if n_in < 3 else 0.85 - 0.6 * units[0] / (n_in - 1)
        else:
            share = 0.24 + (0.3 * units[1] if n_out < 3 else 0.6 * units[1] / (n_out - 1))
        return start + share * (end - start)

    def at(self, x, y):
        """What lies at a point of the axes: a parameter, a unit, or None."""
        here = np.array([x, y])
        width, height = BOX
        for place, spot in zip(self.lines, self._spots, strict=True):
            if abs(here - spot)[0] <= width / 2 and abs(here - spot)[1] <= height / 2:
                return place
        for unit in self.units:
            if np.hypot(*(here - self.place(*unit[1:]))) <= RADIUS:
                return unit
        return self.nearest(here)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def update(self, net, values, *, marked=(), dimmed=(), digits=2):
        """Show the weights and biases of `net`, and in each unit its text.

        values: texts, layer by layer.  marked: places to draw attention to, with a wide pink line behind a weight, a
        pink rim around a unit or number.  dimmed: places that do not count yet, in grey and without their number.
        """
        params = [float(value) for value in net.params]
        marked, dimmed = set(marked), set(dimmed)
        shown = [place not in dimmed for place in self.lines]
        widths = [style.signed_width(value) for value in params]
        colours = [style.signed_colour(value) if on else style.FAINT for value, on in zip(params, shown, strict=True)]
        self._set("edges", (tuple(widths), tuple(colours)), self._paint_edges, params, widths, colours)
        lit = [k for k, place in enumerate(self.lines) if place in marked]
        self._set("glow", (tuple(lit), tuple(widths)), self._paint_glow, lit, widths)
        self._set("boxes", (tuple(lit), tuple(shown)), self._paint_boxes, lit, shown)
        rims = tuple(unit in marked for unit in self.units), tuple(unit in dimmed for unit in self.units)
        self._set("nodes", rims, self._paint_nodes, *rims)
        self.numbers.set_texts(_number(value, digits) if on else "" for value, on in zip(params, shown, strict=True))
        self.values.set_texts(itertools.chain(*values))

    def _set(self, what, key, paint, *arguments):
        """Paint only what differs from the last time."""
        shown = vars(self).setdefault("_shown", {})
        if shown.get(what) != key:
            shown[what] = key
            paint(*arguments)

    def _paint_edges(self, params, widths, colours):
        self.edges.set_color(colours)
        self.edges.set_linewidths(widths)
        self.edges.set_linestyles([style.signed_dash(value) for value in params])

    def _paint_glow(self, lit, widths):
        self.glow.set_segments([self._ends[k] for k in lit])
        self.glow.set_linewidths([widths[k] + 7 for k in lit] or [0])

    def _paint_boxes(self, lit, shown):
        clear = (0, 0, 0, 0)
        self.boxes.set_facecolor([style.PAPER if on else clear for on in shown])
        self.boxes.set_edgecolor([style.PINK if k in lit else clear for k in range(len(shown))])
        self.boxes.set_linewidth(style.LINE)

    def _paint_nodes(self, marked, dimmed):
        rims = [style.PINK if on else style.FAINT if off else style.INK for on, off in zip(marked, dimmed, strict=True)]
        self.nodes.set_facecolor(style.PANEL)
        self.nodes.set_edgecolor(rims)
        self.nodes.set_linewidth([style.BOLD if on else style.THIN * 1.5 for on in marked])


class Diagrams(dict):
    """Diagrams of several networks at one place of a figure, by name; one of them, `shown`, is in view.

    place: see `rect`.  names: for each network the names of its units, layer by layer.  kind: of the diagrams.
    """

    def __init__(self, figure, place, names, margin, kind=Diagram):
        for name, units in names.items():
            self[name] = kind(blank_axes(figure, rect(figure, *place)), units, margin=margin)
            self[name].axes.set_visible(False)
        self.live = [artist for diagram in self.values() for artist in diagram.live]
        self.shown = None

    def show(self, name):
        """Bring one of them into view, and return it."""
        if self.shown is not self[name]:
            for other, diagram in self.items():
                diagram.axes.set_visible(other == name)
            self.shown = self[name]
        return self.shown

    def at(self, x, y):
        """What lies at a pixel of the figure, counted from its lower left (see Diagram.at), or None."""
        axes = self.shown.axes
        if not axes.bbox.contains(x, y):
            return None
        return self.shown.at(*axes.transData.inverted().transform((x, y)))


def _heights(count, height):
    """The heights of the units of a layer, the first at the top; room for names above and biases below."""
    top, bottom = height - RADIUS - 20, RADIUS + STUB + BOX[1] + 2
    gap = min((top - bottom) / max(count - 1, 1), 150)
    middle = (top + bottom) / 2
    return middle + gap * ((count - 1) / 2 - np.arange(count))


def distance(point, start, end):
    """How far a point is from a line between two ends."""
    along = np.subtract(end, start)
    share = np.clip(np.dot(point - np.array(start), along) / np.dot(along, along), 0, 1)
    return np.hypot(*(point - (np.array(start) + share * along)))


def _number(value, digits):
    """A number with a true minus sign; from 10 up one decimal less, so that it keeps to its box."""
    text = f"{value:.{digits - (abs(value) >= 10 - 0.5 / 10**digits)}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
