"""When the next frame may go: never faster than the browser paints, never silent for good."""

import time


class Pacing:
    """At most `window` frames are under way unpainted; after `silence` seconds without a sign one more may go.

    The second rule is for acknowledgements that are stuck behind a busy cell. Times in seconds.
    """

    def __init__(self, window=2, silence=0.3, clock=time.monotonic):
        self.window, self.silence = window, silence
        self.views = set()
        self._clock = clock
        self._under_way = []
        self._last_sign = clock()

    def arrived(self, view):
        """A view in some browser wants frames; nothing it was sent before counts as under way."""
        self.views.add(view)
        self._under_way.clear()

    def left(self, view):
        """A view has gone; an unknown one is ignored."""
        self.views.discard(view)

    def sent(self, frame):
        """Frame number `frame` is on its way."""
        self._under_way = [*self._under_way, frame][-self.window :]
        self._last_sign = self._clock()

    def acknowledged(self, frame):
        """Frame number `frame`, and with it all earlier ones, has been painted."""
        self._under_way = [number for number in self._under_way if number > frame]
        self._last_sign = self._clock()

    @property
    def wait(self):
        """Seconds until a frame may go: 0 is now, None is never while nobody looks."""
        if not self.views:
            return None
        if len(self._under_way) < self.window:
            return 0.0
        return max(0.0, self._last_sign + self.silence - self._clock())
