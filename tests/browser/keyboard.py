"""A reader who has only a keyboard: goes by Tab, arrows, Space and Enter, and sees where the focus is."""

_AT = """() => {
  const at = document.activeElement;
  const text = at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || at.title || "";
  const {outlineStyle, outlineWidth} = getComputedStyle(at);
  const ours = Boolean(at.closest(".wbviz-explorer, .wbviz-lesson"));
  const box = at.getBoundingClientRect();
  return {
    name: text.trim(),
    kind: at.getAttribute("role") || (at.tagName === "BUTTON" ? "button" : at.type) || at.tagName.toLowerCase(),
    cell: [...document.querySelectorAll(".jp-Cell")].indexOf(at.closest(".jp-Cell")),
    isCell: at.matches(".jp-Cell"),
    ours,
    visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && box.top < innerHeight && box.bottom > 0,
  }; }"""


class Keyboard:
    """The keys, and where they have led. `lost` grows by what went wrong with the focus on the way."""

    def __init__(self, notebook):
        self.notebook, self.page, self.lost = notebook, notebook.page, []

    @property
    def at(self):
        """Where the focus is: name, kind, cell, isCell, and whether it can be seen."""
        return self.page.evaluate(_AT)

    def press(self, *keys, times=1):
        """Press keys one after the other."""
        for key in keys * times:
            self.page.keyboard.press(key)

    def tab(self, back=False, before=None):
        """One step of Tab; where it has led."""
        self.press("Shift+Tab" if back else "Tab")
        at = self.at
        if at["ours"] and not at["visible"]:
            self.lost.append(f"not to be seen: {at}")
        if at == before and at["name"]:
            self.lost.append(f"Tab does not leave {at}")
        return at

    def go(self, name, kind=None, back=False, most=60):
        """Tab to the next control of a name (its beginning will do) and kind."""
        at = None
        for _ in range(most):
            at = self.tab(back, before=at)
            if at["name"].startswith(name) and kind in (None, at["kind"]):
                return at
        raise AssertionError(f"{name} ({kind}) is not reached with Tab; the focus is on {self.at}")

    def cell(self, number):
        """Go to a cell: out of a picture with Tab, out of a control with Escape, then by arrow keys. Runs none."""
        if self.at["kind"] == "application":
            self.tab()
        if not self.at["isCell"]:
            self.press("Escape")
        start = self.at
        if not start["isCell"]:
            raise AssertionError(f"Escape does not lead to the cell from {start}")
        self.press("ArrowDown" if start["cell"] < number else "ArrowUp", times=abs(number - start["cell"]))
        at = self.at
        if not (at["isCell"] and at["cell"] == number):
            raise AssertionError(f"the arrow keys do not lead to cell {number}, but to {at}")

    def act(self, *keys):
        """Press keys that do something; afterwards the focus must still be somewhere."""
        self.press(*keys)
        self.page.wait_for_timeout(300)
        if (at := self.at)["kind"] == "body":
            self.lost.append(f"after {keys}, the focus is nowhere: {at}")
        return at
