"""The words of Frameworks: digits, differences and times, and where the numbers are from."""

import itertools

import numpy as np

from wbviz.bridges.recorded import recorded_on
from wbviz.widgets._comparing import STEPS
from wbviz.widgets._words import superscript

#: How many decimals a loss is written with: all that its bits can hold.
DECIMALS = {"float64": 16, "float32": 8}
NONE = "—"
#: Losses that are closer than this count as the same in 64 bits.
MARK = 1e-9


def state(setting):
    """The setting in one line."""
    bits = setting.precision.removeprefix("float")
    return (
        f"{setting.dataset}, {setting.activation}, {setting.optimizer} at lr {setting.lr:g}, seed {setting.seed}, "
        f"{bits} bits, settings {setting.settings}"
    )


def digits(values, precision):
    """Each library's loss of one step in full, with a bar in front of the first digit that is not wbviz's.

    values: by library an array of one loss, or of none.
    """
    written = [f"{value[0]:.{DECIMALS[precision]}f}" if len(value) else NONE for value in values]
    return [written[0], *(_barred(text, written[0]) for text in written[1:])]


def _barred(text, ours):
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, ours, strict=False)))
    return text if text in (ours, NONE) or ours == NONE else f"{text[:same]}|{text[same:]}"


def largest(apart):
    """The largest of some differences."""
    return power(apart.max()) if len(apart) else NONE


def power(value):
    """A small number as 1.1·10⁻¹⁶; 0 as what it means."""
    if not value:
        return "0, all equal"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·10{superscript(int(exponent))}"


def duration(seconds):
    """A time of a step: 18 µs, 1.2 ms."""
    if seconds is None:
        return NONE
    micro = 1e6 * seconds
    return f"{micro:.0f} µs" if micro < 1000 else f"{micro / 1000:.1f} ms"


def sources(found):
    """Five lines on where the numbers of the others are from. found: name → (source, Trained, what to do without)."""
    about, lines = recorded_on(), ["wbviz: trained here and now"]
    for name, (source, trained, without) in found.items():
        lines.append(f"{name} {_short(trained.version)}: {source}" if source else f"{name}: {without[0]}")
    if any(source == "recorded" for source, *_ in found.values()):
        lines += [f"Recorded on {about['date']} (times too)", f"on {_processor(about['processor'])}"]
    return [*lines, *[""] * (5 - len(lines))]


def _short(version):
    return version.split(",")[0].split("+")[0]


def _processor(name):
    name = name.replace("(R)", "").replace("(TM)", "").replace(" CPU", "").split("@")[0].strip()
    return name[:34]


def course(losses):
    """How the training by wbviz's engine went."""
    if len(losses) < STEPS:
        return f"By wbviz's engine it diverges after {len(losses)} steps: the learning rate is too large."
    return f"In {STEPS} steps by wbviz's engine the loss goes from {losses[0]:.3f} to {losses[-1]:.3f}."


def rounding(live):
    """What 32 bits alone change: the losses of wbviz, and its time, as its quick path is for 64 bits."""
    far = power(live.rounding.max())
    return f"With 64 bits its losses would differ by up to {far}, and its steps be quicker than in 32. "


def told(name, source, trained, apart, without):
    """What a library made of it."""
    if source is None:
        return f"{name}: {without[1]}"
    about = recorded_on()
    where = "run here" if source == "run here" else f"recorded on {about['date']} on {about['processor']}"
    far = apart.max()
    relation = f"{'within' if far < MARK else 'beyond'} the mark of 10⁻⁹"
    made = "" if len(apart) >= STEPS else f" after {len(apart)} steps"
    return f"{name} {trained.version} ({where}): the largest difference{made} is {power(far)}, {relation}."


def at_step(step, losses, precision):
    """The digits of one step, and how many decimals are the same."""
    values = [np.empty(0) if series is None else series[step - 1 : step] for series in losses]
    ours, *others = digits(values, precision)
    if all(text == NONE for text in others):
        return f"Before step {step} the loss is {ours}."
    same = [_same(text) for text in others if text != NONE]
    return f"Before step {step} the loss is {ours}; the others have {' and '.join(same)}."


def _same(text):
    if "|" not in text:
        return "all decimals the same"
    return (
        f"{max(text.index('|') - text.index('.') - 1, 0)} decimals the same"
        if "." in text.split("|")[0]
        else "none the same"
    )


def times(seconds):
    """What a step takes."""
    known = {name: duration(time) for name, time in seconds.items() if time is not None}
    if not known:
        return "No times were measured at this setting."
    return f"A step takes {', '.join(f'{time} in {name}' for name, time in known.items())}."
