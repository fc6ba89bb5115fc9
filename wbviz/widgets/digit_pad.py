"""A pad to draw a digit on, and the network that reads it while it is being drawn."""

from typing import NamedTuple

import numpy as np

from wbviz.engine import softmax
from wbviz.scenes.digit_pad import DigitPadScene
from wbviz.widgets._digits import CLASSES, SIDE, OnDigits, digits_split, network_parameters
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, data, number, toggle, whole
from wbviz.widgets._words import percent, signed, term

#: Ink comes in sixteenths, as in the data set, where a pixel counts the dark points of a 4 × 4 block.
SHADES = 16
#: Distance from the pointer, in pixels of the drawing, at which the ink of the brush begins to fade and has gone.
CORE, EDGE = 0.25, 1.25
LAST = 448  # number of the last test digit, counted from 0
ARROWS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}


def checked_pixels(values):
    """64 numbers from 0 (paper) to 1 (ink), row by row from the top left, rounded to four decimals.

    None stands for the example that is chosen.
    """
    if values is None:
        return None
    ink = np.asarray(values, dtype=float)
    if ink.shape != (SIDE * SIDE,):
        raise ValueError(f"a drawing is {SIDE * SIDE} numbers, row by row, but got the shape {ink.shape}.")
    outside = ~((ink >= 0) & (ink <= 1))
    if outside.any():
        place = int(outside.argmax())
        raise ValueError(f"ink goes from 0 to 1, but number {place} is {ink[place]}.")
    return ink.round(4).tolist()


def checked_cursor(place):
    """A row and a column, whole numbers from 0 to 7."""
    row, column = place
    if not all(value in range(SIDE) for value in (row, column)):
        raise ValueError(f"the cursor is a row and a column from 0 to {SIDE - 1}, but got {place!r}.")
    return [int(row), int(column)]


class DigitPad(OnDigits):
    """Draw a digit on 8 × 8 pixels and watch the network read it: hidden units, probabilities, and what decided.

    The logit of a class is a sum of one part from each hidden unit and the bias of the class. Seen from the drawing,
    it is a sum of one part from each pixel and one from all biases: exactly, because a ReLU network is linear as long
    as the same units stay on. `DigitPad(net=net)` takes a trained 64-16-10 network; otherwise the book's own is used.
    Keys: arrows move the cursor, Space applies the brush there (with Shift its opposite), Delete clears, E takes the
    eraser or the brush, digits choose the class to explain, W the winner.
    """

    title = "A pad to draw digits on, and the network that reads them"
    size = (680, 460)
    interactive = True

    example = whole(0, min=0, max=LAST, label="test digit", tip="Load this digit of the test set", random=True)
    explain = choice("winner", ["winner", *range(CLASSES)], label="explain", tip="The class whose logit is taken apart")
    brush = number(1.0, min=0.1, max=1, step=0.05, label="brush", tip="How much ink a stroke adds", random=False)
    eraser = toggle(False, label="eraser: strokes take ink away", tip="Key E")
    pixels = data(None, check=checked_pixels)
    cursor = data([0, 0], check=checked_cursor)
    net_params = network_parameters()

    _stroke = None

    def settle(self, changed):
        """Choosing a test digit loads its pixels."""
        if self.pixels is None or ("example" in changed and "pixels" not in changed):
            self.pixels = digits_split()[1].X[self.example]

    def setup(self):
        self.scene = DigitPadScene(self.figure)

    @property
    def network(self):
        """The network that reads the drawing, as a copy of one's own."""
        return self.original

    @button("Clear", "Take all ink away")
    def clear(self):
        """Take all ink away."""
        self.pixels = [0.0] * SIDE**2

    @button("Next test digit", "Load the next digit of the test set")
    def next_example(self):
        """Load the next digit of the test set; after the last comes the first."""
        self.apply({"example": (self.example + 1) % (LAST + 1)})

    # --- the numbers ------------------------------------------------------------------------------------------------

    def reading(self):
        """What the network makes of the drawing, and how the logit of the class to explain comes about."""
        return read(self.intact, self.pixels, None if self.explain == "winner" else self.explain)

    @property
    def truth(self):
        """The digit that was meant, while the drawing is still the test digit `example`; otherwise None."""
        test = digits_split()[1]
        same = np.array_equal(self.pixels, test.X[self.example])
        return int(test.y[self.example]) if same else None

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        now = self.reading()
        words = {
            "headline": f"{self._verdict(now)}   {self._origin(now)}",
            "drawing": self._tool(),
            "parts": f"Parts of the logit of {now.chosen}",
            "pixels": f"What each pixel adds to {now.chosen}",
            "total": [
                f"pixels {signed(now.pixel_parts.sum())}",
                f"biases {term(now.bias_share)}",
                f"= logit {signed(now.logit)}",
            ],
            "number": signed,
            "percent": percent,
        }
        hidden = (now.activations, now.parts, now.bias, now.logit)
        classes = (now.probabilities, now.winner, now.chosen)
        self.scene.update((self.pixels, self.cursor), hidden, classes, now.pixel_parts, words)

    def _verdict(self, now):
        return f"The network says {now.winner} with {percent(now.probabilities[now.winner])}"

    def _origin(self, now):
        if self.truth is None:
            return "Your drawing" if any(self.pixels) else "An empty drawing: only the biases speak"
        return f"Test digit {self.example}, truly {self.truth}: {'right' if self.truth == now.winner else 'wrong'}"

    def _tool(self):
        return f"Eraser: takes {self.brush:.2f} ink away" if self.eraser else f"Brush: adds {self.brush:.2f} ink"

    def describe(self):
        now = self.reading()
        second = int(np.argsort(now.probabilities)[-2])
        parts = f"The logit of {now.chosen} is {signed(now.logit)}: {_leaders(now)}"
        sums = f"{signed(now.pixel_parts.sum())} from the pixels {term(now.bias_share)} from the biases"
        row, column = self.cursor
        place = row * SIDE + column
        return (
            f"{self._verdict(now)} (then {second} with {percent(now.probabilities[second])}). {self._origin(now)}. "
            f"{parts}. Or, pixel by pixel, {sums}. {int((now.activations > 0).sum())} of {len(now.parts)} hidden units "
            f"are on. {self._tool()}. Cursor: row {row + 1}, column {column + 1}, ink {self.pixels[place]:.2f}, "
            f"which adds {signed(now.pixel_parts[place])}."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self._stroke = None
        if point.axes is self.scene.pad:
            self._stroke = Stroke(np.array(self.pixels), (point.x, point.y))
            self._ink(point)
        elif point.axes is self.scene.classes:
            self.explain = min(max(round(point.y), 0), CLASSES - 1)

    def on_drag(self, point):
        if self._stroke is not None:
            self._ink(point)

    def on_release(self, point):
        self._stroke = None

    def _ink(self, point):
        here = (point.x, point.y)
        settings = {"pixels": self._stroke.to(here, -self.brush if self.eraser else self.brush)}
        if 0 <= here[0] < SIDE and 0 <= here[1] < SIDE:
            settings["cursor"] = [int(here[1]), int(here[0])]
        self.apply(settings, f"stroke {self._presses}")

    def on_key(self, key, shift=False):
        if key in ARROWS:
            place = np.clip(np.add(self.cursor, ARROWS[key]), 0, SIDE - 1)
            self.apply({"cursor": place.tolist()}, "cursor")
        elif key == "Space":
            row, column = self.cursor
            middle = (column + 0.5, row + 0.5)
            strength = -self.brush if self.eraser != shift else self.brush
            self.pixels = Stroke(np.array(self.pixels), middle).to(middle, strength)
        elif key in ("Delete", "Backspace"):
            self.clear()
        elif key in ("e", "E"):
            self.eraser = not self.eraser
        elif key in ("w", "W"):
            self.explain = "winner"
        elif key.isdecimal() and len(key) == 1:
            self.explain = int(key)


class Stroke:
    """One stroke of the brush over a drawing, from where the pointer went down.

    It lies on what was `under` it and is nowhere counted twice, so that it looks the same however many places of the
    pointer arrive: each pixel gets the ink of the place of the stroke that is nearest to it.
    """

    def __init__(self, under, start):
        self._under, self._last, self._ink = under, start, np.zeros(SIDE * SIDE)

    def to(self, end, strength):
        """The drawing after the stroke has gone straight on to `end` (x, y); a negative strength takes ink away."""
        distance = distances(self._last, end)
        self._last = end
        self._ink = np.maximum(self._ink, np.clip((EDGE - distance) / (EDGE - CORE), 0, 1))
        return np.round(np.clip(self._under + strength * self._ink, 0, 1) * SHADES) / SHADES


def distances(start, end):
    """How far the middle of each of the 64 pixels is from the straight line between two places (x, y), shape (64,)."""
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x**2 + along_y**2
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / length if length else np.zeros_like(x)
    share = np.clip(share, 0, 1)
    return np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y).ravel()


class Reading(NamedTuple):
    """A drawing on its way through the network.

    activations (16,), probabilities (10,), the winner, the class `chosen` to explain and its logit, which is
    parts.sum() + bias, one part for each hidden unit, and also pixel_parts.sum() + bias_share, one part for each pixel.
    """

    activations: np.ndarray
    probabilities: np.ndarray
    winner: int
    chosen: int
    logit: float
    parts: np.ndarray
    bias: float
    pixel_parts: np.ndarray
    bias_share: float


def read(net, pixels, chosen=None):
    """The Reading of 64 pixels by a digits network; `chosen` is the class to explain, or None for the winner."""
    x = np.asarray(pixels, dtype=float)
    record = net.forward(x[None])
    logits, activations = record.y_hat[0], record.a[1][0]
    winner = int(logits.argmax())
    chosen = winner if chosen is None else chosen
    to_class = net.weights[1][:, chosen]
    passed = np.where(record.z[0][0] > 0, to_class, 0.0)  # a unit that is on hands its sum on; one that is off, nothing
    bias = float(net.biases[1][chosen])
    return Reading(
        activations, softmax(logits), winner, chosen, float(logits[chosen]), activations * to_class, bias,
        x * (net.weights[0] @ passed), float(net.biases[0] @ passed) + bias,
    )  # fmt: skip


def _leaders(now):
    """The hidden units that speak loudest for and against, the others and the bias, in words."""
    most, least = int(now.parts.argmax()), int(now.parts.argmin())
    said, rest = [], float(now.parts.sum())
    for unit, speaks, words in ((most, now.parts[most] > 0, "adds most"), (least, now.parts[least] < 0, "takes most")):
        if speaks:
            said.append(f"hidden unit {unit + 1} {words} ({signed(now.parts[unit])})")
            rest -= now.parts[unit]
    others = f"the other units make {signed(rest)}" if said else "no hidden unit is heard"
    return ", ".join([*said, others, f"the bias is {signed(now.bias)}"])
