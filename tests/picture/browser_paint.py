"""Paint a figure in a real browser, without JupyterLab, and compare it with what Agg draws.

paint(figure, dpr=2)        what Chromium paints, (rows, columns, 3) bytes
agg(figure, dpr=2)          what Agg draws at the same number of pixels
similarity(a, b)            structural similarity, 1 for equal images
REASON                      why Chromium cannot be used here, or ""
"""

import atexit
import base64
import io
import itertools
import json
import os
import queue
import shutil
import threading
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wbviz import picture as picture_package
from wbviz.picture import Picture

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("WBVIZ_REQUIRE_BROWSER") == "1"  # as in CI: then a missing Chromium is a failure
REASON = "" if CHROMIUM else "no Chromium on the PATH: the picture cannot be painted by a browser here"
MARKS = [pytest.mark.browser, *([pytest.mark.skip(reason=REASON)] if REASON and not REQUIRED else [])]
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_FRONT_END = Path(picture_package.__file__).parent
_PAGE = Path(__file__).with_name("bare_page.js")


class _Browser:
    """One Chromium for all tests, driven from a thread of its own (Playwright allows one driver in a thread)."""

    def __init__(self):
        self._tasks = queue.Queue()
        self._pages = {}
        self._chromium = self._playwright = None
        threading.Thread(target=self._serve, daemon=True).start()

    def __call__(self, work, dpr=1):
        """The result of `work(page)` on the page with this device-pixel ratio."""
        return self._do(lambda: work(self._page(dpr)))

    def _do(self, task):
        answer = Future()
        self._tasks.put((task, answer))
        return answer.result(timeout=120)

    def _serve(self):
        while True:
            task, answer = self._tasks.get()
            try:
                answer.set_result(task())
            except BaseException as error:
                answer.set_exception(error)

    def _page(self, dpr):
        if dpr not in self._pages:
            self._pages[dpr] = _open_page(self._start(), dpr)
        return self._pages[dpr]

    def _start(self):
        if self._chromium is None:
            from playwright.sync_api import sync_playwright

            assert CHROMIUM, REASON

            self._playwright = sync_playwright().start()
            self._chromium = self._playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            atexit.register(self._do, self._stop)
        return self._chromium

    def _stop(self):
        self._chromium.close()
        self._playwright.stop()


def _open_page(chromium, dpr):
    page = chromium.new_page(device_scale_factor=dpr, viewport={"width": 1400, "height": 1000})
    style = (_FRONT_END / "picture.css").read_text(encoding="utf-8")
    start = f"<!doctype html><html lang=en><title>.</title><style>body {{margin: 0}} {style}</style>"
    answers = {
        "/": ("text/html", f"{start}<body data-jp-theme-light=true><script src=/bare_page.js></script>"),
        "/bare_page.js": ("text/javascript", _PAGE.read_text(encoding="utf-8")),
        "/picture.js": ("text/javascript", Picture._esm.default_value),
    }

    def answer(route):
        path = "/" + route.request.url.split("/", 3)[3]
        kind, body = answers.get(path, ("text/plain", ""))
        route.fulfill(content_type=f"{kind}; charset=utf-8", body=body)

    page.route("**/*", answer)
    page.goto("http://picture.test/")
    page.on("console", lambda message: page.evaluate("text => problems.push(text)", message.text))
    return page


browser = _Browser()


class Shown:
    """A picture whose frames go to a view on a bare page instead of JupyterLab."""

    _numbers = itertools.count()

    def __init__(self, picture, dpr=1):
        self.picture, self.dpr, self.name = picture, dpr, f"picture{next(self._numbers)}"
        self.paint_ms = 0.0
        self._frames = []
        picture.send = lambda header, buffers=None: self._frames.append((header, buffers))
        names = ("label", "interactive", "size", "pointer", "keystrokes")
        state = {name: getattr(picture, name) for name in names}
        browser(lambda page: page.evaluate("([id, state]) => openPicture(id, state)", [self.name, state]), dpr)
        self.tell({"type": "ready", "view": "test"})

    def tell(self, message):
        """Hand a message of the browser to the picture, and the frames it answers with to the view."""
        self.picture._handle_custom_msg(message, [])
        self.deliver()

    def deliver(self):
        """Bring the frames that were sent to the page and acknowledge them."""
        while self._frames:
            header, buffers = self._frames.pop(0)
            data = [self.name, json.loads(json.dumps(header)), base64.b64encode(buffers[0]).decode()]
            self.paint_ms = browser(lambda page, data=data: page.evaluate("data => frame(...data)", data), self.dpr)
            self.picture._handle_custom_msg({"type": "ack", "frame": header["frame"]}, [])

    def evaluate(self, script):
        """The value of JavaScript in which `picture` is this one's model, widget and views."""
        return browser(lambda page: page.evaluate(f"(picture => {script})(pictures.{self.name})"), self.dpr)

    def pixels(self):
        """What the first view shows, (rows, columns, 3) bytes in pixels of the device."""
        url = self.evaluate("picture.views[0].el.querySelector('canvas').toDataURL()")
        return _pixels(base64.b64decode(url.split(",")[1]))

    def dark(self, on=True):
        """Switch the page to JupyterLab's dark theme, or back."""
        script = f"document.body.dataset.jpThemeLight = '{'false' if on else 'true'}'"
        wait = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        browser(lambda page: page.evaluate(f"() => {{{script}; return {wait}}}"), self.dpr)

    def close(self):
        """Take the view off the page; returns the errors and console messages that the page has seen."""
        return browser(lambda page: page.evaluate("id => (closePicture(id), problems.splice(0))", self.name), self.dpr)


def paint(figure_or_picture, dpr=1, dark=False):
    """What the browser paints, (rows, columns, 3) bytes; any error on the page fails."""
    with _picture(figure_or_picture) as picture:
        shown = Shown(picture, dpr)
        shown.dark(dark)
        pixels = shown.pixels()
        shown.dark(False)
        problems = shown.close()
        assert not problems, f"the browser reported {problems}"
        return pixels


def agg(figure_or_picture, dpr=1):
    """What Agg draws at the same size, (rows, columns, 3) bytes."""
    with _picture(figure_or_picture) as picture:
        return _pixels(picture.png(picture.figure.dpi * dpr))


def similarity(a, b):
    """Structural similarity of two images of equal shape (Wang et al., 2004): 1 where they are equal."""
    from skimage.metrics import structural_similarity

    assert a.shape == b.shape, f"images of {a.shape} and {b.shape} pixels cannot be compared"
    return structural_similarity(a, b, channel_axis=2)


class _picture:
    """A picture as it is, or one of a figure for a while; afterwards the picture can still be used."""

    def __init__(self, figure_or_picture):
        self._given = figure_or_picture

    def __enter__(self):
        given = self._given
        self._picture = given if isinstance(given, Picture) else Picture(given, label="figure")
        return self._picture

    def __exit__(self, *_):
        if self._picture is not self._given:
            self._picture.figure = type(self._given)()  # closing clears the figure: not the caller's
            self._picture.close()
        else:
            vars(self._picture).pop("send", None)


def _pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
