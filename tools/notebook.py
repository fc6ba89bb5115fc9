"""One notebook, open in JupyterLab: run it, wait for its pictures, turn its knobs, collect what went wrong."""

import re
import time

from lab import DARK, LIGHT

_KERNEL = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel"
_LISTEN = """() => {
  window.kernelErrors = [];
  const panel = jupyterapp.shell.currentWidget;
  panel.sessionContext.iopubMessage.connect((_, message) => {
    const {header, content} = message;
    if (header.msg_type === "error") kernelErrors.push(content.traceback.join("\\n"));
    else if (header.msg_type === "stream" && content.name === "stderr") kernelErrors.push(content.text);
  });
}"""
_RUN = """async () => {
  await jupyterapp.commands.execute("notebook:run-all-cells");
}"""
_ASK = """async expression => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = {code: "", user_expressions: {asked: expression}, store_history: false};
  const reply = await kernel.requestExecute(request).done;
  return reply.content.user_expressions.asked;
}"""
_UNPAINTED = """() => [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) canvas")]
  .filter(c => c.checkVisibility() && !window.painted(c)).length
  + [...document.querySelectorAll(".jp-OutputArea-output")].filter(o => /^Loading widget/.test(o.innerText)).length"""
_PAINTED = """() => { window.painted = canvas => {
  const {width, height} = canvas;
  if (!width || !height) return false;
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
  return pixels.some(p => p !== pixels[0]);
} }"""
_LOOKS = """explorer => {
  const hash = numbers => { let h = 2166136261; for (const n of numbers) h = Math.imul(h ^ n, 16777619); return h };
  const canvases = [...explorer.querySelectorAll("canvas")].filter(c => c.checkVisibility());
  return {
    pixels: canvases.map(c => hash(new Uint32Array(
      c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer))).join(),
    words: [...explorer.querySelectorAll("[aria-live],[role=status]"), ...canvases]
      .map(e => `${e.getAttribute("aria-label") ?? ""} ${e.tagName === "CANVAS" ? "" : e.textContent}`).join("|"),
    rest: explorer.innerText + [...explorer.querySelectorAll("input,select,textarea")]
      .map(e => e.type === "checkbox" ? e.checked : e.value).join("|"),
  };
}"""


#: Noise of Jupyter itself: JupyterLab asks for a language server that is switched off, and for widgets before any
#: exist; when a page's last widget closes, it ends the subshell in which ipykernel hears widgets, and a message that
#: was still waiting there is dropped with a warning.
_HARMLESS = re.compile(r"/lsp/|No such comm|_async_in_context\.<locals>")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Notebook:
    """A notebook of a `Lab`, opened in a Playwright page. `.problems` grows with every error of page or kernel."""

    def __init__(self, page, lab, name, theme=LIGHT):
        self.page, self.lab, self.name = page, lab, name
        self._page_errors = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._page_errors.append(f"page error: {error}"))
        lab.set("apputils-extension/themes", {"theme": theme})
        page.goto(lab.url(name))
        page.wait_for_function(f"{_KERNEL}?.connectionStatus === 'connected'", timeout=90_000)
        page.evaluate(_LISTEN)
        page.evaluate(_PAINTED)

    def _on_console(self, message):
        if message.type == "error" and not _HARMLESS.search(f"{message.text} {message.location.get('url', '')}"):
            self._page_errors.append(f"console: {message.text}")

    @property
    def problems(self):
        """Every error so far: of the console, of the page, and of the kernel (callbacks of widgets included)."""
        kernel = [_ANSI.sub("", text).strip() for text in self.page.evaluate("window.kernelErrors")]
        return self._page_errors + [f"kernel: {text}" for text in kernel if not _HARMLESS.search(text)]

    def run_all(self, patience=180):
        """Run every cell; returns when all have finished and every picture is painted."""
        self.page.set_default_timeout(patience * 1000)
        self.page.evaluate(_RUN)
        self.page.wait_for_function(f"{_KERNEL}?.status === 'idle'")
        self.wait_painted()
        self.page.set_default_timeout(10_000)

    def wait_painted(self, patience=30):
        """Wait until no widget is loading and no canvas in the notebook is blank; returns how many still are."""
        end = time.monotonic() + patience
        while (left := self.page.evaluate(_UNPAINTED)) and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        return left

    def python(self, expression):
        """The value of a Python expression in the notebook's kernel, as text; raises RuntimeError where it fails."""
        result = self.page.evaluate(_ASK, expression)
        if result["status"] != "ok":
            raise RuntimeError(f"{expression}: {result['ename']}: {result['evalue']}")
        return result["data"]["text/plain"]

    def save(self):
        """Save the notebook, outputs included."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.context.save()")

    def shut_down(self):
        """End the notebook's kernel and close the page."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()

    @property
    def explorers(self):
        """The explorers on the page, from top to bottom (Playwright locators)."""
        return self.page.locator(".wbviz-explorer").all()

    def looks(self, explorer):
        """What an explorer shows: `pixels` of its pictures, `words` that describe it, and the `rest` of its text."""
        return explorer.evaluate(_LOOKS)

    def settled(self, explorer, quiet=0.4, patience=10):
        """Wait until an explorer has looked the same for `quiet` seconds; returns its looks."""
        end, since = time.monotonic() + patience, time.monotonic()
        looks = self.looks(explorer)
        while time.monotonic() < min(since + quiet, end):
            self.page.wait_for_timeout(80)
            if (now := self.looks(explorer)) != looks:
                looks, since = now, time.monotonic()
        return looks

    def theme(self, name):
        """Change JupyterLab's theme, as the Settings menu does."""
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        light = "true" if name != DARK else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached", timeout=20_000)
        self.page.wait_for_timeout(300)
