"""What a picture keeps of itself, to be saved with the notebook: where no kernel runs, the browser shows that."""

import base64

from wbviz.picture.sweeps import drawn_ahead

#: The number of a kept frame; those that Python sends count from 1.
FRAME = -1


def keep(picture, knobs, restore, note):
    """Fill `picture.kept` with the frame of the scene as it stands, and with frames for all positions of some knobs.

    knobs: (hand, poses, pose) of each; hand: {"knob", "index", "value": where it stands, "label"}; pose and restore as
    `draw_ahead` has them.  note: what the page is to say, {"title", "address" of a place where the notebook runs}.

    What is kept are the messages that would go to the browser, [header, buffers] of each, the whole frame first.
    """
    with picture.lock:
        messages = [picture.whole_frame({"type": "frame", "frame": FRAME})]
        for hand, poses, pose in knobs:
            sheet = drawn_ahead(picture, poses, pose, restore)
            glyphs, buffers = sheet.packed(level=9)
            messages.append([hand | {"glyphs": glyphs, "state": picture.state_number}, buffers])
        picture.kept = note | {"messages": messages}
        picture.figure.stale = True  # those who look on have not got the glyphs that were recorded here
        picture.changed()


def size_of(kept):
    """About how many bytes it takes in a saved notebook."""
    return len(base64.b64encode(b"".join(part for _, buffers in kept["messages"] for part in buffers)))
