"""What Playground says: texts of its picture, and the sentence for those who cannot see it."""

from wbviz.widgets._lab import SIGNS, unit_of
from wbviz.widgets._lab_training import rate
from wbviz.widgets._traits import names_of_units
from wbviz.widgets._words import parameter_names, percent, plural, signed

ROUNDED = {"classification": "accuracy", "regression": "rms error"}


def short(value):
    """A number that fits a narrow place, with a true minus sign: −0.52, 1234, 2.1e+05."""
    if abs(value) < 100:
        return signed(value)
    return (f"{value:.0f}" if abs(value) < 1e4 else f"{value:.1e}").replace("-", "−")


def picture_words(explorer, judged):
    """All texts of the scene, as PlaygroundScene.update wants them."""
    terms, column = the_sum(explorer, judged)
    return {
        "heading": heading(explorer),
        "lines": [rate_line(explorer, judged), recipe_line(explorer), status_line(explorer)],
        "epoch": epoch(explorer),
        "hint": hint(explorer),
        "sum_title": sum_title(explorer, judged),
        "sum": terms,
        "column": column,
        "table": table(explorer, judged),
        "counts": counts(judged),
    }


def heading(explorer):
    """The architecture and its size."""
    off = "" if explorer.biases else ", biases held at 0"
    activation = f", {explorer.activation.replace('_', ' ')}" if explorer.layers else ""
    return f"{'–'.join(map(str, explorer.sizes))}{activation}: {len(explorer.params)} weights and biases{off}"


def rate_line(explorer, judged):
    """The optimiser and its learning rate now."""
    e = explorer
    now = rate(e.recipe, e.epoch, int((~judged.lesson.held_out).sum()))
    schedule = f" ({e.schedule.replace('_', ' ')} over {e.schedule_epochs} epochs)" if e.schedule != "constant" else ""
    return f"{_optimizer(e)}, learning rate {now:.3g}{schedule}"


def recipe_line(explorer):
    """Start, batches, penalty, clipping, as far as they are not off."""
    e = explorer
    parts = [f"{e.init.replace('_', ' ')} seed {e.init_seed}", f"batches of {e.batch_size}"]
    parts += [f"{name} {value:g}" for name, value in (("L1", e.l1), ("L2", e.l2)) if value]
    parts += ["on biases too"] if e.penalize_biases else []
    clips = [f"{name} {value:g}" for name, value in (("norm", e.clip_norm), ("value", e.clip_value)) if value]
    return ", ".join(parts + ([f"clip {' and '.join(clips)}"] if clips else []))


def status_line(explorer):
    """Why the run ended, or when it will."""
    return explorer.run.get("ended", "") or stops(explorer)


def stops(explorer):
    """When the run will end by itself."""
    e = explorer
    parts = [f"epoch {e.max_epochs}"] + ([f"loss {e.target_loss:g}"] if e.target_loss else [])
    parts += [f"{e.patience} epochs without progress"] if e.patience else []
    return f"Stops at {' or '.join(parts)}; {e.speed} a picture."


def hint(explorer):
    """What hands can do, and what a click adds."""
    new = explorer.paint if explorer.task == "classification" else f"value {short(explorer.value)}"
    return (
        f"Map: click adds {new} or relabels, drag moves, Shift-click deletes. "
        "Network: click a unit or line, drag a line up or down. Keys: P U E R F + − …"
    )


def epoch(explorer):
    """Where the run is."""
    batch = explorer.run.get("batch", 0)
    return f"Epoch {explorer.epoch:,}" + (f" and {plural(batch, 'update')}" if batch else "")


def _optimizer(e):
    own = {
        "SGD": [("momentum", e.momentum), ("weight decay", e.weight_decay)],
        "RMSprop": [("α", e.alpha)],
        "Adam": [("β", f"{e.beta1:g}/{e.beta2:g}")],
        "AdamW": [("β", f"{e.beta1:g}/{e.beta2:g}"), ("weight decay", e.weight_decay)],
    }
    settings = ", ".join(f"{name} {value}" for name, value in own.get(e.optimizer, ()) if value)
    look_ahead = " (Nesterov)" if e.optimizer == "SGD" and e.nesterov and e.momentum else ""
    return f"{e.optimizer}{look_ahead}{f' ({settings})' if settings else ''}"


# --- the unit in hand -------------------------------------------------------------------------------------------------


def the_sum(explorer, judged):
    """The terms of the sum of the unit in hand at the cross, each as 4 texts, and which of them is in hand."""
    net, names = judged.net, names_of_units(explorer)
    layer, unit, column = unit_of(net, explorer.chosen)
    weights, bias = net.weights[layer][:, unit], net.biases[layer][unit]
    values = judged.look.outputs[layer]
    terms = [(name, short(w), short(a), short(w * a)) for name, w, a in zip(names[layer], weights, values, strict=True)]
    return [*terms, ("bias", short(bias), "1", short(bias))], column


def sum_title(explorer, judged):
    """The result: z, and a = f(z)."""
    look, (layer, unit, _) = judged.look, unit_of(judged.net, explorer.chosen)
    name, last = names_of_units(explorer)[layer + 1][unit], layer == len(explorer.sizes) - 2
    z, a = look.sums[layer][unit], look.outputs[layer + 1][unit]
    function = judged.net.activations[layer].name
    result = f"z = {short(z)}" if function == "identity" else f"z = {short(z)}, {function}(z) = {short(a)}"
    if last and explorer.task == "classification" and function == "identity":
        result += f", probability σ(z) = {signed(look.here, 3)}"
    x1, x2 = explorer.cursor
    return f"{name} at the cross ({short(x1)}, {short(x2)}): the parts add up to {result}"


# --- numbers ----------------------------------------------------------------------------------------------------------


def table(explorer, judged):
    """Rows of three texts: what, on the training points, on those held out."""
    known, unseen = judged.scores
    penalty = judged.penalty
    rows = [("", "training", "validation")]
    rows.append(("data loss", *(_number(s and s.loss) for s in (known, unseen))))
    rows.append(("+ penalty", _number(penalty), "" if unseen is None else _number(penalty)))
    rows.append(("= loss", *(_number(s and s.loss + penalty) for s in (known, unseen))))
    rows.append((ROUNDED[explorer.task], *(_quality(s) for s in (known, unseen))))
    return rows


def counts(judged):
    """The confusion matrix of the points held out, or where there are none of the training points."""
    best = judged.scores[1] or judged.scores[0]
    return None if best is None else best.counts


def _number(value):
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.1e}"


def _quality(found):
    if found is None:
        return "–"
    if found.accuracy is None:
        return _number(found.error)
    return percent(found.accuracy, 0 if found.accuracy == 1 else 1)


# --- in words ---------------------------------------------------------------------------------------------------------


def description(explorer, judged):
    """All of it as sentences."""
    return " ".join(
        [
            _data_in_words(explorer, judged),
            f"{heading(explorer)}; inputs {', '.join(SIGNS[name] for name in explorer.features)}.",
            f"{rate_line(explorer, judged)}; {recipe_line(explorer)}. {stops(explorer)}",
            f"{epoch(explorer)}: {_scores_in_words(explorer, judged)}",
            explorer.run.get("ended", ""),
            _hand_in_words(explorer, judged),
            _shown_in_words(explorer),
        ]
    )


def _data_in_words(explorer, judged):
    e, held_out = explorer, judged.lesson.held_out
    drawn = "" if e.dataset == "own" else f", noise {e.noise:g}, seed {e.seed}"
    new = f"new points: {e.paint}" if e.task == "classification" else f"new points have the value {e.value:g}"
    return (
        f"{e.dataset.capitalize()} ({e.task}{drawn}): {plural(int((~held_out).sum()), 'training point')}, "
        f"{int(held_out.sum())} for validation; {new}."
    )


def _scores_in_words(explorer, judged):
    words, loss, kind = [], explorer.loss.replace("_", " "), ROUNDED[explorer.task]
    for name, found in zip(("training", "validation"), judged.scores, strict=True):
        if found is not None:
            words.append(f"{name} loss ({loss}) {_number(found.loss)}, {kind} {_quality(found)}")
    return "; ".join([*words, f"penalty {_number(judged.penalty)}"]) + "."


def _hand_in_words(explorer, judged):
    name = parameter_names(names_of_units(explorer))[explorer.chosen]
    frozen = f" {plural(len(explorer.frozen), 'parameter')} frozen." if explorer.frozen else ""
    terms, _ = the_sum(explorer, judged)
    parts = ", ".join(f"{source} {part}" for source, *_, part in terms)
    value = short(explorer.params[explorer.chosen])
    return f"In hand: {name} = {value}. {sum_title(explorer, judged)} ({parts}).{frozen}"


def _shown_in_words(explorer):
    e = explorer
    points = "with" if e.show_validation else "without"
    colours = " in two colours" if e.discretise else ""
    return f"The large map shows the {e.view}{colours}, {points} the validation points; the chart the {e.chart}."
