"""What a film says of the moment shown: what has changed, what is worth seeing, what was kept."""

import numpy as np

from wbviz.widgets._filming import CURVES, KILOBYTE, LEARNED
from wbviz.widgets._words import percent, plural, signed, unit_names

ROOM = 96  # characters of a line
HINT = "Drag: the step. Click: a moment, a line. Keys: ← → step, n p 1–5 moments, ↑ ↓ unit, Home End"


def number(value):
    """A number with two decimals, in three digits where it is large or small."""
    if not np.isfinite(value):
        return "beyond 1e308"
    if value != 0 and not 0.005 <= abs(value) < 1000:
        return f"{value:.2g}".replace("-", "−").replace("e+", "e")
    return signed(value)


def texts(figure, rows, table):
    """All texts of LearningFilmScene. rows: places in the list of moments.  table: rows of the unit in hand."""
    names = unit_names(figure.sizes)
    layer, k = figure._unit_place()
    chosen, now, change = figure.in_hand, figure._picture, figure.changes()
    values = [text for i in chosen for text in (number(now.net.params[i]), number(change[i]))]
    found = [text for i, moment in enumerate(figure.moments) for text in _row(i, moment)]
    marked = [i for i, moment in enumerate(figure.moments) if moment.step == figure.moment]
    return {
        "heading": (heading(figure), f"{_recipe(figure)}."),
        "titles": (
            _plane(figure, now), f"All {now.net.n_params} weights and biases",
            f"In hand: {names[layer + 1][k]}, {_role(figure, layer)}",
            f"now, and the change since step {figure.since()}", _list_title(figure),
        ),
        "names": [*names[layer], "b"],
        "table": _padded([figure.names[i] for i in chosen], table),
        "values": _padded(values, 2 * table),
        "losses": (f"loss, learned from: {number(now.learned)}", f"held out: {number(now.held)}"),
        "list": _padded(found, 3 * rows),
        "row": marked[0] if marked else None,
        "notes": (changed(figure), kept(figure), HINT),
    }  # fmt: skip


def _row(i, moment):
    return f"{i + 1}", f"step {moment.step}", moment.words


def _padded(items, count):
    return [*items, *[""] * (count - len(items))]


def _recipe(figure):
    examples = f"all {LEARNED} examples" if figure.batch == LEARNED else f"{figure.batch} of {LEARNED} examples"
    return f"{figure.activation}, {figure.optimizer}, lr {figure.lr:g}, {examples} a step, seed {figure.seed}"


def heading(figure):
    """The network, its data and the step."""
    shape = "-".join(map(str, figure.sizes))
    film = figure.film
    end = "" if film.diverged is None else f" (diverged at {film.diverged})"
    return f"{shape} learns {figure.dataset}: step {figure.moment} of {figure._setting.steps}{end}"


def _plane(figure, now):
    if figure.dataset in CURVES:
        return "Its curve now; truth dotted; ticks: bends"
    wrong = round((1 - now.right) * LEARNED)
    return f"Its answers: {wrong} of {LEARNED} wrong (ringed)" if wrong else f"Its answers: all {LEARNED} right"


def _role(figure, layer):
    if layer == len(figure.sizes) - 2:
        return "the output"
    if layer:
        return "no line of its own"
    return "the tall tick" if figure.dataset in CURVES else "the bold line"


def _list_title(figure):
    return "Moments worth seeing, found by computation" if figure.moments else "No moment stands out in this run"


def changed(figure):
    """What has changed most since the last moment, in a sentence."""
    if figure.moment == 0:
        return f"This is the start: weights drawn at random from seed {figure.seed}, and every bias 0."
    since, change, now = figure.since(), figure.changes(), figure._picture.net.params
    said, told = f"Changed most since step {since}: ", []
    for i in np.abs(change).argsort()[::-1]:
        before, after = number(now[i] - change[i]), number(now[i])
        line = f"{figure.names[i]} {before} → {after}"
        if before == after or len(said) + len(", ".join([*told, line])) > ROOM:
            break
        told.append(line)
    if not told:
        return f"Since step {since} no weight and no bias has moved by as much as can be told in two decimals."
    return f"{said}{', '.join(told)}."


def kept(figure):
    """What the film keeps, and how the moment shown was found."""
    film = figure.film
    nearest = int(film.steps[np.searchsorted(film.steps, figure.moment, side="right") - 1])
    how = "is a keyframe" if nearest == figure.moment else f"trained again from {nearest}"
    every = "every step" if film.stride == 1 else f"every {film.stride} steps"
    size = f"{film.nbytes / KILOBYTE:.1f} of {figure.memory} kB"
    return f"Film: {len(film.steps)} keyframes (ticks), {every}, {size}. Step {figure.moment} {how}."


def description(figure):
    """The moment shown, as a paragraph."""
    now, names = figure._picture, unit_names(figure.sizes)
    layer, k = figure._unit_place()
    chosen = ", ".join(f"{figure.names[i]} = {number(now.net.params[i])}" for i in figure.in_hand)
    right = "" if now.right is None else f", {percent(now.right)} of the examples right"
    listed = "; ".join(f"step {moment.step}, {moment.words}" for moment in figure.moments)
    return (
        f"{heading(figure)}; {_recipe(figure)}; {plural(figure.epochs, 'epoch')}. Loss {number(now.learned)} on "
        f"examples learned from and {number(now.held)} on those held out{right}. {changed(figure)} In hand is unit "
        f"{names[layer + 1][k]}: {chosen}. {'Moments worth seeing: ' + listed if listed else _list_title(figure)}. "
        f"{kept(figure)}"
    )
