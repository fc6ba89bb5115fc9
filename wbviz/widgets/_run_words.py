"""What RunBoard says of runs: how one went, how two differ, and what stands in its picture."""

from wbviz.scenes.run_board import TABLE_ROWS
from wbviz.widgets._run_charts import judged, named, number, partner, told
from wbviz.widgets._words import percent, plural

#: Two final losses are alike if the smaller is within this share of the larger.
ALIKE = 0.05


def training_metric(run):
    """The name of the loss on what a run learned from, or None."""
    return next((name for name in ("epoch_loss", "loss") if name in run.metrics), None)


def unseen(run):
    """The last loss on examples never seen, or on those learned from where there are no others; None without any."""
    name = training_metric(run)
    return None if name is None else run.last(partner(name) if partner(name) in run.metrics else name)


def verdict(run, writing=False):
    """How a run went, in a sentence."""
    found, last = judged(run), unseen(run)
    if writing:
        return f"{run.name} is being written: step {run.last_step}{f' of {run.steps}' if run.steps else ''}."
    if found.kind == "diverged":
        return f"{run.name} diverged by step {run.last_step}."
    if found.kind == "too short":
        return f"{run.name} is too short to be judged: step {run.last_step}."
    if found.kind == "overfits":
        rise = percent(last / found.lowest - 1, 0) if found.lowest > 0 else "much"
        return f"{run.name} overfits: lowest at step {found.step}, then up by {rise}."
    if found.kind == "rising":
        return f"{run.name} is rising: {number(found.lowest)} at step {found.step}, now {number(last)}."
    if found.kind == "still falling":
        return f"{run.name} is still falling, at {number(last)}."
    return f"{run.name} is level at {number(last)}."


def differences(one, other):
    """Setting → (the one's value, the other's), for settings that are not the same."""
    names = dict.fromkeys([*one.settings, *other.settings])
    pairs = {name: (one.settings.get(name), other.settings.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def compared(one, other):
    """The rows of the table of two runs: which settings differ, and what became of each."""
    pairs = differences(one, other) if other is not None else {name: (v, v) for name, v in one.settings.items()}
    settings = [(cut(named(name), 22), cut(told(a), 13), cut(told(b), 13)) for name, (a, b) in pairs.items()]
    outcome = [_row("loss, learned from", one, other, _learned), _row("loss, never seen", one, other, unseen)]
    outcome += [_row("lowest, at step", one, other, lambda run: judged(run).step, str)]
    most = TABLE_ROWS - 1 - len(outcome)
    if len(settings) > most:
        settings = [*settings[: most - 1], (f"and {len(settings) - most + 1} more", "", "")]
    head = (
        "differs" if other is not None else "setting",
        cut(one.name, 13),
        "" if other is None else cut(other.name, 13),
    )
    rows = [head, *settings, *outcome]
    return rows if other is not None else [(name, a, "") for name, a, _ in rows]


def cut(text, length):
    """A text on one line, no longer than so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _learned(run):
    name = training_metric(run)
    return None if name is None else run.last(name)


def _row(name, one, other, value, text=number):
    return name, text(value(one)), "" if other is None else text(value(other))


def difference(one, other):
    """What can be concluded from the difference of two runs, in a sentence."""
    if other is None:
        return "Choose another run to compare it with."
    pairs = differences(one, other)
    if not pairs:
        return "Their settings are the same."
    if len(pairs) == 1:
        (name,) = pairs
        return f"Only the {named(name)} differs{_effect(one, other)}"
    return f"{plural(len(pairs), 'setting')} differ: which made the difference?"


def _effect(one, other):
    """What a single difference did, as the end of a sentence."""
    if one.seed != other.seed:
        return " (and the seed): take more seeds."
    losses, kinds = [unseen(run) for run in (one, other)], [judged(run).kind for run in (one, other)]
    same = kinds[0] == kinds[1] and None not in losses and abs(losses[0] - losses[1]) <= ALIKE * max(losses)
    return ", to little effect." if same or kinds == ["diverged"] * 2 else ": it made the difference."


def brushed(board, inside):
    """What lies inside the brush, in a sentence."""
    runs = board.runs
    kinds = [judged(runs[k - 1]).kind for k in inside]
    found = [f"{kinds.count(kind)} {words}" for kind, words in KINDS.items() if kind in kinds]
    low, high = board.span
    kinds = f" ({', '.join(found)})" if found else ""
    return (
        f"Inside the brush on {named(board.axis)}, from {low:.2f} to {high:.2f} of its height: {len(inside)} of "
        f"{plural(len(runs), 'run')}{kinds}."
    )


KINDS = {
    "diverged": "diverged", "overfits": "overfit", "rising": "rising", "still falling": "still falling",
    "level": "level", "too short": "too short",
}  # fmt: skip


def spread_in_words(board, found, part):
    """How the numbers of a part are spread at the step shown."""
    if found is None:
        return f"No histograms of {board.quantity} in layer {board.layer} are noted."
    last = "" if found["moment"] == board.step else f" (noted at step {found['moment']})"
    return (
        f"{board.quantity.capitalize()} of layer {board.layer} ({part}) at step {board.step}{last}: "
        f"{plural(sum(found['counts']), 'number')} from {told(found['low'])} to {told(found['high'])}, "
        f"mean {told(found['mean'])}, standard deviation {told(found['sd'])}."
    )
