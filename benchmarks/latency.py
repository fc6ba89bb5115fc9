"""From a key press to changed pixels: the live picture beside `interact` with an inline figure, and ipympl.

    python benchmarks/latency.py                 measure, write latency.json and the table in README.md
    python benchmarks/latency.py --presses 5 --seconds 1 --rounds 1 --dry      try it out, write nothing

All three show the same scene with the same numbers and figure size in the same JupyterLab; the peers make their
artists once and move them, as the live picture does. Times are taken in the page: from the key event's time stamp to
the first animation frame in which the picture's pixels (the image's data, for `interact`) differ. Kernel time is from
Jupyter's own messages: busy to idle, summed over all messages of a press.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import re
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

from lab import Lab, chromium, code  # noqa: E402
from notebook import Notebook  # noqa: E402

_PEER = """from ipywidgets import FloatSlider, interact
from matplotlib import pyplot
from wbviz.scenes.neuron import NeuronScene
from wbviz.widgets import Neuron
n = Neuron(controls=False)
figure = pyplot.figure(figsize=n.figure.get_size_inches(), dpi=n.figure.dpi)
n.scene = NeuronScene(figure)
slider = FloatSlider(n.b, min=-8, max=8, step=0.1)
def move(b):
    n.b = b
    n.redraw()
"""
#: What the three ways are in a notebook, and where their picture is on the page.
WAYS = {
    "wbviz": ("from wbviz.widgets import Neuron\nn = Neuron()\nn", ".wbviz-explorer canvas"),
    "interact, inline figure": (
        "%matplotlib inline\n"
        + _PEER
        + "pyplot.close(figure)\ndef show(b):\n    move(b)\n    display(figure)\ninteract(show, b=slider);",
        ".widget-interact .jp-OutputArea img",
    ),
    "ipympl": (
        "%matplotlib widget\n"
        + _PEER
        + "def show(change):\n    move(change['new'])\n    figure.canvas.draw_idle()\n"
        + "slider.observe(show, 'value')\nmove(n.b)\ndisplay(slider, figure.canvas)",
        ".jupyter-matplotlib canvas",
    ),
}
_WATCH = """selector => {
  const probe = () => {
    const shown = document.querySelector(selector);
    if (!shown) return null;
    if (shown.tagName === "IMG") return shown.complete && shown.naturalWidth ? shown.src : null;
    const {width, height} = shown;
    const pixels = new Uint32Array(shown.getContext("2d").getImageData(0, 0, width, height).data.buffer);
    let hash = 1;
    for (let i = 0; i < pixels.length; i++) hash = Math.imul(hash, 31) + pixels[i] | 0;
    return hash;
  };
  const watch = window.watch = {changes: [], keys: [], messages: []};
  let last = probe();
  const look = () => {
    const now = probe();
    if (now !== null && now !== last) { last = now; watch.changes.push(performance.now()); }
    requestAnimationFrame(look);
  };
  look();
  addEventListener("keydown", event => watch.keys.push(event.timeStamp), true);
  jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, {header, parent_header, content}) => {
    if (header.msg_type === "status") watch.messages.push([parent_header.msg_id, content.execution_state, header.date]);
  });
}"""
_REST = """() => { watch.changes.length = watch.keys.length = watch.messages.length = 0; }"""


def measure(browser, lab, way, presses, seconds):
    """Numbers of one way: latencies (ms), frames/s in a drag, kernel ms a frame."""
    source, picture = WAYS[way]
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    notebook = Notebook(page, lab, lab.write("latency.ipynb", [code(source)]))
    notebook.run_all()
    page.wait_for_selector(picture)
    page.wait_for_timeout(1500)
    if notebook.problems:
        raise RuntimeError(f"{way}: {notebook.problems}")
    page.evaluate(_WATCH, picture)
    handle = page.locator(".noUi-handle").last if way == "wbviz" else page.locator(".noUi-handle").first
    result = {"latency": [], "kernel": [], "picture": []}
    handle.focus()
    for press in range(presses + 3):  # the first three warm up
        latency, kernel = one_press(page, "ArrowRight" if press % 40 < 20 else "ArrowLeft")
        if press >= 3:
            result["latency"].append(latency)
            result["kernel"].append(kernel)
            if way == "wbviz":
                result["picture"].append(float(notebook.python("n.picture.last_kernel_ms")))
    result["frames_per_second"] = drag(page, handle, seconds) / seconds
    notebook.shut_down()
    return result


def one_press(page, key):
    """Press a key; returns the milliseconds to the changed picture, and those the kernel was busy."""
    page.evaluate(_REST)
    page.keyboard.press(key)
    page.wait_for_function("watch.changes.length > 0", timeout=5000)
    page.wait_for_timeout(350)  # quiet before the next: this is latency, not throughput
    watch = page.evaluate("watch")
    return watch["changes"][0] - watch["keys"][0], busy_ms(watch["messages"])


def busy_ms(messages):
    """The milliseconds between busy and idle, summed over the requests that have both."""
    times = {(request, state): when for request, state, when in messages}
    requests = {request for request, state in times if state == "idle" and (request, "busy") in times}
    return sum(stamp(times[request, "idle"]) - stamp(times[request, "busy"]) for request in requests)


def stamp(date):
    """An ISO 8601 time of Jupyter's, in milliseconds."""
    whole, fraction = re.match(r"[^T]+T(\d+:\d+:\d+)(?:\.(\d+))?", date).groups()
    hours, minutes, seconds = map(int, whole.split(":"))
    return 1000 * (3600 * hours + 60 * minutes + seconds + float(f"0.{fraction or 0}"))


def drag(page, handle, seconds):
    """Drag the handle to and fro; returns how many different pictures were shown."""
    box, track = handle.bounding_box(), page.locator(".noUi-target").last.bounding_box()
    left, width = track["x"] + 0.1 * track["width"], 0.8 * track["width"]
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.evaluate(_REST)
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        page.mouse.move(left + width * abs(2 * (passed % 1) - 1), y)  # once to and fro a second
    shown = page.evaluate("watch.changes.length")
    page.mouse.up()
    return shown


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def summary(rounds):
    """The medians over rounds of one way's p50 and p95 (ms), frames/s and kernel ms."""
    figures = {
        "p50": [percentile(r["latency"], 50) for r in rounds],
        "p95": [percentile(r["latency"], 95) for r in rounds],
        "frames_per_second": [r["frames_per_second"] for r in rounds],
        "kernel": [statistics.median(r["kernel"]) for r in rounds],
        "picture": [statistics.median(r["picture"]) for r in rounds if r["picture"]],
    }
    return {name: round(statistics.median(values), 2) for name, values in figures.items() if values}


def run(options):
    """All ways, with and without TCP_NODELAY, in turn, `options.rounds` times; returns the report."""
    measured = {}
    with chromium() as browser:
        version = browser.version
        for number in range(options.rounds):
            for nodelay in (True, False):
                with Lab(extensions={"wbviz.server": nodelay}) as lab:
                    for way in WAYS:
                        result = measure(browser, lab, way, options.presses, options.seconds)
                        measured.setdefault((way, nodelay), []).append(result)
                        print(
                            number + 1, way, "TCP_NODELAY" if nodelay else "as it comes", summary([result]), flush=True
                        )
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()}",
        "versions": versions() | {"chromium": version},
        "presses": options.presses,
        "rounds": options.rounds,
        "results": [{"way": way, "nodelay": nodelay, **summary(all_)} for (way, nodelay), all_ in measured.items()],
    }


def processor():
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return names[0] if names else platform.machine()


def versions():
    packages = ["numpy", "matplotlib", "ipywidgets", "anywidget", "ipympl", "jupyterlab", "jupyter_server", "ipykernel"]
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in packages}}


def table(report):
    """The report as Markdown."""
    ours = {row["nodelay"]: row for row in report["results"] if row["way"] == "wbviz"}
    lines = [
        "| way | TCP_NODELAY | key press → pixels, p50 / p95 ms | times slower | frames/s | kernel ms a frame |",
        "|---|---|---|---|---|---|",
    ]
    for row in report["results"]:
        slower = row["p50"] / ours[row["nodelay"]]["p50"]
        cells = (
            row["way"],
            "on" if row["nodelay"] else "off",
            f"{row['p50']:.0f} / {row['p95']:.0f}",
            f"{slower:.1f}",
            f"{row['frames_per_second']:.0f}",
            f"{row['kernel']:.1f}" + (f" (picture {row['picture']:.1f})" if "picture" in row else ""),
        )
        lines.append(f"| {' | '.join(cells)} |")
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    how = (
        f"Medians of {report['rounds']} rounds of {report['presses']} presses each, on {report['machine']}. {versions}."
    )
    return "\n".join([*lines, "", how])


def write(report):
    (HERE / "latency.json").write_text(json.dumps(report, indent=2) + "\n")
    readme = HERE / "README.md"
    marked = f"<!-- latency:begin -->\n{table(report)}\n<!-- latency:end -->"
    text = re.sub(r"<!-- latency:begin -->.*<!-- latency:end -->", lambda _: marked, readme.read_text(), flags=re.S)
    readme.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=3, help="of dragging")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    report = run(options)
    print(table(report))
    if not options.dry:
        write(report)


if __name__ == "__main__":
    main()
