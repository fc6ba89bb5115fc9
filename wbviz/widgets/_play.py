"""Playing a run that is known from start to end: a bar that moves a knob through its steps."""

import time

from wbviz.widgets._work import Work


def player(explorer, last, *, trait="step", label="Play", per_second=20):
    """A Work that moves the whole-number knob `trait` of an explorer from where it stands to `last()`.

    A run is a pure function of the explorer's settings, computed whole; the knob says how much of it is shown. So
    scrubbing, playing, sharing and undo are one thing. At the end it begins at 0 again. A play is one step of undo.
    per_second: how many steps at most; a long run is shown in strides, so that it takes 20 s at most.
    """

    def steps():
        end = last()
        here = getattr(explorer, trait)
        here = 0 if here >= end else here
        stride = max(1, round(end / (20 * per_second)))
        while here < end:
            begun = time.monotonic()
            here = min(here + stride, end)
            explorer.apply({trait: here}, gesture=f"play {trait}")
            yield here / end, f"step {here} of {end}"
            time.sleep(max(0.0, 1 / per_second - (time.monotonic() - begun)))
            end = last()
            here = min(getattr(explorer, trait), end)

    return Work(steps, label=label)
