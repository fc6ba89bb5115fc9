"""FairnessLab: what it trains and counts, what it says of it, thresholds by hand, the frontier and the conflict."""

import itertools

import numpy as np
import pytest

from tests.scenes.fit import assert_clear, number_boxes, text_boxes
from tests.widgets.test_regularise import drag, press
from wbviz.engine import group_metrics, implied_fpr
from wbviz.scenes._fairness_views import MIDDLES
from wbviz.widgets import FairnessLab
from wbviz.widgets import _deciding as experiment
from wbviz.widgets._deciding import AGE, MADE, STRENGTHS
from wbviz.widgets._deciding_parts import SPLITS, chance

EXPLORER, PAINTED = FairnessLab, True


@pytest.fixture
def quick(monkeypatch):
    """Two splits are enough to see how a frontier is made."""
    for module in ("_deciding_parts", "_deciding_views", "fairness_lab"):
        monkeypatch.setattr(f"wbviz.widgets.{module}.SPLITS", 2)


# --- training and counting --------------------------------------------------------------------------------------------


def test_rates_are_counted_on_rows_that_were_not_learned_from(make):
    lab = make()
    known = lab.known
    assert (len(known.learned), len(known.unseen)) == (500, 500)
    assert len(lab.judged.y) == 500
    seen = {tuple(row) for row in known.learned.X}
    assert sum(tuple(row) in seen for row in known.unseen.X) < 5  # a few loans are alike in all columns
    X = known.unseen.standardise(known.learned.X.mean(axis=0), known.learned.X.std(axis=0)).X
    p = 1 / (1 + np.exp(-lab.network(X)[:, 0]))
    np.testing.assert_allclose(p, lab.judged.p)
    np.testing.assert_array_equal(lab.judged.labels, p > 0.5)


def test_the_column_is_left_out_with_all_its_codes(make):
    assert make().network.sizes[0] == 29
    assert make(column=False).network.sizes[0] == 27
    assert make(dataset=AGE, column=False).network.sizes[0] == 28
    assert make(dataset=MADE, column=False).network.sizes[0] == 3


def test_a_penalty_narrows_the_gap_of_its_goal(make):
    lab = make(dataset=MADE, base_gap=0.4)
    before = abs(lab.gap())
    lab.lam = 30
    assert abs(lab.gap()) < before / 3


def test_a_strength_without_a_goal_for_it_is_no_strength(make):
    lab = make(goal="predictive parity", lam=30)
    assert "lam" in lab.idle()
    np.testing.assert_array_equal(lab.network.params, make().network.params)


def test_reweighing_makes_a_difference_and_knobs_of_another_world_none(make):
    assert (make(reweigh=True).network.params != make().network.params).any()
    np.testing.assert_array_equal(
        make(label_bias=0.5, proxy=0.1, judge="deserved").network.params, make().network.params
    )


def test_judged_by_what_was_deserved_the_records_are_seen_to_be_wrong(make):
    lab = make(dataset=MADE, label_bias=0.6)
    recorded = lab.rate("tpr", "B")
    lab.judge = "deserved"
    assert lab.rate("base_rate", "B") > 0.4
    assert lab.rate("tpr", "B") < recorded


def test_the_gap_is_first_minus_second_and_its_interval_holds_it(make):
    lab = make()
    assert lab.gap("tpr") == pytest.approx(lab.rate("tpr", "female") - lab.rate("tpr", "male"))
    low, high = lab.interval("tpr")
    assert low < lab.gap("tpr") < high
    assert lab.certain("tpr") == (high < 0 or low > 0)


def test_where_the_bootstrap_has_no_width_the_interval_still_has_one(make):
    lab = make(threshold=1.0)
    low, high = experiment.spans(lab.judged, "selection_rate")
    assert (low == 0).all()
    assert (high > 0.005).all()
    low, high = lab.interval("selection_rate")
    assert low < 0 < high
    assert not lab.certain("selection_rate")


def test_slices_count_every_row_once_in_each_kind(make):
    lab = make()
    slices = lab.slices()
    for kind in range(4):
        assert sum(each.count for each in slices if each.kind == kind) == 500
    for each in slices:
        known = np.isfinite(each.rates)
        assert ((each.low <= each.rates) & (each.rates <= each.high))[known].all()


def test_thresholds_for_the_goal_meet_it_on_the_rows_learned_from(make):
    lab = make(goal="equal opportunity")
    lab.meet_goal()
    assert lab.apart
    known, p = lab.known, experiment.trained(lab._setting).learned
    labels = experiment.decide(p, known.learned_groups, np.array(lab.both), names=known.names)
    rates = group_metrics(known.learned.y, labels, known.learned_groups, names=known.names)
    assert rates.difference("tpr") <= 0.03
    assert lab.undo()
    assert lab.both == (0.5, 0.5)


def test_thresholds_that_are_set_are_used(make):
    lab = make(thresholds=[0.4, 0.6])
    assert lab.apart
    assert lab.both == (0.4, 0.6)
    lab.threshold = 0.3
    assert lab.both == (0.3, 0.3)
    lab.apart = True
    assert lab.thresholds == [0.3, 0.3]


# --- two goals at once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings", [{}, {"dataset": AGE, "thresholds": [0.3, 0.6]}, {"dataset": MADE, "base_gap": 0.4}]
)
def test_the_identity_gives_each_groups_own_error_rate(make, settings):
    lab = make(**settings)
    rates = lab.judged.rates
    np.testing.assert_allclose(implied_fpr(rates.base_rate, rates.ppv, rates.fnr), rates.fpr, atol=1e-12)


def test_lines_of_equal_precision_meet_at_none_but_zero_unless_base_rates_are_equal(make):
    lab = make(dataset=MADE, base_gap=0.4)
    first, second = lab.slopes()
    assert first > 1.5 * second
    tpr, fprs = lab.asked()
    np.testing.assert_allclose(np.array(fprs) * lab.slopes(), tpr)
    assert abs(fprs[0] - fprs[1]) > 0.05


# --- the frontier -----------------------------------------------------------------------------------------------------


def test_the_frontier_goes_through_the_present_network(make, quick):
    lab = make(view="frontier", lam=3)
    path = lab.frontier()
    assert path.unfair.shape == path.accuracy.shape == (2, len(STRENGTHS))
    k = STRENGTHS.index(3)
    assert path.unfair[0, k] == pytest.approx(lab.unfairness(), abs=0.005)
    assert path.accuracy[0, k] == pytest.approx(lab.accuracy(), abs=0.005)
    lab.lam = 10  # another point of the same frontier
    assert len(lab.splits) == 2
    (unfair, error), _ = path.change(10)
    assert unfair == pytest.approx((path.unfair[:, 5] - path.unfair[:, 0]).mean())
    assert error > 0


def test_thresholds_move_a_frontier_that_is_there_and_other_knobs_ask_for_another(make, quick):
    lab = make(view="frontier")
    before = lab.frontier().accuracy
    lab.threshold = 0.7
    assert (lab.path().accuracy != before).any()
    lab.reweigh = True
    assert lab.path() is None
    lab.reweigh = False
    assert len(lab.splits) == 2


def test_what_was_computed_before_a_stop_stays(make):
    lab = make()
    lab.compute()
    while not lab.splits and lab.computing:
        lab._working.wait(0.01)
    lab._working.stop()
    lab.wait(10)
    assert lab._working.stage == "stopped"
    assert 0 < len(lab.splits) < SPLITS
    assert f"{len(lab.splits)} of {SPLITS} splits" in lab.describe()
    stopped = lab.splits[0]
    lab._working.step()
    lab._working.stop()
    lab.wait(10)
    assert lab.splits[0] is stopped  # it goes on from there


def test_a_knob_that_asks_for_another_frontier_stops_the_one_under_way(make):
    lab = make(view="frontier")
    lab.compute()
    lab.reweigh = True
    lab.wait(10)
    assert lab._working.stage == "stopped"
    assert lab.path() is None


def test_a_goal_without_a_penalty_has_no_frontier_and_says_so(make):
    lab = make(goal="predictive parity", view="frontier")
    with pytest.raises(ValueError, match=r"no penalty for predictive parity.*Choose demographic parity"):
        lab.compute()
    assert "No penalty can pull at precision" in lab.describe()


def test_chance_alone_makes_gaps_and_more_of_them_in_fewer_rows():
    rng = np.random.default_rng(1)
    y, labels, groups = rng.integers(0, 2, 400), rng.integers(0, 2, 400), np.arange(400) % 2
    all_rows = group_metrics(y, labels, groups)
    few = group_metrics(y[:40], labels[:40], groups[:40])
    expected = np.sqrt(2 / np.pi) * np.sqrt(0.25 * 2 / 200)  # of a normal difference
    assert chance(all_rows, "demographic_parity") == pytest.approx(expected, rel=0.15)
    assert chance(few, "equalized_odds") > 2 * chance(all_rows, "equalized_odds")


# --- words ------------------------------------------------------------------------------------------------------------


def test_it_says_who_is_approved_less_often_and_whether_the_rows_can_tell(make):
    lab = make()
    assert lab.certain()
    assert f"Women are approved {-100 * lab.gap():.1f} points less often than men" in lab.describe()
    assert "leaves out 0" in lab.describe()
    lab.meet_goal()
    assert not lab.certain()
    assert "includes 0, so this data cannot tell" in lab.describe()


def test_what_is_undefined_is_said_in_words(make):
    lab = make(dataset=MADE, share_b=0.04, label_bias=1.0)
    assert np.isnan(lab.rate("tpr", "B"))
    assert "The true positive rate of B is undefined: there is no row with y = 1." in lab.describe()
    for view in ("scores", "slices", "frontier", "conflict"):
        lab.view = view
        lab.goal = "equalised odds"
        lab.png()
        assert "nan" not in lab.describe().lower()
    assert np.isnan(lab.unfairness())
    assert "Equalised odds cannot be judged here." in lab.describe()


def test_a_frontier_whose_goal_is_undefined_says_so(make, quick):
    lab = make(dataset=MADE, share_b=0.04, label_bias=1.0, goal="equal opportunity", view="frontier")
    assert np.isnan(lab.frontier().unfair).all()
    lab.png()
    assert "there is nothing to compare" in lab.describe()
    assert "nan" not in lab.describe().lower()


def test_perfect_precision_is_the_one_way_out(make):
    lab = make(thresholds=[0.97, 1.0], view="conflict")
    assert lab.common_precision() == 1
    assert lab.asked()[1] == (0.0, 0.0)
    assert "With 100 % precision nobody is approved wrongly" in lab.describe()


# --- gestures ---------------------------------------------------------------------------------------------------------


def test_dragging_a_line_moves_the_threshold_and_with_shift_of_one_group(make):
    lab = make()
    drag(lab, lab.scene.scores.axes, (0.5, MIDDLES[0]), (0.3, MIDDLES[0]))
    assert lab.both == (0.3, 0.3)
    lab.apart = True
    drag(lab, lab.scene.scores.axes, (0.3, MIDDLES[1]), (0.62, MIDDLES[1]))
    assert lab.both == (0.3, 0.62)


def test_dragging_along_a_curve_moves_its_group(make):
    lab = make(view="conflict")
    curve = experiment.curves(lab.judged, lab.known.names)[1]
    at = len(curve.threshold) // 3
    place = (curve.rate("fpr")[at], curve.rate("tpr")[at])
    start = (lab.rate("fpr", "male"), lab.rate("tpr", "male"))
    drag(lab, lab.scene.conflict.axes, start, place)
    assert lab.apart
    assert lab.thresholds[0] == 0.5
    assert lab.thresholds[1] == pytest.approx(curve.threshold[at], abs=0.03)


def test_a_point_of_the_frontier_chooses_its_strength(make, quick):
    lab = make(view="frontier", dataset=MADE, base_gap=0.4)
    path = lab.frontier()
    lab.png()
    unfair, right = path.mean()
    drag(lab, lab.scene.frontier.axes, (unfair[4], right[4]), (unfair[4], right[4]))
    assert lab.lam == STRENGTHS[4]


def test_keys_move_both_thresholds(make):
    lab = make()
    press(lab, "ArrowRight")
    press(lab, "ArrowLeft", shift=True)
    assert lab.both == (0.41, 0.41)
    press(lab, "ArrowUp")
    assert lab.both == (0.41, 0.42)
    press(lab, "ArrowLeft")
    assert lab.both == (0.4, 0.42)


EXTREMES = [
    {"dataset": dataset, "view": view, **extreme}
    for dataset, view in itertools.product((AGE, MADE), ("scores", "slices", "frontier", "conflict"))
    for extreme in (
        {"threshold": 1.0, "goal": "predictive parity"},
        {"thresholds": [0.0, 0.99], "goal": "equalised odds", "share_b": 0.04, "base_gap": 0.8, "lam": 30},
    )
]


@pytest.mark.parametrize("settings", EXTREMES, ids=range(len(EXTREMES)))
def test_no_text_is_clipped_or_overlaps(make, settings):
    lab = make(**settings)
    axes = [axes for axes in lab.figure.axes if axes.get_visible()]
    boxes = text_boxes(lab.figure, *axes)
    slices, rates = lab.scene.slices, lab.scene.rates
    shown = (slices.names, slices.numbers, slices.rates) if lab.view == "slices" else (rates.numbers, rates.gaps)
    assert_clear(lab.figure, [*boxes, *(box for numbers in shown for box in number_boxes(numbers))])
