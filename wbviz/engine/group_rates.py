"""The rates by which a model's treatment of groups is judged, and the goals that ask them to be equal."""

from dataclasses import dataclass

import numpy as np

#: Rows by answer and label, in the order of the counts: true negatives (y = 0, label 0), false positives, …
KINDS = ("TN", "FP", "FN", "TP")


@dataclass(frozen=True)
class Metric:
    """A rate: of the rows of the kinds `below`, those that are of the kinds `top` (names in KINDS).

    label: what it is called.  meaning: in words.  missing: what there is none of where the rate is undefined.
    """

    name: str
    label: str
    top: str
    below: str
    meaning: str
    missing: str = "no row"

    @property
    def formula(self):
        """The rate in symbols: "TP / (TP + FN)"; n stands for all rows."""
        top, below = (" + ".join(kinds.split()) for kinds in (self.top, self.below))
        below = "n" if self.below.split() == list(KINDS) else f"({below})"
        return f"({top}) / {below}" if "+" in top else f"{top} / {below}"

    def value(self, counts):
        """The rate from counts (..., 4) in the order of KINDS → (...); NaN where there is nothing to divide by."""
        top, below = (sum(counts[..., KINDS.index(kind)] for kind in kinds.split()) for kinds in (self.top, self.below))
        return np.where(below > 0, top / np.where(below > 0, below, 1), np.nan)


METRICS = {
    metric.name: metric
    for metric in (
        Metric("base_rate", "base rate", "TP FN", "TN FP FN TP", "of all rows, those with y = 1"),
        Metric("selection_rate", "selection rate", "TP FP", "TN FP FN TP", "of all rows, those labelled 1"),
        Metric("accuracy", "accuracy", "TP TN", "TN FP FN TP", "of all rows, those labelled rightly"),
        Metric("tpr", "true positive rate", "TP", "TP FN", "of rows with y = 1, those labelled 1", "no row with y = 1"),
        Metric(
            "fpr", "false positive rate", "FP", "FP TN", "of rows with y = 0, those labelled 1", "no row with y = 0"
        ),
        Metric("tnr", "true negative rate", "TN", "FP TN", "of rows with y = 0, those labelled 0", "no row with y = 0"),
        Metric(
            "fnr", "false negative rate", "FN", "TP FN", "of rows with y = 1, those labelled 0", "no row with y = 1"
        ),
        Metric("ppv", "precision", "TP", "TP FP", "of rows labelled 1, those with y = 1", "no row labelled 1"),
        Metric("npv", "negative precision", "TN", "TN FN", "of rows labelled 0, those with y = 0", "no row labelled 0"),
    )
}


@dataclass(frozen=True)
class Goal:
    """What is asked to be equal between groups: the rates `metrics`.  source: who proposed it."""

    name: str
    label: str
    metrics: tuple
    meaning: str
    source: str


GOALS = {
    goal.name: goal
    for goal in (
        Goal(
            "demographic_parity",
            "demographic parity",
            ("selection_rate",),
            "every group is labelled 1 equally often, whatever y is",
            "Calders, Kamiran and Pechenizkiy 2009; Dwork et al. 2012",
        ),
        Goal(
            "equal_opportunity",
            "equal opportunity",
            ("tpr",),
            "of those with y = 1, every group is labelled 1 equally often",
            "Hardt, Price and Srebro 2016",
        ),
        Goal(
            "equalized_odds",
            "equalised odds",
            ("tpr", "fpr"),
            "of those with y = 1, and of those with y = 0, every group is labelled 1 equally often",
            "Hardt, Price and Srebro 2016",
        ),
        Goal(
            "predictive_parity",
            "predictive parity",
            ("ppv",),
            "of those labelled 1, as large a share has y = 1 in every group",
            "Chouldechova 2017",
        ),
    )
}
