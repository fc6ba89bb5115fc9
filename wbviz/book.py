"""Where the chapters are, and how a learner gets a copy of them without ever losing work."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

START = "00_start_here.ipynb"
#: Remembers which version of each chapter was copied into a folder, so that a learner's change can be told from ours.
RECORD = ".wbviz.json"
PACKAGE = Path(__file__).resolve().parent


class BookError(Exception):
    """The book cannot be opened; the message says why and what to do."""


def clone_chapters():
    """The `chapters` folder of the clone this package, or the current folder, belongs to; None outside a clone."""
    for root in (PACKAGE.parent, Path.cwd()):
        if all((root / part).is_file() for part in ("pyproject.toml", "wbviz/book.py", f"chapters/{START}")):
            return root / "chapters"
    return None


def shipped_chapters():
    """The `chapters` folder that came with the installation; BookError if there is none."""
    for folder in (PACKAGE / "chapters", PACKAGE.parent / "chapters"):
        if (folder / START).is_file():
            return folder
    raise BookError(
        f"The chapters are missing: there is no {START} in {PACKAGE / 'chapters'}. Install wbviz again: "
        "python -m pip install --force-reinstall --no-deps wbviz"
    )


@dataclass
class Copy:
    """What `copy_book` did: names of files copied anew, brought up to date, and kept because the learner changed them.

    `beside` maps a kept file to the name under which its new version was put.
    """

    folder: Path
    copied: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    beside: dict = field(default_factory=dict)

    def __str__(self):
        lines = [f"The book is in {self.folder}."]
        if self.copied:
            lines.append(f"Copied: {', '.join(self.copied)}.")
        if self.updated:
            lines.append(f"Brought up to date: {', '.join(self.updated)}.")
        if kept := [name for name in self.kept if name not in self.beside]:
            lines.append(f"Kept with your changes: {', '.join(kept)}. (Rename one to get a fresh copy next time.)")
        lines += [
            f"Kept with your changes: {old}. The new version is beside it: {new}." for old, new in self.beside.items()
        ]
        return "\n".join(lines)


def copy_book(source, folder, version):
    """Copy every chapter of `source` into `folder` and return a Copy; what the learner changed is never overwritten.

    A file that differs from the version once copied here is the learner's: it stays, and a newer version from `source`
    is put beside it, once, as ``<name>-wbviz-<version>.ipynb``. BookError if the folder cannot be used.
    """
    folder = Path(folder).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record, done = _read_record(folder), Copy(folder)
        for file in _files(source):
            _copy_one(file, str(file.relative_to(source)), version, record, done)
        _write(folder / RECORD, json.dumps({"version": version, "copied": record}, indent=1).encode())
    except OSError as error:
        raise BookError(
            f"The folder {folder} cannot be used: {error.strerror or error}. "
            "Choose another one: wbviz --folder SOME_OTHER_FOLDER"
        ) from error
    return done


def _files(source):
    files = sorted(path for path in Path(source).rglob("*") if path.is_file())
    return [path for path in files if not any(part[0] in "._" for part in path.relative_to(source).parts)]


def _copy_one(file, name, version, record, done):
    shipped, target = file.read_bytes(), done.folder / name
    theirs = target.read_bytes() if target.exists() else None
    if theirs is None:
        _write(target, shipped)
        done.copied.append(name)
    elif theirs != shipped and record.get(name) == _digest(theirs):
        _write(target, shipped)
        done.updated.append(name)
    elif theirs != shipped:
        done.kept.append(name)
        if record.get(name) != _digest(shipped):
            done.beside[name] = _put_beside(target, shipped, version).name
    record[name] = _digest(shipped)


def _put_beside(target, shipped, version):
    names = [f"{target.stem}-wbviz-{version}{n}{target.suffix}" for n in ("", *(f"-{n}" for n in range(2, 100)))]
    for beside in map(target.with_name, names):
        if not beside.exists():
            _write(beside, shipped)
        if beside.read_bytes() == shipped:
            return beside
    raise OSError(f"there are already {len(names)} versions of {target.name}")


def _digest(data):
    return hashlib.sha256(data).hexdigest()


def _read_record(folder):
    try:
        copied = json.loads((folder / RECORD).read_text(encoding="utf-8"))["copied"]
        return dict(copied)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def _write(path, data):
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(data)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
