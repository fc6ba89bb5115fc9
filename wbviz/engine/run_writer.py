"""Writing a run: a file of JSON lines to which is only ever added, so that whatever breaks it off, it opens.

Every record is handed to the operating system as one line, at once: a process that is killed loses nothing it had
noted. What a full disk does not take waits in memory and is written with the next record. Nothing is ever overwritten.
"""

import errno
import io
import os
import re
import time
import unicodedata
import warnings
from contextlib import suppress
from itertools import count
from pathlib import Path

from .run_lines import HEAD, encoded, ours
from .runs import Logger

try:
    import fcntl
except ImportError:  # Windows: two writers of one run are not told apart there, but their lines stay whole
    fcntl = None

ENDING = ".jsonl"
NAME = re.compile(r"\w[\w .,=+-]{0,79}")
#: Names that Windows keeps for devices.
DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{k}" for kind in ("com", "lpt") for k in range(1, 10))}
#: The most bytes that wait for room on a disk.
MOST_WAITING = 50_000_000
#: How files are opened: never through a link, never as text.
FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
REASONS = {
    "ENOSPC": "the disk is full",
    "EDQUOT": "your share of the disk is full",
    "EFBIG": "the file has reached the largest size allowed",
    "EROFS": "the disk can only be read",
    "EACCES": "you may not write there",
    "EPERM": "you may not write there",
    "ENOTDIR": "a part of the path is a file, not a folder",
    "EEXIST": "it is a file, not a folder",
    "ELOOP": "it is a link to elsewhere",
}


class StoreError(OSError):
    """A run cannot be kept where it should be. The message says why and what to do."""


class RunWriter(Logger):
    """Notes a run in a file of its own in a folder, which is made if need be. One writer holds a run at a time.

    name: how the run, and its file, is called; without one it is the first free of run-001, run-002, …
    """

    def __init__(self, folder, name=None):
        self.folder, self.name = Path(folder), name if name is None else checked_name(name)
        self._file, self._waiting, self._said = None, bytearray(), False

    @classmethod
    def resume(cls, folder, name):
        """A writer that goes on with a run that is there, whatever its end: a half line stays, and a new one begins."""
        writer = cls(folder, name)
        if not writer.path.is_file() or writer.path.is_symlink():
            raise ValueError(f"There is no run {name!r} in {str(writer.folder)!r}.")
        beginning = _beginning(writer.path)
        if not ours(beginning):
            raise ValueError(f"{writer.path.name} was not written here: nothing is added to it.")
        writer._open("ab")
        with writer.path.open("rb") as file:
            broken = file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) is not None and file.read(1) != b"\n"
        missing = HEAD[len(beginning) :]  # it must still be seen to be a run
        writer._write(missing + b"\n" if broken or missing else b"")
        writer._stage, writer._begun = "running", time.monotonic()
        return writer

    @property
    def path(self):
        """The run's file."""
        return self.folder / f"{self.name}{ENDING}"

    def take(self, record):
        if record["kind"] == "start":
            self._create()
        self._write(encoded(record))
        if record["kind"] == "end":
            self.flush()
            self.close()

    def flush(self):
        """Write what waits, and let the disk keep it even if the machine stops. Raises StoreError where it cannot."""
        self._write(b"")
        if self._waiting:
            raise StoreError(
                f"{len(self._waiting):,} bytes of run {self.name!r} are not on the disk yet: {self._reason}. "
                "They wait in memory. Make room, then call flush()."
            )
        if self._file is not None:
            with suppress(OSError):  # a place that cannot be told to keep things
                os.fsync(self._file.fileno())
            if os.fstat(self._file.fileno()).st_nlink == 0:
                raise StoreError(f"The file of run {self.name!r} was deleted while it was being written.")

    def close(self):
        """Let the file go. What waits for room on the disk is kept until `flush` wrote it."""
        if self._file is not None and not self._waiting:
            self._file.close()
            self._file = None

    def _create(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = [self.name] if self.name is not None else (f"run-{k:03d}" for k in count(1))
            for self.name in names:
                with suppress(FileExistsError):
                    return self._open("xb")
        except OSError as error:
            raise StoreError(f"No run can be kept in {str(self.folder)!r}: {told(error)}.") from None
        raise ValueError(
            f"There is a run {self.name!r} in {str(self.folder)!r} already. Take another name, or go on with it: "
            "RunWriter.resume(folder, name)."
        )

    def _open(self, mode):
        append = os.O_APPEND | FLAGS
        try:
            self._file = io.FileIO(self.path, mode, opener=lambda path, flags: os.open(path, flags | append, 0o644))
        except FileExistsError:
            raise
        except OSError as error:
            raise StoreError(f"Run {self.name!r} cannot be written: {told(error)}.") from None
        if not _locked(self._file):
            self.close()
            raise StoreError(f"Run {self.name!r} is being written by another logger. Take another name.")

    def _write(self, line):
        self._waiting += line
        try:
            while self._waiting:
                del self._waiting[: self._file.write(self._waiting)]
            self._said = False
        except OSError as error:
            self._reason = told(error)
            if len(self._waiting) > MOST_WAITING:
                raise StoreError(f"Run {self.name!r} cannot be written, nor can more wait: {self._reason}.") from None
            if not self._said:
                self._said = True
                warnings.warn(
                    f"Run {self.name!r} cannot be written just now: {self._reason}. What is noted waits in memory and "
                    "is written with the next record.",
                    RuntimeWarning,
                    stacklevel=5,
                )


def checked_name(name):
    """A name that is safe as a file's on every system: letters, digits, spaces, . , = + - _. Raises ValueError."""
    if not isinstance(name, str) or not allowed(name):
        raise ValueError(
            f"A run cannot be called {name!r}. A name has 1 to 80 letters, digits, spaces or any of . , = + - _, "
            "begins with a letter, digit or _, and does not end in a dot or space."
        )
    return unicodedata.normalize("NFC", name)


def allowed(name):
    plain = NAME.fullmatch(name) is not None and name[-1] not in ". " and len(name.encode()) <= 200
    return plain and name.split(".")[0].strip().lower() not in DEVICES


def _locked(file):
    """Take the file for oneself; False where somebody else has it. A reader's glance lasts a moment only."""
    for _ in range(20 if fcntl else 0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.005)
        except OSError:  # a place without locks
            return True
        else:
            return True
    return fcntl is None


def _beginning(path):
    with path.open("rb") as file:
        return file.read(len(HEAD))


def told(error):
    """An OSError in words."""
    return REASONS.get(errno.errorcode.get(error.errno), error.strerror or str(error))
