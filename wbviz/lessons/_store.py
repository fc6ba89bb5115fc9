"""One small text file that outlives crashes: written whole or not at all, one writer at a time."""

import contextlib
import os
import tempfile
import time
from datetime import datetime

try:
    import fcntl
except ImportError:  # Windows has no such lock; two kernels seldom save in the same millisecond
    fcntl = None


@contextlib.contextmanager
def locked(path, patience=2.0):
    """Keep other kernels from writing meanwhile, where the system can; wait at most `patience` seconds for them."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = stack.enter_context(open(path.with_suffix(".lock"), "a"))
            _acquire(handle, time.monotonic() + patience)
        yield


def _acquire(handle, deadline):
    while fcntl is not None:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)


def write(path, text):
    """Put `text` in the place of the file, through a neighbour that is complete on the disk first. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def set_aside(path, why):
    """Rename the file to `<stem>.<why>-<time><suffix>`, a name not yet taken; return the new path. Raises OSError."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    for number in range(100):
        again = f"-{number}" if number else ""
        target = path.with_name(f"{path.stem}.{why}-{stamp}{again}{path.suffix}")
        if not target.exists():
            os.replace(path, target)
            return target
    raise OSError(f"there are too many files like {target.name}")
