"""From a learner's table to a data set: which columns, which rows, which task."""

import difflib

import numpy as np

from wbviz.data.cells import NUMBER, TEXT
from wbviz.data.dataset import CLASSIFICATION, REGRESSION, Dataset, one_hot
from wbviz.data.reading import show

MAX_CATEGORIES, MAX_NUMBER_CLASSES, MAX_CLASSES = 12, 10, 50


def to_dataset(table, target=None, features=None, task=None):
    """The Dataset that Table.to_dataset describes."""
    if task not in (None, CLASSIFICATION, REGRESSION):
        raise ValueError(f"task={task!r} must be {CLASSIFICATION!r}, {REGRESSION!r}, or left out to be decided here.")
    if not len(table):
        raise ValueError(f"{table.name} has no row of values yet; a data set needs at least one.")
    target = _known(table, table.columns[-1] if target is None else target)
    if features is None:
        features = [column for column in table.columns if column != target and not unusable(table, column)]
    features = _checked_features(table, features, target)
    if table.kinds[target] == "empty":
        raise ValueError(f"The target {show(target)} holds no value. Choose another column.")
    filled = table.complete([*features, target])
    if not filled.any():
        raise ValueError("No row has a value in every chosen column. Choose fewer features, or fill what is missing.")
    X, names, readable = _features(table, features, filled)
    answers = table.values[target][filled]
    task = task or _task(answers, table.kinds[target])
    y, target_names = _classes(target, answers) if task == CLASSIFICATION else _numbers(table, target, answers)
    columns = {**readable, target: answers} if len(names) > len(features) else {}
    description = _description(table, features, target, filled)
    source, licence = "the learner", "the learner's own"
    return Dataset(table.name, X, y, names, target_names, task, description, source, licence, columns)


def _known(table, column):
    """The column's name, or a ValueError that lists the columns there are."""
    if column in table.columns:
        return column
    near = difflib.get_close_matches(str(column), table.columns, n=1)
    hint = f" Did you mean {show(near[0])}?" if near else ""
    raise ValueError(f"There is no column {show(str(column))}.{hint} There are: {', '.join(map(show, table.columns))}.")


def filled_in(table, column):
    """Where a column holds a value: boolean, one for each row."""
    values = table.values[column]
    return values != "" if table.kinds[column] == TEXT else np.isfinite(values)


def unusable(table, column):
    """Why a column cannot be a feature, or ""."""
    if table.kinds[column] == NUMBER:
        return ""
    if table.kinds[column] != TEXT:
        return "it holds no value"
    different = len(set(table.values[column]) - {""})
    if different > MAX_CATEGORIES:
        return f"it is text with {different:,} different values, more than {MAX_CATEGORIES}"
    return "it is text that is the same in every row" if different < 2 else ""


def _checked_features(table, features, target):
    """The features as a list of known, different, usable columns."""
    features = [_known(table, column) for column in ([features] if isinstance(features, str) else features)]
    if not features:
        raise ValueError(f"There is no feature to predict {show(target)} from: add a column of numbers.")
    if target in features:
        raise ValueError(f"{show(target)} is the target; it cannot be a feature as well.")
    for i, column in enumerate(features):
        if column in features[:i]:
            raise ValueError(f"The feature {show(column)} is named twice.")
        if why := unusable(table, column):
            raise ValueError(f"{show(column)} cannot be a feature: {why}.")
    return features


def _features(table, features, filled):
    """X, the names of its columns, and the readable columns."""
    readable = {column: table.values[column][filled] for column in features}
    parts = [
        one_hot(column, values) if table.kinds[column] == TEXT else (values[:, None], [column])
        for column, values in readable.items()
    ]
    return np.hstack([part for part, _ in parts]), [name for _, names in parts for name in names], readable


def _task(answers, kind):
    """The task that fits these answers, by the rule stated in Table.to_dataset."""
    if kind == TEXT:
        return CLASSIFICATION
    different = len(np.unique(answers))
    few = different <= min(MAX_NUMBER_CLASSES, max(2, len(answers) // 2))
    return CLASSIFICATION if few and (answers == np.round(answers)).all() else REGRESSION


def _classes(target, answers):
    """Labels 0, 1, … and the classes' names, ordered by size or alphabetically."""
    classes = sorted(set(answers))
    if not 2 <= len(classes) <= MAX_CLASSES:
        raise ValueError(
            f"The target {show(target)} holds {_count(len(classes), 'different value')}; "
            f"classes can be 2 to {MAX_CLASSES}. Choose another target, or other rows."
        )
    label = {value: i for i, value in enumerate(classes)}
    names = [value if isinstance(value, str) else f"{value:.15g}" for value in classes]
    return np.array([label[value] for value in answers]), names


def _numbers(table, target, answers):
    """y of shape (n, 1) and the target's name."""
    if table.kinds[target] != NUMBER:
        raise ValueError(f"The target {show(target)} is text; regression predicts numbers. Take task='classification'.")
    return answers[:, None], (target,)


def _description(table, features, target, filled):
    """What was taken and what was left out, in sentences."""
    rows, columns = _count(filled.sum(), "row"), _count(len(features), "column")
    text = f"{rows} of {table.name}, to predict {show(target)} from {columns}."
    if left := (~filled).sum() + len(table.set_aside):
        text += f" Left out: {_count(left, 'row')} with missing or surplus cells."
    unused = [column for column in table.columns if column not in (*features, target)]
    if unused:
        text += f" Not used: {', '.join(map(show, unused))}."
    return text


def _count(n, noun):
    """A number and its noun: "1 row", "1,000 rows"."""
    return f"{int(n):,} {noun}{'' if n == 1 else 's'}"
