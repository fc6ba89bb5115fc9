"""A training run at one of its moments: what the network draws, the paths of all its parameters, its losses."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit, zero_lines
from wbviz.scenes._grid import Numbers, rect
from wbviz.scenes._plane import answer_map, bare_plane, class_marker
from wbviz.scenes.curve_builder import spread

# Places in pixels from the upper left: left, top, width, height.
PLANE, CURVE = (34, 66, 236, 236), (34, 66, 236, 222)
PATHS, LOSSES = (330, 66, 300, 172), (330, 274, 300, 80)
TABLE, ROW, ROWS = 362, 14, 9  # the table of the unit in hand: its first row, from one to the next, how many
NAME, COLUMNS = 64, (190, 266)  # where its names begin and its numbers end
LIST_LEFT, LIST, LIST_ROW, MOMENTS = 296, 420, 16, 5  # the list of moments
LIST_COLUMNS = (306, 322, 390)
NUMBERS = 256  # the height of the moments' numbers, between the two plots
TALLEST = (1, 2, 3, 5, 10, 20, 50, 100, 1000)  # where the axis of the parameters may end
FLOOR, CEILING = -6, 6  # the losses are drawn between these powers of ten
WEIGHT, BIAS, DASH = style.BLUE, style.PINK, (0, (3, 1.3))
LEARNED = {"color": style.GREEN, "linestyle": "solid", "linewidth": style.LINE}
HELD_OUT = {"color": style.PINK, "linestyle": DASH, "linewidth": style.LINE}
NOTHING = np.empty((0, 2))


class LearningFilmScene:
    """Draws a run from its start to its end, and one moment of it. `update` moves all; nothing is computed here."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_lists()
        self._make_plane(figure)
        self._make_curve(figure)
        self._make_paths(figure)
        self._make_losses(figure)
        self._run = self._chosen = None
        self.live = [
            *self.heading, *self.titles, *self.notes, self.map, self.lines, *self.classes, self.wrong, self.target,
            self.drawn, self.examples, self.bends, *self.paths, self.hand, self.marks, *self.names, self.keyframes,
            *self.nows, self.found, *self.numbers, *self.curves, *self.dots, self.losses_now.artist, self.row,
            self.list.artist, self.samples, self.table.artist, self.values.artist,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", size=style.SMALL, **kwargs):
        return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

    def _make_words(self):
        self.heading = [self._line(16, 16, size=style.TITLE, weight="bold"), self._line(16, 36)]
        left = PLANE[0]
        places = ((left, 55), (LIST_LEFT, 55), (left, 326), (left, 343), (LIST_LEFT, LIST - 19))
        self.titles = [self._line(*place) for place in places]
        self.titles[2].set_weight("bold")
        self.notes = [self._line(16, y) for y in (504, 521, 538)]
        self.notes[-1].set_color(style.MUTED)

    def _make_lists(self):
        rows = TABLE + ROW * np.arange(ROWS)
        self.table = Numbers(self.page, NAME, rows, ha="left")
        self.values = Numbers(self.page, np.tile(COLUMNS, ROWS), np.repeat(rows, 2), ha="right")
        self.samples = LineCollection([], linewidths=style.LINE + 0.4)
        self.page.add_collection(self.samples, autolim=False)
        self.row = Rectangle((LIST_LEFT, 0), 372, LIST_ROW, facecolor=style.HIGHLIGHT, edgecolor="none", zorder=0.5)
        self.page.add_patch(self.row)
        rows = LIST + LIST_ROW * np.arange(MOMENTS)
        self.list = Numbers(self.page, np.tile(LIST_COLUMNS, MOMENTS), np.repeat(rows, 3), ha="left")

    def _make_plane(self, figure):
        self.plane = bare_plane(figure, PLANE)
        self.map = answer_map(self.plane)
        self.classes = [self.plane.plot([], [], **class_marker(k, style.MARKER - 1), zorder=3)[0] for k in (0, 1)]
        ring = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": style.MAP_INK, "markersize": 11}
        (self.wrong,) = self.plane.plot([], [], **ring, linestyle="none", zorder=4)
        self.lines = LineCollection([], colors=style.MAP_INK, zorder=2)
        self.plane.add_collection(self.lines, autolim=False)

    def _make_curve(self, figure):
        self.curve = plot_axes(figure, rect(figure, *CURVE))
        zero_lines(self.curve)
        self.curve.set_xlim(-1.2, 1.2)
        self.curve.set_xticks([-1, 0, 1], ["−1", "0", "1"])
        look = {"color": style.MUTED, "linestyle": "dotted", "linewidth": style.LINE}
        (self.target,) = self.curve.plot([], [], **look, zorder=1)
        (self.examples,) = self.curve.plot([], [], "o", color=style.MUTED, markersize=4, zorder=2)
        (self.drawn,) = self.curve.plot([], [], color=style.INK, linewidth=style.BOLD, zorder=3)
        self.bends = LineCollection([], colors=style.BLUE, zorder=1.5)
        self.bends.set_transform(self.curve.get_xaxis_transform())
        self.curve.add_collection(self.bends, autolim=False)

    def _make_paths(self, figure):
        self.params = plot_axes(figure, rect(figure, *PATHS))
        zero_lines(self.params, x=False)
        looks = ({"linestyles": "solid", "colors": style.MUTED}, {"linestyles": [DASH], "colors": style.MUTED})
        self.paths = [LineCollection([], linewidths=style.THIN, zorder=2, **look) for look in looks]
        self.hand = LineCollection([], linewidths=style.BOLD - 0.4, zorder=3)
        for collection in (*self.paths, self.hand):
            self.params.add_collection(collection, autolim=False)
        dots = {"marker": "o", "color": style.INK, "markeredgecolor": style.PAPER, "markersize": 6.5, "clip_on": False}
        (self.marks,) = self.params.plot([], [], **dots, linestyle="none", zorder=5)
        self.names = [label(self.params, 0, 0, size=style.SMALL, ha="left", clip_on=False) for _ in range(ROWS)]
        tick = {"marker": "|", "color": style.MUTED, "markersize": 5, "linestyle": "none", "clip_on": False}
        (self.keyframes,) = self.params.plot([], [], **tick, transform=self.params.get_xaxis_transform(), zorder=4)
        for x, text, dash in ((478, "weight", "solid"), (566, "bias", DASH)):
            self.page.plot([x, x + 26], [55, 55], color=style.MUTED, linestyle=dash, linewidth=style.LINE)
            self._line(x + 31, 55, text)

    def _make_losses(self, figure):
        self.losses = plot_axes(figure, rect(figure, *LOSSES))
        self.losses.set_yscale("log")
        self.losses.minorticks_off()
        self.curves = [self.losses.plot([], [], **look, zorder=2)[0] for look in (LEARNED, HELD_OUT)]
        self.dots = [
            self.losses.plot([], [], "os"[k], color=look["color"], markersize=style.MARKER, zorder=4, clip_on=False)[0]
            for k, look in enumerate((LEARNED, HELD_OUT))
        ]
        now = {"color": style.INK, "linewidth": style.THIN + 0.4}
        self.nows = [axes.plot([], [], **now, zorder=3.5)[0] for axes in (self.params, self.losses)]
        self.found = LineCollection([], colors=style.MUTED, linestyles="dotted", linewidths=1.2, zorder=1)
        self.found.set_transform(self.losses.get_xaxis_transform())
        self.losses.add_collection(self.found, autolim=False)
        self.numbers = [label(self.page, 0, NUMBERS, size=style.SMALL) for _ in range(MOMENTS)]
        y = LOSSES[1] + LOSSES[3] + 27
        for x, look in ((LIST_LEFT, LEARNED), (LIST_LEFT + 214, HELD_OUT)):
            self.page.plot([x, x + 26], [y, y], **look)
        self.losses_now = Numbers(self.page, [LIST_LEFT + 32, LIST_LEFT + 246], [y, y], ha="left")

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, run, now, hand, words):
        """Show a run at one moment.

        run: dict of `key` (equal for equal runs), `steps` (k,), `params` (k, n), `biases` (n,) booleans, `losses`, a
        pair of (k,), `end` of the axis of the steps, `found` (steps of the moments), `limit` of the plane or of the
        curve's axis, and `points`: the places of both classes, or for a regression None, the `examples` (n, 2) and the
        `target` (m, 2).
        now: dict of `step`, `params` (n,), `losses` (2), `drawn`: a map (c, c) or a curve (m, 2), `lines`: for each
        unit of the first layer two places (2, 2), none (0, 2), or for a regression where it bends, `wrong`: places.
        hand: dict of `params`, the indices of those in hand, and `line`: which of the lines is in hand, or None.
        words: dict of texts: `heading` (2), `titles` (5), `names` and `table` (9), `values` (18), `losses` (2),
        `list` (15), `row` (which is marked, or None), `notes` (3).
        """
        self._show_words(words)
        if self._run != run["key"]:
            self._run, self._chosen = run["key"], None
            self._show_run(run)
        self._show_hand(run, hand["params"])
        self._show_moment(now, hand, words["names"])
        if run["points"] is None:
            self._show_curve(now, hand["line"])
        else:
            self._show_plane(now, hand["line"])

    def _show_words(self, words):
        for artists, name in ((self.heading, "heading"), (self.titles, "titles"), (self.notes, "notes")):
            for artist, text in zip(artists, words[name], strict=True):
                change(artist, text=text)
        for numbers, name in (
            (self.table, "table"), (self.values, "values"), (self.losses_now, "losses"), (self.list, "list"),
        ):  # fmt: skip
            numbers.set_texts(words[name])
        change(self.row, visible=words["row"] is not None, y=LIST + LIST_ROW * ((words["row"] or 0) - 0.5))

    def _show_run(self, run):
        """What is the same at every moment of a run."""
        steps, end = run["steps"], run["end"]
        self._limit = stepped_limit(np.abs(run["params"]).max(), TALLEST[:-1])
        self._limit = min(self._limit, TALLEST[-1])
        far = np.clip(run["params"], -2 * self._limit, 2 * self._limit)
        self._tracks = np.stack([np.broadcast_to(steps, far.T.shape), far.T], axis=-1)
        for axes in (self.params, self.losses):
            axes.set_xlim(0, end)
        self.params.set_ylim(-self._limit, self._limit)
        name = f"{self._limit:g}"
        self.params.set_yticks([-self._limit, 0, self._limit], [f"−{name}", "0", name])
        self.params.set_xticks([0, end / 2, end], [""] * 3)
        self.losses.set_xticks([0, end / 2, end], ["0", f"{end / 2:g}", f"step {end}"])
        self.keyframes.set_data(steps, np.zeros(len(steps)))
        for line, losses in zip(self.curves, run["losses"], strict=True):
            line.set_data(steps, np.clip(losses, 10.0 ** (FLOOR - 1), 10.0 ** (CEILING + 1)))
        self._set_decades(np.concatenate(run["losses"]))
        self._show_found(run["found"], end)
        self._show_data(run)

    def _set_decades(self, losses):
        low, high = np.log10(np.clip([losses.min(), losses.max()], 10.0**FLOOR, 10.0**CEILING))
        low, high = int(np.floor(low)), int(np.ceil(high + 1e-9))
        self.losses.set_ylim(10.0**low, 10.0**high)
        every = 1 if high - low < 4 else 2 if high - low < 8 else 4
        self.losses.set_yticks([10.0**k for k in range(low, high + 1, every)])
        self.losses.minorticks_off()

    def _show_found(self, found, end):
        pixels = PATHS[0] + PATHS[2] * np.asarray(found, float) / end
        places = spread(pixels, 13, PATHS[0], PATHS[0] + PATHS[2]) if len(found) else []
        for k, number in enumerate(self.numbers):
            change(number, text=f"{k + 1}" if k < len(found) else "", x=float(places[k]) if k < len(found) else 0.0)
        self.found.set_segments([[(step, 0), (step, 1)] for step in found])

    def _show_data(self, run):
        flat = run["points"] is not None
        self.plane.set_visible(flat)
        self.curve.set_visible(not flat)
        ends = (-run["limit"], run["limit"])
        if flat:
            self.map.set_extent((*ends, *ends))
            self.plane.set(xlim=ends, ylim=ends)
            for artist, places in zip(self.classes, run["points"], strict=True):
                artist.set_data(*places.T)
        else:
            self.curve.set_ylim(*ends)
            self.curve.set_yticks([-1, 0, 1], ["−1", "0", "1"])
            self.examples.set_data(*run["examples"].T)
            self.target.set_data(*run["target"].T)

    def _show_hand(self, run, chosen):
        """The paths of the unit in hand, in bold, and those of all others."""
        if self._chosen == chosen:
            return
        self._chosen, biases = chosen, run["biases"]
        others = np.ones(len(biases), bool)
        others[chosen] = False
        for lines, which in zip(self.paths, (others & ~biases, others & biases), strict=True):
            lines.set_segments(self._tracks[which])
        look = {"color": [BIAS if biases[k] else WEIGHT for k in chosen]}
        look["linestyle"] = [DASH if biases[k] else "solid" for k in chosen]
        self.hand.set_segments(self._tracks[chosen])
        rows = TABLE + ROW * np.arange(len(chosen))
        self.samples.set_segments([[(PLANE[0], y), (NAME - 6, y)] for y in rows])
        for lines in (self.hand, self.samples):
            lines.set(**look)

    def _show_moment(self, now, hand, names):
        step, values = now["step"], np.clip(now["params"][hand["params"]], -self._limit, self._limit)
        _move(self.marks, np.full(len(values), step), values)
        for line, axes in zip(self.nows, (self.params, self.losses), strict=True):
            change(line, data=((step, step), axes.get_ylim()))
        for dot, loss in zip(self.dots, now["losses"], strict=True):
            change(dot, data=((step,), (float(np.clip(loss, *self.losses.get_ylim())),)))
        self._name(self._tracks[hand["params"], -1, 1], names)

    def _name(self, ends, names):
        """The names of those in hand stand at the right, beside the ends of their paths."""
        limit, right = self._limit, self.params.get_xlim()[1] * (1 + 6 / PATHS[2])
        gap = 13 * 2 * limit / PATHS[3]
        heights = spread(np.clip(ends, -limit, limit), gap, -limit, limit)
        for k, artist in enumerate(self.names):
            seen = k < len(heights)
            change(artist, text=names[k] if seen else "", position=(right, float(heights[k]) if seen else 0.0))

    def _show_plane(self, now, chosen):
        self.map.set_data(now["drawn"])
        self.lines.set_segments(now["lines"])
        change(self.lines, linewidth=[_width(k, chosen) for k in range(len(now["lines"]))])
        _move(self.wrong, *np.reshape(now["wrong"], (-1, 2)).T)

    def _show_curve(self, now, chosen):
        _move(self.drawn, *now["drawn"].T)
        self.bends.set_segments([[(x, 0), (x, 0.06 if k != chosen else 0.2)] for k, x in enumerate(now["lines"])])
        change(self.bends, linewidth=[_width(k, chosen) for k in range(len(now["lines"]))])


def _width(k, chosen):
    return style.BOLD if k == chosen else style.THIN + 0.4


def _move(line, x, y):
    """Give a line its places, unless it has them already."""
    if not (np.array_equal(line.get_xdata(orig=True), x) and np.array_equal(line.get_ydata(orig=True), y)):
        line.set_data(x, y)
