"""A stand-in for the browser that keeps what a picture sends: frames drawn ahead can be compared with others."""

import json
import struct
import zlib
from types import SimpleNamespace

import numpy as np

_KINDS = {
    "xy": np.float32, "at": np.float32, "by": np.float32, "lw": np.float32, "starts": np.uint32, "codes": np.uint8,
    "snap": np.uint8, "fill": np.uint8, "stroke": np.uint8, "image": np.uint8,
}  # fmt: skip


class Page:
    """Receives the messages of a picture as display_list.js and sweeps.js do.

    pieces: the drawing as it stands, row by row of records.  frames: those drawn ahead, with their `drawing`.
    headers: all that came.
    """

    def __init__(self, picture):
        self.glyphs, self.pieces, self.frames, self.headers, self._picture = {}, [], [], [], picture
        picture.send = self.receive
        self.ask()

    @classmethod
    def without_kernel(cls, kept):
        """What a page without a kernel shows of a picture's `kept`, after JSON."""
        page = cls(SimpleNamespace(_handle_custom_msg=lambda *_: None))
        for number, (header, buffers) in enumerate(kept["messages"]):
            page.receive(
                header | {"type": "sweep"} if number else header, buffers if number else [zlib.decompress(*buffers)]
            )
        return page

    def ask(self):
        """Ask for a whole frame, as a view that appears does."""
        self._picture._handle_custom_msg({"type": "ready", "view": f"view {len(self.headers)}"}, [])

    def tell(self, kind, knob, index=None):
        """Take hold of a knob ("hold"), or let it go ("release")."""
        self._picture._handle_custom_msg({"type": kind, "knob": knob, "index": index}, [])

    def receive(self, header, buffers=()):
        header = json.loads(json.dumps(header))
        self.headers.append(header)
        if header.get("whole"):
            self.glyphs, self.pieces = {}, [None] * len(header["pieces"])
        self.glyphs |= {number: _read(glyph, buffers[0], {}) for number, glyph in header["glyphs"].items()}
        (self._frame if header["type"] == "frame" else self._sweep)(header, buffers)

    def _frame(self, header, buffers):
        pieces = header["pieces"]
        for place, piece in enumerate(pieces) if isinstance(pieces, list) else pieces.items():
            self.pieces[int(place)] = [_read(record, buffers[0], self.glyphs) for record in piece]
        self._picture._handle_custom_msg({"type": "ack", "frame": header["frame"]}, [])

    def _sweep(self, header, buffers):
        data = zlib.decompress(buffers[1])
        (length,) = struct.unpack("<I", data[:4])
        told, arrays = json.loads(data[4 : 4 + length]), memoryview(data)[4 + length :]
        whole = [told["pieces"][piece] if isinstance(piece, int) else piece for piece in told["pieces"]]
        pieces = [[_read(record, arrays, self.glyphs) for record in piece] for piece in whole]
        grounds = [self.pieces, *(pieces[ground["first"] : ground["last"]] for ground in told["grounds"])]
        for frame in told["frames"]:
            drawing = list(grounds[frame["ground"]])
            for place, number in frame["slots"].items():
                drawing[int(place)] = pieces[number]
            self.frames.append(frame | {"drawing": drawing})


def _read(record, data, glyphs):
    """A record with its arrays, its words as outlines."""
    read = dict(record)
    for name, kind in _KINDS.items():
        if isinstance(record.get(name), list):
            read[name] = np.frombuffer(data, kind, record[name][1], record[name][0])
    if "text" in record:
        read["text"] = [glyphs[str(glyph)] for glyph in record["text"]]
    if "clippath" in record:
        read["clippath"] = _read(record["clippath"], data, glyphs)
    return read


def differences(one, other, path=""):
    """Where two drawings (or parts of them) differ by more than a hundredth of a pixel, as texts."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [text for key in one for text in differences(one[key], other[key], f"{path}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            text for i, pair in enumerate(zip(one, other, strict=True)) for text in differences(*pair, f"{path}[{i}]")
        ]
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape:
        same = np.allclose(one, other, atol=0.01, equal_nan=True)
    elif isinstance(one, float | int) and isinstance(other, float | int):
        same = abs(one - other) < 0.01
    else:
        same = type(one) is type(other) and not isinstance(one, dict | list | np.ndarray) and one == other
    return [] if same else [f"{path}: {one!r:.80} instead of {other!r:.80}"]
