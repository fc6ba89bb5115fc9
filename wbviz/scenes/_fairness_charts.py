"""Two views of FairnessLab: accuracy against unfairness along λ, and two goals that cannot both be met."""

import numpy as np
from matplotlib.collections import LineCollection

from wbviz import style
from wbviz.scenes._axes import change, label, stepped_limit
from wbviz.scenes._fairness_views import LOOKS, Part

FRONTIER, PLANE = (62, 112, 296, 262), (58, 92, 296, 254)
#: Where the axis of unfairness may end; the axis of accuracy begins and ends at a multiple of 0.05.
WIDEST = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
DASHES = ("solid", (0, (5, 2)))
KEYS = (0.17, 0.08)  # heights at which the lines of equal precision are named, where no curve comes


class Frontier(Part):
    """What each strength of the penalty costs: means over splits with their errors, and the present network."""

    def make(self):
        self.title = self.line(16, 62, style.TEXT, weight="bold")
        self.second = self.line(16, 80)
        self.upright = self.line(16, 98)
        self.says = [self.line(16, y) for y in (428, 444, 460)]
        self.axes = self.plot(FRONTIER, xlabel=" ")
        self.whiskers = LineCollection([], colors=style.MUTED, linewidths=1.3, zorder=2)
        self.axes.add_collection(self.whiskers, autolim=False)
        (self.line,) = self.axes.plot([], [], "o-", color=style.BLUE, linewidth=style.LINE, markersize=6, zorder=3)
        (self.own,) = self.axes.plot([], [], ".--", color=style.MUTED, linewidth=1.2, markersize=4, zorder=1.5)
        (self.chance,) = self.axes.plot([], [], color=style.MUTED, linewidth=1.2, linestyle="dotted", zorder=1)
        star = {"marker": "*", "markersize": 15, "color": style.VERMILLION, "markeredgecolor": style.INK}
        (self.star,) = self.axes.plot([], [], linestyle="none", **star, zorder=5, clip_on=False)
        self.ends = [label(self.axes, 0, 0, size=style.SMALL, boxed=True, zorder=4) for _ in range(2)]
        self.live = [
            self.title, self.second, self.upright, *self.says, self.whiskers, self.line, self.own, self.chance,
            self.star, *self.ends, self.axes.xaxis.label,
        ]  # fmt: skip
        self._limits = None

    def show(self, shown):
        """Show a frontier; None hides it.

        shown: dict of `mean` (2, k) and `error` (2, k), unfairness and accuracy for each strength (what is NaN is left
        out), or None where nothing is trained yet; `own` (2, k) those of the present split; `star` (unfairness,
        accuracy), the first NaN where undefined; `chance` or NaN; `ends` (2 texts at the first and last strength);
        `title`, `second`, `upright`, `along` and `says` (3).
        """
        if not self.seen(shown is not None):
            return
        empty = np.empty((2, 0))
        mean, error, own = (empty if shown[name] is None else shown[name] for name in ("mean", "error", "own"))
        known = np.isfinite(mean).all(axis=0)
        mean, error, own = mean[:, known], error[:, known], own[:, np.isfinite(own).all(axis=0)]
        star = np.array(shown["star"], float)
        self._frame(np.column_stack([mean, own, star]))
        self.line.set_data(*mean)
        self.own.set_data(*own)
        self.star.set_data(*(star[:, None] if np.isfinite(star).all() else empty))
        (x, y), (dx, dy) = mean, error
        across, up = np.column_stack([x - dx, y, x + dx, y]), np.column_stack([x, y - dy, x, y + dy])
        self.whiskers.set_segments(np.concatenate([across, up]).reshape(-1, 2, 2))
        chance = shown["chance"]
        self.chance.set_data(*(([chance, chance], self._limits[1]) if np.isfinite(chance) else ((), ())))
        self._name_ends(mean, shown["ends"])
        for name in ("title", "second", "upright"):
            change(getattr(self, name), text=shown[name])
        change(self.axes.xaxis.label, text=shown["along"])
        for artist, text in zip(self.says, shown["says"], strict=True):
            change(artist, text=text)

    def _name_ends(self, mean, texts):
        high = np.diff(self._limits[1])[0]
        for artist, text, k, side in zip(self.ends, texts, (0, -1), (1, -1), strict=True):
            change(artist, text=text if mean.size else "")
            if mean.size:
                change(artist, position=(float(mean[0, k]), float(mean[1, k] + side * 0.09 * high)))

    def _frame(self, points):
        """Limits that hold all points, in steps."""
        known = points[:, np.isfinite(points).all(axis=0)]
        widest = stepped_limit(1.05 * known[0].max(), WIDEST) if known.size else WIDEST[0]
        low, high = (known[1].min(), known[1].max()) if known.size else (0.5, 1.0)
        low, high = np.floor(20 * (low - 0.012)) / 20, np.ceil(20 * (high + 0.012)) / 20
        limits = ((0.0, widest), (max(low, 0.0), min(high, 1.0)))
        if limits == self._limits:
            return
        self._limits = limits
        self.axes.set(xlim=limits[0], ylim=limits[1])
        across, up = (
            np.linspace(*limits[0], 5),
            np.arange(*np.rint(40 * np.array(limits[1])), 1 + (high - low > 0.11)) / 40,
        )
        self.axes.set_xticks(across, [f"{100 * place:.3g}" for place in across])
        self.axes.set_yticks([*up, limits[1][1]], [f"{100 * place:.3g} %" for place in (*up, limits[1][1])])


class Conflict(Part):
    """The plane of both error rates: each group's curve, its place on it, and where its precision would be equal."""

    def make(self):
        self.title = self.line(16, 62, style.TEXT, weight="bold")
        self.line(16, 80).set_text("↑ true positive rate   → false positive rate")
        self.axes = self.plot(PLANE)
        self.axes.set(xlim=(0, 1), ylim=(0, 1))
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        self.rays, self.curves, self.dots = [], [], []
        for (look, _), dash, y in zip(LOOKS, DASHES, KEYS, strict=True):
            line = {"color": look["color"], "linestyle": dash}
            self.rays.append(self.axes.plot([], [], **line, linewidth=1.2, zorder=1.5)[0])
            self.axes.plot([0.46, 0.59], [y, y], **line, linewidth=1.2)
            self.curves.append(
                self.axes.plot([], [], **line, linewidth=style.LINE + 0.4, drawstyle="steps-post", zorder=2)[0]
            )
            dot = {"markersize": 11, "markeredgecolor": style.INK, "linestyle": "none", "clip_on": False}
            self.dots.append(self.axes.plot([], [], **look, **dot, zorder=4)[0])
        self.names = [label(self.axes, 0.62, y, size=style.SMALL, ha="left", zorder=3) for y in KEYS]
        self.says = [self.line(16, y) for y in (380, 396, 412, 428, 444, 460)]
        self.live = [self.title, *self.rays, *self.curves, *self.dots, *self.names, *self.says]

    def show(self, shown):
        """Show the plane; None hides it.

        shown: dict of `curves` (2 pairs of arrays: false and true positive rates), `at` (2 pairs, NaN where
        undefined), `slopes` (2, of the lines of equal precision: rise of TPR with FPR, NaN or infinite where there is
        none), `names` (2 texts that say what those lines are), `title` and `says` (6).
        """
        if not self.seen(shown is not None):
            return
        for k, (curve, dot, at) in enumerate(zip(self.curves, self.dots, shown["at"], strict=True)):
            curve.set_data(*shown["curves"][k])
            dot.set_data(*(([at[0]], [at[1]]) if np.isfinite(at).all() else ((), ())))
            self._show_ray(k, shown["slopes"][k], shown["names"][k])
        change(self.title, text=shown["title"])
        for artist, text in zip(self.says, shown["says"], strict=True):
            change(artist, text=text)

    def _show_ray(self, k, slope, text):
        known = np.isfinite(slope) and slope > 0
        end = (min(1.0, 1 / slope), min(1.0, slope)) if known else (0.0, 0.0)
        self.rays[k].set_data(*([0, end[0]], [0, end[1]]) if known else ((), ()))
        change(self.names[k], text=text)
