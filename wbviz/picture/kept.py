"""What a picture keeps of itself, to be saved with the notebook: where no kernel runs, the browser shows that."""

import base64
import json
import zlib

import numpy as np

from wbviz.picture.frames import Buffer
from wbviz.picture.sweeps import drawn_ahead

#: The number of a kept frame; those that Python sends count from 1.
FRAME = -1
#: Bytes that the frames of a knob may take; one that needs more is not kept.
LIMIT = 300_000
#: The arrays of a record that may lie in the buffer, and the bytes of one of their items.
ARRAYS = dict.fromkeys(("xy", "at", "by", "lw", "starts"), 4) | dict.fromkeys(
    ("codes", "snap", "fill", "stroke", "image"), 1
)


def keep(picture, knobs, restore, note, refused):
    """Fill `picture.kept` with the frame of the scene as it stands, and with frames for all positions of some knobs.

    knobs: (hand, poses, pose) of each; hand: {"knob", "index", "value": where it stands, "label"}; pose and restore as
    `draw_ahead` has them.  note: {"address"} at which the notebook can be run.  refused: the exception with which a
    pose says that its knob is not to be kept.

    What is kept are the messages that would go to the browser, [header, buffers] of each, the whole frame first; it is
    deflated too.
    """
    with picture.lock:
        header, buffers = picture.whole_frame({"type": "frame", "frame": FRAME})
        messages = [[header, [zlib.compress(buffer, 9) for buffer in buffers]]]
        for hand, poses, pose in knobs:
            try:
                sheet = drawn_ahead(picture, poses, pose, restore)
            except refused:
                continue
            glyphs, buffers = sheet.packed(level=9, tidy=written_once)
            if sum(map(len, buffers)) > LIMIT:
                sheet.give_up()
                continue
            messages.append([hand | {"glyphs": glyphs, "state": picture.state_number}, buffers])
        picture.first = {}  # the kept frame stands for it
        picture.kept = note | {"messages": messages}
        picture.figure.stale = True  # those who look on have not got the glyphs that were recorded here
        picture.changed()


def written_once(pieces, buffer):
    """Pieces and buffer with no array twice; a piece that is the same as an earlier one is the number of that."""
    data, once, places, numbers = buffer.tobytes(), Buffer(), {}, {}

    def place(name, at):
        array = data[at[0] : at[0] + at[1] * ARRAYS[name]]
        if array not in places:
            places[array] = once.add(np.frombuffer(array, np.uint8), np.uint8)[0]
        return [places[array], at[1]]

    def rewritten(record):
        moved = {name: place(name, record[name]) for name in ARRAYS if isinstance(record.get(name), list)}
        if "clippath" in record:
            moved["clippath"] = rewritten(record["clippath"])
        return record | moved

    rows = [[rewritten(record) for record in piece] for piece in pieces]
    first = [numbers.setdefault(json.dumps(row), number) for number, row in enumerate(rows)]
    return [row if first[number] == number else first[number] for number, row in enumerate(rows)], once


def size_of(kept):
    """About how many bytes it takes in a saved notebook."""
    return len(base64.b64encode(b"".join(part for _, buffers in kept["messages"] for part in buffers)))
