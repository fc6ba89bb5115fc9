"""Figures that between them use everything the picture must be able to show."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon, Wedge

from wbviz import style

RNG = np.random.default_rng


def _axes(size=(6, 4)):
    figure = Figure(size, dpi=style.DPI, facecolor=style.PAPER)
    axes = figure.add_axes((0.1, 0.12, 0.85, 0.78), facecolor=style.PAPER)
    return figure, axes


def curves():
    """Lines: solid, dashed, with gaps, far outside, and a single point."""
    figure, axes = _axes()
    x = np.linspace(-5, 5, 400)
    axes.plot(x, np.tanh(x), color=style.BLUE, lw=style.LINE, label="tanh")
    axes.plot(x, np.where(np.abs(x) < 1, np.nan, 1 / x), color=style.VERMILLION, ls=style.NEGATIVE_DASH, label="1 / x")
    axes.plot(x, 1e12 * x, color=style.GREEN, lw=style.BOLD)
    axes.plot([], [], color=style.PINK)
    axes.axhline(0, color=style.MUTED, lw=style.THIN)
    axes.fill_between(x, -0.2, 0.2 * np.cos(x), color=style.HIGHLIGHT)
    axes.set(xlim=(-5, 5), ylim=(-2, 2), xlabel="input $z$", ylabel=r"$\sigma(z)$", title="Activations, −5…5")
    axes.legend(loc="upper left")
    axes.grid(color=style.FAINT)
    return figure


def scatter():
    """Scatter plots of one colour, of many, of many sizes, and markers of every class."""
    figure, axes = _axes()
    rng = RNG(0)
    axes.scatter(*rng.normal(size=(2, 300)), s=18, color=style.BLUE, edgecolor=style.INK, lw=0.5)
    axes.scatter(*rng.normal(2, 1, size=(2, 200)), c=rng.random(200), s=rng.uniform(5, 90, 200), cmap="cividis")
    for i, (marker, colour) in enumerate(zip(style.CLASS_MARKERS, style.CLASS_COLOURS, strict=True)):
        axes.plot([-3 + i, -2.7 + i, np.nan], [4, 4.3, 0], marker, color=colour, ms=style.MARKER)
    axes.scatter([], [])
    return figure


def network():
    """A diagram: edges of many widths and dashes, round nodes, boxes, arrows, numbers and formulas."""
    figure = Figure((6, 4), dpi=style.DPI, facecolor=style.PAPER)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 6), ylim=(0, 4))
    axes.axis("off")
    weights = RNG(1).normal(size=12)
    left, right = [(1, y) for y in (1, 2, 3)], [(4, y) for y in (0.5, 1.5, 2.5, 3.5)]
    axes.add_collection(
        LineCollection(
            [(a, b) for a in left for b in right],
            colors=[style.signed_colour(w) for w in weights],
            linestyles=[style.signed_dash(w) for w in weights],
            linewidths=[style.signed_width(w) for w in weights],
        )
    )
    for place in left + right:
        axes.add_patch(Circle(place, 0.25, facecolor=style.PANEL, edgecolor=style.INK, lw=style.LINE, zorder=3))
    for (x, y), w in zip(right, weights, strict=False):
        axes.text(x, y, f"{w:.2f}", ha="center", va="center", size=style.SMALL, color=style.INK, zorder=4)
    axes.add_patch(FancyBboxPatch((4.9, 1.6), 0.7, 0.6, boxstyle="round,pad=0.05", fc=style.HIGHLIGHT, ec=style.INK))
    axes.add_patch(FancyArrowPatch((4.3, 2.5), (4.9, 2.1), arrowstyle="-|>", mutation_scale=14, color=style.INK))
    axes.text(0.4, 3.6, r"$z = \sum_i w_i x_i + b$", size=style.TITLE)
    axes.text(0.2, 0.3, "bias", rotation=35, color=style.VERMILLION, alpha=0.7)
    axes.annotate("note", (1, 3), (2.2, 3.6), arrowprops={"arrowstyle": "->"})
    return figure


def maps():
    """Images unsampled and resampled, a flat mesh, a smooth one, filled contours and a colour bar."""
    figure = Figure((7.2, 4.8), dpi=style.DPI, facecolor=style.PAPER)
    axes = figure.subplots(2, 3)
    y, x = np.mgrid[-2:2:40j, -2:2:60j]
    z = np.sin(3 * x) * np.cos(2 * y)
    one = axes[0, 0].imshow(z, interpolation="none", extent=(-2, 2, -2, 2), aspect="auto", cmap="cividis")
    axes[0, 1].imshow(z, interpolation="bilinear", origin="lower", extent=(-2, 2, -2, 2), aspect="auto")
    axes[0, 2].pcolormesh(x[0], y[:, 0], z, cmap="cividis")
    axes[1, 0].contourf(x, y, z, 9, cmap="cividis")
    axes[1, 0].contour(x, y, z, 9, colors=style.INK, linewidths=style.THIN)
    axes[1, 1].pcolormesh(x, y, z, shading="gouraud")
    axes[1, 2].imshow(z[:8, :8], interpolation="none", alpha=0.6, cmap="cividis")
    axes[1, 2].set(xlim=(1.2, 6.8), ylim=(1.7, 6.1))
    figure.colorbar(one, ax=axes[0, 0])
    figure.subplots_adjust(0.06, 0.08, 0.97, 0.95, 0.3, 0.25)
    return figure


def shapes():
    """Bars, hatching, polygons, wedges, clip paths, transparency and every cap and join."""
    figure, axes = _axes()
    axes.bar(range(5), [3, 1, 4, 1.5, 2], color=style.CLASS_COLOURS, edgecolor=style.INK, alpha=0.8)
    axes.bar([5, 6], [2, 3], color=style.PANEL, edgecolor=style.BLUE, hatch="//")
    axes.add_collection(
        PolyCollection(RNG(2).random((20, 3, 2)) + np.array((6, 2.8)), facecolors=style.GREEN, alpha=0.3)
    )
    axes.add_patch(Polygon([(0, 3.5), (1, 4.4), (2, 3.6)], closed=True, fc="none", ec=style.PINK, lw=3))
    wedge = axes.add_patch(Wedge((3.5, 3.8), 0.6, 20, 300, fc=style.HIGHLIGHT, ec=style.INK))
    (line,) = axes.plot([2.8, 4.2], [3.3, 4.3], color=style.VERMILLION, lw=8)
    line.set_clip_path(wedge)
    for i, (cap, join) in enumerate([("butt", "miter"), ("round", "round"), ("projecting", "bevel")]):
        x = 4.8 + 0.5 * i
        axes.plot([x, x + 0.2, x + 0.4], [4, 4.6, 4], lw=5, solid_capstyle=cap, solid_joinstyle=join, color=style.INK)
    axes.set(xlim=(-0.6, 7.4), ylim=(0, 4.8))
    axes.errorbar([1, 2], [2, 3], yerr=0.3, color=style.MUTED, capsize=4)
    return figure


ALL = {make.__name__: make for make in (curves, scatter, network, maps, shapes)}
