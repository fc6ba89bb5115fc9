"""Three starts adapt to one new task, side by side; their errors on many held-out tasks; and what moved most."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, label, plot_axes, zero_lines
from wbviz.scenes._grid import Bars, Numbers, rect, row_axes

# Places in pixels from the upper left: left, top, width, height.
PANELS = tuple((34 + 218 * k, 82, 196, 156) for k in range(3))
CURVES, BARS, ROWS, ROW = (44, 312, 280, 146), (458, 308, 92, 8 * 17), 8, 17
LEFT = 360  # where the right lower part begins
#: How each start is drawn: colour, marker and dash.
LOOKS = ((style.GREEN, "o", "solid"), (style.PINK, "s", (0, (5, 2))), (style.VERMILLION, "^", (0, (1.2, 1.4))))
LIMITS = (7.0, 14.0)  # the panels reach from −limit to limit
LOWEST, HIGHEST = 0.01, 100.0  # the axis of the error
FAR = 10.0  # lines are drawn this many times beyond the panels, and no farther


class MetaLearningScene:
    """Draws starts, a task and errors. `update` moves everything; the scene computes nothing of its own.

    x: the inputs (n,) at which curves are given; steps: how many inner steps there are at most.
    """

    def __init__(self, figure, x, steps):
        self._x, self._steps, self._limit = x, steps, None
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_panels(figure)
        self._make_curves(figure)
        self._make_bars(figure)
        self.live = [
            *self.heading, *self.errors, *self.truths, *self.befores, *self.nows, *self.points, *self.crests,
            *self.bands, *self.lines, *self.marks, self.at, self.trained, self.scale.artist, self.curves_title,
            self.bars_title, self.names.artist, *self.bars.live, *self.says,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = [self._line(16, 17, size=style.TITLE, weight="bold"), self._line(16, 36)]
        self.curves_title, self.bars_title = self._line(16, 294), self._line(LEFT, 294)
        self.says = [self._line(x, y) for x, y in ((LEFT, 474), (LEFT, 490), (16, 514), (16, 531))]
        key = "Numbers: error before → now. Thinnest: the start. Drag the task (thin line) or its examples (dots)"
        self.key = self._line(16, 268, key, color=style.MUTED)

    def _make_panels(self, figure):
        self.panels, self.truths, self.befores, self.nows, self.points, self.crests = ([] for _ in range(6))
        self.errors = []
        for place, (colour, marker, dash) in zip(PANELS, LOOKS, strict=True):
            axes = plot_axes(figure, rect(figure, *place))
            zero_lines(axes)
            axes.set_xlim(self._x[0], self._x[-1])
            axes.set_ylim(-1, 1)  # in units of the limit: a new one moves no axis
            axes.set_xticks([-5, 0, 5])
            axes.set_yticks([-1, 0, 1], [""] * 3)
            top = place[1] - 14
            self.page.plot([place[0], place[0] + 26], [top, top], color=colour, linestyle=dash, linewidth=style.LINE)
            self.page.plot([place[0] + 13], [top], marker, color=colour, markersize=style.MARKER)
            self.errors.append(self._line(place[0] + 33, top))
            self.panels.append(axes)
            self.truths += axes.plot([], [], color=style.INK, linewidth=1.2, zorder=2)
            self.befores += axes.plot([], [], color=colour, linewidth=0.8, zorder=1.5)
            self.nows += axes.plot([], [], color=colour, linewidth=style.BOLD, linestyle=dash, zorder=3)
            dots = {"markersize": 6, "markeredgecolor": style.PAPER, "markeredgewidth": 0.9, "zorder": 4}
            self.points += axes.plot([], [], "o", color=style.INK, linestyle="none", **dots)
            ring = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 12, "markeredgewidth": 1.4}
            self.crests += axes.plot([], [], "o", **ring, zorder=5)
        at = np.array([PANELS[0][1] + PANELS[0][3] * share for share in (0, 0.5, 1)])
        self.scale = Numbers(self.page, PANELS[0][0] - 6, at, ha="right")

    def _make_curves(self, figure):
        self.curves = plot_axes(figure, rect(figure, *CURVES))
        self.curves.set_yscale("log")
        self.curves.set_xlim(-0.3, self._steps + 0.3)
        self.curves.set_ylim(LOWEST, HIGHEST)
        self.curves.set_xticks(range(self._steps + 1))
        self.curves.yaxis.set_major_locator(FixedLocator([0.01, 0.1, 1, 10, 100]))
        self.curves.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        self.curves.yaxis.set_minor_locator(NullLocator())
        label(
            self.page,
            CURVES[0] + CURVES[2] / 2,
            CURVES[1] + CURVES[3] + 30,
            "steps on the task (dotted: inner steps in training)",
            size=style.SMALL,
        )
        self.bands, self.lines, self.marks = [], [], []
        for colour, marker, dash in LOOKS:
            self.bands.append(PolyCollection([], facecolor=colour, alpha=0.2, linewidth=0, zorder=1))
            self.curves.add_collection(self.bands[-1], autolim=False)
            look = {"color": colour, "linewidth": style.LINE, "linestyle": dash, "zorder": 2}
            self.lines += self.curves.plot([], [], marker=marker, markersize=4, **look)
            edge = {"markersize": style.MARKER + 3, "markeredgecolor": style.INK, "zorder": 4}
            self.marks += self.curves.plot([], [], marker, color=colour, **edge, clip_on=False)
        look = {"color": style.MUTED, "linewidth": style.THIN, "zorder": 0.8}
        (self.at,) = self.curves.plot([], [], **look)
        (self.trained,) = self.curves.plot([], [], linestyle="dotted", **{**look, "linewidth": 1.6})

    def _make_bars(self, figure):
        self.bars = Bars(row_axes(figure, BARS, ROWS), ROWS, at=1.06)
        self.names = Numbers(self.page, LEFT, BARS[1] + ROW * (np.arange(ROWS) + 0.5), ha="left")

    # --- moving them --------------------------------------------------------------------------------------------------

    def update(self, task, starts, errors, moved, words):
        """Show a task, three starts (learned, pretrained, random), their errors, and what moved.

        task: dict of `truth` (n,) at the scene's x, `points` (pair of arrays), `crests` (pair of arrays), `limit`.
        starts: for each a pair of curves (n,): before any step, and now. errors: dict of `low`, `middle`, `high`
        (3, steps + 1), `step` and `trained`, the number of steps that the start is trained for. moved: dict of
        `values` (at most 8), `names` and `texts`. words: dict of `heading` (2), `errors` (3), `curves`, `bars` and
        `says` (4).
        """
        self._show_task(task)
        for pair, curves in zip(zip(self.befores, self.nows, strict=True), starts, strict=True):
            for line, curve in zip(pair, curves, strict=True):
                line.set_data(self._x, np.clip(curve / task["limit"], -FAR, FAR))
        self._show_errors(**errors)
        self._show_moved(**moved)
        for name, artists in (("heading", self.heading), ("errors", self.errors), ("says", self.says)):
            for artist, text in zip(artists, words[name], strict=True):
                artist.set_text(text)
        self.curves_title.set_text(words["curves"])
        self.bars_title.set_text(words["bars"])

    def _show_task(self, task):
        limit, (X, y) = task["limit"], task["points"]
        for truth, points, crest in zip(self.truths, self.points, self.crests, strict=True):
            truth.set_data(self._x, task["truth"] / limit)
            points.set_data(X, np.clip(y / limit, -FAR, FAR))
            crest.set_data(task["crests"][0], task["crests"][1] / limit)
        self.scale.set_texts([f"{limit:g}", "0", f"−{limit:g}"])

    def _show_errors(self, low, middle, high, step, trained):
        steps = np.arange(self._steps + 1)
        for k, band in enumerate(self.bands):
            inside = (np.clip(values[k], LOWEST / 10, 10 * HIGHEST) for values in (low, high))
            edges = [np.column_stack([steps, edge]) for edge in inside]
            band.set_verts([np.concatenate([edges[0], edges[1][::-1]])])
            shown = np.clip(middle[k], LOWEST / 10, 10 * HIGHEST)
            self.lines[k].set_data(steps, shown)
            self.marks[k].set_data([step], [np.clip(middle[k][step], LOWEST, HIGHEST)])
        self.at.set_data([step, step], [LOWEST, HIGHEST])
        self.trained.set_data([trained, trained], [LOWEST, HIGHEST])

    def _show_moved(self, values, names, texts):
        rest = ROWS - len(values)
        self.names.set_texts([*names, *[""] * rest])
        self.bars.update([*values, *[0.0] * rest], [*texts, *[""] * rest])
