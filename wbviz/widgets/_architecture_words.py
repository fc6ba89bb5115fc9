"""What ArchitectureSearch says: on the picture, beside its bar, and as the sentence below."""

from wbviz.scenes.architecture_search import STRONGEST
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import FEWEST, HAND, OWN, RANDOM, TPE, WAYS
from wbviz.widgets._words import percent, plural, signed

SPOKEN = ("number of layers", "number of units", "activation", "optimiser", "learning rate")


def said(setting):
    """A setting in words: 3 layers of 8 units, tanh; Adam, lr 0.012."""
    return (
        f"{plural(setting['depth'], 'layer')} of {setting['width']}, {setting['activation']}; "
        f"{setting['optimizer']}, lr {setting['lr']:.3g}"
    )


def short(setting):
    """The same for the picture: 3 × 8 tanh, Adam, lr 0.012."""
    size = f"{setting['depth']} × {setting['width']}"
    return f"{size} {setting['activation']}, {setting['optimizer']}, lr {setting['lr']:.3g}"


def progress(run):
    """How far a search is, for its bar."""
    count = len(run.attempts)
    return f"{_data(run.setting)}, {run.setting.way}: {plural(count, 'trial')}, best {percent(run.best.score)}"


def on_the_picture(explorer, run, runs, shares):
    """The texts of the scene."""
    setting, (whose, told) = run.setting, explorer._told()
    where = "poor ones end early" if setting.prune else "all to their end"
    return {
        "heading": f"{_data(setting).capitalize()}: {_named(setting.way)}, {setting.trials} full trainings",
        "state": f"{run.spent:,} of {setting.budget:,} epochs spent in {plural(len(run.attempts), 'trial')}, {where}",
        "title": _title(explorer, whose, told),
        "says": _says(setting, told),
        "caption": _caption(setting, told),
        "bars": f"What matters, by {explorer.judge}" + ("" if shares else ": not known yet"),
        "shares": [percent(share, 0) for share in shares.values()] if shares else [""] * 5,
        "table": [text for way in WAYS for text in _row(explorer, runs.get(way))],
        "next": short(explorer.hand),
        "note": _note(explorer.lack()) or _source(run),
    }


def _title(explorer, run, told):
    if told is None:
        return f"Trial {explorer.trial}: not tried yet" if explorer.trial else "Nothing is tried yet"
    best = run.best is not None and told.number == run.best.number
    return f"{run.setting.way}, trial {told.number + 1}" + (": the best" if best else "")


def _says(setting, told):
    if told is None:
        return ["", "", ""]
    full = experiment.DATA[setting.dataset].epochs
    end = ", diverged" if told.diverged else ", given up" if told.stopped else ""
    return [
        short(told.setting),
        f"held out {percent(told.score)}, learned {percent(told.train_score)}",
        f"{told.epochs} of {full} epochs{end}",
    ]


def _caption(setting, told):
    if told is None:
        return ""
    net = experiment.look(setting, told).model.net
    drawn = sum(weights.size for weights in net.weights)
    few = f"{STRONGEST} largest of {drawn:,}" if drawn > STRONGEST else f"all {drawn}"
    return f"{few} weights; ● bias ≥ 0"


def _row(explorer, run):
    if run is None or run.best is None:
        return ["–", "", "", ""]
    kept = experiment.look(run.setting, run.best).sealed if explorer.opened else None
    gap = "" if kept is None else _points(run.best.score - kept)
    return [f"{len(run.attempts)}", percent(run.best.score), "sealed" if kept is None else percent(kept), gap]


def _points(gap):
    text = signed(100 * gap, 1)
    return text if text.startswith("−") else f"+{text}"


def _note(lack):
    """The first two sentences: what is missing, and what to type."""
    return ". ".join(lack.split(". ")[:2]).rstrip(".") + "." if lack else ""


def _source(run):
    return f"What to try was recorded: {run.source}. Training is live." if run.source else ""


# --- the sentence -----------------------------------------------------------------------------------------------------


def sentence(explorer, run, runs, shares):
    """What is on screen, in words and numbers."""
    setting = run.setting
    parts = [
        f"{_data(setting).capitalize()}, seed {setting.seed}: {_named(setting.way)} over depth, width, activation, "
        f"optimiser and learning rate, with {setting.budget:,} epochs, as many as {setting.trials} full trainings; "
        + ("trials below the median are given up early." if setting.prune else "every trial goes to its end."),
        explorer.lack(),
        _source(run),
        _found(run),
        _told(explorer),
        _weighed(explorer, shares),
        _compared(explorer, runs),
        f"Your next try would be {said(explorer.hand)}.",
    ]
    return " ".join(part for part in parts if part)


def _found(run):
    if run.best is None:
        return (
            "Nothing is tried in this way yet: press Start." if run.setting.way != HAND else "You have tried nothing."
        )
    stopped = sum(attempt.stopped for attempt in run.attempts)
    early = f", {stopped} of them given up early" if stopped else ""
    return (
        f"{plural(len(run.attempts), 'trial')} took {run.spent:,} epochs{early}. The best is trial "
        f"{run.best.number + 1}: {percent(run.best.score)} right on rows held out."
    )


def _told(explorer):
    run, told = explorer._told()
    if told is None:
        return f"Trial {explorer.trial} is not tried yet." if explorer.trial else ""
    end = ", where it diverged" if told.diverged else ", where it was given up" if told.stopped else ""
    return (
        f"Drawn is trial {told.number + 1} {_whose(run)}, {said(told.setting)}: {percent(told.score)} right on rows "
        f"held out and {percent(told.train_score)} on those it learned from, after {plural(told.epochs, 'epoch')}{end}."
    )


def _whose(run):
    return {TPE: "of TPE", HAND: "of yours"}.get(run.setting.way, "of random search")


def _weighed(explorer, shares):
    if not shares:
        lack = experiment.missing(explorer.judge)
        return f"What matters, by {explorer.judge}, is not known: " + (
            lack or f"it takes {FEWEST} trials to their end."
        )
    most = max(shares, key=shares.get)
    label = dict(zip(shares, SPOKEN, strict=True))[most]
    if shares[most] == 0:
        return f"By {explorer.judge} no setting matters more than luck."
    together, rest = sum(shares.values()), ""
    if explorer.judge == OWN and explorer.way == RANDOM and not explorer.prune and together < 1:
        rest = f"; all five together {percent(together, 0)}, the rest is interplay and luck"
    elif explorer.judge == OWN:
        rest = "; these trials did not come about by chance alone, so that the shares may overlap"
    return f"By {explorer.judge} the {label} matters most, {percent(shares[most], 0)}{rest}."


def _compared(explorer, runs):
    found = {way: run for way, run in runs.items() if run.best is not None}
    if not found:
        return ""
    told = ", ".join(
        f"{way} {percent(run.best.score)} in {plural(len(run.attempts), 'trial')}" for way, run in found.items()
    )
    if not explorer.opened:
        return f"The best so far: {told}. The test rows are sealed."
    kept = ", ".join(
        f"{way} {percent(look)} (promised {_points(run.best.score - look)} points)"
        for way, run in found.items()
        for look in [experiment.look(run.setting, run.best).sealed]
    )
    return f"The best so far: {told}. On the {len(_sealed(explorer)):,} test rows, which no search has seen: {kept}."


def _sealed(explorer):
    return experiment.rows(explorer.dataset, explorer.seed).sealed_y


def _data(setting):
    return setting.dataset.replace("_", " ")


def _named(way):
    return {TPE: "Optuna's TPE", HAND: "your own tries"}.get(way, "random search")
