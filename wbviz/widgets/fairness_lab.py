"""A laboratory of fairness: a network approves or refuses, and it is counted what that means for two groups."""

import numpy as np

from wbviz.engine import GOALS, implied_fpr
from wbviz.scenes.fairness_lab import FairnessLabScene
from wbviz.widgets import _deciding as experiment
from wbviz.widgets import _deciding_parts as parts
from wbviz.widgets import _deciding_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._deciding import DATA, DECAYS, GOAL_LABELS, JUDGES, MADE, PENALISED, STRENGTHS, Setting, Source
from wbviz.widgets._deciding_hands import STEP, Hands
from wbviz.widgets._deciding_parts import SPLITS
from wbviz.widgets._deciding_views import VIEWS
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, number, numbers, toggle, whole
from wbviz.widgets._work import Work

KEPT = 3  # frontiers that are remembered, so that a knob turned back finds them
#: Knobs of the made-up world.
WORLD = ("share_b", "base_gap", "label_bias", "proxy", "judge")


class FairnessLab(Hands, Explorer):
    """A small network learns who to approve; two groups, their rates with intervals, and what fairness costs.

    Predict whether leaving the sensitive column out closes the gap; what equal selection costs in accuracy; whether
    thresholds can give both groups the same true positive rate and the same precision. Then do it: leave the column
    out, drag a threshold for each group, turn λ. See that other columns stand in for the one left out, that 150 rows
    seldom tell a gap of 5 points from none, and that with different base rates some goals exclude each other.

    Every knob trains anew, for real, and all rates are counted on rows never seen. The frontier trains 7 strengths on
    8 splits beside the page. German credit (Statlog, 1973 to 1975) says whom a bank called a good risk, and sex only as
    recorded with marital status: what is unfair here is a property of these records and this network, not of people.

    "scores": drag a threshold, with Shift that of one group alone; "conflict": drag along a curve; "frontier": press a
    point. Keys: ← → move the first threshold, ↓ ↑ the second; with Shift ten times as far.
    """

    title = "Two groups, one network: who is approved, and what fairness costs"
    size = (660, 474)
    interactive = True
    sweeps = False  # the frontier is more than its state

    dataset = choice(DATA[0], DATA, label="data", tip="Real loans, or a world in which it is known who deserves what")
    share_b = number(0.3, min=0.04, max=0.5, step=0.02, label="share of B", random=False, tip="Of all rows, those of B")
    base_gap = number(
        0.0, min=-0.8, max=0.8, label="base-rate gap", random=False, tip="Share deserving in A minus that in B"
    )
    label_bias = number(
        0.0, min=0, max=1, label="label bias", random=False, tip="How many deserving of B are recorded as refused"
    )
    proxy = number(0.8, min=0, max=1, label="proxy", random=False, tip="Correlation of the district with the group")
    judge = choice(JUDGES[0], JUDGES, label="judged by", tip="What was recorded, or what was deserved")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws which half of the rows is learned from, and the start")
    goal = choice("demographic parity", GOAL_LABELS, label="goal", tip="What is to be equal in both groups")
    lam = choice(0, STRENGTHS, label="λ (fairness)", tip="The strength of the goal's penalty inside the training loss")
    reweigh = toggle(False, label="reweigh the rows", tip="As if y and the group were independent (Kamiran, Calders)")
    l2 = choice(0.01, DECAYS, label="λ (L2)", tip="The penalty λ/2 · Σw²; biases are not penalised")
    column = toggle(True, label="use its column", tip="Whether the network sees which group a row belongs to")
    apart = toggle(False, label="a threshold each", tip="A threshold for each group, or one for both")
    threshold = number(0.5, min=0, max=1, step=STEP, label="threshold", random=False, tip="Approved above it")
    thresholds = numbers(
        [0.5, 0.5], min=0, max=1, step=STEP, label=["first group", "second group"], length=(2, 2), random=False,
        tip="Approved above it, in this group",
    )  # fmt: skip
    view = choice("scores", VIEWS, label="picture", tip="What is shown")

    groups = {
        "Picture": ("view",),
        "Rows": ("dataset", "share_b", "base_gap", "label_bias", "proxy", "judge", "seed"),
        "Training": ("goal", "lam", "reweigh", "l2", "column"),
        "Decisions": ("apart", "threshold", "thresholds"),
    }

    def range_of(self, name):
        """Each threshold is called as its group is."""
        meta = super().range_of(name)
        if name != "thresholds":
            return meta
        return meta | {"label": list(experiment.GROUPS[self.dataset])}

    def settle(self, changed):
        """Thresholds that are set are used; a threshold each begins where the common one is."""
        if "apart" not in changed and changed & {"threshold", "thresholds"}:
            self.apart = "thresholds" in changed
        elif self.apart and "thresholds" not in changed and "apart" in changed:
            self.thresholds = [self.threshold] * 2

    def idle(self):
        """Knobs of the made-up world, a goal without a penalty, and the thresholds that are not in use."""
        return (
            *(WORLD if self.dataset != MADE else ()),
            *(("lam",) if self.goal_name not in PENALISED else ()),
            "threshold" if self.apart else "thresholds",
        )

    def prepare(self):
        self._found, self._drawn, self._last_family = {}, (None, None), self._family
        self._working = Work(self._compute, lambda: self.picture.changed(), label="Frontier")
        self._working.layout.display = "none"
        self.under = (self._working,)

    def setup(self):
        self.scene = FairnessLabScene(self.figure, VIEWS)

    # --- training and counting --------------------------------------------------------------------------------------

    @property
    def _setting(self):
        source = Source(*(getattr(self, name) for name in Source._fields))
        return Setting(source, self.goal_name, self.lam, self.reweigh, self.l2, self.column).needed

    @property
    def _family(self):
        """The setting that a frontier follows from: the same for every λ."""
        return self._setting._replace(goal=self.goal_name, lam=0.0)

    @property
    def goal_name(self):
        """The goal's name in GOALS."""
        return GOAL_LABELS[self.goal]

    @property
    def both(self):
        """The thresholds of the two groups."""
        return tuple(self.thresholds) if self.apart else (self.threshold,) * 2

    @property
    def known(self):
        """The rows: `.learned`, `.unseen` (Datasets), `.learned_groups`, `.unseen_groups` and the groups' `.names`."""
        return experiment.rows(self._setting.source)

    @property
    def judged(self):
        """How the unseen rows were decided: `.y`, `.p`, `.labels`, `.groups`, `.rates` (GroupMetrics), `.spread`."""
        judge = self.judge if self.dataset == MADE else JUDGES[0]
        return experiment.judged(self._setting, self.both, judge)

    @property
    def network(self):
        """The trained network, a copy of one's own. Its inputs are standardised by the learned rows."""
        return experiment.trained(self._setting).net.copy()

    def accuracy(self):
        """The share of unseen rows decided rightly, 0 to 1."""
        return float(self.judged.rates.overall["accuracy"])

    def rate(self, name, group=None):
        """A rate in METRICS of a group of unseen rows, or of all of them; NaN where undefined."""
        rates = self.judged.rates
        return float(rates.overall[name] if group is None else rates.by_group[name][rates.place(group)])

    def gap(self, name="selection_rate"):
        """A rate of the first group minus that of the second, with its sign; NaN where undefined."""
        return float(self.judged.rates.gap(name, *self.known.names))

    def interval(self, name="selection_rate"):
        """The 90 % interval of `gap`, by the bootstrap: (low, high); NaN where undefined."""
        return experiment.gap_span(self.judged, name)

    def certain(self, name="selection_rate"):
        """Whether that interval leaves out 0: can these rows tell the gap from none?"""
        low, high = self.interval(name)
        return bool(low > 0 or high < 0)

    def unfairness(self):
        """How far the goal is missed on the unseen rows, 0 to 1; NaN where a group does not have one of its rates."""
        return float(parts.missed(self.judged.rates, self.goal_name))

    def slices(self):
        """The unseen rows by group and age (or district): a list of `.name`, `.count`, `.base_rate`, `.rates`, …."""
        return parts.slices(self._setting, self.judged)

    @button("Thresholds for the goal", "The most accurate ones that meet it on the rows learned from")
    def meet_goal(self):
        """Set a threshold for each group that meets the goal, as nearly as the learned rows allow."""
        self.apply({"apart": True, "thresholds": experiment.goal_thresholds(self._setting, self.goal_name)})

    # --- two goals at once ------------------------------------------------------------------------------------------

    def common_precision(self):
        """The precision of all approved rows together; NaN where none is approved."""
        return float(self.judged.rates.overall["ppv"])

    def slopes(self):
        """How steeply TPR rises with FPR where each group's precision is the common one; NaN where there is none."""
        level, p = self.common_precision(), self.judged.rates.base_rate
        with np.errstate(all="ignore"):
            return level / (1 - level) * (1 - p) / p

    def asked(self):
        """What equal precision and equal TPR ask for: (the TPR of all rows, FPR of each group); None if undefined."""
        level, tpr = self.common_precision(), float(self.judged.rates.overall["tpr"])
        fprs = implied_fpr(self.judged.rates.base_rate, level, 1 - tpr)
        return (tpr, tuple(map(float, fprs))) if np.isfinite(fprs).all() else None

    # --- the frontier -----------------------------------------------------------------------------------------------

    @property
    def splits(self):
        """The splits on which the present frontier is trained so far, a list of up to 8."""
        return self._found.get(self._family, [])

    @property
    def computing(self):
        """Whether a frontier is under way."""
        return self._working.busy

    def path(self):
        """The frontier so far at the present thresholds, or None: `.unfair` and `.accuracy`, (splits, 7 strengths)."""
        splits, at = self.splits, (self.goal_name, self.both, self.judge)
        if splits and self._drawn[0] != (self._family, len(splits), *at):
            self._drawn = (self._family, len(splits), *at), parts.path(splits, *at)
        return self._drawn[1] if splits else None

    def frontier(self):
        """The whole frontier, computed here and now if need be: `.unfair`, `.accuracy`, `.change(λ)`.

        A goal without a penalty (predictive parity) raises ValueError.
        """
        self._refuse_without_penalty()
        self.wait()
        if len(self.splits) < SPLITS:
            self._working.run_here()
        return self.path()

    @button("Compute the frontier", "Train 7 strengths of the penalty on 8 splits of the rows, beside the page")
    def compute(self):
        """Compute the frontier beside the page, and show it; it goes on where it was stopped. `wait()` waits for it."""
        self._refuse_without_penalty()
        self._working.layout.display = None
        self.view = "frontier"
        self._working.restart()

    def _refuse_without_penalty(self):
        if self.goal_name not in PENALISED:
            raise ValueError(
                f"There is no penalty for {self.goal}: precision divides by what the thresholds let through. "
                f"Choose {', '.join(GOALS[name].label for name in PENALISED)}, or move the thresholds."
            )

    def _compute(self):
        """Go on with the present frontier, or begin it anew once it is whole. The steps of its Work."""
        with self.picture.lock:
            self._refuse_without_penalty()
            family, before = self._family, self.splits
        for fraction, done in parts.frontier(family, before if len(before) < SPLITS else ()):
            if len(done) > len(self._found.get(family, [])):
                self._keep(family, done)
            yield fraction, f"{len(done)} of {SPLITS} splits"

    def _keep(self, family, splits):
        self._found[family] = splits
        while len(self._found) > KEPT:
            del self._found[next(iter(self._found))]

    def _changed(self):
        """Another frontier's work stops; what it found stays."""
        before, self._last_family = self._last_family, self._family
        if before != self._last_family:
            self._working.stop()
            self._working.layout.display = "none"
        super()._changed()

    def wait(self, timeout=None):
        """Wait for the frontier if it is under way, at most `timeout` seconds; what is paused goes on."""
        self._working.resume()
        self._working.wait(timeout)

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        shown = VIEWS[self.view][0](self)
        self.scene.update(words.heading(self), words.state(self), words.rates(self), self.view, shown)

    def describe(self):
        return words.description(self)
