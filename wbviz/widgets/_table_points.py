"""From a learner's table to points in a plane: [x₁, x₂, class] or [x₁, x₂, number], and a sentence on what was done."""

import csv
import io
import math
from dataclasses import dataclass

import numpy as np

from wbviz.data.cells import NUMBER

MOST_POINTS = 200
#: Scaled values fill so much of the plane; numbers to predict are scaled into −1 … 1 likewise.
FILL = 0.9
ALWAYS_ZERO = ""  # the column for x₂ where there is none
OWN_HEADER = ("x1", "x2")


@dataclass(frozen=True)
class Choice:
    """Which columns become what. `x2` may be ALWAYS_ZERO; `one` is the class that becomes 1 where there are several."""

    x1: str
    x2: str
    target: str
    task: str
    one: str = ""
    scale: bool = True


def numeric(table):
    """The columns of numbers, in order."""
    return [column for column in table.columns if table.kinds[column] == NUMBER]


def first_choice(table, limits):
    """What a table is probably meant for: the last column is predicted from the first two columns of numbers."""
    target = table.columns[-1]
    inputs = [column for column in numeric(table) if column != target]
    if not inputs:
        raise ValueError(
            "There is no column of numbers beside the last one: points need at least one, for x₁. "
            f"The columns are {', '.join(table.columns)}."
        )
    x1, x2 = inputs[0], inputs[1] if len(inputs) > 1 else ALWAYS_ZERO
    task = task_of(table, target)
    fits = all(_fits(table.values[column], limits) for column in (x1, x2 or x1))
    classes = class_names(table, target) if task == "classification" else []
    return Choice(x1, x2, target, task, classes[-1] if classes else "", not (fits or (x1, x2) == OWN_HEADER))


def task_of(table, target):
    """Whether a column probably holds classes or numbers to predict."""
    others = [column for column in numeric(table) if column != target]
    try:
        return table.to_dataset(target, others[:1]).task
    except ValueError:  # an empty column, say: the learner will choose another
        return "classification"


def _fits(values, limits):
    """Whether values lie within the plane and fill a part of it that can be seen."""
    low, high = np.nanmin(values), np.nanmax(values)
    return limits[0] <= low and high <= limits[1] and high - low >= (limits[1] - limits[0]) / 8


def class_names(table, target):
    """The names of the classes in a column, in the order of their labels; none where there are too many or one."""
    try:
        others = [column for column in numeric(table) if column != target]
        return list(table.to_dataset(target, others[:1], "classification").target_names)
    except ValueError:
        return []


def points_of(table, choice, limits, most=MOST_POINTS):
    """The points of a table and a sentence on what was done: (list of [x₁, x₂, class or number], text).

    Raises ValueError, naming row and column where there is one, for what cannot be points.
    """
    inputs = [choice.x1] if choice.x2 == ALWAYS_ZERO else [choice.x1, choice.x2]
    for column in inputs:
        if column in table.kinds and table.kinds[column] != NUMBER:
            raise ValueError(f"The column {column!r} is not numbers; x₁ and x₂ must be. Choose another.")
    dataset = table.to_dataset(choice.target, inputs, choice.task)
    said = [dataset.description]
    if len(dataset) > most:
        share = ", each class in proportion" if choice.task == "classification" else ""
        said.append(f"Of these {len(dataset):,} rows {most} were drawn at random{share}: more points cannot be shown.")
        dataset = dataset.sample(most)
    columns = [_placed(table, column, dataset.X[:, k], limits, choice.scale, said) for k, column in enumerate(inputs)]
    columns += [np.zeros(len(dataset))] if len(columns) == 1 else []
    if choice.task == "classification":
        answers = _classes(dataset, choice, said)
    else:
        answers = _placed(table, choice.target, dataset.y[:, 0], (-1.0, 1.0), True, said, keep=True)
    return [
        [float(x1), float(x2), answer] for x1, x2, answer in zip(*columns, answers.tolist(), strict=True)
    ], " ".join(said)


def csv_of(points, task):
    """Points as CSV: read again, it gives the same points."""
    text = io.StringIO()
    last, kind = ("class", int) if task == "classification" else ("value", float)
    rows = [(x1, x2, kind(answer)) for x1, x2, answer in points]
    csv.writer(text, lineterminator="\n").writerows([(*OWN_HEADER, last), *rows])
    return text.getvalue()


def _classes(dataset, choice, said):
    """Labels 0 and 1. Of more than two classes one is 1 and all others are 0."""
    names = dataset.target_names
    if len(names) == 2:
        said.append(f"Class 0 is {names[0]!r}, class 1 is {names[1]!r}.")
        return dataset.y
    if choice.one not in names:
        raise ValueError(f"There are {len(names)} classes, {', '.join(names)}: choose which of them becomes class 1.")
    said.append(f"Class 1 is {choice.one!r}, class 0 is any other.")
    return (dataset.y == names.index(choice.one)).astype(int)


def _placed(table, column, values, limits, scale, said, keep=False):
    """The values of a column within `limits`: as they are, or shifted and divided, which is said.

    `keep`: values that all lie within stay as they are even if others are scaled.
    """
    low, high = limits
    if values.min() >= low and values.max() <= high and (keep or not scale):
        return values
    if not scale:
        odd = (table.values[column] < low) | (table.values[column] > high)
        row, value = table.rows[odd][0], table.values[column][odd][0]
        raise ValueError(
            f"Row {row}, column {column!r}: {value:g} lies outside {low:g} to {high:g}. "
            "Let the values be scaled, or choose another column."
        )
    middle, unit = _nice(values.min(), values.max(), FILL * high)
    said.append(f"{column!r} became (value {'−' if middle >= 0 else '+'} {abs(middle):.15g}) / {unit:.15g}.")
    return np.round((values - middle) / unit, 4)


def _nice(low, high, reach):
    """A middle and a unit in few digits, so that (value − middle) / unit lies within about ±reach."""
    half = (high / 2 - low / 2) or 1.0
    unit = float(f"{half / reach:.3g}")
    return round(high / 2 + low / 2, 3 - math.floor(math.log10(half))), unit
