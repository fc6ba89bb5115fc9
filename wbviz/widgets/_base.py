"""The explorer: one pattern for every live figure of the book.

An explorer is traits (its knobs and its data) and three short methods: `setup` makes the scene, `redraw` moves it,
`describe` says it in words. Controls, undo, sharing, errors and closing are made here, once, from the traits.
"""

import base64
import functools
import sys

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from wbviz import style
from wbviz.picture import Picture
from wbviz.widgets._gestures import Gestures
from wbviz.widgets._history import History
from wbviz.widgets._keeping import EXPLORERS, Keeping
from wbviz.widgets._knob_sweeps import KnobSweeps
from wbviz.widgets._panel import Panel
from wbviz.widgets._share import Shared
from wbviz.widgets._traits import Number, Numbers, Parameters, Whole
from wbviz.widgets._tree import close_tree, forget_in_cell, replace_in_cell
from wbviz.widgets._understudy import Understudied
from wbviz.widgets._words import nearest


class Explorer(Gestures, Understudied, Keeping, Shared, ipywidgets.VBox):
    """A live figure with knobs. Subclasses add traits and `setup`, `redraw`, `describe`; gestures only set traits.

    `controls=False` leaves the panel of controls away, `controls=["lr", "l2"]` leaves only these, `hide=["lr"]`
    takes knobs, buttons, "words" or what is "under" away. Unknown settings raise TypeError, bad values TraitError.
    """

    title = "A figure"
    size = (640, 400)  # CSS pixels
    interactive = False  # does the picture itself answer the pointer and the keyboard?
    under = ()  # what stands under the picture: long work (Work), rows of its own. Made in `prepare`, closed with it
    sweeps = True  # may its knobs be drawn ahead? Not where the picture is more than its state says, such as a training
    groups = {}  # heading → names of knobs, where they are too many for one column; together they name every knob

    def __init__(self, *, controls=True, hide=(), **settings):
        self._refuse_unknown(settings)
        super().__init__()
        self.add_class("wbviz-explorer").add_class(f"wbviz-{type(self).__name__}")  # by which links find it
        self._history, self._panel, self._quiet, self._closed = History(), None, False, False
        self._set_in_order(settings)
        self.settle(set(settings))
        self.prepare()
        self.figure = Figure(figsize=[pixels / style.DPI for pixels in self.size], dpi=style.DPI, facecolor=style.PAPER)
        self.setup()
        self.picture = Picture(self.figure, label=self.title, update=self._update, live=self.scene.live)
        self.picture.interactive = self.interactive
        self.picture.on_error, self.picture.on_link = self._say_error, self.follow_link
        self._sweeps = KnobSweeps(self)
        self.picture.sweeps, self.picture.on_hand = self.sweeps, self._sweeps.hear
        self._start, self._before = self.state, self.state
        self.observe(self._on_change, names=self._state_names())
        self.children = (self.picture,)
        if controls is not False:
            self._panel = Panel(self, controls, hide)
            beside = ipywidgets.Box([self.picture, self._panel.controls], layout=_BESIDE)
            self.children = (beside, *self.under, *self._panel.below)
        self.listen(self.picture)
        replace_in_cell(self)
        EXPLORERS.add(self)

    def __setattr__(self, name, value):
        """Traits are set under the lock: a frame drawn in another thread never sees half of a change."""
        if name in self._state_names():
            with Picture.lock:
                super().__setattr__(name, value)
        else:
            super().__setattr__(name, value)

    # --- what a subclass writes -------------------------------------------------------------------------------------

    def prepare(self):
        """Load data or train what the explorer is about, before the figure exists. Optional."""

    def settle(self, changed):
        """Let other traits follow after those named in the set `changed` were set. Optional; part of the same step."""

    def idle(self):
        """The names of the knobs that do nothing as the others stand now; their controls are greyed out. Optional."""
        return ()

    def own_rows(self):
        """Controls of one's own for traits that are no knobs: name → a widget with `show(value)`, `enable(bool)`."""
        return {}

    def setup(self):
        """Make `self.scene` on `self.figure`: artists once."""

    def redraw(self):
        """Compute with the engine and move the artists of the scene."""

    def describe(self):
        """What is on screen, in words and numbers."""
        return self.title

    def range_of(self, name):
        """`min`, `max`, `step`, `label`, `tip` of a knob. Override it where they depend on another knob above."""
        return getattr(type(self), name).metadata

    #: The network that "copy as code" writes out; None where the explorer has none.
    network = None

    # --- state ------------------------------------------------------------------------------------------------------

    @classmethod
    @functools.cache
    def _tagged(cls, *tags):
        names = [name for base in reversed(cls.__mro__) for name in vars(base)]
        ordered = reversed(dict.fromkeys(reversed(names)))  # each where it was written last
        traits = cls.class_traits()
        return tuple(n for n in ordered if n in traits and any(traits[n].metadata.get(tag) for tag in tags))

    @property
    def knobs(self):
        """The names of the traits that a learner can turn, in the order shown."""
        return self._tagged("knob")

    @classmethod
    def _state_names(cls):
        return cls._tagged("knob", "state")

    @property
    def state(self):
        """Everything that is set, as a plain dict that JSON can hold."""
        return {name: _plain(getattr(self, name)) for name in self._state_names()}

    @classmethod
    def from_state(cls, state, **options):
        """An explorer in the given state, as `state` returned it."""
        return cls(**state, **options)

    def apply(self, settings, gesture=None):
        """Set several traits as one step of undo: all of them, or none when one is not valid.

        Settings that follow each other quickly under the same name of a `gesture` are one step together.
        """
        self._refuse_unknown(settings)
        with self.picture.lock:
            before = self.state
            self._set_quietly(settings)
            if self.state != before:
                self._history.remember(before, gesture)
            self._changed()

    def _set_quietly(self, settings):
        self._quiet = True
        try:
            with self.hold_trait_notifications():
                self._set_in_order(settings)
            self.settle(set(settings))
        finally:
            self._quiet = False

    def _set_in_order(self, settings):
        """Set traits in the order of the class body: a range may depend on the knobs above it."""
        for name in self._state_names():
            if name in settings:
                setattr(self, name, settings[name])

    def reset(self):
        """Back to how the explorer was made."""
        self.apply(self._start)

    def undo(self):
        """Take the last change back. Returns False when there is none."""
        with self.picture.lock:
            earlier = self._history.back()
            if earlier is None:
                return False
            self._set_quietly(earlier)
            self._changed()
            return True

    def randomise(self, seed=0):
        """Set every number knob (except those that keep out of it) evenly at random within its range, from `seed`."""
        rng = np.random.default_rng(seed)
        self.apply({name: self._drawn(name, rng) for name in self.knobs if self.traits()[name].metadata["random"]})

    def _drawn(self, name, rng):
        trait, value = self.traits()[name], getattr(self, name)
        meta = self.range_of(name)
        positions = round((meta["max"] - meta["min"]) / meta["step"])
        if isinstance(trait, (Numbers, Parameters)):
            return [round(meta["min"] + meta["step"] * int(rng.integers(positions + 1)), 10) for _ in value]
        if isinstance(trait, (Number, Whole)):
            return round(meta["min"] + meta["step"] * int(rng.integers(positions + 1)), 10)
        return value

    # --- change → picture -------------------------------------------------------------------------------------------

    def _on_change(self, change):
        with self.picture.lock:
            if self._quiet:
                return
            self._history.remember(self._before, change["name"])
            self._set_quietly({change["name"]: change["new"]})
            self._changed()

    def _changed(self):
        before, self._before = self._before, self.state
        self.picture.kept = {}
        if not self._sweeps.moved(before, self._before):
            self.rest()

    def rest(self):
        """Let controls and picture follow the state: at once, or where the browser shows a knob by itself, at rest."""
        if not self._closed:
            if self._panel is not None:
                self._panel.show()
            self.picture.changed()

    def _update(self):
        with self.picture.lock:
            self.redraw()
            self.picture.description, self.picture.at = self.describe(), self._sweeps.at()
            self.say("")

    def say(self, message):
        """Show a message (an error, what to do) under the picture; an empty one takes it away."""
        if self._panel is not None:
            self._panel.say(message)

    def _say_error(self, error):
        self.say(str(error) or type(error).__name__)

    def try_set(self, name, value):
        """Set a trait from a gesture or control; a bad value is said and the last good one stays. True when set."""
        try:
            setattr(self, name, value)
        except (traitlets.TraitError, ValueError) as error:
            self.say(str(error))
            return False
        return True

    def png(self):
        """The current picture as PNG bytes."""
        return self.picture.png()

    def _refuse_unknown(self, settings):
        known = self._state_names()
        for name in settings:
            if name not in known:
                raise TypeError(
                    f"{type(self).__name__} has no setting {name!r}.{nearest(name, known)} It has: {', '.join(known)}."
                )

    # --- life -------------------------------------------------------------------------------------------------------

    def close(self):
        """Free the figure, the controls and their models. Safe to call twice."""
        if not hasattr(self, "_sweeps") or self._closed or sys.is_finalizing():  # the first where a setting was refused
            return
        self._closed = True
        self._sweeps.close()
        for widget in self.under:  # without controls they are no children
            widget.close()
            close_tree(widget)
        self.unobserve_all()
        forget_in_cell(self)
        EXPLORERS.discard(self)
        close_tree(self)

    def __repr__(self):
        return f"{type(self).__name__}: {self.title}"

    def _repr_mimebundle_(self, **kwargs):
        self.picture.come_along()
        data = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "image/png": base64.b64encode(self.png()).decode("ascii")}


def _plain(value):
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value.item() if isinstance(value, np.generic) else value


_BESIDE = {"display": "flex", "flex_flow": "row wrap", "align_items": "flex-start", "width": "100%"}
