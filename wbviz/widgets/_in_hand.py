"""The keys + and - turn the weight or bias in hand."""


class InHand:
    """Mixin of an explorer with a `parameters` knob named `params`, and `chosen`, the index of the one in hand."""

    def turn_in_hand(self, key, shift=False):
        """+ and - move the parameter in hand by a step, with Shift by ten, within its range. True when it was one."""
        if key not in ("+", "-"):
            return False
        span, params = self.range_of("params"), list(self.params)
        moved = params[self.chosen] + (1 if key == "+" else -1) * span["step"] * (10 if shift else 1)
        params[self.chosen] = round(min(max(moved, span["min"]), span["max"]), 10)
        self.params = params
        return True
