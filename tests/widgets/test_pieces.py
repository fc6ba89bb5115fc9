"""The browser gets only the artists that call themselves stale: of every explorer, all that look different must."""

import pytest

from tests.widgets.turning import other_value
from wbviz import widgets
from wbviz.picture.recorder import Recorder


def drawn(picture, artist):
    """What an artist draws now, as the browser would get it."""
    recorder = Recorder()
    recorder.begin(*picture.size, picture.figure.dpi)
    artist.draw(recorder)
    return recorder.pieces, recorder.buffer.tobytes()


@pytest.mark.parametrize("name", widgets.__all__)
def test_every_artist_that_looks_different_is_stale(name):
    explorer = getattr(widgets, name)()
    picture = explorer.picture
    for knob in explorer.knobs:
        explorer.reset()
        explorer.redraw()
        before = {artist: drawn(picture, artist) for artist in picture._live}
        picture.figure.stale = False
        for artist in picture._live:
            artist.stale = False
        explorer.apply({knob: other_value(explorer, knob)})
        explorer.redraw()
        if not picture.figure.stale:  # otherwise all is drawn anew
            quiet = [artist for artist in picture._live if not artist.stale]
            assert [artist for artist in quiet if drawn(picture, artist) != before[artist]] == [], knob
    explorer.close()
