"""`wbviz collect`: the progress files of a class as one table, and as one row an item."""

import csv
import glob
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from wbviz.book import BookError

#: What is counted of each chapter: column → (kind of record, whether it counts).
COUNTED = {
    "predicted": ("predictions", bool),
    "near at first": ("predictions", lambda record: record["first"].get("near") is True),
    "solved": ("exercises", lambda record: record.get("solved", False)),
    "tested": ("claims", bool),
}
#: Stands for all chapters that are not the book's.
OWN = "own"
ITEM = ("learner", "chapter", "kind", "item", "times tried", "done", "hints", "near at first", "first answer", "when")
#: What a table of a spreadsheet would take for a formula.
FORMULA = re.compile(r"^[=+\-@＝＋－＠]")
LONGEST = 500


def options(parser):
    parser.add_argument("files", nargs="+", metavar="FILE", help="progress files, or folders of them")
    parser.add_argument("--to", default="class.csv", metavar="CSV", help="a row for each learner (default: class.csv)")
    parser.add_argument("--items", metavar="CSV", help="also a row for each item that a learner has tried")


@dataclass(frozen=True)
class Learner:
    """One progress file: the learner's name is the file's."""

    name: str
    data: dict


def run(options):
    """Write the tables; what could not be read is said, and the rest goes on."""
    paths = found(options.files)
    for target in filter(None, (options.to, options.items)):
        if Path(target).suffix == ".json" or Path(target).resolve() in [path.resolve() for path in paths]:
            raise BookError(f"{target} would be written over a progress file: name a .csv file.")
    learners, left_out = [], 0
    for path in paths:
        try:
            learners.append(Learner(name_of(path, paths), read(path)))
        except ValueError as error:
            left_out += 1
            print(f"{path} is left out: {error}.", file=sys.stderr)
    if not learners:
        raise BookError("There was no progress file to read; nothing was written.")
    write(options.to, class_rows(learners))
    if options.items:
        write(options.items, item_rows(learners))
    tables = " and ".join(filter(None, (options.to, options.items)))
    print(f"{len(learners)} progress file{'s' * (len(learners) != 1)} in {tables}; {left_out} left out.")
    return 0


def found(names):
    """The files that are named: themselves, those of a folder, those of a pattern that the shell left as it was."""
    paths = []
    for name in names:
        path = Path(name).expanduser()
        if path.is_dir():
            paths += sorted(path.glob("*.json"))
        elif not path.exists() and glob.has_magic(name):
            paths += map(Path, sorted(glob.glob(str(path))))
        else:
            paths.append(path)
    return list(dict.fromkeys(paths))


def name_of(path, paths):
    """The file's name without its ending; with its folder, where two files are called the same."""
    same = [other for other in paths if other.stem == path.stem]
    return path.stem if len(same) == 1 else f"{path.parent.name}/{path.stem}"


def read(path):
    """What a progress file holds. Raises ValueError, with the reason, when it is none that this version can read."""
    from wbviz.lessons import _records

    try:
        if (size := path.stat().st_size) > _records.SIZE_LIMIT:
            raise ValueError(f"it is too large to be a progress file ({size:,} bytes)")
        data = _records.parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    if data["version"] != _records.VERSION:
        raise ValueError(f"it is of version {data['version']!r}, and this wbviz reads version {_records.VERSION}")
    return data


# --- a row for each learner -------------------------------------------------------------------------------------------


def class_rows(learners):
    """The head, then a row for each learner: name, sums, self-test, last day, then four counts a chapter."""
    from wbviz.lessons import CHAPTERS, chapter

    chapters = [chapter(number) for number in CHAPTERS]
    sizes = {
        c.label: {kind: len(getattr(c, kind)) for kind in ("predictions", "exercises", "claims")} for c in chapters
    }
    head = ["learner", *COUNTED, "hints", "best self-test in %", "last worked"]
    for label, size in sizes.items():
        head += [f"{label} {column} (of {size[kind]})" for column, (kind, _) in COUNTED.items()]
    yield [*head, *(f"{OWN} {column}" for column in COUNTED)]
    for learner in learners:
        done = {label: dict.fromkeys(COUNTED, 0) for label in (*sizes, OWN)}
        for column, (kind, counts) in COUNTED.items():
            for key, record in learner.data[kind].items():
                label = key.partition("/")[0]
                done[label if label in sizes else OWN][column] += bool(counts(record))
        sums = [sum(one[column] for one in done.values()) for column in COUNTED]
        hints = sum(count(record.get("hints", 0)) for record in learner.data["exercises"].values())
        every = [one[column] for one in done.values() for column in COUNTED]
        yield [learner.name, *sums, hints, best_self_test(learner.data), last_day(learner.data), *every]


def best_self_test(data):
    """The best result of all self-tests in per cent, or an empty text."""
    results = [record.get("best", {}) for record in data.get("self_tests", {}).values()]
    shares = [count(result["right"]) / count(result["of"]) for result in results if result.get("of", 0) > 0]
    return round(100 * min(1, max(shares))) if shares else ""


def count(number):
    """A number of times, as a table can hold it: a file may say anything."""
    return min(max(number, 0), 1_000_000)


def last_day(data):
    """The day of the last record, as 2026-11-27, or an empty text."""
    records = [record for kind in ("exercises", "claims") for record in data[kind].values()]
    records += [record["latest"] for record in data["predictions"].values()]
    days = [str(record.get("when", ""))[:10] for record in records]
    return max((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default="")


# --- a row for each item ----------------------------------------------------------------------------------------------


def item_rows(learners):
    """The head, then a row for each thing that each learner has tried."""
    from wbviz.lessons.progress import done

    yield ITEM
    for learner in learners:
        for kind in ("predictions", "exercises", "claims"):
            for key, record in sorted(learner.data[kind].items()):
                label, _, item = key.rpartition("/")
                yes = "yes" if done(kind, record) else "no"
                yield [learner.name, label, kind[:-1], item, _tried(kind, record), yes, *_told(kind, record)]


def _tried(kind, record):
    return count(record.get({"predictions": "count", "exercises": "attempts"}.get(kind), 1))


def _told(kind, record):
    """Hints, near, answer and time of a record, as far as its kind has them."""
    if kind == "predictions":
        first = record["first"]
        near = {True: "yes", False: "no"}.get(first.get("near"), "")
        return ["", near, first["answer"], first.get("when", "")]
    if kind == "exercises":
        return [count(record.get("hints", 0)), "", record.get("state", ""), record.get("when", "")]
    return ["", "", record.get("verdict", ""), record.get("when", "")]


# --- the file ---------------------------------------------------------------------------------------------------------


def write(path, rows):
    """Write rows as CSV that spreadsheets read. Raises BookError where that is not possible."""
    try:
        with open(path, "w", newline="", encoding="utf-8-sig", errors="replace") as file:
            csv.writer(file).writerows([cell(value) for value in row] for row in rows)
    except OSError as error:
        raise BookError(f"{path} cannot be written: {error.strerror or error}.") from error


def cell(value):
    """A number as it is; anything else as one line of text that no spreadsheet takes for a formula."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return f"'{text}" if FORMULA.match(text) else text
