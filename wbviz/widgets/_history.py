"""Undo: the states an explorer has been in."""

import time

#: Changes of the same knob that follow each other within this many seconds are one step of undo (a drag).
SAME_GESTURE = 0.8
DEEPEST = 200


class History:
    """A stack of earlier states; quick changes of one knob count as one."""

    def __init__(self):
        self._states = []
        self._last = (None, float("-inf"))

    def __len__(self):
        return len(self._states)

    def remember(self, state, what):
        """Keep `state`, the one before a change of `what`, unless the same gesture is still going on."""
        now = time.monotonic()
        same_gesture = what is not None and what == self._last[0] and now - self._last[1] < SAME_GESTURE
        self._last = (what, now)
        if not same_gesture:
            self._states.append(state)
            del self._states[:-DEEPEST]

    def back(self):
        """The state before the last change, or None when there is none left."""
        self._last = (None, float("-inf"))
        return self._states.pop() if self._states else None
