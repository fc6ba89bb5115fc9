"""A signal through a chain of weights: the chain, and below each node the level that arrives there."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.ticker import FixedLocator, FuncFormatter

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, plot_axes, stepped_limit

MOST = 8
#: Pixels of a node's box, and heights of the chain's rows above its lower edge.
BOX, NODE_Y, BIAS_Y, CHAIN = (51, 28), 74, 24, 130
VALUE_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
#: The plot of the gain reaches at least from 10⁻³ to 10³: both limits, 1/100 and 100, are in view.
DECADES = (3, 6, 9, 12)
DIES, EXPLODES = 0.01, 100.0
LEFT, RIGHT = 60, 8  # pixels beside the axes, the same for chain and plot, so that their nodes stand in line


class SignalChainScene:
    """Draws 1 to 8 links: each multiplies by its weight, adds its bias and applies the activation."""

    def __init__(self, figure):
        self.width, height = figure.get_size_inches() * figure.dpi
        self.inner = self.width - LEFT - RIGHT

        def place(bottom, tall):
            return [LEFT / self.width, bottom / height, self.inner / self.width, tall / height]

        self.chain = blank_axes(figure, place(height - CHAIN, CHAIN), ylim=(0, CHAIN))
        self.plot = plot_axes(figure, place(118, height - CHAIN - 118 - 34), title=" ", xlabel=" ")
        self.foot = blank_axes(figure, [0, 0, 1, 88 / height], xlim=(0, self.width), ylim=(0, 88))
        self._shown = None
        self._make_chain()
        self._make_plot()
        self.words = [label(self.foot, self.width / 2, y) for y in (76, 54, 32, 10)]
        self.live = [
            self.boxes, self.edges, *self.tips, *self.values, *self.weights, *self.biases, *self.marks, self.bars,
            self.ghosts, self.steps, *self.levels, *self.words,
        ]  # fmt: skip

    def _make_chain(self):
        node = {"facecolor": style.PANEL, "edgecolor": style.MUTED, "linewidth": style.LINE}
        self.boxes = PolyCollection([], **node, zorder=2)
        self.edges = LineCollection([], zorder=1, capstyle="butt")
        for artist in (self.boxes, self.edges):
            self.chain.add_collection(artist, autolim=False)
        tip = {"linestyle": "none", "color": style.MUTED, "markersize": 0.75 * style.MARKER, "zorder": 1.5}
        self.tips = [self.chain.plot([], [], marker, **tip)[0] for marker in (">", "^")]
        self.values = [label(self.chain, 0, NODE_Y, size=style.SMALL, zorder=3) for _ in range(MOST + 1)]
        self.weights = [label(self.chain, 0, NODE_Y + 25, size=style.SMALL) for _ in range(MOST)]
        self.biases = [label(self.chain, 0, BIAS_Y - 10, size=style.SMALL) for _ in range(MOST)]
        for y, name in ((NODE_Y + 25, "× w"), (BIAS_Y - 10, "+ b")):
            text = label(self.chain, -0.04, y, name, size=style.SMALL, color=style.MUTED)
            text.set_transform(self.chain.get_yaxis_transform())
        self.marks = [label(self.chain, 0, NODE_Y + 44, size=style.SMALL, weight="bold") for _ in range(2)]

    def _make_plot(self):
        self.plot.axhline(0, color=style.MUTED, linewidth=style.THIN, zorder=1.5)
        self.bars = PolyCollection([], edgecolor=style.INK, linewidth=style.THIN, zorder=2)
        self.plot.add_collection(self.bars, autolim=False)
        self.limits = [self.plot.axhline(y, color=style.GREEN, linestyle=":", linewidth=style.LINE) for y in (-2, 2)]
        ghost = {"markerfacecolor": "none", "markeredgecolor": style.PINK, "markeredgewidth": style.LINE}
        (self.ghosts,) = self.plot.plot([], [], "D", **ghost, markersize=style.MARKER, zorder=3)
        self.steps = LineCollection([], color=style.PINK, linewidth=style.LINE, linestyle=":", zorder=2.5)
        self.plot.add_collection(self.steps, autolim=False)
        self.levels = [label(self.plot, 0, 0, size=style.SMALL, boxed=True, zorder=4) for _ in range(MOST + 1)]

    def update(self, w, b, values, sums, gains, view, words):
        """Show one chain.

        w, b: a weight and a bias for each link; values: the signal at the 1 + links nodes; sums: z of each link, or
        None where the activation changes nothing; gains: d value / d signal at each node; view: "signal" or "gain";
        words: dict of `values`, `weights`, `biases`, `levels` (texts at the bars, or none), `lines` (4 texts), `title`,
        `marks` ({node: text}).
        """
        self._set_frame(len(w), view, np.asarray(values), sums, np.asarray(gains), words["title"])
        self._move_chain([*w, *b], words)
        if view == "gain":
            self._move_bars(_decades(gains, self.reach), gains, words["levels"])
        else:
            self._move_bars(values, values, words["levels"])
        self._move_ghosts(values, sums if view == "signal" else None)
        for artist, line in zip(self.words, words["lines"], strict=True):
            artist.set_text(line)

    def _set_frame(self, links, view, values, sums, gains, title):
        """Axes and what stands still: drawn anew only when the number of links, the view or the range changes."""
        if view == "gain":
            sizes = np.abs(np.log10(np.abs(gains[gains != 0])))
            self.reach = next((d for d in DECADES if sizes.max(initial=0) <= d), DECADES[-1])
        else:
            largest = np.abs([*values, *(() if sums is None else sums)]).max()
            self.reach = stepped_limit(largest, VALUE_STEPS)
        if (links, view, self.reach, title) == self._shown:
            return
        self._shown = (links, view, self.reach, title)
        for axes in (self.chain, self.plot):
            axes.set_xlim(-0.42, links + 0.42)
        self.spacing = self.inner / (links + 0.84)
        self._place_chain(links)
        self.plot.set_ylim(-self.reach * 1.25, self.reach * 1.25)
        self.plot.set_xticks(range(links + 1), ["signal", *(f"after {i}" for i in range(1, links + 1))])
        self.plot.set_title(title, fontsize=style.TEXT, color=style.INK, loc="left", pad=6)
        self._set_scale(view == "gain")

    def _set_scale(self, decades):
        ticks = np.linspace(-self.reach, self.reach, 7 if decades else 5)
        self.plot.yaxis.set_major_locator(FixedLocator(ticks))
        self.plot.yaxis.set_major_formatter(FuncFormatter(_power if decades else _plain))
        for artist in self.limits:
            artist.set_visible(decades)

    def _place_chain(self, links):
        half, inset = np.array([BOX[0] / self.spacing / 2, BOX[1] / 2]), 3 / self.spacing
        nodes = np.arange(links + 1)
        centres = np.stack([nodes, np.full(links + 1, NODE_Y)], axis=1)
        self.boxes.set_verts(centres[:, None] + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half)
        across = [[(i + half[0], NODE_Y), (i + 1 - half[0], NODE_Y)] for i in range(links)]
        upwards = [[(i, BIAS_Y - 2), (i, NODE_Y - half[1])] for i in nodes[1:]]
        self.edges.set_segments(across + upwards)
        self.tips[0].set_data(nodes[1:] - half[0] - inset, np.full(links, NODE_Y))
        self.tips[1].set_data(nodes[1:], np.full(links, NODE_Y - half[1] - 3))

    def _move_chain(self, numbers, words):
        self.edges.set_color([style.signed_colour(v) for v in numbers])
        self.edges.set_linestyle([style.signed_dash(v) for v in numbers])
        self.edges.set_linewidth([style.signed_width(v, 1.3) for v in numbers])
        self._write(self.values, np.arange(MOST + 1), words["values"])
        self._write(self.weights, np.arange(MOST) + 0.5, words["weights"])
        self._write(self.biases, np.arange(MOST) + 1, words["biases"])
        self._write(self.marks, list(words["marks"]), list(words["marks"].values()))

    @staticmethod
    def _write(artists, places, texts):
        for k, artist in enumerate(artists):
            artist.set_visible(k < len(texts))
            if k < len(texts):
                artist.set_text(texts[k])
                if artist.get_position()[0] != places[k]:
                    artist.set_x(places[k])

    def _move_bars(self, heights, signs, texts):
        places = np.arange(len(heights))
        corners = (
            [places - 0.3, 0 * places],
            [places + 0.3, 0 * places],
            [places + 0.3, heights],
            [places - 0.3, heights],
        )
        self.bars.set_verts(np.transpose(corners, (2, 0, 1)))
        self.bars.set_facecolor([style.signed_colour(v) for v in signs])
        self.bars.set_linestyle([style.signed_dash(v) for v in signs])
        self._write(self.levels, places, texts)
        for artist, height in zip(self.levels, heights, strict=False):
            up = 1 if height >= 0 else -1
            artist.set_y(height + up * 0.12 * self.reach)

    def _move_ghosts(self, values, sums):
        self.ghosts.set_visible(sums is not None)
        self.steps.set_visible(sums is not None)
        if sums is not None:
            places = np.arange(1, len(values))
            self.ghosts.set_data(places, sums)
            self.steps.set_segments([[(i, z), (i, a)] for i, z, a in zip(places, sums, values[1:], strict=True)])


def _decades(gains, reach):
    """log₁₀|gain|, kept within the plot; a gain of 0 stands at its lower edge."""
    sizes = np.abs(np.asarray(gains, float))
    return np.clip(np.log10(np.maximum(sizes, 10.0 ** (-reach - 1))), -reach, reach)


def _power(y, _):
    return f"$10^{{{y:.0f}}}$" if y else "1"


def _plain(y, _):
    return f"{y:g}".replace("-", "−")
