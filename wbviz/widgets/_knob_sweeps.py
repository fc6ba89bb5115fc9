"""Sweeps of an explorer: while a learner holds a knob, the frames for all its positions are drawn ahead in a thread.

The browser then shows the knob's positions by itself; Python sends its own frame when the knob rests.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from wbviz.picture.background import later
from wbviz.picture.sweeps import draw_ahead
from wbviz.widgets._scales import LogScale, Scale
from wbviz.widgets._traits import Number, Numbers, Parameters, Whole

_LOG = logging.getLogger(__name__)

#: Draws for all explorers: nobody holds two knobs at a time.
_DRAWING = ThreadPoolExecutor(1, "wbviz sweeps")

#: Knobs that can be swept.
KINDS = (Number, Whole, Numbers, Parameters)
#: Limits of a sweep: positions, seconds of the processor, bytes on the way. What is there by then stays.
POSITIONS, SECONDS, BYTES = 401, 2.0, 4_000_000
#: Drawn at a time, in seconds: meanwhile the picture is locked.
SHARE = 0.1
#: A knob that has not moved for so long is at rest, in seconds. Behind a slow line its values come that far apart.
REST = 0.25
#: About so many positions, from end to end, and shapes may be drawn in between.
ENOUGH = 9


class KnobSweeps:
    """Draws the knob in hand ahead, and sees to it that Python's own frame is sent when the knob rests."""

    def __init__(self, explorer):
        self._explorer, self._sweep, self._timer = explorer, None, None

    def hear(self, message):
        """The browser says that a learner took hold of a knob, or let it go."""
        hand = {"knob": message.get("knob"), "index": message.get("index")}
        if message["type"] == "hold":
            self.hold(**hand)
        elif self._sweep is not None and self._sweep.hand == hand:
            self._sweep.pause()
            self._settle()

    def hold(self, knob, index=None):
        """Draw a knob ahead, from where an earlier hold in the same state stopped. Others stop."""
        explorer, state = self._explorer, self._explorer.picture.state_number
        if self._sweep is not None and not self._sweep.belongs_to(knob, index, state):
            self._sweep.pause()
            self._sweep = None
        if self._sweep is None and isinstance(explorer.traits().get(knob), KINDS):
            self._sweep = Sweep(explorer, knob, index, state)
        if self._sweep is not None:
            self._sweep.go_on()

    def moved(self, before, after):
        """The state has changed. True where only the knob in hand moved and the browser shows that by itself."""
        sweep = self._sweep
        if sweep is None or not sweep.only_moved(before, after):
            self._explorer.picture.state_number += 1
            self._forget()
            return False
        if sweep.drawn < sweep.span:
            return False
        self._wait()
        return True

    def at(self):
        """What a frame says of the knob in hand."""
        return None if self._sweep is None else self._sweep.hand | {"value": self._sweep.value}

    def _wait(self):
        self._stop_waiting()
        self._timer = later(REST, self._settle)

    def _stop_waiting(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _settle(self):
        self._stop_waiting()
        self._explorer.rest()

    def _forget(self):
        self._stop_waiting()
        if self._sweep is not None:
            self._sweep.pause()
            self._sweep = None

    def close(self):
        """Stop what is under way."""
        self._forget()


class Coupled(Exception):
    """Other parts of the state follow this knob: it is no sweep of one knob, and each change is shown by Python."""


class Sweep:
    """The frames of one knob in one state of all the rest."""

    def __init__(self, explorer, knob, index, state):
        self.explorer, self.hand, self.state = explorer, {"knob": knob, "index": index}, state
        self.drawn, self.bytes, self.seconds = 0, 0, 0.0
        self.span, self._left = self.positions()  # drawn so far, all can be shown: the browser needs no frame
        self._holding = threading.Event()
        self.drawing = None

    @property
    def value(self):
        """Where the knob stands."""
        return self._item(getattr(self.explorer, self.hand["knob"]))

    def belongs_to(self, knob, index, state):
        """Whether it is of this knob in this state."""
        return self.hand == {"knob": knob, "index": index} and self.state == state

    def only_moved(self, before, after):
        """Whether two states differ in nothing but this knob."""
        name, index = self.hand["knob"], self.hand["index"]
        others = all(value == before[key] for key, value in after.items() if key != name)
        if not others or index is None:
            return others
        one, other = before[name], after[name]
        return len(one) == len(other) and all(
            a == b for i, (a, b) in enumerate(zip(one, other, strict=True)) if i != index
        )

    def go_on(self):
        """Draw what is left, in the thread that draws ahead, until `pause`. `drawing` is the Future of that."""
        if not self._holding.is_set() and self._left:
            self._holding.set()
            self.drawing = _DRAWING.submit(copy_context().run, self._draw)

    def pause(self):
        """Stop after the frames in hand."""
        self._holding.clear()

    def _draw(self):
        """A sheet at a time, between which others may have the lock; until the limits, or a pose that fails."""
        understudy, picture = self.explorer.understudy(), self.explorer.picture
        while self._holding.is_set() and self._left:
            try:
                with picture.lock:
                    if picture.state_number != self.state or not picture.slots:
                        break
                    self._draw_sheet(understudy)
            except Coupled:
                self._left = []
            except Exception:
                _LOG.exception("The knob %s of %r could not be drawn ahead", self.hand, self.explorer)
                self._left = []
            if self.bytes > BYTES or self.seconds > SECONDS:
                self._left = []
            time.sleep(0.001)
        self._holding.clear()

    def _draw_sheet(self, understudy):
        started, pose = time.thread_time(), self.pose(understudy)
        drawn, sent = draw_ahead(self.explorer.picture, self.hand, self._left, pose, self.explorer.redraw, SHARE)
        self.seconds += time.thread_time() - started
        self.drawn, self.bytes, self._left = self.drawn + drawn, self.bytes + sent, self._left[drawn:]

    def pose(self, understudy):
        """What moves an understudy to a value of the knob, and says it in words."""
        name, index, explorer = self.hand["knob"], self.hand["index"], self.explorer
        state = {key: getattr(explorer, key) for key in explorer.state}

        def pose(value):
            if index is not None:
                value = [value if i == index else other for i, other in enumerate(state[name])]
            understudy.pose(state, **{name: value})
            if any(getattr(understudy, key) != kept for key, kept in state.items() if key != name):
                raise Coupled
            return understudy.describe()

        return pose

    def _item(self, value):
        return value if self.hand["index"] is None else value[self.hand["index"]]

    def positions(self):
        """(How many are drawn first, from end to end; the values of the slider in the order they are drawn in)."""
        meta = self.explorer.range_of(self.hand["knob"])
        kind = int if isinstance(self.explorer.traits()[self.hand["knob"]], Whole) else float
        scale = LogScale() if meta.get("log") else Scale(meta["step"], kind)
        low, high, here = (scale.position_of(value) for value in (meta["min"], meta["max"], self.value))
        places = range(low, high + 1, 1 + (high - low) // POSITIONS)
        return len(coarse(places)), [scale.value_at(place) for place in coarse_to_fine(places, here)]


def coarse_to_fine(places, here):
    """Every place once: those of `coarse`; then those between, onwards from `here` and then back from it.

    In rows, because the still part of a picture (the limits of its axes) then seldom changes from one to the next.
    """
    fine = [place for place in places if place >= here] + [place for place in reversed(places) if place < here]
    return list(dict.fromkeys([*coarse(places), *fine]))


def coarse(places):
    """About `ENOUGH` of the places, evenly from end to end."""
    return list(dict.fromkeys([*places[:: max(1, len(places) // ENOUGH)], places[-1]]))
