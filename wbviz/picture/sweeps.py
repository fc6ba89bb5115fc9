"""Sweeps: frames for many positions of one knob, drawn ahead and packed for the browser, which shows them as it turns.

A sheet is a row of such frames: the pieces of all live artists at each position, those that do not change written once.
On its way it is deflated: [length of the JSON, four bytes] [JSON: frames, pieces, grounds] [the buffer].
"""

import json
import math
import struct
import time
import zlib

import numpy as np

from wbviz.picture.frames import Buffer


def draw_ahead(picture, hand, poses, pose, restore, seconds):
    """Draw frames of `picture` ahead for as many of the `poses` as there is time for, at least one, and send them.

    hand: {"knob", "index"} of the knob they are of.  pose(value) moves the scene and returns its words; restore() moves
    it back. Returns how many were drawn and the bytes sent.
    """
    with picture.lock:
        sheet = drawn_ahead(picture, poses, pose, restore, seconds)
        glyphs, buffers = sheet.packed()
        picture.send_ahead(hand | {"glyphs": glyphs}, buffers)
        return len(sheet.frames), sum(map(len, buffers))


def drawn_ahead(picture, poses, pose, restore, seconds=math.inf):
    """A Sheet of frames for as many of the `poses` as there is time for; the picture is as before."""
    end, sheet = time.perf_counter() + seconds, Sheet(picture)
    try:
        for value in poses:
            sheet.draw(value, pose(value))
            if time.perf_counter() > end:
                break
    except BaseException:
        sheet.give_up()
        raise
    finally:
        restore()
        sheet.put_back()
    return sheet


class FramesAhead:
    """Mixin of Picture: what a sheet needs of it, under its lock."""

    def whole_frame(self, header):
        """[`header` completed, [its buffer]] for the whole picture as it stands now."""
        self._update()
        self.figure.stale = True
        header = self._record() | header | {"state": self.state_number}
        return [header, [self._recorder.buffer.tobytes()]]

    def begin_ahead(self):
        """The recorder, ready for frames that the browser is to keep for later."""
        self._recorder.begin(*self.size, self.figure.dpi, whole=False)
        return self._recorder

    def draw_all_ahead(self):
        """Record everything once more into the same recording → live artist: number of its piece."""
        self._recorder.slots = {}
        self._recorder.whole = True
        self.figure.draw(self._recorder)
        self._recorder.whole = False
        self._orders = self._drawing_order()
        self.recorded(*self._recorder.slots)
        return dict(self._recorder.slots)

    def forget_ahead(self, artists, whole):
        """The scene is as before: what was drawn ahead of these artists is not what the browser has.

        whole: the still part was drawn too, and is as before again.
        """
        for artist in artists:
            artist.stale = True
            if whole:
                artist.draw.forget()
        if whole:
            self.needs_all()  # carries out what is due
            self.figure.stale, self._orders = False, self._drawing_order()

    def send_ahead(self, header, buffers):
        """Send such frames; `at` says of which knob they are."""
        self.send(header | {"type": "sweep", "state": self.state_number}, buffers=buffers)


class Sheet:
    """Frames of a picture drawn ahead, one after the other, under the picture's lock.

    A frame is {"value", "words", "ground": 0 for the still part that the browser has, k for the k-th of this sheet,
    "slots": place among the pieces → number of a piece of this sheet}.
    """

    def __init__(self, picture):
        self._picture, self._slots, self._numbers = picture, dict(picture.slots), {}
        self.frames, self._grounds = [], []
        self._recorder = picture.begin_ahead()
        # The recorder takes new ones for its next recording.
        self._pieces, self._glyphs, self._buffer = (
            self._recorder.pieces, self._recorder.glyphs, self._recorder.buffer,
        )  # fmt: skip

    def draw(self, value, words):
        """Add the frame of the scene as it stands now."""
        self._recorder.next_frame()
        if self._picture.needs_all():
            self._draw_all()
        else:
            self._draw_changed()
        slots = {slot: self._numbers[artist] for artist, slot in self._slots.items()}
        self.frames.append({"value": value, "words": words, "ground": len(self._grounds), "slots": slots})

    def _draw_changed(self):
        for artist in self._slots:
            if artist not in self._numbers or self._picture.has_changed(artist):
                artist.draw(self._recorder)
                self._numbers[artist] = len(self._pieces) - 1
                self._picture.recorded(artist)

    def _draw_all(self):
        """The still part has changed (the limits of an axis, say): record it too."""
        first = len(self._pieces)
        self._numbers = self._picture.draw_all_ahead()
        self._slots = {artist: number - first for artist, number in self._numbers.items()}
        ground = {"first": first, "last": len(self._pieces), "still": min(self._slots.values(), default=0)}
        self._grounds.append(ground)

    def give_up(self):
        """It is not sent."""
        self._recorder.forget_new_glyphs()

    def put_back(self):
        """The scene is as it was, but the browser does not know what was drawn here."""
        self._picture.forget_ahead(self._numbers, whole=bool(self._grounds))

    def packed(self, level=1, tidy=lambda *written: written):
        """(glyphs, [their buffer, the sheet deflated]) for a message; tidy(pieces, buffer) may write these anew."""
        outlines = Buffer()
        glyphs = {number: self._glyph(record, outlines) for number, record in self._glyphs.items()}
        pieces, buffer = tidy(self._pieces, self._buffer)
        told = {"frames": self.frames, "pieces": pieces, "grounds": self._grounds}
        text = json.dumps(told, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        sheet = struct.pack("<I", len(text)) + text + buffer.tobytes()
        return glyphs, [outlines.tobytes(), zlib.compress(sheet, level)]

    def _glyph(self, record, outlines):
        copied = {"xy": outlines.add(self._buffer.read(record["xy"]))}
        if "codes" in record:
            copied["codes"] = outlines.add(self._buffer.read(record["codes"], np.uint8), np.uint8)
        return copied
