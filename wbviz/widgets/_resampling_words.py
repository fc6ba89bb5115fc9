"""What BiasVariance says: the parts, whether they add up, and what is seen along the chart's axis."""

import numpy as np

from wbviz.widgets._resampling import CAPACITIES, COUNT, GAUSSIAN, NETWORK, RANDOM, closed_form
from wbviz.widgets._resampling_chart import CAPACITY, EPOCHS, HIGHEST, LOGARITHMIC
from wbviz.widgets._words import plural, signed, superscript

#: The axis of the curves.
AXES = {NETWORK: "x", RANDOM: "x₁", GAUSSIAN: "input"}
#: Ticks of that axis: from −1 to 1, and of inputs on a logarithmic scale.
TICKS = {
    False: ((-1, "−1"), (0, "0"), (1, "1")),
    True: tuple((float(np.log10(j)), str(j)) for j in (1, 2, 5, 10, 20, 50, 100, 200)),
}
NAMES = {NETWORK: "trained networks", RANDOM: "random ReLU layers", GAUSSIAN: "linear neurons"}
TITLES = {
    NETWORK: "What each learned: its output against x",
    RANDOM: "Their outputs along x₁, where x₂ = x₃ = 0",
    GAUSSIAN: "The weights each learned, input by input",
}
#: So near to as many weights as examples, errors have no standard deviation: their spread is no measure.
WILD = 3


def amount(value):
    """A number with about three digits, whatever its size: 0.012, 1.25, 48.3, 1.2·10⁴; 0 from 10⁻⁹ down."""
    size = abs(value)
    if size < 1e-9:
        return "0"
    if 0.001 <= size < 1000:
        return signed(value, 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0)
    power = int(np.floor(np.log10(size)))
    return f"{signed(value / 10**power, 1)}·10{superscript(power).replace('₋', '⁻')}"


def wild(setting):
    """Whether chance alone rules: exact solutions without λ, with about as many weights as examples."""
    return setting.model != NETWORK and not setting.lam and abs(setting.capacity - setting.examples) <= WILD


def words(explorer, fit, chart, moments):
    """The texts of the scene."""
    setting, e = fit.setting, explorer
    gaussian = setting.model == GAUSSIAN
    return {
        "heading": f"{COUNT} {NAMES[setting.model]}: {_capacity(setting)}, {setting.examples} examples each",
        "state": f"noise {e.noise:.2f}, λ = {e.lam:g}, seed {e.seed}: {_how(fit)}",
        "curves": TITLES[setting.model],
        "along": f"What the error is made of at each {AXES[setting.model]}",
        "one": f"number {e.one}" + ("" if gaussian else ", its data"),
        "shown": _outside(fit, 1 if gaussian else 2),
        "apart": _apart(fit, brief=True),
        "chart": _title(e, chart, moments),
        "second": _second(e, chart),
        "closed": _closed(setting) if gaussian else "",
        "hint": "Chart: drag, or press ← →. Models: ↑ ↓",
    }


def _closed(setting):
    """The closed form in words; with λ it is known for many examples only."""
    known = closed_form(setting, setting.capacity)
    value = amount(known) if np.isfinite(known) else "no bound"
    return f"{'closed form for many n' if setting.lam else 'closed form'}: {value}"


def _capacity(setting):
    name = CAPACITIES[setting.model][0]
    if setting.model == GAUSSIAN:
        return f"{setting.capacity} of 200 inputs"
    return plural(setting.capacity, name[:-1])


def _how(fit):
    if fit.setting.model != NETWORK:
        return "solved exactly"
    return f"after {fit.epoch} of {fit.setting.epochs} epochs" if fit.setting.epochs else "untrained"


def _outside(fit, reach):
    count = int((np.abs(fit.curves) > reach).any(axis=1).sum())
    if count:
        return f"{plural(count, 'curve')} leave{'s' if count == 1 else ''} the picture."
    return "Spread of the curves: variance. Mean off truth: bias."


def _apart(fit, brief=False):
    away = abs(fit.parts.total.apart(fit.measured))
    if wild(fit.setting):
        return (
            "So near n chance rules, standard errors too." if brief else "So near n, chance rules standard errors too."
        )
    end = "they agree." if away < 2 else "still chance." if away < 3 else "that is rare."
    if brief:
        return f"{away:.1f} standard errors apart: {end}"
    return f"Sum and measured error are {away:.1f} standard errors apart: {end}"


def _title(e, chart, moments):
    if chart.view == EPOCHS and chart.setting.model != NETWORK:
        return "Solved exactly: there are no epochs"
    if chart.view != EPOCHS and not chart.complete(e._known):
        count = sum(setting in e._known for setting in chart.settings())
        begun = count or e._measuring.busy
        state = f"{count} of {len(chart.settings())} places" if begun else "press “Measure the chart”"
        return f"Against {chart.name}: {state}"
    best = _best(moments)
    return f"Against {chart.name}: least {amount(best.total.value)}, at {best.at:g}"


def _second(e, chart):
    beyond = f"▲ above {HIGHEST:g}" if chart.scale == LOGARITHMIC else "▲ higher"
    if chart.ghost(e._known) is not None:
        return f"◆ measured; {beyond}; grey dashes: without λ"
    return f"◆ measured, ± 2 standard errors; {beyond}"


def _best(moments):
    return min(moments, key=lambda moment: moment.total.value)


def description(explorer, fit, chart, moments):
    """The whole figure in words."""
    e, setting, parts = explorer, fit.setting, fit.parts
    truth = f" of a {e.truth}" if setting.model != GAUSSIAN else ""
    return (
        f"{COUNT} {NAMES[setting.model]} with {_capacity(setting)} each learn from {setting.examples} examples of "
        f"their own{truth}, noise {e.noise:.2f}, λ = {e.lam:g}, seed {e.seed}; {_how(fit)}. "
        f"bias² {_pair(parts.bias2)} + variance {_pair(parts.variance)} + noise {amount(parts.noise)} = "
        f"{_pair(parts.total)}; measured on {COUNT} others: {_pair(fit.measured)}. {_apart(fit)} "
        f"{_which(parts)} On the examples they learned from the error is {amount(fit.learned)}. {_number(e, fit)} "
        f"{_along(e, chart, moments)}"
    )


def _pair(estimate):
    return f"{amount(estimate.value)} ± {amount(estimate.error)}"


def _which(parts):
    bias2, variance = parts.bias2.value, parts.variance.value
    if variance >= bias2:
        return "Variance is the larger part: another set of examples would give another curve."
    return "bias² is the larger part: even the mean of all of them misses the truth."


def _number(e, fit):
    away = float(((fit.curves[e.one - 1] - fit.truth) ** 2).sum())
    away = away if fit.setting.model == GAUSSIAN else away / len(fit.truth)
    return f"Number {e.one} lies {amount(away)} from the truth, squared."


def _along(e, chart, moments):
    scale = f"The chart is {chart.scale}."
    if len(moments) < 2:
        return f"{_title(e, chart, moments)}. {scale}"
    first, last = moments[0], moments[-1]
    ends = (f"{m.at:g}: bias² {amount(m.bias2.value)}, variance {amount(m.variance.value)}" for m in (first, last))
    text = f"{_title(e, chart, moments)}. At {next(ends)}; at {next(ends)}."
    if chart.view == CAPACITY and chart.setting.model != NETWORK and not chart.setting.lam:
        peak = max(moments, key=lambda moment: moment.total.value)
        text += f" Highest at {peak.at:g}, {amount(peak.total.value)}; n is {chart.setting.examples}."
    return f"{text} {scale}"
