"""Live explorers: figures whose every weight, bias and setting has a knob.

Each is imported when it is first named, with the scene it draws: nothing waits for the other figures of the book, nor
for matplotlib before there is one.
"""

import re
from importlib import import_module

__all__ = [
    "ActivationShapes",
    "ArchitectureSearch",
    "AutodiffTape",
    "BackwardPass",
    "BiasVariance",
    "Capstone",
    "Clipping",
    "ConceptMap",
    "CrossValidation",
    "CurveBuilder",
    "DeadReLU",
    "DecisionLine",
    "DigitPad",
    "FairnessLab",
    "FitExplorer",
    "ForwardPass",
    "Frameworks",
    "Generalise",
    "GradientFlow",
    "HyperparameterSearch",
    "LearningFilm",
    "LearningRateFinder",
    "LocalMinima",
    "LossSurface",
    "MatrixForm",
    "MetaLearning",
    "Momentum",
    "Neuron",
    "OptimizerRace",
    "Playground",
    "Regularise",
    "RunBoard",
    "ScheduleDesigner",
    "SignalChain",
    "UpdateStep",
    "WeightSurgery",
]
#: What is no explorer and has its home elsewhere.
_HOMES = {"Work": "_work", "with_progress": "_work"}


def __getattr__(name):
    if name not in _HOMES and name not in __all__:
        raise AttributeError(f"wbviz.widgets has no {name!r}. It has: {', '.join([*__all__, *_HOMES])}.")
    return getattr(import_module(f"wbviz.widgets.{_HOMES.get(name) or file_of(name)}"), name)


def file_of(noun):
    """An explorer's file is called as it is: LossSurface lives in loss_surface, DeadReLU in dead_relu.

    A word begins where a capital stands before a small letter.
    """
    return re.sub(r"(?<!^)(?=[A-Z][a-z])", "_", noun).lower()


def __dir__():
    return [*globals(), *__all__, *_HOMES]
