"""From cells to columns: what is a number, what is missing, which row is the header."""

import math
import re
from collections import Counter

import numpy as np

#: What counts as a missing value, besides an empty cell; capitals make no difference.
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-"})
NUMBER, TEXT, EMPTY = "number", "text", "empty"

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def is_missing(cell):
    """Whether a cell stands for a value that is not there."""
    return cell.lower() in MISSING


def looks_like_number(cell, decimal_comma=True):
    """Whether a cell is written as a number, with a decimal point or (if allowed) a decimal comma."""
    cell = cell.replace("−", "-")
    return bool(_POINT.fullmatch(cell) or (decimal_comma and _COMMA.fullmatch(cell)))


def number(cell, decimal="."):
    """The finite number that a cell is, or None; `decimal` is "." or ","."""
    cell = cell.replace("−", "-")
    if not (_POINT if decimal == "." else _COMMA).fullmatch(cell):
        return None
    value = float(cell.replace(",", "."))
    return value if math.isfinite(value) else None


def find_decimal(rows, delimiter):
    """The decimal sign of these rows: "," only if cells such as 1,5 outnumber those such as 1.5.

    Where commas part the cells it is "."; so it is where every cell with a comma could as well be thousands, as 1,500
    could: such cells are then told as no numbers rather than read wrongly.
    """
    if delimiter == ",":
        return "."
    signs, surely = Counter(), False
    for cell in (cell for _, cells in rows for cell in cells):
        for sign in ".,":
            signs[sign] += sign in cell and number(cell, sign) is not None
        surely = surely or ("," in cell and number(cell, ",") is not None and not _THOUSANDS.fullmatch(cell))
    return "," if surely and signs[","] > signs["."] else "."


def is_header(rows):
    """Whether the first of these rows holds names rather than values.

    Not if it holds a number or the sign of a missing value. Otherwise its cells vote, each over the cells below it: a
    name above numbers for, a text that comes again below against; a tie is a header.
    """
    if not rows:
        return False
    names = rows[0][1]
    if any(name and (looks_like_number(name) or is_missing(name)) for name in names):
        return False
    votes = 0
    for i, name in enumerate(names):
        below = [cells[i] for _, cells in rows[1:] if i < len(cells) and not is_missing(cells[i])]
        if name and below:
            votes += 2 * sum(map(looks_like_number, below)) > len(below)
            votes -= name in below
    return votes >= 0


def unique_names(names):
    """(names, reasons): stripped, none empty, none twice; reasons maps a position to what was done about its name."""
    result, reasons = [], {}
    plain = [" ".join(name.split()) for name in names]
    for i, name in enumerate(plain):
        if not name:
            name, reasons[i] = f"column {i + 1}", "this column has no name in the header"
        elif name in plain[:i]:
            reasons[i] = "an earlier column has the same name"
        result.append(_free(name, result, plain[i + 1 :]))
    return result, reasons


def _free(name, taken, coming):
    """The name, or the name with the first number that makes it unique."""
    free, k = name, 2
    while free in taken or (free != name and free in coming):
        free, k = f"{name} ({k})", k + 1
    return free


def column_of(cells, decimal):
    """A column's values from its cells: (kind, values).

    More than half of the filled cells are numbers: kind "number", float64, NaN where there is none. No filled cell:
    kind "empty", all NaN. Otherwise kind "text", an object array of str, "" where a value is missing. A cell may be
    None: its row ended early.
    """
    cells = ["" if cell is None or is_missing(cell) else cell for cell in cells]
    numbers = [number(cell, decimal) for cell in cells]
    filled, numeric = sum(map(bool, cells)), sum(value is not None for value in numbers)
    if filled and 2 * numeric <= filled:
        return TEXT, np.array(cells, dtype=object)
    values = np.array([math.nan if value is None else value for value in numbers], dtype=np.float64)
    return (NUMBER if filled else EMPTY), values


def why_no_number(cell, decimal):
    """What is wrong with a cell that should have been a number, as the end of a sentence."""
    if not looks_like_number(cell):
        return "is not a number"
    if decimal == "." and "," in cell:
        return "holds a comma; numbers here have a decimal point, and nothing between the thousands"
    if decimal == "," and "." in cell:
        return "holds a point; numbers here have a decimal comma, and nothing between the thousands"
    return "is too large for a number"
