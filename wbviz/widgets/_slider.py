"""The row of a number knob: a label, a slider and a number field, one widget whose parts the browser links."""

import math

import anywidget
import traitlets

from wbviz.picture import beside
from wbviz.widgets._scales import LogScale
from wbviz.widgets._tree import close_tree


class Slider(anywidget.AnyWidget):
    """Shows a number with `show`; one that the learner chooses is told to `on_turn(value)`, whatever was typed.

    One message tells a turn, and nothing is answered unless the value has to be another: a slider that is dragged is
    never moved back by what Python says of earlier turns. A value between two steps stays as it is; the slider then
    stands at the nearest step. The picture of the explorer hears of turns in the browser: see turning.js.
    """

    _esm = traitlets.Unicode(beside(__file__, "turning.js", "slider.js")).tag(sync=True)
    _css = traitlets.Unicode(beside(__file__, "turning.css", "slider.css")).tag(sync=True)
    _anywidget_id = traitlets.Unicode("wbviz.Slider").tag(sync=True)
    knob = traitlets.Unicode(help="The name of the trait that is turned.").tag(sync=True)
    index = traitlets.Int(None, allow_none=True, help="Which item of it, if it is a list.").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    tip = traitlets.Unicode().tag(sync=True)
    span = traitlets.Dict().tag(sync=True)
    value = traitlets.Any(help="A number; what was typed may be none, or none that is allowed.").tag(
        sync=True, echo_update=False
    )
    turns = traitlets.Int(0, help="How many times the learner turned it.").tag(sync=True, echo_update=False)
    heard = traitlets.Int(0, help="How many turns were known when Python last set the value.").tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, label, meta, value, on_turn, *, knob="", index=None):
        span = {name: meta[name] for name in ("min", "max", "step")}
        span["stops"] = LogScale().stops(meta["min"], meta["max"]) if meta.get("log") else None
        super().__init__(label=label, span=span, value=value, knob=knob, index=index, tip=meta["tip"])
        self.add_class("wbviz-knob")
        self._on_turn = on_turn
        self.observe(self._turned, names="turns")

    def add_traits(self, **traits):
        """Add none: anywidget would make a class for each slider, to give it what this one has."""

    def _turned(self, _):
        self._on_turn(math.nan if self.value is None else self.value)

    def show(self, value):
        """Move to `value` without telling anybody."""
        if value != self.value:
            with self.hold_sync():
                self.value, self.heard = value, self.turns

    def enable(self, enabled):
        """Let it be moved, or not."""
        self.disabled = not enabled

    def say(self, message):
        """Show an error beside the field; an empty message takes it away."""
        self.error = message

    def close(self):
        """Free the model, its layout included."""
        self.unobserve_all()
        close_tree(self)
