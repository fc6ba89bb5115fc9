"""A race of optimisers: their paths on the map of a surface, the table, the memory of one of them, and two curves."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Bars, Numbers, rect, row_axes

#: How each optimiser is drawn: momentum's family blue, Adam's vermillion; colour, marker and dash.
LOOKS = {
    "sgd": (style.INK, "o", "solid"),
    "momentum": (style.BLUE, "s", "solid"),
    "nesterov": (style.BLUE, "D", "dashed"),
    "adagrad": (style.GREEN, "^", "solid"),
    "rmsprop": (style.PINK, "v", "solid"),
    "adam": (style.VERMILLION, "P", "solid"),
    "adamw": (style.VERMILLION, "X", "dashed"),
}
# Places in pixels from the upper left: left, top, width, height.
MAP = (34, 50, 290, 290)
CURVES = ((46, 392, 178, 92), (286, 392, 178, 92))
COMPASS = (582, 392, 88, 88)
BARS, ROWS = ((440, 214, 44, 119), (564, 214, 44, 119)), 7
TABLE_TOP, ROW = 66, 17
MEMORY_TOP = BARS[0][1] + ROW / 2
COLUMNS = (510, 576, 672)  # where the loss, the distance and the arrival end
NAMES = ((0.75, -0.02), (-0.02, 0.75))  # where the axes of the map are named
BANDS, SHADE = 10, 0.028  # the higher the ground, the more coats of ink
DISTANCES = (1e-4, 10.0)  # the axis of the distance
LOWEST = 1e-6  # the lower end of the axis of the loss
WIDTHS = [style.LINE] * (len(LOOKS) - 1) + [style.BOLD]  # the path in focus, the last, is bold
NOTHING = np.empty((0, 2))
SEEN, APART = 4, 6  # pixels: a shorter arrow is not drawn; steps longer than this are marked one by one


class OptimizerRaceScene:
    """Draws a race up to one of its steps. `update` moves everything; the scene computes no path of its own."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_map(figure)
        self._make_table()
        self._make_memory(figure)
        self._make_curves(figure)
        self._make_compass(figure)
        self._ground = self._frame = None
        self._contours = ()
        self.live = [
            *self.heading, self.map_title, *self.notes, self.paths, self.beads, *self.marks, self.start, *self.arrows,
            self.focus_row, self.who.artist, self.numbers.artist, self.memory_title, self.scale, self.rule,
            self.names.artist, *(artist for bars in self.bars for artist in bars.live), *self.lines,
            *self.places, self.loss_title, *self.columns, *self.needles, *self.samples, self.key.artist,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = [self._line(16, 16, size=style.TITLE, weight="bold"), self._line(134, 17)]
        self.map_title = self._line(MAP[0], 39)
        self.notes = [self._line(16, y, color=colour) for y, colour in ((512, style.INK), (529, style.MUTED))]

    def _make_map(self, figure):
        self.map = plot_axes(figure, rect(figure, *MAP))
        star = {"marker": "*", "linestyle": "none", "markeredgecolor": style.INK, "markersize": 11, "zorder": 3}
        self.minima = [self.map.plot([], [], markerfacecolor=face, **star)[0] for face in (style.INK, style.PAPER)]
        self.paths = _lines(self.map)
        self.marks = []
        for colour, marker, _ in LOOKS.values():
            look = {"markersize": style.MARKER + 2, "markeredgecolor": style.PAPER, "markeredgewidth": 0.9}
            self.marks += self.map.plot([], [], marker, color=colour, zorder=6, **look)
        (self.beads,) = self.map.plot([], [], "o", color=style.PAPER, markersize=1.6, zorder=4.6)
        ring = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 12, "markeredgewidth": 1.2}
        (self.start,) = self.map.plot([], [], "o", **ring, zorder=3)
        slope = self._arrow(self.map, style.INK, "dashed", style.THIN + 0.4, 9)
        self.arrows = [slope, self._arrow(self.map, style.INK, "solid", style.BOLD, 11)]

    def _arrow(self, axes, colour, dash, width, head):
        arrow = FancyArrowPatch(
            (0, 0), (1, 1), arrowstyle="-|>", mutation_scale=head, shrinkA=0, shrinkB=0, color=colour, linestyle=dash,
            linewidth=width, zorder=7,
        )  # fmt: skip
        axes.add_patch(arrow)
        return arrow

    def _make_table(self):
        for x, text in zip(COLUMNS, ("loss", "distance", "arrived"), strict=True):
            self._line(x, TABLE_TOP - ROW, text, ha="right")
        heights = TABLE_TOP + ROW * np.arange(len(LOOKS))
        box = {"facecolor": style.HIGHLIGHT, "edgecolor": "none", "zorder": 0.5}
        self.focus_row = Rectangle((340, 0), 332, ROW, **box)
        self.page.add_patch(self.focus_row)
        for y, (colour, marker, dash) in zip(heights, LOOKS.values(), strict=True):
            self.page.plot([346, 372], [y, y], color=colour, linestyle=dash, linewidth=style.LINE)
            self.page.plot([359], [y], marker, color=colour, markersize=style.MARKER)
        self.who = Numbers(self.page, 378, heights, ha="left")
        self.numbers = Numbers(self.page, np.tile(COLUMNS, len(heights)), np.repeat(heights, 3), ha="right")

    def _make_memory(self, figure):
        self.memory_title = self._line(345, 190)
        self.scale = self._line(COLUMNS[-1], 190, ha="right", color=style.MUTED)
        self.columns = [self._line(place[0] + place[2] / 2, 207, ha="center") for place in BARS]
        self.names = Numbers(self.page, 345, MEMORY_TOP + ROW * np.arange(ROWS), ha="left")
        self.bars = [Bars(row_axes(figure, place, ROWS), ROWS, at=1.1, scale=False) for place in BARS]
        for bars in self.bars:
            bars.bars.axes.spines["bottom"].set_visible(False)
        self.rule = self._line(345, 337, color=style.MUTED, va="top", linespacing=1.2)

    def _make_curves(self, figure):
        self.curves = [plot_axes(figure, rect(figure, *place)) for place in CURVES]
        for axes in self.curves:
            axes.set_yscale("log")
        self.lines = [_lines(axes, linewidths=1.3) for axes in self.curves]
        look = {"color": style.MUTED, "linewidth": style.THIN, "linestyle": "dashed"}
        self.places = [axes.plot([], [], **look)[0] for axes in self.curves]
        self.tolerance = self.curves[1].plot([], [], color=style.MUTED, linestyle="dotted", linewidth=1.2)[0]
        top = CURVES[0][1] - 15
        self.loss_title = self._line(CURVES[0][0] - 30, top)
        self._line(CURVES[1][0] - 34, top, "Distance against steps")

    def _make_compass(self, figure):
        self._line(492, COMPASS[1] - 15, "Directions, lengths")
        axes = blank_axes(figure, rect(figure, *COMPASS), xlim=(-1.15, 1.15), ylim=(-1.15, 1.15))
        axes.add_patch(Circle((0, 0), 1, facecolor="none", edgecolor=style.FAINT, linewidth=style.THIN))
        axes.plot([-1, 1, np.nan, 0, 0], [0, 0, np.nan, -1, 1], color=style.FAINT, linewidth=style.THIN)
        looks = ((style.BOLD, "solid", 11), (style.THIN + 0.4, "dashed", 9), (1.4, "dotted", 9))
        self.needles = [self._arrow(axes, style.INK, dash, width, head) for width, dash, head in looks]
        rows = COMPASS[1] + 8 + 36 * np.arange(3)
        self.samples = [
            self.page.plot([492, 509], [y, y], color=style.INK, linewidth=width, linestyle=dash)[0]
            for y, (width, dash, _) in zip(rows, looks, strict=True)
        ]
        spread = np.stack([rows, rows + 15], axis=-1).ravel()
        self.key = Numbers(self.page, np.tile([515, 492], 3), spread, ha="left")

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, ground, runners, focus, steps, step, words):
        """Show a race.

        ground: dict of `name`, `span`, `side` (n,), `heights` (n, n), `minima` (k, 2) and which of them are `higher`
        than the lowest (k,), `axes` (two names), `top` (the largest loss of its axis) and `tolerance`.
        runners: dict name → dict of `track` (places to be joined), `at` (where it is), `loss` and `distance` (their
        values up to now) of those who run.
        focus: dict of `name`, `at` (its place), `step` and `slope` (vectors as long as the next step and as lr times
        the gradient; None where not drawn), `needles` (three vectors or None), `bars` (shares of a full bar, (r, 2)).
        steps, step: how far the axes go, and where we are.
        words: dict of texts: `heading` (2), `map`, `notes` (2), `who` (7), `numbers` (21), `memory`, `scale`,
        `columns` (2), `rule`, `names` (7), `values` (a list of up to 7 pairs), `loss`, `key` (6).
        """
        self._show_ground(ground, steps)
        self._show_words(words)
        self._show_paths(runners, focus["name"])
        for lines, name, least in zip(self.lines, ("loss", "distance"), (LOWEST, DISTANCES[0]), strict=True):
            lines.set_segments([_curve(runners[each][name], least) if each in runners else NOTHING for each in LOOKS])
        self._show_focus(focus, words["values"])
        for line, axes in zip(self.places, self.curves, strict=True):
            change(line, data=((step, step), axes.get_ylim()))

    def _show_ground(self, ground, steps):
        if self._ground != ground["name"]:
            self._ground = ground["name"]
            self._draw_ground(ground)
        if self._frame == (ground["name"], steps):
            return
        self._frame = (ground["name"], steps)
        for axes, limits in zip(self.curves, ((LOWEST, ground["top"]), DISTANCES), strict=True):
            axes.set_xlim(0, steps)
            axes.set_xticks([0, steps / 2, steps], ["0", f"{steps / 2:g}", f"{steps}"])
            axes.set_ylim(*limits)
            axes.minorticks_off()
            decades = np.log10(limits).round().astype(int)
            axes.set_yticks([10.0**k for k in range(decades[0], decades[1] + 1, 2 if np.ptp(decades) < 8 else 3)])
        self.tolerance.set_data([0, steps], [ground["tolerance"]] * 2)

    def _draw_ground(self, ground):
        for contours in self._contours:
            contours.remove()
        side, heights, span = ground["side"], ground["heights"], ground["span"]
        levels = np.quantile(heights, ((np.arange(BANDS) + 1) / (BANDS + 0.5)) ** 1.3)
        inks = [to_rgba(style.INK, SHADE * coats) for coats in range(1, BANDS + 1)]
        self._contours = (
            self.map.contourf(side, side, heights, levels, colors=inks, extend="max", zorder=0.2),
            self.map.contour(side, side, heights, levels, colors=[style.MUTED], linewidths=0.5, zorder=0.4),
        )
        self._pixels = MAP[2] / (2 * span)
        self.map.set(xlim=(-span, span), ylim=(-span, span))
        end = int(span)
        for axis, name, place in zip((self.map.xaxis, self.map.yaxis), ground["axes"], NAMES, strict=True):
            axis.set_ticks([-end, 0, end], [f"−{end}", "0", f"{end}"])
            axis.set_label_text(name)
            axis.set_label_coords(*place)
        for stars, which in zip(self.minima, (~ground["higher"], ground["higher"]), strict=True):
            stars.set_data(*ground["minima"][which].T)

    def _show_words(self, words):
        for name in ("heading", "notes", "columns"):
            for artist, text in zip(getattr(self, name), words[name], strict=True):
                change(artist, text=text)
        for artist, name in (
            (self.map_title, "map"), (self.memory_title, "memory"), (self.scale, "scale"), (self.rule, "rule"),
            (self.loss_title, "loss"),
        ):  # fmt: skip
            change(artist, text=words[name])
        self.who.set_texts(words["who"])
        self.numbers.set_texts(words["numbers"])
        self.names.set_texts(words["names"])
        self.key.set_texts(words["key"])

    def _show_paths(self, runners, focus):
        names = sorted(LOOKS, key=lambda name: name == focus)  # the one in focus on top
        self.paths.set_segments([runners[name]["track"] if name in runners else NOTHING for name in names])
        change(self.paths, color=[LOOKS[name][0] for name in names])
        change(self.paths, linestyle=[LOOKS[name][2] for name in names])
        for mark, name in zip(self.marks, LOOKS, strict=True):
            change(mark, visible=name in runners, zorder=6.5 if name == focus else 6)
            if name in runners:
                _draw(mark, *runners[name]["at"][:, None])
        track = runners[focus]["track"]
        apart = np.hypot(*np.diff(track, axis=0).T) * self._pixels > APART
        _draw(self.beads, *track[1:][apart].T)
        _draw(self.start, *track[:1].T)

    def _show_focus(self, focus, values):
        colour = LOOKS[focus["name"]][0]
        row = TABLE_TOP + ROW * (list(LOOKS).index(focus["name"]) - 0.5)
        change(self.focus_row, y=row)
        for arrow, vector in zip(self.arrows, (focus["slope"], focus["step"]), strict=True):
            self._point(arrow, focus["at"], vector)
        change(self.arrows[1], color=colour)
        change(self.needles[0], color=colour)
        change(self.samples[0], color=colour)
        for needle, sample, vector in zip(self.needles, self.samples, focus["needles"], strict=True):
            length = 0.0 if vector is None else float(np.hypot(*vector))
            change(needle, visible=length > 0)
            change(sample, visible=vector is not None)
            if length > 0:
                needle.set_positions((0, 0), np.asarray(vector) / length)
        for column, bars in enumerate(self.bars):
            texts = [pair[column] for pair in values]
            bars.update(focus["bars"][:, column], texts + [""] * (ROWS - len(texts)), limit=1.0)

    def _point(self, arrow, at, vector):
        pixels = 0.0 if vector is None else np.hypot(*vector) * self._pixels
        change(arrow, visible=bool(pixels > SEEN))
        if pixels > SEEN:
            arrow.set_positions(at, at + vector)


def _lines(axes, **look):
    """A line for each optimiser, as one artist."""
    colours, _, dashes = zip(*LOOKS.values(), strict=True)
    lines = LineCollection([], colors=colours, linestyles=dashes, **{"linewidths": WIDTHS, "zorder": 4} | look)
    axes.add_collection(lines, autolim=False)
    return lines


def _curve(values, least):
    """A curve over the steps 0, 1, …, which a logarithmic axis can show: nothing is far below its lower end `least`."""
    return np.column_stack([np.arange(len(values)), np.maximum(values, least / 100)])


def _draw(line, x, y):
    """Give a line its places, unless it has them already."""
    if not (np.array_equal(line.get_xdata(orig=True), x) and np.array_equal(line.get_ydata(orig=True), y)):
        line.set_data(x, y)
