"""One neuron: its diagram, the sum as stacked contributions, and the activation curve with the working point."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit, zero_lines

MOST_INPUTS = 3
BIAS = MOST_INPUTS  # the bias has the row below the inputs: the weight of a constant 1
INPUT_X, MIDDLE = 0.75, 3.0
SUM_AT, OUT_AT = (6.6, MIDDLE), (9.6, MIDDLE)
RADIUS = 0.8


class NeuronScene:
    """Draws x, w, b → w·x, b → z → a. `update` moves everything; the scene holds no numbers of its own."""

    def __init__(self, figure):
        self.diagram = blank_axes(figure, [0.0, 0.2, 0.55, 0.8], xlim=(-1.0, 11.3), ylim=(-3.1, 9.1))
        self.sum = plot_axes(figure, [0.63, 0.68, 0.27, 0.24], title="The sum, piece by piece")
        self.curve = plot_axes(figure, [0.63, 0.285, 0.35, 0.25], title="The activation", xlabel="z", ylabel="a")
        self.words = blank_axes(figure, [0.0, 0.0, 1.0, 0.18])
        self._make_diagram()
        self._make_sum()
        self._make_curve()
        self.formula = [label(self.words, 0.5, height) for height in (0.84, 0.5, 0.16)]
        self.live = [
            *self.nodes, *self.inputs, *self.names, self.edges, *self.edge_labels, self.sum_value, self.out_value,
            *self.bars, *self.bar_values, self.working_point, self.drop, self.function,
            *self.formula,
        ]  # fmt: skip

    def _make_diagram(self):
        axes = self.diagram
        self.edges = LineCollection([], zorder=1, capstyle="butt")
        axes.add_collection(self.edges)
        axes.plot([SUM_AT[0], OUT_AT[0]], [MIDDLE, MIDDLE], color=style.MUTED, linewidth=style.LINE, zorder=1)
        arrow = {"arrowstyle": "->", "color": style.MUTED, "linewidth": style.LINE}
        axes.annotate("", (11.3, MIDDLE), (OUT_AT[0] + RADIUS, MIDDLE), arrowprops=arrow)
        bias_node = Rectangle((-RADIUS, -RADIUS), 2 * RADIUS, 2 * RADIUS, **_node())
        self.nodes = [Circle((0, 0), RADIUS, **_node()) for _ in range(MOST_INPUTS)] + [bias_node]
        for node in [*self.nodes, Circle(SUM_AT, RADIUS, **_node()), Circle(OUT_AT, RADIUS, **_node())]:
            axes.add_patch(node)
        self.inputs = [label(axes, INPUT_X, 0, zorder=4) for _ in range(BIAS + 1)]
        self.names = [label(axes, INPUT_X - RADIUS - 0.5, 0, size=style.TEXT, zorder=4) for _ in range(BIAS + 1)]
        self.edge_labels = [label(axes, 0, 0, size=style.SMALL, boxed=True, zorder=3) for _ in range(BIAS + 1)]
        self.sum_value, self.out_value = label(axes, *SUM_AT, zorder=4), label(axes, *OUT_AT, zorder=4)
        label(axes, SUM_AT[0], MIDDLE + 1.3, "sum z")
        label(axes, OUT_AT[0], MIDDLE + 1.3, "output a")

    def _make_sum(self):
        zero_lines(self.sum, y=False)
        self.bars = [
            Rectangle((0, 0), 0, 0.62, zorder=2, edgecolor=style.INK, linewidth=style.THIN) for _ in range(BIAS + 2)
        ]
        for bar in self.bars:
            self.sum.add_patch(bar)
        self.bar_values = [label(self.sum, 1.03, 0, size=style.SMALL, ha="left") for _ in self.bars]
        for text in self.bar_values:
            text.set_transform(self.sum.get_yaxis_transform())
        self.sum.spines["left"].set_visible(False)
        self.sum.tick_params(left=False)
        self._rows = self._limit = None

    def _make_curve(self):
        zero_lines(self.curve)
        self._drawn = None
        (self.function,) = self.curve.plot([], [], color=style.INK, linewidth=style.LINE)
        (self.drop,) = self.curve.plot([], [], color=style.PINK, linewidth=style.LINE, linestyle="dotted")
        (self.working_point,) = self.curve.plot([], [], "o", color=style.PINK, markersize=style.MARKER + 1)

    def update(self, x, w, b, z, a, activation, words):
        """Show one neuron.

        x, w: sequences of 1 to 3 numbers; b, z, a: numbers; activation: name and function of z; words: a dict with
        `numbers` (a function number → text) and `formula` (three lines of text).
        """
        parts = [*(wi * xi for wi, xi in zip(w, x, strict=True)), b]
        self._move_diagram(x, w, b, z, a, words["numbers"])
        self._move_sum(parts, z, words["numbers"])
        self._move_curve(z, a, activation)
        for artist, line in zip(self.formula, words["formula"], strict=True):
            change(artist, text=line)

    def _move_diagram(self, x, w, b, z, a, text):
        count = len(x)
        rows = (MIDDLE + np.linspace(1, -1, count + 1) * (4.6 if count > 1 else 3.0)).tolist()
        weights, segments = [*w, b], []
        names = [*(f"x{_sub(i)}" for i in range(count)), "1"]
        for slot in range(BIAS + 1):
            index = count if slot == BIAS else slot
            shown = slot == BIAS or slot < count
            for artist in (self.nodes[slot], self.inputs[slot], self.names[slot], self.edge_labels[slot]):
                change(artist, visible=shown)
            if not shown:
                continue
            y = rows[index]
            self._place(slot, y, names[index], x[index] if index < count else None, text)
            start = (INPUT_X, y)
            segments.append([start, SUM_AT])
            at = [s + 0.46 * (e - s) for s, e in zip(start, SUM_AT, strict=True)]
            symbol = "b" if slot == BIAS else f"w{_sub(index)}"
            change(self.edge_labels[slot], position=tuple(at), text=f"{symbol} = {text(weights[index])}")
        change(self.edges, segments=segments)
        change(self.edges, color=[style.signed_colour(v) for v in weights])
        change(self.edges, linestyle=[style.signed_dash(v) for v in weights])
        change(self.edges, linewidth=[style.signed_width(v) for v in weights])
        change(self.sum_value, text=text(z))
        change(self.out_value, text=text(a))

    def _place(self, slot, y, name, value, text):
        node = self.nodes[slot]
        if slot == BIAS:
            change(node, xy=(INPUT_X - RADIUS, y - RADIUS))
        else:
            change(node, center=(INPUT_X, y))
        change(self.inputs[slot], position=(INPUT_X, y), text="1" if value is None else text(value))
        change(self.names[slot], position=(INPUT_X - RADIUS - 0.5, y), text="" if value is None else name)

    def _move_sum(self, parts, z, text):
        count = len(parts)
        ends = np.cumsum([0.0, *parts]).tolist()
        self._set_rows(count, stepped_limit(max(map(abs, ends)) * 1.02))
        for index, bar in enumerate(self.bars):
            shown = index < count or index == len(self.bars) - 1
            total = index == len(self.bars) - 1
            change(bar, visible=shown)
            change(self.bar_values[index], visible=shown)
            if not shown:
                continue
            row, value = (0, z) if total else (count - index, parts[index])
            start = 0.0 if total else ends[index]
            colour = style.PINK if total else style.signed_colour(value)
            change(bar, xy=(start, row - 0.31), width=value, facecolor=colour, linestyle=style.signed_dash(value))
            change(self.bar_values[index], position=(1.03, row), text=text(value))

    def _set_rows(self, count, limit):
        if (count, limit) == (self._rows, self._limit):
            return
        self._rows, self._limit = count, limit
        self.sum.set_xlim(-limit, limit)
        self.sum.set_ylim(-0.6, count + 0.6)
        names = ["z", "b", *(f"w{_sub(i)}x{_sub(i)}" for i in reversed(range(count - 1)))]
        self.sum.set_yticks(range(count + 1), names)

    def _move_curve(self, z, a, activation):
        name, function = activation
        limit = stepped_limit(z)
        if (name, limit) != self._drawn:
            self._drawn = (name, limit)
            self._draw_function(limit, name, function)
        self.drop.set_data([z, z, -limit], [self.curve.get_ylim()[0], a, a])
        self.working_point.set_data([z], [a])

    def _draw_function(self, limit, name, function):
        grid = np.linspace(-limit, limit, 401)
        values = function(grid)
        low, high = min(values.min(), 0.0), max(values.max(), 1.0)
        margin = 0.08 * (high - low)
        self.curve.set_title(f"The activation: {name.replace('_', ' ')}", fontsize=style.TEXT, loc="left")
        self.curve.set_xlim(-limit, limit)
        self.curve.set_ylim(low - margin, high + margin)
        self.function.set_data(grid, values)


def _node():
    return {"facecolor": style.PANEL, "edgecolor": style.MUTED, "linewidth": style.LINE, "zorder": 2}


def _sub(index):
    return "₁₂₃"[index]
