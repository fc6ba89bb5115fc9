"""A learning-rate schedule over the steps, and below it the loss of the training that follows it."""

import numpy as np
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, rect

#: Places in pixels from the upper left.
RATES, LOSSES = (56, 76, 408, 124), (56, 250, 408, 166)
COLUMN = 484  # where the words at the right begin
LOWEST, HIGHEST = 1e-4, 4.0  # the axis of the loss
DECADES = ("0.0001", "0.001", "0.01", "0.1", "1")
DASH = (0, (3.2, 1.6))
#: The curves: the mean of this schedule, its one run, the mean with a constant rate, its one run.
CURVES = (
    {"color": style.BLUE, "linewidth": 2.6, "linestyle": "solid", "zorder": 4},
    {"color": style.BLUE, "linewidth": 0.9, "linestyle": "solid", "zorder": 3},
    {"color": style.VERMILLION, "linewidth": 2.2, "linestyle": DASH, "zorder": 3.5},
    {"color": style.VERMILLION, "linewidth": 0.9, "linestyle": DASH, "zorder": 2.5},
)
ROW = 18


class ScheduleDesignerScene:
    """Above the rates by step, with the places of a drawing; below the curves of the loss, on a logarithmic axis."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_rates(figure)
        self._make_losses(figure)
        self._frame = None
        self.live = [
            self.heading, self.state, self.hint, *self.here, *self.names, *self.says, self.constant, self.line,
            self.dots, *self.cursors, self.ring, self.tail, *self.curves, self.spots,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, text="", size=style.SMALL, **kwargs):
            return label(self.page, x, y, text, size=size, ha="left", **kwargs)

        self.heading, self.state = line(16, 18, size=style.TITLE, weight="bold"), line(16, 38)
        line(16, RATES[1] - 15, "Learning rate, by step")
        line(16, LOSSES[1] - 17, "Loss on all examples, above the lowest there is, by step")
        self.hint = line(16, 453, color=style.MUTED)
        self.here = [line(COLUMN, RATES[1] + 6 + ROW * k) for k in range(7)]
        self.names = [line(COLUMN + 30, LOSSES[1] + 2 + ROW * k) for k in range(4)]
        self.says = [line(COLUMN, LOSSES[1] + 82 + ROW * k) for k in range(6)]
        for k, look in enumerate(CURVES):
            y = LOSSES[1] + 2 + ROW * k
            self.page.plot([COLUMN, COLUMN + 24], [y, y], **look)

    def _make_rates(self, figure):
        self.rates = plot_axes(figure, rect(figure, *RATES))
        self.constant = self.rates.plot([], [], **CURVES[2])[0]
        self.line = self.rates.plot([], [], **CURVES[0])[0]
        dots = {"marker": "o", "color": style.BLUE, "markersize": 4, "linestyle": "none", "clip_on": False}
        self.dots = self.rates.plot([], [], **dots, zorder=5)[0]

    def _make_losses(self, figure):
        self.losses = plot_axes(figure, rect(figure, *LOSSES))
        self.losses.set_yscale("log")
        self.losses.set_ylim(LOWEST, HIGHEST)
        self.losses.minorticks_off()
        self.losses.set_yticks(10.0 ** np.arange(-4, 1), DECADES)
        self.losses.grid(axis="y", color=style.FAINT, linewidth=style.THIN)
        self.losses.set_axisbelow(True)
        self.tail = Rectangle((0, LOWEST), 0, HIGHEST, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0.2)
        self.losses.add_patch(self.tail)
        self.curves = [self.losses.plot([], [], **look)[0] for look in CURVES]
        both, thin = (self.rates, self.losses), {"color": style.INK, "linewidth": style.THIN, "linestyle": "dotted"}
        self.cursors = [axes.plot([], [], **thin, zorder=2)[0] for axes in both]
        ring = {"marker": "o", "markerfacecolor": style.PAPER, "markeredgecolor": style.INK, "linestyle": "none"}
        ring |= {"clip_on": False, "zorder": 6, "markeredgewidth": 1.4}
        self.ring = self.rates.plot([], [], **ring, markersize=9)[0]
        self.spots = self.losses.plot([], [], **ring, markersize=6)[0]

    def update(self, rates, cursor, losses, words):
        """Show a schedule and what came of it.

        rates: `line` (steps,), `constant`, `top` (the largest rate) and `dots` (k,), the rates of a drawing's places.
        cursor: `step` and `rate` there.  losses: `at` (m,), `curves` (4, m) in the order of CURVES, `tail` (from
        which step the end is measured), and `here` (2,), the means at the cursor.
        words: `heading`, `state`, `hint`, `here` (7), `names` (4), `says` (6).
        """
        for name in ("heading", "state", "hint"):
            change(getattr(self, name), text=words[name])
        for name in ("here", "names", "says"):
            for artist, text in zip(getattr(self, name), words[name], strict=True):
                change(artist, text=text)
        steps = len(rates["line"])
        self._set_frame(steps, stepped_limit(rates["top"], LIMITS))
        self.line.set_data(np.arange(steps), rates["line"])
        change(self.constant, data=((0, steps), (rates["constant"],) * 2))
        self.dots.set_data(np.linspace(0, steps, len(rates["dots"])), rates["dots"])
        for line, axes in zip(self.cursors, (self.rates, self.losses), strict=True):
            change(line, data=((cursor["step"],) * 2, axes.get_ylim()))
        change(self.ring, data=((cursor["step"],), (cursor["rate"],)))
        change(self.tail, x=losses["tail"], width=steps - losses["tail"])
        for curve, values in zip(self.curves, losses["curves"], strict=True):
            curve.set_data(losses["at"], np.clip(values, LOWEST, HIGHEST))
        self.spots.set_data([cursor["step"]] * 2, np.clip(losses["here"], LOWEST, HIGHEST))

    def _set_frame(self, steps, top):
        """Set the limits of the axes where they are others now."""
        if self._frame == (steps, top):
            return
        self._frame = (steps, top)
        for axes in (self.rates, self.losses):
            axes.set_xlim(0, steps)
            axes.set_xticks(np.linspace(0, steps, 5), [f"{step:g}" for step in np.linspace(0, steps, 5)])
        self.rates.set_ylim(0, 1.04 * top)
        self.rates.set_yticks([0, top / 2, top], [f"{rate:g}" for rate in (0, top / 2, top)])
