"""Fairlearn: the rates of each group by its MetricFrame, under the names of wbviz.engine."""

from importlib import import_module

import numpy as np

from ._extra import need


def fairlearn_rates(y, labels, groups):
    """Name of a rate → the rates of the groups in their sorted order, (G,), as Fairlearn's MetricFrame has them.

    y, labels: 0 or 1, (n,).  groups: (n,).  Where there is nothing to divide by, Fairlearn says 0.
    Raises MissingExtra where Fairlearn is not installed.
    """
    frame = need("fairlearn.metrics").MetricFrame(
        metrics=_functions(), y_true=y, y_pred=labels, sensitive_features=groups
    )
    return {name: frame.by_group[name].to_numpy(dtype=float) for name in frame.by_group}


def fairlearn_goals(y, labels, groups):
    """Name of a goal → how far it is missed, by Fairlearn's demographic_parity_difference and its like."""
    metrics = need("fairlearn.metrics")
    goals = ("demographic_parity", "equal_opportunity", "equalized_odds")
    return {goal: float(getattr(metrics, f"{goal}_difference")(y, labels, sensitive_features=groups)) for goal in goals}


def _functions():
    """Our names of rates → functions (y, labels) of Fairlearn, or of scikit-learn, on which Fairlearn stands."""
    fair, learn = need("fairlearn.metrics"), import_module("sklearn.metrics")

    def precision(of):
        return lambda y, labels: learn.precision_score(y, labels, pos_label=of, labels=[0, 1], zero_division=0)

    return {
        "count": fair.count,
        "base_rate": lambda y, labels: np.mean(y),
        "selection_rate": fair.selection_rate,
        "accuracy": learn.accuracy_score,
        "tpr": fair.true_positive_rate,
        "fpr": fair.false_positive_rate,
        "tnr": fair.true_negative_rate,
        "fnr": fair.false_negative_rate,
        "ppv": precision(1),
        "npv": precision(0),
    }
