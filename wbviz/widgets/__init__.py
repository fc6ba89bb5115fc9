"""Live explorers: figures whose every weight, bias and setting has a knob."""

from wbviz.widgets._work import Work as Work
from wbviz.widgets._work import with_progress as with_progress
from wbviz.widgets.activation_shapes import ActivationShapes
from wbviz.widgets.backward_pass import BackwardPass
from wbviz.widgets.curve_builder import CurveBuilder
from wbviz.widgets.decision_line import DecisionLine
from wbviz.widgets.digit_pad import DigitPad
from wbviz.widgets.forward_pass import ForwardPass
from wbviz.widgets.generalise import Generalise
from wbviz.widgets.loss_surface import LossSurface
from wbviz.widgets.matrix_form import MatrixForm
from wbviz.widgets.neuron import Neuron
from wbviz.widgets.optimizer_race import OptimizerRace
from wbviz.widgets.playground import Playground
from wbviz.widgets.regularise import Regularise
from wbviz.widgets.signal_chain import SignalChain
from wbviz.widgets.update_step import UpdateStep
from wbviz.widgets.weight_surgery import WeightSurgery

__all__ = [
    "ActivationShapes",
    "BackwardPass",
    "CurveBuilder",
    "DecisionLine",
    "DigitPad",
    "ForwardPass",
    "Generalise",
    "LossSurface",
    "MatrixForm",
    "Neuron",
    "OptimizerRace",
    "Playground",
    "Regularise",
    "SignalChain",
    "UpdateStep",
    "WeightSurgery",
]
