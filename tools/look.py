"""Look at the book: open it in JupyterLab, run it and take its picture.

    python tools/look.py                                    every chapter → gallery/index.html
    python tools/look.py --chapter 01 --widget Neuron       one widget of one chapter
    python tools/look.py --expression "Neuron(w=[1, 2])" --do "press ArrowRight 3 on slider b"

What --do understands, one picture after each:

    press KEY [TIMES] on KIND WHICH     KIND: slider, field, select, checkbox, button, picture, text
    type TEXT into KIND WHICH           WHICH: a number from 0, or a part of the accessible name; 0 where left out
    choose OPTION in select WHICH
    click button WHICH                  (any kind)
    click X,Y [in picture WHICH]        CSS pixels from the picture's upper left
    drag X,Y to X,Y [in picture WHICH]
"""

import argparse
import html
import re
import sys
import time
from pathlib import Path

from lab import CHAPTERS, DARK, LIGHT, ROOT, Lab, chromium, code
from notebook import Notebook

THEMES = {"light": LIGHT, "dark": DARK}
#: Where the views of a chapter are: explorers, and lessons around or beside them.
VIEWS = ".wbviz-explorer, .wbviz-lesson"
KINDS = {
    "slider": "input[type=range]",
    "field": "input[type=number]",
    "select": "select",
    "checkbox": "input[type=checkbox]",
    "button": "button",
    "picture": "canvas",
    "text": "textarea, input[type=text], input[type=search]",
}
_SOURCE = """view => view.closest(".jp-Cell")?.querySelector(".jp-InputArea-editor")?.innerText ?? "" """
_NAMED = """(elements, name) => elements.findIndex(e => [e.getAttribute("aria-label"), e.innerText, e.title,
  e.closest(".wbviz-knob")?.innerText].join(" ").toLowerCase().includes(name.toLowerCase()))"""
_SCROLL = """far => {
  const box = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer");
  box.scrollTop = far * box.clientHeight * 0.92;
  return box.scrollTop + box.clientHeight >= box.scrollHeight - 2; }"""


def act(view, order):
    """Carry out one --do line on a view (a Playwright locator); raises ValueError where it is not understood."""
    for pattern, handler in _ORDERS.items():
        if match := re.fullmatch(pattern, order.strip()):
            return handler(view, **match.groupdict())
    raise ValueError(f"not understood: {order!r}. Say for example 'press ArrowRight 3 on slider 0' (see --help).")


def _element(view, kind, which):
    elements = view.locator(KINDS[kind])
    index = int(which or 0) if not which or which.isdigit() else elements.evaluate_all(_NAMED, which)
    if not 0 <= index < elements.count():
        raise ValueError(f"no {kind} {which!r} among the {elements.count()} here")
    return elements.nth(index)


def _press(view, key, times, kind, which):
    element = _element(view, kind, which)
    element.focus()
    for _ in range(int(times or 1)):
        view.page.keyboard.press(key)


def _type(view, text, kind, which):
    element = _element(view, kind, which)
    element.fill(text)
    element.press("Tab")


def _drag(view, x, y, x2, y2, which):
    box = _element(view, "picture", which).bounding_box()
    start, end = ((box["x"] + float(a), box["y"] + float(b)) for a, b in ((x, y), (x2 or x, y2 or y)))
    mouse = view.page.mouse
    mouse.move(*start)
    mouse.down()
    if x2:
        mouse.move(*end, steps=10)
    mouse.up()


_WHERE = r"(?P<kind>slider|field|select|checkbox|button|picture|text)(?: (?P<which>.+))?"
_PLACE = r"(?P<x>[\d.]+), ?(?P<y>[\d.]+)"
_ORDERS = {
    rf"press (?P<key>\S+)(?: (?P<times>\d+))? on {_WHERE}": _press,
    rf"type (?P<text>.+) into {_WHERE}": _type,
    r"choose (?P<option>.+) in select(?: (?P<which>.+))?": lambda view, option, which: _element(
        view, "select", which
    ).select_option(label=option),
    rf"click {_PLACE}(?P<x2>)(?P<y2>)(?: in picture (?P<which>.+))?": _drag,
    rf"drag {_PLACE} to (?P<x2>[\d.]+), ?(?P<y2>[\d.]+)(?: in picture (?P<which>.+))?": _drag,
    rf"click {_WHERE}": lambda view, kind, which: _element(view, kind, which).click(),
}


class Gallery:
    """The pictures taken so far, and the page that shows them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.entries = []

    def add(self, target, name, caption):
        """Take a picture of a page or an element, under a file name, with a caption."""
        file = re.sub(r"[^\w.-]+", "-", name).strip("-") + ".png"
        target.screenshot(path=self.folder / file)
        self.entries.append((file, caption))
        print(self.folder / file, flush=True)

    def write(self):
        """Write index.html."""
        figures = "\n".join(
            f'<figure><img src="{file}" alt="{html.escape(caption)}" loading="lazy"><figcaption>{html.escape(caption)}'
            "</figcaption></figure>"
            for file, caption in self.entries
        )
        style = "body{font:15px sans-serif;margin:2em}figure{margin:0 0 3em}img{max-width:100%;border:1px solid #ccc}"
        head = f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Gallery</title><style>{style}</style>'
        page = f"{head}\n<h1>Every widget of every chapter</h1>\n{figures}\n</html>\n"
        (self.folder / "index.html").write_text(page)


def views_of(notebook, wanted=""):
    """The outermost explorers and lesson views whose cell or picture mentions `wanted`, each with its cell's source."""
    found = []
    for view in notebook.page.locator(VIEWS).all():
        if view.evaluate(f"view => !view.checkVisibility() || !!view.parentElement.closest('{VIEWS}')"):
            continue
        source = view.evaluate(_SOURCE).strip()
        labels = view.locator("canvas").evaluate_all("all => all.map(c => c.getAttribute('aria-label')).join(' ')")
        if wanted.lower() in f"{source} {labels}".lower():
            found.append((view, source or labels))
    return found


def shoot_views(notebook, gallery, stem, options):
    """Every view, at every width, in every theme; then after each --do."""
    for width in options.width:
        notebook.page.set_viewport_size({"width": width, "height": 1400})
        for theme in options.theme:
            notebook.theme(THEMES[theme])
            for number, (view, source) in enumerate(views_of(notebook, options.widget)):
                fit(notebook.page, view)
                name = f"{stem}-{number:02d}-{width}-{theme}"
                gallery.add(view, name, f"{stem}: {source.splitlines()[-1]} ({width} px, {theme})")
    for step, order in enumerate(options.do, 1):
        for number, (view, _) in enumerate(views_of(notebook, options.widget)[:1]):
            act(view, order)
            notebook.settled(view)
            gallery.add(view, f"{stem}-{number:02d}-do{step}", f"{stem}: after {order}")


def fit(page, view):
    """Make the window high enough for a view and bring the view into it."""
    needed = view.bounding_box()["height"] + 200
    if needed > page.viewport_size["height"]:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": int(needed)})
        page.wait_for_timeout(300)
    view.scroll_into_view_if_needed()


def walk(notebook, gallery, stem):
    """The chapter as a reader scrolls through it: one screen after the other."""
    notebook.page.set_viewport_size({"width": 1280, "height": 800})
    notebook.theme(LIGHT)
    for screen in range(200):
        last = notebook.page.evaluate(_SCROLL, screen)
        notebook.page.wait_for_timeout(150)
        gallery.add(notebook.page, f"{stem}-walk-{screen:02d}", f"{stem}: screen {screen + 1}")
        if last:
            return


def look(options):
    """Take all pictures asked for; returns the errors seen on the way."""
    gallery, problems = Gallery(options.out), []
    with Lab() as lab, chromium() as browser:
        if options.expression:
            room = "lessons import chapter" if "chapter(" in options.expression else "widgets import *"
            names = [lab.write("expression.ipynb", [code(f"from wbviz.{room}"), code(options.expression)])]
        else:
            names = [lab.copy(path) for path in sorted(CHAPTERS.glob(f"{options.chapter}*.ipynb"))]
        for name in names:
            page = browser.new_page(viewport={"width": options.width[0], "height": 1400})
            notebook = Notebook(page, lab, name)
            notebook.run_all()
            stem = name.removesuffix(".ipynb")
            shoot_views(notebook, gallery, stem, options)
            if not options.expression and not options.widget:
                walk(notebook, gallery, stem)
            problems += [f"{stem}: {problem}" for problem in notebook.problems]
            notebook.shut_down()
    gallery.write()
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapter", default="", help="only chapters whose file name begins so, such as 01")
    parser.add_argument("--widget", default="", help="only views whose cell or picture's name mentions this")
    parser.add_argument("--expression", help="no chapter: a cell with this code")
    parser.add_argument("--do", action="append", default=[], metavar="ORDER", help="then do this, and look again")
    parser.add_argument("--width", type=int, nargs="+", help="CSS pixels (default 1280 1920; with --expression 1280)")
    parser.add_argument("--theme", choices=THEMES, nargs="+", default=list(THEMES))
    parser.add_argument("--out", default=ROOT / "gallery", help="folder (default gallery/)")
    options = parser.parse_args()
    options.width = options.width or ([1280] if options.expression else [1280, 1920])
    start = time.monotonic()
    problems = look(options)
    print(*problems, f"{time.monotonic() - start:.0f} s", sep="\n")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
