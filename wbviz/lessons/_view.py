"""What all views of lessons share: the frame, the line that answers, buttons that never fail silently, closing."""

import logging

import anywidget
import ipywidgets as w
import traitlets

from wbviz import style
from wbviz.lessons._text import prose, shorten
from wbviz.picture import beside
from wbviz.widgets._tree import close_tree, forget_in_cell, replace_in_cell

_log = logging.getLogger("wbviz.lessons")

_RULES = """
.wbviz-lesson { border-left: 4px solid COLOUR-BLUE; padding: 6px 14px; margin: 8px 0; }
.wbviz-lesson .widget-html-content { line-height: 1.5; max-width: 54em; }
.wbviz-lesson .wbviz-prompt b { color: COLOUR-BLUE; }
.wbviz-lesson .wbviz-prompt p { margin: 2px 0; }
.wbviz-lesson .widget-radio-box label { height: auto; line-height: 1.5; white-space: normal; margin: 3px 0; }
.wbviz-lesson .widget-radio, .wbviz-lesson .widget-radio-box { width: auto; max-width: 100%; height: auto; }
.wbviz-lesson .wbviz-hints p { margin: 4px 0; }
.wbviz-lesson table { border-collapse: collapse; margin: 6px 0; }
.wbviz-lesson :focus-visible:not(canvas) { outline: 2px solid COLOUR-BLUE !important; outline-offset: 1px; }
.wbviz-lesson td, .wbviz-lesson th { padding: 2px 14px 2px 0; text-align: left; font-weight: normal; }
.wbviz-lesson td.wbviz-figure { text-align: right; font-variant-numeric: tabular-nums; }
.wbviz-lesson caption { text-align: left; white-space: nowrap; padding-bottom: 2px; }
.wbviz-lesson .widget-html-content a { color: COLOUR-BLUE; text-decoration: underline; margin-right: 10px; }
.wbviz-said { line-height: 1.5; max-width: 54em; padding: 0 8px; border-left: 3px solid transparent; }
.wbviz-said[data-tone="good"] { border-left-color: COLOUR-GREEN; }
.wbviz-said[data-tone="more"] { border-left-color: COLOUR-VERMILLION; }
"""
_COLOURS = {"COLOUR-BLUE": style.BLUE, "COLOUR-GREEN": style.GREEN, "COLOUR-VERMILLION": style.VERMILLION}


def _css():
    """The rules in the colours of the light page, then those with a colour again for the dark one."""
    light = _RULES
    dark = "\n".join(line for line in _RULES.splitlines() if "COLOUR-" in line)
    for name, colour in _COLOURS.items():
        light, dark = light.replace(name, colour), dark.replace(name, style.DARK[colour])
    return light + 'body[data-jp-theme-light="false"] {' + dark + "}"


class Feedback(anywidget.AnyWidget):
    """The line under a lesson that answers the learner. The browser writes it as plain text and announces it."""

    _esm = beside(__file__, "lesson.js")
    _css = _css()
    text = traitlets.Unicode("").tag(sync=True)
    tone = traitlets.Enum(["", "good", "more"], "").tag(sync=True)
    lesson = traitlets.Unicode("").tag(sync=True)
    enter = traitlets.Bool(False, help="Does the focus move into the lesson when it appears?").tag(sync=True)

    def say(self, text, tone=""):
        """Show a sentence; tone: "good" (it is right), "more" (there is more to do), "" (a remark)."""
        mark = {"good": "✓ ", "more": "→ "}.get(tone, "")
        with self.hold_sync():
            self.text, self.tone = (mark + text if text else ""), tone

    def __repr__(self):
        return "Feedback"


class View(w.VBox):
    """A lesson on the page: prompt, controls, answer line. Subclasses put their controls between the two.

    kind and name make the heading; its repr is short and never depends on what the learner did.
    """

    def __init__(self, kind, name, prompt):
        self._kind, self._name, self._prompt_text, self._closed = kind, name, prompt, False
        self.prompt = html(f"<p><b>{kind}</b></p><p>{prose(prompt)}</p>", "wbviz-prompt")
        self.feedback = Feedback(lesson=f"{kind}: {prompt}")
        self.feedback.add_class("wbviz-feedback")
        super().__init__()
        self.add_class("wbviz-lesson")

    def arrange(self, *controls):
        """Put the controls between the prompt and the answer line, and replace what this cell showed before."""
        self.children = (self.prompt, *controls, self.feedback)
        replace_in_cell(self)

    def button(self, label, action, tip="", **options):
        """A button whose action may fail: what it raises is said in the answer line."""
        made = w.Button(description=label, tooltip=tip or label, layout=w.Layout(width="auto"), **options)
        made.on_click(lambda _: self.guarded(action))
        return made

    def guarded(self, action):
        """Run an action of the learner; an error becomes a sentence."""
        try:
            action()
        except ValueError as error:
            self.feedback.say(str(error), "more")
        except Exception as error:
            _log.debug("an action failed", exc_info=True)
            self.feedback.say(f"That did not work: {type(error).__name__}: {shorten(str(error), 160)}", "more")

    def close(self):
        """Free every model of this view. Safe to call twice."""
        if not self._closed:
            self._closed = True
            forget_in_cell(self)
            close_tree(self)

    def __repr__(self):
        return shorten(f"{self._kind} {self._name!r}: {self._prompt_text}", 100)


def html(text, css_class=""):
    """An HTML box. Whatever comes from outside has passed `escape` or `prose` before."""
    box = w.HTML(text)
    if css_class:
        box.add_class(css_class)
    return box


def row(*controls):
    """Controls side by side, wrapped where the page is narrow."""
    return w.HBox(controls, layout=w.Layout(flex_flow="row wrap", align_items="center"))


def show(widget, visible=True):
    """Show or hide a control."""
    widget.layout.display = None if visible else "none"


def focus(widget):
    """Move the keyboard's focus, where the one it was on has just gone."""
    if not widget.disabled and widget.comm is not None:
        widget.focus()
