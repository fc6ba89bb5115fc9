"""Figures that stay alive where no kernel runs: what an explorer keeps of itself when its notebook is saved."""

import weakref

from wbviz.picture.kept import keep
from wbviz.widgets._knob_sweeps import Coupled, Sweep
from wbviz.widgets._traits import Parameters, item_label, names_of_units
from wbviz.widgets._words import parameter_names

#: All explorers that there are.
EXPLORERS = weakref.WeakSet()


class Keeping:
    """Mixin of Explorer: it can be saved with its notebook."""

    kept_knobs = ()  # the names of the main knobs, which go on moving where no kernel runs

    def keep(self, address=""):
        """Keep the picture as it is, and its main knobs, for when the notebook is saved and shown without a kernel.

        address: where the notebook can be run. What was kept is gone with the next change.
        """
        with self.picture.lock:
            knobs = [self._kept_knob(name, index) for name, index in self._kept_hands()]
            keep(self.picture, knobs, self.redraw, {"address": address}, Coupled)

    def _kept_hands(self):
        """(name, index) of the knobs to keep, those that do nothing now left out."""
        for name in self.kept_knobs if self.sweeps else ():
            if name in self.idle():
                continue
            if isinstance(self.traits()[name], Parameters):
                yield name, self.chosen
            elif isinstance(value := getattr(self, name), list):
                yield from ((name, index) for index in range(len(value)))
            else:
                yield name, None

    def _kept_knob(self, name, index):
        sweep = Sweep(self, name, index, self.picture.state_number)
        hand = sweep.hand | {"value": sweep.value, "label": self._label_of(name, index)}
        return hand, sorted({*sweep.positions()[1], sweep.value}), sweep.pose(self.understudy())

    def _label_of(self, name, index):
        if isinstance(self.traits()[name], Parameters):
            return parameter_names(names_of_units(self))[index]
        label = self.range_of(name)["label"]
        return label if index is None else item_label(label, index)


def keep_figures(address=""):
    """Let every figure of the notebook keep itself, as it was made."""
    for explorer in sorted(EXPLORERS, key=lambda each: each.model_id):
        explorer.reset()
        explorer.keep(address)
