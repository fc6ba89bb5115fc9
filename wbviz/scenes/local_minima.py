"""Many starts on a curve or a surface with several minima: where they are, in which valley, and how many are low."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, to_rgba

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Bars, Numbers, rect, row_axes

# Places in pixels from the upper left: left, top, width, height.
CURVE, TRACKS, MAP = (48, 56, 290, 128), (48, 206, 290, 214), (48, 60, 330, 330)
TABLE_TOP, ROW, ROWS = 79, 17, 10
BARS = ((478, TABLE_TOP - ROW / 2, 52, ROWS * ROW), (588, TABLE_TOP - ROW / 2, 52, ROWS * ROW))
COUNT = (444, 324, 226, 92)
LEFT = 400  # where the right side begins
#: How the minima and who is in their valleys are drawn, the lowest first; from the fifth on all alike, with numbers.
LOOKS = (
    (style.BLUE, "o"), (style.GREEN, "s"), (style.PINK, "^"), (style.VERMILLION, "D"), (style.MUTED, "v"),
)  # fmt: skip
AWAY = (style.INK, "x")
TINTS = ListedColormap([to_rgba(colour, 0.2) for colour, _ in LOOKS])
MOMENTUM = {"color": style.BLUE, "linewidth": style.BOLD, "linestyle": "solid"}
PLAIN = {"color": style.INK, "linewidth": style.LINE, "linestyle": (0, (4, 2))}
NOTHING = np.empty((0, 2))


def look(valley):
    """Colour and marker of a valley; a negative one is that of those who have flown away."""
    return AWAY if valley < 0 else LOOKS[min(valley, len(LOOKS) - 1)]


class LocalMinimaScene:
    """Left the curve with the tracks below it, or the map of a surface; right the table of minima and the count."""

    def __init__(self, figure, steps):
        self._steps = steps
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_ground(figure)
        self._make_balls()
        self._make_table(figure)
        self._make_count(figure)
        self._shown = None
        self._contours = ()
        self.live = [
            *self.heading, self.title, *self.says, *self.tints, self.line, self.slow, *self.curve_numbers,
            *self.map_numbers,
            *self.minima, *self.balls, *self.begun, self.tracks, self.tails, *self.paths, *self.focus, self.now,
            self.rows.artist, *(artist for bars in self.bars for artist in bars.live), *self.marks, *self.counts,
            self.place,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = [self._line(16, 17, size=style.TITLE, weight="bold"), self._line(140, 18)]
        self.title = self._line(16, 43)
        self.says = [self._line(LEFT - 8, y) for y in (264, 281)] + [self._line(16, y) for y in (462, 480)]
        self.says[-1].set_color(style.MUTED)

    def _make_ground(self, figure):
        self.curve, self.below, self.map = (plot_axes(figure, rect(figure, *at)) for at in (CURVE, TRACKS, MAP))
        self.curve.set_xticks([])
        self.below.set_ylim(self._steps, 0)
        self.below.set_yticks([0, self._steps // 2, self._steps])
        self.by = [
            label(self.page, 22, TRACKS[1] + TRACKS[3] / 4, "step", size=style.SMALL),
            label(self.page, TRACKS[0] + TRACKS[2] / 2 + 24, TRACKS[1] + TRACKS[3] + 12, "x", size=style.SMALL),
        ]
        self.across = [
            label(self.page, MAP[0] + MAP[2] / 2 + 30, MAP[1] + MAP[3] + 12, size=style.SMALL),
            label(self.page, 18, MAP[1] + MAP[3] / 4, size=style.SMALL),
        ]
        image = {"cmap": TINTS, "vmin": -0.5, "vmax": len(LOOKS) - 0.5, "interpolation": "none", "aspect": "auto"}
        self.tints = [
            axes.imshow(np.zeros((1, 1)), origin="lower", zorder=0.1, **image)
            for axes in (self.curve, self.below, self.map)
        ]
        (self.line,) = self.curve.plot([], [], color=style.INK, linewidth=style.LINE, zorder=1)
        self.slow = LineCollection([], colors=style.INK, linewidths=style.THIN, linestyles="dashed", zorder=0.6)
        self.below.add_collection(self.slow, autolim=False)
        self.curve_numbers, self.map_numbers = (
            [label(axes, 0, 0, size=style.SMALL, weight="bold", zorder=7) for _ in range(ROWS - 1)]
            for axes in (self.curve, self.map)
        )
        self.minima = [
            axes.plot([], [], "*", color=style.INK, markersize=11, zorder=2)[0] for axes in (self.curve, self.map)
        ]

    def _make_balls(self):
        looks = [*LOOKS, AWAY]
        edge = {"linestyle": "none", "markersize": 6, "markeredgewidth": 0.6, "zorder": 4}
        self.balls, self.begun = [], []
        for axes in (self.curve, self.map):
            for colour, marker in looks:
                line = colour if marker == "x" else style.INK
                self.balls += axes.plot([], [], marker=marker, color=colour, markeredgecolor=line, **edge)
        for axes in (self.below, self.map):
            for colour, marker in looks:
                hollow = {"markerfacecolor": "none", "markeredgecolor": colour, "markersize": 4.5, "zorder": 3}
                self.begun += axes.plot([], [], marker=marker, linestyle="none", clip_on=False, **hollow)
        self.tracks, self.tails = (LineCollection([], linewidths=0.9, zorder=2) for _ in range(2))
        self.below.add_collection(self.tracks, autolim=False)
        self.map.add_collection(self.tails, autolim=False)
        self.paths = [
            axes.plot([], [], **style_, zorder=5)[0] for axes in (self.below, self.map) for style_ in (PLAIN, MOMENTUM)
        ]
        ring = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 12, "markeredgewidth": 1.6}
        self.focus = [
            axes.plot([], [], "o", clip_on=False, **ring, zorder=6)[0] for axes in (self.curve, self.below, self.map)
        ]
        (self.now,) = self.below.plot([], [], color=style.INK, linewidth=style.THIN, zorder=1)

    def _make_table(self, figure):
        rows = TABLE_TOP + ROW * np.arange(ROWS)
        self._line(LEFT - 8, TABLE_TOP - 36, "Minima, and how many are in each valley")
        for x, text in ((LEFT + 22, "height"), (478, "without β"), (588, "with β")):
            self._line(x, TABLE_TOP - 18, text)
        self.marks = [self.page.plot([], [], linestyle="none", markersize=7, color=c, marker=m)[0] for c, m in
                      [*(LOOKS[min(k, len(LOOKS) - 1)] for k in range(ROWS - 1)), AWAY]]  # fmt: skip
        self._rows = rows
        self.rows = Numbers(self.page, np.tile([LEFT + 4, LEFT + 22], ROWS), np.repeat(rows, 2), ha="left")
        self.bars = [Bars(row_axes(figure, place, ROWS), ROWS, at=1.08, one_sided=True, scale=False) for place in BARS]
        for bars in self.bars:
            bars.bars.axes.spines["bottom"].set_visible(False)
            bars.bars.axes.lines[0].set_visible(False)

    def _make_count(self, figure):
        self.count = axes = plot_axes(figure, rect(figure, *COUNT))
        axes.set_xlim(0, self._steps)
        axes.set_xticks([0, self._steps // 2, self._steps])
        label(self.page, COUNT[0] + COUNT[2] * 3 / 4, COUNT[1] + COUNT[3] + 12, "step", size=style.SMALL)
        self._line(LEFT - 8, 305, "How many are in a lowest valley")
        self.counts = [axes.plot([], [], **look, zorder=z)[0] for look, z in ((PLAIN, 3), (MOMENTUM, 2))]
        (self.place,) = axes.plot([], [], color=style.MUTED, linewidth=style.THIN, linestyle="dashed", zorder=1)
        for x, look, name in ((400, MOMENTUM, "with momentum"), (548, PLAIN, "without")):
            self.page.plot([x, x + 22], [448, 448], **look)
            self._line(x + 28, 448, name)

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, ground, balls, focus, count, words):
        """Show all starts at one step.

        ground: `name`, `span`, `minima` (k, d), of which `low` are lowest, `side` (m,), `valley` and `values` over it,
        (m,) or (m, m), `height` (of the curve's axis), `axes` (names).
        balls: `x` (n, d) now, `f` (n,), `begun` (n, d), `valley` (n,) now, `tracks`: lines behind them (n, t, 2).
        focus: `at` (d,), `f`, `begun` (d,), `paths`: lines (t, 2) of the one in focus, without and with momentum.
        count: `lines` (2, t) up to now, `of` (how many there are), `step`.
        words: `heading` (2), `title`, `says` (4), `rows` (20 texts), `valleys` (that of each row),
        `numbers` (without and with: 10 texts, and a value for each row).
        """
        flat = ground["minima"].shape[1] == 1
        if self._shown != ground["name"]:
            self._shown = ground["name"]
            self._show_ground(flat, **ground)
        self._show_balls(flat, count["step"], **balls)
        self._show_focus(flat, **focus)
        self._show_count(**count)
        for artists, texts in ((self.heading, words["heading"]), (self.says, words["says"])):
            for artist, text in zip(artists, texts, strict=True):
                change(artist, text=text)
        change(self.title, text=words["title"])
        self.rows.set_texts(words["rows"])
        rows = {valley % ROWS: y for valley, y in zip(words["valleys"], self._rows, strict=False)}
        for k, mark in enumerate(self.marks):
            mark.set_data(*(([LEFT - 4], [rows[k]]) if k in rows else ((), ())))
        for bars, (texts, values) in zip(self.bars, words["numbers"], strict=True):
            bars.update(values, texts, [look(valley)[0] for valley in words["valleys"]], limit=float(count["of"]))

    def _show_ground(self, flat, name, span, minima, low, side, valley, values, height, axes):
        for each in (self.curve, self.below, self.map):
            each.set_visible(each is not self.map if flat else each is self.map)
            each.set_xlim(-span, span)
        for text in (*self.by, *self.across):
            change(text, visible=(text in self.by) == flat)
        tinted = np.minimum(valley, len(LOOKS) - 1)
        for image, ends in zip(self.tints, (height, (self._steps, 0), (-span, span)), strict=True):
            image.set_data(tinted[None] if flat else tinted)
            image.set_extent((-span, span, *ends))
        for contours in self._contours:
            contours.remove()
        self._contours = ()
        if flat:
            self._show_curve(span, minima, low, side, values, height, valley)
        else:
            self._show_map(span, minima, low, side, values, axes)

    def _show_curve(self, span, minima, low, side, values, height, valley):
        self.curve.set_ylim(*height)
        self.below.set_ylim(self._steps, 0)
        self.curve.set_yticks([round(v, 1) for v in np.linspace(*height, 3)])
        self.below.set_xticks([-int(span), 0, int(span)], [f"−{int(span)}", "0", f"{int(span)}"])
        self.line.set_data(side, values)
        edges = (side[1:] + side[:-1])[np.flatnonzero(np.diff(valley))] / 2
        self.slow.set_segments([[(x, 0), (x, self._steps)] for x in edges])
        heights = np.interp(minima[:, 0], side, values)
        self.minima[0].set_data(minima[:low, 0], heights[:low])
        self._number(self.curve, np.column_stack([minima[:, 0], heights]), (0, -13))

    def _show_map(self, span, minima, low, side, values, axes):
        ticks = [-int(span), 0, int(span)]
        self.map.set_ylim(-span, span)
        self.map.set_xticks(ticks, [f"−{int(span)}", "0", f"{int(span)}"])
        self.map.set_yticks(ticks, [f"−{int(span)}", "0", f"{int(span)}"])
        for text, name in zip(self.across, axes, strict=True):
            change(text, text=name)
        levels = np.quantile(values, np.linspace(0.02, 0.98, 12) ** 1.3)
        self._contours = (
            self.map.contour(side, side, values, levels, colors=[style.MUTED], linewidths=0.4, zorder=0.4),
        )
        self.minima[1].set_data(*minima[:low].T)
        self._number(self.map, minima, (12, 11))

    def _number(self, axes, minima, shift):
        """Write its number beside each minimum, `shift` pixels from it."""
        places = axes.transData.inverted().transform(axes.transData.transform(minima) + np.array(shift))
        for own, texts in ((self.curve, self.curve_numbers), (self.map, self.map_numbers)):
            for k, text in enumerate(texts):
                seen = own is axes and k < len(places)
                change(text, text=str(k + 1) if seen else "")
                if seen:
                    change(text, position=tuple(map(float, places[k])))

    def _show_balls(self, flat, step, x, f, begun, valley, tracks):
        kinds = np.where(valley < 0, len(LOOKS), np.minimum(valley, len(LOOKS) - 1))
        half = len(LOOKS) + 1
        for k in range(half):
            some = kinds == k
            here = (x[some, 0], f[some]) if flat else x[some].T
            first = (begun[some, 0], np.zeros(some.sum())) if flat else begun[some].T
            for lines, places in ((self.balls, here), (self.begun, first)):
                lines[k].set_data(*(places if flat else ((), ())))
                lines[k + half].set_data(*(((), ()) if flat else places))
        colours = [look(k)[0] for k in valley]
        shown, other = (self.tracks, self.tails) if flat else (self.tails, self.tracks)
        shown.set_segments(list(tracks))
        shown.set_color(colours)
        other.set_segments([])
        change(self.now, data=((-100, 100) if flat else (), (step, step) if flat else ()))

    def _show_focus(self, flat, at, f, begun, paths):
        for k, places in enumerate([*paths, NOTHING, NOTHING] if flat else [NOTHING, NOTHING, *paths]):
            self.paths[k].set_data(*places.T)
        rings = [(at[0], f), (begun[0], 0.0), None] if flat else [None, None, tuple(at)]
        for ring, place in zip(self.focus, rings, strict=True):
            ring.set_data(*(((), ()) if place is None else ([place[0]], [place[1]])))

    def _show_count(self, lines, of, step):
        if self.count.get_ylim() != (0, of):
            self.count.set_ylim(0, of)
            self.count.set_yticks([0, of // 2, of])
        for line, values in zip(self.counts, lines, strict=True):
            line.set_data(np.arange(len(values)), values)
        change(self.place, data=((step, step), (0, of)))
