"""One training by three libraries: their losses over one another, how far they are apart, and the time of a step."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, plot_axes, stepped_limit
from wbviz.scenes._grid import Numbers, rect

#: Places in pixels from the upper left.
LOSSES, APART, TIMES = (58, 76, 322, 142), (58, 268, 322, 148), (484, 262, 108, 62)
LEFT, DIGITS, RIGHT = 404, 504, 648  # where the column of words begins, the digits begin, and numbers end
#: The libraries, from the widest line to the one that lies on top.
LINES = (
    {"color": style.BLUE, "linewidth": 6.0, "solid_capstyle": "butt"},
    {"color": style.VERMILLION, "linewidth": 2.6, "linestyle": (0, (4, 2))},
    {"color": style.INK, "linewidth": 1.6, "linestyle": (0, (1, 2.2))},
)
#: The dots of the lower plot: PyTorch, TensorFlow, and this engine in 32 bits, each against this engine.
DOTS = (
    {"color": style.VERMILLION, "marker": "s", "markersize": 3.6},
    {"color": style.INK, "marker": "o", "markersize": 2.2},
    {"color": style.BLUE, "marker": "x", "markersize": 3.4},
)
#: Powers of ten on the axis of differences; what is equal to the last bit lies at the first.
EQUAL, LARGEST, MARK = -18, 0, -9
TOPS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 20, 50, 100)
SHORTEST, LONGEST = 1e-6, 1e-2  # seconds: the ends of the axis of times


class FrameworksScene:
    """Left the losses and their differences, right the digits of one step, times, and where the numbers are from."""

    def __init__(self, figure, steps):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_losses(figure, steps)
        self._make_apart(figure, steps)
        self._make_times(figure)
        self.live = [
            self.heading, self.state, *self.curves, *self.dots, *self.places, *self.bars, self.digits_title,
            self.digits.artist, self.apart_values.artist, self.times.artist, *self.sources, *self.own_key,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, text="", size=style.SMALL, **kwargs):
            return label(self.page, x, y, text, size=size, ha="left", **kwargs)

        self.heading, self.state = line(16, 18, size=style.TITLE, weight="bold"), line(16, 39)
        self.digits_title = line(LEFT, 60)
        rows = np.array([80, 98, 116])
        self._names(rows, ("wbviz", "PyTorch", "TensorFlow"), LINES)
        self.digits = Numbers(self.page, DIGITS, rows, ha="left")
        line(LEFT, 146, "Largest difference in all steps")
        rows = np.array([166, 184, 202])
        self._names(rows[:2], ("PyTorch", "TensorFlow"), DOTS)
        self.own_key = self._names(rows[2:], ("wbviz, 32 against 64 bits",), DOTS[2:])
        self.apart_values = Numbers(self.page, RIGHT, rows, ha="right")
        line(LEFT, 238, "Median time of a step")
        self.sources = [line(LEFT, y) for y in (370, 387, 404, 421, 438)]

    def _names(self, rows, names, looks):
        made = []
        for y, name, look in zip(rows, names, looks, strict=False):
            at = [LEFT + 9] if "marker" in look else [LEFT, LEFT + 18]
            made += self.page.plot(at, [y] * len(at), **look)
            made.append(label(self.page, LEFT + 24, y, name, size=style.SMALL, ha="left"))
        return made

    def _make_losses(self, figure, steps):
        label(self.page, 16, 60, "Loss before each step, the three over one another", size=style.SMALL, ha="left")
        self.losses = plot_axes(figure, rect(figure, *LOSSES))
        self.losses.set_xlim(0, steps + 1)
        self.curves = [self.losses.plot([], [], **look, zorder=2 + k)[0] for k, look in enumerate(LINES)]
        self._top = None

    def _make_apart(self, figure, steps):
        label(self.page, 16, 250, "Distance of its loss from that of wbviz", size=style.SMALL, ha="left")
        self.apart = plot_axes(figure, rect(figure, *APART), xlabel="step (drag, or ← →)")
        self.apart.set_xlim(0, steps + 1)
        self.apart.set_ylim(EQUAL - 0.7, LARGEST)
        powers = range(EQUAL + 3, LARGEST + 1, 3)
        self.apart.set_yticks([EQUAL, *powers], ["equal", *(f"1e−{-p}" if p else "1" for p in powers)])
        self.apart.axhline(MARK, color=style.MUTED, linewidth=style.LINE, linestyle=(0, (6, 2)), zorder=1)
        self.dots = [
            self.apart.plot([], [], linestyle="none", clip_on=False, **look, zorder=2 + k)[0]
            for k, look in enumerate(DOTS)
        ]
        thin = {"color": style.MUTED, "linewidth": style.THIN, "zorder": 0.8}
        self.places = [axes.plot([], [], **thin)[0] for axes in (self.losses, self.apart)]

    def _make_times(self, figure):
        axes = plot_axes(figure, rect(figure, *TIMES))
        axes.set_xlim(np.log10(SHORTEST), np.log10(LONGEST))
        axes.set_ylim(2.6, -0.6)
        axes.set_yticks([])
        axes.set_xticks([-6, -5, -4, -3, -2], ["1 µs", "", "0.1 ms", "", "10 ms"])
        self.bars = [Rectangle((np.log10(SHORTEST), k - 0.3), 0, 0.6, facecolor=LINES[k]["color"]) for k in range(3)]
        for bar in self.bars:
            axes.add_patch(bar)
        rows = TIMES[1] + TIMES[3] * (np.arange(3) + 0.6) / 3.2
        for y, name in zip(rows, ("wbviz", "PyTorch", "TensorFlow"), strict=True):
            label(self.page, LEFT, y, name, size=style.SMALL, ha="left")
        self.times = Numbers(self.page, RIGHT, rows, ha="right")

    def update(self, losses, apart, step, seconds, words):
        """Show a comparison.

        losses: by library (wbviz, PyTorch, TensorFlow) the loss before each step, or an empty array. apart: for
        PyTorch, TensorFlow and this engine in 32 bits, the distance to this engine's loss at each step, or empty.
        step: the step in hand, from 1. seconds: by library the time of a step, or None. words: the texts `heading`,
        `state`, `digits_title`, `digits` (3), `apart` (3), `times` (3), `sources` (5).
        """
        self._frame(max(values.max() for values in losses if len(values)))
        for curve, values in zip(self.curves, losses, strict=True):
            curve.set_data(np.arange(len(values)) + 1, values)
        for dots, values in zip(self.dots, apart, strict=True):
            with np.errstate(divide="ignore"):
                dots.set_data(np.arange(len(values)) + 1, np.clip(np.log10(values), EQUAL, LARGEST))
        for artist in self.own_key:
            artist.set_visible(len(apart[2]) > 0)
        for place, axes in zip(self.places, (self.losses, self.apart), strict=True):
            place.set_data([step, step], axes.get_ylim())
        for bar, time in zip(self.bars, seconds, strict=True):
            bar.set_width(np.log10(np.clip(time, SHORTEST, LONGEST) / SHORTEST) if time else 0)
        self._show_words(words)

    def _frame(self, largest):
        top = stepped_limit(1.02 * largest, TOPS)
        if top != self._top:
            self._top = top
            self.losses.set_ylim(0, top)

    def _show_words(self, words):
        for name in ("heading", "state", "digits_title"):
            getattr(self, name).set_text(words[name])
        self.digits.set_texts(words["digits"])
        self.apart_values.set_texts(words["apart"])
        self.times.set_texts(words["times"])
        for artist, text in zip(self.sources, words["sources"], strict=True):
            artist.set_text(text)
