"""Gradient clipping: a cliff, or slopes through time; the step before and after; loss and gradient by step."""

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import rect

#: Places in pixels from the upper left.
PLANE, LOSS, NORM, COMPASS = (52, 62, 300, 240), (424, 62, 240, 130), (424, 240, 240, 130), (16, 364, 108, 108)
BANDS, SHADE = 10, 0.028  # the higher the ground, the more coats of ink
REACH = 2.1  # half the compass, in thresholds
FREE = {"color": style.VERMILLION, "linestyle": style.NEGATIVE_DASH}  # without clipping
HELD = {"color": style.BLUE, "linestyle": "solid"}  # with it
RING = {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 11, "markeredgewidth": 1.2}
#: The limits of the logarithmic axes of loss, gradient and slope through time, by scene.
AXES = {
    "cliff": ((1e-6, 1.0), (1e-4, 1e3), None),
    "recurrent network": ((1e-5, 1e5), (1e-4, 1e5), (1e-8, 1e4)),
}
SEEN = 4  # pixels: a shorter arrow is not drawn


class ClippingScene:
    """Two descents from one start, with clipping and without, and the step of the clipped one before and after it."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self._make_words()
        self._make_plane(figure)
        self._make_curves(figure)
        self._make_compass(figure)
        self._ground = self._frame = None
        self._contours = ()
        self.live = [
            self.heading, self.across, self.up, *self.titles, *self.says, *self.paths, *self.marks, self.start,
            *self.arrows, *self.slopes,
            *self.losses, *self.norms, *self.dots, *self.places, self.threshold, self.cuts, *self.needles, self.ball,
            self.box, self.arc, *self.facts, *self.key,
        ]  # fmt: skip

    # --- artists, made once -------------------------------------------------------------------------------------------

    def _line(self, x, y, text="", **kwargs):
        return label(self.page, x, y, text, **{"size": style.SMALL, "ha": "left", **kwargs})

    def _make_words(self):
        self.heading = self._line(16, 18, size=style.TITLE, weight="bold")
        self.titles = [self._line(16, 47), self._line(390, 47), self._line(390, 225)]
        self.says = [self._line(390, y) for y in (402, 420, 438, 456)]
        self.across = label(self.page, PLANE[0] + PLANE[2] / 2, 328, size=style.SMALL)
        self.up = label(self.page, PLANE[0] - 36, PLANE[1] + PLANE[3] / 2, size=style.SMALL)
        for x, look, name in ((16, HELD, "with clipping"), (136, FREE, "without")):
            self.page.plot([x, x + 22], [349, 349], linewidth=style.LINE, **look)
            self._line(x + 28, 349, name)
        self.key = [*self.page.plot([235], [349], "o", **RING), self._line(252, 349, "start")]

    def _make_plane(self, figure):
        self.plane = plot_axes(figure, rect(figure, *PLANE))
        self.paths = [
            self.plane.plot([], [], linewidth=width, marker="o", markersize=size, zorder=3, **look)[0]
            for look, width, size in ((FREE, 1.2, 2.2), (HELD, 1.4, 2.2))
        ]
        edge = {"markeredgecolor": style.PAPER, "markeredgewidth": 0.9, "linestyle": "none", "zorder": 5}
        self.marks = [
            self.plane.plot([], [], marker, color=look["color"], markersize=style.MARKER + 2, **edge)[0]
            for look, marker in ((FREE, "s"), (HELD, "o"))
        ]
        (self.start,) = self.plane.plot([], [], "o", **RING, zorder=3)
        self.arrows = [self._arrow(self.plane, look, width) for look, width in ((FREE, 1.4), (HELD, style.BOLD))]
        self.slopes = [
            self.plane.plot([], [], linewidth=style.LINE, marker=marker, markersize=4, zorder=3, **look)[0]
            for look, marker in ((FREE, "s"), (HELD, "o"))
        ]

    def _arrow(self, axes, look, width):
        arrow = FancyArrowPatch(
            (0, 0), (1, 1), arrowstyle="-|>", mutation_scale=11, shrinkA=0, shrinkB=0, linewidth=width, zorder=6, **look
        )
        axes.add_patch(arrow)
        return arrow

    def _make_curves(self, figure):
        self.curves = [plot_axes(figure, rect(figure, *place)) for place in (LOSS, NORM)]
        for axes in self.curves:
            axes.set_yscale("log")
        self.losses, self.norms = (
            [axes.plot([], [], linewidth=1.5, zorder=2, **look)[0] for look in (FREE, HELD)] for axes in self.curves
        )
        dot = {"linestyle": "none", "zorder": 4, "clip_on": False, "markersize": 6, "markeredgecolor": style.PAPER}
        self.dots = [
            axes.plot([], [], marker, color=look["color"], **dot)[0]
            for axes in self.curves
            for marker, look in (("s", FREE), ("o", HELD))
        ]
        look = {"color": style.MUTED, "linewidth": style.THIN, "linestyle": "dashed"}
        self.places = [axes.plot([], [], **look)[0] for axes in self.curves]
        (self.threshold,) = self.curves[1].plot([], [], color=style.GREEN, linestyle="dotted", linewidth=1.8, zorder=1)
        cuts = {"color": style.GREEN, "marker": "|", "markersize": 9, "linestyle": "none", "zorder": 3}
        (self.cuts,) = self.curves[1].plot([], [], **cuts)

    def _make_compass(self, figure):
        limits = (-REACH, REACH)
        axes = blank_axes(figure, rect(figure, *COMPASS), xlim=limits, ylim=limits)
        frame = {"facecolor": "none", "edgecolor": style.FAINT, "linewidth": style.THIN}
        axes.add_patch(Rectangle((-REACH, -REACH), 2 * REACH, 2 * REACH, **frame, zorder=0))
        limit = {"facecolor": "none", "edgecolor": style.GREEN, "linewidth": 1.5, "linestyle": "dotted", "zorder": 1}
        self.ball, self.box = Circle((0, 0), 1, **limit), Rectangle((-1, -1), 2, 2, **limit)
        (self.arc,) = axes.plot([], [], color=style.INK, linewidth=style.THIN + 0.3, zorder=2)
        for patch in (self.ball, self.box):
            axes.add_patch(patch)
        self.needles = [self._arrow(axes, look, width) for look, width in ((FREE, 1.4), (HELD, style.BOLD))]
        self.facts = [self._line(138, y) for y in (372, 390, 408, 426, 444, 462)]

    # --- what moves ---------------------------------------------------------------------------------------------------

    def update(self, ground, free, held, step, compass, words):
        """Show two descents up to a step.

        ground: dict of `name` (a key of AXES), `length` (time steps), for the cliff `w` (m,), `b` (k,), `loss` (k, m).
        free, held: without and with clipping, dicts of `loss` and `norm` (from the start to now), `path` (n, 2) on the
        cliff, `slopes` (T,) or None through time, `seen` (is the run still going?); held also `cuts` (steps that were
        clipped), `steps` (before and after clipping, two vectors) and `threshold`.
        step: (now, last).  compass: dict of `before`, `after` (against the gradient, before and after clipping, in
        thresholds) and `limit` ("by norm", "by value", or "" where neither ball nor box can be drawn).
        words: dict of `heading`, `titles` (3), `facts` (6) and `says` (4).
        """
        change(self.heading, text=words["heading"])
        for artists, name in ((self.titles, "titles"), (self.facts, "facts"), (self.says, "says")):
            for artist, text in zip(artists, words[name], strict=True):
                change(artist, text=text)
        self._frame_axes(ground, step[1])
        self._show_plane(ground, free, held)
        self._show_curves(free, held, *step)
        self._show_compass(**compass)

    def _frame_axes(self, ground, last):
        frame = ground["name"], last, ground["length"]
        if frame == self._frame:
            return
        self._frame = frame
        losses, norms, slopes = AXES[ground["name"]]
        change(self.across, text="w" if slopes is None else "time step")
        change(self.up, text="b" if slopes is None else "")
        for axes, limits in zip(self.curves, (losses, norms), strict=True):
            axes.set(xlim=(0, last), ylim=limits)
            axes.set_xticks([0, last // 2, last])
            _decades(axes, limits)
        if slopes is None:
            self._frame_map(ground["w"], ground["b"])
        else:
            length = ground["length"]
            self.plane.set(xlim=(1, length), yscale="log", ylim=slopes)
            self.plane.set_xticks(sorted({1, (length + 1) // 2, length}))
            _decades(self.plane, slopes)

    def _frame_map(self, w, b):
        self.plane.set(yscale="linear", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
        self.plane.set_xticks(range(int(np.ceil(w[0])), int(w[-1]) + 1))
        ticks = range(int(np.ceil(b[0])), int(np.floor(b[-1])) + 1)
        self.plane.set_yticks(ticks, [f"{tick}".replace("-", "−") for tick in ticks])

    def _show_plane(self, ground, free, held):
        cliff = "loss" in ground
        drawn = ground["length"] if cliff else None
        if drawn != self._ground:
            self._ground = drawn
            self._draw_ground(ground)
        for k, run in enumerate((free, held)):
            for artist in (self.paths[k], self.marks[k], self.arrows[k]):
                change(artist, visible=cliff)
            change(self.slopes[k], visible=not cliff and run["slopes"] is not None)
            if cliff:
                self.paths[k].set_data(*run["path"].T)
                self.marks[k].set_data(*run["path"][-1:].T)
                self._point(self.arrows[k], held["path"][-1], held["steps"][k])
            elif run["slopes"] is not None:
                self.slopes[k].set_data(np.arange(1, len(run["slopes"]) + 1), run["slopes"])
        for artist in (self.start, *self.key):
            change(artist, visible=cliff)
        if cliff:
            self.start.set_data(*held["path"][:1].T)

    def _draw_ground(self, ground):
        for contours in self._contours:
            contours.remove()
        self._contours = ()
        if "loss" not in ground:
            return
        w, b, loss = ground["w"], ground["b"], ground["loss"]
        levels = np.array([0.001, 0.004, 0.01, 0.03, 0.06, 0.08, 0.12, 0.2, 0.3, 0.4])
        inks = [to_rgba(style.INK, SHADE * coats) for coats in range(1, len(levels) + 1)]
        self._contours = (
            self.plane.contourf(w, b, loss, levels, colors=inks, extend="max", zorder=0.2),
            self.plane.contour(w, b, loss, levels, colors=[style.MUTED], linewidths=0.5, zorder=0.4),
        )
        self._frame_map(w, b)

    def _point(self, arrow, at, vector):
        ends = self.plane.transData.transform([at, at + vector])
        seen = bool(np.hypot(*np.subtract(*ends)) > SEEN)
        change(arrow, visible=seen)
        if seen:
            arrow.set_positions(at, at + vector)

    def _show_curves(self, free, held, step, last):
        for lines, name, axes in ((self.losses, "loss", self.curves[0]), (self.norms, "norm", self.curves[1])):
            low, high = axes.get_ylim()
            for k, run in enumerate((free, held)):
                values = np.clip(run[name], low / 100, high * 100)
                lines[k].set_data(np.arange(len(values)), values)
                dot = self.dots[k + (2 if name == "norm" else 0)]
                change(dot, visible=bool(run["seen"] and low <= values[-1] <= high))
                dot.set_data([len(values) - 1], values[-1:])
        for line, axes in zip(self.places, self.curves, strict=True):
            change(line, data=((step, step), axes.get_ylim()))
        change(self.threshold, data=((0, last), (held["threshold"],) * 2))
        floor = self.curves[1].get_ylim()[0] * 2
        self.cuts.set_data(held["cuts"], np.full(len(held["cuts"]), floor))

    def _show_compass(self, before, after, limit):
        change(self.ball, visible=limit == "by norm")
        change(self.box, visible=limit == "by value")
        for needle, vector in zip(self.needles, (before, after), strict=True):
            length = float(np.abs(vector).max())
            change(needle, visible=length > 0.05)
            if length > 0.05:
                bare = length > REACH or length < 0.4  # it goes on behind the frame, or is shorter than a head
                needle.set_arrowstyle("-" if bare else "-|>")
                needle.set_positions((0, 0), tuple(vector * min(1.0, REACH / length)))
        first, second = (float(np.degrees(np.arctan2(v[1], v[0]))) for v in (before, after))
        turn = (second - first + 180) % 360 - 180
        change(self.arc, visible=abs(turn) > 1)
        way = np.radians(first + turn * np.linspace(0, 1, 13))
        self.arc.set_data(0.6 * np.cos(way), 0.6 * np.sin(way))


def _decades(axes, limits):
    """Ticks at powers of ten, four or so, and none between."""
    low, high = np.log10(limits).round().astype(int)
    axes.minorticks_off()
    axes.set_yticks([10.0**k for k in range(low, high + 1, 2 if high - low < 8 else 3)])
