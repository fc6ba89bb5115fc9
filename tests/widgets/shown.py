"""A row of controls, a list or a heading in Chromium, without JupyterLab."""

from pathlib import Path

from tests.picture.browser_paint import browser

PAGE = Path(__file__).with_name("row_page.js").read_text(encoding="utf-8")


class Shown:
    """A row on the page. `row` in the scripts is what row_page.js makes."""

    def __init__(self, widget):
        state = {name: value for name, value in widget.get_state().items() if not str(value).startswith("IPY_MODEL_")}
        browser(lambda page: page.evaluate(f"() => {{{PAGE}}}"))
        arguments = [widget._esm, widget._css, state]
        browser(lambda page: page.evaluate("arguments => openRow(...arguments)", arguments))
        widget.close()

    def __call__(self, script):
        """The value of JavaScript."""
        return browser(lambda page: page.evaluate(script))

    def keys(self, selector, *keys):
        """Press keys, those after the first where the focus is by then."""
        browser(lambda page: (page.focus(selector), [page.keyboard.press(key) for key in keys]))

    def type(self, text, *keys):
        """Type into the field and press keys."""
        browser(lambda page: page.locator("input[type=number]").first.fill(text))
        browser(lambda page: [page.keyboard.press(key) for key in keys])

    @property
    def values(self):
        """What range and field say."""
        return self("[row.range.ariaValueText, row.field.value]")

    def told(self, *names):
        """What was saved, by name."""
        return self(f"row.model.saved.map(saved => {list(names)}.map(name => saved[name]))")
