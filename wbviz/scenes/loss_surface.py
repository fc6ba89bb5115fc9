"""The loss over a plane through the parameters, as contours or as a relief, and a path of descent on it."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FixedLocator, NullLocator

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes
from wbviz.scenes._grid import Numbers, rect
from wbviz.scenes._relief import Relief

#: Light enough for black arrows nearly everywhere; low losses are bright.
HEIGHTS = LinearSegmentedColormap.from_list("heights", (style.HIGHLIGHT, style.DIVERGING_COLOURS[3], style.BLUE))
#: Places in pixels from the upper left: the surface, the scale of its colours, the losses step by step.
PLANE, SCALE, CURVE = (60, 44, 336, 336), (408, 44, 12, 336), (506, 246, 158, 106)
LEFT, RIGHT = 462, 664  # of the words
COLUMNS = (558, 612, 664)
HEAD = 8.0  # the longest arrow head, in pixels
#: Factors between neighbouring contours, and how many of them the scale holds at most.
RATIOS = ((10, 10 ** (1 / 16)), (100, 10 ** (1 / 10)), (1e9, 10 ** (1 / 6)))
WIDEST = 1e3  # the scale's top is at most so many times its bottom


class LossSurfaceScene:
    """Draws a surface, a path with an arrow for each step, where it is now, and the losses on the way."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        self.plane = plot_axes(figure, rect(figure, *PLANE))
        self.plane.yaxis.set_label_coords(-0.13, 0.5)
        self.scale = figure.add_axes(rect(figure, *SCALE))
        self.curve = plot_axes(figure, rect(figure, *CURVE), xlabel="step")
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.page.set_zorder(2)
        self._make_surface()
        self._make_path()
        self._make_curve()
        self._make_words()
        self.live = [
            self.map, self.contours, *self.relief.live, *self.arrows, self.start, self.here, self.stem,
            self.losses, self.now, self.heading, self.title, self.rows.artist, *self.lines, self.verdict, self.hint,
            self.notice,
        ]  # fmt: skip

    def _make_surface(self):
        self.map = self.plane.imshow(
            np.zeros((2, 2)),
            cmap=HEIGHTS,
            vmin=0,
            vmax=1,
            origin="lower",
            interpolation="none",
            aspect="auto",
            zorder=0,
        )
        self.contours = LineCollection([], colors=style.MAP_INK, linewidths=0.5, alpha=0.45, zorder=1)
        self.plane.add_collection(self.contours, autolim=False)
        self.plane.autoscale(False)
        ramp = np.linspace(0, 1, 128)[:, None]
        self.scale.imshow(
            ramp, cmap=HEIGHTS, vmin=0, vmax=1, origin="lower", interpolation="none", aspect="auto", extent=(0, 1, 0, 1)
        )
        self.scale.set_xticks([])
        self.scale.yaxis.tick_right()
        self.scale.tick_params(colors=style.MUTED, labelcolor=style.INK, labelsize=style.SMALL, length=3)
        for spine in self.scale.spines.values():
            spine.set_visible(False)
        self.relief = Relief(self.page, PLANE, HEIGHTS)
        self._drawn = self._levels = self._shown = None

    def _make_path(self):
        light, dark = {"color": style.DIVERGING_COLOURS[2]}, {"color": style.MAP_INK}
        self.arrows = [
            LineCollection([], linewidths=3.2, zorder=4, capstyle="round", **light),
            PolyCollection([], linewidths=1.6, zorder=4.1, **light),
            LineCollection([], linewidths=1.3, zorder=4.2, capstyle="round", **dark),
            PolyCollection([], linewidths=0.4, zorder=4.3, **dark),
        ]
        self.stem = LineCollection([], linewidths=style.LINE, zorder=4.5, color=style.VERMILLION, linestyle="dotted")
        for artist in (*self.arrows, self.stem):
            self.page.add_collection(artist, autolim=False)
            artist.set_clip_box(self.plane.bbox)
            artist.set_snap(False)
        edge = {"linestyle": "none", "markeredgecolor": style.MAP_INK, "zorder": 5}
        (self.start,) = self.page.plot([], [], "s", color=style.DIVERGING_COLOURS[2], markersize=style.MARKER, **edge)
        (self.here,) = self.page.plot([], [], "o", color=style.PINK, markersize=style.MARKER + 3, **edge)

    def _make_curve(self):
        self.curve.set_yscale("log")
        self.curve.set_title("Loss of all examples", fontsize=style.SMALL, color=style.INK, loc="left", pad=5)
        (self.losses,) = self.curve.plot([], [], color=style.INK, linewidth=style.LINE, zorder=2)
        (self.now,) = self.curve.plot(
            [],
            [],
            "o",
            color=style.PINK,
            markersize=style.MARKER + 1,
            markeredgecolor=style.INK,
            zorder=3,
            clip_on=False,
        )
        self._frame = None

    def _make_words(self):
        def line(x, y, size=style.SMALL, text="", **kwargs):
            return label(self.page, x, y, text, size=size, **{"ha": "left", **kwargs})

        self.heading = line(16, 18, style.TITLE, weight="bold")
        line(SCALE[0] + 6, 35, text="loss", ha="center")
        self.title = line(LEFT, 52, style.TEXT, weight="bold")
        self.rows = Numbers(self.page, np.tile(COLUMNS, 3), np.repeat([74, 92, 110], 3), ha="right")
        self.lines = [line(LEFT, y) for y in (92, 110, 138, 156, 174, 192)]
        self.verdict = line(16, 418, va="top", linespacing=1.35)
        self.hint = line(16, 481, color=style.MUTED)
        self.notice = line(PLANE[0] + PLANE[2] / 2, PLANE[1] + 14, ha="center", boxed=True, zorder=6)

    # --- moving ------------------------------------------------------------------------------------------------------

    def update(self, surface, path, run, view, words):
        """Show a surface and a path.

        surface: the engine's Surface.  path: `places` (k, 2) in the plane, `losses` (k,), and for a path that may
        leave the surface `heights` (k,), the surface's own at these places, else None; `start` (2,).
        run: `losses` (n + 1,) of the whole path, `at` (the step shown) and `steps` (the end of the axis).
        view: `relief` (bool), `turn` (degrees), `limits` ((u, u), (v, v)).
        words: texts `heading`, `axes` (2), `title`, `names` (2), `numbers` (9), `lines` (4), `verdict`, `hint`,
        `notice`.
        """
        self._set_frame(view, words["axes"])
        self._set_levels(surface.loss)
        if view["relief"]:
            self.relief.update(self._height(surface.loss), view["turn"], view["limits"], words["axes"])
        elif surface is not self._drawn:
            self._drawn = surface
            self._draw_contours(surface)
        self._move_path(path, view)
        self._move_curve(run)
        self._write(words)

    def _set_frame(self, view, names):
        shown = (view["relief"], view["limits"], tuple(names))
        if shown == self._shown:
            return
        self._shown = shown
        self.plane.set_visible(not view["relief"])
        self.relief.set_visible(view["relief"])
        self.plane.set_xlim(*view["limits"][0])
        self.plane.set_ylim(*view["limits"][1])
        self.plane.set_xlabel(names[0], fontsize=style.SMALL)
        self.plane.set_ylabel(names[1], fontsize=style.SMALL)

    def _set_levels(self, losses):
        """The scale goes from a round number below the lowest loss to one above the highest, or WIDEST times as far."""
        finite = losses[np.isfinite(losses)]
        lowest, highest = (max(float(f(finite)) if len(finite) else 1.0, 1e-6) for f in (np.min, np.max))
        low = _round_below(lowest)
        high = min(_round_above(highest), low * WIDEST)
        if (low, high) == self._levels:
            return
        self._levels, self._drawn = (low, high), None
        ratio = next(ratio for span, ratio in RATIOS if high / low <= span * 1.001)
        first = int(np.ceil(np.log(low) / np.log(ratio)))
        last = int(np.floor(np.log(high) / np.log(ratio)))
        self.contour_levels = ratio ** np.arange(first, last + 1.0)
        ticks = _round_between(low, high)
        self.scale.yaxis.set_major_locator(FixedLocator(self._height(np.array(ticks))))
        self.scale.set_yticklabels([*map(_tick, ticks[:-1]), "≥" * (highest > high) + _tick(high)])

    def _height(self, losses):
        """Where losses stand on the scale, from 0 to 1 in equal ratios."""
        low, high = self._levels
        return np.log(np.clip(losses, low, high) / low) / np.log(high / low)

    def _draw_contours(self, surface):
        height = self._height(surface.loss)
        du, dv = (0.5 * (values[1] - values[0]) for values in (surface.u, surface.v))
        self.map.set_data(height)
        self.map.set_extent((surface.u[0] - du, surface.u[-1] + du, surface.v[0] - dv, surface.v[-1] + dv))
        lines = contour_generator(surface.u, surface.v, height)
        found = [line for level in self._height(self.contour_levels) for line in lines.lines(level)]
        self.contours.set_segments(found)

    def _move_path(self, path, view):
        def on_page(places, losses):
            if view["relief"]:
                return self.relief.on_page(places, self._height(losses))
            return self._on_page(places)

        points = on_page(path["places"], path["losses"])
        shafts, heads = _arrows(points)
        for shaft, head in (self.arrows[:2], self.arrows[2:]):
            shaft.set_segments(shafts)
            head.set_verts(heads, closed=False)
        for artist, point in ((self.start, points[0]), (self.here, points[-1])):
            inside = _inside(point)
            artist.set_data(*([[c] for c in point] if inside else ([], [])))
        self.stem.set_segments(self._stems(path, points) if view["relief"] and path["heights"] is not None else [])

    def _stems(self, path, points):
        """From the start and from where it is now, down or up to the surface."""
        feet = self.relief.on_page(path["places"], self._height(path["heights"]))
        return [[points[k], feet[k]] for k in (0, -1)]

    def _on_page(self, places):
        (left, top, width, height), (u, v) = PLANE, (self.plane.get_xlim(), self.plane.get_ylim())
        x = left + width * (places[:, 0] - u[0]) / (u[1] - u[0])
        y = top + height * (v[1] - places[:, 1]) / (v[1] - v[0])
        return np.clip(np.column_stack([x, y]), -5000, 5000)

    def _move_curve(self, run):
        losses, at = run["losses"], run["at"]
        low, high = _round_below(max(losses.min(), 1e-6) * 0.9), _round_above(max(losses.max(), 1e-6) * 1.1)
        if (run["steps"], low, high) != self._frame:
            self._frame = (run["steps"], low, high)
            self.curve.set_xlim(0, run["steps"])
            self.curve.set_ylim(low, high)
            ticks = _round_between(low, high)
            ticks = ticks if len(ticks) <= 5 else [ticks[k] for k in np.linspace(0, len(ticks) - 1, 4).astype(int)]
            self.curve.yaxis.set_major_locator(FixedLocator(ticks))
            self.curve.yaxis.set_minor_locator(NullLocator())
            self.curve.set_yticklabels([*map(_tick, ticks)])
        self.losses.set_data(np.arange(at + 1), losses[: at + 1])
        self.now.set_data([at], [losses[at]])

    def _write(self, words):
        change(self.heading, text=words["heading"])
        change(self.title, text=words["title"])
        self.rows.set_texts(words["numbers"])
        for artist, text in zip(self.lines, [*words["names"], *words["lines"]], strict=True):
            change(artist, text=text)
        for name in ("verdict", "hint", "notice"):
            change(getattr(self, name), text=words[name])
        change(self.notice, visible=bool(words["notice"]))


def _arrows(points):
    """An arrow from each point to the next: shafts (k, 2, 2) and heads, closed triangles (k, 4, 2)."""
    if len(points) < 2:
        return [], []
    step = np.diff(points, axis=0)
    length = np.hypot(*step.T)
    ahead = step / np.maximum(length, 1e-9)[:, None]
    size = np.minimum(HEAD, 0.6 * length)[:, None]
    base, side = points[1:] - size * ahead, 0.36 * size * ahead[:, ::-1] * [1, -1]
    tips = points[1:]
    return np.stack([points[:-1], base], axis=1), np.stack([tips, base + side, base - side, tips], axis=1)


def _inside(point):
    left, top, width, height = PLANE
    return -1 <= point[0] - left <= width + 1 and -1 <= point[1] - top <= height + 1


def _tick(value):
    """A round number in few characters: 0.05, 200, 5e3."""
    return f"{value:g}" if 0.01 <= value < 1000 else f"{value:.0e}".replace("e+0", "e").replace("e-0", "e−")


def _round_below(value):
    """The largest of …, 0.1, 0.2, 0.5, 1, 2, 5, … that is at most `value`."""
    decade = 10.0 ** np.floor(np.log10(value) + 1e-9)
    return float(f"{decade * max(n for n in (1, 2, 5) if n * decade <= value * (1 + 1e-9)):.0e}")


def _round_above(value):
    """The smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, … above `value`."""
    decade = 10.0 ** np.floor(np.log10(value) + 1e-9)
    return float(f"{decade * min(n for n in (1, 2, 5, 10) if n * decade > value):.0e}")


def _round_between(low, high):
    """All of …, 0.1, 0.2, 0.5, 1, 2, 5, … from `low` to `high`."""
    numbers = [low]
    while numbers[-1] < high * 0.999:
        numbers.append(_round_above(numbers[-1]))
    return numbers
