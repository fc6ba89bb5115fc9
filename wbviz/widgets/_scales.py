"""Where a slider can stand: at whole numbers of steps from 0, or at round numbers in equal ratios."""

import math
from typing import NamedTuple


class Scale(NamedTuple):
    """Equal steps: a slider stands for a value at a whole number of steps from 0."""

    step: float
    kind: type = float

    def position_of(self, value):
        """The step nearest to `value`."""
        return round(value / self.step)

    def value_at(self, position):
        """The value at a step."""
        return self.kind(round(position * self.step, 10))


class LogScale:
    """A scale of equal ratios for positive numbers: 20 round ones in every decade, position 0 at 1."""

    ROUND = (1, 1.1, 1.2, 1.35, 1.5, 1.7, 2, 2.2, 2.5, 2.7, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9)

    def position_of(self, value):
        """The position of the round number nearest to `value`, as a ratio."""
        decade = math.floor(math.log10(value))
        near = [abs(math.log(value / 10**decade / number)) for number in (*self.ROUND, 10)]
        return len(self.ROUND) * decade + near.index(min(near))

    def value_at(self, position):
        """The round number at a position."""
        decade, place = divmod(position, len(self.ROUND))
        return float(f"{self.ROUND[place]}e{decade}")

    def stops(self, low, high):
        """All values at which a slider from `low` to `high` stands, in order."""
        return [self.value_at(at) for at in range(self.position_of(low), self.position_of(high) + 1)]
