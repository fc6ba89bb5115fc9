"""The scene of `wbviz.scenes.neuron` with bqplot's marks: a peer of the latency benchmark, as a bqplot user writes it.

Three figures (diagram, sum, activation) and the formula; marks are made once, and only what changed is set.
"""

import itertools

import bqplot
import ipywidgets
import numpy as np

from wbviz import style
from wbviz.engine import ACTIVATIONS

SUM, OUT, INPUT_X, ROWS = (6.6, 3.0), (9.6, 3.0), 0.75, (7.6, 3.0, -1.6)


class BqplotNeuron:
    """Shows a `wbviz.Neuron` of two inputs; `widget` is what to display, `update()` moves it."""

    def __init__(self, neuron):
        self.neuron = neuron
        diagram = self._figure((363, 360), (-1.0, 11.3), (-3.1, 9.1), [])
        self._make_diagram(diagram)
        sums = self._figure((297, 180), (-6, 6), (-0.6, 3.6), ["x", "y"], "The sum, piece by piece")
        self._make_sum(sums)
        curve = self._figure((297, 180), (-6, 6), (-0.08, 1.08), ["x", "y"], "The activation: sigmoid")
        self._make_curve(curve)
        words = self._figure((660, 90), (0, 1), (0, 1), [])
        self.formula = self._add(words, bqplot.Label, x=[0.1] * 3, y=[0.84, 0.5, 0.16], colors=[style.INK])
        right = ipywidgets.VBox([sums, curve])
        self.widget = ipywidgets.VBox([ipywidgets.HBox([diagram, right]), words])
        self.update()

    def _figure(self, size, xlim, ylim, axes, title=""):
        width, height = (f"{pixels}px" for pixels in size)
        scales = {
            "x": bqplot.LinearScale(min=xlim[0], max=xlim[1]),
            "y": bqplot.LinearScale(min=ylim[0], max=ylim[1]),
        }
        margin = {"top": 24, "bottom": 24, "left": 30, "right": 30} if axes else dict.fromkeys(_SIDES, 0)
        made = bqplot.Figure(title=title, animation_duration=0, fig_margin=margin)
        made.layout.width, made.layout.height, made.layout.min_width = width, height, width
        sides = {"x": "horizontal", "y": "vertical"}
        made.axes = [bqplot.Axis(scale=scales[name], orientation=sides[name], num_ticks=5) for name in axes]
        made.wbviz_scales = scales
        return made

    def _add(self, figure, mark, **settings):
        if mark is bqplot.Label:
            settings["text"] = [" "] * len(settings["x"])
        made = mark(scales=figure.wbviz_scales, **settings)
        figure.marks = [*figure.marks, made]
        return made

    def _make_diagram(self, figure):
        ends = zip([INPUT_X] * 3, ROWS, strict=True)
        self.edges = [self._add(figure, bqplot.Lines, x=[x, SUM[0]], y=[y, SUM[1]]) for x, y in ends]
        self._add(figure, bqplot.Lines, x=[SUM[0], 11.3], y=[3.0, 3.0], colors=[style.MUTED])
        nodes = {"colors": [style.PANEL], "stroke": style.MUTED, "default_size": 900}
        self._add(figure, bqplot.Scatter, x=[INPUT_X] * 2 + [6.6, 9.6], y=[*ROWS[:2], 3.0, 3.0], **nodes)
        self._add(figure, bqplot.Scatter, x=[INPUT_X], y=[ROWS[2]], marker="square", **nodes)
        x, y = [INPUT_X] * 3 + [-0.55] * 3, [*ROWS, *ROWS]
        between = [SUM[1] * 0.46 + row * 0.54 for row in ROWS]
        x, y = [*x, *[3.4] * 3, SUM[0], OUT[0], SUM[0], OUT[0]], [*y, *between, 3.0, 3.0, 4.3, 4.3]
        self.labels = self._add(figure, bqplot.Label, x=x, y=y, align="middle", colors=[style.INK], default_size=12)

    def _make_sum(self, figure):
        self.bars = self._add(figure, bqplot.Lines, x=np.zeros((4, 2)), y=np.zeros((4, 2)), stroke_width=18)
        self.values = self._add(figure, bqplot.Label, x=[6.1] * 4, y=[3, 2, 1, 0], colors=[style.INK], default_size=11)

    def _make_curve(self, figure):
        grid = np.linspace(-6, 6, 401)
        self._add(figure, bqplot.Lines, x=grid, y=ACTIVATIONS["sigmoid"].f(grid), colors=[style.INK])
        self.drop = self._add(figure, bqplot.Lines, x=[0], y=[0], colors=[style.PINK], line_style="dotted")
        self.point = self._add(figure, bqplot.Scatter, x=[0], y=[0], colors=[style.PINK])

    def update(self):
        """Show the neuron as it is now."""
        n = self.neuron
        (z, a), weights = n.output(), [*n.w, n.b]
        text = "{:.2f}".format
        for edge, weight in zip(self.edges, weights, strict=True):
            _set(edge, colors=[style.signed_colour(weight)], stroke_width=style.signed_width(weight))
            _set(edge, line_style="solid" if weight >= 0 else "dashed")
        values = [*map(text, n.x), "1", "x₁", "x₂", "", *(f"w = {text(w)}" for w in weights), text(z), text(a)]
        _set(self.labels, text=[*values, "sum z", "output a"])
        parts = [*(w * x for w, x in zip(n.w, n.x, strict=True)), n.b]
        ends = np.cumsum([0.0, *parts])
        spans = np.array([*itertools.pairwise(ends), (0.0, z)])
        colours = [*map(style.signed_colour, parts), style.PINK]
        _set(self.bars, x=spans, y=np.repeat([[3.0], [2.0], [1.0], [0.0]], 2, axis=1), colors=colours)
        _set(self.values, text=[*map(text, parts), text(z)])
        _set(self.drop, x=[z, z, -6.0], y=[0.0, a, a])
        _set(self.point, x=[z], y=[a])
        _set(self.formula, text=list(n._formula(z, a)))


_SIDES = ("top", "bottom", "left", "right")


def _set(mark, **values):
    """Set the traits of a mark that differ, as one message."""
    with mark.hold_sync():
        for name, value in values.items():
            if not np.array_equal(getattr(mark, name), value):
                setattr(mark, name, np.asarray(value) if name in ("x", "y", "text") else value)
