"""What a picture has sent, without a browser."""

import numpy as np


class Frames(list):
    """The frames a picture has sent: headers, each with its `buffer`."""

    def __init__(self, picture):
        super().__init__()
        self.picture = picture
        picture.send = self._keep

    def _keep(self, header, buffers=None):
        self.append(header | {"buffer": buffers[0]})

    def hear(self, **message):
        """A message of the browser reaches the picture."""
        self.picture._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": []})

    def ready(self, view="view"):
        """A view appears."""
        self.hear(type="ready", view=view)
        return self

    def acknowledge(self):
        """Everything sent so far has been painted."""
        self.hear(type="ack", frame=self[-1]["frame"])


def numbers(header, place, dtype=np.float32):
    """The array at a place [offset, count] of a frame's buffer."""
    offset, count = place
    return np.frombuffer(header["buffer"], dtype, count, offset)
