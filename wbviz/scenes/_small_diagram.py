"""The diagram of a network of up to 16 units a layer: their values as numbers, the weights as lines."""

import itertools

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import label
from wbviz.scenes._diagram import BOX, Columns
from wbviz.scenes._grid import Numbers

UNIT = (40, 16)  # pixels: a unit holds five characters such as −0.52
NAME = 18  # pixels to the left of a unit, for its number
LEFT, RIGHT = 46, 66  # left free beside the first and the last column: for names, and for the number of a bias


class SmallDiagram(Columns):
    """As Diagram, for networks with too many weights for a number at each: only that of the one in hand is written.

    The weights into the unit of this step have their colours, the one in hand is dotted, the others are pale. Units of
    a layer are numbered: the head of the column says which layer it is. Places are named as in Diagram.
    """

    near = 5

    def __init__(self, axes, names, *, margin=0):
        super().__init__(axes, names, LEFT, RIGHT, _heights)
        self.lines = [
            ("W", layer, i, j)
            for layer, (n_in, n_out) in enumerate(itertools.pairwise(self.sizes))
            for i in range(n_in)
            for j in range(n_out)
        ]
        self._ends = np.array([self.ends(line) for line in self.lines])
        self._make_artists()

    def _make_artists(self):
        look = {"capstyle": "butt"}
        self.edges = LineCollection(self._ends, zorder=1, colors=style.FAINT, linewidths=0.5, **look)
        self.glow = LineCollection([], colors=style.PINK, zorder=1.5, linewidths=7, **look)
        self.fan = LineCollection([], zorder=2, **look)
        self.line = LineCollection([], zorder=2.2, colors=style.INK, linewidths=1.2, linestyles="dotted")
        places = np.array([self.place(*unit[1:]) for unit in self.units])
        self.nodes = PatchCollection([_box(place, UNIT) for place in places], zorder=3)
        self.box = Rectangle((0, 0), *BOX, facecolor=style.PAPER, edgecolor="none", zorder=4)
        for artist in (self.edges, self.glow, self.fan, self.line, self.nodes):
            self.axes.add_collection(artist, autolim=False)
        self.axes.add_patch(self.box)
        self.values = Numbers(self.axes, *places.T)
        self.values.artist.set_zorder(3.5)
        self.held = label(self.axes, 0, 0, size=style.SMALL, zorder=5)
        for (_, layer, j), (x, y) in zip(self.units, places, strict=True):
            name = self.names[layer][j] if layer == 0 or self.sizes[layer] == 1 else str(j + 1)
            label(self.axes, x - UNIT[0] / 2 - 3, y, name, ha="right", size=style.SMALL, zorder=2.6)
        self.live = [
            self.edges, self.glow, self.fan, self.line, self.nodes, self.values.artist, self.box, self.held,
        ]  # fmt: skip

    # --- where things are -------------------------------------------------------------------------------------------

    def ends(self, line):
        """Where the line of a weight begins and ends: beside the boxes of its units, and beside their names."""
        _, layer, i, j = line
        (x, y), (to_x, to_y) = self.place(layer, i), self.place(layer + 1, j)
        return (x + UNIT[0] / 2, y), (to_x - UNIT[0] / 2 - NAME, to_y)

    def spot(self, place):
        """Where the number of a parameter stands when it is in hand: on its line, or to the right of its unit."""
        if place[0] == "b":
            x, y = self.place(place[1] + 1, place[2])
            return np.array([x + UNIT[0] / 2 + BOX[0] / 2 + 3, y])
        start, end = np.array(self.ends(place))
        middle = start + 0.4 * (end - start)
        return np.maximum(middle, [start[0] + BOX[0] / 2 + 3, 0])  # beside the value of the unit before

    def at(self, x, y):
        """What lies at a point of the axes: a weight, a unit, or None."""
        for unit in self.units:
            dx, dy = np.abs(np.subtract((x, y), self.place(*unit[1:])))
            if dx <= UNIT[0] / 2 and dy <= UNIT[1] / 2:
                return unit
        return self.nearest((x, y))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def update(self, net, values, *, marked=(), dimmed=(), held):
        """Show each unit's text, the weights into the unit that `marked` is about, and the number of `held`."""
        layer, unit = _target(marked)
        fan = [k for k, line in enumerate(self.lines) if (line[1], line[-1]) == (layer, unit)]
        weights = [float(net.weights[layer][self.lines[k][2], unit]) for k in fan]
        self.fan.set_segments([self._ends[k] for k in fan])
        self.fan.set_color([style.signed_colour(value) for value in weights] or [style.FAINT])
        self.fan.set_linewidths([0.7 * style.signed_width(value) for value in weights] or [0])
        self.fan.set_linestyles([style.signed_dash(value) for value in weights] or ["solid"])
        self.glow.set_segments([self._ends[k] for k in fan if self.lines[k] in marked])
        rims = [style.PINK if u in marked else style.FAINT if u in dimmed else style.INK for u in self.units]
        self.nodes.set_facecolor(style.PANEL)
        self.nodes.set_edgecolor(rims)
        self.nodes.set_linewidth([style.LINE if rim == style.PINK else style.THIN for rim in rims])
        self.values.set_texts(itertools.chain(*values))
        self._hold(net, held)

    def _hold(self, net, held):
        x, y = self.spot(held)
        self.line.set_segments([self.ends(held)] if held[0] == "W" else [])
        self.box.set_xy((x - BOX[0] / 2, y - BOX[1] / 2))
        kind, layer, *units = held
        number = (net.weights if kind == "W" else net.biases)[layer][tuple(units)]
        self.held.set_position((x, y))
        self.held.set_text(_number(float(number)))


def _target(marked):
    """The layer of weights and the unit that a step works on; none at the inputs."""
    for kind, layer, *units in marked:
        if kind in "Wb":
            return layer, units[-1]
    units = [place for place in marked if place[0] == "a" and place[1] > 0]
    return (units[0][1] - 1, units[0][2]) if units else (-1, -1)


def _heights(count, height):
    gap = min((height - UNIT[1] - 4) / max(count - 1, 1), 44)
    return height / 2 + gap * ((count - 1) / 2 - np.arange(count))


def _box(place, size):
    return Rectangle((place[0] - size[0] / 2, place[1] - size[1] / 2), *size)


def _number(value):
    text = f"{value:.{2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
