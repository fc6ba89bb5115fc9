"""A product of factors as numbered cards, and the same numbers as badges where the factors are read."""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection

from wbviz import style
from wbviz.scenes._axes import change, label

WIDTH, HEIGHT = 76, 38  # of a card
GAP = 12  # between two cards: the room of a sign
SUM = 64  # the room of a path's product, and of their sum
SPREAD = 22  # how far the rows of two paths are from the middle
MOST = 8  # factors: two paths of three, and two of the neuron's own
SIGNS = 14  # of multiplication, equality, … at most

_TURN = np.linspace(0, 2 * np.pi, 25)[:-1]
_CIRCLE = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
#: The badge of each kind of factor, with a radius of about 1; the numeral in it tells them apart.
SHAPES = {
    "loss": 1.25 * _CIRCLE[::6],
    "slope": _CIRCLE,
    "weight": 1.25 * _CIRCLE[3::6],
    "input": 1.1 * _CIRCLE[::4],
    "one": 1.1 * _CIRCLE[::4],
}


class Card(NamedTuple):
    """A factor: its `symbol`, its value as `text` and number, and the `place` it is read from (see engine.Factor)."""

    symbol: str
    text: str
    place: tuple
    value: float


def ink(card):
    """Colour and dash of a factor: a weight has those of its line, the others one for each kind."""
    kind = card.place[0]
    if kind == "weight":
        return style.signed_colour(card.value), style.signed_dash(card.value)
    return {"loss": style.PINK, "slope": style.GREEN}.get(kind, style.INK), "solid"


class Badges:
    """Up to MOST numbered badges in axes whose coordinates are pixels."""

    def __init__(self, axes, radius=7, zorder=6):
        self._radius = radius
        self.shapes = PolyCollection([], facecolor=style.PAPER, linewidth=style.LINE, zorder=zorder)
        axes.add_collection(self.shapes, autolim=False)
        self.numerals = [
            label(axes, 0, 0, str(k + 1), size=style.SMALL, weight="bold", zorder=zorder + 1, va="center_baseline")
            for k in range(MOST)
        ]
        self.live = [self.shapes, *self.numerals]
        self._shown = None

    def update(self, cards, places):
        """Put the badges of `cards`, in their order, at `places`."""
        places = [tuple(map(float, place)) for place in places]
        key = tuple((card.place[0], ink(card), place) for card, place in zip(cards, places, strict=True))
        if key == self._shown:
            return
        self._shown = key
        self.shapes.set_verts(
            [self._radius * SHAPES[card.place[0]] + place for card, place in zip(cards, places, strict=True)]
        )
        self.shapes.set_edgecolor([ink(card)[0] for card in cards])
        for numeral, place in zip(self.numerals, [*places, *[None] * (MOST - len(places))], strict=True):
            change(numeral, visible=place is not None)
            if place is not None:
                change(numeral, position=place)


class Product:
    """(The sum over the paths of the product of their factors) · the neuron's own factors = the result.

    Drawn from `left` to the right, around the height `middle`, in axes whose coordinates are pixels downwards.
    """

    def __init__(self, axes, left, middle):
        self._left, self._middle = left, middle
        self.frames = PolyCollection([], facecolor=style.PANEL, linewidth=style.LINE, zorder=1)
        axes.add_collection(self.frames, autolim=False)
        (self.bracket,) = axes.plot([], [], color=style.INK, linewidth=style.LINE)
        self.badges = Badges(axes)
        self.symbols = [label(axes, 0, 0, size=style.SMALL, color=style.MUTED) for _ in range(MOST + 1)]
        self.values = [label(axes, 0, 0, size=style.SMALL) for _ in range(MOST + 1)]
        self.signs = [label(axes, 0, 0) for _ in range(SIGNS)]
        self.live = [self.frames, self.bracket, *self.badges.live, *self.symbols, *self.values, *self.signs]

    def update(self, paths, own, sums=(), result=None):
        """Show a product, or nothing where there are no paths.

        paths: lists of Cards, one for each path; own: a list of Cards. sums: where there are several paths, the text of
        each path's product, then (symbol, text) of their sum. result: (symbol, text).
        """
        self._places, self._marks, bracket = [], [], []
        if paths:
            x = self._row([*paths[0], *own], self._left, self._middle) if len(paths) == 1 else None
            if x is None:
                bracket = self._sum(paths, sums)
                x = self._row(own, bracket[0][0] + SUM + 8 + GAP, self._middle)
            self._marks.append((x + GAP / 2 + 2, self._middle, "="))
            self._places.append((x + GAP + 4, self._middle))
        cards = [card for path in paths for card in path] + list(own if paths else ())
        self._draw(cards, result)
        self.bracket.set_data(*zip(*bracket, strict=True) if bracket else ([], []))

    def _row(self, cards, x, y):
        """Place cards with signs of multiplication between them; returns where the row ends."""
        for k, _ in enumerate(cards):
            if k:
                self._marks.append((x + GAP / 2, y, "·"))
                x += GAP
            self._places.append((x, y))
            x += WIDTH
        return x

    def _sum(self, paths, sums):
        """Place several paths, one below the other, and their sum; returns the bracket that holds them together."""
        *products, (symbol, total) = sums
        middle, heights = self._middle, [self._middle + (2 * k - len(paths) + 1) * SPREAD for k in range(len(paths))]
        for path, y, text in zip(paths, heights, products, strict=True):
            x = self._row(path, self._left, y)
            self._marks.append((x + SUM / 2 + 1, y, f"= {text}"))
        x += SUM + 4
        self._marks += [(x + SUM / 2 + 6, middle - 8, symbol), (x + SUM / 2 + 6, middle + 8, total)]
        self._marks.append((x + SUM + 8 + GAP / 2, middle, "·"))
        top, bottom = heights[0] - SPREAD + 6, heights[-1] + SPREAD - 6
        return [(x, top), (x + 5, top), (x + 5, bottom), (x, bottom)]

    def _draw(self, cards, result):
        corners = np.array([[0, -1], [1, -1], [1, 1], [0, 1]]) * [WIDTH, HEIGHT / 2]
        self.frames.set_verts([corners + place for place in self._places])
        self.frames.set_edgecolor([*(ink(card)[0] for card in cards), style.INK])
        self.frames.set_linestyle([*(ink(card)[1] for card in cards), "solid"])
        self.frames.set_linewidth([*(style.LINE for _ in cards), style.BOLD])
        self.badges.update(cards, [(x + 2, y - HEIGHT / 2 + 2) for x, y in self._places[: len(cards)]])
        texts = [(card.symbol, card.text) for card in cards] + ([result] if result and self._places else [])
        for k, (symbol, value) in enumerate(zip(self.symbols, self.values, strict=True)):
            shown = k < len(texts)
            change(symbol, visible=shown)
            change(value, visible=shown)
            if shown:
                x, y = self._places[k]
                change(symbol, text=texts[k][0], position=(x + WIDTH / 2, y - 8))
                change(value, text=texts[k][1], position=(x + WIDTH / 2, y + 8))
        for k, sign in enumerate(self.signs):
            x, y, text = self._marks[k] if k < len(self._marks) else (0, 0, "")
            size = style.TEXT if len(text) == 1 else style.SMALL
            change(sign, text=text, position=(x, y), fontsize=size)
