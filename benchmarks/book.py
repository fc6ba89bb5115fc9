"""How quick the book itself is: its first pictures, training beside the page, and knobs turned by code.

    python benchmarks/book.py                         measure, write book.json and the table in README.md
    python benchmarks/book.py --rounds 1 --chapters 00 --dry            try it out, write nothing

In a real JupyterLab: from Run All to the first painted picture of a chapter, with the kernel just started and once it
has run before; pictures a second while the Playground trains, idle and while a slider is pressed again and again, and
how long such a press takes; and what `n.b = …` costs in a loop, with a view open and without.
"""

import sys

import _report
from _report import median, percentile

sys.path.insert(0, str(_report.HERE.parent / "tools"))

from lab import CHAPTERS, Lab, chromium, code
from notebook import Notebook

FIRST = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
PRESSES, SECONDS, WARM_UP = 50, 3.0, 3
_PACKAGES = ("numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab", "ipykernel")
_RUN_ALL = """async () => {
  const old = new Set(document.querySelectorAll("canvas")), start = performance.now();
  jupyterapp.commands.execute("notebook:run-all-cells");
  return await new Promise(done => {
    const look = () => {
      for (const canvas of document.querySelectorAll(".wbviz-explorer canvas"))
        if (!old.has(canvas) && canvas.checkVisibility() && painted(canvas)) return done(performance.now() - start);
      requestAnimationFrame(look);
    };
    look();
  });
}"""
_STOP = """async () => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  await kernel.interrupt();
}"""
#: The words that travel with a picture say its learning rate: a press is shown when they are painted with a new one.
_WATCH = """() => {
  const watch = window.watch = { keys: [], frames: 0, shown: [] };
  const rate = canvas => canvas.getAttribute("aria-label").match(/learning rate ([^ ;,]+)/)?.[1];
  let frame, was = rate(document.querySelector(".wbviz-explorer canvas"));
  addEventListener("wbviz-painted", ({ target, detail }) => {
    if (detail.frame !== frame) watch.frames++;
    if (rate(target) !== was) watch.shown.push(performance.now());
    [frame, was] = [detail.frame, rate(target)];
  }, true);
  addEventListener("keydown", ({ timeStamp }) => watch.keys.push(timeStamp), true);
}"""
_LOOP = """import time
from wbviz.widgets import Neuron, Playground
n, unseen = Neuron(), Neuron()
def loop(explorer, count=800):
    start = time.perf_counter()
    for number in range(count):
        explorer.b = number % 80 / 10
    return 1000 * (time.perf_counter() - start) / count
n"""


def measure(options):
    """All of it, `options.rounds` times; medians over the rounds."""
    made, rounds = _report.machine(*_PACKAGES), []
    with chromium() as browser:
        made["versions"]["chromium"] = browser.version
        for _ in range(options.rounds):
            with Lab(extensions={"wbviz.server": True}) as lab:
                found = {"loop": in_a_loop(browser, lab), "playground": while_training(browser, lab)}
                found["first"] = {name: first_picture(browser, lab, name) for name in options.chapters}
            print(_report.rounded(found), flush=True)
            rounds.append(found)
    figures = {part: _medians([found[part] for found in rounds]) for part in rounds[0]}
    ratios = {"a loop: without a view, beside one open": figures["loop"]["view open"] / figures["loop"]["no view"]}
    return {"machine": made, "rounds": options.rounds, **figures, "ratios": ratios}


def _medians(found):
    """The median of each number of several dicts of the same form."""
    if isinstance(found[0], dict):
        return {name: _medians([one[name] for one in found]) for name in found[0]}
    return median(found)


def opened(browser, lab, name):
    """A notebook of the lab in a page of its own."""
    return Notebook(browser.new_page(viewport={"width": 1280, "height": 1000}), lab, name)


def first_picture(browser, lab, chapter):
    """Milliseconds from Run All to the first picture: the kernel just started, and when it has shown it before."""
    notebook = opened(browser, lab, lab.copy(next(CHAPTERS.glob(f"{chapter}*.ipynb"))))
    page = notebook.page
    page.set_default_timeout(60_000)
    found = {"started": page.evaluate(_RUN_ALL)}
    page.wait_for_timeout(1000)
    page.evaluate(_STOP)
    page.wait_for_timeout(3000)
    found["warm"] = page.evaluate(_RUN_ALL)
    notebook.shut_down()
    return found


def while_training(browser, lab):
    """Playground: pictures a second while it trains, and the slider of the learning rate meanwhile."""
    cells = [code("from wbviz.widgets import Playground"), code("Playground(max_epochs=10_000)")]
    notebook = opened(browser, lab, lab.write("playground.ipynb", cells))
    page = notebook.page
    notebook.run_all()
    page.evaluate(_WATCH)
    page.locator(".wbviz-run-bar button").first.click()
    page.wait_for_timeout(1000)
    found = {"idle": _pictures(page, SECONDS)}
    slider = page.get_by_role("slider", name="learning rate", exact=True)
    slider.focus()
    times = [_press(page, number) for number in range(WARM_UP + PRESSES)][WARM_UP:]
    found |= {"p50": percentile(times, 50), "p95": percentile(times, 95)}
    page.evaluate("watch.frames = 0, watch.since = performance.now()")
    for number in range(20):
        _press(page, number)
    found["meanwhile"] = page.evaluate("1000 * watch.frames / (performance.now() - watch.since)")
    notebook.shut_down()
    return found


def _pictures(page, seconds):
    """Different pictures a second, while nobody touches anything."""
    page.evaluate("watch.frames = 0, watch.since = performance.now()")
    page.wait_for_timeout(1000 * seconds)
    return page.evaluate("1000 * watch.frames / (performance.now() - watch.since)")


def _press(page, number):
    """Milliseconds from a key on the slider in focus to a picture that was computed with the new learning rate."""
    page.evaluate("watch.keys.length = watch.shown.length = 0")
    page.keyboard.press("ArrowLeft" if number % 10 < 5 else "ArrowRight")
    page.wait_for_function("watch.shown.length > 0", timeout=10_000)
    page.wait_for_timeout(150)
    return page.evaluate("watch.shown[0] - watch.keys[0]")


def in_a_loop(browser, lab):
    """Milliseconds of `n.b = …` in a loop in a cell, with a view of the picture open and without."""
    notebook = opened(browser, lab, lab.write("loop.ipynb", [code(_LOOP)]))
    notebook.run_all()
    notebook.python("loop(n), loop(unseen)")
    found = {"view open": float(notebook.python("loop(n)")), "no view": float(notebook.python("loop(unseen)"))}
    notebook.shut_down()
    return found


def table(report):
    """The report as Markdown."""
    first = [[name, f"{ms['started']:.0f}", f"{ms['warm']:.0f}"] for name, ms in report["first"].items()]
    lab, loop = report["playground"], report["loop"]
    rows = [
        ["Playground trains: pictures/s, idle", f"{lab['idle']:.0f}"],
        ["Playground trains: pictures/s, while a slider is pressed", f"{lab['meanwhile']:.0f}"],
        ["Playground trains: key press → picture, p50 / p95 ms", f"{lab['p50']:.0f} / {lab['p95']:.0f}"],
        ["`n.b = …` in a loop, view open, ms", f"{loop['view open']:.2f}"],
        ["`n.b = …` in a loop, no view, ms", f"{loop['no view']:.2f}"],
    ]
    heads = ["chapter", "first picture, kernel just started, ms", "first picture, warm kernel, ms"]
    tables = [_report.markdown(["what", "measured"], rows), _report.markdown(heads, first)]
    return "\n\n".join([*tables, _report.where(report)])


def add(parser):
    parser.add_argument("--chapters", nargs="+", default=list(FIRST), help="numbers, such as 00 01")


if __name__ == "__main__":
    _report.main("book", __doc__, measure, table, rounds=3, quick=1, add=add)
