"""A picture painted in layers, after any changes, is the picture painted whole."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from tests.picture import browser_paint
from tests.picture.browser_paint import Shown
from wbviz import style
from wbviz.picture import Picture

pytestmark = browser_paint.MARKS

#: Of 255: see-through shapes on a sheet of their own are rounded once more.
MOST = 6


def _crowded():
    """A figure of three axes in which what moves and what lies still is drawn above, below and across each other."""
    figure = Figure((5, 3.6), dpi=style.DPI, facecolor=style.PAPER)
    left = figure.add_axes((0.1, 0.12, 0.38, 0.76), xlim=(0, 1), ylim=(0, 1), title="still")
    right = figure.add_axes((0.56, 0.12, 0.4, 0.4), xlim=(0, 1), ylim=(0, 1))
    over = figure.add_axes((0.3, 0.3, 0.5, 0.5), xlim=(0, 1), ylim=(0, 1), facecolor="none")
    rng = np.random.default_rng(0)
    image = left.imshow(rng.random((9, 7)), extent=(0.1, 0.9, 0.2, 0.8), interpolation="none", aspect="auto")
    left.scatter(*rng.random((2, 60)), s=20, color=style.GREEN, edgecolor=style.INK, alpha=0.7)
    (line,) = left.plot([0, 1], [0, 1], lw=5, color=style.BLUE)
    left.text(0.3, 0.5, "over the line", color=style.INK)
    (dots,) = left.plot(*rng.random((2, 5)), "s", ms=9, color=style.PINK)
    small = right.imshow(rng.random((4, 4)), extent=(0, 1, 0, 1), interpolation="none", aspect="auto", cmap="cividis")
    bar = right.add_patch(Rectangle((0.1, 0.1), 0.2, 0.5, facecolor=style.VERMILLION, edgecolor=style.INK))
    right.axhline(0.4, color=style.INK)
    edges = over.add_collection(LineCollection([[(0, 0), (1, 1)]], linewidths=3, colors=style.BLUE, zorder=0.5))
    over.add_patch(Circle((0.5, 0.5), 0.2, facecolor=style.HIGHLIGHT, alpha=0.6))
    words = over.text(0.5, 0.5, "0.50", size=14, bbox={"facecolor": style.PAPER, "pad": 2})
    over.text(0.2, 0.8, "above all", rotation=20, zorder=9)
    return figure, {
        image: lambda: image.set_data(rng.random((9, 7))),
        line: lambda: line.set_data([0, 1], rng.random(2) * 1.6 - 0.3),
        dots: lambda: dots.set_data(*rng.random((2, 5))),
        small: lambda: small.set_data(rng.random((4, 4))),
        bar: lambda: bar.set(x=rng.random(), height=rng.random() - 0.5),
        edges: lambda: edges.set_segments(rng.random((3, 2, 2)) * 1.4 - 0.2),
        words: lambda: words.set(text=f"{rng.random():.2f}", position=rng.random(2)),
        left: lambda: left.set_xlim(0, 1 + rng.random()),
    }


@pytest.mark.parametrize("dpr", [1, 1.5])
@pytest.mark.parametrize("seed", range(4))
def test_painted_in_layers_is_painted_whole(seed, dpr):
    figure, changes = _crowded()
    *artists, axes = changes
    picture = Picture(figure, label="crowded", live=artists)
    shown = Shown(picture, dpr)
    rng = np.random.default_rng(seed)
    favourites = list(rng.permutation(artists)[:2])
    for step in range(24):
        if rng.random() < 0.1:
            favourites = list(rng.permutation(artists)[: rng.integers(1, 5)])
        elif rng.random() < 0.05:
            changes[axes]()
        for artist in favourites:
            changes[artist]()
        picture.changed()
        shown.deliver()
        assert _difference(shown) <= MOST, f"after {step + 1} changes"
    assert shown.close() == []
    picture.close()


_DIFFERENCE = """(async () => {
  const name = Object.keys(pictures).find((key) => pictures[key] === picture);
  addView(name);
  const fresh = picture.views.pop();
  await new Promise((done) => fresh.el.addEventListener("wbviz-painted", done, { once: true }));
  const canvases = [picture.views[0].el, fresh.el].map((el) => el.querySelector("canvas"));
  const sheets = canvases.map((from) => {
    const sheet = Object.assign(document.createElement("canvas"), { width: from.width, height: from.height });
    const context = sheet.getContext("2d");
    context.drawImage(from, 0, 0);
    return context.getImageData(0, 0, from.width, from.height).data;
  });
  fresh.remove();
  fresh.el.remove();
  return sheets[0].reduce((most, value, i) => Math.max(most, Math.abs(value - sheets[1][i])), 0);
})()"""


def _difference(shown):
    """The greatest difference, of 255, between what is shown and what a view sees that paints it for the first time."""
    return shown.evaluate(_DIFFERENCE)
