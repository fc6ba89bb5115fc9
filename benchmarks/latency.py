"""From a knob to pixels: the live picture beside bqplot, ipympl, and `interact` with an inline figure.

    python benchmarks/latency.py                        measure, write latency.json and the table in README.md
    python benchmarks/latency.py --presses 10 --seconds 1 --ways swept bqplot --places here --dry        try it out

All show the same neuron with the same numbers and figure size in the same JupyterLab; the peers make their artists or
marks once and move them, as the live picture does. It is turned by arrow keys on the slider of b, with rests between
(latency), and dragged to and fro with the mouse (frames). Places: `here` (with TCP_NODELAY, as wbviz.server sets it),
`delayed` (Jupyter as it comes), `far` (behind a proxy that makes every round trip 100 ms longer). Times are taken in
the page (_watching.py); kernel time is from Jupyter's own messages, from busy to idle.
"""

import sys

import _report
from _proxy import Proxy
from _watching import COUNT_BYTES, Watched, summary
from _ways import WAYS

sys.path.insert(0, str(_report.HERE.parent / "tools"))

from lab import Lab, chromium, code
from notebook import Notebook

#: Where the server is: is TCP_NODELAY set, and seconds each way.
PLACES = {"here": (True, 0.0), "delayed": (False, 0.0), "far": (True, 0.05)}
WARM_UP = 3
_PACKAGES = [
    *("numpy", "matplotlib", "ipywidgets", "anywidget", "bqplot", "ipympl"),
    "jupyterlab",
    "jupyter_server",
    "ipykernel",
]


def measure(options):
    """All ways in all places, in turn, `options.rounds` times."""
    options.presses = options.presses or (15 if options.quick else 60)
    options.places = options.places or (["here"] if options.quick else list(PLACES))
    made, found = _report.machine(*_PACKAGES), {}
    ways = [name for name in WAYS if not options.ways or any(wanted in name for wanted in options.ways)]
    with chromium() as browser:
        made["versions"]["chromium"] = browser.version
        for _ in range(options.rounds):
            for place in options.places:
                nodelay, delay = PLACES[place]
                with Lab(extensions={"wbviz.server": nodelay}) as lab, Proxy(lab.port) as proxy:
                    lab.wait_until_up()
                    lab.port = proxy.port
                    for way in ways:
                        proxy.delay = 0.0  # while the page loads
                        found.setdefault((way, place), []).append(
                            one(browser, lab, way, options, lambda d=delay: setattr(proxy, "delay", d))
                        )
                        print(way, place, _report.rounded(_summed(found[way, place][-1:])), flush=True)
    results = [{"way": way, "place": place, **_summed(rounds)} for (way, place), rounds in found.items()]
    how = {"rounds": options.rounds, "presses": options.presses, "seconds": options.seconds}
    return {"machine": made, **how, "results": results, "ratios": ratios(results)}


def one(browser, lab, name, options, go_away):
    """One way in one place: (its presses, its drag, its sweep); `go_away()` takes the server away from the page."""
    way = WAYS[name]
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(COUNT_BYTES)
    notebook = Notebook(page, lab, lab.write("latency.ipynb", [code(way.source)]))
    try:
        notebook.run_all()
        page.wait_for_selector(way.picture)
        page.wait_for_timeout(1500)
        if notebook.problems:
            raise RuntimeError(f"{name}: {notebook.problems}")
        go_away()
        watched = Watched(page, way.picture, way.slider)
        sweep = watched.hold()
        presses = [watched.press(key) for key in keys(WARM_UP + options.presses)][WARM_UP:]
        own = float(notebook.python("n.picture.last_kernel_ms")) if "wbviz" in name else None
        return {"presses": presses, "drag": watched.drag(options.seconds), "sweep": sweep, "picture": own}
    finally:
        notebook.shut_down()


def keys(count):
    """Arrow keys to and fro, twenty each way."""
    return ["ArrowRight" if number % 40 < 20 else "ArrowLeft" for number in range(count)]


def _summed(rounds):
    """The figures of several rounds of one way in one place."""
    figures = summary([press for one in rounds for press in one["presses"]], [one["drag"] for one in rounds])
    for name in ("ready", "complete", "sweep_bytes"):
        if values := [one["sweep"][name] for one in rounds if name in one["sweep"]]:
            figures[name] = _report.median(values)
    return figures


def ratios(results):
    """How many times as fast as each peer, and as many pictures a second, wbviz is in the same place."""
    by, found = {(row["way"], row["place"]): row for row in results}, {}
    for (way, place), row in by.items():
        for ours in (name for name in WAYS if name.startswith("wbviz")):
            if not way.startswith("wbviz") and (ours, place) in by:
                mine = by[ours, place]
                found[f"{place}: {ours}, p50 beside {way}"] = row["p50"] / mine["p50"]
                found[f"{place}: {ours}, frames beside {way}"] = mine["frames_per_second"] / max(
                    row["frames_per_second"], 0.1
                )
    return found


_HEADS = [
    *("server", "way", "key → pixels, p50 / p95 ms", "frames/s", "values shown", "last picture after, ms"),
    *("paint p95, ms", "kB a picture", "kernel ms a press"),
]
_SAID = {"here": "here", "delayed": "here, no TCP_NODELAY", "far": "+100 ms"}


def table(report):
    """The report as Markdown."""
    rows = []
    for row in sorted(report["results"], key=lambda row: list(PLACES).index(row["place"])):
        paint = f"{row['paint_p95']:.1f}" if "paint_p95" in row else "–"
        rows.append(
            [
                *(_SAID[row["place"]], row["way"], f"{row['p50']:.0f} / {row['p95']:.0f}{lost(row)}"),
                *(f"{row['frames_per_second']:.0f}", f"{100 * row['shown']:.0f} %", f"{row['after']:.0f}", paint),
                *(f"{row['bytes'] / 1000:.1f}", f"{row['kernel']:.1f}"),
            ]
        )
    parts = [_report.markdown(_HEADS, rows), *sweeps(report["results"])]
    parts.append(f"{report['presses']} presses and a drag of {report['seconds']:.0f} s each. {_report.where(report)}")
    return "\n\n".join(parts)


def lost(row):
    """What is said of presses after which the picture did not change within five seconds."""
    return f" ({row['lost']} never)" if row.get("lost") else ""


def sweeps(results):
    """What is said about the sweep of each place, as sentences."""
    for row in results:
        if "ready" in row:
            yield (
                f"Sweep of b ({_SAID[row['place']]}): first frames {row['ready']:.0f} ms after taking hold, "
                f"all after {row['complete']:.0f} ms, {row['sweep_bytes'] / 1000:.0f} kB."
            )


def add(parser):
    parser.add_argument("--presses", type=int, help="default 60, or 15 with --quick, and then only here")
    parser.add_argument("--seconds", type=float, default=3.0, help="of dragging")
    parser.add_argument("--ways", nargs="+", default=[], help="only ways whose name holds one of these words")
    parser.add_argument("--places", nargs="+", choices=PLACES)


if __name__ == "__main__":
    _report.main("latency", __doc__, measure, table, rounds=1, quick=1, add=add)
