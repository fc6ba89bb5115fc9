"""What happens on a page: when keys are pressed, when a picture's pixels change, what comes from the kernel.

Times are taken in the page. A picture counts as shown at the end of the first animation frame after which its pixels
(of a canvas), its source (of an image) or its markup (of an SVG) differ from before.
"""

import contextlib
import re
import statistics
import time

from _report import percentile
from playwright.sync_api import TimeoutError

#: Before the page loads: count the bytes that websockets bring.
COUNT_BYTES = """window.received = 0;
window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    this.addEventListener("message", ({ data }) => { window.received += data.byteLength ?? data.size ?? data.length; });
  }
};"""
_WATCH = """({ picture, slider }) => {
  const watch = window.watch = { seen: 0, heard: 0 };  // when a picture changed last, and a message came
  watch.rest = () => Object.assign(watch,
    { pictures: [], values: [], keys: [], up: 0, paints: [], messages: [], sheets: [], holds: [], bytes: received });
  watch.rest();
  const pixels = ({ width, height }, context) => {
    const numbers = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    let hash = 1;
    for (let i = 0; i < numbers.length; i++) hash = Math.imul(hash, 31) + numbers[i] | 0;
    return hash;
  };
  const looks = () => {
    const shown = [...document.querySelectorAll(picture)].at(-1);
    if (!shown) return null;
    if (shown.tagName === "IMG") return shown.complete && shown.naturalWidth ? shown.src : null;
    if (shown.tagName === "CANVAS") return pixels(shown, shown.getContext("2d"));
    return shown.outerHTML;
  };
  const knob = [...document.querySelectorAll(slider)].at(-1);
  const value = () => knob.value ?? knob.getAttribute("aria-valuenow");
  let picture_was = looks(), value_was = value();
  const ended = new MessageChannel();
  ended.port1.onmessage = () => {
    const now = performance.now(), picture_is = looks(), value_is = value();
    if (value_is !== value_was) watch.values.push(now);
    if (picture_is !== null && picture_is !== picture_was) watch.pictures.push(watch.seen = now);
    [picture_was, value_was] = [picture_is ?? picture_was, value_is];
  };
  const look = () => { ended.port2.postMessage(0); requestAnimationFrame(look); };
  look();
  addEventListener("keydown", event => watch.keys.push(event.timeStamp), true);
  addEventListener("pointerup", event => { watch.up = event.timeStamp; }, true);
  addEventListener("wbviz-hold", () => watch.holds.push(performance.now()), true);
  addEventListener("wbviz-painted", event => watch.paints.push(event.detail.milliseconds), true);
  jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, message) => {
    const { header, parent_header, content, buffers } = message;
    watch.heard = performance.now();
    if (header.msg_type === "status") watch.messages.push([parent_header.msg_id, content.execution_state, header.date]);
    if (header.msg_type !== "comm_msg" || content.data?.content?.type !== "sweep") return;
    watch.sheets.push([performance.now(), buffers.reduce((sum, { byteLength }) => sum + byteLength, 0)]);
  });
}"""


class Watched:
    """A picture and the slider that moves it, on a page opened with COUNT_BYTES; CSS selectors name both."""

    def __init__(self, page, picture, slider):
        self.page, self.slider = page, page.locator(slider).last
        self.slider.scroll_into_view_if_needed()
        page.evaluate(_WATCH, {"picture": picture, "slider": slider})

    def hold(self):
        """Take hold of the slider with the keyboard, as with Tab; returns its sweep: ready ms, complete ms, bytes."""
        self.page.evaluate("watch.rest()")
        self.slider.focus()
        self.page.keyboard.press("Shift+Tab")
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(1500)
        holds, sheets = self.page.evaluate("[watch.holds, watch.sheets]")
        if not holds or not sheets:
            return {}
        times, sizes = zip(*sheets, strict=True)
        return {"ready": times[0] - holds[-1], "complete": times[-1] - holds[-1], "sweep_bytes": sum(sizes)}

    def press(self, key, patience=5):
        """Press a key; returns the ms until the picture has changed (None: it never did), the kernel's busy ms, and
        the paint calls' ms. Then all is left alone until it is quiet: this is latency, not throughput.
        """
        self._wait_until_quiet()
        self.page.evaluate("watch.rest()")
        self.page.keyboard.press(key)
        shown = "watch.pictures.some(when => when > watch.keys[0])"
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(shown, timeout=1000 * patience)
        self._wait_until_quiet()
        watch = self.page.evaluate("watch")
        changes = [when - watch["keys"][0] for when in watch["pictures"] if when > watch["keys"][0]]
        return changes[0] if changes else None, busy_ms(watch["messages"]), watch["paints"]

    def drag(self, seconds):
        """Drag the slider to and fro, once a second, then let go; returns what was seen (see `_of_drag`)."""
        mouse, (x, y), (left, width) = self.page.mouse, *self._grip()
        mouse.move(x, y)
        mouse.down()
        self.page.wait_for_timeout(500)  # a hand rests before it moves
        self.page.evaluate("watch.rest()")
        start = time.monotonic()
        while (passed := time.monotonic() - start) < seconds:
            mouse.move(left + width * abs(2 * (passed % 1) - 1), y)
        mouse.up()
        self._wait_until_quiet(quiet=1)
        return _of_drag(self.page.evaluate("({...watch, bytes: received - watch.bytes})"), seconds)

    def _grip(self):
        """Where the slider's handle is, and where its track begins and how wide it is, without the ends."""
        box, native = self.slider.bounding_box(), self.slider.evaluate("e => e.tagName === 'INPUT'")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        track = box
        if native:
            x = box["x"] + box["width"] * self.slider.evaluate("e => (e.value - e.min) / (e.max - e.min)")
        else:
            track = self.page.locator(".noUi-target").last.bounding_box()
        return (x, y), (track["x"] + 0.1 * track["width"], 0.8 * track["width"])

    def _wait_until_quiet(self, quiet=0.2, patience=12):
        """Wait until for so long no picture has changed and nothing has come from the kernel."""
        with contextlib.suppress(TimeoutError):
            last = f"Math.max(watch.heard, watch.up, watch.seen) + {1000 * quiet} < performance.now()"
            self.page.wait_for_function(last, timeout=1000 * patience)


def _of_drag(watch, seconds):
    """Pictures a second, the share of the slider's values that were shown, ms from letting go to the last picture, …

    A value counts when the slider stood at it at the end of an animation frame. A picture shown twice counts twice.
    """
    during = [when for when in watch["pictures"] if when <= watch["up"]]
    values = [when for when in watch["values"] if when <= watch["up"]]
    return {
        "frames_per_second": len(during) / seconds,
        "shown": min(1.0, len(during) / max(1, len(values))),
        "after": max(0.0, watch["pictures"][-1] - watch["up"]) if watch["pictures"] else None,
        "bytes": watch["bytes"] / max(1, len(watch["pictures"])),
        "kernel_drag": busy_ms(watch["messages"]) / seconds,
        "paints": watch["paints"],
    }


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


def summary(presses, drags):
    """The figures of one way: over all presses (of all rounds) and medians over its drags."""
    latency, kernel, paints = zip(*presses, strict=True)
    shown = [ms for ms in latency if ms is not None]
    figures = {
        "p50": percentile(shown, 50),
        "p95": percentile(shown, 95),
        "lost": len(latency) - len(shown),
        "kernel": statistics.median(kernel),
    }
    painted = [ms for call in (*paints, *(drag["paints"] for drag in drags)) for ms in call]
    if painted:
        figures["paint_p95"] = percentile(painted, 95)
    for name in ("frames_per_second", "shown", "after", "bytes", "kernel_drag"):
        figures[name] = statistics.median(drag[name] or 0.0 for drag in drags)
    return figures
