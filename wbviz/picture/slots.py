"""Slots: a live artist draws into its own, and what of it changed unseen by matplotlib can be told."""

from wbviz.picture.again import memory
from wbviz.picture.recorder import Recorder


class SlotDrawing:
    """Stands in for the `draw` of a live artist: on a recorder, what it draws goes into the artist's slot.

    What has only moved is recorded again from memory, without matplotlib.
    """

    def __init__(self, artist):
        self._artist, self._memory = artist, memory(artist)

    def forget(self):
        """Let matplotlib draw it the next time."""
        self._memory = memory(self._artist)

    def __call__(self, renderer, *args, **kwargs):
        draw = type(self._artist).draw
        if not isinstance(renderer, Recorder):
            return draw(self._artist, renderer, *args, **kwargs)
        with renderer.slot(self._artist) as records:
            if self._memory is None:
                draw(self._artist, renderer, *args, **kwargs)
            elif not self._memory.draw(renderer):
                draw(self._artist, renderer, *args, **kwargs)
                self._memory.learn(renderer, records)


def shown_array(artist):
    """The values that a scatter plot, a mesh or an image shows in colours; None for other artists."""
    return artist.get_array() if hasattr(artist, "get_array") else None


def flat(artists):
    """The artists of nested sequences, one after the other."""
    for artist in artists:
        if isinstance(artist, tuple | list):
            yield from flat(artist)
        else:
            yield artist
