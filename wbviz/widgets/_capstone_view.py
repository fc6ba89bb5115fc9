"""What the picture of Capstone shows, and the sentence that says the same."""

import numpy as np

from wbviz.engine import audit
from wbviz.widgets import _capstone as experiment
from wbviz.widgets import _capstone_words as words
from wbviz.widgets._capstone_data import NONE, groups, rows, table
from wbviz.widgets._words import percent, plural, signed

LONGEST = 16
SHARES = ((0.0, 1.0), ((0, 0.5, 1), ("0 %", "50 %", "100 %")))
R_SQUARED = ((-0.5, 1.0), ((-0.5, 0, 0.5, 1), ("≤ −0.5", "0", "0.5", "1")))
ERRORS = {"absolute error": ((0.0, 2.0), ((0, 1, 2), ("0", "1 sd", "≥ 2 sd")))}
ERRORS["mean error"] = ((-1.0, 1.0), ((-1, 0, 1), ("≤ −1 sd", "0", "≥ 1 sd")))
EMPTY = np.empty(0)


def short(text, length=LONGEST):
    """A name as it fits into the picture."""
    text = str(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def picture(explorer):
    """The arguments of CapstoneScene.update."""
    found, outcome = rows(explorer.source), explorer.shown
    compared = explorer.compared(outcome)
    texts = {
        "heading": heading(explorer, outcome),
        "lines": [_data_line(explorer, found), _network_line(explorer, found), _held_line(explorer)],
        "titles": [
            _loss_title(found, outcome),
            "Gradient by layer, of the strongest",
            _group_title(explorer),
            f"{'R²' if found.numbers else 'Accuracy'} against the baseline",
        ],
        "silent": _silent(explorer, outcome),
        "gap": _gap(explorer, compared),
        "marks": [each.mark for each in explorer.verdicts(outcome)],
    }
    return texts, _losses(explorer, outcome), _shares(explorer, outcome), _groups(explorer, compared), _scores(explorer)


def heading(explorer, outcome):
    """How far it is."""
    if rows(explorer.source).problem:
        return "Nothing can be learned from these columns"
    if outcome is None:
        return "Not trained yet with these settings: press Train"
    if not outcome.done:
        return f"In training: epoch {outcome.epochs} of {outcome.setting.epochs}"
    passed = sum(each.passed for each in explorer.verdicts(outcome))
    return f"Run {explorer.run}: {passed} of 6 checks passed"


def _data_line(explorer, found):
    if found.problem:
        return short(found.problem, 104)
    kind = "a number" if found.numbers else f"{len(found.data.target_names)} classes"
    rows_told = f"{len(found.known):,} rows to learn from, {len(found.test):,} for the test"
    return (
        f"{short(_data_name(explorer), 18)}: {rows_told}; “{short(explorer.target)}” ({kind}) "
        f"from {plural(len(found.features), 'column')}"
    )


def _data_name(explorer):
    return "Your table" if explorer.dataset == "own" else explorer.dataset.replace("_", " ")


def _network_line(explorer, found):
    settings = explorer.setting
    batch = "all rows at once" if settings.batch == "all" else f"batch {settings.batch}"
    return (
        f"{sizes(settings, found)} {settings.activation}, {settings.optimiser}, lr {settings.lr:g}, λ {settings.l2:g}, "
        f"{plural(settings.epochs, 'epoch')}, {batch}"
    )


def _held_line(explorer):
    settings = explorer.setting
    if settings.folds == 0:
        return f"Nothing held out; seed {settings.seed}"
    held = "A fifth of the rows held out once" if settings.folds == 1 else f"{settings.folds} folds, each held out once"
    scaled = "by the rows learned from" if settings.scaling == experiment.INSIDE else "by all rows, those held out too"
    return f"{held}; inputs scaled {scaled}; seed {settings.seed}"


def sizes(settings, found):
    """The units of each layer, as 29-16-2."""
    if found.problem:
        return "?"
    n_out = 1 if found.numbers else len(found.data.target_names)
    hidden = [f"{settings.layers}×{settings.units}"] if settings.layers > 2 else [settings.units] * settings.layers
    return "-".join(map(str, (found.data.X.shape[1], *hidden, n_out)))


# --- the four plots ---------------------------------------------------------------------------------------------------


def _losses(explorer, outcome):
    learned, held = (EMPTY, EMPTY) if outcome is None else (outcome.train_loss, outcome.held_loss)
    return {"epochs": explorer.epochs, "learned": learned, "held": held}


def _loss_title(found, outcome):
    name = "Squared error" if found.numbers else "Cross-entropy"
    if outcome is None or not len(outcome.held_loss):
        return f"{name} by epoch"
    return f"{name}: lowest at {int(outcome.held_loss.argmin()) + 1}, kept at {outcome.epochs}"


def _shares(explorer, outcome):
    if outcome is None:
        return [np.full(explorer.layers + 1, np.nan)] * 3
    return audit.layer_shares(outcome.gradients)


def _silent(explorer, outcome):
    if outcome is None or not outcome.silent:
        return "" if explorer.layers else "No hidden layer, no hidden units."
    return "Silent units: " + ", ".join(f"{100 * share:.0f} %" for share in outcome.silent)


def _group_title(explorer):
    if explorer.group == NONE:
        return "By group: choose a group column"
    return f"{explorer.measure.capitalize()} by {short(explorer.group)}"


def _gap(explorer, compared):
    if compared is None or not np.isfinite(compared.gap):
        return ""
    return f"gap {gap_text(compared.gap, explorer.numbers)}"


def gap_text(gap, numbers):
    """A gap between groups with its unit."""
    return f"{signed(gap)} sd" if numbers else f"{signed(100 * gap, 1)} points"


def _groups(explorer, compared):
    span, ticks = ERRORS.get(explorer.measure, SHARES)
    frame = {"span": span, "ticks": ticks}
    if compared is not None:
        write = signed if explorer.measure in ERRORS else lambda value: f"{100 * value:.1f} %"
        texts = [
            f"{write(value) if value == value else '–'} of {count:,}"
            for value, count in zip(compared.values, compared.rows, strict=True)
        ]
        names = [short(name, 15) for name in compared.names]
        return frame | {
            "names": names, "texts": texts, "values": compared.values, "low": compared.low, "high": compared.high,
        }  # fmt: skip
    names, counts = group_counts(explorer)
    unknown = np.full(len(names), np.nan)
    texts = [plural(f"{count:,}", "row") if count != 1 else "1 row" for count in counts]
    return frame | {
        "names": [short(name, 15) for name in names], "texts": texts, "values": unknown, "low": unknown,
        "high": unknown,
    }  # fmt: skip


def group_counts(explorer):
    """The groups of the rows to learn from and how many each has; nothing where no column is chosen."""
    found = rows(explorer.source)
    if explorer.group == NONE or found.problem:
        return (), ()
    return np.unique(groups(explorer.source, explorer.group)[found.known], return_counts=True)


def _scores(explorer):
    span, ticks = R_SQUARED if explorer.numbers else SHARES
    values, low, high = (np.array(part, float) for part in zip(*score_rows(explorer), strict=True))
    texts = [words.score_text(value, explorer.numbers) if value == value else "" for value in values]
    texts[3] = texts[3] or "not opened"
    return {
        "span": span, "ticks": ticks, "values": values, "low": low, "high": high, "texts": texts,
        "others": np.array(explorer.other_scores(), float),
    }  # fmt: skip


def score_rows(explorer):
    """(score, low, high) of the baseline, the rows learned from, those held out and the test set; NaN where unknown."""
    outcome, nan = explorer.shown, float("nan")
    found = rows(explorer.source)
    known = [(baseline_score(found), nan, nan)] + [(nan, nan, nan)] * 3
    if outcome is None or found.problem:
        return known
    known[1] = (outcome.learned_score, nan, nan)
    if len(outcome.held):
        known[2] = experiment.held_interval(outcome)
    if explorer.is_tested:
        known[3] = experiment.tested_interval(outcome)
    return known


def baseline_score(found):
    """What the baseline reaches on the rows to learn and validate: the share of the commonest class, or R² = 0."""
    if found.problem:
        return float("nan")
    return 0.0 if found.numbers else float(np.bincount(found.data.y[found.known]).max() / len(found.known))


# --- the sentence -----------------------------------------------------------------------------------------------------


def sentence(explorer):
    """What is on screen."""
    found, outcome = rows(explorer.source), explorer.shown
    parts = [
        f"{heading(explorer, outcome)}. {_data_in_words(explorer, found)}",
        f"{_network_line(explorer, found)}. {_held_line(explorer)}.",
    ]
    if not found.problem:
        parts.append(_baseline_in_words(explorer, found))
    if outcome is not None:
        parts += [_outcome_in_words(explorer, outcome), _groups_in_words(explorer, explorer.compared(outcome))]
    elif explorer.group != NONE and not found.problem:
        names, counts = group_counts(explorer)
        told = ", ".join(f"{name} ({count:,})" for name, count in zip(names, counts, strict=True))
        parts.append(f"To be compared, {explorer.measure} by {explorer.group}: {told}.")
    verdicts = explorer.verdicts(outcome)
    parts.append("Checks: " + "; ".join(f"{k + 1} {v.title.lower()} {v.mark}" for k, v in enumerate(verdicts)) + ".")
    return " ".join(parts)


def _data_in_words(explorer, found):
    if found.problem:
        return found.problem
    everything = len(table(explorer.source.dataset, explorer.source.csv))
    left = everything - len(found.kept)
    lost = f" ({plural(left, 'row')} with missing values left out)" if left else ""
    kind = "a number" if found.numbers else f"classes {', '.join(found.data.target_names[:6])}"
    return (
        f"{_data_name(explorer)}, {len(found.kept):,} rows{lost}: {explorer.target} ({kind}) is predicted from "
        f"{plural(len(found.features), 'column')}; {len(found.test):,} rows are the test set."
    )


def _baseline_in_words(explorer, found):
    if found.numbers:
        return "The baseline answers the mean to everything: R² 0."
    names, counts = found.data.target_names, np.bincount(found.data.y[found.known])
    return f"The baseline answers “{names[counts.argmax()]}” to everything: right in {percent(baseline_score(found))}."


def _outcome_in_words(explorer, outcome):
    write = lambda value: words.score_text(value, explorer.numbers)  # noqa: E731
    name = "R²" if explorer.numbers else "Accuracy"
    text = f"{name} on rows learned from {write(outcome.learned_score)}"
    if len(outcome.held_loss):
        at = int(outcome.held_loss.argmin())
        last, lowest = words.short(outcome.held_loss[-1]), words.short(outcome.held_loss[at])
        text += (
            f", on {len(outcome.held):,} rows held out {write(outcome.held_score)}. The loss on rows held out ends at "
            f"{last}; its lowest was {lowest} at epoch {at + 1}"
        )
    middle = audit.layer_shares(outcome.gradients)[1]
    text += f". The faintest layer gets {percent(middle.min())} of the strongest layer's gradient."
    return f"{text} {words.on_test(explorer, outcome)}"


def _groups_in_words(explorer, compared):
    if compared is None:
        return "No groups are compared."
    write = signed if explorer.measure in ERRORS else percent
    told = ", ".join(
        f"{name} {write(value) if value == value else 'unknown'} ({write(low)} to {write(high)}, {count:,} rows)"
        if value == value else f"{name} unknown"
        for name, value, low, high, count in zip(
            compared.names, compared.values, compared.low, compared.high, compared.rows, strict=True
        )
    )  # fmt: skip
    return (
        f"{explorer.measure.capitalize()} by {explorer.group}: {told}; gap {gap_text(compared.gap, explorer.numbers)}."
    )
