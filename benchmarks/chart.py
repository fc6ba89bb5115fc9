"""Draw docs/speed.png, the picture for the README, from the JSON of the other benchmarks.

    python benchmarks/chart.py

Left: from a key press to pixels, beside the peers, here and behind 100 ms more of a round trip. Right: how many times
as fast as their peers the engine's parts are. Both from zero, each bar with its number.
"""

import json

from _report import HERE
from matplotlib.figure import Figure

from wbviz import style

OUT = HERE.parent / "docs" / "speed.png"
#: Report → how many of its rows are shown, and how they are named.
ENGINE = {"training": (4, "{}"), "landscape": (4, "surface: {}"), "maps": (2, "{}")}
PLACES = {"here": "here", "far": "behind 100 ms of network"}


def read(name, folder=HERE):
    """A report; empty where it was not made."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def first_peers(ratios, most, said="{}"):
    """Of each thing measured, the ratio to the first peer, {"what, beside whom": times}; `most` of them."""
    first = {}
    for name, times in ratios.items():
        what, peer = name.split(": ")
        first.setdefault(what, (f"{said.format(what)}\nbeside {peer}", times))
    return dict(list(first.values())[:most])


def draw(latency, engine):
    """The figure: `latency` is a report, `engine` maps a name to a ratio."""
    figure = Figure((12, 5), dpi=style.DPI * 1.5, facecolor=style.PAPER, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.2))
    rows = latency.get("results", ())
    for number, (place, said) in enumerate(PLACES.items()):
        shown = {row["way"]: row["p50"] for row in rows if row.get("place") == place}
        _bars(left, shown, " ms", (number - 0.5) * 0.38, 0.36, said, (1.0, 0.45)[number])
    left.set_title("From a key press to changed pixels (median)", fontsize=style.TITLE, loc="left")
    _bars(right, engine, " ×", 0.0, 0.6)
    right.set_title("Times as fast", fontsize=style.TITLE, loc="left")
    if rows:
        left.legend(loc="upper left", bbox_to_anchor=(0, 0.02), ncols=2, frameon=False, fontsize=style.TEXT)
    return figure


def _bars(axes, values, unit, shift, height, said=None, alpha=1.0):
    """Horizontal bars from top to bottom, each with its number; our own are blue."""
    places = [row + shift for row in range(len(values))]
    colours = [style.BLUE if _ours(name, unit) else style.MUTED for name in values]
    bars = axes.barh(places, list(values.values()), height, color=colours, alpha=alpha, label=said)
    axes.bar_label(bars, [f"{value:.3g}{unit}" for value in values.values()], padding=3, fontsize=style.SMALL)
    if values:
        axes.set_xlim(0, max(1.25 * max(values.values()), axes.get_xlim()[1]))
    axes.set_yticks(range(len(values)), list(values), fontsize=style.TEXT)
    axes.set_ylim(max(len(values), 1) - 0.4, -0.6)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="both", length=0)
    axes.set_xticks([])


def _ours(name, unit):
    return unit == " ×" or name.startswith("wbviz")


def main():
    engine = {}
    for name, (most, said) in ENGINE.items():
        engine |= first_peers(read(name).get("ratios", {}), most, said)
    draw(read("latency"), engine).savefig(OUT)
    print(OUT)


if __name__ == "__main__":
    main()
