"""A deep network, layer by layer: its activations on the way forward, its gradients on the way back, and the loss."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import Numbers, rect

#: Places in pixels from the upper left: activations and gradients, each above its strip of exact zeros, and the loss.
LEFT, WIDTH = 58, 384
FORWARD, FORWARD_ZEROS = (LEFT, 84, WIDTH, 100), (LEFT, 196, WIDTH, 12)
BACK, BACK_ZEROS = (LEFT, 237, WIDTH, 100), (LEFT, 349, WIDTH, 12)
LOSS, SHAPE = (LEFT, 408, WIDTH, 42), (476, 368, 186, 72)
#: The column of numbers at the right, and the middles of its rows.
COLUMN, END = 466, 672
ROWS = 82 + 19 * np.arange(12)
#: Powers of ten at which an axis may end.
BELOW = (2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 330)
ABOVE = (0, 1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 310)
TICKS = (1, 2, 4, 8, 16, 32, 64, 128)
TOPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 50, 100)
REACHES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
BAR = 0.38  # half the width of a layer
#: The lines of the gradients: of the weights, of the biases, and of the sums z.
NORMS = (
    {"color": style.BLUE, "linestyle": "solid", "marker": "o"},
    {"color": style.VERMILLION, "linestyle": (0, (4, 2)), "marker": "s"},
    {"color": style.GREEN, "linestyle": "dotted", "marker": "^"},
)
DIGITS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class GradientFlowScene:
    """Left, a column for each layer: sizes of what goes forward and of what comes back, on scales of powers of ten.

    A light bar holds 90 % of the sizes that are not 0, a dark one half of them; the share of exact zeros, which such a
    scale cannot show, stands in a strip of its own below. Right, the numbers of the layer in hand.
    """

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self.forward = _Layers(figure, FORWARD, FORWARD_ZEROS, NORMS[:1])
        self.back = _Layers(figure, BACK, BACK_ZEROS, NORMS)
        self._make_loss(figure)
        self._make_shape(figure)
        self.live = [
            self.heading, self.verdict, self.names.artist, self.values.artist, *self.forward.live, *self.back.live,
            self.curve, self.dot, self.loss_title, self.shape, self.shape_title, *self.ends,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, text="", size=style.SMALL, **kwargs):
            return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

        self.heading = line(14, 18, size=style.TITLE, weight="bold")
        self.verdict = line(14, 41, size=style.TEXT)
        line(14, 68, "Forward: sizes |a| of activations")
        line(14, 221, "Back: sizes |∂L/∂w|")
        for _, top, _, height in (FORWARD_ZEROS, BACK_ZEROS):
            line(LEFT - 8, top + height / 2, "are 0", ha="right")
        self._key(300, 68, NORMS[0], "length ‖a‖")
        for x, look, name in zip((170, 262, 352), NORMS, ("‖∂L/∂W‖", "‖∂L/∂b‖", "‖delta‖"), strict=True):
            self._key(x, 221, look, name)
        self.loss_title = line(14, 396)
        self.names = Numbers(self.page, COLUMN, ROWS, ha="left")
        self.values = Numbers(self.page, END, ROWS, ha="right")
        for y, text in ((310, "Bars: 50, 90 % of what is not 0"), (326, "Silent: flat on every example")):
            line(COLUMN, y, text, color=style.MUTED)
        line(COLUMN, 471, "Drag in the plots. Keys: ← → ↑ ↓", color=style.MUTED)

    def _key(self, x, y, look, name):
        self.page.plot([x, x + 11, x + 22], [y] * 3, **look, linewidth=style.LINE, markersize=4, markevery=[1])
        label(self.page, x + 28, y, name, size=style.SMALL, ha="left")

    def _make_loss(self, figure):
        self.loss = plot_axes(figure, rect(figure, *LOSS))
        label(self.page, LEFT + WIDTH / 8, 462, "step", size=style.SMALL)
        (self.curve,) = self.loss.plot([], [], color=style.PINK, linewidth=style.LINE, zorder=2)
        (self.dot,) = self.loss.plot([], [], color=style.INK, marker="o", markersize=5, linestyle="none", clip_on=False)
        self._frame = None

    def _make_shape(self, figure):
        axes = blank_axes(figure, rect(figure, *SHAPE), xlim=(-1, 1))
        axes.plot([-1, 1], [0, 0], color=style.MUTED, linewidth=style.THIN, zorder=3)
        axes.plot([0, 0], [0, 1], color=style.FAINT, linewidth=style.THIN, zorder=0)
        self.shape = PolyCollection([], facecolor=style.BLUE, edgecolor=style.PAPER, linewidth=0.4, zorder=2)
        axes.add_collection(self.shape, autolim=False)
        self.shape_title = label(self.page, COLUMN, SHAPE[1] - 14, size=style.SMALL, ha="left")
        places = SHAPE[0] + SHAPE[2] * np.array([0, 0.5, 1])
        self.ends = [label(self.page, x, SHAPE[1] + SHAPE[3] + 9, size=style.SMALL) for x in places]

    def update(self, forward, back, layer, loss, shape, words):
        """Show a network at one step.

        forward, back: `bands` (5, layers), sizes from small to large, NaN where all are 0; `zeros` (layers,), shares;
        `norms`: one or three arrays (layers,). layer: the one in hand, counted from 0.
        loss: `losses` by step up to now, `last`, the last step there is, and `top`, which the axis must hold.
        shape: the activations of the layer in hand.
        words: `heading`, `verdict`, `loss`, `shape`, `names` and `values` (12 each).
        """
        for name in ("heading", "verdict"):
            change(getattr(self, name), text=words[name])
        change(self.loss_title, text=words["loss"])
        change(self.shape_title, text=words["shape"])
        self.names.set_texts(words["names"])
        self.values.set_texts(words["values"])
        self.forward.update(**forward, layer=layer, numbered=False)
        self.back.update(**back, layer=layer, numbered=True)
        self._show_loss(**loss)
        self._show_shape(shape)

    def _show_loss(self, losses, last, top):
        top = stepped_limit(top, TOPS)
        if self._frame != (top, last):
            self._frame = (top, last)
            self.loss.set(xlim=(0, last), ylim=(0, top))
            self.loss.set_xticks(np.linspace(0, last, 5))
            self.loss.set_yticks([0, top], ["0", _short(top)])
        self.curve.set_data(np.arange(len(losses)), np.minimum(losses, 2 * top))
        self.dot.set_data([len(losses) - 1], [min(losses[-1], top)])

    def _show_shape(self, values):
        reach = stepped_limit(float(np.abs(values).max()), REACHES)
        counts, edges = np.histogram(values / reach, bins=40, range=(-1, 1))
        heights = counts / counts.max()
        kept = counts > 0
        self.shape.set_verts(_boxes(edges[:-1][kept], edges[1:][kept], 0 * heights[kept], heights[kept]))
        for end, text in zip(self.ends, (f"−{_short(reach)}", "0", _short(reach)), strict=True):
            change(end, text=text)


class _Layers:
    """Bars of sizes for each layer on a scale of powers of ten, lines of lengths, and below them shares of zeros."""

    def __init__(self, figure, place, zeros, norms):
        self.axes, self.strip = plot_axes(figure, rect(figure, *place)), plot_axes(figure, rect(figure, *zeros))
        self.strip.set(ylim=(0, 1), yticks=[])
        self.axes.set_xticks([])
        shade = {"facecolor": style.HIGHLIGHT, "edgecolor": style.MUTED, "linewidth": style.THIN, "zorder": 0}
        self.hands = [Rectangle((0.5, -400), 1, 800, **shade) for _ in range(2)]
        look = {"linewidth": 0, "zorder": 1}
        self.wide = PolyCollection([], facecolor=style.BLUE, alpha=0.25, **look)
        self.half = PolyCollection([], facecolor=style.BLUE, alpha=0.45, **look)
        self.zeros = PolyCollection([], facecolor=style.MUTED, **look)
        for axes, hand, bars in ((self.axes, self.hands[0], (self.wide, self.half)), (self.strip, self.hands[1], ())):
            axes.add_patch(hand)
            for collection in bars or (self.zeros,):
                axes.add_collection(collection, autolim=False)
        self.lines = [self.axes.plot([], [], **norm, zorder=2)[0] for norm in norms]
        self.live = [*self.hands, self.wide, self.half, self.zeros, *self.lines]
        self._frames = None

    def update(self, bands, zeros, norms, layer, numbered):
        """Show layers; `layer` is the one in hand, counted from 0; `numbered`: are the layers written below?"""
        count = len(zeros)
        places = np.arange(count) + 1
        logs = _log(bands)
        lines = [_log(norm) for norm in norms]
        self._frame(count, np.concatenate([logs.ravel(), *lines]), numbered)
        seen = np.isfinite(logs[0])
        for bars, low, high in ((self.wide, 0, 4), (self.half, 1, 3)):
            middle, thin = (logs[low] + logs[high])[seen] / 2, 0.004 * np.ptp(self.axes.get_ylim())
            reach = np.maximum((logs[high] - logs[low])[seen] / 2, thin)
            bars.set_verts(_boxes(places[seen] - BAR, places[seen] + BAR, middle - reach, middle + reach))
        self.zeros.set_verts(_boxes(places - BAR, places + BAR, 0 * zeros, zeros))
        for line, values in zip(self.lines, lines, strict=True):
            line.set_data(places, values)
            change(line, markersize=5 if count <= 12 else 3 if count <= 30 else 2)
            change(line, linewidth=style.LINE if count <= 30 else 1.2)
        for hand in self.hands:
            change(hand, xy=(layer + 0.5, -400))

    def _frame(self, count, logs, numbered):
        logs = logs[np.isfinite(logs)]
        low, high = (float(logs.min()), float(logs.max())) if len(logs) else (-2, 0)
        frame = count, -stepped_limit(min(low, 0), BELOW), stepped_limit(max(high, 0), ABOVE)
        if frame == self._frames:
            return
        self._frames = frame
        count, low, high = frame
        for axes in (self.axes, self.strip):
            axes.set_xlim(0.4, count + 0.6)
        self.axes.set_ylim(low, high)
        step = next(step for step in TICKS if (high - low) / step <= 4)
        powers = np.arange(-(-low // step) * step, high + 0.5, step).astype(int)
        self.axes.set_yticks(powers, [_power(power) for power in powers])
        stride = next(stride for stride in (1, 2, 5, 10) if count / stride <= 13)
        layers = [1, *(n for n in range(stride, count, stride) if n > 1 and (count - n) * WIDTH / count > 25), count]
        names = [*map(str, layers[:-1]), "out"]
        self.strip.set_xticks(layers if numbered else [], names if numbered else [])


def _boxes(left, right, bottom, top):
    """The outlines of rectangles, (n, 4, 2)."""
    return np.stack([[left, bottom], [right, bottom], [right, top], [left, top]]).transpose(2, 0, 1)


def _log(values):
    """The powers of ten; NaN, which no line is drawn through, for 0."""
    values = np.asarray(values, dtype=float)
    return np.log10(np.where(values > 0, values, np.nan))


def _power(power):
    return "1" if power == 0 else "10" if power == 1 else f"10{str(power).translate(DIGITS)}"


def _short(value):
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{value:g}" if 0.001 <= value < 10_000 else f"{mantissa}·10{str(int(exponent)).translate(DIGITS)}"
