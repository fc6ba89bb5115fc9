"""Ten minutes of a learner who never rests, for a kernel whose memory is watched from outside (memory.py)."""

import random
import time

from tests.widgets.turning import other_value, turn_first
from wbviz import widgets

#: How many explorers are open at a time; one of them is closed, and another made, in one turn of so many.
OPEN, NEW_ONE_IN = 5, 60


class Looker:
    """A view that looks at an explorer, as far as the kernel can tell: it appears, acknowledges, and leaves."""

    def __init__(self, explorer):
        self.explorer = explorer
        self.tell(type="ready", view="soak")
        self.acknowledge()

    def tell(self, **message):
        """A message of the browser reaches the picture."""
        self.explorer.picture._handle_msg(
            {"content": {"data": {"method": "custom", "content": message}}, "buffers": []}
        )

    def acknowledge(self):
        """Everything sent so far has been painted."""
        self.tell(type="ack", frame=self.explorer.picture.frames_sent)

    def turn(self, chance):
        """Take a knob in hand, turn it through its row, and let it go."""
        explorer, name = self.explorer, chance.choice(self.explorer.knobs)
        held = {"knob": name, "index": 0 if isinstance(getattr(explorer, name), list) else None}
        self.tell(type="hold", **held)
        for _ in range(chance.randint(1, 4)):
            turn_first(explorer._panel._rows[name], _first(other_value(explorer, name)))
            self.acknowledge()
        self.tell(type="release", **held)
        if chance.random() < 0.1:
            explorer.reset()  # else some would soon be at the end of their range
            self.acknowledge()


def _first(value):
    return value[0] if isinstance(value, list) else value


def kinds():
    """The classes of all explorers."""
    found = (getattr(widgets, name) for name in sorted(widgets.__all__))
    return [kind for kind in found if hasattr(kind, "knobs")]


def warm_up(minutes):
    """Make every explorer once, turn it and close it; then soak for so long."""
    chance = random.Random(1)
    for kind in kinds():
        looker = Looker(kind())
        for _ in range(10):
            looker.turn(chance)
        looker.explorer.close()
    return soak(minutes)


def soak(minutes, seed=0):
    """Turn knobs, train, make and close explorers for so long; returns how much was done."""
    chance, end = random.Random(seed), time.monotonic() + 60 * minutes
    done = {"knobs taken": 0, "explorers": 0, "epochs": 0}
    classes, playground, lookers = kinds(), Looker(widgets.Playground()), []
    while time.monotonic() < end:
        if len(lookers) < OPEN or not chance.randrange(NEW_ONE_IN):
            if len(lookers) == OPEN:
                lookers.pop(0).explorer.close()
            lookers.append(Looker(classes[done["explorers"] % len(classes)]()))
            done["explorers"] += 1
        chance.choice(lookers).turn(chance)
        done["knobs taken"] += 1
        if not done["knobs taken"] % 20:
            done["epochs"] += _train(playground)
    for looker in [playground, *lookers]:
        looker.explorer.close()
    return done


def _train(looker, seconds=0.5):
    """Let the Playground train beside everything else; begins anew where the run is over. Returns its epochs."""
    playground = looker.explorer
    if playground.run.get("ended"):
        playground.rewind()
    before = playground.epoch
    playground.play()
    for _ in range(10):
        time.sleep(seconds / 10)
        looker.acknowledge()
    playground.pause()
    return playground.epoch - before
