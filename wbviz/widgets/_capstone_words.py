"""Capstone in words: each check with its numbers, its limits, and a sentence on why and what to try."""

from dataclasses import dataclass

from wbviz.engine.audit import FEWEST_RUNS, Check
from wbviz.widgets._capstone import tested_interval
from wbviz.widgets._words import escape, percent, signed

TITLES = {
    "baseline": "Beats a baseline",
    "validated": "Validated",
    "not overfit": "Not overfit",
    "gradients": "Gradients healthy",
    "tracked": "Runs tracked",
    "audited": "Audited by group",
}
#: What is asked, before anything is trained.
ASKED = {
    "baseline": "Is it better than answering without a look at the inputs, by more than chance leaves open?",
    "validated": "Is it judged on rows that it did not learn from, and that had no say in how they are scaled?",
    "not overfit": "Is it nearly as good on rows held out as on those learned from, and stopped in time?",
    "gradients": "Does every layer get a gradient, with few silent units and no divergence?",
    "tracked": f"Is it the best of at least {FEWEST_RUNS} noted runs, by rows held out and not by the test set?",
    "audited": "Was it looked at by group, and is the gap small or written about?",
}
FINE = {
    "baseline": "It answers better than the baseline, and by more than so many rows leave to chance.",
    "validated": "It was judged on rows held out, and the scale of its inputs knows nothing of them.",
    "not overfit": (
        "On rows held out it is nearly as good as on rows learned from, and their loss ends near its lowest."
    ),
    "gradients": "Every layer gets its share of the gradient, hardly a unit is silent, and nothing diverged.",
    "tracked": "Of the noted runs that were judged on the same rows, this one has the lowest loss on rows held out.",
    "audited": "The groups differ by no more than the limit. The intervals say how sure that is.",
}
#: Why a check is missed, and what to try: by the criterion that decides.
MISSED = {
    "rows kept apart": "Nothing is held out, so that there is nothing to compare on. Hold some rows out (folds).",
    "advantage": (
        "What it gains over the baseline could be chance with so few rows, or it gains nothing. Look at check 3 "
        "first: a network that learned its rows by heart gains little elsewhere. More folds judge more rows."
    ),
    "rows held out": "Too few rows were judged while they were held out. More folds hold every row out in turn.",
    "leak": (
        "The rows held out had a say in how the inputs are scaled. Take mean and spread from the rows learned from."
    ),
    "epochs judged on rows held out": "Without rows held out nobody can see overfitting. Hold some rows out (folds).",
    "gap": (
        "It does better on rows learned from than on rows held out: it learned some of them by heart. A smaller "
        "network, a penalty (λ) or fewer epochs leave it less room for that."
    ),
    "rise": (
        "The loss on rows held out has risen from its lowest: training went on for too long. Stop nearer to the "
        "lowest point, or hold the weights back."
    ),
    "networks that diverged": (
        "The numbers grew until training had to stop. A smaller learning rate takes smaller steps."
    ),
    "faintest layer": (
        "One layer's gradient is lost beside another's, so that it hardly learns. Fewer layers, or another "
        "activation, let more of it through."
    ),
    "silent units": (
        "Many units of a layer answer the same to every row and learn nothing any more. A smaller learning rate, "
        "or another activation, keeps them alive."
    ),
    "noted runs to compare": (
        "Too few runs to choose from. Train with other settings too: each training is noted, and those with the "
        "same folds, scaling and seed are judged on the same rows."
    ),
    "kept run is noted": "These settings were not trained yet, so that nothing is noted of them.",
    "behind the best": "Another noted run has a lower loss on rows held out. Go back to it, or find a better one.",
    "changes since the test": (
        "The settings were changed after the test set had been opened: it is no longer untouched, and chose "
        "along. Go back to the settings it was opened for."
    ),
    "groups looked at": (
        "No group column is chosen, or no row is held out to be counted. An average hides who pays for it: choose "
        "a group."
    ),
    "rows of the smallest group": (
        "So few rows of a group tell nothing about it. Judge more rows, choose coarser groups, or write down that "
        "it cannot be told."
    ),
    "gap between groups": (
        "The groups differ by more than the limit. Find out why and change it, or write a note: which group is "
        "worse off, by how much, and what that means."
    ),
}
MARKS = {None: "– open", True: "✓ passed", False: "✗ not passed"}


@dataclass(frozen=True)
class Verdict:
    """One check in words. passed: whether it is. open: nothing is trained yet. number, limit: of what decides it.

    criteria: all its numbers (engine.audit.Criterion).  measured: the same as texts, (name, number, limit, met) each.
    """

    key: str
    passed: bool
    open: bool
    number: float | None
    limit: float | None
    sentence: str
    criteria: tuple
    measured: tuple

    @property
    def title(self):
        return TITLES[self.key]

    @property
    def mark(self):
        """✓ passed, ✗ not passed, or – open."""
        return MARKS[None if self.open else self.passed]

    def __repr__(self):
        numbers = "; ".join(f"{name}: {number} ({limit})" for name, number, limit, _ in self.measured)
        return f"{self.title}: {self.mark}. {numbers + '. ' if numbers else ''}{self.sentence}"


def verdict(check: Check, numbers):
    """A Check as a Verdict. numbers: whether numbers are predicted, and not classes."""
    measured = tuple((each.name, *_texts(each, numbers), each.passed) for each in check.criteria)
    return Verdict(
        check.key, check.passed, check.open, check.number, check.limit, _sentence(check), check.criteria, measured
    )


def _sentence(check):
    if check.open:
        return ASKED[check.key]
    if check.passed and check.excused and not check.deciding.passed:
        return "It was looked at, and a note is written on what was found. The gap is still there."
    return FINE[check.key] if check.passed else MISSED[check.deciding.name]


def _texts(criterion, numbers):
    """The number of a criterion and its limit, written out."""
    write = _WRITTEN.get(criterion.name, _count)
    if criterion.name in ("advantage", "gap", "gap between groups"):
        write = {False: _points, True: _spread if "groups" in criterion.name else _plain}[numbers]
    word = "more than" if criterion.beyond else "at least" if criterion.least else "at most"
    number = write(criterion.number, True) if criterion.name == "advantage" else write(criterion.number)
    return number, f"{word} {write(criterion.limit)}" if criterion.name != "leak" else "none allowed"


def _count(value):
    return f"{value:,.0f}"


def _points(value, sign=False):
    text = signed(100 * value, 1)
    return f"{'+' if sign and value > 0 else ''}{text} points"


def _plain(value, sign=False):
    return f"{'+' if sign and value > 0 else ''}{short(value)} of R²"


def _spread(value):
    return f"{short(value)} sd"


def _leak(value):
    return _spread(value) if value else "none"


def _share(value):
    return f"{100 * value:.0f} %" if value >= 0.0995 else f"{100 * value:.2g} %"


def _rise(value):
    return f"+{100 * value:,.0f} %" if value < 99.995 else "far above it"


def _loss(value):
    return "0" if value == 0 else short(value)


def short(value):
    """A number that may be huge where training went wrong."""
    return signed(value, 2 if abs(value) >= 0.0995 else 4) if abs(value) < 1000 else f"{value:.0e}".replace("-", "−")


_WRITTEN = {
    "leak": _leak,
    "rise": _rise,
    "faintest layer": _share,
    "silent units": _share,
    "behind the best": _loss,
}


def score_text(value, numbers):
    """A score: accuracy in per cent, or R²."""
    return signed(max(value, -999.0)) if numbers else percent(value)


def on_test(explorer, outcome):
    """A sentence on the test set: untouched, opened for these settings with what it says, or for others."""
    if explorer.first_opened is None:
        return "The test set is untouched."
    if not explorer.is_tested:
        return "The test set was opened for other settings: it is no longer untouched, and is not asked again."
    if outcome is None or not outcome.done:
        return "The test set was opened for these settings."
    score, low, high = tested_interval(outcome)
    write = [score_text(value, explorer.numbers) for value in (score, low, high)]
    told = f"The test set, opened for these settings, says {write[0]} (from {write[1]} to {write[2]})."
    if outcome.held_score is None:
        return told
    place = (
        "within that" if low <= outcome.held_score <= high else "outside of that: the rows held out promised another"
    )
    return f"{told} On rows held out it was {score_text(outcome.held_score, explorer.numbers)}: {place}."


CELL = "text-align:left;vertical-align:top;white-space:normal;line-height:1.4;padding:3px 8px"


def table(verdicts, test):
    """The six as an HTML table; `test`: a sentence on the test set."""
    passed = sum(each.passed for each in verdicts)
    caption = f'<caption style="text-align:left;line-height:1.4">{passed} of 6 checks passed. {escape(test)}</caption>'
    head = "".join(f'<th scope="col" style="{CELL}">{name}</th>' for name in ("Check", "Verdict", "Measured", "Why"))
    rows = "".join(_row(k + 1, each) for k, each in enumerate(verdicts))
    return f'<table class="wbviz-checks">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(number, each):
    cells = ((each.mark, "white-space:nowrap"), (_measured(each), "min-width:20em"), (escape(each.sentence), ""))
    row = "".join(f'<td style="{CELL};{own}">{content}</td>' for content, own in cells)
    return f'<tr><th scope="row" style="{CELL}">{number} {escape(each.title)}</th>{row}</tr>'


def _measured(each):
    lines = (f"{'✓' if met else '✗'} {name}: {number}, {limit}" for name, number, limit, met in each.measured)
    return "<br>".join(map(escape, lines)) or "nothing yet"
