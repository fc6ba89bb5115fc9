"""MetaLearning in words and numbers."""

import math

from wbviz.data.starts import sine_starts
from wbviz.engine.meta import AMPLITUDES
from wbviz.widgets._adapting import BATCH, BEFORE, NAMES, SIZES, TASKS
from wbviz.widgets._words import parameter_names, plural, signed, unit_names

PARAMETERS = parameter_names(unit_names(SIZES))
HUGE = 1000.0


def amount(error):
    """An error as text: three digits, or that it is large beyond use."""
    if error >= HUGE:
        return "> 1,000"
    return f"{error:.{2 if error < 10 else 1 if error < 100 else 0}f}"


def progress(method, start, loss):
    """How far a meta-training is."""
    return f"{method}, {plural(start.made, 'iteration')}; loss after the inner steps {loss:.2f}"


def moved(top, before, now):
    """What moved most, as the scene wants it: changes, names, and the numbers before and now."""
    digits = 2 if len(top) and abs(now - before).max() >= 0.1 else 3
    return {
        "values": now - before,
        "names": [PARAMETERS[position] for position in top],
        "texts": [f"{_value(a, digits)} → {_value(b, digits)}" for a, b in zip(before, now, strict=True)],
    }


def _value(value, digits):
    """A weight or bias as text; where steps have blown it up, its size alone."""
    return signed(value, digits) if abs(value) < 100 else f"{value:.0e}".replace("-", "−").replace("e+0", "e")


def all_of(figure, errors, medians):
    """All texts of the picture."""
    step, recipe = figure.step, figure._starts()[0].recipe
    arrow = (f"{amount(found[0])} → {amount(found[step])}" if step else amount(found[0]) for found in errors)
    learned, *others = (f"{amount(figure.moved(name))} ({name})" for name in NAMES)
    return {
        "heading": (
            f"{_capital(figure.method)}: {plural(step, 'step')} of {figure.inner_lr:g} on a new task",
            origin(figure),
        ),
        "errors": [f"{name}: {text}" for name, text in zip(NAMES, arrow, strict=True)],
        "curves": f"Error on {TASKS} other tasks: median and middle half",
        "bars": f"{_capital(figure.shown)} start: what moved most" if step else "Nothing has moved before a step",
        "says": (
            f"Way of all {len(PARAMETERS)} together: {learned},",
            f"{', '.join(others)}.",
            f"{_kind(figure)} median error {_triple(medians, step)}.",
            f"{inside(figure)} {_rate(figure, recipe)}",
        ),
    }


def origin(figure):
    """One line on where the learned start comes from."""
    start, known = figure._starts()[0], sine_starts()
    here = ""
    if start.made:
        recipe = start.recipe
        here = (
            f"{plural(start.made, 'iteration')} here ({plural(recipe.inner_steps, 'inner step')} of "
            f"{recipe.inner_lr:g}, {plural(recipe.points, 'point')})"
        )
    if start.origin != BEFORE:
        return f"The learned start: random weights, {here or 'not trained yet. Press Start below the picture'}"
    if here:
        return f"The learned start: trained in advance, then {here}"
    each = plural(known.inner_steps[figure.method], "inner step")
    before = f"{known.iterations:,} iterations of {known.tasks} tasks, {each} of {known.inner_lr:g}"
    return f"The learned start: trained in advance ({before})"


def inside(figure):
    """Whether the task in the panels is one of those the starts were trained on."""
    outside = [f"amplitude {figure.amplitude:g} (to {AMPLITUDES[1]:g})"] if figure.amplitude > AMPLITUDES[1] else []
    outside += [f"phase {figure.phase:g} (to π)"] if figure.phase > math.pi else []
    if outside:
        return f"Never trained on: {', '.join(outside)}."
    return "The task in the panels is of the kind trained on."


def _capital(text):
    return text[0].upper() + text[1:]


def _rate(figure, recipe):
    if recipe is None or math.isclose(recipe.inner_lr, figure.inner_lr):
        return ""
    return f"Learned for steps of {recipe.inner_lr:g}; these are {figure.inner_lr:g}."


def _kind(figure):
    return f"{TASKS} tasks{'' if figure.held_out.startswith('as') else ','} {figure.held_out}:"


def _triple(values, step):
    return ", ".join(f"{amount(found[step])} ({name})" for name, found in zip(NAMES, values, strict=True))


def description(figure, errors, quartiles, top):
    """The figure as a paragraph."""
    step = figure.step
    spread = ", ".join(
        f"{name} {amount(each.middle[step])} (middle half {amount(each.low[step])} to {amount(each.high[step])})"
        for name, each in zip(NAMES, quartiles, strict=True)
    )
    own, far = figure.places is not None, ", ".join(f"{amount(figure.moved(name))} ({name})" for name in NAMES)
    (positions, before, now), rate = top, _rate(figure, figure._starts()[0].recipe)
    parts = [
        f"{PARAMETERS[k]} from {_value(a, 2)} to {_value(b, 2)}"
        for k, a, b in zip(positions[:3], before, now, strict=False)
    ]
    return (
        f"{figure.method}. {origin(figure)}. The pretrained one: as many tasks, all as one. "
        f"Start trains with {plural(figure.inner_steps, 'inner step')} of "
        f"{figure.inner_lr:g}, {BATCH} tasks of {plural(figure.points, 'point')}. The new task: amplitude "
        f"{figure.amplitude:g}, phase {figure.phase:g}; {plural(figure.points, 'point')}, "
        f"{'placed by hand' if own else f'{figure.where}, seed {figure.seed}'}, noise {figure.noise:g}. "
        f"{inside(figure)} After {plural(step, 'step')} of {figure.inner_lr:g} the error on it is "
        f"{_triple(errors, step)}; before any step it is {_triple(errors, 0)}. On {_kind(figure)} median error "
        f"{spread}.{' ' + rate if rate else ''} Moved most from the {figure.shown} start: "
        f"{', '.join(parts) or 'nothing yet'}; the way of all "
        f"{len(PARAMETERS)} weights and biases is {far}."
    )
