"""Progress: what a learner has done, saved at once to one file in the learner's data folder."""

import contextlib
import copy
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from wbviz.lessons import _store
from wbviz.lessons._records import KINDS, SIZE_LIMIT, empty, merge, parse, share
from wbviz.lessons._text import plain

_open = {}
_open_lock = threading.Lock()


def default_path():
    """Where progress is kept: the environment variable WBVIZ_PROGRESS, else the user's Jupyter data folder."""
    given = os.environ.get("WBVIZ_PROGRESS")
    return Path(given).expanduser() if given else Path(jupyter_data_dir()) / "wbviz" / "progress.json"


class Progress:
    """The predictions, exercises, claims and self-tests of one learner. Safe to use from several threads and kernels.

    `problem` is a sentence when the file cannot be read or written: everything is then kept in memory, and saved as
    soon as that works again. `notice` tells of a corrupt file that was set aside. Both are "" when all is well.
    """

    def __init__(self, path=None):
        self.path = Path(os.path.realpath(path or default_path()))
        self.problem = self.notice = ""
        self._lock, self._data, self._watchers = threading.RLock(), empty(), []
        with self._lock:
            self._refresh()

    @classmethod
    def current(cls):
        """The one progress of this kernel for the default path."""
        path = default_path()
        with _open_lock:
            if path not in _open:
                _open[path] = cls(path)
            return _open[path]

    # --- reading ----------------------------------------------------------------------------------------------------

    def get(self, kind, key):
        """A copy of one record, {} when there is none; kind: one of `RECORDS`."""
        with self._lock:
            return copy.deepcopy(self._data[kind].get(key, {}))

    def snapshot(self):
        """A copy of everything, as the file holds it, read anew from the file."""
        with self._lock:
            self._refresh()
            return copy.deepcopy(self._data)

    def text(self):
        """Everything as the text of a progress file: what a learner downloads."""
        return json.dumps(self.snapshot(), indent=1, sort_keys=True, allow_nan=False)

    @property
    def message(self):
        """The notice and the problem together, "" when all is well."""
        return " ".join(part for part in (self.notice, self.problem) if part)

    # --- recording --------------------------------------------------------------------------------------------------

    def predicted(self, key, answer):
        """A prediction was committed: the first one is kept for good, the latest beside it."""
        turn = {"answer": plain(answer), "when": _now()}

        def change(record):
            record.setdefault("first", turn)
            record.update(latest=turn, count=record.get("count", 0) + 1)

        self._record("predictions", key, change)

    def compared(self, key, near, truth=None):
        """The latest prediction was compared with the truth (None when it could not be computed): near or not."""
        found = {"near": bool(near), **({} if truth is None else {"truth": plain(truth)})}

        def change(record):
            if record.get("count") == 1:
                record["first"] = {**record["first"], **found}
            record["latest"] = {**record["latest"], **found}

        self._record("predictions", key, change)

    def checked(self, key, solved, state=None):
        """An exercise was checked; once solved it stays so. state: settings of the widget, to go on from later."""

        def change(record):
            record["attempts"] = record.get("attempts", 0) + 1
            record["solved"] = record.get("solved", False) or bool(solved)
            record["when"] = _now()
            if state is not None:
                record["state"] = plain(state)

        self._record("exercises", key, change)

    def hinted(self, key, count):
        """So many hints of an exercise were shown."""
        self._record("exercises", key, lambda record: record.update(hints=max(count, record.get("hints", 0))))

    def tested(self, key, verdict):
        """A claim was tested with this `Verdict`."""
        found = {"verdict": verdict.verdict, "numbers": plain(verdict.numbers), "text": verdict.text, "when": _now()}
        self._record("claims", key, lambda record: record.update(found))

    def self_tested(self, name, answers, result=None):
        """The answers of a self-test up to now, and its result when it is finished: the best one is kept."""

        def change(record):
            record.update(answers=plain(answers), when=_now())
            if result is not None and ("best" not in record or share(result) > share(record["best"])):
                record["best"] = {**plain(result), "when": record["when"]}

        self._record("self_tests", name, change)

    # --- the whole --------------------------------------------------------------------------------------------------

    def load(self, text):
        """Merge the text of a progress file into this one, keeping the better of both. Raises ValueError if bad."""
        text = text.removeprefix("\ufeff")
        if len(text) > SIZE_LIMIT:
            raise ValueError(f"This file is too large to be a progress file ({len(text):,} characters).")
        try:
            other = parse(text)
        except ValueError as error:
            raise ValueError(f"This is no progress file: {error}. Nothing was changed.") from None
        self._change(lambda data: merge(data, other))

    def reset(self):
        """Begin anew. The file so far is renamed, not deleted; returns its new name, or "" when there was none."""
        kept = ""
        with self._lock, _store.locked(self.path):
            if self.path.exists():
                with contextlib.suppress(OSError):
                    kept = _store.set_aside(self.path, "before-reset").name
            self._data = empty()
            self._save()
        self._tell()
        return kept

    def watch(self, callback):
        """Call `callback()` after every change; returns a function that ends it."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    # --- the file ---------------------------------------------------------------------------------------------------

    def _record(self, kind, key, change):
        def apply(data):
            record = copy.deepcopy(data[kind].get(key, {}))
            change(record)
            return {**data, kind: {**data[kind], key: record}}

        self._change(apply)

    def _change(self, apply):
        """Read what another kernel may have saved, apply the change, save: nothing of either is lost."""
        with self._lock, _store.locked(self.path):
            readable = self._refresh()
            self._data = apply(self._data)
            if readable:
                self._save()
        self._tell()

    def _refresh(self):
        """Take over what the file holds. Returns False when it exists but cannot be opened: never write over it."""
        try:
            disk = self._read()
        except OSError as error:
            self._report("opened", error)
            return False
        self._data = merge(self._data, disk) if self.problem else disk
        return True

    def _read(self):
        """What the file holds; what is in memory when the file is gone or corrupt. Raises OSError."""
        try:
            return parse(self.path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return self._data
        except ValueError as error:
            aside = _store.set_aside(self.path, "corrupt")
            self.notice = (
                f"Your progress file could not be read: {error}. It was kept as {aside.name}; a new one begins."
            )
            return self._data

    def _save(self):
        try:
            _store.write(self.path, json.dumps(self._data, indent=1, sort_keys=True, allow_nan=False))
            self.problem = ""
        except OSError as error:
            self._report("written", error)

    def _report(self, what, error):
        reason = error.strerror or str(error)
        self.problem = (
            f"Your progress file could not be {what} ({reason}: {self.path}). "
            "Your progress is kept while this kernel runs: download it before you leave."
        )

    def _tell(self):
        for callback in list(self._watchers):
            callback()

    def counts(self, kind, keys):
        """How many of these items are done: predicted, solved or tested."""
        records = self.snapshot()[kind]
        return sum(done(kind, records.get(key, {})) for key in keys)


def done(kind, record):
    """Whether this record says that the item is done."""
    return bool(record.get("solved")) if kind == "exercises" else bool(record)


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = ["KINDS", "Progress", "default_path", "done"]
