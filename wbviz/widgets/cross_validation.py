"""Each example judged once by a network that did not learn from it; and what happens when it had a say all the same."""

import numpy as np

from wbviz.scenes.cross_validation import CrossValidationScene
from wbviz.widgets import _validating as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._following import Following, OnDemand
from wbviz.widgets._panel import button
from wbviz.widgets._traits import choice, toggle, whole
from wbviz.widgets._validating import COIN, DATA, LEAKS, MOST_KEPT, SHUFFLES
from wbviz.widgets._words import percent, plural, signed

#: What a newly chosen data set begins with.
BEGINNINGS = {COIN: {"examples": 40, "noise_features": 1000, "keep": 20}}
USUAL = {"examples": 60, "noise_features": 0, "keep": MOST_KEPT}
LEAKING = {
    "none": ("Scaler and features come from", "the rows learned from alone."),
    "scaler from all rows": ("Leak: the scaler has seen", "the rows that judge, too."),
    "features from all rows": ("Leak: the features were chosen", "with the answers that judge."),
}


class CrossValidation(Explorer):
    """A network is trained k times, each time without one of k parts of the examples, and judged on that part.

    Predict how far the k scores lie apart, and what their mean is worth: then tick "fresh data", rows that nobody has
    looked at, and compare. Press "Repeat" to deal the folds 40 times anew: a single split is a matter of luck, the mean
    of k much less. Then let the network cheat: labels drawn by a coin, 1,020 features of pure noise, and the 20 that
    go best with the labels chosen before the folds are dealt. See the splendid score first, and the fresh data last.

    Features are standardised, and chosen by their F (Fisher 1925), from the rows learned from; "leak" does one of both
    with all rows. While a browser shows the figure, the networks are trained beside the page. What "Repeat" found is
    no part of the state. Click a row, or press ↑ and ↓, to take a fold in hand.
    """

    title = "Cross-validation: each part is held out once"
    size = (660, 460)
    interactive = True
    sweeps = False  # its picture is a number of trainings

    dataset = choice("breast_cancer", DATA, label="data", tip="A newly chosen set begins with its own features")
    examples = whole(
        60, min=experiment.FEWEST, max=experiment.MOST, label="examples", tip="How many rows are dealt into folds"
    )
    k = whole(5, min=2, max=experiment.MOST_FOLDS, label="folds", tip="Into how many parts the examples are dealt")
    noise_features = whole(0, min=0, max=1000, step=50, label="noise added", tip="Columns of pure noise added")
    keep = whole(MOST_KEPT, min=1, max=MOST_KEPT, label="features kept", tip="Those that tell most about the labels")
    leak = choice("none", LEAKS, label="leak", tip="What is looked at in all rows, those that judge included")
    hidden = whole(4, min=0, max=16, label="hidden units", tip="tanh units; 0: the outputs see the features directly")
    shuffle = whole(0, min=0, max=99, label="shuffle", tip="Deals the examples into folds")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the examples and the starting weights")
    fold = whole(1, min=1, max=experiment.MOST_FOLDS, label="fold in hand", tip="The row that is told about")
    fresh = toggle(False, label="fresh data", tip="Train on all examples and judge on rows never looked at")

    def range_of(self, name):
        """There are as many folds to take in hand as there are folds."""
        meta = super().range_of(name)
        return meta | {"max": self.k} if name == "fold" else meta

    def settle(self, changed):
        """A newly chosen set begins with its own features; the fold in hand is one of those there are."""
        if "dataset" in changed:
            for name, value in BEGINNINGS.get(self.dataset, USUAL).items():
                if name not in changed:
                    setattr(self, name, value)
        self.fold = min(self.fold, self.k)

    def prepare(self):
        self._trying = Following(self, experiment.Trial, experiment.trial, label="Folds")
        self._repeating = OnDemand(self, self._whatever_the_shuffle, experiment.Shuffles, label="Other shuffles")
        self.under = (self._trying.work, self._repeating.work)

    def setup(self):
        self.scene = CrossValidationScene(self.figure)

    # --- trying and repeating ---------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return experiment.Setting(*(getattr(self, name) for name in experiment.Setting._fields))

    def _whatever_the_shuffle(self):
        return self._setting._replace(shuffle=0)

    @button("Repeat", f"Deal the folds {SHUFFLES} times anew, and train all networks")
    def repeat(self):
        """Begin to deal the folds 40 times anew, beside the page. `wait()` waits for it."""
        self._repeating.start()

    def _changed(self):
        self._repeating.check()
        super()._changed()

    def reset(self):
        """Back to how the figure was made; what was repeated is dropped."""
        with self.picture.lock:
            self._repeating.drop()
            super().reset()

    def wait(self, timeout=None):
        """Wait for what is under way, at most `timeout` seconds each; what is paused goes on."""
        self._trying.wait(timeout)
        self._repeating.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def scores(self):
        """The share of right answers on each fold held out, shape (k,)."""
        return self._trying.finished().scores.copy()

    def mean(self):
        """The mean of the k scores."""
        return self._trying.finished().mean

    def sd(self):
        """The standard deviation between the k scores (divisor k − 1)."""
        return self._trying.finished().sd

    def fresh_score(self):
        """The share of right answers on fresh rows, of a network that learned from all examples."""
        return self._trying.finished().fresh

    def optimism(self):
        """By how much the mean of the folds is above the share on fresh rows."""
        return self.mean() - self.fresh_score()

    @property
    def repeated(self):
        """What "Repeat" found so far, or None: .scores (shuffles, k); .singles and .means of those done."""
        return self._repeating.found

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        trial, found = self._trying.shown(), self._repeating.found
        self.scene.update(
            folds=trial.held,
            right=trial.right,
            scores=trial.scores,
            mean=(trial.mean, trial.sd),
            chance=trial.chance,
            fresh=trial.fresh if self.fresh and trial.finished else None,
            shuffled=(found.singles, found.means) if found is not None else ((), ()),
            fold=min(self.fold, trial.setting.k) - 1,
            words=self._words(trial, found),
        )

    def _words(self, trial, found):
        setting, total = trial.setting, experiment.features(trial.setting)
        name, kept = setting.dataset.replace("_", " "), min(setting.keep, total)
        sure = trial.finished and trial.setting == self._setting
        noise = f", {setting.noise_features:,} of them noise added" if setting.noise_features else ""
        network = f"{setting.hidden} tanh units" if setting.hidden else "no hidden layer"
        return {
            "heading": f"{setting.k} folds of {setting.examples} examples: {name}",
            "state": f"{total:,} features{noise}; {kept} kept; {network}{'' if sure else '; training…'}",
            "caption": f"Shares of right answers; dotted: by chance{', dashed: fresh rows' if self.fresh else ''}",
            "names": [f"fold {i + 1}" for i in range(setting.k)],
            "values": [list(map(_share, values)) for values in (trial.train_scores, trial.scores)],
            "says": self._says(trial, found, kept < total),
        }

    def _says(self, trial, found, chosen):
        leak = LEAKING[trial.setting.leak]
        if trial.setting.leak == "features from all rows" and not chosen:
            leak = "All features are kept: there is", "no choice that could leak."
        held = trial.held[min(self.fold, trial.setting.k) - 1]
        own = f"Fold {self.fold}: {trial.right[held].sum()} of {len(held)} right." if trial.finished else ""
        return (
            f"Mean {_share(trial.mean)} ± {_share(trial.sd)}" if trial.finished else "",
            *leak,
            own,
            *self._fresh_words(trial),
            _spread(found),
        )

    def _fresh_words(self, trial):
        if not self.fresh:
            return "What is it worth on new rows?", "Tick “fresh data”."
        if not trial.finished:
            return "", ""
        gap = trial.mean - trial.fresh
        return f"{trial.n_fresh:,} fresh rows: {_share(trial.fresh)}.", f"The mean is {_points(gap)}."

    def describe(self):
        trial, found = self._trying.shown(), self._repeating.found
        setting, total = trial.setting, experiment.features(trial.setting)
        name = setting.dataset.replace("_", " ").capitalize()
        if not trial.finished:
            return f"{name}: {setting.k} networks are being trained."
        scores = ", ".join(map(_share, trial.scores))
        says = self._says(trial, found, min(setting.keep, total) < total)
        fresh = f" {says[4]} {says[5]}" if self.fresh else ""
        return (
            f"{name}, {setting.examples} examples (seed {setting.seed}) with {total:,} features, "
            f"{setting.noise_features:,} of them noise added, {min(setting.keep, total)} kept; "
            f"{plural(setting.hidden, 'hidden unit')}. Dealt into {setting.k} folds by shuffle {setting.shuffle}, the "
            f"shares of right answers on the folds held out are {scores}: mean {_share(trial.mean)}, standard "
            f"deviation {_share(trial.sd)}; always naming the commonest class gives {_share(trial.chance)}. "
            f"{says[1]} {says[2]} {says[3]}{fresh} {self._spread_in_words(found)}"
        )

    @staticmethod
    def _spread_in_words(found):
        if found is None or found.done < 2:
            return "The folds are not dealt anew yet."
        ranges = (f"{_share(values.min())} to {_share(values.max())}" for values in (found.singles, found.means))
        return "Dealt anew {} times, single splits give {}, means of all folds {}.".format(found.done, *ranges)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        row = self.scene.row_at(point.pixel, self.size[1])
        if row is not None and row < self.k:
            self.fold = row + 1

    def on_key(self, key, shift=False):
        """↑ and ↓ take the next fold in hand."""
        step = {"ArrowUp": -1, "ArrowDown": 1}.get(key, 0)
        self.fold = min(max(self.fold + step, 1), self.k)


def _share(value):
    return percent(value) if np.isfinite(value) else "…"


def _points(gap):
    """How a mean compares with the truth, in percentage points."""
    size = f"{signed(100 * abs(gap), 1)} points"
    return f"{size} {'too high' if gap > 0 else 'too low'}"


def _spread(found):
    if found is None or not found.done:
        return "Repeat: is that luck?"
    low, high = (100 * value for value in (found.means.min(), found.means.max()))
    return f"{found.done} shuffles: means {low:.0f} to {high:.0f} %."
