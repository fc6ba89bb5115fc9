"""From rows of cells to named columns, with a remark on everything that did not fit."""

import heapq
import itertools
from collections import Counter

import numpy as np

from wbviz.data import cells
from wbviz.data.reading import Problem, show

MAX_PROBLEMS = 500


def build(rows, header, decimal):
    """The columns of these rows: (values, kinds, row numbers, numbers of rows set aside, problems as an iterator).

    `rows` are (row number, cells); with `header` the first of them holds the names.
    """
    names_row, names, rows = (*rows[0], rows[1:]) if header else (None, [], rows)
    widths = [len(_without_end(row) if header else row) for _, row in rows]
    width = max(len(_without_end(names)), _usual(widths))
    names = (names + [""] * width)[:width]
    grid, set_aside, problems = _fit(rows, width)
    kept = [i for i in range(width) if names[i] or any(row[i] for _, row in grid)]
    problems += _short_rows(grid, kept)
    remarks = []
    unique, reasons = cells.unique_names(names)
    values, kinds = {}, {}
    for i in kept:
        name = unique[i]
        if header and i in reasons:
            problems.append(Problem(names_row, name, f"{reasons[i]}; it is called so here.", "column name"))
        kinds[name], values[name] = cells.column_of([row[i] for _, row in grid], decimal)
        column = [(number, row[i]) for number, row in grid if row[i] is not None]
        remarks.append(_remarks(name, kinds[name], column, decimal))
    if not grid:
        remarks = [[Problem(None, None, "There is no row of values below the header.", "missing")]]
    numbers = np.array([number for number, _ in grid], dtype=int)
    return values, kinds, numbers, set_aside, itertools.chain(problems, *remarks)


def in_order(problems, names):
    """The problems by row and column, those of the whole file first; beyond 500 the last one tells how many more."""
    places = {name: i for i, name in enumerate(names)}
    total = 0

    def counted():
        nonlocal total
        for problem in problems:  # one at a time: there may be a million
            total += 1
            yield problem

    first = heapq.nsmallest(MAX_PROBLEMS, counted(), key=lambda p: (p.row or 0, places.get(p.column, -1)))
    if total <= MAX_PROBLEMS:
        return first
    more = total - MAX_PROBLEMS + 1
    return [*first[:-1], Problem(None, None, f"There are {more:,} more remarks like these.", "more")]


def _without_end(row):
    """The cells up to the last one that is not empty."""
    while row and not row[-1]:
        row = row[:-1]
    return row


def _usual(widths):
    """The most frequent of these numbers; of two that are as frequent, the larger; 0 of none."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _fit(rows, width):
    """Rows of exactly `width` cells, None where a row ended early; rows that are too long are set aside and told."""
    grid, set_aside, problems = [], [], []
    for number, row in rows:
        if len(_without_end(row)) > width:
            message = (
                f"it has {len(row)} cells where {width} are expected, so that their columns are uncertain. The row was "
                "set aside; put quotation marks around a text that holds the delimiter."
            )
            set_aside.append(number)
            problems.append(Problem(number, None, message, "ragged row"))
        else:
            grid.append((number, (row + [None] * width)[:width]))
    return grid, tuple(set_aside), problems


def _short_rows(grid, kept):
    """A problem for each row that ended before its last column."""
    problems = []
    for number, row in grid:
        absent = sum(row[i] is None for i in kept)
        if absent:
            message = f"it has {len(kept) - absent} cells where {len(kept)} are expected; the rest count as missing."
            problems.append(Problem(number, None, message, "ragged row"))
    return problems


def _remarks(name, kind, column, decimal):
    """What there is to say about the cells of a column, given as (row number, cell)."""
    if kind == cells.EMPTY:
        yield Problem(None, name, "no cell of this column holds a value.", "missing")
        return
    for number, cell in column:
        if cells.is_missing(cell):
            what = f"the value is missing ({show(cell)})." if cell else "the value is missing (an empty cell)."
            yield Problem(number, name, what, "missing")
        elif kind == cells.NUMBER and cells.number(cell, decimal) is None:
            message = f"{show(cell)} {cells.why_no_number(cell, decimal)}; the value counts as missing."
            yield Problem(number, name, message, "not a number")
    if kind == cells.TEXT:
        number, cell = next((n, c) for n, c in column if not cells.is_missing(c) and cells.number(c, decimal) is None)
        reason = cells.why_no_number(cell, decimal) if cells.looks_like_number(cell) else "is text"
        message = f"{show(cell)} {reason}. Half or more of this column is like that: it can be classes, not a number."
        yield Problem(number, name, message, "text column")
