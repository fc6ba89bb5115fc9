"""What HyperparameterSearch says: on the picture, beside its bar, and as the sentence below."""

import numpy as np

from wbviz.scenes.hyperparameter_search import LOOKS
from wbviz.widgets import _searching as experiment
from wbviz.widgets._words import percent, plural, signed


def progress(run):
    """How far a search is, for its bar."""
    name = run.setting.dataset.replace("_", " ")
    return f"{name}, {run.setting.strategy}: {len(run.trials)} settings tried, best {percent(run.best.score)}"


def on_the_picture(explorer, run, plan, told):
    """The texts of the scene."""
    setting, runs = run.setting, explorer._siblings()
    known = experiment.rows(setting.dataset, setting.examples, setting.seed)
    return {
        "heading": f"{_data(setting).capitalize()}: {setting.strategy}, {_priced(plan, setting)}",
        "state": (
            f"{explorer.networks:,} networks, {run.spent:,} of {plan.budget:,} epochs spent; "
            f"{setting.examples} rows to search with, {len(known.sealed_y):,} sealed"
        ),
        "title": _title(explorer, run, told),
        "says": _says(explorer, plan, run, told),
        "strip": f"Right on rows held out, by {'λ' if setting.penalty else 'learning rate'}",
        "scores": [percent(runs[name].best.score) if name in runs else "not run" for name in LOOKS],
        "gaps": [_gap(runs.get(name)) for name in LOOKS] + [_nested_gap(explorer)],
    }


def _title(explorer, run, told):
    number = explorer.trial if explorer.trial else (told.number + 1 if told else 0)
    if not number:
        return "Nothing is tried yet: press Start"
    if told is None:
        return f"Setting {number}: not tried yet"
    best = told.number == run.best.number
    return f"Setting {number}" + ((": the best" if run.over else ": the best so far") if best else "")


def _says(explorer, plan, run, told):
    """Five short lines about a setting."""
    number = told.number if told else explorer.trial - 1
    if number < 0:
        return ["A single setting takes a while here.", *[""] * 4]
    rate, width, penalty = plan.places[number]
    lines = [f"learning rate {rate:.3g}" + (f", λ {penalty:.2g}" if penalty else ""), plural(int(width), "hidden unit")]
    if told is not None:
        lines[1] += f", {plural(told.epochs, 'epoch')}" + (", diverged" if told.diverged else "")
        lines.append(f"right on {percent(told.score)} of rows held out")
        if len(told.scores) > 1:
            lines.append(f"folds: {', '.join(f'{100 * score:.0f}' for score in told.scores)} %")
        lines.append(f"and on {percent(told.train_score)} of those learned from")
    return [*lines, *[""] * (5 - len(lines))]


def _gap(run):
    if run is None:
        return ""
    return _points(run.best.score - run.sealed) if run.over else "sealed"


def _nested_gap(explorer):
    check = explorer._checks.get(explorer._setting)
    if check is None or not check.outers:
        return "not run"
    return _points(check.inner - check.outer)


def _points(gap):
    """A difference of shares in percentage points, with its sign."""
    text = signed(100 * gap, 1)
    return text if text.startswith("−") else f"+{text}"


# --- the sentence -----------------------------------------------------------------------------------------------------


def sentence(explorer, run, plan, check):
    """What is on screen, in words and numbers."""
    setting = run.setting
    over = "learning rate × hidden units" + (" × λ" if setting.penalty else "")
    parts = [
        f"{_data(setting).capitalize()}, seed {setting.seed}: {_strategy(setting)} over {over}, "
        f"{_priced(plan, setting)} full trainings, each judged on {setting.folds} of 5 folds of {setting.examples} "
        f"rows: {explorer.networks:,} networks and a budget of {plan.budget:,} epochs, {_rungs(plan)}.",
        _found(run, plan),
        _told(explorer, run, plan),
        _kept(run),
        _others(explorer, run),
        _nested(check),
    ]
    return " ".join(part for part in parts if part)


def _priced(plan, setting):
    return f"{len(plan.settings)} settings for the price of {setting.trials}"


def _rungs(plan):
    if len(plan.rungs) == 1:
        return f"{plan.rungs[0].epochs} for each network"
    return "in rungs: " + ", ".join(f"{rung.trials} settings to epoch {rung.epochs}" for rung in plan.rungs)


def _found(run, plan):
    if run.best is None:
        return "None is tried yet: press Start."
    trials, best = list(run.trials.copy().values()), run.best
    scores = np.array([trial.score for trial in trials])
    longest = sorted((each for each in trials if each.rung == best.rung), key=lambda each: each.rank, reverse=True)
    quarter = longest[: -(-len(longest) // 4)]
    rates, widths, _ = plan.places[[trial.number for trial in quarter]].T
    whose = " of those trained longest" if len(plan.rungs) > 1 else ""
    return (
        f"{len(trials)} are tried with {run.spent:,} epochs: they are right on {percent(scores.min())} to "
        f"{percent(scores.max())} of the rows held out, half of them on less than {percent(np.median(scores))}. "
        f"The best quarter{whose} has learning rates from {rates.min():.2g} to {rates.max():.2g} and "
        f"{widths.min():.0f} to {widths.max():.0f} hidden units. The best is {_place(best, plan)}: "
        f"{percent(best.score)} right on rows held out, {percent(best.train_score)} on those it learned from."
    )


def _told(explorer, run, plan):
    if not explorer.trial:
        return ""
    trial, number = run.trials.get(explorer.trial - 1), explorer.trial
    rate, width, _ = plan.places[number - 1]
    if trial is None:
        return f"Setting {number}, learning rate {rate:.3g} and {plural(int(width), 'hidden unit')}, is not tried yet."
    end = ", and it diverged" if trial.diverged else ""
    return (
        f"Told about is {_place(trial, plan)}: {percent(trial.score)} right on rows held out, "
        f"{percent(trial.train_score)} on those it learned from, after {plural(trial.epochs, 'epoch')}{end}."
    )


def _place(trial, plan):
    rate, width, penalty = plan.places[trial.number]
    strength = f", λ {penalty:.2g}" if penalty else ""
    return f"setting {trial.number + 1} (learning rate {rate:.3g}, {plural(int(width), 'hidden unit')}{strength})"


def _kept(run):
    setting = run.setting
    sealed = len(experiment.rows(setting.dataset, setting.examples, setting.seed).sealed_y)
    if not run.over:
        return f"The {sealed:,} sealed rows are opened when the search is over."
    error = 100 * np.sqrt(run.sealed * (1 - run.sealed) / sealed)
    return (
        f"Trained anew on all {setting.examples} rows and asked about the {sealed:,} sealed ones, it is right on "
        f"{percent(run.sealed)} (± {error:.1f}): {_more_or_less(run.best.score - run.sealed, len(run.trials))}."
    )


def _more_or_less(gap, trials):
    points = f"its score had promised {abs(100 * gap):.1f} points"
    if gap > 0:
        return f"{points} too much. The best of {trials} noisy scores is partly the luckiest"
    return f"{points} less. That is luck: on average the best of many noisy scores promises too much"


def _others(explorer, run):
    others = [
        f"{name} found {percent(each.best.score)} and kept {percent(each.sealed)}"
        for name, each in explorer._siblings().items()
        if each.over and name != run.setting.strategy
    ]
    return f"With the same budget {' and '.join(others)}." if others else ""


def _nested(check):
    if check is None or not check.outers:
        return ""
    part = "5 parts" if check.over else f"{len(check.outers)} of 5 parts so far"
    return (
        f"Nested check, {part}: searches without a part promise {percent(check.inner)} on average and keep "
        f"{percent(check.outer)} on it, an optimism of {_points(check.inner - check.outer)} points."
    )


def _data(setting):
    return setting.dataset.replace("_", " ")


def _strategy(setting):
    return {"grid": "grid search", "random": "random search", "halving": "successive halving"}[setting.strategy]
