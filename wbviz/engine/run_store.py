"""The local store: a folder of runs, read as they grow, each of which opens at whatever byte it broke off."""

import os
import time
from contextlib import suppress
from pathlib import Path

from .run_lines import HEAD, decoded, ours
from .run_writer import ENDING, FLAGS, RunWriter, allowed, told
from .runs import Run

try:
    import fcntl
except ImportError:  # Windows: who writes is then told by the time of the last line
    fcntl = None

#: The most bytes that a file may have to be read, and the most runs of a folder.
LARGEST_FILE, MOST_RUNS = 100_000_000, 500
#: Where no lock can tell who writes: a run without an end that grew within so many seconds is being written.
FRESH = 10.0


class RunStore:
    """The runs in a folder, read as they grow: `refresh` reads what is new. What is no run is left alone and named."""

    def __init__(self, folder):
        self.folder, self._files, self.problems = Path(folder), {}, []
        self.refresh()

    @property
    def runs(self):
        """The runs, in the order in which they were started, then by name."""
        known = [file.run for file in self._files.values() if file.run is not None]
        return sorted(known, key=lambda run: (run.started, run.name))

    def __getitem__(self, name):
        file = self._files.get(name)
        if file is None or file.run is None:
            names = ", ".join(run.name for run in self.runs)
            raise KeyError(f"There is no run {name!r}. There are: {names or 'none'}.")
        return file.run

    def refresh(self):
        """Read what was written since. Returns whether anything is other than before; never raises."""
        before = self.problems, [(name, file.mark) for name, file in self._files.items()]
        found, self.problems = self._listed()
        for name in set(self._files) - set(found):
            del self._files[name]
        for name, path in sorted(found.items()):
            file = self._files.setdefault(name, _RunFile(path))
            self.problems += file.refresh()
        return before != (self.problems, [(name, file.mark) for name, file in self._files.items()])

    def note(self, name, text):
        """Add a note to a run that is not being written."""
        writer = RunWriter.resume(self.folder, self[name].name)
        try:
            writer.note(text)
            writer.flush()
        finally:
            writer.close()
        self.refresh()

    def writing(self, name):
        """Whether somebody is writing this run just now."""
        return self._files[self[name].name].writing()

    def _listed(self):
        """(name → path of what may be a run, sentences on what is none)."""
        try:
            entries = sorted(os.scandir(self.folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            return {}, [f"There is no folder {str(self.folder)!r} yet. The first run that is noted there makes it."]
        except OSError as error:
            return {}, [f"The folder {str(self.folder)!r} cannot be read: {told(error)}."]
        found, problems = {}, []
        for entry in entries:
            name = entry.name.removesuffix(ENDING)
            if name == entry.name:
                continue
            if not entry.is_file(follow_symlinks=False) or not allowed(name):
                problems.append(f"{entry.name!r} is left out: it is no plain file with the name of a run.")
            else:
                found[name] = entry.path
        if len(found) > MOST_RUNS:
            problems.append(f"There are {len(found)} runs; only the first {MOST_RUNS} by name are read.")
        return dict(sorted(found.items())[:MOST_RUNS]), problems


class _RunFile:
    """A file of a run, and how far it has been read."""

    def __init__(self, path):
        self.path, self.run = path, None
        self._forget(None)

    def _forget(self, identity):
        self._identity, self._read, self._lines, self._changed, self._foreign = identity, 0, 0, 0.0, ""
        self.run = None

    @property
    def mark(self):
        """Changes whenever the run does."""
        return self._identity, self._read, None if self.run is None else len(self.run.problems)

    def refresh(self):
        """Read what is new; returns sentences on why nothing is read."""
        try:
            with open(self.path, "rb", opener=lambda path, flags: os.open(path, flags | FLAGS)) as file:
                return self._follow(file, os.fstat(file.fileno()))
        except OSError as error:
            return [f"{os.path.basename(self.path)!r} cannot be read: {told(error)}."]

    def _follow(self, file, facts):
        if (facts.st_dev, facts.st_ino) != self._identity or facts.st_size < self._read:
            self._forget((facts.st_dev, facts.st_ino))  # another file: it was replaced or cut off
        if facts.st_size > LARGEST_FILE:
            return [f"{os.path.basename(self.path)!r} is larger than {LARGEST_FILE:,} bytes and is not read."]
        self._changed = facts.st_mtime
        if self.run is None:
            if not ours(file.read(len(HEAD))):
                return [f"{os.path.basename(self.path)!r} is left out: it does not begin as a run does."]
            self.run = Run(os.path.basename(self.path).removesuffix(ENDING))
        if facts.st_size > self._read:
            file.seek(self._read)
            self._take(file.read(LARGEST_FILE))
        return []

    def _take(self, data):
        """Take whole lines. What stands after the last newline counts if it is whole, and waits if not."""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._take_line(line)
        self._read += len(data) - len(rest)
        if rest.endswith(b"}"):
            with suppress(ValueError):
                self.run.take(decoded(rest))
                self._read += len(rest)

    def _take_line(self, line):
        self._lines += 1
        if not line.strip():
            return
        try:
            self.run.take(decoded(line))
        except ValueError as problem:
            self.run.problems.append(f"Line {self._lines} {problem}: it is left out.")

    def writing(self):
        """Whether a writer holds the file."""
        if fcntl is None:
            return self.run.status is None and time.time() - self._changed < FRESH
        try:
            with open(self.path, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False
