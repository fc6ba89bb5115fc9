"""How a test turns any knob: another valid value for each kind of trait."""

from wbviz.widgets._parameters import ParameterRow
from wbviz.widgets._scales import LogScale
from wbviz.widgets._slider import Slider
from wbviz.widgets._traits import Choice, Numbers, Parameters, Toggle, Whole


def other_value(explorer, name):
    """A valid value of the knob that differs from the present one."""
    trait, value = explorer.traits()[name], getattr(explorer, name)
    if isinstance(trait, Choice):
        options = trait.values_in(explorer.range_of(name))
        return next(option for option in options if option != value)
    if isinstance(trait, Toggle):
        return not value
    if isinstance(trait, (Numbers, Parameters)):
        return [_other_number(trait, explorer.range_of(name), item) for item in value]
    return _other_number(trait, explorer.range_of(name), value)


def bad_values(explorer, name):
    """Values the knob must refuse."""
    trait = explorer.traits()[name]
    if isinstance(trait, Choice):
        return ["no such option"]
    if isinstance(trait, Toggle):
        return ["perhaps"]
    wrong = [trait.metadata["max"] + 1, float("nan"), float("inf"), "seven"]
    if isinstance(trait, Parameters):
        value = getattr(explorer, name)
        return [[item, *value[1:]] for item in wrong] + [[], value[1:]]
    return [[item] for item in wrong] + [[]] if isinstance(trait, Numbers) else wrong


def shown_by(rows):
    """What the controls of a knob show, as a list; a table of parameters holds six digits of each."""
    if isinstance(rows[0], ParameterRow):
        return list(rows[0].values)
    return [row.value if isinstance(row, Slider) else row.control.value for row in rows]


def turn_first(rows, value):
    """Move the first control of a knob to `value`, as the learner does."""
    if isinstance(rows[0], ParameterRow):
        rows[0].deeds = [*rows[0].deeds, [len(rows[0].deeds) + 1, "edit", 0, value]]
    elif isinstance(rows[0], Slider):
        turn(rows[0], value)
    else:
        rows[0].control.value = value


def turn(slider, value):
    """Turn a slider, or type into its field, in the browser: what it then tells Python."""
    slider.set_state({"value": value, "turns": slider.turns + 1})


def _other_number(trait, meta, value):
    if meta.get("log"):
        position = LogScale().position_of(value)
        return LogScale().value_at(position + 3 if LogScale().value_at(position + 3) <= meta["max"] else position - 3)
    step = meta["step"] * (1 if isinstance(trait, Whole) else 3)
    moved = value + step if value + step <= meta["max"] else value - step
    return round(moved, 10)
