"""The learner's own data: a table from points, from pasted text or from a file, with everything odd about it listed."""

import csv
import io
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wbviz.data import cells, columns, conversion, reading
from wbviz.data.reading import TableError


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Columns of numbers and of text, as read; make one with `from_points`, `from_text`, `from_bytes` or `from_csv`.

    name       what it is called
    text       the original text, untouched: nothing that could not be used is lost
    columns    the columns' names, in order, each once
    values     name → array of len(self) values: float64 (NaN where missing) or, for text, str ("" where missing)
    kinds      name → "number", "text" or "empty"
    rows       the row number of each row in the file, counted from 1 with the header and empty rows, shape (len(self),)
    set_aside  the numbers of rows that had too many cells and are in `text` only
    problems   a list of Problem (row, column, message, kind), in the order of the file, at most 500
    delimiter, decimal, header      how it was written: what parts the cells, "." or ",", whether row 1 holds names

    A column is numbers if more than half of its filled cells are; its other cells then count as missing and are listed.
    Missing are empty cells and NA, N/A, #N/A, NaN, null, ?, - (in capitals or not).
    At most 5,000,000 bytes, 20,000 rows and 200 columns are read; beyond that TableError (a ValueError) says so.
    Cells are never evaluated: `=SUM(A1)` is a text of eight characters. Names, values and messages are the learner's
    own words and are **not** escaped for HTML: whoever puts them into a page (the widget) must escape them there.
    """

    name: str
    text: str
    columns: tuple
    values: dict
    kinds: dict
    rows: np.ndarray
    set_aside: tuple
    problems: list
    delimiter: str
    decimal: str
    header: bool

    @classmethod
    def from_points(cls, points, labels=None, name="my points"):
        """A table of points and their labels: from rows (x, y) and labels, or from rows (x, y, label) alone.

        Coordinates are finite numbers, as many in every point; labels are numbers or words. The columns are called x
        and y (x1, x2, … if there are not two of them) and label. Raises ValueError naming the point that does not fit.
        """
        points = [tuple(point) for point in points]
        if labels is None:
            labels, points = [point[-1] for point in points], [point[:-1] for point in points]
        labels = list(labels)
        if len(labels) != len(points):
            raise ValueError(f"There are {len(points)} points but {len(labels)} labels; every point needs one label.")
        width = len(points[0]) if points else 2
        lines = [_point_cells(i, point, width, labels[i]) for i, point in enumerate(points)]
        names = ("x", "y") if width == 2 else tuple(f"x{i + 1}" for i in range(width))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([(*names, "label"), *lines])
        return cls.from_text(text.getvalue(), header=True, delimiter=",", name=name)

    @classmethod
    def from_text(cls, text, header=None, delimiter=None, name="my table"):
        """A table from pasted text.

        Delimiter (comma, semicolon, tab, | or white space), decimal sign and header are found; `delimiter=";"` (" " for
        white space) and `header=True` or `False` overrule. The first row is a header unless it holds a number or a
        missing value, or unless its words come again below them and no column of numbers speaks against that.
        """
        return _read(name, reading.check_text(text), [], header, delimiter)

    @classmethod
    def from_bytes(cls, content, header=None, delimiter=None, name="my table"):
        """A table from a file's content as bytes: UTF-8, UTF-16 or Latin-1, with or without a byte-order mark."""
        if not isinstance(content, (bytes, bytearray, memoryview)):
            raise TypeError(f"A file's content is bytes, not {type(content).__name__}; from_text takes text.")
        text, problems = reading.decode(bytes(content))
        return _read(name, text, problems, header, delimiter)

    @classmethod
    def from_csv(cls, path, header=None, delimiter=None):
        """A table from a file: as `from_bytes`, named after the file. TableError where the file cannot be opened."""
        path = Path(path)
        try:
            with path.open("rb") as file:
                content = file.read(reading.MAX_BYTES + 1)
        except OSError as error:
            folder = Path.cwd()
            raise TableError(f"{path} cannot be opened: {error.strerror}. Names are looked up in {folder}.") from None
        return cls.from_bytes(content, header, delimiter, name=path.stem)

    def __len__(self):
        """The number of rows that were read, the header not counted."""
        return len(self.rows)

    def __repr__(self):
        return f"Table({self.name!r}: {len(self)} rows × {len(self.columns)} columns, {len(self.problems)} remarks)"

    def unusable(self, column):
        """Why a column cannot be a feature, in words, or an empty text."""
        return conversion.unusable(self, column)

    def complete(self, columns):
        """The rows with a value in each of these columns: booleans, shape (len(self),)."""
        return np.all([conversion.filled_in(self, column) for column in columns], axis=0)

    def to_dataset(self, target=None, features=None, task=None):
        """These columns as a Dataset to learn from.

        target    the column to predict; left out: the last one
        features  the columns to predict it from; left out: every other column of numbers, and of text with 2 to 12
                  different values. A text column becomes one column of 0 and 1 per value, named "colour=red"
        task      "classification" or "regression"; left out: text is classified. Numbers are classified if they are
                  whole, have at most 10 different values, and these are 2 or come up twice each on average; otherwise
                  they are predicted as numbers (regression)
        Classes are ordered by size (numbers) or alphabetically (text); 2 to 50 of them. Rows with a missing value in
        one of these columns are left out; the description says how many rows and which columns were. Raises ValueError
        for an unknown or unusable column, and where no row or fewer than two classes are left.
        """
        return conversion.to_dataset(self, target, features, task)


def _point_cells(i, point, width, label):
    """One point as cells; ValueError if it is no point."""
    try:
        coordinates = [float(value) for value in point]
    except (TypeError, ValueError):
        coordinates = [np.nan]
    if len(point) != width or width == 0 or not np.isfinite(coordinates).all():
        raise ValueError(f"Point {i} is {point!r}; every point must be {max(width, 1)} finite numbers.")
    is_float = isinstance(label, (float, np.floating))
    return [*map(repr, coordinates), repr(float(label)) if is_float else str(label)]


def _read(name, text, problems, header, delimiter):
    """The table that this text holds."""
    delimiter = reading.find_delimiter(text) if delimiter is None else delimiter
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise ValueError(f'delimiter={delimiter!r} must be one character, such as "," or ";", or " " for white space.')
    rows, found = reading.read_rows(text, delimiter)
    if not rows:
        raise TableError("There is no row in this table. Paste or load at least a header and one row below it.")
    header = cells.is_header(rows) if header is None else bool(header)
    decimal = cells.find_decimal(rows, delimiter)
    values, kinds, numbers, set_aside, remarks = columns.build(rows, header, decimal)
    problems = columns.in_order(itertools.chain(problems, found, remarks), values)
    return Table(name, text, tuple(values), values, kinds, numbers, set_aside, problems, delimiter, decimal, header)
