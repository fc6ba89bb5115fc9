"""Live explorers: figures whose every weight, bias and setting has a knob."""

from wbviz.widgets._work import Work as Work
from wbviz.widgets._work import with_progress as with_progress
from wbviz.widgets.decision_line import DecisionLine
from wbviz.widgets.digit_pad import DigitPad
from wbviz.widgets.neuron import Neuron
from wbviz.widgets.weight_surgery import WeightSurgery

#: The explorers by name: what the tests, the gallery and the index of widgets go through.
EXPLORERS = {cls.__name__: cls for cls in (DecisionLine, DigitPad, Neuron, WeightSurgery)}

__all__ = ["DecisionLine", "DigitPad", "Neuron", "WeightSurgery"]
