"""The engine: networks, losses, training and what can be measured on them. NumPy only."""

from . import momentum
from .activations import ACTIVATIONS, Activation, sigmoid
from .bias_variance import Decomposition, Estimate, decompose, measured_error
from .chain_rule import FAULTS, ChainRule, Derivative, Factor, Fault, faulty, stands_out
from .clipping import clip_by_norm, clip_by_value
from .evaluation import accuracy, confusion_matrix, predicted_labels
from .export import keras_code, numpy_code, pytorch_code
from .fairness import PENALTIES, FairnessPenalty, fair_loss, reweighing
from .fast_recurrent import QuickRecurrent
from .film import Film
from .frontier import Frontier
from .group_intervals import Bootstrap, bootstrap, wilson
from .group_metrics import GroupMetrics, crossed, fairness_ratio, group_metrics, implied_fpr, unfairness
from .group_rates import GOALS, METRICS
from .group_thresholds import Roc, decide, roc, thresholds_for
from .histograms import histogram, histograms
from .history import Diverged, History, Step
from .initializers import INITIALIZERS
from .landscape import (
    PathPlane,
    Surface,
    loss_surface,
    losses_at,
    numerical_gradient,
    random_directions,
    trajectory_directions,
)
from .logged import logged, settings_of
from .losses import LOSSES, Loss, softmax
from .maps import Grid, Maps
from .network import Backward, Forward, Network
from .one_unit import OneUnit
from .optimizers import OPTIMIZERS, SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from .proximal import ProximalSGD, least_squares, soft_threshold
from .recipe import Fitted, Recipe
from .recurrent import Recurrent
from .ridgeless import Risk, minimum_norm, ridge_risk, ridgeless_risk
from .run_store import RunStore
from .run_writer import RunWriter, StoreError
from .runs import Logger, MemoryLogger, Run, Several
from .schedules import SCHEDULES
from .search import Outer, Search, Trial, nested, search
from .strategies import STRATEGIES, Range
from .surfaces import SURFACES, Objective, network_objective
from .tape import OPERATIONS, Line, Tape, Value
from .training import Training, train
from .validation import Validation, cross_validate, folds
from .weights_file import load_npz, save_npz
from .wells import WELLS

__all__ = [
    "ACTIVATIONS",
    "FAULTS",
    "GOALS",
    "INITIALIZERS",
    "LOSSES",
    "METRICS",
    "OPERATIONS",
    "OPTIMIZERS",
    "PENALTIES",
    "SCHEDULES",
    "SGD",
    "STRATEGIES",
    "SURFACES",
    "WELLS",
    "Activation",
    "Adagrad",
    "Adam",
    "AdamW",
    "Backward",
    "Bootstrap",
    "ChainRule",
    "Decomposition",
    "Derivative",
    "Diverged",
    "Estimate",
    "Factor",
    "FairnessPenalty",
    "Fault",
    "Film",
    "Fitted",
    "Forward",
    "Frontier",
    "Grid",
    "GroupMetrics",
    "History",
    "Line",
    "Logger",
    "Loss",
    "Maps",
    "MemoryLogger",
    "Network",
    "Objective",
    "OneUnit",
    "Optimizer",
    "Outer",
    "PathPlane",
    "ProximalSGD",
    "QuickRecurrent",
    "RMSprop",
    "Range",
    "Recipe",
    "Recurrent",
    "Risk",
    "Roc",
    "Run",
    "RunStore",
    "RunWriter",
    "Search",
    "Several",
    "Step",
    "StoreError",
    "Surface",
    "Tape",
    "Training",
    "Trial",
    "Validation",
    "Value",
    "accuracy",
    "bootstrap",
    "clip_by_norm",
    "clip_by_value",
    "confusion_matrix",
    "cross_validate",
    "crossed",
    "decide",
    "decompose",
    "fair_loss",
    "fairness_ratio",
    "faulty",
    "folds",
    "group_metrics",
    "histogram",
    "histograms",
    "implied_fpr",
    "keras_code",
    "least_squares",
    "load_npz",
    "logged",
    "loss_surface",
    "losses_at",
    "measured_error",
    "minimum_norm",
    "momentum",
    "nested",
    "network_objective",
    "numerical_gradient",
    "numpy_code",
    "predicted_labels",
    "pytorch_code",
    "random_directions",
    "reweighing",
    "ridge_risk",
    "ridgeless_risk",
    "roc",
    "save_npz",
    "search",
    "settings_of",
    "sigmoid",
    "soft_threshold",
    "softmax",
    "stands_out",
    "thresholds_for",
    "train",
    "trajectory_directions",
    "unfairness",
    "wilson",
]
