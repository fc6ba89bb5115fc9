"""Fairlearn's numbers by the bridge, and what is said where Fairlearn is missing."""

import numpy as np
import pytest

from wbviz.bridges import MissingExtra, _extra, fairlearn_frames
from wbviz.engine import METRICS, group_metrics, unfairness

Y = np.array([1, 1, 1, 0, 0, 1, 1, 0, 0, 0])
LABELS = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 1])
GROUPS = np.array(list("AAAAABBBBB"))


def test_every_rate_and_goal_of_ours_is_asked_of_fairlearn():
    pytest.importorskip("fairlearn", reason="Fairlearn is what this test compares with: pip install fairlearn")
    ours, theirs = group_metrics(Y, LABELS, GROUPS), fairlearn_frames.fairlearn_rates(Y, LABELS, GROUPS)
    assert set(theirs) == {"count", *METRICS}
    for name in theirs:
        np.testing.assert_allclose(ours.by_group[name], theirs[name], atol=1e-12)
    for goal, missed in fairlearn_frames.fairlearn_goals(Y, LABELS, GROUPS).items():
        assert unfairness(ours, goal) == pytest.approx(missed, abs=1e-12)


def test_without_fairlearn_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(_extra, "present", lambda module: False)
    for ask in (fairlearn_frames.fairlearn_rates, fairlearn_frames.fairlearn_goals):
        with pytest.raises(MissingExtra, match="Type %pip install fairlearn"):
            ask(Y, LABELS, GROUPS)
