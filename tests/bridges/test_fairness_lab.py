"""What FairnessLab counts is what Fairlearn counts on the same predictions."""

import numpy as np
import pytest

from wbviz.widgets import FairnessLab

SETTINGS = [
    {},
    {"dataset": "credit by age", "thresholds": [0.42, 0.61], "goal": "equalised odds", "lam": 3},
    {"dataset": "two made-up groups", "base_gap": 0.4, "goal": "equal opportunity", "reweigh": True},
]
fairlearn = pytest.importorskip(
    "fairlearn.metrics", reason="Fairlearn is not there: install the extra, pip install 'wbviz[fairlearn]'"
)


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_every_rate_of_every_group_is_fairlearns(settings):
    from sklearn.metrics import accuracy_score, precision_score

    lab = FairnessLab(**settings)
    y, labels, groups = lab.judged.y, lab.judged.labels, lab.judged.groups
    theirs = {
        "selection_rate": fairlearn.selection_rate, "tpr": fairlearn.true_positive_rate,
        "fpr": fairlearn.false_positive_rate, "accuracy": accuracy_score, "ppv": precision_score,
    }  # fmt: skip
    frame = fairlearn.MetricFrame(metrics=theirs, y_true=y, y_pred=labels, sensitive_features=groups)
    first, second = lab.known.names
    for name in theirs:
        for group in (first, second):
            assert lab.rate(name, group) == pytest.approx(frame.by_group[name][group], abs=1e-12)
        assert lab.rate(name) == pytest.approx(frame.overall[name], abs=1e-12)
        assert abs(lab.gap(name)) == pytest.approx(frame.difference()[name], abs=1e-12)
    lab.close()


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_how_far_a_goal_is_missed_is_fairlearns(settings):
    lab = FairnessLab(**settings)
    data = {"y_true": lab.judged.y, "y_pred": lab.judged.labels, "sensitive_features": lab.judged.groups}
    goals = {
        "demographic parity": fairlearn.demographic_parity_difference,
        "equal opportunity": fairlearn.equal_opportunity_difference,
        "equalised odds": fairlearn.equalized_odds_difference,
    }
    lab.lam = 0  # the penalty is no part of the goal: the same network is judged by each
    data["y_pred"] = lab.judged.labels
    for goal, theirs in goals.items():
        lab.goal = goal
        assert lab.unfairness() == pytest.approx(theirs(**data), abs=1e-12)
    lab.close()


def test_every_slice_is_fairlearns():
    lab = FairnessLab(seed=4)
    unseen = lab.known.unseen
    age = np.select([unseen.columns["age"] <= 25, unseen.columns["age"] <= 40], ["up to 25", "26 to 40"], "over 40")
    frame = fairlearn.MetricFrame(
        metrics={"count": fairlearn.count, "tpr": fairlearn.true_positive_rate},
        y_true=lab.judged.y, y_pred=lab.judged.labels,
        sensitive_features={"sex": unseen.columns["sex"], "age": age},
    )  # fmt: skip
    slices = {each.name: each for each in lab.slices()}
    for (sex, band), row in frame.by_group.iterrows():
        each = slices[f"{sex}, {band}"]
        assert each.count == row["count"]
        assert each.rates[1] == pytest.approx(row["tpr"], abs=1e-12)
    lab.close()
