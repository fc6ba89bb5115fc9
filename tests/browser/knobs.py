"""Turning every control of an explorer, as a learner would, to find those that do nothing."""

import contextlib
import time

from playwright.sync_api import TimeoutError

#: Buttons that rightly change nothing on screen when nothing was typed before.
SILENT = {"Load", "Copy"}
_NAME = """e => [
  e.closest(".wbviz-knob")?.innerText.trim().split("\\n")[0], e.getAttribute("aria-label"), e.innerText, e.title
  ].find(text => text?.trim()) ?? e.outerHTML.slice(0, 80)"""
# Of the many alike fields of a table of weights and biases, the first and the last are turned.
_ENABLED = """e => { const alike = [...e.closest("table")?.querySelectorAll(`input[type=${e.type}]`) ?? [e]];
  return !e.closest("[disabled]") && (e === alike.at(0) || e === alike.at(-1)); }"""
# A tick that freezes a parameter shows in its field and in the words; no picture has to follow.
_INSIDE = "e => !!e.closest('.wbviz-knobs') || (!!e.closest('.wbviz-table') && e.type !== 'checkbox')"
_RANGE = "e => [e.min === '' ? -1e9 : +e.min, e.max === '' ? 1e9 : +e.max]"


def _slide(element):
    for key in ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "End", "Home"):
        yield lambda key=key: (element.focus(), element.press(key))


def _type(element):
    low, high = element.evaluate(_RANGE)
    step = float(element.get_attribute("step") or 1)
    for change in (step, -step, 3 * step, -3 * step, 100 * step, -100 * step):  # a step may be finer than a pixel
        value = float(element.input_value() or 0) + change
        if low <= value <= high:
            yield lambda value=value: (element.fill(f"{value:.10g}"), element.press("Tab"))


def _choose(element):
    chosen, options = element.evaluate("e => [e.value, [...e.options].map(o => o.value)]")
    for option in options:
        if option != chosen:
            yield lambda option=option: element.select_option(option)


def _click(element):
    opens_files = "widget-upload" in (element.get_attribute("class") or "")  # a window of the system, not of the page
    if element.inner_text().strip() not in SILENT and not opens_files:
        yield lambda: element.is_enabled() and _press(element)


def _press(element):
    """Click; a button may be disabled at the last moment, because what it would stop is over."""
    with contextlib.suppress(TimeoutError):
        element.click(timeout=3000)


#: What there is to turn, by CSS selector: the ways to turn it, and whether it is a knob (picture and words must follow)
#: or a button (anything in the explorer may).
CONTROLS = {
    "input[type=range], .noUi-handle": (_slide, True),
    "input[type=number]": (_type, True),
    "select": (_choose, True),
    "input[type=checkbox]": (_click, True),
    "button": (_click, False),
}


def dead_controls(notebook, explorer):
    """Turn every control of an explorer; returns a line for each that changed nothing, and for each error shown.

    A control that can do nothing in some state has to be hidden or disabled in it.
    """
    dead = []
    for selector, (ways, is_knob) in CONTROLS.items():
        elements, number = explorer.locator(selector), 0
        while number < elements.count():  # turning one may make others appear
            element = elements.nth(number)
            number += 1
            if element.is_visible() and element.evaluate(_ENABLED) and list(ways(element)):
                inside = is_knob and element.evaluate(_INSIDE)
                name, watched = element.evaluate(_NAME), _PICTURE_AND_WORDS if inside else _ANYTHING
                left, said = _left_alone(notebook, explorer, ways(element), watched), errors(explorer)
                # Rightly idle in that state, perhaps, or rightly refused.
                if (left or said) and _reset(notebook, explorer) and element.is_visible():
                    left, said = _left_alone(notebook, explorer, ways(element), watched), errors(explorer)
                if element.is_visible() and not element.is_enabled():  # in the meantime
                    left = set()
                dead += [f"{name!r} ({selector}) does not change {thing}" for thing in sorted(left)]
                dead += [f"{name!r} ({selector}) shows an error: {text}" for text in said]
    return dead


def _reset(notebook, explorer):
    """Press Reset; returns whether there is such a button."""
    button = explorer.get_by_role("button", name="Reset", exact=True)
    if present := button.count() == 1 and button.is_visible():
        button.click()
        notebook.settled(explorer)
    return present


# A short run may be over, and look as before, when it is looked at next: what happens meanwhile is noted in the page.
_NOTE = """explorer => {
  const before = explorer.innerText;
  explorer.noted?.disconnect();
  explorer.stirred = false;
  explorer.noted = new MutationObserver(() => { explorer.stirred ||= explorer.innerText !== before });
  explorer.noted.observe(explorer, { childList: true, characterData: true, subtree: true });
}"""
_PICTURE_AND_WORDS = {"the picture": ("pixels",), "the description": ("words",)}
_ANYTHING = {"anything": ("pixels", "words", "rest", "stirred")}


def _left_alone(notebook, explorer, moves, watched):
    """Make moves until all that is watched has changed, each for at most 3 s; returns what never did."""
    left = set(watched)
    for move in moves:
        explorer.evaluate(_NOTE)
        before, end = _looks(notebook, explorer), time.monotonic() + 3
        move()
        while left and time.monotonic() < end:
            now = _looks(notebook, explorer)
            left = {thing for thing in left if all(now[look] == before[look] for look in watched[thing])}
            notebook.page.wait_for_timeout(50)
        if not left:
            break
    return left


def _looks(notebook, explorer):
    return notebook.looks(explorer) | {"stirred": explorer.evaluate("explorer => explorer.stirred")}


def errors(explorer):
    """The texts of the error lines that are shown."""
    return explorer.locator(".wbviz-error").evaluate_all("lines => lines.map(e => e.innerText.trim()).filter(Boolean)")
