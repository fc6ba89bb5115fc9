"""The loss of a run whose rate rises, the loss after trainings at single rates, and how these trainings went."""

import numpy as np

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit
from wbviz.scenes._grid import LIMITS, rect

#: Places in pixels from the upper left.
TEST, AFTER, CURVES = (52, 96, 330, 138), (52, 290, 330, 132), (436, 290, 208, 132)
COLUMN = 408  # where the words at the right begin
RATES = (1e-4, 10.0)
RATE_TICKS = ((1e-4, "0.0001"), (1e-3, "0.001"), (0.01, "0.01"), (0.1, "0.1"), (1, "1"), (10, "10"))
LOSS_TICKS = ((0.01, "0.01"), (0.1, "0.1"), (1, "1"), (10, "10"), (100, "100"))  # those within the axis are shown
ROW = 18
#: The rate chosen, where the loss falls fastest, a tenth of where it is least, the best of those tried.
LOOKS = (
    {"color": style.BLUE, "linestyle": "solid", "linewidth": 2.6, "marker": "o"},
    {"color": style.GREEN, "linestyle": (0, (4, 1.6)), "linewidth": style.LINE, "marker": "s"},
    {"color": style.PINK, "linestyle": (0, (4, 1.5, 1, 1.5)), "linewidth": style.LINE, "marker": "D"},
    {"color": style.INK, "linestyle": "dotted", "linewidth": style.LINE, "marker": "^"},
)
END = {"color": style.VERMILLION, "linestyle": (0, (1.5, 1.5)), "linewidth": style.LINE}


class LearningRateFinderScene:
    """Three plots: the test over its rates; below it the loss after real trainings; beside that their curves."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_test(figure)
        self._make_after(figure)
        self._make_curves(figure)
        self._top = self._steps = self._losses = None
        self.live = [
            self.heading, self.state, self.formula, *self.titles, *self.reads, *self.names, *self.values, self.verdict,
            self.raw, self.smoothed, self.end, *self.marks, *self.places, self.tried, *self.dots, *self.curves,
        ]  # fmt: skip

    def _make_words(self):
        def line(x, y, text="", size=style.SMALL, **kwargs):
            return label(self.page, x, y, text, size=size, **{"ha": "left"} | kwargs)

        self.heading, self.state = line(16, 18, size=style.TITLE, weight="bold"), line(16, 38)
        line(16, 62, "Mini-batch loss while the rate rises (bold: smoothed)")
        self.formula = line(16, 80, color=style.MUTED)
        self.titles = [line(16, 272), line(COLUMN, 272)]
        self.reads = [line(COLUMN + 30, 100 + ROW * k) for k in range(3)]
        self.names = [line(COLUMN + 30, 190 + ROW * k) for k in range(4)]
        self.values = [line(644, 190 + ROW * k, ha="right") for k in range(4)]
        self.verdict = line(16, 455)
        line(16, 473, "Drag in the plots on the left: the rate chosen. Keys: ← →", color=style.MUTED)
        line(644, 172, "loss after", ha="right", color=style.MUTED)
        for k, look in enumerate((LOOKS[1], LOOKS[2], END)):
            self._sample(100 + ROW * k, {name: look[name] for name in ("color", "linestyle", "linewidth")})
        for k, look in enumerate(LOOKS):
            self._sample(190 + ROW * k, look)

    def _sample(self, y, look):
        marker = look.get("marker")
        self.page.plot([COLUMN, COLUMN + 12, COLUMN + 24], [y] * 3, markevery=[1] if marker else None, **look)

    def _make_test(self, figure):
        self.test = _rate_axes(figure, TEST)
        self.raw = self.test.plot([], [], color=style.MUTED, linewidth=0.7, zorder=2)[0]
        self.smoothed = self.test.plot([], [], color=style.INK, linewidth=2.4, zorder=3)[0]
        self.end = self.test.plot([], [], **END, zorder=1.5)[0]

    def _make_after(self, figure):
        self.after = _rate_axes(figure, AFTER)
        tried = {"color": style.MUTED, "marker": "^", "markersize": 5, "linewidth": 1.1}
        self.tried = self.after.plot([], [], **tried, zorder=2)[0]
        dot = {"linestyle": "none", "markersize": 8, "markeredgecolor": style.PAPER, "clip_on": False}
        looks = [{"color": look["color"], "marker": look["marker"]} | dot for look in LOOKS]
        self.dots = [self.after.plot([], [], **look, zorder=5 - k / 10)[0] for k, look in enumerate(looks)]
        both = (self.test, self.after)
        lines = [{name: look[name] for name in ("color", "linestyle", "linewidth")} for look in LOOKS[:3]]
        self.marks = [self.test.plot([], [], **look, zorder=1.8)[0] for look in lines[1:]]
        self.places = [axes.plot([], [], **lines[0] | {"linewidth": 1.4}, zorder=4)[0] for axes in both]

    def _make_curves(self, figure):
        self.training = plot_axes(figure, rect(figure, *CURVES))
        for axes in (self.after, self.training):
            axes.set_yscale("log")
            axes.grid(axis="y", color=style.FAINT, linewidth=style.THIN)
            axes.set_axisbelow(True)
        lines = [{name: look[name] for name in ("color", "linestyle", "linewidth")} for look in LOOKS]
        self.curves = [self.training.plot([], [], **look, zorder=4 - k / 10)[0] for k, look in enumerate(lines)]

    def update(self, test, chosen, tried, frame, words):
        """Show a test and the trainings that try its answer.

        test: `rates` and `loss` (n,), `smoothed` (m,), where m ≤ n: it ends there; `marks`: the rates where it falls
        fastest and a tenth of where it is least; `end`: where it ends by diverging, or None; `top` of the axis.
        chosen: four dicts in the order of LOOKS, each `rate`, `at` and `loss` (k,).  tried: `rates` and `loss`.
        frame: `steps` of these trainings, and the least and largest `losses` of their axes.
        words: `heading`, `state`, `formula`, `titles` (2), `reads` (3), `names` (4), `values` (4), `verdict`.
        """
        for name in ("heading", "state", "formula", "verdict"):
            change(getattr(self, name), text=words[name])
        for name in ("titles", "reads", "names", "values"):
            for artist, text in zip(getattr(self, name), words[name], strict=True):
                change(artist, text=text)
        self._set_frame(stepped_limit(test["top"], LIMITS), **frame)
        m, most = len(test["smoothed"]), 1.5 * self._top  # what is far above the axis need not be drawn to its end
        self.raw.set_data(test["rates"][:m], np.minimum(test["loss"][:m], most))
        self.smoothed.set_data(test["rates"][:m], np.minimum(test["smoothed"], most))
        change(self.end, data=((test["end"] or RATES[0],) * 2, (0, self._top)), visible=test["end"] is not None)
        for mark, rate in zip(self.marks, test["marks"], strict=True):
            change(mark, data=((rate, rate), (0, self._top)))
        for line, ends in zip(self.places, ((0, self._top), frame["losses"]), strict=True):
            change(line, data=((chosen[0]["rate"],) * 2, ends))
        self.tried.set_data(tried["rates"], np.clip(tried["loss"], *frame["losses"]))
        for dot, curve, one in zip(self.dots, self.curves, chosen, strict=True):
            dot.set_data([one["rate"]], np.clip(one["loss"][-1:], *frame["losses"]))
            curve.set_data(one["at"], np.clip(one["loss"], *frame["losses"]))

    def _set_frame(self, top, steps, losses):
        if self._top != top:
            self._top = top
            self.test.set_ylim(0, top)
            self.test.set_yticks([0, top / 2, top], [f"{value:g}" for value in (0, top / 2, top)])
        if self._steps != steps:
            self._steps = steps
            self.training.set_xlim(0, steps)
            self.training.set_xticks([0, steps / 2, steps], ["0", f"{steps / 2:g}", f"{steps}"])
        if self._losses != losses:
            self._losses = losses
            for axes in (self.after, self.training):
                axes.set_ylim(*losses)
                axes.set_yticks(*zip(*(tick for tick in LOSS_TICKS if losses[0] <= tick[0] <= losses[1]), strict=True))
                axes.minorticks_off()


def _rate_axes(figure, place):
    axes = plot_axes(figure, rect(figure, *place))
    axes.set_xscale("log")
    axes.set_xlim(*RATES)
    axes.minorticks_off()
    axes.set_xticks(*zip(*RATE_TICKS, strict=True))
    return axes
