"""From bytes to cells: finds out how a table was written down. Nothing is ever evaluated; every cell is text here.

Rows are counted as a spreadsheet counts them: from 1, the header and empty rows included. A cell in quotes may run over
several lines of the file; it is still one row.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass

from wbviz.data.cells import looks_like_number

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 5_000_000, 20_000, 200
WHITESPACE = " "
DELIMITERS = ("\t", ";", "|", ",", WHITESPACE)

_LINE_END = re.compile("\r\n|\n|\r")
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w"\0])"?', re.IGNORECASE)
_END = "\0"  # never inside a text: decode and check_text refuse it
_SAMPLE, _SAMPLE_WIDTH = 200, 20_000  # rows, and characters of each, that decide about the delimiter


class TableError(ValueError):
    """A text or file that cannot be read as a table at all, or is larger than allowed; the message says what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing about a table that its owner should know.

    row      the row in the file, counted from 1 with the header, or None where it concerns the whole column or file
    column   the column's name, or None
    message  what is there and what was done about it, without the place; it quotes cells and is not escaped for HTML
    kind     "encoding", "quote", "ragged row", "column name", "missing", "not a number", "text column" or "more";
             a "text column" is nothing wrong, only something to know
    """

    row: int | None
    column: str | None
    message: str
    kind: str

    def __str__(self):
        row = f"Row {self.row}" if self.row else ""
        column = f"column {show(self.column)}" if self.column else ""
        place = ", ".join(part for part in (row, column) if part)
        return f"{place[:1].upper()}{place[1:]}: {self.message}" if place else self.message


def show(text, length=40):
    """A text as it can stand in a sentence: in quotes, control characters spelt out, shortened to `length`."""
    return repr(text if len(text) <= length else text[: length - 1] + "…")


def decode(content):
    """The text of a file's bytes, and what there is to say about it: (text, [Problem]).

    UTF-8 with or without a mark, UTF-16 with a mark or recognisable by its zero bytes; anything else is read as Latin-1
    (in the variant of Windows, cp1252). Raises TableError for what is no text and for more than MAX_BYTES.
    """
    if len(content) > MAX_BYTES:
        raise TableError(
            f"The file is larger than {MAX_BYTES:,} bytes, the most that is read. Save a part of its rows."
        )
    if content.startswith(b"PK\x03\x04"):
        raise TableError("This is a workbook or a zip file, not text. Open it in a spreadsheet and save it as CSV.")
    try:
        return check_text(content.decode(_unicode(content))), []
    except UnicodeDecodeError:
        message = "The file is not written in UTF-8. It was read as Latin-1: look whether accented letters are right."
        text = content.decode("cp1252" if _is_cp1252(content) else "latin-1")
        return check_text(text), [Problem(None, None, message, "encoding")]


def check_text(text):
    """The text without a byte-order mark; TableError if it is too long or holds what no text holds."""
    if not isinstance(text, str):
        raise TypeError(f"A table is made from text (str), not from {type(text).__name__}.")
    if len(text) > MAX_BYTES:
        raise TableError(f"The text is longer than {MAX_BYTES:,} characters, the most that is read. Paste fewer rows.")
    if _END in text:
        raise TableError("This does not look like text: it holds zero bytes. Save the table as CSV and try again.")
    return text.removeprefix("\ufeff")


def find_delimiter(text):
    """The character that parts the cells: tab, semicolon, bar, comma, or runs of white space (" ").

    A first line `sep=;` decides. Otherwise the first 200 rows do: the best delimiter gives most rows the same number of
    cells, more than one, and makes most of them numbers; white space only if the others do worse. Comma if none parts.
    """
    lines = _LINE_END.split(text)
    if told := _SEPARATOR_LINE.fullmatch(lines[0]):
        return told[1]
    lines = [line[:_SAMPLE_WIDTH] for line in lines if line.strip()][:_SAMPLE]
    best = max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter))
    return best if _score(lines, best) else ","


def read_rows(text, delimiter):
    """The rows that are not empty, as ([(row number, cells)], [Problem]); cells are stripped of surrounding space.

    A quote that is never closed is taken as an ordinary character, so that it cannot swallow the rows below.
    Raises TableError beyond MAX_ROWS rows (the header not counted) or MAX_COLUMNS columns.
    """
    lines = _LINE_END.split(text)
    number = int(bool(_SEPARATOR_LINE.fullmatch(lines[0])))
    rows, problems = [], []
    try:
        for reader, literally in _readers(lines[number:], delimiter):
            line = 0
            for cells in reader:
                number, line, before = number + 1, reader.line_num, line
                _keep(rows, number, [cell.strip() for cell in cells])
                if literally:
                    message = "a quotation mark opens here and never closes; it was read as an ordinary character."
                    problems.append(Problem(number, None, message, "quote"))
                elif line - before > 1:
                    message = f"quotation marks join {line - before} lines into this row; is one of them too many?"
                    problems.append(Problem(number, None, message, "quote"))
    except csv.Error as error:
        most = f"A cell may hold {csv.field_size_limit():,} characters."
        raise TableError(f"Row {number + 1} cannot be read: {error}. {most}") from None
    return rows, problems


def _readers(lines, delimiter):
    """What reads these lines, in order: (reader, whether it takes quotation marks literally)."""
    opened = _open_quote(lines, delimiter)
    if opened is None:
        return [(_reader(lines, delimiter), False)]
    literally = _reader(lines[opened : opened + 1], delimiter, csv.QUOTE_NONE)
    before, after = (_reader(part, delimiter) for part in (lines[:opened], lines[opened + 1 :]))
    return [(before, False), (literally, True), (after, False)]


def _keep(rows, number, cells):
    """Append a row unless it is empty; TableError beyond the limits."""
    if len(cells) > MAX_COLUMNS:
        raise TableError(
            f"Row {number} has {len(cells):,} cells; at most {MAX_COLUMNS} columns are read. "
            "Keep fewer columns, or name the delimiter if it was found wrongly."
        )
    if not any(cells):
        return
    if len(rows) > MAX_ROWS:
        raise TableError(f"The table has more than {MAX_ROWS:,} rows, the most that is read. Keep a part of them.")
    rows.append((number, cells))


def _reader(lines, delimiter, quoting=csv.QUOTE_MINIMAL):
    """A csv reader of these lines; runs of white space count as one delimiter if that is what parts the cells."""
    if delimiter == WHITESPACE:
        lines = (" ".join(line.strip().split("\t")) for line in lines)
    return csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, skipinitialspace=True, quoting=quoting)


def _open_quote(lines, delimiter):
    """The line in which a quote opens that never closes, or None. There is at most one: it swallows what follows."""
    if not any('"' in line for line in lines):
        return None
    begin, reader = 0, _reader([*lines, _END], delimiter)
    try:
        for cells in reader:
            if reader.line_num > len(lines):
                return None if cells == [_END] else begin
            begin = reader.line_num
    except csv.Error:  # the swallowed text is longer than a cell may be
        return begin


def _score(lines, delimiter):
    """How well a delimiter fits: share of rows with the usual number of cells × (1 + share of numbers among them)."""
    try:
        rows = list(_reader(lines, delimiter))
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width == 1:
        return 0.0
    cells = [cell.strip() for row in rows if len(row) == width for cell in row]
    numbers = sum(looks_like_number(cell, decimal_comma=delimiter != ",") for cell in cells)
    handicap = 0.9 if delimiter == WHITESPACE else 1.0
    return handicap * count / len(rows) * (1 + numbers / len(cells))


def _unicode(content):
    """The name of the Unicode encoding these bytes seem to have."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = content[:2000:2].count(0), content[1:2000:2].count(0)
    half = len(content[:2000]) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return "utf-8"


def _is_cp1252(content):
    """Whether every byte has a meaning in cp1252 (five have none)."""
    return not any(byte in content for byte in b"\x81\x8d\x8f\x90\x9d")
